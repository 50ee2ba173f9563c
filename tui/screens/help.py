"""The help: every key by what it is for, and a legend of the labels and the depth colours."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.cells import cell_len
from textual.content import Content

from tui.command_tables import APP_COMMANDS
from tui.keymap import show_keys
from tui.screens.paper import Paper
from tui.text.visible import one_line
from tui.themes import GUIDE_HUES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from annotations.codebook import Codebook
    from tui.configuration import Configuration
    from tui.keymap import Keymap

KEY_COLUMN = 16
SIGNS = (
    "bold name, • unread   ✓ reviewed   ▾ unfolded   ▸ folded   ≈ guessed at import",
    "OP who began the thread   ★ followed   ✦ new   ✎ note   → relation to   ← relation from",
    "The letter before a line is the key of a label whose text begins there.",
)
PLAIN_SIGNS = (
    "> before the post that keys act on   - before that of the other pane   * before a line with selected text",
    "The letter before a line is the key of a label whose text begins there.",
)


def help_screen(keymap: Keymap, codebook: Codebook, configuration: Configuration) -> Paper:
    """Return the help for a keymap and a codebook."""
    is_plain = configuration.is_plain
    signs = [] if is_plain else [_depths()]
    signs += [Content(f"  {line}") for line in (PLAIN_SIGNS if is_plain else SIGNS)]
    heading = Content.styled("Signs" if is_plain else "Depth and signs", "bold $accent")
    keys = [*_groups(keymap), *_everywhere(configuration), *_filters(keymap)]
    return Paper("Help", Content("\n").join([_legend(codebook), Content(""), heading, *signs, *keys]))


def _groups(keymap: Keymap) -> list[Content]:
    lines: list[Content] = []
    group = ""
    for command in keymap.commands.values():
        sequences = keymap.keys[command.id]
        if command.group != group:
            group = command.group
            lines += [Content(""), Content.styled(group, "bold $accent")]
        if sequences:
            lines.append(_line(sequences, command.description))
    return lines


def _filters(keymap: Keymap) -> list[Content]:
    """Return what a filter may ask of posts."""
    from annotations.post_filter import LANGUAGE  # noqa: PLC0415  # loaded on use

    heading = Content.styled(f"In a filter ({keymap.first_key('find.filter')})", "bold $accent")
    width = max(len(example) for example, _ in LANGUAGE) + 2
    lines = [Content.styled(f"  {example.ljust(width)}", "bold") + Content(meaning) for example, meaning in LANGUAGE]
    return [Content(""), heading, *lines]


def _line(sequences: Iterable[str], description: str) -> Content:
    keys = "  ".join(show_keys(sequence) for sequence in sequences)
    gap = " " * max(2, KEY_COLUMN - cell_len(keys))
    return Content.styled(f"  {keys}", "bold") + Content(gap + description)


def _everywhere(configuration: Configuration) -> list[Content]:
    keys = [(configuration.keys.get(bound.id, bound.keys), bound.description) for bound in APP_COMMANDS]
    return [
        Content(""),
        Content.styled("Everywhere", "bold $accent"),
        *(_line(sequences, description) for sequences, description in keys),
        Content(""),
        Content.styled("Mouse", "bold $accent"),
        Content("  A drag selects text, a double click a word, a triple click a sentence."),
        Content("  A click on a guide, or before a name, folds; on a label below puts it. The wheel scrolls."),
        Content("  A click on a label’s chip edits it, on a relation’s it goes to the other end; on a name above the"),
        Content("  thread it goes to that post. The line between the panes is dragged; a double click puts it back."),
        Content("  A click on READ or TEXT changes the mode, on the progress the queue; beside a dialog closes it."),
        Content(""),
        Content("  “postil config --init” writes a file in which keys, colours and widths can be changed."),
    ]


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
    return Content("\n").join(lines)


def _depths() -> Content:
    depths = Content("  ")
    for depth, hue in enumerate(GUIDE_HUES, 1):
        depths += Content.styled(f"│ {depth}   ", f"$label-{hue}")
    return depths
