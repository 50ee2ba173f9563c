"""Events of the history as rows: only those in view are read from the project, the others are numbers."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from typing import TYPE_CHECKING

from annotations.event_filter import DONE
from annotations.store.codebooks import label_names
from annotations.store.history import Cause
from annotations.store.past import load_events
from tui.text.ago import ago, exact
from tui.text.table import Column, arrange_columns, fill
from tui.text.visible import one_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from rich.style import Style

    from annotations.store.history import Event
    from annotations.store.project import Project
    from tui.text.table import Place
    from tui.widgets.pane_styles import PaneStyles

WHEN, WHO, WHAT, LABEL, POST, THREAD, WORDS = "when", "who", "what", "label", "post", "thread", "words"
COLUMNS = (
    Column(WHEN, "When", 15),
    Column(WHO, "Who", 8, most=12, rank=2),
    Column(WHAT, "What", 18),
    Column(LABEL, "Label", 11, most=16, rank=1),
    Column(POST, "Post", 7, most=9, rank=3),
    Column(WORDS, "Words", 14, liked=28, most=100, rank=4),
    Column(THREAD, "Thread", 12, most=28, rank=6),
)

PAGE = 64
"""Events that are read together."""
KEPT = 1_024
"""Events that stay in memory."""
QUOTED = 60
"""Characters of a note or a quote that a line shows."""

_CAUSES = {Cause.DO: "", Cause.UNDO: ", undo", Cause.REDO: ", redo", Cause.IMPORT: ", import"}


class HistoryTable:
    """The rows of the history; a `RowSource`.

    Args:
        project: The project, on the connection of the app.
        now: What time it is, ISO 8601 in UTC.
    """

    def __init__(self, project: Project, now: str) -> None:
        self.now = now
        self.ids = array("q")
        self.places: list[Place] = []
        self._project = project
        self._events: dict[int, Event] = {}
        self._names: Mapping[str, str] = label_names(project)

    def __len__(self) -> int:
        return len(self.ids)

    def take(self, ids: Iterable[int]) -> None:
        """Show these events, too, below the others."""
        self.ids.extend(ids)

    def index_of(self, event_id: int) -> int:
        """Return where an event stands, the newest first; where it is not shown, the place of the first."""
        index = bisect_left(self.ids, -event_id, key=lambda other: -other)
        return index if index < len(self.ids) and self.ids[index] == event_id else 0

    def set_width(self, width: int) -> None:
        """Choose the columns that fit."""
        self.places = arrange_columns(COLUMNS, width)

    def event(self, index: int) -> Event | None:
        """Return an event, reading the page that it stands on where that is not at hand."""
        event_id = self.ids[index]
        if event_id not in self._events:
            if len(self._events) > KEPT:
                self._events.clear()
            first = index // PAGE * PAGE
            self._events.update(load_events(self._project, self.ids[first : first + PAGE]))
        return self._events.get(event_id)

    def draw(self, index: int, width: int, styles: PaneStyles, *, is_focused: bool) -> list[list[tuple[str, Style]]]:
        """Return the row of an event."""
        event = self.event(index)
        if event is None:
            return [[]]
        row: list[tuple[str, Style]] = []
        at = 0
        for place in self.places:
            text, purpose = self._cell(event, place.column.id)
            gap = " " * (place.start - at)
            row.append((gap + fill(one_line(text), place.width), styles.plain(purpose, is_focused=is_focused)))
            at = place.start + place.width
        row.append((" " * max(0, width - at), styles.plain("body", is_focused=is_focused)))
        return [row]

    def _cell(self, event: Event, column: str) -> tuple[str, str]:
        """Return what a cell says, and the purpose of its style."""
        if column == WORDS:
            state = event.after or event.before or {}
            return str(state.get("exact") or state.get("note") or ""), "quote"
        return {
            WHEN: (ago(event.at, self.now), "muted"),
            WHO: (event.who, "author"),
            WHAT: (what_happened(event), "body" if event.cause is Cause.DO else "muted"),
            LABEL: (self.label_name(event), "unread"),
            POST: (event.post or "thread", "body"),
            THREAD: (event.thread, "muted"),
        }[column]

    def label_name(self, event: Event) -> str:
        """Return how the label of an event's annotation is called; "" where there is none."""
        label = (event.after or event.before or {}).get("label")
        return "" if label is None else self._names.get(str(label), str(label))

    def describe(self, event: Event) -> list[str]:
        """Return two lines on an event: what the step was and when, and how it was before and after."""
        first = [exact(event.at), event.who, event.summary or what_happened(event), event.thread]
        return ["   ".join(one_line(part) for part in first), one_line(self._difference(event))]

    def _difference(self, event: Event) -> str:
        before, after = event.before, event.after
        if before is None or after is None:
            state = after or before or {}
            said = [_quoted(state.get("exact")), _named("note", state.get("note")), _attributes(state)]
            return "   ".join(part for part in said if part)
        changes = []
        if before.get("label") != after.get("label"):
            changes.append(" → ".join(self._names.get(str(row.get("label")), "") for row in (before, after)))
        if before.get("exact") != after.get("exact"):
            changes.append(f"{_quoted(before.get('exact'))} → {_quoted(after.get('exact'))}")
        elif before.get("start_char") != after.get("start_char"):
            changes.append(f"at {before.get('start_char')} → at {after.get('start_char')}")
        if before.get("is_detached") != after.get("is_detached"):
            changes.append("detached" if after.get("is_detached") else "attached again")
        if before.get("note") != after.get("note"):
            changes.append(f"note {_quoted(before.get('note')) or 'none'} → {_quoted(after.get('note')) or 'none'}")
        if before.get("attributes") != after.get("attributes"):
            changes.append(f"{_attributes(before) or 'no attributes'} → {_attributes(after) or 'none'}")
        return "   ".join(changes)


def what_happened(event: Event) -> str:
    """Return what an event did, and why if not because somebody did it."""
    return f"{DONE[event.action]}{_CAUSES[event.cause]}"


def _quoted(text: object) -> str:
    words = one_line(str(text)) if text else ""
    return f"“{words if len(words) <= QUOTED else words[: QUOTED - 1].rstrip() + '…'}”" if words else ""


def _named(name: str, text: object) -> str:
    return f"{name} {_quoted(text)}" if text else ""


def _attributes(state: Mapping[str, object]) -> str:
    """Return the attributes of a row, which keeps them as JSON, in words."""
    from annotations.store.json_text import load_json  # noqa: PLC0415  # loaded on use

    try:
        values = load_json(str(state.get("attributes") or "{}"))
    except ValueError:
        return ""
    return ", ".join(f"{name} {value}" for name, value in values.items()) if isinstance(values, dict) else ""
