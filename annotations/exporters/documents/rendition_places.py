"""What stands where in the rendition of a thread: its pieces, and what is placed in them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from msgspec import Struct

from annotations.exporters.documents.utf16 import Utf16

if TYPE_CHECKING:
    from collections.abc import Sequence

    from annotations.exporters.rows.labeled_post import LabeledPost
    from annotations.model import Annotation, Scope, StoredPost
    from annotations.store.notes import PostNote
    from annotations.store.snapshot import End

DETACHED = "detached spans"
RELATIONS = "relations to what is not exported"
SAME_PLACE = "relations within one post whose ends are not in the text"
"""Such a relation would lead from the post as a whole to itself."""


class Block(Struct, frozen=True, kw_only=True):
    """Where in the rendition a post is.

    Args:
        post: The post, as the data set tells it.
        number: Its number among the blocks of its thread, from 0 on.
        header_start: Where its header line begins, behind the mark.
        header_end: Where its header line ends; the line feed is no part of it.
        start: Where its text begins.
        end: Where its text ends; the same as `start` where it has none.
        is_left_out: Whether the options leave the post out: it stands here without its text, for those that answer it.
    """

    post: StoredPost
    number: int
    header_start: int
    header_end: int
    start: int
    end: int
    is_left_out: bool = False


class Mark(Struct, frozen=True, kw_only=True):
    """What an annotator says of a post as a whole, without a label.

    Args:
        annotator: Who says it, by name.
        note: A note on the post; None for a review or a flag.
        is_flag: Whether it is a flag.
    """

    annotator: str
    note: PostNote | None = None
    is_flag: bool = False

    @property
    def kind(self) -> str:
        """What it is: a note, a flag or a review."""
        return "note" if self.note else "flag" if self.is_flag else "review"


class PlacedAnnotation(Struct, frozen=True, kw_only=True):
    """An annotation where it is in the rendition; or a place that stands for a post or the thread, for a relation's sake.

    Args:
        annotation: The annotation; None for a place without one.
        annotator: Whose it is, by name.
        place: Its number in the thread, by which relations name it; see `annotations.exporters.documents.survey`.
        start: Where it begins.
        end: Where it ends; more than `start`.
        scope: What the place stands for: a span, a post, or the thread.
    """

    annotation: Annotation | None
    annotator: str
    place: int
    start: int
    end: int
    scope: Scope


class PlacedRelation(Struct, frozen=True, kw_only=True):
    """A relation between two things that are placed.

    Args:
        annotation: The relation.
        annotator: Whose it is, by name.
        source: The place at which it starts.
        target: The place at which it ends.
        loose: The annotations at which it starts or ends and which are not in the text: the post is there in their stead.
        is_from_whole: Whether it starts at a place that stands for a post or the thread as a whole.
        is_to_whole: Whether it ends at one.
    """

    annotation: Annotation
    annotator: str
    source: int
    target: int
    loose: tuple[End, ...] = ()
    is_from_whole: bool = False
    is_to_whole: bool = False


class Unplaced(Struct, frozen=True, kw_only=True):
    """An annotation that has no place in the rendition.

    Args:
        annotation: The annotation.
        annotator: Whose it is, by name.
        post: The key of its post; None for the thread.
        reason: What it is, in the plural, as a report counts it.
        labeled: The post on which it stands, which knows the ends of its relations.
    """

    annotation: Annotation
    annotator: str
    post: str | None
    reason: str
    labeled: LabeledPost


class Section(Struct, kw_only=True):
    """A piece of the rendition with what is put on it: the first line, or a block with the empty line before it.

    Args:
        text: What it says.
        start: Where in the rendition it begins.
        units: Where it begins in units of UTF-16.
        head: Where what it says of the thread, or the post's header, begins and ends, without the mark.
        block: Where its post is; None for the first line.
        placed: What is put on the thread, or on the post and its spans; and places without an annotation, which stand for
            them as a whole where a relation of their annotator starts or ends there. In order of place.
        relations: The relations that start here.
        unplaced: What has no place in the text: detached spans, and relations that lead to nothing that is in it.
        marks: Notes on the post, reviews and flags.
        length: How long it is in units of UTF-16.
    """

    text: str
    start: int
    units: int
    length: int
    head: tuple[int, int]
    block: Block | None = None
    placed: Sequence[PlacedAnnotation] = ()
    relations: Sequence[PlacedRelation] = ()
    unplaced: Sequence[Unplaced] = ()
    marks: Sequence[Mark] = ()
    _utf16: Utf16 | None = None

    @property
    def key(self) -> str | None:
        """The key of its post, None for the thread."""
        return None if self.block is None else self.block.post.key

    @property
    def annotators(self) -> set[str]:
        """Those who have put, noted, reviewed or flagged something here."""
        groups: tuple[Sequence[PlacedAnnotation | PlacedRelation | Unplaced | Mark], ...]
        groups = (self.placed, self.relations, self.unplaced, self.marks)
        return {each.annotator for group in groups for each in group}

    def of(self, annotator: str | None) -> Section:
        """Return the same piece with what one annotator has put on it; with everything for None."""
        if annotator is None:
            return self
        return Section(
            text=self.text,
            start=self.start,
            units=self.units,
            length=self.length,
            head=self.head,
            block=self.block,
            placed=[each for each in self.placed if each.annotator == annotator],
            relations=[each for each in self.relations if each.annotator == annotator],
            unplaced=[each for each in self.unplaced if each.annotator == annotator],
            marks=[each for each in self.marks if each.annotator == annotator],
            _utf16=self._utf16,
        )

    def said(self, start: int, end: int) -> str:
        """Return what stands between two places of the rendition that are in this piece."""
        return self.text[start - self.start : end - self.start]

    def utf16(self, offset: int) -> int:
        """Return a place of the rendition that is in this piece in units of UTF-16."""
        if self._utf16 is None:
            if len(self.text) == self.length:
                return self.units + offset - self.start
            self._utf16 = Utf16(self.text)
        return self.units + self._utf16(offset - self.start)


_ASTRAL = re.compile("[\U00010000-\U0010ffff]+")


def units_of(text: str) -> int:
    """Return how long a text is in units of UTF-16."""
    return len(text) if text.isascii() else len(text) + sum(map(len, _ASTRAL.findall(text)))
