"""Time at posts, idle time left out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from annotations.stopwatch import Stopwatch

if TYPE_CHECKING:
    from collections.abc import Iterable

IDLE = 60.0


class Hand:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.time = 1000.0
        self.watch = Stopwatch(lambda: self.time, IDLE)
        self.taken: dict[int, float] = {}

    def take(self) -> dict[int, float]:
        """Take what there is, and keep the sum."""
        for post, seconds in self.watch.take().items():
            self.taken[post] = self.taken.get(post, 0.0) + seconds
        return self.sum

    @property
    def sum(self) -> dict[int, float]:
        """What was taken so far, without posts that have nothing."""
        return {post: round(seconds, 6) for post, seconds in self.taken.items() if round(seconds, 6)}


def test_time_between_signs_counts_for_the_post_in_focus() -> None:
    hand = Hand()
    hand.watch.look_at(1)
    hand.watch.stir()
    hand.time += 10
    hand.watch.stir()
    hand.watch.look_at(2)
    hand.time += 20
    hand.watch.stir()
    assert hand.take() == {1: 10, 2: 20}


def test_a_gap_longer_than_the_limit_counts_for_nothing() -> None:
    hand = Hand()
    hand.watch.look_at(1)
    hand.watch.stir()
    hand.time += 60
    hand.watch.stir()
    hand.time += 60.5
    hand.watch.stir()
    hand.time += 5
    hand.watch.stir()
    assert hand.take() == {1: 65}


def test_time_is_handed_out_before_the_gap_ends_and_taken_back_if_it_was_idle() -> None:
    hand = Hand()
    hand.watch.look_at(1)
    hand.watch.stir()
    hand.time += 40
    assert hand.take() == {1: 40}
    hand.time += 15
    assert hand.take() == {1: 55}
    hand.time += 100
    assert hand.take() == {}
    hand.time += 100
    hand.watch.stir()
    hand.time += 3
    assert hand.take() == {1: 3}


def test_nothing_counts_while_the_terminal_is_not_in_front() -> None:
    hand = Hand()
    hand.watch.look_at(1)
    hand.watch.stir()
    hand.time += 7
    hand.watch.pause()
    hand.time += 30
    hand.watch.stir()
    hand.time += 5
    assert hand.take() == {1: 7}
    hand.watch.resume()
    hand.time += 2
    assert hand.take() == {1: 9}


def test_before_the_first_sign_nobody_is_there() -> None:
    hand = Hand()
    hand.watch.look_at(1)
    hand.time += 30
    assert hand.take() == {}


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["stir", "look", "take", "pause", "resume"]),
        st.integers(0, 200).map(lambda number: number / 2),
        st.integers(1, 3),
    ),
    max_size=40,
)


def expected(steps: Iterable[tuple[str, float, int]]) -> dict[int, float]:
    """Return what the rules say: who is in focus between two signs near enough to one another has the time between."""
    time, post, is_running, sign = 0.0, None, True, None
    sums: dict[int, float] = {}
    pending: dict[int, float] = {}
    since = 0.0
    for what, wait, number in steps:
        time += wait
        if post is not None and sign is not None:
            pending[post] = pending.get(post, 0.0) + time - since
        since = time
        if what == "look":
            post = number
        is_sign = (what == "stir" and is_running) or (what == "resume" and not is_running)
        if is_sign or (what == "pause" and is_running):
            if sign is not None and time - sign <= IDLE:
                for each, seconds in pending.items():
                    sums[each] = sums.get(each, 0.0) + seconds
            pending = {}
            sign = time if is_sign else None
            is_running = what != "pause"
    if sign is not None and time - sign <= IDLE:
        for each, seconds in pending.items():
            sums[each] = sums.get(each, 0.0) + seconds
    return {each: round(seconds, 6) for each, seconds in sums.items() if round(seconds, 6)}


@given(STEPS)
def test_whenever_it_is_taken_the_sum_is_what_the_rules_say(steps: list[tuple[str, float, int]]) -> None:
    hand = Hand()
    for what, wait, number in steps:
        hand.time += wait
        if what == "look":
            hand.watch.look_at(number)
        elif what == "take":
            hand.take()
            assert all(seconds >= -1e-9 for seconds in hand.taken.values())
        else:
            getattr(hand.watch, what)()
    assert hand.take() == expected(steps)
