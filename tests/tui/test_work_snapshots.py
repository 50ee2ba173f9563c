"""What importing looks like, narrow and wide, light and dark, and in words alone."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest
from textual.widgets import Input

from tui.configuration import Configuration
from tui.screens import work as work_screen
from tui.theme_names import DARK, LIGHT

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from textual.pilot import Pilot

    from annotations.work import Work
    from tui.app import PostilApp

LOOKS = [
    pytest.param((80, 24), DARK, Configuration(), id="narrow-dark"),
    pytest.param((120, 40), LIGHT, Configuration(), id="wide-light"),
    pytest.param((80, 24), LIGHT, Configuration(is_plain=True), id="plain"),
]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with some files, in which we are."""
    folder = tmp_path / "here"
    folder.mkdir()
    for name in ("harbour-tunnel.txt", "harbour-bridge.txt", "notes\x1b.md"):
        (folder / name).write_text("Text", encoding="utf-8")
    (folder / "harbour-fog.txt").write_text("", encoding="utf-8")
    (folder / "sources").mkdir()
    monkeypatch.chdir(folder)
    return folder


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(("size", "theme", "configuration"), LOOKS)
@pytest.mark.parametrize("typed", ["", "harbour-fog.txt"], ids=["names", "problem"])
def test_the_dialog_that_asks_for_a_file(  # noqa: PLR0913, PLR0917  # what it looks like
    snap_compare: Callable[..., bool],
    make_app: Callable[..., PostilApp],
    size: tuple[int, int],
    theme: str,
    configuration: Configuration,
    typed: str,
) -> None:
    async def show(pilot: Pilot[None]) -> None:
        await pilot.press("g", "i")
        entry = pilot.app.screen.query_one(Input)
        entry.cursor_blink = False
        entry.value = typed
        await pilot.pause()
        if typed:
            await pilot.press("enter")
            await pilot.pause(0.6)

    app = make_app(theme=theme, configuration=configuration)
    assert snap_compare(app, terminal_size=size, run_before=show)


@pytest.mark.parametrize(("size", "theme", "configuration"), LOOKS)
def test_work_under_way(  # noqa: PLR0913, PLR0917  # what it looks like
    snap_compare: Callable[..., bool],
    make_app: Callable[..., PostilApp],
    monkeypatch: pytest.MonkeyPatch,
    size: tuple[int, int],
    theme: str,
    configuration: Configuration,
) -> None:
    monkeypatch.setattr(work_screen, "DELAY", 0.01)
    monkeypatch.setattr(work_screen, "rate", lambda _: "52,000/s")
    monkeypatch.setattr(work_screen, "left", lambda _: "11 s left")

    def job(work: Work) -> None:
        work.subject = "harbour-tunnel.txt"
        work.begin("Reading the comments", 1000, "comments")
        work.advance(423)
        while True:
            work.check()
            time.sleep(0.01)

    async def show(pilot: Pilot[None]) -> None:
        screen = work_screen.WorkScreen("Importing", job, is_plain=configuration.is_plain)
        await pilot.app.push_screen(screen)
        await pilot.pause(0.4)

    app = make_app(theme=theme, configuration=configuration)
    assert snap_compare(app, terminal_size=size, run_before=show)
