"""The line between article and thread; dragging it shares out the room."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.message import Message
from textual.widget import Widget

if TYPE_CHECKING:
    from textual import events
    from textual.app import RenderResult


class Divider(Widget):
    """A line that can be dragged; a double click puts it back."""

    ALLOW_SELECT = False

    class Dragged(Message):
        """The line was dragged to a place of the screen, in cells."""

        def __init__(self, x: int, y: int) -> None:
            super().__init__()
            self.x = x
            self.y = y

    class Reset(Message):
        """The line was double-clicked."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002  # Textual's name
        super().__init__(id=id)
        self._is_held = False

    def render(self) -> RenderResult:
        """Return nothing: the line is its background."""
        return ""

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Take hold of the line."""
        if event.button == 1:
            event.stop()
            self._is_held = True
            self.capture_mouse()
            self.add_class("-held")

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Drag the line along; where the button was let go elsewhere, leave it."""
        if self._is_held and not event.button:
            self._let_go()
        elif self._is_held:
            self.post_message(self.Dragged(event.screen_x, event.screen_y))

    def on_mouse_up(self, event: events.MouseUp) -> None:
        """Let go of the line."""
        if self._is_held:
            event.stop()
            self._let_go()

    def _let_go(self) -> None:
        self._is_held = False
        self.release_mouse()
        self.remove_class("-held")

    def on_click(self, event: events.Click) -> None:
        """Put the line back at a double click."""
        if event.chain == 2:  # noqa: PLR2004  # clicks
            event.stop()
            self.post_message(self.Reset())
