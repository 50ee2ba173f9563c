"""Entries of the same height, drawn one below the other: only those in view. `RowList` moves in them.

Source: Textual's guide, "Line API".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Protocol

from rich.segment import Segment
from textual.filter import ANSIToTruecolor
from textual.geometry import Offset
from textual.strip import Strip
from textual.widget import Widget

from tui.widgets.pane_styles import PaneStyles
from tui.widgets.plain import WithoutLines

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from rich.style import Style
    from textual.app import RenderResult
    from textual.geometry import Region

GUTTER = 2
"""Cells before an entry: the bar of the one that the cursor is on, and a gap."""
SCROLL_BAR = 1
KEPT = 600
"""Entries that stay drawn."""


class RowSource(Protocol):
    """What a list shows. Its length is the number of entries."""

    def __len__(self) -> int: ...

    def draw(
        self, index: int, width: int, styles: PaneStyles, *, is_focused: bool
    ) -> Sequence[Iterable[tuple[str, Style]]]:
        """Return the rows of an entry, each as pieces of text and their styles; what is wider than `width` is cut.

        Rows that are not returned are gaps.
        """


class RowCanvas(Widget, can_focus=True, inherit_bindings=False):
    """Entries, a cursor on one of them, a scroll bar.

    Args:
        rows_each: Rows of the screen that an entry takes.
        is_plain: Whether to draw for a screen reader.
    """

    ALLOW_SELECT: ClassVar[bool] = False

    def __init__(self, rows_each: int, *, is_plain: bool, id: str | None) -> None:  # noqa: A002  # Textual's name
        super().__init__(id=id)
        self.rows_each = rows_each
        self.is_plain = is_plain
        self.source: RowSource | None = None
        self.cursor = 0
        self.top = 0
        """The first row in view, counted in rows of the screen from the first entry's first."""
        self._drawn: dict[tuple[int, bool, bool], list[Strip]] = {}
        self._styles: PaneStyles | None = None

    def __len__(self) -> int:
        return len(self.source) if self.source is not None else 0

    def __bool__(self) -> bool:
        return True  # a widget is there also when it shows nothing

    @property
    def rows_in_view(self) -> int:
        """Rows of the screen in view."""
        return max(1, self.size.height)

    def redraw(self) -> None:
        """Draw all entries anew: what they say has changed."""
        self._drawn.clear()
        self.refresh()

    def notify_style_update(self) -> None:
        """Take the theme's colours."""
        super().notify_style_update()
        self._styles = None
        self._drawn.clear()

    @property
    def pane_styles(self) -> PaneStyles:
        """The styles of the present theme."""
        if self._styles is None:
            self._styles = PaneStyles(self.app.theme_variables, ())
        return self._styles

    def render(self) -> RenderResult:
        """Return nothing: the lines are drawn by `render_lines`."""
        return ""

    def render_line(self, y: int) -> Strip:
        """Return one row of the list."""
        return self._draw(range(y, y + 1))[0]

    def render_lines(self, crop: Region) -> list[Strip]:
        """Return the rows of a region of the list."""
        strips = self._draw(crop.line_range)
        if self.has_focus and self.app.screen is self.screen:  # where screen readers and magnifiers look
            row = max(0, self.cursor * self.rows_each - self.top)
            self.app.cursor_position = self.region.offset + Offset(GUTTER, row)
        if crop.x or crop.width != self.size.width:
            strips = [strip.crop(crop.x, crop.right) for strip in strips]
        return strips

    def _draw(self, lines: range) -> list[Strip]:
        bar = self._scroll_bar()
        ground = self.pane_styles.plain("body")
        width = max(0, self.size.width - SCROLL_BAR)
        blank = Strip([Segment(" " * width, ground)])
        strips = []
        for y in lines:
            index, row = divmod(self.top + y, self.rows_each)
            strip = self._entry(index, width)[row] if index < len(self) else blank
            strips.append(Strip([*strip, bar[min(y, len(bar) - 1)]]))
        for line_filter in self.app.get_line_filters():
            if not isinstance(line_filter, ANSIToTruecolor | WithoutLines):  # colours are true here, texts stay
                strips = [strip.apply_filter(line_filter, self.background_colors[1]) for strip in strips]
        return strips

    def _entry(self, index: int, width: int) -> list[Strip]:
        key = (index, index == self.cursor, self.has_focus)
        strips = self._drawn.get(key)
        if strips is None and self.source is not None:
            if len(self._drawn) > KEPT:
                self._drawn.clear()
            strips = self._drawn[key] = self._draw_entry(self.source, index, width)
        return strips or []

    def _draw_entry(self, source: RowSource, index: int, width: int) -> list[Strip]:
        styles, is_focused = self.pane_styles, index == self.cursor
        bar = (">" if self.is_plain else "▌") if is_focused else " "
        ground = styles.plain("body", is_focused=is_focused)
        gutter = [
            Segment(bar, styles.plain("bar", is_focused=is_focused, is_active=self.has_focus)),
            Segment(" ", ground),
        ]
        rows = source.draw(index, max(0, width - GUTTER), styles, is_focused=is_focused)
        drawn = [[*gutter, *(Segment(text, style) for text, style in row)] for row in rows]
        strips = [Strip(segments).adjust_cell_length(width, ground) for segments in drawn]
        gap = Strip([Segment(" " * width, styles.plain("body"))])
        return [*strips, *[gap] * (self.rows_each - len(strips))]

    def _scroll_bar(self) -> list[Segment]:
        height, total = self.rows_in_view, len(self) * self.rows_each
        styles = self.pane_styles
        if total <= height or self.is_plain:  # a screen reader would read it out with every line
            return [Segment(" ", styles.plain("track"))] * height
        thumb = max(1, round(height * height / total))
        at = round(self.top / (total - height) * (height - thumb))
        track = [Segment("│", styles.plain("track"))] * height
        track[at : at + thumb] = [Segment("┃", styles.plain("thumb"))] * thumb
        return track

    def on_focus(self) -> None:
        """Show that keys go here."""
        self.refresh()

    def on_blur(self) -> None:
        """Show that keys go elsewhere."""
        self.refresh()
