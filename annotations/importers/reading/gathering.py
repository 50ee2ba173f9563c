"""The posts of one thread as an importer makes them: in memory while they are few, on the disk when they are many."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from typing import TYPE_CHECKING

from annotations.lazy_posts import LazyPosts, ReorderedPosts

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from annotations.lazy_posts import Link
    from annotations.model import Post
    from annotations.store.spool import Spool
    from annotations.work import Work

FEW = 20_000
"""Posts that are kept in memory: some 30 MB of them."""

_THREAD = ""


class Gathering:
    """Posts of one thread, in the order in which they are added.

    Args:
        work: What may stop it.
    """

    def __init__(self, work: Work) -> None:
        self._work = work
        self._few: list[Post] = []
        self._spool: Spool | None = None

    def __len__(self) -> int:
        """Return how many posts were added."""
        return len(self._few) if self._spool is None else len(self._spool)

    def add(self, post: Post) -> None:
        """Add a post.

        Raises:
            SpoolError: If there is no room on the disk for so many.
            WorkCancelledError: If the work was cancelled.
        """
        if self._spool is not None:
            self._spool.add(_THREAD, post)
            return
        self._few.append(post)
        if len(self._few) > FEW:
            from annotations.store.spool import Spool  # noqa: PLC0415  # for many posts only

            self._spool = Spool(self._work)
            for each in self._few:
                self._spool.add(_THREAD, each)
            self._few = []

    def posts(self) -> Sequence[Post]:
        """Return all posts; many of them are fetched from the disk whenever somebody asks. Nothing is to be added any more.

        Raises:
            SpoolError: If there is no room on the disk.
            WorkCancelledError: If the work was cancelled.
        """
        if self._spool is None:
            return tuple(self._few)
        coming = self._work.coming  # this is one thread, and not all that is read of the source
        with self._spool as spool:
            _, posts = next(iter(spool.threads()))
        self._work.coming = coming
        return posts


def gather(posts: Iterable[Post], work: Work) -> Sequence[Post]:
    """Return posts as a sequence: one that is on the disk where they are many and come one by one.

    Args:
        posts: The posts.
        work: What may stop it.

    Raises:
        SpoolError: If there is no room on the disk for so many.
        WorkCancelledError: If the work was cancelled.
    """
    if isinstance(posts, Sequence):
        return posts
    gathering = Gathering(work)
    for post in posts:
        gathering.add(post)
    return gathering.posts()


def links_of(posts: Sequence[Post]) -> Iterator[Link]:
    """Yield of each post its key, what it answers, and when it was written."""
    if isinstance(posts, LazyPosts):
        return posts.links()
    return ((post.key, post.parent, post.created_at) for post in posts)


def keep(posts: Sequence[Post], choices: Iterable[bool]) -> Sequence[Post]:
    """Return those posts of which it is said that they stay, where they are.

    Args:
        posts: The posts, in memory or on the disk.
        choices: Whether each of them stays.
    """
    return reorder(posts, array("i", (place for place, stays in enumerate(choices) if stays)))


def reorder(posts: Sequence[Post], order: Sequence[int]) -> Sequence[Post]:
    """Return the posts at some places, in the order of these, where they are: in memory or on the disk."""
    if isinstance(posts, LazyPosts):
        return ReorderedPosts(posts, order, {})
    return tuple(posts[place] for place in order)
