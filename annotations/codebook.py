"""The codebook: the labels of a project, their rules and their guidelines.

A codebook is written by hand as TOML; `annotations.codebook_toml` reads one and reports every mistake at once. The file that
`postil codebook init` writes, `default_codebook.toml`, explains each field.
"""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar
from zlib import crc32

from msgspec import Struct

from annotations.codebook_records import LABEL_COLOURS, Attribute, AttributeKind, Example, Group, Label, RequiredOn
from annotations.errors import RuleError
from annotations.model import Scope

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = [
    "DEFAULT_CODEBOOK",
    "KEY_SCOPES",
    "LABEL_COLOURS",
    "LABEL_KEYS",
    "Attribute",
    "AttributeKind",
    "Codebook",
    "Example",
    "Group",
    "Label",
    "RequiredOn",
    "layout",
]

LABEL_KEYS = tuple("123456789cABCDEFHILMOQRTUWYZ")
"""The keys that a label may have: those that the app itself has no use for."""

DEFAULT_CODEBOOK = Path(__file__).with_name("default_codebook.toml")
"""The codebook that a new project starts with."""

_Found = TypeVar("_Found")

KEY_SCOPES: Mapping[Scope, tuple[Scope, ...]] = {
    Scope.SPAN: (Scope.SPAN,),
    Scope.POST: (Scope.POST, Scope.THREAD),
    Scope.THREAD: (Scope.POST, Scope.THREAD),
    Scope.RELATION: (Scope.RELATION,),
}
"""The scopes among whose labels, for each scope, a key belongs to one label only."""


class Codebook(Struct, frozen=True, kw_only=True, dict=True):
    """The labels of a project, their rules and guidelines.

    Args:
        name: What the codebook is called; "Codebook" where it does not say.
        description: What it is for, and where it comes from.
        version: The author's own version, any text, or "".
        language: A language code (BCP 47: "en", "pt-BR") of the texts that it is made for, or "".
        licence: Under what terms others may use it, or "".
        labels: In the order of the file.
        groups: In the order of the file.
        is_open: Whether labels may be added while labeling.
        has_confidence: Whether every label has the attribute `CONFIDENCE`, or one of its own with that id.
        source: The TOML that it was read from.
    """

    name: str
    description: str = ""
    version: str = ""
    language: str = ""
    licence: str = ""
    labels: tuple[Label, ...] = ()
    groups: tuple[Group, ...] = ()
    is_open: bool = False
    has_confidence: bool = False
    source: str = ""

    def __repr__(self) -> str:
        return f"Codebook({self.name!r}, {len(self.labels)} labels)"

    @cached_property
    def _labels_by_id(self) -> dict[str, Label]:
        return {label.id: label for label in self.labels}

    @cached_property
    def _groups_by_id(self) -> dict[str, Group]:
        return {group.id: group for group in self.groups}

    @cached_property
    def needs(self) -> Mapping[Scope, tuple[tuple[str, frozenset[str]], ...]]:
        """What a comment and a thread need to be complete: a name each, and the ids of labels of which one will do.

        A kind of a label will do for the label. For other scopes there is nothing.
        """
        found: dict[Scope, list[tuple[str, frozenset[str]]]] = {scope: [] for scope in Scope}
        for group in self.groups:
            members = self.members(group.id) if group.is_required else ()
            if members:
                ids = (each for label in members for each in self.kinds(label.id))
                found[members[0].scope].append((group.name, frozenset(ids)))
        for label in self.labels:
            if label.is_required:
                found[label.scope].append((label.name, self.kinds(label.id)))
        return {scope: tuple(needed) for scope, needed in found.items()}

    @cached_property
    def sha256(self) -> str:
        """The hash of the source's UTF-8 bytes, which names the version in a project."""
        import hashlib  # noqa: PLC0415  # not needed to read with

        return hashlib.sha256(self.source.encode()).hexdigest()

    def label(self, label_id: str) -> Label:
        """Return the label of that id, retired or not.

        Raises:
            RuleError: If the codebook has none; the hint names the likeliest.
        """
        return _look_up(label_id, self._labels_by_id, f"The codebook {self.name} has no label")

    def group(self, group_id: str) -> Group:
        """Return the group of that id.

        Raises:
            RuleError: If the codebook has none; the hint names the likeliest.
        """
        return _look_up(group_id, self._groups_by_id, f"The codebook {self.name} has no group")

    def of_scope(self, scope: Scope, *, with_retired: bool = False) -> tuple[Label, ...]:
        """Return the labels that can be put on targets of this scope, in the order of the file."""
        return tuple(label for label in self.labels if label.scope is scope and (with_retired or not label.is_retired))

    def key_map(self, scope: Scope) -> dict[str, Label]:
        """Return the labels in use by their keys, as they hold where a target of `scope` is at hand.

        Post and thread labels share their keys; span labels and relation labels have theirs to themselves.
        """
        scopes = KEY_SCOPES[scope]
        return {
            label.key: label for label in self.labels if label.key and label.scope in scopes and not label.is_retired
        }

    def ancestors(self, label_id: str) -> tuple[Label, ...]:
        """Return the wider labels of a label, its parent first."""
        found: list[Label] = []
        label = self.label(label_id)
        while label.parent is not None:
            label = self.label(label.parent)
            found.append(label)
        return tuple(found)

    def children(self, label_id: str) -> tuple[Label, ...]:
        """Return the labels whose parent is this one, retired ones too, in the order of the file."""
        parent = self.label(label_id).id
        return tuple(label for label in self.labels if label.parent == parent)

    def members(self, group_id: str) -> tuple[Label, ...]:
        """Return the labels of a group, retired ones too, in the order of the file."""
        group = self.group(group_id).id
        return tuple(label for label in self.labels if label.group == group)

    def exclusive_with(self, label_id: str) -> tuple[str, ...]:
        """Return the ids of the labels that come off when this one is put on the same target.

        These are the other labels of its group, if that is exclusive, retired ones too, as old annotations carry them;
        and the retired ones in whose stead this one is put.
        """
        group = self.label(label_id).group
        is_exclusive = group is not None and self.group(group).is_exclusive
        return tuple(
            label.id
            for label in self.labels
            if label.id != label_id
            and ((is_exclusive and label.group == group) or label_id in (label.merged_into, *label.split_into))
        )

    def kinds(self, label_id: str) -> frozenset[str]:
        """Return the ids of a label and of all narrower labels."""
        return frozenset(label.id for label in self.labels if label.id == label_id or label_id in self.wider(label.id))

    def wider(self, label_id: str) -> tuple[str, ...]:
        """Return the ids of the wider labels that a label implies, the nearest first; none for an unknown label."""
        found: list[str] = []
        label = self._labels_by_id.get(label_id)
        while label is not None and label.parent is not None:
            found.append(label.parent)
            label = self._labels_by_id.get(label.parent)
        return tuple(found)

    def current(self, label_id: str) -> str:
        """Return the id of the label into which this one was merged in the end; itself, if it was not."""
        label = self._labels_by_id.get(label_id)
        while label is not None and label.merged_into is not None:
            label_id = label.merged_into
            label = self._labels_by_id.get(label_id)
        return label_id


def layout() -> str:
    """Return which fields the records of a codebook have, in a few characters."""
    records = (Codebook, Label, Group, Attribute, Example)
    return f"{crc32(repr([record.__struct_fields__ for record in records]).encode()):08x}"


def _look_up(name: str, known: Mapping[str, _Found], complaint: str) -> _Found:
    if name in known:
        return known[name]
    from annotations.codebook_words import closest, shown  # noqa: PLC0415  # loaded on use

    close = closest(name, known, 3)
    hint = f"Did you mean {' or '.join(close)}?" if close else "“postil codebook show” lists what there is."
    raise RuleError(f"{complaint} {shown(name)}", hint)
