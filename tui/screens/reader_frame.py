"""The frame of the reader: what it consists of, and what has the focus."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING, ClassVar

from textual import getters
from textual.containers import Container
from textual.widgets import Static

from tui.configuration import Configuration, keymap_for
from tui.keymap import COMMANDS, Context
from tui.screens.key_reading import KeyReading
from tui.screens.thread_source import ThreadSource
from tui.screens.under_cursor import far_from, meant_among, under_cursor
from tui.themes import GUIDE_HUES
from tui.widgets.breadcrumb import Breadcrumb
from tui.widgets.divider import Divider
from tui.widgets.inspector import Inspector
from tui.widgets.label_bar import LabelBar
from tui.widgets.post_pane import PostPane
from tui.widgets.status_line import StatusLine

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.widgets import Input

    from annotations.model import Annotation, StoredThread
    from annotations.session import LabelingSession

SIDE_BY_SIDE = 100
"""Columns from which on the panes stand side by side."""
SHORT = 30
"""Rows below which the lines at the bottom have one row each; it stays, or the text would jump with each selection."""
SMALLEST = (40, 10)
"""Columns and rows below which nothing can be read."""


class Room(Container):
    """A part of the screen that widgets fill: it need not be drawn below them."""

    BLANK = True


class ReaderFrame(KeyReading):
    """Article and thread above the lines that say what can be done."""

    CSS_PATH = "reader.tcss"
    BLANK = True  # the same
    AUTO_FOCUS = ""  # the place where the analyst was has it
    HELP: ClassVar[str] = "Read the article and its comments, and label them. Press ? for the keys."

    panes = getters.query_one("#panes", Container)
    article = getters.query_one("#article", PostPane)
    thread_pane = getters.query_one("#thread", PostPane)
    thread_side = getters.query_one("#thread-side", Container)
    breadcrumb = getters.query_one(Breadcrumb)
    inspector = getters.query_one(Inspector)
    label_bar = getters.query_one(LabelBar)
    status_line = getters.query_one(StatusLine)

    def __init__(
        self, session: LabelingSession, thread: StoredThread, *, configuration: Configuration | None = None
    ) -> None:
        configuration = configuration or Configuration()
        super().__init__(keymap_for(COMMANDS, configuration))
        self.configuration = configuration
        self.session = session
        self.thread = thread
        self.thread_source = ThreadSource(session, thread)
        self.thread_source.is_plain = configuration.is_plain
        self.layout_choice = self.configuration.layout
        if self.configuration.is_plain and self.layout_choice == "side":
            self.layout_choice = "auto"  # a screen reader reads lines across both panes
        self._finder: Input | None = None
        self.place = session.load_place(thread.id)
        """Where the analyst was the last time."""
        self.meant = 0
        """The row of the annotation that was chosen among those under the cursor; 0 for the likeliest."""
        self._meant_at: tuple[bool, int, int | None] = (False, 0, None)
        self._is_in_thread = False
        self._opening = ExitStack()
        self.has_begun = False
        """Whether the panes show the thread: before, there is nothing that keys could act on."""
        self.is_unseen = False
        """Whether the last frame showed nothing of the thread, because the terminal is too small."""
        self._progress = session.progress(thread.id)

    def compose(self) -> ComposeResult:
        """Lay out the panes above the lines. What is there already need not be styled again for another layout."""
        self._is_in_thread = (self.place or {}).get("pane") == "thread"
        self.update_classes(self.layout_classes(*self.app.size), update=False)
        with Room(id="panes"):
            yield self._make_pane("article")
            yield Divider(id="divider")
            with Room(id="thread-side"):
                yield Breadcrumb(GUIDE_HUES)
                yield self._make_pane("thread")
        yield Inspector()
        yield LabelBar()
        yield StatusLine()
        if self.has_class("-too-small"):
            yield self._make_refusal()

    def _make_pane(self, name: str) -> PostPane:
        pane = PostPane(GUIDE_HUES, id=name)
        pane.measure = self.configuration.width
        pane.is_plain = self.configuration.is_plain
        return pane

    @staticmethod
    def _make_refusal() -> Static:
        return Static(f"Postil needs at least {SMALLEST[0]}×{SMALLEST[1]} characters to show a thread.", id="too-small")

    def refuse_to_show(self) -> None:
        """Say, where the thread would be, that the terminal is too small to show it."""
        self.is_unseen = True
        if not self.query("#too-small"):
            self.mount(self._make_refusal())

    def layout_classes(self, width: int, height: int) -> dict[str, bool]:
        """Return which classes the screen has at a size of the terminal: how its panes are laid out."""
        choice = self.layout_choice
        if choice == "auto":
            choice = "one" if self.configuration.is_plain else "side" if width >= SIDE_BY_SIDE else "stacked"
        return {
            "-stacked": choice == "stacked",
            "-one": choice == "one",
            "-too-small": width < SMALLEST[0] or height < SMALLEST[1],
            "-thread": self.pane is self.thread_pane if self.has_begun else self._is_in_thread,
            "-short": height < SHORT,
        }

    @property
    def finder(self) -> Input:
        """The line in which one searches, made when it is first asked for."""
        if self._finder is None:
            from textual.widgets import Input  # noqa: PLC0415  # loaded on use

            self._finder = Input(id="finder", compact=True)
            self.mount(self._finder, before=self.label_bar)
        return self._finder

    def begin(self) -> None:
        """Show the thread. (Textual calls `on_mount` once for each class that defines it; this chains by `super`.)."""
        shape = self.thread_source.shape
        article_shape = type(shape)(shape.depths[:1], shape.sizes[:1])
        self.article.show(article_shape, self.thread_source, first=0)
        self.article.is_in_text = True
        self.thread_pane.show(shape, self.thread_source, first=1)
        self.thread_pane.repeat_finder = self.thread_source.find_repeats
        self.set_focus(self.thread_pane if self._is_in_thread else self.article)

    @property
    def pane(self) -> PostPane:
        """The pane that keys act on: the focused one, or the last that was."""
        return self.thread_pane if self._is_in_thread or not self.article.display else self.article

    def moves(self) -> tuple[object, int]:
        """Return the pane that keys act on, and how often it has told that something in it has moved."""
        return self.pane, self.pane.moves

    @property
    def context(self) -> Context:
        """Where keys go."""
        pane = self.pane
        if pane.selection_start is not None:
            return Context.VISUAL
        return Context.TEXT if pane.is_in_text else Context.THREAD

    def mean(self, annotation_id: int) -> None:
        """Let keys act on an annotation as long as the cursor stays here or on its words; 0 for the likeliest."""
        self.meant = annotation_id
        self._meant_at = self._spot()

    def _spot(self) -> tuple[bool, int, int | None]:
        """Return where the cursor is: whether in the thread, at which post, where in its text."""
        pane = self.pane
        return pane is self.thread_pane, pane.position, pane.caret if pane.is_in_text else None

    @property
    def candidates(self) -> list[Annotation]:
        """The annotations that the cursor is on, the likeliest to be meant first."""
        pane = self.pane
        if pane.outline is None:
            return []
        return under_cursor(pane.view_of(pane.position), pane.caret if pane.is_in_text else None)

    @property
    def inspected(self) -> Annotation | None:
        """The annotation that keys such as `d` act on."""
        pane = self.pane
        if pane.outline is None:
            return None
        return meant_among(self.candidates, self.meant, far_from(pane.view_of(pane.position)))
