"""The line above the thread: who is being answered, from the top of the chain down to the parent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct
from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.filter import ANSIToTruecolor
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from tui.text.visible import one_line
from tui.widgets.divider import Divider
from tui.widgets.pane_styles import PaneStyles
from tui.widgets.post_layout import fit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual import events
    from textual.app import RenderResult
    from textual.geometry import Region

LONGEST_NAME = 28
"""Cells that a name in the middle of a chain takes at most."""
FEWEST_WORDS = 14
"""Cells below which the parent's first words are not begun."""
UNDERLINE = Style(underline=True)


class Crumb(Struct, frozen=True):
    """A post of the chain.

    Args:
        position: Where it stands; 0 is the article.
        name: Its author, or the article's title.
    """

    position: int
    name: str


class Trail(Struct, frozen=True, kw_only=True):
    """What the line says.

    Args:
        crumbs: The chain, the outermost post first, the parent last.
        depths: The depth of each, for its hue; the article has 0.
        is_cut: Whether posts between the first and the second were left out already, because there are so many.
        words: How the parent begins.
        new: How many comments are new.
        is_plain: Whether to say it in words.
    """

    crumbs: tuple[Crumb, ...] = ()
    depths: tuple[int, ...] = ()
    is_cut: bool = False
    words: str = ""
    new: int = 0
    is_plain: bool = False


class Part(Struct, frozen=True):
    """A stretch of the line.

    Args:
        text: What it says, as it is drawn.
        depth: The depth whose hue it has, or -1 for a muted one.
        position: The post to which a click on it leads, or None.
    """

    text: str
    depth: int = -1
    position: int | None = None


def lay_out_trail(trail: Trail, width: int) -> list[Part]:
    """Return the parts of the line, together at most `width` cells wide.

    Names in the middle of a chain give way first, those far from the parent before those near it; then the first name;
    at last the parent's own is shortened. The parent's first words take what room is left.
    """
    if not trail.crumbs or width <= 0:
        return []
    crumbs, depths = trail.crumbs, trail.depths
    if crumbs[-1].position == 0:
        lead = "answers the article " if trail.is_plain else "↳ Article "
        title = fit(one_line(crumbs[-1].name), max(0, width - cell_len(lead)))
        return [part for part in (Part(lead, -1, 0), Part(title, 0, 0)) if part.text]
    lead = "answers " if trail.is_plain else "↳ "
    between = " > " if trail.is_plain else " › "
    names = [fit(one_line(crumb.name), LONGEST_NAME) for crumb in crumbs]
    shown = _chosen(names, width - cell_len(lead), cell_len(between), is_cut=trail.is_cut)
    parts = [Part(lead)]
    last = -1
    for place in shown:
        if place != last + 1 or (trail.is_cut and place == 1):
            parts.append(Part(f"…{between}" if last < 0 else f"{between}…{between}"))
        elif last >= 0:
            parts.append(Part(between))
        parts.append(Part(names[place], depths[place], crumbs[place].position))
        last = place
    room = width - sum(cell_len(part.text) for part in parts[:-1])
    if room < 1:  # not even a sign of the parent beside what leads to it
        return [Part(fit(names[-1], width), depths[-1], crumbs[-1].position)]
    parts[-1] = Part(fit(parts[-1].text, room), parts[-1].depth, parts[-1].position)
    room -= cell_len(parts[-1].text)
    words = one_line(trail.words).strip()
    if words and room >= FEWEST_WORDS:
        before, behind = (": ", "") if trail.is_plain else (": “", "”")
        parts.append(Part(before + fit(words, room - cell_len(before + behind)) + behind, -1, crumbs[-1].position))
    return parts


def _chosen(names: Sequence[str], room: int, gap: int, *, is_cut: bool) -> list[int]:
    """Return the places of the names that fit, the last one always, then the first, then those before the last."""
    last = len(names) - 1
    sizes = [cell_len(name) for name in names]
    if not is_cut and sum(sizes) + gap * last <= room:
        return list(range(last + 1))
    ellipsis = gap + 1
    left = room - sizes[last] - ellipsis
    shown = [last]
    if last and sizes[0] + gap <= left:
        left -= sizes[0] + gap
        shown.append(0)
        for place in range(last - 1, 0, -1):
            if sizes[place] + gap > left:
                break
            left -= sizes[place] + gap
            shown.append(place)
    return sorted(shown)


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

    def _parts(self) -> list[Part]:
        """Return the parts from the first cell on, which is a margin."""
        width = self.size.width - 2
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
        news = self._news()
        used = sum(cell_len(segment.text) for segment in segments)
        segments.append(Segment(" " * max(0, self.size.width - used - cell_len(news)), body))
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
