"""Where in a thread an annotator has worked, for the whole thread at once: as cheap as opening it has to be.

A thread that was imported once has its posts in rows that follow one another, so that a row says a position. Then the
indexes over labels and reviews answer alone, half a microsecond each; else every post is looked up, two more.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from annotations.store.posts import load_post

if TYPE_CHECKING:
    from collections.abc import Iterable

    from annotations.store.project import Project

_FIRST_ROW = """
    SELECT a.id, z.id FROM threads AS t
    JOIN posts AS a ON a.thread_id = t.id AND a.position = 0
    JOIN posts AS z ON z.thread_id = t.id AND z.position = t.posts - 1
    WHERE t.id = ? AND t.revision = 1 AND z.id - a.id = t.posts - 1
"""


def row_range(project: Project, thread_id: int) -> tuple[int, int] | None:
    """Return the rows of a thread's first and last post where they follow one another in reading order, else None."""
    with project.reading():
        row = project.connection.execute(_FIRST_ROW, (thread_id,)).fetchone()
    return None if row is None else (int(row[0]), int(row[1]))


def unreviewed_posts(project: Project, annotator_id: int, post_ids: Iterable[int]) -> list[tuple[int, int]]:
    """Return row and thread of those of these posts that an annotator has not reviewed, in order of their rows.

    Raises:
        UnknownNameError: If there is no such post.
    """
    ids = set(post_ids)
    listed = str(list(ids))
    query = """
        SELECT p.id, p.thread_id FROM posts AS p
        WHERE p.id IN (SELECT value FROM json_each(?1))
            AND NOT EXISTS (SELECT 1 FROM reviews AS v WHERE v.annotator_id = ?2 AND v.post_id = p.id)
        ORDER BY p.id
    """
    count = "SELECT COUNT(*) FROM posts WHERE id IN (SELECT value FROM json_each(?))"
    with project.reading():
        is_known = project.connection.execute(count, (listed,)).fetchone()[0] == len(ids)
        found = project.connection.execute(query, (listed, annotator_id)).fetchall()
    if not is_known:
        for post_id in ids:
            load_post(project, post_id)
    return found


def label_places(project: Project, thread_id: int, annotator_id: int) -> dict[str, list[int]]:
    """Return the positions at which an annotator has put labels, by the label's id; sorted, once for each annotation."""
    query = """
        SELECT a.label_id, p.position FROM annotations AS a CROSS JOIN posts AS p ON p.id = a.post_id
        WHERE a.thread_id = ? AND a.annotator_id = ? AND p.position IS NOT NULL ORDER BY p.position
    """
    values = [thread_id, annotator_id]
    if (rows := row_range(project, thread_id)) is not None:
        query = """
            SELECT label_id, post_id - ?3 FROM annotations
            WHERE thread_id = ?1 AND annotator_id = ?2 AND post_id BETWEEN ?3 AND ?4 ORDER BY post_id
        """
        values += rows
    found: dict[int, list[int]] = {}
    with project.reading():
        for label_id, position in project.connection.execute(query, values):
            places = found.get(label_id)
            if places is None:
                found[label_id] = [position]
            else:
                places.append(position)
        names = dict(project.connection.execute("SELECT id, label FROM labels"))
    return {names[label_id]: places for label_id, places in found.items()}


def reviewed_places(project: Project, thread_id: int, annotator_id: int) -> list[tuple[int, int]]:
    """Return position and row of the posts of a thread that an annotator has reviewed, in no order."""
    query = """
        SELECT p.position, v.post_id FROM reviews AS v CROSS JOIN posts AS p ON p.id = v.post_id
        WHERE v.annotator_id = ? AND p.thread_id = ? AND p.position IS NOT NULL
    """
    values = [annotator_id, thread_id]
    if (rows := row_range(project, thread_id)) is not None:
        query = "SELECT post_id - ?2, post_id FROM reviews WHERE annotator_id = ?1 AND post_id BETWEEN ?2 AND ?3"
        values = [annotator_id, *rows]
    with project.reading():
        return project.connection.execute(query, values).fetchall()
