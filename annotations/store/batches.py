"""Many threads are stored some at a time: a wait for the disk after each would take longer than all the rest.

Between two batches the project is not locked: others label meanwhile, and a source may be slow. After a kill what was told
to be stored is there, and running again passes over it.
"""

from __future__ import annotations

from contextlib import contextmanager
from time import monotonic
from typing import TYPE_CHECKING

from annotations.store.threads import SavedThread, prepare_thread, save_thread, write_threads
from annotations.work import Work

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from annotations.model import Thread
    from annotations.store.prepared import PreparedThread
    from annotations.store.project import Project

SECONDS = 0.5
"""How long a thread waits for others to be stored with; a kill takes that much."""
_POSTS = 8000
"""How many posts wait, at most: to write them takes as long again."""
_CHARACTERS = 8_000_000
"""How many characters wait, at most."""
_PAGES = 16_000
"""KiB of pages that are kept while threads are stored; and pages in the log before they are copied to the file."""
_MANY_PAGES = 64_000
"""The same in KiB while a long thread is stored: its keys come in no order, and so the places where their index is written."""
_BIG = 2000
"""Posts from which on a thread is stored alone, and tells how far it is."""


def make_room(project: Project, posts: int = 0) -> None:
    """Have the connection keep as many pages as it takes to store a thread of so many posts fast."""
    with project.reading():
        project.connection.execute(f"PRAGMA cache_size=-{_MANY_PAGES if posts > _BIG else _PAGES}")
        project.connection.execute(f"PRAGMA wal_autocheckpoint={_PAGES}")


class ImportBatch:
    """Stores threads, many in one transaction.

    Args:
        project: The project.
        seconds: How long a thread waits for others, at most, as long as threads come.
        clock: Says how many seconds have passed since some moment.
    """

    def __init__(self, project: Project, *, seconds: float = SECONDS, clock: Callable[[], float] = monotonic) -> None:
        self._project = project
        self._seconds = seconds
        self._clock = clock
        self._waiting: list[tuple[Thread, PreparedThread | SavedThread]] = []
        self._posts = self._characters = 0
        self._since = 0.0
        make_room(project)

    def save(self, thread: Thread, *, location: str, source_sha256: str) -> list[tuple[Thread, SavedThread]]:
        """Take a thread to store it with others; what is returned is on disk.

        Args:
            thread: The thread, see `save_thread`.
            location: Where its source is.
            source_sha256: The hash of the source's bytes.

        Returns:
            The threads that were stored since the last call, and what became of each, in the order in which they came.

        Raises:
            SourceError: If the thread is refused, as `save_thread` does; the others go on waiting.
            ProjectError: If the project cannot be written; what waited is not stored.
            WorkCancelledError: If the work was cancelled; what waited is not stored.
        """
        if len(thread.posts) > _BIG:
            stored = self.finish()
            make_room(self._project, len(thread.posts))
            saved = save_thread(self._project, thread, location=location, source_sha256=source_sha256)
            return [*stored, (thread, saved)]
        with self._quietly():
            prepared = prepare_thread(self._project, thread, location=location, source_sha256=source_sha256)
        if isinstance(prepared, SavedThread):
            if not self._waiting:
                return [(thread, prepared)]
        else:
            self._posts += len(thread.posts)
            self._characters += prepared.characters
        if not self._waiting:
            self._since = self._clock()
        self._waiting.append((thread, prepared))
        is_due = self._clock() - self._since >= self._seconds
        return self.finish() if is_due or self._posts >= _POSTS or self._characters >= _CHARACTERS else []

    def finish(self) -> list[tuple[Thread, SavedThread]]:
        """Store what waits.

        Returns:
            The threads that waited, and what became of each.

        Raises:
            ProjectError: If the project cannot be written.
            WorkCancelledError: If the work was cancelled.
        """
        waiting, self._waiting = self._waiting, []
        self._posts = self._characters = 0
        prepared = [one for _, one in waiting if not isinstance(one, SavedThread)]
        written: Iterator[SavedThread] = iter(())
        if prepared:
            with self._quietly(), self._project.transaction():
                written = iter(write_threads(self._project, prepared))
        return [(thread, one if isinstance(one, SavedThread) else next(written)) for thread, one in waiting]

    @contextmanager
    def _quietly(self) -> Iterator[None]:
        """Let a small thread not tell how far it is: whoever reads the source does."""
        outer = self._project.work
        self._project.work = _Quiet(outer)
        try:
            yield
        finally:
            self._project.work = outer


class _Quiet(Work):
    """Work that stops when another does, and tells nothing."""

    def __init__(self, outer: Work) -> None:
        super().__init__()
        self._outer = outer

    def must_stop(self) -> bool:
        return self._outer.must_stop()
