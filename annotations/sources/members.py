"""What folders and archives hold: files, each a source of its own. Nothing is unpacked to where an archive says.

What could lead elsewhere or never end is refused, member by member: links, devices, absolute names, names with `..`, what is
encrypted, what unpacks to far more than a text could. Hidden files are passed over.
"""

from __future__ import annotations

import os
import stat
from io import BufferedReader, BytesIO, RawIOBase
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from msgspec import Struct

from annotations.errors import SourceError
from annotations.sources.opening import printable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import BinaryIO

    from _typeshed import WriteableBuffer

    from annotations.sources.problems import Problems
    from annotations.work import Work

MOST_MEMBERS = 200_000
"""Files that a folder may hold."""

MOST_PACKED = 50_000
"""Files that an archive may hold; that many threads take minutes, and a list of them tens of megabytes."""

MOST_FOLDERS = 100
"""Folders within each other in which a file of an archive may stand."""

LEFT_OUT = "it was left out"
_SHOWN = 60
_SYSTEM_FOLDERS = {"__MACOSX"}


class Member(Struct, frozen=True):
    """A file in a folder or an archive.

    Args:
        relative: Its path in there, with slashes.
        open: Opens it.
        size: Its bytes.
        path: Where it is; None in an archive.
    """

    relative: str
    open: Callable[[], BinaryIO]
    size: int
    path: Path | None = None


def folder_members(folder: Path, problems: Problems, work: Work) -> Iterator[Member]:
    """Yield the files in a folder and the folders in it, sorted by their relative paths."""
    top = folder.resolve()
    found: list[tuple[str, Path]] = []
    for place, folders, names in os.walk(top, onerror=lambda error: _report_folder(error, problems)):
        work.check()
        kept = []
        for name in sorted(folders):
            path = Path(place, name)
            if path.is_symlink():
                _refuse(problems, _relative(path, top), "is a link to a folder")
            elif not _is_hidden(name):
                kept.append(name)
        folders[:] = kept
        found += [(_relative(Path(place, name), top), Path(place, name)) for name in names if not _is_hidden(name)]
        if len(found) > MOST_MEMBERS:
            raise SourceError(
                f"{printable(folder)} holds more than {MOST_MEMBERS:,} files", "Import a part of it at a time."
            )
    for relative, path in sorted(found):
        if (size := _safe_size(path, top, relative, problems)) is not None:
            yield Member(printable(relative), _file_opener(path), size, path)


def _report_folder(error: OSError, problems: Problems) -> None:
    problems.add("cannot be looked into", printable(str(error.filename)), LEFT_OUT)


def _file_opener(path: Path) -> Callable[[], BinaryIO]:
    def open_file() -> BinaryIO:
        try:
            return path.open("rb")
        except OSError as error:
            raise SourceError(f"{printable(path)} cannot be read: {error.strerror or error}") from error

    return open_file


def _safe_size(path: Path, top: Path, relative: str, problems: Problems) -> int | None:
    """Return the size of a regular file that is within the folder; None for anything else, which is reported."""
    try:
        if path.is_symlink() and not path.resolve(strict=True).is_relative_to(top):
            _refuse(problems, relative, "is a link that leads out of the folder")
            return None
        status = path.stat()
    except (OSError, RuntimeError):  # a link that leads nowhere, or in a circle
        _refuse(problems, relative, "cannot be read")
        return None
    if not stat.S_ISREG(status.st_mode):
        _refuse(problems, relative, "is a pipe or a device")
        return None
    return status.st_size


def _relative(path: Path, top: Path) -> str:
    return path.relative_to(top).as_posix()


def _refuse(problems: Problems, relative: str, what: str) -> None:
    problems.add(what, printable(relative), LEFT_OUT)


def _is_hidden(name: str) -> bool:
    return name.startswith(".") or name in _SYSTEM_FOLDERS


def safe_name(name: str, taken: set[str], problems: Problems) -> str:
    """Return a member's path in an archive, "" if it is hidden or refused, which is reported.

    Args:
        name: What the archive calls it.
        taken: The paths that there are; it is added.
        problems: Is told why it is refused.
    """
    path = PurePosixPath(name)
    shown = printable(name.encode("utf-8", "surrogateescape").decode("utf-8", "replace"))
    if path.is_absolute() or ".." in path.parts or "\\" in name or "\x00" in name or name[1:2] == ":":
        problems.add("has a name that leads out of the archive", shown, LEFT_OUT)
        return ""
    if len(path.parts) > MOST_FOLDERS:
        problems.add(f"stands in more than {MOST_FOLDERS} folders within each other", f"{shown[:_SHOWN]}…", LEFT_OUT)
        return ""
    if any(_is_hidden(part) for part in path.parts) or not path.parts:
        return ""
    if str(path) in taken:
        problems.add("stands in the archive twice", shown, "the later one was left out")
        return ""
    if len(taken) >= MOST_PACKED:
        raise too_many(problems.name)
    taken.add(str(path))
    return shown


def too_many(shown: str) -> SourceError:
    """Make the error for an archive of endless files."""
    return SourceError(
        f"{shown} holds more than {MOST_PACKED:,} files", "Unpack it, and import the folder, or a part of it at a time."
    )


def window(opener: Callable[[], BinaryIO], start: int, size: int) -> Callable[[], BinaryIO]:
    """Return what opens a part of a file as if it were a file."""

    def open_window() -> BinaryIO:
        return BufferedReader(_Window(opener(), start, size)) if size else BytesIO()

    return open_window


class _Window(RawIOBase):
    """Reads a part of a file."""

    def __init__(self, stream: BinaryIO, start: int, size: int) -> None:
        self._stream = stream
        self._left = size
        stream.seek(start)

    def readable(self) -> bool:
        return True

    def close(self) -> None:
        if not self.closed:
            self._stream.close()
        super().close()

    def readinto(self, buffer: WriteableBuffer) -> int:
        with memoryview(buffer).cast("B") as view:
            block = self._stream.read(min(len(view), self._left))
            view[: len(block)] = block
        self._left -= len(block)
        return len(block)
