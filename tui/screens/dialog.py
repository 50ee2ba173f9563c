"""What all dialogs have in common: a click beside one closes it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar

from textual.screen import ModalScreen

if TYPE_CHECKING:
    from textual import events

Result = TypeVar("Result")


class Dialog(ModalScreen[Result | None], Generic[Result]):
    """A dialog over another screen; it returns a result, or None where the analyst goes back."""

    def on_click(self, event: events.Click) -> None:
        """Go back at a click on what lies behind the dialog."""
        if event.widget is self and self.is_current:
            event.stop()
            self.dismiss(None)
