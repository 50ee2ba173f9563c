"""Where spans that were given elsewhere stand in the text that the project has. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from annotations.anchoring import Anchoring
from annotations.span import Quote, Span, quote

if TYPE_CHECKING:
    from annotations.model import GivenAnnotation

MOVED = "does not say at its place what its source quotes"
REPEATED = "is a quote without a place, and its words stand there more than once"
LOST = "quotes words that its post does not say"
BEHIND = "reaches behind the end of its post"
PLACELESS = "has neither a place nor words"

_OCCURRENCES = 1000
_CLEARLY = 2
"""How many times nearer a place must be than the next one that says the same words."""


class Placed(Struct, frozen=True, kw_only=True):
    """Where a span stands.

    Args:
        span: Its place; of one that is detached, where it was, or the beginning.
        quote: What it says.
        is_detached: Whether its place could not be found.
        problem: What was wrong with the place that was given, "" if nothing was.
        done: What became of it then.
    """

    span: Span
    quote: Quote
    is_detached: bool = False
    problem: str = ""
    done: str = ""


class Placing:
    """Places spans in one text.

    Args:
        text: The text.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self._anchoring: Anchoring | None = None

    def place(self, given: GivenAnnotation) -> Placed:
        """Place a span: where it was given if its words are there, else where they are, else nowhere."""
        span, said = given.span, given.quote
        if given.is_detached:
            return self._detached(given)
        if span is not None and span.end <= len(self.text):
            actual = self.text[span.start : span.end]
            if not said or actual == said or actual.split() == said.split():
                return Placed(span=span, quote=quote(self.text, span))
        if said:
            return self._sought(given)
        if span is not None and span.start < len(self.text):
            cut = Span(span.start, len(self.text))
            return Placed(span=cut, quote=quote(self.text, cut), problem=BEHIND, done="it was cut there")
        return self._detached(given, PLACELESS if span is None else BEHIND)

    def _sought(self, given: GivenAnnotation) -> Placed:
        """Place a span by its words."""
        near = given.span.start if given.span is not None else None
        found = self._same_words(given.quote, near)
        if found is None:
            if self._anchoring is None:
                self._anchoring = Anchoring(self.text)
            anchor = self._anchoring.find(Quote(given.quote), near or 0)
            found = None if anchor is None else anchor.span
        if found is None:
            return self._detached(given, REPEATED if near is None and given.quote in self.text else LOST)
        is_news = near is not None
        return Placed(
            span=found,
            quote=quote(self.text, found),
            problem=MOVED if is_news else "",
            done="it stands where the words are" if is_news else "",
        )

    def _same_words(self, said: str, near: int | None) -> Span | None:
        """Return the only place that says these words, or the one that is clearly the nearest."""
        starts: list[int] = []
        start = self.text.find(said)
        while start >= 0 and len(starts) < _OCCURRENCES:
            starts.append(start)
            start = self.text.find(said, start + 1)
        if near is not None:
            starts.sort(key=lambda start: abs(start - near))
        if not starts or (len(starts) > 1 and (near is None or _is_tie(starts, near))):
            return None
        return Span(starts[0], starts[0] + len(said))

    def _detached(self, given: GivenAnnotation, problem: str = "") -> Placed:
        place = given.span or Span(0, max(1, len(given.quote)))
        return Placed(
            span=place,
            quote=Quote(given.quote),
            is_detached=True,
            problem=problem,
            done="it was kept with its words, to be placed by hand" if problem else "",
        )


def _is_tie(starts: list[int], near: int) -> bool:
    return abs(starts[1] - near) < _CLEARLY * abs(starts[0] - near) + 1
