"""How the reader comes by its queue: at once where that is quick, else by a worker with a connection of its own."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from textual.message import Message

from annotations.errors import PostilError
from annotations.store.listing import load_thread
from annotations.work import Work
from tui.screens.reader_text import ReaderText

if TYPE_CHECKING:
    from collections.abc import Iterable

    from annotations.queue import Queue, QueueRun
    from annotations.queue_loading import Worker
    from tui.widgets.post_view import PostView

NEAR = 10_000
"""Comments below the cursor that are looked at while the queue is not known yet: some 10 ms at most."""


class QueueMaking(ReaderText):
    """The queue that was chosen, and the run through it."""

    class Made(Message):
        """A worker has made the run through a queue, or has met an error."""

        def __init__(self, work: Work, run: QueueRun | None, error: PostilError | None) -> None:
            super().__init__()
            self.work = work
            self.run = run
            self.error = error

    def begin(self) -> None:
        """Begin without a queue: it is asked for when it is needed."""
        self._queue: Queue | None = None
        self.queue_at = 0
        """The comment to which a queue in random order has led last."""
        self._members: bytes | None = None
        self._run: QueueRun | None = None
        self._run_codebook = self.session.codebook
        self._making: Work | None = None
        self.queue_obstacle = ""
        """Why there is no run."""
        self._meanwhile: dict[int, PostView] = {}
        super().begin()

    @property
    def queue(self) -> Queue:
        """The queue that the annotator has chosen in this thread, the last time or now."""
        if self._queue is None:
            from annotations.queue import Queue  # noqa: PLC0415  # not needed for the first frame
            from annotations.store import queues  # noqa: PLC0415  # not needed for the first frame

            kept = queues.load_queue(self.session.project, self.thread, self.session.annotator.id)
            self._queue = Queue() if kept is None else Queue.from_json(kept.queue)
            if kept is not None:
                self.queue_at, self._members = kept.at, kept.members
        return self._queue

    @property
    def knows_queue(self) -> bool:
        """Whether it is known which queue was chosen the last time: not before the first frame."""
        return self._queue is not None

    @property
    def known_run(self) -> QueueRun | None:
        """The run through the queue as far as it is made."""
        return self._run

    def choose_queue(self, queue: Queue) -> None:
        """Take another queue, now and the next time."""
        self._queue, self._members, self.queue_at = queue, None, 0
        self.forget_run()
        self.session.save_queue(self.thread, queue.to_json())
        self.ready_run()

    def forget_run(self) -> None:
        """Have the run made anew when it is needed."""
        self._stop_making()
        self._run = None

    def ready_run(self) -> QueueRun | None:
        """Return the run through the queue; None while a worker is making it, or where the thread has changed."""
        if self._run is not None and self._run_codebook is not self.session.codebook:
            self.forget_run()
        if self._run is not None or self._making is not None:
            return self._run
        project = self.session.project
        if load_thread(project, self.thread.id).revision != self.thread.revision:
            self.queue_obstacle = f"the thread was imported again: {self.key_of('view.reload')} shows it"
            return None  # positions here are those of before
        from annotations.queue_loading import is_quick, load_run  # noqa: PLC0415  # loaded on use

        worker = self._worker()
        self._run_codebook = worker.codebook
        if is_quick(project, self.queue, worker):
            self._keep_run(load_run(project, self.queue, worker, self._members))
            return self._run
        self.queue_obstacle = "the queue is still being read"
        self._making = work = Work()
        self._meanwhile.clear()
        self.run_worker(
            partial(self._make, work, worker, self.queue, self._members),
            name="queue",
            group="queue making",
            thread=True,
        )
        return None

    def _worker(self) -> Worker:
        from annotations.post_filter import State  # noqa: PLC0415  # loaded on use
        from annotations.queue_loading import Worker  # noqa: PLC0415  # loaded on use

        source = self.thread_source
        states = {State.READ: bytes(source.read), State.NEW: source.signs.is_new}
        return Worker(self.thread, self.session.annotator.id, self.session.codebook, states)

    def _make(self, work: Work, worker: Worker, queue: Queue, members: bytes | None) -> None:
        """Make the run, in a thread of execution of its own."""
        from annotations.queue_loading import load_run  # noqa: PLC0415  # loaded on use
        from annotations.store.project import Project  # noqa: PLC0415  # loaded on use

        run, error = None, None
        try:
            with Project.open(self.session.project.path, read_only=True) as project, project.doing(work):
                run = load_run(project, queue, worker, members)
        except PostilError as met:
            error = met
        self.post_message(self.Made(work, run, error))

    def on_queue_making_made(self, message: Made) -> None:
        """Take the run that a worker has made, with what was done meanwhile."""
        message.stop()
        if message.work is not self._making:
            return
        self._making = None
        if message.error is not None:
            self.complain(message.error)
        elif message.run is not None:
            self._keep_run(message.run)
            for view in self._meanwhile.values():
                self.note_work(view)
        self._meanwhile.clear()
        self.show_status()

    def _keep_run(self, run: QueueRun) -> None:
        """Take a run; what met a filter is kept, so that what is done does not fall out of it."""
        self._run = run
        if run.queue.words and self._members is None:
            self._members = bytes(run.members)
            self.session.save_queue(self.thread, run.queue.to_json(), self._members)

    def _stop_making(self) -> None:
        if self._making is not None:
            self._making.cancel()
            self._making = None

    def near_untouched(self, position: int) -> int | None:
        """Return the next comment below that is surely to come, among the nearest, while the run is being made."""
        from annotations.queue import QueueKind  # noqa: PLC0415  # loaded on use
        from annotations.store import queues  # noqa: PLC0415  # loaded on use

        if self._making is None or self.queue.kind not in {QueueKind.UNREVIEWED, QueueKind.UNLABELED}:
            return None
        session = self.session
        return queues.next_untouched(
            session.project, self.thread.id, session.annotator.id, position + 1, position + NEAR
        )

    def note_work(self, view: PostView) -> None:
        """Keep the run up to date with what was done to a comment."""
        position, run = view.post.position, self._run
        if self._making is not None:
            self._meanwhile[position] = view
        if run is None:
            return
        from annotations.queue import QueueKind, is_done  # noqa: PLC0415  # loaded on use

        is_member = run.holds(position)
        labels = {annotation.label for annotation in view.annotations}
        done = False
        match run.queue.kind:
            case QueueKind.ANNOTATED:
                is_member = bool(labels)
            case QueueKind.FLAGGED:
                is_member = self.thread_source.signs.is_flagged(position)
            case QueueKind.UNLABELED:
                done = bool(labels)
            case QueueKind.UNREAD:
                done = view.is_read
            case QueueKind.EVERY | QueueKind.DISPUTED:
                return
            case _:
                done = is_done(self.session.codebook, labels, is_reviewed=view.is_reviewed)
        run.mark(position, is_member=is_member, is_done=done)

    def note_reading(self, positions: Iterable[int]) -> None:
        """Keep the run up to date with what was read."""
        run = self._run
        if run is None:
            return
        from annotations.queue import QueueKind  # noqa: PLC0415  # loaded on use

        if run.queue.kind is QueueKind.UNREAD:
            for position in positions:
                run.mark(position, is_member=True, is_done=True)

    def on_unmount(self) -> None:
        """Let no worker hold up the end of the app. (Textual calls this for each class that defines it.)."""
        self._stop_making()
