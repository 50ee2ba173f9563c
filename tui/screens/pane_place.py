"""Where the cursor of a pane stands and what is in view, to come back to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from msgspec import Struct

if TYPE_CHECKING:
    from tui.widgets.post_canvas import PostCanvas


class PanePlace(Struct, frozen=True):
    """Cursor, selection and view of a pane.

    Args:
        position: The post in focus.
        caret: The text cursor's offset in it.
        is_in_text: Whether there is a text cursor.
        selection_start: Where the selection begins, None if there is none.
        is_by_sentence: Whether it goes by sentences.
        top: The first post in view.
        row: The first of its rows in view.
    """

    position: int
    caret: int
    is_in_text: bool
    selection_start: int | None
    is_by_sentence: bool
    top: int
    row: int

    @classmethod
    def of(cls, pane: PostCanvas) -> Self:
        """Return the place of a pane that shows posts."""
        view = pane.viewport
        return cls(
            pane.position, pane.caret, pane.is_in_text, pane.selection_start, pane.is_by_sentence, view.top, view.row
        )

    def restore(self, pane: PostCanvas) -> None:
        """Put a pane back there; what was hidden since may be in the way, and is then passed over."""
        pane.position, pane.caret = self.position, self.caret
        pane.is_in_text, pane.selection_start = self.is_in_text, self.selection_start
        pane.is_by_sentence = self.is_by_sentence
        pane.viewport.top, pane.viewport.row = self.top, self.row
        pane.viewport.settle()
        pane.changed()
