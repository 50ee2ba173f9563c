"""Nothing is lost: the program killed, its window closed, several of it at work on one project."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from functools import partial
from typing import TYPE_CHECKING

from tui.screens.reader import WATCH_EVERY

if TYPE_CHECKING:
    from tests.tui.terminal.conftest import Desk, Terminal

IDS = {"Agree": "agree", "Sarcasm": "sarcasm", "Insult": "insult"}


def shown_as_done(terminal: Terminal) -> tuple[str, str] | None:
    """Return the label and the post that the status line says was labeled last."""
    said = re.match(r" READ +(\w+) on ([\d.]+) \(", terminal.status)
    return (IDS[said[1]], said[2]) if said else None


def newly_done(terminal: Terminal, seen: set[tuple[str, str]]) -> tuple[str, str] | None:
    """Return what is shown as done, if it has not been seen before."""
    done = shown_as_done(terminal)
    return None if done in seen else done


def assert_sound(harbour: Desk) -> None:
    with closing(sqlite3.connect(harbour.project_path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert harbour.problems() == []


def test_what_the_screen_showed_as_done_survives_kills_in_the_middle_of_labeling(harbour: Desk) -> None:
    put: set[tuple[str, str]] = set()
    for key, in_flight in (("1", 0), ("5", 3), ("6", 7)):
        terminal = harbour.open(140, 30)
        terminal.see_status(f" {len({post for _, post in put})} labeled")
        if "TEXT" in terminal.status:
            terminal.press("tab")
            terminal.see_status("READ")
        seen: set[tuple[str, str]] = set()
        for _ in range(3):
            terminal.press(key)
            seen.add(terminal.wait(partial(newly_done, terminal, seen), "a label to be shown as done"))
        terminal.write(key * in_flight)
        terminal.pump(0.05 if in_flight else 0)
        terminal.kill()
        terminal.pump()
        if last := shown_as_done(terminal):
            seen.add(last)

        stored = {(one.label, one.post) for one in harbour.put()}
        assert seen | put <= stored, "what was shown is there, and what was there before"
        assert len(stored - put) <= 3 + in_flight, "and nothing that nobody asked for"
        put = stored
        assert_sound(harbour)


def test_closing_the_window_loses_nothing(harbour: Desk) -> None:
    terminal = harbour.open(100, 30)
    terminal.press("tab", "j")
    terminal.see_status(" 1.1 · 2/54")
    terminal.press("1")
    terminal.see_status("Agree on 1.1")
    terminal.close()
    assert [(one.label, one.post) for one in harbour.put()] == [("agree", "1.1")]
    assert_sound(harbour)


def test_several_terminals_on_one_project(harbour: Desk) -> None:
    """One annotator's terminals show each other's labels, another's do not; in bursts at once nothing is lost."""
    assert WATCH_EVERY <= 1, "looked at often enough to be seen within two seconds"
    first, second, other = harbour.open(100, 30), harbour.open(100, 30), harbour.open(100, 30, annotator="bob")
    for terminal in (first, second, other):
        terminal.press("tab")
        terminal.see_status("READ")

    first.press("1")
    first.see_status(" 1 labeled", " 1.1 · 2/54")
    second.see("Dolores Pike   Agree")
    second.see_status(" 1 labeled")
    second.press("sc")
    second.see_status("Claim on “Twenty-three")
    first.see("c Twenty-three")
    assert "Agree" not in other.text.replace("1 Agree ", "")
    assert "c Twenty-three" not in other.text

    second.press("]]]]")
    second.see_status(" 3 · ")
    first.write("2" * 6)
    second.write("3" * 6)
    other.write("4" * 6)
    for terminal in (first, second):
        terminal.see_status(" 13 labeled")
    other.see_status(" 6 labeled")
    first.press("u")
    first.see_status("Undone", " 12 labeled")
    second.see_status(" 12 labeled")
    for terminal in (first, second, other):
        terminal.press("q")
        assert terminal.wait_exit() == 0

    labels = [one.label for one in harbour.put("ann")]
    assert sorted(labels) in (
        ["agree", *["asks"] * 5, "claim", *["disagree"] * 6],
        ["agree", *["asks"] * 6, "claim", *["disagree"] * 5],
    ), "the label that was put last is off, whosever terminal it was"
    assert [one.label for one in harbour.put("bob")] == ["neutral"] * 6
    assert_sound(harbour)
