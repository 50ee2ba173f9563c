"""The project's file as it is on disk, hashed while other things are done.

In WAL mode the last changes may stand in a file beside it (sqlite.org/wal.html). `bring_log_in` writes them into the file where it
can; as long as a snapshot is open after that, nobody writes to the file: what is hashed is what the snapshot shows.
"""

from __future__ import annotations

import hashlib
import os
from contextlib import contextmanager, suppress
from threading import Thread
from typing import TYPE_CHECKING

from msgspec import Struct

from annotations.errors import ProjectError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from annotations.store.project import Project

_CHUNK = 1 << 20
_LOG = "-wal"

_kept: dict[tuple[int, int], int] = {}
"""Descriptors of project files by device and number of the file, which stay open: to close one gives up the locks of all
connections of this process to that file, a rule of POSIX ("How To Corrupt An SQLite Database File", sqlite.org)."""

_MOST_KEPT = 64
"""Files of which a process keeps a descriptor: more projects than anybody has open; of an older one it is closed."""


class FileHash(Struct, frozen=True, kw_only=True):
    """What a file was.

    Args:
        name: Its name, without its folder.
        size: In bytes.
        sha256: The hash of these bytes.
    """

    name: str
    size: int
    sha256: str


class ProjectFile:
    """A project's file whose hash is being made.

    Args:
        project: The project, in a snapshot.
    """

    def __init__(self, project: Project) -> None:
        self._path = project.path
        self._is_needed = True
        self._found: list[FileHash] = []
        self._error: OSError | None = None
        log = project.path.with_name(project.path.name + _LOG)
        self._sizes = {path: _size(path) for path in (project.path, log)}
        self._thread = Thread(target=self._hash_all, name="hashing the project", daemon=True)
        self._thread.start()

    def result(self) -> tuple[FileHash, FileHash | None]:
        """Wait for the hash of the file, and of the log beside it; None if there is nothing in that.

        Raises:
            ProjectError: If the file cannot be read.
        """
        self._thread.join()
        if self._error is not None or not self._found:
            raise ProjectError(f"{self._path} cannot be read: {self._error}", "See whether the file is still there.")
        file, *log = self._found
        return file, (log[0] if log else None)

    def forget(self) -> None:
        """Stop, if the hash is not needed any more."""
        self._is_needed = False
        self._thread.join()

    def _hash_all(self) -> None:
        try:
            for path, size in self._sizes.items():
                if size or path == self._path:
                    self._found.append(FileHash(name=path.name, size=size, sha256=self._hash(path, size)))
        except OSError as error:
            self._error = error

    def _hash(self, path: Path, size: int) -> str:
        found = hashlib.sha256()
        with _reader(path, is_kept=path == self._path) as read:
            place = 0
            while place < size and self._is_needed:
                chunk = read(place, min(_CHUNK, size - place))
                if not chunk:
                    break
                found.update(chunk)
                place += len(chunk)
        return found.hexdigest()


def bring_log_in(project: Project) -> None:
    """Write what stands in the log into the project's file, as far as nobody else is at it; it waits for nobody."""
    if project.is_read_only or project.connection.in_transaction:
        return
    with suppress(ProjectError), project.reading():
        patience = project.connection.execute("PRAGMA busy_timeout").fetchone()[0]
        try:
            project.connection.execute("PRAGMA busy_timeout=0")
            project.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        finally:
            project.connection.execute(f"PRAGMA busy_timeout={int(patience)}")


@contextmanager
def hashing(project: Project) -> Iterator[ProjectFile]:
    """Hash the project's file while the block is at work."""
    file = ProjectFile(project)
    try:
        yield file
    finally:
        file.forget()


@contextmanager
def _reader(path: Path, *, is_kept: bool) -> Iterator[Callable[[int, int], bytes]]:
    """Open a file for reading pieces of it, given where they begin and how long they are."""
    if is_kept and hasattr(os, "pread"):
        found = path.stat()
        place = (found.st_dev, found.st_ino)
        descriptor = _kept.pop(place, None)
        if descriptor is None:
            if len(_kept) >= _MOST_KEPT:
                os.close(_kept.pop(next(iter(_kept))))
            descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_CLOEXEC", 0))
        _kept[place] = descriptor  # the last one used is the last
        yield lambda start, length: os.pread(descriptor, length, start)
        return
    with path.open("rb", buffering=0) as stream:

        def read(start: int, length: int) -> bytes:
            stream.seek(start)
            return stream.read(length) or b""

        yield read


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0
