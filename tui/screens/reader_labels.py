"""The reader's actions that label, and take back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from annotations.errors import PostilError
from annotations.model import Scope, Target
from annotations.queue import Wanted, next_post
from annotations.span import Span
from tui.keymap import Context
from tui.screens.reader_text import ReaderText
from tui.text import motions

if TYPE_CHECKING:
    from annotations.codebook import Label
    from annotations.model import Annotation
    from annotations.store.writing import Change
    from tui.screens.annotation_editor import Edit
    from tui.widgets.label_bar import LabelBar


THREAD_ORDER = "every"
"""The queue that is no search: one comment after the other."""


class ReaderLabels(ReaderText):
    """What keys put on text, posts and the thread."""

    def begin(self) -> None:
        """Begin with the queue of posts that are not done."""
        self._last_label: Label | None = None
        self._advances = self.configuration.advances
        self._queue = Wanted.UNREVIEWED.value
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
        self.put(label)
        self.show_status()
        return True

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
        if label.scope is Scope.POST and change.added and self._advances and pane is self.thread_pane:
            self._advance(change.summary)

    def begin_relation(self, label: Label | None = None) -> None:
        """Choose the other end of a relation."""
        raise NotImplementedError

    def _advance(self, summary: str) -> None:
        """Go on to the next post of the queue, saying what was done."""
        following = self._next_in_queue()
        if following is None or following == self.thread_pane.position:
            self.say(f"{summary}. The queue is empty: every comment is done")
        else:
            self.thread_pane.go_to(following)

    def _next_in_queue(self) -> int | None:
        position = self.thread_pane.position
        if self._queue == THREAD_ORDER:
            return position + 1 if position + 1 < len(self.thread_source.shape) else None
        return next_post(self.session, Wanted(self._queue), self.thread.id, position)

    # --- actions ------------------------------------------------------------------------------------------------

    def action_type_label(self) -> None:
        """Choose a label by typing its name."""
        from tui.screens.label_picker import LabelPicker  # noqa: PLC0415  # loaded on use

        labels = [label for label in self.session.codebook.labels if not label.is_retired]
        if self.context is Context.VISUAL:
            labels.sort(key=lambda label: label.scope is not Scope.SPAN)
        else:
            labels.sort(key=lambda label: label.scope is Scope.SPAN)
        self.app.push_screen(LabelPicker(labels), self._take_picked)

    def _take_picked(self, label: str | None) -> None:
        if label is not None:
            self.put(self.session.codebook.label(label))
            self.show_status()

    def action_repeat_label(self) -> None:
        """Put the last label again, on what is here now."""
        if self._last_label is None:
            self.say("No label to repeat yet")
            return
        self.put(self._last_label)

    def action_cycle_annotation(self) -> None:
        """Look at another of the annotations under the cursor."""
        self._inspected += 1

    def _inspected_or_say(self) -> Annotation | None:
        annotation = self.inspected
        if annotation is None:
            self.say("No annotation here")
        return annotation

    def action_take_off(self) -> None:
        """Take off the annotation under the cursor."""
        if annotation := self._inspected_or_say():
            self.take_change(self.session.retract(annotation.id))
            self._inspected = 0

    def action_edit_annotation(self) -> None:
        """Edit the note and the attributes of the annotation under the cursor."""
        from tui.screens.annotation_editor import AnnotationEditor  # noqa: PLC0415  # loaded on use

        if annotation := self._inspected_or_say():
            label = self.session.codebook.label(annotation.label)

            def take(edit: Edit | None) -> None:
                if edit is None:
                    return
                try:
                    change = self.session.change(annotation.id, note=edit.note, attributes=edit.attributes)
                except PostilError as error:
                    self.complain(error)
                    return
                self.take_change(change)
                self.show_status()

            self.app.push_screen(AnnotationEditor(annotation, label), take)

    def _move_edge(self, *, is_start: bool, is_right: bool) -> None:
        annotation = self._inspected_or_say()
        if annotation is None or annotation.target.span is None:
            if annotation is not None:
                self.say("Only a span has a start and an end")
            return
        span, body = annotation.target.span, self.pane.body
        if is_start:
            motion = motions.next_word if is_right else motions.previous_word
            start, end = body.follow(motion, span.start), span.end
        else:
            start, end = span.start, body.follow_end(_word_end if is_right else _word_end_before, span.end)
        if not start < end:
            self.say("A span keeps at least one word")
            return
        self.take_change(self.session.change(annotation.id, span=Span(start, end)))
        if self.pane.is_in_text and not start <= self.pane.caret < end:
            self.pane.go_to_text(self.pane.position, start if is_start else body.follow(motions.previous_cluster, end))

    def action_start_left(self) -> None:
        """Move the annotation's start a word to the left."""
        self._move_edge(is_start=True, is_right=False)

    def action_start_right(self) -> None:
        """Move the annotation's start a word to the right."""
        self._move_edge(is_start=True, is_right=True)

    def action_end_left(self) -> None:
        """Move the annotation's end a word to the left."""
        self._move_edge(is_start=False, is_right=False)

    def action_end_right(self) -> None:
        """Move the annotation's end a word to the right."""
        self._move_edge(is_start=False, is_right=True)

    def action_undo(self) -> None:
        """Take back the last thing done."""
        self._take_back(self.session.undo(), "Nothing to undo")

    def action_redo(self) -> None:
        """Do again what was taken back."""
        self._take_back(self.session.redo(), "Nothing to redo")

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
            self._advance(change.summary)

    def action_done(self) -> None:
        """Declare the whole chain done, fold it, go to the next top-level comment."""
        pane = self._outline_pane()
        if pane is None or pane.outline is None:
            return
        top = pane.outline.top_of_chain(pane.position)
        chain = range(top, top + 1 + pane.outline.replies(top))
        change = self.session.review_all(self.thread_source.post_ids(chain.start, chain.stop))
        self.note_read(chain)
        self.flush()
        self.take_change(change)
        pane.go_to(top)
        pane.close_fold()
        if not pane.go_to(pane.outline.next_top(top), is_jump=True):
            self.say(f"{change.summary}. This was the last chain")

    def action_next_in_queue(self) -> None:
        """Go to the next post of the queue."""
        following = self._next_in_queue()
        if following is None:
            self.say("The queue is empty: every comment is done")
            return
        if self.pane is not self.thread_pane:
            self.action_other_pane()
        self.thread_pane.go_to(following, is_jump=True)

    def action_choose_queue(self) -> None:
        """Choose what comes next."""
        from tui.screens.queue_picker import QUEUES, QueuePicker  # noqa: PLC0415  # loaded on use

        def take(queue: str | None) -> None:
            if queue is not None:
                self._queue = queue
                self.say(f"Queue: {QUEUES[queue]}")
                self.show_status()

        self.app.push_screen(QueuePicker(self._queue), take)

    def action_toggle_advance(self) -> None:
        """Go on to the next post after a label, or stay."""
        self._advances = not self._advances
        self.say("A label goes on to the next comment" if self._advances else "A label stays on its comment")

    def on_label_bar_chosen(self, message: LabelBar.Chosen) -> None:
        """Press the key that was clicked."""
        for key in message.offer.command.split(" "):
            self.take(key)


def _word_end(text: str, end: int) -> int:
    """Return the end of the word that begins at or behind a span's end."""
    last = motions.word_end(text, end)
    following = motions.next_cluster(text, last)
    return max(following, end) if following > last else len(text)


def _word_end_before(text: str, end: int) -> int:
    """Return the end of the word before the one at a span's end."""
    start = motions.previous_word(text, end)
    word = motions.word_at(text, motions.previous_word(text, start)) if start else None
    return word[1] if word else 0
