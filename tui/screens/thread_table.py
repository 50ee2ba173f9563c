"""The threads of the library as a table: which are shown, in which order, and how a row is drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.style import Style

from annotations.store.library import ThreadWork
from tui.text.ago import ago
from tui.text.fuzzy import find_rows, find_words, fold
from tui.text.table import Column, arrange_columns, fill
from tui.text.visible import one_line

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from annotations.store.library import LibraryThread
    from tui.text.table import Place
    from tui.widgets.pane_styles import PaneStyles

TITLE, KEY, COMMENTS, LABELED = "title", "key", "comments", "labeled"
REVIEWED, UNREAD, OPENED, SOURCE, IMPORTED = "reviewed", "unread", "opened", "source", "imported"

COLUMNS = (
    Column(TITLE, "Title", 32, liked=56, most=110),
    Column(KEY, "Key", 16, most=24, rank=6),
    Column(COMMENTS, "Comments", 8, rank=1, is_number=True),
    Column(LABELED, "Labeled", 7, rank=4, is_number=True),
    Column(REVIEWED, "Reviewed", 8, rank=5, is_number=True),
    Column(UNREAD, "Unread", 6, rank=2, is_number=True),
    Column(OPENED, "Last opened", 14, rank=3),
    Column(IMPORTED, "Imported", 10, rank=7),
    Column(SOURCE, "Source", 16, most=60, rank=8),
)
DESCENDING = frozenset({COMMENTS, LABELED, REVIEWED, UNREAD, OPENED, IMPORTED})
"""Columns of which the most, or the latest, comes first unless the order is turned round."""

_NOTHING = ThreadWork()


class ThreadTable:
    """The rows of the library; a `RowSource`.

    Args:
        now: What time it is, ISO 8601 in UTC, for the column of when threads were opened.
    """

    def __init__(self, now: str) -> None:
        self.now = now
        self.column = OPENED
        self.is_reversed = False
        self.typed = ""
        self.threads: Sequence[LibraryThread] = ()
        self.shown: list[LibraryThread] = []
        self.places: list[Place] = []
        self._width = 0
        self._work: Mapping[int, ThreadWork] | None = None
        self._folded: list[str] = []

    def __len__(self) -> int:
        return len(self.shown)

    @property
    def is_descending(self) -> bool:
        """Whether the most, or the latest, comes first."""
        return (self.column in DESCENDING) != self.is_reversed

    @property
    def is_counted(self) -> bool:
        """Whether it is known how far the work on the threads has come."""
        return self._work is not None

    def take(self, threads: Sequence[LibraryThread]) -> None:
        """Show these threads; what is known of the work on them stays until it is counted again."""
        self.threads = sorted(threads, key=lambda thread: thread.id)
        self._folded = []
        self.set_width(self._width)
        self.arrange()

    def take_work(self, work: Mapping[int, ThreadWork]) -> None:
        """Show how far the work has come, by the thread's row."""
        self._work = work
        self.set_width(self._width)
        if self.column in {LABELED, REVIEWED, UNREAD}:
            self.arrange()

    def work_on(self, thread: LibraryThread) -> ThreadWork:
        """Return how far the work on a thread has come; nothing as long as that is not known."""
        return (self._work or {}).get(thread.id, _NOTHING)

    def unread(self, thread: LibraryThread) -> int:
        """Return how many comments of a thread are unread."""
        return max(0, thread.comments - self.work_on(thread).read)

    def arrange(self) -> None:
        """Choose the threads that match what was typed, and put them in order."""
        threads = self.threads
        if self.typed.strip():
            if not self._folded:
                self._folded = [_searched(thread) for thread in threads]
            threads = [threads[index] for index in find_rows(self._folded, self.typed)]
        self.shown = sorted(threads, key=self._order(), reverse=self.is_descending)

    def _order(self) -> Callable[[LibraryThread], int | str]:
        orders: dict[str, Callable[[LibraryThread], int | str]] = {
            TITLE: lambda thread: fold(thread.title),
            KEY: lambda thread: fold(thread.key),
            COMMENTS: lambda thread: thread.comments,
            LABELED: lambda thread: self.work_on(thread).labeled,
            REVIEWED: lambda thread: self.work_on(thread).reviewed,
            UNREAD: self.unread,
            OPENED: lambda thread: thread.opened_at,
            SOURCE: lambda thread: thread.source,
            IMPORTED: lambda thread: thread.imported_at,
        }
        return orders[self.column]

    def index_of(self, thread_id: int) -> int | None:
        """Return the row of a thread, None if it is not shown."""
        return next((index for index, thread in enumerate(self.shown) if thread.id == thread_id), None)

    def set_width(self, width: int) -> None:
        """Choose the columns for a width in cells, those of numbers as wide as the largest needs."""
        self._width = width
        comments = max((thread.comments for thread in self.threads), default=0)
        done = (self._work or {}).values()
        largest = {
            COMMENTS: comments,
            UNREAD: comments,
            LABELED: max((work.labeled for work in done), default=0),
            REVIEWED: max((work.reviewed for work in done), default=0),
        }
        columns = [
            column._replace(width=max(column.width, len(f"{largest.get(column.id, 0):,}"))) for column in COLUMNS
        ]
        self.places = arrange_columns(columns, width)

    # --- drawing ------------------------------------------------------------------------------------------------

    def draw(self, index: int, width: int, styles: PaneStyles, *, is_focused: bool) -> list[list[tuple[str, Style]]]:
        """Return the one row of a thread."""
        del width
        thread = self.shown[index]
        ground = styles.plain("body", is_focused=is_focused)
        row: list[tuple[str, Style]] = []
        for place in self.places:
            if row:
                row.append(("  ", ground))
            if place.column.id in {TITLE, KEY}:
                row += self._draw_found(thread, place, styles, is_focused=is_focused)
            else:
                text, purpose = self._cell(thread, place.column.id)
                text = fill(text, place.width, is_right=place.column.is_number)
                row.append((text, styles.plain(purpose, is_focused=is_focused)))
        return [row]

    def _cell(self, thread: LibraryThread, column: str) -> tuple[str, str]:
        """Return what a cell says, and the purpose of its style."""
        if column == COMMENTS:
            return f"{thread.comments:,}", "body"
        if column == OPENED:
            return ago(thread.opened_at, self.now) or "never", "body" if thread.opened_at else "muted"
        if column == IMPORTED:
            return thread.imported_at[:10], "muted"
        if column == SOURCE:
            return one_line(place_name(thread.source)), "muted"
        if not self.is_counted:
            return "", "muted"
        work = self.work_on(thread)
        number = {LABELED: work.labeled, REVIEWED: work.reviewed, UNREAD: self.unread(thread)}[column]
        return f"{number:,}", "body" if number else "muted"

    def _draw_found(
        self, thread: LibraryThread, place: Place, styles: PaneStyles, *, is_focused: bool
    ) -> list[tuple[str, Style]]:
        """Return the title or the key, with what was typed emphasized."""
        is_title = place.column.id == TITLE
        text = fill(one_line(thread.title if is_title else thread.key), place.width)
        base = styles.plain("body" if is_title else "muted", is_focused=is_focused)
        if not self.typed.strip():
            return [(text, base)]
        strong = base + Style(color=styles.accent.rich_color, bold=True, underline=True)
        pieces: list[tuple[str, Style]] = []
        at = 0
        for start, end in find_words(text, self.typed, _searched(thread)):
            pieces += [(text[at:start], base), (text[start:end], strong)]
            at = end
        return [*pieces, (text[at:], base)]


def place_name(source: str) -> str:
    """Return what a source is called where there is little room: the end of a path, a pipe by its name."""
    if source == "-":
        return "standard input"
    name = source.rstrip("/").rpartition("/")[2]
    return name or source


def _searched(thread: LibraryThread) -> str:
    """Return what a filter looks at."""
    return fold(f"{thread.title}\n{thread.key}\n{place_name(thread.source)}")
