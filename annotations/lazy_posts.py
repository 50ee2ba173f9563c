"""Posts of a thread that are not all in memory: they are fetched, some hundreds at a time, whenever somebody asks.

A thread of a million comments is walked through several times while it is imported; nobody may hold all its texts.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, TypeAlias, overload

if TYPE_CHECKING:
    from array import array
    from collections.abc import Iterator, Mapping

    from annotations.model import Post
    from annotations.store.lots import Lot, Said

    Link: TypeAlias = tuple[str, str | None, str | None]
    """A post's key, what it answers, and when it was written."""
    Structure: TypeAlias = tuple[array[int], bool]
    """For each post the place of the one that it answers, -1 for the article; and whether the keys are merely paths."""

BATCH = 500
"""Posts in memory at a time."""


class LazyPosts(Sequence["Post"]):
    """Posts that are fetched by their places."""

    def __len__(self) -> int:
        """Return how many there are."""
        raise NotImplementedError

    def fetch(self, places: Sequence[int]) -> Sequence[Post]:
        """Return the posts at some places, in the order of these."""
        raise NotImplementedError

    def links(self) -> Iterator[Link]:
        """Yield of each post what the tree is made of; that costs less than the posts."""
        for post in self:
            yield post.key, post.parent, post.created_at

    def structure(self) -> Structure | None:
        """Return how the posts hang together, where that is known without a look at them; they are in pre-order then."""
        return None

    def said(self) -> Iterator[Said]:
        """Yield what the posts say, lot by lot; only where the structure is known."""
        raise NotImplementedError

    def lots(self, first: int, *, is_heard: bool) -> Iterator[Lot]:
        """Yield the posts as rows, lot by lot; only where the structure is known.

        Args:
            first: How many posts the first lot has.
            is_heard: Whether it is known what they say.
        """
        raise NotImplementedError

    def release(self) -> None:
        """Do without the other process from now on: it ends."""

    @overload
    def __getitem__(self, place: int) -> Post: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[Post]: ...
    def __getitem__(self, place: int | slice) -> Post | Sequence[Post]:
        """Return a post, or some of them."""
        places = range(len(self))[place]
        return self.fetch((places,))[0] if isinstance(places, int) else self.fetch(places)

    def __iter__(self) -> Iterator[Post]:
        """Yield the posts, a batch in memory at a time."""
        for start in range(0, len(self), BATCH):
            yield from self.fetch(range(start, min(start + BATCH, len(self))))


class ReorderedPosts(LazyPosts):
    """Posts in another order, some of them changed.

    Args:
        posts: The posts, and behind them in the count of places those of `changed` that are new.
        order: The place of each post that there is to be.
        changed: Posts that stand at a place instead of the one that is there.
    """

    def __init__(self, posts: Sequence[Post], order: Sequence[int], changed: Mapping[int, Post]) -> None:
        self._posts = posts
        self._order = order
        self._changed = changed

    def __len__(self) -> int:
        return len(self._order)

    def fetch(self, places: Sequence[int]) -> list[Post]:
        """Return the posts at some places, in the order of these."""
        order, changed = self._order, self._changed
        wanted = [order[place] for place in places]
        asked = [place for place in wanted if place not in changed] if changed else wanted
        fetched = self._posts.fetch(asked) if isinstance(self._posts, LazyPosts) else [self._posts[at] for at in asked]
        if not changed:
            return list(fetched)
        there = iter(fetched)
        return [changed[place] if place in changed else next(there) for place in wanted]
