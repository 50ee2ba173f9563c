"""Annotations and reviews as a project holds them, for whoever reads. They are written by `annotations.store.writing`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from annotations.errors import RuleError
from annotations.model import Annotation, Scope, Target
from annotations.span import Quote, Span
from annotations.store.json_text import load_json
from annotations.store.thread_places import reviewed_places

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from annotations.store.project import Project

_ANNOTATIONS = """
    SELECT a.id, a.uuid, r.name, a.annotator_id, l.label, l.scope, a.thread_id, a.post_id, a.start_char, a.end_char,
        a.exact, a.prefix, a.suffix, a.from_annotation_id, a.to_post_id, a.to_annotation_id, a.note, a.attributes,
        a.codebook_version_id, a.created_at, a.updated_at, a.is_detached, a.to_thread_id
    FROM annotations AS a
    JOIN labels AS l ON l.id = a.label_id
    JOIN annotators AS r ON r.id = a.annotator_id
    LEFT JOIN posts AS p ON p.id = a.post_id
"""

_IN_ORDER = """
    ORDER BY a.post_id IS NOT NULL, p.position IS NULL, p.position, a.post_id, a.start_char, a.end_char, l.label,
        r.name, a.id
"""
"""Of one thread: its own first, then by post in reading order (posts gone from the source last), then by place."""

_SCOPES = {scope.value: scope for scope in Scope}

# The posts go in as one JSON array: SQLite limits the number of variables, not its length.
_ON_POSTS = "a.post_id IN (SELECT value FROM json_each(?1))"
_TO_POSTS = "a.to_post_id IN (SELECT value FROM json_each(?1))"


def annotations_in_thread(project: Project, thread_id: int, annotator_id: int | None = None) -> list[Annotation]:
    """Return a thread's annotations in reading order, of one annotator or of all."""
    return list(_thread_annotations(project, thread_id, annotator_id))


def annotations_of_posts(
    project: Project, post_ids: Iterable[int], annotator_id: int | None = None
) -> dict[int, list[Annotation]]:
    """Return for each post what is put on it or in it, and the relations that start there, in reading order.

    Args:
        project: The project.
        post_ids: Any number of posts; each has an entry in the result, empty where nothing is put on it.
        annotator_id: Only this annotator's.
    """
    found: dict[int, list[Annotation]] = {post_id: [] for post_id in post_ids}
    for annotation in _of_posts(project, _ON_POSTS, found, annotator_id):
        found[annotation.target.post_id or 0].append(annotation)
    return found


def relations_to(
    project: Project, post_ids: Iterable[int], annotator_id: int | None = None
) -> dict[int, list[Annotation]]:
    """Return for each post the relations that lead to it; the arguments are those of `annotations_of_posts`."""
    found: dict[int, list[Annotation]] = {post_id: [] for post_id in post_ids}
    for annotation in _of_posts(project, _TO_POSTS, found, annotator_id):
        found[annotation.target.to_post_id or 0].append(annotation)
    return found


def annotations_of_thread(project: Project, thread_id: int, annotator_id: int | None = None) -> list[Annotation]:
    """Return what is put on a thread as a whole: its labels, and the relations that start there or lead there.

    Labels stand first, then what starts at the thread, then what leads to it; each in order of label and annotator.
    However many annotations the thread's posts have, they are not looked at.

    Args:
        project: The project.
        thread_id: The thread.
        annotator_id: Only this annotator's.
    """
    is_theirs = "TRUE" if annotator_id is None else "annotator_id = ?2"  # an OR would keep SQLite from the index
    query = f""" WHERE a.id IN (
            SELECT id FROM annotations WHERE thread_id = ?1 AND post_id IS NULL AND {is_theirs}
            UNION SELECT id FROM annotations WHERE to_thread_id = ?1 AND +{is_theirs}
        ) ORDER BY a.to_thread_id IS NOT NULL, a.to_post_id IS NOT NULL, l.label, r.name, a.id"""  # noqa: S608  # constants
    values = (thread_id,) if annotator_id is None else (thread_id, annotator_id)
    return _all(project, _ANNOTATIONS + query, values)


def relations_on(project: Project, annotation_id: int) -> list[Annotation]:
    """Return the relations that start or end at an annotation."""
    return _all(
        project,
        _ANNOTATIONS + " WHERE a.from_annotation_id = ? OR a.to_annotation_id = ? ORDER BY a.id",
        (annotation_id, annotation_id),
    )


def annotations_at(project: Project, annotator_id: int, target: Target) -> list[Annotation]:
    """Return what an annotator has put on exactly this target; detached annotations are on none."""
    span = target.span
    ends = (target.from_annotation, target.to_post_id, target.to_annotation, target.to_thread_id)
    place = (target.post_id, None if span is None else span.start, None if span is None else span.end)
    # The plus keeps SQLite off the thread's index: the post's, or that of no post, leads to far fewer rows.
    return _all(
        project,
        _ANNOTATIONS
        + """ WHERE +a.thread_id = ? AND a.post_id IS ? AND a.start_char IS ? AND +a.end_char IS ?
        AND +a.from_annotation_id IS ? AND +a.to_post_id IS ? AND +a.to_annotation_id IS ? AND +a.to_thread_id IS ?
        AND +a.annotator_id = ? AND a.is_detached = 0 ORDER BY a.id""",
        (target.thread_id, *place, *ends, annotator_id),
    )


def annotations_with_label(project: Project, label: str, annotator_id: int) -> list[Annotation]:
    """Return what an annotator has put of a label, in all threads, in the order in which it was put."""
    row = "(SELECT id FROM labels WHERE label = ?)"
    return _all(
        project, f"{_ANNOTATIONS} WHERE a.label_id = {row} AND +a.annotator_id = ? ORDER BY a.id", (label, annotator_id)
    )


def load_annotation(project: Project, annotation_id: int) -> Annotation:
    """Return the annotation of that row.

    Raises:
        RuleError: If there is none (any more).
    """
    for annotation in _all(project, _ANNOTATIONS + " WHERE a.id = ?", (annotation_id,)):
        return annotation
    raise RuleError(f"There is no annotation {annotation_id}", "It may have been taken off in the meantime.")


def iter_annotations(
    project: Project, thread_id: int | None = None, annotator_id: int | None = None
) -> Iterator[Annotation]:
    """Yield annotations by thread, then in reading order: what is on the thread, then post by post, place by place.

    Memory holds one thread's annotations at most while they are sorted. Ties are in order of label and annotator.

    Args:
        project: The project.
        thread_id: Only this thread's.
        annotator_id: Only this annotator's.
    """
    if thread_id is not None:
        yield from _thread_annotations(project, thread_id, annotator_id)
        return
    with project.reading():
        threads = project.connection.execute("SELECT id FROM threads ORDER BY id").fetchall()
    for (each,) in threads:
        yield from _thread_annotations(project, each, annotator_id)


def labeled_post_ids(project: Project, thread_id: int, annotator_id: int) -> set[int]:
    """Return the comments of a thread that carry at least one annotation, of any scope, by this annotator."""
    query = """
        SELECT DISTINCT post_id FROM annotations WHERE thread_id = ?1 AND annotator_id = ?2
            AND post_id <> (SELECT id FROM posts WHERE thread_id = ?1 AND position = 0)
    """
    with project.reading():
        return {row[0] for row in project.connection.execute(query, (thread_id, annotator_id))}


def work_on_post(project: Project, post_id: int, annotator_id: int) -> tuple[bool, bool, bool]:
    """Tell whether a post is a comment, whether an annotator has put anything on it, and whether they reviewed it."""
    query = """
        SELECT p.position > 0,
            EXISTS (SELECT 1 FROM annotations AS a WHERE a.post_id = p.id AND +a.annotator_id = ?1),
            EXISTS (SELECT 1 FROM reviews AS v WHERE v.post_id = p.id AND v.annotator_id = ?1)
        FROM posts AS p WHERE p.id = ?2
    """
    with project.reading():
        row = project.connection.execute(query, (annotator_id, post_id)).fetchone()
    is_comment, is_labeled, has_review = row or (False, False, False)
    return bool(is_comment), bool(is_labeled), bool(has_review)


def reviewed_post_ids(project: Project, thread_id: int, annotator_id: int) -> set[int]:
    """Return the comments of a thread that an annotator has reviewed."""
    return {post_id for position, post_id in reviewed_places(project, thread_id, annotator_id) if position}


def reviewed_positions(project: Project, thread_id: int, annotator_id: int) -> set[int]:
    """Return where in a thread the posts are that an annotator has reviewed."""
    return {position for position, _ in reviewed_places(project, thread_id, annotator_id)}


def is_reviewed(project: Project, post_id: int, annotator_id: int) -> bool:
    """Tell whether an annotator has said that a post is done."""
    query = "SELECT EXISTS (SELECT 1 FROM reviews WHERE annotator_id = ? AND post_id = ?)"
    with project.reading():
        return bool(project.connection.execute(query, (annotator_id, post_id)).fetchone()[0])


def _thread_annotations(project: Project, thread_id: int, annotator_id: int | None) -> Iterator[Annotation]:
    query = _ANNOTATIONS + " WHERE a.thread_id = ?1 AND (?2 IS NULL OR a.annotator_id = ?2)" + _IN_ORDER
    with project.reading():
        yield from map(_annotation, project.connection.execute(query, (thread_id, annotator_id)))


def _of_posts(project: Project, condition: str, post_ids: Iterable[int], annotator_id: int | None) -> list[Annotation]:
    query = _ANNOTATIONS + " WHERE (?2 IS NULL OR +a.annotator_id = ?2) AND " + condition + _IN_ORDER
    return _all(project, query, (str(list(post_ids)), annotator_id))


def _all(project: Project, query: str, values: tuple[object, ...]) -> list[Annotation]:
    with project.reading():
        return [_annotation(row) for row in project.connection.execute(query, values)]


def _annotation(row: tuple[Any, ...]) -> Annotation:
    start, exact = row[8], row[10]
    return Annotation(
        id=row[0],
        uuid=row[1],
        annotator=row[2],
        annotator_id=row[3],
        label=row[4],
        scope=_SCOPES[row[5]],
        target=Target(
            thread_id=row[6],
            post_id=row[7],
            span=None if start is None else Span(start, row[9]),
            from_annotation=row[13],
            to_post_id=row[14],
            to_annotation=row[15],
            to_thread_id=row[22],
        ),
        quote=None if exact is None else Quote(exact, row[11] or "", row[12] or ""),
        note=row[16],
        attributes={} if row[17] == "{}" else load_json(row[17]),
        codebook_version=row[18],
        created_at=row[19],
        updated_at=row[20],
        detached=bool(row[21]),
    )
