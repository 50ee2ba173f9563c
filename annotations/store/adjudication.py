"""The gold set in the store: whose it is, what is settled in it, what is still open, and what its labels were made of.

A post is settled when the gold set's annotator has reviewed it. Who has seen what is as in `annotations.store.votes`.
"""

from __future__ import annotations

import json
from array import array
from typing import TYPE_CHECKING, NamedTuple

from annotations.model import Annotator, AnnotatorKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from annotations.store.project import Project

NOT_GOLD = "annotator_id IS NOT (SELECT id FROM annotators WHERE kind = 'gold')"
"""The condition by which a row is an annotator's and not the gold set's; there is one gold set at most."""

GOLD = "gold"
"""What the gold set's annotator is called, unless a person is called that."""


def gold_id(project: Project) -> int | None:
    """Return the row of the gold set's annotator; None where nothing was ever adjudicated."""
    with project.reading():
        row = project.connection.execute("SELECT id FROM annotators WHERE kind = 'gold'").fetchone()
    return None if row is None else int(row[0])


def load_gold(project: Project) -> Annotator | None:
    """Return the gold set's annotator; None where nothing was ever adjudicated."""
    with project.reading():
        row = project.connection.execute("SELECT id, name FROM annotators WHERE kind = 'gold'").fetchone()
    return None if row is None else Annotator(id=row[0], name=row[1], kind=AnnotatorKind.GOLD)


def make_gold(project: Project) -> Annotator:
    """Return the gold set's annotator, in the open transaction; a new one if there is none."""
    found = load_gold(project)
    if found is not None:
        return found
    query = "INSERT INTO annotators (name, kind) VALUES (?, 'gold')"
    project.connection.execute(query, (free_name(project, GOLD),))
    made = load_gold(project)
    assert made is not None  # noqa: S101  # as was just written
    return made


def named(project: Project, name: str, kind: AnnotatorKind) -> Annotator:
    """Return whose that is which was made elsewhere under this name, in the open transaction.

    The gold set of another project becomes part of this one's; who is called as this one's is, and is none, gets another name.
    """
    if kind is AnnotatorKind.GOLD:
        return make_gold(project)
    gold = load_gold(project)
    is_taken = gold is not None and gold.name == name
    return project.annotator(f"{name} ({kind.value})" if is_taken else name, kind)


def free_name(project: Project, name: str) -> str:
    """Return a name that no annotator has: `name`, or with a number behind it."""
    taken = {row[0] for row in project.connection.execute("SELECT name FROM annotators")}
    number = 1
    found = name
    while found in taken:
        number += 1
        found = f"{name} {number}"
    return found


def adjudicators(project: Project) -> tuple[str, ...]:
    """Return who has adjudicated, by name, in the order of their arrival; not who has only taken back."""
    query = """
        SELECT name FROM annotators AS r
        WHERE EXISTS (SELECT 1 FROM events AS e WHERE e.adjudicator_id = r.id AND e.cause <> 'undo') ORDER BY r.id
    """
    with project.reading():
        return tuple(row[0] for row in project.connection.execute(query))


def count_settled(project: Project, thread_ids: Iterable[int]) -> int:
    """Return how many posts of these threads are settled."""
    query = """
        SELECT COUNT(*) FROM reviews AS v CROSS JOIN posts AS p ON p.id = v.post_id
        WHERE v.annotator_id = (SELECT id FROM annotators WHERE kind = 'gold')
            AND p.position IS NOT NULL AND p.thread_id IN (SELECT value FROM json_each(?))
    """
    with project.reading():
        return int(project.connection.execute(query, (json.dumps(list(thread_ids)),)).fetchone()[0])


def settled_among(project: Project, post_ids: Iterable[int]) -> set[int]:
    """Return which of these posts are settled."""
    query = """
        SELECT post_id FROM reviews WHERE annotator_id = (SELECT id FROM annotators WHERE kind = 'gold')
            AND post_id IN (SELECT value FROM json_each(?))
    """
    with project.reading():
        return {row[0] for row in project.connection.execute(query, (json.dumps(list(post_ids)),))}


_SEEN = """
    SELECT post_id, annotator_id FROM annotations WHERE post_id IS NOT NULL {of_thread}
    UNION SELECT post_id, annotator_id FROM reviews {of_posts}
"""
_OPEN = """
    SELECT thread_id, position, id FROM (
        SELECT p.thread_id, p.position, p.id FROM (
            SELECT post_id FROM ({seen}) WHERE annotator_id IN (SELECT value FROM json_each(:who))
            GROUP BY post_id HAVING COUNT(*) >= :least
        ) AS s CROSS JOIN posts AS p ON p.id = s.post_id
        WHERE p.position IS NOT NULL
        UNION
        SELECT p.thread_id, p.position, p.id FROM (
            SELECT DISTINCT thread_id FROM annotations WHERE post_id IS NULL {of_thread}
                AND annotator_id IN (SELECT value FROM json_each(:who))
        ) AS t CROSS JOIN posts AS p ON p.thread_id = t.thread_id AND p.position = 0
        WHERE (
            SELECT COUNT(*) FROM (
                SELECT annotator_id FROM annotations WHERE thread_id = t.thread_id
                UNION SELECT v.annotator_id FROM posts AS q CROSS JOIN reviews AS v ON v.post_id = q.id
                    WHERE q.thread_id = t.thread_id
            ) WHERE annotator_id IN (SELECT value FROM json_each(:who))
        ) >= :least
    ) AS o
    WHERE NOT EXISTS (
        SELECT 1 FROM reviews AS v
        WHERE v.post_id = o.id AND v.annotator_id = (SELECT id FROM annotators WHERE kind = 'gold')
    )
    ORDER BY thread_id, position
"""


def open_posts(project: Project, annotator_ids: Iterable[int], least: int, thread_id: int | None = None) -> array[int]:
    """Return the posts that are not settled and that so many have seen, in the order of threads and reading.

    An article is among them, too, where so many have seen its thread and one of them has put something on that as a whole.

    Args:
        project: The project.
        annotator_ids: Who counts.
        least: How many must have seen a post, 1 or more.
        thread_id: Only in this thread.
    """
    parts = {"of_thread": "", "of_posts": ""}
    if thread_id is not None:
        of_posts = "WHERE post_id IN (SELECT id FROM posts WHERE thread_id = :thread)"
        parts = {"of_thread": "AND thread_id = :thread", "of_posts": of_posts}
    query = _OPEN.format(seen=_SEEN.format(**parts), **parts)
    values = {"who": json.dumps(sorted(annotator_ids)), "least": least, "thread": thread_id}
    with project.reading():
        return array("q", (row[2] for row in project.connection.execute(query, values)))


class Place(NamedTuple):
    """Where a post is.

    Args:
        post_id: The post's row.
        post: What its source calls it.
        position: Its place in pre-order.
        thread_id: The row of its thread.
        thread: The thread's key.
    """

    post_id: int
    post: str
    position: int
    thread_id: int
    thread: str


def places_of_posts(project: Project, post_ids: Sequence[int]) -> list[Place]:
    """Return where these posts are, in the same order."""
    query = """
        SELECT p.id, p.key, p.position, p.thread_id, t.key FROM json_each(?) AS j
        CROSS JOIN posts AS p ON p.id = j.value JOIN threads AS t ON t.id = p.thread_id ORDER BY j.key
    """
    with project.reading():
        return [Place(*row) for row in project.connection.execute(query, (json.dumps(list(post_ids)),))]


def reviewers_of(project: Project, post_ids: Iterable[int]) -> dict[int, set[int]]:
    """Return who has reviewed these posts, by rows; posts that nobody has reviewed are left out."""
    query = "SELECT post_id, annotator_id FROM reviews WHERE post_id IN (SELECT value FROM json_each(?))"
    found: dict[int, set[int]] = {}
    with project.reading():
        for post_id, annotator_id in project.connection.execute(query, (json.dumps(list(post_ids)),)):
            found.setdefault(post_id, set()).add(annotator_id)
    return found
