"""A field of a dialog with a few values, each chosen by a digit."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from tui.text.visible import one_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual import events

MOST_VALUES = 9
"""Values that a digit can choose among."""


class ValueField(Static, can_focus=True):
    """A line of values with their digits; the same digit again takes the value back.

    Args:
        name: What the values are of.
        values: The values in order, as they are stored.
        value: The one that is chosen, None for none.
        is_required: Whether one must be chosen.
    """

    DEFAULT_CSS = """
    ValueField {
        height: auto;
        padding: 0 1;
        margin-bottom: 1;
        background: $panel;
    }
    ValueField:focus {
        background-tint: $foreground 8%;
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left,h", "step(-1)", "Value before", id="value.before"),
        Binding("right,l", "step(1)", "Value behind", id="value.behind"),
        Binding("backspace,delete", "clear", "No value", id="value.clear"),
    ]

    class Taken(Message):
        """A value was chosen by its digit."""

        def __init__(self, field: ValueField) -> None:
            super().__init__()
            self.field = field

        @property
        def control(self) -> ValueField:
            """The field."""
            return self.field

    def __init__(
        self,
        values: Sequence[str | int | float],
        value: str | float | None,
        *,
        id: str,  # noqa: A002  # Textual's name
    ) -> None:
        super().__init__(id=id)
        self.values = values
        self.value = value if value in values else None
        self._digits = digits_of(values)

    def on_mount(self) -> None:
        """Show the values."""
        self._show()

    def _show(self) -> None:
        content = Content("")
        for digit, value in zip(self._digits, self.values, strict=True):
            if content:
                content += Content("  ")
            is_on = value == self.value
            word = "" if str(value) == digit else f" {one_line(str(value))}"
            words = f"[{digit}{word}]" if is_on else f" {digit}{word} "
            content += Content.styled(words, "bold $accent" if is_on else "$foreground")
        self.update(content)

    def on_key(self, event: events.Key) -> None:
        """Take a digit for its value."""
        if event.character not in self._digits:
            return
        event.stop()
        value = self.values[self._digits.index(event.character)]
        self.value = None if value == self.value else value
        self._show()
        if self.value is not None:
            self.post_message(self.Taken(self))

    def action_step(self, step: int) -> None:
        """Choose the value before or behind."""
        at = self.values.index(self.value) + step if self.value is not None else (0 if step > 0 else -1)
        self.value = self.values[max(-1 if self.value is None else 0, min(at, len(self.values) - 1))]
        self._show()

    def action_clear(self) -> None:
        """Choose none."""
        self.value = None
        self._show()

    def on_click(self, event: events.Click) -> None:
        """Choose the value that was clicked."""
        at = 0
        for digit, value in zip(self._digits, self.values, strict=True):
            width = Content(f" {digit}{'' if str(value) == digit else f' {one_line(str(value))}'} ").cell_length
            if event.y == 0 and at <= event.x - 1 < at + width:
                event.stop()
                self.value = None if value == self.value else value
                self._show()
                return
            at += width + 2


def digits_of(values: Sequence[str | int | float]) -> list[str]:
    """Return the digit of each value: a number from 0 to 9 has its own, all else counts from 1."""
    own = [str(value) for value in values]
    if all(isinstance(value, int) and len(digit) == 1 for value, digit in zip(values, own, strict=True)):
        return own
    return [str(place) for place in range(1, len(values) + 1)]
