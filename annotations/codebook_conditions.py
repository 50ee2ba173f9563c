"""What a codebook says of how labels depend on others: what they require, how many there may be, what replaced them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, NamedTuple, TypeVar

from annotations.codebook_records import Group, Label, RequiredOn
from annotations.codebook_words import meant, shown
from annotations.model import Scope

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from annotations.codebook_fields import Table

Content = TypeVar("Content", Label, Group)


class Entry(NamedTuple, Generic[Content]):
    """A label or group, and the table that it was read from: a field that is not sound there says nothing here."""

    content: Content
    table: Table


def check_conditions(
    labels: Sequence[Entry[Label]],
    labels_by_id: Mapping[str, Entry[Label]],
    groups_by_id: Mapping[str, Entry[Group]],
    members: Mapping[str, Sequence[Entry[Label]]],
) -> None:
    """Note each mistake in what labels require, in maximum counts, and in what replaced a retired label."""
    for entry in labels:
        for field in ("requires", "requires_all"):
            for name in getattr(entry.content, field):
                _check_required_name(entry, field, name, labels_by_id, groups_by_id, members)
        _check_place(entry)
        _check_counts(entry, entry.content.scope)
        _check_successors(entry, labels_by_id)
        _check_merges(entry, labels_by_id)
    for group in groups_by_id.values():
        of_group = members.get(group.content.id, ())
        if of_group:
            _check_counts(group, of_group[0].content.scope)


def _check_required_name(  # noqa: PLR0913, PLR0917  # a name, where it stands, and what it may mean
    entry: Entry[Label],
    field: str,
    name: str,
    labels_by_id: Mapping[str, Entry[Label]],
    groups_by_id: Mapping[str, Entry[Group]],
    members: Mapping[str, Sequence[Entry[Label]]],
) -> None:
    label, table = entry
    if name in labels_by_id and name in groups_by_id:
        table.problem(field, f"{shown(name)} is the id of a label and of a group: give one of them another id")
        return
    if name not in labels_by_id and name not in groups_by_id:
        known = [*labels_by_id, *groups_by_id]
        table.problem(field, f"there is no label and no group {shown(name)} to be required{meant(name, known)}")
        return
    if name == label.id:
        table.problem(field, f"{table.title} cannot require itself")
        return
    wanted = [labels_by_id[name]] if name in labels_by_id else members.get(name, ())
    if all(each.content.is_retired for each in wanted) and wanted and not label.is_retired:
        table.problem(field, f"{table.title} requires {shown(name)}, which is retired")
    for each in wanted:
        reason = _out_of_reach(label, each.content) if table.is_sound("scope") and each.table.is_sound("scope") else ""
        if reason:
            table.problem(field, f"{table.title} requires {shown(name)}, {reason}")
            return


def _out_of_reach(label: Label, wanted: Label) -> str:
    """Return why a label can never be where another requires it, or ""."""
    if (label.scope is Scope.THREAD) is not (wanted.scope is Scope.THREAD):
        return f"which is put on a {wanted.scope}: labels of threads stand apart from those of posts"
    if label.requires_on is RequiredOn.TARGET and label.scope is not wanted.scope:
        return f'a {wanted.scope} label: on the same {label.scope} it is never. Write requires_on = "post"'
    return ""


def _check_place(entry: Entry[Label]) -> None:
    label, table = entry
    if table.has("requires_on") and not label.requires and not label.requires_all and table.is_sound("requires"):
        table.problem("requires_on", f"{table.title} says where, but not what it requires: requires is missing")


def _check_counts(entry: Entry[Label] | Entry[Group], scope: Scope) -> None:
    content, table = entry
    if scope is Scope.THREAD:
        for field in ("most_per_post", "most_per_thread"):
            if getattr(content, field) is not None:
                table.problem(
                    field, f"{field} is for labels of posts, spans and relations; {table.title} is put on threads"
                )
    elif content.most_per_post and content.most_per_thread and content.most_per_post > content.most_per_thread:
        table.problem(
            "most_per_post",
            f"{table.title} may be put {content.most_per_post} times on a post, but {content.most_per_thread} times in "
            "its whole thread",
        )


def _check_successors(entry: Entry[Label], by_id: Mapping[str, Entry[Label]]) -> None:
    label, table = entry
    if label.merged_into is not None and label.split_into:
        table.problem("split_into", f"{table.title} was merged or split, not both: keep merged_into or split_into")
    for field, names in (("merged_into", (label.merged_into,)), ("split_into", label.split_into)):
        for name in names:
            if name is None:
                continue
            successor = by_id.get(name)
            if successor is None:
                table.problem(field, f"there is no label {shown(name)} to take its place{meant(name, by_id)}")
            elif name == label.id:
                table.problem(field, f"{table.title} cannot take its own place")
            elif successor.content.scope is not label.scope and table.is_sound("scope"):
                table.problem(
                    field,
                    f"{table.title} is a {label.scope} label, {shown(name)} a {successor.content.scope} label: both "
                    "need one scope",
                )
        if names != (None,) and names and not label.is_retired:
            table.problem(field, f"{table.title} has {field}, so that it needs retired = true")


def _check_merges(entry: Entry[Label], by_id: Mapping[str, Entry[Label]]) -> None:
    """Follow a label from merge to merge; who comes back goes in a circle."""
    way = [entry.content.id]
    following = by_id.get(entry.content.merged_into or "")
    while following is not None and following.content.id not in way:
        way.append(following.content.id)
        following = by_id.get(following.content.merged_into or "")
    if following is not None and following.content.id == entry.content.id and len(way) > 1:
        entry.table.problem("merged_into", f"the merges go in a circle: {' → '.join(map(shown, [*way, way[0]]))}")
