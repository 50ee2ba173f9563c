"""The tree of a thread: put in pre-order and measured. Pure; nothing here recurses, so depth has no limit."""

from __future__ import annotations

import hashlib
import re
from array import array
from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_UNCLEAN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
"""What importers drop from every text, because no consumer can carry it."""


class Tree(Struct, frozen=True):
    """Where each post of a thread stands, by position in pre-order.

    Args:
        parents: The position of the post's parent; -1 for the article.
        depths: Steps to the article.
        sizes: Posts below it, itself counted.
    """

    parents: Sequence[int]
    depths: Sequence[int]
    sizes: Sequence[int]


def find_unclean(text: str) -> str:
    """Return the first character of a text that no consumer can carry, "" if there is none."""
    found = _UNCLEAN.search(text)
    return found.group() if found else ""


def is_pre_order(parents: Sequence[int]) -> bool:
    """Tell whether each subtree stands in one piece right behind its root."""
    path: list[int] = []
    for place, parent in enumerate(parents):
        while path and path[-1] != parent:
            path.pop()
        if not path and place:
            return False
        path.append(place)
    return True


def pre_order(parents: Sequence[int]) -> list[int]:
    """Return the places in pre-order, siblings in the order of their places; the root is at place 0."""
    # Siblings are chained: a list of answers for each of a million posts would take a hundred megabytes.
    first, following = array("i", [-1]) * len(parents), array("i", [-1]) * len(parents)
    for place in range(len(parents) - 1, 0, -1):
        following[place], first[parents[place]] = first[parents[place]], place
    order: list[int] = []
    waiting = [0]
    while waiting:
        place = waiting.pop()
        order.append(place)
        if following[place] >= 0:
            waiting.append(following[place])
        if first[place] >= 0:
            waiting.append(first[place])
    return order


def measure(parents: Sequence[int]) -> Tree:
    """Return depths and subtree sizes of posts in pre-order, given the position of each one's parent."""
    depths = [0] * len(parents)
    sizes = [1] * len(parents)
    for position in range(1, len(parents)):
        depths[position] = depths[parents[position]] + 1
    for position in range(len(parents) - 1, 0, -1):
        sizes[parents[position]] += sizes[position]
    return Tree(parents, depths, sizes)


def path_keyed(keys: Sequence[str], parents: Sequence[int]) -> Iterator[bool]:
    """Yield for each post in pre-order whether its key is merely its path: `1.2`, the second answer to comment `1`.

    The article's key is no path.
    """
    answers = array("i", [0]) * len(parents)
    for key, parent in zip(keys, parents, strict=True):
        if parent < 0:
            yield False
            continue
        answers[parent] += 1
        yield key == (f"{keys[parent]}.{answers[parent]}" if parent else str(answers[parent]))


def has_path_keys(keys: Sequence[str], parents: Sequence[int]) -> bool:
    """Tell whether every comment's key is merely its path: the source has no names for its comments."""
    keyed = path_keyed(keys, parents)
    next(keyed)
    return len(keys) > 1 and all(keyed)


def text_sha256(text: str) -> str:
    """Return the hash of a text's UTF-8 bytes, hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()
