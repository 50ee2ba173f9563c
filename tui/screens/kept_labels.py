"""An annotator's labels in a whole thread: where they are, and how many."""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from itertools import chain
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection


class KeptLabels:
    """For each label the positions that carry it, sorted: what is asked is answered by two searches a label.

    Args:
        places: By the label's id, once for each annotation; they are kept and changed.
    """

    def __init__(self, places: dict[str, list[int]]) -> None:
        self._places = places
        self._labeled = sorted(set(chain.from_iterable(places.values())))

    def at(self, position: int) -> tuple[str, ...]:
        """Return the ids of the labels on the post at a position and in it, once for each annotation."""
        return tuple(
            label
            for label, places in self._places.items()
            for _ in range(bisect_left(places, position), bisect_right(places, position))
        )

    def count(self, label: str) -> int:
        """Return how many annotations have a label."""
        return len(self._places.get(label, ()))

    def counts_in(self, start: int, stop: int) -> list[tuple[int, str]]:
        """Return how many annotations of [start, stop) have each label that there is, the most frequent first."""
        counts = [
            (bisect_left(places, stop) - bisect_left(places, start), label) for label, places in self._places.items()
        ]
        return sorted((found for found in counts if found[0]), key=lambda found: -found[0])

    def keep(self, position: int, labels: Collection[str]) -> None:
        """Take it that a post carries these labels now."""
        before = self.at(position)
        now = list(labels)
        for label in set(before) | set(now):
            places = self._places.setdefault(label, [])
            at = bisect_left(places, position)
            places[at : at + before.count(label)] = [position] * now.count(label)
        if now and not before:
            insort(self._labeled, position)
        elif before and not now:
            del self._labeled[bisect_left(self._labeled, position)]

    def next(self, position: int, step: int) -> int | None:
        """Return the next comment after `position` (before it, if `step` is negative) that has a label."""
        if step > 0:
            at = bisect_right(self._labeled, position)
            return self._labeled[at] if at < len(self._labeled) else None
        at = bisect_left(self._labeled, position) - 1
        return self._labeled[at] if at >= 0 and self._labeled[at] > 0 else None
