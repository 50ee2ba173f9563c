"""The shape of a thread: packing, and what a tree is asked."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotations.shape import DEEPEST, Shape, parent_of, subtree_end


@st.composite
def pre_orders(draw: st.DrawFn, most: int = 60) -> str:
    depths = [0]
    for _ in range(draw(st.integers(0, most))):
        depths.append(draw(st.integers(1, depths[-1] + 1)))
    return "".join(map(chr, depths))


def chain(length: int) -> str:
    return "".join(map(chr, range(length)))


@given(pre_orders())
def test_subtree_ends_where_the_next_post_is_not_deeper(depths: str) -> None:
    for position, depth in enumerate(depths):
        end = position + 1
        while end < len(depths) and depths[end] > depth:
            end += 1
        assert subtree_end(depths, position) == end


@given(pre_orders())
def test_parent_is_the_last_post_before_that_is_less_deep(depths: str) -> None:
    for position, depth in enumerate(depths):
        above = [before for before in range(position) if depths[before] < depth]
        assert parent_of(depths, position) == (above[-1] if above else None)


@pytest.mark.parametrize("size", [510, 511, 512, 513, 514, 5000])
@pytest.mark.parametrize("depth", [1, 2, 30, 63, 64, 65, 200, 300])
@pytest.mark.parametrize("behind", [0, 1, 2])
def test_end_of_a_large_subtree_is_found_at_any_depth(size: int, depth: int, behind: int) -> None:
    """Behind it stand nothing, a sibling, or a sibling of an ancestor with descendants as deep as those before."""
    above = chain(depth)
    next_posts = ("", chr(depth) + chr(depth + 1) * 3, chr(max(1, depth - 1)) + chr(depth) + chr(depth + 1))[behind]
    depths = above + chr(depth) + chr(depth + 1) * (size - 1) + next_posts
    assert subtree_end(depths, depth) == depth + size
    assert parent_of(depths, depth + size - 1) == depth


def test_tree_as_deep_as_a_shape_may_be_is_searched() -> None:
    depths = chain(DEEPEST + 1)
    assert subtree_end(depths, DEEPEST - 1) == DEEPEST + 1
    assert subtree_end(depths, 0) == DEEPEST + 1
    assert parent_of(depths, DEEPEST) == DEEPEST - 1


@given(pre_orders(), st.data())
def test_shape_comes_back_from_its_blobs(depths: str, draw: st.DataObject) -> None:
    shape = Shape(depths, draw.draw(st.binary(min_size=len(depths), max_size=len(depths))))
    packed = shape.pack()
    assert Shape.unpack(*packed) == shape
    assert list(map(len, packed)) == [len(shape) + 1, len(shape)]


@pytest.mark.parametrize(("length", "width"), [(256, 1), (257, 2), (DEEPEST + 1, 2)])
def test_depths_above_255_take_two_bytes_each(length: int, width: int) -> None:
    shape = Shape(chain(length), bytes(length))
    depths, _ = shape.pack()
    assert len(depths) == 1 + width * length
    assert Shape.unpack(depths, shape.sizes) == shape
    assert shape.is_tree()


@pytest.mark.parametrize(
    ("depths", "sizes", "complaint"),
    [
        (b"", b"", "format byte"),
        (b"\x00\x00\x01", b"aa", "format byte"),
        (b"\x03\x00", b"a", "format byte"),
        (b"\x01\x00\x01", b"aaa", "2 depths stand beside 3 sizes"),
        (b"\x01\x00\x01\x02", b"aa", "3 depths stand beside 2 sizes"),
        (b"\x01", b"", "one article"),
        (b"\x01\x01\x01", b"aa", "one article"),
        (b"\x01\x00\x01\x00", b"aaa", "one article"),
        (b"\x02\x00\x00\x01", b"aa", "truncated"),
        (b"\x02\x00\x00\x00\xd8", b"aa", "end of data"),
        (b"\x02\x00\x00\x51\xc3", b"aa", "deeper than 50000"),
    ],
)
def test_blobs_that_are_no_shape_are_refused(depths: bytes, sizes: bytes, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        Shape.unpack(depths, sizes)


@pytest.mark.parametrize(
    ("depths", "is_tree"),
    [
        ([0], True),
        ([0, 1, 2, 3, 1], True),
        ([0, 2], False),
        ([0, 1, 3], False),
        ([1], False),
        ([0, 0], False),
        ([], False),
    ],
)
def test_only_steps_down_by_one_make_a_tree(depths: list[int], is_tree: bool) -> None:  # noqa: FBT001  # a parameter
    assert Shape("".join(map(chr, depths)), bytes(len(depths))).is_tree() is is_tree
