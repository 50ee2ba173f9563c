"""The last line: where the analyst is, how far, and who."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct
from rich.cells import cell_len
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from tui.text.visible import one_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual import events

FEWEST_SAID = 16
"""Cells that are left to what was said; where there are fewer, how far one is makes room for it."""


class Status(Struct, frozen=True, kw_only=True):
    """What the status line says.

    Args:
        mode: What the keys do now: `READ`, `TEXT`, `SELECT` …
        title: The thread's title.
        place: The post in focus, as `3.1 · 12/48`.
        progress: `9 labeled · 14 reviewed of 48`.
        annotator: Who labels.
        keys: Keys pressed that are the beginning of a sequence.
        said: What the last command did.
    """

    mode: str
    title: str
    place: str
    progress: str
    annotator: str
    keys: str = ""
    said: str = ""


class StatusLine(Static):
    """One line of status; what was said last takes the title's place until something else happens."""

    DEFAULT_CSS = """
    StatusLine {
        height: 1;
        background: $panel;
        color: $foreground;
        text-wrap: nowrap;
    }
    """

    class Pressed(Message):
        """A part of the line was clicked: `mode`, `place`, `progress` …, as `Status` names it."""

        def __init__(self, part: str) -> None:
            super().__init__()
            self.part = part

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002  # Textual's name
        super().__init__(id=id)
        self._shown: tuple[object, ...] | None = None
        self._places: list[tuple[int, int, str]] = []

    def show(self, status: Status) -> None:
        """Show a status."""
        shown = (status, self.size.width, self.app.theme)
        if shown == self._shown:
            return
        self._shown = shown
        self.update(self._layout(status, self.size.width), layout=False)

    def on_resize(self) -> None:
        """Lay out anew for the new width."""
        if self._shown is not None and isinstance(status := self._shown[0], Status):
            self._shown = None
            self.show(status)

    def _layout(self, status: Status, width: int) -> Content:
        mode = f" {status.mode} "
        right = [part for part in (status.keys, status.place, status.progress, one_line(status.annotator)) if part]
        words = one_line(status.said or status.title)
        if status.said and len(right) > 1 and cell_len(mode + words) + _cells(right) > width:
            del right[-1]  # who labels is known, what was done is not
            least = min(FEWEST_SAID, cell_len(words))
            if status.progress in right[1:] and cell_len(mode) + least + _cells(right) > width:
                right.remove(status.progress)
        while len(right) > 1 and cell_len(mode) + _cells(right) > width:
            del right[-2 if len(right) > 2 else 0]  # noqa: PLR2004  # the place goes last but one
        tail = "   ".join(right) + " "
        self._places = [(0, cell_len(mode), "mode")]
        at = width - cell_len(tail)
        names = {status.keys: "keys", status.place: "place", status.progress: "progress"}
        for part in right:
            self._places.append((at, at + cell_len(part), names.get(part, "annotator")))
            at += cell_len(part) + 3
        room = width - cell_len(mode) - cell_len(tail) - 2
        if room < cell_len(words):
            words = Content(words).truncate(max(0, room), ellipsis=True).plain if room > 1 else ""
        gap = " " * max(1, width - cell_len(mode) - cell_len(tail) - cell_len(words) - 1)
        style = "$accent" if status.said else "$muted"
        return (
            Content.styled(mode, "bold $background on $primary")
            + Content(" ")
            + Content.styled(words, style)
            + Content(gap)
            + Content.styled(tail, "$foreground")
        )

    def on_click(self, event: events.Click) -> None:
        """Say which part was clicked."""
        for start, end, part in self._places:
            if start <= event.x < end:
                event.stop()
                self.post_message(self.Pressed(part))
                return


def _cells(parts: Sequence[str]) -> int:
    """Return the cells that parts take, each with a gap before it."""
    return sum(cell_len(part) + 3 for part in parts)
