"""Entries of a help: what is said stands beside what it is said of, on each line, in every width."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from textual.content import Content

from tui.screens.entries import KEY_COLUMN, NARROWEST, Entry, of_keys, sentence


def lines(entry: Entry, width: int) -> list[str]:
    return [line.plain for line in entry.lines(width)]


def test_keys_stand_in_a_column_and_what_they_do_beside() -> None:
    entry = of_keys(("g r", "ctrl+o"), "Go to the top of this chain")
    assert lines(entry, 80) == [f"{'  gr  ^o':<{KEY_COLUMN + 2}}Go to the top of this chain"]
    assert lines(entry, 34) == ["  gr  ^o          Go to the top of", "                  this chain"]


def test_many_keys_keep_a_gap_behind_them() -> None:
    assert lines(of_keys(("shift+tab", "pagedown", "home"), "Go"), 60) == ["  Shift+Tab  PgDn  Home  Go"]


def test_a_sentence_is_set_in_on_each_line() -> None:
    assert lines(sentence("The wheel scrolls a page."), 20) == ["  The wheel scrolls", "  a page."]


def test_where_there_is_no_room_beside_it_stands_below() -> None:
    entry = Entry(Content("  shift+tab  "), Content("what it says"))
    assert lines(entry, 13 + NARROWEST) == ["  shift+tab  what it says"]
    assert lines(entry, 13 + NARROWEST - 1) == ["  shift+tab  what it", "says"]


@given(st.text("ab 漢", max_size=30), st.text("cd 字", max_size=60), st.integers(2, 60))
def test_no_line_is_too_wide_and_no_word_is_lost(head: str, text: str, width: int) -> None:
    drawn = list(Entry(Content(head), Content(text)).lines(width))
    assert drawn
    assert all(line.cell_length <= width for line in drawn)
    assert "".join("".join(line.plain for line in drawn).split()) == "".join((head + text).split())
