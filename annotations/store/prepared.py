"""A thread that is about to be stored, with all that takes long and needs no lock: others go on writing meanwhile."""

from __future__ import annotations

from typing import TYPE_CHECKING

from annotations.store.listing import load_report
from annotations.store.posts import make_shape
from annotations.store.tree import measure, parent_positions

if TYPE_CHECKING:
    from annotations.model import Thread
    from annotations.store.project import Project
    from annotations.store.revise import Comparison
    from annotations.work import Work


class PreparedThread:
    """A thread with what can be known of it before the project is locked.

    Args:
        thread: The thread, its posts in pre-order.
        work: What watches and may stop it.
    """

    def __init__(self, thread: Thread, work: Work) -> None:
        work.begin("Checking the thread", part=(0.17, 0.25))
        self.thread = thread
        self.parents = parent_positions(thread.posts)
        work.check()
        self.tree = measure(self.parents)
        self.shape = make_shape(thread.posts, self.tree, work)
        self._comparison: Comparison | None = None

    def compare(self, project: Project, thread_id: int) -> Comparison:
        """Compare the thread with an earlier state of it."""
        from annotations.store.revise import compare_thread  # noqa: PLC0415  # loaded on use

        had_path_keys = bool(load_report(project, thread_id).get("has_path_keys", False))
        self._comparison = compare_thread(project, thread_id, self.thread, had_path_keys=had_path_keys)
        return self._comparison

    def compared(self, project: Project, thread_id: int) -> Comparison:
        """Return how it compares with what the open transaction sees, which may be news since the first look."""
        query = "SELECT revision FROM threads WHERE id = ?"
        (revision,) = project.connection.execute(query, (thread_id,)).fetchone()
        known = self._comparison
        if known is not None and (known.thread_id, known.revision) == (thread_id, revision):
            return known
        return self.compare(project, thread_id)
