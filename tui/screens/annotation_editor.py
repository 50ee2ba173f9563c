"""Edit what an annotation says beside its label: attributes and a note."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from msgspec import Struct
from textual import getters, on
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.widgets import Input, Static

from annotations.codebook import Attribute, AttributeKind, Label
from tui.screens.dialog import Dialog
from tui.text.visible import one_line

if TYPE_CHECKING:
    from collections.abc import Mapping

    from textual.app import ComposeResult

    from annotations.model import Annotation


class Edit(Struct, frozen=True):
    """The values that an annotation shall have."""

    note: str
    attributes: Mapping[str, str | int | float]


class AnnotationEditor(Dialog[Edit]):
    """Returns the note and the attributes, or None."""

    CSS_PATH = "dialog.tcss"
    HELP: ClassVar[str] = "Enter goes to the next field and at the last one keeps; Escape goes back without keeping."
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss(None)", "Back", id="editor.back"),
        Binding("ctrl+s", "keep", "Keep", id="editor.keep"),
    ]

    problem = getters.query_one(".problem", Static)

    def __init__(self, annotation: Annotation, label: Label) -> None:
        super().__init__()
        self._annotation = annotation
        self._label = label

    def compose(self) -> ComposeResult:
        """Show an entry for each attribute, and one for the note."""
        with Vertical(classes="dialog"):
            quote = one_line(self._annotation.quote.exact) if self._annotation.quote else ""
            yield Static(
                f"{one_line(self._label.name)}{f' on “{quote[:60]}”' if quote else ''}", classes="title", markup=False
            )
            with VerticalScroll(classes="fields", can_focus=False):
                for attribute in self._label.attributes:
                    yield Static(_words(attribute), classes="name", markup=False)
                    value = self._annotation.attributes.get(attribute.id, "")
                    yield Input(str(value), id=f"attribute-{attribute.id}")
                yield Static("Note", classes="name")
                yield Input(self._annotation.note, id="note")
            yield Static("", classes="problem", markup=False)
            yield Static("Enter next, at the last field keep   ^s keep   Esc back", classes="hint")

    def on_mount(self) -> None:
        """Begin at the first entry."""
        self.query(Input).first().focus()

    @on(Input.Submitted)
    def go_on(self, event: Input.Submitted) -> None:
        """Go to the next entry; at the last one keep."""
        entries = list(self.query(Input))
        place = entries.index(event.input)
        if place + 1 < len(entries):
            entries[place + 1].focus()
        else:
            self.action_keep()

    def action_keep(self) -> None:
        """Return what was entered, or say what is wrong with it."""
        attributes: dict[str, str | int | float] = {}
        for attribute in self._label.attributes:
            entry = self.query_one(f"#attribute-{attribute.id}", Input)
            typed = entry.value.strip()
            if not typed:
                continue
            try:
                attributes[attribute.id] = _value(attribute, typed)
            except ValueError as error:
                self.problem.update(str(error))
                entry.focus()
                return
        self.dismiss(Edit(self.query_one("#note", Input).value.strip(), attributes))


def _words(attribute: Attribute) -> str:
    name = one_line(attribute.name)
    match attribute.kind:
        case AttributeKind.SCALE:
            return f"{name}: {attribute.minimum} to {attribute.maximum}"
        case AttributeKind.CHOICE:
            choices = ", ".join(f"{place} {one_line(choice)}" for place, choice in enumerate(attribute.choices, 1))
            return f"{name}: {choices}"
        case AttributeKind.TEXT:
            return name


def _value(attribute: Attribute, typed: str) -> str | int | float:
    """Return the value that was typed; a choice may be typed as its number or its beginning."""
    match attribute.kind:
        case AttributeKind.TEXT:
            return typed
        case AttributeKind.SCALE:
            try:
                number = float(typed.replace(",", "."))
            except ValueError:
                raise ValueError(f"{attribute.name} is a number") from None
            low, high = attribute.minimum, attribute.maximum
            if (low is not None and number < low) or (high is not None and number > high):
                raise ValueError(f"{attribute.name} goes from {low} to {high}")
            return int(number) if number.is_integer() else number
        case AttributeKind.CHOICE:
            if typed.isdigit() and 1 <= int(typed) <= len(attribute.choices):
                return attribute.choices[int(typed) - 1]
            found = [choice for choice in attribute.choices if choice.casefold().startswith(typed.casefold())]
            exact = [choice for choice in found if choice.casefold() == typed.casefold()]
            if exact or len(found) == 1:
                return (exact or found)[0]
            raise ValueError(f"{attribute.name} is one of {', '.join(attribute.choices)}")
