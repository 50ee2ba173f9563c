"""Which post of a revised source is which post of the project. Pure.

What a source names keeps its identity. Where it names nothing (a flattened page), a comment is known by what it says,
who says it and what it answers: first word for word among the answers to the same post, then with edits, then anywhere
in the thread. Comments that say the same (“+1”) are told apart by when they were written, by what answers them and by
what stands before and behind them. What is doubtful is not matched: the old post then stays as one that is gone, and the new one is new.
"""

from __future__ import annotations

from collections import defaultdict, deque
from typing import TYPE_CHECKING

from msgspec import Struct

from annotations.store.tree import path_keyed, text_sha256
from annotations.work import Work

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Iterator, Sequence

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


class OldPost(Struct, frozen=True):
    """What matching needs to know of a post of the project.

    Args:
        key: What the source called it.
        parent: The place of its parent in the list of old posts; -1 for the article.
        author: Who wrote it.
        text: What it says.
        sha256: The hash of the text.
        created_at: When it was written.
    """

    key: str
    parent: int
    author: str | None
    text: str
    sha256: str
    created_at: str | None = None


def match_posts(
    old: Sequence[OldPost],
    new: Sequence[Post],
    parents: Sequence[int],
    *,
    has_source_keys: bool,
    work: Work | None = None,
) -> list[int | None]:
    """Return for each new post the place of the old one that it is, or None.

    Args:
        old: The posts of the project in pre-order, the article first.
        new: The posts of the revised source in pre-order, the article first.
        parents: The position of each new post's parent.
        has_source_keys: Whether keys are the source's own names for its posts, then and now, not merely their paths.
        work: What watches and may stop it.
    """
    matching = _Matching(old, new, parents, work or Work())
    matching.pair(0, 0)
    if has_source_keys:
        matching.match_keys(with_paths=False)
    matching.match_answers()
    matching.match_anywhere()
    matching.match_answers()
    if has_source_keys:  # a key that happens to be a path counts where nothing better was found
        matching.match_keys(with_paths=True)
    return matching.found


class _Matching:
    """The state of one matching: what is found so far."""

    def __init__(self, old: Sequence[OldPost], new: Sequence[Post], parents: Sequence[int], work: Work) -> None:
        self.work = work
        self.old = old
        self.new = new
        self.parents = parents
        self.found: list[int | None] = [None] * len(new)
        self.sha256 = [text_sha256(post.text) for post in work.heed(new)]
        self.is_taken = bytearray(len(old))
        self.old_answers = _answers([post.parent for post in old])
        self.new_answers = _answers(parents)

    def pair(self, place: int, old_place: int) -> None:
        """Say that the new post at `place` is the old one at `old_place`."""
        self.found[place] = old_place
        self.is_taken[old_place] = True

    def match_keys(self, *, with_paths: bool) -> None:
        """Match posts by key; unless `with_paths`, only by those keys that are not the post's path."""
        places = {post.key: place for place, post in enumerate(self.old)}
        for place, is_path in enumerate(path_keyed([post.key for post in self.new], self.parents)):
            old_place = places.get(self.new[place].key)
            is_free = place and old_place and self.found[place] is None and not self.is_taken[old_place]
            if old_place and is_free and (with_paths or not is_path):
                self.pair(place, old_place)

    def match_answers(self) -> None:
        """Match what answers posts that are matched, from the article downwards."""
        for place in self.work.heed(range(len(self.found))):  # pre-order: a parent is settled before its answers
            old_place = self.found[place]
            if old_place is None:
                continue
            for match in (
                self._match_moments,
                self._match_answered,
                self._match_neighbours,
                self._match_words,
                self._match_words_of_any_author,
                self._match_similar_answers,
            ):
                new = [answer for answer in self.new_answers[place] if self.found[answer] is None]
                old = [answer for answer in self.old_answers[old_place] if not self.is_taken[answer]]
                if not new or not old:
                    break
                match(new, old)

    def match_anywhere(self) -> None:
        """Match posts that answer another post than before, by texts that are long enough to tell."""
        for match in (self._match_words, self._match_similar):
            new = [
                place
                for place, post in enumerate(self.new)
                if self.found[place] is None and len(post.text) >= TELLING_LENGTH
            ]
            old = [
                place
                for place, post in enumerate(self.old)
                if not self.is_taken[place] and len(post.text) >= TELLING_LENGTH
            ]
            match(new, old)

    def _match_moments(self, new: Iterable[int], old: Iterable[int]) -> None:
        """Match what was written at the same time."""
        self._match_by(
            ((place, (*self._said(place), self.new[place].created_at)) for place in new if self.new[place].created_at),
            ((place, (*self._was_said(place), self.old[place].created_at)) for place in old),
        )

    def _match_answered(self, new: Iterable[int], old: Iterable[int]) -> None:
        """Match what has the same answers."""
        self._match_by(
            ((place, (*self._said(place), *answers)) for place in new if (answers := self._answers_to(place))),
            ((place, (*self._was_said(place), *self._old_answers_to(place))) for place in old),
        )

    def _answers_to(self, place: int) -> list[str]:
        return sorted(self.sha256[answer] for answer in self.new_answers[place])

    def _old_answers_to(self, place: int) -> list[str]:
        return sorted(self.old[answer].sha256 for answer in self.old_answers[place])

    def _match_neighbours(self, new: Iterable[int], old: Iterable[int]) -> None:
        """Match what stands between the same comments, then what stands behind or before the same one."""
        new, old = list(new), list(old)
        said, was_said = [self._said(place) for place in new], [self._was_said(place) for place in old]
        if len(set(said)) == len(said) and len(set(was_said)) == len(was_said):
            return  # nothing has to be told apart
        for before, behind in ((True, True), (False, True), (True, False)):
            self._match_by(
                (each for each in _between(new, said, before=before, behind=behind) if self.found[each[0]] is None),
                (each for each in _between(old, was_said, before=before, behind=behind) if not self.is_taken[each[0]]),
            )

    def _said(self, place: int) -> tuple[str | None, str]:
        return self.new[place].author, self.sha256[place]

    def _was_said(self, place: int) -> tuple[str | None, str]:
        return self.old[place].author, self.old[place].sha256

    def _match_words(self, new: Iterable[int], old: Iterable[int]) -> None:
        self._match_by(((place, self._said(place)) for place in new), ((place, self._was_said(place)) for place in old))

    def _match_words_of_any_author(self, new: Iterable[int], old: Iterable[int]) -> None:
        self._match_by(
            ((place, self.sha256[place]) for place in new if self.new[place].text),
            ((place, self.old[place].sha256) for place in old),
        )

    def _match_by(self, new: Iterable[tuple[int, Hashable]], old: Iterable[tuple[int, Hashable]]) -> None:
        """Match posts with equal signatures, the first with the first."""
        waiting: defaultdict[Hashable, deque[int]] = defaultdict(deque)
        for place, signature in old:
            waiting[signature].append(place)
        for place, signature in new:
            if waiting.get(signature):
                self.pair(place, waiting[signature].popleft())

    def _match_similar_answers(self, new: Iterable[int], old: Iterable[int]) -> None:
        self._match_similar(new, old, SIMILAR_SIBLING)

    def _match_similar(self, new: Iterable[int], old: Iterable[int], minimum: float = SIMILAR_ANYWHERE) -> None:
        """Match posts of one author whose texts are similar, the most similar first."""
        by_author: defaultdict[str | None, list[int]] = defaultdict(list)
        for place in old:
            if self.old[place].text:
                by_author[self.old[place].author].append(place)
        pairs: list[tuple[float, int, int, int]] = []
        ranks: defaultdict[str | None, int] = defaultdict(int)
        for place in self.work.heed(new, _COMPARED):
            post = self.new[place]
            rank = ranks[post.author]
            ranks[post.author] += 1
            others = by_author.get(post.author, []) if post.text else []
            first = max(0, min(rank, len(others)) - _NEIGHBOURS // 2)
            for other_rank, other in enumerate(others[first : first + _NEIGHBOURS], first):
                similarity = _similarity(post.text, self.old[other].text, minimum)
                if similarity >= minimum:
                    pairs.append((-similarity, abs(rank - other_rank), place, other))
        for _, _, place, other in sorted(pairs):
            if self.found[place] is None and not self.is_taken[other]:
                self.pair(place, other)


def _between(
    places: Sequence[int], said: Sequence[tuple[str | None, str]], *, before: bool, behind: bool
) -> Iterator[tuple[int, Hashable]]:
    """Yield each place with what is said there and around it, as far as it is asked for.

    That nothing stands on a side tells only together with what stands on the other.
    """
    for number, place in enumerate(places):
        ahead = said[number - 1] if number and before else None
        following = said[number + 1] if behind and number + 1 < len(said) else None
        if (before and behind) or ahead is not None or following is not None:
            yield place, (ahead, said[number], following)


def _answers(parents: Sequence[int]) -> list[list[int]]:
    answers: list[list[int]] = [[] for _ in parents]
    for place, parent in enumerate(parents):
        if place:
            answers[parent].append(place)
    return answers


def _similarity(one: str, other: str, minimum: float) -> float:
    """Return how similar two texts are in per cent, 0 if it is less than `minimum`."""
    from rapidfuzz import fuzz  # noqa: PLC0415  # loaded on use

    shorter, longer = sorted((one, other), key=len)
    if len(shorter) >= TELLING_LENGTH and shorter in longer:
        return 100.0  # something was added to it, however much
    return fuzz.ratio(one, other, score_cutoff=minimum)
