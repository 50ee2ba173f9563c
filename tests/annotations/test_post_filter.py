"""What is typed becomes conditions, and what cannot be meant is told."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotations.post_filter import (
    HINT,
    LANGUAGE,
    LONGEST,
    Condition,
    Field,
    State,
    parse_filter,
    search_for,
    smart_case,
)


@pytest.mark.parametrize(
    ("typed", "conditions"),
    [
        ("", []),
        ("  ", []),
        ("-", []),
        ("flood", [Condition(Field.ANYWHERE, "flood")]),
        ("-flood", [Condition(Field.ANYWHERE, "flood", is_negated=True)]),
        ("will flood", [Condition(Field.ANYWHERE, "will"), Condition(Field.ANYWHERE, "flood")]),
        ('"will flood"', [Condition(Field.ANYWHERE, "will flood")]),
        ('"will flo', [Condition(Field.ANYWHERE, "will flo")]),
        ("text:flood", [Condition(Field.TEXT, "flood")]),
        ('author:"two words"', [Condition(Field.AUTHOR, "two words")]),
        ('-author:"two words"', [Condition(Field.AUTHOR, "two words", is_negated=True)]),
        ("label:claim", [Condition(Field.LABEL, "claim")]),
        ("depth:2", [Condition(Field.DEPTH, "2")]),
        ("unread", [Condition(Field.STATE, "unread")]),
        ("-guessed", [Condition(Field.STATE, "guessed", is_negated=True)]),
        ('"unread"', [Condition(Field.ANYWHERE, "unread")]),
        ("text:unread", [Condition(Field.TEXT, "unread")]),
        ("well-read", [Condition(Field.ANYWHERE, "well-read")]),
        ("https://x.y", [Condition(Field.ANYWHERE, "https://x.y")]),
        ("x-label:claim", [Condition(Field.ANYWHERE, "x-label:claim")]),
        ('O"Neil', [Condition(Field.ANYWHERE, 'O"Neil')]),
    ],
)
def test_what_is_typed_is_read_as_conditions(typed: str, conditions: list[Condition]) -> None:
    wanted = parse_filter(typed)
    assert list(wanted.conditions) == conditions
    assert not wanted.problem


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ("depth:x", "depth: wants a number"),
        ("depth:0", "depth: wants a number"),
        ("depth:-1", "depth: wants a number"),
        ("depth:²", "depth: wants a number"),
        ("flood depth:", "depth: wants a number"),
        ("label:", "label: wants a label"),
        ('author:"', "author: wants a name"),
        ("text: flood", "text: wants words"),
    ],
)
def test_a_condition_that_cannot_be_meant_is_told(typed: str, problem: str) -> None:
    assert parse_filter(typed).problem == problem


@given(
    st.text(max_size=40) | st.lists(st.sampled_from(['"', "-", "label:", "depth:", "a", "unread", " "])).map("".join)
)
def test_whatever_is_typed_is_read_and_can_be_looked_for(typed: str) -> None:
    for wanted in (parse_filter(typed), search_for(typed)):
        assert wanted.pattern is None or wanted.pattern.search("") is None
        for condition in wanted.conditions:
            assert condition.value
            assert condition.value.encode("utf-8").find(b"\0") < 0


def test_what_is_typed_endlessly_is_looked_at_in_part() -> None:
    assert len(search_for("x" * 9999).conditions[0].value) == LONGEST


def test_a_search_is_what_was_typed_with_its_blanks_and_quotes() -> None:
    assert search_for(' "a  b').conditions == (Condition(Field.ANYWHERE, ' "a  b'),)
    assert search_for("   ").is_empty


@pytest.mark.parametrize(
    ("words", "text", "is_found"),
    [
        ("flood", "FLOODING", True),
        ("Flood", "FLOODING", False),
        ("Flood", "Flooding", True),
        ("überflutung", "ÜBERFLUTUNGEN", True),
        ("Überflutung", "überflutung", False),
        ("a.c", "abc", False),
    ],
)
def test_case_counts_once_a_capital_is_typed(words: str, text: str, is_found: bool) -> None:  # noqa: FBT001  # the table's
    assert (smart_case(words).search(text) is not None) == is_found


def test_what_is_emphasized_are_the_words_that_have_to_be_there_each_in_its_case() -> None:
    pattern = parse_filter("flood Flooding -dry author:anna text:dam").pattern
    assert pattern is not None
    assert pattern.findall("FLOODING Flooding dry anna DAM") == ["FLOOD", "Flooding", "DAM"]
    assert parse_filter("author:anna -dry unread").pattern is None


def test_the_line_and_the_table_of_the_language_say_what_there_is() -> None:
    for example, _ in LANGUAGE:
        assert not parse_filter(example).problem
        assert parse_filter(example).conditions
    assert not parse_filter(HINT).problem
    shown = " ".join(f"{example} {meaning}" for example, meaning in LANGUAGE)
    for field in set(Field) - {Field.ANYWHERE, Field.STATE}:
        assert f"{field}:" in HINT
        assert f"{field}:" in shown
    for state in State:
        assert state in shown
