"""Outline against a model that has an object a post and counts everything anew."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from annotations.shape import Shape
from tui.text import columns
from tui.text.heights import estimate
from tui.text.outline import Outline

if TYPE_CHECKING:
    from collections.abc import Callable

OVERHEAD = 2
WHOLE = columns.SLICE


def make_shape(depths: list[int], sizes: bytes = b"") -> Shape:
    return Shape("".join(map(chr, depths)), sizes or bytes(20 + depth % 50 for depth in depths))


def make_outline(depths: list[int], *, first: int = 1, block: int = 4) -> Outline:
    return Outline(make_shape(depths), first=first, width=80, body_width=lambda _: 60, block=block)


def indented(width: int) -> Callable[[int], int]:
    return lambda depth: max(3, width - 2 * depth)


@dataclass(eq=False)
class NaivePost:
    depth: int
    parent: NaivePost | None
    rows: int
    is_folded: bool = False
    is_measured: bool = False
    matches: bool = True
    leads_to_match: bool = True

    @property
    def is_visible(self) -> bool:
        above, is_open = self.parent, True
        while above is not None:
            is_open = is_open and not above.is_folded
            above = above.parent
        return is_open and self.leads_to_match

    @property
    def height(self) -> int:
        if not self.is_visible:
            return 0
        return 1 if self.is_folded else self.rows


@st.composite
def trees(draw: st.DrawFn, most: int = 30) -> list[int]:
    depths = [0]
    for _ in range(draw(st.integers(1, most))):
        depths.append(draw(st.integers(1, depths[-1] + 1)))
    return depths


class OutlineMachine(RuleBasedStateMachine):
    @initialize(
        depths=trees(),
        first=st.sampled_from([0, 1]),
        block=st.sampled_from([1, 3, 8, 256]),
        width=st.integers(5, 100),
        is_cut=st.booleans(),
        draw=st.data(),
    )
    def start(  # noqa: PLR0913, PLR0917  # what an outline is made of
        self,
        depths: list[int],
        first: int,
        block: int,
        width: int,
        is_cut: bool,  # noqa: FBT001  # drawn
        draw: st.DataObject,
    ) -> None:
        columns.SLICE = max(block, 7) if is_cut else WHOLE
        sizes = draw.draw(st.binary(min_size=len(depths), max_size=len(depths)))
        self.shape = make_shape(depths, sizes)
        self.first = first
        self.outline = Outline(
            self.shape, first=first, width=width, body_width=indented(width), overhead=OVERHEAD, block=block
        )
        self.posts: list[NaivePost] = []
        path: list[NaivePost] = []
        for position, depth in enumerate(depths):
            del path[max(0, depth - first) :]
            post = NaivePost(depth, path[-1] if path else None, 0)
            if position >= first:
                path.append(post)
            else:
                post.leads_to_match = post.matches = False
            self.posts.append(post)
        self.has_filter = False
        self.states: list[tuple[bytes, list[bool]]] = []
        self.take_estimates(width)

    def take_estimates(self, width: int) -> None:
        heights = bytearray(len(self.shape))
        tall = estimate(heights, self.shape, indented(width), OVERHEAD, self.first)
        for position, post in enumerate(self.posts):
            post.rows = tall[position] if heights[position] == 255 else heights[position]
            post.is_measured = False

    @property
    def pane(self) -> list[tuple[int, NaivePost]]:
        return list(enumerate(self.posts))[self.first :]

    def choose(self, choice: int) -> int:
        return self.first + choice % (len(self.posts) - self.first)

    choices = st.integers(0, 1000)

    @rule(choice=choices)
    def fold(self, choice: int) -> None:
        position = self.choose(choice)
        self.outline.fold(position)
        self.posts[position].is_folded = True

    @rule(choice=choices)
    def unfold(self, choice: int) -> None:
        position = self.choose(choice)
        self.outline.unfold(position)
        self.posts[position].is_folded = False

    @rule(choice=choices)
    def toggle(self, choice: int) -> None:
        position = self.choose(choice)
        self.outline.toggle(position)
        self.posts[position].is_folded ^= True

    @rule(choice=choices)
    def reveal(self, choice: int) -> None:
        position = self.choose(choice)
        self.outline.reveal(position)
        above = self.posts[position].parent
        while above is not None:
            above.is_folded = False
            above = above.parent

    @rule()
    def fold_all(self) -> None:
        self.outline.fold_all()
        for _, post in self.pane:
            post.is_folded = True

    @rule()
    def unfold_all(self) -> None:
        self.outline.unfold_all()
        for _, post in self.pane:
            post.is_folded = False

    @rule(depth=st.integers(0, 8))
    def fold_to_depth(self, depth: int) -> None:
        self.outline.fold_to_depth(depth)
        for _, post in self.pane:
            post.is_folded = post.depth >= depth

    @rule()
    def keep_folds(self) -> None:
        self.states.append((self.outline.fold_state(), [post.is_folded for post in self.posts]))

    @rule(choice=choices)
    def restore_folds(self, choice: int) -> None:
        if self.states:
            state, folds = self.states[choice % len(self.states)]
            self.outline.restore(state)
            for post, is_folded in zip(self.posts, folds, strict=True):
                post.is_folded = is_folded

    @rule(choice=choices, lines=st.integers(0, 20) | st.integers(240, 100_000))
    def measure(self, choice: int, lines: int) -> None:
        position = self.choose(choice)
        before = self.posts[position].height
        grown = self.outline.measure(position, lines)
        self.posts[position].rows = OVERHEAD + lines
        self.posts[position].is_measured = True
        assert grown == self.posts[position].height - before

    @rule(width=st.integers(5, 100))
    def set_width(self, width: int) -> None:
        self.outline.set_width(width, indented(width))
        self.take_estimates(width)
        assert self.outline.width == width

    @rule(matches=st.sets(choices, max_size=4))
    def set_filter(self, matches: set[int]) -> None:
        column = bytearray(len(self.posts))
        for choice in matches:
            column[choice % len(column)] = 1 + choice % 255
        self.outline.set_filter(bytes(column))
        self.has_filter = True
        for position, post in self.pane:
            post.leads_to_match = post.matches = column[position] > 0
        for _, post in reversed(self.pane):
            if post.leads_to_match and post.parent is not None:
                post.parent.leads_to_match = True

    @rule()
    def drop_filter(self) -> None:
        self.outline.set_filter(None)
        self.has_filter = False
        for _, post in self.pane:
            post.leads_to_match = post.matches = True

    @invariant()
    def every_post_is_as_in_the_model(self) -> None:
        outline, row, previous = self.outline, 0, None
        assert outline.total_rows == sum(post.height for post in self.posts)
        visible = [position for position, post in self.pane if post.is_visible]
        assert outline.first_visible() == (visible[0] if visible else self.first)
        assert outline.last_visible() == (visible[-1] if visible else self.first)
        for position, post in self.pane:
            assert outline.is_visible(position) == post.is_visible
            assert outline.is_folded(position) == post.is_folded
            assert outline.is_measured(position) == post.is_measured
            assert outline.height(position) == post.height
            assert outline.is_context(position) == (self.has_filter and post.leads_to_match and not post.matches)
            assert outline.previous_visible(position) == previous
            if post.is_visible:
                assert outline.row_of(position) == row
                assert outline.at_row(row) == (position, 0)
                assert outline.at_row(row + post.height - 1) == (position, post.height - 1)
                if previous is not None:
                    assert outline.next_visible(previous) == position
                previous = position
            else:
                self.check_row_of_hidden(position, row)
            row += post.height
        if visible:
            assert outline.next_visible(visible[-1]) is None
            assert outline.at_row(row) == outline.at_row(row + 100) == (visible[-1], self.posts[visible[-1]].height - 1)
            assert outline.at_row(-1) == (visible[0], 0)

    def teardown(self) -> None:
        columns.SLICE = WHOLE

    def check_row_of_hidden(self, position: int, row: int) -> None:
        above = self.posts[position].parent
        while above is not None and not above.is_visible:
            above = above.parent
        expected = max(0, min(row, self.outline.total_rows - 1))
        if above is not None:
            expected = sum(post.height for post in self.posts[: self.posts.index(above)])
        assert self.outline.row_of(position) == expected


OutlineMachine.TestCase.settings = settings(max_examples=60, stateful_step_count=25, deadline=None)
test_outline_agrees_with_the_model = OutlineMachine.TestCase


CHAIN = 700


def test_folds_nested_deeper_than_a_byte_counts_open_one_by_one() -> None:
    outline = make_outline([0, *range(1, CHAIN), 1])
    outline.fold_all()
    for position in range(1, CHAIN - 2):
        outline.unfold(position)
        assert outline.is_visible(position + 1)
        assert not outline.is_visible(position + 2)
        assert outline.last_visible() == CHAIN
    outline.fold(1)
    assert [outline.next_visible(1), outline.previous_visible(CHAIN)] == [CHAIN, 1]
    outline.unfold(1)
    assert outline.next_visible(CHAIN - 3) == CHAIN - 2
    assert outline.next_visible(CHAIN - 2) == CHAIN


def test_folds_deeper_than_a_byte_counts_open_from_the_inside() -> None:
    outline = make_outline([0, *range(1, CHAIN)])
    outline.fold_all()
    for position in reversed(range(1, CHAIN - 1)):
        assert outline.total_rows == 1
        outline.unfold(position)
    assert outline.is_visible(CHAIN - 1)


@pytest.mark.parametrize("depth", [1, 100, 254, 255, 256, 300, 600])
def test_fold_to_a_depth_in_a_thread_that_is_deeper_than_a_byte_counts(depth: int) -> None:
    outline = make_outline([0, *range(1, CHAIN), *range(1, CHAIN)])
    outline.fold_to_depth(depth)
    shown = [position for position in range(1, 2 * CHAIN - 1) if outline.is_visible(position)]
    assert [outline.depth(position) for position in shown] == [*range(1, depth + 1)] * 2
    assert [outline.is_folded(position) for position in shown] == [*[False] * (depth - 1), True] * 2
    assert outline.fold_depth == depth


def test_reveal_opens_a_path_seven_hundred_deep() -> None:
    outline = make_outline([0, *range(1, CHAIN), 1])
    outline.fold_all()
    outline.reveal(CHAIN - 1)
    assert outline.is_visible(CHAIN - 1)
    assert outline.is_folded(CHAIN - 1)
    assert outline.is_folded(CHAIN)


def test_filter_keeps_ancestors_at_any_depth() -> None:
    depths = [0, *range(1, CHAIN), *range(1, CHAIN)]
    matches = bytearray(len(depths))
    matches[CHAIN - 2] = 1
    outline = make_outline(depths)
    outline.set_filter(bytes(matches))
    shown = [position for position in range(1, len(depths)) if outline.is_visible(position)]
    assert shown == list(range(1, CHAIN - 1))
    assert [position for position in shown if not outline.is_context(position)] == [CHAIN - 2]


def test_filter_that_nothing_passes_leaves_no_rows() -> None:
    outline = make_outline([0, 1, 2, 1])
    outline.set_filter(bytes(4))
    assert outline.total_rows == 0
    assert outline.at_row(3) == (1, 0)
    assert outline.row_of(3) == 0
    assert outline.next_visible(0) is None


def test_filter_of_another_length_is_refused() -> None:
    with pytest.raises(ValueError, match="3 bytes cannot filter 4 posts"):
        make_outline([0, 1, 2, 1]).set_filter(bytes(3))


def test_state_of_folds_is_compact_however_many_are_folded() -> None:
    outline = make_outline([0, *[1, 2, 2, 3] * 5000], block=256)
    outline.fold_to_depth(2)
    outline.unfold(2)
    assert len(outline.fold_state()) < 40


def test_state_of_folds_of_another_tree_or_a_damaged_one_changes_nothing() -> None:
    outline = make_outline([0, 1, 2, 2])
    outline.fold(2)
    other = make_outline([0, 1, 2, 3])
    other.fold_all()
    whole = make_outline([0, 1, 2, 2], first=0)
    whole.fold(0)
    for state in (other.fold_state(), whole.fold_state(), outline.fold_state()[:-3], b"", b"nonsense and more of it"):
        with pytest.raises(ValueError, match="folds"):
            outline.restore(state)
    assert [outline.is_folded(position) for position in (1, 2, 3)] == [False, True, False]


def test_only_posts_of_the_pane_fold_and_measure() -> None:
    outline = make_outline([0, 1, 2])
    for position in (0, 3, -1):
        with pytest.raises(IndexError, match=f"no post {position} in the pane"):
            outline.fold(position) if position < 3 else outline.measure(position, 1)


def test_pane_without_posts_is_refused() -> None:
    with pytest.raises(ValueError, match="no post 1 among 1"):
        make_outline([0])


def test_fold_depth_is_none_when_nothing_is_folded() -> None:
    outline = make_outline([0, 1, 2])
    seen = [outline.fold_depth]
    for change in (outline.fold_all, outline.unfold_all, lambda: outline.fold_to_depth(2)):
        change()
        seen.append(outline.fold_depth)
    assert seen == [None, 1, None, 2]


def test_article_pane_holds_one_post() -> None:
    outline = make_outline([0], first=0)
    outline.measure(0, 300)
    assert outline.total_rows == 302
    assert outline.at_row(301) == (0, 301)
    assert outline.parent(0) is outline.next_visible(0) is outline.previous_visible(0) is None
