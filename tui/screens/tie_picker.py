"""Choose which of several relations to follow, by letters."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import getters, on
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from tui.screens.dialog import Dialog
from tui.screens.relation_draft import HINTS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual import events
    from textual.app import ComposeResult

MOST = 26
"""Relations that have a letter: the small ones."""


class TiePicker(Dialog[int]):
    """Returns which of the lines was chosen, or None.

    Args:
        lines: A line for each relation.
    """

    CSS_PATH = "dialog.tcss"
    HELP: ClassVar[str] = "A letter follows its relation; the arrows and Enter choose too, Escape goes back."
    HINT: ClassVar[str] = "A letter or Enter follows   {ties.back} back"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "dismiss(None)", "Back", id="ties.back")]

    options = getters.query_one(OptionList)

    def __init__(self, lines: Sequence[Content]) -> None:
        super().__init__()
        self._lines = lines
        self._letters = list(HINTS[: min(MOST, len(lines))])

    def compose(self) -> ComposeResult:
        """Show the relations with their letters."""
        with Vertical(classes="dialog"):
            yield Static("Relations here", classes="title")
            yield OptionList()
            yield Static(Content(self.hint_words), classes="hint")

    def on_mount(self) -> None:
        """List them."""
        for place, line in enumerate(self._lines):
            letter = self._letters[place] if place < len(self._letters) else " "
            self.options.add_option(Option(Content.styled(f"{letter}  ", "bold $accent") + line))
        self.options.highlighted = 0
        self.options.focus()

    def on_key(self, event: events.Key) -> None:
        """Take a letter for its relation."""
        if event.character is not None and event.character in self._letters:
            event.stop()
            event.prevent_default()
            self.dismiss(self._letters.index(event.character))

    @on(OptionList.OptionSelected)
    def choose(self, event: OptionList.OptionSelected) -> None:
        """Return what was chosen."""
        self.dismiss(event.option_index)
