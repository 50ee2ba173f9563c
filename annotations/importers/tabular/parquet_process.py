"""A process of its own that unpacks a Parquet file, seen from the one that asks for the rows.

Whoever made the file can only harm that process: `annotations.importers.tabular.parquet_unpacking` says how. It is ended when
it takes too much memory, when the work is cancelled, and when nobody wants more rows.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, TYPE_CHECKING

import msgspec

from annotations.errors import SourceError
from annotations.importers.tabular.parquet_unpacking import LENGTH, Unpacked, error_of, unpack
from annotations.sources.compression import RATIO
from annotations.work import WorkCancelledError

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator
    from io import BytesIO

    from annotations.sources.source import Source

MEMORY = 400 << 20
"""Bytes of its own that the process may use."""

DAMAGED = "It is damaged, or was not written to its end: get another copy of it."

_PERIOD = 0.05
"""Seconds between two looks at it."""

_OUT_OF_MEMORY = (b"memory allocation", b"MemoryError", b"out of memory", b"capacity overflow", b"failed to allocate")
_ARGUMENTS = (
    "import sys; from annotations.importers.tabular.parquet_unpacking import main; main(int(sys.argv[1]), sys.argv[2])"
)


def expands(shown: str) -> SourceError:
    """Make the error for a file that unpacks to far more than a text could."""
    return SourceError(
        f"{shown} unpacks to more than {RATIO} times its size, as no text does: it is refused",
        "If you trust it, let the program that it is from write it as CSV, and import that.",
    )


def unpack_apart(source: Source, file: Path | BytesIO) -> Generator[Unpacked]:
    """Yield what a file holds, unpacked by a process of its own; by this one where none can be begun.

    Args:
        source: What the file is from.
        file: The file, or what is in it.

    Raises:
        SourceError: If it cannot be unpacked, or takes too much memory.
        WorkCancelledError: If the work was cancelled.
    """
    path = str(file.resolve()) if isinstance(file, Path) else ""
    with TemporaryFile() as given, TemporaryFile() as complained:
        if not isinstance(file, Path):
            given.write(file.getbuffer())
            given.seek(0)
        try:
            process = _begin(path, given, complained)
        except OSError:  # no processes can be begun here
            yield from _unpack_here(source, str(file) if isinstance(file, Path) else file)
            return
        with _watched(process, source) as too_big:
            yield from _frames(process)
            process.wait()
            source.work.check()
            complained.seek(0)
            complaint = complained.read(1 << 16)
        if process.returncode:
            if too_big.is_set() or any(word in complaint for word in _OUT_OF_MEMORY):
                raise expands(source.shown)
            raise SourceError(f"{source.shown} cannot be read as Parquet: its values cannot be unpacked", DAMAGED)


def _begin(path: str, given: IO[bytes], complained: IO[bytes]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(  # noqa: S603  # our own program
        [sys.executable, "-P", "-c", _ARGUMENTS, str(MEMORY), path],
        stdin=given,
        stdout=subprocess.PIPE,
        stderr=complained,
        start_new_session=True,  # Ctrl-C is for the one who asks
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
    )


def _unpack_here(source: Source, file: str | BytesIO) -> Iterator[Unpacked]:
    """Yield what a file holds; panics, which are no Exceptions, are errors as well."""
    try:
        yield from unpack(file)
    except BaseException as problem:
        if type(problem).__name__ != "PanicException":
            raise
        raise SourceError(f"{source.shown} cannot be read as Parquet: {error_of(problem)}", DAMAGED) from problem


def _frames(process: subprocess.Popen[bytes]) -> Iterator[Unpacked]:
    """Yield the frames that a process writes, as long as they are whole."""
    stream = process.stdout
    decode = msgspec.msgpack.Decoder(Unpacked).decode
    while stream is not None and len(head := stream.read(LENGTH)) == LENGTH:
        length = int.from_bytes(head, "big")
        raw = stream.read(length)
        if len(raw) < length:
            return
        yield decode(raw)


@contextmanager
def _watched(process: subprocess.Popen[bytes], source: Source) -> Iterator[threading.Event]:
    """Watch a process, and end it in the end; yield what says whether it took too much memory.

    Raises:
        WorkCancelledError: If the work was cancelled.
    """
    too_big, is_over = threading.Event(), threading.Event()

    def watch() -> None:
        while not is_over.wait(_PERIOD):
            if memory_of(process.pid) > MEMORY:
                too_big.set()
            if too_big.is_set() or source.work.is_cancelled:
                process.kill()

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield too_big
    finally:
        is_over.set()
        watcher.join()
        process.kill()
        if process.stdout is not None:
            process.stdout.close()
        process.wait()
    if source.work.is_cancelled:
        raise WorkCancelledError


def memory_of(pid: int) -> int:
    """Return how many bytes of memory a process has, 0 where that cannot be known.

    Linux says it in /proc, other systems of the kind by the program ps, and Windows by its own functions.
    """
    with suppress(OSError, ValueError, IndexError):
        pages = int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE")
    if sys.platform == "win32":
        return _memory_in_windows(pid)
    with suppress(OSError, ValueError, subprocess.SubprocessError):
        said = subprocess.run(  # noqa: S603  # a number
            ["ps", "-o", "rss=", "-p", str(pid)],  # noqa: S607  # wherever the system has it
            capture_output=True,
            check=True,
            timeout=1,
        )
        return int(said.stdout) << 10
    return 0


def _memory_in_windows(pid: int) -> int:
    """Return the working set of a process (learn.microsoft.com, GetProcessMemoryInfo)."""
    import ctypes  # noqa: PLC0415  # on that system only

    class Counters(ctypes.Structure):
        _fields_ = (
            ("cb", ctypes.c_ulong),
            ("PageFaultCount", ctypes.c_ulong),
            *(
                (name, ctypes.c_size_t)
                for name in ("PeakWorkingSetSize", "WorkingSetSize", "a", "b", "c", "d", "e", "f")
            ),
        )

    kernel = ctypes.WinDLL("kernel32")  # type: ignore[attr-defined,unused-ignore]  # of that system
    kernel.OpenProcess.restype = ctypes.c_void_p
    handle = kernel.OpenProcess(0x1000, False, pid)  # noqa: FBT003  # PROCESS_QUERY_LIMITED_INFORMATION
    if not handle:
        return 0
    counters = Counters()
    counters.cb = ctypes.sizeof(counters)
    try:
        is_known = kernel.K32GetProcessMemoryInfo(ctypes.c_void_p(handle), ctypes.byref(counters), counters.cb)
        return int(counters.WorkingSetSize) if is_known else 0
    finally:
        kernel.CloseHandle(ctypes.c_void_p(handle))
