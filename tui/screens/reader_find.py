"""The reader's actions that find and filter: live, showing only the paths that lead to what matches."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import on
from textual.widgets import Input

from tui.screens.post_filter import PostFilter
from tui.screens.reader_relations import ReaderRelations

if TYPE_CHECKING:
    import re

    from textual import events


class ReaderFind(ReaderRelations):
    """Search and filter within the thread."""

    def begin(self) -> None:
        """Begin without a search."""
        self._matches: list[int] = []
        self._folds: bytes | None = None
        self._is_filtering = False
        super().begin()

    def action_search(self) -> None:
        """Ask what to search for."""
        self._ask("Search this thread", is_filter=False)

    def action_filter(self) -> None:
        """Ask which posts to show."""
        self._ask("Show only: words, label:claim author:anna unread reviewed labeled depth:2 guessed", is_filter=True)

    def _ask(self, placeholder: str, *, is_filter: bool) -> None:
        if self.thread_pane.outline is None:
            self.say("This thread has no comments to search")
            return
        if self._folds is None:
            self._folds = self.thread_pane.outline.fold_state()
        self._is_filtering = is_filter
        self.finder.placeholder = placeholder
        with self.prevent(Input.Changed):
            self.finder.value = ""
        self.finder.add_class("-open")
        self.set_focus(self.finder)

    @on(Input.Changed, "#finder")
    def find(self, event: Input.Changed) -> None:
        """Show what matches what is typed so far."""
        event.stop()
        if self.finder.has_class("-open"):  # Escape may overtake what was typed before it
            self.show_matches(event.value)

    def show_matches(self, typed: str) -> None:
        """Show the posts that match, with the posts that they answer, and how many they are."""
        outline = self.thread_pane.outline
        if outline is None:
            return
        wanted = PostFilter.parse(typed) if self._is_filtering else PostFilter(words=typed)
        if wanted.is_empty:
            self._matches = []
            outline.set_filter(None)
            self._emphasize(None)
            self.said = ""
        else:
            found = wanted.matches(self.thread_source)
            self._matches = [position for position in found if position > 0]
            self._emphasize(wanted.pattern)
            matching = bytearray(len(self.thread_source.shape))
            for position in self._matches:
                matching[position] = 1
            if self._matches:
                outline.unfold_all()
                outline.set_filter(bytes(matching))
                self.thread_pane.go_to(self._match_from(self.thread_pane.position, 1, is_inclusive=True))
            else:
                outline.set_filter(None)
            in_article = " and the article" if found and found[0] == 0 else ""
            count = len(self._matches)
            self.said = f"{count or 'No'} {'comment' if count == 1 else 'comments'}{in_article}"
        self.thread_pane.viewport.settle()
        self.thread_pane.changed()
        self.show_status()

    def _emphasize(self, pattern: re.Pattern[str] | None) -> None:
        self.article.emphasize(pattern)
        self.thread_pane.emphasize(pattern)

    def _match_from(self, position: int, step: int, *, is_inclusive: bool = False) -> int:
        """Return the next match, around the end if need be."""
        if step > 0:
            later = [match for match in self._matches if match > position or (is_inclusive and match == position)]
            return later[0] if later else self._matches[0]
        earlier = [match for match in self._matches if match < position]
        return earlier[-1] if earlier else self._matches[-1]

    @on(Input.Submitted, "#finder")
    def keep_matches(self, event: Input.Submitted) -> None:
        """Go to the thread; what matches stays shown."""
        event.stop()
        self._close_finder()
        if self._matches:
            self.say(f"{self.said}. n next, N previous, Esc all")
        elif not event.value:
            self.end_search()
        self.show_status()

    def _close_finder(self) -> None:
        self.finder.remove_class("-open")
        self.set_class(True, "-thread")  # noqa: FBT003  # Textual's signature
        self.set_focus(self.thread_pane)

    def end_search(self) -> None:
        """Show everything again, folded as before; the post in focus stays."""
        outline = self.thread_pane.outline
        if outline is not None and self._folds is not None:
            position = self.thread_pane.position
            outline.set_filter(None)
            outline.restore(self._folds)
            self.thread_pane.viewport.settle()
            self.thread_pane.go_to(position)
        self._folds = None
        self._matches = []
        self._emphasize(None)

    def read_key(self, event: events.Key) -> None:
        """Leave the search at Escape, else read the key."""
        if self.focused is self.finder:
            if event.is_printable and event.character:  # on its way to a pane when the line opened, else not here
                event.stop()
                event.prevent_default()
                self.finder.insert_text_at_cursor(event.character)
            elif event.key == "escape":
                event.stop()
                event.prevent_default()
                self._close_finder()
                self.end_search()
                self.said = ""
                self.show_status()
            return
        super().read_key(event)

    def folds_to_keep(self) -> bytes:
        """Return the folds as they were before a search."""
        return self._folds if self._folds is not None else super().folds_to_keep()

    def action_next_match(self) -> None:
        """Go to the next match."""
        self._go_match(1)

    def action_previous_match(self) -> None:
        """Go to the previous match."""
        self._go_match(-1)

    def _go_match(self, step: int) -> None:
        if not self._matches:
            self.say("Nothing is searched for: / searches")
            return
        position = self._match_from(self.thread_pane.position, step)
        self.thread_pane.go_to(position)
        self.say(f"Match {self._matches.index(position) + 1} of {len(self._matches)}")

    def action_leave(self) -> None:
        """Leave the selection, then the text, then the search."""
        if self.pane.leave_text():
            return
        if self._folds is not None:
            self.end_search()
