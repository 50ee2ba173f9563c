"""Draw posts: a header line, and body lines with their labeled spans, as strips of exactly the pane's width."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING, NamedTuple

from rich.segment import Segment
from textual.strip import Strip

from annotations.model import PostKind
from tui.widgets.header_painter import HeaderPainter
from tui.widgets.post_layout import GUTTER, Emphasis, PaintedPost

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.style import Style

    from tui.text.decoration import Decoration
    from tui.widgets.pane_styles import PaneStyles
    from tui.widgets.post_layout import Geometry
    from tui.widgets.post_view import PostView, SpanMark, Tag


class _Layers(NamedTuple):
    """What lies over a line, from the lowest layer up."""

    marks: Sequence[SpanMark]
    dressing: Sequence[Decoration]
    found: Sequence[tuple[int, int]]


class PostPainter(HeaderPainter):
    """Draws posts in one theme at one width.

    Args:
        styles: The styles of the theme.
        geometry: The widths.
    """

    def __init__(self, styles: PaneStyles, geometry: Geometry) -> None:
        super().__init__(styles, geometry)
        self._gaps: dict[tuple[int, bool], Strip] = {}

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

    def blank(self) -> Strip:
        """Return an empty line."""
        return Strip([Segment(" " * max(0, self.geometry.width - 1), self.styles.plain("body"))])

    def gap(self, view: PostView, emphasis: Emphasis) -> Strip:
        """Return the line below a post, through which the guides of its depth run."""
        key = (self.geometry.indent(view.post.depth), emphasis.is_active)
        if (kept := self._gaps.get(key)) is None:
            plain = Emphasis(is_active=emphasis.is_active)
            kept = self._gaps[key] = self._finish(self._gutter(view.post.depth, (), plain), plain)
        return kept

    def line(self, painted: PaintedPost, line: int, emphasis: Emphasis) -> Strip:
        """Return a line of a post's text."""
        view, body, styles = painted.view, painted.body, self.styles
        marks = painted.marks_by_line.get(line, ())
        begun = painted.begun_by_line.get(line, ())
        start, end = body.span_of(line)
        selected = emphasis.selected is not None and emphasis.selected[0] < end and emphasis.selected[1] > start
        segments = self._gutter(view.post.depth, begun, emphasis, plain_bar="*" if selected else " ")
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
        tags = view.tags
        for text, from_, to in body.runs(line, cuts):
            if from_ == to:
                if tags and (
                    tagged := self._tagged(text, [tag for tag in tags if body.tag_place(tag.offset) == from_], base)
                ):
                    segments.extend(tagged)
                else:
                    segments.append(Segment(text, self._added_style(base, from_, text, layers, emphasis)))
                continue
            style = self._run_style(base, from_, layers, emphasis)
            segments.append(Segment(text, style))
        if emphasis.cursor is not None and emphasis.cursor[0] >= end and body.line_of(emphasis.cursor[0]) == line:
            segments.append(Segment(" ", styles.cursor))
        strip = self._finish(segments, emphasis)
        if emphasis.hints:
            from tui.widgets.hint_letters import lay_over, letters_on  # noqa: PLC0415  # loaded on use

            left = GUTTER + self.geometry.indent(view.post.depth)
            strip = lay_over(strip, left, letters_on(body, line, emphasis.hints), styles)
        return strip

    def _tagged(self, text: str, tags: Sequence[Tag], base: Style) -> list[Segment]:
        """Return the tags of relations that are drawn at a place, each in its relation's hue; none if it has none."""
        segments: list[Segment] = []
        rest = text
        for tag in tags:
            before, found, behind = rest.partition(tag.text)
            if found:
                segments += [Segment(before, base), Segment(found, self.styles.chip(tag.colour))]
                rest = behind
        if not segments and not text.isspace() and any(text.strip() in tag.text for tag in tags):  # a line parts it
            return [Segment(text, self.styles.chip(tags[0].colour))]
        return [*segments, Segment(rest, base)] if segments else []

    def _added_style(self, style: Style, place: int, text: str, layers: _Layers, emphasis: Emphasis) -> Style:
        """Return the style of what stands for no stored text: as what is around it, if that is labeled or selected."""
        if text.isspace():
            return style
        style = self.styles.plain("muted", is_focused=emphasis.is_focused)
        if covering := [mark for mark in layers.marks if mark.start < place < mark.end]:
            style += self._span_style(covering, emphasis)
        if any(from_ < place < to for from_, to in layers.found):
            style += self.styles.found
        if emphasis.selected and emphasis.selected[0] < place < emphasis.selected[1]:
            style += self.styles.selected
        return style

    def _span_style(self, covering: Sequence[SpanMark], emphasis: Emphasis) -> Style:
        """Return what the labeled spans that cover a place add to its style."""
        is_pointed_at = bool(emphasis.pointed_at) and any(mark.annotation == emphasis.pointed_at for mark in covering)
        colours = tuple(mark.colour for mark in covering)
        return self.styles.span(colours, is_focused=emphasis.is_focused, is_pointed_at=is_pointed_at)

    def _run_style(self, style: Style, start: int, layers: _Layers, emphasis: Emphasis) -> Style:
        for decoration in layers.dressing:
            if decoration.start <= start < decoration.end:
                style = self.styles.dressed(style, decoration.kind.value, is_focused=emphasis.is_focused)
        if covering := [mark for mark in layers.marks if mark.start <= start < mark.end]:
            style += self._span_style(covering, emphasis)
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
