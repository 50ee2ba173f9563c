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
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from tui.text.visible import Display


class Body:
    """A text laid out at a width: lines, and the map between cells and offsets of the stored text.

    Three coordinates: *offsets* are code points of the stored text, *cells* are columns of a line on the screen, and
    *indexes* stay inside: of the text as it is read (markup hidden, links numbered; mostly the stored text itself), and
    of the drawn text, in which signs stand for what must not be drawn. A cluster is what the cursor steps over (see
    `tui.text.cells`), of the text as it is read. Kept are the text, two integers a line, and four for each character
    that is not drawn as it is.

    Args:
        text: The stored text.
        width: Cells of a line.
        reading: How the text is read (see `tui.text.visible.redraw`), where that is not as it is stored.
        tags: Words to draw behind stored offsets, in order: they are no part of the text as it is read, so that no
            motion stops at them and no sentence holds them.

    Attributes:
        height: Lines that it takes; an empty text takes one.
        tags: The tags that it was made with.
    """

    __slots__ = (
        *("_display", "_ends", "_hangs", "_inner", "_reading", "_starts", "_tagged"),
        *("height", "tags", "text", "width"),
    )

    def __init__(
        self, text: str, width: int, reading: Display | None = None, tags: Sequence[tuple[int, str]] = ()
    ) -> None:
        self.text = text
        self.width = width
        self._reading = reading
        self._inner = text if reading is None else reading.text
        self.tags = tags
        behind = [self._behind(offset) for offset, _ in tags]
        self._tagged = {
            index: max(offset, self._end_of(index)) for index, (offset, _) in zip(behind, tags, strict=True)
        }
        self._display = display(self._inner, [(index, words) for index, (_, words) in zip(behind, tags, strict=True)])
        self._hangs: dict[int, int] = {}
        lines = wrap(self._display.text, width, self._hangs)
        self._starts: array[int] = lines[::2]
        self._ends: array[int] = lines[1::2]
        self.height = len(self._starts)

    def tag_place(self, offset: int) -> int | None:
        """Return where runs say that the tag of an offset stands: behind a character that it is within; None without one."""
        return self._tagged.get(self._behind(offset))

    def _behind(self, offset: int) -> int:
        """Return the index behind what is read before an offset, with the link's number that may stand there."""
        index = offset if self._reading is None else self._reading.to_display(offset)
        start, end = cluster_at(self._inner, index)
        return index if start == index else end

    # --- offsets and indexes --------------------------------------------------------------------------------------

    def _index_of(self, offset: int) -> int:
        """Return the index of what is read at an offset; for what is hidden, of what is read behind it."""
        if (reading := self._reading) is None:
            return offset
        return reading.to_display(reading.to_source(reading.to_display(offset)))  # never on words that were added

    def _offset_of(self, index: int) -> int:
        """Return the offset of what is read at an index; for words that were added, of what is read behind them."""
        if (reading := self._reading) is None:
            return index
        return reading.to_source(reading.to_display(reading.to_source(index)))

    def _start_of(self, index: int) -> int:
        """Return the offset of what is read at an index; for words that were added, the place where they were."""
        return index if self._reading is None else self._reading.to_source(index)

    def _end_of(self, index: int) -> int:
        """Return the offset behind what is read just before `index`."""
        return index if self._reading is None else self._reading.to_source_end(index)

    def visible(self, offset: int) -> int:
        """Return the offset of what is read at an offset; for what is hidden, of what is read behind it."""
        return self._offset_of(self._index_of(offset))

    def cluster(self, offset: int) -> tuple[int, int]:
        """Return the stored bounds of the cluster that holds `offset`; an empty range at the text's end.

        For what is hidden it is the cluster behind it.
        """
        if self._reading is None:
            return cluster_at(self.text, offset)
        start, end = cluster_at(self._inner, self._index_of(offset))
        first = self._offset_of(start)
        return first, self._end_of(end) if end > start else first

    def follow(self, motion: Callable[[str, int], int], offset: int) -> int:
        """Return where a motion of `tui.text.motions` leads from an offset, in the text as it is read."""
        index = self._index_of(offset)
        while True:
            target = motion(self._inner, index)
            found = self._offset_of(target)
            if found != offset or target == index:
                return found
            index = target

    def follow_end(self, motion: Callable[[str, int], int], end: int) -> int:
        """Return where a motion leads from a span's end, as a span's end."""
        return self._end_of(motion(self._inner, self._index_of(end)))

    def find(self, finder: Callable[[str, int], tuple[int, int] | None], offset: int) -> tuple[int, int] | None:
        """Return the stored range of the word, sentence or paragraph that a finder of `tui.text.motions` finds."""
        found = finder(self._inner, self._index_of(offset))
        if found is None or self._reading is None:
            return found
        start, end = self._offset_of(found[0]), self._end_of(found[1])
        return (start, end) if start < end else None  # it was nothing but words that were added

    def find_character(self, finder: Callable[[str, int, str], int | None], offset: int, character: str) -> int | None:
        """Return where a character stands next in the text as it is read, or None."""
        found = finder(self._inner, self._index_of(offset), character)
        return None if found is None else self._offset_of(found)

    def words(
        self, finder: Callable[[str, int, int], Iterable[tuple[int, int]]], line: int
    ) -> Iterator[tuple[int, int]]:
        """Yield the stored ranges of the words that a finder of `tui.text.motions` finds to begin on a line."""
        start, end = self._display.to_source(self._starts[line]), self._display.to_source_end(self._ends[line])
        reached = -1
        for found in finder(self._inner, start, end):
            word = self._offset_of(found[0]), self._end_of(found[1])
            if reached < word[0] < word[1] and self.line_of(word[0]) == line:  # else it is but words that were added
                reached = word[0]
                yield word

    # --- lines ------------------------------------------------------------------------------------------------------

    def line_of(self, offset: int) -> int:
        """Return the line that holds `offset`.

        A newline, and spaces at which a line was broken, belong to the line before; the text's end to the last.
        """
        return self._line_at(self._display.to_display(self._index_of(offset)))

    def _line_at(self, place: int) -> int:
        return max(0, bisect_right(self._starts, place) - 1)

    def span_of(self, line: int) -> tuple[int, int]:
        """Return the stored offsets that the line draws, half-open; without the newline and break spaces behind."""
        start, end = self._starts[line], self._ends[line]
        first = self._start_of(self._display.to_source(start))
        return first, self._end_of(self._display.to_source_end(end)) if end > start else first

    def cell_of(self, offset: int) -> tuple[int, int]:
        """Return the line and the column of the cluster that holds `offset`.

        For what is not drawn (a newline, break spaces, the text's end) it is the column behind the line's last
        cluster, which is `width` where the line is full.
        """
        place = self._display.to_display(cluster_at(self._inner, self._index_of(offset))[0])
        line = self._line_at(place)
        return line, self._hang(line) + self._measure(self._starts[line], min(place, self._ends[line]))

    def offset_at(self, line: int, cell: int) -> int:
        """Return the offset of the cluster that is drawn at a column, or the end of the line's span behind it."""
        return self._offset_of(cluster_at(self._inner, self._index_at(line, cell))[0])

    def _index_at(self, line: int, cell: int) -> int:
        start, end = self._starts[line], self._ends[line]
        cell = max(cell - self._hang(line), 0)
        drawn = self._display.text
        if is_even(drawn, start, end):
            place = min(start + cell, end)
        else:
            place = end
            for first, last, width in measured_clusters(drawn[start:end]):
                cell -= width
                if cell < 0:
                    place = start + first
                    break
                place = start + last
        if place < end:
            return self._display.to_source(place)
        return self._display.to_source_end(end) if end > start else self._display.to_source(start)

    def added_at(self, line: int, cell: int) -> int | None:
        """Return the offset behind which the words at a cell were added, or None where they stand for stored text."""
        if self._reading is None or not self._hang(line) <= cell < self.cells(line):
            return None
        index = self._index_at(line, cell)
        return self._start_of(index) if self._reading.added(index, index + 1) else None

    def tag_at(self, line: int, cell: int) -> int | None:
        """Return the offset behind which the tag at a cell was drawn, or None where there is none."""
        if not self._tagged or not self._hang(line) <= cell < self.cells(line):
            return None
        for left, right in self._display.added(self._starts[line], self._ends[line]):
            at = self._hang(line) + self._measure(self._starts[line], left)
            if at <= cell < at + self._measure(left, right):
                return self._tagged[self._display.to_source(left)]
        return None

    def last_offset(self, line: int) -> int:
        """Return the offset of the last cluster that the line draws, or of its start where it draws none."""
        start, end = self._starts[line], self._ends[line]
        first = self._display.to_source(start)
        last = self._display.to_source_end(end) if end > start else first
        while last > first:
            index = cluster_at(self._inner, last - 1)[0]
            if self._reading is None or not self._reading.added(index, last):
                return self._offset_of(index)
            last = index
        return self.cluster(self._offset_of(first))[0]

    def cells(self, line: int) -> int:
        """Return how many cells the line takes."""
        return self._hang(line) + self._measure(self._starts[line], self._ends[line])

    def drawn(self, line: int) -> str:
        """Return what the line draws."""
        return " " * self._hang(line) + self._display.text[self._starts[line] : self._ends[line]]

    def runs(self, line: int, cuts: Sequence[int]) -> list[tuple[str, int, int]]:
        """Return what the line draws, cut at stored offsets.

        A cut inside a cluster makes a piece of the cluster, so that the pieces' widths sum up to the line's: style a
        piece if it overlaps a span, not if it lies in it. A sign belongs to the characters that it stands for.

        Args:
            line: The line.
            cuts: Stored offsets, sorted; those outside the line do not matter.

        Returns:
            In order: what is drawn, and the half-open stored range of it. The range is empty for what stands for no
            stored text: the indentation of a line that goes on a list's item, a link's number. Between the ranges is
            only what is hidden. An empty line has none.
        """
        start, end = self._starts[line], self._ends[line]
        if start == end:
            return []
        first, last = self.span_of(line)
        bounds = [
            bound for cut in cuts[bisect_right(cuts, first) : bisect_left(cuts, last)] for bound in self._bounds_of(cut)
        ]
        if self._reading is not None:
            bounds = sorted([*bounds, *self._bounds_of_added(start, end)])
        if self._tagged:
            bounds = sorted([*bounds, *(bound for pair in self._display.added(start, end) for bound in pair)])
        edges = [start]
        for bound in bounds:
            if edges[-1] < bound < end:
                edges.append(bound)
        edges.append(end)
        to_source, to_source_end, text = self._display.to_source, self._display.to_source_end, self._display.text
        pieces = pairwise(edges)
        if self._reading is None:
            runs = [(text[left:right], to_source(left), to_source_end(right)) for left, right in pieces]
        else:
            runs = [
                (text[left:right], self._start_of(to_source(left)), self._end_of(to_source_end(right)))
                for left, right in pieces
            ]
        if self._tagged:
            tags = {left: self._tagged[to_source(left)] for left, _ in self._display.added(start, end)}
            runs = [
                run if (tag := tags.get(left)) is None else (run[0], tag, tag)
                for run, left in zip(runs, edges, strict=False)
            ]
        if hang := self._hangs.get(line):
            runs.insert(0, (" " * hang, first, first))
        return runs

    def signs(self, line: int) -> list[tuple[str, int, int]]:
        """Return the signs that the line draws for characters it must not: what, column, cells."""
        start, hang = self._starts[line], self._hang(line)
        return [
            (self._display.text[left:right], hang + self._measure(start, left), self._measure(left, right))
            for left, right in self._display.signs(start, self._ends[line])
            if not self._display.added(left, right)
        ]

    def _hang(self, line: int) -> int:
        """Return the cells by which the line is indented because it goes on another."""
        return self._hangs.get(line, 0)

    def _bounds_of(self, cut: int) -> tuple[int, ...]:
        """Return the drawn places at which to cut for a stored offset: it, or the bounds of its cluster."""
        index = self._index_of(cut)
        start, end = cluster_at(self._inner, index)
        to_display = self._display.to_display
        return (to_display(index),) if start == index else (to_display(start), to_display(end))

    def _bounds_of_added(self, start: int, end: int) -> list[int]:
        """Return the drawn places between which words were added that stand for no stored text."""
        assert self._reading is not None  # noqa: S101  # without it nothing is added
        shown = self._display
        added = self._reading.added(shown.to_source(start), shown.to_source_end(end))
        return [shown.to_display(bound) for pair in added for bound in pair]

    def _measure(self, start: int, end: int) -> int:
        """Return the cells between two drawn places, both at the bounds of clusters."""
        return end - start if is_even(self._display.text, start, end) else cell_len(self._display.text[start:end])
