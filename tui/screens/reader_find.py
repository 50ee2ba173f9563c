"""The reader's actions that find and filter: what one types, what is kept of it, and from match to match."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.screens.reader_search import ReaderSearch
from tui.text.visible import one_line

if TYPE_CHECKING:
    from textual import events
    from textual.widgets import Input

    from tui.screens.thread_search import Matches

ASKED_KEPT = 100
"""Searches that can be recalled."""
TYPED_SHOWN = 30
"""Characters of a search that the status line repeats."""


class ReaderFind(ReaderSearch):
    """Search and filter within the thread."""

    def begin(self) -> None:
        """Begin with nothing that was asked before."""
        self._asked: dict[bool, list[str]] = {False: [], True: []}
        self._recalled = 0
        self._typed = ""
        super().begin()

    # --- the line in which one types ----------------------------------------------------------------------------

    def action_search(self) -> None:
        """Ask what to search for."""
        self._ask("Search this thread and its article", is_filter=False)

    def action_filter(self) -> None:
        """Ask which posts to show."""
        self._ask("Show only: words, and conditions as in the line above", is_filter=True)

    def _ask(self, placeholder: str, *, is_filter: bool) -> None:
        from tui.screens.pane_place import PanePlace  # noqa: PLC0415  # loaded on use

        outline = self.thread_pane.outline
        if outline is None:
            self.say("This thread has no comments to search")
            return
        if self._folds is None:
            self._folds = outline.fold_state()
        self._places = (PanePlace.of(self.article), PanePlace.of(self.thread_pane), self.pane is self.thread_pane)
        self.run_worker(lambda: outline.ancestry, name="ancestry", group="find", thread=True)  # soon needed
        self._is_filtering = is_filter
        self._recalled = 0
        self._typed = self._problem = ""
        self.finder.placeholder = placeholder
        with self.prevent(type(self.finder).Changed):
            self.finder.value = ""
        self.finder.add_class("-open")
        self.set_focus(self.finder)

    def on_input_changed(self, event: Input.Changed) -> None:
        """Look for what is typed so far."""
        event.stop()
        if self.is_asking:  # Escape may overtake what was typed before it
            self.look_for(event.value)

    def read_key(self, event: events.Key) -> None:
        """Act on a key of the line in which one types, else read it."""
        if not self.is_asking or self.focused is not self.finder:
            super().read_key(event)
            return
        event.stop()
        event.prevent_default()
        if event.is_printable and event.character:  # on its way to a pane when the line opened, as the next two
            self.finder.insert_text_at_cursor(event.character)
        elif event.key == "backspace":
            self.finder.action_delete_left()
        elif event.key == "enter":
            self.keep_matches()
        elif event.key == "escape":
            self.forget_search()
        elif event.key in {"up", "down"}:
            self._recall(1 if event.key == "up" else -1)

    def _recall(self, step: int) -> None:
        """Put an earlier search into the line, or a later one; at the end an empty line."""
        asked = self._asked[self._is_filtering]
        self._recalled = max(0, min(len(asked), self._recalled + step))
        self.finder.value = asked[-self._recalled] if self._recalled else ""
        self.finder.cursor_position = len(self.finder.value)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Go to what was found."""
        event.stop()
        self.keep_matches()

    def on_input_blurred(self, event: Input.Blurred) -> None:
        """Keep what was found when a press of the mouse leads elsewhere; another window may have the focus for a while."""
        event.stop()
        chosen = self.focused
        if not self.is_asking or chosen is None or chosen is self.finder:
            return
        if self._problem:
            self.forget_search()
            return
        self.keep_matches()
        if self._found is not None and len(self._found):
            self.set_focus(chosen)

    def _close_finder(self, *, to_thread: bool) -> None:
        self.finder.remove_class("-open")
        self.set_class(to_thread, "-thread")
        self.set_focus(self.thread_pane if to_thread else self.article)
        self.lay_out(self.size.width, self.size.height)

    def look_for(self, typed: str) -> None:
        """Begin to search for what was typed; an earlier search is given up."""
        from annotations.post_filter import parse_filter, search_for  # noqa: PLC0415  # loaded on use

        wanted = parse_filter(typed) if self._is_filtering else search_for(typed)
        self._typed, self._problem = typed, wanted.problem
        if wanted.is_empty:
            self._stop()
            self._emphasize(None)
            self._shown = self._found = None
            self._show_everything()
            self._come_back()
            self._count(wanted.problem)
        else:
            self._begin_search(wanted)

    # --- keeping and leaving ------------------------------------------------------------------------------------

    def keep_matches(self) -> None:
        """Go to what matches, which stays shown."""
        typed = self.finder.value
        if typed != self._typed:  # the line's word that it has changed is still on its way
            self.look_for(typed)
        if self._problem:
            return
        if not typed.strip():
            self.forget_search()
            return
        found, is_done = self._found, self._search is None
        self._remember(typed)
        if self._places is not None:
            place = self._places[1]
            self.thread_pane.note_jump(place.position, place.caret)
        is_in_article = self._is_from_article and found is not None and found.is_in_article
        self._close_finder(to_thread=not is_in_article)
        if found is not None and is_done and not len(found):
            self._find_nothing()
        else:
            self.said = self._counted
            self._count("Searching… Esc stops" if found is None else self._words(found))

    def _remember(self, typed: str) -> None:
        asked = self._asked[self._is_filtering]
        if typed in asked:
            asked.remove(typed)
        asked.append(typed)
        del asked[:-ASKED_KEPT]

    def _find_nothing(self) -> None:
        """Show everything again, because no comment matches; the article may."""
        typed = one_line(self.finder.value)
        typed = f"{typed[:TYPED_SHOWN]}…" if len(typed) > TYPED_SHOWN else typed
        if self._found is not None and self._found.is_in_article and self._pattern:
            self._show_everything()
            self._come_back()
            self._close_finder(to_thread=False)
            self._go_in_article(-1, 1)
            self.said = f"No comments, but the article. {self.search_keys()}, Esc ends the search"
        else:
            self.forget_search()
            self.said = f"No comments match “{typed}”"
        self._counted = self.said
        self.show_status()

    def forget_search(self) -> None:
        """Show everything again, folded as before, and go back to where the search was begun."""
        places = self._places
        self._stop()
        self._show_everything()
        self._come_back()
        self._close_finder(to_thread=places is None or places[2])
        self._forget()

    def end_search(self) -> None:
        """Show everything again, folded as before; the post in focus stays, at its row of the screen."""
        pane = self.thread_pane
        at = pane.viewport.screen_row(pane.position) if pane.outline is not None else None
        self._stop()
        self._show_everything()
        if pane.outline is not None:
            pane.outline.reveal(pane.position)
            pane.viewport.place(pane.position, pane.viewport.height // 3 if at is None else at)
            pane.changed()
        self._forget()

    def action_leave(self) -> None:
        """Leave the selection, then the text, then the search."""
        if self.pane.leave_text():
            return
        if self._folds is not None:
            self.end_search()

    # --- from match to match ------------------------------------------------------------------------------------

    def action_next_match(self) -> None:
        """Go to the next match."""
        self._go_match(1)

    def action_previous_match(self) -> None:
        """Go to the previous match."""
        self._go_match(-1)

    def _go_match(self, step: int) -> None:
        found = self._found
        if found is None or not (len(found) or found.is_in_article):
            nothing = f"Nothing is searched for: {self.key_of('find.start')} searches"
            self.say("Searching… Esc stops" if self._search is not None else nothing)
            return
        pane = self.pane
        if pane.is_in_text and self._go_in_text(step):
            return
        if pane is self.article:
            target = (found.positions[0] if step > 0 else found.positions[-1]) if len(found) else None
        else:
            target = found.next_from(pane.position) if step > 0 else found.last_before(pane.position)
        # Around the end, the article comes between the last comment and the first.
        if target is None and found.is_in_article and self._go_in_article(-1 if step > 0 else None, step):
            return
        if target is None and len(found):
            target = found.positions[0] if step > 0 else found.positions[-1]
        if target is not None:
            self._go_to_match(found, target, step)

    def _go_to_match(self, found: Matches, target: int, step: int) -> None:
        pane = self.thread_pane
        was_in_text = pane.is_in_text and self.pane is pane
        self._focus(pane)
        pane.go_to(target)
        if was_in_text:
            starts = self._starts(pane.text)
            pane.go_to_text(target, (starts[0] if step > 0 else starts[-1]) if starts else 0)
        so_far = "" if found.is_complete else " so far"
        self.say(f"Match {found.rank(target) + 1:,} of {len(found):,}{so_far}")

    def _go_in_text(self, step: int) -> bool:
        """Put the text cursor on the next place in the post where the words stand; return whether there is one."""
        pane = self.pane
        ahead = [start for start in self._starts(pane.text) if (start - pane.caret) * step > 0]
        if ahead:
            pane.go_to_text(pane.position, ahead[0] if step > 0 else ahead[-1])
            self.say("Match in the article" if pane is self.article else "Match in this comment")
        return bool(ahead)

    def _go_in_article(self, after: int | None, step: int) -> bool:
        """Put the text cursor on a place of the article where the words stand; return whether there is one."""
        starts = self._starts(self.article.text)
        if not starts:
            return False
        later = [start for start in starts if after is None or start > after]
        start = (later or starts)[0] if step > 0 else starts[-1]
        if not self.is_asking:
            self._focus(self.article)
        self.article.go_to_text(0, start)
        if not self.is_asking:
            self.say("Match in the article")
        return True

    def _starts(self, text: str) -> list[int]:
        return [match.start() for match in self._pattern.finditer(text)] if self._pattern else []

    def _focus(self, pane: object) -> None:
        """Give a pane the focus, and the screen where there is one at a time."""
        if self.pane is not pane:
            self.action_other_pane()
