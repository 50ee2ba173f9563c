"""A look at a Parquet file by a process of its own, before this one reads it.

A small file can unpack to gigabytes at once, and what arro3 is made of does not refuse a broken file but panics: it writes that
to the terminal, past Python, and a reader's screen is there. Both end with the process that looks: its memory is limited where
the system can do that, and nobody sees what it writes.

Source: docs.python.org/3/library/resource.html; the panics of Rust, doc.rust-lang.org/std/macro.panic.html.
"""

from __future__ import annotations

import json
import subprocess
import sys
from contextlib import suppress
from tempfile import TemporaryFile
from typing import TYPE_CHECKING

from annotations.errors import SourceError
from annotations.sources.compression import FREE, RATIO

if TYPE_CHECKING:
    from pathlib import Path
    from typing import IO

    from annotations.sources.source import Source
    from annotations.work import Work

ROWS_AT_ONCE = 64
"""Rows that are unpacked at once: of a page that says one thing a million times each row may have a megabyte."""

MEMORY = 800 << 20
"""Bytes of its own that the process may use."""

BYTES_A_ROW = 8
"""What a row counts for, however little is in it."""

DAMAGED = "It is damaged, or was not written to its end: get another copy of it."

_PATIENCE = 0.05
_PROGRAM = """
import io, json, sys
memory, at_once, most = map(int, sys.argv[1:4])
try:
    import resource
    resource.setrlimit(resource.RLIMIT_DATA, (memory, memory))
except (ImportError, ValueError, OSError):
    pass
from arro3.io import read_parquet
rows, error = 0, ""
try:
    file = sys.argv[4] if len(sys.argv) > 4 else io.BytesIO(sys.stdin.buffer.read())
    for batch in read_parquet(file, batch_size=at_once):
        rows += batch.num_rows
        if rows > most:
            break
except Exception as problem:
    error = " ".join(str(problem).split())[:200] or type(problem).__name__
print(json.dumps({"rows": rows, "error": error}))
"""
_OUT_OF_MEMORY = (b"memory allocation", b"MemoryError", b"out of memory", b"capacity overflow")


def expands(shown: str) -> SourceError:
    """Make the error for a file that unpacks to far more than a text could."""
    return SourceError(
        f"{shown} unpacks to more than {RATIO} times its size, as no text does: it is refused",
        "If you trust it, let the program that it is from write it as CSV, and import that.",
    )


def check_parquet(source: Source, path: Path | None, raw: bytes, size: int) -> None:
    """Let a process of its own unpack a file, and forget what came out.

    Args:
        source: What the file is from.
        path: Where it is; None if it is no file of its own.
        raw: What is in it, if it is none.
        size: Its bytes.

    Raises:
        SourceError: If it cannot be unpacked, or unpacks to far more than a text could.
    """
    most = max(FREE, RATIO * size) // BYTES_A_ROW
    numbers = [str(number) for number in (MEMORY, ROWS_AT_ONCE, most)]
    command = [sys.executable, "-P", "-c", _PROGRAM, *numbers, *([str(path.resolve())] if path is not None else [])]
    with TemporaryFile() as given, TemporaryFile() as said, TemporaryFile() as complained:
        given.write(raw)
        given.seek(0)
        try:
            _run(command, (given, said, complained), source.work)
        except OSError:  # no processes can be started here: the file is read without a look before
            return
        said.seek(0)
        complained.seek(0)
        written, complaint = said.read(1 << 16), complained.read(1 << 16)
    found = None
    with suppress(ValueError):
        found = json.loads(written)
    if found is None:
        if any(word in complaint for word in _OUT_OF_MEMORY):
            raise expands(source.shown)
        raise SourceError(f"{source.shown} cannot be read as Parquet: its values cannot be unpacked", DAMAGED)
    if found["error"]:
        raise SourceError(f"{source.shown} cannot be read as Parquet: {found['error']}", DAMAGED)
    if found["rows"] > most:
        raise expands(source.shown)


def _run(command: list[str], streams: tuple[IO[bytes], IO[bytes], IO[bytes]], work: Work) -> None:
    """Run a process to its end; it is ended early when the work is cancelled."""
    given, said, complained = streams
    with subprocess.Popen(command, stdin=given, stdout=said, stderr=complained) as process:  # noqa: S603  # this Python
        try:
            while True:
                work.check()
                with suppress(subprocess.TimeoutExpired):
                    process.wait(_PATIENCE)
                    return
        except BaseException:
            process.kill()
            raise
