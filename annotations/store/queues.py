"""What queues are made of: columns with a byte for each post of a thread, and which queue an annotator is at.

The columns cost what the annotator has done, not what the thread holds; what may cost more says so.
"""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from annotations.model import StoredThread
    from annotations.store.project import Project


class KeptQueue(Struct, frozen=True):
    """The queue of an annotator in a thread, as the project keeps it.

    Args:
        queue: What `annotations.queue.Queue.to_json` says.
        at: The position of the comment to which it led last; 0 for none.
        members: Its column where it was kept, and the thread is as it was then; else None.
    """

    queue: str
    at: int = 0
    members: bytes | None = None


def save_queue(
    project: Project, thread: StoredThread, annotator_id: int, queue: str, members: bytes | None = None
) -> None:
    """Remember which queue an annotator has chosen in a thread.

    Args:
        project: The project.
        thread: The thread.
        annotator_id: The annotator.
        queue: As JSON.
        members: Its column, where it is to stay as it is now.

    Raises:
        ProjectError: If the project cannot be written.
    """
    packed = None if members is None else zlib.compress(members)
    with project.transaction() as connection:
        connection.execute(
            "INSERT OR REPLACE INTO queues (annotator_id, thread_id, queue, revision, members) VALUES (?, ?, ?, ?, ?)",
            (annotator_id, thread.id, queue, thread.revision, packed),
        )


def save_queue_place(project: Project, thread_id: int, annotator_id: int, post_id: int) -> None:
    """Remember to which post an annotator's queue has led last.

    Raises:
        ProjectError: If the project cannot be written.
    """
    with project.transaction() as connection:
        connection.execute(
            "UPDATE queues SET at_post_id = ? WHERE annotator_id = ? AND thread_id = ?",
            (post_id, annotator_id, thread_id),
        )


def load_queue(project: Project, thread: StoredThread, annotator_id: int) -> KeptQueue | None:
    """Return the queue that an annotator has chosen in a thread, None where none was."""
    query = """
        SELECT q.queue, COALESCE(p.position, 0), q.revision, q.members
        FROM queues AS q LEFT JOIN posts AS p ON p.id = q.at_post_id
        WHERE q.annotator_id = ? AND q.thread_id = ?
    """
    with project.reading():
        row = project.connection.execute(query, (annotator_id, thread.id)).fetchone()
    if row is None:
        return None
    members = None
    if row[3] is not None and row[2] == thread.revision:
        try:
            members = zlib.decompress(row[3])
        except zlib.error:  # somebody edited the file by hand: it is made anew
            members = None
    return KeptQueue(row[0], row[1], members if members is not None and len(members) == thread.posts else None)


def has_much_work(project: Project, thread_id: int, annotator_id: int, many: int) -> bool:
    """Tell whether an annotator has more annotations in a thread, or reviews in the project, than `many`."""
    query = """
        SELECT (SELECT COUNT(*) FROM (SELECT 1 FROM annotations WHERE thread_id = ?1 AND annotator_id = ?2 LIMIT ?3))
            + (SELECT COUNT(*) FROM (SELECT 1 FROM reviews WHERE annotator_id = ?2 LIMIT ?3)) >= ?3
    """
    with project.reading():
        return bool(project.connection.execute(query, (thread_id, annotator_id, many)).fetchone()[0])


def done_column(
    project: Project, thread_id: int, annotator_id: int, size: int, is_done: Callable[[frozenset[str], bool], bool]
) -> bytes:
    """Return a byte for each of the `size` posts of a thread: 1 for one that is done.

    Args:
        project: The project.
        thread_id: The thread.
        annotator_id: Whose work counts.
        size: How many posts the thread has.
        is_done: Tells it by the ids of the labels on a post and in it, and by whether it was reviewed.
    """
    labels = _labels(project, thread_id, annotator_id)
    query = """
        SELECT p.position FROM reviews AS v CROSS JOIN posts AS p ON p.id = v.post_id
        WHERE v.annotator_id = ? AND p.thread_id = ? AND p.position > 0
    """
    with project.reading():
        reviewed = {row[0] for row in project.connection.execute(query, (annotator_id, thread_id))}
    column = bytearray(size)
    known: dict[tuple[frozenset[str], bool], bool] = {}
    for position in labels.keys() | reviewed:
        case = (frozenset(labels.get(position, ())), position in reviewed)
        if case not in known:
            known[case] = is_done(*case)
        if known[case] and position < size:
            column[position] = 1
    return bytes(column)


def labeled_column(project: Project, thread_id: int, annotator_id: int, size: int) -> bytes:
    """Return a byte for each post of a thread: 1 for one that an annotator has put something on or in."""
    return as_column(_labels(project, thread_id, annotator_id), size)


def replies_column(project: Project, thread_id: int, annotator_id: int, size: int, label: str) -> bytes:
    """Return a byte for each post: 1 for a direct reply to a post that carries a label; linear in these replies."""
    query = """
        SELECT c.position FROM (
            SELECT DISTINCT a.post_id FROM annotations AS a JOIN labels AS l ON l.id = a.label_id
            WHERE a.thread_id = ?1 AND a.annotator_id = ?2 AND l.label = ?3 AND a.post_id IS NOT NULL
        ) AS f CROSS JOIN posts AS c ON c.parent_id = f.post_id
        WHERE c.position > 0
    """
    with project.reading():
        rows = project.connection.execute(query, (thread_id, annotator_id, label))
        return as_column((row[0] for row in rows), size)


def subtree_column(project: Project, thread_id: int, post_id: int, size: int) -> bytes:
    """Return a byte for each post: 1 for a comment and all below it; for a row that is gone, none."""
    query = "SELECT position, subtree_size FROM posts WHERE id = ? AND thread_id = ? AND position IS NOT NULL"
    with project.reading():
        row = project.connection.execute(query, (post_id, thread_id)).fetchone()
    if row is None:
        return bytes(size)
    start, count = int(row[0]), int(row[1])
    return (bytes(start) + b"\1" * count).ljust(size, b"\0")[:size]


def as_column(positions: Iterable[int], size: int) -> bytes:
    """Return a byte for each position: 1 for these."""
    column = bytearray(size)
    for position in positions:
        if 0 <= position < size:
            column[position] = 1
    return bytes(column)


def next_untouched(project: Project, thread_id: int, annotator_id: int, low: int, high: int) -> int | None:
    """Return the first comment from `low` to `high` that an annotator has neither labeled nor reviewed; linear in these."""
    query = """
        SELECT p.position FROM posts AS p
        WHERE p.thread_id = ?1 AND p.position BETWEEN ?3 AND ?4
            AND NOT EXISTS (SELECT 1 FROM annotations AS a WHERE a.post_id = p.id AND +a.annotator_id = ?2)
            AND NOT EXISTS (SELECT 1 FROM reviews AS v WHERE v.post_id = p.id AND v.annotator_id = ?2)
        ORDER BY p.position LIMIT 1
    """
    with project.reading():
        row = project.connection.execute(query, (thread_id, annotator_id, max(1, low), high)).fetchone()
    return None if row is None else int(row[0])


def next_thread_with_work(project: Project, annotator_id: int, after: int) -> tuple[int, str] | None:
    """Return row and title of the next thread, in the order of import, of which an annotator has not seen to all comments.

    It goes round at the end and leaves out the thread `after`. Linear in the work on the threads that it passes.
    """
    query = """
        SELECT t.id, t.title FROM threads AS t
        WHERE t.id BETWEEN ?2 AND ?3 AND t.posts > 1 AND t.posts - 1 > (
            SELECT COUNT(*) FROM (
                SELECT a.post_id FROM annotations AS a JOIN posts AS p ON p.id = a.post_id
                WHERE a.thread_id = t.id AND a.annotator_id = ?1 AND p.position > 0
                UNION
                SELECT v.post_id FROM reviews AS v JOIN posts AS p ON p.id = v.post_id
                WHERE v.annotator_id = ?1 AND p.thread_id = t.id AND p.position > 0
            )
        )
        ORDER BY t.id LIMIT 1
    """
    with project.reading():
        for low, high in ((after + 1, 2**62), (1, after - 1)):
            row = project.connection.execute(query, (annotator_id, low, high)).fetchone()
            if row is not None:
                return int(row[0]), str(row[1])
    return None


def _labels(project: Project, thread_id: int, annotator_id: int) -> dict[int, set[str]]:
    """Return the ids of an annotator's labels on the comments of a thread and in them, by position."""
    query = """
        SELECT p.position, l.label FROM annotations AS a
        CROSS JOIN posts AS p ON p.id = a.post_id
        JOIN labels AS l ON l.id = a.label_id
        WHERE a.thread_id = ? AND a.annotator_id = ? AND p.position > 0
    """
    found: dict[int, set[str]] = {}
    with project.reading():
        for position, label in project.connection.execute(query, (thread_id, annotator_id)):
            found.setdefault(position, set()).add(label)
    return found
