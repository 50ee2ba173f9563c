"""Draw the letters by which words and labeled spans are chosen: in the gap before the word, so that it can be read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct
from rich.cells import set_cell_size
from rich.segment import Segment
from textual.strip import Strip

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from tui.text.body import Body
    from tui.widgets.pane_styles import PaneStyles


class Letter(Struct, frozen=True, order=True):
    """A letter on a line.

    Args:
        column: Where, in cells from the beginning of the text.
        cells: How many cells it covers.
        code: What is to be typed; of two letters the first is shown, more quietly.
    """

    column: int
    cells: int
    code: str


def letters_on(body: Body, line: int, hints: Mapping[int, str]) -> list[Letter]:
    """Return the letters on a line of a text, from left to right.

    Args:
        body: The text.
        line: Which line.
        hints: What is to be typed, by the offset of what it chooses.
    """
    start, end = body.span_of(line)
    places = ((place, code) for place, code in hints.items() if start <= place <= end and body.line_of(place) == line)
    return sorted(Letter(*_place(body, line, place), code) for place, code in places)


def lay_over(strip: Strip, left: int, letters: Sequence[Letter], styles: PaneStyles) -> Strip:
    """Return a line of a text that begins at the column `left`, with letters on it."""
    return Strip.join(list(_pieces(strip, left, letters, styles)))


def _pieces(strip: Strip, left: int, letters: Sequence[Letter], styles: PaneStyles) -> Iterator[Strip]:
    reached = 0
    for letter in letters:
        column = left + letter.column
        if column >= reached:
            yield strip.crop(reached, column)
            style = styles.cursor if len(letter.code) == 1 else styles.quiet_hint
            yield Strip([Segment(set_cell_size(letter.code[:1], letter.cells), style)])
            reached = column + letter.cells
    yield strip.crop(reached)


def _place(body: Body, line: int, place: int) -> tuple[int, int]:
    """Return the column in which a letter for a place is drawn, and how many cells it covers.

    It is the space before the place, the column before the text where the line begins there, else the place itself.
    """
    column = body.cell_of(place)[1]
    if place <= body.span_of(line)[0] or body.text[body.offset_at(line, column - 1)].isspace():
        return column - 1, 1
    end = body.cluster(place)[1]
    return column, max(1, body.cell_of(end)[1] - column) if body.line_of(end) == line else 1
