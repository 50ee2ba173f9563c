"""Where in the rendition of a thread its annotations are, and at what its relations start and end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from annotations.exporters.rows.telling import origin
from annotations.model import Scope

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from annotations.exporters.documents.rendition import Block
    from annotations.exporters.rows.labeled_posts import LabeledPost
    from annotations.model import Annotation
    from annotations.store.snapshot import End

DETACHED = "detached spans"
RELATIONS = "relations to what is not exported"
SAME_PLACE = "relations between detached spans of one post"
"""Such a relation would lead from the post as a whole to itself."""


class PlacedAnnotation(Struct, frozen=True, kw_only=True):
    """An annotation where it is in the rendition; or a place that stands for a post or the thread, for a relation's sake.

    Args:
        annotation: The annotation; None for a place without one.
        annotator: Whose it is, by name.
        start: Where it begins.
        end: Where it ends; more than `start`.
        block: The number of its post's block; None for the thread.
        scope: What the place stands for: a span, a post, or the thread.
    """

    annotation: Annotation | None
    annotator: str
    start: int
    end: int
    block: int | None
    scope: Scope


class PlacedRelation(Struct, frozen=True, kw_only=True):
    """A relation between two things that are placed.

    Args:
        annotation: The relation.
        annotator: Whose it is, by name.
        source: The number of that at which it starts, among what is placed.
        target: The number of that at which it ends.
        loose: The annotations at which it starts or ends and which are not in the text: the post is there in their stead.
    """

    annotation: Annotation
    annotator: str
    source: int
    target: int
    loose: tuple[End, ...] = ()

    def renumbered(self, numbers: Mapping[int, int]) -> PlacedRelation:
        """Return the relation with other numbers for what is placed."""
        return PlacedRelation(
            annotation=self.annotation,
            annotator=self.annotator,
            source=numbers[self.source],
            target=numbers[self.target],
            loose=self.loose,
        )


class Unplaced(Struct, frozen=True, kw_only=True):
    """An annotation that has no place in the rendition.

    Args:
        annotation: The annotation.
        annotator: Whose it is, by name.
        block: The number of its post's block; None for the thread.
        reason: What it is, in the plural, as a report counts it.
        labeled: The post on which it stands, which knows the ends of its relations.
    """

    annotation: Annotation
    annotator: str
    block: int | None
    reason: str
    labeled: LabeledPost


def place_annotations(
    labeled: Sequence[LabeledPost], blocks: Sequence[Block], title: tuple[int, int]
) -> tuple[tuple[PlacedAnnotation, ...], tuple[PlacedRelation, ...], tuple[Unplaced, ...]]:
    """Place what is put on the posts of a thread.

    Args:
        labeled: The posts.
        blocks: Where each of them is.
        title: Where what the first line says of the thread begins and ends.
    """
    placing = _Placing(labeled, blocks, title)
    for number, each in enumerate(labeled):
        for annotation in (*each.thread_annotations, *each.annotations):
            placing.place(annotation, number)
    for number, each in enumerate(labeled):
        for annotation in (*each.thread_annotations, *each.annotations):
            if annotation.target.scope is Scope.RELATION:
                placing.tie(annotation, number)
    return placing.result()


class _Placing:
    """The placing of one thread's annotations."""

    def __init__(self, labeled: Sequence[LabeledPost], blocks: Sequence[Block], title: tuple[int, int]) -> None:
        self._labeled = labeled
        self._blocks = blocks
        self._title = title
        self._numbers = {each.post.id: number for number, each in enumerate(labeled)}
        self._placed: list[PlacedAnnotation] = []
        self._relations: list[PlacedRelation] = []
        self._unplaced: list[Unplaced] = []
        self._by_row: dict[tuple[int, str], int] = {}
        self._by_uuid: dict[str, int] = {}
        self._wholes: dict[tuple[int | None, str], int] = {}

    def place(self, annotation: Annotation, number: int) -> None:
        """Place an annotation that is no relation; `number` is that of the post where it stands."""
        scope = annotation.target.scope
        if scope is Scope.RELATION:
            return
        if annotation.detached:
            self._leave(annotation, number, DETACHED)
            return
        block = None if scope is Scope.THREAD else number
        start, end = self._whole_place(block)
        if annotation.target.span is not None:
            offset = self._blocks[number].start
            start, end = annotation.target.span.start + offset, annotation.target.span.end + offset
        at = len(self._placed)
        self._placed.append(
            PlacedAnnotation(
                annotation=annotation, annotator=annotation.annotator, start=start, end=end, block=block, scope=scope
            )
        )
        if origin(annotation)[0] is None:
            self._by_row.setdefault((annotation.id, annotation.annotator), at)
            self._by_uuid.setdefault(annotation.uuid, at)

    def tie(self, annotation: Annotation, number: int) -> None:
        """Tie a relation to what is placed."""
        target, ends, annotator = annotation.target, self._labeled[number].ends, annotation.annotator
        if target.to_post_id is not None and target.to_post_id not in self._numbers:
            self._leave(annotation, number, RELATIONS)
            return
        start_block = None if target.post_id is None else number
        end_block = None if target.to_post_id is None else self._numbers[target.to_post_id]
        loose: list[End] = []
        tied: list[int | None] = []
        for row, block in ((target.from_annotation, start_block), (target.to_annotation, end_block)):
            found = None if row is None else self._find(row, ends.get(row), annotator)
            if found is None and row is not None and row in ends:
                loose.append(ends[row])
            tied.append(self._whole(block, annotator) if found is None else found)
        source, end = tied
        if source is None or end is None:
            self._leave(annotation, number, RELATIONS)
            return
        if source == end:
            self._leave(annotation, number, SAME_PLACE)
            return
        self._relations.append(
            PlacedRelation(annotation=annotation, annotator=annotator, source=source, target=end, loose=tuple(loose))
        )

    def result(
        self,
    ) -> tuple[tuple[PlacedAnnotation, ...], tuple[PlacedRelation, ...], tuple[Unplaced, ...]]:
        """Return everything, what is placed in order of place: the wider of two that begin together first."""
        order = sorted(
            range(len(self._placed)), key=lambda at: (self._placed[at].start, -self._placed[at].end)
        )  # else as they stand
        numbers = {at: number for number, at in enumerate(order)}
        return (
            tuple(self._placed[at] for at in order),
            tuple(each.renumbered(numbers) for each in self._relations),
            tuple(self._unplaced),
        )

    def _find(self, row: int, end: End | None, annotator: str) -> int | None:
        """Return the number of an annotation to which a relation of this annotator is tied, None if it is not placed."""
        found = self._by_row.get((row, annotator))
        if found is None and end is not None:
            found = self._by_uuid.get(end.uuid)
            if found is not None and self._placed[found].annotator != annotator:
                return None
        return found

    def _whole(self, block: int | None, annotator: str) -> int:
        """Return the number of the place that stands for a post or the thread as a whole."""
        at = self._wholes.get((block, annotator))
        if at is None:
            at = self._wholes[block, annotator] = len(self._placed)
            start, end = self._whole_place(block)
            scope = Scope.THREAD if block is None else Scope.POST
            self._placed.append(
                PlacedAnnotation(annotation=None, annotator=annotator, start=start, end=end, block=block, scope=scope)
            )
        return at

    def _whole_place(self, block: int | None) -> tuple[int, int]:
        if block is None:
            return self._title
        return self._blocks[block].header_start, self._blocks[block].header_end

    def _leave(self, annotation: Annotation, number: int, reason: str) -> None:
        block = None if annotation.target.post_id is None else number
        self._unplaced.append(
            Unplaced(
                annotation=annotation,
                annotator=annotation.annotator,
                block=block,
                reason=reason,
                labeled=self._labeled[number],
            )
        )
