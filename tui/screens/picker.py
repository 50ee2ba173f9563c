"""What the dialogs have in common in which one of many is chosen by typing a part of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, TypeVar

from textual import getters, on
from textual.binding import Binding, BindingType
from textual.widgets import Input, OptionList

from tui.screens.dialog import Dialog

if TYPE_CHECKING:
    from textual.widgets.option_list import Option

Chosen = TypeVar("Chosen")


class Picker(Dialog[Chosen]):
    """An entry above a list that shows what matches; says what was chosen, or None."""

    CSS_PATH = "dialog.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss(None)", "Back", id="picker.back"),
        Binding("down,ctrl+n", "move(1)", "Next", id="picker.next", priority=True),
        Binding("up,ctrl+p", "move(-1)", "Previous", id="picker.previous", priority=True),
    ]

    entry = getters.query_one(Input)
    options = getters.query_one(OptionList)

    def show_matches(self, typed: str) -> None:
        """Show what matches."""
        raise NotImplementedError

    def choose(self, option: Option) -> None:
        """Return what an option stands for."""
        raise NotImplementedError

    @on(Input.Changed)
    def _narrow(self, event: Input.Changed) -> None:
        self.show_matches(event.value)

    @on(Input.Submitted)
    def _choose_highlighted(self) -> None:
        if self.options.highlighted is not None:
            self.choose(self.options.get_option_at_index(self.options.highlighted))

    @on(OptionList.OptionSelected)
    def _choose_clicked(self, event: OptionList.OptionSelected) -> None:
        self.choose(event.option)

    def action_move(self, step: int) -> None:
        """Highlight the next or the previous option."""
        if step > 0:
            self.options.action_cursor_down()
        else:
            self.options.action_cursor_up()
