"""The numbers of a data set: what was put, by whom, in which split.

Where the data set tells the project as it is, SQLite counts; where posts are changed on their way, they are counted as they pass.
Only what was put counts, not what follows from it.
"""

from __future__ import annotations

from array import array
from collections import Counter
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from msgspec import Struct, field
from msgspec.structs import replace

from annotations.store import census
from annotations.store.snapshot import thread_ids

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from annotations.exporters.choosing.selection import Selection
    from annotations.exporters.rows.labeled_post import LabeledPost
    from annotations.exporters.writing.report import SplitFigures
    from annotations.model import Annotator
    from annotations.store.census import PostFacts, SourceCount
    from annotations.store.judgements import Seen
    from annotations.store.project import Project

_MOST_HOSTS = 10_000
"""Sites that are told apart; who has more reads mail."""


class Figures(Struct, frozen=True, kw_only=True):
    """The numbers of a data set.

    Args:
        labels: How often each label was put, by split and by the label's id.
        annotators: How often each annotator has put one, by name.
        reviews: How many posts each annotator has said to be done, by name.
        detached: How many annotations have lost their place.
        facts: What can be said of the posts of all threads.
        seen: How many posts somebody has reviewed or labeled, or the only annotator.
        shared: How many posts two annotators or more have.
        sources: By which importers the threads came.
        hosts: The sites where the threads stood, and how many threads each had.
        state_of: When the project was added to last.
    """

    labels: Mapping[tuple[str, str], int]
    annotators: Mapping[str, int]
    reviews: Mapping[str, int]
    detached: int
    facts: PostFacts
    seen: int
    shared: int
    sources: Sequence[SourceCount]
    hosts: Mapping[str, int] = field(default_factory=dict)
    state_of: str | None = None

    def count(self, label: str, split: str | None = None) -> int:
        """Return how often a label was put, in a split, or in all."""
        return sum(number for (part, put), number in self.labels.items() if put == label and split in {None, part})


class Counting:
    """Counts annotations as they pass into a data set; each post once, however often it passes.

    Args:
        selection: What is exported.
    """

    def __init__(self, selection: Selection) -> None:
        self.labels: Counter[tuple[str, str]] = Counter()
        self.annotators: Counter[str] = Counter()
        self.detached = 0
        self._split_of = selection.split_of
        self._passed = array("q", bytes(8 * (max(selection.thread_ids, default=0) + 1)))

    def __call__(self, labeled: LabeledPost) -> LabeledPost:
        """Count what is on a post, and hand it on."""
        thread, place = labeled.thread.id, labeled.post.position + 1
        if place <= self._passed[thread]:
            return labeled
        self._passed[thread] = place
        split = self._split_of.get(thread, "")
        for annotation in (*labeled.thread_annotations, *labeled.annotations):
            if annotation.uuid:
                self.labels[split, annotation.label] += 1
                self.annotators[annotation.annotator] += 1
                self.detached += annotation.detached
        return labeled


def told_splits(splits: Sequence[SplitFigures], counting: Counting) -> tuple[SplitFigures, ...]:
    """Return the figures of splits with the labels that stand in them as posts have passed, in place of those that were put."""
    labels = sorted({label for _, label in counting.labels})
    return tuple(
        replace(each, labels={label: counting.labels[each.name, label] for label in labels}) for each in splits
    )


def find_figures(project: Project, selection: Selection, seen: Seen) -> Figures:
    """Return the numbers of a data set that tells the project as it is.

    Args:
        project: The project, in the snapshot that was exported.
        selection: What was exported.
        seen: Who has seen which of them.
    """
    threads = threads_or_all(project, selection)
    annotator = selection.annotator_id
    labels, annotators, detached = _count(project, selection, threads)
    reviewed, shared = seen.count(annotator if selection.gold is None else None)
    hosts: Counter[str] = Counter()
    for url in census.iter_urls(project, threads):
        host = _host(url)
        if host and (host in hosts or len(hosts) < _MOST_HOSTS):
            hosts[host] += 1
    return Figures(
        labels=labels,
        annotators=annotators,
        reviews=census.reviews_by_annotator(project, threads, annotator),
        detached=detached,
        facts=census.post_facts(project, threads),
        seen=reviewed,
        shared=shared,
        sources=census.count_sources(project, threads),
        hosts=hosts,
        state_of=census.state_of(project),
    )


def judges(selection: Selection, seen: Seen) -> list[Annotator]:
    """Return whose agreement to tell: the people's where there are two, else everybody's.

    The gold set is nobody's, and whoever has seen no post, such as people who have only adjudicated, has no say.
    """
    have_seen = seen.annotators()
    known = [each for row, each in selection.annotators.items() if row in have_seen and each.kind != "gold"]
    people = [annotator for annotator in known if annotator.kind == "person"]
    return people if len(people) > 1 else known


def threads_or_all(project: Project, selection: Selection) -> tuple[int, ...] | None:
    """Return the threads of a selection, None where they are all: that is counted faster."""
    return None if list(selection.thread_ids) == thread_ids(project) else selection.thread_ids


def _count(
    project: Project, selection: Selection, threads: tuple[int, ...] | None
) -> tuple[dict[tuple[str, str], int], dict[str, int], int]:
    labels: Counter[tuple[str, str]] = Counter()
    annotator = selection.annotator_id
    pieces: list[tuple[str, tuple[int, ...] | None]] = [
        (split, selection.of_split(split).thread_ids) for split in selection.splits
    ]
    carried: set[str] = set()
    for split, ids in pieces or [("", threads)]:
        for put, number in census.count_labels(project, ids, annotator).items():
            label = selection.telling.label(put)
            if not selection.labels or label in selection.labels:
                labels[split, label] += number
                carried.add(put)
    chosen = carried or selection.labels if selection.labels else ()
    return (
        labels,
        census.count_annotators(project, threads, annotator, chosen),
        census.count_detached(project, threads, annotator, chosen),
    )


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""
