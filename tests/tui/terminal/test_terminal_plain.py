"""The plain mode and the themes in a real terminal, as `postil` is called from a shell."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.tui.terminal.conftest import Desk, Terminal

CURSOR = 25
"""The mode by which a program shows the cursor: DECTCEM."""


def is_cursor_shown(terminal: Terminal) -> bool:
    return terminal.output.rfind("\x1b[?25h") > terminal.output.rfind("\x1b[?25l")


def at_cursor(terminal: Terminal) -> str:
    """Return what stands at the terminal's cursor and right of it."""
    column, row = terminal.glass.cursor.x, terminal.glass.cursor.y
    return terminal.lines[row][column:]


def wait_for(terminal: Terminal, condition: Callable[[], bool], what: str) -> None:
    terminal.wait(lambda: condition() or None, what)


def test_a_screen_reader_finds_the_cursor_where_one_reads(harbour: Desk) -> None:
    terminal = harbour.start("--annotator", "ann", "--plain")
    terminal.see_status("TEXT")
    assert is_cursor_shown(terminal)
    wait_for(terminal, lambda: at_cursor(terminal).startswith("Council"), "the cursor in the text")
    terminal.press("w")
    wait_for(terminal, lambda: at_cursor(terminal).startswith("votes"), "the cursor at the next word")
    terminal.press("tab")
    terminal.see_status("READ")
    wait_for(terminal, lambda: ", depth 1" in at_cursor(terminal), "the cursor at a comment's author")
    assert not set("│┃▌▾▸•✓●") & set(terminal.text)
    terminal.press("q")
    assert terminal.wait_exit() == 0


def test_without_plain_mode_the_cursor_stays_hidden(harbour: Desk) -> None:
    terminal = harbour.open(80, 24)
    assert not is_cursor_shown(terminal)
    terminal.press("q")
    assert terminal.wait_exit() == 0
    assert is_cursor_shown(terminal), "the shell has it again"


@pytest.mark.parametrize(("theme", "ground"), [("postil-paper", "f5eedd"), ("postil-contrast", "000000")])
def test_a_theme_can_be_named(harbour: Desk, theme: str, ground: str) -> None:
    terminal = harbour.start("--annotator", "ann", "--theme", theme)
    terminal.see_status("TEXT")
    place = terminal.place("Council votes")
    assert terminal.style(place[0] + 8, place[1]).bg == ground
    terminal.press("q")
    assert terminal.wait_exit() == 0
