"""Long work on the command line: it says how far it is, and ends cleanly when it is interrupted."""

from __future__ import annotations

import signal
import threading
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, TypeVar

import click

from annotations.work import Work, WorkCancelledError
from tui.commands.progress_line import ProgressLine

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import FrameType
    from typing import Any

_Decorated = TypeVar("_Decorated", bound="Callable[..., Any]")

_SIGNALS = tuple(getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name))
_SHELL = 128
"""By how much the exit code of a program that a signal ended is greater than the signal's number, in shells."""


class LongWork:
    """Work that can be interrupted: the first signal asks it to stop, a second one stops it where it stands.

    Args:
        verb: What is done: "Importing".
        outcome: What is the case if it is interrupted now, a phrase; whoever does the work keeps it up to date.
        is_quiet: Whether to show no progress.
    """

    def __init__(self, verb: str, outcome: str, *, is_quiet: bool = False) -> None:
        self.work = Work()
        self.outcome = outcome
        self._line = ProgressLine(verb, self.work)
        self._is_quiet = is_quiet
        self._signal = 0
        self._has_raised = False

    @contextmanager
    def under_way(self) -> Iterator[None]:
        """Show progress and heed signals while the block runs.

        Raises:
            WorkCancelledError: If a signal ended it; it says what is the case now, and has the signal's exit code.
        """
        with ExitStack() as stack:
            for number in _SIGNALS:
                self._heed(number, stack)
            stack.callback(self._line.stop)
            if not self._is_quiet:
                self._line.start()
            try:
                yield
            except (WorkCancelledError, KeyboardInterrupt) as error:
                self._line.stop()
                cancelled = WorkCancelledError(f"Cancelled: {self.outcome}")
                cancelled.exit_code = _SHELL + (self._signal or signal.SIGINT)
                raise cancelled from error

    def clear(self) -> None:
        """Take the line of progress away, to write something else."""
        self._line.clear()

    def _heed(self, number: int, stack: ExitStack) -> None:
        """Let a signal stop the work; one that whoever started us has switched off stays so."""
        if threading.current_thread() is not threading.main_thread() or signal.getsignal(number) == signal.SIG_IGN:
            return
        stack.callback(signal.signal, number, signal.signal(number, self._interrupt))

    def _interrupt(self, number: int, frame: FrameType | None) -> None:
        del frame
        work = self.work
        self._signal = self._signal or number
        if work.is_stopping or self._has_raised:
            return  # it is tidying up, which does not take long
        has_ignored_one = work.is_cancelled
        work.cancel()
        if has_ignored_one or work.is_blocked:
            self._has_raised = True
            raise KeyboardInterrupt


def with_quiet(command: _Decorated) -> _Decorated:
    """Add `--quiet`."""
    return click.option("-q", "--quiet", "is_quiet", is_flag=True, help="Show no progress, say only what fails.")(
        command
    )
