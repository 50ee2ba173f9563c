"""How a file of delimited values is written: what stands between two values, and how a value is quoted.

RFC 4180 is what most programs mean; others write semicolons, tabs or bars, or a backslash before a quotation mark.
"""

from __future__ import annotations

import csv
import re
from itertools import islice
from typing import TYPE_CHECKING

from msgspec import Struct

from annotations.importers.tabular.columns import guess_columns

if TYPE_CHECKING:
    from collections.abc import Iterator

_LOOKED_AT = 1 << 17
_RECORDS = 100
_LONGEST_NAME = 80
_SEPARATOR = re.compile(r"sep=(.)\r?\n", re.IGNORECASE)
"""A first line with which Excel is told the delimiter."""

_DELIMITERS = ",;\t|"
LONGEST_VALUE = 1 << 24
"""Characters that a value may have."""


class Dialect(Struct, frozen=True, kw_only=True):
    """How a file is written.

    Args:
        delimiter: What stands between two values.
        has_quotes: Whether a quotation mark at the start of a value quotes it.
        escape: What stands before a quotation mark in a quoted value; None where that is doubled.
        skipped: Lines before the one with the names.
        names: The names of the columns.
        share: How many of the rows looked at have as many values as there are names, 0 to 1.
        rows: How many rows were looked at.
    """

    delimiter: str
    has_quotes: bool = True
    escape: str | None = None
    skipped: int = 0
    names: tuple[str, ...] = ()
    share: float = 0.0
    rows: int = 0

    @property
    def has_text(self) -> bool:
        """Whether one of the columns has a name that is known for the text."""
        return "text" in guess_columns(self.names)

    def reader(self, lines: Iterator[str], *, is_strict: bool = False) -> Iterator[list[str]]:
        """Return the rows of some lines.

        Args:
            lines: The lines, with their ends.
            is_strict: Whether a value that is not quoted by the rules is a `csv.Error`.
        """
        if csv.field_size_limit() < LONGEST_VALUE:
            csv.field_size_limit(LONGEST_VALUE)
        return csv.reader(
            lines,
            delimiter=self.delimiter,
            quoting=csv.QUOTE_MINIMAL if self.has_quotes else csv.QUOTE_NONE,
            escapechar=self.escape,
            doublequote=self.escape is None,
            strict=is_strict,
        )


def find_dialect(start: str, *, may_be_single: bool) -> Dialect | None:
    """Return how a file is written by its beginning, None if it seems to be no table.

    Args:
        start: Its beginning, clean.
        may_be_single: Whether a table of one column is one: then its file is known to be a table.
    """
    start = start.removeprefix("\ufeff")
    separator = _SEPARATOR.match(start)
    sample = start[separator.end() if separator else 0 :][:_LOOKED_AT]
    if len(start) > _LOOKED_AT and "\n" in sample:
        sample = sample[: sample.rindex("\n") + 1]
    found: list[tuple[float, Dialect]] = []
    for delimiter in separator[1] if separator else _DELIMITERS:
        for has_quotes, escape in _quotings(sample, delimiter):
            candidate = _try(
                sample,
                Dialect(delimiter=delimiter, has_quotes=has_quotes, escape=escape, skipped=1 if separator else 0),
            )
            if candidate is not None and (len(candidate.names) > 1 or may_be_single):
                found.append((_rate(candidate), candidate))
    return max(found, key=lambda rated: rated[0])[1] if found else None


def _quotings(sample: str, delimiter: str) -> Iterator[tuple[bool, str | None]]:
    yield True, None
    if '\\"' in sample:
        yield True, "\\"
    if '"' in sample and delimiter in "\t|":  # of these many programs quote nothing
        yield False, None


def _try(sample: str, dialect: Dialect) -> Dialect | None:
    try:
        rows = [row for row in islice(dialect.reader(iter(sample.splitlines(keepends=True))), _RECORDS) if row]
    except csv.Error:
        return None
    if not rows:
        return None
    names = tuple(name.strip() for name in rows[0])
    fitting = sum(len(row) == len(names) for row in rows[1:])
    share = fitting / (len(rows) - 1) if len(rows) > 1 else 1.0
    return Dialect(
        delimiter=dialect.delimiter,
        has_quotes=dialect.has_quotes,
        escape=dialect.escape,
        skipped=dialect.skipped,
        names=names,
        share=share,
        rows=len(rows),
    )


def _rate(dialect: Dialect) -> float:
    """Say how likely it is that a file is written so: its first candidate wins where two are equally likely."""
    names = dialect.names
    is_plausible = len(set(names)) == len(names) and all(
        0 < len(name) <= _LONGEST_NAME and "\n" not in name and '"' not in name for name in names
    )
    width = min(len(names), 20) / 1000
    may_quote_nothing = dialect.delimiter in "\t|" and len(names) > 1
    rows = 0.1 * dialect.rows / _RECORDS if may_quote_nothing else 0  # a stray quotation mark swallows rows
    return dialect.share + 0.5 * dialect.has_text + 0.3 * is_plausible + width + rows - (len(names) == 1)
