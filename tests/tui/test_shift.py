"""Where posts stand after others have come between them, against a list into which they are put one by one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotations.shape import Shape
from tui.text.folds import shifted_state
from tui.text.outline import Outline
from tui.text.shift import Shift


def _outline(depths: list[int]) -> Outline:
    shape = Shape("".join(map(chr, depths)), bytes(len(depths)))
    return Outline(shape, first=1, width=80, body_width=lambda depth: 80 - depth)


@st.composite
def threads(draw: st.DrawFn) -> tuple[list[int], list[int]]:
    """Draw the depths of a thread as it is, and which of its comments have come last: none answers one that has come."""
    depths = [0, 1]
    arrived: list[int] = []
    for position in range(2, draw(st.integers(3, 30))):
        depths.append(draw(st.integers(1, depths[-1] + 1)))
        path = [at for at in range(position) if depths[at] < min(depths[at + 1 : position + 1])]
        if draw(st.booleans()) or (path and path[-1] in arrived):
            arrived.append(position)
    return depths, arrived


@given(threads())
def test_each_post_is_found_where_it_stands_now_and_where_it_stood(thread: tuple[list[int], list[int]]) -> None:
    depths, arrived = thread
    shift = Shift(arrived)
    stayed = [position for position in range(len(depths)) if position not in arrived]
    assert [shift.to_new(old) for old in range(len(stayed))] == stayed
    assert [shift.to_old(new) for new in stayed] == list(range(len(stayed)))
    assert all(shift.to_old(new) is None for new in arrived)
    assert shift.depths_before("".join(map(chr, depths))) == "".join(chr(depths[position]) for position in stayed)


@given(threads(), st.data())
def test_folds_stay_with_their_posts(thread: tuple[list[int], list[int]], data: st.DataObject) -> None:
    depths, arrived = thread
    shift = Shift(arrived)
    before = _outline([depth for position, depth in enumerate(depths) if position not in arrived])
    after = _outline(depths)
    comments = range(1, len(depths) - len(arrived))
    if data.draw(st.booleans()):
        before.fold_to_depth(data.draw(st.integers(1, 4)))
    for position in data.draw(st.lists(st.sampled_from(comments))):
        before.toggle(position)
    after.restore(shifted_state(before.fold_state(), "".join(map(chr, depths)), shift))
    for position in comments:
        assert after.is_folded(shift.to_new(position)) == before.is_folded(position)


def test_folds_of_another_tree_are_refused() -> None:
    folds = _outline([0, 1, 2, 1]).fold_state()
    with pytest.raises(ValueError, match="another tree"):
        shifted_state(folds, "\0\1\1\1\1", Shift([4]))
    with pytest.raises(ValueError, match="damaged"):
        shifted_state(b"no state", "\0\1", Shift([]))
