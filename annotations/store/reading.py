"""What an annotator has read, where they were, and which post is the next of its kind.

None of this is part of the history: nobody takes back having read something.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from annotations.store.json_text import dump_json, load_json

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from annotations.store.project import Project

_NEAR = 1000
"""Positions to look at one by one for what may be everywhere or nowhere, before all annotations are asked."""

_EVERY_POSITION = 2**62


def mark_read(project: Project, annotator_id: int, post_ids: Iterable[int]) -> None:
    """Remember that an annotator has read these posts; what was read before stays as it was.

    Raises:
        ProjectError: If the project cannot be written.
    """
    now = project.now()
    rows = [(annotator_id, post_id, now) for post_id in post_ids]
    if not rows:
        return
    with project.transaction() as connection:
        connection.executemany("INSERT OR IGNORE INTO reads (annotator_id, post_id, read_at) VALUES (?, ?, ?)", rows)


def mark_unread(project: Project, annotator_id: int, post_ids: Iterable[int]) -> None:
    """Forget that an annotator has read these posts.

    Raises:
        ProjectError: If the project cannot be written.
    """
    rows = [(annotator_id, post_id) for post_id in post_ids]
    if not rows:
        return
    with project.transaction() as connection:
        connection.executemany("DELETE FROM reads WHERE annotator_id = ? AND post_id = ?", rows)


def read_positions(project: Project, thread_id: int, annotator_id: int) -> set[int]:
    """Return where in a thread the posts are that an annotator has read.

    It costs a look-up for each post that the annotator has read, not for each post of the thread.
    """
    query = """
        SELECT p.position FROM reads AS r CROSS JOIN posts AS p ON p.id = r.post_id
        WHERE r.annotator_id = ? AND p.thread_id = ? AND p.position IS NOT NULL
    """
    with project.reading():
        return {row[0] for row in project.connection.execute(query, (annotator_id, thread_id))}


def read_column(project: Project, thread_id: int, annotator_id: int, size: int) -> bytearray:
    """Return a byte for each of the `size` posts of a thread by position: 1 for one that an annotator has read.

    A thread that was imported once has its posts in rows that follow one another, so that a row says the position: then
    it costs 0.2 µs for each post that was read, else a look-up of 2 µs.
    """
    rows = """
        SELECT a.id, z.id FROM threads AS t
        JOIN posts AS a ON a.thread_id = t.id AND a.position = 0
        JOIN posts AS z ON z.thread_id = t.id AND z.position = ?2
        WHERE t.id = ?1 AND t.revision = 1
    """
    column = bytearray(size)
    with project.reading():
        found = project.connection.execute(rows, (thread_id, size - 1)).fetchone()
        if found is not None and found[1] - found[0] == size - 1:
            reads = "SELECT post_id - ?2 FROM reads WHERE annotator_id = ?1 AND post_id BETWEEN ?2 AND ?3"
            positions = project.connection.execute(reads, (annotator_id, *found))
            for (position,) in positions:
                column[position] = 1
            return column
    for position in read_positions(project, thread_id, annotator_id):
        column[position] = 1
    return column


def save_place(project: Project, thread_id: int, annotator_id: int, place: Mapping[str, object]) -> None:
    """Remember where an annotator was in a thread.

    Args:
        project: The project.
        thread_id: The thread.
        annotator_id: The annotator.
        place: JSON values, as the interface likes them.

    Raises:
        ProjectError: If the project cannot be written.
    """
    with project.transaction() as connection:
        connection.execute(
            "INSERT OR REPLACE INTO places (annotator_id, thread_id, place, left_at) VALUES (?, ?, ?, ?)",
            (annotator_id, thread_id, dump_json(place), project.now()),
        )


def load_place(project: Project, thread_id: int, annotator_id: int) -> dict[str, object] | None:
    """Return where an annotator was in a thread, None if they have not been there."""
    query = "SELECT place FROM places WHERE annotator_id = ? AND thread_id = ?"
    with project.reading():
        row = project.connection.execute(query, (annotator_id, thread_id)).fetchone()
    if row is None:
        return None
    try:
        place = load_json(row[0])
    except ValueError:  # somebody edited the file by hand; a lost place is not worth a thread that does not open
        return None
    return place if isinstance(place, dict) else None


class Wanted(StrEnum):
    """What to look for in a thread."""

    UNLABELED = "unlabeled"
    UNREVIEWED = "unreviewed"
    UNREAD = "unread"
    ANNOTATED = "annotated"


_HAS_LABEL = "EXISTS (SELECT 1 FROM annotations AS a WHERE a.post_id = p.id AND +a.annotator_id = :annotator_id)"
_HAS_REVIEW = "EXISTS (SELECT 1 FROM reviews AS v WHERE v.post_id = p.id AND v.annotator_id = :annotator_id)"
_HAS_READ = "EXISTS (SELECT 1 FROM reads AS r WHERE r.post_id = p.id AND r.annotator_id = :annotator_id)"

_CONDITIONS = {
    Wanted.UNLABELED: f"NOT {_HAS_LABEL}",
    Wanted.UNREVIEWED: f"NOT {_HAS_LABEL} AND NOT {_HAS_REVIEW}",
    Wanted.UNREAD: f"NOT {_HAS_READ}",
    Wanted.ANNOTATED: _HAS_LABEL,
}

# Only what the index on thread and position holds is asked of `posts`: its rows carry the texts.
_WALK = "SELECT p.position FROM posts AS p WHERE p.thread_id = :thread_id AND p.position BETWEEN :low AND :high AND "

_AMONG_ANNOTATIONS = """
    SELECT p.position FROM annotations AS a CROSS JOIN posts AS p ON p.id = a.post_id
    WHERE a.thread_id = :thread_id AND a.annotator_id = :annotator_id AND p.position BETWEEN :low AND :high
"""


def next_position(  # noqa: PLR0913  # each narrows the search
    project: Project, wanted: Wanted, thread_id: int, annotator_id: int, *, after: int, is_backward: bool = False
) -> int | None:
    """Return the position of the next comment of a kind, going round at the thread's end.

    Args:
        project: The project.
        wanted: What to look for.
        thread_id: The thread.
        annotator_id: Whose annotations, reviews and reads count.
        after: The position to start from; it is looked at last.
        is_backward: Whether to go towards the beginning.

    Returns:
        A position from 1 on (the article is no comment), or None if there is no such comment.
    """
    rounds = ((1, after - 1), (after, _EVERY_POSITION)) if is_backward else ((after + 1, _EVERY_POSITION), (1, after))
    names = {"thread_id": thread_id, "annotator_id": annotator_id}
    order = " ORDER BY p.position DESC LIMIT 1" if is_backward else " ORDER BY p.position LIMIT 1"
    walk = _WALK + _CONDITIONS[wanted] + order
    with project.reading():
        for lowest, high in rounds:
            low = max(lowest, 1)
            searches = [(walk, low, high)]
            if wanted is Wanted.ANNOTATED:
                near = (max(low, high - _NEAR), high) if is_backward else (low, min(high, low + _NEAR))
                searches = [(walk, *near), (_AMONG_ANNOTATIONS + order, low, high)]
            for query, first, last in searches:
                row = project.connection.execute(query, {**names, "low": first, "high": last}).fetchone()
                if row is not None:
                    return int(row[0])
    return None
