"""Find the place of a quote in a text that has changed since; rather none than a wrong one.

The order of attempts is that of the W3C Web Annotation Data Model, section 4.2.4: the same words, told apart from equal
ones by their prefix and suffix; then the most similar ones. Where the text as it was is known, what became of it
(`annotations.alignment`) says where the quote should be, and the quote says whether it is there.

The thresholds were chosen with `tests/benchmarks/anchoring.py`. Most of them stand on a plateau: half as strict or half
as lenient, one span in a hundred more is found or lost, and none more is wrong. `MARGIN` is what keeps from wrong places:
at 0.05 a third more are wrong, at 0.4 a quarter fewer, and half as many again are lost.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from msgspec import Struct

from annotations.passages import Passages, better_side, context_agreement, similarity
from annotations.span import CONTEXT, Quote, Span, quote
from annotations.words import Words, is_edge

if TYPE_CHECKING:
    from collections.abc import Iterator

    from annotations.alignment import Alignment

SAME_CONTEXT = 0.5
"""How much of its context must still stand around a quote that other places of the text say too."""

SAME_SIDE = 0.9
"""How much of the context on one side must stand beside an edited quote where that on the other side is gone."""

MARGIN = 0.2
"""By how much the context of such a quote must agree better than that of the next best place."""

TELLING_LENGTH = 24
"""Code points from which on words that stand once in a text are known wherever they stand."""

TELLING_IN_SHORT = 12
"""The same in a text of less than `SHORT_TEXT`, where fewer words stand twice by chance; but three words at least."""

SHORT_TEXT = 4_000
"""Code points of such a text."""

SIMILAR_IN_PLACE = 0.5
"""How much of an edited quote must be left where it is expected: between what stood around it."""

SIMILAR_SHORT = 0.7
"""The same for quotes that are too short to tell much."""

SIMILAR = 0.75
"""The same where its surroundings are not what they were."""

SHORTEST_EDITED = 8
"""Code points below which a quote is found as it was or not at all: short words resemble too many others."""

_THREE_WORDS = 3
_OCCURRENCES = 200
"""Places that say the same words of which the contexts are compared."""


class Anchor(Struct, frozen=True):
    """Where a quote stands now.

    Args:
        span: Its place in the new text.
        quote: What the new text says there and around it; `quote.exact` differs from the old one if the words were
            edited.
        is_exact: Whether the words are the same.
        score: How similar words and context are, from 0 to 1; 1 if nothing differs.
    """

    span: Span
    quote: Quote
    is_exact: bool
    score: float = 1.0


class Match(Struct, frozen=True):
    """A place that a quote may stand at.

    Args:
        span: The place.
        words: How similar the words are, 0 to 1.
        context: How much of the old context still stands around it, 0 to 1.
        is_expected: Whether the place follows from what became of the whole text.
    """

    span: Span
    words: float
    context: float
    is_expected: bool = False

    @property
    def score(self) -> float:
        """How likely it is the place, 0 to 1."""
        return (2 * self.words + self.context) / 3


class Anchoring:
    """Finds in a text what quotes of an earlier one say.

    Args:
        text: The text as it is now.
        old: The text as it was, if it is known.
    """

    def __init__(self, text: str, old: str | None = None) -> None:
        self.text = text
        self.old = old
        self._alignment: Alignment | None = None
        self._passages: Passages | None = None

    @property
    def alignment(self) -> Alignment:
        """What became of the old text."""
        if self._alignment is None:
            from annotations.alignment import Alignment  # noqa: PLC0415  # loaded on use

            self._alignment = Alignment(self.old or "", self.text)
        return self._alignment

    @property
    def passages(self) -> Passages:
        """The passages of the new text."""
        if self._passages is None:
            self._passages = Passages(self.text)
        return self._passages

    def find(self, sought: Quote, near: int, span: Span | None = None) -> Anchor | None:
        """Find what a quote says.

        Args:
            sought: The quote, with the context that it had.
            near: About where it started, a code point offset.
            span: Its place in the old text, if it had one.

        Returns:
            The place, or None if none is surely it.
        """
        expected = self._expected(sought, span)
        if expected is not None and expected.words == 1 and expected.context >= SAME_CONTEXT:
            return self._anchor(expected)
        known = span if expected is not None else None
        exact = self._exact(sought, expected, near, known)
        if exact is not None:
            return self._anchor(exact)
        edited = self._edited(sought, expected, near, known)
        return None if edited is None else self._anchor(edited)

    def nearest(self, sought: Quote, near: int, span: Span | None = None) -> Anchor | None:
        """Return the place that is the most like a quote, however little that is; None if nothing is like it at all.

        The arguments are those of `find`.
        """
        expected = self._expected(sought, span)
        matches = [*self._occurrences(sought, near), *self._similar(sought), *([expected] if expected else [])]
        best = max(matches, key=lambda match: (match.score, -abs(match.span.start - near)), default=None)
        return None if best is None else self._anchor(best)

    def _anchor(self, match: Match) -> Anchor:
        return Anchor(match.span, quote(self.text, match.span), is_exact=match.words == 1, score=match.score)

    # --- where it should be -------------------------------------------------------------------------------------

    def _expected(self, sought: Quote, span: Span | None) -> Match | None:
        """Return what became of the place where the quote was."""
        if self.old is None or span is None or self.old[span.start : span.end] != sought.exact:
            return None
        stretch = self.alignment.follow(span)
        if stretch is None:
            return None
        return self._match(sought, stretch, is_expected=True)

    def _match(self, sought: Quote, span: Span, *, is_expected: bool = False) -> Match:
        says = self.text[span.start : span.end]
        words = 1.0 if says == sought.exact else similarity(sought.exact, says)
        return Match(span, words, context_agreement(self.text, sought, span), is_expected)

    # --- the same words -----------------------------------------------------------------------------------------

    def _exact(self, sought: Quote, expected: Match | None, near: int, span: Span | None) -> Match | None:
        """Return the place that says the same words, if it is surely the one."""
        matches = [match for match in self._occurrences(sought, near) if not self._is_twin(match.span, span)]
        matches.sort(key=lambda match: -match.context)
        if not matches:
            return None
        best = matches[0]
        is_telling = self._is_telling(sought.exact)
        if len(matches) == 1:
            is_sure = is_telling or best.context >= SAME_CONTEXT
            return best if is_sure or (expected is not None and expected.span == best.span) else None
        twins = [match for match in matches if match.context > best.context - MARGIN]
        if len(twins) == 1:
            return best if best.context >= SAME_CONTEXT or (is_telling and best.context >= MARGIN) else None
        if best.context < SAME_CONTEXT:
            return None
        # Several places are as good by what they say: only where the quote was, or should be, tells them apart.
        return next((twin for twin in twins if expected is not None and twin.span == expected.span), None) or next(
            (twin for twin in twins if twin.span.start == near and twin.context == best.context), None
        )

    def _is_telling(self, exact: str) -> bool:
        """Tell whether words that stand once in the text are known by that."""
        if len(exact) >= TELLING_LENGTH:
            return True
        return len(exact) >= TELLING_IN_SHORT and len(self.text) < SHORT_TEXT and len(Words(exact)) >= _THREE_WORDS

    def _occurrences(self, sought: Quote, near: int) -> Iterator[Match]:
        """Yield places that say the words: if they are many, those whose context agrees, and those that are near."""
        starts = list(islice(_starts(self.text, sought.exact), _OCCURRENCES + 1))
        if len(starts) > _OCCURRENCES:
            starts = self._starts_in_context(sought, near)
        for start in starts:
            span = Span(start, start + len(sought.exact))
            if self._has_edges_of(sought, span):
                yield self._match(sought, span)

    def _has_edges_of(self, sought: Quote, span: Span) -> bool:
        """Tell whether a place begins and ends with words if the quote does: “rain” is not in “train”."""
        whole = sought.prefix + sought.exact + sought.suffix
        start, end = len(sought.prefix), len(sought.prefix) + len(sought.exact)
        return (not is_edge(whole, start) or is_edge(self.text, span.start)) and (
            not is_edge(whole, end) or is_edge(self.text, span.end)
        )

    def _starts_in_context(self, sought: Quote, near: int) -> list[int]:
        """Return where the words stand with as much of their context as leaves no more places than can be compared."""
        found: dict[int, None] = {}
        for length in (CONTEXT, CONTEXT // 2, CONTEXT // 4):
            prefix, suffix = sought.prefix[-length:], sought.suffix[:length]
            for before, behind in ((prefix, suffix), (prefix, ""), ("", suffix)):
                if before or behind:
                    words = before + sought.exact + behind
                    starts = islice(_starts(self.text, words), _OCCURRENCES)
                    found.update(dict.fromkeys(start + len(before) for start in starts))
            if found:
                break
        for start in (self.text.rfind(sought.exact, 0, near + len(sought.exact)), self.text.find(sought.exact, near)):
            if start >= 0:
                found[start] = None
        return list(found)[:_OCCURRENCES]

    # --- similar words ------------------------------------------------------------------------------------------

    def _is_twin(self, place: Span, span: Span | None) -> bool:
        """Tell whether a place of the new text was another than `span` in the old one already."""
        if span is None:
            return False
        source = self.alignment.source(place)
        return source is not None and not source.overlaps(span)

    def _edited(self, sought: Quote, expected: Match | None, near: int, span: Span | None) -> Match | None:
        """Return the place that says similar words, if it is surely the one."""
        if len(sought.exact) < SHORTEST_EDITED:
            return None
        enough = SIMILAR_IN_PLACE if len(sought.exact) >= TELLING_LENGTH else SIMILAR_SHORT
        if expected is not None and expected.words >= enough and self._is_framed(sought, expected):
            return expected
        matches = [match for match in self._similar(sought) if not self._is_twin(match.span, span)]
        matches += [expected] if expected is not None else []
        matches.sort(key=lambda match: (-match.score, abs(match.span.start - near)))
        if not matches:
            return None
        best = matches[0]
        is_sure = best.words >= SIMILAR if best.context < SAME_CONTEXT else best.words >= enough
        if not is_sure or (best.context < SAME_CONTEXT and len(sought.exact) < TELLING_LENGTH):
            return None
        others = (match for match in matches if not match.span.overlaps(best.span))
        return None if any(other.score > best.score - MARGIN for other in others) else best

    def _is_framed(self, sought: Quote, match: Match) -> bool:
        """Tell whether enough of the context is left, on both sides together or nearly all of it on one."""
        return match.context >= SAME_CONTEXT or better_side(self.text, sought, match.span) >= SAME_SIDE

    def _similar(self, sought: Quote) -> Iterator[Match]:
        """Yield the passages that have the most words in common with the quote and its context."""
        for span in self.passages.like(sought):
            yield self._match(sought, span)


def anchor(text: str, sought: Quote, near: int) -> Anchor | None:
    """Find where `text` says what `sought` quotes, if what stood there before is not known.

    The arguments, and what is returned, are those of `Anchoring.find`; `near` may be any integer.
    """
    return Anchoring(text).find(sought, near)


def _starts(text: str, exact: str) -> Iterator[int]:
    """Yield each offset at which `text` says `exact`, overlapping ones too."""
    start = text.find(exact) if exact else -1
    while start >= 0:
        yield start
        start = text.find(exact, start + 1)
