"""Rows of many posts: which row a post begins at, and which post a row belongs to."""

from __future__ import annotations

import re
from bisect import bisect_right
from itertools import accumulate
from typing import TYPE_CHECKING
from zlib import adler32

from tui.text.columns import slices

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

BLOCK = 256
"""Posts whose rows are kept summed up; the most for which a sum by Adler-32 cannot wrap."""
TALL = 255
"""A height that stands for itself or more; how much more is in a table beside the column."""

_SHOWN = re.compile(rb"[^\0]")


class Rows:
    """The rows that each post takes, a byte a post, with their sums over blocks of posts.

    Looking a row up costs two additions over the blocks and one over a block: 50 µs for a million posts. A change costs the
    sums of the blocks that it touches, 0.3 µs each.

    Args:
        shown: Rows of each post: 0 for a hidden one, `TALL` for one that is in `tall` too.
        tall: Rows of the posts that have `TALL` or more.
        block: Posts of a block, at most `BLOCK`.
    """

    def __init__(self, shown: bytes | bytearray, tall: Mapping[int, int], block: int = BLOCK) -> None:
        if not 1 <= block <= BLOCK:
            raise ValueError(f"a block of {block} posts cannot be summed")
        self._block = block
        self._shown = bytearray(shown)
        self._tall = tall
        self._sums = [0] * -(-len(shown) // block)
        self.total = 0
        self._sum_blocks(0, len(shown))

    def replace_all(
        self, start: int, compose: Callable[[int, int], bytes | bytearray], tall: Mapping[int, int]
    ) -> None:
        """Take other rows for the posts from `start` to the last, as `compose` says for some that follow each other."""
        self._tall = tall
        self.compose(start, len(self._shown), compose)

    def compose(self, start: int, stop: int, compose: Callable[[int, int], bytes | bytearray]) -> None:
        """Take other rows for the posts of [start, stop), as `compose` says for some that follow each other."""
        for first, behind in slices(start, stop, self._block):
            self.replace(first, compose(first, behind))

    def replace(self, start: int, shown: bytes | bytearray) -> None:
        """Take other rows for the posts from `start` on."""
        self._shown[start : start + len(shown)] = shown
        self._sum_blocks(start, start + len(shown))

    def _sum_blocks(self, start: int, stop: int) -> None:
        """Sum those blocks again that hold a position from `start` to `stop`."""
        first = start // self._block
        start = first * self._block
        stop = min(len(self._shown), -(-stop // self._block) * self._block)
        step, view = self._block, memoryview(self._shown)
        sums = [adler32(view[at : at + step], 0) & 0xFFFF for at in range(start, stop, step)]
        if self._tall:
            position = self._shown.find(TALL, start, stop)
            while position >= 0:
                sums[(position - start) // step] += self._tall[position] - TALL
                position = self._shown.find(TALL, position + 1, stop)
        last = first + len(sums)
        self.total += sum(sums) - sum(self._sums[first:last])
        self._sums[first:last] = sums

    def height(self, position: int) -> int:
        """Return the rows of a post, 0 for a hidden one."""
        rows = self._shown[position]
        return rows if rows < TALL else self._tall[position]

    def is_shown(self, position: int) -> bool:
        """Tell whether a post has rows."""
        return self._shown[position] > 0

    def before(self, position: int) -> int:
        """Return the rows of all posts before this one."""
        block = position // self._block
        start = block * self._block
        rows = sum(self._sums[:block]) + (adler32(self._shown[start:position], 0) & 0xFFFF)
        if self._tall:
            tall = self._shown.find(TALL, start, position)
            while tall >= 0:
                rows += self._tall[tall] - TALL
                tall = self._shown.find(TALL, tall + 1, position)
        return rows

    def at(self, row: int) -> tuple[int, int]:
        """Return the post at a row, and which of its rows that is.

        Args:
            row: 0-based, less than `total`.
        """
        ends = list(accumulate(self._sums))
        block = bisect_right(ends, row)
        start = block * self._block
        row -= ends[block - 1] if block else 0
        heights: bytearray | list[int] = self._shown[start : start + self._block]
        if self._tall and TALL in heights:
            heights = [self.height(position) for position in range(start, start + len(heights))]
        ends = list(accumulate(heights))
        found = bisect_right(ends, row)
        return start + found, row - (ends[found - 1] if found else 0)

    def next_shown(self, position: int) -> int | None:
        """Return the first post from this one on that is not hidden, itself included."""
        block = position // self._block
        found = _SHOWN.search(self._shown, position, (block + 1) * self._block)
        while found is None:
            block += 1
            if block >= len(self._sums):
                return None
            if self._sums[block]:
                found = _SHOWN.search(self._shown, block * self._block)
        return found.start()

    def previous_shown(self, position: int) -> int | None:
        """Return the last post before this one that is not hidden."""
        block = position // self._block
        shown = self._shown[block * self._block : position].rstrip(b"\0")
        while not shown:
            block -= 1
            if block < 0:
                return None
            if self._sums[block]:
                start = block * self._block
                shown = self._shown[start : start + self._block].rstrip(b"\0")
        return block * self._block + len(shown) - 1
