"""How an earlier text lies in a later one: which of its parts are still there, and where.

Words are compared, not characters, by the method that Bram Cohen called patience diff: what occurs once in both texts
ties them together, and what lies between two ties is compared by itself. Runs of three words tie long stretches, single
words short ones; what is left and small is compared in full (rapidfuzz `LCSseq`). The cost grows with the length of the
texts, not with its square.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from annotations.span import Span
from annotations.words import Words

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

RUN = 3
"""Words that make a run: a word alone occurs once in two texts by chance, three in a row hardly."""

_SINGLE_WORDS = 2_000
"""Words of the longer text up to which single words tie."""

_IN_FULL = 1_000_000
"""Pairs of words up to which two stretches are compared in full: some milliseconds and 125 kB."""

_LONGEST_GAP = 8_000
"""Code points up to which what became of a part of a gap is looked for letter by letter."""

_LOOKS = 40
"""How often each word may be looked at, on average, before what is left is taken for different."""


class Block(NamedTuple):
    """A part of the old text that is in the new one as it was, in code points.

    Args:
        old: Where it begins in the old text.
        new: Where it begins in the new text.
        length: How long it is.
    """

    old: int
    new: int
    length: int


class Gap(NamedTuple):
    """What lies between two blocks: [old_start, old_end) of the old text became [new_start, new_end) of the new one."""

    old_start: int
    old_end: int
    new_start: int
    new_end: int


class Alignment:
    """The blocks that an old and a new text have in common, in the order of both.

    Args:
        old: The text as it was.
        new: The text as it is.
    """

    def __init__(self, old: str, new: str) -> None:
        self.old = old
        self.new = new
        self.old_words = Words(old)
        self.new_words = Words(new)
        self.blocks = list(self._blocks())
        self._starts = [block.old for block in self.blocks]
        self._new_starts = [block.new for block in self.blocks]

    def _blocks(self) -> Iterator[Block]:
        """Yield the blocks."""
        for run in _tie(self.old_words.words, self.new_words.words):
            yield from self._split(*run)

    def _split(self, old_place: int, new_place: int, count: int) -> Iterator[Block]:
        """Yield the parts of a run of equal words between which the white space is equal too."""
        first, old_words, new_words = 0, self.old_words, self.new_words
        for number in range(1, count + 1):
            if number < count:
                old_gap = old_words.starts[old_place + number] - old_words.starts[old_place + number - 1]
                new_gap = new_words.starts[new_place + number] - new_words.starts[new_place + number - 1]
                if old_gap == new_gap:
                    before_old, before_new = (
                        old_words.end(old_place + number - 1),
                        new_words.end(new_place + number - 1),
                    )
                    after_old = old_words.starts[old_place + number]
                    after_new = new_words.starts[new_place + number]
                    if self.old[before_old:after_old] == self.new[before_new:after_new]:
                        continue
            start, last = old_words.starts[old_place + first], old_place + number - 1
            yield Block(start, new_words.starts[new_place + first], old_words.end(last) - start)
            first = number

    def gap_at(self, offset: int) -> Gap:
        """Return the gap in which the code point at an offset of the old text lies; empty in the old if in none."""
        number = bisect_right(self._starts, offset)
        before = self.blocks[number - 1] if number else Block(0, 0, 0)
        if offset < before.old + before.length:
            place = before.new + offset - before.old
            return Gap(offset, offset, place, place)
        after = self.blocks[number] if number < len(self.blocks) else Block(len(self.old), len(self.new), 0)
        return Gap(before.old + before.length, after.old, before.new + before.length, after.new)

    def follow(self, span: Span) -> Span | None:
        """Return what became of a span of the old text; None if no word of it is left where the text goes on."""
        from annotations.passages import densest, fit  # noqa: PLC0415  # which needs the words of this module

        parts = self.within(span.start, span.end)
        if not parts:
            first, last = self.gap_at(span.start), self.gap_at(span.end - 1)
            if first != last or first.new_start == first.new_end:
                return None
            # Nothing of it is left: all that stands now between what was around it, or what is like it of that.
            found = self._fit_gap(span, first)
            start = first.new_start if self._is_blank(first.old_start, span.start) else found.start if found else -1
            end = first.new_end if self._is_blank(span.end, first.old_end) else found.end if found else -1
            if start < 0 or end < 0:
                return None
            return fit(self.old, self.new, (span.start, span.end), (start, end))
        start, end = parts[0].new, parts[-1].new + parts[-1].length
        is_start_kept = parts[0].old == span.start
        is_end_kept = parts[-1].old + parts[-1].length == span.end
        if not (is_start_kept and is_end_kept):
            near = densest([(part.new, part.new + part.length) for part in parts])
            start, end = start if is_start_kept else near[0], end if is_end_kept else near[1]
        if not is_start_kept and start == parts[0].new:
            start = self._edge(span.start, start, is_start=True)
        if not is_end_kept and end == parts[-1].new + parts[-1].length:
            end = self._edge(span.end, end, is_start=False)
        return fit(self.old, self.new, (span.start, span.end), (start, end))

    def _edge(self, offset: int, bound: int, *, is_start: bool) -> int:
        """Return where the start (or end) of a span is now, which lies in a gap; `bound` is the first (last) word kept."""
        gap = self.gap_at(offset if is_start else offset - 1)
        if self._is_blank(gap.old_start, offset) if is_start else self._is_blank(offset, gap.old_end):
            return gap.new_start if is_start else gap.new_end
        span = self._fit_gap(
            Span(max(offset, gap.old_start), gap.old_end) if is_start else Span(gap.old_start, offset), gap
        )
        return bound if span is None else span.start if is_start else span.end

    def _is_blank(self, start: int, end: int) -> bool:
        """Tell whether there is nothing but white space in a range of the old text."""
        return not self.old[start:end].strip()

    def _fit_gap(self, span: Span, gap: Gap) -> Span | None:
        from annotations.passages import follow  # noqa: PLC0415  # which needs the words of this module

        old, new = self.old[gap.old_start : gap.old_end], self.new[gap.new_start : gap.new_end]
        if max(len(old), len(new)) > _LONGEST_GAP:
            return None
        found = follow(old, new, span.start - gap.old_start, span.end - gap.old_start)
        return None if found is None else Span(found.start + gap.new_start, found.end + gap.new_start)

    def source(self, span: Span) -> Span | None:
        """Return where in the old text a span of the new one was said, if that was there in one piece."""
        number = bisect_right(self._new_starts, span.start) - 1
        if number < 0:
            return None
        block = self.blocks[number]
        if span.end > block.new + block.length:
            return None
        return Span(span.start - block.new + block.old, span.end - block.new + block.old)

    def within(self, start: int, end: int) -> list[Block]:
        """Return the parts of blocks that lie in [start, end) of the old text."""
        number = max(0, bisect_right(self._starts, start) - 1)
        stop = bisect_left(self._starts, end)
        parts = []
        for block in self.blocks[number:stop]:
            first, last = max(start, block.old), min(end, block.old + block.length)
            if first < last:
                parts.append(Block(first, block.new + first - block.old, last - first))
        return parts


def _tie(one: Sequence[str], other: Sequence[str]) -> list[tuple[int, int, int]]:
    """Return the runs of equal words that the two have in common, in the order of both: two places and a length."""
    runs: list[tuple[int, int, int]] = []
    for place, other_place, count in sorted(_find_ties(one, other)):
        if runs and (runs[-1][0] + runs[-1][2], runs[-1][1] + runs[-1][2]) == (place, other_place):
            runs[-1] = (*runs[-1][:2], runs[-1][2] + count)
        else:
            runs.append((place, other_place, count))
    return runs


def _find_ties(one: Sequence[str], other: Sequence[str]) -> list[tuple[int, int, int]]:
    """Return such runs in any order, some of them in parts."""
    found: list[tuple[int, int, int]] = []
    waiting = [(0, len(one), 0, len(other))]
    budget = _LOOKS * (len(one) + len(other))
    while waiting:
        start, stop, other_start, other_stop = waiting.pop()
        before, behind = 0, 0
        shorter = min(stop - start, other_stop - other_start)
        while before < shorter and one[start + before] == other[other_start + before]:
            before += 1
        while behind < shorter - before and one[stop - behind - 1] == other[other_stop - behind - 1]:
            behind += 1
        if before:
            found.append((start, other_start, before))
        if behind:
            found.append((stop - behind, other_stop - behind, behind))
        start, other_start, stop, other_stop = start + before, other_start + before, stop - behind, other_stop - behind
        size, other_size = stop - start, other_stop - other_start
        budget -= size + other_size
        if not size or not other_size or budget < 0:
            continue
        ties = _unique_in_both(one, other, (start, stop, other_start, other_stop))
        if ties:
            edges = [(start, other_start), *ties, (stop, other_stop)]
            # A tie is the first thing in its part, so that the common beginning takes it and what follows it.
            waiting += [
                (left, right, other_left, other_right)
                for (left, other_left), (right, other_right) in pairwise(edges)
                if left < right and other_left < other_right
            ]
        elif size * other_size <= _IN_FULL:
            found += _compare_in_full(one, other, (start, stop, other_start, other_stop))
    return found


def _unique_in_both(one: Sequence[str], other: Sequence[str], part: tuple[int, int, int, int]) -> list[tuple[int, int]]:
    """Return places that say what occurs once in both parts, as many as stand in the same order, first to last."""
    start, stop, other_start, other_stop = part
    run = RUN if max(stop - start, other_stop - other_start) > _SINGLE_WORDS else 1
    places = _places_of_unique(one, start, stop, run)
    other_places = _places_of_unique(other, other_start, other_stop, run)
    pairs = sorted((place, other_places[words]) for words, place in places.items() if words in other_places)
    return _longest_increasing(pairs)


def _places_of_unique(words: Sequence[str], start: int, stop: int, run: int) -> dict[object, int]:
    places: dict[object, int] = {}
    twice = set()
    for place in range(start, stop - run + 1):
        key: object = words[place] if run == 1 else tuple(words[place : place + run])
        if key in places:
            twice.add(key)
        else:
            places[key] = place
    for key in twice:
        del places[key]
    return places


def _longest_increasing(pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the longest selection of pairs, sorted by their first numbers, in which the second ones increase too."""
    ends: list[int] = []
    numbers: list[int] = []
    before: list[int] = []
    for number, (_, value) in enumerate(pairs):
        at = bisect_left(ends, value)
        before.append(numbers[at - 1] if at else -1)
        ends[at : at + 1] = [value]
        numbers[at : at + 1] = [number]
    chosen = []
    number = numbers[-1] if numbers else -1
    while number >= 0:
        chosen.append(pairs[number])
        number = before[number]
    return chosen[::-1]


def _compare_in_full(
    one: Sequence[str], other: Sequence[str], part: tuple[int, int, int, int]
) -> Iterator[tuple[int, int, int]]:
    from rapidfuzz.distance import LCSseq  # noqa: PLC0415  # loaded on use

    start, stop, other_start, other_stop = part
    for block in LCSseq.editops(one[start:stop], other[other_start:other_stop]).as_matching_blocks():
        if block.size:
            yield start + block.a, other_start + block.b, block.size
