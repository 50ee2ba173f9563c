"""The bar that says which labels the keys put now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct
from rich.cells import cell_len
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from tui.text.visible import one_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual import events


class Offer(Struct, frozen=True, kw_only=True):
    """A key that works now, and what it does.

    Args:
        key: The key as it is written on the screen.
        text: What it does, in a word or two.
        colour: The hue of a label, or "" for what is no label.
        is_on: Whether the label is on the target already, so that the key takes it off.
        command: What a click on it does: the key to press.
    """

    key: str
    text: str
    colour: str = ""
    is_on: bool = False
    command: str = ""


class LabelBar(Static):
    """One or two lines: the target of the keys, then each key and what it puts."""

    DEFAULT_CSS = """
    LabelBar {
        height: 2;
        padding: 0 1;
        background: $surface;
        color: $foreground;
    }
    """

    class Chosen(Message):
        """An offer was clicked."""

        def __init__(self, offer: Offer) -> None:
            super().__init__()
            self.offer = offer

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002  # Textual's name
        super().__init__(id=id)
        self._shown: tuple[object, ...] | None = None
        self._lines = 0
        self._places: list[tuple[int, int, int, Offer]] = []
        self._more: Offer | None = None

    def offer(
        self, heading: str, offers: Sequence[Offer], *, rows: int = 1, more: Offer | None = None, warning: str = ""
    ) -> None:
        """Show what the keys do to `heading`, on `rows` lines at most; what does not fit is counted.

        Args:
            heading: What the keys act on.
            offers: The keys.
            rows: The lines.
            more: The command that offers all of them, if it has a key.
            warning: What is wrong with the target; it takes two fifths of a line at most.
        """
        self._more = more
        shown = (heading, tuple(offers), rows, more, warning, self.size.width, self.app.theme)
        if shown == self._shown:
            return
        self._shown = shown
        content = self._layout(heading, offers, rows, warning)
        lines = content.plain.count("\n") + 1
        self.update(content, layout=lines != self._lines)
        self._lines = lines

    def _layout(self, heading: str, offers: Sequence[Offer], rows: int, warning: str) -> Content:
        width = max(20, self.size.width - 2)
        self._places = []
        content = Content.styled(heading, "$muted") if heading else Content("")
        is_plain = bool(getattr(self.app, "is_plain", False))
        if warning:
            words = Content(f"{', ' if is_plain else ' ! '}{warning}").truncate(width * 2 // 5, ellipsis=True)
            content += words.stylize("$warning")
        column, row = cell_len(content.plain), 0
        between = ", " if is_plain else "   "
        gap = between.replace(",", ":") if heading else ""
        for place, offer in enumerate(offers):
            mark = (" (on)" if is_plain else " ●") if offer.is_on else ""
            text = f"{one_line(offer.text)}{mark}"
            size = cell_len(offer.key) + 1 + cell_len(text)
            key = self._more.key if self._more is not None else ""
            rest = f"   {key} {len(offers) - place} more" if key else f"   {len(offers) - place} more"
            is_last = place == len(offers) - 1
            if column + len(gap) + size + (0 if is_last else len(rest)) > width:
                if row + 1 >= rows:
                    if self._more is not None:
                        self._places.append((row, column + 3, column + len(rest), self._more))
                    words = Content.styled(rest[3 + len(key) :], "$muted")
                    return content + Content("   ") + Content.styled(key, "bold $accent") + words
                content += Content("\n")
                column, row, gap = 0, row + 1, ""
            content += Content(gap)
            column += len(gap)
            self._places.append((row, column, column + size, offer))
            content += Content.styled(offer.key, "bold $accent") + Content(" ")
            content += Content.styled(text, self._style(offer))
            column += size
            gap = between
        return content

    def _style(self, offer: Offer) -> str:
        if not offer.colour:
            return "$foreground"
        colour = offer.colour if offer.colour.startswith("#") else f"$label-{offer.colour}"
        return f"bold {colour}" if offer.is_on else colour

    def on_resize(self) -> None:
        """Lay out anew at the next offer."""
        self._shown = None

    def on_click(self, event: events.Click) -> None:
        """Do what was clicked."""
        for row, start, end, offer in self._places:
            if event.y == row and start <= event.x - 1 < end and offer.command:
                event.stop()
                self.post_message(self.Chosen(offer))
                return
