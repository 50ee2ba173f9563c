"""Which post is where, and who has worked on which thread: rows and positions, without a text."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from annotations.store.project import Project


def positions_of(project: Project, post_ids: Iterable[int]) -> dict[int, int]:
    """Return the positions of posts, by row; posts that are gone from their source have none and are left out."""
    query = "SELECT id, position FROM posts WHERE position IS NOT NULL AND id IN (SELECT value FROM json_each(?))"
    with project.reading():
        return dict(project.connection.execute(query, (json.dumps(list(post_ids)),)))


def keys_at(project: Project, thread_id: int, positions: Iterable[int]) -> dict[int, str]:
    """Return what the source calls the posts at some positions of a thread."""
    query = "SELECT position, key FROM posts WHERE thread_id = ? AND position IN (SELECT value FROM json_each(?))"
    with project.reading():
        return dict(project.connection.execute(query, (thread_id, json.dumps(list(positions)))))


def annotators_at_work(project: Project, thread_id: int) -> list[tuple[int, str]]:
    """Return who has put something in a thread or reviewed a post of it: row and name, in order of their arrival."""
    query = """
        SELECT r.id, r.name FROM annotators AS r
        WHERE EXISTS (SELECT 1 FROM annotations AS a WHERE a.thread_id = ?1 AND a.annotator_id = r.id)
            OR EXISTS (SELECT 1 FROM reviews AS v JOIN posts AS p ON p.id = v.post_id
                WHERE v.annotator_id = r.id AND p.thread_id = ?1)
        ORDER BY r.id
    """
    with project.reading():
        return project.connection.execute(query, (thread_id,)).fetchall()
