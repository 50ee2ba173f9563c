"""Find the place of a quote in a text that has changed since.

The order of attempts is that of the W3C Web Annotation Data Model, section 4.2.4 (a quote that occurs more than once is
told apart by its prefix and suffix), followed by an approximate search for words that were edited.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from msgspec import Struct

from annotations.span import Quote, Span, quote

if TYPE_CHECKING:
    from collections.abc import Iterator

    _Rank: TypeAlias = tuple[bool, bool, int, int]

MINIMUM_SIMILARITY = 70.0
"""How much of an edited quote must be left, as a normalized Indel similarity in per cent (rapidfuzz `fuzz.ratio`)."""

MINIMUM_LENGTH = 8
"""Code points below which a quote is looked for exactly or not at all: short words resemble too many others."""

_REACH = 256
"""Code points on either side of the expected place within which an edited quote is sought first, at least."""

_LONGEST_ALIGNED = 128
"""Code points of a quote that are aligned with the text in one go."""

_MARGIN = 2
"""How many times its length an edited quote may have become, or its inverse."""


class Anchor(Struct, frozen=True):
    """Where a quote stands now.

    Args:
        span: Its place in the new text.
        quote: What the new text says there and around it; `quote.exact` differs from the old one if the words were
            edited.
        is_exact: Whether the words are the same.
    """

    span: Span
    quote: Quote
    is_exact: bool


def anchor(text: str, sought: Quote, near: int) -> Anchor | None:
    """Find where `text` says what `sought` quotes.

    An occurrence with the whole of the old context wins; then one that starts at `near`; then the one whose context
    agrees the most; then the nearest. Where the words do not occur, the most similar passage is taken.

    Args:
        text: The text as it is now.
        sought: The quote, with the context that it had.
        near: Where it is likely to start (see `expected_start`), a code point offset; any integer will do.

    Returns:
        The place, or None if nothing in the text is similar enough.
    """
    start = max(
        _occurrences(text, sought.exact),
        key=lambda start: _rank(text, sought, start, near),
        default=None,
    )
    if start is not None:
        span = Span(start, start + len(sought.exact))
        return Anchor(span, quote(text, span), is_exact=True)
    edited = _find_edited(text, sought, near)
    return None if edited is None else Anchor(edited, quote(text, edited), is_exact=False)


def expected_start(old: str, new: str, start: int) -> int:
    """Return where the code point at offset `start` of `old` is to be expected in `new`.

    What stands behind the last change moves with the end of the text; what stands before it, with the beginning.
    """
    behind = _common_suffix(old, new)
    return start + len(new) - len(old) if start >= len(old) - behind else start


def _occurrences(text: str, exact: str) -> Iterator[int]:
    """Yield each offset at which `text` says `exact`, overlapping ones too."""
    start = text.find(exact) if exact else -1
    while start >= 0:
        yield start
        start = text.find(exact, start + 1)


def _rank(text: str, sought: Quote, start: int, near: int) -> _Rank:
    end = start + len(sought.exact)
    # A short slice is enough: no context is longer than the quote's.
    before = _common_suffix(sought.prefix, text[max(0, start - len(sought.prefix)) : start])
    after = _common_prefix(sought.suffix, text[end : end + len(sought.suffix)])
    agreement = before + after
    is_whole = agreement == len(sought.prefix) + len(sought.suffix)
    return is_whole, start == near, agreement, -abs(start - near)


def _common_prefix(one: str, other: str) -> int:
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


def _common_suffix(one: str, other: str) -> int:
    """Return how many code points the two have in common at their ends."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        if one[len(one) - middle : len(one) - low] == other[len(other) - middle : len(other) - low]:
            low = middle
        else:
            high = middle - 1
    return low


def _find_edited(text: str, sought: Quote, near: int) -> Span | None:
    """Return the passage that is the most similar to the quote's words, or None if none is similar enough.

    Words are edited in place more often than they are edited and moved: what is similar enough around `near` wins.
    """
    if len(sought.exact) < MINIMUM_LENGTH:
        return None
    from rapidfuzz import fuzz  # noqa: PLC0415  # loaded on use

    reach = max(_REACH, len(sought.exact) * _MARGIN)
    around = slice(max(0, near - reach), max(0, near + len(sought.exact) + reach))
    for part in (around, slice(0, len(text))):
        passage = text[part]
        shift = part.start
        spans = {*_between_context(passage, sought), *_aligned(passage, sought.exact)}
        scored = (
            (fuzz.ratio(sought.exact, passage[span.start : span.end]), -abs(span.start + shift - near), span)
            for span in spans
        )
        score, _, span = max(scored, default=(0.0, 0, None))
        if span is not None and score >= MINIMUM_SIMILARITY:
            return Span(span.start + shift, span.end + shift)
    return None


def _between_context(text: str, sought: Quote) -> Iterator[Span]:
    """Yield what stands between the old prefix and the old suffix, wherever both are left."""
    begins = _occurrences(text, sought.prefix) if sought.prefix else [0]  # no prefix: the quote began the text
    for begin in begins:
        start = begin + len(sought.prefix)
        limit = start + len(sought.exact) * _MARGIN
        end = text.find(sought.suffix, start, limit + len(sought.suffix)) if sought.suffix else len(text)
        if start < end <= limit:
            yield Span(start, end)


def _aligned(text: str, exact: str) -> Iterator[Span]:
    """Yield the stretch of `text` that is the most similar to `exact`, with whole words at its ends."""
    if len(text) < len(exact):
        # The alignment would seek the text in the quote; what is left of the post may be all that is left of the quote.
        if text and len(text) * _MARGIN >= len(exact):
            yield Span(0, len(text))
        return
    # A long quote is known by its beginning and its end: the cost of an alignment grows with the square of its length.
    first = _align(exact[:_LONGEST_ALIGNED], text)
    last = first if len(exact) <= _LONGEST_ALIGNED else _align(exact[-_LONGEST_ALIGNED:], text)
    if first is None or last is None:
        return
    start, end = _fit_ends(text, exact, first.start, last.end)
    if start < end <= start + len(exact) * _MARGIN:
        yield Span(start, end)


def _fit_ends(text: str, exact: str, start: int, end: int) -> tuple[int, int]:
    """Move the ends of a stretch of `text` to where words begin and end, and to the signs that `exact` has there."""
    while 0 < start < end and text[start].isalnum() and text[start - 1].isalnum():
        start -= 1
    while start < end < len(text) and text[end - 1].isalnum() and text[end].isalnum():
        end += 1
    while start < end and exact[0].isalnum() and not text[start].isalnum():
        start += 1
    while start < end and exact[-1].isalnum() and not text[end - 1].isalnum():
        end -= 1
    if 0 < start < end and text[start] != exact[0] == text[start - 1]:
        start -= 1
    if start < end < len(text) and text[end - 1] != exact[-1] == text[end]:
        end += 1
    return start, end


def _align(part: str, text: str) -> Span | None:
    """Return the stretch of `text`, as long as `part` at most, that is the most similar to it."""
    from rapidfuzz import fuzz  # noqa: PLC0415  # loaded on use

    found = fuzz.partial_ratio_alignment(part, text, score_cutoff=MINIMUM_SIMILARITY)
    return None if found is None or found.dest_start == found.dest_end else Span(found.dest_start, found.dest_end)
