"""Draw posts: a header line, and body lines with their labeled spans, as strips of exactly the pane's width."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING, NamedTuple

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
    NO_NAME,
    SCROLL_BAR,
    SHORTEST_CHIP,
    STEP,
    Emphasis,
    Geometry,
    PaintedPost,
    fit,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from rich.style import Style

    from tui.text.highlight import Decoration
    from tui.widgets.pane_styles import PaneStyles
    from tui.widgets.post_view import Chip, PostView, SpanMark

OPEN, FOLDED, LEAF, UNREAD_LEAF = "▾", "▸", " ", "•"


class _Layers(NamedTuple):
    """What lies over a line, from the lowest layer up."""

    marks: Sequence[SpanMark]
    dressing: Sequence[Decoration]
    found: Sequence[tuple[int, int]]


class PostPainter:
    """Draws posts in one theme at one width.

    Args:
        styles: The styles of the theme.
        geometry: The widths.
    """

    def __init__(self, styles: PaneStyles, geometry: Geometry) -> None:
        self.styles = styles
        self.geometry = geometry

    def row(self, painted: PaintedPost, row: int, emphasis: Emphasis) -> Strip:
        """Return a row of a post: its header, a line, the gap. What was drawn before is kept while nothing changes."""
        if painted.emphasis != emphasis:
            painted.emphasis = emphasis
            painted.strips.clear()
        strip = painted.strips.get(row)
        if strip is None:
            if row == 0:
                strip = self.header(painted, emphasis)
            elif row <= painted.body.height:
                strip = self.line(painted, row - 1, emphasis)
            else:
                strip = self.gap(painted.view, emphasis)
            painted.strips[row] = strip
        return strip

    def scroll_bar(self, top: int, total: int, height: int) -> list[Segment]:
        """Return a cell for each row of the view: a thumb as long as the view's share of all rows."""
        if total <= height or self.geometry.is_plain:  # a screen reader would read it out with every line
            return [Segment(" ", self.styles.plain("track"))] * height
        at, thumb = thumb_place(top, total, height)
        track = [Segment("│", self.styles.plain("track"))] * height
        track[at : at + thumb] = [Segment("┃", self.styles.plain("thumb"))] * min(thumb, height - at)
        return track

    def _gutter(
        self, depth: int, signs: str, colour: str, emphasis: Emphasis, *, plain_bar: str = " "
    ) -> list[Segment]:
        styles, focused = self.styles, emphasis.is_focused
        bar = plain_bar if self.geometry.is_plain else "▌" if focused else " "
        segments = [Segment(bar, styles.plain("bar", is_focused=focused, is_active=emphasis.is_active))]
        if len(signs) > MARGIN:
            signs = signs[: MARGIN - 1] + "+"
        style = styles.sign(colour, is_focused=focused) if signs else styles.plain("muted", is_focused=focused)
        segments.append(Segment(set_cell_size(signs.rjust(MARGIN), MARGIN), style))
        levels = range(self.geometry.indent(depth) // STEP)
        segments.extend(Segment("│ ", styles.guide(level, is_focused=focused)) for level in levels)
        return segments

    def _finish(self, segments: list[Segment], emphasis: Emphasis) -> Strip:
        """Fill the line with the ground of the post, up to the scroll bar's column."""
        ground = self.styles.plain("body", is_focused=emphasis.is_focused)
        return Strip(segments).adjust_cell_length(max(0, self.geometry.width - 1), ground)

    def blank(self) -> Strip:
        """Return an empty line."""
        return Strip([Segment(" " * max(0, self.geometry.width - 1), self.styles.plain("body"))])

    def gap(self, view: PostView, emphasis: Emphasis) -> Strip:
        """Return the line below a post, through which the guides of its depth run."""
        plain = Emphasis(is_active=emphasis.is_active)
        segments = self._gutter(view.post.depth, "", "", plain)
        return self._finish(segments, plain)

    def header(self, painted: PaintedPost, emphasis: Emphasis) -> Strip:
        """Return the line that says who wrote a post and which labels it has."""
        if self.geometry.is_plain:
            return self._plain_header(painted, emphasis)
        view, styles = painted.view, self.styles
        post, focused = view.post, emphasis.is_focused
        segments = self._gutter(post.depth, "", "", emphasis)
        left = self.geometry.width - SCROLL_BAR - sum(segment.cell_length for segment in segments)
        parts = list(self._name(view, emphasis))
        chips = [*view.chips, *emphasis.hidden] if emphasis.is_folded else list(view.chips)
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
        segments = self._gutter(painted.view.post.depth, "", "", emphasis, plain_bar=bar)
        left = self.geometry.room
        painted.chips = []
        for words, purpose in plain_header(painted.view, emphasis):
            text = fit(words, left)
            left -= cell_len(text)
            segments.append(Segment(text, self.styles.plain(purpose, is_focused=focused)))
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
        author = "Article" if is_article else one_line(post.author) if post.author else NO_NAME
        yield author, plain("context" if emphasis.is_context else "author" if view.is_read else "unread author")
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

    def line(self, painted: PaintedPost, line: int, emphasis: Emphasis) -> Strip:
        """Return a line of a post's text."""
        view, body, styles = painted.view, painted.body, self.styles
        marks = painted.marks_by_line.get(line, ())
        signs = painted.signs_by_line.get(line, "")
        begun = next((mark for mark in marks if signs and mark.sign == signs[0]), None)
        start, end = body.span_of(line)
        selected = emphasis.selected is not None and emphasis.selected[0] < end and emphasis.selected[1] > start
        colour = begun.colour if begun else ""
        segments = self._gutter(view.post.depth, signs, colour, emphasis, plain_bar="*" if selected else " ")
        dressing = painted.decorations_by_line.get(line, ())
        places = {place for mark in marks for place in (mark.start, mark.end)}
        places.update(place for decoration in dressing for place in (decoration.start, decoration.end))
        places.update(place for span in (emphasis.cursor, emphasis.selected) if span for place in span)
        found = _overlapping(emphasis.found, start, end)
        places.update(place for span in found for place in span)
        cuts = sorted(place for place in places if start < place < end)
        headline = view.post.kind is PostKind.ARTICLE and start < _headline_end(view.post.text)
        is_dim = emphasis.is_context or view.is_gone
        base = styles.plain("headline" if headline else "context" if is_dim else "body", is_focused=emphasis.is_focused)
        layers = _Layers(marks, dressing, found)
        hints = {body.visible(place): hint for place, hint in emphasis.hints.items()}
        for text, from_, to in body.runs(line, cuts):
            if from_ == to:
                segments.append(Segment(text, self._added_style(base, from_, text, layers, emphasis)))
                continue
            style = self._run_style(base, from_, layers, emphasis)
            if hint := hints.get(from_):
                first = text[: body.cluster(from_)[1] - from_] or text
                segments.append(Segment(set_cell_size(hint, max(1, cell_len(first))), styles.cursor))
                text = text[len(first) :]  # noqa: PLW2901  # what the hint does not cover
            segments.append(Segment(text, style))
        if emphasis.cursor is not None and emphasis.cursor[0] >= end and body.line_of(emphasis.cursor[0]) == line:
            segments.append(Segment(" ", styles.cursor))
        return self._finish(segments, emphasis)

    def _added_style(self, style: Style, place: int, text: str, layers: _Layers, emphasis: Emphasis) -> Style:
        """Return the style of what stands for no stored text: as what is around it, if that is labeled or selected."""
        if text.isspace():
            return style
        style = self.styles.plain("muted", is_focused=emphasis.is_focused)
        covering = tuple(mark.colour for mark in layers.marks if mark.start < place < mark.end)
        if covering:
            style += self.styles.span(covering, is_focused=emphasis.is_focused)
        if any(from_ < place < to for from_, to in layers.found):
            style += self.styles.found
        if emphasis.selected and emphasis.selected[0] < place < emphasis.selected[1]:
            style += self.styles.selected
        return style

    def _run_style(self, style: Style, start: int, layers: _Layers, emphasis: Emphasis) -> Style:
        for decoration in layers.dressing:
            if decoration.start <= start < decoration.end:
                style = self.styles.dressed(style, decoration.kind.value, is_focused=emphasis.is_focused)
        covering = tuple(mark.colour for mark in layers.marks if mark.start <= start < mark.end)
        if covering:
            style += self.styles.span(covering, is_focused=emphasis.is_focused)
        if any(from_ <= start < to for from_, to in layers.found):
            style += self.styles.found
        if emphasis.selected and emphasis.selected[0] <= start < emphasis.selected[1]:
            style += self.styles.selected
        if emphasis.cursor and emphasis.cursor[0] <= start < emphasis.cursor[1]:
            style += self.styles.cursor
        return style


def thumb_place(top: int, total: int, height: int) -> tuple[int, int]:
    """Return the first row of a scroll bar's thumb and how many it has: nothing where all is in view.

    Args:
        top: The first row in view.
        total: All rows.
        height: The rows of the view.
    """
    if total <= height:
        return 0, 0
    thumb = max(1, round(height * height / total))
    return min(height - thumb, round(top / max(1, total - height) * (height - thumb))), thumb


def _headline_end(text: str) -> int:
    end = text.find("\n")
    return len(text) if end < 0 else end


def _overlapping(spans: Sequence[tuple[int, int]], start: int, end: int) -> Sequence[tuple[int, int]]:
    """Return the spans, sorted and apart from one another, that share a code point with [start, end)."""
    if not spans:
        return ()
    first = max(0, bisect_right(spans, (start, start)) - 1)
    found = []
    for span in spans[first:]:
        if span[0] >= end:
            break
        if span[1] > start:
            found.append(span)
    return found
