"""The end of the terminal: a window that closes, a connection that breaks, with or without the signal that says so.

Textual waits for keys from a terminal that is gone in a loop that never rests, and for its last frames to be taken.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from contextlib import suppress
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from asyncio import AbstractEventLoop
    from collections.abc import Callable, Iterable

    from textual.worker import Worker

LOOK_EVERY = 1.0
"""Seconds between two looks at the terminal."""

GRACE = 5.0
"""Seconds that the app has to end by itself: what was labeled is on disk, what is to be kept of the place takes none."""

LONG_WORK = "long-work"
"""The group of the app's workers that write for long."""

HUNG_UP = 128 + signal.SIGHUP if hasattr(signal, "SIGHUP") else 1
"""The exit code by which shells tell that a program's terminal was closed."""


def is_gone(descriptor: int) -> bool:
    """Tell whether a terminal was closed at its other end. What is no terminal is never gone."""
    try:
        import termios  # noqa: PLC0415  # not everywhere
    except ImportError:
        return False
    try:
        termios.tcgetattr(descriptor)
    except termios.error as error:
        import errno  # noqa: PLC0415  # loaded on use

        return error.args[0] in {errno.EIO, errno.ENXIO, errno.EBADF}
    return False


class HangUpWatch:
    """Ends the app when its terminal is gone; a thread of its own, because the app may hang on the terminal.

    Args:
        loop: The app's event loop.
        leave: Ends the app with an exit code, called in the loop.
        descriptor: The terminal.
    """

    def __init__(self, loop: AbstractEventLoop, leave: Callable[[int], None], descriptor: int | None = None) -> None:
        self._loop = loop
        self._leave = leave
        self._descriptor = sys.__stdin__.fileno() if descriptor is None and sys.__stdin__ else descriptor or 0
        self._has_ended = threading.Event()

    def start(self) -> None:
        """Begin to look."""
        threading.Thread(target=self._watch, name="hang-up-watch", daemon=True).start()

    def stop(self) -> None:
        """Look no longer."""
        self._has_ended.set()

    def hang_up(self) -> None:
        """End the app, and if it does not end in time, the program."""
        self._loop.call_soon_threadsafe(self._leave, HUNG_UP)
        threading.Thread(target=self._insist, name="hang-up", daemon=True).start()

    def _watch(self) -> None:
        while not self._has_ended.wait(LOOK_EVERY):
            if is_gone(self._descriptor):
                self.hang_up()
                return

    def _insist(self) -> None:
        if not self._has_ended.wait(GRACE):
            os._exit(HUNG_UP)


def watch_terminal(leave: Callable[[int], None]) -> HangUpWatch:
    """Begin to watch the terminal for the app whose loop runs in this thread, and take the signal that it is gone."""
    import asyncio  # noqa: PLC0415  # the app has loaded it

    loop = asyncio.get_running_loop()
    watch = HangUpWatch(loop, leave)
    with suppress(NotImplementedError, RuntimeError, ValueError, AttributeError):  # where there is no such signal
        loop.add_signal_handler(signal.SIGHUP, watch.hang_up)
    watch.start()
    return watch


def obstacle_to_suspend(workers: Iterable[Worker[Any]]) -> str:
    """Return why the program cannot be suspended now; "" if it can."""
    if hasattr(os, "getsid") and os.getsid(0) == os.getpid():
        return "There is no shell behind this window that could go on with Postil"
    if any(worker.group == LONG_WORK and worker.is_running for worker in workers):
        return "An import is under way, which would keep others from writing: Esc stops it"
    return ""
