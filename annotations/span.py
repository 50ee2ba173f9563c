"""Places in a text: spans by offset, quotes by content."""

from __future__ import annotations

from msgspec import Struct

from annotations.errors import SpanError

CONTEXT = 32
"""Code points of context that a quote keeps on either side (W3C leaves the length open)."""


class Span(Struct, frozen=True, order=True):
    """A half-open range of Unicode code points of a post's stored text.

    Source: TextPositionSelector, W3C Web Annotation Data Model, section 4.2.5.

    Args:
        start: Offset of the first code point, 0-based.
        end: Offset behind the last code point; more than `start`.

    Raises:
        SpanError: If the range is empty, reversed or negative.
    """

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end:
            raise SpanError(
                f"{self.start}:{self.end} is not a span",
                "A span starts at 0 or later and ends behind its start.",
            )

    def __len__(self) -> int:
        return self.end - self.start

    def __str__(self) -> str:
        return f"{self.start}:{self.end}"

    def overlaps(self, other: Span) -> bool:
        """Tell whether the two share at least one code point."""
        return self.start < other.end and other.start < self.end

    def covers(self, other: Span) -> bool:
        """Tell whether every code point of `other` lies in this span."""
        return self.start <= other.start and other.end <= self.end


class Quote(Struct, frozen=True):
    """What a span says, and what stands around it.

    Source: TextQuoteSelector, W3C Web Annotation Data Model, section 4.2.4.
    """

    exact: str
    prefix: str = ""
    suffix: str = ""


def quote(text: str, span: Span, context: int = CONTEXT) -> Quote:
    """Return what `span` quotes from `text`, with up to `context` code points on either side.

    Raises:
        SpanError: If the span reaches behind the text's end.
    """
    if span.end > len(text):
        raise SpanError(
            f"{span} reaches behind the text, which has {len(text)} characters",
            "Offsets count Unicode code points from 0.",
        )
    return Quote(
        exact=text[span.start : span.end],
        prefix=text[max(0, span.start - context) : span.start],
        suffix=text[span.end : span.end + context],
    )


def is_quote_at(text: str, span: Span, exact: str) -> bool:
    """Tell whether the invariant holds: the text at `span` says `exact`."""
    return text[span.start : span.end] == exact
