"""Drawing without colour, where the environment asks for it by NO_COLOR. Source: https://no-color.org."""

from __future__ import annotations

from functools import lru_cache

from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.filter import LineFilter

from tui.widgets.pane_styles import contrast_ratio

DISTINCT = 3.0
"""The contrast from which on a ground is there to be seen against its surroundings: WCAG 2.2, criterion 1.4.11."""


class NoColour(LineFilter):
    """Takes all colours away; what stood out by its ground (cursor, selection, matches) is drawn reversed instead."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """Return segments without colours."""
        return [
            Segment(text, style and _without_colour(style, background), control) for text, style, control in segments
        ]


@lru_cache(maxsize=4096)
def _without_colour(style: Style, background: Color) -> Style:
    ground = style.bgcolor
    if style.reverse or ground is None or ground.is_default:
        return style.without_color
    stands_out = contrast_ratio(Color.from_rich_color(ground), background) >= DISTINCT
    return style.without_color + Style(reverse=True) if stands_out else style.without_color
