"""Keys that are typed faster than the app can follow: all of them reach what they were meant for, in their order."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.tui.terminal.conftest import Desk, Terminal


@pytest.fixture
def terminal(harbour: Desk) -> Terminal:
    """The reader, on its first comment."""
    terminal = harbour.open()
    terminal.press("tab")
    terminal.see_status("READ")
    return terminal


def test_names_and_notes_reach_the_dialogs_that_their_keys_open(harbour: Desk, terminal: Terminal) -> None:
    terminal.write("1k" + "an" + "a remark of mine\r" + "j")
    terminal.see("Agree ✎")
    terminal.see_status("READ", " · 2/54")
    terminal.write("\t}st" + "cla\r")
    terminal.see_status("Claim on")
    assert sorted(put.label for put in harbour.put()) == ["agree", "claim"]
    assert "a remark of mine" in harbour.command("export", "csv", "-o", "-")


def test_dialogs_that_come_and_go_take_their_keys_and_no_others(terminal: Terminal) -> None:
    terminal.write("gqj\r" + "j" + "?q" + "j" + "gsq" + "j")
    terminal.see_status("READ", " · 4/54")
    terminal.write("gqj\r" + "k" + "?q" + "k")
    terminal.see_status("READ", " · 2/54")


@pytest.mark.parametrize("escape", ["\x1b[27u", "\x1b"], ids=["kitty", "bare"])
def test_the_end_of_a_search_does_not_overtake_what_is_searched_for(terminal: Terminal, escape: str) -> None:
    terminal.write("/tunnel" + escape + "j")
    terminal.see_status("READ", " · 2/54")
    terminal.write("/\x1b[200~tunnel\x1b[201~\r")
    terminal.see_status("comments", "n next")
