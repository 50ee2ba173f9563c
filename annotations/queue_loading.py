"""Makes the run through a queue from what the project holds; may be linear in the thread, so for large ones beside the app."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from annotations.queue import HOLDS_ALL, LEAVES_NOTHING_OUT, Queue, QueueKind, QueueRun, is_done
from annotations.store import flags, overview, queues

if TYPE_CHECKING:
    from collections.abc import Mapping

    from annotations.codebook import Codebook
    from annotations.model import StoredThread
    from annotations.post_filter import State
    from annotations.store.project import Project

SMALL = 5_000
"""Posts, and annotations, with which a run is made within a key."""


class Worker(Struct, frozen=True):
    """Whose run it is, and what is known without asking the project.

    Args:
        thread: The thread.
        annotator_id: Who labels.
        codebook: The labels and their rules.
        states: For some states a byte for each position, see `annotations.store.finding.Known`.
    """

    thread: StoredThread
    annotator_id: int
    codebook: Codebook
    states: Mapping[State, bytes]


def is_quick(project: Project, queue: Queue, who: Worker) -> bool:
    """Tell whether a run can be made within a key."""
    if queue.kind is QueueKind.EVERY:
        return True
    if who.thread.posts > SMALL and queue.kind in {QueueKind.FILTER, QueueKind.REPLIES, QueueKind.DISPUTED}:
        return False
    return not queues.has_much_work(project, who.thread.id, who.annotator_id, SMALL)


def load_run(project: Project, queue: Queue, who: Worker, members: bytes | None = None) -> QueueRun:
    """Return the run through a queue as things are now.

    Args:
        project: The project, opened by the thread of execution that calls.
        queue: The queue.
        who: Whose.
        members: The queue's column where it is known, see `annotations.store.queues.KeptQueue`.

    Raises:
        ProjectError: If the project cannot be read.
    """
    size = who.thread.posts
    if members is None and queue.kind not in HOLDS_ALL:
        members = _members(project, queue, who)
    return QueueRun(queue, size, members, _passed_over(project, queue, who))


def _members(project: Project, queue: Queue, who: Worker) -> bytes:
    thread_id, annotator_id, size = who.thread.id, who.annotator_id, who.thread.posts
    match queue.kind:
        case QueueKind.FILTER:
            return _filtered(project, queue, who)
        case QueueKind.SUBTREE:
            return queues.subtree_column(project, thread_id, queue.post_id, size)
        case QueueKind.REPLIES:
            return queues.replies_column(project, thread_id, annotator_id, size, queue.label)
        case QueueKind.FLAGGED:
            return queues.as_column(flags.flagged_positions(project, thread_id, annotator_id), size)
        case QueueKind.DISPUTED:
            return queues.as_column(filter(None, overview.disagreements(project, thread_id)), size)
        case _:
            return queues.labeled_column(project, thread_id, annotator_id, size)


def _filtered(project: Project, queue: Queue, who: Worker) -> bytes:
    """Return the comments that meet the filter now."""
    from annotations.post_filter import parse_filter  # noqa: PLC0415  # loaded on use
    from annotations.store.finding import Known, find_posts  # noqa: PLC0415  # loaded on use
    from annotations.store.posts import load_shape  # noqa: PLC0415  # loaded on use

    known = Known(load_shape(project, who.thread.id).depths, who.states)
    column = b""
    for progress in find_posts(project, who.thread.id, who.annotator_id, parse_filter(queue.words), known):
        project.work.check()
        if progress.is_complete:
            column = bytes(progress.column)
    return column


def _passed_over(project: Project, queue: Queue, who: Worker) -> bytes | None:
    from annotations.post_filter import State  # noqa: PLC0415  # loaded on use

    thread_id, annotator_id, size = who.thread.id, who.annotator_id, who.thread.posts
    if queue.kind in LEAVES_NOTHING_OUT:
        return None
    if queue.kind is QueueKind.UNREAD:
        return who.states.get(State.READ, b"").ljust(size, b"\0")
    if queue.kind is QueueKind.UNLABELED:
        return queues.labeled_column(project, thread_id, annotator_id, size)
    return queues.done_column(
        project,
        thread_id,
        annotator_id,
        size,
        lambda labels, is_reviewed: is_done(who.codebook, labels, is_reviewed=is_reviewed),
    )
