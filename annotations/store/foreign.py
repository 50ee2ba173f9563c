"""SQLite files that are not Postil's: tables of other programs, read and never written.

A file may be made to do harm: its views, triggers and functions are not trusted (sqlite.org/security.html), only ordinary
tables are read, and what takes long can be cancelled.
"""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager
from typing import TYPE_CHECKING, Self

from annotations.errors import SourceError
from annotations.store.failures import primary_code
from annotations.work import INSTRUCTIONS, Work, WorkCancelledError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path
    from types import TracebackType

_LONGEST = 1 << 26
"""Bytes that a value may have."""

_LARGEST = 1 << 30
"""Bytes of a database that has no file of its own and is read into memory."""


class ForeignDatabase:
    """Another program's database, open for reading; a context manager.

    Args:
        shown: What to call it in a sentence.
        path: Where it is; None if it has no file of its own.
        raw: Its bytes, for one that has none.
        work: What may stop it.

    Raises:
        SourceError: If it cannot be read, or is no SQLite database.
    """

    def __init__(self, shown: str, path: Path | None, raw: bytes = b"", work: Work | None = None) -> None:
        self._shown = shown
        self._work = work or Work()
        with self._reported():
            self._connection = _connect(path) if path is not None else _load(shown, raw)
        try:
            self._prepare()
        except BaseException:
            self._connection.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._connection.close()

    def columns(self, table: str) -> tuple[str, ...]:
        """Return the names of a table's columns; none if there is no ordinary table of that name."""
        with self._reported():
            found = self._connection.execute(
                "SELECT sql FROM sqlite_master WHERE type = 'table' AND name = ?", (table,)
            ).fetchone()
            if found is None or str(found[0]).lstrip().upper().startswith("CREATE VIRTUAL"):
                return ()
            rows = self._connection.execute(f"PRAGMA table_info({_quoted(table)})")
            return tuple(str(row[1]) for row in rows)

    def rows(self, table: str, order: Sequence[str]) -> Iterator[dict[str, object]]:
        """Yield the rows of a table by the names of its columns, in the order of some of these."""
        names = self.columns(table)
        if not names:
            return
        by = ", ".join(_quoted(column) for column in order if column in names)
        query = f"SELECT * FROM {_quoted(table)}{f' ORDER BY {by}' if by else ''}"  # noqa: S608  # names of the file's own, quoted
        with self._reported():
            found = self._connection.execute(query)
        while True:
            with self._reported():
                row = found.fetchone()
            if row is None:
                return
            yield dict(zip(names, row, strict=False))

    def _prepare(self) -> None:
        connection = self._connection
        connection.text_factory = lambda raw: raw.decode("utf-8", "replace")
        connection.set_progress_handler(self._work.must_stop, INSTRUCTIONS)
        connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _LONGEST)
        with self._reported():
            connection.execute("PRAGMA query_only=ON")
            connection.execute("PRAGMA trusted_schema=OFF")
            connection.execute("PRAGMA cell_size_check=ON")
            connection.execute("PRAGMA mmap_size=0")
            connection.execute("SELECT COUNT(*) FROM sqlite_master")

    @contextmanager
    def _reported(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, OverflowError, ValueError) as error:
            if isinstance(error, sqlite3.Error) and primary_code(error) == sqlite3.SQLITE_INTERRUPT:
                raise WorkCancelledError from error
            raise SourceError(
                f"{self._shown} cannot be read as an SQLite database: {error}",
                "A damaged one can often be saved with sqlite3’s command “.recover”.",
            ) from error


def _connect(path: Path) -> sqlite3.Connection:
    """Open a file for reading; in a folder where nothing can be written, as it is, without what is in a journal beside it."""
    address = path.resolve().as_uri()
    connection = sqlite3.connect(f"{address}?mode=ro", uri=True)
    try:
        connection.execute("SELECT COUNT(*) FROM sqlite_master")
    except sqlite3.OperationalError as error:
        connection.close()
        if primary_code(error) not in {sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY}:
            raise
        return sqlite3.connect(f"{address}?mode=ro&immutable=1", uri=True)
    except BaseException:
        connection.close()
        raise
    return connection


def _load(shown: str, raw: bytes) -> sqlite3.Connection:
    if len(raw) > _LARGEST:
        raise SourceError(
            f"{shown} is too large to be read from a stream or an archive", "Unpack it, and name the file."
        )
    connection = sqlite3.connect(":memory:")
    try:
        # A database that was in WAL mode cannot be opened from memory: bytes 18 and 19 say so (sqlite.org/fileformat2.html).
        connection.deserialize(raw[:18] + b"\x01\x01" + raw[20:] if raw[18:20] == b"\x02\x02" else raw)
    except BaseException:
        connection.close()
        raise
    return connection


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
