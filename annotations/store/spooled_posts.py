"""The posts of a long thread of a spool, which are fetched from there; of a big source by another process that looks at them.

What is found out takes longer than all else that is done with a post before it is written, so that it is kept.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from annotations.lazy_posts import LazyPosts
from annotations.sources.in_two import do_in_two
from annotations.store.packing import unpack_links, unpack_post
from annotations.store.weighed import Weighed, weigh_all, weights_of

if TYPE_CHECKING:
    from array import array
    from collections.abc import Iterable, Iterator, Sequence

    from annotations.lazy_posts import Link
    from annotations.model import Post
    from annotations.sources.second_process import SecondProcess
    from annotations.store.spool import Spool

_BATCH = 1000
"""Posts of which links are read at once."""


class _Asked(msgspec.Struct, array_like=True):
    """Posts that are to be looked at: where they are, and what is known of them already, see `weights_of`."""

    spool: str
    rows: list[int]
    weights: bytes


class SpooledPosts(LazyPosts):
    """The posts of a long thread, each in a row of the spool."""

    def __init__(self, spool: Spool, rows: array[int]) -> None:
        self._spool = spool
        self._rows = rows
        self._weights: dict[int, bytes] = {}

    @property
    def other(self) -> SecondProcess | None:
        """The process that looks at them, too."""
        return self._spool.other if self._spool.other.is_there and self._spool.called else None

    def weighed_at(self, batches: Iterable[Sequence[int]]) -> Iterator[list[Weighed]]:
        """Yield for each batch of places the posts there, at which both processes look."""
        for asked, found in do_in_two(map(self._asked, batches), _Weighing(self._spool), self._spool.other):
            if not asked.weights:
                self._weights[hash(tuple(asked.rows))] = weights_of(found)
            yield found

    def _asked(self, places: Sequence[int]) -> _Asked:
        rows = [self._rows[place] for place in places]
        return _Asked(self._spool.called, rows, self._weights.get(hash(tuple(rows)), b""))

    def release(self) -> None:
        """Do without the other process from now on: it ends."""
        self._spool.other.end()

    def __len__(self) -> int:
        return len(self._rows)

    def fetch(self, places: Sequence[int]) -> list[Post]:
        """Return the posts at some places, in the order of these."""
        rows = self._rows
        return [
            unpack_post(packed, is_lazy=self._spool.is_lazy)
            for packed in self._spool.load([rows[place] for place in places])
        ]

    def links(self) -> Iterator[Link]:
        """Yield of each post what the tree is made of."""
        for start in range(0, len(self._rows), _BATCH):
            yield from unpack_links(self._spool.load(self._rows[start : start + _BATCH]))


class _Weighing:
    """Looks at posts of a spool."""

    def __init__(self, spool: Spool) -> None:
        self._spool = spool

    def do(self, asked: _Asked) -> list[Weighed]:
        return weigh_all([unpack_post(packed, is_lazy=True) for packed in self._spool.load(asked.rows)], asked.weights)

    def ask(self, asked: _Asked) -> int:
        return self._spool.other.ask(weigh_rows, msgspec.msgpack.encode(asked))

    def read(self, answer: bytes) -> list[Weighed]:
        return _decoder().decode(answer)


def weigh_rows(asked: bytes) -> bytes:
    """Look at posts in the other process."""
    what = msgspec.msgpack.decode(asked, type=_Asked)
    return msgspec.msgpack.encode(_Weighing(spool_there(what.spool)).do(what))


@lru_cache(maxsize=1)
def spool_there(called: str) -> Spool:
    """Return the spool of the process that asks this one; its name goes also if that one is killed at this moment."""
    from annotations.store.spool import Spool  # noqa: PLC0415  # it is made with what is here

    spool = Spool(made_at=Path(called))
    spool.forget_name()
    return spool


@lru_cache
def _decoder() -> msgspec.msgpack.Decoder[list[Weighed]]:
    return msgspec.msgpack.Decoder(list[Weighed])
