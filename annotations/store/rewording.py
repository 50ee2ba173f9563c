"""Posts that say something else than they did: out of the index of words before they are written, and into it again.

Many at a time and in the order of their rows: each statement, and each row that is lower than the one before it, makes a piece
of the index, which then has to be merged with the others.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from annotations.work import Work

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from sqlite3 import Connection

_TOGETHER = 5000
"""Posts whose words are forgotten or indexed by one statement."""

_FORGET = """
    INSERT INTO posts_fts (posts_fts, rowid, author, text)
    SELECT 'delete', id, author, text FROM posts WHERE id IN (SELECT value FROM json_each(?)) ORDER BY id
"""
"""The index keeps no copy of the texts, so it must be told what it is to forget (sqlite.org/fts5.html, section 6.3)."""

_INDEX = """
    INSERT INTO posts_fts (rowid, author, text)
    SELECT id, author, text FROM posts WHERE id IN (SELECT value FROM json_each(?)) ORDER BY id
"""


def forget_words(connection: Connection, row_ids: Sequence[int], work: Work | None = None) -> None:
    """Take posts out of the index, in the open transaction; they have still the texts and authors that were indexed."""
    for rows in (work or Work()).heed(_lots(row_ids), 1):
        connection.execute(_FORGET, (rows,))


def index_again(connection: Connection, row_ids: Sequence[int], work: Work | None = None) -> None:
    """Make the words of posts findable that were forgotten, in the open transaction."""
    for rows in (work or Work()).heed(_lots(row_ids), 1):
        connection.execute(_INDEX, (rows,))


def _lots(row_ids: Sequence[int]) -> Iterator[str]:
    ordered = sorted(row_ids)
    for start in range(0, len(ordered), _TOGETHER):
        yield str(ordered[start : start + _TOGETHER])
