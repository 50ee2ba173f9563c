"""A project that was made for nothing: the import that it was to hold did not come about."""

from __future__ import annotations

import sqlite3
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from annotations.store.project import Project

_IS_USED = "SELECT EXISTS (SELECT 1 FROM threads) OR EXISTS (SELECT 1 FROM annotators) OR EXISTS (SELECT 1 FROM events)"
_COMPANIONS = ("", "-wal", "-shm")


def discard_unused(project: Project) -> bool:
    """Close a project and remove its file, if it holds neither threads nor anybody's work and nobody else has it open.

    Args:
        project: A project that the caller has just made; it is closed in any case.

    Returns:
        Whether it was removed.
    """
    connection = project.connection
    is_unused = False
    try:
        # SQLite leaves WAL mode only for a connection that is the only one, and the lock keeps all others away.
        (mode,) = connection.execute("PRAGMA journal_mode=DELETE").fetchone()
        if mode != "wal":
            connection.execute("BEGIN EXCLUSIVE")
            is_unused = not connection.execute(_IS_USED).fetchone()[0]
        if is_unused:
            for companion in _COMPANIONS:
                project.path.with_name(project.path.name + companion).unlink(missing_ok=True)
    except (sqlite3.Error, OSError):  # somebody has it open, or it cannot be removed: it stays, and does no harm
        is_unused = False
    with suppress(sqlite3.Error):
        if connection.in_transaction:
            connection.execute("ROLLBACK")
    project.close()
    return is_unused
