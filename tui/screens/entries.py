"""Entries to read: what is short stands at the left, what is said of it beside, also where that takes several lines."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from textual.content import Content
from textual.widget import Widget

from tui.keymap import show_keys

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from textual.app import RenderResult
    from textual.geometry import Size

KEY_COLUMN = 16
"""Cells that keys take at least, the gap behind them included."""
NARROWEST = 12
"""Cells that are left for what is said; where there is less room, it stands below."""


class Entry(NamedTuple):
    """A line of a help.

    Args:
        head: What stands at the left.
        text: What stands beside it.
    """

    head: Content
    text: Content

    def lines(self, width: int) -> Iterator[Content]:
        """Yield the lines of `width` cells that it takes."""
        indent = self.head.cell_length
        if width - indent < NARROWEST:
            yield from (self.head + self.text).wrap(max(1, width))
            return
        first, *others = self.text.wrap(width - indent)
        yield self.head + first
        for line in others:
            yield Content(" " * indent) + line


EMPTY = Entry(Content(""), Content(""))


def heading(words: str) -> Entry:
    """Return the heading of a group."""
    return Entry(Content(""), Content.styled(words, "bold $accent"))


def sentence(words: str) -> Entry:
    """Return what stands under a heading without anything at its left."""
    return Entry(Content("  "), Content(words))


def of_keys(sequences: Iterable[str], description: str) -> Entry:
    """Return what keys do."""
    keys = Content.styled(f"  {'  '.join(map(show_keys, sequences))}", "bold")
    return Entry(keys + Content(" " * max(2, KEY_COLUMN + 2 - keys.cell_length)), Content(description))


class EntryList(Widget):
    """Shows entries, as high as they are at its width."""

    DEFAULT_CSS = """
    EntryList {
        height: auto;
    }
    """

    def __init__(self, entries: Iterable[Entry], *, id: str | None = None) -> None:  # noqa: A002  # Textual's name
        super().__init__(id=id)
        self._entries = tuple(entries)
        self._wrapped: tuple[int, Sequence[Content]] = (0, ())

    def _lines(self, width: int) -> Sequence[Content]:
        if self._wrapped[0] != width:
            self._wrapped = (width, [line for entry in self._entries for line in entry.lines(width)])
        return self._wrapped[1]

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """Return how many lines there are at a width."""
        del container, viewport
        return len(self._lines(width))

    def render(self) -> RenderResult:
        """Return the lines."""
        return Content("\n").join(self._lines(self.size.width))
