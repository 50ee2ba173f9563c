"""The project: one SQLite file that holds corpus, codebook, labels and history."""

from __future__ import annotations

from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Self

from annotations.errors import ProjectError, WrongUsageError
from annotations.model import Annotator, AnnotatorKind
from annotations.store.failures import reported, shown
from annotations.store.opening import (
    APPLICATION_ID,
    SCHEMA_VERSION,
    atomic,
    bring_up_to_date,
    check_file,
    connect,
    enter_wal,
    file_identity,
    is_locked,
    make_safe,
    read_version,
)
from annotations.work import INSTRUCTIONS, Work

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager
    from pathlib import Path
    from types import TracebackType
    from typing import TypeAlias

    Clock: TypeAlias = Callable[[], datetime]
    NewId: TypeAlias = Callable[[], str]
    Upgrading: TypeAlias = Callable[[Work], AbstractContextManager[None]]

__all__ = ["APPLICATION_ID", "SCHEMA_VERSION", "Project", "is_project", "new_uuid", "utc_now"]

_ROOM, _ROOM_TAKEN = "room", 100_000
"""The setting that shows whether there is room on the disk, and how many characters it takes."""
_FEW_PAGES = 512
"""KiB of pages that a connection keeps which is open for long and reads a little at a time."""

_HEADER = b"SQLite format 3\x00"
_APPLICATION_ID_AT = slice(68, 72)
"""Where the file header holds the application id, big-endian (sqlite.org/fileformat2.html, section 1.3)."""


def utc_now() -> datetime:
    """Return the present time in UTC."""
    return datetime.now(UTC)


def new_uuid() -> str:
    """Return a random identity that no other project has."""
    import uuid  # noqa: PLC0415  # loaded on use

    return str(uuid.uuid4())


def is_project(path: Path) -> bool:
    """Tell by its first bytes whether `path` is a Postil project, without opening it as a database.

    Not for a file that this process has open as a project: closing the file gives up its locks (a rule of POSIX).
    """
    if not path.is_file():
        return False
    try:
        with path.open("rb") as file:
            header = file.read(_APPLICATION_ID_AT.stop)
    except OSError:
        return False
    return header.startswith(_HEADER) and header[_APPLICATION_ID_AT] == APPLICATION_ID.to_bytes(4, "big")


class Project:
    """An open project; a context manager that closes it.

    It belongs to the thread that opened it. Reading goes through `connection`, inside `reading` where an error of
    the file must be said; every write goes through `transaction`.

    Args:
        path: The project file.
        connection: The connection to it, in autocommit mode (`isolation_level=None`), rows as tuples.
        is_read_only: Whether nothing can be written.
        clock: Says what time it is, an aware time.
        new_id: Makes a new universally unique identity.
    """

    def __init__(
        self,
        path: Path,
        connection: sqlite3.Connection,
        *,
        is_read_only: bool,
        clock: Clock = utc_now,
        new_id: NewId = new_uuid,
    ) -> None:
        self.path = path
        self.connection = connection
        self.is_read_only = is_read_only
        self._clock = clock
        self._new_id = new_id
        self.work = Work()
        """What this connection is doing; see `doing`."""
        self._is_patient = True
        self._file = file_identity(path)
        self.origin = self.setting("origin")

    @classmethod
    def open(  # noqa: PLR0913  # each but the path is seldom given
        cls,
        path: Path,
        *,
        create: bool = False,
        read_only: bool = False,
        clock: Clock = utc_now,
        new_id: NewId = new_uuid,
        upgrading: Upgrading | None = None,
    ) -> Self:
        """Open the project at `path`, bringing it up to date.

        A file that can only be read is opened for reading: `is_read_only` tells.

        Args:
            path: The project file.
            create: Whether to make the project if there is none, or an empty file.
            read_only: Whether to refuse every write.
            clock: Says what time it is.
            new_id: Makes a new universally unique identity.
            upgrading: Is entered while a project of an older Postil is brought up to date, which takes seconds for a
                million comments; the work says how far that is.

        Raises:
            ProjectError: If the file is missing, not a project, of a newer Postil, damaged, locked or not accessible.
        """
        is_absent = check_file(path, create=create and not read_only)
        with reported(path):
            connection, is_read_only = connect(path, read_only=read_only, is_absent=is_absent)
        try:
            with reported(path):
                make_safe(connection)
                version = read_version(connection, path, create=create and not is_read_only)
                if version < SCHEMA_VERSION:
                    work, now = Work(), _iso(clock())
                    with upgrading(work) if upgrading is not None and version else nullcontext():
                        bring_up_to_date(
                            connection, path, is_read_only=is_read_only, now=now, origin=new_id(), work=work
                        )
                if not is_read_only:
                    enter_wal(connection)
                return cls(path, connection, is_read_only=is_read_only, clock=clock, new_id=new_id)
        except BaseException:
            connection.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file; closing twice is fine."""
        self.connection.close()

    def now(self) -> str:
        """Return the present time, ISO 8601 in UTC to the second ("2026-05-01T08:30:00Z")."""
        return _iso(self._clock())

    def new_id(self) -> str:
        """Return a new universally unique identity."""
        return self._new_id()

    @contextmanager
    def doing(self, work: Work) -> Iterator[None]:
        """Let `work` be told how far what happens inside the block is, and let it stop that, also within a statement.

        Raises:
            WorkCancelledError: If the work is cancelled meanwhile; what was to be written in one transaction is not.
        """
        before, self.work = self.work, work
        self.connection.set_progress_handler(work.must_stop, INSTRUCTIONS)
        try:
            yield
        finally:
            self.work = before
            self.connection.set_progress_handler(None, 0)

    def spare_memory(self) -> None:
        """Keep a fourth of the pages that SQLite keeps otherwise: the system has them too, and gives them as fast."""
        self.connection.execute(f"PRAGMA cache_size=-{_FEW_PAGES}")

    @contextmanager
    def impatient(self) -> Iterator[None]:
        """Do not wait in the block for another program that writes: what can be written later is not worth it.

        Raises:
            ProjectBusyError: If there is one.
        """
        self._is_patient = False
        try:
            yield
        finally:
            self._is_patient = True

    def is_busy(self) -> bool:
        """Tell whether another program is writing now, so that a write would have to wait; it costs microseconds."""
        with self.reading():
            return not self.is_read_only and not self.connection.in_transaction and is_locked(self.connection)

    def check_in_place(self) -> None:
        """See that the file is still the one that was opened; it costs microseconds.

        What is written to a file that was moved, deleted or replaced goes where nobody looks for it.

        Raises:
            ProjectError: If it is not.
        """
        now = file_identity(self.path)
        if now == self._file or (now and not self._is_in_wal()):  # some network drives give a file another number
            return
        happened = "replaced by another file" if now else "moved or deleted"
        raise ProjectError(
            f"{shown(self.path)} was {happened} while it was open",
            "Put it back, and work goes on; or close Postil, and open the file where it is now.",
        )

    def _is_in_wal(self) -> bool:
        return bool(self.connection.execute("PRAGMA journal_mode").fetchone()[0] == "wal")

    def check_room(self) -> None:
        """See that the project can be written: with more than a label needs, which is taken away again.

        Raises:
            ProjectError: If it cannot.
        """
        self.save_setting(_ROOM, "." * _ROOM_TAKEN)
        self._write("DELETE FROM settings WHERE name = ?", (_ROOM,))

    def reading(self) -> AbstractContextManager[None]:
        """Turn SQLite's errors inside the block (damaged, locked …) into `ProjectError`."""
        return reported(self.path)

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Do all of the block or nothing of it; what is done is on disk when the block ends.

        Raises:
            ProjectError: If the project can only be read, is locked or damaged, or the disk is full.
            RuntimeError: If a transaction is open already: they do not nest.
        """
        if self.is_read_only:
            raise ProjectError(
                f"{shown(self.path)} is open for reading only",
                "To change it, open a copy in a folder where you may write.",
            )
        if self.connection.in_transaction:
            message = "transactions do not nest: pass the connection of the open one on"
            raise RuntimeError(message)
        self.check_in_place()
        with reported(self.path), atomic(self.connection, self.work, is_patient=self._is_patient):
            yield self.connection

    def setting(self, name: str, default: str = "") -> str:
        """Return what the project remembers under `name`."""
        with self.reading():
            row = self.connection.execute("SELECT value FROM settings WHERE name = ?", (name,)).fetchone()
        return default if row is None else str(row[0])

    def save_setting(self, name: str, value: str) -> None:
        """Remember `value` under `name`, in the open transaction or in one of its own."""
        self._write("INSERT OR REPLACE INTO settings (name, value) VALUES (?, ?)", (name, value))

    def annotator(self, name: str, kind: AnnotatorKind = AnnotatorKind.PERSON) -> Annotator:
        """Return the annotator of that name, a new one of that `kind` if there is none yet.

        The gold set has one annotator, whatever it is called: nobody labels in that name alone.

        Raises:
            WrongUsageError: If the name is blank or holds control characters, or is the gold set's.
            ProjectError: If the annotator is new and the project can only be read.
        """
        name = " ".join(name.split())
        if not name or any(ord(sign) < ord(" ") or "\x7f" <= sign <= "\x9f" for sign in name):
            raise WrongUsageError(f"{name!r} is not a name for an annotator", "Give a name that can be printed.")
        query = "SELECT id, name, kind FROM annotators WHERE name = ?"
        with self.reading():
            row = self.connection.execute(query, (name,)).fetchone()
            if row is None:
                # Another process may add the same name between the two statements.
                self._write("INSERT OR IGNORE INTO annotators (name, kind) VALUES (?, ?)", (name, kind.value))
                row = self.connection.execute(query, (name,)).fetchone()
        if row[2] == AnnotatorKind.GOLD:
            raise WrongUsageError(
                f"{name} is what adjudication has settled, not an annotator",
                "To settle more: postil adjudicate; to label, take another name.",
            )
        return Annotator(id=row[0], name=row[1], kind=AnnotatorKind(row[2]))

    def annotators(self) -> list[Annotator]:
        """Return everybody who has worked on the project, in order of their arrival."""
        with self.reading():
            rows = self.connection.execute("SELECT id, name, kind FROM annotators ORDER BY id").fetchall()
        return [Annotator(id=row[0], name=row[1], kind=AnnotatorKind(row[2])) for row in rows]

    def _write(self, statement: str, values: tuple[str, ...]) -> None:
        """Execute one statement, in the open transaction or in one of its own."""
        if self.connection.in_transaction:
            self.connection.execute(statement, values)
        else:
            with self.transaction() as connection:
                connection.execute(statement, values)


def _iso(time: datetime) -> str:
    return time.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
