"""The colours of Postil: a calm dark theme and a calm light one, with the hues that labels are drawn in; more on use.

Every hue stands in the themes as a variable (`label-red`, `guide-1` …), so that widgets name no colour of their own.
Contrast is computed as in WCAG 2.2, success criterion 1.4.3; the tests hold all text to 4.5:1.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from textual.theme import Theme

from tui.theme_names import DARK, LIGHT, THEMES
from tui.theme_variables import make_variables

if TYPE_CHECKING:
    from textual.app import App

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
    variables=make_variables(_DARK_HUES, muted="#98a0ae", focus="#1d2127", highlight="#2b3340"),
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
    variables=make_variables(_LIGHT_HUES, muted="#565c67", focus="#f1eee6", highlight="#d5dbe2"),
)


def theme_named(name: str) -> Theme:
    """Return one of `tui.theme_names.THEMES`."""
    if name in {DARK, LIGHT}:
        return POSTIL_DARK if name == DARK else POSTIL_LIGHT
    from tui.more_themes import MORE_THEMES  # noqa: PLC0415  # loaded on use

    return MORE_THEMES[name]


def choose_theme(app: App[Any], name: str) -> None:
    """Give an app the colours of a theme, which is registered when it is first chosen."""
    if name not in app.available_themes:
        app.register_theme(theme_named(name))
    app.theme = name


def next_theme(app: App[Any]) -> str:
    """Give an app the colours of the theme that follows; return what to say of it."""
    names = list(THEMES)
    name = names[(names.index(app.theme) + 1) % len(names)]
    choose_theme(app, name)
    return f"Theme {name}: {THEMES[name]}"
