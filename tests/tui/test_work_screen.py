"""Long work in the app: how far it is, how it is stopped, what comes of it."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest

from annotations.errors import ExportError, SourceError
from annotations.work import Work, WorkCancelledError
from tui.screens import work as work_screen
from tui.screens.work import Outcome, WorkScreen, describe_failure

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from textual.pilot import Pilot

    from tui.app import PostilApp


class Job:
    """Work that goes on until it is let go."""

    def __init__(self) -> None:
        self.has_begun = threading.Event()
        self.may_end = threading.Event()

    def __call__(self, work: Work) -> str:
        work.subject = "big\x1b.txt"
        work.begin("Storing", 100, "comments")
        work.advance(42)
        self.has_begun.set()
        while not self.may_end.wait(0.01):
            work.check()
        return "done"


@pytest.fixture
def job(monkeypatch: pytest.MonkeyPatch) -> Iterator[Job]:
    """A job; the screen that shows it is seen at once."""
    monkeypatch.setattr(work_screen, "DELAY", 0.01)
    job = Job()
    yield job
    job.may_end.set()


async def begin(pilot: Pilot[None], screen: WorkScreen[str]) -> list[Outcome[str] | None]:
    """Begin work; return where its outcome will be."""
    outcomes: list[Outcome[str] | None] = []
    await pilot.app.push_screen(screen, outcomes.append)
    await pilot.pause(0.15)
    return outcomes


async def end(pilot: Pilot[None], outcomes: list[Outcome[str] | None]) -> Outcome[str]:
    """Wait for the outcome."""
    for _ in range(200):
        await pilot.pause(0.02)
        if outcomes:
            break
    (outcome,) = outcomes
    assert outcome is not None
    return outcome


async def test_it_says_how_far_it_is_and_returns_what_came_of_it(make_app: Callable[..., PostilApp], job: Job) -> None:
    async with make_app().run_test() as pilot:
        screen = WorkScreen("Importing", job)
        outcomes = await begin(pilot, screen)
        assert str(screen.heading.content) == "Importing big␛.txt"
        assert str(screen.stage.content) == "Storing"
        assert str(screen.numbers.content).startswith("42%   42 comments   ")
        drawn = str(screen.bar.content)
        assert len(drawn) == screen.bar.size.width
        assert drawn.count("█") == int(0.42 * screen.bar.size.width)
        job.may_end.set()
        outcome = await end(pilot, outcomes)
        assert (outcome.result, outcome.error) == ("done", None)


@pytest.mark.parametrize("key", ["escape", "q", "ctrl+c"])
async def test_a_key_stops_it(make_app: Callable[..., PostilApp], job: Job, key: str) -> None:
    async with make_app().run_test() as pilot:
        outcomes = await begin(pilot, WorkScreen("Importing", job))
        await pilot.press(key)
        outcome = await end(pilot, outcomes)
        assert outcome.result is None
        assert isinstance(outcome.error, WorkCancelledError)


async def test_a_click_on_the_hint_stops_it_and_one_beside_the_dialog_does_not(
    make_app: Callable[..., PostilApp], job: Job
) -> None:
    async with make_app().run_test() as pilot:
        screen = WorkScreen("Importing", job)
        outcomes = await begin(pilot, screen)
        await pilot.click(offset=(0, 0))
        assert not screen.long_work.is_cancelled
        await pilot.click(screen.hint)
        assert isinstance((await end(pilot, outcomes)).error, WorkCancelledError)


async def test_what_hinders_it_is_returned(make_app: Callable[..., PostilApp]) -> None:
    def fail(work: Work) -> str:
        work.begin("Reading")
        raise SourceError("big.txt is empty", "There is no text in it.")

    async with make_app().run_test() as pilot:
        outcome = await end(pilot, await begin(pilot, WorkScreen("Importing", fail)))
        assert isinstance(outcome.error, SourceError)


async def test_in_plain_mode_there_is_no_bar(make_app: Callable[..., PostilApp], job: Job) -> None:
    async with make_app().run_test() as pilot:
        screen = WorkScreen("Importing", job, is_plain=True)
        await begin(pilot, screen)
        assert not screen.bar.display
        assert str(screen.numbers.content).startswith("42%")


async def test_work_that_is_over_at_once_is_not_seen(make_app: Callable[..., PostilApp]) -> None:
    seen = []
    async with make_app().run_test() as pilot:
        screen = WorkScreen("Importing", lambda _: "done")
        screen.watch(screen, "classes", lambda: seen.append(screen.has_class("-seen")), init=False)
        outcome = await end(pilot, await begin(pilot, screen))
        assert outcome.result == "done"
        assert not any(seen)


async def test_the_app_stops_it_when_it_ends(make_app: Callable[..., PostilApp], job: Job) -> None:
    async with make_app().run_test() as pilot:
        screen = WorkScreen("Importing", job)
        outcomes = await begin(pilot, screen)
        await pilot.press("ctrl+q")
    assert screen.long_work.is_cancelled
    assert not outcomes


def test_what_was_stopped_is_no_failure() -> None:
    assert str(describe_failure(WorkCancelledError(), "a.csv was not written")) == "Stopped: a.csv was not written."
    assert str(describe_failure(ExportError("a\x1b cannot be written", "Choose another."), "")) == (
        "a␛ cannot be written. Choose another."
    )
