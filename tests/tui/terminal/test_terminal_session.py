"""Whole sessions in a terminal: what was labeled is on the screen, in the project and in its exports, also the day after."""

from __future__ import annotations

import csv
import json
import re
import signal
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.tui.terminal.conftest import Desk, Put, Terminal

POST_LABELS = {"1": "agree", "2": "disagree", "3": "asks", "4": "neutral"}
STANCES = "123412341"
"""Keys of the labels of comments."""
NAMES = {"agree": "Agree", "disagree": "Disagree", "asks": "Asks", "neutral": "Neutral", "claim": "Claim"}
CLAIMS = (
    "Quillmouth council voted by 21 to 18 on Tuesday night",
    "The 1.6-kilometre tunnel would run from the ferry terminal",
    "Work is due to begin next spring and to last four and a half years.",
)
TERMINAL_MODES = {1049: "alternate screen", 1000: "mouse", 1003: "mouse moves", 1006: "mouse by SGR", 2004: "paste"}


def labeled(terminal: Terminal) -> int:
    """Return how many comments the status line says are labeled."""
    said = re.search(r"(\d+) labeled", terminal.status)
    assert said is not None, terminal.status
    return int(said[1])


def label_in(terminal: Terminal, keys: str) -> None:
    """Press a label's key on comment after comment, each once the one before is shown as done."""
    for number, key in enumerate(keys, labeled(terminal) + 1):
        terminal.press(key)
        terminal.see_status(f" {number} labeled")


def claim(terminal: Terminal, keys: str, beginning: str) -> None:
    """Press keys that make a claim of the sentence with this beginning."""
    terminal.press(keys)
    terminal.see_status(f"Claim on “{beginning[:4]}")


def see_inspected(terminal: Terminal, label: str, quote: str = "") -> None:
    """Wait until the lines below the panes speak of a label of ann's; where there is room they are two."""
    said = re.compile(rf"^ {NAMES[label]}\b(.*\n)?.*{re.escape(quote)}.*\bann, ", re.MULTILINE)
    terminal.wait(lambda: said.search(terminal.text), f"the inspector to show {label} {quote}")


def assert_restored(terminal: Terminal) -> None:
    """Assert that the terminal is as it was before the program."""
    assert [name for mode, name in TERMINAL_MODES.items() if terminal.modes.get(mode)] == []
    assert (terminal.modes[25], terminal.modes[7]) == (True, True), "cursor shown, lines wrapped"
    assert terminal.output.count("\x1b[<u") == len(re.findall(r"\x1b\[>\d+u", terminal.output)), "kitty's keys"
    assert terminal.present_settings == terminal.settings
    after = terminal.output.rpartition("\x1b[?1049l")[2]
    assert re.sub(r"\x1b\[\?\d+[hl]", "", after) == "", "nothing was printed onto the shell's screen"


def read_exports(harbour: Desk) -> tuple[list[Put], list[Put]]:
    """Return what the JSONL and the CSV export say, as `Desk.put` does."""
    make = type(harbour.put()[0])
    from_jsonl = []
    for line in harbour.command("export", "jsonl", "-o", "-").splitlines():
        row = json.loads(line)
        from_jsonl += [make(label["label"], row["post"], annotator=label["annotator"]) for label in row["labels"]]
        for span in row["spans"]:
            start, end = span["start_char"], span["end_char"]
            assert row["text"][start:end] == span["quote"]
            from_jsonl.append(make(span["label"], row["post"], span["quote"], start, end, span["annotator"]))
    lines = harbour.command("export", "csv", "-o", "-").splitlines(keepends=True)
    from_csv = []
    for row in csv.DictReader(lines):
        start, end = int(row["start_char"] or 0), int(row["end_char"] or 0)
        from_csv.append(make(row["label"], row["post"], row["quote"], start, end, row["annotator"]))
    return from_jsonl, from_csv


def read(terminal: Terminal) -> None:
    """Go through the thread as a reader does: by posts, by pages, by folds; end on its first comment."""
    terminal.press("tab")
    terminal.see_status("READ", " 1 · 1/54")
    terminal.press("j", "down", "k")
    terminal.see_status(" 1.1 · 2/54")
    terminal.press("up")
    terminal.see_status(" 1 · 1/54")
    terminal.press("space")
    terminal.wait(lambda: "Twenty-three minutes" not in terminal.text, "to read on by a page")
    terminal.press("zM")
    terminal.see("▸ Dolores Pike", "+11 replies", "▸ hydro_nerd")
    terminal.press("zR", "pagedown", "home")
    terminal.see("▾ Dolores Pike", "▾ tidewatcher")
    terminal.see_status(" 1 · 1/54")


def put_labels(terminal: Terminal) -> None:
    """Put three claims in the article, then labels on nine comments, claims in two, a label on one more."""
    terminal.press("tab")
    terminal.see_status("TEXT", "article")
    claim(terminal, "}sc", CLAIMS[0])
    claim(terminal, "}sc", CLAIMS[1])
    claim(terminal, ")sc", CLAIMS[2])
    terminal.press("tab")
    terminal.see_status("READ")
    label_in(terminal, STANCES)
    terminal.see_status(" · 10/54")
    claim(terminal, "sc", "Twice.")
    terminal.press("j")
    terminal.see_status(" · 11/54")
    claim(terminal, "sc", "Average or not")
    terminal.press("2")
    terminal.see_status("Disagree on")


def take_back_three(terminal: Terminal) -> None:
    """Undo the last three steps, each seen to be undone."""
    terminal.press("u")
    terminal.see_status(" Undone: Disagree")
    terminal.press("u")
    terminal.see_status(" Undone: Claim on “A")
    terminal.press("u")
    terminal.see_status(" Undone: Claim on “T", " 9 labeled")


def see_labels(terminal: Terminal, put: Sequence[Put]) -> None:
    """Find everything on the screen by going from label to label, and take back the last one."""
    terminal.see_status(" 9 labeled, 0 reviewed of 54", "READ")
    terminal.press("gg")
    for one in put[3:]:
        see_inspected(terminal, one.label)
        terminal.press("]a")
    terminal.see_status("No annotation below")
    terminal.press("u")
    terminal.see_status(" Undone: Agree", " 8 labeled")
    terminal.press("tab", "gg")
    for one in put[:3]:
        terminal.press("]a")
        see_inspected(terminal, "claim", one.quote[:20])


@pytest.mark.parametrize(("columns", "rows"), [(80, 24), (120, 40), (200, 60)])
def test_a_day_of_labeling_and_the_day_after(harbour: Desk, columns: int, rows: int) -> None:
    terminal = harbour.open(columns, rows)
    terminal.see("Council votes 21 to 18", "Dolores Pike", "0 labeled, 0 reviewed of 54")
    read(terminal)
    put_labels(terminal)
    assert len(harbour.put()) == 15
    take_back_three(terminal)
    terminal.press("q")
    assert terminal.wait_exit() == 0
    assert_restored(terminal)
    put = harbour.put()
    assert [one.label for one in put] == ["claim"] * 3 + [POST_LABELS[key] for key in STANCES]
    assert [one.post for one in put] == ["0"] * 3 + ["1" + ".1" * depth for depth in range(9)]
    assert all(one.quote.startswith(beginning) for one, beginning in zip(put, CLAIMS, strict=False))

    terminal = harbour.open(columns, rows)
    see_labels(terminal, put)
    terminal.press("q")
    assert terminal.wait_exit() == 0
    assert harbour.put() == put[:-1]
    assert harbour.problems() == []


def test_exports_of_a_session_say_what_the_project_holds(harbour: Desk) -> None:
    terminal = harbour.open()
    terminal.see_status("TEXT", "article")
    claim(terminal, "}sc", CLAIMS[0])
    terminal.press("tab")
    label_in(terminal, "1234")
    claim(terminal, "sc", "Source for")
    terminal.press("ctrl+q")
    assert terminal.wait_exit() == 0
    harbour.command("check")
    put = harbour.put()
    assert len(put) == 6
    from_jsonl, from_csv = read_exports(harbour)
    assert sorted(from_jsonl) == sorted(from_csv) == sorted(put)


def test_keys_typed_ahead_go_where_they_would_have_gone_one_by_one(harbour: Desk) -> None:
    """All of a burst is in the program's queue before the first key is acted on, as on a slow line."""
    terminal = harbour.open(100, 30)
    terminal.press("\t1234\t}sc\tisc")
    terminal.see_status("Claim on “Source for", "5 labeled")
    terminal.press("escape", "/bridge")
    terminal.see("\n bridge", "comments + article")
    terminal.press("escape")
    terminal.wait(lambda: "\n bridge" not in terminal.text, "the search to end")
    terminal.press("tsarc\r")
    terminal.see_status("Sarcasm on")
    terminal.press("q")
    assert terminal.wait_exit() == 0
    labels = [(one.label, one.post) for one in harbour.put()]
    assert labels[:4] == [("agree", "1"), ("disagree", "1.1"), ("asks", "1.1.1"), ("neutral", "1.1.1.1")]
    assert labels[4:] == [("claim", "0"), ("claim", "1.1.1.1.1"), ("sarcasm", labels[-1][1])]


def test_keys_that_come_after_the_last_one_do_nothing(harbour: Desk) -> None:
    terminal = harbour.open(80, 24)
    terminal.press("\t1q2222")
    assert terminal.wait_exit() == 0
    assert [one.label for one in harbour.put()] == ["agree"]
    assert_restored(terminal)


def test_a_search_that_is_left_at_once_shows_everything_again(harbour: Desk) -> None:
    terminal = harbour.open(100, 30)
    terminal.press("tab", "/")
    terminal.see("Search this thread")
    terminal.press("bridge", "escape")
    terminal.wait(lambda: terminal.lines[-5] == " No label yet.", "the line for searches to close")
    terminal.press("j")
    terminal.see_status(" 1.1 · 2/54")
    terminal.press("j")
    terminal.see_status(" 1.1.1 · 3/54")


def test_asked_to_end_it_restores_the_terminal(harbour: Desk) -> None:
    terminal = harbour.open(80, 24)
    terminal.press("tab", "1")
    terminal.see_status("Agree on")
    terminal.process.send_signal(signal.SIGTERM)
    assert terminal.wait_exit() == 128 + signal.SIGTERM
    assert_restored(terminal)
    assert [one.label for one in harbour.put()] == ["agree"]
