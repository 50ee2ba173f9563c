"""Long work: how far it is, and how it is stopped before its end.

Whoever does it says where it stands, every few hundred steps and never for each one; whoever watches it from another
thread reads that when there is something to draw. To be cancelled is to be told at the next such step.
"""

from __future__ import annotations

from contextlib import contextmanager
from itertools import chain, islice
from time import monotonic
from typing import TYPE_CHECKING, TypeVar

from annotations.errors import PostilError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

CHUNK = 500
"""Steps between two looks at whether to stop: of the slowest kind of step, a comment to be made, they take 20 ms."""

INSTRUCTIONS = 2000
"""The same in instructions of SQLite's virtual machine: below a millisecond, but where one of them writes an index."""

_Step = TypeVar("_Step")


class WorkCancelledError(PostilError):
    """The work was stopped by whoever had begun it; what it had not finished is as it was before."""

    def __init__(self, message: str = "Cancelled", hint: str = "") -> None:
        super().__init__(message, hint)


class Work:
    """A piece of long work, done in one thread; it may be watched and cancelled from any other.

    Args:
        clock: Says how many seconds have passed since some moment.
    """

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self.stage = ""
        """What is being done, as a phrase: "Indexing"."""
        self.subject = ""
        """What it is done to: the name of a file."""
        self.unit = ""
        """What is counted, in the plural: "comments"; "" where nothing is."""
        self.total: int | None = None
        """How many of them there are; None where that is not known."""
        self.done = 0
        """How many of them are done."""
        self.coming: int | None = None
        """How many comments have been read and wait to be handed out, where somebody knows that."""
        self.is_cancelled = False
        self.is_stopping = False
        """Whether the work has noticed that it is cancelled, and is tidying up."""
        self.is_blocked = False
        """Whether it waits for something outside that may never come, and so would not notice."""
        self._clock = clock
        self._began_at = self._stage_began_at = clock()
        self._whole = (0.0, 1.0)
        self._part = (0.0, 1.0)

    @property
    def seconds(self) -> float:
        """How long the work has gone on."""
        return self._clock() - self._began_at

    @property
    def rate(self) -> float:
        """How many are done in a second, in this stage so far."""
        return self.done / max(1e-3, self._clock() - self._stage_began_at)

    @property
    def fraction(self) -> float:
        """How much of the whole work is done, 0 to 1, as far as its stages foretell."""
        start, stop = self._part
        return start + (stop - start) * min(1.0, self.done / self.total) if self.total else start

    @property
    def seconds_left(self) -> float | None:
        """How long the work will go on if it goes on as before; None where it is too early to tell."""
        fraction, seconds = self.fraction, self.seconds
        return seconds * (1 - fraction) / fraction if seconds >= 1 and fraction >= 0.02 else None  # noqa: PLR2004  # enough

    def begin(
        self, stage: str, total: int | None = None, unit: str = "", *, part: tuple[float, float] = (0.0, 1.0)
    ) -> None:
        """Begin a stage.

        Args:
            stage: What is being done, as a phrase.
            total: How many there are to do; None where that is not known.
            unit: What is counted, in the plural.
            part: From where to where the stage brings what the innermost `within` holds, each 0 to 1.

        Raises:
            WorkCancelledError: If the work was cancelled.
        """
        self.check()
        low, high = self._whole
        self.done, self.total = 0, None  # whoever looks now sees no count, and not that of one stage in another
        self._part = (low + (high - low) * part[0], low + (high - low) * part[1])
        self._stage_began_at = self._clock()
        self.stage, self.unit, self.total = stage, unit, total

    def advance(self, done: int) -> None:
        """Say how many are done.

        Raises:
            WorkCancelledError: If the work was cancelled.
        """
        self.done = done
        self.check()

    def each(self, steps: Iterable[_Step], chunk: int = CHUNK) -> Iterator[_Step]:
        """Yield what there is to do, and advance by chunks; a step costs no more than in a bare loop."""
        return chain.from_iterable(self._chunks(iter(steps), chunk, is_counted=True))

    def heed(self, steps: Iterable[_Step], chunk: int = CHUNK) -> Iterator[_Step]:
        """Yield what there is to do, ready to stop; what is done is counted elsewhere, or not worth it."""
        return chain.from_iterable(self._chunks(iter(steps), chunk, is_counted=False))

    def check(self) -> None:
        """Stop here if the work was cancelled.

        Raises:
            WorkCancelledError: If it was.
        """
        if self.must_stop():
            raise WorkCancelledError

    def must_stop(self) -> bool:
        """Tell whether the work was cancelled, to somebody who stops then."""
        self.is_stopping = self.is_cancelled
        return self.is_stopping

    def cancel(self) -> None:
        """Ask the work to stop: it does so at its next step."""
        self.is_cancelled = True

    @contextmanager
    def within(self, start: float, stop: float) -> Iterator[None]:
        """Let the stages that begin inside the block share the part [start, stop] of what holds now."""
        whole = self._whole
        low, high = whole
        self._whole = (low + (high - low) * start, low + (high - low) * stop)
        try:
            yield
        finally:
            self._whole = whole

    def stretch(self, stop: float) -> None:
        """Let the stage that is under way bring the work up to `stop` of what holds now, instead of where it was to end."""
        low, high = self._whole
        self._part = (self._part[0], low + (high - low) * stop)

    @contextmanager
    def aside(self) -> Iterator[None]:
        """Let the block begin stages that bring the work no further; what was under way goes on behind it."""
        kept = self.stage, self.unit, self.total, self.done, self._part, self._whole, self._stage_began_at
        self._whole = (self.fraction, self.fraction)
        try:
            yield
        finally:
            self.stage, self.unit, self.total, self.done, self._part, self._whole, self._stage_began_at = kept

    @contextmanager
    def blocked(self) -> Iterator[None]:
        """Say that the block waits for something outside: an interruption must get through to it."""
        self.is_blocked = True
        try:
            yield
        finally:
            self.is_blocked = False

    def _chunks(self, steps: Iterator[_Step], chunk: int, *, is_counted: bool) -> Iterator[list[_Step]]:
        done = 0
        while batch := list(islice(steps, chunk)):
            self.check()
            yield batch
            done += len(batch)
            if is_counted:
                self.done = done
        self.check()
