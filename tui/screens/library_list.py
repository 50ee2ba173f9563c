"""The list of the library: the threads of the project, read at once or a moment later, and the work on each."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import getters, work
from textual.content import Content
from textual.widgets import Input, Static

from annotations.errors import PostilError
from annotations.store.library import latest_threads, library_threads, work_by_thread
from annotations.store.project import Project
from annotations.work import Work
from tui.keymap import show_keys
from tui.screens.handing_over import hand_over
from tui.screens.keyed import KeyedScreen
from tui.screens.library_words import OFFERS, TYPING_OFFERS, describe
from tui.screens.thread_table import ThreadTable
from tui.text.visible import one_line
from tui.widgets.label_bar import LabelBar
from tui.widgets.row_canvas import GUTTER, SCROLL_BAR
from tui.widgets.row_list import RowList
from tui.widgets.status_line import Status, StatusLine
from tui.widgets.table_head import TableHead

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from textual import events
    from textual.app import ComposeResult

    from annotations.model import Annotator
    from annotations.store.library import LibraryThread, ThreadWork
    from tui.keymap import Keymap

AT_ONCE = 500
"""Threads that are shown before anything else is done; where there are more, they come a moment later."""


class LibraryList(KeyedScreen):
    """All threads of a project, kept up to date.

    Args:
        project: The project.
        annotator: Whose work is counted.
        keymap: The keys of `tui.screens.library_keys.COMMANDS`.
        is_plain: Whether to draw for a screen reader.
        thread_id: The thread that the cursor is on at first; None for the one that was opened last.
    """

    CSS_PATH = "library.tcss"
    HELP: ClassVar[str] = "Choose a thread to read. Press ? for the keys."

    head = getters.query_one(TableHead)
    detail = getters.query_one(".detail", Static)
    label_bar = getters.query_one(LabelBar)
    status_line = getters.query_one(StatusLine)

    def __init__(
        self,
        project: Project,
        annotator: Annotator,
        keymap: Keymap,
        *,
        is_plain: bool = False,
        thread_id: int | None = None,
    ) -> None:
        super().__init__(keymap)
        self.project = project
        self.annotator = annotator
        self.table = ThreadTable(project.now())
        self._is_plain = is_plain
        self.wanted = thread_id
        """The thread that the cursor goes to when the threads are read next; None where it is."""
        self._is_whole = True
        self._counting = Work()

    def compose(self) -> ComposeResult:
        """Lay out the list between its headings and the lines that say what can be done."""
        yield Static(id="heading", classes="heading")
        yield TableHead(GUTTER, is_plain=self._is_plain)
        yield RowList(is_plain=self._is_plain)
        yield Static(classes="nothing")
        yield Static(classes="detail")
        yield Input(id="typed", compact=True, placeholder="Words of a title, a key or a source")
        yield LabelBar()
        yield StatusLine()

    def on_mount(self) -> None:
        """Take the keys."""
        self.set_focus(self.rows)

    def on_screen_resume(self) -> None:
        """Look at the project (again)."""
        self.reload()

    def on_unmount(self) -> None:
        """Count no longer."""
        self._counting.cancel()

    def on_resize(self, event: events.Resize) -> None:
        """Choose the columns for the new width."""
        self.table.set_width(event.size.width - GUTTER - SCROLL_BAR)
        self._show_head()
        self.rows.redraw()
        self.show_status()

    # --- what it shows ------------------------------------------------------------------------------------------

    @property
    def thread(self) -> LibraryThread | None:
        """The thread that the cursor is on."""
        return self.table.shown[self.rows.cursor] if self.table.shown else None

    def reload(self) -> None:
        """Show what the project holds now; the cursor stays on its thread. What is slow to read comes later."""
        self.table.now = self.project.now()
        try:
            threads = latest_threads(self.project, self.annotator.id, AT_ONCE)
        except PostilError as error:
            self.complain(error)
            return
        is_whole = len(threads) < AT_ONCE
        if is_whole or not self.table.threads:
            self._is_whole = is_whole
            self._keep_thread(lambda: self.table.take(threads))
        self._counting.cancel()
        self._counting = Work()
        self._read(self._counting, is_whole=is_whole)

    @work(thread=True, exclusive=True, group="reading")
    def _read(self, reading: Work, *, is_whole: bool) -> None:
        """Read all threads, then count what the annotator has done, on a connection of this thread's own."""
        try:
            with Project.open(self.project.path, read_only=True) as project, project.doing(reading):
                if not is_whole:
                    threads = library_threads(project, self.annotator.id)
                    hand_over(self, self._take_threads, threads, reading)
                found = work_by_thread(project, self.annotator.id)
            hand_over(self, self._take_work, found, reading)
        except PostilError as error:
            if not reading.is_cancelled:
                hand_over(self, self.complain, error)

    def _take_threads(self, threads: Sequence[LibraryThread], reading: Work) -> None:
        if not reading.is_cancelled:
            self._is_whole = True
            self._keep_thread(lambda: self.table.take(threads))

    def _take_work(self, found: Mapping[int, ThreadWork], reading: Work) -> None:
        if not reading.is_cancelled:
            self._keep_thread(lambda: self.table.take_work(found))

    def _keep_thread(self, change: Callable[[], None]) -> None:
        """Change what is shown; the cursor stays on its thread, or where that was."""
        at = self.thread
        thread_id = self.wanted or (at.id if at is not None else None)
        change()
        index = self.table.index_of(thread_id) if thread_id is not None else None
        if index is not None or self._is_whole:
            self.wanted = None
        self._show(self.rows.cursor if index is None else index)

    def _show(self, cursor: int) -> None:
        self.set_class(not self.table.shown, "-empty")
        nothing = "No thread is like that." if self.table.threads else "The project holds no threads yet."
        self.query_one(".nothing", Static).update(Content(nothing))
        self.rows.show(self.table, cursor)
        self._show_head()
        self.show_status()

    def _show_head(self) -> None:
        table = self.table
        self.head.show(table.places, table.column, is_descending=table.is_descending)

    def on_row_list_moved(self) -> None:
        """Follow the cursor with the lines at the bottom."""
        self.show_status()

    def show_status(self) -> None:
        """Bring the lines at the top and the bottom up to date."""
        if not self.is_mounted or not self.rows.is_mounted:
            return
        table, thread = self.table, self.thread
        count = len(table.threads)
        heading = Content.styled("Library", "bold") + Content.styled(f"   {one_line(self.project.path.name)}", "$muted")
        self.query_one("#heading", Static).update(heading, layout=False)
        self.detail.update(Content(describe(thread, table.work_on(thread).detached) if thread else ""), layout=False)
        self.label_bar.offer("", self.offers(TYPING_OFFERS if self.focused is self.line else OFFERS), rows=1)
        self.status_line.show(
            Status(
                mode="LIBRARY",
                title=thread.title if thread else "",
                place=f"{self.rows.cursor + 1:,} of {len(table):,}" if thread and self._is_whole else "",
                progress="" if len(table) == count else f"{count:,} in all",
                annotator=self.annotator.name,
                keys=show_keys(" ".join(self.pending)) if self.pending else "",
                said=self.said,
            )
        )
