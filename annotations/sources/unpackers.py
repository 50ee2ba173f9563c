"""What unpacks compressed data piece by piece, the same for gzip, bzip2, xz and zstd; each is loaded when it is met."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING, Any, Protocol, cast

from annotations.errors import SourceError

if TYPE_CHECKING:
    from collections.abc import Callable

_BITE = 1 << 10
"""Bytes of zstd that are unpacked at once: four may stand for 128 KiB."""

_XZ_MEMORY = 1 << 28
"""Bytes that xz may take for itself; `xz -9` needs a quarter of that."""

_WINDOW = 31
"""The largest window of zstd, as a power of two: the dumps of Reddit are compressed with it."""


class Unpacker(Protocol):
    """What unpacks one piece of compressed data, as the decompressors of bz2 and lzma do."""

    @property
    def eof(self) -> bool:
        """Whether the piece has ended."""

    @property
    def needs_input(self) -> bool:
        """Whether nothing comes out before more goes in."""

    @property
    def unused_data(self) -> bytes:
        """What stands behind the end of the piece."""

    def decompress(self, data: bytes, max_length: int = -1) -> bytes:
        """Return what comes next."""


class _Gzip:
    """Unpacks one piece of gzip; zlib has another way to say what is left than bz2 and lzma.

    What zlib gives for bytes among which it then finds a mistake, as a checksum at the end, it does not hand out: such bytes are
    given to it again one by one.
    """

    def __init__(self) -> None:
        self._inner = zlib.decompressobj(wbits=31)
        self._rest = b""
        self._failure: zlib.error | None = None

    @property
    def eof(self) -> bool:
        return self._inner.eof

    @property
    def needs_input(self) -> bool:
        return not (self._inner.eof or self._rest or self._failure)

    @property
    def unused_data(self) -> bytes:
        return self._inner.unused_data

    def decompress(self, data: bytes, max_length: int = -1) -> bytes:
        if self._failure is not None:
            raise self._failure
        given, before = self._rest + data, self._inner.copy()
        try:
            block = self._inner.decompress(given, max(0, max_length))
        except zlib.error as error:
            self._failure = error
            return _before_failure(before, given)
        self._rest = self._inner.unconsumed_tail
        return block


def _before_failure(unpack: Any, given: bytes) -> bytes:  # noqa: ANN401  # zlib does not name its type
    blocks: list[bytes] = []
    try:
        for at in range(len(given)):
            blocks.append(unpack.decompress(given[at : at + 1]))  # noqa: PERF401  # it ends with an error
    except zlib.error:
        pass
    return b"".join(blocks)


class _Zstandard:
    """Unpacks one frame of zstd with the package zstandard, which says how much comes out only by giving it all."""

    def __init__(self, inner: Any) -> None:  # noqa: ANN401  # of a package that may not be there
        self._inner = inner
        self._rest = b""
        self._ready = b""

    @property
    def eof(self) -> bool:
        return bool(self._inner.eof) and not self._ready

    @property
    def needs_input(self) -> bool:
        return not (self._rest or self._ready or self._inner.eof)

    @property
    def unused_data(self) -> bytes:
        return bytes(self._inner.unused_data) + self._rest

    def decompress(self, data: bytes, max_length: int = -1) -> bytes:
        self._rest += data
        if not self._ready and not self._inner.eof:
            bite, self._rest = self._rest[:_BITE], self._rest[_BITE:]
            self._ready = self._inner.decompress(bite)
        block, self._ready = self._ready[:max_length], self._ready[max_length:]
        return block


def unpacker_maker(kind: str, shown: str) -> Callable[[], Unpacker]:
    """Return what makes an unpacker; each module is loaded when its kind is met."""
    if kind == "gzip":
        return cast("Callable[[], Unpacker]", _Gzip)
    if kind == "bzip2":
        from bz2 import BZ2Decompressor  # noqa: PLC0415  # loaded on use

        return BZ2Decompressor
    if kind == "xz":
        from lzma import FORMAT_XZ, LZMADecompressor  # noqa: PLC0415  # loaded on use

        return lambda: LZMADecompressor(FORMAT_XZ, memlimit=_XZ_MEMORY)
    return _zstd_maker(shown)


def _zstd_maker(shown: str) -> Callable[[], Unpacker]:
    """Return what makes an unpacker of zstd: Python's own from 3.14 on, else that of the package zstandard."""
    from importlib import import_module  # noqa: PLC0415  # loaded on use

    try:
        zstd = import_module("compression.zstd")
    except ModuleNotFoundError:
        pass
    else:
        options = {zstd.DecompressionParameter.window_log_max: _WINDOW}
        return lambda: cast("Unpacker", zstd.ZstdDecompressor(options=options))
    try:
        zstandard = import_module("zstandard")
    except ModuleNotFoundError as error:
        raise SourceError(
            f"{shown} is compressed with zstd, which this Python cannot unpack",
            "Install what it takes: pip install 'postil[zstd]'",
        ) from error
    unpack = zstandard.ZstdDecompressor(max_window_size=1 << _WINDOW)
    return lambda: _Zstandard(unpack.decompressobj())
