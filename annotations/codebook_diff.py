"""What differs between two codebooks: labels by their ids, groups by theirs, and what is said of the whole. Pure."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, TypeVar

from msgspec import Struct

from annotations.codebook_values import record_json

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from annotations.codebook import Codebook
    from annotations.codebook_records import Group, Label

    Record = TypeVar("Record", Label, Group)


class Kind(StrEnum):
    """What happened to an entry."""

    ADDED = "added"
    REMOVED = "removed"
    RETIRED = "retired"
    RESTORED = "restored"
    MERGED = "merged"
    SPLIT = "split"
    RENAMED = "renamed"
    CHANGED = "changed"


class Difference(Struct, frozen=True, kw_only=True):
    """One entry that is not as it was.

    Args:
        entry: `codebook`, `group` or `label`.
        id: Its id; "" for the codebook as a whole.
        name: What the later codebook calls it, the earlier one if it is gone.
        kind: What happened to it.
        into: The ids of the labels that took its place, where it was merged or split.
        fields: What each changed field said before and says now, JSON values in the words of the TOML.
    """

    entry: str
    id: str
    name: str
    kind: Kind
    into: tuple[str, ...] = ()
    fields: Mapping[str, tuple[object, object]] = {}


def diff_codebooks(before: Codebook, after: Codebook) -> list[Difference]:
    """Return what differs: the codebook as a whole, then groups, then labels, in the order of the later one.

    The order of entries is no difference, and neither are comments and the layout of the TOML.
    """
    found: list[Difference] = []
    whole = _changed(_top(before), _top(after))
    if whole:
        found.append(Difference(entry="codebook", id="", name=after.name, kind=Kind.CHANGED, fields=whole))
    found += _entries("group", before.groups, after.groups)
    return [*found, *_entries("label", before.labels, after.labels)]


def describe(difference: Difference) -> list[str]:
    """Return a difference in words: a line that says what happened, then one for each changed field, indented."""
    what = {"codebook": "the codebook", "group": "the group ", "label": ""}[difference.entry] + difference.id
    into = ", ".join(difference.into)
    heading = {
        Kind.MERGED: f"merged {what} into {into}: {difference.name}",
        Kind.SPLIT: f"split {what} into {into}: {difference.name}",
        Kind.RESTORED: f"in use again {what}: {difference.name}",
    }.get(difference.kind, f"{difference.kind} {what}: {difference.name}")
    fields = difference.fields if difference.kind not in {Kind.ADDED, Kind.REMOVED} else {}
    lines = [heading]
    for name, (before, after) in fields.items():
        lines.append(f"  {name}: {_words(before)} → {_words(after)}")
    return lines


def difference_json(difference: Difference) -> dict[str, object]:
    """Return a difference as JSON values."""
    return {
        "entry": difference.entry,
        "id": difference.id,
        "name": difference.name,
        "change": difference.kind.value,
        "into": list(difference.into),
        "fields": {name: {"before": before, "after": after} for name, (before, after) in difference.fields.items()},
    }


def _entries(entry: str, before: Sequence[Record], after: Sequence[Record]) -> Iterator[Difference]:
    earlier = {record.id: record for record in before}
    for record in after:
        known = earlier.pop(record.id, None)
        if known is None:
            yield Difference(entry=entry, id=record.id, name=record.name, kind=Kind.ADDED)
            continue
        fields = _changed(record_json(known), record_json(record))
        if fields:
            kind, into = _kind(known, record)
            yield Difference(entry=entry, id=record.id, name=record.name, kind=kind, into=into, fields=fields)
    for record in earlier.values():
        yield Difference(entry=entry, id=record.id, name=record.name, kind=Kind.REMOVED)


def _kind(before: Label | Group, after: Label | Group) -> tuple[Kind, tuple[str, ...]]:
    """Return what happened to an entry that has changed, the weightiest of it, and what took its place."""
    merged_into, split_into = getattr(after, "merged_into", None), getattr(after, "split_into", ())
    if merged_into and merged_into != getattr(before, "merged_into", None):
        return Kind.MERGED, (merged_into,)
    if split_into and split_into != getattr(before, "split_into", ()):
        return Kind.SPLIT, tuple(split_into)
    was_retired, is_retired = getattr(before, "is_retired", False), getattr(after, "is_retired", False)
    if was_retired is not is_retired:
        return Kind.RETIRED if is_retired else Kind.RESTORED, ()
    return (Kind.RENAMED if before.name != after.name else Kind.CHANGED), ()


def _top(codebook: Codebook) -> dict[str, object]:
    return {
        "name": codebook.name,
        "description": codebook.description,
        "version": codebook.version,
        "language": codebook.language,
        "licence": codebook.licence,
        "open": codebook.is_open,
        "confidence": codebook.has_confidence,
    }


def _changed(before: Mapping[str, object], after: Mapping[str, object]) -> dict[str, tuple[object, object]]:
    return {name: (before[name], after[name]) for name in after if before[name] != after[name]}


def _words(value: object) -> str:
    """Return a value of a field on one line."""
    if value in (None, "", []):
        return "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str):
        return f"“{' '.join(value.split())}”"
    if isinstance(value, list):
        return ", ".join(
            str(each.get("name") or each.get("text")) if isinstance(each, dict) else str(each) for each in value
        )
    return str(value)
