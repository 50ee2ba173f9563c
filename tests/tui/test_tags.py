"""Words that are drawn behind a place of a text, as the markers of relations are: no motion, no offset knows of them."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from rich.cells import cell_len

from tui.text import motions
from tui.text.body import Body
from tui.text.cells import clusters
from tui.text.markup import read_markup

TEXT = "It will flood. Nobody asked us."
TAGS = [(14, " →Rebuts\xa02.1"), (31, " ←Asks")]


@pytest.fixture
def body() -> Body:
    return Body(TEXT, 40, None, TAGS)


def test_a_tag_is_drawn_behind_its_place(body: Body) -> None:
    assert [body.drawn(line) for line in range(body.height)] == [
        "It will flood. →Rebuts\xa02.1 Nobody asked",
        "us. ←Asks",
    ]
    assert body.runs(0, [8, 14]) == [
        ("It will ", 0, 8),
        ("flood.", 8, 14),
        (" →Rebuts\xa02.1", 14, 14),
        (" Nobody asked", 14, 27),
    ]
    assert body.runs(1, []) == [("us.", 28, 31), (" ←Asks", 31, 31)]


def test_motions_and_sentences_pass_it_over(body: Body) -> None:
    assert body.find(motions.sentence_at, 3) == (0, 14)
    assert body.find(motions.sentence_at, 20) == (15, 31)
    assert body.follow(motions.next_word, 13) == 15
    assert body.cell_of(15) == (0, 27)
    assert body.offset_at(0, 27) == 15


def test_a_cell_of_it_leads_to_its_place(body: Body) -> None:
    tagged = [cell for cell in range(40) if body.tag_at(0, cell) is not None]
    assert tagged == list(range(14, 26))
    assert {body.tag_at(0, cell) for cell in tagged} == {14}
    assert body.tag_at(1, 3) == 31
    assert Body(TEXT, 40).tag_at(0, 14) is None


def test_it_is_no_sign_for_a_character(body: Body) -> None:
    assert body.signs(0) == []
    shown = Body("a\u200bb", 20, None, [(1, " →X"), (2, " ←Y")])
    assert shown.drawn(0) == "a →X‹ZWSP› ←Yb"
    assert shown.signs(0) == [("‹ZWSP›", 4, 6)]


def test_it_stands_behind_a_cluster_and_a_links_number_and_before_what_is_hidden() -> None:
    assert Body("👩‍👩b", 20, None, [(1, " →X")]).drawn(0) == "👩‍👩 →Xb"
    linked = "See https://a.example/b now"
    assert Body(linked, 60, read_markup(linked).reading, [(23, " →X")]).drawn(0) == "See https://a.example/b¹ →X now"
    html = "<p>A <b>claim</b> stands.</p>"
    body = Body(html, 60, read_markup(html).reading, [(13, " →X")])
    assert body.drawn(0).strip() == "A claim →X stands."
    assert [run for run in body.runs(0, []) if run[1] == run[2] and run[0] == " →X"] == [(" →X", 13, 13)]


TEXTS = st.text(alphabet=st.sampled_from("ab .\n\t桥\u0301\u200d👩<>*&;/pi→"), max_size=40)


@given(
    TEXTS,
    st.lists(st.tuples(st.integers(0, 40), st.sampled_from([" →Rebuts\xa01", "←X"])), max_size=4),
    st.integers(3, 30),
)
@example("<i>a</i> b", [(4, " →Rebuts\xa01")], 10)
@example(";;\u0301", [(2, " →Rebuts\xa01")], 12)
@example(">;;;\u200d\u200d\u200d", [(7, "←X")], 20)
def test_offsets_are_those_of_the_text_without_tags(text: str, tags: list[tuple[int, str]], width: int) -> None:
    tags = sorted({min(offset, len(text)): words for offset, words in tags}.items())
    reading = read_markup(text).reading
    tagged, bare = Body(text, width, reading, tags), Body(text, width, reading)
    for start, _ in clusters(text):
        assert tagged.cluster(start) == bare.cluster(start)
        assert tagged.follow(motions.next_word, start) == bare.follow(motions.next_word, start)
        assert tagged.find(motions.sentence_at, start) == bare.find(motions.sentence_at, start)
        line, cell = tagged.cell_of(start)
        assert 0 <= line < tagged.height
        assert cell <= tagged.cells(line)
    drawn = "".join("".join(tagged.drawn(line).split()) for line in range(tagged.height))  # without what lines hang by
    for line in range(tagged.height):
        runs = tagged.runs(line, sorted(offset for offset, _ in tags))
        assert "".join(words for words, _, _ in runs) == tagged.drawn(line)
        assert sum(cell_len(words) for words, _, _ in runs) == tagged.cells(line)
        assert all(left <= right for _, left, right in runs)
        assert all(before[2] <= behind[1] or before[1] == before[2] for before, behind in pairwise(runs))
    if width > 12 and tags:
        assert all("".join(words.split()) in drawn for _, words in tags)


def test_tags_within_and_behind_one_character_stand_at_one_place() -> None:
    body = Body("a\u0301b", 20, None, [(1, " →X"), (2, " ←Y")])
    assert body.drawn(0) == "a\u0301 →X ←Yb"
    assert body.runs(0, [1, 2]) == [("a\u0301", 0, 2), (" →X", 2, 2), (" ←Y", 2, 2), ("b", 2, 3)]
    assert [body.tag_place(offset) for offset in (1, 2, 3)] == [2, 2, None]
