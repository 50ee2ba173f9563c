"""Whether the project has a thread already, by what it says or by where it came from.

A source may hold a hundred thousand threads: each question is answered from an index, whatever they have in common.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlite3 import Connection

    from annotations.store.prepared import PreparedThread

STANDARD_INPUT = "-"
"""The location of what came through a pipe: it is no place to which the same source would return."""

_FEW = 8
"""Numbers behind a key that are looked at one by one."""

_SAME_KEY_AND_TITLE = """
    SELECT id FROM threads INDEXED BY threads_source_key
    WHERE source = :source AND source_key = :key AND title = :title AND source_sha256 < :sha256
    UNION ALL SELECT id FROM threads INDEXED BY threads_source_key
    WHERE source = :source AND source_key = :key AND title = :title AND source_sha256 > :sha256
    LIMIT 1
"""

_SAME_TITLE = """
    SELECT id FROM threads INDEXED BY threads_source_title
    WHERE source = :source AND title = :title AND source_sha256 < :sha256
    UNION ALL SELECT id FROM threads INDEXED BY threads_source_title
    WHERE source = :source AND title = :title AND source_sha256 > :sha256
    LIMIT 2
"""
"""Those of other bytes, said so that the index answers it; of two such threads that are the same in all, the first comes."""


def find_same(connection: Connection, thread: PreparedThread) -> tuple[int, str] | None:
    """Return row and source hash of the thread that says the same and came from here or from the same bytes.

    Within one source, threads that say the same are told apart by what the source calls them.
    """
    asked = {
        "content": thread.content,
        "source": thread.location,
        "key": thread.thread.key,
        "sha256": thread.source_sha256,
    }
    row = connection.execute(
        "SELECT id, source_sha256 FROM threads "
        "WHERE content_sha256 = :content AND source = :source AND source_key = :key ORDER BY id LIMIT 1",
        asked,
    ).fetchone()
    if row is None:
        row = connection.execute(
            "SELECT id, source_sha256 FROM threads "
            "WHERE content_sha256 = :content AND (source < :source OR source > :source) "
            "AND +source_sha256 = :sha256 ORDER BY id LIMIT 1",
            asked,
        ).fetchone()
    return None if row is None else (row[0], row[1])


def is_surely_new(connection: Connection, thread: PreparedThread) -> bool:
    """Tell whether a thread cannot be in the project, whatever it says."""
    query = "SELECT 1 FROM threads WHERE source_sha256 = ?2 UNION ALL SELECT 1 FROM threads WHERE source = ?1 LIMIT 1"
    is_known = connection.execute(query, (thread.location, thread.source_sha256)).fetchone() is not None
    if is_known or thread.thread.is_export:
        return False
    from annotations.store.elsewhere import has_candidates  # noqa: PLC0415  # only for what is not in the project

    return not has_candidates(connection, thread)


def find_exported(connection: Connection, thread: PreparedThread) -> int | None:
    """Return the row of the thread that an export of Postil's tells: the one that says the same and is called the same."""
    if not thread.thread.is_export:
        return None
    row = connection.execute(
        "SELECT id FROM threads WHERE content_sha256 = ? AND +key = ?", (thread.content, thread.thread.key)
    ).fetchone()
    return None if row is None else int(row[0])


def find_earlier(connection: Connection, thread: PreparedThread) -> int | None:
    """Return the row of the thread whose later state `thread` is, or None if it is a thread of its own.

    What these very bytes have brought is another thread of the same source, not an earlier state of this one.
    """
    if thread.location == STANDARD_INPUT:
        return None
    asked = {
        "source": thread.location,
        "key": thread.thread.key,
        "title": thread.thread.title,
        "sha256": thread.source_sha256,
    }
    same_both = connection.execute(_SAME_KEY_AND_TITLE, asked).fetchone()
    if same_both is not None:
        return int(same_both[0])
    same_title = connection.execute(_SAME_TITLE, asked).fetchall()
    if len(same_title) == 1:
        return int(same_title[0][0])
    same_key = connection.execute(
        "SELECT id, source_sha256 FROM threads WHERE source = :source AND source_key = :key LIMIT 2", asked
    ).fetchall()
    if len(same_key) == 1 and same_key[0][1] != thread.source_sha256:
        return int(same_key[0][0])
    return None


def release_source(connection: Connection, thread_id: int, thread: PreparedThread) -> None:
    """Have no other thread take itself for an earlier state of what its source says: the analyst says whose state it is."""
    connection.execute(
        "UPDATE threads SET source = ? WHERE source = ? AND source_key = ? AND id <> ?",
        (STANDARD_INPUT, thread.location, thread.thread.key, thread_id),
    )


def free_key(connection: Connection, key: str) -> str:
    """Return `key`, or the first of `key-2`, `key-3` … that no thread has.

    Where so many threads have one that it is worth it, gaps between their numbers may be missed.
    """
    key = key or "thread"

    def is_taken(number: int) -> bool:
        name = key if number == 1 else f"{key}-{number}"
        return connection.execute("SELECT 1 FROM threads WHERE key = ?", (name,)).fetchone() is not None

    free = 1
    while is_taken(free):
        free += 1 if free < _FEW else free
    taken = free // 2 if free > _FEW else free - 1
    while free - taken > 1:
        middle = (taken + free) // 2
        taken, free = (middle, free) if is_taken(middle) else (taken, middle)
    return key if free == 1 else f"{key}-{free}"
