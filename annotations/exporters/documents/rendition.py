"""The thread rendition: a thread as one text, for formats that cannot hold a relation from one post to another.

The layout is fixed. The first line tells of the thread; then comes a block for each post, in the order of the data set: a header
line and the post's text as it is. An empty line stands before each block; nothing follows the last text.

    ▌ Ferry to stop · https://news.example/ferry

    ▌ 0 · article · Desk · 2026-04-30T08:00:00Z
    Ferry to stop

    The ferry stops in May.

    ▌ 1.1 · Ada · 2026-05-01T08:30:00Z · level 2, answers 1 (pikeperch)
    It carried 12,000 people.

A header has the post's key, its author (`no name` where there is none), its time if it is known, how deep it stands and whom it
answers; a post that the options leave out, but that others answer, is `left out` and has no text. No text can be taken for a
header: the mark in front is one longer than any that a line of the texts begins with. What is put on a post as a whole is placed
on its header line, what is put on the thread on the first line, each without the mark.

Offsets are code points of the whole text; `Block` says where a post's text is in it.
"""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from annotations.exporters.documents.rendition_places import place_annotations
from annotations.model import PostKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from annotations.exporters.choosing.selecting import Selection
    from annotations.exporters.documents.rendition_places import PlacedAnnotation, PlacedRelation, Unplaced
    from annotations.exporters.rows.labeled_posts import LabeledPost
    from annotations.model import Annotation, StoredPost, StoredThread
    from annotations.store.notes import PostNote
    from annotations.store.project import Project

MARK = "▌"
_BETWEEN = " · "
_NAMELESS, _LEFT_OUT = "no name", "left out"
_PREVIEWED = 100
"""Posts of a thread that a preview renders."""

_LINE_STARTS = re.compile(rf"(?:\A|[\n\x0b-\x0d\x1c-\x1e\x85\u2028\u2029])({MARK}+)")
"""The marks that stand where a line begins, by the boundaries of `str.splitlines`."""


class Block(Struct, frozen=True, kw_only=True):
    """Where in the rendition a post is.

    Args:
        post: The post, as the data set tells it.
        header_start: Where its header line begins, behind the mark.
        header_end: Where its header line ends; the line feed is no part of it.
        start: Where its text begins.
        end: Where its text ends; the same as `start` where it has none.
        is_left_out: Whether the options leave the post out: it stands here without its text, for those that answer it.
    """

    post: StoredPost
    header_start: int
    header_end: int
    start: int
    end: int
    is_left_out: bool = False


class Mark(Struct, frozen=True, kw_only=True):
    """What an annotator says of a post as a whole, without a label.

    Args:
        block: The number of the post's block.
        annotator: Who says it, by name.
        note: A note on the post; None for a review or a flag.
        is_flag: Whether it is a flag.
    """

    block: int
    annotator: str
    note: PostNote | None = None
    is_flag: bool = False

    @property
    def kind(self) -> str:
        """What it is: a note, a flag or a review."""
        return "note" if self.note else "flag" if self.is_flag else "review"


class Rendition(Struct, frozen=True, kw_only=True):
    """A thread as one text, with what is put on it.

    Args:
        thread: The thread.
        text: The text.
        title_start: Where on the first line what it says of the thread begins.
        title_end: Where the first line ends.
        blocks: Where the posts are, in order.
        placed: What is put on the thread, on posts and on spans of their texts; and places without an annotation, which stand
            for a post or the thread as a whole where a relation of their annotator starts or ends there. In order of place.
        relations: The relations; they start and end at what is placed.
        unplaced: What has no place in the text: detached spans, and relations that lead to nothing that is in it.
        marks: Notes on posts, reviews and flags.
    """

    thread: StoredThread
    text: str
    title_start: int
    title_end: int
    blocks: tuple[Block, ...]
    placed: tuple[PlacedAnnotation, ...]
    relations: tuple[PlacedRelation, ...]
    unplaced: tuple[Unplaced, ...]
    marks: tuple[Mark, ...]

    @property
    def annotations(self) -> tuple[Annotation, ...]:
        """What is placed, and the relations."""
        placed = [each.annotation for each in self.placed if each.annotation is not None]
        return (*placed, *(each.annotation for each in self.relations))

    @property
    def annotators(self) -> tuple[str, ...]:
        """The names of all who have put, noted, reviewed or flagged something in it, sorted."""
        every = (self.placed, self.relations, self.unplaced, self.marks)
        return tuple(sorted({each.annotator for group in every for each in group}))

    def of(self, annotator: str) -> Rendition:
        """Return the same text with what one annotator has put on it."""
        numbers = [number for number, each in enumerate(self.placed) if each.annotator == annotator]
        moved = {number: place for place, number in enumerate(numbers)}
        return Rendition(
            thread=self.thread,
            text=self.text,
            title_start=self.title_start,
            title_end=self.title_end,
            blocks=self.blocks,
            placed=tuple(self.placed[number] for number in numbers),
            relations=tuple(each.renumbered(moved) for each in self.relations if each.annotator == annotator),
            unplaced=tuple(each for each in self.unplaced if each.annotator == annotator),
            marks=tuple(each for each in self.marks if each.annotator == annotator),
        )


def render(posts: Iterable[LabeledPost]) -> Rendition | None:
    """Return the posts of one thread as one text, with what is put on them; None if none of them is to be exported.

    Args:
        posts: The posts of the thread in pre-order, all or some of them.
    """
    labeled = _needed(list(posts))
    if not labeled:
        return None
    longest = max((len(found[1]) for each in labeled for found in _LINE_STARTS.finditer(each.post.text)), default=0)
    mark = MARK * (longest + 1) + " "
    thread = labeled[0].thread
    first_line = mark + _BETWEEN.join(
        filter(None, (_one_line(thread.title) or thread.key, _one_line(thread.url or "")))
    )
    pieces, at = [first_line], len(first_line)
    blocks: list[Block] = []
    authors = {each.post.id: each.post.author for each in labeled}
    for each in labeled:
        post = each.post
        header = mark + _header(post, authors, is_left_out=each.is_left_out)
        pieces += ["\n\n", header, "\n", post.text]
        header_end = at + 2 + len(header)
        blocks.append(
            Block(
                post=post,
                header_start=at + 2 + len(mark),
                header_end=header_end,
                start=header_end + 1,
                end=header_end + 1 + len(post.text),
                is_left_out=each.is_left_out,
            )
        )
        at = blocks[-1].end
    title = (len(mark), len(first_line))
    placed, relations, unplaced = place_annotations(labeled, blocks, title)
    return Rendition(
        thread=thread,
        text="".join(pieces),
        title_start=title[0],
        title_end=title[1],
        blocks=tuple(blocks),
        placed=placed,
        relations=relations,
        unplaced=unplaced,
        marks=tuple(_marks(labeled)),
    )


def iter_renditions(project: Project, selection: Selection) -> Iterator[Rendition]:
    """Yield the threads of a selection as texts, one at a time in memory; those of which no post is exported are left out.

    Raises:
        ExportError: If a span does not say what was quoted.
    """
    from annotations.exporters.rows.labeled_posts import iter_labeled_posts  # noqa: PLC0415  # loaded on use

    for thread_id in selection.thread_ids:
        rendition = render(iter_labeled_posts(project, selection, thread_id, is_whole=True))
        if rendition is not None:
            yield rendition


def first_rendition(project: Project, selection: Selection) -> Rendition | None:
    """Return the beginning of the first thread that is exported: enough for a preview of however long a thread.

    Raises:
        ExportError: If a span does not say what was quoted.
    """
    from annotations.exporters.rows.labeled_posts import iter_labeled_posts  # noqa: PLC0415  # loaded on use

    for thread_id in selection.thread_ids:
        posts = iter_labeled_posts(project, selection, thread_id, is_whole=True)
        rendition = render(islice(posts, _PREVIEWED))
        if rendition is not None:
            return rendition
    return None


def _needed(labeled: Sequence[LabeledPost]) -> list[LabeledPost]:
    """Return the posts that are exported, and without their texts those that the options leave out but that lead to others."""
    needed: set[int | None] = set()
    found: list[LabeledPost] = []
    for each in reversed(labeled):
        if not each.is_left_out:
            found.append(each)
        elif each.post.id in needed:
            found.append(replace(each, post=replace(each.post, text="", meta={}, uncertain=())))
        else:
            continue
        needed.add(each.post.parent_id)
    return found[::-1]


def _header(post: StoredPost, authors: dict[int, str | None], *, is_left_out: bool) -> str:
    """Return what the header line of a post says, without the mark."""
    parts = [_one_line(post.key), "article" if post.kind is PostKind.ARTICLE else ""]
    if post.author or post.kind is not PostKind.ARTICLE:
        parts.append(_one_line(post.author or "") or _NAMELESS)
    parts.append(post.created_at or "")
    if post.parent is not None:
        answered = authors.get(post.parent_id or 0)
        by = f" ({_one_line(answered)})" if answered else ""
        parts.append(f"level {post.depth}, answers {_one_line(post.parent)}{by}")
    parts.append(_LEFT_OUT if is_left_out else "")
    return _BETWEEN.join(filter(None, parts))


def _marks(labeled: Sequence[LabeledPost]) -> Iterator[Mark]:
    for number, each in enumerate(labeled):
        for note in each.notes:
            yield Mark(block=number, annotator=note.annotator, note=note)
        for name in each.flaggers:
            yield Mark(block=number, annotator=name, is_flag=True)
        for name in each.reviewers:
            yield Mark(block=number, annotator=name)


def _one_line(text: str) -> str:
    return " ".join(text.split())
