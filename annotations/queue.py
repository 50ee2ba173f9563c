"""Which post comes next: in one thread, for the annotator of a session.

Positions are those of comments in pre-order, from 1; the article, at 0, is in no queue. Each function starts behind the
position `after` (before it, going backward), goes round at the end, and looks at `after` itself last. None says that
there is no such comment in the whole thread.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from annotations.store.reading import Wanted, next_position

if TYPE_CHECKING:
    from annotations.session import LabelingSession

__all__ = [
    "Wanted",
    "next_annotated",
    "next_post",
    "next_unlabeled",
    "next_unread",
    "next_unreviewed",
]


def next_post(
    session: LabelingSession, wanted: Wanted, thread_id: int, after: int, *, is_backward: bool = False
) -> int | None:
    """Return the position of the next comment that is `wanted`.

    Args:
        session: The session, whose annotator's work counts.
        wanted: What to look for.
        thread_id: The thread.
        after: The position from which to go on.
        is_backward: Whether to go towards the beginning.
    """
    if wanted is Wanted.UNLABELED or wanted is Wanted.UNREVIEWED:
        progress = session.progress(thread_id)
        if progress.labeled >= progress.comments:  # spares the walk along a whole thread that is done
            return None
    return next_position(session.project, wanted, thread_id, session.annotator.id, after=after, is_backward=is_backward)


def next_unlabeled(session: LabelingSession, thread_id: int, after: int, *, is_backward: bool = False) -> int | None:
    """Return the position of the next comment on which the annotator has put nothing."""
    return next_post(session, Wanted.UNLABELED, thread_id, after, is_backward=is_backward)


def next_unreviewed(session: LabelingSession, thread_id: int, after: int, *, is_backward: bool = False) -> int | None:
    """Return the position of the next comment that the annotator has neither labeled nor reviewed."""
    return next_post(session, Wanted.UNREVIEWED, thread_id, after, is_backward=is_backward)


def next_unread(session: LabelingSession, thread_id: int, after: int, *, is_backward: bool = False) -> int | None:
    """Return the position of the next comment that the annotator has not read."""
    return next_post(session, Wanted.UNREAD, thread_id, after, is_backward=is_backward)


def next_annotated(session: LabelingSession, thread_id: int, after: int, *, is_backward: bool = False) -> int | None:
    """Return the position of the next comment on which the annotator has put something."""
    return next_post(session, Wanted.ANNOTATED, thread_id, after, is_backward=is_backward)
