"""The posts of a thread that was put together: each where it belongs, with what is to be said of it."""

from __future__ import annotations

from array import array
from itertools import chain
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

import msgspec
from msgspec.structs import replace

from annotations.importers.reading.telling import (
    Fate,
    Places,
    hear_there,
    lot_decoder,
    make_lot_there,
    put_in_place,
    said_decoder,
    say_there,
    tell,
)
from annotations.lazy_posts import LazyPosts
from annotations.model import Post, PostKind
from annotations.sources.in_two import do_in_two
from annotations.sources.second_process import SecondProcess
from annotations.store.lots import LOT, hear, make_lot, say
from annotations.store.packing import Values, values_of
from annotations.store.spooled_posts import SpooledPosts
from annotations.store.tree import has_path_keys

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from annotations.lazy_posts import Structure
    from annotations.sources.second_process import Call
    from annotations.store.lots import Lot, Said

ARTICLE, NOWHERE = -1, -2
"""Instead of a record's place: the article's, and that of a record that is left out."""

_Made = TypeVar("_Made")


class Assembled(Protocol):
    """Who answers whom, as `annotations.importers.reading.assemble` finds out."""

    @property
    def order(self) -> array[int]:
        """The places of the records in pre-order; `ARTICLE`, and behind the records the empty comments."""

    @property
    def keys(self) -> list[str]:
        """The keys of the records and of the empty comments, by their places."""

    @property
    def parents(self) -> array[int]:
        """The place of what each of them answers."""

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


class _Sharing(Generic[_Made]):
    """Makes something of posts in a row, here or in the other process.

    Args:
        posts: The posts.
        make: Makes it here.
        make_there: Makes it there.
        decode: Reads what comes from there.
    """

    def __init__(
        self,
        posts: AssembledPosts,
        make: Callable[[Sequence[Values]], _Made],
        make_there: Call,
        decode: Callable[[bytes], _Made],
    ) -> None:
        self._posts = posts
        self._make = make
        self._make_there = make_there
        self.read = decode

    def do(self, places: range) -> _Made:
        return self._make(self._posts.values(places))

    def ask(self, places: range) -> int:
        return self._posts.ask(self._make_there, places)


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
        self._keys, self._parents = tree.keys, tree.parents
        self._structure: Structure | None = None

    def __len__(self) -> int:
        return len(self._order)

    def fetch(self, places: Sequence[int]) -> list[Post]:
        """Return the posts at some places, in the order of these."""
        order, posts, count = self._order, self._posts, len(self._posts)
        wanted = [order[place] for place in places]
        asked = [place for place in wanted if 0 <= place < count]
        records = iter(posts.fetch(asked) if isinstance(posts, LazyPosts) else [posts[place] for place in asked])
        roots, key = self._roots, self._article.key
        fetched: list[Post] = []
        for place in wanted:
            if place == ARTICLE:
                fetched.append(self._article)
            elif place >= count:
                fetched.append(self._ghosts[place - count])
            else:
                post = next(records)
                fate = self._fate(place)
                if fate is not None:
                    post = tell(post, fate, key, tuple(roots))
                elif post.parent != key and post.parent in roots:
                    post = replace(post, parent=key)
                fetched.append(post)
        return fetched

    def structure(self) -> Structure:
        """Return how the posts hang together."""
        if self._structure is None:
            order, parents, keys = self._order, self._parents, self._keys
            positions = array("i", bytes(4 * len(parents)))
            for position, place in enumerate(order):
                if place >= 0:
                    positions[place] = position
            above = array("i", [-1])
            above.extend([0 if parents[place] == ARTICLE else positions[parents[place]] for place in order[1:]])
            called = [self._article.key, *[keys[place] for place in order[1:]]]
            self._structure = above, has_path_keys(called, above)
            self._keys, self._parents = [], array("i")  # nobody needs them any more, and there may be a million
        return self._structure

    def said(self) -> Iterator[Said]:
        """Yield what the posts say, lot by lot."""
        return self._made(LOT, _Sharing(self, say, say_there, said_decoder().decode))

    def lots(self, first: int, *, is_heard: bool) -> Iterator[Lot]:
        """Yield the posts as rows, lot by lot, the first one of so many posts, and what they say if it was not heard yet."""
        make, make_there = (make_lot, make_lot_there) if is_heard else (hear, hear_there)
        return self._made(first, _Sharing(self, make, make_there, lot_decoder().decode))

    def _made(self, first: int, sharing: _Sharing[_Made]) -> Iterator[_Made]:
        count = len(self)
        first = min(first, count)
        lots = chain((range(first),), (range(at, min(at + LOT, count)) for at in range(first, count, LOT)))
        posts = self._posts
        other = posts.other if isinstance(posts, SpooledPosts) and posts.spool else SecondProcess()
        for _, made in do_in_two(lots, sharing, other):
            yield made

    def values(self, places: Sequence[int]) -> list[Values]:
        """Return what the posts at some places say."""
        asked, posts = self._places(places), self._posts
        records = asked.records
        if isinstance(posts, SpooledPosts):
            return put_in_place(asked, posts.values(records))
        found = posts.fetch(records) if isinstance(posts, LazyPosts) else [posts[place] for place in records]
        return put_in_place(asked, map(values_of, found))

    def ask(self, call: Call, places: Sequence[int]) -> int:
        """Have the other process make something of the posts at some places, and return the number of its answer."""
        posts = self._posts
        assert isinstance(posts, SpooledPosts)  # noqa: S101  # of others there is none
        asked = self._places(places)
        asked.spool, asked.records = posts.spool, posts.rows(asked.records)
        return posts.other.ask(call, msgspec.msgpack.encode(asked))

    def _places(self, places: Sequence[int]) -> Places:
        count = len(self._posts)
        asked = Places(self._article.key, list(self._roots), [], {}, {})
        for at, place in enumerate(self._order[place] for place in places):
            if place == ARTICLE:
                asked.others[at] = values_of(self._article)
            elif place >= count:
                asked.others[at] = values_of(self._ghosts[place - count])
            else:
                asked.records.append(place)
                fate = self._fate(place)
                if fate is not None:
                    asked.fates[at] = fate
        return asked

    def _fate(self, place: int) -> Fate | None:
        """Return what becomes of a record; None if it stays as it is."""
        if self._remarks[place] or place in self._renamed or place in self._moved:
            return Fate(self._remarks[place], self._renamed.get(place), self._moved.get(place))
        return None

    def release(self) -> None:
        """Do without the other process from now on: it ends."""
        if isinstance(self._posts, LazyPosts):
            self._posts.release()
