"""The posts of a long thread of a spool, which are fetched from there, by another process, too, if that was told where."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from annotations.lazy_posts import LazyPosts
from annotations.store.packing import unpack_links, unpack_post, unpack_values

if TYPE_CHECKING:
    from array import array
    from collections.abc import Iterator, Sequence

    from annotations.lazy_posts import Link
    from annotations.model import Post
    from annotations.sources.second_process import SecondProcess
    from annotations.store.packing import Values
    from annotations.store.spool import Spool

_BATCH = 1000
"""Posts of which links are read at once."""


class SpooledPosts(LazyPosts):
    """The posts of a long thread, each in a row of the spool."""

    def __init__(self, spool: Spool, rows: array[int]) -> None:
        self._spool = spool
        self._rows = rows

    @property
    def other(self) -> SecondProcess:
        """The process that reads the spool, too; one that is not there if there is none."""
        return self._spool.other

    @property
    def spool(self) -> str:
        """Where that process finds the spool."""
        return self._spool.called

    def rows(self, places: Sequence[int]) -> list[int]:
        """Return the rows of the spool in which some posts are."""
        return [self._rows[place] for place in places]

    def values(self, places: Sequence[int]) -> Iterator[Values]:
        """Yield what the posts at some places say, in the order of these; it makes no posts of that."""
        return load_values(self._spool, self.rows(places))

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


def load_values(spool: Spool, rows: Sequence[int]) -> Iterator[Values]:
    """Yield what the posts in some rows of a spool say."""
    return map(unpack_values, spool.load(rows))


@lru_cache(maxsize=1)
def spool_there(called: str) -> Spool:
    """Return the spool of the process that asks this one; its name goes also if that one is killed at this moment."""
    from annotations.store.spool import Spool  # noqa: PLC0415  # it is made with what is here

    spool = Spool(made_at=Path(called))
    spool.forget_name()
    return spool
