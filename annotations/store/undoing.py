"""Undo and redo: an annotator's newest command taken back, or done again, as events of their own."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

from annotations.errors import RuleError
from annotations.store import commands
from annotations.store.commands import CommandState
from annotations.store.history import Cause, latest_events
from annotations.store.writing import Writing

if TYPE_CHECKING:
    from annotations.store.project import Project
    from annotations.store.writing import Change


def undo_command(project: Project, annotator_id: int, adjudicator_id: int | None = None) -> Change | None:
    """Take back the annotator's newest command that stands; None if there is none.

    Raises:
        RuleError: If what it did no longer stands: nothing is changed, and the command leaves the stack, so that the
            next undo goes on with the one before.
        ProjectError: If the project cannot be written.
    """
    return _revert(project, annotator_id, adjudicator_id, Cause.UNDO)


def redo_command(project: Project, annotator_id: int, adjudicator_id: int | None = None) -> Change | None:
    """Do the annotator's oldest undone command again; None if there is none.

    Raises:
        RuleError: If that is no longer possible; it then leaves the stack, and nothing is changed.
        ProjectError: If the project cannot be written.
    """
    return _revert(project, annotator_id, adjudicator_id, Cause.REDO)


def revert_size(project: Project, annotator_id: int, most: int, *, is_redo: bool = False) -> int:
    """Return how many events an undo, or a redo, would revert: `most` at most; 0 if there is nothing to revert."""
    find = commands.next_to_redo if is_redo else commands.next_to_undo
    with project.reading():
        command = find(project, annotator_id)
        if command is None:
            return 0
        query = "SELECT COUNT(*) FROM (SELECT 1 FROM events WHERE command_uuid = ? AND cause = 'do' LIMIT ?)"
        count: int = project.connection.execute(query, (command.uuid, most)).fetchone()[0]
    return count


def _revert(project: Project, annotator_id: int, adjudicator_id: int | None, cause: Cause) -> Change | None:
    is_undo = cause is Cause.UNDO
    with project.transaction() as connection:
        find = commands.next_to_undo if is_undo else commands.next_to_redo
        command = find(project, annotator_id)
        if command is None:
            return None
        writing = Writing(project, annotator_id, cause=cause, command_uuid=command.uuid, adjudicator_id=adjudicator_id)
        obstacle = ""
        connection.execute("SAVEPOINT revert")
        try:
            writing.revert_all(latest_events(project, command.uuid))
        except RuleError as error:
            obstacle = error.message
        except sqlite3.IntegrityError:
            obstacle = "it does not fit what stands there now"
        if obstacle:
            connection.execute("ROLLBACK TO revert")
            commands.set_state(project, command, CommandState.DROPPED)
        else:
            commands.set_state(project, command, CommandState.UNDONE if is_undo else CommandState.DONE)
    if obstacle:
        raise RuleError(
            f"“{command.summary}” cannot be {'undone' if is_undo else 'redone'}: {obstacle}",
            f"It is skipped; {'undo' if is_undo else 'redo'} again goes on with the next one.",
        )
    return writing.changes(f"{'Undone' if is_undo else 'Redone'}: {command.summary}")
