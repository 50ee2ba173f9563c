"""Importing in the app."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from textual.widgets import Input

from annotations.store.listing import list_threads
from annotations.store.project import Project
from tui.screens.importing import ImportScreen
from tui.screens.library import LibraryScreen
from tui.screens.reader import ReaderScreen

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from textual.pilot import Pilot

    from tui.app import PostilApp

SOURCE = "Ferry for sale\n\nThe ferry is old.\n\n  • anna\n\n    I buy it.\n\n      • bert\n\n        Why?\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with sources, in which we are."""
    folder = tmp_path / "sources"
    folder.mkdir()
    (folder / "ferry.txt").write_text(SOURCE, encoding="utf-8")
    (folder / "fog.txt").write_text(SOURCE.replace("ferry", "fog").replace("Ferry", "Fog"), encoding="utf-8")
    (folder / "picture.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    monkeypatch.chdir(folder)
    return folder


async def see(pilot: Pilot[None], condition: Callable[[], object]) -> None:
    """Wait until something is the case, which a thread brings about."""
    for _ in range(200):
        await pilot.pause(0.02)
        if condition():
            return
    pytest.fail(f"not within four seconds; the screen is {pilot.app.screen}")


async def enter(pilot: Pilot[None], typed: str, *keys: str) -> None:
    """Open the import, type a path, press keys."""
    await pilot.press("g", "i")
    assert isinstance(pilot.app.screen, ImportScreen)
    pilot.app.screen.query_one(Input).value = typed
    await pilot.pause()
    await pilot.press(*keys)


def reader_of(pilot: Pilot[None], title: str) -> bool:
    """Tell whether the reader shows a thread."""
    screen = pilot.app.screen
    return isinstance(screen, ReaderScreen) and screen.has_begun and screen.thread.title == title


def notices(pilot: Pilot[None]) -> str:
    """Return what notices say."""
    return "\n".join(notice.message for notice in pilot.app._notifications)


def problem_of(pilot: Pilot[None]) -> str:
    """Return what the dialog on top complains of."""
    screen = pilot.app.screen
    return str(screen.problem.content) if isinstance(screen, ImportScreen) else ""


@pytest.mark.usefixtures("folder")
async def test_a_name_is_completed_and_its_thread_opened(make_app: Callable[..., PostilApp]) -> None:
    async with make_app().run_test() as pilot:
        await enter(pilot, "fe", "tab")
        assert pilot.app.screen.query_one(Input).value == "ferry.txt"
        await pilot.press("enter")
        await see(pilot, lambda: reader_of(pilot, "Ferry for sale"))
        assert "new: 2 comments, depth 2" in notices(pilot)
        assert "read as " in notices(pilot), "why it was read so"


@pytest.mark.usefixtures("folder")
async def test_a_name_is_chosen_from_the_list(make_app: Callable[..., PostilApp]) -> None:
    async with make_app().run_test() as pilot:
        await enter(pilot, "", "down", "down", "enter")
        await see(pilot, lambda: reader_of(pilot, "Fog for sale"))


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("missing.txt", "missing.txt does not exist. Check the path"),
        ("picture.png", "picture.png is not text: it looks like a PNG image. Save the page as text"),
        ("*.csv", "There is no file in *.csv, or none that fits it."),
    ],
)
async def test_what_cannot_be_imported_is_said_in_place(
    make_app: Callable[..., PostilApp], project_path: Path, typed: str, said: str
) -> None:
    async with make_app().run_test() as pilot:
        await enter(pilot, typed, "enter")
        await see(pilot, lambda: said in problem_of(pilot))
        await pilot.press("x")
        assert pilot.app.screen.query_one(Input).value == f"{typed}x", "one can go on typing"
        await pilot.press("escape")
        assert isinstance(pilot.app.screen, ReaderScreen)
    with Project.open(project_path) as project:
        assert len(list_threads(project)) == 1


async def test_a_folder_is_asked_about_and_leads_to_the_library(
    make_app: Callable[..., PostilApp], folder: Path, project_path: Path
) -> None:
    async with make_app().run_test() as pilot:
        await enter(pilot, f"{folder}/", "enter")
        screen = pilot.app.screen
        assert isinstance(screen, ImportScreen)
        assert str(screen.problem.content) == "3 files: Enter imports all."
        await pilot.press("enter")
        await see(pilot, lambda: isinstance(pilot.app.screen, LibraryScreen))
        assert "2 threads imported" in notices(pilot)
        assert "1 file passed over, which no importer knows: " in notices(pilot)
        assert "picture.png" in notices(pilot)
    with Project.open(project_path) as project:
        assert [summary.thread.key for summary in list_threads(project)] == ["bridge", "ferry", "fog"]


async def test_a_source_that_has_changed_is_shown_as_it_is_now(
    make_app: Callable[..., PostilApp], folder: Path
) -> None:
    async with make_app().run_test() as pilot:
        await enter(pilot, "ferry.txt", "enter")
        await see(pilot, lambda: reader_of(pilot, "Ferry for sale"))
        before = pilot.app.screen
        await pilot.press("tab", "1")
        await enter(pilot, "ferry.txt", "enter")
        await see(pilot, lambda: "nothing changed" in notices(pilot))
        assert pilot.app.screen is before
        (folder / "ferry.txt").write_text(SOURCE + "\n  • cleo\n\n    Me too.\n", encoding="utf-8")
        await enter(pilot, "ferry.txt", "enter")
        await see(pilot, lambda: pilot.app.screen is not before and reader_of(pilot, "Ferry for sale"))
        assert "spans: 0 kept, 0 moved with their words, 0 edited, 0 lost" in notices(pilot)
        screen = pilot.app.screen
        assert isinstance(screen, ReaderScreen)
        assert len(screen.thread_source.shape) == 4
        assert screen.thread_source.labels_at(1) == ("agree",)
        await pilot.press("q")
        await see(pilot, lambda: isinstance(pilot.app.screen, LibraryScreen))


async def test_the_library_imports_too(make_app: Callable[..., PostilApp], folder: Path) -> None:
    async with make_app().run_test() as pilot:
        await pilot.press("g", "h")
        await see(pilot, lambda: isinstance(pilot.app.screen, LibraryScreen))
        await enter(pilot, str(folder / "fog.txt"), "enter")
        await see(pilot, lambda: reader_of(pilot, "Fog for sale"))
