from __future__ import annotations

from time import process_time

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tui.text import motions
from tui.text.cells import clusters

PIECES = [
    *"ab. \n-'’3,(", "word ", "don't ", "e\u0301", "\u0301", "👩‍👩‍👧", "👍🏽", "❤️", "1️⃣", "🇩🇪", "日本", "ひら", "カタ", "。", "한국", "مرحبا", "नमस्ते",
    "\u200b", "\u202e", "\xa0", "\n\n", "! ", ", ",
]  # fmt: skip
TEXTS = st.lists(st.sampled_from(PIECES), max_size=25).map("".join) | st.text(max_size=25)
FORWARD = [
    motions.next_word,
    motions.word_end,
    motions.next_clause,
    motions.next_sentence,
    motions.next_paragraph,
    motions.next_cluster,
]
BACKWARD = [
    motions.previous_word,
    motions.previous_clause,
    motions.previous_sentence,
    motions.previous_paragraph,
    motions.previous_cluster,
]
AT = [motions.word_at, motions.clause_at, motions.sentence_at, motions.paragraph_at]


def words(text: str) -> list[str]:
    found = []
    offset = 0 if motions.word_at(text, 0) else motions.next_word(text, 0)
    while offset < len(text):
        span = motions.word_at(text, offset)
        assert span is not None
        assert span[0] == offset
        found.append(text[span[0] : span[1]])
        offset = motions.next_word(text, offset)
    return found


@pytest.mark.parametrize(
    "expected",
    [
        ["Don't", "stop", "...", "the", "follow-up", ",", "it’s", "3.5", "%", "!"],
        ["(", "a_b", ")", "--", "x", "=", "1,000", "."],
        ["U", ".", "S", ".", "rock", "'", "n", "'", "roll"],
        ["日本", "へ", "行", "く", "。", "カタカナ", "です"],
        ["नमस्ते", "दुनिया", "।"],
        ["cafe\u0301", "nai\u0308ve"],
        ["مرحبا", "بالعالم", "؟"],
        ["한국어", "문장", "."],
        ["hi", "👩‍👩‍👧👍🏽", "yes"],
        ["Привет", ",", "мир"],
        ["a\u200bb", "c"],
    ],
)
def test_words(expected: list[str]) -> None:
    """Words of one kind are told apart by a space, others by themselves."""
    assert words(" ".join(expected)) == expected
    assert words("\n" + "  ".join(expected) + "\n") == expected


def test_words_that_touch() -> None:
    assert words("(don't!)日本カタ—it's,ok") == ["(", "don't", "!)", "日本", "カタ", "—", "it's", ",", "ok"]


def test_word_motions_are_those_of_vim() -> None:
    text = "The tunnel, they say."
    assert [motions.next_word(text, offset) for offset in (0, 3, 4, 9, 10, 17, 20, 21)] == [
        4,
        4,
        10,
        10,
        12,
        20,
        21,
        21,
    ]
    assert [motions.previous_word(text, offset) for offset in (0, 1, 4, 5, 12, 21)] == [0, 0, 0, 4, 10, 20]
    assert [motions.word_end(text, offset) for offset in (0, 1, 2, 3, 9, 10, 19, 20)] == [2, 2, 9, 9, 10, 15, 20, 21]
    assert motions.word_end("cafe\u0301 x", 0) == 3


def test_word_at() -> None:
    assert motions.word_at("The tunnel", 5) == (4, 10)
    assert motions.word_at("The tunnel", 3) is None
    assert motions.word_at("The", 3) is None
    assert motions.word_at("", 0) is None


TEXT = "He says, “it floods”: so what? I doubt it – really.\nOne more\n\nLast, but short."


def test_sentence_motions() -> None:
    assert [motions.next_sentence(TEXT, offset) for offset in (0, 30, 31, 52, 70)] == [31, 31, 52, 62, len(TEXT)]
    assert [motions.previous_sentence(TEXT, offset) for offset in (0, 10, 31, 40, 62)] == [0, 0, 0, 31, 52]
    assert motions.sentence_at(TEXT, 30) == (31, 51)
    assert motions.sentence_at(TEXT, 999) == (62, len(TEXT))


def test_clause_motions() -> None:
    clauses = ["He says", "“it floods”", "so what?", "I doubt it", "really.", "One more", "Last", "but short."]
    found = []
    offset = 0
    while offset < len(TEXT):
        span = motions.clause_at(TEXT, offset)
        assert span is not None
        found.append(TEXT[span[0] : span[1]])
        assert motions.previous_clause(TEXT, span[1]) == span[0]
        offset = motions.next_clause(TEXT, offset)
    assert found == clauses
    assert motions.clause_at(TEXT, TEXT.index(",")) == (9, 20)


def test_paragraph_motions() -> None:
    assert [motions.next_paragraph(TEXT, offset) for offset in (0, 61, 62)] == [62, 62, len(TEXT)]


def test_the_end_of_a_sentence_or_paragraph_is_its_last_character() -> None:
    ends = [motions.sentence_at(TEXT, offset)[1] - 1 for offset in (0, 31, 52, 62)]  # type: ignore[index]
    assert [motions.sentence_end(TEXT, offset) for offset in (0, ends[0], 31, ends[1])] == [*ends[:2], *ends[1:3]]
    assert motions.sentence_end(TEXT, ends[-1]) == ends[-1], "there is no sentence more"
    first, last = (motions.paragraph_at(TEXT, offset)[1] - 1 for offset in (0, 62))  # type: ignore[index]
    assert [motions.paragraph_end(TEXT, offset) for offset in (0, first, last)] == [first, last, last]
    assert motions.sentence_end("", 0) == motions.paragraph_end("  ", 0) == 0


def test_the_end_of_a_sentence_is_the_start_of_a_cluster() -> None:
    text = "So 👩‍👩‍👧 Then what?"
    end = (motions.sentence_at(text, 0) or (0, 0))[1]
    assert motions.sentence_end(text[:end], 0) == end - 1
    assert motions.sentence_end("See 👩‍👩‍👧", 0) == 4
    assert [motions.previous_paragraph(TEXT, offset) for offset in (0, 50, 62, 70)] == [0, 0, 0, 62]
    assert motions.paragraph_at(TEXT, 5) == (0, 60)
    assert motions.paragraph_at(TEXT, 61) == (62, len(TEXT))
    assert motions.paragraph_at("\n \n", 1) is None


def test_find_char_stays_in_the_paragraph() -> None:
    assert motions.find_char(TEXT, 0, "s") == 3
    assert motions.find_char(TEXT, 3, "s") == 6
    assert motions.find_char(TEXT, 55, "L") is None
    assert motions.find_char(TEXT, 0, "") is None
    assert motions.find_char("", 0, "x") is None
    assert motions.find_char("xe\u0301", 0, "\u0301") == 1
    assert motions.find_char("e\u0301x", 0, "\u0301") is None


@given(TEXTS, st.integers(-2, 60), st.sampled_from(FORWARD))
def test_forward_goes_forward_to_a_cluster(text: str, offset: int, motion: object) -> None:
    assert callable(motion)
    starts = {start for start, _ in clusters(text)} | {len(text)}
    found = motion(text, offset)
    assert found in starts
    assert found > offset or found == len(text)


@given(TEXTS, st.integers(-2, 60), st.sampled_from(BACKWARD))
def test_backward_goes_back_to_a_cluster(text: str, offset: int, motion: object) -> None:
    assert callable(motion)
    starts = {start for start, _ in clusters(text)} | {0}
    found = motion(text, offset)
    assert found in starts
    assert found < offset or found == 0


@given(TEXTS, st.integers(-2, 60), st.sampled_from(AT))
def test_what_is_at_an_offset_is_trimmed_and_made_of_clusters(text: str, offset: int, motion: object) -> None:
    assert callable(motion)
    bounds = {bound for span in clusters(text) for bound in span}
    if (span := motion(text, offset)) is not None:
        assert set(span) <= bounds
        assert text[span[0] : span[1]]
        assert text[span[0] : span[1]] == text[span[0] : span[1]].strip()


@given(TEXTS, st.integers(0, 60), st.sampled_from(PIECES))
def test_a_found_character_lies_behind_the_cursor(text: str, offset: int, char: str) -> None:
    found = motions.find_char(text, offset, char)
    if found is not None:
        assert offset < found < len(text)
        assert any(
            text.startswith(char, at) for start, end in clusters(text) for at in range(start, end) if start == found
        )


@given(TEXTS)
def test_words_cover_all_but_white_space(text: str) -> None:
    assume(all(end == start + 1 or not text[start].isspace() for start, end in clusters(text)))
    assert "".join(words(text)) == "".join(text.split())


@settings(deadline=None, max_examples=40)
@given(
    st.lists(st.sampled_from(PIECES), max_size=12).map("".join),
    st.sampled_from(["x" * 400, " " * 400, "don't stop, " * 40]),
)
def test_words_read_in_steps_are_the_same(text: str, padding: str) -> None:
    whole = f"{padding} {text} {padding} {text}"
    assert words(whole) == words(padding) + words(text) + words(padding) + words(text)


def test_a_motion_in_a_book_costs_what_it_costs_in_a_comment() -> None:
    book = "The tunnel will flood, he said. Nobody listened.\n\n" * 100_000
    started = process_time()
    for motion in (*FORWARD, *BACKWARD, *AT):
        motion(book, len(book) // 2)
    assert process_time() - started < 0.5


@pytest.mark.parametrize("piece", ["x", " ", "\n", "'", "-a", "日", "👍🏽", "\u0301", "1,", "\u200d😀"])
def test_odd_text_is_walked_in_reasonable_time(piece: str) -> None:
    text = piece * (20_000 // len(piece))
    started = process_time()
    for motion in (*FORWARD, *BACKWARD, *AT):
        motion(text, len(text) // 2)
    assert process_time() - started < 3
