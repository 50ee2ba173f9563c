"""What stands above a post in its thread, and whether somebody wrote in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Iterator

    from annotations.store.project import Project


class Ancestor(Struct, frozen=True, kw_only=True, gc=False):
    """A post that another one answers, directly or through others.

    Args:
        id: Its row.
        key: What its source calls it.
        parent_id: The row of the post that it answers itself; None for the article.
        author: Who wrote it, or None.
        text: What it says.
    """

    id: int
    key: str
    parent_id: int | None
    author: str | None
    text: str


def iter_ancestors(project: Project, post_id: int) -> Iterator[Ancestor]:
    """Yield a post, the one that it answers, and so on up to the article; each is read when it is asked for."""
    query = "SELECT id, key, parent_id, author, text FROM posts WHERE id = ?"
    row: int | None = post_id
    while row is not None:
        with project.reading():
            found = project.connection.execute(query, (row,)).fetchone()
        if found is None:
            return
        yield Ancestor(id=found[0], key=found[1], parent_id=found[2], author=found[3], text=found[4])
        row = found[2]


def is_author(project: Project, thread_id: int, name: str) -> bool:
    """Tell whether a thread has a post by an author of exactly that name."""
    query = "SELECT EXISTS (SELECT 1 FROM posts WHERE thread_id = ? AND author = ?)"
    with project.reading():
        return bool(project.connection.execute(query, (thread_id, name)).fetchone()[0])


def text_of_post(project: Project, post_id: int) -> str:
    """Return what a post says, "" where there is none."""
    with project.reading():
        row = project.connection.execute("SELECT text FROM posts WHERE id = ?", (post_id,)).fetchone()
    return "" if row is None else str(row[0])
