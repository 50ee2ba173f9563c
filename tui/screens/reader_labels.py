"""The reader's actions that label, and take back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from annotations.errors import PostilError
from annotations.model import Scope, Target
from annotations.session import LabelingSession
from annotations.span import Span
from tui.keymap import Context
from tui.screens.reader_queue import ReaderQueue
from tui.screens.under_cursor import next_among
from tui.text import motions

if TYPE_CHECKING:
    from annotations.codebook import Label
    from annotations.model import Annotation
    from annotations.store.writing import Change
    from tui.screens.label_picker import NewLabel
    from tui.widgets.label_bar import LabelBar

LONG = 2000
"""Things done in one step from which on it is done beside the app: they take 0.2 s."""


class ReaderLabels(ReaderQueue):
    """What keys put on text, posts and the thread."""

    def begin(self) -> None:
        """Begin without a label to repeat."""
        self._last_label: Label | None = None
        super().begin()

    # --- targets ------------------------------------------------------------------------------------------------

    def target(self, scope: Scope) -> Target:
        """Return what a label of a scope would be put on now: the selection, the post in focus, the thread."""
        pane = self.pane
        if scope is Scope.THREAD:
            return Target(thread_id=self.thread.id)
        post = pane.view_of(pane.position).post
        if scope is Scope.POST:
            return Target(thread_id=self.thread.id, post_id=post.id)
        span = pane.selected_span() or pane.body.find(motions.sentence_at, pane.caret)
        if span is None:
            raise PostilError("There is no text to label here", "A post without text can have labels for posts.")
        return Target(thread_id=self.thread.id, post_id=post.id, span=Span(*span))

    def take_first(self, key: str) -> bool:
        """Put the label with this key."""
        label = self.key_labels().get(key)
        if label is None:
            return False
        self.said = ""
        place = self._cursor_place()
        self.put(label)
        if self._cursor_place() == place:  # else the pane says that it has moved, and the lines follow: once is enough
            self.show_status()
        return True

    def _cursor_place(self) -> tuple[bool, int, int | None]:
        pane = self.pane
        return pane is self.thread_pane, pane.position, pane.selection_start

    def put(self, label: Label) -> None:
        """Put a label on what it is for, or take it off if it stands there; then go on."""
        pane = self.pane
        if pane.outline is None:
            return
        try:
            if label.scope is Scope.RELATION:
                self.begin_relation(label)
                return
            change = self.session.toggle(label.id, self.target(label.scope))
        except PostilError as error:
            self.complain(error)
            return
        self._last_label = label
        if label.scope is Scope.SPAN:
            pane.end_selection()
        self.take_change(change)
        self.ask_for_values(label, change)
        is_forward = label.scope is Scope.POST and change.added and self._advances and pane is self.thread_pane
        if is_forward and self.is_complete_here():
            self.advance(change.summary)

    def begin_relation(self, label: Label | None = None) -> None:
        """Choose the other end of a relation."""
        raise NotImplementedError

    def ask_for_values(self, label: Label, change: Change) -> None:
        """Ask for what an annotation that was just put must say."""

    # --- actions ------------------------------------------------------------------------------------------------

    def action_type_label(self) -> None:
        """Choose a label by typing its name."""
        from tui.screens.label_picker import LabelPicker  # noqa: PLC0415  # loaded on use

        labels = [label for label in self.session.codebook.labels if not label.is_retired]
        is_selected = self.context is Context.VISUAL
        labels.sort(key=lambda label: (label.scope is Scope.SPAN) is not is_selected)
        scopes = (Scope.SPAN,) if is_selected else (Scope.POST, Scope.THREAD)
        self.app.push_screen(LabelPicker(labels, scopes if self.session.codebook.is_open else ()), self._take_picked)

    def _take_picked(self, picked: str | NewLabel | None) -> None:
        if picked is None:
            return
        if isinstance(picked, str):
            self.put(self.session.codebook.label(picked))
        else:
            self._put_new(picked)
        self.show_status()

    def _put_new(self, new: NewLabel) -> None:
        """Make a label and put it."""
        try:
            label = self.session.create_label(new.name, new.scope)
        except PostilError as error:
            self.complain(error)
            return
        self.put(label)
        key = f", key {label.key}" if label.key else ""
        self.say(f"New label “{label.name}”{key}. {self.said}")

    def action_repeat_label(self) -> None:
        """Put the last label again, on what is here now."""
        if self._last_label is None:
            self.say("No label to repeat yet")
            return
        self.put(self._last_label)

    def action_cycle_annotation(self) -> None:
        """Look at another of the annotations under the cursor."""
        following = next_among(self.candidates, self.inspected)
        self.mean(following.id if following is not None else 0)

    def _inspected_or_say(self) -> Annotation | None:
        annotation = self.inspected
        if annotation is None:
            self.say("No annotation here")
        return annotation

    def action_take_off(self) -> None:
        """Take off the annotation under the cursor."""
        if annotation := self._inspected_or_say():
            self.take_change(self.session.retract(annotation.id))

    def _move_edge(self, *, is_start: bool, is_right: bool) -> None:
        """Move an edge of the selection, else of the annotation under the cursor."""
        pane = self.pane
        if pane.selection_start is not None:
            if not pane.move_edge(is_start=is_start, is_right=is_right):
                self.say("A selection keeps at least one word")
            return
        annotation = self._inspected_or_say()
        if annotation is None or annotation.target.span is None:
            if annotation is not None:
                self.say("Only a span has a start and an end")
            return
        span = annotation.target.span
        start, end = pane.moved_edge((span.start, span.end), is_start=is_start, is_right=is_right)
        if not start < end:
            self.say("A span keeps at least one word")
            return
        self.take_change(self.session.change(annotation.id, span=Span(start, end)))
        if pane.is_in_text and not start <= pane.caret < end:
            pane.go_to_text(pane.position, start if is_start else pane.body.follow(motions.previous_cluster, end))

    def action_start_left(self) -> None:
        """Move the start a word to the left."""
        self._move_edge(is_start=True, is_right=False)

    def action_start_right(self) -> None:
        """Move the start a word to the right."""
        self._move_edge(is_start=True, is_right=True)

    def action_end_left(self) -> None:
        """Move the end a word to the left."""
        self._move_edge(is_start=False, is_right=False)

    def action_end_right(self) -> None:
        """Move the end a word to the right."""
        self._move_edge(is_start=False, is_right=True)

    def action_undo(self) -> None:
        """Take back the last thing done."""
        self._revert("Undoing", "Nothing to undo", is_redo=False)

    def action_redo(self) -> None:
        """Do again what was taken back."""
        self._revert("Redoing", "Nothing to redo", is_redo=True)

    def _revert(self, verb: str, nothing: str, *, is_redo: bool) -> None:
        revert = LabelingSession.redo if is_redo else LabelingSession.undo
        if self.session.revert_size(LONG, is_redo=is_redo) < LONG:
            self._take_back(revert(self.session), nothing)
            return
        from tui.screens.long_step import do_beside  # noqa: PLC0415  # loaded on use

        do_beside(self, verb, revert, lambda change: self._take_back(change, nothing))

    def _take_back(self, change: Change | None, nothing: str) -> None:
        if change is None:
            self.say(nothing)
            return
        self.take_change(change)
        self._go_to_change(change)
        self.say(change.summary)

    def _go_to_change(self, change: Change) -> None:
        """Show the post that a change was about, if it is another than the one in focus."""
        views = self.thread_source.refresh(change.post_ids[:1])
        if not views:
            return
        position = views[0].post.position
        if position == 0:
            if self.pane is not self.article:
                self.action_other_pane()
        elif self.thread_pane.position != position or self.pane is not self.thread_pane:
            if self.pane is not self.thread_pane:
                self.action_other_pane()
            self.thread_pane.go_to(position)

    def action_review(self) -> None:
        """Declare the post seen and done, or take that back; then go on."""
        pane = self.pane
        if pane.outline is None:
            return
        view = pane.view_of(pane.position)
        change = self.session.toggle_review(view.post.id)
        self.take_change(change)
        if pane is self.thread_pane and not view.is_reviewed:
            self.advance(change.summary)

    def action_done(self) -> None:
        """Declare the whole chain done, fold it, go to the next top-level comment."""
        pane = self._outline_pane()
        if pane is None or pane.outline is None:
            return
        top = pane.outline.top_of_chain(pane.position)
        chain = range(top, top + 1 + pane.outline.replies(top))
        if len(chain) < LONG:
            self._leave_chain(chain, self.session.review_all(self.thread_source.post_ids(chain.start, chain.stop)))
            return
        from tui.screens.long_step import do_beside  # noqa: PLC0415  # loaded on use

        has_moved = self.thread_source.look() is not None
        moved = self.thread_source.post_ids(chain.start, chain.stop) if has_moved else None
        thread_id = self.thread.id

        def review(session: LabelingSession) -> Change:
            from annotations.store.overview import post_ids  # noqa: PLC0415  # loaded on use

            return session.review_all(moved or post_ids(session.project, thread_id, chain.start, chain.stop))

        do_beside(self, "Reviewing", review, lambda change: self._leave_chain(chain, change))

    def _leave_chain(self, chain: range, change: Change | None) -> None:
        """Fold a chain that is done, and go to the next one."""
        pane = self.thread_pane
        if change is None or pane.outline is None:
            return
        self.note_read(chain)
        self.flush()
        self.take_change(change)
        pane.go_to(chain.start)
        pane.close_fold()
        if not pane.go_to(pane.outline.next_top(chain.start), is_jump=True):
            self.say(f"{change.summary}. This was the last chain")

    def on_label_bar_chosen(self, message: LabelBar.Chosen) -> None:
        """Press the key that was clicked."""
        for key in message.offer.command.split(" "):
            self.take(key)
