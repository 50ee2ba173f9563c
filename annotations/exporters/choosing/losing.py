"""Counting what the choices of an export leave out or change."""

from __future__ import annotations

from typing import TYPE_CHECKING

from annotations.exporters.writing.report import Loss

if TYPE_CHECKING:
    from collections.abc import Callable

    from annotations.exporters.rows.labeled_post import LabeledPost
    from annotations.exporters.writing.report import Tally


class Losing:
    """Counts what shapers leave out or change: once, however often a thread is read for one data set.

    Args:
        tally: Where it is counted.
    """

    def __init__(self, tally: Tally) -> None:
        self.tally = tally
        """Where it is counted."""
        self.key: Callable[[str], str] = str
        """Returns the key of a post as the data set tells it."""
        self._finished: set[int] = set()
        self._thread = 0
        self._position = -1
        self._is_counting = True

    def begin(self, labeled: LabeledPost) -> LabeledPost:
        """Take note of which post comes; it is not changed."""
        thread, position = labeled.thread.id, labeled.post.position
        if thread != self._thread or position <= self._position:
            self._finished.add(self._thread)
            self._is_counting = thread not in self._finished
            self._thread = thread
        self._position = position
        return labeled

    def lose(  # noqa: PLR0913  # what a loss says
        self,
        reason: str,
        labeled: LabeledPost,
        *,
        annotation: str = "",
        detail: str = "",
        times: int = 1,
        is_thread: bool = False,
    ) -> None:
        """Count something of the post that is at hand.

        Args:
            reason: What it is, in the plural.
            labeled: The post.
            annotation: The uuid of the annotation, if it is one.
            detail: What exactly.
            times: How many there are; none for 0.
            is_thread: Whether it belongs to the thread as a whole.
        """
        if self._is_counting and times:
            post = None if is_thread else self.key(labeled.post.key)
            loss = Loss(thread=labeled.thread.key, post=post, annotation=annotation or None, detail=detail)
            self.tally.lose(reason, loss, times=times)
