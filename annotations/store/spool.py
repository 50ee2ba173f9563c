"""A place on the disk for posts whose threads are mixed in their source: they go in as they come, and out thread by thread.

The file is one of SQLite's own temporary ones: its name is gone as soon as it is open, where the system can do that, so
that nothing stays of it after a kill (sqlite.org/inmemorydb.html, *Temporary Databases*). It stands where the environment
variable TMPDIR says, else where the system keeps such files. One that another process reads, too, has a name until that
has opened it.
"""

from __future__ import annotations

import sqlite3
import weakref
from array import array
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import mkdtemp
from typing import TYPE_CHECKING, Self

from annotations.errors import PostilError
from annotations.sources.second_process import SecondProcess
from annotations.store.failures import primary_code
from annotations.store.json_text import dump_json, load_json
from annotations.store.packing import pack_post, unpack_post
from annotations.store.spooled_posts import SpooledPosts
from annotations.work import INSTRUCTIONS, Work, WorkCancelledError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from types import TracebackType

    from annotations.model import Post

_BATCH = 1000
"""Posts that are written at once."""

IN_MEMORY = 2000
"""Posts up to which a thread is handed out as a list: no longer than what is in memory of a longer one."""

_SCHEMA = """
    CREATE TABLE posts (at INTEGER PRIMARY KEY, thread TEXT NOT NULL, post BLOB NOT NULL);
    CREATE TABLE facts (at INTEGER NOT NULL, thread TEXT NOT NULL, name TEXT NOT NULL, value TEXT NOT NULL)
"""

_SORT = """
    CREATE INDEX IF NOT EXISTS posts_thread ON posts (thread);
    CREATE INDEX IF NOT EXISTS facts_thread ON facts (thread);
    DROP TABLE IF EXISTS threads;
    CREATE TABLE threads (thread TEXT PRIMARY KEY, at INTEGER NOT NULL, posts INTEGER NOT NULL) WITHOUT ROWID;
    INSERT INTO threads SELECT thread, MIN(at), COUNT(*) FROM posts GROUP BY thread;
    INSERT INTO threads SELECT thread, MIN(at), 0 FROM facts WHERE true GROUP BY thread
        ON CONFLICT DO UPDATE SET at = MIN(at, excluded.at)
"""


class SpoolError(PostilError):
    """The temporary file cannot be written or read."""


class Spool:
    """Posts on the disk; a context manager, which gives the space back. It belongs to the thread that makes it.

    What it hands out can be read as long as somebody holds it, also when an importer has come to its end and closed it.

    Args:
        work: What may stop it; adding advances nothing, for the source does so.
        other: A process that is to read it, too, if it was begun; `called` says where, and `forget_name` is to be called
            when it has opened it.
        made_at: Where the spool of another process is, which is to be read and no longer changes.

    Raises:
        SpoolError: If there is no place for it, or none there.
    """

    def __init__(
        self, work: Work | None = None, *, other: SecondProcess | None = None, made_at: Path | None = None
    ) -> None:
        self._work = work or Work()
        self._waiting: list[tuple[int, str, bytes | str]] = []
        self._facts: list[tuple[int, str, str, str]] = []
        self._added = 0
        self._readers = 0
        self._is_closing = False
        self.other = other or SecondProcess()
        """The process that reads it, too; one that is not there if there is none."""
        self.is_lazy = made_at is not None
        """Whether what is in the meta of its posts is read when somebody asks for it: to make rows of them nobody does."""
        self._path = made_at
        try:
            self._open(is_new=made_at is None)
        except BaseException:
            self.forget_name()
            raise

    def _open(self, *, is_new: bool) -> None:
        with self._reported():
            if is_new and self.other.is_there:
                self._path = Path(mkdtemp(prefix="postil-")) / "spool"
            self.called = str(self._path or "")
            """Where the other process finds it; "" if it does not."""
            name = self.called if is_new or self._path is None else f"{self._path.as_uri()}?mode=ro"
            self._connection = sqlite3.connect(name, isolation_level=None, uri=not is_new)
            self._connection.execute("PRAGMA cache_size=-8000")
        self._connection.set_progress_handler(self._work.must_stop, INSTRUCTIONS)
        if is_new:
            self._run("PRAGMA journal_mode=OFF")
            self._run("PRAGMA synchronous=OFF")
            self._run(_SCHEMA)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Give the space back, once nobody holds a long thread any more, which is read from it; closing twice is fine."""
        self._is_closing = True
        if not self._readers:
            with suppress(sqlite3.ProgrammingError):  # in another thread: it goes with the spool
                self._connection.close()
            self.other.end()
            self.forget_name()

    def forget_name(self) -> None:
        """Take the file's name away, so that nothing stays of it whatever happens; calling it twice is fine."""
        if self._path is not None:
            with suppress(OSError):  # some systems keep the name of a file that is open
                self._path.unlink(missing_ok=True)
                self._path.parent.rmdir()
                self._path = None

    def _forget_reader(self) -> None:
        self._readers -= 1
        if self._is_closing:
            self.close()

    def __len__(self) -> int:
        """Return how many posts were added."""
        return self._added

    def add(self, thread_key: str, post: Post) -> None:
        """Add a post to a thread, behind those that it has; key and post are clean text.

        Raises:
            SpoolError: If there is no room on the disk.
            WorkCancelledError: If the work was cancelled.
        """
        self.add_packed(thread_key, pack_post(post))

    def add_packed(self, thread_key: str, packed: bytes | str) -> None:
        """Add a post that `pack_post` has packed; the rest is that of `add`."""
        self._added += 1
        self._waiting.append((self._added, thread_key, packed))
        if len(self._waiting) >= _BATCH:
            self._write()

    def add_thread_fact(self, thread_key: str, name: str, value: object) -> None:
        """Keep something about a thread, a JSON value; a thread without a post is one by that."""
        self._facts.append((self._added, thread_key, name, dump_json(value, is_ascii=True)))
        if len(self._facts) >= _BATCH:
            self._write()

    def thread_facts(self, thread_key: str) -> dict[str, object]:
        """Return what was kept about a thread, by name; of several values the last one."""
        if self._facts:
            self._write()
        with self._reported():
            rows = self._connection.execute(
                "SELECT name, value FROM facts WHERE thread = ? ORDER BY rowid", (thread_key,)
            ).fetchall()
        return {name: load_json(value) for name, value in rows}

    def threads(self) -> Iterator[tuple[str, Sequence[Post]]]:
        """Yield the threads in the order in which they first appeared, each with its posts as they were added.

        Of a long thread the posts are read from the disk each time that they are asked for.

        Raises:
            SpoolError: If there is no room on the disk.
            WorkCancelledError: If the work was cancelled.
        """
        for thread_key, posts in self.contents():
            yield thread_key, self.posts_of(thread_key, posts)

    def contents(self) -> Iterator[tuple[str, int]]:
        """Yield the threads in the order in which they first appeared, and how many posts each has.

        Raises:
            SpoolError: If there is no room on the disk.
            WorkCancelledError: If the work was cancelled.
        """
        self._write()
        self._run(_SORT)
        with self._reported():
            self._work.coming = self._connection.execute("SELECT SUM(posts) FROM threads").fetchone()[0]
            threads = self._connection.execute("SELECT thread, posts FROM threads ORDER BY at")
        while True:
            with self._reported():
                found = threads.fetchone()
            if found is None:
                return
            self._work.check()
            yield found[0], found[1]

    def posts_of(self, thread_key: str, posts: int) -> Sequence[Post]:
        """Return the posts of a thread as they were added: so many, as `contents` says."""
        return self._short(thread_key) if posts <= IN_MEMORY else self._long(thread_key)

    def _short(self, thread_key: str) -> list[Post]:
        with self._reported():
            rows = self._connection.execute("SELECT post FROM posts WHERE thread = ? ORDER BY at", (thread_key,))
            return [unpack_post(packed, is_lazy=self.is_lazy) for (packed,) in rows]

    def _long(self, thread_key: str) -> SpooledPosts:
        with self._reported():
            rows = self._connection.execute("SELECT at FROM posts WHERE thread = ? ORDER BY at", (thread_key,))
            posts = SpooledPosts(self, array("q", (at for (at,) in rows)))
        self._readers += 1
        self.other.is_kept = True
        weakref.finalize(posts, self._forget_reader)
        return posts

    def load(self, rows: Sequence[int]) -> Iterator[bytes | str]:
        """Yield the posts in some rows as they are kept."""
        with self._reported():
            execute = self._connection.execute
            if (
                len(rows) > 1
                and rows[-1] - rows[0] == len(rows) - 1
                and list(rows) == list(range(rows[0], rows[-1] + 1))
            ):
                for (packed,) in execute("SELECT post FROM posts WHERE at BETWEEN ? AND ?", (rows[0], rows[-1])):
                    yield packed
            else:
                asked = f"[{','.join(map(str, rows))}]"
                found = dict(
                    execute("SELECT at, post FROM posts WHERE at IN (SELECT value FROM json_each(?))", (asked,))
                )
                yield from map(found.__getitem__, rows)

    def _write(self) -> None:
        self._work.check()
        with self._reported():
            self._connection.execute("BEGIN")
            self._connection.executemany("INSERT INTO posts VALUES (?, ?, ?)", self._waiting)
            self._connection.executemany("INSERT INTO facts VALUES (?, ?, ?, ?)", self._facts)
            self._connection.execute("COMMIT")
        self._waiting.clear()
        self._facts.clear()

    def _run(self, statements: str) -> None:
        with self._reported():
            for statement in statements.split(";\n"):
                self._connection.execute(statement)

    @contextmanager
    def _reported(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.OperationalError, OSError) as error:
            if isinstance(error, sqlite3.Error) and primary_code(error) == sqlite3.SQLITE_INTERRUPT:
                raise WorkCancelledError from error
            raise SpoolError(
                f"The temporary file for the threads of a mixed source cannot be used: {error}",
                "Make room on the disk, or name a folder on another one in the environment variable TMPDIR.",
            ) from error
