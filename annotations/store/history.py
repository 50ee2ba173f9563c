"""The history of a project: who did what, when, and how it was before.

It is append-only: an event for each annotation or review that changed, with the whole row before and after as JSON
(`annotations.store.labels.Row`; of a review, its columns). An event's `origin` names the project that it was made in,
its `sequence` counts that project's events from 1 without a gap: together they name it in any project that it is
merged into.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from annotations.store.json_text import dump_json, load_json

if TYPE_CHECKING:
    from collections.abc import Mapping

    from annotations.store.project import Project


class Cause(StrEnum):
    """Why an event happened."""

    DO = "do"
    UNDO = "undo"
    REDO = "redo"
    IMPORT = "import"


class Action(StrEnum):
    """What happened to an annotation, a review, a note or a flag."""

    APPLY = "apply"
    RETRACT = "retract"
    CHANGE = "change"
    REVIEW = "review"
    UNREVIEW = "unreview"
    NOTE = "note"
    FLAG = "flag"
    UNFLAG = "unflag"


class Event(Struct, frozen=True, kw_only=True):
    """One annotation or review that changed.

    Args:
        id: Its row here; rows are in the order in which this project learnt of the events.
        uuid: Its own name.
        origin: The project in which it happened.
        sequence: Its number in that project, from 1.
        at: When, ISO 8601 in UTC.
        annotator: Whose annotation or review it is.
        annotator_id: The annotator's row.
        command_uuid: The command, or the import, that it belongs to; undoing a command adds events of the same one.
        summary: What the command was, or "" where there is none (an import).
        cause: Why it happened.
        action: What happened.
        thread_id: The thread's row.
        thread: The thread's key.
        post_id: The post's row; None for what is put on a thread.
        post: The post's key, or None.
        annotation_uuid: The annotation; None for a review.
        before: The row as it was; None where there was none.
        after: The row as it became; None where it went.
        adjudicator: Who adjudicated, by name, where it happened to the gold set; else None.
    """

    id: int
    uuid: str
    origin: str
    sequence: int
    at: str
    annotator: str
    annotator_id: int
    command_uuid: str
    summary: str
    cause: Cause
    action: Action
    thread_id: int
    thread: str
    post_id: int | None
    post: str | None
    annotation_uuid: str | None
    before: Mapping[str, object] | None
    after: Mapping[str, object] | None
    adjudicator: str | None = None

    @property
    def who(self) -> str:
        """Whose annotation or review it is, and in the gold set by whom: "gold, as ada"."""
        return self.annotator if self.adjudicator is None else f"{self.annotator}, as {self.adjudicator}"


INSERT_EVENT = """
    INSERT INTO events (id, uuid, origin, sequence, at, annotator_id, adjudicator_id, command_uuid, cause, action,
        thread_id, post_id, annotation_uuid, before, after)
    VALUES (MAX((SELECT COALESCE(MAX(id), 0) + 1 FROM events), ?), ?, ?,
        (SELECT COALESCE(MAX(sequence), 0) + 1 FROM events WHERE origin = ?), ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
"""How an event is written; many at once by `annotations.store.many_reviews`."""


def record_event(  # noqa: PLR0913  # the columns of an event
    project: Project,
    *,
    annotator_id: int,
    command_uuid: str,
    cause: Cause,
    action: Action,
    thread_id: int,
    post_id: int | None = None,
    annotation_uuid: str | None = None,
    before: Mapping[str, object] | None = None,
    after: Mapping[str, object] | None = None,
    adjudicator_id: int | None = None,
) -> int:
    """Append an event to the history, in the open transaction; what is told here can be undone.

    An import that moves spans says so with the cause `IMPORT` and one `command_uuid` of its own, without a command.

    Args:
        project: The project, with a transaction open: it makes the sequence gapless across processes.
        annotator_id: Whose annotation or review it is.
        command_uuid: What the event belongs to.
        cause: Why it happened.
        action: What happened.
        thread_id: The thread's row.
        post_id: The post's row, None for what is put on a thread.
        annotation_uuid: The annotation, None for a review.
        before: The row as it was (`labels.load_row`), None for what is new.
        after: The row as it is now, None for what is gone.
        adjudicator_id: Who does it, where it is the gold set's.

    Returns:
        The event's row. It is never below that of the annotation in `after`, so that `labels.new_annotation_id`,
        which counts on from the events, never gives the row of an annotation that was taken off to another.
    """
    annotation_id = 0 if after is None else after.get("id", 0)
    what = (annotator_id, adjudicator_id, command_uuid, cause.value, action.value, thread_id, post_id, annotation_uuid)
    identity = (annotation_id, project.new_id(), project.origin, project.origin, project.now())
    cursor = project.connection.execute(INSERT_EVENT, (*identity, *what, _to_json(before), _to_json(after)))
    return cursor.lastrowid or 0


EVENTS = """
    SELECT e.id, e.uuid, e.origin, e.sequence, e.at, r.name, e.annotator_id, e.command_uuid, COALESCE(c.summary, ''),
        e.cause, e.action, e.thread_id, t.key, e.post_id, p.key, e.annotation_uuid, e.before, e.after, j.name
    FROM events AS e
    JOIN annotators AS r ON r.id = e.annotator_id
    LEFT JOIN annotators AS j ON j.id = e.adjudicator_id
    JOIN threads AS t ON t.id = e.thread_id
    LEFT JOIN posts AS p ON p.id = e.post_id
    LEFT JOIN commands AS c ON c.uuid = e.command_uuid
"""
"""What `read_event` reads."""


def last_event_id(project: Project) -> int:
    """Return the row of the newest event, 0 before the first: the point from which to ask `changes_since`."""
    row = project.connection.execute("SELECT MAX(id) FROM events").fetchone()
    return row[0] or 0


def changes_since(project: Project, event_id: int) -> list[Event]:
    """Return what happened after the event of that row, oldest first: by this process, by another, or by a merge.

    It costs a look at the end of one index where nothing has happened.
    """
    with project.reading():
        rows = project.connection.execute(EVENTS + " WHERE e.id > ? ORDER BY e.id", (event_id,)).fetchall()
    return [read_event(row) for row in rows]


class Watch:
    """Tells a terminal what other processes have done since it last asked.

    Asking is cheap enough for a timer: `PRAGMA data_version` says, without reading a table, whether another
    connection has written (sqlite.org/pragma.html#pragma_data_version).
    """

    def __init__(self, project: Project) -> None:
        self._project = project
        self._version = self._data_version()
        self._event_id = last_event_id(project)

    def poll(self) -> list[Event]:
        """Return what has happened since, oldest first; own events stand among those of others."""
        version = self._data_version()
        if version == self._version:
            return []
        happened = changes_since(self._project, self._event_id)
        self._version = version
        if happened:
            self._event_id = happened[-1].id
        return happened

    def _data_version(self) -> int:
        with self._project.reading():
            row = self._project.connection.execute("PRAGMA data_version").fetchone()
        return int(row[0])


def latest_events(project: Project, command_uuid: str) -> list[Event]:
    """Return what the last doing, undoing or redoing of a command did, newest first.

    Doing and undoing take turns, so the last turn is the run of equal causes at the end: a command that was undone and
    redone a hundred times costs no more than one done once.
    """
    rows = project.connection.execute(EVENTS + " WHERE e.command_uuid = ? ORDER BY e.id DESC", (command_uuid,))
    run: list[Event] = []
    for event in map(read_event, rows):
        if run and event.cause is not run[0].cause:
            break
        run.append(event)
    return run


def read_event(row: tuple[Any, ...]) -> Event:
    """Return the event of a row that `EVENTS` selects."""
    return Event(
        id=row[0],
        uuid=row[1],
        origin=row[2],
        sequence=row[3],
        at=row[4],
        annotator=row[5],
        annotator_id=row[6],
        command_uuid=row[7],
        summary=row[8],
        cause=Cause(row[9]),
        action=Action(row[10]),
        thread_id=row[11],
        thread=row[12],
        post_id=row[13],
        post=row[14],
        annotation_uuid=row[15],
        before=_from_json(row[16]),
        after=_from_json(row[17]),
        adjudicator=row[18],
    )


def _to_json(row: Mapping[str, object] | None) -> str | None:
    return None if row is None else dump_json(row)


def _from_json(source: str | None) -> Mapping[str, object] | None:
    if source is None:
        return None
    row: Mapping[str, object] = load_json(source)
    return row
