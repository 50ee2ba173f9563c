"""Choose a label by typing a part of its name."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import getters, on
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.fuzzy import Matcher
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from tui.screens.dialog import Dialog
from tui.text.visible import one_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult

    from annotations.codebook import Label


class LabelPicker(Dialog[str]):
    """Returns the id of the label chosen, or None."""

    CSS_PATH = "dialog.tcss"
    HELP: ClassVar[str] = "Type a part of a label's name; Enter puts the label, Escape goes back."
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss(None)", "Back", id="picker.back"),
        Binding("down,ctrl+n", "move(1)", "Next", id="picker.next", priority=True),
        Binding("up,ctrl+p", "move(-1)", "Previous", id="picker.previous", priority=True),
    ]

    entry = getters.query_one(Input)
    options = getters.query_one(OptionList)

    def __init__(self, labels: Sequence[Label]) -> None:
        super().__init__()
        self._labels = labels

    def compose(self) -> ComposeResult:
        """Show an entry above the labels that match it."""
        with Vertical(classes="dialog"):
            yield Static("Label", classes="title")
            yield Input(placeholder="Type a part of a label's name")
            yield OptionList()
            yield Static("Enter puts it   Up Down choose   Esc back", classes="hint")

    def on_mount(self) -> None:
        """Show all labels."""
        self.entry.focus()
        self._show("")

    def _show(self, typed: str) -> None:
        matcher = Matcher(typed)
        scored = [
            (max(matcher.match(label.name), matcher.match(label.id)) if typed else 1.0, place, label)
            for place, label in enumerate(self._labels)
        ]
        found = sorted((entry for entry in scored if entry[0] > 0), key=lambda entry: (-entry[0], entry[1]))
        self.options.clear_options()
        self.options.add_options(Option(_line(label), id=label.id) for _, _, label in found)
        if found:
            self.options.highlighted = 0

    @on(Input.Changed)
    def narrow(self, event: Input.Changed) -> None:
        """Show the labels that match."""
        self._show(event.value)

    @on(Input.Submitted)
    def choose(self) -> None:
        """Return the highlighted label."""
        if self.options.highlighted is not None:
            self.dismiss(self.options.get_option_at_index(self.options.highlighted).id)

    @on(OptionList.OptionSelected)
    def click(self, event: OptionList.OptionSelected) -> None:
        """Return the label clicked."""
        self.dismiss(event.option.id)

    def action_move(self, step: int) -> None:
        """Highlight the next or the previous label."""
        if step > 0:
            self.options.action_cursor_down()
        else:
            self.options.action_cursor_up()


def _line(label: Label) -> Content:
    colour = label.colour if label.colour.startswith("#") else f"$label-{label.colour}"
    return (
        Content.styled(f"{label.key or ' '} ", "$accent")
        + Content.styled(one_line(label.name), f"bold {colour}")
        + Content.styled(f"  {label.scope}", "$muted")
        + Content.styled(f"  {one_line(label.description)}", "$muted")
    )
