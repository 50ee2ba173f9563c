"""A post with all that is put on it, as data sets tell it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Mapping

    from annotations.model import Annotation, StoredPost, StoredThread
    from annotations.store.notes import PostNote
    from annotations.store.snapshot import End


class ContextPost(Struct, frozen=True, kw_only=True):
    """A post as it stands beside another one.

    Args:
        post: Its key.
        author: Who wrote it, or None.
        text: What it says, as the data set tells it.
    """

    post: str
    author: str | None
    text: str


class LabeledPost(Struct, frozen=True, kw_only=True):
    """A post with all that is put on it.

    Args:
        thread: The thread that it is in.
        post: The article or a comment.
        annotations: What is put on it or in it, and the relations that start there, in reading order; a span that is
            not detached says what its quote says.
        thread_annotations: For the article: what is put on the thread, and the relations that start at it. Else empty.
        reviewers: Who has said that it is done, by name.
        flaggers: Who has flagged it, by name.
        seconds: How long the annotators to export were at it, idle time left out.
        post_keys: The keys of the posts to which the relations lead, by row.
        ends: The annotations at which the relations start and end, by row.
        notes: What annotators have remarked on it as a whole, in order of their names.
        context: What of the thread the options want beside it, the farthest first: what its annotators saw.
        is_left_out: Whether the options leave it out; it comes to those alone who need whole threads, with nothing put on it.
    """

    thread: StoredThread
    post: StoredPost
    annotations: tuple[Annotation, ...]
    thread_annotations: tuple[Annotation, ...]
    reviewers: tuple[str, ...]
    flaggers: tuple[str, ...] = ()
    seconds: float = 0.0
    post_keys: Mapping[int, str]
    ends: Mapping[int, End]
    notes: tuple[PostNote, ...] = ()
    context: tuple[ContextPost, ...] = ()
    is_left_out: bool = False
