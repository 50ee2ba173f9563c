"""Long work in a terminal: its progress is seen, it can be stopped, and what it leaves behind is whole."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.tui.terminal.conftest import Desk, Terminal

COMMENTS = 12_000
"""So many that their import takes a second or more, on any machine."""
CONTROL_C = "\x03"


@pytest.fixture(scope="session")
def long_text() -> str:
    """A source that takes long."""
    lines = ["The long thread", "", "An article.", ""]
    for number in range(COMMENTS):
        indent = "  " * (1 + number % 5)
        lines += [f"{indent}• Writer {number % 999}", "", f"{indent}  What number {number} says of the tunnel.", ""]
    return "\n".join(lines)


@pytest.fixture
def source(desk: Desk, long_text: str) -> Path:
    """The same as a file in the desk's folder."""
    path = desk.folder / "long.txt"
    path.write_text(long_text, encoding="utf-8")
    return path


def see_progress(terminal: Terminal) -> None:
    """Wait until the line of progress is there."""
    terminal.wait(lambda: re.search(r"Importing.* \d+%", terminal.text), "progress")


def test_a_line_of_progress_comes_and_goes(desk: Desk, source: Path) -> None:
    terminal = desk.start("import", source.name, columns=40)
    see_progress(terminal)
    assert terminal.lines[1:] == [""] * 23, "it is one line"
    assert terminal.wait_exit(60) == 0
    assert "%" not in terminal.text
    assert terminal.lines[0] == "long: The long thread"
    assert "\x1b" not in terminal.output, "nothing but signs and carriage returns is written"


def test_an_interrupted_import_leaves_nothing_and_says_so(desk: Desk, source: Path) -> None:
    terminal = desk.start("import", source.name)
    see_progress(terminal)
    terminal.write(CONTROL_C)
    assert terminal.wait_exit() == 130
    assert [line for line in terminal.lines if line] == ["postil: Cancelled: nothing was imported"]
    assert terminal.present_settings == terminal.settings
    assert sorted(path.name for path in desk.folder.iterdir()) == ["long.txt"]


def test_impatience_does_no_harm(harbour: Desk, source: Path) -> None:
    terminal = harbour.start("import", source.name)
    see_progress(terminal)
    terminal.write(CONTROL_C * 3)
    assert terminal.wait_exit() == 130
    assert "Traceback" not in terminal.text
    assert harbour.problems() == []
    assert "long" not in harbour.command("threads")


def test_the_reader_does_not_open_after_an_interrupted_import(desk: Desk, source: Path) -> None:
    terminal = desk.start(source.name)
    see_progress(terminal)
    terminal.write(CONTROL_C)
    assert terminal.wait_exit() == 130
    assert 1049 not in terminal.modes, "the screen of the app was never shown"
    assert not desk.project_path.exists()


def test_an_import_in_the_app_is_stopped_and_done_after_all(harbour: Desk, source: Path) -> None:
    terminal = harbour.open(80, 24)
    terminal.write(f"gi{source.name[:2]}\t\r")
    terminal.see("Importing long.txt", "Esc stops")
    terminal.press("escape")
    terminal.see("Stopped: nothing was imported.")
    assert "long" not in harbour.command("threads")
    terminal.press("enter")
    terminal.wait(lambda: "The long thread" in terminal.status, "the thread", 60)
    terminal.press("ctrl+q")
    assert terminal.wait_exit() == 0
    assert harbour.problems() == []


def test_leaving_the_app_stops_what_it_does(harbour: Desk, source: Path) -> None:
    terminal = harbour.open(80, 24)
    terminal.write(f"gi{source.name}\r")
    terminal.see("Importing long.txt", "Esc stops")
    terminal.press("ctrl+q")
    assert terminal.wait_exit() == 0
    assert harbour.problems() == []
    assert "long" not in harbour.command("threads")
    assert sorted(path.name for path in harbour.folder.iterdir()) == ["long.txt", "postil.db"]
