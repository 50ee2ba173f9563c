"""The rows of a Parquet file, through arro3, which is an extra of Postil's: `pip install 'postil[parquet]'`.

Source: parquet.apache.org/docs/file-format (a file ends with the length of its metadata and the mark with which it begins).
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from io import BytesIO
from typing import TYPE_CHECKING, Any

from annotations.errors import SourceError
from annotations.importers.tabular.parquet_check import BYTES_A_ROW, DAMAGED, ROWS_AT_ONCE, check_parquet, expands
from annotations.sources.compression import FREE, RATIO

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from annotations.sources.source import Source

MARK = b"PAR1"

_SHORTEST = 12


def open_parquet(source: Source) -> tuple[tuple[str, ...], Iterator[dict[str, object]]]:
    """Return the names of a file's columns, and an iterator over its rows, a batch in memory at a time.

    Numbers, truth values, lists and structs keep their types, moments become ISO 8601, bytes that are no text hexadecimal
    digits.

    Raises:
        SourceError: If arro3 is not installed, or the file is damaged, or unpacks to far more than a text could.
    """
    try:
        from arro3.io import read_parquet  # noqa: PLC0415  # an extra, loaded on use
    except ImportError as error:
        raise SourceError(
            f"{source.shown} is a Parquet file, for which Postil needs arro3",
            "Install it with: pip install 'postil[parquet]'",
        ) from error
    file, size = _open_file(source)
    if isinstance(file, BytesIO):
        check_parquet(source, None, file.getvalue(), size)
    else:
        check_parquet(source, file, b"", size)
    with _Guard(source):
        reader = read_parquet(file, batch_size=ROWS_AT_ONCE)
        names = tuple(reader.schema.names)
    return names, _rows(source, reader, names, size)


class _Guard:
    """Turns what arro3 raises into a SourceError: its errors, and the panics of what it is made of, which are no Exceptions."""

    def __init__(self, source: Source) -> None:
        self._source = source

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _traceback: object) -> None:
        if error is None or isinstance(error, SourceError):
            return
        if isinstance(error, Exception) or type(error).__name__ == "PanicException":
            reason = " ".join(str(error).split())[:200]
            raise SourceError(f"{self._source.shown} cannot be read as Parquet: {reason}", DAMAGED) from error


def _open_file(source: Source) -> tuple[Path | BytesIO, int]:
    """Return what arro3 can read, and its bytes: the file itself, else what is in it, all in memory.

    Raises:
        SourceError: If its end is not a Parquet file's.
    """
    path = source.path if source.path is not None and not source.compression else None
    if path is None:
        raw = source.read()
        file: Path | BytesIO = BytesIO(raw)
        size, tail = len(raw), raw[-8:]
    else:
        with source.open() as stream:
            size = stream.seek(0, 2)
            stream.seek(max(0, size - 8))
            tail = stream.read(8)
        file = path
    length = int.from_bytes(tail[:4], "little")
    if size < _SHORTEST or tail[4:] != MARK or not 0 < length <= size - _SHORTEST:
        raise SourceError(f"{source.shown} cannot be read as Parquet: its end is missing", DAMAGED)
    return file, size


def _rows(source: Source, reader: Any, names: tuple[str, ...], size: int) -> Iterator[dict[str, object]]:  # noqa: ANN401  # arro3 is an extra
    done = 0
    most, given = max(FREE, RATIO * size), 0
    source.work.begin("Reading", None, "rows")
    while True:
        with _Guard(source):
            batch = next(reader, None)
            columns = [column.to_pylist() for column in batch.columns] if batch is not None else []
        if batch is None:
            return
        texts = sum(len(value) for column in columns for value in column if isinstance(value, str | bytes))
        given += texts + BYTES_A_ROW * batch.num_rows
        if given > most:
            raise expands(source.shown)
        for values in zip(*columns, strict=True):
            yield {name: _plain(value) for name, value in zip(names, values, strict=True)}
        done += batch.num_rows
        source.work.advance(done)


def _plain(value: object) -> object:
    """Return a value as JSON has it."""
    if value is None or isinstance(value, str | bool | int | float):
        return value
    if isinstance(value, bytes):
        return value.decode() if _is_text(value) else value.hex()
    if isinstance(value, dict):
        return {str(name): _plain(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    return _plain_moment(value)


def _plain_moment(value: object) -> object:
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    return value.total_seconds() if isinstance(value, timedelta) else str(value)


def _is_text(value: bytes) -> bool:
    try:
        value.decode()
    except UnicodeDecodeError:
        return False
    return True
