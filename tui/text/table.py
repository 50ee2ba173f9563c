"""Which columns of a table fit a width, where they stand, and how a cell is filled: all in terminal cells."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from rich.cells import cell_len, set_cell_size

if TYPE_CHECKING:
    from collections.abc import Sequence

GAP = 2
"""Cells between two columns."""
LUXURY = 6
"""The rank from which on columns are shown only where the others have the room that they like."""
ELLIPSIS = "…"


class Column(NamedTuple):
    """A column of a table.

    Args:
        id: Its name in code.
        title: Its heading.
        width: Cells it needs, at least those of its heading and the arrow that shows the order.
        liked: Cells that it should have before luxuries are shown.
        most: Cells it may grow to where there is room.
        rank: What is given up first has the highest; 0 is never given up, from `LUXURY` on it is a luxury.
        is_number: Whether it is set to the right.
    """

    id: str
    title: str
    width: int
    liked: int = 0
    most: int = 0
    rank: int = 0
    is_number: bool = False


class Place(NamedTuple):
    """Where a column stands: the cells [start, start + width)."""

    column: Column
    start: int
    width: int


def arrange_columns(columns: Sequence[Column], width: int) -> list[Place]:
    """Return where the columns stand that fit into `width` cells.

    Columns are given up by rank until the rest fits; then each in turn takes what it may grow by, those of the lowest
    rank first. A column that is never given up is narrowed where it must be.
    """
    shown = list(columns)
    while shown and (last := max(shown, key=lambda column: column.rank)).rank:
        if _needed(shown, is_rich=last.rank >= LUXURY) <= width:
            break
        shown.remove(last)
    room = width - _needed(shown)
    widths = {column.id: column.width for column in shown}
    for column in sorted(shown, key=lambda column: column.rank):
        grown = max(1, min(column.width + room, max(column.width, column.most)))
        room -= grown - column.width
        widths[column.id] = grown
    places = []
    start = 0
    for column in shown:
        places.append(Place(column, start, widths[column.id]))
        start += widths[column.id] + GAP
    return places


def _needed(columns: Sequence[Column], *, is_rich: bool = False) -> int:
    """Return the cells that columns need, or like to have, with the gaps between them."""
    cells = sum(max(column.width, column.liked if is_rich else 0) for column in columns)
    return cells + GAP * max(0, len(columns) - 1)


def fill(text: str, width: int, *, is_right: bool = False) -> str:
    """Return `text`, which is drawn as it is, in exactly `width` cells: with an ellipsis where it is longer."""
    size = cell_len(text)
    if size > width:
        return cut(text, width)
    space = " " * (width - size)
    return space + text if is_right else text + space


def cut(text: str, width: int) -> str:
    """Return the beginning of a text that is longer than `width` cells, and an ellipsis, in exactly `width` cells."""
    if width <= 0:
        return ""
    return set_cell_size(set_cell_size(text, width - 1).rstrip() + ELLIPSIS, width)
