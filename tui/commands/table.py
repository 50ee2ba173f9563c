"""Plain tables for people to read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.cells import cell_len

from tui.commands.output import write_text
from tui.text.visible import one_line

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

_GAP = "  "


def write_table(head: Sequence[str], rows: Sequence[Sequence[str]], *, right: Collection[int] = ()) -> None:
    """Write rows in columns to standard output, every cell on one line and harmless to a terminal.

    Args:
        head: The names of the columns.
        rows: Their cells, as many in each row.
        right: The columns that are set to the right: numbers.
    """
    lines = [[one_line(cell) for cell in row] for row in (head, *rows)]
    widths = [max(map(cell_len, column)) for column in zip(*lines, strict=True)]
    for line in lines:
        cells = []
        for column, (cell, width) in enumerate(zip(line, widths, strict=True)):
            space = " " * (width - cell_len(cell))
            cells.append(space + cell if column in right else cell + space)
        write_text(_GAP.join(cells).rstrip())
