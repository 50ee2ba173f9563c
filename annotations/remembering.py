"""What a project remembers of an annotator beside their work: what was read, where they were, how long, whom they follow.

None of it is part of the history, and nobody takes it back. A project open for reading only remembers nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from annotations.store import reading

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from annotations.model import Annotator, StoredThread
    from annotations.store.project import Project


class Remembering:
    """Remembers for one annotator.

    Args:
        project: The project.
        annotator: Who reads and labels.
    """

    def __init__(self, project: Project, annotator: Annotator) -> None:
        self.project = project
        self.annotator = annotator

    def mark_read(self, post_ids: Iterable[int]) -> None:
        """Remember that posts were read; not part of undo. A project open for reading only remembers nothing."""
        if not self.project.is_read_only:
            reading.mark_read(self.project, self.annotator.id, post_ids)

    def mark_positions_read(self, thread: StoredThread, runs: Iterable[tuple[int, int]]) -> bool:
        """Remember that the posts of some runs [start, stop) were read, however many; as `mark_read`.

        Returns:
            Whether it is so: not where the thread was imported again since it was loaded.
        """
        return self.project.is_read_only or reading.mark_positions_read(self.project, thread, self.annotator.id, runs)

    def mark_unread(self, post_ids: Iterable[int]) -> None:
        """Forget that posts were read; as `mark_read`."""
        if not self.project.is_read_only:
            reading.mark_unread(self.project, self.annotator.id, post_ids)

    def save_place(self, thread_id: int, place: Mapping[str, object]) -> None:
        """Remember where the annotator is in a thread, as JSON values; as `mark_read`."""
        if not self.project.is_read_only:
            reading.save_place(self.project, thread_id, self.annotator.id, place)

    def load_place(self, thread_id: int) -> dict[str, object] | None:
        """Return where the annotator was in a thread, None if never there."""
        return reading.load_place(self.project, thread_id, self.annotator.id)

    def save_queue(self, thread: StoredThread, queue: str, members: bytes | None = None) -> None:
        """Remember which queue the annotator has chosen in a thread; as `mark_read`.

        Args:
            thread: The thread.
            queue: As `annotations.queue.Queue.to_json` writes it.
            members: What it holds, where that is to stay as it is now: a byte for each position.
        """
        if not self.project.is_read_only:
            from annotations.store import queues  # noqa: PLC0415  # loaded on use

            queues.save_queue(self.project, thread, self.annotator.id, queue, members)

    def save_queue_place(self, thread_id: int, post_id: int) -> None:
        """Remember to which post the queue has led last; as `mark_read`."""
        if not self.project.is_read_only:
            from annotations.store import queues  # noqa: PLC0415  # loaded on use

            queues.save_queue_place(self.project, thread_id, self.annotator.id, post_id)

    def add_seconds(self, seconds: Mapping[int, float]) -> None:
        """Add to the time that the annotator has spent on posts, by their rows; as `mark_read`."""
        if not self.project.is_read_only:
            from annotations.store import times  # noqa: PLC0415  # loaded on use

            times.add_seconds(self.project, self.annotator.id, seconds)

    def follow(self, author: str, *, is_followed: bool = True) -> None:
        """Follow an author in this project, or no longer; kept across restarts, not part of undo.

        Raises:
            ProjectError: If the project cannot be written.
        """
        from annotations.store import authors  # noqa: PLC0415  # loaded on use

        authors.follow(self.project, self.annotator.id, author, is_followed=is_followed)

    def save_visit(self, thread_id: int, *, known: int, seen: int) -> None:
        """Remember which revision of a thread the annotator knew, and has looked at since; as `mark_read`."""
        if not self.project.is_read_only:
            from annotations.store import visits  # noqa: PLC0415  # loaded on use

            visits.save_visit(self.project, thread_id, self.annotator.id, known=known, seen=seen)
