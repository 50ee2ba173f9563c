"""Show posts: the article, or the comments of a thread as a tree that folds.

Drawn on the Line API without a widget a post: the canvas holds an `Outline` (a few bytes a post), and loads, lays out and
draws the posts in view. It scrolls by an anchor (`Viewport`), not by Textual's virtual size, because the heights of
posts never seen are estimates; the scroll bar is its last column. Source: Textual's guide, "Line API".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Self

from rich.segment import Segment
from textual.filter import ANSIToTruecolor
from textual.message import Message
from textual.strip import Strip

from annotations.model import PostKind
from tui.text.visible import one_line
from tui.widgets.pane_styles import PaneStyles
from tui.widgets.post_layout import GUTTER, Emphasis, author_of
from tui.widgets.post_painter import PostPainter
from tui.widgets.read_ahead import ReadAhead

if TYPE_CHECKING:
    import re
    from collections.abc import Mapping, Sequence

    from textual.app import RenderResult
    from textual.geometry import Region

    from tui.widgets.post_view import Chip

NOTHING = "No comments match"
"""What a pane says instead of posts when a filter hides them all."""


class PostCanvas(ReadAhead):
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
        self.moves = 0
        """How often it has told that something has moved."""
        self.guides = guides
        self._pattern: re.Pattern[str] | None = None
        self._name_pattern: re.Pattern[str] | None = None
        self._hints: Mapping[tuple[int, int | None], str] = {}
        self._pointed_at = 0
        self._frame: list[tuple[int, int]] | None = None
        self._styles: PaneStyles | None = None
        self._painter: PostPainter | None = None

    def emphasize(self, pattern: re.Pattern[str] | None, names: re.Pattern[str] | None = None) -> None:
        """Emphasize what a search matches in texts, and in the names of authors."""
        self._pattern, self._name_pattern = pattern, names
        self.refresh()

    def point_at(self, annotation: int) -> None:
        """Set off the span of the annotation that keys act on, 0 for none."""
        if annotation != self._pointed_at:
            self._pointed_at = annotation
            self.refresh()

    def show_hints(self, hints: Mapping[tuple[int, int | None], str]) -> None:
        """Show a letter at each post (position, None) and labeled span (position, start) that can be chosen."""
        self._hints = hints
        self.refresh()

    def changed(self) -> None:
        """Draw anew and tell the screen."""
        self._frame = None
        self.moves += 1
        self.refresh()
        self.post_message(self.Moved(self))

    def _forget(self) -> None:
        super()._forget()
        self._frame = None

    def _forget_layout(self) -> None:
        super()._forget_layout()
        self._painter = None

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
            self._painter = PostPainter(self._styles, self.geometry())
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
        column = GUTTER + self.geometry().indent(painted.view.post.depth)
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
                self.read_on()
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
            found_in_name=self._matches_in_name(position) if self._name_pattern is not None else (),
            answers=self._answered(position) if self.is_flat or self.is_plain else "",
            hint=self._hints.get((position, None), ""),
            hints=self._hints_in(position) if self._hints else {},
            pointed_at=self._pointed_at if is_focused else 0,
        )

    def _hints_in(self, position: int) -> dict[int, str]:
        """Return the letters of words and spans of a post, by where they are read."""
        body = self.painted(position).body
        return {
            body.visible(start): letter
            for (at, start), letter in self._hints.items()
            if at == position and start is not None
        }

    def _answered(self, position: int) -> str:
        """Return who wrote the comment that a post answers; "" where it answers the article."""
        parent = self.outline.parent(position) if self.outline is not None else None
        return "" if parent is None else author_of(self.view_of(parent).post)

    def _matches(self, position: int) -> Sequence[tuple[int, int]]:
        if self._pattern is None:
            return ()
        return [match.span() for match in self._pattern.finditer(self.view_of(position).post.text)]

    def _matches_in_name(self, position: int) -> Sequence[tuple[int, int]]:
        author = self.view_of(position).post.author
        if self._name_pattern is None or not author:
            return ()
        return tuple(match.span() for match in self._name_pattern.finditer(one_line(author)))

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
