"""Which posts have a descendant that matches: for all posts of a thread at once, in some milliseconds for a million."""

from __future__ import annotations

from typing import TYPE_CHECKING

from annotations.shape import parent_of
from tui.text.columns import FULL, NONZERO_IS_ONE, any_of, from_plane, levels_above, plane

if TYPE_CHECKING:
    from collections.abc import Iterator


class Ancestry:
    """The depths of a thread as planes of bits, a byte a post in all, from which ancestors are found by addition.

    For a depth, let `below` have a bit for each post that is deeper. In pre-order its runs of ones are the subtrees of the
    posts of that depth, each run right behind its root. Adding to `below` those of its bits that match carries out of
    each run that holds a match, and out of no other, into the bit of its root.

    Args:
        depths: `chr` of the depth of each position, as in `annotations.shape.Shape`.
    """

    def __init__(self, depths: str) -> None:
        self._depths = depths
        levels = levels_above(depths, 0)
        self._planes = [plane(levels, bit) for bit in range(any_of(levels).bit_length())]
        self._levels = levels if FULL in levels else b""

    def close(self, matches: bytes) -> bytes:
        """Return a column that has 1 for each post that matches or has a descendant that matches, else 0.

        Args:
            matches: A column with anything but 0 for each post that matches.
        """
        size = len(self._depths)
        found = plane(self._with_deep_ancestors(matches).translate(NONZERO_IS_ONE), 0)
        below = 0
        for level, posts in self._posts_by_level(len(self._planes) - 1, (1 << size) - 1, 0):
            if level < FULL:
                found |= (below + (found & below)) & posts
            below |= posts
        return from_plane(found, size)

    def _posts_by_level(self, bit: int, posts: int, level: int) -> Iterator[tuple[int, int]]:
        """Yield the levels that occur, the deepest first, each with the bits of its posts."""
        if not posts:
            return
        if bit < 0:
            yield level, posts
            return
        deeper = posts & self._planes[bit]
        yield from self._posts_by_level(bit - 1, deeper, level | 1 << bit)
        yield from self._posts_by_level(bit - 1, posts ^ deeper, level)

    def _with_deep_ancestors(self, matches: bytes) -> bytes:
        """Add the ancestors from the 255th level on of the matches there: one by one, no real thread goes that deep."""
        if not self._levels:
            return matches
        found = bytearray(matches)
        deep = self._levels.find(FULL)
        while deep >= 0:
            if matches[deep]:
                parent = parent_of(self._depths, deep)
                while parent is not None and self._levels[parent] == FULL and not found[parent]:
                    found[parent] = 1
                    parent = parent_of(self._depths, parent)
            deep = self._levels.find(FULL, deep + 1)
        return bytes(found)
