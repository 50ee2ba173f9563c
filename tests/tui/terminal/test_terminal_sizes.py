"""All sizes of terminal, also while labeling: the focus stays on its post, nothing is lost, nothing is drawn askew."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.tui.terminal.conftest import Desk, Terminal

NOTICE = "Postil needs at least 40×10"
FOCUSED_OUT, FOCUSED_IN = "\x1b[O", "\x1b[I"


def see_reader(terminal: Terminal, place: str) -> None:
    """Wait until the whole reader is drawn at the terminal's size, with the focus on the post of this place."""

    def is_drawn() -> bool:
        lines, right = terminal.lines, terminal.columns - 1
        edge = {terminal.style(right, y).data for y in range(terminal.rows - 6)}
        return (
            re.match(r" (READ|TEXT|SELECT) ", lines[-1]) is not None
            and (place in lines[-1] or terminal.columns < 60)
            and {"┃", "│"} <= edge <= {"┃", "│", " "}
            and any("▌" in line for line in lines)
            and NOTICE not in terminal.text
        )

    terminal.wait(is_drawn, f"the reader at {terminal.columns}×{terminal.rows} with {place} in focus")


def test_narrow_terminals_stack_the_panes_and_wide_ones_put_them_side_by_side(harbour: Desk) -> None:
    terminal = harbour.open(80, 24)
    terminal.see("Article", "▾ Dolores Pike")
    assert (terminal.find("Article"), terminal.find("Dolores Pike")) == ((3, 0), (5, 13))
    terminal.resize(120, 40)
    terminal.wait(lambda: terminal.find("Dolores Pike") == (65, 1), "the panes side by side")
    assert terminal.find("Article") == (3, 0)
    terminal.resize(300, 100)
    terminal.wait(lambda: terminal.find("Dolores Pike") == (155, 1), "the panes side by side")
    longest = max(len(line[3:149].rstrip(" │┃")) for line in terminal.lines[:90])
    assert 60 < longest <= 88, "text is no wider than can be read, however wide the terminal"
    assert {terminal.style(299, y).data for y in range(1, 90)} == {"┃", "│"}
    terminal.press("gp", "gp")
    terminal.see_status("One pane")
    terminal.wait(lambda: "Dolores Pike" not in terminal.text, "one pane alone")


def test_resizing_while_labeling_keeps_the_focus_and_every_label(harbour: Desk) -> None:
    terminal = harbour.open(80, 24)
    terminal.press("tab")
    terminal.see_status("READ")
    sizes = [(120, 40), (60, 20), (200, 60), (40, 10), (300, 100), (100, 30), (80, 24)]
    for number, (columns, rows) in enumerate(sizes, 2):
        terminal.press("1")
        terminal.see_status(f" · {number}/54")
        terminal.resize(columns, rows)
        see_reader(terminal, f" · {number}/54")
        if columns < 60:
            terminal.resize(80, 24)
            see_reader(terminal, f" · {number}/54")
    put = [(one.label, one.post) for one in harbour.put()]
    assert put == [("agree", "1" + ".1" * depth) for depth in range(len(sizes))]

    # a burst of keys between sizes that the program has not taken in yet
    for columns, rows in ((140, 35), (90, 24), (250, 70), (80, 24)):
        terminal.write("2")
        terminal.resize(columns, rows)
    terminal.see_status(" 11 labeled")
    see_reader(terminal, " 11 labeled")
    assert [one.label for one in harbour.put()[-4:]] == ["disagree"] * 4

    # a window that is resized while another one has the focus
    terminal.write(FOCUSED_OUT)
    terminal.resize(100, 30)
    see_reader(terminal, "READ")
    assert terminal.status.startswith(" READ")
    terminal.write(FOCUSED_IN)
    terminal.press("j")
    terminal.see_status("READ", "13/54")


def test_what_is_read_stays_in_view(harbour: Desk) -> None:
    """Lines break elsewhere at each width, and `tab` gives the stacked panes other heights."""
    terminal = harbour.open(120, 40)
    terminal.press("}" * 9)
    terminal.see("Few people dispute")
    for columns, rows in ((100, 30), (80, 24), (200, 60), (60, 20), (120, 40)):
        terminal.resize(columns, rows)
        see_reader(terminal, "article")
        terminal.see("Few people dispute")
    terminal.press("tab", "zM", "zR", "G")
    terminal.see_status("READ", "54/54")
    last = terminal.wait(lambda: next((line for line in terminal.lines if "▌" in line), None), "the last comment")
    author = last.partition("▌")[2].split()[1]
    terminal.resize(80, 24)
    see_reader(terminal, "54/54")
    terminal.press("tab")
    terminal.see_status("TEXT", "article")
    terminal.see("Few people dispute", author)
    terminal.press("tab")
    terminal.see_status("READ", "54/54")
    terminal.see("Few people dispute", author)
    terminal.resize(200, 60)
    see_reader(terminal, "54/54")
    terminal.press("q")
    assert terminal.wait_exit() == 0

    # opened again in a smaller terminal, where the row that the comment stood on does not exist
    terminal = harbour.open(80, 24)
    see_reader(terminal, "54/54")
    terminal.see("Few people dispute", author)


def test_a_terminal_that_is_too_small_says_so_and_recovers(harbour: Desk) -> None:
    terminal = harbour.open(39, 9)
    terminal.see(NOTICE)
    assert "Article" not in terminal.text
    terminal.resize(80, 24)
    see_reader(terminal, "article")
    terminal.press("tab", "j")
    terminal.see_status("1.1 · 2/54")
    for columns, rows in ((39, 24), (80, 9), (39, 9), (20, 5)):
        terminal.resize(columns, rows)
        terminal.wait(lambda: "Postil needs at" in terminal.text and "READ" not in terminal.text, "the notice")
    terminal.resize(1, 1)
    terminal.press("1", "j", "s", "c")  # nobody can see what these would do
    terminal.resize(80, 24)
    see_reader(terminal, "1.1 · 2/54")
    terminal.see_status("0 labeled")
    terminal.press("3")
    terminal.see_status("Asks on 1.1")
    terminal.resize(39, 9)
    terminal.see(NOTICE)
    terminal.press("q")
    assert terminal.wait_exit() == 0
    assert [(one.label, one.post) for one in harbour.put()] == [("asks", "1.1")]


@pytest.mark.parametrize(("columns", "rows"), [(1, 1), (20, 5), (300, 100)])
def test_it_opens_and_closes_at_any_size(harbour: Desk, columns: int, rows: int) -> None:
    terminal = harbour.open(columns, rows)
    terminal.press("q")
    assert terminal.wait_exit() == 0
    assert "Traceback" not in terminal.output
    assert terminal.modes[1049] is False
