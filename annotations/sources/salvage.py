"""What can still be read of a zip archive whose list of contents is gone, as when a download was cut off.

Each file in an archive stands behind a head of its own, so that the files are found one after the other. One that is not
whole is reported and left out.

Source: APPNOTE.TXT of PKWARE, 4.3.7 (local file header) and 4.3.9 (data descriptor); RFC 1951 says itself where it ends.
"""

from __future__ import annotations

import struct
import zlib
from io import BufferedReader, RawIOBase
from typing import TYPE_CHECKING, NamedTuple

from annotations.errors import SourceError
from annotations.sources.compression import FREE, Measure
from annotations.sources.members import LEFT_OUT, Member, safe_name, window

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import BinaryIO

    from _typeshed import WriteableBuffer

    from annotations.sources.problems import Problems

_HEAD = struct.Struct("<4sHHHHHLLLHH")
_SIGN = b"PK\x03\x04"
_STORED, _DEFLATED = 0, 8
_ENCRYPTED, _SIZE_BEHIND, _IN_UTF8 = 0x1, 0x8, 0x800
_BLOCK = 1 << 16
_OFTEN = 4
"""How many times its size an archive is read for files that turn out to be damaged."""


def salvage_zip(opener: Callable[[], BinaryIO], problems: Problems) -> Iterator[Member]:
    """Yield the files of a zip archive that are whole, sorted by their paths; its list of contents is not needed.

    Raises:
        SourceError: If one of them is a bomb, or if there are too many.
    """
    salvage = _Salvage(opener, problems)
    yield from sorted(salvage.members(), key=lambda member: member.relative)


def _next_head(stream: BinaryIO, at: int) -> int:
    """Return where the next head of a file stands, -1 if there is none."""
    stream.seek(at)
    before = b""
    while block := stream.read(_BLOCK):
        place = (before + block).find(_SIGN)
        if place >= 0:
            return at - len(before) + place
        at += len(block)
        before = (before + block)[-len(_SIGN) + 1 :]
    return -1


class _Salvage:
    """Looks for whole files in an archive.

    Args:
        opener: Opens the archive.
        problems: Is told of what is left out.
    """

    def __init__(self, opener: Callable[[], BinaryIO], problems: Problems) -> None:
        self._opener = opener
        self._problems = problems
        self._taken: set[str] = set()
        self._budget = 0

    def members(self) -> Iterator[Member]:
        """Yield the files that are whole, in the order of the archive."""
        with self._opener() as stream:
            self._budget = FREE + _OFTEN * stream.seek(0, 2)
            at = _next_head(stream, 0)
            while at >= 0:
                member, at = self._read_head(stream, at)
                if member is not None:
                    yield member
                if self._budget < 0:  # heads within heads: nobody wrote that
                    self._problems.add("is damaged in very many places", "the archive", "what stands before was read")
                    return
                at = _next_head(stream, at)

    def _read_head(self, stream: BinaryIO, at: int) -> tuple[Member | None, int]:
        """Return the file whose head stands somewhere, None if it is left out; and where to look for the next one."""
        opener, taken, problems = self._opener, self._taken, self._problems
        stream.seek(at)
        head = stream.read(_HEAD.size)
        if len(head) < _HEAD.size:
            return None, at + len(_SIGN)
        _, _, flags, method, _, _, checksum, packed, size, name_length, more_length = _HEAD.unpack(head)
        raw_name = stream.read(name_length)
        name = raw_name.decode("utf-8" if flags & _IN_UTF8 else "cp437", "replace")
        start = at + _HEAD.size + name_length + more_length
        if not name or name.endswith("/"):
            return None, start
        relative = safe_name(name, taken, problems)
        if not relative:
            return None, start
        is_known = method == _DEFLATED or (method == _STORED and not flags & _SIZE_BEHIND)
        if flags & _ENCRYPTED or not is_known:
            problems.add("cannot be read without the archive’s list of contents", relative, LEFT_OUT)
            return None, start
        opened = (
            window(opener, start, size)
            if method == _STORED
            else _inflater(opener, start, f"{problems.name}/{relative}")
        )
        measured = _measure(opened)
        is_sound = measured.is_whole and (
            flags & _SIZE_BEHIND or (measured.size, measured.checksum) == (size, checksum)
        )
        if not is_sound:
            self._budget -= measured.size
            problems.add("is damaged or cut off", relative, LEFT_OUT)
            return None, start
        return Member(relative, opened, measured.size), start + (packed if method == _STORED else measured.taken)


class _Measured(NamedTuple):
    """What a file has.

    Args:
        size: Its bytes, as far as they can be read.
        checksum: Theirs.
        taken: The bytes that it takes in the archive.
        is_whole: Whether it could be read to its end.
    """

    size: int
    checksum: int
    taken: int
    is_whole: bool


def _measure(opened: Callable[[], BinaryIO]) -> _Measured:
    """Read a file, and return what it has."""
    size = checksum = 0
    is_whole = True
    with opened() as stream:
        try:
            while block := stream.read(_BLOCK):
                size += len(block)
                checksum = zlib.crc32(block, checksum)
        except _DamagedError:
            is_whole = False
        raw = stream.raw if isinstance(stream, BufferedReader) else None
        return _Measured(size, checksum, raw.taken if isinstance(raw, _Inflated) else size, is_whole)


class _DamagedError(SourceError):
    """A file is not whole."""


def _inflater(opener: Callable[[], BinaryIO], start: int, shown: str) -> Callable[[], BinaryIO]:
    def open_file() -> BinaryIO:
        stream = opener()
        stream.seek(start)
        return BufferedReader(_Inflated(stream, shown), _BLOCK)

    return open_file


class _Inflated(RawIOBase):
    """A deflated part of a file, which ends where it says itself."""

    def __init__(self, stream: BinaryIO, shown: str) -> None:
        self.taken = 0
        """Bytes that it takes in the archive, as far as it was read."""
        self._stream = stream
        self._shown = shown
        self._unpack = zlib.decompressobj(-zlib.MAX_WBITS)
        self._measure = Measure(shown)
        self._rest = b""

    def readable(self) -> bool:
        return True

    def close(self) -> None:
        if not self.closed:
            self._stream.close()
        super().close()

    def readinto(self, buffer: WriteableBuffer) -> int:
        with memoryview(buffer).cast("B") as view:
            block = b""
            while not block and not self._unpack.eof:
                given = self._rest or self._stream.read(_BLOCK)
                if not given:
                    raise _DamagedError(f"{self._shown} is cut off", "Get the archive once more.")
                try:
                    block = self._unpack.decompress(given, len(view))
                except zlib.error as error:
                    raise _DamagedError(f"{self._shown} is damaged: {error}", "Get the archive once more.") from error
                self._rest = self._unpack.unconsumed_tail
                self.taken += len(given) - len(self._rest) - len(self._unpack.unused_data)
                self._measure.taken = self.taken
            self._measure.add(len(block))
            view[: len(block)] = block
        return len(block)
