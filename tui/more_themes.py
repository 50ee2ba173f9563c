"""The themes beside the two calm ones: for eyes that need contrast, for the night, and for those who miss paper."""

from __future__ import annotations

from textual.theme import Theme

from tui.theme_names import CONTRAST, EMBER, PAPER
from tui.theme_variables import make_variables

_CONTRAST_HUES = {
    "red": "#ff9d96",
    "orange": "#ffb070",
    "yellow": "#ffe14d",
    "green": "#86f086",
    "teal": "#5ff0de",
    "blue": "#8cc8ff",
    "purple": "#d0b5ff",
    "pink": "#ffa3d6",
    "brown": "#e6bf9f",
    "grey": "#d0d4da",
}
_EMBER_HUES = {
    "red": "#ee8a70",
    "orange": "#ea9c58",
    "yellow": "#dcc060",
    "green": "#aebc62",
    "teal": "#9cb893",
    "blue": "#a9b1b0",
    "purple": "#c5a3ac",
    "pink": "#e59a96",
    "brown": "#c9a27a",
    "grey": "#b5a78f",
}
_PAPER_HUES = {
    "red": "#93231b",
    "orange": "#833c07",
    "yellow": "#5f4900",
    "green": "#23551f",
    "teal": "#0e534c",
    "blue": "#1b4a8c",
    "purple": "#57308c",
    "pink": "#86205a",
    "brown": "#5e3f27",
    "grey": "#4a4a48",
}

MORE_THEMES = {
    CONTRAST: Theme(
        name=CONTRAST,
        primary="#8cc8ff",
        secondary="#5ff0de",
        warning="#ffe14d",
        error="#ff9d96",
        success="#86f086",
        accent="#ffc94d",
        foreground="#ffffff",
        background="#000000",
        surface="#0d0d0f",
        panel="#1e1f23",
        dark=True,
        variables=make_variables(_CONTRAST_HUES, muted="#c4c8ce", focus="#14161b", highlight="#2f4052"),
    ),
    EMBER: Theme(
        name=EMBER,
        primary="#e6aa66",
        secondary="#c0bd7c",
        warning="#dcc060",
        error="#ee8a70",
        success="#aebc62",
        accent="#f0b83e",
        foreground="#e9dac2",
        background="#17120c",
        surface="#1d1711",
        panel="#2a2219",
        dark=True,
        variables=make_variables(_EMBER_HUES, muted="#b09c80", focus="#211a13", highlight="#3f2f1f"),
    ),
    PAPER: Theme(
        name=PAPER,
        primary="#1b4a8c",
        secondary="#0e534c",
        warning="#5f4900",
        error="#93231b",
        success="#23551f",
        accent="#7a3f00",
        foreground="#33291d",
        background="#f5eedd",
        surface="#efe6d1",
        panel="#e3d8be",
        dark=False,
        variables=make_variables(_PAPER_HUES, muted="#5d513f", focus="#ece2cb", highlight="#ccccc5"),
    ),
}
"""By name."""
