"""The rows of a Parquet file, through arro3: this is what a process of its own does, which begins with this file.

A small file can unpack to gigabytes at once, and what arro3 is made of does not refuse a broken file but panics: it writes that
to the terminal, past Python, and a reader's screen is there. Both end with that process: its memory is limited where the
system can do that, it is watched where not, and nobody sees what it writes.

It gives out frames, each behind its length: the names of the columns first, then rows, some at a time, each as a list of
values in MessagePack. The last one is the number of rows, or what went wrong.

Source: docs.python.org/3/library/resource.html; the panics of Rust, doc.rust-lang.org/std/macro.panic.html.
"""

from __future__ import annotations

import sys
from datetime import date, datetime, time, timedelta
from io import BytesIO
from typing import TYPE_CHECKING, Any

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterator

ROWS_AT_ONCE = 64
"""Rows that are unpacked at once: of a page that says one thing a million times each row may have a megabyte."""

LENGTH = 8
"""Bytes of a frame's length."""

_LARGEST = 2**64
_SMALLEST = -(2**63)
_PLAIN = {str, int, float, bool, type(None)}
"""Types of values that need no look at each one: numbers of Arrow have 64 bits at most."""


class Unpacked(msgspec.Struct, array_like=True):
    """A frame.

    Args:
        names: The columns; empty but in the first frame.
        rows: Values in the order of the columns.
        error: Why the rest cannot be read; "" if nothing is wrong.
        is_end: Whether this is the last frame.
    """

    names: list[str]
    rows: list[tuple[Any, ...]]
    error: str = ""
    is_end: bool = False


def unpack(file: str | BytesIO) -> Iterator[Unpacked]:
    """Yield what a file holds; whatever arro3 raises is an error in the last frame, but for its panics."""
    from arro3.io import read_parquet  # noqa: PLC0415  # an extra, loaded on use

    try:
        reader = read_parquet(file, batch_size=ROWS_AT_ONCE)
        names = [str(name) for name in reader.schema.names]
        yield Unpacked(names, [])
        for batch in reader:
            columns = [_plain_column(list(column.to_pylist())) for column in batch.columns]
            yield Unpacked([], list(zip(*columns, strict=True)) if columns else [()] * batch.num_rows)
    except Exception as problem:  # noqa: BLE001  # those of arro3 have no base of their own
        yield Unpacked([], [], error_of(problem), is_end=True)
    else:
        yield Unpacked([], [], is_end=True)


def error_of(problem: BaseException) -> str:
    """Return what an error says, on one line."""
    return " ".join(str(problem).split())[:200] or type(problem).__name__


def _plain_column(values: list[object]) -> list[object]:
    return values if _PLAIN.issuperset(map(type, values)) else list(map(plain, values))


def plain(value: object) -> object:
    """Return a value as JSON has it: moments as ISO 8601, bytes that are no text as hexadecimal digits."""
    if value is None or isinstance(value, str | bool | float | int):
        return value if not isinstance(value, int) or _SMALLEST <= value < _LARGEST else str(value)
    if isinstance(value, bytes):
        return _text_or_digits(value)
    if isinstance(value, dict):
        return {str(name): plain(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [plain(inner) for inner in value]
    return _plain_moment(value)


def _text_or_digits(value: bytes) -> str:
    try:
        return value.decode()
    except UnicodeDecodeError:
        return value.hex()


def _plain_moment(value: object) -> object:
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    return value.total_seconds() if isinstance(value, timedelta) else str(value)


def main(memory: int, path: str) -> None:
    """Be the process of its own: unpack a file, or what comes through standard input, to standard output.

    Args:
        memory: Bytes of its own that it may use.
        path: The file; "" for standard input.
    """
    try:
        import resource  # noqa: PLC0415  # not on every system

        resource.setrlimit(resource.RLIMIT_DATA, (memory, memory))
    except (ImportError, ValueError, OSError):  # then the one who asked watches
        pass
    stdout, encode = sys.stdout.buffer, msgspec.msgpack.Encoder().encode
    for frame in unpack(path or BytesIO(sys.stdin.buffer.read())):
        raw = encode(frame)
        stdout.write(len(raw).to_bytes(LENGTH, "big"))
        stdout.write(raw)
    stdout.flush()
