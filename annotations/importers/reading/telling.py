"""What becomes of a record in a thread that was put together: where it stands, and what is said of it.

It is said of records as they are fetched, by whichever process has the time.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import replace

from annotations.store.lots import Lot, Said, hear, make_lot, say
from annotations.store.packing import Values, post_of, values_of
from annotations.store.spooled_posts import load_values, spool_there

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from annotations.model import Post

LACKING = "answers a comment that is not in the source"
TWICE = "has an id that another comment has"
CIRCULAR = "answers itself, directly or through others"

ORPHAN, ALONE, OPENED = 1, 2, 3
"""What is to be said of a record: its parent is missing, an empty comment standing for it or none; a circle is opened at it."""


class Fate(msgspec.Struct, array_like=True):
    """What becomes of a record that does not fit as it is.

    Args:
        remark: What is to be said of it; 0 for nothing.
        key: Its new key; None if it keeps its own.
        parent: What it answers now, where it would stand too deep.
    """

    remark: int
    key: str | None
    parent: str | None


class Places(msgspec.Struct, array_like=True):
    """Some posts of a thread in a row.

    Args:
        article: The key of the article.
        roots: What a record has as its parent that answers the article.
        records: Where the records among them are: in the source, or in the spool that another process reads, too.
        others: The posts among them that are no records, by their places in the row.
        fates: What becomes of records that do not fit as they are, by their places in the row.
        spool: Where the other process finds the spool.
    """

    article: str
    roots: list[str | None]
    records: list[int]
    others: dict[int, Values]
    fates: dict[int, Fate]
    spool: str = ""


def tell(post: Post, fate: Fate, article: str, roots: Sequence[str | None]) -> Post:
    """Return a record with what is to be said of it; the arguments are those of `Places`."""
    meta, uncertain, parent = dict(post.meta), list(post.uncertain), post.parent
    if fate.key is not None:
        meta["key"] = post.key
        uncertain.append(TWICE)
    if fate.remark:
        meta["parent"] = post.parent
        uncertain.append(CIRCULAR if fate.remark == OPENED else LACKING)
    if fate.remark in {ALONE, OPENED} or parent in roots:
        parent = article
    return replace(
        post,
        key=post.key if fate.key is None else fate.key,
        parent=parent if fate.parent is None else fate.parent,
        meta=meta,
        uncertain=tuple(uncertain),
    )


def put_in_place(places: Places, records: Iterator[Values]) -> list[Values]:
    """Return what posts in a row say, given what the records among them say."""
    article, roots, others, fates = places.article, places.roots, places.others, places.fates
    found: list[Values] = []
    for at in range(len(places.records) + len(others)):
        if at in others:
            found.append(others[at])
            continue
        record = next(records)
        if at in fates:
            record = values_of(tell(post_of(record), fates[at], article, roots))
        elif record[1] in roots:
            key, _, *rest = record
            record = (key, article, *rest)  # type: ignore[assignment]  # as many as there were
        found.append(record)
    return found


def say_there(asked: bytes) -> bytes:
    """Return what posts say, in the other process."""
    return msgspec.msgpack.encode(say(_load_there(asked)))


def make_lot_there(asked: bytes) -> bytes:
    """Return posts as rows, in the other process."""
    return msgspec.msgpack.encode(make_lot(_load_there(asked)))


def hear_there(asked: bytes) -> bytes:
    """Return posts as rows, and what they say, in the other process."""
    return msgspec.msgpack.encode(hear(_load_there(asked)))


def _load_there(asked: bytes) -> list[Values]:
    places = _places_decoder().decode(asked)
    return put_in_place(places, load_values(spool_there(places.spool), places.records))


@lru_cache
def _places_decoder() -> msgspec.msgpack.Decoder[Places]:
    return msgspec.msgpack.Decoder(Places)


@lru_cache
def said_decoder() -> msgspec.msgpack.Decoder[Said]:
    """Return what reads the answer of `say_there`."""
    return msgspec.msgpack.Decoder(Said)


@lru_cache
def lot_decoder() -> msgspec.msgpack.Decoder[Lot]:
    """Return what reads the answer of `make_lot_there`."""
    return msgspec.msgpack.Decoder(Lot)
