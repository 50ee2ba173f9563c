"""The shape of a thread: who answers whom and how long each text is, in two bytes a post.

From it a pane of a million comments opens in a millisecond: depths in pre-order are a tree, and searching them with
`str.find`, `str.rfind` and regular expressions answers what a tree is asked. Sizes are classes, from which the rows
of a text that was never laid out are estimated at any width.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise

from msgspec import Struct

from annotations.sizes import estimated_height, estimated_heights, size_class

__all__ = ["DEEPEST", "Shape", "estimated_height", "estimated_heights", "parent_of", "size_class", "subtree_end"]

DEEPEST = 50_000
"""The greatest depth that a shape holds: `chr` of more would come near the surrogates, which no codec writes."""

_NARROW_DEPTHS = 1
_WIDE_DEPTHS = 2

_NEAR = 512
"""Posts among which a subtree's end is searched by a regular expression; most subtrees end there."""
_FEW_LEVELS = 64
"""Up to this depth a search for each single depth (`memchr`) is faster over thousands of posts than one for them all."""


class Shape(Struct, frozen=True):
    """The shape of a thread, the article at position 0.

    Args:
        depths: For each position in pre-order, `chr` of its depth: 0 for the article, 1 for a top-level comment.
        sizes: For each position the size class of its text, see `size_class`.
    """

    depths: str
    sizes: bytes

    def __len__(self) -> int:
        return len(self.depths)

    def pack(self) -> tuple[bytes, bytes]:
        """Return depths and sizes as blobs: a byte a post (two where a depth is above 255), depths after a format byte."""
        try:
            return bytes([_NARROW_DEPTHS]) + self.depths.encode("latin-1"), self.sizes
        except UnicodeEncodeError:
            return bytes([_WIDE_DEPTHS]) + self.depths.encode("utf-16-le"), self.sizes

    @classmethod
    def unpack(cls, depths: bytes, sizes: bytes) -> Shape:
        """Return the shape that `pack` wrote.

        Checks what costs nothing, so that a million posts open in a millisecond; `is_tree` checks the rest.

        Raises:
            ValueError: If the blobs are not such a shape.
        """
        codec = {_NARROW_DEPTHS: "latin-1", _WIDE_DEPTHS: "utf-16-le"}.get(depths[0] if depths else 0)
        if codec is None:
            raise ValueError("the depths begin with an unknown format byte")
        shape = cls(depths[1:].decode(codec), bytes(sizes))
        if len(shape.depths) != len(shape.sizes):
            raise ValueError(f"{len(shape.depths)} depths stand beside {len(shape.sizes)} sizes")
        if not shape.depths.startswith("\0") or "\0" in shape.depths[1:]:
            raise ValueError("a thread has one article, at position 0")
        if codec != "latin-1" and ord(max(shape.depths)) > DEEPEST:
            raise ValueError(f"a post is deeper than {DEEPEST}")
        return shape

    def is_tree(self) -> bool:
        """Tell whether the depths are those of a tree: the article alone at 0, and no step down by more than one."""
        levels = [ord(depth) for depth in self.depths]
        return (
            levels[:1] == [0] and 0 not in levels[1:] and all(below <= above + 1 for above, below in pairwise(levels))
        )


def subtree_end(depths: str, position: int) -> int:
    """Return the position behind the last descendant of a post; about 0.5 µs for small subtrees.

    Args:
        depths: As in `Shape`.
        position: 0-based, less than the number of posts.
    """
    depth = ord(depths[position])
    start, end = position + 1, len(depths)
    pattern = _not_deeper(depth)
    near = pattern.search(depths, start, start + _NEAR)
    if near is not None:
        return near.start()
    start += _NEAR
    if start >= end:
        return end
    if depth > _FEW_LEVELS:
        far = pattern.search(depths, start)
        return end if far is None else far.start()
    for level in range(depth, -1, -1):
        found = depths.find(chr(level), start, end)
        if found >= 0:
            end = found
    return end


def parent_of(depths: str, position: int) -> int | None:
    """Return the position of the post that this one answers; None for the article."""
    depth = ord(depths[position])
    return depths.rfind(chr(depth - 1), 0, position) if depth else None


@lru_cache(maxsize=1024)
def _not_deeper(depth: int) -> re.Pattern[str]:
    return re.compile(f"[\\0-\\u{depth:04x}]")
