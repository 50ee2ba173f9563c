"""Draw the header line of a post: who wrote it, its signs, its labels, its depth."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from textual.strip import Strip

from annotations.model import PostKind
from tui.text.markup import words_of
from tui.text.visible import one_line
from tui.widgets.post_layout import (
    CHIP,
    MARGIN,
    MINIMUM_BODY,
    SCROLL_BAR,
    SHORTEST_CHIP,
    STEP,
    Emphasis,
    Geometry,
    PaintedPost,
    author_of,
    fit,
)
from tui.widgets.post_view import Chip

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from rich.style import Style

    from tui.widgets.pane_styles import PaneStyles
    from tui.widgets.post_view import PostView, SpanMark

OPEN, FOLDED, LEAF, UNREAD_LEAF = "▾", "▸", " ", "•"
NAMES = frozenset({"author", "unread author", "context"})
"""The purposes for which a name is styled."""


class HeaderPainter:
    """Draws headers, and what begins each line of a post.

    Args:
        styles: The styles of the theme.
        geometry: The widths.
    """

    def __init__(self, styles: PaneStyles, geometry: Geometry) -> None:
        self.styles = styles
        self.geometry = geometry
        self._gutters: dict[tuple[int, bool, bool, str], list[Segment]] = {}

    def _gutter(
        self, depth: int, begun: Sequence[SpanMark], emphasis: Emphasis, *, plain_bar: str = " "
    ) -> list[Segment]:
        """Return what stands left of a line: the bar of the focused post, signs of spans that begin there, the guides."""
        focused, is_active = emphasis.is_focused, emphasis.is_active
        indent = self.geometry.indent(depth)
        bar = plain_bar if self.geometry.is_plain else "▌" if focused else " "
        if begun:
            return self._draw_gutter(indent, begun, bar, is_focused=focused, is_active=is_active)
        key = (indent, focused, is_active, bar)
        if (kept := self._gutters.get(key)) is None:
            kept = self._gutters[key] = self._draw_gutter(indent, (), bar, is_focused=focused, is_active=is_active)
        return list(kept)

    def _draw_gutter(
        self, indent: int, begun: Sequence[SpanMark], bar: str, *, is_focused: bool, is_active: bool
    ) -> list[Segment]:
        styles, focused = self.styles, is_focused
        segments = [Segment(bar, styles.plain("bar", is_focused=focused, is_active=is_active))]
        muted = styles.plain("muted", is_focused=focused)
        signs = [(mark.sign, styles.sign(mark.colour, is_focused=focused)) for mark in begun[:MARGIN]]
        if len(begun) > MARGIN or sum(cell_len(sign) for sign, _ in signs) > MARGIN:
            signs = [(set_cell_size(signs[0][0], MARGIN - 1), signs[0][1]), ("+", muted)]
        segments.extend(Segment(sign, style) for sign, style in signs)
        segments.append(Segment(" " * (MARGIN - sum(cell_len(sign) for sign, _ in signs)), muted))
        segments.extend(Segment("│ ", styles.guide(level, is_focused=focused)) for level in range(indent // STEP))
        return segments

    def _finish(self, segments: list[Segment], emphasis: Emphasis) -> Strip:
        """Fill the line with the ground of the post, up to the scroll bar's column."""
        width = max(0, self.geometry.width - 1)
        missing = width - sum(segment.cell_length for segment in segments)
        if missing < 0:
            return Strip(segments).adjust_cell_length(width)
        if missing:
            ground = self.styles.plain("body", is_focused=emphasis.is_focused)
            segments.append(Segment(" " * missing, ground))
        return Strip(segments, width)

    def header(self, painted: PaintedPost, emphasis: Emphasis) -> Strip:
        """Return the line that says who wrote a post and which labels it has."""
        if self.geometry.is_plain:
            return self._plain_header(painted, emphasis)
        view, styles = painted.view, self.styles
        post, focused = view.post, emphasis.is_focused
        segments = self._gutter(post.depth, (), emphasis)
        left = self.geometry.width - SCROLL_BAR - sum(segment.cell_length for segment in segments)
        parts = list(self._name(view, emphasis))
        chips = [*view.chips, *_inside(view), *emphasis.hidden] if emphasis.is_folded else list(view.chips)
        right = self._right(view, focused=focused)
        left -= sum(cell_len(text) for text, _ in right)
        name_room = max(8, left - (12 if chips else 0))
        used = 0
        for text, style in parts:
            shown = fit(text, max(0, name_room - used))
            used += cell_len(shown)
            segments.append(Segment(shown, style))
        at = sum(segment.cell_length for segment in segments)
        painted.chips = []
        for text, style, chip in self._chips(chips, left - used, is_focused=focused):
            if chip is not None:
                painted.chips.append((at, at + cell_len(text), chip))
            at += cell_len(text)
            used += cell_len(text)
            segments.append(Segment(text, style))
        if emphasis.is_folded and left - used > MINIMUM_BODY // 4:
            snippet = fit("  " + one_line(words_of(post.text[:400])), left - used)
            used += cell_len(snippet)
            segments.append(Segment(snippet, styles.plain("muted", is_focused=focused)))
        segments.append(Segment(" " * max(0, left - used), styles.plain("body", is_focused=focused)))
        segments.extend(Segment(text, style) for text, style in right)
        return self._finish(segments, emphasis)

    def _plain_header(self, painted: PaintedPost, emphasis: Emphasis) -> Strip:
        """Return the header in words; where there is too little room, the end of it is missing."""
        from tui.widgets.plain_header import plain_header  # noqa: PLC0415  # only screen readers need it

        focused = emphasis.is_focused
        bar = " " if not focused else ">" if emphasis.is_active else "-"
        segments = self._gutter(painted.view.post.depth, (), emphasis, plain_bar=bar)
        left = self.geometry.room
        painted.chips = []
        for words, purpose in plain_header(painted.view, emphasis):
            text = fit(words, left)
            left -= cell_len(text)
            style = self.styles.plain(purpose, is_focused=focused)
            found = self._named(text, style, emphasis) if purpose in NAMES else [(text, style)]
            segments.extend(Segment(piece, with_) for piece, with_ in found)
        return self._finish(segments, emphasis)

    def _name(self, view: PostView, emphasis: Emphasis) -> Iterable[tuple[str, Style]]:
        styles, post, focused = self.styles, view.post, emphasis.is_focused

        def plain(purpose: str) -> Style:
            return styles.plain(purpose, is_focused=focused)

        if emphasis.hint:
            yield f" {emphasis.hint} ", styles.cursor
            yield " ", plain("body")
        is_article = post.kind is PostKind.ARTICLE
        if not is_article:
            leaf = LEAF if view.is_read else UNREAD_LEAF
            marker = FOLDED if emphasis.is_folded else OPEN if emphasis.replies else leaf
            yield f"{marker} ", plain("marker" if view.is_read else "unread")
        author = "Article" if is_article else author_of(post)
        yield from self._named(
            author, plain("context" if emphasis.is_context else "author" if view.is_read else "unread author"), emphasis
        )
        for sign in view.signs:
            yield " ", plain("body")
            yield sign.text, plain(sign.purpose)
        if emphasis.answers:
            yield f" → {emphasis.answers}", plain("muted")
        if view.note:
            yield f"  {view.note}", plain("muted")
        if post.created_at:
            yield f"  {post.created_at[:10]}", plain("muted")
        if post.uncertain:
            yield "  ≈", plain("warning")
        if emphasis.is_folded and emphasis.replies:
            unread = f", {emphasis.unread} unread" if emphasis.unread else ""
            replies = "1 reply" if emphasis.replies == 1 else f"{emphasis.replies} replies"
            yield f"  +{replies}{unread}", plain("muted")

    def _named(self, name: str, style: Style, emphasis: Emphasis) -> Iterable[tuple[str, Style]]:
        """Yield a name, with what a search has found in it emphasized."""
        at = 0
        for start, end in emphasis.found_in_name:
            if at < start < len(name):
                yield name[at:start], style
            if start < len(name):
                yield name[start:end], style + self.styles.found
            at = end
        if at < len(name):
            yield name[at:], style

    def _right(self, view: PostView, *, focused: bool) -> list[tuple[str, Style]]:
        parts: list[tuple[str, Style]] = []
        if view.is_reviewed:
            parts.append((" ✓", self.styles.plain("reviewed", is_focused=focused)))
        if view.post.kind is PostKind.COMMENT:
            level = view.post.depth - 1
            parts.append((f" {view.post.depth}", self.styles.depth(level, is_focused=focused)))
        return parts

    def _chips(self, chips: Sequence[Chip], room: int, *, is_focused: bool) -> Iterable[tuple[str, Style, Chip | None]]:
        ground = self.styles.plain("body", is_focused=is_focused)
        for place, chip in enumerate(chips):
            rest = len(chips) - place
            more = f" +{rest}"
            left = room - 4 - (len(more) if rest > 1 else 0)
            text = f" {fit(one_line(chip.text), min(CHIP, left) if left >= SHORTEST_CHIP else CHIP)} "
            if cell_len(text) - 2 > left:
                if len(more) <= room:
                    yield more, self.styles.plain("muted", is_focused=is_focused), None
                return
            yield "  " if place == 0 else " ", ground, None
            yield text, self.styles.chip(chip.colour), chip
            room -= cell_len(text) + (2 if place == 0 else 1)


def _inside(view: PostView) -> list[Chip]:
    """Return what a folded post hides of itself: its labeled spans by label, and the relations at them."""
    counts: dict[tuple[str, str], int] = {}
    for mark in view.marks:
        counts[mark.name, mark.colour] = counts.get((mark.name, mark.colour), 0) + 1
    found = [
        Chip(text=f"{name} ×{count}" if count > 1 else name, colour=colour) for (name, colour), count in counts.items()
    ]
    return found + [Chip(text=tag.text, colour=tag.colour) for tag in view.tags]
