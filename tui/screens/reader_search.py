"""How the reader searches: what is linear in the thread runs beside the app, here its results are shown.

The search itself is `tui.screens.thread_search`, what one types for it `tui.screens.reader_find`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.message import Message

from tui.screens.reader_relations import ReaderRelations

if TYPE_CHECKING:
    import re
    from collections.abc import Iterable

    from annotations.errors import PostilError
    from annotations.post_filter import PostFilter, State
    from tui.screens.pane_place import PanePlace
    from tui.screens.thread_search import Matches, ThreadSearch
    from tui.widgets.inspector import Inspection

SLOW = 0.15
"""Seconds after which a search that has found nothing yet says that it works."""


class ReaderSearch(ReaderRelations):
    """A search of the thread and what it has found, shown."""

    _search: ThreadSearch | None = None

    class Found(Message):
        """A search has come further."""

        def __init__(self, search: ThreadSearch, matches: Matches) -> None:
            super().__init__()
            self.search = search
            self.matches = matches

    class Failed(Message):
        """A search could not read the project."""

        def __init__(self, search: ThreadSearch, error: PostilError) -> None:
            super().__init__()
            self.search = search
            self.error = error

    def begin(self) -> None:
        """Begin without a search."""
        self._search = None
        self._shown: ThreadSearch | None = None
        self._shown_in_article: ThreadSearch | None = None
        self._found: Matches | None = None
        self._pattern: re.Pattern[str] | None = None
        self._folds: bytes | None = None
        self._places: tuple[PanePlace, PanePlace, bool] | None = None
        self._is_filtering = False
        self._counted = self._problem = ""
        super().begin()

    @property
    def is_asking(self) -> bool:
        """Whether somebody types what to look for."""
        return self._finder is not None and self._finder.has_class("-open")

    @property
    def is_searching(self) -> bool:
        """Whether more may yet be found."""
        return self._search is not None

    @property
    def _is_from_article(self) -> bool:
        """Whether the article had the focus when the search was begun."""
        return not self._is_filtering and self._places is not None and not self._places[2]

    def _begin_search(self, wanted: PostFilter) -> None:
        from tui.screens.thread_search import ThreadSearch  # noqa: PLC0415  # loaded on use

        self._stop()
        outline, places = self.thread_pane.outline, self._places
        if outline is None or places is None:
            return
        self._found = None
        self._search = search = ThreadSearch(
            path=self.session.project.path,
            thread_id=self.thread.id,
            annotator_id=self.session.annotator.id,
            wanted=wanted,
            outline=outline,
            states=self._states(),
            start=places[1].position,
            report=lambda search, matches: self.post_message(self.Found(search, matches)),
            fail=lambda search, error: self.post_message(self.Failed(search, error)),
        )
        self.run_worker(search.run, name="search", group="find", thread=True)
        self.set_timer(SLOW, lambda: self._say_working(search))

    def _states(self) -> dict[State, bytes]:
        """Return what is known of all posts, as a byte for each."""
        from annotations.post_filter import State  # noqa: PLC0415  # loaded on use

        source = self.thread_source
        return {State.READ: bytes(source.read), State.NEW: source.signs.is_new}

    def _say_working(self, search: ThreadSearch) -> None:
        if search is self._search and search is not self._shown:
            self._count("Searching… Esc stops")

    def _stop(self) -> None:
        """Give the search up that runs."""
        if self._search is not None:
            self._search.cancel()
            self._search = None

    def on_unmount(self) -> None:
        """Let no search hold up the end of the app."""
        self._stop()

    def on_reader_search_failed(self, message: Failed) -> None:
        """Say why a search came to nothing."""
        if message.search is self._search:
            self._stop()
            self.complain(message.error)

    def on_reader_search_found(self, message: Found) -> None:
        """Show what a search has found so far."""
        if message.search is not self._search:
            return
        matches = message.matches
        if self._found is None:  # only now, or each key would draw both panes twice
            self._emphasize(message.search.wanted.pattern)
            self.thread_pane.emphasize(self._pattern, message.search.wanted.name_pattern)
        self._found = matches
        if len(matches):
            self._show_paths(message.search, matches)
        elif matches.is_complete and self.is_asking:
            self._shown = message.search
            self._show_nothing(matches)
        if matches.is_in_article and self._is_from_article and message.search is not self._shown_in_article:
            self._shown_in_article = message.search
            self._go_in_article(self._places[0].caret - 1 if self._places else -1, 1)
        if matches.is_complete:
            self._search = None
        if not self.is_asking and matches.is_complete and not len(matches):
            self._find_nothing()
        else:
            self._count(self._problem or self._words(matches))

    def _show_paths(self, search: ThreadSearch, matches: Matches) -> None:
        """Show the posts that match, with the posts that they answer."""
        pane, outline, places = self.thread_pane, self.thread_pane.outline, self._places
        if outline is None or places is None:
            return
        if search is not self._shown:
            self._shown = search
            outline.follow_paths(matches.paths)
            pane.viewport.settle()
            near = matches.next_from(places[1].position, is_inclusive=True)
            pane.go_to(matches.positions[0] if near is None else near)
        else:  # more of the same: what is read stays where it is, and so do folds
            at = pane.viewport.screen_row(pane.position)
            outline.set_paths(matches.paths)
            if not outline.is_visible(pane.position):
                outline.admit(pane.position)
            pane.viewport.place(pane.position, pane.viewport.height // 3 if at is None else at)
            pane.changed()

    def _show_nothing(self, matches: Matches) -> None:
        """Show that no comment matches, while the search can still be changed."""
        outline = self.thread_pane.outline
        if outline is not None:
            outline.set_paths(matches.paths)
            self.thread_pane.viewport.settle()
            self.thread_pane.changed()

    def _words(self, matches: Matches) -> str:
        """Return how many posts match."""
        count = len(matches)
        words = f"{count:,} {'comment' if count == 1 else 'comments'}" if count else "No comments"
        if matches.is_in_article and self._pattern:
            words += " + article" if count else ", but the article"
        if not matches.is_complete:
            return f"{words} so far, searching… Esc stops" if count else "Searching… Esc stops"
        return words if self.is_asking else f"{words}. {self.search_keys()}, Esc all"

    def search_keys(self) -> str:
        """Return which keys lead from match to match."""
        return f"{self.key_of('find.next')} next, {self.key_of('find.previous')} previous"

    def _count(self, words: str) -> None:
        """Say how the search goes, unless something else was said since it was kept."""
        if self.is_asking or self.said in {"", self._counted}:
            self.say(words)
            self._counted = words
        self.show_status()

    def _emphasize(self, pattern: re.Pattern[str] | None) -> None:
        self._pattern = pattern
        self.article.emphasize(pattern)
        self.thread_pane.emphasize(pattern)

    def _find_nothing(self) -> None:
        """Take it that a search that was kept has found no comment."""
        raise NotImplementedError

    def _go_in_article(self, after: int | None, step: int) -> bool:
        """Put the text cursor on a place of the article where the words stand; return whether there is one."""
        raise NotImplementedError

    # --- what the lines say -------------------------------------------------------------------------------------

    def mode_word(self) -> str:
        """Return what the keys do now, in a word."""
        if self.is_asking:
            return "FILTER" if self._is_filtering else "SEARCH"
        return super().mode_word()

    def _hint(self) -> str:
        if not self.is_asking:
            return super()._hint()
        if not self._is_filtering:
            return "Enter keeps what is shown, Esc goes back, Up brings earlier searches."
        from annotations.post_filter import HINT  # noqa: PLC0415  # loaded on use

        return HINT

    def _inspection(self) -> Inspection | None:
        return None if self.is_asking else super()._inspection()

    # --- as it was before -------------------------------------------------------------------------------------

    def _show_everything(self) -> None:
        outline = self.thread_pane.outline
        if outline is not None and self._folds is not None:
            outline.leave_paths(self._folds)
            self.thread_pane.viewport.settle()
            self.thread_pane.changed()

    def _come_back(self) -> None:
        """Put both panes back where they were when the search was begun."""
        if self._places is not None:
            article, comments, _ = self._places
            article.restore(self.article)
            comments.restore(self.thread_pane)
            self._last_position = self.thread_pane.position  # what was only looked at in passing is not read

    def _forget(self) -> None:
        self._folds = self._places = self._shown = self._found = None
        self._emphasize(None)
        if self.said == self._counted:
            self.said = ""
        self._counted = ""
        self.show_status()

    def folds_to_keep(self) -> bytes:
        """Return the folds as they were before a search."""
        return self._folds if self._folds is not None else super().folds_to_keep()

    def note_read(self, positions: Iterable[int]) -> None:
        """Take posts for read, but not those that a search passes by while it is typed."""
        if not self.is_asking:
            super().note_read(positions)
