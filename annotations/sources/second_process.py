"""A second process that does a part of long work on another processor: Python uses only one.

It is asked to call a function of a module with some bytes, and answers with those that the function returns. Several
questions may be under way: it goes on with the next one while this process is at something else, for two threads here do
the writing and the reading. It ends when its input does, so also when this process is killed; an interruption from the
keyboard is for the one who asks. Where it cannot be had, or dies, its answers are None, and whoever asked does the work.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections import deque
from contextlib import suppress
from functools import lru_cache
from queue import SimpleQueue
from threading import Thread, current_thread
from typing import IO, TYPE_CHECKING, Self, TypeAlias

import msgspec

if TYPE_CHECKING:
    from collections.abc import Callable

    Call: TypeAlias = Callable[[bytes], bytes]
    """A function of a module; what it keeps from call to call must follow from what it was asked."""

_LENGTH = 8
"""Bytes that say how long a frame is."""
_PIPE = 1 << 20
"""Bytes that a pipe is to hold: as many as Linux gives to anybody."""


class _Request(msgspec.Struct, array_like=True):
    """What the other process has to do."""

    module: str
    function: str
    asked: bytes


class SecondProcess:
    """The other process; a context manager that ends it, unless it is to be kept. It is there when `begin` was called."""

    def __init__(self) -> None:
        self.is_kept = False
        """Whether somebody else ends it if nothing goes wrong."""
        self._process: subprocess.Popen[bytes] | None = None
        self._is_over = False
        self._greeted: Callable[[], None] | None = None
        self._asked = 0
        self._due: deque[int] = deque()
        self._answers: dict[int, bytes] = {}
        self._questions: SimpleQueue[bytes | None] = SimpleQueue()
        self._frames: SimpleQueue[bytes | None] = SimpleQueue()
        self._threads: list[Thread] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is not None or not self.is_kept:
            self.end()

    def begin(self) -> None:
        """Start it, if there is more than one processor and it was not begun before."""
        if self._process is not None or self._is_over or not sys.executable or processors() < 2:  # noqa: PLR2004  # two
            return
        with suppress(OSError):
            self._process = subprocess.Popen(  # noqa: S603  # our own program
                [sys.executable, "-c", f"from {__name__} import answer_all; answer_all()"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                bufsize=0,  # a buffer has a lock, on which the program's end would wait for the threads
                start_new_session=True,  # Ctrl-C is for the one who asks
                env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
            )
            for stream, carry, frames in (
                (self._process.stdin, _tell, self._questions),
                (self._process.stdout, _listen, self._frames),
            ):
                _widen(stream)
                self._threads.append(Thread(target=carry, args=(stream, frames), daemon=True))
                self._threads[-1].start()

    def greet(self, call: Call, asked: bytes, then: Callable[[], None]) -> None:
        """Have it call a function before all others; something is done when it has, or when the process ends."""
        self._greeted = then
        self.ask(call, asked)

    @property
    def is_there(self) -> bool:
        """Whether it can be asked."""
        return self._process is not None

    def ask(self, call: Call, asked: bytes) -> int:
        """Have it call a function when it has done all else, and return by what number the answer is to be had."""
        self._asked += 1
        if self._process is not None:
            self._due.append(self._asked)
            self._questions.put(msgspec.msgpack.encode(_Request(call.__module__, call.__qualname__, asked)))
        return self._asked

    def is_ready(self, number: int) -> bool:
        """Tell whether there is nothing to wait for: an answer is here, or will never come."""
        while self._due and self._due[0] <= number and not self._frames.empty():
            self._take()
        return number in self._answers or number not in self._due

    def answer(self, number: int) -> bytes | None:
        """Return what the function returned, waiting for it; None if that was fetched before, or the process has ended."""
        while self._due and self._due[0] <= number:
            self._take()
        return self._answers.pop(number, None)

    def _take(self) -> None:
        """Take the next answer, waiting for it; or end, if there will be none."""
        frame = self._frames.get()
        if frame is None:
            self.end()
            return
        number = self._due.popleft()
        if self._greeted is not None:
            self._follow_greeting()
        else:
            self._answers[number] = frame

    def end(self) -> None:
        """Kill it; it cannot be begun again."""
        self._is_over = True
        self._due.clear()
        self._answers.clear()
        self._follow_greeting()
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        self._questions.put(None)
        for thread in self._threads:
            if thread is not current_thread():  # whoever held this may be gone in any of them
                thread.join()
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                with suppress(OSError):
                    stream.close()
        process.wait()

    def _follow_greeting(self) -> None:
        then, self._greeted = self._greeted, None
        if then is not None:
            then()


@lru_cache
def processors() -> int:
    """Return how many processors this process may use."""
    with suppress(AttributeError, OSError):
        return len(os.sched_getaffinity(0))  # not on every system
    return os.cpu_count() or 1


def answer_all() -> None:
    """Be the other process: do what standard input asks for as long as it does."""
    stdin, stdout = sys.stdin.buffer, sys.stdout.buffer
    decode = msgspec.msgpack.Decoder(_Request).decode
    while True:
        try:
            request = decode(_read_frame(stdin))
        except EOFError:
            return
        _write_frame(stdout, _function(request.module, request.function)(request.asked))


@lru_cache
def _function(module: str, name: str) -> Call:
    from importlib import import_module  # noqa: PLC0415  # here only

    function: Call = getattr(import_module(module), name)
    return function


def _widen(pipe: IO[bytes] | None) -> None:
    """Let a pipe hold more, where the system can: so two processes on a busy machine wait less for each other."""
    with suppress(ImportError, AttributeError, OSError):
        import fcntl  # noqa: PLC0415  # not on every system

        if pipe is not None:
            fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, _PIPE)


def _tell(stream: IO[bytes], frames: SimpleQueue[bytes | None]) -> None:
    """Write frames as they come, until there is none, or nobody reads them."""
    with suppress(OSError):
        while (frame := frames.get()) is not None:
            _write_frame(stream, frame)


def _listen(stream: IO[bytes], frames: SimpleQueue[bytes | None]) -> None:
    """Read frames; None is the last one."""
    with suppress(OSError, EOFError):
        while True:
            frames.put(_read_frame(stream))
    frames.put(None)


def _write_frame(stream: IO[bytes], frame: bytes) -> None:
    left = memoryview(len(frame).to_bytes(_LENGTH, "big") + frame)
    while left:
        left = left[stream.write(left) :]
    stream.flush()


def _read_frame(stream: IO[bytes]) -> bytes:
    """Return the next frame.

    Raises:
        EOFError: If there is none, or only a part of one.
    """
    length = int.from_bytes(_read_all(stream, _LENGTH), "big")
    return _read_all(stream, length)


def _read_all(stream: IO[bytes], size: int) -> bytes:
    blocks: list[bytes] = []
    while size:
        block = stream.read(size)
        if not block:
            raise EOFError
        blocks.append(block)
        size -= len(block)
    return b"".join(blocks)
