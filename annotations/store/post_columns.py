"""What matching needs to know of a thread's posts, as columns of numbers: of a million posts some forty megabytes.

Keys, authors, times and texts are there as hashes of 64 bits, for they are only asked whether they are the same: of a million
posts two that are not share one once in tens of millions of threads, and then one post would be taken for another. Texts are
fetched where two are to be compared word by word.
"""

from __future__ import annotations

import re
from array import array
from hashlib import sha256
from typing import TYPE_CHECKING

from annotations.lazy_posts import LazyPosts
from annotations.shape import size_class
from annotations.work import Work

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from annotations.model import Post

LONGEST = 255
"""Code points up to which a text's length is noted."""

NOBODY = -1
"""For an author or a time that a post does not have; Python's `hash` is never that."""

_KEPT = 4_000_000
"""Code points of texts that are kept in memory."""

TELLING_LENGTH = 20
"""Code points below which a text ("+1", "I agree") does not tell one post from others elsewhere in the thread."""

NAME, PATH, LINE = range(3)
"""What a key is: what the source calls the post; perhaps merely its path or number; its line in the source, no name at all."""

_NUMBERED = re.compile(
    r"(line|row|record)-\d+|(?:(?:comment|item|mail|message|object|post|status|submission)-|#)\d+", re.ASCII
)
"""What importers call a post that its source does not name. Some sources do call comments so."""


class PostColumns:
    """The posts of one state of a thread, in pre-order, the article first.

    Args:
        fetch: Returns the texts at some places, in the order of these.
    """

    __slots__ = (
        "_fetch",
        "_known",
        "_known_length",
        "authors",
        "keys",
        "lengths",
        "parents",
        "sizes",
        "texts",
        "times",
    )

    def __init__(self, fetch: Callable[[Sequence[int]], Iterable[str]]) -> None:
        self._fetch = fetch
        self._known: dict[int, str] = {}
        self._known_length = 0
        self.keys = array("q")
        self.parents = array("i")
        self.authors = array("q")
        self.texts = array("q")
        self.times = array("q")
        self.lengths = bytearray()
        """How long each text is, up to `LONGEST`."""
        self.sizes = bytearray()
        """The size class of each."""

    def __len__(self) -> int:
        return len(self.keys)

    def add(  # noqa: PLR0913, PLR0917  # what a post is known by
        self, key: str, parent: int, author: str | None, created_at: str | None, text: str, digest: str = ""
    ) -> None:
        """Add a post.

        Args:
            key: What its source calls it.
            parent: The place of the post that it answers; -1 for the article.
            author: Who wrote it.
            created_at: When.
            text: What it says.
            digest: The SHA-256 of the text, hexadecimal, if it is known.
        """
        raw = bytes.fromhex(digest[:16]) if digest else sha256(text.encode()).digest()[:8]
        self.keys.append(hash(key))
        self.parents.append(parent)
        self.authors.append(NOBODY if author is None else hash(author))
        self.times.append(hash(created_at) if created_at else NOBODY)
        self.texts.append(int.from_bytes(raw, "big", signed=True))
        self.lengths.append(min(LONGEST, len(text)))
        self.sizes.append(size_class(text))

    def has_time(self, place: int) -> bool:
        """Tell whether it is known when a post was written."""
        return self.times[place] != NOBODY

    def said(self, place: int) -> int:
        """Return a hash of who says what."""
        return hash((self.authors[place], self.texts[place]))

    def load(self, places: Sequence[int]) -> list[str]:
        """Return the texts at some places; those that were asked for before may be at hand."""
        known = self._known
        lacking = [place for place in places if place not in known]
        if lacking:
            if self._known_length > _KEPT:
                found = {place: known[place] for place in places if place in known}
                known.clear()
                known.update(found)
                self._known_length = sum(map(len, found.values()))
            texts = list(self._fetch(lacking))
            self._known_length += sum(map(len, texts))
            known.update(zip(lacking, texts, strict=True))
        return [known[place] for place in places]


def columns_of(posts: Sequence[Post], parents: Sequence[int], work: Work | None = None) -> PostColumns:
    """Return posts as columns; the posts stay where they are, in memory or on the disk.

    Args:
        posts: The posts in pre-order, the article first.
        parents: The place of each post's parent; -1 for the article.
        work: What watches and may stop it.
    """

    def fetch(places: Sequence[int]) -> list[str]:
        found = posts.fetch(places) if isinstance(posts, LazyPosts) else [posts[place] for place in places]
        return [post.text for post in found]

    columns = PostColumns(fetch)
    for parent, post in zip(parents, (work or Work()).heed(posts), strict=True):
        columns.add(post.key, parent, post.author, post.created_at, post.text)
    return columns


class Answers:
    """Which posts answer which, siblings in the order of their places: chained, for a list for each would be big."""

    __slots__ = ("first", "following")

    def __init__(self, parents: Sequence[int]) -> None:
        self.first = array("i", [-1]) * len(parents)
        self.following = array("i", [-1]) * len(parents)
        for place in range(len(parents) - 1, 0, -1):
            parent = parents[place]
            self.following[place], self.first[parent] = self.first[parent], place

    def to(self, place: int) -> array[int]:
        """Return the answers to a post."""
        found = array("i")
        answer = self.first[place]
        while answer >= 0:
            found.append(answer)
            answer = self.following[answer]
        return found


def is_numbered(key: str) -> bool:
    """Tell whether a key is what importers call a post that its source does not name: a word and a number."""
    return _NUMBERED.fullmatch(key) is not None


def kinds_of_keys(keys: Iterable[str], parents: Sequence[int]) -> bytearray:
    """Return for each post in pre-order what its key is: `NAME`, `PATH` or `LINE`.

    `1.2` for the second answer to `1` is a path. Unlike `annotations.store.tree.path_keyed` this holds the keys of one
    branch at a time.
    """
    kinds = bytearray()
    branch: list[list[int]] = []  # the place of each post above the present one, and how many answers were met
    called: list[str] = []
    for place, (key, parent) in enumerate(zip(keys, parents, strict=True)):
        while branch and branch[-1][0] != parent:
            branch.pop()
            called.pop()
        kind = NAME
        if branch:
            branch[-1][1] += 1
            number = branch[-1][1]
            if key == (f"{called[-1]}.{number}" if parent else str(number)):
                kind = PATH
            elif (numbered := _NUMBERED.fullmatch(key)) is not None:
                kind = LINE if numbered[1] else PATH
        kinds.append(kind)
        branch.append([place, 0])
        called.append(key)
    return kinds
