"""How tall posts are that were never laid out: estimates from the size classes of their texts."""

from __future__ import annotations

from collections import Counter
from functools import lru_cache
from typing import TYPE_CHECKING

from annotations.shape import Shape, estimated_height, estimated_heights
from tui.text.columns import FULL, levels_above, number, slices
from tui.text.rows import TALL

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_WIDTHS = 4
"""Body widths that estimates are made for; a pane may have more, then near ones share one."""
_SAMPLE = 4096
"""Posts whose depths tell how many posts have which width."""


def estimate(
    heights: bytearray, shape: Shape, body_width: Callable[[int], int], overhead: int, first: int = 0
) -> dict[int, int]:
    """Write the estimated rows of each post, unfolded; return those of the posts that a byte cannot hold.

    Each post's size class is looked up in the table of its body width. A thread has up to forty widths, and each table
    costs some milliseconds for a million posts, so near widths share one: that of their harmonic mean, as rows go by
    the inverse of the width. Which widths are how frequent is seen from a sample.

    Args:
        heights: The column to write to, with `TALL` for posts of so many rows or more.
        shape: The depths and size classes.
        body_width: The cells of a body's lines at a depth.
        overhead: Rows of a post beside its body.
        first: The first position of the pane; those before it keep what they have.

    Returns:
        The rows of the tall posts, by position.
    """
    sample = levels_above(shape.depths[first :: (len(shape) - first) // _SAMPLE + 1], 0)
    widths = _shared_widths(sample, [max(1, body_width(depth)) for depth in range(FULL + 1)])
    tables = [
        (bytes(FULL if width == shared else 0 for width in widths), _rows_by_class(shared, overhead))
        for shared in sorted(set(widths))
    ]
    for start, stop in slices(first, len(shape)):
        sizes = shape.sizes[start:stop]
        if len(tables) == 1:
            heights[start:stop] = sizes.translate(tables[0][1])
            continue
        levels = levels_above(shape.depths[start:stop], 0)
        rows = number(sizes.translate(tables[0][1]))
        for is_of_width, rows_by_class in tables[1:]:
            of_width = levels.translate(is_of_width)
            if FULL in of_width:
                rows ^= (rows ^ number(sizes.translate(rows_by_class))) & number(of_width)
        heights[start:stop] = rows.to_bytes(stop - start, "little")
    tall = {}
    position = heights.find(TALL, first)
    while position >= 0:
        lines = estimated_height(shape.sizes[position], max(1, body_width(ord(shape.depths[position]))))
        tall[position] = max(TALL, overhead + lines)
        position = heights.find(TALL, position + 1)
    return tall


@lru_cache(maxsize=256)
def _rows_by_class(width: int, overhead: int) -> bytes:
    return bytes(min(TALL, overhead + lines) for lines in estimated_heights(width))


def _shared_widths(levels: bytes, widths: list[int]) -> list[int]:
    """Return for each level the width that its estimates are made for, at most `_WIDTHS` different ones, by a sample."""
    posts = Counter(levels)
    weights: Counter[int] = Counter()
    for level, count in posts.items():
        weights[widths[level]] += count
    shared = {width: width for width in weights} if len(weights) <= _WIDTHS else _share(weights)
    for width in set(widths) - set(weights):  # of a few deep posts, if any
        shared[width] = shared[min(weights, key=lambda sampled: abs(sampled - width))]
    return [shared[width] for width in widths]


def _share(weights: Mapping[int, int]) -> dict[int, int]:
    """Put widths into groups of neighbours that hold about as many posts each; return the mean of each one's group."""
    groups: list[list[int]] = [[] for _ in range(_WIDTHS)]
    total = sum(weights.values())
    seen = 0
    for width in sorted(weights):
        groups[(2 * seen + weights[width]) * _WIDTHS // (2 * total)].append(width)
        seen += weights[width]
    return {width: _harmonic_mean(group, weights) for group in groups for width in group}


def _harmonic_mean(widths: list[int], weights: Mapping[int, int]) -> int:
    return round(sum(weights[width] for width in widths) / sum(weights[width] / width for width in widths))
