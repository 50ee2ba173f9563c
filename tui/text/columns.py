"""Columns of a byte a post, and what is done to all of them at once.

A loop over a million posts costs a tenth of a second in Python. Tables for `bytes.translate` and arithmetic on one big
integer that holds the whole column (Hacker's Delight, chapter 2, with very long words) cost a millisecond.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

FULL = 255
_LANE = 4
_TOP_BIT = 0x80


def table(value: Callable[[int], int]) -> bytes:
    """Return the table for `bytes.translate` of a function of one byte."""
    return bytes(map(value, range(256)))


NONZERO_IS_ONE = table(bool)
NONZERO_IS_FULL = table(lambda byte: FULL if byte else 0)
ZERO_IS_FULL = table(lambda byte: 0 if byte else FULL)
ZERO_IS_ONE = table(lambda byte: int(byte == 0))
ONE_MORE = table(lambda byte: min(byte + 1, FULL))
ONE_LESS = table(lambda byte: byte - 1 if byte else 0)


def number(column: bytes | bytearray) -> int:
    """Return a column as one integer, the first post in the lowest byte."""
    return int.from_bytes(column, "little")


def plane(column: bytes, bit: int) -> int:
    """Return one bit of each byte of a column as one integer of a bit a post, the first post in the highest bit."""
    return int(column.translate(_PLANES[bit]) or b"0", 2)


def from_plane(value: int, size: int) -> bytes:
    """Return the column of zeros and ones that `plane`, of bit 0, made an integer of."""
    return format(value, f"0{size}b").encode("ascii").translate(_ONES) if size else b""


def _digit(bit: int) -> Callable[[int], int]:
    return lambda byte: ord("1") if byte >> bit & 1 else ord("0")


_PLANES = [table(_digit(bit)) for bit in range(8)]
_ONES = table(lambda byte: int(byte == ord("1")))


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


def _levels_above_deep(depths: str, floor: int) -> bytes:
    """Do it for depths above 255: four bytes a post, the top bit says whether the difference is negative."""
    size = len(depths)
    top_bits = number(bytes((0, 0, 0, _TOP_BIT)) * size)
    floors = number(floor.to_bytes(_LANE, "little") * size)
    lanes = ((number(depths.encode("utf-32-le")) | top_bits) - floors).to_bytes(_LANE * size, "little")
    is_below = number(lanes[_LANE - 1 :: _LANE].translate(table(lambda byte: FULL if byte & _TOP_BIT else 0)))
    is_far = number(lanes[1::_LANE].translate(NONZERO_IS_FULL))
    return ((number(lanes[::_LANE]) | is_far) & is_below).to_bytes(size, "little")
