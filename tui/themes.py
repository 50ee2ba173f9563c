"""The colours of Postil: one calm dark theme and one calm light one, with the hues that labels are drawn in.

Every hue stands in the themes as a variable (`label-red`, `guide-1` …), so that widgets name no colour of their own.
Contrast is computed as in WCAG 2.2, success criterion 1.4.3; the tests hold all text to 4.5:1.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.theme import Theme

if TYPE_CHECKING:
    from collections.abc import Mapping

DARK = "postil-dark"
LIGHT = "postil-light"

_DARK_HUES = {
    "red": "#f08a84",
    "orange": "#eb9f6a",
    "yellow": "#dcc06a",
    "green": "#8fca85",
    "teal": "#6fc9bd",
    "blue": "#82b4f0",
    "purple": "#b99df0",
    "pink": "#ea93c0",
    "brown": "#c9a58b",
    "grey": "#aab2bf",
}
_LIGHT_HUES = {
    "red": "#a8241f",
    "orange": "#97470a",
    "yellow": "#705600",
    "green": "#276325",
    "teal": "#0f615a",
    "blue": "#1c54a5",
    "purple": "#6437a3",
    "pink": "#9b2568",
    "brown": "#6e4a2f",
    "grey": "#4c5462",
}
GUIDE_HUES = ("blue", "green", "yellow", "purple", "teal", "orange")
"""The hues of the depth guides, from the outermost inwards, over and over."""


def _variables(hues: Mapping[str, str], muted: str, focus: str) -> dict[str, str]:
    variables = {f"label-{name}": colour for name, colour in hues.items()}
    variables["muted"] = muted
    variables["focused-post"] = focus
    return variables


POSTIL_DARK = Theme(
    name=DARK,
    primary="#8fb4e8",
    secondary="#6fc9bd",
    warning="#dcc06a",
    error="#f08a84",
    success="#8fca85",
    accent="#e3b566",
    foreground="#d9dde5",
    background="#14161b",
    surface="#1a1d23",
    panel="#262a31",
    dark=True,
    variables=_variables(_DARK_HUES, muted="#98a0ae", focus="#1d2127"),
)
POSTIL_LIGHT = Theme(
    name=LIGHT,
    primary="#1c54a5",
    secondary="#0f615a",
    warning="#705600",
    error="#a8241f",
    success="#276325",
    accent="#8a4b00",
    foreground="#23262c",
    background="#fbfaf7",
    surface="#f4f2ec",
    panel="#e8e5dc",
    dark=False,
    variables=_variables(_LIGHT_HUES, muted="#565c67", focus="#f1eee6"),
)
