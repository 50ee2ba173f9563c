"""Posts as bytes, for the time between two places of an import: on the disk, or on the way from one process to another."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any, TypeAlias

import msgspec

from annotations.model import Post, PostKind
from annotations.store.json_text import dump_json, load_json
from annotations.store.lazy_meta import LazyMeta
from annotations.store.posts import to_json

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

Values: TypeAlias = tuple[str, str | None, str | None, str | None, str, str, Sequence[str], bool]
"""What is packed of a post: key, parent, created_at, author, text, its meta as JSON or "", uncertain, whether it is an article."""


class _Link(msgspec.Struct, array_like=True):
    """The first ones of the values of a packed post: what the tree is made of."""

    key: str
    parent: str | None
    created_at: str | None


def pack_post(post: Post) -> bytes | str:
    """Return a post as bytes; one that MessagePack cannot carry, with half of a surrogate pair, as JSON."""
    values = values_of(post)
    try:
        return _encoder().encode(values)
    except UnicodeEncodeError:
        return dump_json(values, is_ascii=True)


def unpack_post(packed: bytes | str, *, is_lazy: bool = False) -> Post:
    """Return the post that `pack_post` packed; if it is lazy, what is in its meta is read when somebody asks for it."""
    return post_of(unpack_values(packed), is_lazy=is_lazy)


def values_of(post: Post) -> Values:
    """Return what is packed of a post."""
    return (
        post.key,
        post.parent,
        post.created_at,
        post.author,
        post.text,
        to_json(post.meta) if post.meta else "",
        post.uncertain,
        post.kind is PostKind.ARTICLE,
    )


def post_of(values: Values, *, is_lazy: bool = False) -> Post:
    """Return the post that has these values; see `unpack_post`."""
    key, parent, created_at, author, text, meta, uncertain, is_article = values
    return Post(
        key=key,
        parent=parent,
        created_at=created_at,
        author=author,
        text=text,
        meta=(LazyMeta(meta) if is_lazy else load_json(meta)) if meta else {},
        uncertain=tuple(uncertain),
        kind=PostKind.ARTICLE if is_article else PostKind.COMMENT,
    )


def unpack_values(packed: bytes | str) -> Values:
    """Return the values that were packed."""
    values: Values = _decoder().decode(packed) if isinstance(packed, bytes) else load_json(packed)
    return values


def unpack_links(packed: Iterable[bytes | str]) -> Iterator[tuple[str, str | None, str | None]]:
    """Yield of packed posts what the tree is made of: the key, what is answered, and when that was."""
    decode = _link_decoder().decode
    for one in packed:
        if isinstance(one, bytes):
            link = decode(one)
            yield link.key, link.parent, link.created_at
        else:
            key, parent, created_at, *_ = load_json(one)
            yield key, parent, created_at


@lru_cache
def _encoder() -> msgspec.msgpack.Encoder:
    return msgspec.msgpack.Encoder()


@lru_cache
def _decoder() -> msgspec.msgpack.Decoder[Any]:
    return msgspec.msgpack.Decoder()


@lru_cache
def _link_decoder() -> msgspec.msgpack.Decoder[_Link]:
    return msgspec.msgpack.Decoder(_Link)
