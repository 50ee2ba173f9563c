"""The help: every key by what it is for, and a legend of the labels and the depth colours."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content

from tui.command_tables import APP_COMMANDS
from tui.screens.entries import EMPTY, Entry, heading, of_keys, sentence
from tui.screens.paper import Paper
from tui.text.visible import one_line
from tui.themes import GUIDE_HUES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from annotations.codebook import Codebook
    from tui.configuration import Configuration
    from tui.keymap import Keymap

SIGNS = (
    "bold name, • unread   ✓ reviewed   ▾ unfolded   ▸ folded   ≈ guessed at import",
    "OP who began the thread   ★ followed   ✦ new   ✎ note   → relation to   ← relation from",
    "The letter before a line is the key of a label whose text begins there.",
)
PLAIN_SIGNS = (
    "> before the post that keys act on   - before that of the other pane   * before a line with selected text",
    "The letter before a line is the key of a label whose text begins there.",
)
MOUSE = (
    "A drag selects text, a double click a word, a triple click a sentence.",
    "A click on a guide, or before a name, folds; on a label below puts it. The wheel scrolls.",
    "A click on a label’s chip edits it, on a relation’s it goes to the other end.",
    "A click on a name above the thread goes to that post.",
    "The line between the panes is dragged; a double click puts it back.",
    "A click on READ or TEXT changes the mode, on the progress the queue; beside a dialog closes it.",
)


def help_screen(keymap: Keymap, codebook: Codebook, configuration: Configuration) -> Paper:
    """Return the help for a keymap and a codebook."""
    is_plain = configuration.is_plain
    signs = [] if is_plain else [Entry(Content("  "), _depths())]
    signs += map(sentence, PLAIN_SIGNS if is_plain else SIGNS)
    about_signs = heading("Signs" if is_plain else "Depth and signs")
    keys = [*_groups(keymap), *_everywhere(configuration), *_filters(keymap)]
    return Paper("Help", [*_legend(codebook), EMPTY, about_signs, *signs, *keys])


def _groups(keymap: Keymap) -> Iterator[Entry]:
    group = ""
    for command in keymap.commands.values():
        sequences = keymap.keys[command.id]
        if command.group != group:
            group = command.group
            yield EMPTY
            yield heading(group)
        if sequences:
            yield of_keys(sequences, command.description)


def _filters(keymap: Keymap) -> Iterator[Entry]:
    """Yield what a filter may ask of posts."""
    from annotations.post_filter import LANGUAGE  # noqa: PLC0415  # loaded on use

    yield EMPTY
    yield heading(f"In a filter ({keymap.first_key('find.filter')})")
    width = max(len(example) for example, _ in LANGUAGE) + 2
    for example, meaning in LANGUAGE:
        yield Entry(Content.styled(f"  {example.ljust(width)}", "bold"), Content(meaning))


def _everywhere(configuration: Configuration) -> Iterator[Entry]:
    yield EMPTY
    yield heading("Everywhere")
    for bound in APP_COMMANDS:
        yield of_keys(configuration.keys.get(bound.id, bound.keys), bound.description)
    yield EMPTY
    yield heading("Mouse")
    yield from map(sentence, MOUSE)
    yield EMPTY
    yield sentence("“postil config --init” writes a file in which keys, colours and widths can be changed.")


def _legend(codebook: Codebook) -> Iterator[Entry]:
    yield heading(f"Labels: {one_line(codebook.name)}")
    for label in codebook.labels:
        if not label.is_retired:
            colour = label.colour if label.colour.startswith("#") else f"$label-{label.colour}"
            yield Entry(
                Content.styled(f"  {label.key or ' '}  ", "bold"),
                Content.styled(f"{one_line(label.name)}", colour)
                + Content.styled(f"  {label.scope}  {one_line(label.description)}", "$muted"),
            )


def _depths() -> Content:
    depths = Content("")
    for depth, hue in enumerate(GUIDE_HUES, 1):
        depths += Content.styled(f"│ {depth}   ", f"$label-{hue}")
    return depths
