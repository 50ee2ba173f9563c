"""The help of a screen that reads sequences of keys: every key by what it is for, then a few words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.cells import cell_len
from textual.content import Content

from tui.keymap import show_keys
from tui.screens.paper import Paper

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tui.keymap import Keymap

KEY_COLUMN = 16


def key_help(title: str, keymap: Keymap, words: Iterable[str]) -> Paper:
    """Return the help of a screen.

    Args:
        title: What the screen is called.
        keymap: Its keys.
        words: Lines of what else there is to know, the mouse first.
    """
    lines: list[Content] = []
    for group in dict.fromkeys(command.group for command in keymap.commands.values()):
        lines += [Content.styled(group, "bold $accent"), *_group(keymap, group), Content("")]
    lines += [Content.styled("Mouse and more", "bold $accent"), *(Content(f"  {line}") for line in words)]
    return Paper(title, Content("\n").join(lines))


def _group(keymap: Keymap, group: str) -> Iterable[Content]:
    """Yield a line for each thing that keys of a group do; commands that do the same share one."""
    keys: dict[str, list[str]] = {}
    for command in keymap.commands.values():
        if command.group == group:
            keys.setdefault(command.description, []).extend(keymap.keys[command.id])
    for description, sequences in keys.items():
        if sequences:
            shown = "  ".join(map(show_keys, sequences))
            gap = " " * max(2, KEY_COLUMN - cell_len(shown))
            yield Content.styled(f"  {shown}", "bold") + Content(gap + description)
