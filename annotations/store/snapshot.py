"""A project read whole and in order, as it stood at one moment: what exporters need of the store."""

from __future__ import annotations

import json
from contextlib import contextmanager
from typing import TYPE_CHECKING

from msgspec import Struct

from annotations.span import Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

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
