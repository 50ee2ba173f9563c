"""The command palette: Textual's, in colours that can be read, without what moves."""

from __future__ import annotations

from typing import ClassVar

from textual.command import CommandPalette

PALETTE_ID = "--command-palette"
"""The id by which `CommandPalette.is_open` knows that one is open."""


class Palette(CommandPalette):
    """Type a part of a command's name, choose it with the arrows, run it with Enter."""

    HELP: ClassVar[str] = "Type a part of a command's name; Enter runs it, Escape goes back."
    DEFAULT_CSS = """
    Palette > Vertical {
        background: $surface;
        &:dark { background: $surface; }
    }
    Palette > .command-palette--help-text {
        color: $muted;
        text-style: not dim not bold;
    }
    Palette #--input, Palette CommandList {
        border: blank;
    }
    Palette #--input {
        background: $surface;
    }
    Palette SearchIcon {
        display: none;
    }
    Palette CommandInput, Palette CommandInput:focus {
        margin-left: 1;
    }
    Palette CommandList {
        background: $surface;
        scrollbar-size-vertical: 1;
        scrollbar-background: $surface;
        scrollbar-background-hover: $surface;
        scrollbar-background-active: $surface;
        scrollbar-color: $muted;
        scrollbar-color-hover: $foreground;
        scrollbar-color-active: $foreground;
    }
    Palette CommandList > .option-list--option {
        color: $foreground;
    }
    Palette CommandList > .option-list--option-highlighted {
        color: $foreground;
        background: $block-cursor-background;
        text-style: bold;
    }
    Palette:nocolor CommandList > .option-list--option-highlighted {
        background: $primary;
    }
    """

    def __init__(self) -> None:
        super().__init__(id=PALETTE_ID, placeholder="Type a part of a command's name")
