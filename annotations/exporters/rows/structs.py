"""Columns of lists whose members have columns of their own."""

from __future__ import annotations

from itertools import chain, islice
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


class Structs:
    """A column of lists of structs, itself kept column by column.

    Args:
        lengths: How many structs each list has.
        columns: What the structs of all lists have, a sequence for each of their members.
    """

    __slots__ = ("columns", "lengths")

    def __init__(self, lengths: Sequence[int], columns: Sequence[Sequence[Any]]) -> None:
        self.lengths = list(lengths)
        self.columns = [list(each) for each in columns]

    @classmethod
    def of(cls, lists: Sequence[Sequence[tuple[Any, ...]]], width: int) -> Structs:
        """Return lists of tuples of so many members as a column."""
        return cls([len(each) for each in lists], columns_of(list(chain.from_iterable(lists)), width))

    def __iter__(self) -> Iterator[list[tuple[Any, ...]]]:
        """Yield the lists, of tuples."""
        members = zip(*self.columns, strict=True)
        for length in self.lengths:
            yield list(islice(members, length))

    def extend(self, other: Structs) -> None:
        """Put another column behind this one."""
        self.lengths += other.lengths
        for mine, theirs in zip(self.columns, other.columns, strict=True):
            mine.extend(theirs)


def columns_of(rows: Sequence[Sequence[Any]], width: int) -> list[Sequence[Any]]:
    """Return rows as columns, so many of them even where there are no rows."""
    return list(zip(*rows, strict=True)) if rows else [()] * width
