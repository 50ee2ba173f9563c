"""What an import could not place: spans whose words are gone, and annotations of posts that the source no longer has.

Nothing of it is dropped. It is listed, with the words of the present text that are the nearest to those that are lost.
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from msgspec import Struct

from annotations.store.labels import load_annotation
from annotations.store.listing import load_thread
from annotations.store.posts import load_post

if TYPE_CHECKING:
    from collections.abc import Iterator
    from sqlite3 import Connection

    from annotations.anchoring import Anchor
    from annotations.model import Annotation, StoredPost
    from annotations.store.project import Project

REMOVED_AT = "removed_at"
"""In a post's meta: when an import no longer found it in its source."""

_ON_REMOVED = f"""
    EXISTS (
        SELECT 1 FROM posts AS g
        WHERE g.id IN (a.post_id, a.to_post_id) AND json_extract(g.meta, '$.{REMOVED_AT}') IS NOT NULL
    )
"""  # noqa: S608  # a constant


class Detached(Struct, frozen=True, kw_only=True):
    """An annotation that an import could not place.

    Args:
        annotation: The annotation.
        thread: The title of its thread.
        post: What it is put on, or in; None for a relation that begins at a thread.
        is_removed: Whether that post, or the one that it leads to, is gone from the source.
        candidate: The words of the post that are the nearest to those that are lost; None if there are none, or if
            it is the post that is gone.
    """

    annotation: Annotation
    thread: str
    post: StoredPost | None
    is_removed: bool = False
    candidate: Anchor | None = None


def count_detached(project: Project, thread_id: int, annotator_id: int | None = None) -> int:
    """Return how many spans of a thread are detached, of one annotator or of all; a look at an index."""
    query = (
        "SELECT COUNT(*) FROM annotations WHERE is_detached = 1 AND thread_id = ? AND (?2 IS NULL OR annotator_id = ?2)"
    )
    with project.reading():
        row = project.connection.execute(query, (thread_id, annotator_id)).fetchone()
    return int(row[0])


def count_on_removed(connection: Connection, thread_id: int) -> int:
    """Return how many annotations of a thread are on posts that its source no longer has, or lead to such."""
    query = f"SELECT COUNT(*) FROM annotations AS a WHERE a.thread_id = ? AND ({_ON_REMOVED})"  # noqa: S608  # constants
    return int(connection.execute(query, (thread_id,)).fetchone()[0])


def detached_annotations(
    project: Project, thread_id: int | None = None, annotator_id: int | None = None
) -> list[Detached]:
    """Return what imports could not place, each with the nearest words of the present text.

    The spans come first, those of one post together, in the order of the posts; then what is on posts that are gone.
    Long: it compares the texts of every post that has lost a span.

    Args:
        project: The project; what it is doing (`Project.doing`) may stop it.
        thread_id: Only of this thread.
        annotator_id: Only this annotator's.
    """
    condition = "(?1 IS NULL OR a.thread_id = ?1) AND (?2 IS NULL OR a.annotator_id = ?2)"
    query = """
        SELECT a.id, a.post_id FROM annotations AS a LEFT JOIN posts AS p ON p.id = a.post_id
        WHERE {} AND {} ORDER BY a.thread_id, p.position, a.start_char, a.id
    """
    values = (thread_id, annotator_id)
    with project.reading():
        lost = project.connection.execute(query.format("a.is_detached = 1", condition), values).fetchall()
        removed = project.connection.execute(
            query.format(f"a.is_detached = 0 AND ({_ON_REMOVED})", condition), values
        ).fetchall()
        titles: dict[int, str] = {}
        return [
            *(
                found
                for post_id, rows in groupby(project.work.heed(lost, 1), key=lambda row: row[1])
                for found in _of_post(project, post_id, [row[0] for row in rows], titles)
            ),
            *(_on_removed(project, row[0], row[1], titles) for row in removed),
        ]


def _of_post(project: Project, post_id: int, annotation_ids: list[int], titles: dict[int, str]) -> Iterator[Detached]:
    """Yield the detached spans of a post."""
    from annotations.anchoring import Anchoring  # noqa: PLC0415  # loaded on use

    post = load_post(project, post_id)
    is_removed = REMOVED_AT in post.meta
    earlier = [
        text
        for (text,) in project.connection.execute(
            "SELECT text FROM post_revisions WHERE post_id = ? ORDER BY revision DESC", (post_id,)
        )
    ]
    known: dict[int, Anchoring] = {}
    for annotation_id in annotation_ids:
        annotation = load_annotation(project, annotation_id)
        span, sought = annotation.target.span, annotation.quote
        if span is None or sought is None:
            continue
        # The latest of the earlier texts in which the span was in its place tells the most of what became of it.
        number = next((n for n, text in enumerate(earlier) if text[span.start : span.end] == sought.exact), -1)
        if number not in known:
            known[number] = Anchoring(post.text, earlier[number] if number >= 0 else None)
        candidate = known[number].nearest(sought, span.start, span if number >= 0 else None)
        yield Detached(
            annotation=annotation,
            thread=_title(project, annotation.target.thread_id, titles),
            post=post,
            is_removed=is_removed,
            candidate=candidate,
        )


def _on_removed(project: Project, annotation_id: int, post_id: int | None, titles: dict[int, str]) -> Detached:
    annotation = load_annotation(project, annotation_id)
    return Detached(
        annotation=annotation,
        thread=_title(project, annotation.target.thread_id, titles),
        post=None if post_id is None else load_post(project, post_id),
        is_removed=True,
    )


def _title(project: Project, thread_id: int, titles: dict[int, str]) -> str:
    if thread_id not in titles:
        titles[thread_id] = load_thread(project, thread_id).title
    return titles[thread_id]
