"""Navigation by searching depths, against a walk over all posts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.text.reply_tree import ReplyTree


@st.composite
def depths_of_threads(draw: st.DrawFn) -> list[int]:
    depths = [0]
    for _ in range(draw(st.integers(1, 40))):
        depths.append(draw(st.integers(1, depths[-1] + 1)))
    return depths


def make_tree(depths: list[int], first: int = 1) -> ReplyTree:
    return ReplyTree("".join(map(chr, depths)), first)


def find_parents(depths: list[int], first: int) -> dict[int, int | None]:
    parents: dict[int, int | None] = {}
    path: list[int] = []
    for position in range(first, len(depths)):
        del path[depths[position] - depths[first] :]
        parents[position] = path[-1] if path else None
        path.append(position)
    return parents


@given(depths_of_threads(), st.sampled_from([0, 1]))
def test_relatives_of_every_post(depths: list[int], first: int) -> None:
    tree = make_tree(depths, first)
    parents = find_parents(depths, first)
    for position, parent in parents.items():
        children = [child for child, answered in parents.items() if answered == position]
        siblings = [sibling for sibling, answered in parents.items() if answered == parent]
        ancestors: list[int] = []
        above = parent
        while above is not None:
            ancestors.insert(0, above)
            above = parents[above]
        below = [post for post in parents if post > position and position in find_path(parents, post)]
        assert tree.depth(position) == depths[position]
        assert tree.parent(position) == parent
        assert tree.ancestors(position) == ancestors
        assert tree.top_of_chain(position) == (ancestors or [position])[0]
        assert tree.replies(position) == len(below)
        assert tree.subtree_end(position) == position + 1 + len(below)
        assert tree.has_replies(position) == bool(children)
        assert tree.first_reply(position) == (children[0] if children else None)
        place = siblings.index(position)
        assert tree.previous_sibling(position) == (siblings[place - 1] if place else None)
        assert tree.next_sibling(position) == (siblings[place + 1] if place + 1 < len(siblings) else None)
        tops = [top for top, answered in parents.items() if answered is None]
        assert tree.next_top(position) == next((top for top in tops if top > position), None)
        assert tree.previous_top(position) == next((top for top in reversed(tops) if top < position), None)


def find_path(parents: dict[int, int | None], position: int) -> list[int]:
    path: list[int] = []
    above = parents[position]
    while above is not None:
        path.append(above)
        above = parents[above]
    return path


def test_length_counts_positions_before_the_pane_too() -> None:
    assert len(make_tree([0, 1, 2])) == 3


def test_deepest_post() -> None:
    assert make_tree([*range(301), 1]).deepest == 300


@pytest.mark.parametrize("first", [-1, 3])
def test_pane_begins_at_a_post(first: int) -> None:
    with pytest.raises(ValueError, match="no post"):
        make_tree([0, 1, 2], first)


def test_thread_a_thousand_deep_is_climbed() -> None:
    tree = make_tree(list(range(1001)))
    assert tree.ancestors(1000) == list(range(1, 1000))
    assert tree.replies(1) == 999
