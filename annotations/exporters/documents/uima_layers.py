"""The layers as INCEpTION imports them, with the codebook's labels as a tagset: `layers.json`.

A project that imports them shows the label on each annotation and nothing else; the rest is seen when it is chosen.
The names of the members are those of the files that INCEpTION itself exports.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from annotations.exporters.documents import uima_types as types
from annotations.model import Scope

if TYPE_CHECKING:
    from collections.abc import Iterable

    from annotations.codebook import Codebook
    from annotations.exporters.documents.uima_types import Feature, Type

_NAMES = {
    types.LABEL: "Label",
    types.RELATION: "Relation",
    types.POST: "Post",
    types.THREAD: "Thread",
    types.MARK: "Mark",
    types.DETACHED: "Detached label",
}
_SHOWN = {types.LABEL: "label", types.RELATION: "label", types.MARK: "kind", types.DETACHED: "label"}
_ENDS = frozenset({"Governor", "Dependent"})
_HOVER = frozenset({"note", "quote"})


def layers(described: Iterable[Type], codebook: Codebook) -> list[dict[str, object]]:
    """Return the layers; the relation layer stands behind the one that it is attached to."""
    return [_layer(each, codebook) for each in described if each.name in _NAMES]


def _layer(described: Type, codebook: Codebook) -> dict[str, object]:
    is_relation = described.name == types.RELATION
    is_edited = described.name in {types.LABEL, types.RELATION}
    features = [
        _feature(each, _SHOWN.get(described.name), _tag_set(codebook, is_relation=is_relation) if is_edited else None)
        for each in described.features
        if each.name not in _ENDS
    ]
    return {
        "name": described.name,
        "features": features,
        "uiName": _NAMES[described.name],
        "type": "relation" if is_relation else "span",
        "description": described.description,
        "enabled": True,
        "built_in": False,
        "readonly": not is_edited,
        "attach_type": {"name": types.LABEL} if is_relation else None,
        "attach_feature": None,
        "allow_stacking": True,
        "cross_sentence": True,
        "show_hover": True,
        "anchoring_mode": "CHARACTERS",
        "overlap_mode": "ANY_OVERLAP",
        "validation_mode": "NEVER",
        "lock_to_token_offset": False,
        "multiple_tokens": True,
        "linked_list_behavior": False,
        "on_click_javascript_action": None,
        "traits": None,
    }


def _feature(described: Feature, shown: str | None, tag_set: dict[str, object] | None) -> dict[str, object]:
    return {
        "name": described.name,
        "tag_set": tag_set if described.name == "label" else None,
        "uiName": described.name,
        "type": described.range,
        "enabled": True,
        "visible": described.name == shown,
        "include_in_hover": described.name in _HOVER,
        "required": False,
        "remember": False,
        "hideUnconstraintFeature": False,
        "description": described.description,
        "multi_value_mode": "NONE",
        "link_mode": "NONE",
        "link_type_name": None,
        "link_type_role_feature_name": None,
        "link_type_target_feature_name": None,
        "traits": None,
        "curatable": described.name == shown,
    }


def _tag_set(codebook: Codebook, *, is_relation: bool) -> dict[str, object]:
    """Return the labels that may be put: of relations, or of all the rest."""
    labels = [label for label in codebook.labels if (label.scope is Scope.RELATION) == is_relation]
    return {
        "name": f"{codebook.name}: {'relations' if is_relation else 'labels'}",
        "description": codebook.description,
        "language": codebook.language or None,
        "tags": [{"tag_name": label.id, "tag_description": label.description or label.name} for label in labels],
        "create_tag": codebook.is_open,
    }
