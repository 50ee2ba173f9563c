"""Compressed sources: what is in them, as a stream that never grows beyond what a text could have been.

A text becomes ten to twenty times smaller, logs and dumps of one pattern up to a hundred times. What unpacks to more than
`RATIO` times its size is refused once that is more than `FREE` bytes: it was made to fill memory or disk.
"""

from __future__ import annotations

import zlib
from io import BufferedReader, RawIOBase
from typing import TYPE_CHECKING

from annotations.errors import SourceError
from annotations.sources.unpackers import unpacker_maker

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import BinaryIO

    from _typeshed import WriteableBuffer

    from annotations.sources.unpackers import Unpacker
    from annotations.sources.zstd_frames import FrameWindow

RATIO = 200
"""How many times larger than its compressed bytes a source may be."""

FREE = 1 << 26
"""Bytes up to which it may be larger."""

WHOLE = 1 << 30
"""Bytes that a compressed source may have where it must be read as a whole."""

LOOKED_AT = 1 << 20
"""Compressed bytes that are unpacked before anything is read of them: a bomb shows there, however many records it pretends to hold."""

MOST_PIECES = 10_000
"""Pieces behind each other that may be tiny; programs that cut what they compress make larger ones."""

_TINY = 256
"""Compressed bytes of a tiny piece."""

_BLOCK = 1 << 16
_MOST_AT_ONCE = 1 << 18
_MAGIC = {b"\x1f\x8b\x08": "gzip", b"BZh": "bzip2", b"\xfd7zXZ\x00": "xz", b"\x28\xb5\x2f\xfd": "zstd"}
_BZIP2_BLOCKS = (b"1AY&SY", b"\x17\x72\x45\x38\x50\x90")
_ZSTD_SKIPPED = b"\x2a\x4d\x18"
"""Behind its first byte, the sign of a frame of zstd that holds no text (RFC 8878, section 3.1.2)."""


class Damage(Exception):  # noqa: N818  # what stands before is read
    """Compressed data that ends too early or is broken."""


def find_compression(head: bytes) -> str:
    """Return how data is compressed, by its first bytes: "gzip", "bzip2", "xz", "zstd"; "" if it is not."""
    for magic, kind in _MAGIC.items():
        if head.startswith(magic):
            is_one = kind != "bzip2" or head[4:10] in _BZIP2_BLOCKS
            return kind if is_one else ""
    is_skipped = head[1:4] == _ZSTD_SKIPPED and 0x50 <= head[0] <= 0x5F  # noqa: PLR2004  # as the standard numbers them
    return "zstd" if is_skipped else ""


def expand(stream: BinaryIO, kind: str, shown: str, report: Callable[[str], None]) -> ExpandedReader:
    """Return a stream of what compressed data holds.

    Args:
        stream: The compressed bytes; closed with the result.
        kind: How they are compressed.
        shown: What to call the source.
        report: Is told, with a phrase, that the data is damaged: the stream ends there.

    Raises:
        SourceError: If there is nothing installed that can unpack it; while it is read, if it is a bomb or damaged from the start.
    """
    return ExpandedReader(_Expanded(stream, kind, shown, report))


def refuse_bomb(stream: BinaryIO, kind: str, shown: str) -> None:
    """Unpack the beginning of compressed data and throw it away, so that a bomb is refused before it is read as records.

    Args:
        stream: The compressed bytes; closed in the end.
        kind: How they are compressed.
        shown: What to call the source.

    Raises:
        SourceError: If it is a bomb, or damaged from the start.
    """
    with expand(stream, kind, shown, lambda _: None) as unpacked:
        while unpacked.consumed < LOOKED_AT and unpacked.read(_MOST_AT_ONCE):
            pass


class Measure:
    """How much came out of how much; it refuses a bomb.

    Args:
        shown: What to call the source.
    """

    def __init__(self, shown: str) -> None:
        self.taken = 0
        self.given = 0
        self._shown = shown

    def add(self, given: int) -> None:
        """Count bytes that came out.

        Raises:
            SourceError: If they are too many for what went in.
        """
        self.given += given
        if self.given > FREE and self.given > RATIO * self.taken:
            raise bomb(self._shown)


def bomb(shown: str) -> SourceError:
    """Make the error for what unpacks to far more than a text could."""
    return SourceError(
        f"{shown} unpacks to more than {RATIO} times its size, as no text does: it is refused",
        "If you trust it, unpack it first, and import what comes out.",
    )


class ExpandedReader(BufferedReader):
    """What compressed data holds."""

    def __init__(self, raw: _Expanded) -> None:
        super().__init__(raw, _BLOCK)
        self._expanded = raw

    @property
    def consumed(self) -> int:
        """How many of the compressed bytes were read so far."""
        return self._expanded.measure.taken


class _Expanded(RawIOBase):
    """Unpacks piece by piece, one after the other."""

    def __init__(self, stream: BinaryIO, kind: str, shown: str, report: Callable[[str], None]) -> None:
        self.measure = Measure(shown)
        self._has_windows = kind == "zstd"
        self._window: FrameWindow | None = None
        self._stream = stream
        self._shown = shown
        self._make = unpacker_maker(kind, shown)
        self._report = report
        self._unpacker: Unpacker | None = None
        self._waiting = b""
        self._pieces = 0
        self._has_ended = False

    def readable(self) -> bool:
        return True

    def close(self) -> None:
        if not self.closed:
            self._stream.close()
        super().close()

    def readinto(self, buffer: WriteableBuffer) -> int:
        with memoryview(buffer).cast("B") as view:
            block = b"" if self._has_ended else self._next(min(len(view), _MOST_AT_ONCE))
            view[: len(block)] = block
        return len(block)

    def _next(self, most: int) -> bytes:
        """Return the next bytes, none at the end."""
        try:
            while not (block := self._step(most)):
                if self._has_ended:
                    return b""
        except Damage as damage:
            self._has_ended = True
            if not self.measure.given:
                raise SourceError(
                    f"{self._shown} is damaged: the compressed data {damage}", "Get it once more."
                ) from damage
            self._report(str(damage))
            return b""
        self.measure.add(len(block))
        if self._window is not None:
            self._window.add(len(block))
        return block

    def _begin(self) -> Unpacker:
        """Return what unpacks the next piece; at the head of a frame of zstd is looked before anything of it is unpacked."""
        if self._has_windows:
            from annotations.sources.zstd_frames import LONGEST_HEAD, FrameWindow  # noqa: PLC0415  # loaded on use

            if len(self._waiting) < LONGEST_HEAD:
                more = self._stream.read(_BLOCK)
                self.measure.taken += len(more)
                self._waiting += more
            self._window = FrameWindow(self._waiting[:LONGEST_HEAD], self._shown)
        return self._make()

    def _count_piece(self) -> None:
        self._pieces += 1
        if self._pieces > MOST_PIECES and self.measure.taken < self._pieces * _TINY:
            raise SourceError(
                f"{self._shown} is made of more than {MOST_PIECES:,} compressed pieces of hardly any bytes: it is refused",
                "If you trust it, unpack it first, and import what comes out.",
            )

    def _step(self, most: int) -> bytes:
        unpacker = self._unpacker
        if unpacker is not None and unpacker.eof:
            self._waiting = unpacker.unused_data + self._waiting
            self._unpacker = unpacker = None
            self._count_piece()
        if not self._waiting and (unpacker is None or unpacker.needs_input):
            self._waiting = self._stream.read(_BLOCK)
            self.measure.taken += len(self._waiting)
            if not self._waiting:
                if unpacker is not None:
                    raise Damage("ends before it is complete")
                self._has_ended = True
                return b""
        if unpacker is None:
            if self._pieces and not (waiting := self._waiting.lstrip(b"\x00")):
                self._waiting = waiting  # padding, as tar and xz write it
                return b""
            self._unpacker = unpacker = self._begin()
        given, self._waiting = self._waiting, b""
        try:
            return unpacker.decompress(given, most)
        except (zlib.error, OSError, EOFError, ValueError, MemoryError) as error:
            raise Damage(f"cannot be unpacked any further ({error})") from error
        except Exception as error:
            if type(error).__module__.partition(".")[0] not in {
                "lzma",
                "_lzma",
                "zstandard",
                "zstd",
                "compression",
                "_zstd",
            }:
                raise
            raise Damage(f"cannot be unpacked any further ({error})") from error
