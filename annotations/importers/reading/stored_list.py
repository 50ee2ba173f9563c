"""A list of a JSON document that is too long for the memory: its entries lie in a temporary file, and are decoded when asked for."""

from __future__ import annotations

import weakref
from array import array
from collections.abc import Sequence
from tempfile import TemporaryFile
from typing import TYPE_CHECKING, cast, overload

import msgspec

from annotations.importers.reading.json_scanning import scan_value

if TYPE_CHECKING:
    from collections.abc import Iterator

_CHUNK = 1 << 16
"""Bytes that are read at once."""

_BUFFER = 1 << 20


class StoredText:
    """A temporary file for the entries of a document's lists; it is gone when nobody holds it any more."""

    def __init__(self) -> None:
        self._file = TemporaryFile(buffering=_BUFFER)  # noqa: SIM115  # it lives as long as the lists in it
        weakref.finalize(self, self._file.close)
        self._end = 0
        self._is_at_end = True

    def add(self, raw: bytes) -> int:
        """Add some bytes, and return where they begin."""
        start = self._end
        if not self._is_at_end:
            self._file.seek(start)
            self._is_at_end = True
        self._file.write(raw)
        self._end += len(raw)
        return start

    def read(self, start: int, length: int) -> bytes:
        """Return some bytes."""
        self._is_at_end = False
        self._file.seek(start)
        return bytes(self._file.read(length))


class StoredList(Sequence[object]):
    """A list whose entries are on the disk, but for those that hold such lists themselves.

    It is no `list`, so that nobody takes it for one that is in memory; where one is wanted, `list(…)` makes it.

    Args:
        text: Where the entries are.
    """

    def __init__(self, text: StoredText) -> None:
        self._text = text
        self._starts = array("q")
        self._lengths = array("q")
        self._held: dict[int, object] = {}

    def append_raw(self, raw: bytes) -> None:
        """Add an entry as it is written in the document."""
        self._starts.append(self._text.add(raw))
        self._lengths.append(len(raw))

    def append(self, value: object) -> None:
        """Add an entry that stays in memory."""
        self._held[len(self._starts)] = value
        self._starts.append(0)
        self._lengths.append(-1)

    def __len__(self) -> int:
        return len(self._starts)

    @overload
    def __getitem__(self, place: int) -> object: ...
    @overload
    def __getitem__(self, place: slice) -> list[object]: ...
    def __getitem__(self, place: int | slice) -> object:
        """Return an entry, or some of them."""
        if isinstance(place, slice):
            return [self[at] for at in range(len(self))[place]]
        at = range(len(self))[place]
        return self._held[at] if at in self._held else _decoded(self._text.read(self._starts[at], self._lengths[at]))

    def __iter__(self) -> Iterator[object]:
        """Yield the entries; a few of them are in memory at a time."""
        at, count = 0, len(self)
        while at < count:
            if at in self._held:
                yield self._held[at]
                at += 1
                continue
            stop = self._run_from(at)
            begin = self._starts[at]
            raw = memoryview(self._text.read(begin, self._starts[stop - 1] + self._lengths[stop - 1] - begin))
            for place in range(at, stop):
                start = self._starts[place] - begin
                yield _decoded(raw[start : start + self._lengths[place]])
            at = stop

    def _run_from(self, at: int) -> int:
        """Return behind which entry those end that are read together."""
        begin, stop = self._starts[at], at + 1
        while stop < len(self) and self._lengths[stop] >= 0:
            if self._starts[stop] + self._lengths[stop] - begin > _CHUNK:
                break
            stop += 1
        return stop


def is_list(value: object) -> bool:
    """Tell whether a value is a list, in memory or on the disk."""
    return isinstance(value, list | StoredList)


def as_list(value: object) -> Sequence[object]:
    """Return a list, in memory or on the disk; an empty one for what is none."""
    return cast("Sequence[object]", value) if isinstance(value, list | StoredList) else []


def _decoded(raw: bytes | memoryview) -> object:
    try:
        return msgspec.json.decode(raw)
    except (ValueError, RecursionError):  # NaN, raw controls, half a surrogate pair, a thousand levels
        return scan_value(bytes(raw).decode())[0]
