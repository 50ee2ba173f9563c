"""The gold set as a data set: what adjudication has settled, and nothing else.

A post that is not settled has no labels here; with `--only-reviewed` it is not here at all, for a review by the gold set is
what settles. A relation that leads to words or labels of a post that is not settled is left out and counted.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from annotations.adjudication import Adjudication
from annotations.errors import ExportError
from annotations.exporters.rows.telling import AggregatedAnnotation, ToldAnnotation
from annotations.model import Annotation
from annotations.store.adjudication import adjudicators, count_settled, settled_among
from annotations.store.gold_facts import load_origins

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from annotations.exporters.choosing.losing import Losing
    from annotations.exporters.rows.labeled_post import LabeledPost
    from annotations.store.gold_facts import Origin
    from annotations.store.project import Project

OPEN = "gold annotations on posts that are not settled"
LOOSE = "gold relations to what is on posts that are not settled"
NOTHING = "Nothing in this project is adjudicated"
HINT = "postil adjudicate list tells what is open; --aggregate majority makes one set of the labels of all annotators."

_LOOKED_AT = 5_000
"""Open posts of which is counted whether annotators differ on them: more take longer than the rest of a small export."""
_KNOWN = 4_096


class GoldFacts(Struct, frozen=True, kw_only=True):
    """What is said of a gold set as a whole.

    Args:
        settled: How many posts are settled.
        adjudicators: Who has adjudicated, by name.
        differing: On how many posts that are not settled annotators differ.
        agreed: On how many they have put the same.
        is_all: Whether all that are not settled were looked at.
    """

    settled: int
    adjudicators: tuple[str, ...]
    differing: int
    agreed: int
    is_all: bool

    @property
    def who(self) -> str:
        """Who has adjudicated, in words; "" where that is not known."""
        return f"adjudicated by {', '.join(self.adjudicators)}" if self.adjudicators else ""

    @property
    def summary(self) -> str:
        """All of it in a sentence."""
        settled = f"{self.settled:,} {'post is' if self.settled == 1 else 'posts are'} settled"
        who = f", {self.who}" if self.who else ""
        least = "" if self.is_all else "at least "
        still = f"{least}{self.differing:,} on which annotators differ, {least}{self.agreed:,} on which they agree"
        return f"{settled}{who}; still open: {still if self.differing or self.agreed else 'none'}"


def find_facts(project: Project, thread_ids: Sequence[int], thread_id: int | None) -> GoldFacts:
    """Return what is said of the gold set.

    Args:
        project: The project.
        thread_ids: The threads that are exported.
        thread_id: The only one of the project; None if they are all.

    Raises:
        ExportError: If nothing is settled in these threads.
    """
    settled = count_settled(project, thread_ids)
    if not settled:
        raise ExportError(NOTHING, HINT)
    still = Adjudication(project).count_open(thread_id, most=_LOOKED_AT)
    return GoldFacts(
        settled=settled,
        adjudicators=adjudicators(project),
        differing=still.differing,
        agreed=still.agreed,
        is_all=still.is_all,
    )


class OnlySettled:
    """Takes the labels off posts that are not settled, and says of those that are what they were made of.

    Args:
        project: The project.
        lost: Counts what is left out.
    """

    def __init__(self, project: Project, lost: Losing) -> None:
        self._project = project
        self._lost = lost
        self._is_settled = lru_cache(_KNOWN)(lambda post_id: bool(settled_among(project, [post_id])))

    def __call__(self, labeled: LabeledPost) -> LabeledPost:
        """Return the post with what is settled on it; the gold set's are the only annotations that come."""
        put = (*labeled.annotations, *labeled.thread_annotations)
        if not put:
            return labeled
        if not labeled.reviewers:
            for each in put:
                self._count(OPEN, labeled, each)
            return replace(labeled, annotations=(), thread_annotations=())
        origins = load_origins(self._project, [each.uuid for each in put if each.uuid])
        return replace(
            labeled,
            annotations=self._told(labeled, labeled.annotations, origins),
            thread_annotations=self._told(labeled, labeled.thread_annotations, origins),
        )

    def _told(
        self, labeled: LabeledPost, put: Sequence[Annotation], origins: Mapping[str, Origin]
    ) -> tuple[Annotation, ...]:
        told = []
        for each in put:
            to_post = each.target.to_post_id
            if each.target.to_annotation is not None and to_post is not None and not self._is_settled(to_post):
                self._count(LOOSE, labeled, each)
            else:
                told.append(_with_votes(each, origins.get(each.uuid)))
        return tuple(told)

    def _count(self, reason: str, labeled: LabeledPost, annotation: Annotation) -> None:
        if annotation.uuid:  # what is implied was not put
            is_thread = annotation.target.post_id is None
            self._lost.lose(reason, labeled, annotation=annotation.uuid, detail=annotation.label, is_thread=is_thread)


def _with_votes(annotation: Annotation, origin: Origin | None) -> Annotation:
    """Return a gold annotation with the votes it had, unless an adjudicator has put it, or changed it since."""
    if origin is None or annotation.updated_at != annotation.created_at:
        return annotation
    names = ToldAnnotation if isinstance(annotation, ToldAnnotation) else Annotation
    told = {name: getattr(annotation, name) for name in names.__struct_fields__}
    return AggregatedAnnotation(**told, votes=origin.votes, seen_by=origin.seen_by)
