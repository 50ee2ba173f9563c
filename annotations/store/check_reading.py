"""Checks of what was read, and of the signatures that searches rely on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from annotations.store.read_marks import BLOCK
from annotations.store.signatures import POSTS, signature

if TYPE_CHECKING:
    from collections.abc import Iterator

    from annotations.store.project import Project


def check_reading(project: Project) -> Iterator[str]:
    """Yield which marks of what was read are none, or those of posts that there are not."""
    query = """
        SELECT t.key, r.name, m.block, m.marks GLOB '*[^01]*' OR length(m.marks) > ?1,
            m.block * ?1 + length(m.marks) > t.posts
        FROM read_marks AS m JOIN threads AS t ON t.id = m.thread_id JOIN annotators AS r ON r.id = m.annotator_id
    """
    for thread, annotator, block, is_broken, is_behind in project.connection.execute(query, (BLOCK,)):
        where = f"{annotator} has read in {thread}, from position {block * BLOCK} on,"
        if is_broken:
            yield f"What {where} is not a digit for each of {BLOCK} posts at most."
        elif is_behind:
            yield f"What {where} reaches behind its last post."


def check_signatures(project: Project) -> Iterator[str]:
    """Yield which posts a search for signs would miss, or look at for nothing."""
    blocks = project.connection.execute(
        "SELECT first_post_id, last_post_id, signs, pairs FROM text_signatures ORDER BY first_post_id"
    )
    query = "SELECT author, text FROM posts WHERE id BETWEEN ? AND ?"
    behind = 1
    for first, last, signs, pairs in project.work.heed(blocks, 8):
        if first != behind or not first <= last < first + POSTS:
            yield f"The signatures do not tell of the posts in the rows {behind} to {first - 1}, or twice of some."
        posts = project.connection.execute(query, (first, last))
        if (signs, pairs) != signature(words for post in posts for words in post if words):
            yield f"The signature of the posts in the rows {first} to {last} is not that of their texts."
        behind = last + 1
    (latest,) = project.connection.execute("SELECT COALESCE(MAX(id), 0) FROM posts").fetchone()
    if latest >= behind:
        yield f"The signatures do not tell of the posts in the rows {behind} to {latest}."
