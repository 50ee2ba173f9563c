"""A place on the disk for names of which each is wanted once, in the order in which they came: there may be a million.

The file is one of SQLite's own temporary ones, as that of `annotations.store.spool`.
"""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING, Self

from annotations.store.spool import SpoolError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import TracebackType

_BATCH = 1000
"""Names that are written at once."""


class NameSpool:
    """Names on the disk, each once; a context manager, which gives the space back."""

    def __init__(self) -> None:
        self._waiting: dict[str, None] = {}
        self._connection = sqlite3.connect("", isolation_level=None)
        for statement in ("PRAGMA journal_mode=OFF", "PRAGMA synchronous=OFF", "PRAGMA cache_size=-8000"):
            self._connection.execute(statement)
        self._connection.execute("CREATE TABLE names (at INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE)")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._connection.close()

    def add(self, name: str) -> None:
        """Add a name, unless it is there.

        Raises:
            SpoolError: If there is no room on the disk.
        """
        self._waiting[name] = None
        if len(self._waiting) >= _BATCH:
            self._write()

    def __iter__(self) -> Iterator[str]:
        """Yield the names in the order in which they came; none is to be added meanwhile.

        Raises:
            SpoolError: If there is no room on the disk.
        """
        self._write()
        for (name,) in self._connection.execute("SELECT name FROM names ORDER BY at"):
            yield name

    def _write(self) -> None:
        try:
            self._connection.execute("BEGIN")
            self._connection.executemany(
                "INSERT OR IGNORE INTO names (name) VALUES (?)", ((name,) for name in self._waiting)
            )
            self._connection.execute("COMMIT")
        except sqlite3.OperationalError as error:
            raise SpoolError(
                f"The temporary file for names cannot be used: {error}",
                "Make room on the disk, or name a folder on another one in the environment variable TMPDIR.",
            ) from error
        self._waiting.clear()
