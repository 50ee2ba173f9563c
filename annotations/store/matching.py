"""Which post of a revised source is which post of the project. Pure.

What a source names keeps its identity. Where it names nothing (a flattened page), a comment is known by what it says,
who says it and what it answers: first what is said once word for word, wherever it stands; then among the answers to the
same post, word for word and with edits; then anywhere in the thread. Comments that say the same (“+1”) are told apart by when they were written, by what answers them and by
what stands before and behind them. What is doubtful is not matched: the old post then stays as one that is gone, and the new one is new.
"""

from __future__ import annotations

from array import array
from functools import partial
from typing import TYPE_CHECKING

from annotations.store.likeness import find_alike
from annotations.store.post_columns import NAME, NOBODY, PATH, TELLING_LENGTH, Answers, PostColumns
from annotations.store.signs import NOT_THERE, between, has_twice, pairs_by_sign, unique_pairs, with_answers
from annotations.work import Work

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from annotations.store.signs import Sign


SIMILAR_SIBLING = 60.0
"""Similarity in per cent (rapidfuzz `fuzz.ratio`) from which two answers to one post by one author are the same."""

SIMILAR_ANYWHERE = 85.0
"""The same for posts that answer different posts."""

_NEAR = 64
"""How far behind the last one that was found a post is sought by its key before all are looked through."""

_NAMELESS = frozenset(map(hash, ("[deleted]", "[removed]", "deleted", "Deleted", "Guest", "Anonymous", "anonymous")))
"""What is shown, as hashes, instead of the names of those who have left."""

_NOBODY = -1
"""In a column of places: none."""


def match_posts(
    old: PostColumns,
    new: PostColumns,
    *,
    key_kinds: Sequence[int] | None,
    work: Work | None = None,
) -> array[int]:
    """Return for each new post the place of the old one that it is, or -1.

    Args:
        old: The posts of the project in pre-order, the article first.
        new: The posts of the revised source in pre-order, the article first.
        key_kinds: For each new post what its key is, see `kinds_of_keys`; None if keys are no names of the source's own,
            then or now.
        work: What watches and may stop it.
    """
    matching = _Matching(old, new, work or Work())
    matching.pair(0, 0)
    if key_kinds is not None:
        matching.match_keys(key_kinds, NAME)
    matching.match_unique()
    matching.match_answers()
    matching.match_anywhere()
    matching.match_answers()
    if key_kinds is not None:  # a key that happens to be a path counts where nothing better was found
        matching.match_keys(key_kinds, PATH)
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
        self._authors: tuple[frozenset[int], frozenset[int]] | None = None

    def pair(self, place: int, old_place: int) -> None:
        """Say that the new post at `place` is the old one at `old_place`."""
        self.found[place] = old_place
        self.is_taken[old_place] = True

    def is_found(self, place: int) -> bool:
        """Tell whether it is known who the new post at `place` is."""
        return self.found[place] != _NOBODY

    def match_keys(self, kinds: Sequence[int], kind: int) -> None:
        """Match posts by keys of one kind; by what may be a mere number only posts of one author."""
        old_keys, at = self.old.keys, 1
        later = array("i")
        for place, key in enumerate(self.new.keys):
            if not place or kinds[place] != kind or self.is_found(place):
                continue
            try:
                old_place = old_keys.index(key, at, at + _NEAR)  # most stand where they stood
            except ValueError:
                later.append(place)
                continue
            at = old_place + 1
            self._pair_by_key(place, old_place, kind)
        places = {key: place for place, key in enumerate(old_keys) if not self.is_taken[place]} if later else {}
        for place in later:
            self._pair_by_key(place, places.get(self.new.keys[place], _NOBODY), kind)

    def _pair_by_key(self, place: int, old_place: int, kind: int) -> None:
        if old_place > 0 and not self.is_taken[old_place]:
            author = self.new.authors[place]
            if kind == NAME or (author != NOBODY and author == self.old.authors[old_place]):
                self.pair(place, old_place)

    def match_unique(self) -> None:
        """Match what one author says word for word and nobody else, if it is long enough to tell: wherever it stands."""

        def sign(posts: PostColumns, place: int) -> int | None:
            return posts.said(place) if posts.lengths[place] >= TELLING_LENGTH else None

        pairs = unique_pairs(partial(sign, self.new), partial(sign, self.old), len(self.new), len(self.old))
        for place, old_place in pairs:
            if not self.is_found(place) and not self.is_taken[old_place]:
                self.pair(place, old_place)

    def match_answers(self) -> None:
        """Match what answers posts that are matched, from the article downwards."""
        for place in self.work.heed(range(len(self.found))):  # pre-order: a parent is settled before its answers
            if self.new_answers.first[place] == _NOBODY:
                continue
            self._match_answers_to(
                place,
                self._match_moments,
                self._match_answered,
                self._match_neighbours,
                self._match_words,
                self._match_words_of_any_author,
            )
            self._match_gaps(place)
            self._match_answers_to(place, self._match_similar_answers)

    def _match_answers_to(self, place: int, *ways: Callable[[Sequence[int], Sequence[int]], None]) -> None:
        """Match answers to a post in some ways, as long as there are any to match."""
        old_place = self.found[place]
        for match in ways if old_place != _NOBODY else ():
            new = array("i", (answer for answer in self.new_answers.to(place) if not self.is_found(answer)))
            if not new:
                break
            old = array("i", (answer for answer in self.old_answers.to(old_place) if not self.is_taken[answer]))
            if not old:
                break
            match(new, old)

    def _match_gaps(self, parent: int) -> None:
        """Match answers to a post that stand between the same two answers as others did before, or at the same end.

        What moved with them is found too: the two need not answer what they answered.
        """
        above = self.found[parent]
        start, within = (_NOBODY, _NOBODY) if above == _NOBODY else (self.old_answers.first[above], above)
        gap: list[int] = []
        for place in self.new_answers.to(parent):
            end = self.found[place]
            if end == _NOBODY:
                gap.append(place)
                continue
            if gap and start != _NOBODY:
                self._match_gap(gap, start, end)
            gap = []
            start, within = self.old_answers.following[end], self.old.parents[end]
        if gap and start != _NOBODY and within == above:
            self._match_gap(gap, start, _NOBODY)

    def _match_gap(self, new: Sequence[int], start: int, end: int) -> None:
        """Match posts with those from `start` on, if nothing that is matched stands between these and `end`."""
        old: list[int] = []
        while start not in (_NOBODY, end) and not self.is_taken[start]:
            old.append(start)
            start = self.old_answers.following[start]
        if start != end or not old:
            return
        self._match_words(new, old)
        new = [place for place in new if not self.is_found(place)]
        old = [place for place in old if not self.is_taken[place]]
        if len(new) == len(old):
            for place, old_place in zip(new, old, strict=True):
                is_same = self.new.lengths[place] and self.new.texts[place] == self.old.texts[old_place]
                if is_same and self._may_be_called(self.old.authors[old_place], self.new.authors[place]):
                    self.pair(place, old_place)
        self._match_similar(
            [place for place in new if not self.is_found(place)],
            [place for place in old if not self.is_taken[place]],
            SIMILAR_SIBLING,
        )

    def match_anywhere(self) -> None:
        """Match posts that answer another post than before, by texts that are long enough to tell."""
        for match in (self._match_words, self._match_similar):
            new = array(
                "i",
                (
                    place
                    for place, length in enumerate(self.new.lengths)
                    if length >= TELLING_LENGTH and not self.is_found(place)
                ),
            )
            old = array(
                "i",
                (
                    place
                    for place, length in enumerate(self.old.lengths)
                    if length >= TELLING_LENGTH and not self.is_taken[place]
                ),
            )
            match(new, old)

    def _match_moments(self, new: Sequence[int], old: Sequence[int]) -> None:
        """Match what was written at the same time."""
        self._match_by(
            lambda place: hash((self.new.said(place), self.new.times[place])) if self.new.has_time(place) else None,
            lambda place: hash((self.old.said(place), self.old.times[place])) if self.old.has_time(place) else None,
            new,
            old,
        )

    def _match_answered(self, new: Sequence[int], old: Sequence[int]) -> None:
        """Match what has the same answers."""
        self._match_by(
            lambda place: with_answers(self.new, self.new_answers, place),
            lambda place: with_answers(self.old, self.old_answers, place),
            new,
            old,
        )

    def _match_neighbours(self, new: Sequence[int], old: Sequence[int]) -> None:
        """Match what stands between the same comments, then what stands behind or before the same one."""
        if not has_twice(array("q", map(self.new.said, new))) and not has_twice(array("q", map(self.old.said, old))):
            return  # nothing has to be told apart
        new = self.new_answers.to(self.new.parents[new[0]])
        old = self.old_answers.to(self.old.parents[old[0]])
        said, was_said = array("q", map(self.new.said, new)), array("q", map(self.old.said, old))
        for before, behind in ((True, True), (False, True), (True, False)):
            self._match_by(
                partial(between, said, before=before, behind=behind),
                partial(between, was_said, before=before, behind=behind),
                new,
                old,
                by_number=True,
            )

    def _may_be_called(self, author: int, other: int) -> bool:
        """Tell whether an author may have taken another name, or none: nothing is by the old name, nothing was by the new."""
        if NOBODY in {author, other}:
            return True
        if self._authors is None:
            self._authors = (frozenset(self.old.authors), frozenset(self.new.authors))
        return author not in self._authors[1] and (other in _NAMELESS or other not in self._authors[0])

    def _match_words(self, new: Sequence[int], old: Sequence[int]) -> None:
        self._match_by(self.new.said, self.old.said, new, old)

    def _match_words_of_any_author(self, new: Sequence[int], old: Sequence[int]) -> None:
        """Match what says the same by whom ever, if that tells: that two people say “thanks” makes them not one."""
        self._match_by(
            lambda place: self.new.texts[place] if self.new.lengths[place] >= TELLING_LENGTH else None,
            self.old.texts.__getitem__,
            new,
            old,
        )

    def _match_by(
        self, sign: Sign, old_sign: Sign, new: Sequence[int], old: Sequence[int], *, by_number: bool = False
    ) -> None:
        """Match posts with equal signatures, see `pairs_by_sign`."""
        waiting = (NOT_THERE if self.is_found(place) else place for place in new)
        there = (NOT_THERE if self.is_taken[place] else place for place in old)
        pairs = pairs_by_sign(sign, old_sign, array("i", waiting), array("i", there), by_number=by_number)
        for place, old_place in pairs:
            self.pair(place, old_place)

    def _match_similar_answers(self, new: Sequence[int], old: Sequence[int]) -> None:
        self._match_similar(new, old, SIMILAR_SIBLING)

    def _match_similar(self, new: Sequence[int], old: Sequence[int], minimum: float = SIMILAR_ANYWHERE) -> None:
        """Match posts of one author whose texts are similar, the most similar first."""
        for place, other in find_alike(self.old, self.new, new, old, minimum=minimum, work=self.work):
            if not self.is_found(place) and not self.is_taken[other]:
                self.pair(place, other)
