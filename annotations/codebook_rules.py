"""What the labels and groups of a codebook must be to each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from annotations.codebook import KEY_SCOPES, Group, Label
from annotations.codebook_conditions import Content, Entry, check_conditions
from annotations.codebook_words import folded, meant, shown
from annotations.model import Scope

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence


_CIRCLE_LIMIT = 5  # labels of a circle that are named

_WHOLE = (Scope.POST, Scope.THREAD)
_ONLY_WHOLE = "only labels of posts and threads can be required"


def check_rules(labels: Sequence[Entry[Label]], groups: Sequence[Entry[Group]]) -> None:
    """Note each mistake between labels and groups in the report of the tables that it stands in."""
    labels_by_id, groups_by_id = _by_id(labels), _by_id(groups)
    _check_names(labels)
    _check_keys(labels)
    _check_parents(labels, labels_by_id)
    members = _check_memberships(labels, groups_by_id)
    for group in groups:
        _check_group(group, members.get(group.content.id, []))
    for label in labels:
        _check_required(label, members.get(label.content.group or "", []), groups_by_id)
    check_conditions(labels, labels_by_id, groups_by_id, members)


def _by_id(entries: Iterable[Entry[Content]]) -> dict[str, Entry[Content]]:
    found: dict[str, Entry[Content]] = {}
    for entry in entries:
        first = found.setdefault(entry.content.id, entry)
        if first is not entry and entry.content.id:
            entry.table.problem(
                "id",
                f"the id {shown(entry.content.id)} is taken by the {first.table.noun} on line {first.table.line('id')}",
            )
    found.pop("", None)
    return found


def _check_names(labels: Iterable[Entry[Label]]) -> None:
    """Two labels of one scope may share a name under different parents only."""
    first: dict[tuple[str, Scope, str | None], Entry[Label]] = {}
    for entry in labels:
        label = entry.content
        if label.name and not label.is_retired and entry.table.is_sound("scope"):
            other = first.setdefault((folded(label.name), label.scope, label.parent), entry)
            if other is not entry:
                entry.table.problem(
                    "name",
                    f"the name {shown(label.name)} is taken by the {label.scope} label on line {other.table.line('name')}",
                )


def _check_keys(labels: Iterable[Entry[Label]]) -> None:
    first: dict[tuple[str, tuple[Scope, ...]], Entry[Label]] = {}
    for entry in labels:
        label = entry.content
        if label.key and not label.is_retired and entry.table.is_sound("scope"):
            other = first.setdefault((label.key, KEY_SCOPES[label.scope]), entry)
            if other is not entry:
                scopes = " and ".join(KEY_SCOPES[label.scope])
                entry.table.problem(
                    "key",
                    f"the key {label.key} is taken by {other.table.title} on line {other.table.line('key')}; "
                    f"{scopes} labels have a key each",
                )


def _check_parents(labels: Iterable[Entry[Label]], by_id: Mapping[str, Entry[Label]]) -> None:
    seen: set[str] = set()
    for entry in labels:
        label = entry.content
        if label.parent is not None:
            parent = by_id.get(label.parent)
            if parent is None:
                entry.table.problem(
                    "parent", f"there is no label {shown(label.parent)} to be the parent{meant(label.parent, by_id)}"
                )
            elif _have_scopes(entry, parent) and label.scope is not parent.content.scope:
                entry.table.problem(
                    "parent",
                    f"{entry.table.title} is a {label.scope} label, its parent {shown(label.parent)} a "
                    f"{parent.content.scope} label: both need one scope",
                )
        _check_circle(label.id, by_id, seen)


def _check_circle(start: str, by_id: Mapping[str, Entry[Label]], seen: set[str]) -> None:
    """Go up from a label until the top, or a label `seen` from another; who comes back to the way goes in a circle."""
    way: dict[str, None] = {}
    label_id = start
    while label_id in by_id and label_id not in seen and label_id not in way:
        way[label_id] = None
        label_id = by_id[label_id].content.parent or ""
    if label_id in way:
        circle = list(way)[list(way).index(label_id) :]
        named = [*map(shown, circle[:_CIRCLE_LIMIT]), *(["…"] if len(circle) > _CIRCLE_LIMIT else []), shown(label_id)]
        by_id[label_id].table.problem("parent", f"the parents go in a circle: {' → '.join(named)}")
    seen.update(way)


def _check_memberships(
    labels: Iterable[Entry[Label]], by_id: Mapping[str, Entry[Group]]
) -> Mapping[str, Sequence[Entry[Label]]]:
    """Check the groups that labels name, and return the labels of each group."""
    members: dict[str, list[Entry[Label]]] = {}
    for entry in labels:
        name = entry.content.group
        if name is None:
            continue
        if name not in by_id:
            entry.table.problem("group", f"there is no group {shown(name)}{meant(name, by_id)}")
            continue
        others = members.setdefault(name, [])
        others.append(entry)
        first = others[0]
        if _have_scopes(entry, first) and entry.content.scope is not first.content.scope:
            entry.table.problem(
                "group",
                f"{entry.table.title} is a {entry.content.scope} label, but {first.table.title} on line "
                f"{first.table.line()} makes the group {shown(name)} one of {first.content.scope} labels",
            )
    return members


def _check_group(entry: Entry[Group], members: Sequence[Entry[Label]]) -> None:
    group, table = entry
    if not members and group.id:
        table.problem("", f'{table.title} has no labels: a label enters it by group = "{group.id}"')
    if group.is_required and members:
        scope = members[0].content.scope
        if members[0].table.is_sound("scope") and scope not in _WHOLE:
            table.problem("required", f"{table.title} holds {scope} labels: {_ONLY_WHOLE}")
        elif all(member.content.is_retired for member in members):
            table.problem("required", f"{table.title} cannot be required: all of its labels are retired")


def _check_required(
    entry: Entry[Label], members: Sequence[Entry[Label]], groups_by_id: Mapping[str, Entry[Group]]
) -> None:
    label, table = entry
    if not label.is_required:
        return
    if label.is_retired:
        table.problem("required", f"{table.title} cannot be required: it is retired")
    if table.is_sound("scope") and label.scope not in _WHOLE:
        table.problem("required", f"{table.title} is a {label.scope} label: {_ONLY_WHOLE}")
    group = groups_by_id.get(label.group or "")
    if group is not None and group.content.is_exclusive and len(members) > 1:
        table.problem(
            "required",
            f"{table.title} cannot be required: the group {shown(group.content.id)} is exclusive, so that its other "
            "labels could never be put. Require the group instead",
        )


def _have_scopes(*entries: Entry[Label]) -> bool:
    return all(entry.table.is_sound("scope") for entry in entries)
