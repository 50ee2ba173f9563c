"""Who wrote what: the authors of posts by place, the next post of an author, whom an annotator follows.

An author is the exact string that the source gives; nothing is folded or trimmed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from annotations.store.posts import load_posts

if TYPE_CHECKING:
    from collections.abc import Iterable

    from annotations.model import StoredPost, StoredThread
    from annotations.store.project import Project

_SUBMITTERS = ("submitter", "submitted_by", "poster", "op")
"""What sources call the person who put an article up without having written it, in a post's or a thread's meta."""

_BEGINNING = 400
"""Code points of a text that are its first words, quotes before them included."""


def original_poster(thread: StoredThread, article: StoredPost) -> str | None:
    """Return who began a thread: the article's author, else who submitted it as its meta says; None if nobody knows."""
    if article.author:
        return article.author
    for meta in (article.meta, thread.meta):
        for name in _SUBMITTERS:
            value = meta.get(name)
            if isinstance(value, str) and value:
                return value
    return None


def load_article(project: Project, thread_id: int) -> StoredPost:
    """Return the article of a thread."""
    return load_posts(project, thread_id, 0, 1)[0]


def beginnings(project: Project, thread_id: int, positions: Iterable[int]) -> dict[int, tuple[str | None, str]]:
    """Return author and first words of the posts at these positions; None for an author whom the source does not name."""
    query = """
        SELECT position, author, substr(text, 1, ?) FROM posts
        WHERE thread_id = ? AND position IN (SELECT value FROM json_each(?))
    """
    with project.reading():
        rows = project.connection.execute(query, (_BEGINNING, thread_id, str(list(positions))))
        return {position: (author, text) for position, author, text in rows}


def next_by(project: Project, thread_id: int, authors: Iterable[str], position: int, step: int) -> int | None:
    """Return the next comment of any of these authors after `position` (before it, if `step` is negative).

    A look-up in an index for each author, however many comments they wrote.
    """
    query = (
        "SELECT MIN(position) FROM posts WHERE thread_id = ? AND author = ? AND position > ?"
        if step > 0
        else "SELECT MAX(position) FROM posts WHERE thread_id = ? AND author = ? AND position < ? AND position > 0"
    )
    with project.reading():
        rows = [project.connection.execute(query, (thread_id, author, position)).fetchone() for author in authors]
    found = [int(row[0]) for row in rows if row[0]]
    if not found:
        return None
    return min(found) if step > 0 else max(found)


def follow(project: Project, annotator_id: int, author: str, *, is_followed: bool = True) -> None:
    """Remember that an annotator follows an author in this project, or no longer does.

    Raises:
        ProjectError: If the project cannot be written.
    """
    with project.transaction() as connection:
        if is_followed:
            connection.execute(
                "INSERT OR IGNORE INTO follows (annotator_id, author, followed_at) VALUES (?, ?, ?)",
                (annotator_id, author, project.now()),
            )
        else:
            connection.execute("DELETE FROM follows WHERE annotator_id = ? AND author = ?", (annotator_id, author))


def followed_authors(project: Project, annotator_id: int) -> list[str]:
    """Return whom an annotator follows, in the order of the names."""
    query = "SELECT author FROM follows WHERE annotator_id = ? ORDER BY author"
    with project.reading():
        return [row[0] for row in project.connection.execute(query, (annotator_id,))]
