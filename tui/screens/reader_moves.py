"""The reader's actions that move through posts and fold them."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from textual.message import Message

from annotations.errors import PostilError
from tui.screens.reader_reading import ReaderReading
from tui.text.outline import Outline

if TYPE_CHECKING:
    from collections.abc import Callable

    from tui.screens.disagreements import Disagreements
    from tui.widgets.post_pane import PostPane


class ReaderMoves(ReaderReading):
    """Where the focus goes."""

    _disagreements: Disagreements | None = None

    class Looked(Message):
        """The project was looked over for disagreements."""

        def __init__(self, found: Disagreements, step: int, error: PostilError | None) -> None:
            super().__init__()
            self.found = found
            self.step = step
            self.error = error

    # --- posts --------------------------------------------------------------------------------------------------

    def _outline_pane(self) -> PostPane | None:
        """Return the thread's pane where it has the focus and comments, else None."""
        pane = self.pane
        if pane is self.thread_pane and pane.outline is not None:
            return pane
        self.say(f"That works in the thread: {self.key_of('view.other_pane')} goes there")
        return None

    def action_next_post(self) -> None:
        """Go to the next post."""
        self.pane.next_post()

    def action_previous_post(self) -> None:
        """Go to the previous post."""
        self.pane.previous_post()

    def _step(self, find: Callable[[Outline, int], int | None], nothing: str, *, is_jump: bool = False) -> None:
        """Go to the post that is found from the one in focus, or say that there is none."""
        pane = self._outline_pane()
        if pane is not None and pane.outline and not pane.go_to(find(pane.outline, pane.position), is_jump=is_jump):
            self.say(nothing)

    def action_next_sibling(self) -> None:
        """Go to the next post with the same parent."""
        self._step(Outline.next_sibling, "No sibling below")

    def action_previous_sibling(self) -> None:
        """Go to the previous post with the same parent."""
        self._step(Outline.previous_sibling, "No sibling above")

    def action_out(self) -> None:
        """Fold, or go to the parent."""
        self.pane.out()

    def action_into(self) -> None:
        """Unfold, or go to the first reply."""
        self.pane.into()

    def action_parent(self) -> None:
        """Go to the post that is answered."""
        self._step(Outline.parent, "This answers the article", is_jump=True)

    def action_chain(self) -> None:
        """Go to the top-level comment above."""
        self._step(Outline.top_of_chain, "", is_jump=True)

    def action_next_top(self) -> None:
        """Go to the next top-level comment."""
        self._step(Outline.next_top, "No top-level comment below")

    def action_previous_top(self) -> None:
        """Go to the previous top-level comment."""
        self._step(Outline.previous_top, "No top-level comment above")

    def _go_found(self, position: int | None, what: str) -> None:
        if position is None:
            self.say(f"No {what}")
        else:
            self.show_pane(self.thread_pane)
            self.thread_pane.go_to(position, is_jump=True)

    def action_next_unread(self) -> None:
        """Go to the next unread comment."""
        self.note_read([self.thread_pane.position] if self.thread_pane.outline else [])
        self._go_found(self.thread_source.next_unread(self.thread_pane.position, 1), "unread comment below")

    def action_previous_unread(self) -> None:
        """Go to the previous unread comment."""
        self._go_found(self.thread_source.next_unread(self.thread_pane.position, -1), "unread comment above")

    def action_next_labeled(self) -> None:
        """Go to the next labeled span of the text that the cursor is in, else to the next comment with an annotation."""
        if not self._go_to_mark(1):
            self._go_found(self.thread_source.next_labeled(self.thread_pane.position, 1), "annotation below")

    def action_previous_labeled(self) -> None:
        """Go to the previous labeled span of the text that the cursor is in, else to the previous such comment."""
        if not self._go_to_mark(-1):
            self._go_found(self.thread_source.next_labeled(self.thread_pane.position, -1), "annotation above")

    def _go_to_mark(self, step: int) -> bool:
        """Put the text cursor on a labeled span's start; return whether there is one that way in the post."""
        pane = self.pane
        if not pane.is_in_text or pane.outline is None:
            return False
        starts = [mark.start for mark in pane.view_of(pane.position).marks]
        ahead = [start for start in starts if (start - pane.caret) * step > 0]
        if ahead:
            pane.go_to_text(pane.position, ahead[0] if step > 0 else ahead[-1], is_jump=True)
        return bool(ahead)

    def action_next_disagreement(self) -> None:
        """Go to the next comment on which annotators differ."""
        self._find_disagreement(1)

    def action_previous_disagreement(self) -> None:
        """Go to the previous comment on which annotators differ."""
        self._find_disagreement(-1)

    def _find_disagreement(self, step: int) -> None:
        from tui.screens.disagreements import Disagreements  # noqa: PLC0415  # loaded on use

        project = self.session.project
        if self._disagreements is None:
            self._disagreements = Disagreements(project.path, self.thread.id)
        if self._disagreements.is_current(project):
            self._go_to_disagreement(self._disagreements, step)
        else:
            self.run_worker(
                partial(self._look_for_disagreement, self._disagreements, step),
                name="disagreements",
                group="disagreements",
                exclusive=True,
                thread=True,
            )

    def _look_for_disagreement(self, found: Disagreements, step: int) -> None:
        """Look the project over, beside the app, and go on in the app."""
        error = None
        try:
            found.look()
        except PostilError as met:
            error = met
        self.post_message(self.Looked(found, step, error))

    def on_reader_moves_looked(self, message: Looked) -> None:
        """Go where annotators differ, or say why that is not known."""
        message.stop()
        if message.error is not None:
            self.complain(message.error)
        elif not self.has_left:
            self._go_to_disagreement(message.found, message.step)

    def _go_to_disagreement(self, found: Disagreements, step: int) -> None:
        where = "below" if step > 0 else "above"
        self._go_found(found.next(self.thread_pane.position, step), f"disagreement {where}")
        self.show_status()

    def action_read_on(self) -> None:
        """Page; where the end is in view, take what is in view for read and go to the next unread."""
        pane = self.pane
        if pane is self.thread_pane and pane.outline is not None:
            shown = {position for position, _ in pane.viewport.rows()}
            before = (pane.viewport.top, pane.viewport.row)
            is_at_end = pane.outline.last_visible() in shown and not pane.reaches_below()
            self.note_read([position for position in shown if position <= pane.position or not is_at_end])
            if not is_at_end:
                pane.page(1)
            if is_at_end or (pane.viewport.top, pane.viewport.row) == before:
                self.note_read(list(shown))
                self.flush()
                self._go_found(self.thread_source.next_unread(0, 1), "unread comment is left")
        elif not pane.page(1):
            self.action_other_pane()

    def action_page_down(self) -> None:
        """Page down."""
        self.pane.page(1)

    def action_page_up(self) -> None:
        """Page up."""
        self.pane.page(-1)

    def action_half_down(self) -> None:
        """Go half a page down."""
        self.pane.page(0.5)

    def action_half_up(self) -> None:
        """Go half a page up."""
        self.pane.page(-0.5)

    def action_first(self) -> None:
        """Go to the first post, or the start of the text."""
        self.pane.first()

    def action_last(self) -> None:
        """Go to the last post, or the end of the text."""
        self.pane.last()

    def action_jump_back(self) -> None:
        """Go back to where the last jump began."""
        if not self.pane.jump_back():
            self.say("No jump to go back from")

    def action_set_mark(self, name: str) -> None:
        """Mark this place by a character."""
        pane = self.pane
        row = pane.view_of(pane.position).post.id if pane.outline is not None else 0
        self._marks[name] = ("thread" if pane is self.thread_pane else "article", pane.position, pane.caret, row)
        self.say(f"Mark {name} set")

    def action_go_mark(self, name: str) -> None:
        """Go to a marked place."""
        if name not in self._marks:
            self.say(f"No mark {name}")
            return
        where, position, offset, _ = self._marks[name]
        pane = self.thread_pane if where == "thread" else self.article
        if position >= len(self.thread_source.shape):
            self.say(f"Mark {name} is on a post that is gone")
            return
        self.show_pane(pane)
        if where == "thread" and not offset:
            pane.go_to(position, is_jump=True)
        else:
            pane.go_to_text(position, offset, is_jump=True)

    def action_other_pane(self) -> None:
        """Go to the other pane."""
        self.show_pane(self.thread_pane if self.pane is self.article else self.article)

    # --- folds --------------------------------------------------------------------------------------------------

    def action_toggle_fold(self) -> None:
        """Fold or unfold."""
        if pane := self._outline_pane():
            pane.toggle_fold()

    def action_open_fold(self) -> None:
        """Unfold."""
        if pane := self._outline_pane():
            pane.open_fold()

    def action_close_fold(self) -> None:
        """Fold."""
        if pane := self._outline_pane():
            pane.close_fold()

    def action_fold_all(self) -> None:
        """Fold all."""
        self.thread_pane.fold_all()

    def action_unfold_all(self) -> None:
        """Unfold all."""
        self.thread_pane.unfold_all()

    def action_fold_more(self) -> None:
        """Fold one level more."""
        self.thread_pane.fold_level(-1)

    def action_fold_less(self) -> None:
        """Unfold one level more."""
        self.thread_pane.fold_level(1)

    def action_fold_depth(self, digit: str) -> None:
        """Unfold to a depth."""
        self.thread_pane.fold_to_depth(int(digit) + 1)

    def action_toggle_flat(self) -> None:
        """Flatten or indent."""
        self.thread_pane.is_flat = not self.thread_pane.is_flat
        self.thread_pane.relayout()

    def action_align_top(self) -> None:
        """Bring the post to the top."""
        self.pane.align(0)

    def action_align_middle(self) -> None:
        """Bring the post to the middle."""
        self.pane.align(0.5)

    def action_align_bottom(self) -> None:
        """Bring the post to the bottom."""
        self.pane.align(1)
