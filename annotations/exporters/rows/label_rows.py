"""The rows of labels, with what the codebook says of them: a data set is read by people who do not have it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from msgspec import json

from annotations.exporters.rows.columns import Column, Kind
from annotations.store.gathered import load_names

if TYPE_CHECKING:
    from annotations.codebook import Label
    from annotations.exporters.choosing.selection import Selection
    from annotations.model import Scope
    from annotations.store.project import Project

Row: TypeAlias = "tuple[Any, ...]"

LABEL_COLUMNS = (
    Column("label"),
    Column("name"),
    Column("scope"),
    Column("description"),
    Column("guidelines"),
    Column("parent"),
    Column("group"),
    Column("colour"),
    Column("is_retired", Kind.BOOLEAN),
    Column("attributes"),
    Column("examples"),
)
"""`attributes` and `examples` are lists in JSON."""


def label_rows(project: Project, selection: Selection) -> list[Row]:
    """Return a row of `LABEL_COLUMNS` for each label that is exported: those of the codebook in its order, then earlier ones."""
    codebook = selection.codebook
    rows = [_row(label) for label in codebook.labels if is_exported(label.id, selection)]
    known = {label.id for label in codebook.labels}
    for label, scope in other_labels(project, known):
        if is_exported(label, selection):
            name = selection.label_names.get(label, label)
            rows.append((label, name, scope.value, "", "", None, None, None, True, "[]", "[]"))
    return rows


def is_exported(label: str, selection: Selection) -> bool:
    """Tell whether a label is among those that are wanted."""
    return not selection.labels or label in selection.labels


def other_labels(project: Project, known: set[str]) -> list[tuple[str, Scope]]:
    """Return the labels that only earlier codebooks of the project had, with their scopes."""
    names = load_names(project)
    return sorted((label, names.scopes[row]) for row, label in names.labels.items() if label not in known)


def _row(label: Label) -> Row:
    return (
        label.id,
        label.name,
        label.scope.value,
        label.description,
        label.guidelines,
        label.parent,
        label.group,
        label.colour,
        label.is_retired,
        json.encode(label.attributes).decode(),
        json.encode(label.examples).decode(),
    )
