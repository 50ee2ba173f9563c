"""What was true when an adjudicator decided: what gold annotations were made of, and which relations wait for their other end."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from annotations.store.project import Project


class Origin(Struct, frozen=True, kw_only=True):
    """What a gold annotation was made of.

    Args:
        sources: The uuids of the annotations that it was copied or combined from.
        votes: How many annotators had put the same.
        seen_by: How many had seen the place, and could have.
    """

    sources: tuple[str, ...]
    votes: int
    seen_by: int


class Waiting(Struct, frozen=True, kw_only=True):
    """A relation that was settled on while its other end was not in the gold set.

    Args:
        post_id: The post that it starts from.
        origin: What it is to be made of.
    """

    post_id: int
    origin: Origin


def save_origin(project: Project, uuid: str, origin: Origin) -> None:
    """Say what a gold annotation was made of, in the open transaction."""
    project.connection.execute(
        "INSERT INTO gold_origins (annotation_uuid, sources, votes, seen_by) VALUES (?, ?, ?, ?)",
        (uuid, json.dumps(origin.sources), origin.votes, origin.seen_by),
    )


def load_origins(project: Project, uuids: Iterable[str]) -> dict[str, Origin]:
    """Return what annotations were made of, by uuid; those that were not made of others are left out."""
    query = """
        SELECT annotation_uuid, sources, votes, seen_by FROM gold_origins
        WHERE annotation_uuid IN (SELECT value FROM json_each(?))
    """
    with project.reading():
        rows = project.connection.execute(query, (json.dumps(list(uuids)),)).fetchall()
    return {row[0]: Origin(sources=tuple(json.loads(row[1])), votes=row[2], seen_by=row[3]) for row in rows}


def save_waiting(project: Project, command_uuid: str, to_post_id: int, waiting: Waiting) -> None:
    """Say that a relation waits for an annotation in or on another post, in the open transaction."""
    origin = waiting.origin
    project.connection.execute(
        "INSERT INTO gold_waiting (command_uuid, post_id, to_post_id, sources, votes, seen_by) VALUES (?, ?, ?, ?, ?, ?)",
        (command_uuid, waiting.post_id, to_post_id, json.dumps(origin.sources), origin.votes, origin.seen_by),
    )


def waiting_for(project: Project, gold_id: int, post_ids: Iterable[int]) -> list[Waiting]:
    """Return the relations that wait for what is in or on these posts, as far as the settlement stands that wants them."""
    query = """
        SELECT w.post_id, w.sources, w.votes, w.seen_by, w.command_uuid FROM gold_waiting AS w
        WHERE w.to_post_id IN (SELECT value FROM json_each(?1))
            AND EXISTS (SELECT 1 FROM reviews AS v WHERE v.annotator_id = ?2 AND v.post_id = w.post_id)
        ORDER BY w.id
    """
    rows = project.connection.execute(query, (json.dumps(list(post_ids)), gold_id)).fetchall()
    standing = {post_id: _settlement_of(project, gold_id, post_id) for post_id in {row[0] for row in rows}}
    return [
        Waiting(post_id=row[0], origin=Origin(sources=tuple(json.loads(row[1])), votes=row[2], seen_by=row[3]))
        for row in rows
        if standing[row[0]] == row[4]
    ]


def _settlement_of(project: Project, gold_id: int, post_id: int) -> str | None:
    """Return the command that has settled a post as it is now: the last one that did so, or took it back, and stands."""
    query = """
        SELECT command_uuid, cause, action FROM events
        WHERE post_id = ? AND +annotator_id = ? AND action IN ('review', 'unreview') ORDER BY id
    """
    done: dict[str, str] = {}
    undone: set[str] = set()
    for command, cause, action in project.connection.execute(query, (post_id, gold_id)):
        if cause == "undo":
            undone.add(command)
        else:
            undone.discard(command)
            done[command] = action
    standing = [command for command in done if command not in undone]
    return standing[-1] if standing and done[standing[-1]] == "review" else None


def rows_of(project: Project, uuids: Sequence[str]) -> list[int]:
    """Return the rows of those of these annotations that stand."""
    query = "SELECT id FROM annotations WHERE uuid IN (SELECT value FROM json_each(?)) ORDER BY id"
    with project.reading():
        return [row[0] for row in project.connection.execute(query, (json.dumps(list(uuids)),))]
