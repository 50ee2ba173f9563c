"""The threads of a project: listed and found."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from msgspec import Struct

from annotations.errors import UnknownNameError
from annotations.model import StoredThread
from annotations.store.json_text import load_json
from annotations.store.posts import from_json

if TYPE_CHECKING:
    from collections.abc import Iterable

    from annotations.store.project import Project

    ThreadRow: TypeAlias = tuple[Any, ...]

_THREADS = """
    SELECT t.id, t.key, t.title, t.source, t.format, t.url, t.posts, t.max_depth, t.imported_at, t.revision, t.meta
    FROM threads AS t
"""


_OF_ANNOTATOR = """({0}.annotator_id = ?1
    OR (?1 IS NULL AND {0}.annotator_id IS NOT (SELECT id FROM annotators WHERE kind = 'gold')))"""


class ThreadSummary(Struct, frozen=True, kw_only=True):
    """A thread and how far the work on it has come.

    Args:
        thread: The thread.
        comments: How many comments it has.
        labeled: Comments with at least one annotation.
        reviewed: Comments that were reviewed.
    """

    thread: StoredThread
    comments: int
    labeled: int
    reviewed: int


def list_threads(project: Project, annotator_id: int | None = None) -> list[ThreadSummary]:
    """Return all threads in the order of their first import, with the work of one annotator, or of all for None.

    What adjudication has settled is no annotator's work.
    """
    with project.reading():
        labeled = dict(
            project.connection.execute(
                "SELECT a.thread_id, COUNT(DISTINCT a.post_id) FROM annotations AS a JOIN posts AS p ON p.id = a.post_id "  # noqa: S608  # ours
                f"WHERE p.kind = 'comment' AND {_OF_ANNOTATOR.format('a')} GROUP BY a.thread_id",
                (annotator_id,),
            )
        )
        reviewed = dict(
            project.connection.execute(
                "SELECT p.thread_id, COUNT(DISTINCT r.post_id) FROM reviews AS r JOIN posts AS p ON p.id = r.post_id "  # noqa: S608  # ours
                f"WHERE p.kind = 'comment' AND {_OF_ANNOTATOR.format('r')} GROUP BY p.thread_id",
                (annotator_id,),
            )
        )
        threads = [_stored_thread(row) for row in project.connection.execute(_THREADS + "ORDER BY t.id")]
    return [
        ThreadSummary(
            thread=thread,
            comments=thread.posts - 1,
            labeled=labeled.get(thread.id, 0),
            reviewed=reviewed.get(thread.id, 0),
        )
        for thread in threads
    ]


def find_thread(project: Project, key: str) -> StoredThread:
    """Return the thread of that key.

    Raises:
        UnknownNameError: If there is none; the hint names the likeliest.
    """
    with project.reading():
        row = project.connection.execute(_THREADS + "WHERE t.key = ?", (key,)).fetchone()
        if row is not None:
            return _stored_thread(row)
        keys = [known[0] for known in project.connection.execute("SELECT key FROM threads ORDER BY id")]
    from difflib import get_close_matches  # noqa: PLC0415  # loaded on use

    begun = [known for known in keys if known.startswith(key)] if key else []
    close = (begun + [known for known in get_close_matches(key, keys, n=3) if known not in begun])[:3]
    hint = f"Did you mean {' or '.join(close)}?" if close else "“postil threads” lists what there is."
    raise UnknownNameError(f"The project has no thread {key!r}", hint if keys else "It has no threads yet: import one.")


def load_thread(project: Project, thread_id: int) -> StoredThread:
    """Return the thread in row `thread_id`.

    Raises:
        UnknownNameError: If there is no such row.
    """
    with project.reading():
        row = project.connection.execute(_THREADS + "WHERE t.id = ?", (thread_id,)).fetchone()
    if row is None:
        raise UnknownNameError(f"The project has no thread {thread_id}", "“postil threads” lists what there is.")
    return _stored_thread(row)


def load_threads(project: Project, thread_ids: Iterable[int]) -> dict[int, StoredThread]:
    """Return the threads in these rows, by row; what is no row of a thread is passed over."""
    wanted = str(list(thread_ids))
    with project.reading():
        rows = project.connection.execute(
            _THREADS + "WHERE t.id IN (SELECT value FROM json_each(?))",  # noqa: S608  # constants
            (wanted,),
        ).fetchall()
    return {row[0]: _stored_thread(row) for row in rows}


def load_report(project: Project, thread_id: int) -> dict[str, Any]:
    """Return the report of a thread's last import.

    `dropped` and `characters` count code points, `uncertain` counts posts, `warnings` are sentences, `key` is what the
    source called the thread, `first_imported_at` is when it came.
    """
    with project.reading():
        row = project.connection.execute("SELECT report FROM threads WHERE id = ?", (thread_id,)).fetchone()
    report: dict[str, Any] = {} if row is None else load_json(row[0])
    return report


def _stored_thread(row: ThreadRow) -> StoredThread:
    return StoredThread(
        id=row[0],
        key=row[1],
        title=row[2],
        source=row[3],
        format=row[4],
        url=row[5],
        posts=row[6],
        max_depth=row[7],
        imported_at=row[8],
        revision=row[9],
        meta=from_json(row[10]),
    )
