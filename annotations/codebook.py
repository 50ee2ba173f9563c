"""The codebook: the labels of a project, their rules and their guidelines.

A codebook is written by hand as TOML; `parse_codebook` reads one and reports every mistake at once. The file that
`postil codebook init` writes, `default_codebook.toml`, explains each field.
"""

from __future__ import annotations

from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar
from zlib import crc32

from msgspec import Struct

from annotations.errors import RuleError
from annotations.model import Scope

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

LABEL_KEYS = tuple("123456789cABCDEFHILMOQRTUWYZ")
"""The keys that a label may have: those that the app itself has no use for."""

LABEL_COLOURS = ("blue", "orange", "green", "purple", "teal", "pink", "yellow", "red", "grey")
"""The colours with a name, in the order in which labels without a colour get theirs; a theme says how each looks."""

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


class AttributeKind(StrEnum):
    """What values an attribute takes."""

    SCALE = "scale"
    CHOICE = "choice"
    TEXT = "text"


class Example(Struct, frozen=True, kw_only=True):
    """A piece of text that shows when to put a label, or when not to.

    Args:
        text: What somebody might write.
        note: Why the label fits, or does not.
        is_counter: Whether it is a counterexample: it looks as if the label fitted, and does not get it.
    """

    text: str
    note: str = ""
    is_counter: bool = False


class Attribute(Struct, frozen=True, kw_only=True):
    """Something more that an annotation says beside its label.

    Args:
        id: Its stable name, unique within the label.
        name: What the analyst reads.
        kind: A number on a scale, one of several choices, or free text.
        minimum: The lowest number of a scale; None for other kinds.
        maximum: The highest number of a scale; None for other kinds.
        step: The distance between two numbers of a scale; None where any number between its ends will do.
        choices: The values of a choice, two or more; empty for other kinds.
        is_required: Whether an annotation is incomplete without it.
        description: What it measures.
    """

    id: str
    name: str
    kind: AttributeKind
    minimum: int | float | None = None
    maximum: int | float | None = None
    step: int | float | None = None
    choices: tuple[str, ...] = ()
    is_required: bool = False
    description: str = ""


class Group(Struct, frozen=True, kw_only=True):
    """Labels of one scope that answer one question.

    Args:
        id: Its stable name, unique among groups.
        name: What the analyst reads.
        is_exclusive: Whether a target carries at most one of its labels from one annotator.
        is_required: Whether a comment, or a thread, is incomplete without one of its labels. The article never is.
        description: The question.
    """

    id: str
    name: str
    is_exclusive: bool = False
    is_required: bool = False
    description: str = ""


class Label(Struct, frozen=True, kw_only=True):
    """An entry of the codebook.

    Args:
        id: Its stable name, unique in the codebook; annotations refer to it, so that `name` may change.
        name: What the analyst reads.
        scope: What it is put on.
        key: One of `LABEL_KEYS`, or "" where it has none.
        colour: One of `LABEL_COLOURS`, or `#rrggbb` in small letters.
        description: What it means, a sentence or two.
        guidelines: When to put it and when not, at length.
        examples: Examples and counterexamples, as the codebook orders them.
        group: The id of its group, or None.
        is_required: Whether a comment, or a thread, is incomplete without it. The article never is.
        parent: The id of the wider label of which it is a kind, or None.
        attributes: What an annotation with this label says besides.
        is_retired: Whether it is no longer put; annotations that carry it stay.
    """

    id: str
    name: str
    scope: Scope
    key: str = ""
    colour: str = LABEL_COLOURS[0]
    description: str = ""
    guidelines: str = ""
    examples: tuple[Example, ...] = ()
    group: str | None = None
    is_required: bool = False
    parent: str | None = None
    attributes: tuple[Attribute, ...] = ()
    is_retired: bool = False


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
        source: The TOML that it was read from.
    """

    name: str
    description: str = ""
    version: str = ""
    language: str = ""
    licence: str = ""
    labels: tuple[Label, ...] = ()
    groups: tuple[Group, ...] = ()
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

        These are the other labels of its group, if that is exclusive: retired ones too, as old annotations carry them.
        """
        group = self.label(label_id).group
        if group is None or not self.group(group).is_exclusive:
            return ()
        return tuple(label.id for label in self.members(group) if label.id != label_id)


def layout() -> str:
    """Return which fields the records of a codebook have, in a few characters."""
    records = (Codebook, Label, Group, Attribute, Example)
    return f"{crc32(repr([record.__struct_fields__ for record in records]).encode()):08x}"


def parse_codebook(source: str, name: str = "codebook.toml") -> Codebook:
    """Read a codebook from TOML; `name` is what messages call it.

    Raises:
        CodebookError: If it has mistakes; `problems` holds all of them as `line N: reason`, in the order of lines.
            Only what is no TOML at all ends the search at its first mistake.
    """
    from annotations.codebook_toml import read_codebook  # noqa: PLC0415  # loaded on use

    return read_codebook(source, name)


def default_codebook() -> Codebook:
    """Return the codebook that a new project starts with; its `source` is what `postil codebook init` writes."""
    return parse_codebook(DEFAULT_CODEBOOK.read_text(encoding="utf-8"), DEFAULT_CODEBOOK.name)


def codebook_json(codebook: Codebook) -> dict[str, object]:
    """Return all that the codebook says as JSON values, in the words of the TOML; every field is always there."""
    return {name: value for name, value in _record_json(codebook).items() if name != "source"} | {
        "sha256": codebook.sha256
    }


def _record_json(record: Struct) -> dict[str, object]:
    """Return the fields of a record; the TOML says `required` for `is_required`."""
    return {
        name.removeprefix("is_"): _value_json(getattr(record, name))
        for name in record.__struct_fields__
        if not name.startswith("_")
    }


def _value_json(value: object) -> object:
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, tuple):
        return [_value_json(part) for part in value]
    return _record_json(value) if isinstance(value, Struct) else value


def shown(text: str, limit: int = 40) -> str:
    """Quote a text for a message: on one line, cut behind `limit` characters, without control characters."""
    line = "".join(sign if sign.isprintable() else "�" for sign in text[:limit])
    return f"“{line}…”" if len(text) > limit else f"“{line}”"


def closest(word: str, known: Iterable[str], count: int = 1) -> list[str]:
    """Return the known words that a misspelt one is likeliest to mean, the best first."""
    from difflib import get_close_matches  # noqa: PLC0415  # loaded on use

    return get_close_matches(word.lower(), list(known), n=count)


def _look_up(name: str, known: Mapping[str, _Found], complaint: str) -> _Found:
    if name in known:
        return known[name]
    close = closest(name, known, 3)
    hint = f"Did you mean {' or '.join(close)}?" if close else "“postil codebook show” lists what there is."
    raise RuleError(f"{complaint} {shown(name)}", hint)
