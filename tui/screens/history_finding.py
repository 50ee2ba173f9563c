"""How the history finds its events: in a thread of execution of its own, newest first, shown as they are found."""

from __future__ import annotations

import time
from datetime import datetime
from typing import TYPE_CHECKING

from msgspec import Struct
from textual import work
from textual.content import Content
from textual.widgets import Static

from annotations.errors import PostilError
from annotations.event_filter import parse_asked
from annotations.store.past import EventFilter, find_event_ids, resolve
from annotations.store.project import Project
from annotations.work import Work
from tui.screens.handing_over import hand_over
from tui.screens.history_table import HistoryTable
from tui.screens.keyed import KeyedScreen

if TYPE_CHECKING:
    from annotations.session import LabelingSession
    from tui.keymap import Keymap

ENOUGH = 100
"""Events that are shown without waiting for more."""
REPORT = 0.2
"""Seconds between two reports of what a filter has found."""


class Scope(Struct, frozen=True, kw_only=True):
    """Of what the history is shown.

    Args:
        words: What to call it.
        within: Which events these are.
    """

    words: str
    within: EventFilter


class HistoryFinding(KeyedScreen):
    """A list of events, and the search that fills it.

    Args:
        session: Who looks, in which project.
        keymap: The keys of the screen.
        scopes: Of what the history can be shown.
        scope: The index of the one to begin with.
    """

    def __init__(self, session: LabelingSession, keymap: Keymap, scopes: list[Scope], scope: int) -> None:
        super().__init__(keymap)
        self.session = session
        self.scopes = scopes
        self.scope = scope
        self.table = HistoryTable(session.project, session.project.now())
        self._finding = self._shown = Work()
        self._question = ("", scope)
        self._is_complete = False
        self._problem = ""
        self._width = 0

    def on_unmount(self) -> None:
        """Look no longer."""
        self._finding.cancel()

    @property
    def is_current(self) -> bool:
        """Whether what is shown is what was asked for last, as far as it is found."""
        return self._shown is self._finding

    def show_first(self) -> None:
        """Show the newest events at once: keys that were typed ahead act on them."""
        project = self.session.project
        table = HistoryTable(project, project.now())
        newest = next(find_event_ids(project, self.scopes[self.scope].within), [])
        self._take(self._finding, table, newest, is_complete=False)

    def find_anew(self) -> None:
        """Look for the events that are wanted, in a thread of execution of its own; what was looked for is given up."""
        self._finding.cancel()
        project = self.session.project
        asked = parse_asked(self.line.value, datetime.fromisoformat(project.now()))
        self._problem = asked.problem
        if self._problem:
            self.show_status()
            return
        question = (self.line.value, self.scope)
        is_same = self.is_current and question == self._question
        self._question = question
        self._finding, self._is_complete = Work(), False
        if is_same:  # what is shown stays right: nothing ever leaves the history
            self._shown = self._finding
        try:
            wanted = resolve(project, asked, self.scopes[self.scope].within)
        except PostilError as error:
            self.complain(error)
            return
        self._find(wanted, self._finding, HistoryTable(project, project.now()))

    @work(thread=True, exclusive=True, group="history")
    def _find(self, wanted: EventFilter, finding: Work, table: HistoryTable) -> None:
        """Find events, newest first, and hand them over now and then."""
        found: list[int] = []
        due = time.monotonic() + REPORT
        shown = 0
        try:
            with Project.open(self.session.project.path, read_only=True) as project, project.doing(finding):
                for ids in find_event_ids(project, wanted):
                    finding.check()
                    found += ids
                    is_first = not shown and len(found) >= ENOUGH
                    if found and (is_first or time.monotonic() >= due):
                        shown += len(found)
                        hand_over(self, self._take, finding, table, found, is_complete=False)
                        found, due = [], time.monotonic() + REPORT
        except PostilError as error:
            if not finding.is_cancelled:
                hand_over(self, self.complain, error)
            return
        if not finding.is_cancelled:
            hand_over(self, self._take, finding, table, found, is_complete=True)

    def _take(self, finding: Work, table: HistoryTable, ids: list[int], *, is_complete: bool) -> None:
        """Show what was found, unless something else is looked for by now."""
        if finding is not self._finding:
            return
        self._shown = finding
        is_new = table is not self.table
        at = self.table.ids[self.rows.cursor] if is_new and len(self.table) else None
        self.table = table
        table.take(ids)
        self._is_complete = is_complete
        table.set_width(self._width)
        cursor = self.rows.cursor
        if is_new:
            cursor = table.index_of(at) if at is not None else 0
        self.rows.show(table, cursor)
        self.set_class(is_complete and not len(table), "-empty")
        nothing = "Nothing in the history is like that." if self.line.value else "Nothing has happened here yet."
        self.query_one(".nothing", Static).update(Content(nothing))
        self.show_head()
        self.show_status()

    def show_head(self) -> None:
        """Bring the headings of the columns up to date."""
