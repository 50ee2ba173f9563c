"""What is done to all posts at once, against doing it to each."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.text.ancestry import Ancestry
from tui.text.columns import SLICE, any_of, at_depth, folded_to_depth, from_plane, levels_above, plane, slices
from tui.text.rows import Rows

DEEP = st.integers(0, 300) | st.sampled_from([254, 255, 256, 511, 512, 50_000])


@given(st.lists(st.integers(0, 255)) | st.lists(DEEP), DEEP)
def test_levels_above_a_floor_are_cut_off_at_both_ends_of_a_byte(depths: list[int], floor: int) -> None:
    expected = bytes(min(255, max(0, depth - floor)) for depth in depths)
    assert levels_above("".join(map(chr, depths)), floor) == expected


@given(st.binary())
def test_bits_that_occur(column: bytes) -> None:
    expected = 0
    for byte in column:
        expected |= byte
    assert any_of(column) == expected


@given(st.binary(), st.integers(0, 7))
def test_plane_holds_one_bit_of_each_post(column: bytes, bit: int) -> None:
    assert from_plane(plane(column, bit), len(column)) == bytes(byte >> bit & 1 for byte in column)


@st.composite
def threads_with_matches(draw: st.DrawFn) -> tuple[list[int], bytes]:
    lowest = draw(st.sampled_from([0, 250]))
    depths = list(range(lowest + 1))
    for _ in range(draw(st.integers(0, 60))):
        depths.append(draw(st.integers(max(1, min(lowest, depths[-1])), depths[-1] + 1)))
    matches = bytearray(len(depths))
    for position in draw(st.lists(st.integers(0, len(depths) - 1), max_size=6)):
        matches[position] = draw(st.sampled_from([1, 2, 255]))
    return depths, bytes(matches)


@given(threads_with_matches())
def test_ancestors_of_matches_are_found_below_and_above_the_255th_level(thread: tuple[list[int], bytes]) -> None:
    depths, matches = thread
    expected = bytearray(map(bool, matches))
    for position in reversed(range(1, len(depths))):
        if expected[position]:
            parent = position - 1
            while depths[parent] >= depths[position]:
                parent -= 1
            expected[parent] = 1
    assert Ancestry("".join(map(chr, depths))).close(matches) == bytes(expected)


@given(
    st.lists(st.sampled_from([0, 0, 0, 1, 5, 254, 255, 300, 70_000]), min_size=1, max_size=60),
    st.sampled_from([1, 2, 7, 256]),
)
def test_rows_lead_to_posts_and_back(heights: list[int], block: int) -> None:
    tall = {position: height for position, height in enumerate(heights) if height >= 255}
    rows = Rows(bytes(min(height, 255) for height in heights), tall, block)
    assert rows.total == sum(heights)
    for position, height in enumerate(heights):
        before = sum(heights[:position])
        assert rows.height(position) == height
        assert rows.before(position) == before
        if height:
            assert rows.at(before) == (position, 0)
            assert rows.at(before + height - 1) == (position, height - 1)
        shown = [other for other, rows_of_other in enumerate(heights) if rows_of_other]
        assert rows.next_shown(position) == next((other for other in shown if other >= position), None)
        assert rows.previous_shown(position) == next((other for other in reversed(shown) if other < position), None)


@pytest.mark.parametrize("block", [0, 257])
def test_block_that_adler_cannot_sum_is_refused(block: int) -> None:
    with pytest.raises(ValueError, match="cannot be summed"):
        Rows(b"\1\1", {}, block)


def test_full_block_of_the_highest_bytes_is_summed_right() -> None:
    heights = bytes([254]) * 256 + bytes([255]) * 256
    assert Rows(heights, dict.fromkeys(range(256, 512), 255)).total == sum(heights)


@given(st.lists(st.tuples(st.integers(0, 400), st.integers(0, 255)), max_size=40), st.integers(0, 420))
def test_posts_are_folded_to_a_depth_as_one_by_one(posts: list[tuple[int, int]], depth: int) -> None:
    depths = "".join(chr(level) for level, _ in posts)
    heights = bytes(height for _, height in posts)
    expected = [height if level < depth else int(level == depth) for level, height in posts]
    assert list(folded_to_depth(heights, depths, depth)) == expected
    assert list(at_depth(depths, depth)) == [int(level == depth) for level, _ in posts]


@given(st.integers(0, 5 * SLICE), st.integers(0, 5 * SLICE), st.integers(1, 300))
def test_slices_make_up_a_range_and_end_where_blocks_do(start: int, stop: int, unit: int) -> None:
    found = list(slices(start, stop, unit))
    assert [first for first, _ in found] == [start, *(end for _, end in found[:-1])][: len(found)]
    assert sum(end - first for first, end in found) == max(0, stop - start)
    assert all(0 < end - first <= SLICE for first, end in found)
    assert all(end % unit == 0 for _, end in found[:-1])
