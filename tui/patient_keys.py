"""Keys that write wait while another program writes: they say so, and are kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import events

from tui.screens.reader import ReaderScreen
from tui.typed_ahead import OrderedKeys

if TYPE_CHECKING:
    from annotations.store.project import Project

KEEPING = frozenset({"enter", "ctrl+s"})
"""The keys with which dialogs keep what was typed or chosen."""


class PatientKeys(OrderedKeys):
    """An app on a project that others may be writing to."""

    project: Project

    def must_wait(self, event: events.Key | events.Paste) -> bool:
        """Tell whether this would write while another program does, which may be a long import."""
        screen = self.screen_stack[-1] if self.screen_stack else None
        if isinstance(screen, ReaderScreen):
            return screen.would_write(event) and self.project.is_busy()
        is_kept = screen is not None and screen.is_modal and isinstance(event, events.Key) and event.key in KEEPING
        return is_kept and self.project.is_busy()

    def show_waiting(self, event: events.Key | events.Paste | None) -> None:
        """Say that a key waits for another program."""
        words = "Another program is writing: what was typed waits, Esc takes it back" if event else "Taken back"
        screen = self.screen
        if isinstance(screen, ReaderScreen):
            screen.say(words)
            screen.show_status()
        else:
            self.notify(words)
