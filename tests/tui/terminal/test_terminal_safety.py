"""Hostile text in a real terminal: all of it is seen, none of it acts, and no column moves.

The screen draws a grapheme cluster as wcwidth and the terminals named in `conftest` do, so that rows with emoji are held
to the same columns as all others. Single regional indicators are left out: a terminal gives them two cells, Rich one.
"""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from functools import partial
from typing import TYPE_CHECKING

import pytest

from annotations.model import Post, PostKind, Thread

if TYPE_CHECKING:
    from tests.tui.terminal.conftest import Desk, Terminal

TAGS = "".join(chr(0xE0000 + ord(letter)) for letter in "hidden")
ZALGO = "Z" + "".join(chr(0x300 + mark) for mark in range(60)) + "algo"
TITLE = "Nasty \u202etitle\u202c [bold red]markup[/]\u200b"
ESCAPES = "a\x1b[31mb\x1b]0;pwned\x07\x9b31mc\x08\x1b[2Jd"

TEXTS = {
    "bidi": "start \u202eover\u202c \u202aembed\u202c \u202dlro\u202c \u202b \u2066iso\u2069 \u2067 \u2068 \u200f\u200e\u061c end",
    "zero": "ze\u200bro\u200c wi\u200ddth\ufeff wo\u2060rd so\u00adft \u034f \u180e end",
    "tags": f"be{TAGS}hind the words, and after a flag \U0001f3f4{TAGS}\U000e007f",
    "markup": "[bold red]markup[/] [@click=app.quit]go[/] [/] [ [[ \\[x] :smile: $accent {x} %s",
    "escape": "like \\x1b[31mred\\x1b[0m and ^[[2J and \\033]0;x\\007",
    "zalgo": f"see {ZALGO} here",
    "word": "w" * 300,
    "rtl": "שלום עולם abc مرحبا بالعالم 123 (x)",
    "emoji": "👩‍❤️‍💋‍👨👨‍👩‍👧‍👧👍🏽🇩🇪🇫🇷1️⃣❤️ 👨🏽‍👩🏽‍👧🏽 ©️ end",
    "cjk": "漢字かな交じり文、" * 20,
    "marks": "\u0301\u0301 leading, ภาษาไทยที่ดี 한글 עִבְרִית",
    "lines": "line\u2028separator\u2029paragraph",
    "control": "to be replaced",
    "long": "0123456789 " * 909 + "the end",
}
SEEN = {
    "bidi": (
        "‹RLO›over‹PDF›",
        "‹LRE›",
        "‹LRO›",
        "‹RLE›",
        "‹LRI›",
        "‹PDI›",
        "‹RLI›",
        "‹FSI›",
        "‹RLM›",
        "‹LRM›",
        "‹ALM›",
    ),
    "zero": ("ze‹ZWSP›ro‹ZWNJ›", "wi‹ZWJ›dth‹BOM›", "wo‹WJ›rd", "so‹SHY›ft", "‹CGJ›", "‹MVS›"),
    "tags": ("be‹U+E0068›‹U+E0069›‹U+E0064›", "after a flag \U0001f3f4", "‹U+E006E›", "‹U+E007F›"),
    "markup": ("[bold red]markup[/] [@click=app.quit]go[/] [/] [ [[ \\[x] :smile: $accent {x} %s",),
    "escape": ("like \\x1b[31mred\\x1b[0m and ^[[2J and \\033]0;x\\007",),
    "zalgo": ("see Z\u0300\u0301", "‹+52›algo here"),
    "word": ("w" * 70,),
    "rtl": ("שלום עולם abc مرحبا بالعالم 123 (x)",),
    "emoji": ("👩‍❤️‍💋‍👨👨‍👩‍👧‍👧👍🏽🇩🇪🇫🇷1️⃣❤️ 👨🏽‍👩🏽‍👧🏽 ©️ end",),
    "cjk": ("漢字かな交じり文、漢字かな交じり文、",),
    "marks": ("◌\u0301\u0301 leading, ภาษาไทยที่ดี 한글 עִבְרִית",),
    "lines": ("line‹LS›separator‹PS›paragraph",),
    "control": ("a␛[31mb␛]0;pwned␇‹U+009B›31mc␈␛[2Jd",),
    "long": ("0123456789 0123456789 0123456789",),
}
FORBIDDEN = re.compile(
    "[\u202a-\u202e\u2066-\u2069\u200b\u200c\u200e\u200f\u2028\u2029\u2060\ufeff\U000e0000-\U000e007f]"
)
SEQUENCE = re.compile(
    r"\x1b(?:\[(?P<private>[<=>?]?)[\d;]*(?P<end>\$?[A-Za-z])|\](?P<window>\d+);[^\x07\x1b]*(?:\x07|\x1b\\))"
)
SEQUENCES = {("", "m"), ("", "H"), ("?", "h"), ("?", "l"), ("?", "$p"), (">", "u"), ("<", "u"), (None, None)}
POINTER_SHAPE = "22"
"""The one command to the window that Textual gives by itself."""


def hostile_thread() -> Thread:
    """Return an article with all the texts, and a comment for each, whose author's name begins with the text too."""
    article = "\n\n".join([TITLE, *(text for name, text in TEXTS.items() if name != "long")])
    posts = [Post(key="0", parent=None, kind=PostKind.ARTICLE, text=article)]
    posts += [Post(key=name, parent="0", author=f"{name} {text[:24]}", text=text) for name, text in TEXTS.items()]
    return Thread(key="nasty", title=TITLE, posts=tuple(posts), format="flattened")


@pytest.fixture
def hostile(desk: Desk) -> Desk:
    """A folder with that thread; one text is given escape sequences behind the importer's back."""
    desk.save(hostile_thread())
    with closing(sqlite3.connect(desk.project_path)) as connection:
        connection.execute(
            "UPDATE posts SET text = ?, author = ? WHERE key = 'control'", (ESCAPES, f"control {ESCAPES[:12]}")
        )
        connection.commit()
    return desk


def assert_harmless(terminal: Terminal) -> None:
    """Assert that the bytes sent to the terminal hold the program's own sequences and nothing invisible."""
    assert set(FORBIDDEN.findall(terminal.output)) == set()
    stripped = SEQUENCE.sub("", terminal.output)
    assert set(re.findall(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]", stripped)) == set()
    found = list(SEQUENCE.finditer(terminal.output))
    assert {(match["private"], match["end"]) for match in found} <= SEQUENCES
    assert {match["window"] for match in found} <= {None, POINTER_SHAPE}
    assert "\x1b[31m" not in terminal.output


def assert_columns(terminal: Terminal, columns: tuple[int, ...], rows: range) -> None:
    """Assert that these columns hold the scroll bars, and nothing else, on each row."""
    for y in rows:
        signs = "".join(terminal.style(x, y).data for x in columns)
        assert set(signs) <= set("┃│ "), f"row {y}: {terminal.lines[y]}"


def focused_text(terminal: Terminal) -> str:
    """Return what is shown of the post in focus, its lines joined."""
    rows = (line.partition("▌")[2].rstrip(" │┃") for line in terminal.lines if "▌" in line)
    return " ".join(" ".join(rows).split())


def has_in_focus(terminal: Terminal, text: str) -> bool:
    """Tell whether the post in focus shows this."""
    return text in focused_text(terminal)


@pytest.mark.parametrize(("columns", "rows"), [(80, 24), (160, 50)])
def test_hostile_text_is_seen_and_does_nothing(hostile: Desk, columns: int, rows: int) -> None:
    terminal = hostile.open(columns, rows)
    terminal.see_status("Nasty ‹RLO›title‹PDF›")
    terminal.see("Nasty ‹RLO›title‹PDF› [bold red]markup[/]‹ZWSP›")
    terminal.press("tab")
    terminal.see_status("READ", "bidi · 1/14")
    is_stacked = columns < 100
    bars = (columns - 1,) if is_stacked else (columns // 2 - 2, columns - 1)
    for number, (name, seen) in enumerate(SEEN.items(), 1):
        terminal.press("zt")
        terminal.see_status(f"{name} · {number}/14")
        for text in seen:
            terminal.wait(partial(has_in_focus, terminal, text), f"{text!r} in the focused comment")
        assert re.match(rf"[▾•]? ?{name} ", focused_text(terminal)), "the author"
        assert_columns(terminal, bars, range(8 if is_stacked else rows - 7))
        terminal.press("J")
    terminal.press("i", "}")
    terminal.see("the end")
    terminal.press("q")
    assert terminal.wait_exit() == 0
    assert_harmless(terminal)


def test_hostile_text_does_nothing_in_lines_and_dialogs(hostile: Desk) -> None:
    terminal = hostile.open(160, 50, annotator="a\u202en [b]x[/]\u200b")
    terminal.see_status("a‹RLO›n [b]x[/]‹ZWSP›")
    terminal.press("tab")
    terminal.see_status("READ")

    # in what is said of a label, on its chip, in the line about it
    terminal.press("p", "c")
    terminal.see_status("Claim on “start")
    terminal.see(" Claim ", "“start ‹RLO›over‹PDF›", "a‹RLO›n [b]x[/]‹ZWSP›, 20")
    terminal.press("r", "0", "2")
    terminal.see("→ Rebuts")
    terminal.press("J", "r")
    terminal.see("the letter", "RELATE")
    letter = terminal.wait(lambda: re.search(r"c(\w)start", terminal.text), "the claim's letter")
    terminal.press(letter[1], "1")
    terminal.see("→ Supports “start ‹RLO›over‹PDF›", "from zero  a‹RLO›n")
    terminal.press("u")
    terminal.see_status("Undone: Supports")

    # in the dialogs
    terminal.press("gs")
    terminal.see("Post zero", "ze‹ZWSP›ro‹ZWNJ›")
    terminal.press("q")
    terminal.wait(lambda: "Post zero" not in terminal.text, "the record to close")
    terminal.press("ge")
    terminal.see("JSON Lines, a post a line")
    terminal.press("escape")
    terminal.wait(lambda: "JSON Lines, a post a line" not in terminal.text, "the preview to close")
    terminal.press("a")
    terminal.press("escape")
    terminal.press("/", "[bold red]")
    terminal.see("1 comment + article")
    terminal.press("escape")
    terminal.wait(lambda: "1 comment +" not in terminal.text and "• escape" in terminal.text, "the search to end")
    terminal.press("q")
    assert terminal.wait_exit() == 0
    assert_harmless(terminal)
