"""The posts of a thread that was put together: each where it belongs, with what is to be said of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from msgspec.structs import replace

from annotations.lazy_posts import BATCH, LazyPosts
from annotations.model import Post, PostKind
from annotations.store.spooled_posts import SpooledPosts
from annotations.store.weighed import weigh

if TYPE_CHECKING:
    from array import array
    from collections.abc import Iterator, Mapping, Sequence

    from annotations.sources.second_process import SecondProcess
    from annotations.store.weighed import Weighed

LACKING = "answers a comment that is not in the source"
TWICE = "has an id that another comment has"
CIRCULAR = "answers itself, directly or through others"

ARTICLE, NOWHERE = -1, -2
"""Instead of a record's place: the article's, and that of a record that is left out."""

ORPHAN, ALONE, OPENED = 1, 2, 3
"""What is to be said of a record: its parent is missing, an empty comment standing for it or none; a circle is opened at it."""


class Assembled(Protocol):
    """Who answers whom, as `annotations.importers.reading.assemble` finds out."""

    @property
    def order(self) -> array[int]:
        """The places of the records in pre-order; `ARTICLE`, and behind the records the empty comments."""

    @property
    def ghosts(self) -> Sequence[Post]:
        """Empty comments for those that are missing."""

    @property
    def renamed(self) -> Mapping[int, str]:
        """Records whose keys others had before them, and their new ones."""

    @property
    def moved(self) -> Mapping[int, str]:
        """Records that would stand too deep, and the keys of what they answer now."""

    @property
    def remarks(self) -> bytearray:
        """For each record what is to be said of it."""


class AssembledPosts(LazyPosts):
    """The posts of a thread in pre-order, each with the key of the post that it answers now."""

    def __init__(self, article: Post, posts: Sequence[Post], tree: Assembled, roots: frozenset[str | None]) -> None:
        self._article = replace(article, kind=PostKind.ARTICLE, parent=None)
        self._posts = posts
        self._order = tree.order
        self._ghosts = [replace(ghost, parent=article.key) for ghost in tree.ghosts]
        self._renamed: Mapping[int, str] = tree.renamed
        self._moved: Mapping[int, str] = tree.moved
        self._remarks = tree.remarks
        self._roots = roots | {None}

    def __len__(self) -> int:
        return len(self._order)

    def fetch(self, places: Sequence[int]) -> list[Post]:
        """Return the posts at some places, in the order of these."""
        order, posts, count = self._order, self._posts, len(self._posts)
        wanted = [order[place] for place in places]
        asked = [place for place in wanted if 0 <= place < count]
        records = iter(posts.fetch(asked) if isinstance(posts, LazyPosts) else [posts[place] for place in asked])
        remarks, renamed, moved, roots, key = self._remarks, self._renamed, self._moved, self._roots, self._article.key
        fetched: list[Post] = []
        for place in wanted:
            if place == ARTICLE:
                fetched.append(self._article)
            elif place >= count:
                fetched.append(self._ghosts[place - count])
            else:
                post = next(records)
                if remarks[place] or place in renamed or place in moved:
                    post = self._told(place, post)
                elif post.parent != key and post.parent in roots:
                    post = replace(post, parent=key)
                fetched.append(post)
        return fetched

    def weighed(self) -> Iterator[Weighed] | None:
        """Yield the posts with what another process found out about them; None if there is no other process."""
        posts = self._posts
        return self._weigh(posts) if isinstance(posts, SpooledPosts) and posts.other is not None else None

    @property
    def other(self) -> SecondProcess | None:
        """The process that looks at the records, too."""
        return self._posts.other if isinstance(self._posts, LazyPosts) else None

    def release(self) -> None:
        """Do without the other process from now on: it ends."""
        if isinstance(self._posts, LazyPosts):
            self._posts.release()

    def _weigh(self, posts: SpooledPosts) -> Iterator[Weighed]:
        order, count, roots, key = self._order, len(posts), self._roots, self._article.key
        starts = range(0, len(order), BATCH)
        asked = ([place for place in order[start : start + BATCH] if 0 <= place < count] for start in starts)
        for start, found in zip(starts, posts.weighed_at(asked), strict=True):
            records = iter(found)
            for place in order[start : start + BATCH]:
                if place == ARTICLE or place >= count:
                    yield weigh(self._article if place == ARTICLE else self._ghosts[place - count])
                    continue
                post = next(records)
                if self._remarks[place] or place in self._renamed or place in self._moved:
                    post = post.altered(self._told(place, post.unweighed()))
                elif post.parent != key and post.parent in roots:
                    post = replace(post, parent=key)
                yield post

    def _told(self, place: int, post: Post) -> Post:
        """Return a record with what is to be said of it."""
        remark = self._remarks[place]
        meta, uncertain, parent = dict(post.meta), list(post.uncertain), post.parent
        if place in self._renamed:
            meta["key"] = post.key
            uncertain.append(TWICE)
        if remark:
            meta["parent"] = post.parent
            uncertain.append(CIRCULAR if remark == OPENED else LACKING)
        if remark in {ALONE, OPENED} or parent in self._roots:
            parent = self._article.key
        return replace(
            post,
            key=self._renamed.get(place, post.key),
            parent=self._moved.get(place, parent),
            meta=meta,
            uncertain=tuple(uncertain),
        )
