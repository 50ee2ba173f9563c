"""A field of a dialog with a few choices, of which it shows one: the arrows change it."""

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


class ChoiceField(Static, can_focus=True):
    """A line with one of several choices between two arrows; behind the last comes the first.

    Args:
        choices: Each choice: its name in code, and what people read.
        chosen: The one to begin with.
        is_plain: Whether to draw for a screen reader.
    """

    DEFAULT_CSS = """
    ChoiceField {
        height: 1;
        padding: 0 1;
        background: $panel;
        text-wrap: nowrap;
        text-overflow: ellipsis;
    }
    ChoiceField:focus {
        background-tint: $foreground 8%;
    }
    ChoiceField:focus:nocolor {
        text-style: reverse;
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left,h", "step(-1)", "Choice before", id="choice.before"),
        Binding("right,l,space", "step(1)", "Choice behind", id="choice.behind"),
        Binding("home,backspace", "first", "First choice", id="choice.first"),
    ]

    class Changed(Message):
        """Another choice was made."""

        def __init__(self, field: ChoiceField) -> None:
            super().__init__()
            self.field = field

        @property
        def control(self) -> ChoiceField:
            """The field."""
            return self.field

    def __init__(
        self,
        choices: Sequence[tuple[str, str]],
        chosen: str,
        *,
        id: str,  # noqa: A002  # Textual's name
        is_plain: bool = False,
    ) -> None:
        super().__init__(id=id)
        self._choices = choices
        self._chosen = chosen
        self._is_plain = is_plain
        self._is_focused = False

    @property
    def chosen(self) -> str:
        """The name in code of the choice that is made."""
        return self._chosen

    def on_mount(self) -> None:
        """Show the choice."""
        self._show()

    def on_focus(self) -> None:
        """Show that the arrows work."""
        self._is_focused = True
        self._show()
        if self._is_plain:
            self.call_after_refresh(self._lead_reader)

    def on_blur(self) -> None:
        """Show that they do not."""
        self._is_focused = False
        self._show()

    def _lead_reader(self) -> None:
        """Let a screen reader follow: the terminal's cursor goes to the choice."""
        if self.has_focus:
            self.app.cursor_position = self.content_region.offset

    def _show(self) -> None:
        words = Content(one_line(dict(self._choices)[self._chosen]))
        if self._is_focused:
            words = words.stylize("bold")
        if len(self._choices) == 1:
            self.update(words)
            return
        before, behind = ("<", ">") if self._is_plain else ("‹", "›")
        arrows = "bold $accent" if self._is_focused else "$muted"
        self.update(Content.styled(f"{before} ", arrows) + words + Content.styled(f" {behind}", arrows))

    def choose(self, chosen: str) -> None:
        """Make a choice, and say so if it is another one than before."""
        if chosen != self._chosen:
            self._chosen = chosen
            self._show()
            if self._is_plain and self._is_focused:
                self._lead_reader()
            self.post_message(self.Changed(self))

    def action_step(self, step: int) -> None:
        """Choose what comes before or behind."""
        names = [name for name, _ in self._choices]
        self.choose(names[(names.index(self._chosen) + step) % len(names)])

    def action_first(self) -> None:
        """Choose the first, which leaves things as they are."""
        self.choose(self._choices[0][0])

    def on_click(self, event: events.Click) -> None:
        """Choose what comes before at a click on the arrow to the left, else what comes behind."""
        event.stop()
        self.focus()
        self.action_step(-1 if event.x <= 1 else 1)
