"""What the themes are called: to know that needs no Textual."""

from __future__ import annotations

DARK = "postil-dark"
CONTRAST = "postil-contrast"
EMBER = "postil-ember"
LIGHT = "postil-light"
PAPER = "postil-paper"

THEMES = {
    DARK: "dark and calm",
    CONTRAST: "dark, with the highest contrast",
    EMBER: "dark and warm, with little blue",
    LIGHT: "light and calm",
    PAPER: "light and warm, like paper",
}
"""By name, in the order in which they follow one another: what each looks like."""
