"""Keys that label while another program writes: they wait, say so, and are lost only to Escape."""

from __future__ import annotations

import sqlite3
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

from annotations.store.labels import annotations_in_thread
from annotations.store.project import Project
from tui.screens.label_picker import LabelPicker
from tui.screens.reader import ReaderScreen
from tui.typed_ahead import RETRY, OrderedKeys

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from textual.pilot import Pilot

    from tests.tui.conftest import FixedApp


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Write to the project, as the import of another program does."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        yield
        connection.execute("ROLLBACK")


def put(path: Path) -> list[tuple[str, int | None]]:
    with Project.open(path) as project:
        return [(found.label, found.target.post_id) for found in annotations_in_thread(project, 1)]


def status(pilot: Pilot[None]) -> str:
    assert isinstance(pilot.app.screen, ReaderScreen)
    return str(pilot.app.screen.status_line.render())


async def catch_up(pilot: Pilot[None]) -> None:
    assert isinstance(pilot.app, OrderedKeys)
    while pilot.app.is_behind:
        await pilot.pause(RETRY)
    await pilot.pause()


async def test_a_label_waits_for_another_program_and_nothing_is_lost(
    make_app: Callable[[], FixedApp], project_path: Path
) -> None:
    app = make_app()
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("tab", "g", "a")  # stay where one labels
        screen = app.screen
        assert isinstance(screen, ReaderScreen)
        with writing(project_path):
            await pilot.press("j", "1", "j", "2")
            assert "Another program is writing" in status(pilot)
            assert screen.thread_pane.position == 2, "reading goes on up to the label"
        await catch_up(pilot)
        labels = [app.screen.thread_source.labels_at(position) for position in (2, 3)]  # type: ignore[attr-defined]
        assert all(labels)
        assert labels[0] != labels[1]
        with writing(project_path):
            await pilot.press("j", "1", "escape")
            assert "Taken back" in status(pilot)
            await pilot.press("k")
        await catch_up(pilot)
        assert screen.thread_pane.position == 3
        with writing(project_path):
            await pilot.press("t", "enter")
            assert not isinstance(app.screen, LabelPicker), "what opens a list of labels waits as well"
        await catch_up(pilot)
    assert put(project_path) == [("agree", 3), ("agree", 4)], "the list's first label took the other's place"


def test_a_project_knows_whether_another_program_writes(project_path: Path) -> None:
    with Project.open(project_path) as project:
        assert not project.is_busy()
        with writing(project_path):
            assert project.is_busy()
        assert not project.is_busy()
        with project.transaction():
            assert not project.is_busy(), "it is this one that writes"
