"""Who has seen what, and who has put what on it: what one set of labels is made of.

An annotator has seen a post who has reviewed it, or has put a label on it or in it, or a relation that starts there; a note or a flag
alone says nothing. An annotator has seen a thread as a whole who has put anything on it, or has seen any of its posts. The gold
set is nobody's: it has no vote.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NamedTuple

from annotations.store.adjudication import NOT_GOLD

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from annotations.store.project import Project


class Vote(NamedTuple):
    """That an annotator has put a label on something, or, without a label, has reviewed a post.

    Args:
        thread: The row of the thread.
        post: The row of the post that it is on, in or starts at; None for the thread.
        annotator: The annotator's row.
        label: The label's stable id; None for a review.
        scope: The label's scope.
        start: Where its span begins; None where there is none.
        end: Where it ends.
        lost: What its span said, where it could not be placed; else None.
        to_post: The row of the post to which a relation leads.
        to_thread: The row of the thread to which it leads.
        from_label: The label of the annotation where it starts; None where it starts at the post or thread.
        from_start: Where that begins.
        from_end: Where that ends.
        from_lost: What that said, where it could not be placed.
        to_label: The label of the annotation to which it leads; None where it leads to a post or thread.
        to_start: Where that begins.
        to_end: Where that ends.
        to_lost: What that said, where it could not be placed.
    """

    thread: int
    post: int | None
    annotator: int
    label: str | None
    scope: str | None
    start: int | None
    end: int | None
    lost: str | None
    to_post: int | None
    to_thread: int | None
    from_label: str | None
    from_start: int | None
    from_end: int | None
    from_lost: str | None
    to_label: str | None
    to_start: int | None
    to_end: int | None
    to_lost: str | None


_VOTES = """
    SELECT a.thread_id, a.post_id AS post_id, a.annotator_id, l.label, l.scope,
        a.start_char, a.end_char, CASE WHEN a.is_detached THEN a.exact END, a.to_post_id, a.to_thread_id,
        fl.label, f.start_char, f.end_char, CASE WHEN f.is_detached THEN f.exact END,
        tl.label, t.start_char, t.end_char, CASE WHEN t.is_detached THEN t.exact END
    FROM annotations AS a
    JOIN labels AS l ON l.id = a.label_id
    LEFT JOIN annotations AS f ON f.id = a.from_annotation_id
    LEFT JOIN labels AS fl ON fl.id = f.label_id
    LEFT JOIN annotations AS t ON t.id = a.to_annotation_id
    LEFT JOIN labels AS tl ON tl.id = t.label_id
"""
_ON_POSTS = (
    _VOTES  # noqa: S608  # constants
    + f"""
    WHERE a.post_id IS NOT NULL AND a.{NOT_GOLD}
    UNION ALL
    SELECT p.thread_id, v.post_id, v.annotator_id, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
        NULL, NULL, NULL, NULL
    FROM reviews AS v JOIN posts AS p ON p.id = v.post_id WHERE v.{NOT_GOLD}
    ORDER BY post_id
"""  # noqa: S608  # the same
)
_ON_THREADS = f"{_VOTES} WHERE a.post_id IS NULL AND a.{NOT_GOLD} ORDER BY a.thread_id"


def votes_on_posts(project: Project) -> Iterator[Vote]:
    """Yield what is put on, in and from posts, and who has reviewed them, post by post."""
    with project.reading():
        yield from map(Vote._make, project.connection.execute(_ON_POSTS))


def votes_on_threads(project: Project) -> Iterator[Vote]:
    """Yield what is put on threads as a whole, thread by thread."""
    with project.reading():
        yield from map(Vote._make, project.connection.execute(_ON_THREADS))


def who_saw_posts(project: Project, thread_id: int, start: int, stop: int) -> dict[int, frozenset[int]]:
    """Return who has seen the posts of a thread at the positions [start, stop), by rows; posts that nobody has seen are left out."""
    query = f"""
        SELECT p.id, a.annotator_id FROM posts AS p JOIN annotations AS a ON a.post_id = p.id
        WHERE p.thread_id = ?1 AND p.position >= ?2 AND p.position < ?3 AND a.{NOT_GOLD}
        UNION
        SELECT p.id, v.annotator_id FROM posts AS p JOIN reviews AS v ON v.post_id = p.id
        WHERE p.thread_id = ?1 AND p.position >= ?2 AND p.position < ?3 AND v.{NOT_GOLD}
    """  # noqa: S608  # ours
    found: dict[int, set[int]] = {}
    with project.reading():
        for post_id, annotator_id in project.connection.execute(query, (thread_id, start, stop)):
            found.setdefault(post_id, set()).add(annotator_id)
    return {post_id: frozenset(annotators) for post_id, annotators in found.items()}


def who_saw_thread(project: Project, thread_id: int) -> frozenset[int]:
    """Return who has seen a thread as a whole, by rows."""
    query = """
        SELECT r.id FROM annotators AS r WHERE r.kind <> 'gold' AND (
            EXISTS (SELECT 1 FROM annotations AS a WHERE a.thread_id = ?1 AND a.annotator_id = r.id)
            OR EXISTS (SELECT 1 FROM posts AS p JOIN reviews AS v ON v.annotator_id = r.id AND v.post_id = p.id
                WHERE p.thread_id = ?1))
    """
    with project.reading():
        return frozenset(row[0] for row in project.connection.execute(query, (thread_id,)))


def at_the_same_place(project: Project, annotation_ids: Iterable[int]) -> dict[int, list[tuple[int, str]]]:
    """Return for each of these annotations all that are on the same words or the same post, itself too: row and label of each."""
    query = f"""
        SELECT e.id, s.id, l.label FROM json_each(?) AS j
        CROSS JOIN annotations AS e ON e.id = j.value
        CROSS JOIN annotations AS s ON s.post_id = e.post_id
        JOIN labels AS l ON l.id = s.label_id
        WHERE s.start_char IS e.start_char AND s.end_char IS e.end_char AND s.is_detached = e.is_detached
            AND (NOT s.is_detached OR s.exact = e.exact) AND s.to_post_id IS NULL AND s.to_thread_id IS NULL
            AND s.{NOT_GOLD}
        ORDER BY s.id
    """  # noqa: S608  # ours
    found: dict[int, list[tuple[int, str]]] = {}
    with project.reading():
        for row, same, label in project.connection.execute(query, (json.dumps(sorted(annotation_ids)),)):
            found.setdefault(row, []).append((same, label))
    return found
