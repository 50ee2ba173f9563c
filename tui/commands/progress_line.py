"""One line on a terminal's standard error that says how far long work is, and is gone when it ends."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from threading import Event, Lock, Thread
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import TextIO

    from annotations.work import Work

DELAY = 0.3
"""Seconds before the line appears: what is over sooner needs none."""

INTERVAL = 0.1
"""Seconds between two looks at the work, at least."""

_ECHO = 2
"""Cells that stay free behind the line: the terminal shows there that Ctrl+C was pressed, as ^C. One more stays empty, because some
terminals go to the next line behind their last cell."""

_DEFAULT_WIDTH = 80

_LINES: list[ProgressLine] = []
"""The lines of works within each other: the innermost one is shown."""


class ProgressLine:
    """Draws the line from a thread of its own, however long the work takes for a single step.

    Args:
        verb: What is done: "Importing".
        work: The work.
        stream: The terminal; nothing is drawn on what is none.
    """

    def __init__(self, verb: str, work: Work, stream: TextIO | None = None) -> None:
        self._verb = verb
        self._work = work
        self._stream = sys.stderr if stream is None else stream
        self._lock = Lock()
        self._has_ended = Event()
        self._drawn = ""
        self._thread: Thread | None = None

    def start(self) -> None:
        """Begin to draw in a moment, if there is a terminal to draw on."""
        if self._stream.isatty():
            _LINES.append(self)
            self._thread = Thread(target=self._run, name="progress", daemon=True)
            self._thread.start()

    def clear(self) -> None:
        """Take the line away, so that something can be written; it comes back."""
        with self._lock:
            self._draw("")

    def stop(self) -> None:
        """Take the line away for good."""
        self._has_ended.set()
        if self._thread is not None:
            self._thread.join()
            self._thread = None  # who is interrupted stops it once more on the way out
            _LINES.remove(self)
        self.clear()

    def _run(self) -> None:
        wait = DELAY
        while not self._has_ended.wait(wait):
            wait = INTERVAL
            with self._lock:
                self._draw(self._words() if _LINES[-1] is self else "")

    def _words(self) -> str:
        from tui.text.pace import progress_line  # noqa: PLC0415  # loaded on use: most work is over before

        width = _DEFAULT_WIDTH
        with suppress(OSError, ValueError):
            width = os.get_terminal_size(self._stream.fileno()).columns or width
        words = "Stopping …" if self._work.is_cancelled else progress_line(self._verb, self._work, width - _ECHO - 1)
        encoding = self._stream.encoding or "ascii"
        return words.encode(encoding, "replace").decode(encoding)

    def _draw(self, words: str) -> None:
        if words == self._drawn:
            return
        # Blanks and not an escape sequence: every terminal knows them, also the dumbest.
        rest = " " * max(0, _cells(self._drawn) + _ECHO - _cells(words))
        with suppress(OSError, ValueError):  # nobody looks any more
            # The cursor ends right behind the words, where ^C will be shown.
            back = "\b" * len(rest) if words else "\r"
            self._stream.write(f"\r{words}{rest}{back}")
            self._stream.flush()
        self._drawn = words


def _cells(words: str) -> int:
    from rich.cells import cell_len  # noqa: PLC0415  # loaded on use

    return cell_len(words)
