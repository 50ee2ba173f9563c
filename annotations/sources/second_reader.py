"""Lines of a big source read by two processes: this one reads a batch while another one reads those before and behind.

Reading a record takes longer than anything else of an import, and Python does it on one processor. What comes out is in the
order of the lines, what is wrong with records as well, and both are what one process alone would have said.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, TypeVar

import msgspec

from annotations.sources.in_two import do_in_two
from annotations.sources.problems import Problem, Problems

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from typing import TypeAlias

    from annotations.sources.second_process import SecondProcess
    from annotations.sources.source import Source

    Read: TypeAlias = Callable[[Source, Iterable[tuple[int, bytes]], str], object]
    """Reads some numbered lines of a source, for which a word stands in front in reports; a function of a module."""

LINES = 500
"""Lines that are read at once, here or there."""
_BYTES = 1_000_000
"""Bytes from which on fewer lines are: some batches are in memory."""
_MOST = 16
"""Batches that are read here while the other process is slow: to start takes it as long as ten of them."""

WORTH_IT = 8_000_000
"""Bytes of a source from which on it is worth to start a process: that takes as long as reading some thousand records."""

_Found = TypeVar("_Found")

_readers: list[_Reader] = []
"""In the other process, what reads the source that is being read."""


class _Opening(msgspec.Struct, array_like=True):
    """What the other process has to know."""

    module: str
    function: str
    name: str
    head: bytes
    within: str


class _Batch(msgspec.Struct, array_like=True):
    """Lines that it is to read; the opening comes with the first ones of a source, and holds for all of it."""

    opening: _Opening | None
    lines: list[tuple[int, bytes]]


class _Answer(msgspec.Struct, array_like=True):
    """What was found in a batch, encoded, and what there is to say about it."""

    found: bytes
    problems: list[Problem]
    dropped: int
    warnings: list[str]


class ListedProblems(Problems):
    """Problems that are reported later, by whoever waits for them."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.listed: list[Problem] = []

    def add(self, what: str, where: str, done: str) -> None:
        """Keep a problem of a record."""
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
        source.problems = problems = ListedProblems(self._opening.name)
        source.dropped = 0
        found = msgspec.msgpack.encode(self._read(source, lines, self._opening.within))
        return _Answer(found, problems.listed, source.dropped, list(source.warnings))


def is_worth_it(source: Source) -> bool:
    """Tell whether a source is so big that a second process should be begun."""
    return (source.size or WORTH_IT) >= WORTH_IT


def read_in_two(
    source: Source,
    read: Callable[[Source, Iterable[tuple[int, bytes]], str], _Found],
    within: str,
    kind: type[_Found],
    other: SecondProcess,
) -> Iterator[_Found]:
    """Yield what a function finds in each batch of a source's lines, in their order.

    Args:
        source: The source; it is told of problems, as they are met in its lines, and what was dropped.
        read: Finds it; a function of a module, since another process may call it. It keeps nothing from batch to batch.
        within: What stands in front of a line's number in reports.
        kind: What it finds, of a type that MessagePack carries.
        other: The other process, if it was begun.

    Raises:
        SourceError: If the import is strict and a record has a problem.
    """
    opening = _Opening(read.__module__, read.__qualname__, source.name, source.head, within)
    decode = msgspec.msgpack.Decoder(kind).decode
    for _, found in do_in_two(_batches(source.lines()), _Reading(opening, read, other), other, _MOST):
        source.dropped += found.dropped
        source.warn(*found.warnings)
        for problem in found.problems:
            if not source.problems.counts(problem.what, problem.done):
                source.problems.add(problem.what, problem.where, problem.done)
        yield decode(found.found)


def _batches(lines: Iterator[tuple[int, bytes]]) -> Iterator[list[tuple[int, bytes]]]:
    batch: list[tuple[int, bytes]] = []
    size = 0
    for line in lines:
        batch.append(line)
        size += len(line[1])
        if len(batch) >= LINES or size >= _BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


class _Reading:
    """Reads batches here, or has the other process read them, which learns with the first one what it reads."""

    def __init__(self, opening: _Opening, read: Read, other: SecondProcess) -> None:
        self._opening: _Opening | None = opening
        self._here = _Reader(opening, read)
        self._other = other

    def do(self, lines: list[tuple[int, bytes]]) -> _Answer:
        return self._here.read(lines)

    def ask(self, lines: list[tuple[int, bytes]]) -> int:
        opening, self._opening = self._opening, None
        return self._other.ask(read_batch, msgspec.msgpack.encode(_Batch(opening, lines)))

    def read(self, answer: bytes) -> _Answer:
        return msgspec.msgpack.decode(answer, type=_Answer)


def read_batch(asked: bytes) -> bytes:
    """Read lines in the other process."""
    batch = msgspec.msgpack.decode(asked, type=_Batch)
    if batch.opening is not None:
        read = getattr(import_module(batch.opening.module), batch.opening.function)
        _readers[:] = [_Reader(batch.opening, read)]
    return msgspec.msgpack.encode(_readers[0].read(batch.lines))
