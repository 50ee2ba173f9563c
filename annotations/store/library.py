"""What a list of a project's threads shows: what they are at once, how far the work on them has come a moment later.

Both cost one statement however many threads there are. The first reads the threads alone; the second is linear in what
the annotator has done (not in the posts), and runs in SQLite with Python's lock given up, so that it suits a worker.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

    from annotations.store.project import Project


class LibraryThread(NamedTuple):
    """A thread as a list shows it.

    Args:
        id: Its row.
        key: Its key.
        title: Its title.
        comments: How many comments it has.
        source: Where it came from: a path, an address, or "-".
        format: The importer's name.
        imported_at: When it was imported last, ISO 8601 in UTC.
        opened_at: When the annotator was there last, ISO 8601 in UTC; "" for never.
    """

    id: int
    key: str
    title: str
    comments: int
    source: str
    format: str
    imported_at: str
    opened_at: str


class ThreadWork(NamedTuple):
    """What an annotator has done in a thread: how many comments are labeled, reviewed, read; anybody's lost spans."""

    labeled: int = 0
    reviewed: int = 0
    read: int = 0
    detached: int = 0


class HitContext(NamedTuple):
    """Where a hit of a search stands.

    Args:
        title: The title of its thread.
        depth: Steps to the article, which has 0.
        created_at: When the post was written, or None.
    """

    title: str
    depth: int
    created_at: str | None


_THREADS = """
    SELECT t.id, t.key, t.title, t.posts - 1, t.source, t.format, t.imported_at, COALESCE(p.left_at, '')
    FROM threads AS t
    LEFT JOIN places AS p ON p.annotator_id = ?1 AND p.thread_id = t.id
"""


def library_threads(project: Project, annotator_id: int) -> list[LibraryThread]:
    """Return all threads in the order of their first import; of 20,000 it takes a tenth of a second."""
    with project.reading():
        rows = project.connection.execute(_THREADS + " ORDER BY t.id", (annotator_id,))
        return list(map(LibraryThread._make, rows))


def latest_threads(project: Project, annotator_id: int, at_most: int) -> list[LibraryThread]:
    """Return the threads that an annotator opened last, the latest first, then the others in the order of their import.

    It costs the same however many threads there are beyond `at_most`, but for those that were opened once.
    """
    latest = """
        WITH latest (thread_id, left_at) AS (
            SELECT thread_id, left_at FROM places WHERE annotator_id = ?1 ORDER BY left_at DESC, thread_id LIMIT ?2
        )
        SELECT t.id, t.key, t.title, t.posts - 1, t.source, t.format, t.imported_at, l.left_at
        FROM latest AS l CROSS JOIN threads AS t ON t.id = l.thread_id
        ORDER BY l.left_at DESC, t.id
    """
    with project.reading():
        found = list(map(LibraryThread._make, project.connection.execute(latest, (annotator_id, at_most))))
        if len(found) < at_most:
            others = _THREADS + " WHERE p.left_at IS NULL ORDER BY t.id LIMIT ?2"
            rows = project.connection.execute(others, (annotator_id, at_most - len(found)))
            found += map(LibraryThread._make, rows)
    return found


_LABELED = """
    SELECT p.thread_id, COUNT(*)
    FROM (SELECT DISTINCT post_id FROM annotations WHERE annotator_id = ? AND post_id IS NOT NULL) AS a
    CROSS JOIN posts AS p ON p.id = a.post_id
    WHERE p.kind = 'comment' AND p.position IS NOT NULL
    GROUP BY p.thread_id
"""
_REVIEWED = """
    SELECT p.thread_id, COUNT(*)
    FROM reviews AS r CROSS JOIN posts AS p ON p.id = r.post_id
    WHERE r.annotator_id = ? AND p.kind = 'comment' AND p.position IS NOT NULL
    GROUP BY p.thread_id
"""
_READ = """
    SELECT thread_id,
        SUM(length(marks) - length(replace(marks, '1', ''))) - SUM(block = 0 AND substr(marks, 1, 1) = '1') AS comments
    FROM read_marks WHERE annotator_id = ? GROUP BY thread_id HAVING comments > 0
"""


_DETACHED = "SELECT thread_id, COUNT(*) FROM annotations WHERE is_detached = 1 GROUP BY thread_id"


def work_by_thread(project: Project, annotator_id: int) -> dict[int, ThreadWork]:
    """Return what an annotator has done, by the thread's row; threads without any work are left out."""
    with project.reading():
        labeled, reviewed, read = (
            dict(project.connection.execute(query, (annotator_id,)).fetchall())
            for query in (_LABELED, _REVIEWED, _READ)
        )
        detached = dict(project.connection.execute(_DETACHED).fetchall())
    return {
        thread_id: ThreadWork(*(counts.get(thread_id, 0) for counts in (labeled, reviewed, read, detached)))
        for thread_id in {*labeled, *reviewed, *read, *detached}
    }


def hit_contexts(project: Project, post_ids: Iterable[int]) -> dict[int, HitContext]:
    """Return for each of these posts where it stands; rows that are not there are left out."""
    query = """
        SELECT p.id, t.title, p.depth, p.created_at
        FROM posts AS p JOIN threads AS t ON t.id = p.thread_id
        WHERE p.id IN (SELECT value FROM json_each(?))
    """
    with project.reading():
        rows = project.connection.execute(query, (str(sorted(set(post_ids))),)).fetchall()
    return {row[0]: HitContext(*row[1:]) for row in rows}
