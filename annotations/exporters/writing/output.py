"""Where a dataset is written: a file that appears whole or not at all, or standard output."""

from __future__ import annotations

import errno
import hashlib
import os
import stat
import sys
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from annotations.errors import ExportError
from annotations.exporters.writing.passing import clear_stale, passing
from annotations.store.project import is_project
from annotations.store.snapshot import is_source

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from annotations.store.project import Project

STANDARD_OUTPUT = Path("-")
"""The path that stands for standard output."""

_BUFFER = 1 << 20
_COMPANIONS = ("", "-wal", "-shm", "-journal")
"""What SQLite appends to the name of a project's file (sqlite.org/tempfiles.html)."""

_REASONS = {
    errno.ENOSPC: ("the disk is full", "Make room, or write to another disk."),
    errno.EDQUOT: ("the disk quota is used up", "Make room, or write to another disk."),
    errno.EACCES: ("permission denied", "Choose a folder where you may write."),
    errno.EPERM: ("permission denied", "Choose a folder where you may write."),
    errno.EROFS: ("the disk can only be read", "Choose a folder where you may write."),
    errno.ENAMETOOLONG: ("the name is too long", "Choose a shorter name."),
}


class Output:
    """What an exporter writes to.

    Args:
        stream: Takes the bytes.
    """

    def __init__(self, stream: BinaryIO) -> None:
        self.rows = 0
        """How many records were written, as far as whoever writes them says so."""
        self.size = 0
        """How many bytes were written."""
        self.beside: dict[Path, bytes] = {}
        """What to write beside the file: all of it takes its place together with the file."""
        self._stream = stream
        self._hash = hashlib.sha256()

    @property
    def sha256(self) -> str:
        """The hash of all that was written so far."""
        return self._hash.hexdigest()

    def write(self, chunk: bytes) -> None:
        """Write all of `chunk`."""
        self._hash.update(chunk)
        self._stream.write(chunk)
        self.size += len(chunk)


def is_file_target(path: Path) -> bool:
    """Tell whether an export to `path` is a file that takes its place when it is complete, not a stream."""
    return path != STANDARD_OUTPUT and (os.path.isfile(path) or not os.path.exists(path))  # noqa: PTH110, PTH113  # they take any name


@contextmanager
def open_output(project: Project, path: Path | None) -> Iterator[Output]:
    """Open the target of an export.

    A file is written beside its target and takes its place, synced to disk, when the block ends without an error:
    nobody ever sees half of it. Devices and pipes are written to directly.

    Args:
        project: The project, whose own files and sources are never overwritten.
        path: The target; None or `-` for standard output.

    Raises:
        ExportError: If the target cannot be written; what stood there stays.
        BrokenPipeError: If nobody reads standard output any more.
    """
    if path is None or path == STANDARD_OUTPUT:
        with project.work.blocked(), _standard_output() as stream:  # whoever reads it may stop to do so
            yield Output(stream)
        return
    try:
        target = _checked_target(project, path)
        if target is None:
            with project.work.blocked(), _special_file(path) as stream:
                yield Output(stream)
        else:
            with _replacement(target) as output:
                yield output
    except OSError as error:
        raise failure(str(path), error) from error


@contextmanager
def open_file(path: Path, others: Collection[Path]) -> Iterator[Output]:
    """Open a file that belongs to no dataset, as `open_output` opens the target of one.

    Args:
        path: The file.
        others: Files that are in use otherwise: none of them is overwritten, nor is any project.

    Raises:
        ExportError: If it cannot be written; what stood there stays.
    """
    try:
        target = Path(os.path.realpath(path))
        if target in {Path(os.path.realpath(other)) for other in others} or is_project(target):
            raise ExportError(f"{path} is a source or a project", "Write to another file.")
        if target.exists() and not target.is_file() and not target.is_dir():
            with _special_file(target) as stream:
                yield Output(stream)
        elif target.is_dir() or not target.parent.is_dir():
            missing = "it is a folder" if target.is_dir() else f"there is no folder {target.parent}"
            raise ExportError(f"{path} cannot be written: {missing}", "Name a file in a folder that there is.")
        else:
            with _replacement(target) as output:
                yield output
    except OSError as error:
        raise failure(str(path), error) from error


@contextmanager
def _standard_output() -> Iterator[BinaryIO]:
    sys.stdout.flush()
    # Python's own buffer would be flushed once more on exit, and complain once more about what failed here.
    raw = getattr(sys.stdout.buffer, "raw", None)
    try:
        if raw is None:
            yield sys.stdout.buffer
            sys.stdout.buffer.flush()
            return
        with open(raw.fileno(), "wb", buffering=_BUFFER, closefd=False) as stream:
            yield stream
    except BrokenPipeError:
        raise
    except OSError as error:
        raise failure("standard output", error) from error


@contextmanager
def _special_file(path: Path) -> Iterator[BinaryIO]:
    with path.open("wb", buffering=_BUFFER) as stream:
        yield stream


@contextmanager
def open_part(target: Path) -> Iterator[Output]:
    """Open a new file of a folder that nobody sees yet; it is synced to disk when the block ends."""
    with target.open("xb", buffering=_BUFFER) as stream:
        yield Output(stream)
        _sync(stream)


@contextmanager
def _replacement(target: Path) -> Iterator[Output]:
    """Open a new file that takes the place of `target` when the block ends, behind what is to lie beside it."""
    clear_stale(target.parent)
    with ExitStack() as parts:
        part = parts.enter_context(_part(target))
        with part.open("wb", buffering=_BUFFER) as stream:
            output = Output(stream)
            yield output
            _sync(stream)
        finished = []
        for path, content in output.beside.items():
            beside = parts.enter_context(_part(path))
            with beside.open("wb") as stream:
                stream.write(content)
                _sync(stream)
            finished.append((beside, path))
        for each, place in [*finished, (part, target)]:
            if place.exists():
                each.chmod(stat.S_IMODE(place.stat().st_mode))
            each.replace(place)
    for folder in {place.parent for place in (target, *output.beside)}:
        sync_folder(folder)


@contextmanager
def _part(target: Path) -> Iterator[Path]:
    """Make a new file beside `target`, and remove it when the block ends, if it is still there then."""
    part = passing(target, "part")
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    os.close(os.open(part, flags, 0o666))
    try:
        yield part
    finally:
        with suppress(OSError):
            part.unlink()


def _sync(stream: BinaryIO) -> None:
    stream.flush()
    os.fsync(stream.fileno())


def sync_folder(folder: Path) -> None:
    """Make a new name survive power loss, where the system can."""
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _checked_target(project: Project, path: Path) -> Path | None:
    """Return the file that `path` leads to, None for a device or pipe.

    Raises:
        ExportError: If nothing may be written there.
    """
    if path.is_dir():
        raise ExportError(f"{path} is a folder", "Name a file in it.")
    if path.exists() and not path.is_file():
        return None
    target = Path(os.path.realpath(path))  # unlike resolve(), it takes links that lead in a circle
    if not target.parent.is_dir():
        raise ExportError(f"{path} cannot be written: there is no folder {target.parent}", "Make the folder first.")
    own = project.path.resolve()
    is_own = target.exists() and project.path.exists() and target.samefile(project.path)
    if is_own or target in {own.with_name(own.name + companion) for companion in _COMPANIONS}:
        raise ExportError(f"{path} is the project itself", "Write the dataset to another file.")
    if is_project(target):
        raise ExportError(f"{path} is a Postil project", "Write the dataset to another file, or remove the project.")
    if target.exists() and is_source(project, {str(target), str(path.absolute())}):
        raise ExportError(
            f"{path} is a source of this project", "Write the dataset to another file: sources are never overwritten."
        )
    if target.exists() and not os.access(target, os.W_OK):
        raise ExportError(f"{path} can only be read", "Choose another file, or change its permissions.")
    return target


def failure(name: str, error: OSError) -> ExportError:
    """Return what the system says against writing something, as an error of the export."""
    reason, hint = _REASONS.get(error.errno or 0, (error.strerror or str(error), "Choose another file."))
    return ExportError(f"{name} cannot be written: {reason}", hint)
