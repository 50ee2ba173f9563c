"""One label of the codebook, field by field."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from msgspec.structs import replace
from textual import getters, on
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Input, Static, TextArea

from annotations.codebook import LABEL_COLOURS, LABEL_KEYS, Example, Label
from annotations.errors import PostilError, RuleError
from tui.screens.dialog import Dialog
from tui.text.visible import one_line

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.app import ComposeResult

_LINES = {
    "name": "Name",
    "key": f"Key: one of {' '.join(LABEL_KEYS)}",
    "colour": f"Colour: {', '.join(LABEL_COLOURS)}, or one as in #1f77b4",
    "description": "What it means, a sentence or two",
    "group": "Group, by its id",
    "parent": "A kind of which label, by its id",
    "is_required": "Required: yes or no",
    "most_per_post": "At most so many a post",
    "most_per_thread": "At most so many a thread",
    "requires": "Needs one of these beside it: ids of labels and groups, with spaces between",
    "requires_all": "Needs all of these beside it",
}
_TEXTS = {
    "guidelines": "Guidelines: when to put it, and when not",
    "examples": "Examples, a line each: + or - (does not get it), the text, // and a note",
}
_NUMBERS = frozenset({"most_per_post", "most_per_thread"})
_LISTS = frozenset({"requires", "requires_all"})
_OPTIONAL = frozenset({"group", "parent"})
_BREAK = "⏎"
"""What stands for a line break in an example."""
_NOTE = " // "


class LabelForm(Dialog[Label]):
    """Returns the label as it shall be, or None.

    Args:
        label: The label as it is.
        attempt: Takes the changed label; where it refuses it with an error, that is said and the form stays.
    """

    CSS_PATH = "dialog.tcss"
    HELP: ClassVar[str] = "Enter and Tab go to the next field, Ctrl+S keeps, Escape goes back without keeping."
    HINT: ClassVar[str] = "Enter, Tab next   {form.keep} keep   {form.back} back"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss(None)", "Back", id="form.back", priority=True),
        Binding("ctrl+s", "keep", "Keep", id="form.keep", priority=True),
    ]

    problem = getters.query_one(".problem", Static)

    def __init__(self, label: Label, attempt: Callable[[Label], None]) -> None:
        super().__init__()
        self._label = label
        self._attempt = attempt

    def compose(self) -> ComposeResult:
        """Show an entry for each field."""
        label = self._label
        with Vertical(classes="dialog -tall"):
            yield Static(Content(f"{one_line(label.name)}, a {label.scope} label"), classes="title")
            with VerticalScroll(classes="fields -all", can_focus=False):
                for field, title in _LINES.items():
                    yield Static(Content(title), classes="name")
                    yield Input(_written(label, field), id=field, select_on_focus=False)
                    if field == "description":
                        yield from self._texts()
            yield Static("", classes="problem")
            yield Static(Content(self.hint_words), classes="hint")

    def _texts(self) -> ComposeResult:
        for field, title in _TEXTS.items():
            yield Static(Content(title), classes="name")
            yield TextArea(_written(self._label, field), id=field, compact=True, highlight_cursor_line=False)

    def on_mount(self) -> None:
        """Begin at the name."""
        self.query(Input).first().focus(scroll_visible=False)

    @on(Input.Submitted)
    def go_on(self, event: Input.Submitted) -> None:
        """Go to the next entry."""
        event.stop()
        self.focus_next()

    def action_keep(self) -> None:
        """Keep what was entered, or say what is wrong with it."""
        try:
            label = self._entered()
            self._attempt(label)
        except PostilError as error:
            self.problem.update(Content(one_line(str(error))))
            return
        self.dismiss(label)

    def _entered(self) -> Label:
        """Return the label with what stands in the entries.

        Raises:
            RuleError: If a number is none.
        """
        values: dict[str, object] = {}
        for field in _LINES:
            values[field] = _read(field, self.query_one(f"#{field}", Input).value.strip(), self._label)
        for field in _TEXTS:
            text = self.query_one(f"#{field}", TextArea).text.strip()
            if text != _written(self._label, field):
                values[field] = text if field == "guidelines" else _read_examples(text)
        return replace(self._label, **values)


def _written(label: Label, field: str) -> str:
    """Return what stands in the entry of a field."""
    value = getattr(label, field)
    if field == "examples":
        return "\n".join(map(_written_example, label.examples))
    if field in _LISTS:
        return " ".join(value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value)


def _written_example(example: Example) -> str:
    note = f"{_NOTE}{example.note}" if example.note else ""
    return f"{'-' if example.is_counter else '+'} {example.text}{note}".replace("\n", _BREAK)


def _read(field: str, typed: str, label: Label) -> object:
    """Return the value of a field from what was typed.

    Raises:
        RuleError: If it is to be a number or yes or no, and is not.
    """
    if typed == _written(label, field):
        return getattr(label, field)
    if field in _NUMBERS:
        if typed and not (typed.isdecimal() and int(typed)):
            raise RuleError(f"“{typed}” is no number from 1 on", "Leave it empty for any number.")
        return int(typed) if typed else None
    if field in _LISTS:
        return tuple(typed.replace(",", " ").split())
    if field == "is_required":
        if typed.casefold() not in {"yes", "y", "no", "n", ""}:
            raise RuleError(f"“{typed}” is neither yes nor no", "Say whether a comment or a thread must have it.")
        return typed.casefold().startswith("y")
    return (typed or None) if field in _OPTIONAL else typed


def _read_examples(text: str) -> tuple[Example, ...]:
    examples = []
    for line in text.splitlines():
        is_counter = line.lstrip().startswith("-")
        words, _, note = line.strip().removeprefix("-" if is_counter else "+").replace(_BREAK, "\n").partition(_NOTE)
        if words.strip():
            examples.append(Example(text=words.strip(), note=note.strip(), is_counter=is_counter))
    return tuple(examples)
