"""What matching needs to know of a thread's posts, as columns of numbers: of a million posts some forty megabytes.

Keys, authors, times and texts are there as hashes of 64 bits, for they are only asked whether they are the same: of a million
posts two that are not share one once in tens of millions of threads, and then one post would be taken for another. Texts are
fetched where two are to be compared word by word.
"""

from __future__ import annotations

from array import array
from hashlib import sha256
from typing import TYPE_CHECKING

from annotations.shape import size_class

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

LONGEST = 255
"""Code points up to which a text's length is noted."""

_NONE = -1
"""For an author or a time that a post does not have; Python's `hash` is never that."""

_KEPT = 20_000
"""Texts that are kept in memory."""


class PostColumns:
    """The posts of one state of a thread, in pre-order, the article first.

    Args:
        fetch: Returns the texts at some places, in the order of these.
    """

    __slots__ = ("_fetch", "_known", "authors", "keys", "lengths", "parents", "sizes", "texts", "times")

    def __init__(self, fetch: Callable[[Sequence[int]], Iterable[str]]) -> None:
        self._fetch = fetch
        self._known: dict[int, str] = {}
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
        self.authors.append(_NONE if author is None else hash(author))
        self.times.append(hash(created_at) if created_at else _NONE)
        self.texts.append(int.from_bytes(raw, "big", signed=True))
        self.lengths.append(min(LONGEST, len(text)))
        self.sizes.append(size_class(text))

    def has_time(self, place: int) -> bool:
        """Tell whether it is known when a post was written."""
        return self.times[place] != _NONE

    def said(self, place: int) -> int:
        """Return a hash of who says what."""
        return hash((self.authors[place], self.texts[place]))

    def load(self, places: Sequence[int]) -> list[str]:
        """Return the texts at some places; those that were asked for before may be at hand."""
        known = self._known
        lacking = [place for place in places if place not in known]
        if lacking:
            if len(known) + len(lacking) > _KEPT:
                found = {place: known[place] for place in places if place in known}
                known.clear()
                known.update(found)
            known.update(zip(lacking, self._fetch(lacking), strict=True))
        return [known[place] for place in places]


class Answers:
    """Which posts answer which, siblings in the order of their places: chained, for a list for each would be big."""

    __slots__ = ("_first", "_following")

    def __init__(self, parents: Sequence[int]) -> None:
        self._first = array("i", [-1]) * len(parents)
        self._following = array("i", [-1]) * len(parents)
        for place in range(len(parents) - 1, 0, -1):
            parent = parents[place]
            self._following[place], self._first[parent] = self._first[parent], place

    def to(self, place: int) -> list[int]:
        """Return the answers to a post."""
        found: list[int] = []
        answer = self._first[place]
        while answer >= 0:
            found.append(answer)
            answer = self._following[answer]
        return found


def path_keyed_of(keys: Iterable[str], parents: Sequence[int]) -> bytearray:
    """Return for each post in pre-order a byte: whether its key is merely its path, `1.2` for the second answer to `1`.

    Unlike `annotations.store.tree.path_keyed` it holds the keys of one branch at a time.
    """
    is_path = bytearray()
    branch: list[list[int]] = []  # the place of each post above the present one, and how many answers were met
    called: list[str] = []
    for place, (key, parent) in enumerate(zip(keys, parents, strict=True)):
        while branch and branch[-1][0] != parent:
            branch.pop()
            called.pop()
        if branch:
            branch[-1][1] += 1
            number = branch[-1][1]
            is_path.append(key == (f"{called[-1]}.{number}" if parent else str(number)))
        else:
            is_path.append(False)
        branch.append([place, 0])
        called.append(key)
    return is_path
