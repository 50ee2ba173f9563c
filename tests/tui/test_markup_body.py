"""A text that is read otherwise than it is stored: cells and offsets stay exact in both directions."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from tui.text import motions
from tui.text.body import Body
from tui.text.markup import read_markup
from tui.text.visible import Display, redraw

PIECES = [
    *"ab. \n*_`>[]()<&;-#", "word ", "a longer word", "<p>", "</p>", "<i>", "</i>", "<b>x</b>", "<br>", "<ul>", "<li>", "</ul>", "<ol>", "</ol>",
    "<code>", "</code>", "<pre>", "\n</pre>", "<hr>", "<sup>", "&gt;", "&amp;", "&#x27;", "&#x202e;", "&nbsp;", "e&#x301;", "\u0301", "日本", "👩‍👩‍👧", "🇩", "🇪", "\u200d", "\u200b",
    "\t", "https://a.b/c ", "[w](https://a.b)", "<https://a.b>", '<a href="https://a.b">', "</a>", '<a href="https://c.d">a.b</a>', "\n- item ", "\n> ", "**so**",
]  # fmt: skip
TEXTS = st.lists(st.sampled_from(PIECES), max_size=25).map("".join)


def read(text: str, width: int = 40) -> Body:
    return Body(text, width, read_markup(text).reading)


BODIES = st.builds(read, TEXTS, st.integers(1, 30))


def visible_starts(body: Body) -> list[int]:
    return sorted({body.cluster(offset)[0] for offset in range(len(body.text) + 1)})


@given(TEXTS)
def test_the_reading_maps_in_order_and_back(text: str) -> None:
    reading = read_markup(text).reading or Display(text)
    indexes = [reading.to_display(offset) for offset in range(len(text) + 1)]
    offsets = [reading.to_source(index) for index in range(len(reading.text) + 1)]
    assert indexes == sorted(indexes)
    assert offsets == sorted(offsets)
    assert indexes[-1] == len(reading.text)
    assert offsets[-1] == len(text)
    for index in range(1, len(reading.text) + 1):
        assert offsets[index - 1] <= reading.to_source_end(index) <= len(text)


@given(BODIES)
def test_what_holds_an_offset_is_the_same_wherever_it_is_asked_from(body: Body) -> None:
    for offset in range(len(body.text) + 1):
        start, end = body.cluster(offset)
        assert start <= end
        assert body.cluster(start) == (start, end)
        assert body.cell_of(offset) == body.cell_of(start)
        assert body.visible(body.visible(offset)) == body.visible(offset)


@given(BODIES)
def test_cells_and_offsets_are_inverse_where_something_is_drawn(body: Body) -> None:
    for start in visible_starts(body):
        line, cell = body.cell_of(start)
        first, end = body.span_of(line)
        assert body.line_of(start) == line
        if first <= start < end:
            assert body.offset_at(line, cell) == start


@given(BODIES)
def test_every_cell_leads_to_a_cluster(body: Body) -> None:
    starts = set(visible_starts(body))
    for line in range(body.height):
        for cell in range(-1, body.width + 2):
            assert body.offset_at(line, cell) in starts
        assert body.last_offset(line) in starts


@given(BODIES)
def test_lines_are_in_order(body: Body) -> None:
    lines = [body.line_of(offset) for offset in range(len(body.text) + 1)]
    assert lines == sorted(lines)
    assert lines[-1] == body.height - 1


@given(BODIES, st.lists(st.integers(0, 60), max_size=6).map(sorted))
def test_runs_cover_the_line_in_order(body: Body, cuts: list[int]) -> None:
    for line in range(body.height):
        runs = body.runs(line, cuts)
        assert "".join(drawn for drawn, _, _ in runs) == body.drawn(line)
        assert sum(cell_len(drawn) for drawn, _, _ in runs) == cell_len(body.drawn(line)) == body.cells(line)
        if runs:
            assert (runs[0][1], runs[-1][2]) == body.span_of(line)
        for (_, start, end), (_, following, _) in pairwise(runs):
            assert start <= end <= following or start == following


@given(BODIES)
def test_the_cursor_steps_over_every_cluster_and_comes_back(body: Body) -> None:
    here, forward = body.cluster(0)[0], [body.cluster(0)[0]]
    while (there := body.cluster(body.follow(motions.next_cluster, here))[0]) != here:
        assert there > here
        forward.append(there)
        here = there
    assert forward == visible_starts(body)
    backward = [here]
    while (there := body.cluster(body.follow(motions.previous_cluster, here))[0]) != here:
        assert there < here
        backward.append(there)
        here = there
    assert backward[::-1] == forward


@given(BODIES, st.integers(0, 60))
def test_sentences_and_words_lie_in_the_stored_text(body: Body, offset: int) -> None:
    for finder in (motions.sentence_at, motions.paragraph_at, motions.word_at):
        found = body.find(finder, min(offset, len(body.text)))
        if found is not None:
            assert 0 <= found[0] < found[1] <= len(body.text)


@given(BODIES)
def test_words_that_were_added_are_found_at_their_cells(body: Body) -> None:
    links = read_markup(body.text).links
    ends = {link.end for link in links}
    for line in range(body.height):
        column = 0
        for drawn, start, end in body.runs(line, []):
            is_number = start == end and not drawn.isspace()
            for cell in range(column, column + cell_len(drawn)):
                behind = body.added_at(line, cell)
                assert (behind is not None) == is_number
                assert behind is None or behind in ends
            column += cell_len(drawn)


@pytest.fixture
def html() -> Body:
    """Lines `Well.`, an empty one, `So it is & was.`, `• one`."""
    return read("Well.<p>So <i>it</i> is &amp; was.<ul><li>one")


def test_tags_are_not_drawn_but_end_lines(html: Body) -> None:
    assert [html.drawn(line) for line in range(html.height)] == ["Well.", "", "So it is & was.", "", "• one"]


def test_the_cursor_goes_from_word_to_word_over_tags(html: Body) -> None:
    text = html.text
    it = text.index("it</i>")
    assert html.cell_of(it) == (2, 3)
    assert html.offset_at(2, 3) == it
    assert html.cluster(text.index("</i>")) == (it + 6, it + 7)
    assert html.follow(motions.next_word, text.index("So")) == it
    assert html.follow(motions.previous_word, it) == text.index("So")
    assert html.follow(motions.next_word, it) == text.index("is &amp;")


def test_an_entity_is_one_cluster(html: Body) -> None:
    start = html.text.index("&amp;")
    for offset in range(start, start + 5):
        assert html.cluster(offset) == (start, start + 5)
    assert html.runs(2, [start, start + 5])[-2] == ("&", start, start + 5)


def test_a_sentence_is_found_without_the_tags_around_it(html: Body) -> None:
    text = html.text
    assert html.find(motions.sentence_at, text.index("it</i>")) == (text.index("So"), text.index("<ul>"))
    body = read("<p><i>All of it.</i> And more.</p>")
    found = body.find(motions.sentence_at, 6)
    assert found is not None
    assert body.text[slice(*found)] == "All of it."


def test_the_end_of_a_line_that_a_tag_ends_is_the_tag(html: Body) -> None:
    paragraph = html.text.index("<p>")
    assert html.offset_at(0, 30) == paragraph
    assert html.line_of(paragraph) == 0
    assert html.offset_at(1, 0) == paragraph + 1
    assert html.line_of(paragraph + 1) == 1


def test_a_links_number_stands_for_no_text() -> None:
    body = read("see https://a.b now")
    assert body.drawn(0) == "see https://a.b¹ now"
    assert body.runs(0, []) == [("see https://a.b", 0, 15), ("¹", 15, 15), (" now", 15, 19)]
    assert body.cell_of(14) == (0, 14)
    assert body.cell_of(15) == (0, 16)
    assert body.follow(motions.next_cluster, 14) == 15
    assert body.follow(motions.previous_cluster, 15) == 14
    assert [body.added_at(0, cell) for cell in (14, 15, 16)] == [None, 15, None]


def test_a_links_number_is_never_alone_on_a_line() -> None:
    body = read("https://a.b/cdefg", 17)
    assert [body.drawn(line) for line in range(body.height)] == ["https://a.b/cdef", "g¹"]


def test_a_lists_item_goes_on_under_its_text() -> None:
    body = read("- one two three\n10. four five\n> six seven eight", 10)
    assert [body.drawn(line) for line in range(body.height)] == [
        "- one two", "  three", "10. four", "five", "> six", "  seven", "  eight",
    ]  # fmt: skip
    assert body.runs(1, []) == [("  ", 10, 10), ("three", 10, 15)]
    assert body.cell_of(10) == (1, 2)
    assert [body.offset_at(1, cell) for cell in (0, 1, 2, 3, 6, 9)] == [10, 10, 10, 11, 14, 15]
    assert body.cells(1) == 7


def test_entities_join_what_they_make_into_clusters() -> None:
    body = read("e&#x301;x &#x202e; &#x1f1e9;🇪")
    assert body.drawn(0) == "e\u0301x ‹RLO› 🇩🇪"
    assert body.cluster(3) == (0, 8)
    assert body.cluster(body.text.index("🇪")) == (19, 29)


def test_a_text_that_is_nothing_but_tags_is_an_empty_line() -> None:
    body = read("<p></p><b></b>")
    assert (body.height, body.drawn(0)) == (1, "")
    assert body.cell_of(3) == (0, 0)
    assert body.cluster(3) == (14, 14)


def test_what_is_hidden_leads_to_what_follows_and_what_was_added_to_what_is_behind() -> None:
    shown = redraw("ab<i>cd", [(2, 2, "¹"), (2, 5, "")])
    assert shown.text == "ab¹cd"
    assert [shown.to_display(offset) for offset in range(8)] == [0, 1, 3, 3, 3, 3, 4, 5]
    assert [shown.to_source(index) for index in range(6)] == [0, 1, 2, 5, 6, 7]
    assert [shown.to_source_end(index) for index in range(6)] == [0, 1, 2, 2, 6, 7]
    assert shown.added(0, 5) == [(2, 3)]
