"""The labels of a source found in a codebook, or added to it: nothing that was labeled elsewhere is without its label.

Pure. A label is found by its id, then by its name, among those of its scope. What its annotations say besides becomes an
attribute of the label: a scale where all values are numbers, free text otherwise. A value that an attribute of the codebook
does not take is told in the note.
"""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, TypeAlias

from msgspec import Struct, field
from msgspec.structs import replace

from annotations import rules
from annotations.codebook import LABEL_COLOURS, Attribute, AttributeKind, Codebook, Label
from annotations.codebook_editing import free_id, free_key, with_labels
from annotations.codebook_fields import NAME_LIMIT, NUMBER_LIMIT
from annotations.codebook_toml import LABEL_LIMIT, STEP_LIMIT
from annotations.codebook_words import folded, slug
from annotations.errors import RuleError
from annotations.model import GivenLabel, Scope

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from annotations.model import GivenAnnotation

Value: TypeAlias = "str | int | float"

UNNAMED = "Unnamed"
"""What a label is called that its source gives no name."""

OVERFLOW = "Other labels"
"""Under what annotations are kept whose labels a codebook has no room for; their notes name the label."""

_COLOUR = re.compile(r"#[0-9a-f]{6}")
_UNPRINTED = re.compile(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
"""What the name of a label cannot hold."""

_NO_PROSE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_SCALES = ((1, 5), (0, 10), (0, 100))
"""The scales that people use: the first that holds all values is taken."""


class Fitted(Struct, kw_only=True):
    """What the labels of a source are in a codebook.

    Args:
        codebook: The codebook, with what it lacked.
        added: The labels that it lacked.
        ids: The id of each label in it, by what the source calls it and its scope.
        attributes: The ids of attributes in it, by the label's id and what the source calls them.
        overflow: The labels for which there is no room, by what the source calls them and their scope.
    """

    codebook: Codebook
    added: tuple[Label, ...] = ()
    ids: dict[tuple[str, Scope], str] = field(default_factory=dict)
    attributes: dict[tuple[str, str], str] = field(default_factory=dict)
    overflow: dict[tuple[str, Scope], str] = field(default_factory=dict)

    def values(self, given: GivenAnnotation) -> tuple[dict[str, Value], str]:
        """Return the attributes of an annotation as its label takes them, and its note with those that it does not."""
        label = self.codebook.label(self.ids[given.label, given.scope])
        known = {attribute.id: attribute for attribute in label.attributes}
        values: dict[str, Value] = {}
        notes = [given.note] if given.note else []
        if (word := self.overflow.get((given.label, given.scope))) is not None:
            notes.append(f"label: {word}")
        for name, value in given.attributes.items():
            attribute = known.get(self.attributes.get((label.id, name), ""))
            taken = None if attribute is None or attribute.id in values else _taken(label, attribute, value)
            if attribute is None or taken is None:
                notes.append(f"{name}: {value}")
            else:
                values[attribute.id] = taken
        return rules.checked_attributes(label, values), "\n".join(notes)


def fit_labels(codebook: Codebook, labels: Sequence[GivenLabel], annotations: Sequence[GivenAnnotation]) -> Fitted:
    """Find the labels of a source in a codebook, and add those that it lacks, and their attributes.

    Raises:
        RuleError: If the codebook would get too big.
    """
    fitted = Fitted(codebook=codebook)
    grown = list(codebook.labels)
    described = {(word, label.scope): label for label in reversed(labels) for word in (label.name, label.id) if word}
    wanted = dict.fromkeys((label.id or label.name, label.scope) for label in labels)
    for word, scope in dict.fromkeys([*((each.label, each.scope) for each in annotations), *wanted]):
        given = described.get((word, scope), GivenLabel(name=word, scope=scope))
        label = _find(grown, given, word)
        if label is None:
            if len(grown) >= LABEL_LIMIT - len(Scope):
                fitted.overflow[word, scope] = given.name or word
                given = GivenLabel(name=OVERFLOW, scope=scope)
                label = _find(grown, given, OVERFLOW)
            if label is None:
                label = _new_label(replace(codebook, labels=tuple(grown)), given)
                grown.append(label)
        fitted.ids[word, scope] = label.id
    _fit_attributes(fitted, grown, annotations)
    if tuple(grown) != codebook.labels:
        fitted.codebook = with_labels(codebook, grown)
        fitted.added = fitted.codebook.labels[len(codebook.labels) :]
    return fitted


def _find(labels: Iterable[Label], given: GivenLabel, word: str) -> Label | None:
    """Return the label that a source means; one in use before a retired one."""
    known = sorted((label for label in labels if label.scope is given.scope), key=lambda label: label.is_retired)
    ids = (given.id, word)
    by_id = next((label for label in known if label.id in ids), None)
    names = {folded(_name(given.name)), folded(_name(word))}
    return by_id or next((label for label in known if folded(label.name) in names), None)


def _new_label(codebook: Codebook, given: GivenLabel) -> Label:
    colour = given.color.lower()
    is_known = colour in LABEL_COLOURS or _COLOUR.fullmatch(colour)
    return Label(
        id=free_id(codebook, given.id or given.name),
        name=_name(given.name),
        scope=given.scope,
        key=free_key(codebook, given.scope),
        colour=colour if is_known else LABEL_COLOURS[len(codebook.labels) % len(LABEL_COLOURS)],
        description=_NO_PROSE.sub("", given.description.replace("\r\n", "\n").replace("\r", "\n")).strip(),
    )


def _name(text: str) -> str:
    """Return a name as a codebook takes it: on one line, not too long."""
    name = " ".join(_UNPRINTED.sub(" ", text).split())
    return (f"{name[: NAME_LIMIT - 1]}…" if len(name) > NAME_LIMIT else name) or UNNAMED


# --- attributes -------------------------------------------------------------------------------------------------------


def _fit_attributes(fitted: Fitted, labels: list[Label], annotations: Iterable[GivenAnnotation]) -> None:
    """Find what annotations say besides among the attributes of their labels, and add what is not there."""
    found: dict[str, dict[str, list[Value]]] = {}
    for given in annotations:
        if given.attributes:
            of_label = found.setdefault(fitted.ids[given.label, given.scope], {})
            for name, value in given.attributes.items():
                of_label.setdefault(name, []).append(value)
    for place, label in enumerate(labels):
        attributes = list(label.attributes)
        for name, values in found.get(label.id, {}).items():
            attribute = _find_attribute(attributes, name)
            if attribute is None:
                attribute = _new_attribute(attributes, name, values)
                attributes.append(attribute)
            fitted.attributes[label.id, name] = attribute.id
        if len(attributes) > len(label.attributes):
            labels[place] = replace(label, attributes=tuple(attributes))


def _find_attribute(attributes: Iterable[Attribute], name: str) -> Attribute | None:
    known = {attribute.id: attribute for attribute in attributes}
    by_name = {folded(attribute.name): attribute for attribute in attributes}
    return known.get(name) or by_name.get(folded(_name(name)))


def _new_attribute(attributes: Iterable[Attribute], name: str, values: Sequence[Value]) -> Attribute:
    taken = {attribute.id for attribute in attributes}
    base = slug(name)[:60].rstrip("-_") or "attribute"
    chosen, number = base, 2
    while chosen in taken:
        chosen = f"{base}-{number}"
        number += 1
    ends = _ends([value for value in values if not isinstance(value, str)]) if not _has_text(values) else None
    if ends is None:
        return Attribute(id=chosen, name=_name(name), kind=AttributeKind.TEXT)
    step = 1 if isinstance(ends[0], int) else None
    return Attribute(id=chosen, name=_name(name), kind=AttributeKind.SCALE, minimum=ends[0], maximum=ends[1], step=step)


def _has_text(values: Iterable[Value]) -> bool:
    return any(isinstance(value, str) for value in values)


def _ends(values: Sequence[int | float]) -> tuple[int, int] | tuple[float, float] | None:
    """Return the ends of a scale that holds all values: whole numbers where all of them are; None if none can."""
    if any(not math.isfinite(value) or abs(value) > NUMBER_LIMIT for value in values):
        return None
    least, most = math.floor(min(values)), math.ceil(max(values))
    if any(isinstance(value, float) for value in values) or most - least > STEP_LIMIT:
        return float(min(least, 0)), float(max(most, 1))
    return next((scale for scale in _SCALES if scale[0] <= least and most <= scale[1]), (least, max(most, least + 1)))


def _taken(label: Label, attribute: Attribute, value: Value) -> Value | None:
    """Return a value as an attribute takes it, None if it does not."""
    candidates: list[Value] = [value]
    if attribute.kind is AttributeKind.SCALE and isinstance(value, str):
        candidates = _numbers(value)
    elif attribute.kind is not AttributeKind.SCALE and not isinstance(value, str):
        candidates = [str(value)]
    elif attribute.kind is AttributeKind.CHOICE:
        candidates += [choice for choice in attribute.choices if folded(choice) == folded(str(value))]
    for candidate in candidates:
        try:
            return rules.checked_attributes(label, {attribute.id: candidate})[attribute.id]
        except RuleError:
            continue
    return None


def _numbers(text: str) -> list[Value]:
    try:
        return [int(text)] if text.strip().lstrip("+-").isdecimal() else [float(text)]
    except ValueError:
        return []
