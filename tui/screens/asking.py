"""One line that is asked for, over another screen; what is wrong with it is said, and it can be mended."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import getters, on
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.suggester import SuggestFromList
from textual.widgets import Input, Static

from annotations.errors import PostilError
from tui.screens.dialog import Dialog
from tui.text.visible import one_line

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from textual.app import ComposeResult


class Asking(Dialog[str]):
    """Returns what was typed, or None.

    Args:
        title: What is asked for.
        words: What there is to know about it.
        attempt: Takes what was typed; where it refuses it with an error, that is said and the dialog stays.
        typed: What stands in the line at first.
        known: What is offered to complete the line with.
    """

    CSS_PATH = "dialog.tcss"
    HELP: ClassVar[str] = "Enter keeps what is typed, Right completes it, Escape goes back."
    HINT: ClassVar[str] = "Enter keep   Right complete   {asking.back} back"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "dismiss(None)", "Back", id="asking.back")]

    entry = getters.query_one(Input)
    problem = getters.query_one(".problem", Static)

    def __init__(
        self, title: str, words: str, attempt: Callable[[str], None], *, typed: str = "", known: Sequence[str] = ()
    ) -> None:
        super().__init__()
        self._heading = title
        self._words = words
        self._attempt = attempt
        self._typed = typed
        self._known = known

    def compose(self) -> ComposeResult:
        """Show the line under what is asked for."""
        with Vertical(classes="dialog"):
            yield Static(Content(one_line(self._heading)), classes="title")
            yield Static(Content(one_line(self._words)), classes="name")
            yield Input(
                self._typed, select_on_focus=False, suggester=SuggestFromList(self._known, case_sensitive=False)
            )
            yield Static("", classes="problem")
            yield Static(Content(self.hint_words), classes="hint")

    def on_mount(self) -> None:
        """Let it be typed."""
        self.entry.focus()

    @on(Input.Changed)
    def forget_problem(self) -> None:
        """Say nothing of what is being mended."""
        self.problem.update("")

    @on(Input.Submitted)
    def keep(self, event: Input.Submitted) -> None:
        """Take what was typed, or say what is wrong with it."""
        event.stop()
        try:
            self._attempt(event.value.strip())
        except PostilError as error:
            self.problem.update(Content(one_line(str(error))))
            return
        self.dismiss(event.value.strip())
