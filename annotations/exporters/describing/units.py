"""Who has put what where, counted for a model of how reliable annotators are; what is the same is said in `annotations.units`."""

from __future__ import annotations

from collections import Counter
from itertools import groupby
from typing import TYPE_CHECKING

from annotations.exporters.choosing.dawid_skene import Pattern, estimate
from annotations.model import Scope
from annotations.store.votes import votes_on_posts, votes_on_threads

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from annotations.exporters.choosing.dawid_skene import Reliability
    from annotations.exporters.choosing.selection import Selection
    from annotations.exporters.rows.telling import Telling
    from annotations.store.project import Project
    from annotations.store.votes import Vote
    from annotations.units import Place


def _place_of(vote: Vote, telling: Telling) -> Place:
    """Return the place of a vote: as `place_of` does that of the annotation."""
    if vote.scope == Scope.RELATION:
        start = vote.from_label and (telling.label(vote.from_label), vote.from_start, vote.from_end, vote.from_lost)
        end = vote.to_label and (telling.label(vote.to_label), vote.to_start, vote.to_end, vote.to_lost)
        return (vote.to_post, vote.to_thread, start or None, end or None)
    return () if vote.start is None else (vote.start, vote.end, vote.lost)


class Votes:
    """Counts by whom places were seen, and by whom of these each label was put there.

    Labels on posts and threads are counted on all that anybody has seen; labels on words, and relations, on what anybody has marked
    with them, for there is no end to what they could be put on.

    Args:
        selection: What is exported: its threads are counted, and its labels.
        bits: The bit of each annotator, by row.
    """

    def __init__(self, selection: Selection, bits: Mapping[int, int]) -> None:
        self._telling = selection.telling
        self._labels = selection.labels
        self._threads = frozenset(selection.thread_ids)
        self._bits = bits
        self._seen: dict[bool, Counter[int]] = {False: Counter(), True: Counter()}
        self._patterns: dict[tuple[str, str, bool], Counter[Pattern]] = {}

    def count(self, project: Project) -> None:
        """Count all that the project holds, in one pass."""
        saw_thread: dict[int, int] = {}
        for _, votes in groupby(votes_on_posts(project), key=lambda vote: vote.post):
            of_post = list(votes)
            thread = of_post[0].thread
            if thread in self._threads:
                saw_thread[thread] = saw_thread.get(thread, 0) | self._count_place(of_post, 0, is_thread=False)
        on_threads = {
            thread: list(votes) for thread, votes in groupby(votes_on_threads(project), key=lambda vote: vote.thread)
        }
        for thread in sorted(self._threads & (saw_thread.keys() | on_threads.keys())):
            self._count_place(on_threads.get(thread, []), saw_thread.get(thread, 0), is_thread=True)

    def estimates(self) -> dict[tuple[str, str, bool], Reliability]:
        """Return how each label is put, by its scope, its id, and whether on or from a thread as a whole."""
        found = {}
        for key, patterns in self._patterns.items():
            scope, _, is_thread = key
            counted = Counter(patterns)
            if scope in (Scope.POST, Scope.THREAD):
                put_on = Counter[int]()
                for (seen, _), places in patterns.items():
                    put_on[seen] += places
                counted.update({(seen, 0): all_ - put_on[seen] for seen, all_ in self._seen[is_thread].items()})
            found[key] = estimate(+counted, len(self._bits))
        return found

    def _count_place(self, votes: Iterable[Vote], seen: int, *, is_thread: bool) -> int:
        """Count what is put on a post or a thread that was seen by these and whoever votes; return by whom it was."""
        put: dict[tuple[str, str, Place], int] = {}
        for vote in votes:
            bit = self._bits[vote.annotator]
            seen |= bit
            if vote.label is None or vote.scope is None:
                continue
            place = _place_of(vote, self._telling)
            told = self._telling.label(vote.label)
            for label in (told, *self._telling.wider.get(told, ())):
                if not self._labels or label in self._labels:
                    unit = (vote.scope, label, place)
                    put[unit] = put.get(unit, 0) | bit
        self._seen[is_thread][seen] += 1
        for (scope, label, _), who in put.items():
            self._patterns.setdefault((scope, label, is_thread), Counter())[seen, who] += 1
        return seen
