"""One walk through the posts of a thread before it is stored: how they hang together, what they say, whether that is clean.

Posts are gone through once, for a thread that is not in memory is read from the disk each time. What a thread says is
hashed in the same bytes that are searched for what no consumer can carry.
"""

from __future__ import annotations

import hashlib
from array import array
from itertools import islice
from typing import TYPE_CHECKING

from msgspec.structs import replace

from annotations.errors import SourceError
from annotations.lazy_posts import LazyPosts, ReorderedPosts
from annotations.model import PostKind
from annotations.shape import DEEPEST
from annotations.store.lots import say
from annotations.store.ready import Survey
from annotations.store.tree import find_unclean, has_path_keys, is_pre_order, measure, pre_order

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from annotations.model import Post, Thread
    from annotations.store.lots import Lot, Said
    from annotations.store.packing import Values
    from annotations.work import Work

CHECKED = 0.25
"""Which part of storing a thread is over when it is known what it says."""

_BATCH = 500
"""Posts that are hashed at once."""


def survey_thread(thread: Thread, work: Work) -> tuple[Thread, Survey]:
    """Return a thread with its posts in pre-order, and what is known of them."""
    walk = Walk(thread)
    walk.go(work)
    if not is_pre_order(walk.parents):
        order, posts = pre_order(walk.parents), thread.posts
        is_lazy = isinstance(posts, LazyPosts)
        posts = ReorderedPosts(posts, order, {}) if is_lazy else tuple(posts[place] for place in order)
        thread = replace(thread, posts=posts)
        walk = Walk(thread)
        walk.go(work)
    return thread, walk.survey


class Walk:
    """One walk through the posts of a thread; how they hang together may be known before."""

    def __init__(self, thread: Thread) -> None:
        self.where = f"The thread {thread.key!r}"
        self.sizes = bytearray()
        self.characters = self.uncertain = 0
        self.posts = posts = thread.posts
        structure = posts.structure() if isinstance(posts, LazyPosts) else None
        self.parents: array[int]
        self.parents, self.has_path_keys = structure or (array("i"), False)
        self.depths = array("i", measure(self.parents).depths)
        _check_clean(self.where, f"{thread.key}\n{thread.title}\n{thread.url}")
        self.digest = hashlib.sha256(thread.title.encode())

    @property
    def survey(self) -> Survey:
        """What is known when it is over."""
        return Survey(
            parents=self.parents,
            depths=self.depths,
            sizes=bytes(self.sizes),
            content=self.digest.hexdigest(),
            characters=self.characters,
            uncertain=self.uncertain,
            has_path_keys=self.has_path_keys,
        )

    def go(self, work: Work) -> None:
        """Go through the posts."""
        posts = self.posts
        work.begin("Checking the thread", len(posts), "comments", part=(0, CHECKED))
        if isinstance(posts, LazyPosts) and self.parents:
            for said in posts.said():
                self._hear(said)
                work.advance(len(self.sizes))
            return
        places: dict[str, int] = {}
        steps = iter(work.each(posts))
        while batch := list(islice(steps, _BATCH)):
            self._place(batch, places)
            self._take(say([_heard(post) for post in batch]), batch)
        self.has_path_keys = has_path_keys(list(places), self.parents)

    def overhear(self, lots: Iterator[Lot]) -> Iterator[Lot]:
        """Yield posts as rows when it was heard what they say."""
        for lot in lots:
            assert lot.said is not None  # noqa: S101  # it was asked for
            self._hear(lot.said)
            yield lot

    def _hear(self, said: Said) -> None:
        """Hear what posts of a known structure say."""
        place = len(self.sizes)
        is_odd = not said.is_clean or said.articles != (not place)
        found = self.posts[place : place + len(said.sizes)] if is_odd else ()
        for at, post in enumerate(found, place):
            if (post.kind is PostKind.ARTICLE) != (not at):
                raise _no_beginning(self.where, post)
        self._take(said, found)

    def _place(self, posts: Sequence[Post], places: dict[str, int]) -> None:
        """Find where posts stand; those before them are at `places`, by their keys."""
        parents, depths = self.parents, self.depths
        for post in posts:
            key, parent = post.key, post.parent
            above = -1 if parent is None else places.get(parent, -1)
            if key in places or above < 0 or post.kind is PostKind.ARTICLE:
                _check_place(self.where, post, places)
            depth = depths[above] + 1 if places else 0
            if depth > DEEPEST:
                raise SourceError(
                    f"{self.where} is more than {DEEPEST} answers deep at the post {key!r}",
                    "No discussion is: check that the source says rightly what answers what.",
                )
            places[key] = len(parents)
            parents.append(above)
            depths.append(depth)

    def _take(self, said: Said, posts: Sequence[Post]) -> None:
        """Take what posts say; they are looked at if it may not be clean."""
        if not said.is_clean:
            for post in posts:
                _check_clean(self.where, f"{post.key}\n{post.author}\n{post.created_at}\n{post.text}")
        self.digest.update(said.raw)
        self.sizes += said.sizes
        self.characters += said.characters
        self.uncertain += said.uncertain


def _heard(post: Post) -> Values:
    """Return what is hashed of a post, in its place."""
    is_article = post.kind is PostKind.ARTICLE
    return post.key, post.parent, post.created_at, post.author, post.text, "", post.uncertain, is_article


def _check_place(where: str, post: Post, places: Mapping[str, int]) -> None:
    """Refuse a post that does not fit those before it, which stand at `places` by their keys."""
    is_first = not places
    if (post.kind is PostKind.ARTICLE) != is_first or (post.parent is None) != is_first:
        raise _no_beginning(where, post)
    if post.parent is not None and post.parent not in places:
        raise SourceError(
            f"{where}: the post {post.key!r} answers {post.parent!r}, which does not stand before it",
            "Each parent stands before its children.",
        )
    if post.key in places:
        raise SourceError(f"{where} has two posts with the key {post.key!r}", "Keys are unique in a thread.")


def _no_beginning(where: str, post: Post) -> SourceError:
    return SourceError(
        f"{where} does not begin with its article, or has a second one: post {post.key!r}",
        "The first post is the article and has no parent; all others answer a post.",
    )


def _check_clean(where: str, text: str) -> None:
    unclean = find_unclean(text)
    if unclean:
        raise SourceError(
            f"{where} holds the character U+{ord(unclean):04X}, which no consumer can carry",
            "Importers drop such characters and count them.",
        )
