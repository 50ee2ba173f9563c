"""Tables as files: delimited values, JSON records, Parquet. Which a file is, what its columns are, and its rows."""

from __future__ import annotations

from itertools import islice
from pathlib import PurePath
from typing import TYPE_CHECKING

from msgspec import Struct

from annotations.errors import SourceError
from annotations.importers.reading.json_array import iterate_array
from annotations.importers.reading.json_marks import look
from annotations.importers.reading.json_reading import json_lines
from annotations.importers.tabular.delimited import name_columns, read_delimited
from annotations.importers.tabular.dialect import Dialect, find_dialect
from annotations.importers.tabular.parquet import MARK, open_parquet
from annotations.importers.tabular.row import Row

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from annotations.sources.source import Source

_SUFFIXES = {".csv", ".tsv", ".tab", ".psv"}
_PLACE = "record"
_LOOKED_AT = 1000
"""Records whose fields are taken for the columns of a file of JSON."""


class Table(Struct, frozen=True):
    """A table.

    Args:
        names: Its columns.
        rows: Its rows, one in memory at a time.
    """

    names: tuple[str, ...]
    rows: Iterator[Row]


def is_delimited(source: Source) -> bool:
    """Tell whether the source's name says that it holds delimited values."""
    suffixes = PurePath(source.name).suffixes
    return any(suffix.lower() in _SUFFIXES for suffix in suffixes[-2:])


def dialect_of(source: Source) -> Dialect | None:
    """Return how a source of delimited values is written, None if it seems to be none."""
    return find_dialect(source.start, may_be_single=is_delimited(source))


def open_table(source: Source) -> Table:
    """Return the table that a source holds.

    Raises:
        SourceError: If it holds none.
    """
    if source.head.startswith(MARK):
        names, rows = open_parquet(source)
        return Table(names, (Row(f"row {at}", f"row-{at}", row) for at, row in enumerate(rows, 1)))
    start = source.start.lstrip("\ufeff \t\r\n\x00")[:1]
    if start == "[":
        return _json_table(Row(f"{_PLACE} {at}", f"{_PLACE}-{at}", row) for at, row in _objects(source))
    if start == "{":
        return _json_table(Row(f"line {number}", f"line-{number}", row) for number, row in json_lines(source))
    dialect = dialect_of(source)
    if dialect is None:
        assert source.text  # noqa: S101  # an empty source, or one that is no text, says so here
        raise SourceError(
            f"{source.shown} is no table: no rows of values were found in it",
            "A table begins with the names of its columns, with commas, semicolons, tabs or bars between them.",
        )
    names = name_columns(dialect.names)
    return Table(names, read_delimited(source, dialect, names))


def columns_of_records(source: Source) -> frozenset[str]:
    """Return the names of the fields that the records of a JSON source have, as far as its beginning shows."""
    marks = look(source)
    at = "*/" if any(place.startswith("*/") for place in marks.fields) else ""
    names = {place.removeprefix(at) for place in marks.fields if place.startswith(at)}
    return frozenset(name for name in names if "/" not in name and name != "*")


def _objects(source: Source) -> Iterator[tuple[int, dict[str, object]]]:
    for number, value in iterate_array(source):
        if isinstance(value, dict):
            yield number, value
        else:
            source.problems.add("is no JSON object", f"{_PLACE} {number}", "it was left out")


def _json_table(rows: Iterable[Row]) -> Table:
    """Return a table of records, whose columns are the fields of the first of them; later ones may have more."""
    iterator = iter(rows)
    first = list(islice(iterator, _LOOKED_AT))
    names = dict.fromkeys(name for row in first for name in row.fields)
    return Table(tuple(names), _chain(first, iterator))


def _chain(first: list[Row], rest: Iterator[Row]) -> Iterator[Row]:
    yield from first
    first.clear()
    yield from rest
