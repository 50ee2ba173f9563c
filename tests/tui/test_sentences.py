from __future__ import annotations

from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tui.text.layout import paragraph_places
from tui.text.sentences import clause_places, sentence_places, sentences
from tui.text.units import next_unit, previous_unit, unit_at

PIECES = [
    *".!?…。\n ", ". ", "? ", "! ", "\n\n", "\n> ", "\n- ", "...", " – ", "Dr", "e.g. ", "U.S. ", "The", "the ", "Anna ", "3", "3. ", "“", "”",
    "»", "「", "」", "と", "日本", "😀", ":)", "[1]", "\u0301", "\xa0", ", ", "; ", "—", "，", "i", "I", "z. B. ", "http://a.b/c?d ",
]  # fmt: skip
TEXTS = st.lists(st.sampled_from(PIECES), max_size=30).map("".join) | st.text(max_size=30)
BOOK = "The tunnel will flood, he said. Nobody listened; e.g. the council – Dr. Weber! Why?\n\n" * 50_000


def split(text: str) -> list[str]:
    return [text[start:end] for start, end in sentences(text)]


@pytest.mark.parametrize(
    "expected",
    [
        # titles, initials, short forms
        ["Dr. Weber met Mr. and Mrs. Lang.", "They spoke with Maj. Gen. Ito."],
        ["J. K. Rowling wrote it.", "So did J. R. R. Tolkien, Jr. and others."],
        ["Bring fruit, e.g. apples, i.e. Anna's.", "See fig. 3, p. 12 and No. 5.", "He said no.", "Then we left."],
        ["The U.S. Senate met.", "He lives in the U.S.", "The others do not."],
        ["It opens at 9 a.m. on Monday.", "It closes at 5 p.m.", "Then we go."],
        ["Acme Inc. Holdings failed.", "So did Beta Ltd.", "The rest survived, approx. five of them."],
        ["Paper, glue, etc.", "Knives, too.", "On Jan. 5 we met."],
        ["The cat sat.", "Anna saw the sun.", "It was me.", "Then it was him."],
        ["Roe v. Wade was decided.", "Plan B.", "The end.", "So do I.", "Nobody came."],
        # numbers, addresses
        ["It costs 3.5 million.", "Version 2.0.1 is out.", "In 2020.", "15 came."],
        ["See https://a.b/c.html?d=1.", "Write to a.b@c.de!", "Or read example.com.", "Bye."],
        # other stops
        ["Really?!", "No!!!", "Well… maybe.", "Well...", "Perhaps."],
        ["“Stop!” she said.", "“Why?” he asked.", "(He left.)", "She stayed."],
        ["It is so.[12]", "It is.¹", "And so on. [3]", "End."],
        ["Great! 😀", "Next one.", "Fine. :)", "Bye."],
        ["He came.", "– She left."],
        # haste
        ["i agree.", "they should go.", "its bad!", "no way?", "ok lol.", "bye"],
        ["wait...what is it…living there"],
        # languages
        ["Das gilt z. B. für ihn, d. h. für alle.", "Am 3. Oktober kam Dr. Weber u. a. mit Hrn. Lang."],
        ["Er sagte: „Ja.“", "Dann ging er im 2. Weltkrieg.", "Er kam mit mir.", "Anna nicht."],
        ["M. Dupont vient, p. ex. demain.", "Il dit « Bonjour ! » et part.", "Ça va ?", "Oui."],
        ["El Sr. Pérez vino a EE.UU. en ene. 2020.", "¿Qué dijo?", "¡Nada!", "Se fue."],
        ["Он сказал т. е. да.", "И т. д.", "Потом ушёл."],
        ["هل تعلم؟", "نعم.", "حسنا۔"],
        ["यह है।", "वह था।"],
    ],
)  # fmt: skip
def test_sentences_in_one_line(expected: list[str]) -> None:
    assert split(" ".join(expected)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "今日は晴れ。明日は雨！「そうだ。」と言った。次。",
            ["今日は晴れ。", "明日は雨！", "「そうだ。」と言った。", "次。"],
        ),
        ("他说：“好。”然后走了。３．５元……真的", ["他说：“好。”", "然后走了。", "３．５元……真的"]),
        ("It is good.But I left", ["It is good.", "But I left"]),
        ("what?No way", ["what?", "No way"]),
        ("Node.js and Asp.Net and System.Out.println", ["Node.js and Asp.Net and System.Out.println"]),
        ("No stop at the end", ["No stop at the end"]),
        ("  \n ", []),
        ("", []),
        ("...", ["..."]),
        ("Innocents .", ["Innocents ."]),
    ],
)
def test_sentences_without_spaces_and_without_stops(text: str, expected: list[str]) -> None:
    assert split(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A heading\n\nThe body\nof it.", ["A heading", "The body\nof it."]),
        ("First:\n- one\n- Two words\n2) three", ["First:", "- one", "- Two words", "2) three"]),
        ("1. One item.\n2. Two items. More.", ["1. One item.", "2. Two items.", "More."]),
        ("> they said\n> so again.\nI disagree", ["> they said\n> so again.", "I disagree"]),
        ("# Title\ntext goes on", ["# Title", "text goes on"]),
        ("Title\n=====\nText", ["Title", "=====", "Text"]),
        ("It ends.\nthen goes on", ["It ends.", "then goes on"]),
        ("He met Dr.\nWeber there.", ["He met Dr.\nWeber there."]),
        ("Roses are red\nViolets are blue", ["Roses are red", "Violets are blue"]),
        ("Dear all,\nThanks", ["Dear all,\nThanks"]),
        (
            "This mail was wrapped by hand at about seventy columns, as people in\nGermany did. It goes on.",
            ["This mail was wrapped by hand at about seventy columns, as people in\nGermany did.", "It goes on."],
        ),
        ("A line so long that nobody wrapped it, " + "and on " * 12 + "on\nNext thought", None),
        ("blank\n \t\nlines", ["blank", "lines"]),
    ],
)
def test_lines_end_sentences_where_they_are_meant_to(text: str, expected: list[str] | None) -> None:
    assert split(text) == (expected or text.split("\n"))


@given(TEXTS)
def test_sentences_are_trimmed_in_order_and_cover_all_but_white_space(text: str) -> None:
    last = 0
    for start, end in sentences(text):
        assert last <= start < end
        assert text[start:end] == text[start:end].strip()
        assert not text[last:start].strip()
        last = end
    assert not text[last:].strip()


@given(TEXTS, st.integers(-2, 60))
def test_the_sentence_at_an_offset_is_the_one_of_the_whole_text(text: str, offset: int) -> None:
    every = sentences(text)
    expected = next((span for span in every if offset < span[1]), every[-1] if every else None)
    assert unit_at(text, offset, sentence_places) == expected


@settings(deadline=None, max_examples=40)
@given(
    st.lists(st.sampled_from(PIECES), max_size=20).map("".join),
    st.sampled_from(["", "x" * 600, " " * 600, "?" * 600, "Word. " * 100]),
)
def test_looking_back_in_steps_finds_the_same(text: str, padding: str) -> None:
    whole = padding + text + padding + text
    every = sentences(whole)
    for offset in range(len(whole) - len(text), len(whole), 3):
        expected = [start for start, _ in every if start <= offset]
        found = unit_at(whole, offset, sentence_places)
        assert found in every if every else found is None
        assert previous_unit(whole, offset + 1, sentence_places) == (expected[-1] if expected else 0)


@given(TEXTS, st.sampled_from([sentence_places, clause_places, paragraph_places]))
def test_units_are_walked_forward_and_back(text: str, places: object) -> None:
    assert callable(places)
    starts = [0] if text and not text[0].isspace() else []
    offset = 0
    while (offset := next_unit(text, offset, places)) < len(text):
        starts.append(offset)
    assert starts == sorted(set(starts))
    while starts:
        offset = previous_unit(text, offset, places)
        assert offset == starts.pop()


@given(TEXTS, st.integers(0, 60))
def test_clauses_lie_in_sentences_and_sentences_in_paragraphs(text: str, offset: int) -> None:
    clause, sentence, paragraph = (
        unit_at(text, offset, places) for places in (clause_places, sentence_places, paragraph_places)
    )
    if sentence is None:
        assert clause is None
        assert paragraph is None
    else:
        assert clause is not None
        assert paragraph is not None
        if sentence[0] <= offset < sentence[1] and clause[0] <= offset < clause[1]:
            assert sentence[0] <= clause[0] < clause[1] <= sentence[1]
        if sentence[0] <= offset < sentence[1]:
            assert paragraph[0] <= sentence[0] < sentence[1] <= paragraph[1]


def test_a_sentence_in_a_book_costs_what_it_costs_in_a_comment() -> None:
    middle = len(BOOK) // 2
    started = process_time()
    for places in (sentence_places, clause_places, paragraph_places):
        assert unit_at(BOOK, middle, places) is not None
        assert next_unit(BOOK, middle, places) > middle
        assert previous_unit(BOOK, middle, places) < middle
    assert process_time() - started < 0.5  # splitting all of it takes ten times as long


@pytest.mark.parametrize("piece", [". ", ".", "\n", ".)", " ", "a, ", ".\n \n", "“", "1. ", "> \n"])
def test_odd_text_takes_no_more_than_its_length(piece: str) -> None:
    text = piece * (20_000 // len(piece))
    started = process_time()
    assert len(sentences(text)) <= len(text)
    unit_at(text, len(text) // 2, clause_places)
    assert process_time() - started < 3


def test_a_dash_ends_a_clause_wherever_one_begins_to_read() -> None:
    text = ".\n-  – ."
    assert [next_unit(text, offset, clause_places) for offset in (0, 2)] == [2, 7]
    assert previous_unit(text, len(text), clause_places) == 7
