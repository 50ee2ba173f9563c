"""Passages of a text that are like a quote: found by the words that they have in common, fitted letter by letter."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, TypeAlias

from annotations.span import Quote, Span
from annotations.words import Words, is_edge

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    Places: TypeAlias = dict[tuple[str, ...], list[int]]

_RUNS = (3, 2, 1)
"""Words in a row by which a passage is looked for; fewer if more are nowhere."""

_TOO_OFTEN = 20
"""Places from which on a run of words no longer tells where a passage is."""

_ROUGHLY = 16
"""Words by which a passage may have been shifted against itself and still counts as one."""

_PASSAGES = 4
"""Passages that are looked at closely."""

_LOOSE = 48
"""Code points around a passage that are looked at, too."""

_GLUE = frozenset("\u200d\ufe0e\ufe0f")


class Passages:
    """A text, indexed by its words.

    Args:
        text: The text.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self._words = Words(text)
        self._indexes: dict[int, Places] = {}

    def like(self, sought: Quote) -> Iterator[Span]:
        """Yield the passages that have the most in common with a quote and its context, the best first."""
        whole = sought.prefix + sought.exact + sought.suffix
        words = Words(whole)
        for run in _RUNS:
            votes = self._votes(words, run)
            if votes:
                break
        seen: set[Span] = set()
        for shift, _ in votes.most_common(_PASSAGES):
            span = self._fit(sought, whole, self._window(words, shift * _ROUGHLY))
            if span is not None and span not in seen:
                seen.add(span)
                yield span

    def _votes(self, words: Words, run: int) -> Counter[int]:
        """Count for each shift between the quote's words and the text's how many runs of words speak for it."""
        index = self._index(run)
        votes: Counter[int] = Counter()
        for place in range(len(words) - run + 1):
            found = index.get(tuple(words.words[place : place + run]), ())
            if len(found) < _TOO_OFTEN:
                for other in found:
                    shift = (other - place) // _ROUGHLY
                    votes[shift] += 2
                    votes[shift + 1] += 1  # what lies across two counts for both, but less
        return votes

    def _index(self, run: int) -> Places:
        index = self._indexes.get(run)
        if index is None:
            index = self._indexes[run] = {}
            words = self._words.words
            for place in range(len(words) - run + 1):
                places = index.setdefault(tuple(words[place : place + run]), [])
                if len(places) < _TOO_OFTEN:
                    places.append(place)
        return index

    def _window(self, words: Words, shift: int) -> tuple[int, int]:
        """Return the range of the text in which the quote's words lie at a shift."""
        first = max(0, min(shift, len(self._words) - 1))
        last = max(0, min(shift + len(words) + _ROUGHLY, len(self._words)) - 1)
        return max(0, self._words.starts[first] - _LOOSE), min(len(self.text), self._words.end(last) + _LOOSE)

    def _fit(self, sought: Quote, whole: str, window: tuple[int, int]) -> Span | None:
        """Return the part of a window that corresponds to the quote's words."""
        first, last = window
        start, end = len(sought.prefix), len(sought.prefix) + len(sought.exact)
        span = follow(whole, self.text[first:last], start, end)
        return None if span is None else Span(span.start + first, span.end + first)


def follow(old: str, new: str, start: int, end: int) -> Span | None:
    """Return what became of [start, end) of an old text in a new one, both of them short: None if nothing is left."""
    from rapidfuzz.distance import LCSseq  # noqa: PLC0415  # loaded on use

    blocks = [block for block in LCSseq.editops(old, new).as_matching_blocks() if block.size]
    inside = [
        (max(start, block.a) + block.b - block.a, min(end, block.a + block.size) + block.b - block.a)
        for block in blocks
        if block.a < end and start < block.a + block.size
    ]
    if not inside:
        return None
    return fit(old, new, (start, end), densest(inside))


def densest(parts: Sequence[tuple[int, int]]) -> tuple[int, int]:
    """Return from where to where the parts of a text lie closest together, of those that belong to a quote.

    A letter counts for what two letters between the parts count against: single letters far off are there by chance.
    """
    best, best_gain = parts[0], 0.0
    start, gain = parts[0][0], 0.0
    end = start
    for first, last in parts:
        gain -= (first - end) / 2
        if gain <= 0:
            start, gain = first, 0.0
        gain += last - first
        end = last
        if gain > best_gain:
            best, best_gain = (start, end), gain
    return best


def fit(old: str, new: str, was: tuple[int, int], now: tuple[int, int]) -> Span | None:
    """Return a stretch of a new text with its ends where words and signs end, if those of the old one do."""
    start, end = now
    if is_edge(old, was[0]):
        while 0 < start < end and not is_edge(new, start):
            start -= 1
    if is_edge(old, was[1]):
        while start < end < len(new) and not is_edge(new, end):
            end += 1
    while start < end and new[start].isspace() and not old[was[0]].isspace():
        start += 1
    while start < end and new[end - 1].isspace() and not old[was[1] - 1].isspace():
        end -= 1
    while 0 < start < end and _is_inside_sign(new, start):
        start -= 1
    while start < end < len(new) and _is_inside_sign(new, end):
        end += 1
    return Span(start, end) if start < end else None


def _is_inside_sign(text: str, offset: int) -> bool:
    """Tell whether the code points on both sides of an offset make one sign."""
    import unicodedata  # noqa: PLC0415  # loaded on use

    after, before = text[offset], text[offset - 1]
    return (
        unicodedata.category(after).startswith("M")
        or after in _GLUE
        or before == "\u200d"
        or "\U0001f3fb" <= after <= "\U0001f3ff"
    )


def similarity(one: str, other: str) -> float:
    """Return how similar two texts are, 0 to 1: the normalized Indel similarity (rapidfuzz `fuzz.ratio`)."""
    from rapidfuzz import fuzz  # noqa: PLC0415  # loaded on use

    return fuzz.ratio(one, other) / 100


def context_agreement(text: str, sought: Quote, span: Span) -> float:
    """Return how much of a quote's context stands around a span of a text, 0 to 1; 1 also where there never was any."""
    before = text[max(0, span.start - len(sought.prefix)) : span.start]
    after = text[span.end : span.end + len(sought.suffix)]
    whole = len(sought.prefix) + len(sought.suffix)
    if not whole:
        return 1.0
    agreed = len(sought.prefix) * _side(sought.prefix[::-1], before[::-1])
    agreed += len(sought.suffix) * _side(sought.suffix, after)
    return agreed / whole


def better_side(text: str, sought: Quote, span: Span) -> float:
    """Return how much of a quote's context stands on that side of a span of a text where it is the most, 0 to 1."""
    before = text[max(0, span.start - len(sought.prefix)) : span.start]
    after = text[span.end : span.end + len(sought.suffix)]
    return max(_side(sought.prefix[::-1], before[::-1]), _side(sought.suffix, after))


def _side(was: str, is_now: str) -> float:
    """Return how much of the context on one side is left, both of them read from the quote outwards."""
    if not was:
        return 0.0
    if was == is_now:
        return 1.0
    # Half of the letters of any two sentences agree in some order.
    return max(common_length(was, is_now) / len(was), 2 * similarity(was, is_now) - 1, 0.0)


def common_length(one: str, other: str) -> int:
    """Return how many code points the two have in common at their beginnings."""
    # Halving finds the end of the agreement by comparing slices, which costs far less than a loop over code points.
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low
