"""Edit what an annotation says beside its label: attributes and a note."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from msgspec import Struct
from textual import getters, on
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Input, Static

from annotations.codebook import Attribute, AttributeKind
from tui.screens.dialog import Dialog
from tui.text.markup import words_of
from tui.text.visible import one_line
from tui.widgets.value_field import MOST_VALUES, ValueField

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from textual import events
    from textual.app import ComposeResult
    from textual.widget import Widget

    from annotations.model import Annotation

LINE_END = "⏎"
"""What stands for a line's end in an entry of one line."""
QUOTE_SHOWN = 60


class Edit(Struct, frozen=True):
    """The values that an annotation shall have."""

    note: str
    attributes: Mapping[str, str | int | float]


class AnnotationEditor(Dialog[Edit]):
    """Returns the note and the attributes, or None.

    Args:
        annotation: What is edited.
        name: What its label is called.
        attributes: What the label asks for.
    """

    CSS_PATH = "dialog.tcss"
    HELP: ClassVar[str] = (
        "A digit chooses a value and goes on, Backspace takes it back; Tab goes through the fields, n to the note. "
        "Enter keeps all, Escape goes back without keeping."
    )
    HINT: ClassVar[str] = "1…9 value   {editor.next} next   {editor.note} note   Enter keep   {editor.back} back"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss(None)", "Back", id="editor.back"),
        Binding("enter,ctrl+s", "keep", "Keep", id="editor.keep"),
        Binding("n", "note", "To the note", id="editor.note"),
        Binding("tab,down", "app.focus_next", "Next field", id="editor.next"),
        Binding("shift+tab,up", "app.focus_previous", "Previous field", id="editor.previous"),
    ]

    problem = getters.query_one(".problem", Static)
    about = getters.query_one("#about", Static)

    def __init__(self, annotation: Annotation, name: str, attributes: Sequence[Attribute]) -> None:
        super().__init__()
        self._annotation = annotation
        self._label = name
        self._attributes = {field_id(attribute): attribute for attribute in attributes}

    def compose(self) -> ComposeResult:
        """Show a field for each attribute, and one for the note."""
        with Vertical(classes="dialog"):
            quote = one_line(words_of(self._annotation.quote.exact)) if self._annotation.quote else ""
            where = f" on “{quote[:QUOTE_SHOWN].rstrip()}{'…' if len(quote) > QUOTE_SHOWN else ''}”" if quote else ""
            yield Static(Content(f"{one_line(self._label)}{where}"), classes="title")
            with VerticalScroll(classes="fields", can_focus=False):
                for name, attribute in self._attributes.items():
                    yield Static(_words(attribute), classes="name")
                    value = self._annotation.attributes.get(attribute.id)
                    values = values_of(attribute)
                    if values:
                        yield ValueField(values, value, id=name)
                    else:
                        yield Input("" if value is None else _shown(value), id=name)
                yield Static("Note", classes="name")
                yield Input(_shown(self._annotation.note), id="note")
            yield Static("", classes="name", id="about")
            yield Static("", classes="problem")
            yield Static(Content(self.hint_words), classes="hint")

    def on_mount(self) -> None:
        """Begin at the first attribute that has no value and needs one, else at the first."""
        fields = list(self._fields())
        needed = (field for field in fields if self._is_needed(field) and not _value_in(field))
        next(needed, fields[0]).focus()

    def _fields(self) -> list[Widget]:
        return [*(self.query_one(f"#{name}") for name in self._attributes), self.query_one("#note")]

    def _is_needed(self, field: Widget) -> bool:
        attribute = self._attributes.get(field.id or "")
        return attribute is not None and attribute.is_required

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """Say what the field measures that has the focus."""
        attribute = self._attributes.get(event.widget.id or "")
        self.about.update(Content(one_line(attribute.description) if attribute else ""))

    @on(ValueField.Taken)
    def go_on(self, event: ValueField.Taken) -> None:
        """Go to the next attribute; behind the last one stay, for Enter is next."""
        fields = self._fields()
        following = fields[fields.index(event.field) + 1]
        if following.id != "note":
            following.focus()

    @on(Input.Submitted)
    def submit(self) -> None:
        """Keep all."""
        self.action_keep()

    def action_note(self) -> None:
        """Go to the note."""
        self.query_one("#note").focus()

    def action_keep(self) -> None:
        """Return what was entered, or say what is wrong with it."""
        values: dict[str, str | int | float] = {}
        for name, attribute in self._attributes.items():
            field = self.query_one(f"#{name}")
            try:
                value = field.value if isinstance(field, ValueField) else _typed(attribute, _value_in(field))
            except ValueError as error:
                self.problem.update(Content(str(error)))
                field.focus()
                return
            if value is not None:
                values[attribute.id] = value
        self.dismiss(Edit(stored(self.query_one("#note", Input).value), values))


def field_id(attribute: Attribute) -> str:
    """Return the name of an attribute's field."""
    return f"attribute-{attribute.id}"


def stored(typed: str) -> str:
    """Return a text as it is stored that was typed into an entry of one line."""
    return typed.replace(LINE_END, "\n").strip()


def _shown(value: str | float) -> str:
    """Return a value as an entry of one line shows it."""
    return str(value).replace("\n", LINE_END)


def _value_in(field: Widget) -> str:
    if isinstance(field, ValueField):
        return "" if field.value is None else str(field.value)
    return field.value.strip() if isinstance(field, Input) else ""


def _words(attribute: Attribute) -> Content:
    name = one_line(attribute.name)
    if attribute.kind is AttributeKind.SCALE and not values_of(attribute):
        name += f": {attribute.minimum} to {attribute.maximum}"
        if attribute.step is not None:
            name += f" in steps of {attribute.step}"
    elif attribute.kind is AttributeKind.CHOICE and not values_of(attribute):
        name += ": " + ", ".join(f"{place} {one_line(choice)}" for place, choice in enumerate(attribute.choices, 1))
    return Content(name) + Content.styled(" (needed)" if attribute.is_required else "", "$warning")


def values_of(attribute: Attribute) -> list[str | int | float]:
    """Return the values of an attribute that has so few that a digit can choose one, else none."""
    if attribute.kind is AttributeKind.CHOICE:
        return list(attribute.choices) if len(attribute.choices) <= MOST_VALUES else []
    low, high, step = attribute.minimum, attribute.maximum, attribute.step
    if attribute.kind is not AttributeKind.SCALE or low is None or high is None or step is None:
        return []
    count = round((high - low) / step) + 1
    if count > MOST_VALUES + (isinstance(low, int) and low == 0 and step == 1):
        return []
    return [_number(low + place * step) for place in range(count)]


def _number(value: float) -> int | float:
    """Return a number without the dust of binary fractions, a whole one as such."""
    rounded = round(value, 9)
    return int(rounded) if float(rounded).is_integer() else rounded


def _typed(attribute: Attribute, typed: str) -> str | int | float | None:
    """Return the value that was typed, None for none; a choice may be typed as its number or its beginning."""
    if not typed:
        return None
    if attribute.kind is AttributeKind.TEXT:
        return stored(typed)
    if attribute.kind is AttributeKind.SCALE:
        try:
            number = float(typed.replace(",", "."))
        except ValueError:
            raise ValueError(f"{attribute.name} is a number") from None
        low, high = attribute.minimum, attribute.maximum
        if (low is not None and number < low) or (high is not None and number > high):
            raise ValueError(f"{attribute.name} goes from {low} to {high}")
        return _number(number)
    if typed.isdigit() and 1 <= int(typed) <= len(attribute.choices):
        return attribute.choices[int(typed) - 1]
    found = [choice for choice in attribute.choices if choice.casefold().startswith(typed.casefold())]
    exact = [choice for choice in found if choice.casefold() == typed.casefold()]
    if exact or len(found) == 1:
        return (exact or found)[0]
    raise ValueError(f"{attribute.name} is one of {', '.join(attribute.choices)}")
