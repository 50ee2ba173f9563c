"""Marks of what was read: a row for each 1,024 posts of a thread, in which each post has a digit.

See `annotations.store.reading`, which says what they mean.
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from sqlite3 import Connection

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

UNREAD, READ = b"01"

LOAD = "SELECT block, CAST(marks AS BLOB) FROM read_marks WHERE annotator_id = ? AND thread_id = ? ORDER BY block"
_SAVE = """
    INSERT INTO read_marks (annotator_id, thread_id, block, marks, marked_at) VALUES (?, ?, ?, ?, ?)
    ON CONFLICT (annotator_id, thread_id, block) DO UPDATE SET marks = excluded.marks, marked_at = excluded.marked_at
"""


def mark_runs(
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


def load_marks(connection: Connection, annotator_id: int, thread_id: int) -> bytearray:
    """Return the digits of a thread from its first post to the last that was read."""
    marks = bytearray()
    for block, digits in connection.execute(LOAD, (annotator_id, thread_id)):
        marks += b"0" * (block * BLOCK - len(marks))
        marks += digits
    return marks


def carry_marks(connection: Connection, thread_id: int, came_from: Sequence[int | None]) -> None:
    """Keep what was read in a thread whose posts have moved; in the open transaction.

    Args:
        connection: The connection.
        thread_id: The thread.
        came_from: For each position where the post that stands there stood before; None for a new one, which is unread.
    """
    query = "SELECT annotator_id, MAX(marked_at) FROM read_marks WHERE thread_id = ? GROUP BY annotator_id"
    for annotator_id, marked_at in connection.execute(query, (thread_id,)).fetchall():
        before = load_marks(connection, annotator_id, thread_id).ljust(len(came_from), b"0")
        now = bytes(UNREAD if place is None else before[place] for place in came_from)
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
            marks[position % BLOCK] = READ
            latest = max(latest, read_at)
        _save_block(connection, (annotator_id, thread_id, block), marks, latest)
