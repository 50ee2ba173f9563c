"""What an annotator has read, and where they were.

None of this is part of the history: nobody takes back having read something.

What was read stands in `read_marks`: a row for each 1,024 posts of a thread in which an annotator has read one, with a
digit for each post in reading order. So a thread of a million comments opens, and is marked as read, by a thousand rows;
and whoever marks something changes the digits that stand in the project then, not those that they once loaded. Digits say
positions, so an import that moves posts moves them too (`annotations.store.read_marks.carry_marks`).
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from annotations.store.json_text import dump_json, load_json
from annotations.store.read_marks import BLOCK, LOAD, READ, UNREAD, load_marks, mark_runs

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from annotations.model import StoredThread
    from annotations.store.project import Project

_AS_NUMBERS = bytes(int(digit == READ) for digit in range(256))


def mark_read(project: Project, annotator_id: int, post_ids: Iterable[int]) -> None:
    """Remember that an annotator has read these posts.

    Raises:
        ProjectError: If the project cannot be written.
    """
    _mark_posts(project, annotator_id, post_ids, READ)


def mark_unread(project: Project, annotator_id: int, post_ids: Iterable[int]) -> None:
    """Forget that an annotator has read these posts.

    Raises:
        ProjectError: If the project cannot be written.
    """
    _mark_posts(project, annotator_id, post_ids, UNREAD)


def mark_positions_read(
    project: Project, thread: StoredThread, annotator_id: int, runs: Iterable[tuple[int, int]]
) -> bool:
    """Remember that an annotator has read the posts at the positions of some runs [start, stop).

    It costs a row for each 1,024 posts, however many they are.

    Returns:
        Whether it is so: not where the thread was imported again since it was loaded, and posts may have moved.

    Raises:
        ProjectError: If the project cannot be written.
    """
    query = "SELECT revision FROM threads WHERE id = ?"
    with project.transaction() as connection:
        if connection.execute(query, (thread.id,)).fetchone() != (thread.revision,):
            return False
        mark_runs(connection, (annotator_id, thread.id), runs, READ, project.now())
    return True


def read_positions(project: Project, thread_id: int, annotator_id: int) -> set[int]:
    """Return where in a thread the posts are that an annotator has read."""
    with project.reading():
        marks = load_marks(project.connection, annotator_id, thread_id)
    return {position for position, digit in enumerate(marks) if digit == READ}


def read_column(project: Project, thread_id: int, annotator_id: int, size: int) -> bytearray:
    """Return a byte for each of the `size` posts of a thread by position: 1 for one that an annotator has read.

    It costs some microseconds for each 1,024 posts.
    """
    column = bytearray(size)  # pages of zeros take no memory until they are written to
    with project.reading():
        for block, marks in project.connection.execute(LOAD, (annotator_id, thread_id)):
            start = block * BLOCK
            column[start : start + len(marks)] = marks.translate(_AS_NUMBERS)
    del column[size:]
    return column


def _mark_posts(project: Project, annotator_id: int, post_ids: Iterable[int], digit: int) -> None:
    """Mark posts, wherever they stand when it is written."""
    ids = list(post_ids)
    if not ids:
        return
    query = """
        SELECT thread_id, position FROM posts
        WHERE id IN (SELECT value FROM json_each(?)) AND position IS NOT NULL ORDER BY thread_id, position
    """
    with project.transaction() as connection:
        places = connection.execute(query, (str(ids),)).fetchall()
        now = project.now()
        for thread_id, found in groupby(places, lambda place: place[0]):
            runs = [(position, position + 1) for _, position in found]
            mark_runs(connection, (annotator_id, thread_id), runs, digit, now)


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
