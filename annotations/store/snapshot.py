"""A project read whole and in order, as it stood at one moment: what exporters need of the store."""

from __future__ import annotations

import json
from contextlib import contextmanager
from typing import TYPE_CHECKING

from msgspec import Struct

from annotations.span import Span
from annotations.store.labels import load_annotation

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from annotations.model import Annotation
    from annotations.store.project import Project


class End(Struct, frozen=True, kw_only=True):
    """An annotation at which a relation starts or ends.

    Args:
        uuid: The annotation's name in the history and across projects.
        label: The stable id of its label.
        span: Where it is in its post; None for a label on the whole post.
        exact: What its span says; "" where there is none.
        is_detached: Whether its span could not be placed in the post's present text.
    """

    uuid: str
    label: str
    span: Span | None
    exact: str
    is_detached: bool


@contextmanager
def snapshot(project: Project) -> Iterator[None]:
    """Read everything inside the block from one state of the project, whatever others write meanwhile.

    Inside an open transaction, reading is consistent already. Nothing can be written inside the block.

    Raises:
        ProjectError: If the project is locked or damaged.
    """
    if project.connection.in_transaction:
        yield
        return
    with project.reading():
        project.connection.execute("BEGIN")
    try:
        yield
    finally:
        project.connection.execute("ROLLBACK")


def thread_ids(project: Project) -> list[int]:
    """Return the rows of all threads, in the order of their first import."""
    with project.reading():
        return [row[0] for row in project.connection.execute("SELECT id FROM threads ORDER BY id")]


def count_posts(project: Project, threads: Iterable[int]) -> int:
    """Return how many posts these threads have, the articles among them."""
    query = "SELECT COALESCE(SUM(posts), 0) FROM threads WHERE id IN (SELECT value FROM json_each(?))"
    with project.reading():
        return int(project.connection.execute(query, (json.dumps(list(threads)),)).fetchone()[0])


def is_source(project: Project, locations: Iterable[str]) -> bool:
    """Tell whether a thread was imported from one of these places."""
    query = "SELECT EXISTS (SELECT 1 FROM threads WHERE source IN (SELECT value FROM json_each(?)))"
    with project.reading():
        return bool(project.connection.execute(query, (json.dumps(list(locations)),)).fetchone()[0])


def annotated_positions(
    project: Project, thread_id: int, start: int, limit: int, annotator_id: int | None = None
) -> list[int]:
    """Return the first `limit` positions from `start` on whose posts carry an annotation or a note; no text is read."""
    query = """
        SELECT p.position FROM posts AS p
        WHERE p.thread_id = ?1 AND p.position >= ?2 AND (
            EXISTS (SELECT 1 FROM annotations AS a WHERE a.post_id = p.id AND (?4 IS NULL OR +a.annotator_id = ?4))
            OR EXISTS (SELECT 1 FROM post_notes AS n WHERE n.post_id = p.id AND (?4 IS NULL OR n.annotator_id = ?4)))
        ORDER BY p.position LIMIT ?3
    """
    with project.reading():
        return [row[0] for row in project.connection.execute(query, (thread_id, start, limit, annotator_id))]


def annotations_of_thread(project: Project, thread_id: int, annotator_id: int | None = None) -> list[Annotation]:
    """Return what is put on a thread as a whole, and the relations that start at it, in order of label and annotator."""
    query = """
        SELECT a.id FROM annotations AS a
        JOIN labels AS l ON l.id = a.label_id
        JOIN annotators AS r ON r.id = a.annotator_id
        WHERE a.thread_id = ?1 AND +a.post_id IS NULL AND (?2 IS NULL OR +a.annotator_id = ?2)
        ORDER BY l.label, r.name, a.id
    """
    with project.reading():
        rows = project.connection.execute(query, (thread_id, annotator_id)).fetchall()
    return [load_annotation(project, row[0]) for row in rows]


def reviewers_of_posts(
    project: Project, post_ids: Iterable[int], annotator_id: int | None = None
) -> dict[int, tuple[str, ...]]:
    """Return for each post that was reviewed by whom, in order of their names."""
    query = """
        SELECT v.post_id, r.name FROM json_each(?1) AS j
        CROSS JOIN reviews AS v ON v.post_id = j.value
        JOIN annotators AS r ON r.id = v.annotator_id
        WHERE ?2 IS NULL OR v.annotator_id = ?2
        ORDER BY v.post_id, r.name
    """
    found: dict[int, tuple[str, ...]] = {}
    with project.reading():
        for post_id, name in project.connection.execute(query, (json.dumps(list(post_ids)), annotator_id)):
            found[post_id] = (*found.get(post_id, ()), name)
    return found


def count_reviews(project: Project, thread_id: int, annotator_id: int | None = None) -> int:
    """Return how often somebody, or one annotator, has said of a post of the thread that it is done."""
    query = """
        SELECT COUNT(*) FROM reviews AS v JOIN posts AS p ON p.id = v.post_id
        WHERE p.thread_id = ?1 AND (?2 IS NULL OR v.annotator_id = ?2)
    """
    with project.reading():
        return int(project.connection.execute(query, (thread_id, annotator_id)).fetchone()[0])


def keys_of_posts(project: Project, post_ids: Iterable[int]) -> dict[int, str]:
    """Return what their sources call these posts, by row."""
    query = "SELECT id, key FROM posts WHERE id IN (SELECT value FROM json_each(?))"
    with project.reading():
        return dict(project.connection.execute(query, (json.dumps(list(post_ids)),)))


def load_ends(project: Project, annotation_ids: Iterable[int]) -> dict[int, End]:
    """Return these annotations as ends of relations, by row."""
    query = """
        SELECT a.id, a.uuid, l.label, a.start_char, a.end_char, a.exact, a.is_detached
        FROM annotations AS a JOIN labels AS l ON l.id = a.label_id
        WHERE a.id IN (SELECT value FROM json_each(?))
    """
    with project.reading():
        return {
            row[0]: End(
                uuid=row[1],
                label=row[2],
                span=None if row[3] is None else Span(row[3], row[4]),
                exact=row[5] or "",
                is_detached=bool(row[6]),
            )
            for row in project.connection.execute(query, (json.dumps(list(annotation_ids)),))
        }
