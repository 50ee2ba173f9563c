"""The rows of a file of delimited values, one in memory at a time, whatever is wrong with some of them."""

from __future__ import annotations

import csv
from collections import deque
from io import TextIOWrapper
from typing import TYPE_CHECKING

from annotations.errors import SourceError
from annotations.importers.tabular.row import Row
from annotations.sources.decoding import decode, whole_characters
from annotations.sources.stored import HEAD

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from annotations.importers.tabular.dialect import Dialect
    from annotations.sources.source import Source

LONG = "has more values than the table has columns"
SHORT = "has fewer values than the table has columns"
UNCLOSED = "has a quotation mark that is never closed"
BAD_BYTES = "has bytes that are not of the file’s encoding"
BROKEN = "cannot be read as a row"

REST = "further values"
"""Where values are kept that stand beyond the last column."""

MOST_COLUMNS = 10_000
"""Columns that a table may have."""

_LONGEST_LINE = 1 << 23
"""Characters that a line may have."""

_LONGEST_ROW = 1 << 23
"""Characters of a row that goes over lines."""

_MOST_LINES = 100_000
"""Lines that a quoted value may go over; beyond that its quotation mark is taken for one that was never closed."""

_REREAD = 1_000_000
"""Lines that are read again because of quotation marks that were never closed, before these are left as they are."""

_CHUNK = 500
_EMPTY = ("\n", "\r\n")


def name_columns(names: Sequence[str]) -> tuple[str, ...]:
    """Return the names of the columns, each one's own: a nameless one is called after its place, a second one "name 2"."""
    found: dict[str, None] = {}
    numbers: dict[str, int] = {}
    for place, name in enumerate(names, 1):
        unique = plain = " ".join(name.split()) or f"column {place}"
        while unique in found:
            numbers[plain] = numbers.get(plain, 1) + 1
            unique = f"{plain} {numbers[plain]}"
        found[unique] = None
    return tuple(found)


def read_delimited(source: Source, dialect: Dialect, names: Sequence[str]) -> Iterator[Row]:
    """Yield the rows below the names, each with the number of its first line; values are as they are written.

    Args:
        source: The source.
        dialect: How it is written.
        names: The names of the columns.

    Raises:
        SourceError: If it has more columns than a table of texts can have, or a value that goes on without an end.
    """
    _refuse_width(source, names)
    lines = _Lines(source)
    for _ in range(dialect.skipped):
        next(lines, "")
    reread = 0
    is_header = True
    while not lines.is_done:
        lines.begin()
        first = lines.number + 1
        try:
            row = next(dialect.reader(lines), None)
        except csv.Error:
            source.problems.add(BROKEN, f"line {first}", "it was left out")
            continue
        if row is None:
            return
        is_open = dialect.has_quotes and lines.is_open(dialect)
        if is_open or (lines.in_row > 1 and len(row) != len(names)):
            is_sign = reread < _REREAD and lines.find_row(dialect, len(names))
            if is_open and not is_sign:
                _report_open(source, lines, first)
            elif is_sign:
                source.problems.add(UNCLOSED, f"line {first}", "it was taken for a sign")
                reread += lines.in_row
                row = next(csv.reader([lines.keep_first()], delimiter=dialect.delimiter, quoting=csv.QUOTE_NONE))
        if not row:
            continue
        if is_header:
            is_header = False
            continue
        yield _make_row(source, row, names, first)


def _refuse_width(source: Source, names: Sequence[str]) -> None:
    if len(names) > MOST_COLUMNS:
        raise SourceError(
            f"{source.shown} has more than {MOST_COLUMNS:,} columns, as no table of texts has: it is refused",
            "Take the columns that matter out of it, and import these.",
        )


def _report_open(source: Source, lines: _Lines, first: int) -> None:
    """Report a quoted value that ends with the file; refuse one that goes on and on."""
    if not lines.is_done:
        raise SourceError(
            f"{source.shown} has a quotation mark in line {first} that is not closed in the next "
            f"{lines.in_row:,} lines: it is refused",
            "Close the quotation mark, or write it twice, and import the table again.",
        )
    source.problems.add(UNCLOSED, f"line {first}", "its value ends with the file")


def _make_row(source: Source, row: list[str], names: Sequence[str], line: int) -> Row:
    where = f"line {line}"
    joined = "".join(row)
    if not joined.isascii():
        try:
            joined.encode()
        except UnicodeEncodeError:  # bytes that did not fit were kept as lone surrogates
            row = [_reread(value) for value in row]
            source.problems.add(BAD_BYTES, where, "they were read as Windows-1252")
    fields: dict[str, object] = dict(zip(names, row, strict=False))
    if len(row) > len(names):
        source.problems.add(LONG, where, f"they are kept as “{REST}”")
        fields[REST] = row[len(names) :]
    elif len(row) < len(names):
        source.problems.add(SHORT, where, "the last ones are empty")
    return Row(where, f"line-{line}", fields)


def _reread(value: str) -> str:
    try:
        value.encode()
    except UnicodeEncodeError:
        return value.encode("utf-8", "surrogateescape").decode("cp1252", "replace")
    return value


class _Lines:
    """The lines of a source, of which those of the present row are kept, to be read again if it turns out to be none."""

    def __init__(self, source: Source) -> None:
        self.number = 0
        """Lines that were handed out."""
        self.is_done = False
        self._work = source.work
        self._work.begin("Reading", source.size, "bytes")
        found = decode(whole_characters(source.head, HEAD))
        encoding = found.encoding if found is not None else "utf-8"
        is_utf_8 = encoding in {"utf-8", "utf-8-sig"}
        errors = "surrogateescape" if is_utf_8 else "replace"
        if found is not None and not is_utf_8:
            source.warn(*found.warnings)
        self._stream = TextIOWrapper(source.open(), encoding=encoding, errors=errors, newline="")
        self._problems = source.problems
        self._read_lines = 0
        self._in_row = 0
        self._again: deque[str] = deque()
        self._row: list[str] = []
        self._characters = 0
        self._ahead: str | None = self._read()
        self.is_done = self._ahead is None

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._ahead
        if line is None or self.is_long:
            raise StopIteration
        self._row.append(line)
        self._in_row += len(line)
        self.number += 1
        self._ahead = self._again.popleft() if self._again else self._read()
        self.is_done = self._ahead is None
        if not self.number % _CHUNK:
            self._work.advance(self._characters)
        return line

    @property
    def is_long(self) -> bool:
        """Whether the present row has more lines, or more text, than one can have."""
        return len(self._row) >= _MOST_LINES or self._in_row > _LONGEST_ROW

    def begin(self) -> None:
        """Begin a row."""
        self._row.clear()
        self._in_row = 0
        while self._ahead in _EMPTY and not self._again:  # there may be millions of them
            self.number += 1
            self._ahead = self._read()
        self.is_done = self._ahead is None

    @property
    def in_row(self) -> int:
        """How many lines the present row has so far."""
        return len(self._row)

    def is_open(self, dialect: Dialect) -> bool:
        """Tell whether a quoted value is still open behind the lines of the present row."""
        if not self.is_done and not self.is_long:
            return False
        try:
            for _ in dialect.reader(iter(self._row), is_strict=True):
                pass
        except csv.Error as error:
            return "end of data" in str(error)
        return False

    def find_row(self, dialect: Dialect, width: int) -> bool:
        """Tell whether one of the further lines of the present row would be a row of its own."""
        if width < 2:  # noqa: PLR2004  # any line is a row of one column
            return False
        for line in self._row[1:_CHUNK]:
            try:
                if len(next(dialect.reader(iter([line])), [])) == width:
                    return True
            except csv.Error:
                continue
        return False

    def keep_first(self) -> str:
        """Return the first line of the present row, and let the further ones be read again."""
        first, rest = self._row[0], self._row[1:]
        if self._ahead is not None:
            self._again.appendleft(self._ahead)
        self._again.extendleft(reversed(rest))
        self._ahead = self._again.popleft() if self._again else self._read()
        self.is_done = self._ahead is None
        self.number -= len(rest)
        return first

    def _read(self) -> str | None:
        line = "" if self._stream.closed else self._stream.readline(_LONGEST_LINE)
        self._characters += len(line)
        while len(line) == _LONGEST_LINE:
            self._read_lines += 1
            self._problems.add("is longer than a row can be", f"line {self._read_lines}", "it was left out")
            while line and not line.endswith("\n"):
                line = self._stream.readline(_LONGEST_LINE)  # the rest of it
                self._work.advance(self._characters)
                self._characters += len(line)
            line = self._stream.readline(_LONGEST_LINE)
        self._read_lines += 1
        if line:
            return line
        self._stream.close()
        return None
