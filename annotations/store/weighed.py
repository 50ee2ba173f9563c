"""A post with what takes long to find out about its text, so that another process can do that."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, TypeAlias

import msgspec

from annotations.model import Post, PostKind
from annotations.shape import size_class
from annotations.store.json_text import load_json
from annotations.store.posts import to_json

if TYPE_CHECKING:
    from collections.abc import Iterable

_DIGEST = 32
"""Bytes of a hash."""

Row: TypeAlias = tuple[str, str, str | None, str | None, str, str, str, str]
"""A post's columns: key, kind, author, created_at, text, sha256, uncertain, meta."""


class Weighed(msgspec.Struct, array_like=True, frozen=True):
    """A post, its hash and its size class.

    Args:
        key: As of a `Post`, like those that follow but for `meta`, which is JSON.
        sha256: The hash of its text.
        size: The size class of its text.
    """

    key: str
    parent: str | None
    kind: PostKind
    author: str | None
    created_at: str | None
    text: str
    uncertain: tuple[str, ...]
    meta: str
    sha256: str
    size: int

    @property
    def row(self) -> Row:
        """Its columns."""
        uncertain = to_json(self.uncertain) if self.uncertain else "[]"
        kind = self.kind.value
        return self.key, kind, self.author, self.created_at, self.text, self.sha256, uncertain, self.meta

    def unweighed(self) -> Post:
        """Return the post."""
        return Post(
            key=self.key,
            parent=self.parent,
            kind=self.kind,
            author=self.author,
            created_at=self.created_at,
            text=self.text,
            uncertain=self.uncertain,
            meta=load_json(self.meta),
        )

    def altered(self, post: Post) -> Weighed:
        """Return a post that says the same, and of which something else may be different."""
        return _weighed(post, self.sha256, self.size)


def weigh_all(posts: Iterable[Post], weights: bytes = b"") -> list[Weighed]:
    """Return posts with what is to be known of them; `weights` are those that `weights_of` has kept, if any."""
    if not weights:
        return [weigh(post) for post in posts]
    starts = range(0, len(weights), _DIGEST + 1)
    return [
        _weighed(post, weights[at : at + _DIGEST].hex(), weights[at + _DIGEST])
        for at, post in zip(starts, posts, strict=True)
    ]


def weights_of(posts: Iterable[Weighed]) -> bytes:
    """Return what took long to find out about the texts of posts, in 33 bytes each."""
    return b"".join([bytes.fromhex(post.sha256) + bytes((post.size,)) for post in posts])


def weigh(post: Post) -> Weighed:
    """Return a post with what is to be known of it."""
    # A text that holds half of a surrogate pair is refused later on, and not here.
    digest = sha256(post.text.encode(errors="surrogatepass")).hexdigest()
    return _weighed(post, digest, size_class(post.text))


def _weighed(post: Post, digest: str, size: int) -> Weighed:
    return Weighed(
        post.key,
        post.parent,
        post.kind,
        post.author,
        post.created_at,
        post.text,
        post.uncertain,
        to_json(post.meta) if post.meta else "{}",
        digest,
        size,
    )
