"""The line above the thread: who is being answered, from the top of the chain down to the parent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.filter import ANSIToTruecolor
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from tui.widgets.divider import Divider
from tui.widgets.pane_styles import PaneStyles
from tui.widgets.trail import Part, Trail, lay_out_labels, lay_out_trail

if TYPE_CHECKING:
    from textual import events
    from textual.app import RenderResult
    from textual.geometry import Region

UNDERLINE = Style(underline=True)


class Breadcrumb(Widget):
    """One line; a name that is clicked is gone to. Where the panes are one above the other it divides them too."""

    ALLOW_SELECT = False
    DEFAULT_CSS = """
    Breadcrumb {
        height: 1;
        background: $focused-post;
        color: $foreground;
    }
    """

    class Chosen(Message):
        """A post of the chain was clicked."""

        def __init__(self, position: int) -> None:
            super().__init__()
            self.position = position

    class NewChosen(Message):
        """The count of new comments was clicked."""

    def __init__(self, guides: tuple[str, ...], *, id: str | None = None) -> None:  # noqa: A002  # Textual's name
        super().__init__(id=id)
        self._guides = guides
        self._trail = Trail()
        self._palette: PaneStyles | None = None
        self._drawn: tuple[object, Strip] | None = None
        self._hovered: int | None = None
        self._dragged_from: int | None = None

    def show(self, trail: Trail) -> None:
        """Show a chain."""
        if trail != self._trail:
            self._trail = trail
            self._hovered = None
            self.refresh()

    @property
    def said(self) -> str:
        """What the line says now, without its margins."""
        return "".join(part.text for part in self._parts()).strip()

    def _news(self) -> str:
        return f"{self._trail.new} new " if self._trail.new else ""

    def _labels(self) -> list[tuple[str, str]]:
        """Return the words and the hue of each label of the thread, as they are drawn."""
        return lay_out_labels(self._trail, self.size.width * 2 // 5)

    def _parts(self) -> list[Part]:
        """Return the parts from the first cell on, which is a margin."""
        width = self.size.width - 2 - sum(cell_len(words) + 1 for words, _ in self._labels())
        news = self._news()
        room = width - (cell_len(news) + 2 if news else 0)
        return [Part(" "), *lay_out_trail(self._trail, room)]

    def notify_style_update(self) -> None:
        """Take the theme's colours."""
        super().notify_style_update()
        self._palette = self._drawn = None

    def render(self) -> RenderResult:
        """Return nothing: the line is drawn by `render_line`."""
        return ""

    def render_line(self, y: int) -> Strip:
        """Return the line."""
        del y
        key = (self._trail, self.size.width, self._hovered)
        if self._drawn is None or self._drawn[0] != key:
            self._drawn = (key, self._draw())
        return self._drawn[1]

    def render_lines(self, crop: Region) -> list[Strip]:
        """Return the line, cut to a region; Textual's own way costs more than drawing it."""
        strip = self.render_line(0)
        if crop.x or crop.width != strip.cell_length:
            strip = strip.crop(crop.x, crop.right)
        return [strip] * crop.height

    def _draw(self) -> Strip:
        if self._palette is None:
            self._palette = PaneStyles(self.app.theme_variables, self._guides)
        palette = self._palette
        body = palette.plain("body", is_focused=True)
        styles = {-1: palette.plain("muted", is_focused=True), 0: body}
        segments = []
        for part in self._parts():
            style = styles.get(part.depth) or palette.depth(part.depth - 1, is_focused=True)
            if part.position is not None and part.position == self._hovered:
                style += UNDERLINE
            segments.append(Segment(part.text, style))
        news, labels = self._news(), self._labels()
        used = sum(cell_len(segment.text) for segment in segments)
        right = cell_len(news) + sum(cell_len(words) + 1 for words, _ in labels)
        segments.append(Segment(" " * max(0, self.size.width - used - right), body))
        for words, colour in labels:
            segments += [Segment(words, palette.chip(colour) if colour else styles[-1]), Segment(" ", body)]
        if news:
            segments.append(Segment(news, palette.plain("new", is_focused=True)))
        strip = Strip(segments).adjust_cell_length(self.size.width, body)
        for line_filter in self.app.get_line_filters():
            # Colours are true here already, and names and words stay as people wrote them.
            if not isinstance(line_filter, ANSIToTruecolor) and not getattr(line_filter, "spares_texts", False):
                strip = strip.apply_filter(line_filter, self.background_colors[1])
        return strip

    def target_at(self, x: int) -> int | None:
        """Return the position of the post to which a cell leads, -1 for the count of new comments, or None."""
        news = cell_len(self._news())
        if news and self.size.width - news <= x < self.size.width:
            return -1
        if self.size.width - news - sum(cell_len(words) + 1 for words, _ in self._labels()) <= x:
            return 0  # where the labels of the thread can be worked on
        at = 0
        for part in self._parts():
            at += cell_len(part.text)
            if x < at:
                return part.position
        return None

    @property
    def is_handle(self) -> bool:
        """Whether it stands for the divider, as where the panes are one above the other."""
        return self.screen.has_class("-stacked")

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Take hold of the line, where it is what divides the panes."""
        self._dragged_from = None
        if event.button == 1 and self.is_handle:
            event.stop()
            self._dragged_from = event.screen_y
            self.capture_mouse()

    def on_mouse_up(self, event: events.MouseUp) -> None:
        """Let go of the line."""
        if self._dragged_from is not None:
            event.stop()
            self._dragged_from = None
            self.release_mouse()

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Underline what a click would go to; drag the line along."""
        if self._dragged_from is not None and not event.button:  # the button was let go elsewhere
            self._dragged_from = None
            self.release_mouse()
        elif self._dragged_from is not None:
            if event.screen_y != self._dragged_from:
                self.post_message(Divider.Dragged(event.screen_x, event.screen_y))
            return
        hovered = self.target_at(event.x)
        if hovered != self._hovered:
            self._hovered = hovered
            self.refresh()

    def on_leave(self) -> None:
        """Underline nothing."""
        if self._hovered is not None:
            self._hovered = None
            self.refresh()

    def on_click(self, event: events.Click) -> None:
        """Go to what was clicked."""
        target = self.target_at(event.x)
        if target is None:
            if event.chain == 2 and self.is_handle:  # noqa: PLR2004  # clicks
                self.post_message(Divider.Reset())
            return
        event.stop()
        self.post_message(self.NewChosen() if target < 0 else self.Chosen(target))
