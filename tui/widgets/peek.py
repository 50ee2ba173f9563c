"""A post shown over the thread without going there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.segment import Segment
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from annotations.shape import Shape, size_class
from tui.text.body import Body
from tui.text.markup import read_markup
from tui.widgets.post_cursor import PostCursor
from tui.widgets.post_layout import Emphasis, Geometry

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual import events
    from textual.geometry import Region

    from tui.widgets.post_view import Chip, PostView

LEAST_ROWS = 3
"""Rows that the panel has at least: the header, a line, the edge."""
WHEEL_ROWS = 3
"""Rows that a notch of the wheel scrolls."""


class _OnePost:
    """The source of a single post."""

    def __init__(self, view: PostView) -> None:
        self._view = view

    def load(self, positions: Sequence[int]) -> Sequence[PostView]:
        """Return the post."""
        return [self._view for _ in positions]

    def hidden_summary(self, start: int, stop: int) -> tuple[int, Sequence[Chip]]:
        """Return that it hides nothing."""
        del start, stop
        return 0, ()


class PeekPane(PostCursor, Widget, can_focus=False, inherit_bindings=False):
    """One post in a panel as high as its text, at most half as high as the pane that it covers.

    It hangs from the top of the pane; where the post in focus stands there, it stands at the bottom instead.
    """

    DEFAULT_CSS = """
    PeekPane {
        layer: peek;
        width: 100%;
        background: $background;
        color: $foreground;
    }
    """

    class Chosen(Message):
        """The post was clicked."""

        def __init__(self, position: int) -> None:
            super().__init__()
            self.position = position

    _is_below = False

    def show_over(self, view: PostView, pane: PostCursor) -> bool:
        """Show a post over a pane, laid out as that pane lays its posts out, without indent.

        Returns:
            Whether there is more of it than the panel has room for.
        """
        self.measure, self.is_plain, self.is_flat = pane.measure, pane.is_plain, True
        self.is_source = pane.is_source
        post = view.post
        width = Geometry(pane.size.width, self.measure, is_flat=True, is_plain=self.is_plain).body_width(post.depth)
        reading = None if pane.is_source else read_markup(post.text, is_ascii=pane.is_plain).reading
        rows = 1 + Body(post.text, width, reading).height + 1  # the header, the text, the edge
        height = max(LEAST_ROWS, min(rows, pane.size.height // 2))
        at = pane.viewport.screen_row(pane.position)
        self._is_below = at is not None and at < height
        self.styles.height = height
        self.styles.offset = (0, pane.virtual_region.y + (pane.size.height - height if self._is_below else 0))
        self.show(Shape("\0", bytes([size_class(post.text)])), _OnePost(view), first=0)
        if self.outline is not None:
            self.viewport.height = height - 1
        self.refresh(layout=True)
        return rows > height

    def turn(self, pages: float) -> bool:
        """Turn pages, one row kept in sight; return whether there was anything more that way."""
        before = (self.viewport.top, self.viewport.row)
        rows = max(1, int((self.viewport.height - 1) * abs(pages)))
        self.scroll_rows(rows if pages > 0 else -rows)
        return before != (self.viewport.top, self.viewport.row)

    def relayout(self, height: int | None = None) -> None:
        """Lay out anew; a row is the panel's edge."""
        super().relayout(None if height is None else height - 1)

    def render_lines(self, crop: Region) -> list[Strip]:
        """Return the rows of a region of the panel; the one towards the thread is its edge."""
        strips = super().render_lines(crop.translate((0, -1)) if self._is_below else crop)
        edge = 0 if self._is_below else self.size.height - 1
        if crop.y <= edge < crop.bottom:
            sign = " " if self.is_plain else "─"
            style = self.painter.styles.plain("muted", is_focused=True)
            strips[edge - crop.y] = Strip([Segment(sign * crop.width, style)], crop.width)
        return strips

    def _emphasis(self, position: int) -> Emphasis:
        """Draw the panel on the ground of the line above it, so that the two belong together."""
        del position
        return Emphasis(is_focused=True, is_active=False)

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Scroll down."""
        event.stop()
        self.scroll_rows(WHEEL_ROWS)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Scroll up."""
        event.stop()
        self.scroll_rows(-WHEEL_ROWS)

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Keep the press from what lies below."""
        event.stop()

    def on_click(self, event: events.Click) -> None:
        """Go to the post."""
        event.stop()
        self.post_message(self.Chosen(self.view_of(0).post.position))
