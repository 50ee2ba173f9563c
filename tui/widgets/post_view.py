"""What a pane is given to show of a post, and where it asks for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    from annotations.model import Annotation, StoredPost


@dataclass(frozen=True, slots=True, kw_only=True)
class Chip:
    """A label on a post, or a relation of it, in a few words.

    Args:
        text: What it says: `Agree`, `→ Rebuts 2.1`.
        colour: A hue's name, or `#rrggbb`.
        key: The key that puts the label, or "".
    """

    text: str
    colour: str
    key: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SpanMark:
    """A labeled span of a post.

    Args:
        start: Offset of its first code point.
        end: Offset behind its last.
        colour: A hue's name, or `#rrggbb`.
        sign: One character that tells the label without its colour: its key, else its name's initial.
    """

    start: int
    end: int
    colour: str
    sign: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PostView:
    """A post as its annotator sees it.

    Args:
        post: The post.
        annotations: The annotator's own, spans first by start.
        chips: Labels and relations, for the header line.
        marks: Labeled spans, by start, the longer first.
        is_read: Whether the annotator has read it.
        is_reviewed: Whether the annotator has declared it done.
        note: What else the header line says, such as the source's name.
    """

    post: StoredPost
    annotations: tuple[Annotation, ...] = ()
    chips: tuple[Chip, ...] = ()
    marks: tuple[SpanMark, ...] = ()
    is_read: bool = True
    is_reviewed: bool = False
    note: str = ""


class PostSource(Protocol):
    """Where a pane gets what it shows."""

    def load(self, positions: Sequence[int]) -> Sequence[PostView]:
        """Return the posts at these positions, in the same order."""
        ...

    def hidden_summary(self, start: int, stop: int) -> tuple[int, Sequence[Chip]]:
        """Return how many posts of [start, stop) are unread, and a chip with a count for each label among them."""
        ...
