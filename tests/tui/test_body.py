from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from tui.text.body import Body
from tui.text.cells import clusters

PIECES = [
    *"ab. \n-", "word ", "  ", "longerword", "e\u0301", "\u0301" * 12, "\u200b", "😀", "👍🏽", "👩‍👩‍👧", "❤️", "🇩🇪", "日", "本語", "。", "한국어", "م", "कि", "กำ",
    "\u202e", "\t", "\xa0", "\U000e0041", "\x1b",
]  # fmt: skip
TEXTS = st.lists(st.sampled_from(PIECES), max_size=30).map("".join) | st.text(max_size=30)
BODIES = st.builds(Body, TEXTS, st.integers(1, 24))


@pytest.fixture
def body() -> Body:
    """Lines `The tunnel`, `will flood`, ``, `日本‹ZWSP›語`, `ok`."""
    return Body("The tunnel will flood\n\n日本\u200b語 ok", 12)


def test_lines_are_drawn(body: Body) -> None:
    assert [body.drawn(line) for line in range(body.height)] == ["The tunnel", "will flood", "", "日本‹ZWSP›語", "ok"]
    assert [body.cells(line) for line in range(body.height)] == [10, 10, 0, 12, 2]


def test_lines_know_what_they_draw(body: Body) -> None:
    assert [body.span_of(line) for line in range(body.height)] == [(0, 10), (11, 21), (22, 22), (23, 27), (28, 30)]


def test_what_is_not_drawn_belongs_to_the_line_before(body: Body) -> None:
    assert [body.line_of(offset) for offset in (0, 9, 10, 11, 20, 21, 22, 23, 27, 28, 30)] == [
        0,
        0,
        0,
        1,
        1,
        1,
        2,
        3,
        3,
        4,
        4,
    ]


def test_cells_of_offsets(body: Body) -> None:
    cells = [body.cell_of(offset) for offset in (0, 9, 10, 11, 21, 22, 24, 25, 26, 27, 30)]
    assert cells == [(0, 0), (0, 9), (0, 10), (1, 0), (1, 10), (2, 0), (3, 2), (3, 4), (3, 10), (3, 12), (4, 2)]


def test_offsets_of_cells(body: Body) -> None:
    assert [body.offset_at(3, cell) for cell in (-1, 0, 1, 2, 3, 4, 9, 10, 11, 12, 50)] == [
        23,
        23,
        23,
        24,
        24,
        25,
        25,
        26,
        26,
        27,
        27,
    ]
    assert [body.offset_at(0, cell) for cell in (0, 9, 10, 50)] == [0, 9, 10, 10]
    assert body.offset_at(2, 5) == 22


def test_the_last_offset_of_a_line(body: Body) -> None:
    assert [body.last_offset(line) for line in range(body.height)] == [9, 20, 22, 26, 29]


def test_runs_are_cut_at_offsets(body: Body) -> None:
    assert body.runs(0, [4, 7]) == [("The ", 0, 4), ("tun", 4, 7), ("nel", 7, 10)]
    assert body.runs(3, [0, 24, 25, 26, 99]) == [("日", 23, 24), ("本", 24, 25), ("‹ZWSP›", 25, 26), ("語", 26, 27)]
    assert body.runs(2, [22]) == []


def test_a_cut_inside_a_cluster_makes_a_piece_of_it() -> None:
    assert Body("ae\u0301👩‍👩b", 20).runs(0, [2, 5]) == [("a", 0, 1), ("e\u0301", 1, 3), ("👩‍👩", 3, 6), ("b", 6, 7)]


def test_signs_of_a_line(body: Body) -> None:
    assert body.signs(3) == [("‹ZWSP›", 4, 6)]
    assert body.signs(0) == []


def test_a_sign_wider_than_the_line_is_on_several() -> None:
    body = Body("\u200b", 4)
    assert [body.drawn(line) for line in range(2)] == ["‹ZWS", "P›"]
    assert [body.span_of(line) for line in range(2)] == [(0, 1), (0, 1)]
    assert body.offset_at(1, 0) == 0


def test_an_empty_text_is_one_empty_line() -> None:
    body = Body("", 10)
    assert (body.height, body.drawn(0), body.span_of(0)) == (1, "", (0, 0))
    assert (body.line_of(0), body.cell_of(0), body.offset_at(0, 3), body.last_offset(0)) == (0, (0, 0), 0, 0)


@given(BODIES)
def test_cells_and_offsets_are_inverse_where_something_is_drawn(body: Body) -> None:
    for start, _ in clusters(body.text):
        line, cell = body.cell_of(start)
        first, end = body.span_of(line)
        if first <= start < end:
            assert body.offset_at(line, cell) == start
        else:
            assert cell == body.cells(line)
        assert body.line_of(start) == line


@given(BODIES)
def test_every_cell_leads_to_a_cluster_of_its_line(body: Body) -> None:
    starts = {start for start, _ in clusters(body.text)} | {len(body.text)}
    for line in range(body.height):
        first, end = body.span_of(line)
        for cell in range(-1, body.width + 2):
            assert body.offset_at(line, cell) in starts
            assert body.cluster(first)[0] <= body.offset_at(line, cell) <= end
        assert body.last_offset(line) in starts


@given(BODIES)
def test_an_offset_inside_a_cluster_is_the_clusters(body: Body) -> None:
    for start, end in clusters(body.text):
        for offset in range(start, end):
            assert body.cluster(offset) == (start, end)
            assert body.cell_of(offset) == body.cell_of(start)


@given(BODIES)
def test_lines_are_in_order_and_the_end_is_on_the_last(body: Body) -> None:
    lines = [body.line_of(offset) for offset in range(len(body.text) + 1)]
    assert lines == sorted(lines)
    assert lines[-1] == body.height - 1
    assert body.cell_of(len(body.text)) == (body.height - 1, body.cells(body.height - 1))


@given(BODIES, st.lists(st.integers(0, 40), max_size=6).map(sorted))
def test_runs_cover_the_line_and_their_widths_sum_up(body: Body, cuts: list[int]) -> None:
    for line in range(body.height):
        runs = body.runs(line, cuts)
        assert "".join(drawn for drawn, _, _ in runs) == body.drawn(line)
        assert sum(cell_len(drawn) for drawn, _, _ in runs) == cell_len(body.drawn(line)) == body.cells(line)
        if runs:
            assert (runs[0][1], runs[-1][2]) == body.span_of(line)
        for (_, _, end), (_, start, _) in pairwise(runs):
            assert end == start


@given(BODIES, st.integers(0, 40), st.integers(1, 10))
def test_a_span_is_told_by_the_runs_that_overlap_it(body: Body, start: int, length: int) -> None:
    end = start + length
    for line in range(body.height):
        for _, left, right in body.runs(line, [start, end]):
            is_inside = start <= left and right <= end
            is_outside = right <= start or end <= left
            assert is_inside or is_outside or len({body.cluster(left), body.cluster(right - 1)}) == 1


@given(BODIES)
def test_signs_lie_in_their_line(body: Body) -> None:
    for line in range(body.height):
        for drawn, cell, width in body.signs(line):
            assert drawn in body.drawn(line)
            assert cell >= 0
            assert cell + width <= body.cells(line)
