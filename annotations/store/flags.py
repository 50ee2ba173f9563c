"""Flags: an annotator's marks on posts to come back to. They are written by `annotations.store.writing`."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from annotations.store.project import Project


def is_flagged(project: Project, post_id: int, annotator_id: int) -> bool:
    """Tell whether an annotator has flagged a post."""
    query = "SELECT EXISTS (SELECT 1 FROM flags WHERE annotator_id = ? AND post_id = ?)"
    with project.reading():
        return bool(project.connection.execute(query, (annotator_id, post_id)).fetchone()[0])


def flagged_positions(project: Project, thread_id: int, annotator_id: int) -> set[int]:
    """Return where in a thread the posts are that an annotator has flagged; linear in the annotator's flags."""
    query = """
        SELECT p.position FROM flags AS f CROSS JOIN posts AS p ON p.id = f.post_id
        WHERE f.annotator_id = ? AND p.thread_id = ? AND p.position IS NOT NULL
    """
    with project.reading():
        return {row[0] for row in project.connection.execute(query, (annotator_id, thread_id))}


def flaggers_of_posts(
    project: Project, post_ids: Iterable[int], annotator_id: int | None = None
) -> dict[int, tuple[str, ...]]:
    """Return who has flagged each of these posts, by name; posts that nobody has flagged are left out.

    Args:
        project: The project.
        post_ids: Any number of posts.
        annotator_id: Only this annotator; None for all.
    """
    query = """
        SELECT f.post_id, r.name FROM flags AS f JOIN annotators AS r ON r.id = f.annotator_id
        WHERE f.post_id IN (SELECT value FROM json_each(?1)) AND (?2 IS NULL OR +f.annotator_id = ?2)
        ORDER BY f.post_id, r.name
    """
    found: dict[int, tuple[str, ...]] = {}
    with project.reading():
        for post_id, name in project.connection.execute(query, (str(list(post_ids)), annotator_id)):
            found[post_id] = (*found.get(post_id, ()), name)
    return found
