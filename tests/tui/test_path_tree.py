"""Moves under a filter pass over what it hides, and posts that one goes to all the same are shown."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from annotations.shape import Shape
from tui.text import paths
from tui.text.outline import Outline


def outline_of(depths: list[int], matches: set[int]) -> Outline:
    shape = Shape("".join(map(chr, depths)), bytes(len(depths)))
    outline = Outline(shape, first=1, width=80, body_width=lambda _: 80)
    outline.set_filter(bytes(position in matches for position in range(len(depths))))
    return outline


def parent_of(depths: list[int], position: int) -> int:
    return max(other for other in range(position) if depths[other] == depths[position] - 1)


def kept_of(depths: list[int], matches: set[int]) -> list[int]:
    kept = {position for position in matches if position}
    for position in range(len(depths) - 1, 0, -1):
        if position in kept:
            kept.add(parent_of(depths, position))
    return sorted(kept - {0})


@st.composite
def filtered_threads(draw: st.DrawFn) -> tuple[list[int], set[int]]:
    depths = [0, 1]
    for _ in range(draw(st.integers(0, 20))):
        depths.append(draw(st.integers(1, depths[-1] + 1)))
    return depths, draw(st.sets(st.integers(0, len(depths) - 1)))


@pytest.mark.parametrize("few", [0, paths.FEW])
@given(filtered_threads())
@example(([0, 1, 2, 2, 1, 1], {3}))
def test_moves_lead_to_kept_posts_alone(few: int, thread: tuple[list[int], set[int]]) -> None:
    depths, matches = thread
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(paths, "FEW", few)
        outline = outline_of(depths, matches)
    kept = kept_of(depths, matches)
    assert [position for position in range(1, len(depths)) if outline.is_visible(position)] == kept
    families: dict[int, list[int]] = {}
    for position in kept:
        families.setdefault(parent_of(depths, position), []).append(position)
        assert outline.is_context(position) == (position not in matches)
    for parent, family in families.items():
        if parent:
            assert outline.first_reply(parent) == family[0]
        for one, other in pairwise(family):
            assert outline.next_sibling(one) == other
            assert outline.previous_sibling(other) == one
        assert outline.next_sibling(family[-1]) is None
        assert outline.previous_sibling(family[0]) is None
    for position in kept:
        tops = families.get(0, [])
        assert outline.next_top(position) == next((top for top in tops if top > position), None)
        assert outline.previous_top(position) == next((top for top in reversed(tops) if top < position), None)


def test_the_replies_of_a_match_can_be_looked_at() -> None:
    outline = outline_of([0, 1, 2, 3, 2], {1})
    assert outline.first_reply(1) == 2
    outline.admit(3)
    assert [outline.is_visible(position) for position in range(1, 5)] == [True, True, True, False]
    assert [outline.is_context(position) for position in range(1, 4)] == [False, True, False]
    outline.admit(3)
    outline.fold(1)
    outline.admit(4)
    assert [outline.is_visible(position) for position in range(1, 5)] == [True, True, True, True]
    outline.set_filter(None)
    outline.admit(4)
    assert outline.total_rows == sum(outline.height(position) for position in range(1, 5))


def test_paths_are_followed_unfolded_and_left_as_they_were_folded() -> None:
    outline = outline_of([0, 1, 2, 3, 1, 2], set())
    outline.set_filter(None)
    outline.fold(1)
    state = outline.fold_state()
    outline.follow_paths(outline.paths_to(b"\0\0\0\1\0\0"))
    assert [outline.is_visible(position) for position in range(1, 6)] == [True, True, True, False, False]
    outline.leave_paths(state)
    assert [outline.is_visible(position) for position in range(1, 6)] == [True, False, False, True, True]
    outline.follow_paths(outline.paths_to(bytes(6)))
    with pytest.raises(ValueError, match="damaged"):
        outline.leave_paths(b"no state")
    assert outline.total_rows > 0
