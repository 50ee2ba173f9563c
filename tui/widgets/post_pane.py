"""The pane that shows posts: what `PostCanvas` draws, moved by keys and by the mouse."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from msgspec import Struct
from textual.message import Message
from textual.widget import Widget

from tui.text import motions
from tui.widgets.post_layout import GUTTER, STEP
from tui.widgets.post_painter import thumb_place
from tui.widgets.post_selection import PostSelection

if TYPE_CHECKING:
    from textual import events
    from textual.timer import Timer

    from tui.text.decoration import Link
    from tui.widgets.post_view import Chip

WHEEL_ROWS = 3
"""Rows that a notch of the wheel scrolls."""
DRAG_INTERVAL = 0.05
"""Seconds between two rows while a drag stands outside the pane."""

Place = Literal["marker", "guide", "header", "chip", "text", "link", "tag", "bar", "nothing"]


class Hit(Struct, frozen=True):
    """What the mouse points at.

    Args:
        place: Which part of the pane.
        position: The post, or -1.
        offset: The offset of the cluster in its text, for `text`; for `tag` where the span ends behind which it stands.
        level: Which guide, for `guide`; 0 is the outermost.
        chip: Which chip, for `chip`.
        link: Whose number, for `link`.
    """

    place: Place
    position: int = -1
    offset: int = 0
    level: int = 0
    chip: Chip | None = None
    link: Link | None = None


class PostPane(PostSelection, Widget, can_focus=True, inherit_bindings=False):
    """A list of posts to read, fold, select and label in, with keys and mouse."""

    DEFAULT_CSS = """
    PostPane {
        width: 1fr;
        height: 1fr;
        background: $background;
        color: $foreground;
    }
    """

    class ChipChosen(Message):
        """A chip of the post in focus was clicked."""

        def __init__(self, chip: Chip) -> None:
            super().__init__()
            self.chip = chip

    class TagChosen(Message):
        """The relations at a labeled span were clicked.

        Args:
            position: The post.
            offset: Where the span ends.
        """

        def __init__(self, position: int, offset: int) -> None:
            super().__init__()
            self.position = position
            self.offset = offset

    class LinkChosen(Message):
        """The number of a link was clicked."""

        def __init__(self, link: Link) -> None:
            super().__init__()
            self.link = link

    def __init__(self, guides: tuple[str, ...], *, id: str | None = None) -> None:  # noqa: A002  # Textual's name
        super().__init__(guides, id=id)
        self._drag: int | None = None
        self._pressed: Hit | None = None
        self._grip = 0
        self._drag_row = 0
        self._drag_column = 0
        self._is_on_bar = False
        self._drag_timer: Timer | None = None

    def hit(self, x: int, y: int) -> Hit:
        """Return what stands at a cell of the pane."""
        rows = list(self.viewport.rows()) if self.outline is not None else []
        if rows and x >= self.size.width - 1:
            return Hit("bar")
        return self._hit_row(*rows[y], x) if 0 <= y < len(rows) else Hit("nothing")

    def _hit_row(self, position: int, row: int, x: int) -> Hit:
        painted = self.painted(position)
        indent = self.painter.geometry.indent(painted.view.post.depth)
        inside = x - GUTTER - indent
        if inside < 0:
            return Hit("guide" if x >= GUTTER else "header", position, level=(x - GUTTER) // STEP)
        if row == 0:
            for start, end, chip in painted.chips:
                if start <= x < end:
                    return Hit("chip", position, chip=chip)
            return Hit("marker" if inside < len("▾ ") and self._is_thread and not self.is_plain else "header", position)
        body = painted.body
        line = min(row - 1, body.height - 1)
        if row - 1 > line or not painted.view.post.text:
            return Hit("header", position)
        tag = body.tag_at(line, inside)
        if tag is not None:
            return Hit("tag", position, offset=tag)
        behind = body.added_at(line, inside)
        link = next((link for link in painted.markup.links if link.end == behind), None)
        return Hit("link" if link else "text", position, offset=body.offset_at(line, inside), link=link)

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Scroll down."""
        event.stop()
        self.scroll_rows(WHEEL_ROWS)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Scroll up."""
        event.stop()
        self.scroll_rows(-WHEEL_ROWS)

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Put the cursor where the mouse points, fold at a guide, begin a drag."""
        if event.button != 1 or self.outline is None:
            return
        event.stop()
        if self._is_dragging:  # its end went elsewhere, and so should this
            self._end_drag()
            if not 0 <= event.x < self.size.width or not 0 <= event.y < self.size.height:
                return
        self.focus()
        hit = self._pressed = self.hit(event.x, event.y)
        if hit.place == "bar":
            self._press_bar(event.y)
        elif hit.place == "guide":
            self._fold_at_guide(hit)
        else:
            self._press_post(hit)

    def _fold_at_guide(self, hit: Hit) -> None:
        """Fold the post whose guide was pressed."""
        if self.outline is None:
            return
        ancestors = self.outline.ancestors(hit.position)
        ancestors = [position for position in ancestors if position >= self.outline.first_visible()]
        if hit.level < len(ancestors):
            self.fold_position(ancestors[hit.level])

    def _press_post(self, hit: Hit) -> None:
        if hit.place == "marker":
            self.go_to(hit.position)
            self.toggle_fold()
        elif hit.place in {"header", "chip", "link", "tag"}:
            self.go_to(hit.position)
        elif hit.place == "text":
            self.selection_start = None
            self.is_by_sentence = False
            self.go_to_text(hit.position, hit.offset)
            self._drag = self.caret
            self.capture_mouse()

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Extend the selection of a drag, within the post where it began."""
        if not event.button:
            # The button was let go in another pane before this one had begun to capture the mouse.
            self._end_drag()
        elif self._is_on_bar:
            self._scroll_to_share(event.y)
        elif self._drag is not None:
            self._drag_column, self._drag_row = event.x, event.y
            self._extend_drag()
            outside = not 0 <= event.y < self.size.height
            if outside and self._drag_timer is None:
                self._drag_timer = self.set_interval(DRAG_INTERVAL, self._scroll_drag)
            elif not outside:
                self._stop_drag_timer()

    def _stop_drag_timer(self) -> None:
        if self._drag_timer is not None:
            self._drag_timer.stop()
            self._drag_timer = None

    def _scroll_drag(self) -> None:
        if self._drag is None:
            self._stop_drag_timer()
            return
        self.viewport.scroll(-1 if self._drag_row < 0 else 1)
        self._extend_drag()

    def _extend_drag(self) -> None:
        y = max(0, min(self._drag_row, self.size.height - 1))
        rows = list(self.viewport.rows())
        painted = self.painted(self.position)
        position, row = rows[y] if y < len(rows) else rows[-1]
        if position < self.position:
            offset = 0
        elif position > self.position or row > painted.body.height:
            offset = painted.body.follow(motions.previous_cluster, len(self.text))
        elif row == 0:
            offset = 0
        else:
            inside = self._drag_column - GUTTER - self.painter.geometry.indent(painted.view.post.depth)
            offset = painted.body.offset_at(row - 1, max(0, inside))
        if self._drag is not None and offset != self.caret:
            self.selection_start = self._drag
            self.caret = painted.body.cluster(min(offset, max(0, len(self.text) - 1)))[0]
            self.changed()

    def on_mouse_up(self, event: events.MouseUp) -> None:
        """End a drag."""
        if self._is_dragging:
            event.stop()
            self._end_drag()

    @property
    def _is_dragging(self) -> bool:
        return self._drag is not None or self._is_on_bar

    def _end_drag(self) -> None:
        if self._is_dragging:
            self._drag = None
            self._is_on_bar = False
            self._stop_drag_timer()
            self.release_mouse()

    def on_click(self, event: events.Click) -> None:
        """Select the word at a double click, the sentence at a triple one; choose a chip or link at a single one."""
        hit = self.hit(event.x, event.y)
        if hit.link is not None and event.chain == 1 and hit == self._pressed:
            event.stop()
            self.post_message(self.LinkChosen(hit.link))
            return
        if hit.place == "tag" and event.chain == 1 and hit == self._pressed:
            event.stop()
            self.post_message(self.TagChosen(hit.position, hit.offset))
            return
        if hit.chip is not None and event.chain == 1 and hit.position == self.position:
            event.stop()
            self.post_message(self.ChipChosen(hit.chip))
            return
        if hit.place != "text" or event.chain < 2:  # noqa: PLR2004  # clicks
            return
        event.stop()
        self.go_to_text(hit.position, hit.offset)
        if event.chain == 2:  # noqa: PLR2004  # clicks
            self.select_word(hit.offset)
        else:
            found = self.body.find(motions.sentence_at, hit.offset)
            if found is not None:
                self.select_span(*found)

    def _press_bar(self, y: int) -> None:
        """Take hold of the scroll bar's thumb, or page towards where it was pressed."""
        outline = self.outline
        if outline is None:
            return
        top = outline.row_of(self.viewport.top) + self.viewport.row
        at, thumb = thumb_place(top, outline.total_rows, max(1, self.size.height))
        if at <= y < at + thumb:
            self._is_on_bar = True
            self._grip = y - at
            self.capture_mouse()
        elif thumb:
            self.page(-1 if y < at else 1)

    def _scroll_to_share(self, y: int) -> None:
        """Bring into view what stands where the scroll bar's thumb was dragged."""
        outline = self.outline
        if outline is None:
            return
        height = max(1, self.size.height)
        room = height - thumb_place(0, outline.total_rows, height)[1]
        at = max(0, min(y - self._grip, room))
        row = round(at / max(1, room) * max(0, outline.total_rows - height))
        self.viewport.top, self.viewport.row = outline.at_row(row)
        self.viewport.settle()
        self._follow_view(downwards=True)
        self.changed()
