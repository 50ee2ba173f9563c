"""The frame of the reader: what it consists of, and what has the focus."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING, ClassVar

from textual import getters
from textual.containers import Container
from textual.widgets import Input, Static

from annotations.model import Scope
from tui.configuration import Configuration, keymap_for
from tui.keymap import COMMANDS, Context
from tui.screens.key_reading import KeyReading
from tui.screens.thread_source import ThreadSource
from tui.themes import GUIDE_HUES
from tui.widgets.breadcrumb import Breadcrumb
from tui.widgets.divider import Divider
from tui.widgets.inspector import Inspector
from tui.widgets.label_bar import LabelBar
from tui.widgets.post_pane import PostPane
from tui.widgets.status_line import StatusLine

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from annotations.model import Annotation, StoredThread
    from annotations.session import LabelingSession

SMALLEST = (40, 10)
"""Columns and rows below which nothing can be read."""


class ReaderFrame(KeyReading):
    """Article and thread above the lines that say what can be done."""

    CSS_PATH = "reader.tcss"
    AUTO_FOCUS = None
    HELP: ClassVar[str] = "Read the article and its comments, and label them. Press ? for the keys."

    panes = getters.query_one("#panes", Container)
    article = getters.query_one("#article", PostPane)
    thread_pane = getters.query_one("#thread", PostPane)
    thread_side = getters.query_one("#thread-side", Container)
    breadcrumb = getters.query_one(Breadcrumb)
    inspector = getters.query_one(Inspector)
    label_bar = getters.query_one(LabelBar)
    status_line = getters.query_one(StatusLine)
    finder = getters.query_one("#finder", Input)

    def __init__(
        self, session: LabelingSession, thread: StoredThread, *, configuration: Configuration | None = None
    ) -> None:
        configuration = configuration or Configuration()
        super().__init__(keymap_for(COMMANDS, configuration))
        self.configuration = configuration
        self.session = session
        self.thread = thread
        self.thread_source = ThreadSource(session, thread)
        self.layout_choice = self.configuration.layout
        if self.configuration.is_plain and self.layout_choice == "side":
            self.layout_choice = "auto"  # a screen reader reads lines across both panes
        self._inspected = 0
        self._is_in_thread = False
        self._opening = ExitStack()
        self.has_begun = False
        """Whether the panes show the thread: before, there is nothing that keys could act on."""
        self.is_unseen = False
        """Whether the last frame showed nothing of the thread, because the terminal is too small."""
        self._progress = session.progress(thread.id)

    def compose(self) -> ComposeResult:
        """Lay out the panes above the lines."""
        with Container(id="panes"):
            yield self._make_pane("article")
            yield Divider(id="divider")
            with Container(id="thread-side"):
                yield Breadcrumb(GUIDE_HUES)
                yield self._make_pane("thread")
        yield Inspector()
        yield Input(id="finder", compact=True)
        yield LabelBar()
        yield StatusLine()
        yield Static(f"Postil needs at least {SMALLEST[0]}×{SMALLEST[1]} characters to show a thread.", id="too-small")

    def _make_pane(self, name: str) -> PostPane:
        pane = PostPane(GUIDE_HUES, id=name)
        pane.measure = self.configuration.width
        pane.is_plain = self.configuration.is_plain
        return pane

    def begin(self) -> None:
        """Show the thread. (Textual calls `on_mount` once for each class that defines it; this chains by `super`.)."""
        shape = self.thread_source.shape
        article_shape = type(shape)(shape.depths[:1], shape.sizes[:1])
        self.article.show(article_shape, self.thread_source, first=0)
        self.article.is_in_text = True
        self.thread_pane.show(shape, self.thread_source, first=1)
        self.thread_pane.repeat_finder = self.thread_source.find_repeats
        self.set_focus(self.article)

    @property
    def pane(self) -> PostPane:
        """The pane that keys act on: the focused one, or the last that was."""
        return self.thread_pane if self._is_in_thread or not self.article.display else self.article

    @property
    def context(self) -> Context:
        """Where keys go."""
        pane = self.pane
        if pane.selection_start is not None:
            return Context.VISUAL
        return Context.TEXT if pane.is_in_text else Context.THREAD

    @property
    def candidates(self) -> list[Annotation]:
        """The annotations that the cursor is on: the shortest span first, then those of the post."""
        pane = self.pane
        if pane.outline is None:
            return []
        annotations = pane.view_of(pane.position).annotations
        spans = sorted(
            (found for found in annotations if found.scope is Scope.SPAN),
            key=lambda found: len(found.target.span) if found.target.span else 0,
        )
        if pane.is_in_text:
            spans = [
                found
                for found in spans
                if found.target.span and found.target.span.start <= pane.caret < found.target.span.end
            ]
            return [*spans, *(found for found in annotations if found.scope is not Scope.SPAN)]
        return [*(found for found in annotations if found.scope is not Scope.SPAN), *spans]

    @property
    def inspected(self) -> Annotation | None:
        """The annotation that keys such as `d` act on."""
        candidates = self.candidates
        return candidates[self._inspected % len(candidates)] if candidates else None
