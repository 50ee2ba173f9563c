"""What is left of lines and boxes where an app draws for a screen reader: nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from rich.segment import Segment
from textual.filter import LineFilter

if TYPE_CHECKING:
    from textual.color import Color

_DRAWN = {code: " " for start, stop in ((0x2500, 0x25A0), (0x2800, 0x2900)) for code in range(start, stop)}
"""Box drawing, block elements and Braille patterns: a screen reader names each of them."""


class WithoutLines(LineFilter):
    """Takes lines and boxes away, whichever widget has drawn them."""

    spares_texts: ClassVar[bool] = True
    """Whether widgets that show what people wrote, and draw no lines, leave this filter out."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """Return segments with spaces where lines and boxes were."""
        del background
        return [Segment(text.translate(_DRAWN), style, control) for text, style, control in segments]
