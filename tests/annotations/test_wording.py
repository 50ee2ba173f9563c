"""Quotes in notices: on one line, short, never cut inside a sign."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotations.wording import count_relations, shorten


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The tunnel will flood every spring", "The tunnel will flood every spring"),
        ("The tunnel will flood every spring and every autumn too", "The tunnel will flood every spring and…"),
        ("x" * 41, "x" * 40 + "…"),
        ("two\n\n  lines\tand more", "two lines and more"),
        ("  ", ""),
        ("a\u202eb\u2066c", "abc"),
        ("x" * 39 + "e\u0301" + "y", "x" * 39 + "…"),
        ("x" * 37 + "👩\u200d👩\u200d👧", "x" * 37 + "…"),
        ("x" * 39 + "👍🏽", "x" * 39 + "…"),
        ("x" * 39 + "🇵🇹🇪🇸", "x" * 39 + "…"),
        ("x" * 38 + "🇵🇹🇪🇸", "x" * 38 + "🇵🇹…"),
        ("x" * 39 + "\u1112\u1161\u11ab", "x" * 39 + "…"),
        ("e" + "\u0301" * 60, "…"),
    ],
)
def test_a_quote_is_cut_where_no_sign_is_parted(text: str, expected: str) -> None:
    assert shorten(text) == expected


def test_a_long_text_without_words_is_cut_without_reading_all_of_it() -> None:
    assert shorten(" " * 10_000 + "late") == "…"


@given(st.text(max_size=120))
def test_a_quote_is_short_and_on_one_line(text: str) -> None:
    shown = shorten(text)
    assert len(shown) <= 41
    assert len(shown.splitlines()) <= 1
    assert not shown[:1].isspace()
    rest = " ".join(text.split())[len(shown) - 1 :]
    if shown.endswith("…") and rest and not any("\u2000" <= sign <= "\u2069" for sign in text):
        assert unicodedata.category(rest[0]) not in {"Mn", "Me", "Mc"}


def test_relations_are_counted_in_words() -> None:
    assert [count_relations(1), count_relations(2)] == ["1 relation", "2 relations"]
