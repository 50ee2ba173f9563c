"""Zip archives as folders of sources. What an archive holds is read where it is, never written to the names it gives."""

from __future__ import annotations

import stat
import struct
import weakref
import zlib
from io import BufferedReader, RawIOBase
from typing import TYPE_CHECKING

from annotations.errors import SourceError
from annotations.sources.compression import FREE, RATIO, Measure, bomb
from annotations.sources.members import LEFT_OUT, MOST_PACKED, Member, safe_name, too_many
from annotations.sources.salvage import salvage_zip

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import IO, BinaryIO
    from zipfile import ZipInfo

    from _typeshed import WriteableBuffer

    from annotations.sources.problems import Problems

_TAR = 257
"""Where a tar archive has its sign (POSIX.1-1988, *ustar*)."""

_DIRECTORY = 1 << 24
"""Bytes that the list of contents of a zip archive may have."""

_ENTRY = b"PK\x01\x02"
"""How an entry of that list begins (APPNOTE 4.3.12)."""

_END = struct.Struct("<4s8xLLH")
"""The record at the end of a zip archive: of it the size and place of the list of contents (APPNOTE 4.3.16)."""

_END64 = struct.Struct("<4s36xQQ")
_TAIL = 22 + (1 << 16)
_ENCRYPTED = 0x1
_FILE_OF_ZIP = b"PK\x03\x04"
_FAILURES = (OSError, ValueError, NotImplementedError, RuntimeError, EOFError, MemoryError, struct.error, zlib.error)
_FOREIGN = ("[Content_Types].xml", "mimetype", "META-INF/MANIFEST.MF", "AndroidManifest.xml")
"""What makes a zip archive a document or a program, which nobody means as a folder."""


def find_archive(head: bytes) -> str:
    """Return which kind of archive begins like this: "zip", "tar", or "" for none."""
    if head.startswith(_FILE_OF_ZIP):
        name = head[30 : 30 + int.from_bytes(head[26:28], "little")].decode("utf-8", "replace")
        return "" if name in _FOREIGN or name.startswith("META-INF/") else "zip"
    sign = head[_TAR : _TAR + 8]
    return "tar" if sign in {b"ustar\x0000", b"ustar  \x00"} else ""


def zip_members(opener: Callable[[], BinaryIO], problems: Problems) -> Iterator[Member]:
    """Yield the files in a zip archive, sorted by their paths; those that are whole where its list of contents is not.

    Raises:
        SourceError: If the archive is broken and nothing in it is whole, or a bomb.
    """
    try:
        archive = _Zip(opener(), problems.name)
    except BrokenListError as error:
        found = list(salvage_zip(opener, problems))
        if not found:
            raise
        problems.add(
            f"has a list of contents that is damaged ({error.__cause__})", "the archive", "what is whole was read"
        )
        yield from found
        return
    taken: set[str] = set()
    for info in archive.infos():
        if not (relative := safe_name(info.filename, taken, problems)):
            continue
        if stat.S_IFMT(info.external_attr >> 16) not in {0, stat.S_IFREG}:
            problems.add("is a link or a device", relative, LEFT_OUT)
        elif info.flag_bits & _ENCRYPTED:
            problems.add("is encrypted", relative, LEFT_OUT)
        else:
            yield Member(relative, archive.opener(info, f"{problems.name}/{relative}"), info.file_size)


class BrokenListError(SourceError):
    """An archive's list of contents cannot be read."""


class _Zip:
    """A zip archive that is open as long as somebody may read a file in it."""

    def __init__(self, stream: BinaryIO, shown: str) -> None:
        from zipfile import ZipFile  # noqa: PLC0415  # loaded on use

        self._shown = shown
        weakref.finalize(self, stream.close)
        self._size = stream.seek(0, 2)
        _check_directory(stream, self._size, shown)
        try:
            self._archive = ZipFile(stream)
        except _zip_failures() as error:
            raise BrokenListError(f"{shown} is a damaged zip archive: {error}", "Get it once more.") from error

    def infos(self) -> list[ZipInfo]:
        """Return what the archive says of its files, sorted by their paths."""
        infos = [info for info in self._archive.infolist() if not info.is_dir()]
        _check_sizes(infos, self._size, self._shown)
        return sorted(infos, key=lambda info: info.filename)

    def opener(self, info: ZipInfo, shown: str) -> Callable[[], BinaryIO]:
        """Return what opens one of its files."""

        def open_member() -> BinaryIO:
            try:
                inner = self._archive.open(info)
            except _zip_failures() as error:
                raise SourceError(f"{shown} is damaged: {error}", "Get the archive once more.") from error
            return BufferedReader(_Unpacked(inner, info.compress_size, shown))

        return open_member


def _zip_failures() -> tuple[type[Exception], ...]:
    """Return what reading a damaged archive raises."""
    from zipfile import BadZipFile  # noqa: PLC0415  # loaded on use

    try:
        from lzma import LZMAError  # noqa: PLC0415  # loaded on use
    except ImportError:  # a Python without it
        return (BadZipFile, *_FAILURES)
    return (BadZipFile, LZMAError, *_FAILURES)


def _check_directory(stream: BinaryIO, size: int, shown: str) -> None:
    """Refuse an archive whose list of contents alone would fill the memory."""
    start = max(0, size - _TAIL)
    stream.seek(start)
    tail = stream.read(_TAIL)
    at = tail.rfind(b"PK\x05\x06")
    length = _END.unpack_from(tail, at)[1] if 0 <= at <= len(tail) - _END.size else 0
    wide = tail.rfind(b"PK\x06\x06")
    if 0 <= wide <= len(tail) - _END64.size:
        length = max(length if length != (1 << 32) - 1 else 0, _END64.unpack_from(tail, wide)[1])
    if min(length, size) > _DIRECTORY:
        raise too_many(shown)
    stream.seek(max(0, size - _TAIL - length))
    if stream.read().count(_ENTRY) > MOST_PACKED:
        raise too_many(shown)
    stream.seek(0)


def _check_sizes(infos: list[ZipInfo], size: int, shown: str) -> None:
    """Refuse an archive whose files share their bytes, or are said to be larger than texts could be."""
    if sum(info.compress_size for info in infos) > size:
        raise SourceError(f"{shown} holds files that lie over each other, as no sound archive does: it is refused")
    whole = sum(info.file_size for info in infos)
    if whole > FREE and whole > RATIO * size:
        raise bomb(shown)


class _Unpacked(RawIOBase):
    """A file of a zip archive; damage is an error that says which file it is."""

    def __init__(self, inner: IO[bytes], size: int, shown: str) -> None:
        self._inner = inner
        self._measure = Measure(shown)
        self._measure.taken = size
        self._shown = shown

    def readable(self) -> bool:
        return True

    def close(self) -> None:
        if not self.closed:
            self._inner.close()
        super().close()

    def readinto(self, buffer: WriteableBuffer) -> int:
        with memoryview(buffer).cast("B") as view:
            try:
                block = self._inner.read(len(view))
            except _zip_failures() as error:
                raise SourceError(f"{self._shown} is damaged: {error}", "Get the archive once more.") from error
            view[: len(block)] = block
        self._measure.add(len(block))
        return len(block)
