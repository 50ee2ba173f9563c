"""The codebook as formats tell it that have room for it: what its labels are called and mean, as far as readers of a data set need it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec import to_builtins

if TYPE_CHECKING:
    from annotations.codebook import Attribute, Label
    from annotations.exporters.choosing.selection import Selection


def codebook_record(selection: Selection) -> dict[str, Any]:
    """Return the codebook in force with the labels that are exported; what says nothing is left out."""
    codebook = selection.codebook
    facts = {
        "name": codebook.name,
        "description": codebook.description,
        "version": codebook.version,
        "language": codebook.language,
        "licence": codebook.licence,
    }
    labels = [_label(each) for each in codebook.labels if not selection.labels or each.id in selection.labels]
    return {**{name: value for name, value in facts.items() if value}, "labels": labels}


def _label(label: Label) -> dict[str, Any]:
    facts = {
        "id": label.id,
        "name": label.name,
        "scope": label.scope.value,
        "description": label.description,
        "color": label.colour,
        "parent": label.parent,
        "attributes": [_attribute(each) for each in label.attributes],
        "is_retired": label.is_retired,
    }
    return {name: value for name, value in facts.items() if value}


def _attribute(attribute: Attribute) -> dict[str, Any]:
    fields: dict[str, Any] = to_builtins(attribute)
    return {name: value for name, value in fields.items() if value or type(value) in {int, float}}
