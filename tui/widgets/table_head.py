"""The headings of a table's columns: which one is in order, and a click that puts another in order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.cells import cell_len
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from tui.text.table import fill

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual import events

    from tui.text.table import Place


class TableHead(Static):
    """One line of headings above a `RowList`."""

    DEFAULT_CSS = """
    TableHead {
        height: 1;
        background: $surface;
        color: $foreground;
        text-wrap: nowrap;
    }
    """

    class Chosen(Message):
        """A heading was clicked."""

        def __init__(self, column: str) -> None:
            super().__init__()
            self.column = column

    def __init__(self, indent: int, *, is_plain: bool = False, id: str | None = None) -> None:  # noqa: A002  # Textual's
        super().__init__(id=id)
        self._indent = indent
        self._arrows = ("^", "v") if is_plain else ("▴", "▾")
        self._places: Sequence[Place] = ()

    def show(self, places: Sequence[Place], chosen: str, *, is_descending: bool) -> None:
        """Show the headings of the columns, an arrow at the one that the rows are in order of."""
        self._places = places
        line = Content(" " * self._indent)
        for place in places:
            column = place.column
            is_chosen = column.id == chosen
            arrow = self._arrows[is_descending] if is_chosen else ""
            title = f"{arrow}{column.title}" if column.is_number else f"{column.title} {arrow}".rstrip()
            # An arrow of a column of numbers may stand in the gap before it.
            start = self._indent + place.start - max(0, cell_len(title) - place.width)
            text = fill(title, max(place.width, cell_len(title)), is_right=column.is_number)
            line += Content(" " * (start - line.cell_length))
            line += Content.styled(text, "bold $foreground" if is_chosen else "$muted")
        self.update(line, layout=False)

    def on_click(self, event: events.Click) -> None:
        """Choose the column that was clicked, or the one before the gap that was."""
        event.stop()
        before = [place for place in self._places if place.start <= event.x - self._indent]
        if before:
            self.post_message(self.Chosen(before[-1].column.id))
