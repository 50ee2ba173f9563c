"""Lines of a file that are no records, though it has one a line: told by count, for there may be millions of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from annotations.errors import SourceError
from annotations.importers.reading.json_fields import NO_RECORD

if TYPE_CHECKING:
    from annotations.sources.source import Source

BROKEN = "is no sound JSON"

MOST_BAD = 100_000
"""Lines that may be no records before the first one that is."""

_LEFT_OUT = "it was left out"
_EMPTY = b"{}"
_RECORDS = frozenset((b"{", b"\xef", b"\x1e", b"\xff", b"\xfe"))
"""How a line begins that may be an object: with one, or with a mark or a record separator in front of it."""

_VALUES = frozenset(bytes((sign,)) for sign in b'["-0123456789tfn')
"""How a line begins that may be another value of JSON."""


class BadLines:
    """The lines of a source that are no records.

    Args:
        source: Is told of them.
        within: What stands before the number of a line in reports.
    """

    def __init__(self, source: Source, within: str = "") -> None:
        self.is_all = True
        """Whether no line was a record so far; whoever reads them says so."""
        self._source = source
        self._within = within
        self._count = 0

    def may_be_record(self, number: int, line: bytes) -> bool:
        """Tell whether a line may be a record, without decoding it; one that cannot be is reported.

        Raises:
            SourceError: If there were nothing but such lines so far, and too many.
        """
        begin = line[:1]
        if begin in _RECORDS and line != _EMPTY:
            return True
        self.add(number, BROKEN if begin not in _VALUES and line != _EMPTY else NO_RECORD)
        return False

    def add(self, number: int, what: str) -> None:
        """Report a line that is no record.

        Raises:
            SourceError: If there were nothing but such lines so far, and too many.
        """
        problems = self._source.problems
        if not problems.counts(what, _LEFT_OUT):
            problems.add(what, f"{self._within}line {number}", _LEFT_OUT)
        self._count += 1
        if self.is_all and self._count > MOST_BAD:
            raise SourceError(
                f"{self._source.shown} holds no record in its first {self._count:,} lines: it seems to be of another format",
                "Name its format with --format NAME; `postil formats` lists them.",
            )
