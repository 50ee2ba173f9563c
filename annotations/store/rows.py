"""Annotations as rows: what an event keeps of one, and how it is written.

Whoever writes a row records the event in the same transaction (`annotations.store.history.record_event`): the session
through `annotations.store.writing`, an import that moves spans by itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from annotations.errors import RuleError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from annotations.model import Scope
    from annotations.store.project import Project

Row: TypeAlias = dict[str, Any]
"""An annotation column by column, and with the names that hold in every project: `label`, the stable id; and the uuids
of the annotations that a relation ties, `from_annotation_uuid` and `to_annotation_uuid`."""

COLUMNS = (
    "id",
    "uuid",
    "annotator_id",
    "label_id",
    "thread_id",
    "post_id",
    "start_char",
    "end_char",
    "exact",
    "prefix",
    "suffix",
    "from_annotation_id",
    "to_post_id",
    "to_annotation_id",
    "to_thread_id",
    "note",
    "attributes",
    "codebook_version_id",
    "created_at",
    "updated_at",
    "is_detached",
)
"""The columns of the table, in its order; `attributes` is JSON text."""

SPAN_COLUMNS = ("start_char", "end_char", "exact", "prefix", "suffix", "is_detached")
"""The columns that say together where a span is."""

_NAMES = ("label", "from_annotation_uuid", "to_annotation_uuid")

_EMPTY: Row = {"to_thread_id": None}
"""What a row of an earlier schema lacks."""

_ROWS = (
    "SELECT "  # noqa: S608  # made of the constants above
    + ", ".join(f"a.{column}" for column in COLUMNS)
    + """, l.label, f.uuid, t.uuid
    FROM annotations AS a
    JOIN labels AS l ON l.id = a.label_id
    LEFT JOIN annotations AS f ON f.id = a.from_annotation_id
    LEFT JOIN annotations AS t ON t.id = a.to_annotation_id
"""
)

_INSERT = (
    "INSERT INTO annotations ("  # noqa: S608  # made of the constants above
    + ", ".join(COLUMNS)
    + ") VALUES ("
    + ", ".join(f":{column}" for column in COLUMNS)
    + ")"
)

_UPDATE = (
    "UPDATE annotations SET "  # noqa: S608  # made of the constants above
    + ", ".join(f"{column} = :{column}" for column in COLUMNS if column != "id")
    + " WHERE id = :id"
)


def codebook_version_id(project: Project, sha256: str) -> int | None:
    """Return the row of the codebook version whose source has that hash, or None if the project has not got it."""
    row = project.connection.execute("SELECT id FROM codebook_versions WHERE sha256 = ?", (sha256,)).fetchone()
    return None if row is None else int(row[0])


def label_row_id(project: Project, label: str, scope: Scope) -> int:
    """Return the row of a label of the project's codebook.

    Raises:
        RuleError: If the project has no such label, or a codebook applied since has given it another scope.
    """
    row = project.connection.execute("SELECT id, scope FROM labels WHERE label = ?", (label,)).fetchone()
    if row is None:
        raise RuleError(f"The project has no label “{label}”", "Apply the codebook that has it: postil codebook apply")
    if row[1] != scope.value:
        raise RuleError(
            f"The project’s codebook puts the label “{label}” on a {row[1]}, not on a {scope.value}",
            "The codebook was changed elsewhere: open the project again to work with it.",
        )
    return int(row[0])


def new_annotation_id(project: Project) -> int:
    """Return a row for a new annotation that no other has, or ever had: undo brings back what had it.

    Events are never deleted, and the one that records an annotation has a row no lower than the annotation's.
    """
    query = """
        SELECT 1 + MAX(COALESCE((SELECT MAX(id) FROM events), 0), COALESCE((SELECT MAX(id) FROM annotations), 0))
    """
    return int(project.connection.execute(query).fetchone()[0])


def load_row(project: Project, annotation_id: int) -> Row:
    """Return an annotation's row, for an event.

    Raises:
        RuleError: If there is none.
    """
    row = project.connection.execute(_ROWS + " WHERE a.id = ?", (annotation_id,)).fetchone()
    if row is None:
        raise RuleError(f"There is no annotation {annotation_id}", "It may have been taken off in the meantime.")
    return dict(zip((*COLUMNS, *_NAMES), row, strict=True))


def find_row_id(project: Project, uuid: str) -> int | None:
    """Return the row of the annotation with that uuid, or None."""
    row = project.connection.execute("SELECT id FROM annotations WHERE uuid = ?", (uuid,)).fetchone()
    return None if row is None else int(row[0])


def insert_row(project: Project, row: Mapping[str, object]) -> None:
    """Write a new annotation; the caller records the event right after it, before the next one.

    A column that it lacks stays empty: an event of an earlier schema did not know of it.
    """
    project.connection.execute(_INSERT, {**_EMPTY, **row})


def update_row(project: Project, row: Mapping[str, object]) -> None:
    """Write an annotation's row anew; the caller records the event."""
    project.connection.execute(_UPDATE, row)


def delete_row(project: Project, annotation_id: int) -> None:
    """Take an annotation off; the caller records the event."""
    project.connection.execute("DELETE FROM annotations WHERE id = ?", (annotation_id,))
