"""Search all threads of the project: hits in their surroundings as one types, Enter goes to the place."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from msgspec import Struct
from textual import getters, on, work
from textual.content import Content
from textual.widgets import Input, Static

from annotations.errors import PostilError
from annotations.store.library import hit_contexts
from annotations.store.project import Project
from annotations.store.search import search
from annotations.work import Work
from tui.keymap import show_keys
from tui.screens.going import Back, PostPlace, ToThread
from tui.screens.handing_over import hand_over
from tui.screens.hit_table import ROWS_EACH, HitTable
from tui.screens.keyed import KeyedScreen
from tui.screens.search_words import HELP_WORDS, OFFERS, SYNTAX, as_typed
from tui.text.visible import one_line
from tui.widgets.label_bar import LabelBar
from tui.widgets.row_list import RowList
from tui.widgets.status_line import Status, StatusLine

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from annotations.model import Annotator, StoredThread
    from annotations.store.search import Hit
    from tui.keymap import Keymap

FIRST_HITS = 50
"""Hits that are asked for at first; twice as many each time the end of those comes near."""
NEAR_END = 10
"""Hits before the last from which on more are asked for."""


class Question(Struct, frozen=True):
    """What is asked: a query, the thread that is searched or None for all, how many hits."""

    query: str
    thread_id: int | None
    limit: int


class CorpusSearchScreen(KeyedScreen):
    """A line to type in, above what it finds.

    Args:
        project: The project.
        annotator: Who searches.
        keymap: The keys of `tui.screens.library_keys.SEARCH_COMMANDS`.
        is_plain: Whether to draw for a screen reader.
    """

    CSS_PATH = "library.tcss"
    HELP: ClassVar[str] = "Type what to search for in all threads. Enter goes to the hit, Escape goes back."

    label_bar = getters.query_one(LabelBar)
    status_line = getters.query_one(StatusLine)

    def __init__(self, project: Project, annotator: Annotator, keymap: Keymap, *, is_plain: bool = False) -> None:
        super().__init__(keymap)
        self.project = project
        self.annotator = annotator
        self.table = HitTable()
        self.thread: StoredThread | None = None
        """The thread from which the search was opened, None for the library."""
        self.is_in_thread = False
        """Whether only that thread is searched."""
        self._is_plain = is_plain
        self._searching = Work()
        self._asked = self._shown = Question("", None, FIRST_HITS)
        self._goes_to_first = False

    def compose(self) -> ComposeResult:
        """Lay out the line above the hits."""
        yield Static(id="heading", classes="heading")
        yield Input(id="typed", compact=True, placeholder="Search for")
        yield Static(Content(SYNTAX), id="syntax", classes="detail")
        yield Static(classes="nothing")
        yield RowList(ROWS_EACH, is_plain=self._is_plain, opens_at_click=True)
        yield LabelBar()
        yield StatusLine()

    def begin_from(self, thread: StoredThread | None) -> None:
        """Begin a search that was opened from a thread, or from the library; the last query is there to be changed."""
        if thread is None or self.thread is None or thread.id != self.thread.id:
            self.is_in_thread = False
        self.thread = thread
        if self.is_mounted:
            self.line.focus()
            self.line.select_all()
            self._search(FIRST_HITS)

    def on_mount(self) -> None:
        """Take what is typed."""
        self.set_focus(self.line)
        self._show()

    def on_unmount(self) -> None:
        """Search no longer."""
        self._searching.cancel()

    def on_resize(self) -> None:
        """Lay out the lines for the new size."""
        self.show_status()

    # --- searching ----------------------------------------------------------------------------------------------

    @on(Input.Changed, "#typed")
    def search_typed(self, event: Input.Changed) -> None:
        """Search for what is typed so far; Enter may have asked for it already."""
        event.stop()
        if self._asked != self._question(FIRST_HITS):
            self._search(FIRST_HITS)

    def _question(self, limit: int) -> Question:
        scope = self.thread.id if self.thread is not None and self.is_in_thread else None
        return Question(self.line.value, scope, limit)

    def _search(self, limit: int) -> None:
        self._asked = self._question(limit)
        self._goes_to_first = False
        self._searching.cancel()
        self._searching = Work()
        if self.line.value.strip():
            self._find(self._asked, self._searching)
        else:
            self._take(self._asked, HitTable())

    @work(thread=True, exclusive=True, group="searching")
    def _find(self, asked: Question, searching: Work) -> None:
        """Search on a connection of this thread's own; the next key stops it."""
        try:
            with Project.open(self.project.path, read_only=True) as project, project.doing(searching):
                searching.check()
                unfinished = as_typed(asked.query)
                hits = search(project, unfinished, asked.limit, asked.thread_id)
                if not hits and unfinished != asked.query:
                    hits = search(project, asked.query, asked.limit, asked.thread_id)
                table = HitTable(hits, hit_contexts(project, (hit.post_id for hit in hits)))
        except PostilError as error:
            if not searching.is_cancelled:
                hand_over(self, self.complain, error)
            return
        if not searching.is_cancelled:
            hand_over(self, self._take_found, asked, table, searching)

    def _take_found(self, asked: Question, table: HitTable, searching: Work) -> None:
        if searching is self._searching:  # no key came in the meantime
            self._take(asked, table)

    def _take(self, asked: Question, table: HitTable) -> None:
        shown = self._shown
        is_same = (asked.query, asked.thread_id) == (shown.query, shown.thread_id)
        self._shown, self.table = asked, table
        self.rows.show(table, self.rows.cursor if is_same else 0)
        self._show()
        if self._goes_to_first:
            self._goes_to_first = False
            self.action_open()

    def _show(self) -> None:
        query = self._shown.query.strip()
        self.set_class(not len(self.table), "-empty")
        nothing = f"Nothing found for “{one_line(query)}”." if query else "Hits show as you type."
        self.query_one(".nothing", Static).update(Content(nothing))
        self.show_status()

    @property
    def hit(self) -> Hit | None:
        """The hit that the cursor is on."""
        return self.table.hits[self.rows.cursor] if self.table.hits else None

    @property
    def _has_more(self) -> bool:
        return len(self.table) >= self._shown.limit

    def on_row_list_moved(self) -> None:
        """Follow the cursor; near the end of the hits, look for more."""
        is_near = max(self.rows.cursor, self.rows.last_in_view) >= len(self.table) - NEAR_END
        if is_near and self._has_more and self._asked == self._shown:
            self._search(2 * self._asked.limit)
        self.show_status()

    # --- what it says of itself ---------------------------------------------------------------------------------

    def show_status(self) -> None:
        """Bring the lines at the top and the bottom up to date."""
        if not self.is_mounted or not self.rows.is_mounted:
            return
        self.query_one("#heading", Static).update(self._heading(), layout=False)
        offers = dict(OFFERS)
        if self.thread is None:
            del offers["search.scope"]
        elif self.is_in_thread:
            offers["search.scope"] = "all threads"
        else:
            offers["search.scope"] = "this thread only"
        offers["search.other"] = "to the hits" if self.focused is self.line else "to the query"
        self.label_bar.offer("", self.offers(offers), rows=1)
        hit = self.hit
        self.status_line.show(
            Status(
                mode="SEARCH",
                title=self.table.title(hit) if hit is not None else "",
                place=f"{self.rows.cursor + 1:,} of {self._count()}" if hit is not None else "",
                progress="",
                annotator=self.annotator.name,
                keys=show_keys(" ".join(self.pending)) if self.pending else "",
                said=self.said,
            )
        )

    def _count(self) -> str:
        more = "+" if self._has_more else ""
        return f"{len(self.table):,}{more}"

    def _heading(self) -> Content:
        scope = "All threads"
        if self.thread is not None and self.is_in_thread:
            scope = f"Only in: {one_line(self.thread.title)}"
        found = ""
        if self._shown.query.strip():
            hits = "hit" if len(self.table) == 1 else "hits"
            found = f"   {self._count()} {hits}" if len(self.table) else "   no hits"
            if self.table.threads > 1:
                found += f" in {self.table.threads:,}{'+' if self._has_more else ''} threads"
        return Content.styled("Search", "bold") + Content.styled(f"{found}   {scope}", "$muted")

    # --- going --------------------------------------------------------------------------------------------------

    def action_open(self) -> None:
        """Go to the place of the hit; where what was typed is still searched for, to that of the first hit."""
        hit = self.hit
        if self.line.value != self._shown.query:
            if self.line.value != self._asked.query:  # Enter may overtake what was typed before it
                self._search(FIRST_HITS)
            self._goes_to_first = True
        elif hit is not None:
            self.set_focus(self.rows)  # where the keys are wanted when one comes back
            spans = tuple((span.start, span.end) for span in hit.spans)
            self.leave_for(ToThread(hit.thread_id, PostPlace(hit.position, spans)))

    def on_row_list_chosen(self, message: RowList.Chosen) -> None:
        """Go to the place of the hit that was clicked."""
        self.rows.go_to(message.index)
        self.action_open()

    def action_type(self) -> None:
        """Go to the query, to type another one."""
        self.set_focus(self.line)
        self.line.select_all()

    def action_other(self) -> None:
        """Go from the query to the hits, or back."""
        self.set_focus(self.rows if self.focused is self.line and len(self.table) else self.line)

    def action_scope(self) -> None:
        """Search all threads, or only the one from which the search was opened."""
        if self.thread is None:
            self.say("The search was not opened from a thread: it goes over all of them")
            return
        self.is_in_thread = not self.is_in_thread
        self._search(FIRST_HITS)

    def action_leave_screen(self) -> None:
        """Go back to where the search was opened."""
        self.leave_for(Back())

    def action_show_help(self) -> None:
        """Show every key."""
        from tui.screens.key_help import key_help  # noqa: PLC0415  # loaded on use

        self.app.push_screen(key_help("Search all threads", self.keymap, HELP_WORDS))
