"""The posts of a long thread of a spool, which are fetched from there; of a big source by another process that looks at them.

What it finds out takes longer than all else that is done with a post before it is written.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from annotations.lazy_posts import LazyPosts
from annotations.store.packing import unpack_link, unpack_post
from annotations.store.weighed import Weighed, weigh

if TYPE_CHECKING:
    from array import array
    from collections.abc import Iterable, Iterator, Sequence

    from annotations.lazy_posts import Link
    from annotations.model import Post
    from annotations.store.spool import Spool

_BATCH = 1000
"""Posts of which links are read at once."""


class _Asked(msgspec.Struct, array_like=True):
    """Posts that the other process is to look at."""

    spool: str
    rows: list[int]


class SpooledPosts(LazyPosts):
    """The posts of a long thread, each in a row of the spool."""

    def __init__(self, spool: Spool, rows: array[int]) -> None:
        self._spool = spool
        self._rows = rows

    @property
    def has_other(self) -> bool:
        """Whether another process looks at them."""
        return self._spool.other.is_there and bool(self._spool.called)

    def weighed_at(self, batches: Iterable[Sequence[int]]) -> Iterator[list[Weighed]]:
        """Yield for each batch of places the posts there, while the other process looks at those of the next one."""
        asked = self._ask(batches := iter(batches))
        while asked is not None:
            number, rows = asked
            answer = self._spool.other.answer(number)
            asked = self._ask(batches)
            yield (
                [weigh(unpack_post(packed, is_lazy=True)) for packed in self._spool.load(rows)]
                if answer is None
                else _decoder().decode(answer)
            )

    def _ask(self, batches: Iterator[Sequence[int]]) -> tuple[int, list[int]] | None:
        places = next(batches, None)
        if places is None:
            return None
        rows = [self._rows[place] for place in places]
        asked = msgspec.msgpack.encode(_Asked(self._spool.called, rows))
        return self._spool.other.ask(weigh_rows, asked), rows

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
            for packed in self._spool.load(self._rows[start : start + _BATCH]):
                link = unpack_link(packed)
                yield link.key, link.parent, link.created_at


def weigh_rows(asked: bytes) -> bytes:
    """Look at posts in the other process."""
    what = msgspec.msgpack.decode(asked, type=_Asked)
    return msgspec.msgpack.encode(
        [weigh(unpack_post(packed, is_lazy=True)) for packed in spool_there(what.spool).load(what.rows)]
    )


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
