"""Kinds of terminal: without colours, with 256, with all of them; with the old keys and with kitty's."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.tui.terminal.conftest import Desk, Terminal

TRUECOLOUR = re.compile(r"[34]8;2;\d+;\d+;\d+")
COLOUR_256 = re.compile(r"[34]8;5;\d+")
ANY_COLOUR = re.compile(r"(?:^|;)(?:3[0-9]|4[0-9]|9[0-7]|10[0-7])(?:;|$)")


def renditions(terminal: Terminal) -> set[str]:
    """Return the parameters of all SGR sequences that the program has sent."""
    return set(re.findall(r"\x1b\[([\d;:]*)m", terminal.output))


def label_something(terminal: Terminal) -> None:
    """Make a claim, label a comment, select a sentence, so that there is something of all that has a colour."""
    terminal.press("}sc")
    terminal.see_status("Claim on")
    terminal.press("tab", "1")
    terminal.see_status("Agree on 1")
    terminal.press("s")
    terminal.see_status("SELECT")


@pytest.mark.parametrize(
    ("variables", "wanted", "unwanted"),
    [
        ({"TERM": "xterm-256color", "COLORTERM": "truecolor"}, TRUECOLOUR, COLOUR_256),
        ({"TERM": "xterm-256color", "COLORTERM": None}, COLOUR_256, TRUECOLOUR),
        ({"TERM": "screen-256color", "COLORTERM": None}, COLOUR_256, TRUECOLOUR),
        ({"TERM": "screen-256color", "COLORTERM": "truecolor"}, TRUECOLOUR, COLOUR_256),
    ],
    ids=lambda value: "-".join(str(part) for part in value.values()) if isinstance(value, dict) else "",
)
def test_the_colours_are_those_that_the_terminal_has(
    harbour: Desk, variables: Mapping[str, str | None], wanted: re.Pattern[str], unwanted: re.Pattern[str]
) -> None:
    terminal = harbour.open(80, 24, variables=variables)
    label_something(terminal)
    found = renditions(terminal)
    assert any(wanted.search(parameters) for parameters in found)
    assert not any(unwanted.search(parameters) for parameters in found)
    terminal.press("q")
    assert terminal.wait_exit() == 0
    assert [one.label for one in harbour.put()] == ["claim", "agree"]


def test_without_colours_everything_can_still_be_told_apart(harbour: Desk) -> None:
    terminal = harbour.open(80, 24, variables={"NO_COLOR": "1"})
    label_something(terminal)

    # the selection is reversed, the claim is underlined and has its sign in the margin, the focused post has its bar
    selected = terminal.place("> on a bad")
    terminal.wait(lambda: terminal.style(*selected).reverse, "the selection to be reversed")
    claimed = terminal.place("Quillmouth council")
    assert terminal.style(*claimed).underscore
    assert terminal.lines[claimed[1]].startswith(" c")
    assert any(line.startswith("▌") for line in terminal.lines[9:21])

    # in a dialog the row that Enter takes is reversed
    terminal.press("bare escape")
    terminal.see_status("READ")
    terminal.press("t", "sarc")

    def is_chosen() -> bool:
        place = terminal.find("Sarcasm  post")
        return place is not None and terminal.style(*place).reverse

    terminal.wait(is_chosen, "the chosen label to be reversed")
    terminal.press("enter")
    terminal.see_status("Sarcasm on")
    found = renditions(terminal)
    assert [parameters for parameters in found if ANY_COLOUR.search(parameters)] == []
    assert {"1", "4", "7"} <= {part for parameters in found for part in parameters.split(";")}


def test_keys_as_kitty_sends_them(harbour: Desk) -> None:
    """Postil asks for kitty's protocol, in which each key is a sequence with its code, modifiers and text."""

    def press(*keys: str) -> None:
        for key in keys:
            is_shifted = key.isupper() or key in "{}?"
            code = {"\t": 9, "\r": 13, "\x1b": 27, " ": 32}.get(key, ord(key.lower()))
            modifiers = ";2" if is_shifted else ""
            text = f"{'' if is_shifted else ';'};{ord(key)}" if key.isprintable() else ""
            terminal.write(f"\x1b[{code}{modifiers}{text}u")

    terminal = harbour.open(80, 24)
    assert re.search(r"\x1b\[>\d+u", terminal.output), "the protocol is asked for"
    press(*"}sc")
    terminal.see_status("Claim on “Quill")
    press("\t", "j")
    terminal.see_status("READ", "1.1 · 2/54")
    press("J")
    terminal.see_status("1.2 · 12/54")
    press("K", "i", "v")
    terminal.see_status("SELECT", "1.1 · 2/54")
    press("\x1b", "\x1b", "2")
    terminal.see_status("Disagree on 1.1")
    press("t", *"sarc", "\r")
    terminal.see_status("Sarcasm on")
    press("/", *"tide gauge")
    terminal.see("1 comment")
    press("\x1b")
    terminal.wait(lambda: "1 comment" not in terminal.text, "the search to end")
    terminal.write("\x1b[117;;117u")
    terminal.see_status("Undone: Sarcasm")
    terminal.write("\x1b[114;5u")  # ctrl+r
    terminal.see_status("Redone: Sarcasm")
    press("q")
    assert terminal.wait_exit() == 0
    assert [one.label for one in harbour.put()] == ["claim", "disagree", "sarcasm"]
