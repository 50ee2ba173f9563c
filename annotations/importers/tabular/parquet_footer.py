"""How many rows a Parquet file says that it has: its footer is looked at before anything of it is unpacked.

Of a page that says nothing a million times a few bytes are stored, so a small file can have more rows than anybody waits for.

Sources: parquet.apache.org/docs/file-format/metadata (the footer is a Thrift structure: field 4 of it lists the row groups, of
which field 3 is the number of rows) and github.com/apache/thrift, doc/specs/thrift-compact-protocol.md.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

LONGEST = 1 << 22
"""Bytes of a footer that is looked at; that of a table of comments has a few thousand."""

_ROW_GROUPS, _ROWS = 4, 3
_STOP, _BINARY, _LIST, _SET, _STRUCT = 0, 8, 9, 10, 12
_TRUTHS = (1, 2)
"""They stand in the heads of their fields."""

_SIZES = {**dict.fromkeys(_TRUTHS, 0), 3: 1, 7: 8}
"""Kinds of values that always take as many bytes: a byte, a number with a fraction."""

_NUMBERS = (4, 5, 6)
_DEEPEST = 20
_MANY = 15
_CONTINUES = 0x80
_LONGEST_NUMBER = 70


def count_rows(footer: bytes) -> int:
    """Return how many rows the row groups have, as a footer says; 0 if it cannot be understood."""
    try:
        return _Reading(footer).rows()
    except (IndexError, ValueError):
        return 0


class _Reading:
    """The reading of a footer, of which all is passed over but what is asked for."""

    def __init__(self, raw: bytes) -> None:
        self._raw = raw
        self._at = 0

    def rows(self) -> int:
        """Return the sum of the rows of all row groups."""
        for field, kind in self._fields():
            if field == _ROW_GROUPS and kind == _LIST:
                count, inner = self._list()
                return sum(self._rows_of_group() for _ in range(count if inner == _STRUCT else 0))
            self._skip(kind, 0)
        return 0

    def _rows_of_group(self) -> int:
        found = 0
        for field, kind in self._fields():
            if field == _ROWS and kind in _NUMBERS:
                found = self._number()
            else:
                self._skip(kind, 1)
        return max(0, found)

    def _fields(self) -> Iterator[tuple[int, int]]:
        """Yield the numbers of a structure's fields and the kinds of their values, which are to be read meanwhile."""
        field = 0
        while (head := self._byte()) != _STOP:
            field = field + (head >> 4) if head >> 4 else self._number()
            yield field, head & 15

    def _skip(self, kind: int, depth: int) -> None:
        """Pass over a value."""
        if depth > _DEEPEST:
            raise ValueError(kind)
        if kind in _NUMBERS:
            self._number()
        elif kind in _SIZES:
            self._at += _SIZES[kind]
        elif kind == _BINARY:
            length = self._unsigned()  # which moves on itself
            self._at += length
        elif kind in {_LIST, _SET}:
            count, inner = self._list()
            for _ in range(count):
                self._skip_entry(inner, depth + 1)
        elif kind == _STRUCT:
            for _, inner in self._fields():
                self._skip(inner, depth + 1)
        else:  # a footer has no maps
            raise ValueError(kind)

    def _skip_entry(self, kind: int, depth: int) -> None:
        if kind in _TRUTHS:
            self._byte()
        else:
            self._skip(kind, depth)

    def _list(self) -> tuple[int, int]:
        """Return how many entries a list has, and of which kind."""
        head = self._byte()
        count = head >> 4
        return (self._unsigned() if count == _MANY else count), head & 15

    def _byte(self) -> int:
        self._at += 1
        return self._raw[self._at - 1]

    def _unsigned(self) -> int:
        value = shift = 0
        while True:
            byte = self._byte()
            value |= (byte & (_CONTINUES - 1)) << shift
            shift += 7
            if byte < _CONTINUES:
                return value
            if shift > _LONGEST_NUMBER:
                raise ValueError(shift)

    def _number(self) -> int:
        """Return a whole number, of which the last bit is the sign."""
        value = self._unsigned()
        return value >> 1 if not value & 1 else -((value + 1) >> 1)
