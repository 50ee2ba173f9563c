"""One set of labels of all annotators', as the options ask: by majority, of any, of all, or by a model of their reliability.

Each label is decided by itself, on each thread, on each post, on exactly the same words, and each relation between the same two ends. Who has
seen the post or thread has a vote, with or against (see `annotations.store.votes`); models vote like people, and a warning says
which. Wider labels have the votes of those that imply them, so that they may win where none of the narrower does.

- `majority`: more than half of those who saw it have put it. Half is no majority: such ties are listed.
- `any`: somebody has put it. `all`: everybody who saw it has.
- `dawid-skene`: it is likelier than not that it belongs there (see `annotations.exporters.choosing.dawid_skene`).

What has won is told with its votes, the name of the method for an annotator, a name made of its content for a uuid, the time of its first
and its last vote, and the newest codebook version of these. Of attributes, numbers get the lower median of the values given, choices
the value given most often, texts the one that all have given who gave one; where there is no such value the attribute is left
out and counted. Notes on annotations are not carried. Notes on posts, reviews, flags and times stay those of the annotators.
Rules between labels are not applied anew: two labels that exclude each other can both have a majority only where annotators broke the rule.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING
from uuid import UUID, uuid5

import msgspec
from msgspec.structs import replace

from annotations.attribute_votes import combined
from annotations.exporters.choosing.dawid_skene import load_numpy
from annotations.exporters.choosing.options import Aggregate
from annotations.exporters.describing.units import Votes
from annotations.exporters.rows.telling import AggregatedAnnotation
from annotations.model import Annotation, AnnotatorKind
from annotations.store.votes import at_the_same_place, who_saw_posts, who_saw_thread
from annotations.units import end_of, place_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from annotations.exporters.choosing.dawid_skene import Reliability
    from annotations.exporters.choosing.losing import Losing
    from annotations.exporters.choosing.selection import Selection
    from annotations.exporters.rows.labeled_post import LabeledPost
    from annotations.store.project import Project
    from annotations.store.snapshot import End
    from annotations.units import Place

TIES = "ties: labels that half of those who saw the place have put"
LOST = {
    Aggregate.MAJORITY: "labels that fewer than half of those who saw the place have put",
    Aggregate.ALL: "labels that not all who saw the place have put",
    Aggregate.DAWID_SKENE: "labels that are not likelier than not",
    Aggregate.ANY: "labels that nobody has put",
}
NOTES = "notes on annotations"
ATTRIBUTES = "attributes"

_NAMESPACE = UUID("6f2d7c39-9f43-5a0e-8c54-2b7a4c1d90e6")
"""Of the names of what is made of several annotations (RFC 9562, section 5.5)."""
_WINDOW = 512
"""Posts of which is read at a time who has seen them."""
_THREADS = 64


class Aggregating:
    """Makes one set of labels of all annotators'.

    Args:
        project: The project.
        selection: What to export.
        lost: Counts what has not won, and what is not carried.

    Raises:
        ExportError: If the method needs a package that is missing.
    """

    def __init__(self, project: Project, selection: Selection, lost: Losing) -> None:
        self._project = project
        self._selection = selection
        self._method = selection.options.aggregate or Aggregate.MAJORITY
        self._lost = lost
        self._attributes = {
            label.id: {attribute.id: attribute for attribute in label.attributes} for label in selection.codebook.labels
        }
        self._window: tuple[int, int, int] = (0, 0, 0)
        self._seen: dict[int, frozenset[int]] = {}
        self._saw_thread = lru_cache(_THREADS)(lambda thread_id: who_saw_thread(project, thread_id))
        self._bits = {annotator: 1 << number for number, annotator in enumerate(sorted(selection.annotators))}
        self._estimates: dict[tuple[str, str, bool], Reliability] = {}
        if self._method is Aggregate.DAWID_SKENE:
            load_numpy()
            votes = Votes(selection, self._bits)
            votes.count(project)
            self._estimates = votes.estimates()
        models = [each.name for each in selection.annotators.values() if each.kind is AnnotatorKind.MODEL]
        if models:
            lost.tally.warn(f"Models vote like people in --aggregate {self._method}: {', '.join(models)}")

    def __call__(self, labeled: LabeledPost) -> LabeledPost:
        """Return the post with what has won of what annotators have put on it."""
        if not labeled.annotations and not labeled.thread_annotations:
            return labeled
        annotations = self._decide(labeled, labeled.annotations, self._who_saw(labeled), is_thread=False)
        on_thread: tuple[AggregatedAnnotation, ...] = ()
        if labeled.thread_annotations:
            saw = self._saw_thread(labeled.thread.id)
            on_thread = self._decide(labeled, labeled.thread_annotations, saw, is_thread=True)
        rows, ends = self._ends(labeled, (*annotations, *on_thread))
        return replace(
            labeled,
            annotations=tuple(_with_ends(each, rows) for each in annotations),
            thread_annotations=tuple(_with_ends(each, rows) for each in on_thread),
            ends=ends,
        )

    def _who_saw(self, labeled: LabeledPost) -> frozenset[int]:
        thread, position = labeled.thread.id, labeled.post.position
        known, start, stop = self._window
        if known != thread or not start <= position < stop:
            self._window = (thread, position, position + _WINDOW)
            self._seen = who_saw_posts(self._project, *self._window)
        return self._seen.get(labeled.post.id, frozenset())

    def _decide(
        self, labeled: LabeledPost, put: Iterable[Annotation], saw: frozenset[int], *, is_thread: bool
    ) -> tuple[AggregatedAnnotation, ...]:
        """Return what has won on a post or a thread."""
        units: dict[tuple[str, Place], list[Annotation]] = {}
        for annotation in put:
            units.setdefault((annotation.label, place_of(annotation, labeled.ends)), []).append(annotation)
        won: dict[tuple[str, Place], AggregatedAnnotation] = {}
        for (label, place), members in units.items():
            voters = {each.annotator_id for each in members}
            probability = self._probability(members[0], voters, saw | voters, is_thread=is_thread)
            if self._has_won(len(voters), len(saw | voters), probability):
                won[label, place] = self._made(labeled, members, len(voters), len(saw | voters), probability)
            else:
                self._count(labeled, members, len(voters), len(saw | voters), is_thread=is_thread)
        return self._implied(won, units)

    def _has_won(self, votes: int, seen: int, probability: float | None) -> bool:
        if probability is not None:
            return probability > 1 / 2
        if self._method is Aggregate.MAJORITY:
            return 2 * votes > seen
        return self._method is Aggregate.ANY or votes == seen

    def _probability(
        self, annotation: Annotation, voters: Collection[int], saw: Collection[int], *, is_thread: bool
    ) -> float | None:
        if self._method is not Aggregate.DAWID_SKENE:
            return None
        reliability = self._estimates[annotation.scope.value, annotation.label, is_thread]
        return reliability.probability((self._mask(saw), self._mask(voters)))

    def _mask(self, annotators: Iterable[int]) -> int:
        return sum(self._bits[each] for each in annotators)

    def _made(
        self, labeled: LabeledPost, members: Sequence[Annotation], votes: int, seen: int, probability: float | None
    ) -> AggregatedAnnotation:
        first = members[0]
        real = [each for each in members if each.uuid] or members
        values, left_out = combined([each.attributes for each in real], self._attributes.get(first.label, {}))
        uuid = self._uuid(labeled, first)
        for name in left_out:
            self._lost.lose(ATTRIBUTES, labeled, annotation=uuid, detail=f"{first.label}: {name}")
        for each in real:
            if each.note:
                self._lost.lose(NOTES, labeled, annotation=each.uuid, detail=each.annotator)
        told = {name: getattr(first, name) for name in Annotation.__struct_fields__}
        told |= {
            "id": min(each.id for each in real),
            "uuid": uuid,
            "annotator": self._method.value,
            "annotator_id": 0,
            "note": "",
            "attributes": values,
            "codebook_version": max(each.codebook_version for each in real),
            "created_at": min(each.created_at for each in real),
            "updated_at": max(each.updated_at for each in real),
        }
        return AggregatedAnnotation(**told, votes=votes, seen_by=seen, probability=probability)

    def _implied(
        self, won: dict[tuple[str, Place], AggregatedAnnotation], units: dict[tuple[str, Place], list[Annotation]]
    ) -> tuple[AggregatedAnnotation, ...]:
        """Return what has won, each wider label that follows from a narrower one marked as that, if nobody has put it."""
        wider = self._selection.telling.wider
        for (label, place), narrower in list(won.items()):
            for above in wider.get(label, ()):
                found = won.get((above, place))
                if found is not None and found.uuid and not any(each.uuid for each in units[above, place]):
                    won[above, place] = replace(found, uuid="", implied_by=narrower.uuid)
        return tuple(won.values())

    def _count(
        self, labeled: LabeledPost, members: Sequence[Annotation], votes: int, seen: int, *, is_thread: bool
    ) -> None:
        """Count what has not won, if anybody has put it."""
        real = [each for each in members if each.uuid]
        if not real:
            return
        is_tie = self._method is Aggregate.MAJORITY and 2 * votes == seen
        self._lost.lose(
            TIES if is_tie else LOST[self._method],
            labeled,
            annotation=real[0].uuid,
            detail=f"{real[0].label}: {votes} of {seen}",
            is_thread=is_thread,
        )

    def _uuid(self, labeled: LabeledPost, annotation: Annotation) -> str:
        """Return a name for what is made of annotations like this one, the same each time."""
        target = annotation.target
        post = None if target.post_id is None else labeled.post.key
        place = place_of(annotation, labeled.ends)
        if target.to_post_id is not None:
            place = (labeled.post_keys[target.to_post_id], *place[1:])
        elif target.to_thread_id is not None:
            place = (None, "thread", *place[2:])
        return self._name(labeled.thread.key, post, annotation.label, place)

    def _name(self, thread: str, post: str | None, label: str, place: Place) -> str:
        said = msgspec.json.encode([self._method.value, thread, post, label, place])
        return str(uuid5(_NAMESPACE, said.decode()))

    def _ends(self, labeled: LabeledPost, won: Iterable[AggregatedAnnotation]) -> tuple[dict[int, int], dict[int, End]]:
        """Return which row stands for each end of these relations now, and what is at that row."""
        posts: dict[int, str] = {}
        for each in won:
            target = each.target
            if target.from_annotation is not None:
                posts[target.from_annotation] = labeled.post.key
            if target.to_annotation is not None and target.to_post_id is not None:
                posts[target.to_annotation] = labeled.post_keys[target.to_post_id]
        if not posts:
            return {}, {}
        label_told = self._selection.telling.label
        rows: dict[int, int] = {}
        ends: dict[int, End] = {}
        for row, alike in at_the_same_place(self._project, posts).items():
            end = labeled.ends[row]
            rows[row] = min(same for same, label in alike if label_told(label) == end.label)
            place = end_of(end)
            uuid = self._name(labeled.thread.key, posts[row], end.label, () if end.span is None else (place or ())[1:])
            ends[rows[row]] = replace(end, uuid=uuid)
        return rows, ends


def _with_ends(annotation: AggregatedAnnotation, rows: dict[int, int]) -> AggregatedAnnotation:
    target = annotation.target
    start, end = target.from_annotation, target.to_annotation
    if start is None and end is None:
        return annotation
    told = replace(
        target,
        from_annotation=None if start is None else rows[start],
        to_annotation=None if end is None else rows[end],
    )
    return replace(annotation, target=told)
