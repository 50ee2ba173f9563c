"""What an annotator has read, and where they were.

None of this is part of the history: nobody takes back having read something.

What was read stands in `read_marks`: a row for each 1,024 posts of a thread in which an annotator has read one, with a
digit for each post in reading order. So a thread of a million comments opens, and is marked as read, by a thousand rows;
and whoever marks something changes the digits that stand in the project then, not those that they once loaded. Digits say
positions, so an import that moves posts moves them too (`carry_marks`).
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from annotations.store.json_text import dump_json, load_json

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from sqlite3 import Connection

    from annotations.model import StoredThread
    from annotations.store.project import Project

BLOCK = 1024
"""Posts of which a row says whether they were read; SQL that asks for a single one reckons with it."""

IS_READ = """
    EXISTS (
        SELECT 1 FROM read_marks AS r
        WHERE r.annotator_id = :annotator_id AND r.thread_id = p.thread_id AND r.block = p.position / 1024
            AND substr(r.marks, p.position % 1024 + 1, 1) = '1'
    )
"""
"""Whether an annotator has read the post `p`."""

_UNREAD, _READ = b"01"
_AS_NUMBERS = bytes(int(digit == _READ) for digit in range(256))

_LOAD = "SELECT block, CAST(marks AS BLOB) FROM read_marks WHERE annotator_id = ? AND thread_id = ? ORDER BY block"
_SAVE = """
    INSERT INTO read_marks (annotator_id, thread_id, block, marks, marked_at) VALUES (?, ?, ?, ?, ?)
    ON CONFLICT (annotator_id, thread_id, block) DO UPDATE SET marks = excluded.marks, marked_at = excluded.marked_at
"""


def mark_read(project: Project, annotator_id: int, post_ids: Iterable[int]) -> None:
    """Remember that an annotator has read these posts.

    Raises:
        ProjectError: If the project cannot be written.
    """
    _mark_posts(project, annotator_id, post_ids, _READ)


def mark_unread(project: Project, annotator_id: int, post_ids: Iterable[int]) -> None:
    """Forget that an annotator has read these posts.

    Raises:
        ProjectError: If the project cannot be written.
    """
    _mark_posts(project, annotator_id, post_ids, _UNREAD)


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
        _mark_runs(connection, (annotator_id, thread.id), runs, _READ, project.now())
    return True


def read_positions(project: Project, thread_id: int, annotator_id: int) -> set[int]:
    """Return where in a thread the posts are that an annotator has read."""
    with project.reading():
        marks = _load_marks(project.connection, annotator_id, thread_id)
    return {position for position, digit in enumerate(marks) if digit == _READ}


def read_column(project: Project, thread_id: int, annotator_id: int, size: int) -> bytearray:
    """Return a byte for each of the `size` posts of a thread by position: 1 for one that an annotator has read.

    It costs some microseconds for each 1,024 posts.
    """
    column = bytearray(size)  # pages of zeros take no memory until they are written to
    with project.reading():
        for block, marks in project.connection.execute(_LOAD, (annotator_id, thread_id)):
            start = block * BLOCK
            column[start : start + len(marks)] = marks.translate(_AS_NUMBERS)
    del column[size:]
    return column


def carry_marks(connection: Connection, thread_id: int, came_from: Sequence[int | None]) -> None:
    """Keep what was read in a thread whose posts have moved; in the open transaction.

    Args:
        connection: The connection.
        thread_id: The thread.
        came_from: For each position where the post that stands there stood before; None for a new one, which is unread.
    """
    query = "SELECT annotator_id, MAX(marked_at) FROM read_marks WHERE thread_id = ? GROUP BY annotator_id"
    for annotator_id, marked_at in connection.execute(query, (thread_id,)).fetchall():
        before = _load_marks(connection, annotator_id, thread_id).ljust(len(came_from), b"0")
        now = bytes(_UNREAD if place is None else before[place] for place in came_from)
        connection.execute("DELETE FROM read_marks WHERE annotator_id = ? AND thread_id = ?", (annotator_id, thread_id))
        for start in range(0, len(now), BLOCK):
            _save_block(connection, (annotator_id, thread_id, start // BLOCK), now[start : start + BLOCK], marked_at)


def gather_reads(connection: Connection) -> None:
    """Make marks of the table `reads`, which had a row for each post that was read; in the open transaction."""
    rows = connection.execute(
        "SELECT r.annotator_id, p.thread_id, p.position, r.read_at FROM reads AS r JOIN posts AS p ON p.id = r.post_id "
        "WHERE p.position IS NOT NULL ORDER BY r.annotator_id, p.thread_id, p.position"
    )
    for (annotator_id, thread_id, block), reads in groupby(rows, lambda row: (row[0], row[1], row[2] // BLOCK)):
        marks, latest = bytearray(b"0" * BLOCK), ""
        for _, _, position, read_at in reads:
            marks[position % BLOCK] = _READ
            latest = max(latest, read_at)
        _save_block(connection, (annotator_id, thread_id, block), marks, latest)


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
            _mark_runs(connection, (annotator_id, thread_id), runs, digit, now)


def _mark_runs(
    connection: Connection, of: tuple[int, int], runs: Iterable[tuple[int, int]], digit: int, now: str
) -> None:
    """Set the digits of positions; `of` is annotator and thread."""
    parts: dict[int, list[tuple[int, int]]] = {}
    for start, stop in runs:
        for block in range(start // BLOCK, -(-stop // BLOCK)):
            first = block * BLOCK
            parts.setdefault(block, []).append((max(start, first) - first, min(stop, first + BLOCK) - first))
    query = "SELECT marks FROM read_marks WHERE annotator_id = ? AND thread_id = ? AND block = ?"
    for block, places in parts.items():
        row = connection.execute(query, (*of, block)).fetchone()
        before = row[0] if row is not None else ""
        marks = bytearray(before.encode().ljust(BLOCK, b"0"))
        for start, stop in places:
            marks[start:stop] = bytes([digit]) * (stop - start)
        _save_block(connection, (*of, block), marks, now, before)


def _save_block(
    connection: Connection, key: tuple[int, int, int], marks: bytes | bytearray, now: str, before: str = ""
) -> None:
    """Write the marks of a block up to the last post that was read; none where none was."""
    digits = marks.rstrip(b"0").decode()
    if digits and digits != before:
        connection.execute(_SAVE, (*key, digits, now))
    elif before and not digits:
        connection.execute("DELETE FROM read_marks WHERE annotator_id = ? AND thread_id = ? AND block = ?", key)


def _load_marks(connection: Connection, annotator_id: int, thread_id: int) -> bytearray:
    """Return the digits of a thread from its first post to the last that was read."""
    marks = bytearray()
    for block, digits in connection.execute(_LOAD, (annotator_id, thread_id)):
        marks += b"0" * (block * BLOCK - len(marks))
        marks += digits
    return marks


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
