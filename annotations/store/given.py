"""What the import of labeled data asks of a project, and how a row of it looks; it is written by `annotations.store.writing`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from msgspec import Struct

from annotations.store import rows
from annotations.store.commands import CommandState

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from annotations.model import Scope, Target
    from annotations.store.project import Project
    from annotations.store.rows import Row

_LAST = """
    SELECT e.annotation_uuid, e.thread_id, e.action, e.cause FROM events AS e JOIN (
        SELECT MAX(id) AS last FROM events WHERE annotation_uuid IN (SELECT value FROM json_each(?))
        GROUP BY annotation_uuid
    ) ON e.id = last
"""


class Past(Struct, frozen=True):
    """What the history says last of an annotation.

    Args:
        thread_id: The thread that it is in.
        stands: Whether it stands.
        is_undone: Whether it does not because what had put it was undone.
    """

    thread_id: int
    stands: bool
    is_undone: bool


def past_of(project: Project, uuids: Iterable[str]) -> dict[str, Past]:
    """Return what the history says last of annotations, by uuid; those that it does not know are left out."""
    rows = project.connection.execute(_LAST, (json.dumps(list(uuids)),))
    return {
        uuid: Past(thread_id, action != "retract", action == "retract" and cause == "undo")
        for uuid, thread_id, action, cause in rows
    }


def was_taken_off(project: Project, annotator_id: int, post_id: int, actions: Sequence[str]) -> bool:
    """Tell whether an annotator has had a mark on a post, which is not there now, and took it away by other than an undo.

    Args:
        project: The project.
        annotator_id: The annotator.
        post_id: The post, on which there is no such mark now.
        actions: What puts such a mark, and what takes it off.
    """
    query = """
        SELECT cause FROM events
        WHERE post_id = ? AND annotator_id = ? AND action IN (SELECT value FROM json_each(?)) ORDER BY id DESC LIMIT 1
    """
    row = project.connection.execute(query, (post_id, annotator_id, json.dumps(actions))).fetchone()
    return row is not None and row[0] != "undo"


def posts_by_key(project: Project, thread_id: int, keys: Iterable[str]) -> dict[str, int]:
    """Return the rows of those posts of a thread that have these keys."""
    query = "SELECT key, id FROM posts WHERE thread_id = ? AND key IN (SELECT value FROM json_each(?))"
    return dict(project.connection.execute(query, (thread_id, json.dumps(list(keys)))))


def post_text(project: Project, post_id: int) -> str:
    """Return what a post says."""
    return str(project.connection.execute("SELECT text FROM posts WHERE id = ?", (post_id,)).fetchone()[0])


def given_row(  # noqa: PLR0913  # what there is to say of an annotation
    project: Project,
    *,
    uuid: str,
    annotator_id: int,
    label: str,
    scope: Scope,
    target: Target,
    codebook_version: int,
    created_at: str | None,
    updated_at: str | None,
    note: str,
    attributes: Mapping[str, str | int | float],
) -> Row:
    """Return the row of an annotation that was made elsewhere, without its span.

    Raises:
        RuleError: If the project has no such label.
    """
    at = created_at or project.now()
    return {
        **dict.fromkeys(rows.SPAN_COLUMNS),
        "id": rows.new_annotation_id(project),
        "uuid": uuid,
        "annotator_id": annotator_id,
        "label_id": rows.label_row_id(project, label, scope),
        "thread_id": target.thread_id,
        "post_id": target.post_id,
        "from_annotation_id": target.from_annotation,
        "to_post_id": target.to_post_id,
        "to_annotation_id": target.to_annotation,
        "to_thread_id": target.to_thread_id,
        "note": note,
        "attributes": attributes_text(attributes),
        "codebook_version_id": codebook_version,
        "created_at": at,
        "updated_at": updated_at or at,
        "is_detached": 0,
    }


def attributes_text(attributes: Mapping[str, str | int | float]) -> str:
    """Return attributes as a row has them."""
    return json.dumps(dict(attributes), ensure_ascii=False) if attributes else "{}"


def command_state(project: Project, uuid: str) -> CommandState | None:
    """Return whether a command stands; None if there is none."""
    row = project.connection.execute("SELECT state FROM commands WHERE uuid = ?", (uuid,)).fetchone()
    return None if row is None else CommandState(row[0])


def retell_command(project: Project, uuid: str, summary: str) -> None:
    """Say anew what a command did, which has gone on."""
    project.connection.execute("UPDATE commands SET summary = ? WHERE uuid = ?", (summary, uuid))
