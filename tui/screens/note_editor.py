"""Write a note on a post."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import getters, on
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, Static

from tui.screens.annotation_editor import LINE_END, stored
from tui.screens.dialog import Dialog
from tui.text.visible import one_line

if TYPE_CHECKING:
    from textual.app import ComposeResult


class NoteEditor(Dialog[str]):
    """Returns the note, "" to take it off, or None.

    Args:
        name: What the post is called.
        note: What is there now.
    """

    CSS_PATH = "dialog.tcss"
    HELP: ClassVar[str] = "Enter keeps the note, an empty one takes it off; Escape goes back without keeping."
    HINT: ClassVar[str] = "Enter keep, empty takes it off   {note.back} back"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "dismiss(None)", "Back", id="note.back")]

    entry = getters.query_one(Input)

    def __init__(self, name: str, note: str) -> None:
        super().__init__()
        self._post = name
        self._note = note

    def compose(self) -> ComposeResult:
        """Show an entry with the note."""
        with Vertical(classes="dialog"):
            yield Static(Content(f"Note on {one_line(self._post)}"), classes="title")
            yield Input(self._note.replace("\n", LINE_END), select_on_focus=False)
            yield Static(Content(self.hint_words), classes="hint")

    def on_mount(self) -> None:
        """Begin to type."""
        self.entry.focus()

    @on(Input.Submitted)
    def keep(self) -> None:
        """Return what was typed."""
        self.dismiss(stored(self.entry.value))
