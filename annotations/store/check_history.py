"""Checks of the history: what stands must be what the events say."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from annotations.store.rows import find_row_id, load_row

if TYPE_CHECKING:
    from collections.abc import Iterator

    from annotations.store.project import Project

_EVERYWHERE = (
    "uuid",
    "start_char",
    "end_char",
    "exact",
    "prefix",
    "suffix",
    "note",
    "attributes",
    "is_detached",
    "label",
    "from_annotation_uuid",
    "to_annotation_uuid",
)
"""What an event says of an annotation in words that hold in every project."""

_HERE = ("annotator_id", "thread_id", "post_id", "to_post_id", "to_thread_id")
"""Rows, which mean something only in the project where the event happened."""


_NAMES = """
    SELECT r.name, t.key, p.key FROM annotators AS r, posts AS p JOIN threads AS t ON t.id = p.thread_id
    WHERE r.id = ? AND p.id = ?
"""
"""How to call an annotator and a post, given their rows."""


def check_annotations(project: Project) -> Iterator[str]:
    """Yield which annotations are not as their last events left them."""
    query = """
        SELECT e.annotation_uuid, e.origin, e.after FROM events AS e JOIN (
            SELECT MAX(id) AS last FROM events WHERE annotation_uuid IS NOT NULL GROUP BY annotation_uuid
        ) ON e.id = last ORDER BY e.id
    """
    for uuid, origin, after in project.connection.execute(query):
        annotation_id = find_row_id(project, uuid)
        if after is None and annotation_id is not None:
            yield f"The annotation {annotation_id} stands, and the history says that it was taken off."
        elif after is not None and annotation_id is None:
            yield f"The annotation with the uuid {uuid} is gone, and the history says that it stands."
        elif annotation_id is not None:
            said = _read(after)
            row = load_row(project, annotation_id)
            names = _EVERYWHERE + _HERE if origin == project.origin else _EVERYWHERE
            wrong = [name for name in names if said.get(name) != row[name]]
            if wrong:
                yield f"The annotation {annotation_id} is not as the history says: {', '.join(wrong)}."
    for (annotation_id,) in project.connection.execute(
        "SELECT id FROM annotations AS a WHERE NOT EXISTS (SELECT 1 FROM events WHERE annotation_uuid = a.uuid)"
    ):
        yield f"The annotation {annotation_id} stands, and the history does not know it."


def check_reviews(project: Project) -> Iterator[str]:
    """Yield which reviews are not as their last events left them."""
    return _check_marks(project, "reviews", ("review", "unreview"), ("reviewed", "review"))


def check_flags(project: Project) -> Iterator[str]:
    """Yield which flags are not as their last events left them."""
    return _check_marks(project, "flags", ("flag", "unflag"), ("flagged", "flag"))


def _check_marks(project: Project, table: str, actions: tuple[str, str], words: tuple[str, str]) -> Iterator[str]:
    """Yield which marks on posts do not stand in a table as their last events left them.

    Args:
        project: The project.
        table: The table.
        actions: What puts a mark and what takes it off.
        words: What was done, and what is there then.
    """
    query = """
        SELECT e.annotator_id, e.post_id, e.action = ?1 FROM events AS e JOIN (
            SELECT MAX(id) AS last FROM events WHERE action IN (?1, ?2) GROUP BY annotator_id, post_id
        ) ON e.id = last
    """
    said = {(annotator, post) for annotator, post, is_there in project.connection.execute(query, actions) if is_there}
    stands = set(project.connection.execute(f"SELECT annotator_id, post_id FROM {table}"))  # noqa: S608  # constants
    done, mark = words
    for pair in sorted(said ^ stands):
        annotator, thread, post = project.connection.execute(_NAMES, pair).fetchone() or ("Somebody", "a thread", "")
        if pair in said:
            yield f"{annotator} {done} the post {post} in {thread} by the history, and the {mark} is gone."
        else:
            yield f"{annotator} {done} the post {post} in {thread}, and the history does not know it."


def check_notes(project: Project) -> Iterator[str]:
    """Yield which notes on posts are not as their last events left them, and which say nothing."""
    query = """
        SELECT e.annotator_id, e.post_id, e.after FROM events AS e JOIN (
            SELECT MAX(id) AS last FROM events WHERE action = 'note' GROUP BY annotator_id, post_id
        ) ON e.id = last
    """
    rows = project.connection.execute
    said = {(annotator, post): _read(after).get("note") for annotator, post, after in rows(query) if after}
    stands = {
        (annotator, post): note for annotator, post, note in rows("SELECT annotator_id, post_id, note FROM post_notes")
    }
    for pair in sorted(said.keys() | stands.keys()):
        annotator, thread, post = project.connection.execute(_NAMES, pair).fetchone() or ("Somebody", "a thread", "")
        name = f"The note by {annotator} on the post {post} in {thread}"
        if pair not in stands:
            yield f"{name} is gone, and the history says that it stands."
        elif pair not in said:
            yield f"{name} stands, and the history does not know it."
        elif said[pair] != stands[pair]:
            yield f"{name} is not as the history says."
        if pair in stands and not stands[pair]:
            yield f"{name} says nothing."


def check_sequence(project: Project) -> Iterator[str]:
    """Yield whether events are missing: those of this project are counted from 1 without a gap."""
    count, last = project.connection.execute(
        "SELECT COUNT(*), COALESCE(MAX(sequence), 0) FROM events WHERE origin = ?", (project.origin,)
    ).fetchone()
    if count != last:
        yield f"The history has gaps: {count} events, counted up to {last}."


def _read(after: str) -> dict[str, Any]:
    try:
        said = json.loads(after)
    except ValueError:
        return {}  # said by another check
    return said if isinstance(said, dict) else {}
