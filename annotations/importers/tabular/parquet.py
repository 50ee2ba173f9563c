"""The rows of a Parquet file, through arro3, which is an extra of Postil's: `pip install 'postil[parquet]'`.

It is unpacked once, by a process of its own, which hands over the rows (`annotations.importers.tabular.parquet_process`).

Source: parquet.apache.org/docs/file-format (a file ends with the length of its metadata and the mark with which it begins).
"""

from __future__ import annotations

from importlib.util import find_spec
from io import BytesIO
from typing import TYPE_CHECKING

from annotations.errors import SourceError
from annotations.sources.compression import FREE, RATIO

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from annotations.importers.tabular.parquet_unpacking import Unpacked
    from annotations.sources.source import Source

MARK = b"PAR1"

BYTES_A_ROW = 8
"""What a row counts for, however little is in it."""

_SHORTEST = 12
_END = 8


def open_parquet(source: Source) -> tuple[tuple[str, ...], Iterator[dict[str, object]]]:
    """Return the names of a file's columns, and an iterator over its rows, a batch in memory at a time.

    Numbers, truth values, lists and structs keep their types, moments become ISO 8601, bytes that are no text hexadecimal
    digits.

    Raises:
        SourceError: If arro3 is not installed, or the file is damaged, or unpacks to far more than a text could.
    """
    if find_spec("arro3") is None or find_spec("arro3.io") is None:
        raise SourceError(
            f"{source.shown} is a Parquet file, for which Postil needs arro3",
            "Install it with: pip install 'postil[parquet]'",
        )
    from annotations.importers.tabular.parquet_process import unpack_apart  # noqa: PLC0415  # loaded on use

    file, size = _open_file(source)
    frames = unpack_apart(source, file)
    first = next(frames, None)
    names = () if first is None else tuple(first.names)
    return names, _rows(source, first, frames, names, size)


def _open_file(source: Source) -> tuple[Path | BytesIO, int]:
    """Return what arro3 can read, and its bytes: the file itself, else what is in it, all in memory.

    Raises:
        SourceError: If its end is not a Parquet file's, or if it says that it has more rows than anybody would wait for.
    """
    from annotations.importers.tabular.parquet_footer import LONGEST, count_rows  # noqa: PLC0415  # loaded on use
    from annotations.importers.tabular.parquet_process import DAMAGED, expands  # noqa: PLC0415  # loaded on use

    path = source.path if source.path is not None and not source.compression else None
    raw = source.read() if path is None else b""
    file: Path | BytesIO = BytesIO(raw) if path is None else path
    with BytesIO(raw) if path is None else source.open() as stream:
        size = stream.seek(0, 2)
        stream.seek(max(0, size - _END))
        tail = stream.read(_END)
        length = int.from_bytes(tail[:4], "little")
        if size < _SHORTEST or tail[4:] != MARK or not 0 < length <= size - _SHORTEST:
            raise SourceError(f"{source.shown} cannot be read as Parquet: its end is missing", DAMAGED)
        stream.seek(size - _END - length)
        footer = stream.read(length) if length <= LONGEST else b""
    if count_rows(footer) > max(FREE, RATIO * size) // BYTES_A_ROW:
        raise expands(source.shown)
    return file, size


def _rows(
    source: Source, first: Unpacked | None, frames: Iterator[Unpacked], names: tuple[str, ...], size: int
) -> Iterator[dict[str, object]]:
    from annotations.importers.tabular.parquet_process import DAMAGED, expands  # noqa: PLC0415  # loaded on use

    done = 0
    most, given = max(FREE, RATIO * size), 0
    source.work.begin("Reading", None, "rows")
    frame = first
    while frame is not None and not frame.is_end:
        given += BYTES_A_ROW * len(frame.rows)
        given += sum(len(value) for row in frame.rows for value in row if isinstance(value, str))
        if given > most:
            raise expands(source.shown)
        for row in frame.rows:
            yield dict(zip(names, row, strict=True))
        done += len(frame.rows)
        source.work.advance(done)
        frame = next(frames, None)
    if frame is not None and frame.error:
        raise SourceError(f"{source.shown} cannot be read as Parquet: {frame.error}", DAMAGED)
    next(frames, None)  # so that it is ended
