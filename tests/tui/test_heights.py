"""Estimated heights are near the real ones, in total and at each depth."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import pytest

from annotations.shape import Shape, estimated_height, size_class
from tests.benchmarks.threads import depths, generate
from tui.text.heights import estimate
from tui.text.wrap import count_lines

if TYPE_CHECKING:
    from collections.abc import Callable

COMMENTS = 1500
OVERHEAD = 2


def indented(width: int) -> Callable[[int], int]:
    return lambda depth: max(min(width, 40), width - 2 * depth)


def estimate_all(shape: Shape, body_width: Callable[[int], int], first: int = 0) -> tuple[bytearray, dict[int, int]]:
    heights = bytearray(len(shape))
    return heights, estimate(heights, shape, body_width, OVERHEAD, first)


@cache
def make_thread() -> tuple[Shape, tuple[str, ...]]:
    texts = tuple(post.text for post in generate(COMMENTS))
    return Shape("\0" + "".join(map(chr, depths(COMMENTS))), bytes(map(size_class, texts))), texts


@pytest.mark.parametrize("width", [40, 60, 84, 120])
def test_totals_are_within_five_percent_whatever_depth_is_folded_away(width: int) -> None:
    shape, texts = make_thread()
    heights, tall = estimate_all(shape, indented(width), 1)
    assert not tall
    levels = list(map(ord, shape.depths))
    lines = [count_lines(text, indented(width)(level)) for text, level in zip(texts, levels, strict=True)]
    for deepest in (1, 3, 6, 40):
        shown = [position for position in range(1, len(shape)) if levels[position] <= deepest]
        estimated = sum(heights[position] - OVERHEAD for position in shown)
        assert estimated == pytest.approx(sum(lines[position] for position in shown), rel=0.05)


def test_few_widths_get_an_estimate_each() -> None:
    sizes = bytes([size_class("x" * 300)]) * 4
    heights, _ = estimate_all(Shape("\0\1\2\3", sizes), lambda depth: 100 // (depth + 1))
    assert list(heights) == [OVERHEAD + estimated_height(sizes[0], 100 // depth) for depth in (1, 2, 3, 4)]


def test_posts_before_the_pane_have_no_rows() -> None:
    heights, tall = estimate_all(Shape("\0\1\2", bytes([250]) * 3), lambda _: 4, 1)
    assert heights[0] == 0
    assert sorted(tall) == [1, 2]


def test_height_that_a_byte_cannot_hold_stands_beside_it() -> None:
    kind = size_class("x" * 100_000)
    heights, tall = estimate_all(Shape("\0\1", bytes([kind, 1])), lambda _: 60)
    assert list(heights) == [255, OVERHEAD + 1]
    assert tall == {0: OVERHEAD + estimated_height(kind, 60)}


def test_depths_above_a_byte_are_estimated_like_the_255th() -> None:
    length = 600
    shape = Shape("".join(map(chr, range(length))), bytes([size_class("x" * 500)]) * length)
    heights, _ = estimate_all(shape, indented(100))
    assert len(set(heights[255:])) == 1
    assert heights[599] == OVERHEAD + estimated_height(shape.sizes[0], 40)
