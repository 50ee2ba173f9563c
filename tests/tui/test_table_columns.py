"""Columns that fit a width: which are given up, which grow, how a cell is filled."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from tui.screens.thread_table import COLUMNS
from tui.text.table import GAP, Column, arrange_columns, cut, fill

TEXTS = st.text(st.sampled_from("aé 桥👍🏽\u0301ー…"), max_size=30)


def ids(width: int) -> list[str]:
    return [place.column.id for place in arrange_columns(COLUMNS, width)]


def test_the_library_at_usual_widths() -> None:
    assert ids(30) == ["title"]
    assert ids(77) == ["title", "comments", "labeled", "unread", "opened"]
    assert ids(117) == ["title", "comments", "labeled", "reviewed", "unread", "opened"]
    assert ids(197) == [column.id for column in COLUMNS]


def test_more_room_takes_no_column_away() -> None:
    shown: set[str] = set()
    for width in range(10, 260):
        now = set(ids(width))
        assert shown <= now
        shown = now
    assert shown == {column.id for column in COLUMNS}


@given(st.integers(1, 300))
def test_columns_stand_apart_and_within_the_width(width: int) -> None:
    places = arrange_columns(COLUMNS, width)
    assert places[0].start == 0
    for place, following in pairwise(places):
        assert following.start == place.start + place.width + GAP
    assert places[-1].start + places[-1].width <= width
    assert all(place.width >= place.column.width for place in places[1:])


def test_luxuries_wait_until_the_others_have_the_room_that_they_like() -> None:
    columns = [Column("title", "Title", 10, liked=30, most=50), Column("key", "Key", 8, rank=6)]
    assert [place.column.id for place in arrange_columns(columns, 39)] == ["title"]
    assert [place.width for place in arrange_columns(columns, 40)] == [30, 8]


@given(TEXTS, st.integers(0, 40), st.booleans())
def test_a_cell_is_exactly_as_wide_as_its_column(text: str, width: int, is_right: bool) -> None:  # noqa: FBT001  # drawn
    filled = fill(text, width, is_right=is_right)
    assert cell_len(filled) == width
    if cell_len(text) <= width:
        assert text in filled


def test_wide_letters_are_cut_between_letters() -> None:
    assert fill("東京の新しい橋", 9) == "東京の新…"
    assert fill("東京の新しい橋", 8) == "東京の… "
    assert fill("7", 4, is_right=True) == "   7"
    assert cut("long words", 6) == "long…" + " "
