"""The help of a screen that reads sequences of keys: every key by what it is for, then a few words."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from tui.screens.entries import EMPTY, Entry, heading, of_keys, sentence
from tui.screens.paper import Paper

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tui.keymap import Keymap


def key_help(title: str, keymap: Keymap, words: Iterable[str]) -> Paper:
    """Return the help of a screen.

    Args:
        title: What the screen is called.
        keymap: Its keys.
        words: Lines of what else there is to know, the mouse first; an empty one ends a paragraph.
    """
    entries: list[Entry] = []
    for group in dict.fromkeys(command.group for command in keymap.commands.values()):
        entries += [heading(group), *_group(keymap, group), EMPTY]
    entries.append(heading("Mouse and more"))
    for is_text, lines in groupby(words, bool):
        entries.append(sentence(" ".join(lines)) if is_text else EMPTY)
    return Paper(title, entries)


def _group(keymap: Keymap, group: str) -> Iterator[Entry]:
    """Yield a line for each thing that keys of a group do; commands that do the same share one."""
    keys: dict[str, list[str]] = {}
    for command in keymap.commands.values():
        if command.group == group:
            keys.setdefault(command.description, []).extend(keymap.keys[command.id])
    for description, sequences in keys.items():
        if sequences:
            yield of_keys(sequences, description)
