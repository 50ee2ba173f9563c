"""A search runs beside the app, in steps, and is given up when nobody waits for it."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

import pytest

from annotations.model import Post, PostKind, Thread
from annotations.store import finding
from annotations.store.project import Project
from annotations.store.threads import save_thread
from tests.tui.conftest import fixed_clock
from tests.tui.test_reader_find import reader, settle, type_in, visible
from tui.app import PostilApp
from tui.text.outline import Outline
from tui.widgets.trouble_line import TroubleLine

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from textual.pilot import Pilot

    from annotations.post_filter import PostFilter
    from annotations.store.finding import Known, Progress
    from tests.tui.conftest import FixedApp
    from tui.text.paths import Paths

LONG = 6000


async def look_for_wet(pilot: Pilot[None]) -> None:
    """Begin to search, not waiting for what is found."""
    await pilot.press("slash")
    reader(pilot).finder.value = "wet"


@pytest.fixture
def long_path(tmp_path: Path) -> Path:
    """A project with a thread of which a search takes some steps."""
    posts = [Post(key="0", parent=None, kind=PostKind.ARTICLE, text="Dry")]
    posts += [Post(key=f"{n}", parent="0", text="wet" if n % 1000 == 1 else "dry") for n in range(1, LONG + 1)]
    path = tmp_path / "long.db"
    with Project.open(path, create=True, clock=fixed_clock) as project:
        thread = Thread(key="long", title="Long", posts=tuple(posts), format="test")
        save_thread(project, thread, location="/long", source_sha256="long")
    return path


class Gate:
    """Lets a search go on by a step at a time."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.threads: set[int] = set()
        self.steps = 0
        self.is_open = threading.Event()
        self.ended = threading.Event()
        find = finding.find_posts

        def find_slowly(  # noqa: PLR0913  # as what it stands for
            project: Project, thread_id: int, annotator_id: int, wanted: PostFilter, known: Known, *, start: int
        ) -> Iterator[Progress]:
            self.threads.add(threading.get_ident())
            try:
                for progress in find(project, thread_id, annotator_id, wanted, known, start=start):
                    yield progress
                    self.steps += 1
                    if progress.searched > 2000:
                        self.is_open.wait(10)
            finally:
                self.ended.set()

        monkeypatch.setattr("tui.screens.thread_search.find_posts", find_slowly)
        monkeypatch.setattr("tui.screens.thread_search.LEAST_SHOWN", 1)


async def test_a_search_runs_beside_the_app_shows_what_it_has_and_grows(
    long_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate = Gate(monkeypatch)
    app_thread = threading.get_ident()
    made_in: set[int] = set()
    paths_to = Outline.paths_to

    def note(self: Outline, matches: bytes | bytearray) -> Paths:
        made_in.add(threading.get_ident())
        return paths_to(self, matches)

    monkeypatch.setattr(Outline, "paths_to", note)
    async with PostilApp(long_path, "ann").run_test(size=(120, 40)) as pilot:
        await pilot.press("tab")
        await look_for_wet(pilot)
        screen = reader(pilot)
        await until(pilot, lambda: "so far" in screen.said)
        assert screen.said == "3 comments so far, searching… Esc stops"
        assert visible(screen) == [1, 1001, 2001]
        await pilot.press("enter", "n", "n", "n")
        assert screen.thread_pane.position == 1
        assert screen.said == "Match 1 of 3 so far"
        await pilot.press("n")
        gate.is_open.set()
        await settle(pilot)
        assert visible(screen) == [1, 1001, 2001, 3001, 4001, 5001]
        assert screen.thread_pane.position == 1001
        await pilot.press("n", "n")
        assert screen.said == "Match 4 of 6"
        assert app_thread not in gate.threads | made_in
        assert made_in


async def test_escape_gives_up_a_search_that_runs(long_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    gate = Gate(monkeypatch)
    async with PostilApp(long_path, "ann").run_test(size=(120, 40)) as pilot:
        await pilot.press("tab")
        await look_for_wet(pilot)
        screen = reader(pilot)
        await until(pilot, lambda: "so far" in screen.said)
        await pilot.press("escape")
        gate.is_open.set()
        await until(pilot, gate.ended.is_set)
        await pilot.pause()
        assert visible(screen) == list(range(1, LONG + 1))
        assert (screen.said, screen._found) == ("", None)


async def test_the_next_key_gives_up_the_search_before_it(long_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    gate = Gate(monkeypatch)
    async with PostilApp(long_path, "ann").run_test(size=(120, 40)) as pilot:
        await pilot.press("tab")
        await look_for_wet(pilot)
        screen = reader(pilot)
        await until(pilot, lambda: "so far" in screen.said)
        await pilot.press("x")
        assert "so far" in screen.said
        await until(pilot, lambda: len(gate.threads) > 1 or gate.steps > 4)
        gate.is_open.set()
        await settle(pilot)
        assert (visible(screen), screen.said) == ([], "No comments")


async def test_leaving_the_app_does_not_wait_for_a_search(long_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    gate = Gate(monkeypatch)
    async with PostilApp(long_path, "ann").run_test(size=(120, 40)) as pilot:
        await pilot.press("tab")
        await look_for_wet(pilot)
        screen = reader(pilot)
        await until(pilot, lambda: "so far" in screen.said)
        search = screen._search
    assert search is not None
    assert search.is_cancelled
    gate.is_open.set()
    assert gate.ended.wait(10)


async def test_a_project_that_cannot_be_read_any_more_is_told(
    make_app: Callable[..., FixedApp], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    async with make_app().run_test(size=(120, 40)) as pilot:
        monkeypatch.setattr(reader(pilot).session.project, "path", tmp_path / "gone.db")
        screen = await type_in(pilot, "tab", "slash", *"ferry")
        await pilot.pause()
        assert "no project" in str(screen.query_one(TroubleLine).content)
        assert visible(screen) == list(range(1, 10))


async def until(pilot: Pilot[None], is_so: Callable[[], bool]) -> None:
    """Wait until something is so, ten seconds at most."""
    since = time.monotonic()
    while not is_so():
        assert time.monotonic() - since < 10
        await pilot.pause(0.02)
