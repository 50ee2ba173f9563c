"""Changes of a codebook, each from one codebook to another: what was put under an old label keeps its meaning.

A label keeps its id for ever. Renaming touches no annotation; merging and splitting retire the old label and say what
has taken its place; nothing is deleted. Each function returns a codebook whose `source` is its TOML, checked by
reading it again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from msgspec.structs import replace

from annotations.codebook import KEY_SCOPES, LABEL_COLOURS, LABEL_KEYS, Codebook, Label
from annotations.codebook_toml import parse_codebook
from annotations.codebook_words import folded, shown, slug
from annotations.codebook_writing import write_codebook
from annotations.errors import CodebookError, RuleError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from annotations.model import Scope

    Edit: TypeAlias = Callable[[Codebook], Codebook]
    """What a person wants changed; it is done to whatever codebook is in force when it is written."""


def with_new_label(codebook: Codebook, name: str, scope: Scope) -> Codebook:
    """Return the codebook with one label more, the last of `labels`: it has an id, the next free key and a colour.

    Args:
        codebook: The codebook.
        name: What the analyst reads.
        scope: What the label is put on.

    Raises:
        RuleError: If there is a label of that name and scope, or the name cannot be one.
    """
    name = " ".join(name.split())
    if any(folded(label.name) == folded(name) and label.scope is scope for label in codebook.labels):
        raise RuleError(f"There is a {scope} label {shown(name)} already", "Choose that one, or another name.")
    label = Label(
        id=free_id(codebook, name),
        name=name,
        scope=scope,
        key=free_key(codebook, scope),
        colour=LABEL_COLOURS[len(codebook.labels) % len(LABEL_COLOURS)],
    )
    return with_label(codebook, label)


def check_open(codebook: Codebook) -> None:
    """Refuse to add labels while labeling where the codebook does not allow it.

    Raises:
        RuleError: If it is not open.
    """
    if not codebook.is_open:
        raise RuleError(
            f"The codebook {codebook.name} is not open to new labels",
            "Write open = true in it, or add the label where the codebook is edited.",
        )


def with_label(codebook: Codebook, label: Label) -> Codebook:
    """Return the codebook with one label more, at the end.

    Raises:
        RuleError: If the codebook would have a mistake.
    """
    return _checked(replace(codebook, labels=(*codebook.labels, label)))


def with_labels(codebook: Codebook, labels: Sequence[Label]) -> Codebook:
    """Return the codebook with these labels in the places of those with their ids, the others at the end.

    Raises:
        RuleError: If the codebook would have a mistake.
    """
    changed = {label.id: label for label in labels}
    kept = [changed.pop(label.id, label) for label in codebook.labels]
    return _checked(replace(codebook, labels=(*kept, *changed.values())))


def with_changed_label(codebook: Codebook, label: Label) -> Codebook:
    """Return the codebook with a label as it shall be in the place of the one with its id.

    Raises:
        RuleError: If there is no such label, its scope would change, or the codebook would have a mistake.
    """
    before = codebook.label(label.id)
    if before.scope is not label.scope:
        raise RuleError(
            f"“{before.name}” is a {before.scope} label and stays one",
            f"What carries it could not stand: add a {label.scope} label, and retire this one.",
        )
    return _checked(replace(codebook, labels=tuple(label if each.id == label.id else each for each in codebook.labels)))


def renamed(codebook: Codebook, label_id: str, name: str) -> Codebook:
    """Return the codebook with another name for a label, whose id and annotations stay; errors as above."""
    return with_changed_label(codebook, replace(codebook.label(label_id), name=" ".join(name.split())))


def recoloured(codebook: Codebook, label_id: str, colour: str) -> Codebook:
    """Return the codebook with another colour for a label; errors as above."""
    return with_changed_label(codebook, replace(codebook.label(label_id), colour=colour))


def opened(codebook: Codebook, *, is_open: bool) -> Codebook:
    """Return the codebook open to new labels while labeling, or closed to them."""
    return _checked(replace(codebook, is_open=is_open))


def retired(codebook: Codebook, label_id: str, *, is_retired: bool = True) -> Codebook:
    """Return the codebook with a label out of use, or in use again; what carries it stays.

    A label that comes back loses its key if another has got it, and no longer counts as merged or split.

    Raises:
        RuleError: If there is no such label, or the codebook would have a mistake.
    """
    label = codebook.label(label_id)
    if is_retired:
        return with_changed_label(codebook, replace(label, is_retired=True, is_required=False))
    key = "" if label.key in codebook.key_map(label.scope) else label.key
    return with_changed_label(codebook, replace(label, is_retired=False, key=key, merged_into=None, split_into=()))


def merged(codebook: Codebook, label_id: str, into: str) -> Codebook:
    """Return the codebook with one label out of use, in whose stead another is put.

    Annotations keep the label that they carry: what was put is what was put. An export may tell them by the new one,
    and `LabelingSession.relabel` puts the new one in the old one's place.

    Raises:
        RuleError: If there is no such label, they differ in scope, or the codebook would have a mistake.
    """
    label, other = codebook.label(label_id), codebook.label(into)
    if label.id == other.id:
        raise RuleError(f"“{label.name}” cannot be merged into itself", "Name another label.")
    if other.is_retired:
        raise RuleError(f"“{other.name}” is retired", "Merge into a label that is in use.")
    changed = replace(label, is_retired=True, is_required=False, merged_into=other.id, split_into=())
    return _without_demands_for(codebook, changed, (other.id,))


def split(codebook: Codebook, label_id: str, names: Sequence[str]) -> Codebook:
    """Return the codebook with several new labels in the stead of one that is out of use.

    The new ones have the old one's scope, group, parent and attributes; its annotations are to be decided again. A name
    that a label of this scope has already is that label.

    Args:
        codebook: The codebook.
        label_id: The label to be split.
        names: The names of those that take its place, two or more.

    Raises:
        RuleError: If there is no such label, there are too few names, or the codebook would have a mistake.
    """
    label = codebook.label(label_id)
    wanted = list(dict.fromkeys(" ".join(name.split()) for name in names if name.strip()))
    if len(wanted) < 2:  # noqa: PLR2004  # one would be another name
        raise RuleError(f"“{label.name}” is split into two labels or more", "Name each of them, or rename it.")
    known = {folded(each.name): each for each in codebook.of_scope(label.scope) if each.id != label.id}
    grown = replace(
        codebook,
        labels=tuple(replace(each, is_retired=True) if each.id == label.id else each for each in codebook.labels),
    )
    successors: list[str] = []
    for name in wanted:
        part = known.get(folded(name))
        if part is None:
            part = replace(
                label,
                id=free_id(grown, name),
                name=name,
                key=free_key(grown, label.scope),
                colour=LABEL_COLOURS[len(grown.labels) % len(LABEL_COLOURS)],
                description="",
                guidelines="",
                examples=(),
                is_required=False,
                is_retired=False,
                merged_into=None,
                split_into=(),
            )
            grown = replace(grown, labels=(*grown.labels, part))
        successors.append(part.id)
    changed = replace(label, is_retired=True, is_required=False, merged_into=None, split_into=tuple(successors))
    return _without_demands_for(grown, changed, tuple(successors))


def named_label(codebook: Codebook, word: str) -> Label:
    """Return the label that a person means: by its id, else by its name, one in use before a retired one.

    Raises:
        RuleError: If there is none, or several have that name.
    """
    found = [label for label in codebook.labels if label.id == word] or [
        label for label in codebook.labels if folded(label.name) == folded(" ".join(word.split()))
    ]
    found = [label for label in found if not label.is_retired] or found
    if len(found) > 1:
        ids = ", ".join(label.id for label in found)
        raise RuleError(f"{shown(word)} is the name of {len(found)} labels", f"Name one by its id: {ids}.")
    return found[0] if found else codebook.label(word)


def free_id(codebook: Codebook, name: str) -> str:
    """Return an id for a new label, made of its name, that neither a label nor a group has."""
    base = slug(name)[:60].rstrip("-_") or "label"
    taken = {each.id for each in codebook.labels} | {each.id for each in codebook.groups}
    count = 2
    found = base
    while found in taken:
        found = f"{base}-{count}"
        count += 1
    return found


def free_key(codebook: Codebook, scope: Scope) -> str:
    """Return the first key that no label in use has where one of this scope is put; "" if all are taken."""
    scopes = KEY_SCOPES[scope]
    taken = {label.key for label in codebook.labels if label.scope in scopes and not label.is_retired}
    return next((key for key in LABEL_KEYS if key not in taken), "")


def _without_demands_for(codebook: Codebook, label: Label, successors: tuple[str, ...]) -> Codebook:
    """Return the codebook with a label as it now is, its successors where other labels required it."""

    def handed_on(names: tuple[str, ...], own: str) -> tuple[str, ...]:
        found = [each for name in names for each in (successors if name == label.id else (name,))]
        return tuple(name for name in dict.fromkeys(found) if name != own)

    def adapted(each: Label) -> Label:
        if each.id == label.id:
            return label
        if label.id in each.requires or (label.id in each.requires_all and len(successors) == 1):
            requires, requires_all = handed_on(each.requires, each.id), handed_on(each.requires_all, each.id)
            return replace(each, requires=requires, requires_all=requires_all)
        return each

    return _checked(replace(codebook, labels=tuple(map(adapted, codebook.labels))))


def _checked(codebook: Codebook) -> Codebook:
    """Return a codebook as it is read from the TOML that it is written as.

    Raises:
        RuleError: If it has a mistake, or would not come back as it is.
    """
    source = write_codebook(codebook)
    try:
        return parse_codebook(source, codebook.name)
    except CodebookError as error:
        reasons = [problem.partition(": ")[2] for problem in error.problems]
        more = f" (and {len(reasons) - 1} more)" if len(reasons) > 1 else ""
        raise RuleError(f"{reasons[0][:1].upper()}{reasons[0][1:]}{more}" if reasons else error.message) from error
