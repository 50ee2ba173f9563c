"""Parts of a document that stand behind others in it: they wait until it is their turn, on the disk if they are long.

So a document is as long as it may be, and what is in memory of it is not. All parts share one temporary file, which is made
when the first of them becomes long, and whose name is gone at once, where the system can do that.
"""

from __future__ import annotations

import marshal
import pickle
import tempfile
from array import array
from bisect import bisect_left, bisect_right
from functools import lru_cache
from io import BytesIO
from typing import TYPE_CHECKING, Any, Self

from annotations.exporters.documents.rendition_files import sound_json

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path
    from types import TracebackType
    from typing import BinaryIO

    from annotations.exporters.writing.report import Tally
    from annotations.work import Work

_IN_MEMORY = 1 << 15
"""Bytes of a part that are in memory at most."""
_KEPT = 4
"""Pieces of records that stay in memory when they are looked up."""


class Deferred:
    """The file in which parts wait; a context manager, which gives the space back.

    Args:
        folder: Where the file is to be; None for where the system keeps such files.
        work: What may stop it, whenever a part is written or read.
    """

    def __init__(self, folder: Path | None = None, work: Work | None = None) -> None:
        self._folder = folder
        self._work = work
        self._stream: BinaryIO | None = None
        self._size = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._stream is not None:
            self._stream.close()

    def forget(self) -> None:
        """Forget all parts: the next ones take their place."""
        if self._stream is not None:
            self._stream.seek(0)
            self._stream.truncate()
            self._size = 0

    def store(self, piece: bytes) -> tuple[int, int]:
        """Put a piece away, and return where it is and how long."""
        if self._stream is None:
            self._stream = tempfile.TemporaryFile(dir=self._folder, buffering=0)  # noqa: SIM115  # closed with this one
        if self._work is not None:
            self._work.check()
        place, view = self._size, memoryview(piece)
        self._stream.seek(place)
        while view:  # a raw file may take less than it is given
            view = view[self._stream.write(view) :]
        self._size += len(piece)
        return place, len(piece)

    def load(self, place: int, size: int) -> bytes:
        """Return a piece."""
        if self._work is not None:
            self._work.check()
        assert self._stream is not None  # noqa: S101  # it was stored
        self._stream.seek(place)
        pieces = []
        while size:
            piece = self._stream.read(size)
            pieces.append(piece)
            size -= len(piece)
        return b"".join(pieces)


class Part:
    """A part of a document: bytes that are added as they come, and read when it is their turn.

    Args:
        deferred: Where it waits.
    """

    def __init__(self, deferred: Deferred) -> None:
        self._deferred = deferred
        self._pieces: list[bytes] = []
        self._size = 0
        self._places: list[tuple[int, int]] = []

    def add(self, piece: bytes) -> None:
        """Add a piece."""
        self._pieces.append(piece)
        self._size += len(piece)
        if self._size > _IN_MEMORY:
            self._places.append(self._deferred.store(b"".join(self._pieces)))
            self._pieces.clear()
            self._size = 0

    def __bool__(self) -> bool:
        """Tell whether anything was added."""
        return bool(self._places or self._pieces)

    def __iter__(self) -> Iterator[bytes]:
        """Yield what was added, whole pieces, some at a time; it may be read again, and nothing is to be added meanwhile."""
        for place, size in self._places:
            yield self._deferred.load(place, size)
        if self._pieces:
            yield b"".join(self._pieces)


class JsonList(Part):
    """A part that is the members of a JSON list, with commas between them.

    Args:
        deferred: Where it waits.
        tally: Where it is counted what no reader of JSON takes.
    """

    def __init__(self, deferred: Deferred, tally: Tally) -> None:
        super().__init__(deferred)
        self._tally = tally
        self._comma = b""

    def append(self, value: object) -> None:
        """Add a member."""
        self.add(self._comma + sound_json(value, self._tally))
        self._comma = b","


def joined(*lists: JsonList) -> Iterator[bytes]:
    """Yield lists as one."""
    comma = b""
    for each in lists:
        if each:
            yield comma
            yield from each
            comma = b","


class Objects:
    """Objects that wait in a part, to be had again one after another.

    Args:
        deferred: Where they wait.
    """

    def __init__(self, deferred: Deferred) -> None:
        self._part = Part(deferred)

    def append(self, value: object) -> None:
        """Add an object: a record of the domain, or of exporters."""
        self._part.add(pickle.dumps(value, pickle.HIGHEST_PROTOCOL))

    def __iter__(self) -> Iterator[Any]:
        """Yield them in the order in which they came."""
        for piece in self._part:
            stream = BytesIO(piece)
            while stream.tell() < len(piece):
                yield pickle.load(stream)  # noqa: S301  # what was written just now, into a file without a name


class Lookup:
    """Small records that wait to be looked up, by numbers.

    Args:
        deferred: Where they wait.
        numbers: The numbers that there may be, in order.
    """

    def __init__(self, deferred: Deferred, numbers: Sequence[int]) -> None:
        self._deferred = deferred
        self._numbers = numbers
        self._at = array("Q", bytes(8 * len(numbers)))
        """Where behind the beginning a record is, and 1; 0 for none."""
        self._waiting = bytearray()
        self._starts: list[int] = []
        self._places: list[tuple[int, int]] = []
        self._before = 0
        self._load = lru_cache(_KEPT)(self._loaded)

    def put(self, number: int, record: tuple[Any, ...]) -> None:
        """Keep a record of strings, numbers and None."""
        self._at[bisect_left(self._numbers, number)] = self._before + len(self._waiting) + 1
        self._waiting += marshal.dumps(record)
        if len(self._waiting) > _IN_MEMORY:
            self._starts.append(self._before)
            self._places.append(self._deferred.store(bytes(self._waiting)))
            self._before += len(self._waiting)
            self._waiting.clear()

    def __getitem__(self, number: int) -> tuple[Any, ...]:
        """Return the record of a number, which has one."""
        at = self._at[bisect_left(self._numbers, number)] - 1
        if at >= self._before:
            found: tuple[Any, ...] = marshal.loads(memoryview(self._waiting)[at - self._before :])  # noqa: S302  # written just now
            return found
        piece = bisect_right(self._starts, at) - 1
        said: tuple[Any, ...] = marshal.loads(memoryview(self._load(piece))[at - self._starts[piece] :])  # noqa: S302  # the same
        return said

    def _loaded(self, piece: int) -> bytes:
        return self._deferred.load(*self._places[piece])
