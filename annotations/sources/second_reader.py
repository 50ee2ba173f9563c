"""Lines of a big source read by two processes: this one reads a batch while another one reads the next.

Reading a record takes longer than anything else of an import, and Python does it on one processor. What comes out is in the
order of the lines, what is wrong with records as well, and both are what one process alone would have said. The other
process ends when its input does, so also when this one is killed.
"""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import suppress
from functools import lru_cache
from itertools import islice
from typing import IO, TYPE_CHECKING, Self, TypeVar

import msgspec

from annotations.sources.problems import Problem, Problems

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from typing import TypeAlias

    from annotations.sources.source import Source

    Read: TypeAlias = Callable[[Source, Iterable[tuple[int, bytes]], str], object]
    """Reads some numbered lines of a source, for which a word stands in front in reports; a function of a module."""

OWN = 400
OTHERS = 1000
"""Lines that are read at once, here and there: this process has to store what comes of both."""

WORTH_IT = 8_000_000
"""Bytes of a source from which on it is worth to start a process: that takes as long as reading some thousand records."""

_LENGTH = 8
_Found = TypeVar("_Found")


class _Opening(msgspec.Struct, array_like=True):
    """What the other process has to know."""

    module: str
    function: str
    name: str
    head: bytes
    within: str


class _Answer(msgspec.Struct, array_like=True):
    """What was found in a batch, encoded, and what there is to say about it."""

    found: bytes
    problems: list[Problem]
    dropped: int
    warnings: list[str]


class _Listed(Problems):
    """Problems that are reported later, by whoever waits for them."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.listed: list[Problem] = []

    def add(self, what: str, where: str, done: str) -> None:
        self.listed.append(Problem(what, where, done))


class _Reader:
    """Reads batches as the source would, and keeps what it has to say.

    Args:
        opening: What is to be read, and how.
        read: Reads.
    """

    def __init__(self, opening: _Opening, read: Read) -> None:
        from annotations.sources.source import Source  # noqa: PLC0415  # it is made of modules beside this one

        self._opening = opening
        self._read = read
        self._source = Source.of_bytes(opening.head, opening.name)

    def read(self, lines: list[tuple[int, bytes]]) -> _Answer:
        """Return what is found in a batch."""
        source = self._source
        source.problems = problems = _Listed(self._opening.name)
        source.dropped = 0
        found = msgspec.msgpack.encode(self._read(source, lines, self._opening.within))
        return _Answer(found, problems.listed, source.dropped, list(source.warnings))


def read_in_two(
    source: Source, read: Callable[[Source, Iterable[tuple[int, bytes]], str], _Found], within: str, kind: type[_Found]
) -> Iterator[_Found]:
    """Yield what a function finds in each batch of a source's lines, in their order.

    Args:
        source: The source; it is told of problems, as they are met in its lines, and what was dropped.
        read: Finds it; a function of a module, since another process may call it. It keeps nothing from batch to batch.
        within: What stands in front of a line's number in reports.
        kind: What it finds, of a type that MessagePack carries.

    Raises:
        SourceError: If the import is strict and a record has a problem.
    """
    opening = _Opening(read.__module__, read.__qualname__, source.name, source.head, within)
    here = _Reader(opening, read)
    decode = msgspec.msgpack.Decoder(kind).decode
    lines = source.lines()
    with _Other(opening, is_wanted=_is_worth_it(source)) as other:
        own, others = _hand_out(lines, other)
        while own:
            answers = [here.read(own)]
            if others:
                answer = other.answer()
                answers.append(here.read(others) if answer is None else answer)
            own, others = _hand_out(lines, other)  # before what was found is stored: it is never idle
            for answer in answers:
                source.dropped += answer.dropped
                source.warn(*answer.warnings)
                for problem in answer.problems:
                    source.problems.add(problem.what, problem.where, problem.done)
                yield decode(answer.found)


def _hand_out(
    lines: Iterator[tuple[int, bytes]], other: _Other
) -> tuple[list[tuple[int, bytes]], list[tuple[int, bytes]]]:
    """Return a batch that is to be read here, and the one behind it, which the other process has to read."""
    own = list(islice(lines, OWN))
    others = list(islice(lines, OTHERS)) if other.is_there else []
    if others:
        other.ask(others)
    return own, others


def _is_worth_it(source: Source) -> bool:
    return (source.size or WORTH_IT) >= WORTH_IT and _processors() > 1


@lru_cache
def _processors() -> int:
    with suppress(AttributeError, OSError):
        return len(os.sched_getaffinity(0))  # not on every system
    return os.cpu_count() or 1


class _Other:
    """The other process; a context manager that ends it. Where it cannot be had, or dies, this one does its work, too."""

    def __init__(self, opening: _Opening, *, is_wanted: bool) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        if is_wanted and sys.executable:
            program = f"from {__name__} import answer_all; answer_all()"
            with suppress(OSError):
                self._process = subprocess.Popen(  # noqa: S603  # our own program
                    [sys.executable, "-c", program],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.DEVNULL,
                    start_new_session=True,  # Ctrl-C is for the one who reads
                    env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
                )
        self._send(opening)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._end()

    @property
    def is_there(self) -> bool:
        """Whether it can be asked."""
        return self._process is not None

    def ask(self, lines: list[tuple[int, bytes]]) -> None:
        """Have it read a batch; nothing may be asked before it has answered."""
        self._send(lines)

    def answer(self) -> _Answer | None:
        """Return what it found, waiting for it; None if it is no longer there."""
        if self._process is None or self._process.stdout is None:
            return None
        try:
            return msgspec.msgpack.decode(_read_frame(self._process.stdout), type=_Answer)
        except (OSError, EOFError, ValueError):
            self._end()
            return None

    def _send(self, value: object) -> None:
        if self._process is None or self._process.stdin is None:
            return
        try:
            _write_frame(self._process.stdin, msgspec.msgpack.encode(value))
        except OSError:
            self._end()

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                with suppress(OSError):
                    stream.close()
        process.wait()


def answer_all() -> None:
    """Be the other process: read batches from standard input as long as there are some."""
    from importlib import import_module  # noqa: PLC0415  # here only

    stdin, stdout = sys.stdin.buffer, sys.stdout.buffer
    opening = msgspec.msgpack.decode(_read_frame(stdin), type=_Opening)
    reader = _Reader(opening, getattr(import_module(opening.module), opening.function))
    decode = msgspec.msgpack.Decoder(list[tuple[int, bytes]]).decode
    while True:
        try:
            lines = decode(_read_frame(stdin))
        except EOFError:
            return
        _write_frame(stdout, msgspec.msgpack.encode(reader.read(lines)))


def _write_frame(stream: IO[bytes], frame: bytes) -> None:
    stream.write(len(frame).to_bytes(_LENGTH, "big"))
    stream.write(frame)
    stream.flush()


def _read_frame(stream: IO[bytes]) -> bytes:
    """Return the next frame.

    Raises:
        EOFError: If there is none, or only a part of one.
    """
    length = int.from_bytes(_read_all(stream, _LENGTH), "big")
    return _read_all(stream, length)


def _read_all(stream: IO[bytes], size: int) -> bytes:
    read = stream.read(size)
    if len(read) < size:
        raise EOFError
    return read
