"""Posts as their annotators judged them: who has seen them, what each has put there, and whether that is the same."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from msgspec import Struct

from annotations.model import AnnotatorKind, Scope
from annotations.store import adjudication as gold
from annotations.store.labels import annotations_of_posts, annotations_of_thread
from annotations.store.snapshot import load_ends
from annotations.store.votes import who_saw_thread
from annotations.units import place_of

if TYPE_CHECKING:
    from array import array
    from collections.abc import Iterable, Iterator, Sequence

    from annotations.model import Annotation
    from annotations.store.project import Project
    from annotations.units import Place

_BATCH = 500
"""Posts whose annotations are in memory at a time."""
_THREADS = 64


class Unit(Struct, frozen=True, kw_only=True):
    """A label on one place, and who has put it there: what annotators agree on, or do not.

    Args:
        label: The id of the label.
        scope: Its scope.
        place: The place, see `annotations.units`.
        annotations: The annotations that say so, in the order of annotators and places.
        seers: Who has seen what it is put on, by row; whoever has put it has.
    """

    label: str
    scope: Scope
    place: Place
    annotations: tuple[Annotation, ...]
    seers: frozenset[int]

    @property
    def voters(self) -> frozenset[int]:
        """Who has put it, by row."""
        return frozenset(each.annotator_id for each in self.annotations)

    @property
    def is_agreed(self) -> bool:
        """Whether all who have seen the place have put it, with the same attributes; notes may differ."""
        first = dict(self.annotations[0].attributes)
        return self.voters == self.seers and all(dict(each.attributes) == first for each in self.annotations)


class SeenPost(Struct, frozen=True, kw_only=True):
    """A post with what annotators have put on it, in it and from it; of an article also what is on its thread.

    Args:
        post_id: The post's row.
        post: Its key.
        position: Its place in pre-order; the article has 0.
        thread_id: The row of its thread.
        thread: The thread's key.
        seers: Who has seen it: who has put anything there, or reviewed it; rows and names, in the order of arrival.
        units: What they have put, labels before spans, those in order, relations last.
        is_settled: Whether the gold set has it already.
    """

    post_id: int
    post: str
    position: int
    thread_id: int
    thread: str
    seers: dict[int, str]
    units: tuple[Unit, ...]
    is_settled: bool

    @property
    def is_agreed(self) -> bool:
        """Whether all have put the same."""
        return all(unit.is_agreed for unit in self.units)


class SeenPosts:
    """The posts of a project as its annotators judged them.

    Args:
        project: The project.
        with_models: Whether models are annotators here.
    """

    def __init__(self, project: Project, *, with_models: bool = False) -> None:
        kinds = {AnnotatorKind.PERSON, AnnotatorKind.MODEL} if with_models else {AnnotatorKind.PERSON}
        self._project = project
        self.names = {each.id: each.name for each in project.annotators() if each.kind in kinds}
        """The annotators who count, by row."""
        self._saw_thread = lru_cache(_THREADS)(self._look_at_thread)

    def open_posts(self, thread_id: int | None, at_least: int) -> array[int]:
        """Return the rows of the posts that so many have seen and that are not settled, in order."""
        return gold.open_posts(self._project, self.names, at_least, thread_id)

    def iterate(self, post_ids: Sequence[int]) -> Iterator[SeenPost]:
        """Yield these posts in their order; memory holds a few hundred of them."""
        for start in range(0, len(post_ids), _BATCH):
            yield from self.load(post_ids[start : start + _BATCH])

    def load(self, post_ids: Sequence[int]) -> list[SeenPost]:
        """Return these posts in their order."""
        project = self._project
        places = gold.places_of_posts(project, post_ids)
        put = {
            post_id: [each for each in found if each.annotator_id in self.names]
            for post_id, found in annotations_of_posts(project, post_ids).items()
        }
        on_thread = {place.thread_id: self._on_thread(place.thread_id) for place in places if place.position == 0}
        reviewers = gold.reviewers_of(project, post_ids)
        settled = gold.settled_among(project, post_ids)
        known = [each for some in (*put.values(), *on_thread.values()) for each in some]
        tied = {row for each in known for row in (each.target.from_annotation, each.target.to_annotation)}
        ends = load_ends(project, tied - {None}) if tied - {None} else {}  # type: ignore[arg-type]  # None is out
        found = []
        for place in places:
            here, thread = put[place.post_id], on_thread.get(place.thread_id, []) if place.position == 0 else []
            seers = frozenset(reviewers.get(place.post_id, ())) & self.names.keys()
            seers |= {each.annotator_id for each in here}
            units = _grouped(((each, place_of(each, ends)) for each in here), seers)
            if thread:
                saw = self._saw_thread(place.thread_id)
                units += _grouped(((each, place_of(each, ends)) for each in thread), saw)
                seers |= {each.annotator_id for each in thread}
            found.append(
                SeenPost(
                    **place._asdict(),
                    seers={row: name for row, name in self.names.items() if row in seers},
                    units=tuple(units),
                    is_settled=place.post_id in settled,
                )
            )
        return found

    def _on_thread(self, thread_id: int) -> list[Annotation]:
        """Return what is put on a thread as a whole, and the relations that start there."""
        found = annotations_of_thread(self._project, thread_id)
        return [each for each in found if each.target.post_id is None and each.annotator_id in self.names]

    def _look_at_thread(self, thread_id: int) -> frozenset[int]:
        return who_saw_thread(self._project, thread_id) & self.names.keys()


def _grouped(put: Iterable[tuple[Annotation, Place]], seers: frozenset[int]) -> list[Unit]:
    found: dict[tuple[bool, str, Place], list[Annotation]] = {}
    for annotation, place in put:
        found.setdefault((annotation.scope is Scope.RELATION, annotation.label, place), []).append(annotation)
    units = []
    for (_, label, place), members in sorted(found.items(), key=lambda each: each[0][0]):  # stable: relations last
        voters = frozenset(each.annotator_id for each in members)
        units.append(
            Unit(
                label=label,
                scope=members[0].scope,
                place=place,
                annotations=tuple(sorted(members, key=lambda each: each.annotator_id)),
                seers=seers | voters,
            )
        )
    return units
