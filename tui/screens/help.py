"""The help: every key by what it is for, and a legend of the labels and the depth colours."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.cells import cell_len
from textual.content import Content

from tui.keymap import show_keys
from tui.screens.paper import Paper
from tui.text.visible import one_line
from tui.themes import GUIDE_HUES

if TYPE_CHECKING:
    from annotations.codebook import Codebook
    from tui.keymap import Keymap

KEY_COLUMN = 16


def help_screen(keymap: Keymap, codebook: Codebook) -> Paper:
    """Return the help for a keymap and a codebook."""
    return Paper("Help", Content("\n").join([_legend(codebook), *_groups(keymap)]))


def _groups(keymap: Keymap) -> list[Content]:
    lines: list[Content] = []
    group = ""
    for command in keymap.commands.values():
        sequences = keymap.keys[command.id]
        if command.group != group:
            group = command.group
            lines += [Content(""), Content.styled(group, "bold $accent")]
        if sequences:
            keys = "  ".join(show_keys(sequence) for sequence in sequences)
            gap = " " * max(2, KEY_COLUMN - cell_len(keys))
            lines.append(Content.styled(f"  {keys}", "bold") + Content(gap + command.description))
    lines += [
        Content(""),
        Content.styled("Mouse", "bold $accent"),
        Content("  A drag selects text, a double click a word, a triple click a sentence."),
        Content("  A click on a guide or on ▾ folds; the wheel scrolls; labels at the bottom can be clicked."),
    ]
    return lines


def _legend(codebook: Codebook) -> Content:
    lines = [Content.styled(f"Labels: {one_line(codebook.name)}", "bold $accent")]
    for label in codebook.labels:
        if not label.is_retired:
            colour = label.colour if label.colour.startswith("#") else f"$label-{label.colour}"
            lines.append(
                Content.styled(f"  {label.key or ' '}  ", "bold")
                + Content.styled(f"{one_line(label.name)}", colour)
                + Content.styled(f"  {label.scope}  {one_line(label.description)}", "$muted")
            )
    depths = Content("  ")
    for depth, hue in enumerate(GUIDE_HUES, 1):
        depths += Content.styled(f"│ {depth}   ", f"$label-{hue}")
    signs = Content(
        "  bold name, • unread   ✓ reviewed   ▾ unfolded   ▸ folded   ≈ guessed at import   ✎ note   → relation to   ← relation from"
    )
    return Content("\n").join([*lines, Content(""), Content.styled("Depth and signs", "bold $accent"), depths, signs])
