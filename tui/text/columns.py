"""Columns of a byte a post, and what is done to all of them at once.

A loop over a million posts costs a tenth of a second in Python. Tables for `bytes.translate` and arithmetic on one big
integer that holds a whole slice of a column (Hacker's Delight, chapter 2, with very long words) cost a millisecond. Slices
are as long as fits the processor's cache: what is made on the way is then never as large as a column.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

FULL = 255
SLICE = 1 << 15
"""Posts of a column that are worked on at a time."""
_LANE = 4
_TOP_BIT = 0x80


def table(value: Callable[[int], int]) -> bytes:
    """Return the table for `bytes.translate` of a function of one byte."""
    return bytes(map(value, range(256)))


# Written out: a function called for each byte would keep the first frame waiting.
NONZERO_IS_ONE = b"\0" + b"\1" * FULL
NONZERO_IS_FULL = b"\0" + b"\xff" * FULL
ZERO_IS_FULL = b"\xff" + b"\0" * FULL
ZERO_IS_ONE = b"\1" + b"\0" * FULL
ONE_MORE = bytes((*range(1, 256), FULL))
ONE_LESS = bytes((0, *range(FULL)))


def slices(start: int, stop: int, unit: int = 1) -> Iterator[tuple[int, int]]:
    """Yield ranges of at most `SLICE` that make up [start, stop), cut at multiples of `unit`, which is no more."""
    step = SLICE - SLICE % unit
    while start < stop:
        end = min(stop, start - start % step + step)
        yield start, end
        start = end


def number(column: bytes | bytearray) -> int:
    """Return a column as one integer, the first post in the lowest byte."""
    return int.from_bytes(column, "little")


def plane(column: bytes, bit: int) -> int:
    """Return one bit of each byte of a column as one integer of a bit a post, the first post in the highest bit."""
    return int(column.translate(_PLANES[bit]) or b"0", 2)


def from_plane(value: int, size: int) -> bytes:
    """Return the column of zeros and ones that `plane`, of bit 0, made an integer of."""
    return format(value, f"0{size}b").encode("ascii").translate(_ONES) if size else b""


_PLANES = [(b"0" * (1 << bit) + b"1" * (1 << bit)) * (128 >> bit) for bit in range(8)]
_ONES = bytes(ord("1")) + b"\1" + bytes(FULL - ord("1"))


def any_of(column: bytes) -> int:
    """Return the bits that occur in any byte of a column."""
    size = 1 << max(0, len(column) - 1).bit_length()
    found = number(column)
    while size > 1:  # lay the second half over the first
        size >>= 1
        found = (found >> 8 * size) | (found & ((1 << 8 * size) - 1))
    return found


def levels_above(depths: str, floor: int) -> bytes:
    """Return a column that says how far each post is below a depth: from 0, for posts at or above it, to 255.

    Args:
        depths: `chr` of the depth of each position.
        floor: A depth, 0 or more.
    """
    try:
        column = depths.encode("latin-1")
    except UnicodeEncodeError:
        return _levels_above_deep(depths, floor)
    return column.translate(table(lambda depth: max(0, depth - floor))) if floor else column


def folded_to_depth(heights: bytes | bytearray, depths: str, depth: int) -> bytes:
    """Return a column with the height of posts above a depth, one row for those at it, none for deeper ones.

    Args:
        heights: The rows of each post, unfolded.
        depths: `chr` of the depth of each.
        depth: The depth from which posts are folded, 0 or more.
    """
    levels, (is_above, is_at) = _around(depths, depth)
    rows = number(heights) & number(levels.translate(is_above))
    return (rows | number(levels.translate(is_at))).to_bytes(len(levels), "little")


def at_depth(depths: str, depth: int) -> bytes:
    """Return a column with a one for each post at a depth."""
    levels, (_, is_at) = _around(depths, depth)
    return levels.translate(is_at)


def _around(depths: str, depth: int) -> tuple[bytes, tuple[bytes, bytes]]:
    """Return a column of levels, and the tables of what stands above a depth and at it."""
    try:
        return depths.encode("latin-1"), _at_floor(min(depth, FULL + 1))
    except UnicodeEncodeError:
        return levels_above(depths, max(0, depth - 1)), _at_floor(min(depth, 1))


@lru_cache(maxsize=64)
def _at_floor(floor: int) -> tuple[bytes, bytes]:
    """Return tables of what stands above a level: full, and at it: one."""
    return table(lambda level: FULL if level < floor else 0), table(lambda level: int(level == floor))


def _levels_above_deep(depths: str, floor: int) -> bytes:
    """Do it for depths above 255: four bytes a post, the top bit says whether the difference is negative."""
    size = len(depths)
    top_bits = number(bytes((0, 0, 0, _TOP_BIT)) * size)
    floors = number(floor.to_bytes(_LANE, "little") * size)
    lanes = ((number(depths.encode("utf-32-le")) | top_bits) - floors).to_bytes(_LANE * size, "little")
    is_below = number(lanes[_LANE - 1 :: _LANE].translate(table(lambda byte: FULL if byte & _TOP_BIT else 0)))
    is_far = number(lanes[1::_LANE].translate(NONZERO_IS_FULL))
    return ((number(lanes[::_LANE]) | is_far) & is_below).to_bytes(size, "little")
