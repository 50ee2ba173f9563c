"""What SQLite's errors mean for the analyst."""

from __future__ import annotations

import os
import sqlite3
from contextlib import contextmanager
from typing import TYPE_CHECKING

from annotations.errors import ProjectBusyError, ProjectError
from annotations.work import WorkCancelledError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from annotations.errors import PostilError

_PRIMARY_CODE = 0xFF
"""An extended result code holds the primary one in its lowest byte (sqlite.org/rescode.html)."""

_MEANINGS: dict[int, tuple[str, str]] = {
    sqlite3.SQLITE_BUSY: (
        "{path} is locked by another program",
        "Close what else has the project open, or wait until it has finished writing; then try again.",
    ),
    sqlite3.SQLITE_FULL: (
        "{path} cannot be written: the disk is full",
        "Nothing of this step was stored, what stood there before is safe. Make room, then try again.",
    ),
    sqlite3.SQLITE_READONLY: (
        "{path} can only be read",
        "Copy the project to a folder where you may write, or change the permissions of the file and its folder.",
    ),
    sqlite3.SQLITE_CANTOPEN: (
        "{path} cannot be opened",
        "Check that its folder exists and that you may read and write the file and its folder.",
    ),
    sqlite3.SQLITE_CORRUPT: (
        "{path} is damaged",
        "Go back to a copy of it; what is still readable can be saved with: sqlite3 FILE .recover",
    ),
    sqlite3.SQLITE_NOTADB: (
        "{path} is not a Postil project",
        "A project is one SQLite file. If this is a source to annotate, import it.",
    ),
    sqlite3.SQLITE_IOERR: (
        "{path} cannot be read or written: the disk reports an error",
        "Check the disk or the network drive, then try again; what was stored before is safe.",
    ),
    sqlite3.SQLITE_PROTOCOL: (
        "{path} is on a drive where programs cannot share a file",
        "Close it everywhere else, or copy it to a drive of this computer and open it there.",
    ),
    sqlite3.SQLITE_TOOBIG: (
        "{path} cannot hold a text that long",
        "SQLite stores up to 1,000,000,000 bytes in one value; split the source.",
    ),
}
_MEANINGS[sqlite3.SQLITE_LOCKED] = _MEANINGS[sqlite3.SQLITE_BUSY]
_MEANINGS[sqlite3.SQLITE_PERM] = _MEANINGS[sqlite3.SQLITE_CANTOPEN]
_MEANINGS[sqlite3.SQLITE_AUTH] = _MEANINGS[sqlite3.SQLITE_CANTOPEN]

_BUSY = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}

_OUR_MISTAKES = (
    sqlite3.IntegrityError,
    sqlite3.ProgrammingError,
    sqlite3.InterfaceError,
    sqlite3.NotSupportedError,
    sqlite3.DataError,
)
"""Errors of the program, not of the file; SQLITE_TOOBIG alone is a DataError that the analyst can act on."""


def primary_code(error: sqlite3.Error) -> int:
    """Return SQLite's primary result code of `error`, SQLITE_ERROR where it carries none."""
    return getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & _PRIMARY_CODE


def shown(path: Path | str) -> str:
    """Return a path for a message: what cannot be printed in a file's name becomes U+FFFD."""
    text = os.fsencode(path).decode("utf-8", "replace")
    return "".join(sign if sign.isprintable() else "\ufffd" for sign in text)


def project_error(error: sqlite3.Error, path: Path) -> PostilError:
    """Return what `error` means for the analyst who works on the project at `path`."""
    if primary_code(error) == sqlite3.SQLITE_INTERRUPT:  # nothing but our own work interrupts a statement
        return WorkCancelledError()
    message, hint = _MEANINGS.get(
        primary_code(error),
        (f"{{path}} cannot be used: {error}", "Check the project with: postil check"),
    )
    kind = ProjectBusyError if primary_code(error) in _BUSY else ProjectError
    return kind(message.replace("{path}", shown(path)), hint)


@contextmanager
def reported(path: Path) -> Iterator[None]:
    """Turn SQLite's errors about the file at `path` into `ProjectError`; mistakes of the program pass through."""
    try:
        yield
    except sqlite3.Error as error:
        if isinstance(error, _OUR_MISTAKES) and primary_code(error) != sqlite3.SQLITE_TOOBIG:
            raise
        raise project_error(error, path) from error
