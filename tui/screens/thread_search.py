"""A search of a whole thread beside the app: in a thread of execution of its own, with its own connection.

The app's loop only takes what comes out: sorted positions, and the paths to them made ready for the outline.
"""

from __future__ import annotations

import threading
import time
from array import array
from bisect import bisect_left, bisect_right
from itertools import compress
from typing import TYPE_CHECKING

from msgspec import Struct

from annotations.errors import PostilError
from annotations.store.finding import Known, find_posts
from annotations.store.project import Project

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from annotations.post_filter import PostFilter, State
    from annotations.store.finding import Progress
    from tui.text.outline import Outline
    from tui.text.paths import Paths

WAIT = 0.01
"""Seconds before a search begins: a key that follows at once replaces it."""
FIRST_REPORT, REPORT = 0.05, 0.25
"""Seconds after which what was found so far is shown for the first time, and for the second, then twice as long …"""
PAUSE = 0.03
"""Seconds in which what was found is drawn without this for a rival."""
LEAST_SHOWN = 100
"""Matches that are shown without waiting for more."""

_BLOCK = 1 << 16


class Matches(Struct, frozen=True):
    """What a search has found.

    Args:
        positions: The comments that match, in order, as unsigned integers.
        paths: What leads to them.
        is_in_article: Whether the article matches.
        searched: How many posts have been looked at.
        is_complete: Whether these are all.
    """

    positions: array[int]
    paths: Paths
    is_in_article: bool
    searched: int
    is_complete: bool

    def __len__(self) -> int:
        return len(self.positions)

    def rank(self, position: int) -> int:
        """Return how many matches stand before a position."""
        return bisect_left(self.positions, position)

    def next_from(self, position: int, *, is_inclusive: bool = False) -> int | None:
        """Return the first match after a position, or at it."""
        at = (bisect_left if is_inclusive else bisect_right)(self.positions, position)
        return self.positions[at] if at < len(self.positions) else None

    def last_before(self, position: int) -> int | None:
        """Return the last match before a position."""
        at = bisect_left(self.positions, position)
        return self.positions[at - 1] if at else None


class ThreadSearch:
    """One search of a thread, to be run once by `run`, in any thread of execution.

    Args:
        path: The project.
        thread_id: The thread.
        annotator_id: Whose labels and reviews count.
        wanted: Which posts are looked for.
        outline: The pane's; only asked what cannot change, and for paths.
        states: For some states a byte for each position, see `annotations.store.finding.Known`.
        start: The position from which to search.
        report: Called with what was found so far; from that thread of execution.
        fail: Called with what went wrong instead.
    """

    def __init__(  # noqa: PLR0913  # the thread, the reader, the question, the answer
        self,
        *,
        path: Path,
        thread_id: int,
        annotator_id: int,
        wanted: PostFilter,
        outline: Outline,
        states: dict[State, bytes],
        start: int,
        report: Callable[[ThreadSearch, Matches], object],
        fail: Callable[[ThreadSearch, PostilError], object],
    ) -> None:
        self.wanted = wanted
        self._cancelled = threading.Event()
        self._path = path
        self._thread = (thread_id, annotator_id)
        self._outline = outline
        self._known = Known(outline.depths, states)
        self._start = start
        self._report = report
        self._fail = fail

    @property
    def is_cancelled(self) -> bool:
        """Whether nobody waits for it any more."""
        return self._cancelled.is_set()

    def cancel(self) -> None:
        """Stop at the next step, and report nothing more."""
        self._cancelled.set()

    def run(self) -> None:
        """Search, and report."""
        if self._cancelled.wait(WAIT):
            return
        try:
            with Project.open(self._path, read_only=True) as project:
                self._search(project)
        except PostilError as error:
            if not self.is_cancelled:
                self._fail(self, error)

    def _search(self, project: Project) -> None:
        due = time.monotonic() + FIRST_REPORT
        gap, shown = REPORT, 0
        for progress in find_posts(project, *self._thread, self.wanted, self._known, start=self._start):
            if self.is_cancelled:
                return
            is_due = progress.is_complete or time.monotonic() >= due
            if not is_due and (shown or progress.column.count(1, 1) < LEAST_SHOWN):
                continue
            if progress.is_complete or progress.column.count(1, 1) > shown:
                matches = self._matches(progress)
                if not self.is_cancelled:
                    self._report(self, matches)
                    self._cancelled.wait(PAUSE)
                if shown:
                    gap *= 2
                shown = len(matches)
            due = time.monotonic() + gap

    def _matches(self, progress: Progress) -> Matches:
        column = progress.column
        found = array("I")
        for low in range(1, len(column), _BLOCK):  # between two blocks the app's loop may take its turn
            high = min(low + _BLOCK, len(column))
            if column.find(1, low, high) >= 0:
                found.extend(compress(range(low, high), column[low:high]))
        return Matches(
            positions=found,
            paths=self._outline.paths_to(column),
            is_in_article=column[0] > 0,
            searched=progress.searched,
            is_complete=progress.is_complete,
        )
