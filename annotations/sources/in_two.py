"""Tasks that two processes share, each taking the next one when it is free; what comes of them is told in their order."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from annotations.sources.second_process import SecondProcess

_AHEAD = 4
"""Tasks that the other process has at a time, so that it is never idle."""
_MOST = 4
"""Tasks done here whose turn has not come."""

_Task = TypeVar("_Task")
_Outcome = TypeVar("_Outcome")
_Taken_contra = TypeVar("_Taken_contra", contravariant=True)
_Found_co = TypeVar("_Found_co", covariant=True)


class Sharing(Protocol[_Taken_contra, _Found_co]):
    """How a task is done, here and there."""

    def do(self, task: _Taken_contra) -> _Found_co:
        """Do it here."""

    def ask(self, task: _Taken_contra) -> int:
        """Have the other process do it, and return by what number its answer is to be had."""

    def read(self, answer: bytes) -> _Found_co:
        """Return what the other process found."""


def do_in_two(
    tasks: Iterable[_Task], sharing: Sharing[_Task, _Outcome], other: SecondProcess, most: int = _MOST
) -> Iterator[tuple[_Task, _Outcome]]:
    """Yield tasks and what comes of them, in their order.

    Args:
        tasks: The tasks; some are taken before those before them are done.
        sharing: How each is done.
        other: The other process, if it was begun; when it ends, all is done here.
        most: How many tasks are done here before their turn comes, at most: what comes of them is in memory.
    """
    coming = iter(tasks)
    waiting: deque[tuple[_Task, int]] = deque()
    done: deque[_Outcome] = deque()
    while True:
        while other.is_there and len(waiting) - len(done) < _AHEAD and (task := next(coming, None)) is not None:
            waiting.append((task, sharing.ask(task)))
        is_late = not waiting or (waiting[0][1] and not other.is_ready(waiting[0][1]))
        if is_late and len(done) < most and (task := next(coming, None)) is not None:
            waiting.append((task, 0))
            done.append(sharing.do(task))
            continue
        if not waiting:
            return
        task, number = waiting.popleft()
        if number:
            answer = other.answer(number)
            yield task, sharing.do(task) if answer is None else sharing.read(answer)
        else:
            yield task, done.popleft()
