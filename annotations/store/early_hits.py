"""The first hits of a short prefix, without asking the whole index.

FTS5 answers `t*` by merging what it holds of every word that begins so before it yields the first row: the more posts
are found, the longer it takes, half a second for a million. But what stands in so many posts stands in the first few
hundred, and these are indexed anew, in memory, in some milliseconds. Where they do not hold enough hits the prefix is
rare enough for the index itself.
"""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from annotations.store.project import Project

_SHORT = re.compile(r'(?<!\w)\w{1,3}"?\*')
_LOOKED_AT = 6
"""Posts that are looked at for each hit that is wanted: a prefix that is rarer is found by the index as fast."""


_FEW = 20_000
"""Posts up to which the index itself is as fast."""


def is_slow_prefix(project: Project, expression: str) -> bool:
    """Tell whether an expression asks a big index for words that begin with up to three letters."""
    if _SHORT.search(expression) is None:
        return False
    return int(project.connection.execute("SELECT COALESCE(MAX(id), 0) FROM posts").fetchone()[0]) > _FEW


def early_hits(  # noqa: PLR0913, PLR0917  # where, what, how it is marked, how many
    project: Project, expression: str, rows: tuple[int, int], thread_id: int | None, marks: tuple[str, str], limit: int
) -> list[tuple[int, str]] | None:
    """Return the first posts that an expression finds, or None where they are not all among the first posts.

    Args:
        project: The project.
        expression: An FTS5 expression.
        rows: The lowest and the highest row to look at.
        thread_id: Only in this thread.
        marks: What to put around a match.
        limit: How many posts.

    Returns:
        Row and marked text of each, in order; exactly what the index would say.
    """
    definition = project.connection.execute("SELECT sql FROM sqlite_master WHERE name = 'posts_fts'").fetchone()[0]
    posts = project.connection.execute(
        "SELECT id, author, text FROM posts WHERE id BETWEEN ? AND ? AND (?3 IS NULL OR thread_id = ?3) "
        "ORDER BY id LIMIT ?",
        (*rows, thread_id, _LOOKED_AT * limit),
    ).fetchall()
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as memory:
        memory.execute("PRAGMA journal_mode = OFF")
        memory.execute("CREATE TABLE posts (id INTEGER PRIMARY KEY, author TEXT, text TEXT)")
        memory.execute(definition)
        memory.execute("BEGIN")
        memory.executemany("INSERT INTO posts VALUES (?, ?, ?)", posts)
        memory.execute("INSERT INTO posts_fts (rowid, author, text) SELECT id, author, text FROM posts ORDER BY id")
        memory.execute("COMMIT")
        found = memory.execute(
            "SELECT rowid, highlight(posts_fts, 1, ?, ?) FROM posts_fts WHERE posts_fts MATCH ? ORDER BY rowid LIMIT ?",
            (*marks, expression, limit),
        ).fetchall()
    return found if len(found) == limit else None
