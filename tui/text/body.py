"""A text laid out at a width, and the map between its cells and the offsets of the stored text."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from itertools import pairwise
from typing import TYPE_CHECKING

from rich.cells import cell_len

from tui.text.cells import cluster_at, is_even, measured_clusters
from tui.text.visible import display
from tui.text.wrap import wrap

if TYPE_CHECKING:
    from array import array
    from collections.abc import Sequence


class Body:
    """A text laid out at a width: lines, and the map between cells and offsets of the stored text.

    Three coordinates: *offsets* are code points of the stored text, *cells* are columns of a line on the screen, and
    *indexes* of the drawn text stay inside. A cluster is what the cursor steps over (see `tui.text.cells`). Kept are
    the text, two integers a line, and four for each character that is not drawn as it is.

    Args:
        text: The stored text.
        width: Cells of a line.

    Attributes:
        height: Lines that it takes; an empty text takes one.
    """

    __slots__ = ("_display", "_ends", "_starts", "height", "text", "width")

    def __init__(self, text: str, width: int) -> None:
        self.text = text
        self.width = width
        self._display = display(text)
        lines = wrap(self._display.text, width)
        self._starts: array[int] = lines[::2]
        self._ends: array[int] = lines[1::2]
        self.height = len(self._starts)

    def line_of(self, offset: int) -> int:
        """Return the line that holds `offset`.

        A newline, and spaces at which a line was broken, belong to the line before; the text's end to the last.
        """
        return max(0, bisect_right(self._starts, self._display.to_display(offset)) - 1)

    def span_of(self, line: int) -> tuple[int, int]:
        """Return the stored offsets that the line draws, half-open; without the newline and break spaces behind."""
        start, end = self._starts[line], self._ends[line]
        first = self._display.to_source(start)
        return first, self._display.to_source_end(end) if end > start else first

    def cluster(self, offset: int) -> tuple[int, int]:
        """Return the stored bounds of the cluster that holds `offset`; an empty range at the text's end."""
        return cluster_at(self.text, offset)

    def cell_of(self, offset: int) -> tuple[int, int]:
        """Return the line and the column of the cluster that holds `offset`.

        For what is not drawn (a newline, break spaces, the text's end) it is the column behind the line's last
        cluster, which is `width` where the line is full.
        """
        index = self._display.to_display(self.cluster(offset)[0])
        line = max(0, bisect_right(self._starts, index) - 1)
        return line, self._measure(self._starts[line], min(index, self._ends[line]))

    def offset_at(self, line: int, cell: int) -> int:
        """Return the offset of the cluster that is drawn at a column, or the end of the line's span behind it."""
        start, end = self._starts[line], self._ends[line]
        cell = max(cell, 0)
        drawn = self._display.text
        if is_even(drawn, start, end):
            index = min(start + cell, end)
        else:
            index = end
            for first, last, width in measured_clusters(drawn[start:end]):
                cell -= width
                if cell < 0:
                    index = start + first
                    break
                index = start + last
        return self.cluster(self.span_of(line)[1] if index >= end else self._display.to_source(index))[0]

    def last_offset(self, line: int) -> int:
        """Return the offset of the last cluster that the line draws, or of its start where it draws none."""
        start, end = self.span_of(line)
        return self.cluster(end - 1)[0] if end > start else start

    def cells(self, line: int) -> int:
        """Return how many cells the line takes."""
        return self._measure(self._starts[line], self._ends[line])

    def drawn(self, line: int) -> str:
        """Return what the line draws."""
        return self._display.text[self._starts[line] : self._ends[line]]

    def runs(self, line: int, cuts: Sequence[int]) -> list[tuple[str, int, int]]:
        """Return what the line draws, cut at stored offsets.

        A cut inside a cluster makes a piece of the cluster, so that the pieces' widths sum up to the line's: style a
        piece if it overlaps a span, not if it lies in it. A sign belongs to the characters that it stands for.

        Args:
            line: The line.
            cuts: Stored offsets, sorted; those outside the line do not matter.

        Returns:
            In order and without gaps: what is drawn, and the half-open stored range of it. An empty line has none.
        """
        start, end = self._starts[line], self._ends[line]
        if start == end:
            return []
        first, last = self.span_of(line)
        edges = [start]
        for cut in cuts[bisect_right(cuts, first) : bisect_left(cuts, last)]:
            for bound in self._bounds_of(cut):
                if edges[-1] < bound < end:
                    edges.append(bound)
        edges.append(end)
        to_source, to_source_end, text = self._display.to_source, self._display.to_source_end, self._display.text
        return [(text[left:right], to_source(left), to_source_end(right)) for left, right in pairwise(edges)]

    def signs(self, line: int) -> list[tuple[str, int, int]]:
        """Return the signs that the line draws for characters it must not: what, column, cells."""
        start = self._starts[line]
        return [
            (self._display.text[left:right], self._measure(start, left), self._measure(left, right))
            for left, right in self._display.signs(start, self._ends[line])
        ]

    def _bounds_of(self, cut: int) -> tuple[int, ...]:
        """Return the drawn indexes at which to cut for a stored offset: it, or the bounds of its cluster."""
        start, end = self.cluster(cut)
        to_display = self._display.to_display
        return (to_display(cut),) if start == cut else (to_display(start), to_display(end))

    def _measure(self, start: int, end: int) -> int:
        """Return the cells between two drawn indexes, both at the bounds of clusters."""
        return end - start if is_even(self._display.text, start, end) else cell_len(self._display.text[start:end])
