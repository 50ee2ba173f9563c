"""The undo stack: which of an annotator's commands stand, and which can be done again.

A command is a row of `commands` and the events with its uuid. Everything here runs in the caller's open transaction;
each look-up is one step into the index on annotator and state, however long the history is.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from annotations.store.project import Project


class CommandState(StrEnum):
    """Whether a command stands, has been taken back, or can be neither taken back nor done again."""

    DONE = "done"
    UNDONE = "undone"
    DROPPED = "dropped"


class Command(Struct, frozen=True):
    """One step of an annotator."""

    id: int
    uuid: str
    summary: str


def push_command(project: Project, *, uuid: str, annotator_id: int, summary: str) -> None:
    """Put a command on its annotator's stack; what the annotator had undone can no longer be redone."""
    project.connection.execute(
        "UPDATE commands SET state = 'dropped' WHERE annotator_id = ? AND state = 'undone'", (annotator_id,)
    )
    project.connection.execute(
        "INSERT INTO commands (uuid, annotator_id, summary, state, at) VALUES (?, ?, ?, 'done', ?)",
        (uuid, annotator_id, summary, project.now()),
    )


def next_to_undo(project: Project, annotator_id: int) -> Command | None:
    """Return the annotator's newest command that stands, or None."""
    query = "SELECT id, uuid, summary FROM commands WHERE annotator_id = ? AND state = 'done' ORDER BY id DESC LIMIT 1"
    return _command(project, query, annotator_id)


def next_to_redo(project: Project, annotator_id: int) -> Command | None:
    """Return the annotator's oldest command among those undone, or None."""
    query = "SELECT id, uuid, summary FROM commands WHERE annotator_id = ? AND state = 'undone' ORDER BY id LIMIT 1"
    return _command(project, query, annotator_id)


def set_state(project: Project, command: Command, state: CommandState) -> None:
    """Say where a command stands now."""
    project.connection.execute("UPDATE commands SET state = ? WHERE id = ?", (state.value, command.id))


def _command(project: Project, query: str, annotator_id: int) -> Command | None:
    row = project.connection.execute(query, (annotator_id,)).fetchone()
    return None if row is None else Command(*row)
