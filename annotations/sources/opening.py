"""Opening files and streams: what could block or never end is refused before it is opened."""

from __future__ import annotations

import os
import stat
import sys
import weakref
from io import BufferedReader, BytesIO, RawIOBase
from typing import TYPE_CHECKING

from msgspec import Struct

from annotations.errors import SourceError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path
    from typing import IO, BinaryIO

    from _typeshed import WriteableBuffer

    from annotations.work import Work

_BLOCK = 1 << 18
"""Bytes that are read before a look at whether to stop."""

_IN_MEMORY = 1 << 24
"""Bytes of standard input that are kept in memory; more go to a temporary file, for a stream can be read only once."""


class Opened(Struct, frozen=True):
    """A file or stream that can be read from its beginning as often as needed.

    Args:
        open: Opens it.
        size: Its bytes; None for a folder.
    """

    open: Callable[[], BinaryIO]
    size: int | None


def open_binary(path: Path | None, stdin: BinaryIO | None, work: Work) -> Opened:
    """Return a way to a file's bytes, or to those of standard input, which are all read now.

    Raises:
        SourceError: If there is no such file, no permission, or it is a device.
    """
    return _stream(stdin, work) if path is None else _file(path)


def read_blocks(stream: BinaryIO, work: Work) -> Iterator[bytes]:
    """Yield the bytes of a stream, block by block; of compressed ones those that were unpacked count as done."""
    done = 0
    while block := stream.read(_BLOCK):
        done += len(block)
        work.advance(getattr(stream, "consumed", done))
        yield block


def printable(path: Path | str) -> str:
    """Return a path as text that can be stored and printed: undecodable bytes and controls become U+FFFD."""
    text = os.fsencode(path).decode("utf-8", "replace")
    return "".join(character if character.isprintable() else "\ufffd" for character in text)


def bare_name(name: str) -> str:
    """Return a file's name without the ending that says how it is compressed."""
    bare, _, ending = name.rpartition(".")
    return bare if bare and ending.lower() in {"gz", "bz2", "xz", "zst"} else name


def _file(path: Path) -> Opened:
    name = printable(path)

    def open_file() -> BinaryIO:
        try:
            return path.open("rb")
        except OSError as error:
            raise _refusal(name, error) from error

    try:
        status = path.stat()
    except (OSError, ValueError) as error:  # a loop of links, a name too long or with NUL in it, a failing disk
        raise _refusal(name, error) from error
    if stat.S_ISDIR(status.st_mode):
        return Opened(open_file, None)
    if not stat.S_ISREG(status.st_mode):
        raise SourceError(
            f"{name} is not a regular file but a pipe or a device",
            "Send what it says to standard input, and import “-”.",
        )
    open_file().close()
    return Opened(open_file, status.st_size)


def _refusal(name: str, error: OSError | ValueError) -> SourceError:
    """Make the error for a file that cannot be read."""
    match error:
        case FileNotFoundError():
            return _refuse_absent(name)
        case NotADirectoryError():
            return SourceError(f"{name} does not exist: a part of the path is a file", "Check the path.")
        case PermissionError():
            return SourceError(f"{name} cannot be read: no permission", "Ask for the right to read it.")
        case IsADirectoryError():
            return SourceError(f"{name} is a directory", "Name the files in it.")
    reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return SourceError(f"{name} cannot be read: {reason}")


def _refuse_absent(name: str) -> SourceError:
    """Make the error for a file that is not there, which may be an address of the web."""
    if name.startswith("file:/"):
        return SourceError(f"{name} is an address and no path", f"Name the file by its path: /{name[6:].lstrip('/')}")
    scheme, sign, rest = name.partition(":/")
    if (sign and scheme in {"http", "https"}) or name.startswith("www."):
        address = f"{scheme}://{rest.lstrip('/')}" if sign else name  # a path has no two slashes behind each other
        return SourceError(
            f"{address} is an address of the web, and Postil reads files",
            "Save the page in your browser, or what the site's API says with a program such as curl, and import the file.",
        )
    return SourceError(f"{name} does not exist", "Check the path; “-” stands for standard input.")


def _stream(stdin: BinaryIO | None, work: Work) -> Opened:
    """Keep what a stream says, so that it can be read more than once."""
    stream = stdin if stdin is not None else getattr(sys.stdin, "buffer", None)
    if stream is None:
        raise SourceError("standard input is closed", "Name a file, or pipe a text in.")
    kept = Kept()
    try:
        work.begin("Reading", None, "bytes")
        with work.blocked():
            for block in read_blocks(stream, work):
                kept.add(block)
    except (OSError, ValueError) as error:  # ValueError: closed
        raise SourceError(f"standard input cannot be read: {error}") from error
    return Opened(kept.open, kept.size)


class Kept:
    """What a stream says: in memory, or if that is much in a temporary file, which goes with it."""

    def __init__(self) -> None:
        self.size = 0
        self._blocks: list[bytes] = []
        self._file: IO[bytes] | None = None

    def add(self, block: bytes) -> None:
        """Keep a block more."""
        self._blocks.append(block)
        self.size += len(block)
        if self._file is None and self.size > _IN_MEMORY:
            from tempfile import TemporaryFile  # noqa: PLC0415  # loaded on use

            self._file = TemporaryFile()  # noqa: SIM115  # lives as long as what it keeps
            weakref.finalize(self, self._file.close)
        if self._file is not None:
            self._file.writelines(self._blocks)
            self._blocks.clear()

    def open(self) -> BinaryIO:
        """Open what is kept, from its beginning."""
        if self._file is None:
            self._blocks = [b"".join(self._blocks)]
            return BytesIO(self._blocks[0])
        return BufferedReader(_Again(self, self._file))


class _Again(RawIOBase):
    """Reads what was kept in a file, with a place of its own."""

    def __init__(self, kept: Kept, file: IO[bytes]) -> None:
        self._kept = kept  # closes the file when nobody has it any more
        self._file = file
        self._at = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = 0) -> int:
        self._at = offset + (0, self._at, self._kept.size)[whence]
        return self._at

    def readinto(self, buffer: WriteableBuffer) -> int:
        with memoryview(buffer).cast("B") as view:
            self._file.seek(self._at)
            block = self._file.read(len(view))
            view[: len(block)] = block
        self._at += len(block)
        return len(block)
