"""Tokens and sentences by rule: nothing is lost, nothing that belongs together is parted."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotations.exporters.language.tokens import covered, sentences, tokens

TEXTS = st.text(
    st.one_of(
        st.sampled_from("ab1 \n\t.,!?-'’_@#:/\u00a0\u2028\u200d\ufe0f\u0301\u200b👩🏽🇩🇪1️⃣港ンはا\u202e。…"),
        st.characters(exclude_categories=["Cs"]),
    ),
    max_size=40,
)


def said(text: str) -> list[str]:
    return [text[start:end] for start, end in tokens(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It lost £3m.", ["It", "lost", "£", "3m", "."]),
        ("don't, l’eau – rock'n'roll", ["don't", ",", "l’eau", "–", "rock'n'roll"]),
        ("12,000 people at 10:30, 3.5%.", ["12,000", "people", "at", "10:30", ",", "3.5", "%", "."]),
        ("see https://a.example/x?y=1&z=(2), ok", ["see", "https://a.example/x?y=1&z=(2", ")", ",", "ok"]),
        ("@jo, mail jo.b+x@a.example #ferry!", ["@jo", ",", "mail", "jo.b+x@a.example", "#ferry", "!"]),
        ("wait... what?!! --no", ["wait", "...", "what", "?", "!!", "--", "no"]),
        ("snake_case __init__", ["snake_case", "__", "init", "__"]),
        ("U.S. bases, e.g. there. A B.", ["U.S.", "bases", ",", "e.g.", "there", ".", "A", "B", "."]),
        ("state-of-the-art", ["state", "-", "of", "-", "the", "-", "art"]),
    ],
)
def test_words_numbers_links_and_signs(text: str, expected: list[str]) -> None:
    assert said(text) == expected


@pytest.mark.parametrize(
    "whole",
    ["👩‍👩‍👧‍👦", "🏳️‍🌈", "❤️‍🔥", "👩🏽‍🚀", "🇩🇪", "1️⃣", "cafe\u0301\u0323\u200b", "नमस्ते", "الخسارة", "한국어"],
)
def test_what_belongs_together_is_one_token(whole: str) -> None:
    assert said(whole) == [whole]
    assert said(f"x {whole} y") == ["x", whole, "y"]


def test_ideographs_and_kana_are_tokens_of_their_own() -> None:
    assert said("港のトンネル。𠮷野家 3年") == [*"港のトンネル", "。", *"𠮷野家", "3", "年"]


def test_flags_stand_in_pairs_and_signs_of_one_kind_together() -> None:
    assert said("🇩🇪🇫🇷 🙂🙂🙃") == ["🇩🇪", "🇫🇷", "🙂🙂", "🙃"]


@given(TEXTS, st.lists(st.integers(0, 40)))
def test_all_but_white_space_is_in_exactly_one_token(text: str, edges: list[int]) -> None:
    found = tokens(text, edges)
    assert "".join(text[start:end] for start, end in found) == "".join(text.split())
    assert all(start < end for start, end in found)
    assert found == sorted(found)
    assert not any(sign.isspace() for start, end in found for sign in text[start:end])
    assert not any(start < edge < end for start, end in found for edge in edges)


@given(TEXTS, st.integers(0, 40), st.integers(0, 40))
def test_the_tokens_that_a_span_covers_are_those_that_share_a_character_with_it(
    text: str, one: int, other: int
) -> None:
    start, end = sorted((one, other))
    found = tokens(text)
    first, last = covered(found, start, end)
    touched = [number for number, token in enumerate(found) if token[0] < end and start < token[1]]
    assert start == end or touched == list(range(first, last))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It stops. Who pays? Nobody!", ["It stops.", "Who pays?", "Nobody!"]),
        ("e.g. this, i.e. that", ["e.g. this, i.e. that"]),
        ("Dr. Jo said “No.” Then she left.", ["Dr. Jo said “No.”", "Then she left."]),
        ("It lost £3.5m... and more. A. B. Roe knows.", ["It lost £3.5m... and more.", "A. B. Roe knows."]),
        ("  one\n\n• two\nthree  ", ["one", "• two", "three"]),
        ("毎年春に浸水する。誰が払う？「知らない。」", ["毎年春に浸水する。", "誰が払う？", "「知らない。」"]),
        ("كم الخسارة. قال لا", ["كم الخسارة.", "قال لا"]),
        (" \n ", []),
    ],
)
def test_sentences(text: str, expected: list[str]) -> None:
    assert [text[start:end] for start, end in sentences(text)] == expected


@given(TEXTS)
def test_all_but_white_space_is_in_exactly_one_sentence(text: str) -> None:
    found = list(sentences(text))
    assert "".join("".join(text[start:end].split()) for start, end in found) == "".join(text.split())
    assert found == sorted(found)
    assert not any("\n" in text[start:end] for start, end in found)


@pytest.mark.parametrize(
    "endless",
    ["." * 300_000 + "a", "!" * 300_000 + "a @", "1" * 300_000 + "a", "👩\u200d" * 150_000, "a." * 50_000 + " @"],
    ids=["stops", "signs", "digits", "joiners", "initials"],
)
def test_a_text_of_one_sign_is_read_in_one_pass(endless: str) -> None:
    # A rule that looks ahead at each sign anew would not come back.
    found = tokens(endless)
    assert sum(end - start for start, end in found) == len("".join(endless.split()))
    assert list(sentences(endless))


@given(st.text(st.sampled_from("aZé1٣_’'.,:;!?@#-+/() \n…“”👍€wht"), max_size=30))
def test_a_plain_text_is_parted_as_it_is_before_a_word_with_marks(text: str) -> None:
    """Texts without marks have a pattern of their own, which is faster."""
    assert tokens(text) == tokens(f"{text} e\u0301")[:-1]
