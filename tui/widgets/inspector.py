"""What the annotation under the cursor says."""

from __future__ import annotations

from msgspec import Struct
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from tui.text.visible import one_line


class Inspection(Struct, frozen=True, kw_only=True):
    """An annotation in words.

    Args:
        label: The label's name.
        colour: The label's hue.
        place: Which of how many stand under the cursor: `2 of 3`, or "".
        quote: What its span says, or what it is on.
        definition: What the label means.
        who: Who put it, and when.
        values: Its attributes, as `certainty 4`.
        note: Its note.
    """

    label: str
    colour: str
    place: str = ""
    quote: str = ""
    definition: str = ""
    who: str = ""
    values: str = ""
    note: str = ""


class Inspector(Static):
    """One to three lines about the annotation under the cursor; empty where there is none."""

    DEFAULT_CSS = """
    Inspector {
        height: 2;
        padding: 0 1;
        background: $background;
        color: $foreground;
        text-wrap: nowrap;
        text-overflow: ellipsis;
        border-top: hkey $panel;
    }
    Inspector.-short {
        height: 1;
        border-top: none;
    }
    """

    class Pressed(Message):
        """The lines were clicked."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002  # Textual's name
        super().__init__(id=id)
        self._shown: tuple[object, ...] | None = None

    def inspect(self, inspection: Inspection | None, hint: str = "") -> None:
        """Show an annotation, or where there is none a hint."""
        shown = (inspection, hint, self.app.theme)
        if shown == self._shown:
            return
        self._shown = shown
        content = Content.styled(hint, "$muted") if inspection is None else self._words(inspection)
        self.update(content, layout=False)

    def _words(self, inspection: Inspection) -> Content:
        colour = inspection.colour if inspection.colour.startswith("#") else f"$label-{inspection.colour}"
        content = Content.styled(one_line(inspection.label), f"bold {colour}")
        if inspection.place:
            content += Content.styled(f"  {inspection.place}", "$muted")
        if inspection.quote:
            content += Content(f"  {one_line(inspection.quote)}")
        if inspection.values:
            content += Content.styled(f"  {one_line(inspection.values)}", "$secondary")
        if inspection.note:
            sign = "note:" if getattr(self.app, "is_plain", False) else "✎"
            content += Content.styled(f"  {sign} {one_line(inspection.note)}", "$accent")
        content += Content.styled(f"  {one_line(inspection.who)}", "$muted")
        if inspection.definition:
            content += Content.styled(f"  {one_line(inspection.definition)}", "$muted")
        return content

    def on_click(self) -> None:
        """Say that the annotation was clicked."""
        self.post_message(self.Pressed())
