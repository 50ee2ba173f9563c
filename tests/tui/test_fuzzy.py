"""Rows found by what somebody types: by all words, in any case and with or without accents, and by what is like them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tui.text.fuzzy import find_rows, find_words, fold

TITLES = ["Harbour tunnel approved", "Élan of the ferry", "Straße und Brücke", "東京の新しい橋", "Ferry to the harbour"]
ROWS = [fold(title) for title in TITLES]


def found(typed: str) -> list[str]:
    return [TITLES[index] for index in find_rows(ROWS, typed)]


def shown(text: str, typed: str) -> list[str]:
    return [text[start:end] for start, end in find_words(text, typed, fold(text))]


def test_all_words_must_occur_in_any_order() -> None:
    assert found("ferry harbour") == found("HARBOUR  ferry") == ["Ferry to the harbour"]
    assert found("") == found("  ") == TITLES


def test_case_accents_and_forms_of_letters_make_no_difference() -> None:
    assert found("elan") == found("ÉLAN") == ["Élan of the ferry"]
    assert found("strasse brucke") == ["Straße und Brücke"]
    assert found("新しい") == ["東京の新しい橋"]


def test_a_word_that_occurs_nowhere_stands_for_what_is_like_it() -> None:
    assert found("harbor") == ["Harbour tunnel approved", "Ferry to the harbour"]
    assert found("tunel aproved") == ["Harbour tunnel approved"]
    assert found("zebra") == []


def test_a_word_that_occurs_stands_for_nothing_else() -> None:
    assert find_rows(["ferry", "ferri"], "ferry") == [0]


def test_two_letters_are_not_guessed_at() -> None:
    assert found("qz") == found("hr") == []


def test_a_word_may_be_typed_by_some_of_its_letters() -> None:
    assert found("hrbtun") == found("htnl") == found("hta") == ["Harbour tunnel approved"]
    assert found("hrb") == ["Harbour tunnel approved", "Ferry to the harbour"]
    assert found("fry hrb") == ["Ferry to the harbour"]
    assert found("eotf") == ["Élan of the ferry"]


def test_letters_stand_near_each_other_in_one_line_from_a_words_beginning_on() -> None:
    assert find_rows(["harbour", "arbour h", "the harsh winter of the bay"], "hrbr") == [0]
    assert find_rows(["har\nbour", "harbour\ntunnel"], "hrbr") == [1]
    assert find_rows(["harbour\ntunnel"], "hrbtun") == []
    assert find_rows(["h" * 10_000 + "x"], "hx" * 12) == []


def test_letters_are_shown_where_they_stand() -> None:
    assert shown("Harbour tunnel", "hrbr") == ["H", "rb", "r"]
    assert shown("Élan, Straße", "elstr") == ["Él", "Str"]


def test_only_some_rows_can_be_looked_at() -> None:
    assert find_rows(ROWS, "harbour", among=[1, 4]) == [4]


def test_the_words_are_shown_in_the_text_as_it_is_written() -> None:
    assert shown("Straße und Brücke", "strasse brucke") == ["Straße", "Brücke"]
    assert shown("Harbour, harbour!", "harbour") == ["Harbour", "harbour"]
    assert shown("Harbour tunnel", "harbor") == ["Harbour"]
    assert shown("tunnel", "tun nel") == ["tunnel"]


def test_a_word_that_stands_elsewhere_in_the_row_is_not_guessed_at() -> None:
    assert find_words("Harbour tunnel", "harbor", "harbour tunnel\nharbor.txt") == []


def test_what_is_alike_but_no_word_is_not_shown() -> None:
    assert not find_words("\x1b", "00\x1b", "\x1b")
    assert not find_words("\x80", "00\x80", "\x80")


@given(st.text(max_size=40), st.text(max_size=10))
def test_what_is_shown_lies_in_the_text_sorted_and_apart(text: str, typed: str) -> None:
    last = 0
    for start, end in find_words(text, typed, fold(text)):
        assert last <= start < end <= len(text)
        last = end + 1


@given(st.lists(st.text(max_size=12), max_size=8), st.text(max_size=8))
def test_rows_come_once_and_in_order(texts: list[str], typed: str) -> None:
    rows = [fold(text) for text in texts]
    indexes = find_rows(rows, typed)
    assert indexes == sorted(set(indexes))
    exact = [index for index, row in enumerate(rows) if all(word in row for word in fold(typed).split())]
    assert set(exact) <= set(indexes)
