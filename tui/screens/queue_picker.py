"""Choose which post comes next."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import getters, on
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from annotations.queue import Wanted
from tui.screens.dialog import Dialog
from tui.screens.reader_labels import THREAD_ORDER

if TYPE_CHECKING:
    from textual.app import ComposeResult


QUEUES = {
    Wanted.UNREVIEWED.value: "Comments that are not done: no label, not reviewed",
    Wanted.UNLABELED.value: "Comments without a label",
    Wanted.UNREAD.value: "Unread comments",
    Wanted.ANNOTATED.value: "Comments with a label, for a second look",
    THREAD_ORDER: "Every comment, in the order of the thread",
}


class QueuePicker(Dialog[str]):
    """Returns the queue chosen, or None."""

    CSS_PATH = "dialog.tcss"
    HELP: ClassVar[str] = "Choose which post comes next after a label; Enter takes it, Escape goes back."
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "dismiss(None)", "Back", id="queues.back"),
        Binding("j", "move(1)", "Next", id="queues.next"),
        Binding("k", "move(-1)", "Previous", id="queues.previous"),
    ]

    options = getters.query_one(OptionList)

    def __init__(self, chosen: str) -> None:
        super().__init__()
        self._chosen = chosen

    def compose(self) -> ComposeResult:
        """Show the queues."""
        with Vertical(classes="dialog"):
            yield Static("What comes next", classes="title")
            yield OptionList(*(Option(words, id=queue) for queue, words in QUEUES.items()))
            yield Static("Enter takes it   Esc back", classes="hint")

    def on_mount(self) -> None:
        """Highlight the present queue."""
        self.options.focus()
        self.options.highlighted = self.options.get_option_index(self._chosen)

    @on(OptionList.OptionSelected)
    def choose(self, event: OptionList.OptionSelected) -> None:
        """Return the queue chosen."""
        self.dismiss(event.option.id)

    def action_move(self, step: int) -> None:
        """Highlight the next or the previous queue."""
        if step > 0:
            self.options.action_cursor_down()
        else:
            self.options.action_cursor_up()
