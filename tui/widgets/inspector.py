"""What is said of the annotations under the cursor."""

from __future__ import annotations

from msgspec import Struct
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from tui.text.visible import one_line


class Named(Struct, frozen=True):
    """An annotation's name, as `Claim` or `→ Rebuts 2.1`, and its label's hue."""

    text: str
    colour: str


class Inspection(Struct, frozen=True, kw_only=True):
    """The annotations under the cursor in words.

    Args:
        names: What they are called, in the order in which a key goes through them.
        at: Which of the names is the one that keys act on.
        before: How many stand before the first name.
        behind: How many stand behind the last.
        apart: How many more a key leads to that are put on the thread.
        quote: What the one that is meant quotes, or where it starts.
        definition: What its label means.
        who: Who put it, and when.
        values: Its attributes, as `certainty 4`.
        note: Its note.
        remark: The note on the post.
    """

    names: tuple[Named, ...]
    at: int = 0
    before: int = 0
    behind: int = 0
    apart: int = 0
    quote: str = ""
    definition: str = ""
    who: str = ""
    values: str = ""
    note: str = ""
    remark: str = ""


class Inspector(Static):
    """One or two lines about the annotations under the cursor."""

    DEFAULT_CSS = """
    Inspector {
        height: 3;
        padding: 0 1;
        background: $background;
        color: $foreground;
        text-wrap: nowrap;
        text-overflow: ellipsis;
        border-top: hkey $panel;
    }
    """

    class Pressed(Message):
        """The lines were clicked."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002  # Textual's name
        super().__init__(id=id)
        self._shown: tuple[object, ...] | None = None

    def inspect(self, inspection: Inspection | None, hint: str = "", *, remark: str = "", rows: int = 2) -> None:
        """Show annotations, or where there are none a hint.

        Args:
            inspection: The annotations.
            hint: What to say where there are none.
            remark: The note on the post, where there are none.
            rows: The lines there are.
        """
        shown = (inspection, hint, remark, rows, self.app.theme)
        if shown == self._shown:
            return
        self._shown = shown
        remark = inspection.remark if inspection is not None else remark
        said_of_post = f"{'note on the post:' if self._is_plain else '✎ Post:'} {one_line(remark)}" if remark else ""
        if inspection is None:
            parts = [[Content.styled(hint, "$muted")], [Content.styled(said_of_post, "$accent")]]
        else:
            details = [*self._details(inspection), Content.styled(said_of_post, "$accent"), *self._rest(inspection)]
            if rows == 1 and any(details[:3]):  # what is said of the one that is meant goes before the others' names
                others = self._names(inspection, is_rest=True)
                parts = [[self._name_at(inspection, inspection.at), *details[:3], others, *details[3:]]]
            else:
                parts = [[self._names(inspection)], details]
        lines = [Content("  ").join(part for part in line if part) for line in parts]
        self.update(Content("\n" if rows > 1 else "  ").join(line for line in lines if line or rows > 1), layout=False)

    @property
    def _is_plain(self) -> bool:
        return bool(getattr(self.app, "is_plain", False))

    def _details(self, inspection: Inspection) -> list[Content]:
        """Return the attributes and the note of the one that is meant."""
        sign = "note:" if self._is_plain else "✎"
        note = f"{sign} {one_line(inspection.note)}" if inspection.note else ""
        return [Content.styled(one_line(inspection.values), "$secondary"), Content.styled(note, "$accent")]

    @staticmethod
    def _rest(inspection: Inspection) -> list[Content]:
        """Return what else is known of it."""
        return [
            Content(one_line(inspection.quote)),
            Content.styled(one_line(inspection.who), "$muted"),
            Content.styled(one_line(inspection.definition), "$muted"),
        ]

    def _name_at(self, inspection: Inspection, place: int) -> Content:
        """Return a name, that of the one that is meant set off by bold type and, among several, by a sign."""
        name = inspection.names[place]
        colour = name.colour if name.colour.startswith("#") else f"$label-{name.colour}"
        if place != inspection.at:
            return Content.styled(name.text, colour)
        is_one_of_several = len(inspection.names) + inspection.before + inspection.behind > 1
        sign = ("this: " if self._is_plain else "▸") if is_one_of_several else ""
        return Content.styled(f"{sign}{name.text}", f"bold {colour}")

    def _names(self, inspection: Inspection, *, is_rest: bool = False) -> Content:
        """Return the names in the order in which a key goes through them, or all but that of the one that is meant."""
        content = Content.styled(f"+{inspection.before} " if inspection.before else "", "$muted")
        between = Content.styled(", " if self._is_plain else " · ", "$muted")
        places = [place for place in range(len(inspection.names)) if not is_rest or place != inspection.at]
        if is_rest and places:
            content = Content.styled("also ", "$muted") + content
        content += between.join(self._name_at(inspection, place) for place in places)
        rest = f" +{inspection.behind}" if inspection.behind else ""
        if inspection.apart:
            rest += f"{',' if self._is_plain else ' ·'} {inspection.apart} on the thread"
        return content + Content.styled(rest, "$muted")

    def on_click(self) -> None:
        """Say that the lines were clicked."""
        self.post_message(self.Pressed())
