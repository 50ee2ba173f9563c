"""Passages that repeat another text's words are found, and nothing else."""

from __future__ import annotations

import re
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.text.repeats import CELLS, WORDS, find_repeats, read_passages

PARENT = (
    "The council sold the bridge on Monday. “It brought in four million,” said the treasurer, who had not been asked."
)
PIECES = [*PARENT.split(" "), *"abcdef", "\n", "&gt;", "<i>", "</i>", "ß", "İ", "日", "本", "語", "橋", "\u0301", "👍🏽", "\u200d", "https://a.b/c", "“", "”"]  # fmt: skip
TEXTS = st.lists(st.sampled_from(PIECES), max_size=40).map(" ".join) | st.text(max_size=80)


def repeats(text: str, *others: str) -> list[str]:
    found = find_repeats(text, read_passages(text), [read_passages(other) for other in others])
    return [text[start:end] for start, end in found]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("He says the council sold the bridge on Monday. No.", ["the council sold the bridge on Monday."]),
        ("THE COUNCIL SOLD\n  THE BRIDGE on Monday, really", ["THE COUNCIL SOLD\n  THE BRIDGE on Monday,"]),
        ('"it brought in four million" — said the treasurer', ['"it brought in four million" — said the treasurer']),
        (
            "council sold the bridge on Monday? Who; had not been asked? brought in four million said the treasurer who",
            ["council sold the bridge on Monday?", "brought in four million said the treasurer who"],
        ),
        ("the council sold the ferry on Monday, it brought in four thousand", []),
        ("who had not been asked", []),
        ("sold the bridge on Monday", []),
        ("", []),
    ],
)
def test_what_repeats_enough_words_is_found(text: str, found: list[str]) -> None:
    assert repeats(text, "Another text.", PARENT) == found


def test_tags_entities_and_addresses_are_no_words() -> None:
    parent = (
        "<p>It isn&#x27;t so that <i>nobody had been asked</i> before.</p> See https://a.example/b/c/d/e/f/g/h/i/j/k"
    )
    assert repeats("It isn’t so that nobody had been asked before!", parent) == [
        "It isn’t so that nobody had been asked before!"
    ]
    assert repeats("Look: https://a.example/b/c/d/e/f/g/h/i/j/k", parent) == []


def test_an_ideograph_is_a_word() -> None:
    parent = "市议会已经批准了预算，没有人相信这个数字！"
    assert repeats("他说：“市议会已经批准了预算，没有人相信这个数字”。", parent) == [
        "“市议会已经批准了预算，没有人相信这个数字”"
    ]
    assert repeats("市议会已经批准了预算", parent) == []


def test_the_longest_of_several_is_taken() -> None:
    text = "one two three four five six seven eight nine ten eleven"
    assert repeats(text, "one two three four five six seven eight", f"x {text} y") == [text]


def test_what_stands_behind_the_limit_is_not_read() -> None:
    parent = "word " * 100 + PARENT
    assert find_repeats(PARENT, read_passages(PARENT), [read_passages(parent, 200)]) == ()


def _folded(text: str) -> str:
    words = re.sub(r"</?[a-zA-Z][^<>\n]{0,300}>|&#?\w{1,10};|https?://[^\s<>]+|www\.[^\s<>]+", " ", text)
    return " ".join(word.casefold() for word in re.findall(r"[\u2e80-\ua4cf]|[^\W_\u2e80-\ua4cf]+", words))


@given(TEXTS, st.lists(TEXTS, max_size=3))
def test_every_range_occurs_in_one_of_the_others(text: str, others: list[str]) -> None:
    found = find_repeats(text, read_passages(text), [read_passages(other) for other in others])
    last = 0
    for start, end in found:
        assert last <= start < end <= len(text)
        last = end
        words = _folded(text[start:end])
        assert len(words.split()) >= WORDS
        assert any(f" {words} " in f" {_folded(other)} " for other in others)


@given(st.lists(st.integers(1000, 9999), min_size=WORDS, max_size=60, unique=True))
def test_a_text_of_different_words_repeats_itself_whole(numbers: list[int]) -> None:
    text = " ".join(f"word{number}" for number in numbers)
    assert len(text) >= CELLS
    assert repeats(text, f"before {text} behind") == [text]


@pytest.mark.parametrize("piece", ["a ", "a b c d e f ", "日", "<", "&a", "http://", "word<b> "])
def test_long_texts_take_time_by_their_length(piece: str) -> None:
    text = piece * (60_000 // len(piece))
    started = process_time()
    passages = read_passages(text, len(text))
    assert len(find_repeats(text, passages, [passages] * 12)) <= len(text)
    assert process_time() - started < 5
