"""What a codebook consists of: labels, with their examples and attributes, and groups of labels."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from annotations.model import Scope  # noqa: TC001  # msgspec looks the types of fields up

LABEL_COLOURS = ("blue", "orange", "green", "purple", "teal", "pink", "yellow", "red", "grey")
"""The colours with a name, in the order in which labels without a colour get theirs; a theme says how each looks."""


class AttributeKind(StrEnum):
    """What values an attribute takes."""

    SCALE = "scale"
    CHOICE = "choice"
    TEXT = "text"


class RequiredOn(StrEnum):
    """Where the labels must be that a label requires."""

    POST = "post"
    """On the same post or anywhere in it; for labels of threads, on the thread."""
    TARGET = "target"
    """On the very same words, post or thread."""


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


CONFIDENCE = Attribute(
    id="confidence",
    name="Confidence",
    kind=AttributeKind.SCALE,
    minimum=1,
    maximum=5,
    step=1,
    description="How sure you are of this label: 1 a guess, 3 more likely than not, 5 certain.",
)
"""What a codebook, or a label, asks for by `confidence = true`."""


class Group(Struct, frozen=True, kw_only=True):
    """Labels of one scope that answer one question.

    Args:
        id: Its stable name, unique among groups.
        name: What the analyst reads.
        is_exclusive: Whether a target carries at most one of its labels from one annotator.
        is_required: Whether a comment, or a thread, is incomplete without one of its labels. The article never is.
        description: The question.
        most_per_post: How many of its labels an annotator puts on and in one post at most; None for any number.
        most_per_thread: How many of them in one thread at most; None for any number.
    """

    id: str
    name: str
    is_exclusive: bool = False
    is_required: bool = False
    description: str = ""
    most_per_post: int | None = None
    most_per_thread: int | None = None


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
        most_per_post: How often an annotator puts it, or a kind of it, on and in one post at most; None for any number.
        most_per_thread: How often in one thread at most; None for any number.
        requires: Ids of labels and groups of which one at least must be there where this label is put.
        requires_all: Ids of labels and groups that must all be there.
        requires_on: Where they must be.
        merged_into: For a retired label: the id of the one that is put in its stead, or None.
        split_into: For a retired label: the ids of those among which to decide in its stead.
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
    most_per_post: int | None = None
    most_per_thread: int | None = None
    requires: tuple[str, ...] = ()
    requires_all: tuple[str, ...] = ()
    requires_on: RequiredOn = RequiredOn.POST
    merged_into: str | None = None
    split_into: tuple[str, ...] = ()
