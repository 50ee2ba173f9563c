"""The queue in the reader: what is chosen, where a label leads, what the status line says, what a restart keeps."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from textual.widgets import Input, OptionList

from annotations.codebook_toml import parse_codebook
from annotations.model import Post, PostKind, Thread
from annotations.queue import Queue, QueueKind
from annotations.session import LabelingSession
from annotations.shuffle import Shuffle
from annotations.store.codebooks import apply_codebook
from annotations.store.project import Project
from annotations.store.threads import save_thread
from tui.screens.queue_picker import QueuePicker
from tui.screens.reader import ReaderScreen
from tui.widgets.status_line import StatusLine

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from textual.pilot import Pilot

    from tui.app import PostilApp as FixedApp


def reader(pilot: Pilot[None]) -> ReaderScreen:
    screen = pilot.app.screen
    assert isinstance(screen, ReaderScreen)
    return screen


def status(pilot: Pilot[None]) -> str:
    return str(pilot.app.screen.query_one(StatusLine).render())


async def choose(pilot: Pilot[None], kind: QueueKind, *more: str) -> None:
    """Choose a queue in the dialog."""
    await pilot.press("g", "q")
    picker = pilot.app.screen
    assert isinstance(picker, QueuePicker)
    options = picker.query_one(OptionList)
    options.highlighted = options.get_option_index(kind)
    await pilot.press("enter", *more)
    await pilot.pause()


async def test_random_order_is_the_same_after_a_restart(make_app: Callable[..., FixedApp]) -> None:
    order = [Shuffle(12, 9).at(place) + 1 for place in range(9)]
    async with make_app().run_test(size=(120, 40)) as pilot:
        await pilot.press("tab")
        await choose(pilot, QueueKind.RANDOM, "1", "2", "enter")
        screen = reader(pilot)
        assert "Random 12: 0 of 9 done" in status(pilot)
        visited = []
        for _ in range(4):
            await pilot.press("g", "n")
            visited.append(screen.thread_pane.position)
            await pilot.press("x") if len(visited) == 2 else None
        assert visited == [order[0], order[1], order[3], order[4]]
        assert "1 of 9 done" in status(pilot)
        await pilot.press("g", "g")
        screen.flush()
    async with make_app().run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        assert "Random 12: 1 of 9 done" in status(pilot)
        await pilot.press("g", "n")
        assert reader(pilot).thread_pane.position == order[5]
    async with make_app(annotator="bea").run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        assert "0 labeled, 0 reviewed of 9" in status(pilot)


async def test_flags_are_shown_undone_and_gone_through(make_app: Callable[..., FixedApp]) -> None:
    async with make_app().run_test(size=(120, 40)) as pilot:
        await pilot.press("tab", "j", "!", "j", "j", "j", "!")
        screen = reader(pilot)
        views = screen.thread_source.load([1, 2, 5])
        assert [[sign.plain for sign in view.signs if sign.plain == "flagged"] for view in views] == [
            [],
            ["flagged"],
            ["flagged"],
        ]
        await choose(pilot, QueueKind.FLAGGED)
        assert "Flagged: 2 of 2" in status(pilot)
        await pilot.press("g", "n")
        assert (screen.thread_pane.position, screen.said) == (2, "From the beginning of the queue again")
        await pilot.press("1")
        assert screen.thread_pane.position == 5
        await pilot.press("1")
        assert screen.thread_pane.position == 5
        assert screen.said == "This is the end of the queue"
        await pilot.press("u", "u", "u")
        assert not screen.thread_source.signs.is_flagged(5)
        assert "Flagged: 1 of 1" in status(pilot)


async def test_a_filter_that_cannot_be_meant_is_asked_again(make_app: Callable[..., FixedApp]) -> None:
    async with make_app().run_test(size=(120, 40)) as pilot:
        await pilot.press("tab")
        await choose(pilot, QueueKind.FILTER, *"depth:x", "enter")
        picker = pilot.app.screen
        assert isinstance(picker, QueuePicker)
        assert "depth: wants a number" in str(picker.problem.render())
        await pilot.press("escape")
        assert picker.query_one(OptionList).has_focus
        await pilot.press("enter")
        picker.query_one(Input).value = "author:anna unlabeled"
        await pilot.press("enter")
        screen = reader(pilot)
        assert screen.queue == Queue(QueueKind.FILTER, words="author:anna unlabeled")
        await pilot.press("1")
        assert screen.thread_pane.position == 3
        assert "author:anna u…: 1 of 2 done" in status(pilot)


async def test_subtree_and_replies(make_app: Callable[..., FixedApp]) -> None:
    async with make_app().run_test(size=(120, 40)) as pilot:
        await pilot.press("tab", "g", "a", "j", "5", "k", "g", "a")
        await choose(pilot, QueueKind.SUBTREE)
        screen = reader(pilot)
        assert "Subtree: 1 of 4 done" in status(pilot)
        await pilot.press("1")
        assert screen.thread_pane.position == 3
        await choose(pilot, QueueKind.REPLIES, *"sarc", "enter")
        assert screen.queue == Queue(QueueKind.REPLIES, label="sarcasm")
        assert "To Sarcasm: 0 of 1 done" in status(pilot)
        await pilot.press("1", "k", "k", "5")  # now the replies to the first comment wait, too
        assert "To Sarcasm: 2 of 3 done" in status(pilot)


REQUIRED = """
name = "Two questions"
[[groups]]
id = "stance"
name = "Stance"
required = true
[[labels]]
id = "agree"
name = "Agree"
scope = "post"
key = "1"
group = "stance"
[[labels]]
id = "funny"
name = "Funny"
scope = "post"
key = "2"
"""


async def test_a_label_goes_on_once_nothing_required_is_missing(
    make_app: Callable[..., FixedApp], project_path: Path
) -> None:
    with Project.open(project_path) as project:
        apply_codebook(project, parse_codebook(REQUIRED, "required"))
    async with make_app().run_test(size=(120, 40)) as pilot:
        screen = reader(pilot)
        await pilot.press("tab", "2")
        assert screen.thread_pane.position == 1
        await pilot.press("1")
        assert screen.thread_pane.position == 2
        await pilot.press("x", "G", "g", "n")
        assert screen.thread_pane.position == 2  # reviewed, but without a stance


async def test_when_a_thread_is_done_the_next_one_with_work_is_offered(
    make_app: Callable[..., FixedApp], project_path: Path
) -> None:
    other = Thread(
        key="ferry",
        title="The ferry is late",
        posts=(Post(key="0", parent=None, kind=PostKind.ARTICLE, text="Late"), Post(key="1", parent="0", text="So?")),
        format="test",
    )
    async with make_app().run_test(size=(120, 40)) as pilot:
        with Project.open(project_path) as project:
            save_thread(project, other, location="/ferry.txt", source_sha256="f")
        await pilot.press("tab", *"111111111")
        await pilot.app.workers.wait_for_complete()
        await pilot.pause()
        assert reader(pilot).said == "Every comment is done. gn goes on with “The ferry is late”"
        await pilot.press("g", "n")
        await pilot.pause()
        assert reader(pilot).thread.key == "ferry"


@pytest.mark.parametrize("kind", [QueueKind.UNREVIEWED, QueueKind.FILTER])
async def test_in_a_large_thread_a_worker_reads_the_queue(
    make_app: Callable[..., FixedApp], monkeypatch: pytest.MonkeyPatch, kind: QueueKind
) -> None:
    """Until it has, the nearest untouched comment comes next; what is done meanwhile is not lost."""
    monkeypatch.setattr("annotations.queue_loading.SMALL", 1)
    async with make_app().run_test(size=(120, 40)) as pilot:
        screen = reader(pilot)
        await pilot.press("tab")
        with Project.open(screen.session.project.path) as project:
            elsewhere = LabelingSession(project, project.annotator("ann"), screen.session.codebook)
            elsewhere.review(screen.thread_source.post_ids(2, 3)[0])
        if kind is QueueKind.FILTER:
            screen.choose_queue(Queue(kind, words="author:anna"))
        await pilot.press("1")
        await pilot.app.workers.wait_for_complete()
        await pilot.pause()
        run = screen.known_run
        assert run is not None
        assert run.progress(1) == ((2, 9) if kind is QueueKind.UNREVIEWED else (1, 2))
        await pilot.press("g", "g", "g", "n")
        assert screen.thread_pane.position == 3
