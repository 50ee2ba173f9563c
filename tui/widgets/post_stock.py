"""The posts that a pane has at hand: loaded from its source, laid out at its width, and where they lie."""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING, TypeAlias

from msgspec.structs import replace

from tui.text.body import Body
from tui.text.markup import read_markup
from tui.text.motions import sentence_at
from tui.text.outline import Outline
from tui.text.viewport import Viewport
from tui.widgets.post_layout import Geometry, PaintedPost, tag_words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from textual.events import Resize
    from textual.widget import Widget

    from annotations.shape import Shape
    from tui.widgets.post_view import PostSource, PostView

    RepeatFinding: TypeAlias = Callable[[Sequence[PostView]], Mapping[int, tuple[tuple[int, int], ...]]]

KEPT_POSTS = 80
"""Posts that stay laid out, at least; at 60 rows a pane, some five pages."""
OVERHEAD = 2
"""Rows of a post beside its text: the header and the gap below."""


if TYPE_CHECKING:
    WidgetPart: TypeAlias = Widget
else:
    WidgetPart = object
    """Only the last class of the chain is a widget for Textual, which takes 0.4 ms to make one."""


class PostStock(WidgetPart):
    """Posts of a thread, loaded and laid out as they are asked for, with the place of the cursor among them."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002  # Textual's name
        super().__init__(id=id)
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
        self._laid_out: tuple[Geometry, int] | None = None
        self.position = 0
        self.caret = 0
        self.is_in_text = False
        self.selection_start: int | None = None
        self.is_by_sentence = False

    def changed(self) -> None:
        """Draw anew and tell the screen."""
        raise NotImplementedError

    # --- what it shows ------------------------------------------------------------------------------------------

    def show(self, shape: Shape, source: PostSource, *, first: int) -> None:
        """Show the posts of a shape from position `first` on, loaded from `source`."""
        self.source = source
        self._first = first
        self._forget()
        geometry = self.geometry()
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

    def geometry(self) -> Geometry:
        """Return the widths that posts are laid out for now."""
        return Geometry(self.size.width or 80, self.measure, self.is_flat, self.is_plain)

    def _forget(self) -> None:
        self._painted.clear()
        self._views.clear()

    @property
    def _most_kept(self) -> int:
        return max(KEPT_POSTS, 2 * self.size.height)  # folded, each takes one row

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
        while len(self._views) > 2 * self._most_kept:
            self._views.popitem(last=False)

    def painted(self, position: int) -> PaintedPost:
        """Return the post at a position, laid out for the pane's width."""
        painted = self._painted.get(position)
        if painted is None:
            view = self.view_of(position)
            markup = read_markup(view.post.text, is_ascii=self.is_plain)
            reading = None if self.is_source else markup.reading
            body = Body(view.post.text, self.geometry().body_width(view.post.depth), reading, tag_words(view))
            painted = self._painted[position] = PaintedPost(view, body, markup)
            if self.repeat_finder is not None and not view.repeats:
                if not self._uncompared:
                    self.call_after_refresh(self._find_repeats)
                self._uncompared.append(position)
            while len(self._painted) > self._most_kept:
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
        found = self.repeat_finder(views)
        for position, repeats in found.items():
            view = self._views[position] = replace(self._views[position], repeats=repeats)
            if (old := self._painted.get(position)) is not None:
                self._painted[position] = PaintedPost(view, old.body, old.markup)
        if any(self.viewport.screen_row(position) is not None for position in found):
            self.refresh()

    def _measure_post(self, position: int) -> None:
        outline = self.outline
        if outline is not None and not outline.is_folded(position) and not outline.is_measured(position):
            outline.measure(position, self.painted(position).body.height)

    def update_posts(self, views: Iterable[PostView]) -> None:
        """Show changed posts in place of the ones held; their texts are the same."""
        is_changed = False
        for view in views:
            position = view.post.position
            if (held := self._views.get(position)) is not None and held.repeats:
                view = replace(view, repeats=held.repeats)  # noqa: PLW2901  # it is the same text
            self._views[position] = view
            if (old := self._painted.get(position)) is not None:
                if old.body.tags == tag_words(view):
                    self._painted[position] = PaintedPost(view, old.body, old.markup)
                else:
                    self._lay_out_again(position)
            is_changed = True
        if is_changed:
            self.refresh()

    def _lay_out_again(self, position: int) -> None:
        """Lay out a post whose tags have changed, and with them its lines."""
        del self._painted[position]
        outline = self.outline
        if outline is not None and not outline.is_folded(position) and outline.is_measured(position):
            outline.measure(position, self.painted(position).body.height)
            self.viewport.settle()

    def held(self, positions: Iterable[int]) -> list[int]:
        """Return those of the positions whose posts are at hand, which are the ones to bring up to date."""
        return [position for position in positions if position in self._views]

    @property
    def all_held(self) -> list[int]:
        """The positions of all posts at hand."""
        return list(self._views)

    def views_at_hand(self) -> list[PostView]:
        """Return all posts that are at hand."""
        return list(self._views.values())

    def held_of(self, author: str) -> list[int]:
        """Return the positions of the posts at hand that an author wrote."""
        return [position for position, view in self._views.items() if view.post.author == author]

    # --- geometry -----------------------------------------------------------------------------------------------

    def on_resize(self, event: Resize) -> None:
        """Lay out anew for the new size."""
        if self.outline is None or self._laid_out != (self.geometry(), event.size.height):
            self.relayout(event.size.height)

    def relayout(self, height: int | None = None) -> None:
        """Lay out anew after a change of width, measure or indent; what is read stays where it is on the screen."""
        if self.outline is None:
            self._forget_layout()
            return
        position, offset, at = self._anchor()
        self._forget_layout()
        geometry = self.geometry()
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
