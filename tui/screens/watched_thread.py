"""A thread as it was when it was opened, and what another import has made of it since."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from annotations.store import overview, posts

if TYPE_CHECKING:
    from annotations.model import StoredPost, StoredThread
    from annotations.shape import Shape
    from annotations.store.project import Project
    from tui.text.shift import Shift


class WatchedThread:
    """The positions of a thread's posts, which stay those of the moment when it was opened.

    Args:
        project: The project.
        thread: The thread.
    """

    def __init__(self, project: Project, thread: StoredThread) -> None:
        self.thread = thread
        self._project = project
        self._version = -1  # so that the first look finds what came between the thread and its shape
        self._revision = thread.revision
        self._shift: Shift | None = None
        self.shape: Shape = posts.load_shape(project, thread.id)
        self.is_displaced = False
        """Whether a later import has put posts into another order, so that what stands where is not known."""

    def look(self) -> Shift | None:
        """Return how the posts have moved if the thread was imported again since it was opened, else None.

        It costs microseconds, and a look at the thread where another program has written.
        """
        version = overview.data_version(self._project)
        if version != self._version:
            self._version = version
            revision, reordered = overview.thread_revisions(self._project, self.thread.id)
            if revision != self._revision:
                self._revision = revision
                self._take_shift(is_reordered=reordered > self.thread.revision)
        return self._shift

    def _take_shift(self, *, is_reordered: bool) -> None:
        from annotations.store.visits import arrived_positions  # noqa: PLC0415  # seldom needed
        from tui.text.shift import Shift  # noqa: PLC0415  # seldom needed

        self._shift = Shift(arrived_positions(self._project, self.thread.id, self.thread.revision))
        depths = posts.load_shape(self._project, self.thread.id).depths
        self.is_displaced = is_reordered or self._shift.depths_before(depths) != self.shape.depths

    @property
    def arrived(self) -> int | None:
        """How many posts have come with an import since this was opened; None if there was none, as far as is known."""
        return None if self._shift is None else len(self._shift.arrived)

    def as_opened(self, post: StoredPost) -> StoredPost:
        """Return a post with the position that it had when this was opened; -1 for one that has come since."""
        if self._shift is None:
            return post
        before = self._shift.to_old(post.position)
        return replace(post, position=-1 if before is None else before)
