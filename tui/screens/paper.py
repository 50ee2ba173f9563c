"""Something to read over the reader: a title, a text that scrolls, a hint."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import getters
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from tui.screens.dialog import Dialog
from tui.text.visible import display, one_line
from tui.widgets.pane_styles import TOKEN_HUES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult

    from tui.screens.entries import Entry
    from tui.text.decoration import Decoration


class Paper(Dialog[None]):
    """Shows a text until it is closed."""

    CSS_PATH = "dialog.tcss"
    HELP: ClassVar[str] = "j and k scroll, Space pages, q closes."
    HINT: ClassVar[str] = "{paper.down} {paper.up} scroll   {paper.page_down} page   {paper.back} back"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "dismiss(None)", "Back", id="paper.back"),
        Binding("j,down", "scroll(1)", "Down", id="paper.down"),
        Binding("k,up", "scroll(-1)", "Up", id="paper.up"),
        Binding("space,pagedown", "page(1)", "Page down", id="paper.page_down"),
        Binding("b,pageup", "page(-1)", "Page up", id="paper.page_up"),
        Binding("g,home", "edge(-1)", "Start", id="paper.start"),
        Binding("G,end", "edge(1)", "End", id="paper.end"),
    ]

    body = getters.query_one("#paper", VerticalScroll)

    def __init__(self, title: str, content: Content | Sequence[Entry], hint: str = "") -> None:
        super().__init__()
        self._heading = title
        self._content = content
        self._hint = hint

    def compose(self) -> ComposeResult:
        """Show the text under its title."""
        with Vertical(classes="dialog -tall"):
            yield Static(Content(one_line(self._heading)), classes="title")
            with VerticalScroll(id="paper", can_focus=False):
                if isinstance(self._content, Content):
                    yield Static(self._content, id="text")
                else:
                    from tui.screens.entries import EntryList  # noqa: PLC0415  # a text needs none

                    yield EntryList(self._content, id="text")
            yield Static(Content(self._hint or self.hint_words), classes="hint")

    def action_scroll(self, rows: int) -> None:
        """Scroll by rows."""
        self.body.scroll_relative(y=rows, animate=False)

    def action_page(self, pages: int) -> None:
        """Scroll by pages."""
        self.body.scroll_relative(y=pages * max(1, self.body.size.height - 1), animate=False)

    def action_edge(self, end: int) -> None:
        """Scroll to the start or the end."""
        if end > 0:
            self.body.scroll_end(animate=False)
        else:
            self.body.scroll_home(animate=False)


def coloured(text: str, decorations: Sequence[Decoration]) -> Content:
    """Return a text with the colours of its tokens, harmless to the terminal."""
    drawn = display(text)
    content = Content(drawn.text)
    for decoration in decorations:
        hue = TOKEN_HUES.get(decoration.kind.value)
        if hue is not None:
            content = content.stylize(
                f"$label-{hue}", drawn.to_display(decoration.start), drawn.to_display(decoration.end)
            )
    return content
