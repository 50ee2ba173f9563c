"""Parts of a text replaced by other words, and the places in it moved with them. Pure.

A place inside what was replaced has none of its own any more: a span whose edge is there is widened to the whole of what stands
there now. Spans outside keep their words, and the order of places is kept.
"""

from __future__ import annotations

from bisect import bisect_right
from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple

from annotations.span import Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


class Replacement(NamedTuple):
    """Words that are put in place of a part of a text.

    Args:
        start: Where the part begins, in code points.
        end: Where it ends; more than `start`.
        words: What is put there; not empty.
    """

    start: int
    end: int
    words: str


class Rewriting:
    """A text with parts replaced.

    Args:
        text: The text as it was.
        replacements: What to replace, in the order of the text; none overlaps another.
    """

    __slots__ = ("_grown", "_replacements", "_starts", "text")

    def __init__(self, text: str, replacements: Sequence[Replacement] = ()) -> None:
        self.text = text
        """The text as it is now."""
        self._replacements = replacements
        self._starts: list[int] = []
        self._grown: list[int] = [0]
        if replacements:
            self._starts = [each.start for each in replacements]
            self._grown = list(
                accumulate((len(each.words) - (each.end - each.start) for each in replacements), initial=0)
            )
            self.text = "".join(_pieces(text, replacements))

    @property
    def is_same(self) -> bool:
        """Whether nothing was replaced."""
        return not self._replacements

    def span(self, span: Span) -> tuple[Span, bool]:
        """Return where a span is now, and whether it was widened."""
        if not self._replacements:
            return span, False
        start, is_start_inside = self._moved(span.start, is_end=False)
        end, is_end_inside = self._moved(span.end, is_end=True)
        return Span(start, end), is_start_inside or is_end_inside

    def _moved(self, offset: int, *, is_end: bool) -> tuple[int, bool]:
        """Return where an offset is now, and whether it was inside of what was replaced."""
        # The last replacement that begins before the offset; one that begins at it is wholly behind it.
        before = bisect_right(self._starts, offset - 1)
        if not before or offset >= self._replacements[before - 1].end:
            return offset + self._grown[before], False
        inside = self._replacements[before - 1]
        start = inside.start + self._grown[before - 1]
        return (start + len(inside.words) if is_end else start), True


def without_overlaps(first: Iterable[Replacement], *others: Iterable[Replacement]) -> list[Replacement]:
    """Return kinds of replacements together, in the order of the text; what overlaps an earlier kind is left out.

    Within a kind none overlaps another.
    """
    taken = sorted(first)
    for kind in others:
        found = sorted(kind)
        if not found:
            continue
        if taken:
            starts = [each.start for each in taken]
            found = [each for each in found if _is_free(each, taken, starts)]
        taken = sorted([*taken, *found])
    return taken


def _is_free(each: Replacement, taken: Sequence[Replacement], starts: Sequence[int]) -> bool:
    behind = bisect_right(starts, each.start)
    is_before_free = behind == 0 or taken[behind - 1].end <= each.start
    return is_before_free and (behind == len(taken) or taken[behind].start >= each.end)


def _pieces(text: str, replacements: Iterable[Replacement]) -> Iterable[str]:
    end = 0
    for each in replacements:
        yield text[end : each.start]
        yield each.words
        end = each.end
    yield text[end:]
