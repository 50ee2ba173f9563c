"""Terminals at full speed on one project: each label is stored once, and every screen comes to show the same.

`POSTIL_STRESS=10 pytest tests/tui/terminal/test_terminal_stress.py` does ten times as much.
"""

from __future__ import annotations

import os
import random
import re
import sqlite3
import time
from contextlib import closing
from functools import partial
from typing import TYPE_CHECKING

from annotations.store.past import find_events
from annotations.store.project import Project

if TYPE_CHECKING:
    from tests.tui.terminal.conftest import Desk, Terminal

TIMES = int(os.environ.get("POSTIL_STRESS", "1"))
ROUNDS, BURST = 6 * TIMES, 6
KILLS = 3 * TIMES
NAMES = {"Agree": "agree", "Disagree": "disagree", "Asks": "asks", "Neutral": "neutral", "Sarcasm": "sarcasm"}
SEEN_WITHIN = 2.0
"""Seconds after which a terminal shows what another one has stored."""


def labeled(terminal: Terminal) -> int:
    found = re.search(r"(\d+) labeled", terminal.status)
    return int(found[1]) if found else -1


def labeled_in(harbour: Desk, annotator: str) -> int:
    return len({one.post for one in harbour.put(annotator) if one.post != "0"})


def chips(terminal: Terminal) -> list[str]:
    """The headers of the comments in view: who, and the labels beside the name."""
    return [line[51:].strip(" ┃│▌") for line in terminal.lines if re.search(r" \d+ [┃│]?$", line)]


def assert_told_by_history(harbour: Desk) -> None:
    """What stands is what the events, one after the other, have made."""
    standing: dict[str, str] = {}
    with Project.open(harbour.project_path) as project:
        for event in find_events(project):
            if event.annotation_uuid is not None and event.after is None:
                del standing[event.annotation_uuid]
            elif event.annotation_uuid is not None and event.after is not None:
                standing[event.annotation_uuid] = f"{event.annotator} {event.after['label']} {event.post}"
    assert sorted(standing.values()) == sorted(f"{one.annotator} {one.label} {one.post}" for one in harbour.put())


def test_two_terminals_of_one_annotator_and_another_one_at_full_speed(harbour: Desk) -> None:
    chance = random.Random(3)  # noqa: S311  # the same keys in each run
    first, second, other = harbour.open(100, 30), harbour.open(100, 30), harbour.open(100, 30, annotator="bob")
    for terminal in (first, second, other):
        terminal.press("tab")
        terminal.see_status("READ")
    for number in range(ROUNDS):
        for terminal in (first, second, other):
            terminal.write("".join(chance.choices("12345uxJ]]", k=BURST)) if number % 3 else "gg" + "12" * 3)
            terminal.pump(0.02)
    for terminal in (first, second, other):
        terminal.press("escape", "escape")
        terminal.wait(partial(_is_at_rest, terminal), "the keys to be done with")
    stored = labeled_in(harbour, "ann"), labeled_in(harbour, "bob")
    for terminal, count in ((first, stored[0]), (second, stored[0]), (other, stored[1])):
        terminal.wait(partial(_has_labeled, terminal, count), f"{count} labeled")
    for terminal in (first, second):
        terminal.write("zRgg")
        terminal.see_status(" 1 · 1/54")
    first.wait(lambda: (second.pump(), chips(first) == chips(second))[1], "both screens to show the same")
    assert any("Agree" in chip or "Disagree" in chip for chip in chips(first))
    for terminal in (first, second, other):
        terminal.press("q")
        assert terminal.wait_exit() == 0
    assert_told_by_history(harbour)
    with closing(sqlite3.connect(harbour.project_path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert harbour.problems() == []


def _has_labeled(terminal: Terminal, count: int) -> bool:
    return labeled(terminal) == count


def _is_at_rest(terminal: Terminal) -> bool:
    return not terminal.pump(0.4)


def test_what_one_terminal_stores_another_shows_within_two_seconds(harbour: Desk) -> None:
    """Labels, reviews, notes, undo, of the same annotator; measured from the frame of the one to that of the other."""
    first, second = harbour.open(120, 30), harbour.open(120, 30)
    for terminal in (first, second):
        terminal.press("tab")
        terminal.see_status("READ", " 1 · 1/54")
    late = []

    def follows(*texts: str) -> None:
        at = time.monotonic()
        second.see(*texts)
        late.append(time.monotonic() - at)

    first.press("1")
    first.see_status("Agree on 1 ", " 1 labeled")
    follows("Dolores Pike   Agree", " 1 labeled")
    first.press("x")
    first.see_status(" 1 reviewed")
    follows(" 1 reviewed")
    first.press("u")
    first.see_status("Undone", " 0 reviewed")
    follows(" 0 reviewed")
    first.press("u")
    first.see_status("Undone", " 0 labeled")
    follows(" 0 labeled")
    second.press("2")  # and the other way round
    second.see_status("Disagree on ")
    first.see("Disagree", " 1 labeled")
    assert max(late) < SEEN_WITHIN + 1, late  # a second for a machine that is busy with something else


def test_kills_in_bursts_of_labels_lose_nothing_that_a_frame_showed(harbour: Desk) -> None:
    chance = random.Random(5)  # noqa: S311  # the same moments in each run, as far as a machine allows
    for number in range(KILLS):
        terminal = harbour.open(120, 30, annotator=f"victim {number}")
        terminal.press("tab")
        terminal.see_status("READ")
        terminal.write("".join(chance.choices("12345", k=40)))
        seen: set[tuple[str, str]] = set()
        end = time.monotonic() + 0.1 + chance.random() / 2
        while time.monotonic() < end:
            terminal.pump(0.01)
            if said := re.search(r" (\w+) on ([\d.]+) \(", terminal.status):
                seen.add((NAMES[said[1]], said[2]))
        terminal.kill()
        terminal.pump()
        if said := re.search(r" (\w+) on ([\d.]+) \(", terminal.status):
            seen.add((NAMES[said[1]], said[2]))
        count = labeled(terminal)
        assert seen, "it was killed in the middle of labeling"
        stored = {(one.label, one.post) for one in harbour.put(f"victim {number}")}
        assert seen <= stored, "what a frame showed is in the project"
        assert count <= len(stored)
    assert harbour.problems() == []
