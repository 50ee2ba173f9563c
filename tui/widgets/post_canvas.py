"""Show posts: the article, or the comments of a thread as a tree that folds.

Drawn on the Line API without a widget a post: the canvas holds an `Outline` (a few bytes a post), and loads, lays out and
draws the posts in view. It scrolls by an anchor (`Viewport`), not by Textual's virtual size, because the heights of
posts never seen are estimates; the scroll bar is its last column. Source: Textual's guide, "Line API".
"""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING, ClassVar, Self, TypeAlias

from msgspec.structs import replace
from rich.segment import Segment
from textual.filter import ANSIToTruecolor
from textual.message import Message
from textual.strip import Strip

from annotations.model import PostKind
from tui.text.body import Body
from tui.text.markup import read_markup
from tui.text.motions import sentence_at
from tui.text.outline import Outline
from tui.text.viewport import Viewport
from tui.text.visible import one_line
from tui.widgets.pane_styles import PaneStyles
from tui.widgets.post_layout import GUTTER, NO_NAME, Emphasis, Geometry, PaintedPost
from tui.widgets.post_painter import PostPainter

if TYPE_CHECKING:
    import re
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from textual.app import RenderResult
    from textual.events import Resize
    from textual.geometry import Region
    from textual.widget import Widget

    from annotations.shape import Shape
    from tui.widgets.post_view import Chip, PostSource, PostView

    RepeatFinding: TypeAlias = Callable[[Sequence[PostView]], Mapping[int, tuple[tuple[int, int], ...]]]

KEPT_POSTS = 80
"""Posts that stay laid out; at 60 rows a pane, some five pages."""
NOTHING = "No comments match"
"""What a pane says instead of posts when a filter hides them all."""
OVERHEAD = 2
"""Rows of a post beside its text: the header and the gap below."""


if TYPE_CHECKING:
    WidgetPart: TypeAlias = Widget
else:
    WidgetPart = object
    """Only the last class of the chain is a widget for Textual, which takes 0.4 ms to make one."""


class PostCanvas(WidgetPart):
    """A list of posts, drawn with a cursor and a selection that `PostPane` moves."""

    ALLOW_SELECT: ClassVar[bool] = False

    class Moved(Message):
        """The cursor, the selection, a fold or the view has changed."""

        def __init__(self, pane: PostCanvas) -> None:
            super().__init__()
            self.pane = pane

        @property
        def control(self) -> PostCanvas:
            """The pane."""
            return self.pane

    def __init__(self, guides: tuple[str, ...], *, id: str | None = None) -> None:  # noqa: A002  # Textual's name
        self._drawn_rows: dict[int, Strip] = {}
        super().__init__(id=id)
        self.guides = guides
        self.measure = 88
        self.is_flat = False
        self.is_plain = False
        self.is_source = False
        self.outline: Outline | None = None
        self.source: PostSource | None = None
        self.repeat_finder: RepeatFinding | None = None
        self._uncompared: list[int] = []
        self._first = 0
        self._painted: OrderedDict[int, PaintedPost] = OrderedDict()
        self._views: OrderedDict[int, PostView] = OrderedDict()
        self._pattern: re.Pattern[str] | None = None
        self._hints: Mapping[tuple[int, int | None], str] = {}
        self._frame: list[tuple[int, int]] | None = None
        self._styles: PaneStyles | None = None
        self._painter: PostPainter | None = None
        self._laid_out: tuple[Geometry, int] | None = None
        self.position = 0
        self.caret = 0
        self.is_in_text = False
        self.selection_start: int | None = None
        self.is_by_sentence = False

    # --- what it shows ------------------------------------------------------------------------------------------

    def show(self, shape: Shape, source: PostSource, *, first: int) -> None:
        """Show the posts of a shape from position `first` on, loaded from `source`."""
        self.source = source
        self._first = first
        self._forget()
        geometry = self._geometry()
        self.outline = (
            Outline(shape, first=first, width=geometry.width, body_width=geometry.body_width, overhead=OVERHEAD)
            if len(shape) > first
            else None
        )
        self.caret = 0
        self.selection_start = None
        self.is_by_sentence = False
        if self.outline is not None:
            self.viewport = Viewport(self.outline, self._measure_post)
            self.viewport.height = max(1, self.size.height)
            self.position = self.outline.first_visible()
            self._laid_out = geometry, self.size.height
        self.refresh()

    def _geometry(self) -> Geometry:
        return Geometry(self.size.width or 80, self.measure, self.is_flat, self.is_plain)

    def _forget(self) -> None:
        self._painted.clear()
        self._views.clear()
        self._frame = None

    def view_of(self, position: int) -> PostView:
        """Return the post at a position, loading it if it is not at hand."""
        view = self._views.get(position)
        if view is None:
            self._load([position])
            view = self._views[position]
        return view

    def _load(self, positions: Sequence[int]) -> None:
        if self.source is None:
            return
        for position, view in zip(positions, self.source.load(positions), strict=True):
            self._views[position] = view
        while len(self._views) > 2 * KEPT_POSTS:
            self._views.popitem(last=False)

    def painted(self, position: int) -> PaintedPost:
        """Return the post at a position, laid out for the pane's width."""
        painted = self._painted.get(position)
        if painted is None:
            view = self.view_of(position)
            markup = read_markup(view.post.text, is_ascii=self.is_plain)
            reading = None if self.is_source else markup.reading
            body = Body(view.post.text, self._geometry().body_width(view.post.depth), reading)
            painted = self._painted[position] = PaintedPost(view, body, markup)
            if self.repeat_finder is not None and not view.repeats:
                if not self._uncompared:
                    self.call_after_refresh(self._find_repeats)
                self._uncompared.append(position)
            while len(self._painted) > KEPT_POSTS:
                self._painted.popitem(last=False)
        else:
            self._painted.move_to_end(position)
        return painted

    def _find_repeats(self) -> None:
        """Find what the posts repeat that were laid out since, once they are on the screen: no key waits for it."""
        positions, self._uncompared = self._uncompared, []
        views = [self._views[position] for position in positions if position in self._views]
        if self.repeat_finder is None or not self.is_mounted:
            return
        for position, repeats in self.repeat_finder(views).items():
            view = self._views[position] = replace(self._views[position], repeats=repeats)
            if (old := self._painted.get(position)) is not None:
                self._painted[position] = PaintedPost(view, old.body, old.markup)
            self.refresh()

    def _measure_post(self, position: int) -> None:
        outline = self.outline
        if outline is not None and not outline.is_folded(position) and not outline.is_measured(position):
            outline.measure(position, self.painted(position).body.height)

    def update_posts(self, views: Iterable[PostView]) -> None:
        """Show changed posts in place of the ones held; their texts are the same."""
        for view in views:
            position = view.post.position
            if (held := self._views.get(position)) is not None and held.repeats:
                view = replace(view, repeats=held.repeats)  # noqa: PLW2901  # it is the same text
            self._views[position] = view
            if (old := self._painted.get(position)) is not None:
                self._painted[position] = PaintedPost(view, old.body, old.markup)
        self.refresh()

    def held(self, positions: Iterable[int]) -> list[int]:
        """Return those of the positions whose posts are at hand, which are the ones to bring up to date."""
        return [position for position in positions if position in self._views]

    def held_of(self, author: str) -> list[int]:
        """Return the positions of the posts at hand that an author wrote."""
        return [position for position, view in self._views.items() if view.post.author == author]

    def emphasize(self, pattern: re.Pattern[str] | None) -> None:
        """Emphasize what a search matches."""
        self._pattern = pattern
        self.refresh()

    def show_hints(self, hints: Mapping[tuple[int, int | None], str]) -> None:
        """Show a letter at each post (position, None) and labeled span (position, start) that can be chosen."""
        self._hints = hints
        self.refresh()

    # --- geometry -----------------------------------------------------------------------------------------------

    def on_resize(self, event: Resize) -> None:
        """Lay out anew for the new size."""
        if self.outline is None or self._laid_out != (self._geometry(), event.size.height):
            self.relayout(event.size.height)

    def relayout(self, height: int | None = None) -> None:
        """Lay out anew after a change of width, measure or indent; what is read stays where it is on the screen."""
        if self.outline is None:
            self._forget_layout()
            return
        position, offset, at = self._anchor()
        self._forget_layout()
        geometry = self._geometry()
        if height is not None:
            self.viewport.height = max(1, height)
        self.outline.set_width(geometry.width, geometry.body_width)
        self._laid_out = geometry, self.size.height
        row = 0 if offset is None else self.painted(position).body.line_of(offset) + 1
        self.viewport.place(position, min(at, self.viewport.height - 1), row)
        if offset is None and at >= self.viewport.height:
            self.viewport.show(position)
        self.changed()

    def _forget_layout(self) -> None:
        self._painted.clear()
        self._painter = None

    def _anchor(self) -> tuple[int, int | None, int]:
        """Return what to hold on to when lines break elsewhere: a post, an offset in it (None: its header), its row.

        It is the text cursor, else the focused post; where that begins above the view, it is the first line in view.
        """
        at = self.viewport.screen_row(self.position)
        if at is None:
            return self.position, None, self.viewport.height // 3
        row = at + 1 + self.painted(self.position).body.line_of(self.caret)
        if self.is_in_text and 0 <= row < self.viewport.height:
            return self.position, self.caret, row
        if at >= 0:
            return self.position, None, at
        top, row = self.viewport.top, self.viewport.row
        body = self.painted(top).body
        return top, None if row == 0 else body.span_of(min(row, body.height) - 1)[0], 0

    def changed(self) -> None:
        """Draw anew and tell the screen."""
        self._frame = None
        self.refresh()
        self.post_message(self.Moved(self))

    # --- the cursor ---------------------------------------------------------------------------------------------

    @property
    def text(self) -> str:
        """The stored text of the focused post."""
        return self.view_of(self.position).post.text if self.outline is not None else ""

    def cursor_cluster(self) -> tuple[int, int]:
        """Return the offsets of the grapheme cluster under the text cursor."""
        return self.painted(self.position).body.cluster(self.caret)

    def selected_span(self) -> tuple[int, int] | None:
        """Return the selected offsets, the cluster under the cursor included, or None."""
        if self.selection_start is None or self.outline is None:
            return None
        body = self.painted(self.position).body
        start = body.cluster(min(self.selection_start, self.caret))[0]
        end = body.cluster(max(self.selection_start, self.caret))[1]
        if self.is_by_sentence:
            first, last = body.find(sentence_at, start), body.find(sentence_at, max(start, end - 1))
            start, end = min(start, first[0]) if first else start, max(end, last[1]) if last else end
        return (start, end) if start < end else None

    # --- drawing ------------------------------------------------------------------------------------------------

    def notify_style_update(self) -> None:
        """Take the theme's colours."""
        super().notify_style_update()
        self._drawn_rows = {}
        self._styles = self._painter = None
        for painted in self._painted.values():
            painted.emphasis = None

    @property
    def painter(self) -> PostPainter:
        """What draws the posts, for the present theme and width."""
        if self._styles is None:
            self._styles = PaneStyles(self.app.theme_variables, self.guides)
        if self._painter is None:
            self._painter = PostPainter(self._styles, self._geometry())
        return self._painter

    def render(self) -> RenderResult:
        """Return nothing: the lines are drawn by `render_lines`."""
        return ""

    def render_line(self, y: int) -> Strip:
        """Return one row of the pane."""
        return self._draw(range(y, y + 1))[0]

    def render_lines(self, crop: Region) -> list[Strip]:
        """Return the rows of a region of the pane."""
        strips = self._draw(crop.line_range)
        if self.has_focus and self.outline is not None and self.app.screen is self.screen:
            self.app.cursor_position = self.region.offset + self.reading_point()
        if crop.x or crop.width != self.size.width:
            strips = [strip.crop(crop.x, crop.right) for strip in strips]
        return strips

    def reading_point(self) -> tuple[int, int]:
        """Return the cell of the pane that is read, where input methods, magnifiers and screen readers look.

        It is the text cursor, else the beginning of the focused post, or of what is in view of it.
        """
        painted = self.painted(self.position)
        row = self.viewport.screen_row(self.position) or 0
        column = GUTTER + self._geometry().indent(painted.view.post.depth)
        if self.is_in_text:
            line, cell = painted.body.cell_of(self.caret)
            row += line + 1
            column += cell
        return min(column, max(0, self.size.width - 1)), max(0, min(row, self.size.height - 1))

    def refresh(self, *regions: Region, repaint: bool = True, layout: bool = False, recompose: bool = False) -> Self:
        """Draw anew: nothing of what is shown changes without this, so what was drawn before is kept until then.

        Textual asks for the rows of every pane that lies between two widgets that change, as the line above the thread
        and the status line do at each key.
        """
        self._drawn_rows = {}
        return super().refresh(*regions, repaint=repaint, layout=layout, recompose=recompose)

    def _draw(self, lines: range) -> list[Strip]:
        drawn = self._drawn_rows
        missing = [y for y in lines if y not in drawn]
        if missing:
            drawn.update(zip(missing, self._draw_anew(missing), strict=True))
        return [drawn[y] for y in lines]

    def _draw_anew(self, lines: Sequence[int]) -> list[Strip]:
        if self.outline is None:
            blank = Strip([Segment(" " * self.size.width, self.painter.styles.plain("body"))])
            strips = [blank for _ in lines]
        else:
            if self._frame is None:
                self._frame = list(self.viewport.rows())
            bar = self._scroll_bar()
            emphases: dict[int, Emphasis] = {}
            strips = []
            for y in lines:
                row = self._frame[y] if 0 <= y < len(self._frame) else None
                strip = self._blank(y) if row is None else self._draw_row(*row, emphases)
                end = bar[y] if 0 <= y < len(bar) else bar[-1]
                strips.append(Strip([*strip, end], strip.cell_length + 1))
        for line_filter in self.app.get_line_filters():
            # Colours are true here already, and texts stay as people wrote them.
            if not isinstance(line_filter, ANSIToTruecolor) and not getattr(line_filter, "spares_texts", False):
                background = self.background_colors[1]
                strips = [strip.apply_filter(line_filter, background) for strip in strips]
        return strips

    def _blank(self, y: int) -> Strip:
        """Return a row below the last post; where there is none, one of them says so."""
        if y != self.viewport.height // 3 or self.outline is None or self.outline.total_rows:
            return self.painter.blank()
        style, width = self.painter.styles.plain("muted"), max(0, self.size.width - 1)
        left = max(0, width - len(NOTHING)) // 2
        return Strip([Segment(" " * left, style), Segment(NOTHING, style)]).adjust_cell_length(width, style)

    def _draw_row(self, position: int, row: int, emphases: dict[int, Emphasis]) -> Strip:
        painted = self.painted(position)
        emphasis = emphases.get(position)
        if emphasis is None:
            emphasis = emphases[position] = self._emphasis(position)
        return self.painter.row(painted, row, emphasis)

    def _emphasis(self, position: int) -> Emphasis:
        assert self.outline is not None  # noqa: S101  # only drawn with an outline
        is_focused = position == self.position
        is_folded = self.outline.is_folded(position)
        replies = self.outline.replies(position)
        unread = 0
        hidden: Sequence[Chip] = ()
        if is_folded and replies and self.source is not None:
            unread, hidden = self.source.hidden_summary(position + 1, position + 1 + replies)
        return Emphasis(
            is_focused=is_focused and self.view_of(position).post.kind is PostKind.COMMENT,
            is_active=self.has_focus,
            is_folded=is_folded,
            is_context=self.outline.is_context(position),
            replies=replies,
            unread=unread,
            hidden=hidden,
            cursor=self.cursor_cluster() if is_focused and self.is_in_text and self.has_focus else None,
            selected=self.selected_span() if is_focused else None,
            found=self._matches(position),
            answers=self._answered(position) if self.is_flat or self.is_plain else "",
            hint=self._hints.get((position, None), ""),
            hints={
                start: letter for (at, start), letter in self._hints.items() if at == position and start is not None
            },
        )

    def _answered(self, position: int) -> str:
        """Return who wrote the comment that a post answers; "" where it answers the article."""
        parent = self.outline.parent(position) if self.outline is not None else None
        return "" if parent is None else one_line(self.view_of(parent).post.author or NO_NAME)

    def _matches(self, position: int) -> Sequence[tuple[int, int]]:
        if self._pattern is None:
            return ()
        return [match.span() for match in self._pattern.finditer(self.view_of(position).post.text)]

    def _scroll_bar(self) -> list[Segment]:
        """Return the scroll bar's cell for each row."""
        outline, height = self.outline, max(1, self.size.height)
        if outline is None:
            return self.painter.scroll_bar(0, 0, height)
        top = outline.row_of(self.viewport.top) + self.viewport.row
        return self.painter.scroll_bar(top, outline.total_rows, height)

    def on_focus(self) -> None:
        """Show that keys go here."""
        self.changed()

    def on_blur(self) -> None:
        """Show that keys go elsewhere."""
        self.refresh()
