"""The thread imported again while it is read: that is said at once, and shown at a key, with nothing lost."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from textual import events

from annotations.store import listing
from tui.keymap import FIND, LABEL, Context, Match
from tui.screens.reader_markup import ReaderMarkup
from tui.screens.thread_source import ThreadSource

if TYPE_CHECKING:
    from collections.abc import Callable

    from annotations.codebook import Label
    from annotations.post_filter import PostFilter
    from annotations.shape import Shape
    from tui.screens.going import PostPlace
    from tui.widgets.post_pane import PostPane

ASKING = frozenset(
    {
        "post.next_dispute",
        "post.previous_dispute",
        "post.next_followed",
        "post.previous_followed",
        "post.next_original",
        "post.previous_original",
        "post.done",
    }
)
"""Commands beside those that find and label which ask the project where posts stand, and so need the thread as it is."""


WRITING = frozenset({"post.done", "post.follow"})
"""Commands beside those that label which write to the project before anything else can be done."""


class ReaderArrivals(ReaderMarkup):
    """Notice another program's import of the thread, and show the thread as it is now."""

    _told: int | None = None
    """How many posts have come, as was said last."""

    @property
    def notice(self) -> str:
        """Say that the thread was imported again, as long as nothing else is to be said."""
        arrived = self.thread_source.arrived
        if arrived is None:
            return super().notice
        key = self.key_of("view.reload")
        if not arrived:
            return f"Imported again: {key} shows what has changed"
        return f"Imported again, {_counted(arrived)}: {key} shows {'it' if arrived == 1 else 'them'}"

    def look_for_import(self) -> None:
        """Say that the thread was imported again; where posts have changed places, show it as it is at once."""
        self.thread_source.look()
        if self.thread_source.is_displaced:
            self.action_reload()
            self.show_status()
        elif self.thread_source.arrived != self._told:  # who loads posts may have noticed before
            self._told = self.thread_source.arrived
            self._stop()
            self.said = ""
            self.show_status()

    # --- what needs the thread as it is -----------------------------------------------------------------------------

    def would_write(self, event: events.Key | events.Paste) -> bool:
        """Tell whether a key would write to the project, or open what does."""
        if not isinstance(event, events.Key) or self.is_asking:
            return False
        key = self.key_name(event)
        if self._draft is not None or (not self.pending and key in self.key_labels()):
            return key != "escape"
        match = self.keymap.read((*self.pending, key), self.context)
        return isinstance(match, Match) and (match.command.group == LABEL or match.command.id in WRITING)

    def perform(self, match: Match) -> None:
        """Do what a command does; one that asks the project for places sees the thread as it is."""
        if match.command.group in {FIND, LABEL} or match.command.id in ASKING:
            self._be_current()
        super().perform(match)

    def put(self, label: Label) -> None:
        """Put a label; where the text has changed in which words are selected, they are to be selected again."""
        is_selected = self.context is Context.VISUAL
        self._be_current()
        if is_selected and self.context is not Context.VISUAL:
            self.say("This text was imported anew: select again what to label")
        else:
            super().put(label)

    def go_to_place(self, place: PostPlace, *, is_jump: bool = True) -> None:
        """Go to a place that another screen has found, in the thread as it is."""
        self._be_current()
        super().go_to_place(place, is_jump=is_jump)

    def go_to_post(self, position: int, offset: int | None = None) -> None:
        """Go to a post; one that came since the thread was opened is there by now."""
        if position >= 0:
            super().go_to_post(position, offset)
        else:
            self._be_current()

    def _begin_search(self, wanted: PostFilter) -> None:
        if self._be_current():
            self.say(f"Imported again meanwhile: {self.key_of('find.start')} searches anew")
        else:
            super()._begin_search(wanted)

    def _write_reading(self) -> None:
        if self.thread_source.look() is not None and self.thread_source.is_displaced:
            self.call_next(self._be_current)  # it writes what was read, when it is known where that stands now
        else:
            super()._write_reading()

    def _be_current(self) -> bool:
        """Show the thread as it is, if it was imported again; return whether it was."""
        if not self.has_begun or self.thread_source.look() is None:
            return False
        self._reload()
        return True

    # --- the thread as it is ----------------------------------------------------------------------------------------

    def action_reload(self) -> None:
        """Show the thread as it is now; the post in focus stays where it is on the screen."""
        arrived = self.thread_source.arrived if self.thread_source.look() is not None else None
        if arrived is None:
            self.say("The thread is shown as it is")
            return
        self._reload()
        keys = f": {self.key_of('post.next_new')} next" if arrived else ""
        self.say(f"{_counted(arrived) if arrived else 'Shown as it is now'}{keys}")

    def _reload(self) -> None:
        """Open the thread anew in the panes; cursor, selection, folds, marks and jumps stay with their posts."""
        self._leave_what_counts()
        before, thread = self.thread_source, self.thread_pane
        rows_read = [thread.view_of(position).post.id for position in thread.held(sorted(self._to_mark))]
        self._to_mark.clear()
        self.thread = listing.load_thread(self.session.project, self.thread.id)
        self.thread_source = source = ThreadSource(self.session, self.thread)
        source.others = before.others
        source.signs.look_for_arrivals(before.signs.known)  # the visit goes on, be it kept yet or not
        self._told = None
        to_new = self._moves(before)
        article_shape = type(source.shape)(source.shape.depths[:1], source.shape.sizes[:1])
        self._show_anew(self.article, article_shape, first=0)
        thread.repeat_finder = source.find_repeats
        folds = None
        if before.shape and thread.outline is not None and not before.is_displaced and (shift := before.look()):
            from tui.text.folds import shifted_state  # noqa: PLC0415  # loaded on use

            folds = shifted_state(thread.outline.fold_state(), source.shape.depths, shift)
        self._show_anew(thread, source.shape, first=1, folds=folds)
        for pane, moves in ((self.article, lambda position: position), (thread, to_new)):
            pane.move_jumps(moves)
        self.place_marks()
        self._last_position = self._opened_at = thread.position if thread.outline is not None else None
        self._trail_key, self._visit, self._disagreements = (), None, None
        self._progress = self.session.progress(self.thread.id)
        self.note_read(view.post.position for view in source.refresh(rows_read) if view.post.position)
        self.show_status()

    def _leave_what_counts(self) -> None:
        """End what counts positions as they were: a search, a relation in the making, the panel with the parent."""
        if self.is_asking:
            self.forget_search()
        elif self._folds is not None:
            self.end_search()
        if self._draft is not None:
            self._end_draft()
        self.close_peek()

    def _moves(self, before: ThreadSource) -> Callable[[int], int | None]:
        """Return what says where a post stands now; None for one of which that is not known."""
        shift = before.look()
        if shift is None or not before.is_displaced:
            return (lambda position: position) if shift is None else shift.to_new
        held = {position: self.thread_pane.view_of(position).post.id for position in self.thread_pane.all_held}
        now = {view.post.id: view.post.position for view in self.thread_source.refresh(held.values())}
        return lambda position: now.get(held.get(position, 0))

    def _show_anew(self, pane: PostPane, shape: Shape, *, first: int, folds: bytes | None = None) -> None:
        """Show the posts of a shape in a pane, the post in focus at the row of the screen where it stands."""
        if pane.outline is None:
            pane.show(shape, self.thread_source, first=first)
            return
        post = pane.view_of(pane.position).post
        at, caret = pane.viewport.screen_row(pane.position), pane.caret
        selection = (pane.selection_start, pane.is_by_sentence)
        pane.show(shape, self.thread_source, first=first)
        if folds is not None:
            with suppress(ValueError):  # it is another tree after all: everything is unfolded
                pane.outline.restore(folds)
        found = self.thread_source.refresh([post.id])
        if found:
            pane.position = found[0].post.position
            pane.outline.reveal(pane.position)
            pane.caret = min(caret, len(found[0].post.text))
            if found[0].post.text == post.text:
                pane.selection_start, pane.is_by_sentence = selection
            at = pane.viewport.height // 3 if at is None else at
            pane.viewport.place(pane.position, max(0, at), max(0, -at))
        pane.changed()


def _counted(arrived: int) -> str:
    return f"{arrived:,} new {'comment' if arrived == 1 else 'comments'}"
