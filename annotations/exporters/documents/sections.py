"""The pieces of the rendition of a thread, made one after another; `annotations.exporters.documents.rendition` says how they look."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from annotations.exporters.documents.rendition_places import (
    DETACHED,
    RELATIONS,
    SAME_PLACE,
    Block,
    Mark,
    PlacedAnnotation,
    PlacedRelation,
    Section,
    Unplaced,
    units_of,
)
from annotations.exporters.documents.survey import MISSING, THREAD, TIED
from annotations.model import PostKind, Scope

if TYPE_CHECKING:
    from collections.abc import Iterable

    from annotations.exporters.documents.survey import Survey
    from annotations.exporters.rows.labeled_post import LabeledPost
    from annotations.model import Annotation, StoredPost

BETWEEN = " · "
"""Stands between what the first line says, and what a header does."""
_NAMELESS, _LEFT_OUT = "no name", "left out"


class Sections:
    """The telling of one thread, from its first piece to its last.

    Args:
        found: What is known of the thread.
        mark: What stands before each header, with a space.
    """

    def __init__(self, found: Survey, mark: str) -> None:
        self.blocks = 0
        """Blocks that were told."""
        self._survey = found
        self._mark = mark
        self._at = self._units = 0
        self._places = self._relations = 0
        self._path: list[tuple[int, int, str | None]] = []

    def first(self, line: str, labeled: LabeledPost) -> Section:
        """Return the first line, with what is put on the thread, which comes with the article."""
        section = Section(text=line, start=0, units=0, length=units_of(line), head=(len(self._mark), len(line)))
        return self._filled(section, labeled, labeled.thread_annotations, THREAD)

    def block(self, labeled: LabeledPost, number: int) -> Section:
        """Return the piece of a post, which has this number in the thread."""
        post, at = labeled.post, self._at
        if labeled.is_left_out:
            post = replace(post, text="", meta={}, uncertain=())
        while self._path and self._path[-1][0] >= post.depth:
            self._path.pop()
        answered = self._path[-1][2] if self._path and self._path[-1][1] == post.parent_id else None
        header = self._mark + _header(post, answered, is_left_out=labeled.is_left_out)
        self._path.append((post.depth, post.id, post.author))
        text = f"\n\n{header}\n{post.text}"
        end = at + 2 + len(header)
        block = Block(
            post=post,
            number=self.blocks,
            header_start=at + 2 + len(self._mark),
            header_end=end,
            start=end + 1,
            end=at + len(text),
            is_left_out=labeled.is_left_out,
        )
        self.blocks += 1
        section = Section(
            text=text,
            start=at,
            units=self._units,
            length=units_of(text),
            head=(block.header_start, end),
            block=block,
            marks=_marks(labeled),
        )
        return self._filled(section, labeled, labeled.annotations, number)

    def _filled(
        self, section: Section, labeled: LabeledPost, annotations: Iterable[Annotation], number: int
    ) -> Section:
        """Return a piece with what is put on it."""
        placed: list[PlacedAnnotation] = []
        relations: list[PlacedRelation] = []
        unplaced: list[Unplaced] = []
        key = section.key
        for each in annotations:
            if each.target.scope is Scope.RELATION:
                tied = self._tied(each, labeled)
                relations += [tied] if isinstance(tied, PlacedRelation) else []
                unplaced += [_left(each, key, tied, labeled)] if isinstance(tied, str) else []
            elif each.detached:
                unplaced.append(_left(each, key, DETACHED, labeled))
            else:
                placed.append(self._placed(each, section))
        for place, annotator in self._survey.wholes(number):
            scope = Scope.THREAD if number == THREAD else Scope.POST
            start, end = section.head
            placed.append(
                PlacedAnnotation(annotation=None, annotator=annotator, place=place, start=start, end=end, scope=scope)
            )
        if len(placed) > 1:
            placed.sort(key=lambda each: (each.start, -each.end))  # else as they stand
        section.placed, section.relations, section.unplaced = placed, relations, unplaced
        self._at += len(section.text)
        self._units += section.length
        return section

    def _placed(self, annotation: Annotation, section: Section) -> PlacedAnnotation:
        start, end = section.head
        span, block = annotation.target.span, section.block
        if span is not None and block is not None:
            start, end = span.start + block.start, span.end + block.start
        self._places += 1
        return PlacedAnnotation(
            annotation=annotation,
            annotator=annotation.annotator,
            place=self._places - 1,
            start=start,
            end=end,
            scope=annotation.target.scope,
        )

    def _tied(self, annotation: Annotation, labeled: LabeledPost) -> PlacedRelation | str:
        """Return a relation between places, or why there is none."""
        found, at = self._survey, self._relations
        self._relations += 1
        if found.outcomes[at] != TIED:
            return RELATIONS if found.outcomes[at] == MISSING else SAME_PLACE
        source, end, target = found.sources[at], found.targets[at], annotation.target
        is_whole = [place >= found.annotations for place in (source, end)]
        rows = (target.from_annotation, target.to_annotation)
        return PlacedRelation(
            annotation=annotation,
            annotator=annotation.annotator,
            source=source,
            target=end,
            loose=tuple(
                labeled.ends[row]
                for row, is_loose in zip(rows, is_whole, strict=True)
                if is_loose and row is not None and row in labeled.ends
            ),
            is_from_whole=is_whole[0],
            is_to_whole=is_whole[1],
        )


def _left(annotation: Annotation, post: str | None, reason: str, labeled: LabeledPost) -> Unplaced:
    return Unplaced(annotation=annotation, annotator=annotation.annotator, post=post, reason=reason, labeled=labeled)


def _header(post: StoredPost, answered: str | None, *, is_left_out: bool) -> str:
    """Return what the header line of a post says, without the mark; it may answer somebody."""
    parts = [one_line(post.key), "article" if post.kind is PostKind.ARTICLE else ""]
    if post.author or post.kind is not PostKind.ARTICLE:
        parts.append(one_line(post.author or "") or _NAMELESS)
    parts.append(post.created_at or "")
    if post.parent is not None:
        by = f" ({one_line(answered)})" if answered else ""
        parts.append(f"level {post.depth}, answers {one_line(post.parent)}{by}")
    parts.append(_LEFT_OUT if is_left_out else "")
    return BETWEEN.join(filter(None, parts))


def _marks(labeled: LabeledPost) -> list[Mark]:
    return [
        *(Mark(annotator=note.annotator, note=note) for note in labeled.notes),
        *(Mark(annotator=name, is_flag=True) for name in labeled.flaggers),
        *(Mark(annotator=name) for name in labeled.reviewers),
    ]


def one_line(text: str) -> str:
    """Return a text on one line."""
    return " ".join(text.split())
