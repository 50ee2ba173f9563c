"""A list of entries of the same height, however many: drawn on the Line API, only those in view, without a widget each.

The keys belong to the screen, which calls the methods; the mouse is read here. Source: Textual's guide, "Line API".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.message import Message

from tui.widgets.row_canvas import SCROLL_BAR, RowCanvas

if TYPE_CHECKING:
    from textual import events

    from tui.widgets.row_canvas import RowSource

WHEEL_ROWS = 3


class RowList(RowCanvas):
    """A list with a cursor.

    Args:
        rows_each: Rows of the screen that an entry takes.
        is_plain: Whether to draw for a screen reader.
        opens_at_click: Whether one click chooses, instead of two.
    """

    DEFAULT_CSS = """
    RowList {
        width: 1fr;
        height: 1fr;
        background: $background;
        color: $foreground;
    }
    """

    class Moved(Message):
        """The cursor or the view has moved."""

        def __init__(self, rows: RowList) -> None:
            super().__init__()
            self.rows = rows

    class Chosen(Message):
        """An entry was chosen with the mouse."""

        def __init__(self, rows: RowList, index: int) -> None:
            super().__init__()
            self.rows = rows
            self.index = index

    def __init__(
        self,
        rows_each: int = 1,
        *,
        is_plain: bool = False,
        opens_at_click: bool = False,
        id: str | None = None,  # noqa: A002  # Textual's name
    ) -> None:
        super().__init__(rows_each, is_plain=is_plain, id=id)
        self.opens_at_click = opens_at_click
        self._is_on_bar = False

    # --- what it shows ------------------------------------------------------------------------------------------

    def show(self, source: RowSource, cursor: int = 0) -> None:
        """Show what a source holds now, with the cursor on an entry, which keeps its row of the screen if it can."""
        at = self.cursor * self.rows_each - self.top
        self.source = source
        self.cursor = self._clamp(cursor)
        self.top = self.cursor * self.rows_each - max(0, at)
        self.redraw()
        self._settle()

    def _clamp(self, index: int) -> int:
        return max(0, min(index, len(self) - 1))

    # --- the cursor and the view --------------------------------------------------------------------------------

    def _settle(self) -> None:
        """Bring the cursor into view, leave no empty rows below, tell the screen."""
        first = self.cursor * self.rows_each
        self.top = max(first + self.rows_each - self.rows_in_view, min(self.top, first))
        self._limit()

    def _limit(self) -> None:
        self.top = max(0, min(self.top, len(self) * self.rows_each - self.rows_in_view))
        self.refresh()
        self.post_message(self.Moved(self))

    def go_to(self, index: int) -> None:
        """Put the cursor on an entry, the nearest there is."""
        self.cursor = self._clamp(index)
        self._settle()

    def move(self, entries: int) -> None:
        """Move the cursor down by entries."""
        self.go_to(self.cursor + entries)

    def page(self, pages: float) -> None:
        """Move the cursor by pages of the view, which moves along."""
        rows = int(self.rows_in_view * pages) or (1 if pages > 0 else -1)
        entries = int(rows / self.rows_each) or (1 if pages > 0 else -1)
        self.top += entries * self.rows_each
        self.go_to(self.cursor + entries)

    def first(self) -> None:
        """Go to the first entry."""
        self.go_to(0)

    def last(self) -> None:
        """Go to the last entry."""
        self.go_to(len(self) - 1)

    def scroll_rows(self, rows: int) -> None:
        """Move the view; the cursor stays, or goes to the nearest entry in view."""
        self.top += rows
        self._limit()
        lowest = -(-self.top // self.rows_each)
        highest = max(lowest, (self.top + self.rows_in_view) // self.rows_each - 1)
        self.cursor = self._clamp(max(lowest, min(self.cursor, highest)))

    @property
    def last_in_view(self) -> int:
        """The last entry that is at least partly in view, or -1."""
        return min(len(self), -(-(self.top + self.rows_in_view) // self.rows_each)) - 1

    def on_resize(self) -> None:
        """Draw for the new width; the cursor stays in view."""
        self._drawn.clear()
        self._settle()

    # --- the mouse ----------------------------------------------------------------------------------------------

    def _entry_at(self, y: int) -> int | None:
        index = (self.top + y) // self.rows_each
        return index if 0 <= y < self.rows_in_view and index < len(self) else None

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Scroll down."""
        event.stop()
        self.scroll_rows(WHEEL_ROWS)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Scroll up."""
        event.stop()
        self.scroll_rows(-WHEEL_ROWS)

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Put the cursor where the mouse points, or begin to drag the scroll bar."""
        if event.button != 1:
            return
        event.stop()
        self.focus()
        if event.x >= self.size.width - SCROLL_BAR:
            self._is_on_bar = True
            self.capture_mouse()
            self._scroll_to_share(event.y)
        elif (index := self._entry_at(event.y)) is not None:
            self.go_to(index)

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Scroll with the bar that is dragged."""
        if self._is_on_bar:
            self._scroll_to_share(event.y)

    def on_mouse_up(self, event: events.MouseUp) -> None:
        """Let the bar go."""
        if self._is_on_bar:
            event.stop()
            self._is_on_bar = False
            self.release_mouse()

    def on_click(self, event: events.Click) -> None:
        """Choose an entry."""
        index = self._entry_at(event.y)
        if index is None or event.x >= self.size.width - SCROLL_BAR or event.button != 1:
            return
        event.stop()
        if event.chain == (1 if self.opens_at_click else 2):
            self.post_message(self.Chosen(self, index))

    def _scroll_to_share(self, y: int) -> None:
        """Bring into view what stands at a place of the scroll bar."""
        share = max(0, min(y, self.rows_in_view - 1)) / max(1, self.rows_in_view - 1)
        total = len(self) * self.rows_each - self.rows_in_view
        self.scroll_rows(round(share * max(0, total)) - self.top)
