"""Long work: what it says of itself, and how it is stopped."""

from __future__ import annotations

import pytest

from annotations.work import CHUNK, Work, WorkCancelledError


class Clock:
    """A clock that is set by hand."""

    time = 100.0

    def __call__(self) -> float:
        return self.time


def test_a_stage_begins_at_nothing_and_counts() -> None:
    work = Work()
    work.begin("Reading", 10, "lines")
    assert (work.stage, work.unit, work.total, work.done) == ("Reading", "lines", 10, 0)
    work.advance(4)
    assert (work.done, work.fraction) == (4, 0.4)
    work.begin("Storing")
    assert (work.stage, work.unit, work.total, work.done) == ("Storing", "", None, 0)


def test_stages_share_the_whole_and_parts_of_it_nest() -> None:
    work = Work()
    fractions = []
    with work.within(0, 0.5):
        work.begin("Reading", 4, part=(0, 0.5))
        work.advance(2)
        fractions.append(work.fraction)
        with work.within(0.5, 1):
            work.begin("Sorting", 2, part=(0.5, 1))
            work.advance(1)
            fractions.append(work.fraction)
    work.begin("Storing", 2, part=(0.5, 1))
    work.advance(2)
    assert [*fractions, work.fraction] == [0.125, 0.4375, 1.0]


def test_more_than_was_foretold_is_no_more_than_all() -> None:
    work = Work()
    work.begin("Reading", 4, part=(0, 0.5))
    work.advance(400)
    assert work.fraction == 0.5


def test_what_is_left_follows_from_what_was_done_in_which_time() -> None:
    clock = Clock()
    work = Work(clock)
    work.begin("Reading", 100, "lines")
    work.advance(1)
    clock.time += 30
    assert work.seconds_left is None, "1% says nothing yet"
    work.advance(25)
    assert [work.seconds, work.seconds_left, work.rate] == [30, 90, 25 / 30]
    clock.time += 10
    work.begin("Storing", 10, "posts", part=(0.5, 1))
    clock.time += 2
    work.advance(8)
    assert work.rate == 4


@pytest.mark.parametrize("size", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK])
def test_each_yields_everything_in_order_and_counts_it(size: int) -> None:
    work = Work()
    work.begin("Reading", size)
    assert list(work.each(range(size))) == list(range(size))
    assert work.done == size
    work.begin("Reading", size)
    assert list(work.heed(range(size))) == list(range(size))
    assert work.done == 0


def test_a_step_is_taken_before_the_next_chunk_is_looked_up() -> None:
    steps: list[int] = []
    for step in Work().each(iter(range(6)), 2):
        steps.append(step)
        if step == 3:
            break
    assert steps == [0, 1, 2, 3]


@pytest.mark.parametrize("how", ["each", "heed"])
def test_what_is_cancelled_stops_at_the_next_chunk(how: str) -> None:
    work = Work()
    taken = []
    with pytest.raises(WorkCancelledError):  # noqa: PT012  # the loop is what is stopped
        for step in getattr(work, how)(range(100), 10):
            taken.append(step)
            if step == 14:
                work.cancel()
    assert taken == list(range(20))
    assert work.is_stopping


def test_every_word_of_cancelled_work_is_its_last() -> None:
    work = Work()
    work.begin("Reading", 10)
    work.cancel()
    assert not work.is_stopping, "it has not noticed yet"
    with pytest.raises(WorkCancelledError):
        work.advance(1)
    with pytest.raises(WorkCancelledError):
        work.begin("Storing")


def test_work_says_while_it_waits_for_something_outside() -> None:
    work = Work()
    with work.blocked():
        assert work.is_blocked
    assert not work.is_blocked
