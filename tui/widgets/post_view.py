"""What a pane is given to show of a post, and where it asks for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Sequence

    from annotations.model import Annotation, StoredPost


class Chip(Struct, frozen=True, kw_only=True):
    """A label on a post, or a relation of it, in a few words.

    Args:
        text: What it says: `Agree`, `→ Rebuts 2.1`.
        colour: A hue's name, or `#rrggbb`.
        key: The key that puts the label, or "".
        annotation: The row of the annotation that it shows, 0 for none or several.
        leads_to: The row of the post at the other end of a relation, 0 for the thread and for what is no relation.
        is_relation: Whether it is a relation.
        is_incoming: Whether the relation leads here.
    """

    text: str
    colour: str
    key: str = ""
    annotation: int = 0
    leads_to: int = 0
    is_relation: bool = False
    is_incoming: bool = False


class Tag(Struct, frozen=True, kw_only=True):
    """A relation that starts or ends at a labeled span, as it is drawn behind the span.

    Args:
        offset: Where the span ends.
        text: What it says: `→Rebuts 2.1`, `←Asks`.
        colour: A hue's name, or `#rrggbb`.
    """

    offset: int
    text: str
    colour: str


class Sign(Struct, frozen=True, kw_only=True):
    """Something to know about a post that stands behind its author's name.

    Args:
        text: The sign, or a word.
        plain: The same in words alone.
        purpose: Which style it is drawn in.
    """

    text: str
    plain: str
    purpose: str


class SpanMark(Struct, frozen=True, kw_only=True):
    """A labeled span of a post.

    Args:
        start: Offset of its first code point.
        end: Offset behind its last.
        colour: A hue's name, or `#rrggbb`.
        sign: One character that tells the label without its colour: its key, else its name's initial.
        name: The label's name.
        annotation: The row of the annotation.
    """

    start: int
    end: int
    colour: str
    sign: str
    name: str = ""
    annotation: int = 0


class PostView(Struct, frozen=True, kw_only=True):
    """A post as its annotator sees it.

    Args:
        post: The post.
        annotations: The annotator's own, spans first by start.
        chips: Labels and relations, for the header line.
        marks: Labeled spans, by start, the longer first.
        is_read: Whether the annotator has read it.
        is_reviewed: Whether the annotator has declared it done.
        note: What else the header line says, such as the source's name.
        repeats: Ranges that repeat the words of a post that it answers, sorted, not overlapping.
        signs: What stands behind the author's name.
        is_gone: Whether its source no longer holds it.
        incoming: The annotator's relations that lead to it, or to words in it.
        of_thread: For the article: the annotator's labels of the thread, and the relations that start or end there.
        tags: The relations that start or end at its labeled spans, by place.
        remark: The annotator's note on it.
    """

    post: StoredPost
    annotations: tuple[Annotation, ...] = ()
    chips: tuple[Chip, ...] = ()
    marks: tuple[SpanMark, ...] = ()
    is_read: bool = True
    is_reviewed: bool = False
    note: str = ""
    repeats: tuple[tuple[int, int], ...] = ()
    signs: tuple[Sign, ...] = ()
    is_gone: bool = False
    incoming: tuple[Annotation, ...] = ()
    of_thread: tuple[Annotation, ...] = ()
    tags: tuple[Tag, ...] = ()
    remark: str = ""


class PostSource(Protocol):
    """Where a pane gets what it shows."""

    def load(self, positions: Sequence[int]) -> Sequence[PostView]:
        """Return the posts at these positions, in the same order."""
        ...

    def hidden_summary(self, start: int, stop: int) -> tuple[int, Sequence[Chip]]:
        """Return how many posts of [start, stop) are unread, and a chip with a count for each label among them."""
        ...
