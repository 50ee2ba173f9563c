"""How labels look in tools that show them with colours: on a light ground, under dark text."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from annotations.codebook import Label

_HUES = {
    "blue": "#a9c8f5",
    "orange": "#f3bd94",
    "green": "#aedda6",
    "purple": "#ccb8f5",
    "teal": "#97dcd2",
    "pink": "#f2b3d4",
    "yellow": "#e8d58c",
    "red": "#f4aca7",
    "grey": "#c9ced6",
}
"""The colours with a name, each light enough for black text (contrast above 7:1 by WCAG 2.2)."""


def ground_colour(label: Label) -> str:
    """Return the colour behind a label's text, "#rrggbb": that of the codebook."""
    return _HUES.get(label.colour, label.colour)


def text_colour(ground: str) -> str:
    """Return in which of black and white a text is better read on a ground, "#rrggbb"."""
    red, green, blue = (int(ground[place : place + 2], 16) for place in (1, 3, 5))
    is_light = 299 * red + 587 * green + 114 * blue > 140_000  # noqa: PLR2004  # the weights of ITU-R BT.601, in thousandths
    return "#000000" if is_light else "#ffffff"
