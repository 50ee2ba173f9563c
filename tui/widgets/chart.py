"""A chart that Plotext draws, in the colours of the theme; a text stands in exactly the cells that it takes.

To load this takes a tenth of a second: only who draws does. Source: the manual of Plotext 5 (`text`, `plot`, `xlim`).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from msgspec import Struct
from rich.cells import cell_len
from rich.text import Text
from textual.color import Color
from textual_plotext import PlotextPlot

from tui.text.table import cut
from tui.widgets.pane_styles import MINIMUM_CONTRAST, contrast_ratio

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import TypeAlias

    from textual_plotext.plot import Plot

    Rgb: TypeAlias = tuple[int, int, int]

_FIRST_SIGN, _LAST_SIGN = 0xE000, 0xF8FF
"""Signs for private use: what has no cell or two is drawn as so many of them, and put in when the chart is made."""
STRONGEST = 0.6
"""How much of a colour is mixed into the ground of a cell at most."""


class Colours(Struct, frozen=True):
    """The colours of a theme.

    Args:
        variables: The theme's variables.
    """

    variables: Mapping[str, str]

    def rgb(self, name: str) -> Rgb:
        """Return a colour: a variable of the theme, or one as in #1f77b4."""
        return self._colour(name).rgb

    def ground(self, name: str, strength: float) -> Rgb:
        """Return the background with a part of a colour in it, as much of it as lets the foreground be read.

        Args:
            name: The colour.
            strength: How much of it, 0 to 1.
        """
        background, foreground = self._colour("background"), self._colour("foreground")
        part = STRONGEST * strength
        while part > 0.01 and contrast_ratio(foreground, background.blend(self._colour(name), part)) < MINIMUM_CONTRAST:  # noqa: PLR2004  # none
            part *= 0.9
        return background.blend(self._colour(name), part).rgb

    def _colour(self, name: str) -> Color:
        return Color.parse(self.variables.get(name, name))


class Canvas:
    """What a chart is drawn on.

    Args:
        plot: What draws.
        colours: The colours of the theme.
        width: Cells of a row.
        height: Rows.
    """

    def __init__(self, plot: Plot, colours: Colours, width: int, height: int) -> None:
        self.plot = plot
        self.colours = colours
        self.width = width
        self.height = height
        self._stand_ins: dict[str, str] = {}
        self._next = _FIRST_SIGN

    def lay_out_cells(self) -> None:
        """Draw in cells, without axes: to be called before the first text."""
        plot = self.plot
        plot.xaxes(lower=False, upper=False)
        plot.yaxes(left=False, right=False)
        plot.xfrequency(0)
        plot.yfrequency(0)
        plot.xlim(0, self.width - 1)
        plot.ylim(0, self.height - 1)

    def write(self, x: int, row: int, words: str, colour: str, ground: Rgb | None = None) -> None:
        """Write words, harmless to a terminal, from the cell `x` of a row on, the row at the top being 0.

        What is beyond the edge is left out.
        """
        room = self.width - x
        if cell_len(words) > room:
            words = cut(words, room)
        if not words or not 0 <= row < self.height:
            return
        rgb = self.colours.rgb(colour)
        drawn = self._stand_in(words)
        if ground is None:
            self.plot.text(drawn, x, self.height - 1 - row, color=rgb, alignment="left")
        else:
            self.plot.text(drawn, x, self.height - 1 - row, color=rgb, background=ground, alignment="left")

    def _stand_in(self, words: str) -> str:
        """Return as many signs as the words take cells; words that are harmless have no sign for private use."""
        if words.isascii() or all(cell_len(sign) == 1 for sign in words):
            return words
        if words not in self._stand_ins:
            size = cell_len(words)
            if self._next + size > _LAST_SIGN:
                return "?" * size
            self._stand_ins[words] = "".join(map(chr, range(self._next, self._next + size)))
            self._next += size
        return self._stand_ins[words]

    def finish(self, drawn: str) -> Text:
        """Return what was drawn, with the words in their places."""
        texts = {signs[:1]: words for words, signs in self._stand_ins.items()}
        return Text.from_ansi(re.sub("[\ue000-\uf8ff]", lambda sign: texts.get(sign[0], ""), drawn), end="")


class Chart(PlotextPlot):
    """A chart.

    Args:
        draw: Draws it, on a canvas that is empty.
    """

    def __init__(self, draw: Callable[[Canvas], None], *, id: str) -> None:  # noqa: A002  # Textual's name
        super().__init__(id=id)
        self.draw = draw
        self._made: tuple[tuple[int, int, str], Text] | None = None

    def redraw(self) -> None:
        """Draw anew: what is drawn has changed."""
        self._made = None
        self.refresh()

    def render(self) -> Text:
        """Draw, if not for this size and theme already: it takes up to a tenth of a second."""
        what = (*self.size, self.app.theme)
        if self._made is None or self._made[0] != what:
            self._made = what, make_chart(self.plt, Colours(self.app.theme_variables), *self.size, self.draw)
        return self._made[1]


def make_chart(plot: Plot, colours: Colours, width: int, height: int, draw: Callable[[Canvas], None]) -> Text:
    """Return what `draw` draws, in so many cells and rows."""
    if width <= 0 or height <= 0:
        return Text("")
    plot.clear_figure()
    plot.plotsize(width, height)
    plot._set_size(width, height)  # noqa: SLF001  # as its own widget does: else it is no larger than standard output
    background = colours.rgb("background")
    plot.canvas_color(background)
    plot.axes_color(background)
    plot.ticks_color(colours.rgb("muted"))
    canvas = Canvas(plot, colours, width, height)
    draw(canvas)
    return canvas.finish(plot.build().rstrip("\n"))


def proportioned(numbers: Sequence[int], cells: int) -> list[int]:
    """Return how many of `cells` each number takes, so that they sum up exactly (largest remainders)."""
    total = sum(numbers)
    if not total:
        return [0] * len(numbers)
    shares = [number * cells / total for number in numbers]
    taken = [int(share) for share in shares]
    by_remainder = sorted(range(len(numbers)), key=lambda place: taken[place] - shares[place])
    for place in by_remainder[: cells - sum(taken)]:
        taken[place] += 1
    return taken
