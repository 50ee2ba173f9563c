"""Tasks that two processes share are all done once and told of in their order, whoever is slow."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from annotations.sources import in_two
from annotations.sources.in_two import do_in_two
from annotations.sources.second_process import SecondProcess

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

TASKS = 60


class Other(SecondProcess):
    """A process that is ready when it is asked that for so many times, and that ends when it has nothing left to say.

    Args:
        delays: How often it is not ready, for each answer in turn.
    """

    def __init__(self, delays: Iterable[int]) -> None:
        super().__init__()
        self.delays = deque(delays)
        self.asked: dict[int, int] = {}
        self.most = 0

    @property
    def is_there(self) -> bool:
        return bool(self.delays)

    def is_ready(self, number: int) -> bool:
        assert number in self.asked
        if self.delays and self.delays[0]:
            self.delays[0] -= 1
            return False
        return True

    def answer(self, number: int) -> bytes | None:
        task = self.asked.pop(number)
        if not self.delays:
            return None
        self.delays.popleft()
        return b"%d there" % task


class Halves:
    """Says of a task what it is called and where it was done."""

    def __init__(self, other: Other) -> None:
        self.other = other
        self.here: list[int] = []

    def do(self, task: int) -> str:
        self.here.append(task)
        return f"{task} here"

    def ask(self, task: int) -> int:
        number = 1 + task
        self.other.asked[number] = task
        self.other.most = max(self.other.most, len(self.other.asked))
        return number

    def read(self, answer: bytes) -> str:
        return answer.decode()


def counted(taken: list[int]) -> Iterator[int]:
    for task in range(TASKS):
        taken.append(task)
        yield task


@given(st.lists(st.integers(0, 40), max_size=TASKS))
def test_each_task_is_done_once_and_in_its_order(delays: list[int]) -> None:
    other = Other(delays)
    halves = Halves(other)
    taken: list[int] = []
    told = 0
    for task, found in do_in_two(counted(taken), halves, other):
        assert task == told
        assert found.split()[0] == str(task)
        assert (found == f"{task} here") is (task in halves.here)
        assert len(taken) - told <= 1 + in_two._AHEAD + in_two._MOST, "what waits is in memory"
        told += 1
    assert told == TASKS
    assert len(set(halves.here)) == len(halves.here)
    assert other.most <= in_two._AHEAD


def test_who_is_slow_does_less() -> None:
    slow, quick = Halves(Other([9] * TASKS)), Halves(Other([0] * TASKS))
    for halves in (slow, quick):
        assert [task for task, _ in do_in_two(range(TASKS), halves, halves.other)] == list(range(TASKS))
    assert 20 < len(slow.here) < TASKS
    assert not quick.here
