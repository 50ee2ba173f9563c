"""What a reader keeps in mind of a whole thread, and fetches of it by row rather than by place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from annotations.store.posts import load_post

if TYPE_CHECKING:
    from collections.abc import Iterable

    from annotations.model import StoredPost
    from annotations.store.project import Project


def post_names(project: Project, post_ids: Iterable[int]) -> dict[int, tuple[str, int]]:
    """Return what their sources call these posts, and where they stand in their threads, by row."""
    query = "SELECT id, key, position FROM posts WHERE id IN (SELECT value FROM json_each(?))"
    return {row: (key, position) for row, key, position in project.connection.execute(query, (str(list(post_ids)),))}


def load_posts_by_id(project: Project, post_ids: Iterable[int]) -> list[StoredPost]:
    """Return posts by row, in reading order; rows that are not there are left out."""
    rows = project.connection.execute(
        "SELECT id FROM posts WHERE id IN (SELECT value FROM json_each(?)) ORDER BY thread_id, position",
        (str(sorted(set(post_ids))),),
    ).fetchall()
    return [load_post(project, row[0]) for row in rows]


def post_ids(project: Project, thread_id: int, start: int, stop: int) -> list[int]:
    """Return the rows of the posts at the positions [start, stop)."""
    rows = project.connection.execute(
        "SELECT id FROM posts WHERE thread_id = ? AND position >= ? AND position < ? ORDER BY position",
        (thread_id, start, stop),
    )
    return [row[0] for row in rows]


def load_texts(project: Project, thread_id: int, positions: Iterable[int]) -> list[tuple[int, str]]:
    """Return position and text of some posts of a thread, in no order."""
    rows = project.connection.execute(
        "SELECT position, text FROM posts WHERE thread_id = ? AND position IN (SELECT value FROM json_each(?))",
        (thread_id, str(list(positions))),
    )
    return rows.fetchall()


def last_thread_id(project: Project, annotator_id: int) -> int | None:
    """Return the row of the thread that an annotator left last, else of the project's first; None if it has none."""
    row = project.connection.execute(
        """
        SELECT t.id
        FROM threads AS t
        LEFT JOIN places AS p ON p.thread_id = t.id AND p.annotator_id = ?
        ORDER BY p.left_at DESC NULLS LAST, t.id
        LIMIT 1
        """,
        (annotator_id,),
    ).fetchone()
    return None if row is None else int(row[0])


def count_threads(project: Project, at_most: int) -> int:
    """Return how many threads the project has, looking no further than `at_most`."""
    query = "SELECT COUNT(*) FROM (SELECT 1 FROM threads LIMIT ?)"
    with project.reading():
        return int(project.connection.execute(query, (at_most,)).fetchone()[0])


def disagreements(project: Project, thread_id: int) -> list[int]:
    """Return the positions at which annotators differ, in order; linear in the thread's labels and reviews.

    Only those who have labeled or reviewed a post have a say on it: no label is not the same as not seen. The gold set has none.
    """
    labels = project.connection.execute(
        """
        SELECT p.position, a.annotator_id, l.label, a.start_char, a.end_char
        FROM annotations AS a
        CROSS JOIN posts AS p ON p.id = a.post_id
        JOIN labels AS l ON l.id = a.label_id
        WHERE a.thread_id = ? AND a.annotator_id IS NOT (SELECT id FROM annotators WHERE kind = 'gold')
        """,
        (thread_id,),
    )
    found: dict[int, dict[int, set[tuple[object, ...]]]] = {}
    for position, annotator, *label in labels:
        found.setdefault(position, {}).setdefault(annotator, set()).add(tuple(label))
    reviews = project.connection.execute(
        """
        SELECT p.position, r.annotator_id
        FROM reviews AS r
        CROSS JOIN posts AS p ON p.id = r.post_id
        WHERE p.thread_id = ? AND r.annotator_id IS NOT (SELECT id FROM annotators WHERE kind = 'gold')
        """,
        (thread_id,),
    )
    for position, annotator in reviews:
        found.setdefault(position, {}).setdefault(annotator, set())
    return sorted(position for position, work in found.items() if len({frozenset(put) for put in work.values()}) > 1)


def data_version(project: Project) -> int:
    """Return a number that changes when another connection has written; it reads no table, and costs microseconds."""
    with project.reading():
        return int(project.connection.execute("PRAGMA data_version").fetchone()[0])


def thread_revisions(project: Project, thread_id: int) -> tuple[int, int]:
    """Return the revision of a thread, and in which one its posts have changed places last, 0 if never.

    A revision is an import of the thread in a changed form; that posts come between others changes no places.
    """
    query = "SELECT revision, reordered_revision FROM threads WHERE id = ?"
    with project.reading():
        row = project.connection.execute(query, (thread_id,)).fetchone()
    return (0, 0) if row is None else (int(row[0]), int(row[1]))
