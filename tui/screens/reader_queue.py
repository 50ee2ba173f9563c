"""The reader's actions that go on: which comment comes next, and how far one is in the queue.

What is asked of the project for it may be linear in the thread: for a large one a worker does it, see `QueueMaking`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.message import Message

from annotations.model import PostKind
from tui.screens.queue_making import QueueMaking

if TYPE_CHECKING:
    from collections.abc import Iterable

    from annotations.queue import Queue, QueueRun
    from annotations.store.writing import Change
    from tui.widgets.post_view import PostView


class ReaderQueue(QueueMaking):
    """What comes next."""

    class NextThread(Message):
        """The project was searched for another thread with work."""

        def __init__(self, found: tuple[int, str] | None) -> None:
            super().__init__()
            self.found = found

    def begin(self) -> None:
        """Begin with the queue that was chosen the last time."""
        self._advances = self.configuration.advances
        self._queue_saved_at = 0
        self._following_thread: tuple[int, str] | None = None
        super().begin()
        self.call_after_refresh(self._take_up_queue)

    def _take_up_queue(self) -> None:
        if not self.queue.is_first:
            self.ready_run()
            self.show_status()

    # --- going on -----------------------------------------------------------------------------------------------

    def advance(self, summary: str) -> None:
        """Go on to the next post of the queue, saying what was done."""
        run = self.ready_run()
        following = self._following(run)
        at = self.thread_pane.position
        if run is None and following is None:
            self.say(f"{summary}; {self.queue_obstacle}")
        elif following is None or following == at or (run is not None and self._is_through(run, following)):
            self._say_done()
        else:
            self._go_on_to(following)

    def is_complete_here(self) -> bool:
        """Tell whether the comment in focus has all that the codebook requires: else a label does not go on."""
        from annotations.queue import is_done  # noqa: PLC0415  # loaded on use

        labels = self.thread_source.labels_at(self.thread_pane.position)
        return is_done(self.session.codebook, labels, is_reviewed=True)

    def _following(self, run: QueueRun | None) -> int | None:
        """Return what comes next, as far as that is known."""
        position = self.thread_pane.position if self.thread_pane.outline is not None else 0
        if run is None:
            return self.near_untouched(position)
        return run.next(position if run.is_ordered else self.queue_at)

    def _is_through(self, run: QueueRun, following: int) -> bool:
        """Tell whether a queue that leads to all it holds would begin anew."""
        return run.queue.leaves_nothing_out and run.comes_round(self.thread_pane.position, following)

    def _go_on_to(self, position: int, *, is_jump: bool = False) -> None:
        if self.pane is not self.thread_pane:
            self.show_pane(self.thread_pane)
        self.queue_at = position
        self.thread_pane.go_to(position, is_jump=is_jump)

    def _say_done(self) -> None:
        """Say that nothing comes next, and look for another thread that has work."""
        from tui.screens.queue_words import END, ENDS  # noqa: PLC0415  # loaded on use

        self.say(ENDS.get(self.queue.kind, END))
        self.run_worker(self._look_for_thread, name="next thread", group="queue", thread=True)

    def _look_for_thread(self) -> None:
        """Find the next thread that has comments left, beside the app."""
        from annotations.errors import PostilError  # noqa: PLC0415  # loaded on use
        from annotations.store import queues  # noqa: PLC0415  # loaded on use
        from annotations.store.project import Project  # noqa: PLC0415  # loaded on use

        try:
            with Project.open(self.session.project.path, read_only=True) as project:
                found = queues.next_thread_with_work(project, self.session.annotator.id, self.thread.id)
        except PostilError:
            return  # it is an offer: without it nothing is missing
        self.post_message(self.NextThread(found))

    def on_reader_queue_next_thread(self, message: NextThread) -> None:
        """Offer the thread."""
        message.stop()
        if message.found is None or self.has_left:
            return
        from tui.text.visible import one_line  # noqa: PLC0415  # loaded on use

        self._following_thread = message.found
        self.say(f"{self.said}. {self.key_of('queue.next')} goes on with “{one_line(message.found[1])}”")
        self.show_status()

    # --- actions ------------------------------------------------------------------------------------------------

    def action_next_in_queue(self) -> None:
        """Go to the next post of the queue; where none is left, to the next thread that has work."""
        run = self.ready_run()
        following = self._following(run)
        if following is None and run is None:
            self.say(self.queue_obstacle[:1].upper() + self.queue_obstacle[1:])
        elif following is None and self._following_thread is not None:
            self._go_to_thread(self._following_thread[0])
        elif following is None:
            self._say_done()
        else:
            if run is not None and self._is_through(run, following):
                self.say("From the beginning of the queue again")
            self._go_on_to(following, is_jump=True)

    def _go_to_thread(self, thread_id: int) -> None:
        from tui.screens.going import ToThread  # noqa: PLC0415  # loaded on use

        self.has_left = True
        self.flush()
        self.post_message(ToThread(thread_id))

    def action_choose_queue(self) -> None:
        """Choose what comes next."""
        from tui.screens.queue_picker import QueuePicker  # noqa: PLC0415  # loaded on use

        pane = self.thread_pane
        post = pane.view_of(pane.position).post if pane.outline is not None else None
        self.app.push_screen(QueuePicker(self.queue, self.session.codebook, post), self._take_queue)

    def _take_queue(self, queue: Queue | None) -> None:
        if queue is None:
            return
        from tui.screens.queue_words import describe  # noqa: PLC0415  # loaded on use

        self.choose_queue(queue)
        self._following_thread = None
        self.say(f"Queue: {describe(queue, self.session.codebook)}")
        self.show_status()

    def action_toggle_advance(self) -> None:
        """Go on to the next post after a label, or stay."""
        self._advances = not self._advances
        self.say("A label goes on to the next comment" if self._advances else "A label stays on its comment")

    def action_flag(self) -> None:
        """Flag the post, or take the flag off."""
        pane = self.pane
        if pane.outline is not None:
            self.take_change(self.session.flag(pane.view_of(pane.position).post.id))

    # --- what changes -------------------------------------------------------------------------------------------

    def posts_changed(self, views: Iterable[PostView]) -> None:
        """Keep the queue up to date with what was done to posts."""
        super().posts_changed(views)
        for view in views:
            if view.post.kind is PostKind.COMMENT:
                self.note_work(view)

    def thread_changed(self) -> None:
        """Have the queue found anew."""
        super().thread_changed()
        self.forget_run()
        self.ready_run()

    def take_change(self, change: Change) -> None:
        """Show what the session has done; where it was the label whose replies are wanted, find them anew."""
        super().take_change(change)
        label = self.queue.label
        if label and any(each.label == label for each in (*change.added, *change.removed)):
            self.forget_run()
            self.ready_run()

    def _write_reading(self) -> None:
        read = sorted(self._to_mark)
        super()._write_reading()
        self.note_reading(read)
        run = self.known_run
        if run is None or run.is_ordered:
            return  # where the analyst is says where the queue is
        if self.queue_at != self._queue_saved_at:
            post_ids = self.thread_source.post_ids(self.queue_at, self.queue_at + 1)
            if post_ids:
                self.session.save_queue_place(self.thread.id, post_ids[0])
            self._queue_saved_at = self.queue_at

    def progress_words(self) -> str:
        """Return how far the annotator is: in the queue, where that is another than the comments that are not done."""
        if not self.knows_queue or self.queue.is_first:
            return super().progress_words()
        from tui.screens.queue_words import short_name  # noqa: PLC0415  # loaded on use

        name = short_name(self.queue, self.session.codebook)
        run = self.known_run
        if run is None:
            return name
        come, total = run.progress(self.thread_pane.position)
        done = "" if self.queue.leaves_nothing_out else " done"
        return f"{name}: {come:,} of {total:,}{done}"
