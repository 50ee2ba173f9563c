"""Where threads stand on the web, and what is found in them by that."""

from __future__ import annotations

from typing import TYPE_CHECKING

from annotations.store.listing import load_thread

if TYPE_CHECKING:
    from annotations.model import StoredThread
    from annotations.store.project import Project


def shared_urls(project: Project) -> frozenset[str]:
    """Return the addresses that more than one thread has; they do not tell which one is meant."""
    query = "SELECT url FROM threads WHERE url IS NOT NULL GROUP BY url HAVING COUNT(*) > 1"
    with project.reading():
        return frozenset(row[0] for row in project.connection.execute(query))


def thread_at(project: Project, url: str) -> StoredThread | None:
    """Return the thread that stood at an address; None if there is none, or several.

    A thread that only stands for the document at the address is none of them: its meta says `is_passages`.
    """
    with project.reading():
        rows = project.connection.execute("SELECT id FROM threads WHERE url = ?", (url,)).fetchall()
    found = [load_thread(project, row[0]) for row in rows]
    found = [thread for thread in found if not thread.meta.get("is_passages")]
    return found[0] if len(found) == 1 else None


def post_that_says(project: Project, thread_id: int, words: str) -> tuple[str, str] | None:
    """Return key and text of the only comment of a thread that says some words, letter by letter; None if none does, or several."""
    query = "SELECT key, text FROM posts WHERE thread_id = ? AND position > 0 AND instr(text, ?) LIMIT 2"
    with project.reading():
        rows = project.connection.execute(query, (thread_id, words)).fetchall()
    return rows[0] if len(rows) == 1 else None
