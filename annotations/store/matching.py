"""Which post of a revised source is which post of the project. Pure.

What a source names keeps its identity. Where it names nothing (a flattened page), a comment is known by what it says,
who says it and what it answers: first word for word among the answers to the same post, then with edits, then anywhere
in the thread. Comments that say the same (“+1”) are told apart by when they were written, by what answers them and by
what stands before and behind them. What is doubtful is not matched: the old post then stays as one that is gone, and the new one is new.
"""

from __future__ import annotations

from array import array
from collections import defaultdict
from typing import TYPE_CHECKING

from annotations.lazy_posts import LazyPosts
from annotations.store.post_columns import Answers, PostColumns
from annotations.work import Work

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from annotations.model import Post

SIMILAR_SIBLING = 60.0
"""Similarity in per cent (rapidfuzz `fuzz.ratio`) from which two answers to one post by one author are the same."""

SIMILAR_ANYWHERE = 85.0
"""The same for posts that answer different posts."""

TELLING_LENGTH = 20
"""Code points below which a text ("+1", "I agree") does not tell one post from others elsewhere in the thread."""

_COMPARED = 20
"""Posts that are compared with their neighbours between two looks at whether to stop."""

_NEIGHBOURS = 32
"""How many old posts a new one is compared with, the nearest ones: so that the cost stays linear in the thread."""


_NEAR = 64
"""How far behind the last one that was found a post is sought by its key before all are looked through."""

_NOBODY = -1
"""In a column of places: none."""


def columns_of(posts: Sequence[Post], parents: Sequence[int], work: Work | None = None) -> PostColumns:
    """Return posts as columns; the posts stay where they are, in memory or on the disk.

    Args:
        posts: The posts in pre-order, the article first.
        parents: The place of each post's parent; -1 for the article.
        work: What watches and may stop it.
    """

    def fetch(places: Sequence[int]) -> list[str]:
        found = posts.fetch(places) if isinstance(posts, LazyPosts) else [posts[place] for place in places]
        return [post.text for post in found]

    columns = PostColumns(fetch)
    for parent, post in zip(parents, (work or Work()).heed(posts), strict=True):
        columns.add(post.key, parent, post.author, post.created_at, post.text)
    return columns


def match_posts(
    old: PostColumns,
    new: PostColumns,
    *,
    path_keyed: Sequence[int] | None,
    work: Work | None = None,
) -> array[int]:
    """Return for each new post the place of the old one that it is, or -1.

    Args:
        old: The posts of the project in pre-order, the article first.
        new: The posts of the revised source in pre-order, the article first.
        path_keyed: For each new post whether its key is merely its path; None if keys are no names of the source's own, then
            or now.
        work: What watches and may stop it.
    """
    matching = _Matching(old, new, work or Work())
    matching.pair(0, 0)
    if path_keyed is not None:
        matching.match_keys(path_keyed, with_paths=False)
    matching.match_answers()
    matching.match_anywhere()
    matching.match_answers()
    if path_keyed is not None:  # a key that happens to be a path counts where nothing better was found
        matching.match_keys(path_keyed, with_paths=True)
    return matching.found


class _Matching:
    """The state of one matching: what is found so far."""

    def __init__(self, old: PostColumns, new: PostColumns, work: Work) -> None:
        self.work = work
        self.old = old
        self.new = new
        self.found = array("i", [_NOBODY]) * len(new)
        self.is_taken = bytearray(len(old))
        self.old_answers = Answers(old.parents)
        self.new_answers = Answers(new.parents)

    def pair(self, place: int, old_place: int) -> None:
        """Say that the new post at `place` is the old one at `old_place`."""
        self.found[place] = old_place
        self.is_taken[old_place] = True

    def is_found(self, place: int) -> bool:
        """Tell whether it is known who the new post at `place` is."""
        return self.found[place] != _NOBODY

    def match_keys(self, path_keyed: Sequence[int], *, with_paths: bool) -> None:
        """Match posts by key; unless `with_paths`, only by those keys that are not the post's path."""
        old_keys, at = self.old.keys, 1
        later = array("i")
        for place, key in enumerate(self.new.keys):
            if not place or self.is_found(place) or (path_keyed[place] and not with_paths):
                continue
            try:
                old_place = old_keys.index(key, at, at + _NEAR)  # most stand where they stood
            except ValueError:
                later.append(place)
                continue
            at = old_place + 1
            if not self.is_taken[old_place]:
                self.pair(place, old_place)
        places = {key: place for place, key in enumerate(old_keys) if not self.is_taken[place]} if later else {}
        for place in later:
            old_place = places.get(self.new.keys[place], _NOBODY)
            if old_place > 0 and not self.is_taken[old_place]:
                self.pair(place, old_place)

    def match_answers(self) -> None:
        """Match what answers posts that are matched, from the article downwards."""
        for place in self.work.heed(range(len(self.found))):  # pre-order: a parent is settled before its answers
            old_place = self.found[place]
            if old_place == _NOBODY:
                continue
            for match in (
                self._match_moments,
                self._match_answered,
                self._match_neighbours,
                self._match_words,
                self._match_words_of_any_author,
                self._match_similar_answers,
            ):
                new = [answer for answer in self.new_answers.to(place) if not self.is_found(answer)]
                old = [answer for answer in self.old_answers.to(old_place) if not self.is_taken[answer]] if new else []
                if not new or not old:
                    break
                match(new, old)

    def match_anywhere(self) -> None:
        """Match posts that answer another post than before, by texts that are long enough to tell."""
        for match in (self._match_words, self._match_similar):
            new = [
                place
                for place, length in enumerate(self.new.lengths)
                if length >= TELLING_LENGTH and not self.is_found(place)
            ]
            old = [
                place
                for place, length in enumerate(self.old.lengths)
                if length >= TELLING_LENGTH and not self.is_taken[place]
            ]
            match(new, old)

    def _match_moments(self, new: Iterable[int], old: Iterable[int]) -> None:
        """Match what was written at the same time."""
        self._match_by(
            ((place, hash((self.new.said(place), self.new.times[place]))) for place in new if self.new.has_time(place)),
            ((place, hash((self.old.said(place), self.old.times[place]))) for place in old if self.old.has_time(place)),
        )

    def _match_answered(self, new: Iterable[int], old: Iterable[int]) -> None:
        """Match what has the same answers."""
        self._match_by(
            _with_answers(self.new, self.new_answers, new),
            _with_answers(self.old, self.old_answers, old),
        )

    def _match_neighbours(self, new: Sequence[int], old: Sequence[int]) -> None:
        """Match what stands between the same comments, then what stands behind or before the same one."""
        said = array("q", map(self.new.said, new))
        was_said = array("q", map(self.old.said, old))
        if len(set(said)) == len(said) and len(set(was_said)) == len(was_said):
            return  # nothing has to be told apart
        for before, behind in ((True, True), (False, True), (True, False)):
            self._match_by(
                (each for each in _between(new, said, before=before, behind=behind) if not self.is_found(each[0])),
                (each for each in _between(old, was_said, before=before, behind=behind) if not self.is_taken[each[0]]),
            )

    def _match_words(self, new: Iterable[int], old: Iterable[int]) -> None:
        self._match_by(
            ((place, self.new.said(place)) for place in new), ((place, self.old.said(place)) for place in old)
        )

    def _match_words_of_any_author(self, new: Iterable[int], old: Iterable[int]) -> None:
        self._match_by(
            ((place, self.new.texts[place]) for place in new if self.new.lengths[place]),
            ((place, self.old.texts[place]) for place in old),
        )

    def _match_by(self, new: Iterable[tuple[int, int]], old: Iterable[tuple[int, int]]) -> None:
        """Match posts with equal signatures, the first with the first."""
        first: dict[int, int] = {}
        last: dict[int, int] = {}
        following: dict[int, int] = {}
        for place, signature in old:
            if signature in first:  # seldom: most say what nobody else says
                following[last.get(signature, first[signature])] = place
                last[signature] = place
            else:
                first[signature] = place
        for place, signature in new:
            old_place = first.get(signature, _NOBODY)
            if old_place == _NOBODY:
                continue
            first[signature] = following.get(old_place, _NOBODY)
            self.pair(place, old_place)

    def _match_similar_answers(self, new: Sequence[int], old: Sequence[int]) -> None:
        self._match_similar(new, old, SIMILAR_SIBLING)

    def _match_similar(self, new: Sequence[int], old: Sequence[int], minimum: float = SIMILAR_ANYWHERE) -> None:
        """Match posts of one author whose texts are similar, the most similar first."""
        by_author: defaultdict[int, array[int]] = defaultdict(lambda: array("i"))
        for place in old:
            if self.old.lengths[place]:
                by_author[self.old.authors[place]].append(place)
        pairs: list[tuple[float, int, int, int]] = []
        ranks: defaultdict[int, int] = defaultdict(int)
        for place in self.work.heed(new, _COMPARED):
            author = self.new.authors[place]
            rank = ranks[author]
            ranks[author] += 1
            others = by_author.get(author) if self.new.lengths[place] else None
            if not others:
                continue
            begin = max(0, min(rank, len(others)) - _NEIGHBOURS // 2)
            near = others[begin : begin + _NEIGHBOURS]
            (text,) = self.new.load((place,))
            for other_rank, (other, other_text) in enumerate(zip(near, self.old.load(near), strict=True), begin):
                similarity = _similarity(text, other_text, minimum)
                if similarity >= minimum:
                    pairs.append((-similarity, abs(rank - other_rank), place, other))
        for _, _, place, other in sorted(pairs):
            if not self.is_found(place) and not self.is_taken[other]:
                self.pair(place, other)


def _with_answers(posts: PostColumns, answers: Answers, places: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Yield each post that has answers with a hash of what it says and what they say."""
    for place in places:
        if below := answers.to(place):
            yield place, hash((posts.said(place), *sorted(posts.texts[answer] for answer in below)))


def _between(places: Sequence[int], said: Sequence[int], *, before: bool, behind: bool) -> Iterator[tuple[int, int]]:
    """Yield each place with what is said there and around it, as far as it is asked for.

    That nothing stands on a side tells only together with what stands on the other.
    """
    for number, place in enumerate(places):
        ahead = said[number - 1] if number and before else None
        following = said[number + 1] if behind and number + 1 < len(said) else None
        if (before and behind) or ahead is not None or following is not None:
            yield place, hash((ahead, said[number], following))


def _similarity(one: str, other: str, minimum: float) -> float:
    """Return how similar two texts are in per cent, 0 if it is less than `minimum`."""
    from rapidfuzz import fuzz  # noqa: PLC0415  # loaded on use

    shorter, longer = sorted((one, other), key=len)
    if len(shorter) >= TELLING_LENGTH and shorter in longer:
        return 100.0  # something was added to it, however much
    return fuzz.ratio(one, other, score_cutoff=minimum)
