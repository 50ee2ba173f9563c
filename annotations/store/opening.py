"""How a project file is opened: refused, connected to, made, brought up to date."""

from __future__ import annotations

import os
import sqlite3
from contextlib import contextmanager
from time import monotonic
from typing import TYPE_CHECKING

from annotations.errors import ProjectError
from annotations.store.failures import primary_code, shown

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from annotations.work import Work

APPLICATION_ID = 0x504F5354
"""`PRAGMA application_id` of every project: "POST" in ASCII."""

SCHEMA_VERSION = 5
"""`PRAGMA user_version` of a project that is up to date: how many migrations it has seen."""

BUSY_TIMEOUT = 5000
"""Milliseconds to wait for another program that is writing, where that keeps from reading."""

PATIENCE = 12
"""How many times as long to wait before writing: the other program may be storing a thread of a million comments, which takes
half a minute; who labels in another terminal meanwhile is to wait and not to be refused."""

_NO_WAL = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_PROTOCOL, sqlite3.SQLITE_CANTOPEN}
"""What SQLite says where somebody else is at work, and where programs cannot share memory, as on network drives."""

_GLANCE = 40
"""Milliseconds of that in one go: SQLite cannot be interrupted while it waits."""


def check_file(path: Path, *, create: bool) -> bool:
    """Refuse what cannot be a project file without touching its content; tell whether there is no such file yet."""
    try:
        if path.is_dir():
            raise ProjectError(f"{shown(path)} is a folder, not a project", "Name the project file in it.")
        if path.exists() and not path.is_file():
            raise ProjectError(f"{shown(path)} is not a regular file", "A project is one SQLite file.")
        if not path.exists():
            if not path.parent.is_dir():
                raise ProjectError(
                    f"The folder {shown(path.parent)} does not exist", "Make it first, or name another one."
                )
            if not create:
                raise ProjectError(f"There is no project at {shown(path)}", "Import a source to begin one there.")
            return True
        if not os.access(path, os.R_OK, effective_ids=os.access in os.supports_effective_ids):
            raise ProjectError(f"{shown(path)} may not be read", "Ask its owner for the permission to read it.")
    except (OSError, ValueError) as error:  # a name too long, a loop of links, a folder that may not be entered
        raise ProjectError(f"{shown(path)} cannot be opened: {error}", "Name another file.") from error
    return False


def connect(path: Path, *, read_only: bool, is_absent: bool) -> tuple[sqlite3.Connection, bool]:
    """Return a connection and whether it can only read."""
    if is_absent:
        return _open_file(path, "mode=rwc"), False
    if not read_only and _is_writable(path) and _is_writable(path.parent):
        connection = _open_file(path, "mode=rw")
        return connection if _can_be_read(connection) else _out_of_wal(path), False
    connection = _open_file(path, "mode=ro")
    try:
        connection.execute("PRAGMA schema_version").fetchone()
    except sqlite3.OperationalError as error:
        connection.close()
        if primary_code(error) not in {sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY}:
            raise
        # A project in WAL mode needs a place for its -shm file. Where there is none, and nothing waits in the log,
        # the file cannot change under our eyes either: SQLite may read it without locks.
        log = path.with_name(path.name + "-wal")
        if log.exists() and log.stat().st_size:
            raise ProjectError(
                f"{shown(path)} was not closed properly and can only be read here",
                f"Copy it together with {shown(log.name)} to a folder where you may write, and open it there.",
            ) from error
        connection = _open_file(path, "immutable=1")
    connection.execute("PRAGMA query_only=ON")
    return connection, True


def _open_file(path: Path, how: str) -> sqlite3.Connection:
    """Return a connection to `path`, opened with SQLite's URI parameter `how`."""
    uri = f"{path.absolute().as_uri()}?{how}"
    return sqlite3.connect(uri, uri=True, isolation_level=None, timeout=BUSY_TIMEOUT / 1000)


def _can_be_read(connection: sqlite3.Connection) -> bool:
    """Tell whether what is in WAL mode can be read here; close the connection if not. Other errors are left to others."""
    try:
        connection.execute("PRAGMA schema_version").fetchone()
    except sqlite3.OperationalError as error:
        if primary_code(error) in _NO_WAL - {sqlite3.SQLITE_BUSY}:
            connection.close()
            return False
    except sqlite3.Error:
        pass
    return True


def _out_of_wal(path: Path) -> sqlite3.Connection:
    """Take a project that was made elsewhere out of WAL mode, on a drive where programs cannot share memory.

    Nobody else may have it open for that moment. It goes back into WAL mode where it is opened next and that works.
    """
    connection = _open_file(path, "mode=rw")
    try:
        connection.execute("PRAGMA locking_mode=EXCLUSIVE")  # a log that one connection has for itself needs no sharing
        connection.execute("PRAGMA journal_mode=DELETE")
    finally:
        connection.close()
    return _open_file(path, "mode=rw")


def file_identity(path: Path) -> tuple[int, int] | None:
    """Return what tells a file from others, whatever they are called; None if there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _is_writable(path: Path) -> bool:
    return os.access(path, os.W_OK, effective_ids=os.access in os.supports_effective_ids)


def read_version(connection: sqlite3.Connection, path: Path, *, create: bool) -> int:
    """Return the schema version of the project, 0 for one that is yet to be made; refuse what is no project of ours."""
    application_id, version, pages = (
        int(connection.execute(f"PRAGMA {name}").fetchone()[0])
        for name in ("application_id", "user_version", "page_count")
    )
    if not pages:
        if path.stat().st_size:  # less than a page: SQLite takes a few bytes for an empty database
            raise ProjectError(f"{shown(path)} is not a Postil project", "If it is a source to annotate, import it.")
        if create:
            return 0
        raise ProjectError(f"{shown(path)} is empty, not a project", "Import a source to begin a project there.")
    if application_id != APPLICATION_ID:
        raise ProjectError(f"{shown(path)} is an SQLite database but not a Postil project", "Name another file.")
    if version > SCHEMA_VERSION:
        raise ProjectError(
            f"{shown(path)} was made by a newer Postil (schema {version}, this one knows {SCHEMA_VERSION})",
            "Upgrade Postil to open it: pip install --upgrade postil",
        )
    return version


def bring_up_to_date(  # noqa: PLR0913  # what a new project begins with, too
    connection: sqlite3.Connection, path: Path, *, is_read_only: bool, now: str, origin: str, work: Work
) -> None:
    """Make the schema, or migrate it: all in one transaction, so that a crash leaves what was there before."""
    if is_read_only:
        raise ProjectError(
            f"{shown(path)} was made by an older Postil and can only be read here",
            "Open it once where it can be written; that brings it up to date.",
        )
    from annotations.store.doing_without import doing_without  # noqa: PLC0415  # loaded on use

    with doing_without("numpy", "pandas"):  # where they are there it loads them, to store numbers of theirs
        from sqlite_utils import Database  # noqa: PLC0415  # loaded on use

        from annotations.store.migrations import project_migrations, watching  # noqa: PLC0415  # imports sqlite_utils

    database = Database(connection, execute_plugins=False)
    # A migration may rebuild a table that others refer to; SQLite ignores this setting inside a transaction.
    connection.execute("PRAGMA foreign_keys=OFF")
    with atomic(connection):
        if connection.execute("PRAGMA user_version").fetchone()[0] < SCHEMA_VERSION:  # else another process did it
            token = watching.set(work)
            try:
                project_migrations.apply(database)
            finally:
                watching.reset(token)
            connection.executemany(
                "INSERT OR IGNORE INTO settings (name, value) VALUES (?, ?)", [("origin", origin), ("created_at", now)]
            )
            connection.execute(f"PRAGMA application_id={APPLICATION_ID}")
            connection.execute(f"PRAGMA user_version={SCHEMA_VERSION}")
            if connection.execute("PRAGMA foreign_key_check").fetchone() is not None:
                raise ProjectError(
                    f"{shown(path)} cannot be brought up to date: rows refer to what is not there",
                    "It was left as it was; check it with the Postil that made it.",
                )
    connection.execute("PRAGMA foreign_keys=ON")


def make_safe(connection: sqlite3.Connection) -> None:
    """Let SQLite enforce foreign keys and wait for the disk at each commit; both last as long as the connection."""
    connection.execute("PRAGMA foreign_keys=ON")
    connection.execute("PRAGMA synchronous=FULL")


def enter_wal(connection: sqlite3.Connection) -> None:
    """Let readers and a writer work at the same time, where the file system can."""
    if connection.execute("PRAGMA journal_mode").fetchone()[0] == "wal":
        return
    try:
        connection.execute("PRAGMA journal_mode=WAL")
    except sqlite3.OperationalError as error:
        if primary_code(error) not in _NO_WAL:
            raise  # a rollback journal is as durable: the next one to open the project alone will set it


@contextmanager
def atomic(connection: sqlite3.Connection, work: Work | None = None, *, is_patient: bool = True) -> Iterator[None]:
    """Do all of the block or nothing of it.

    Args:
        connection: The connection.
        work: What may stop the waiting for another program.
        is_patient: Whether to wait for one that takes longer than a moment.
    """
    _begin(connection, work, PATIENCE * BUSY_TIMEOUT / 1000 if is_patient else 0)
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:  # some errors, such as a full disk, have rolled back already
            connection.execute("ROLLBACK")
        raise


def _begin(connection: sqlite3.Connection, work: Work | None, seconds: float) -> None:
    """Begin to write, as soon as no other program does."""
    deadline = monotonic() + seconds
    connection.execute(f"PRAGMA busy_timeout={_GLANCE}")
    try:
        while True:
            try:
                connection.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError as error:
                if primary_code(error) != sqlite3.SQLITE_BUSY or monotonic() > deadline:
                    raise
            else:
                return
            if work is not None:
                work.check()
    finally:
        connection.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT}")


def is_locked(connection: sqlite3.Connection) -> bool:
    """Tell whether another connection is writing now, without waiting and without writing."""
    connection.execute("PRAGMA busy_timeout=0")
    try:
        connection.execute("BEGIN IMMEDIATE")
    except sqlite3.OperationalError as error:
        if primary_code(error) != sqlite3.SQLITE_BUSY:
            raise
        return True
    else:
        connection.execute("ROLLBACK")
        return False
    finally:
        connection.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT}")
