"""Offsets of a source become offsets of the stored text, whatever cleaning took out, in either unit."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotations.importers.labeled.documents import DocumentText, as_name, as_offset, as_value
from annotations.sources.source import Source

TEXTS = st.text(st.sampled_from("ab\r\n\x00\x85\ufeff👋\u0301漢\ufffe"), max_size=20)


def text_of(raw: str) -> DocumentText:
    return DocumentText(Source.of_bytes(b""), raw)


@given(TEXTS, st.booleans())
def test_what_stands_in_front_of_an_offset_is_what_is_left_of_it(raw: str, is_utf16: bool) -> None:  # noqa: FBT001  # a drawn value
    text = text_of(raw)
    for offset in range(len(raw) + 1):
        if raw[:offset].endswith("\r") and raw[offset : offset + 1] == "\n":
            continue  # within a line end
        place = len(raw[:offset].encode("utf-16-le")) // 2 if is_utf16 else offset
        assert text.text[: text.at(place, is_utf16=is_utf16)] == text_of(raw[:offset]).text


def test_an_offset_within_a_pair_of_surrogates_is_that_of_its_character() -> None:
    text = text_of("a👋b👋")
    assert [text.at(offset, is_utf16=True) for offset in range(7)] == [0, 1, 1, 2, 3, 3, 4]


@pytest.mark.parametrize(
    ("value", "offset"),
    [
        (3, 3),
        ("3", 3),
        (" 3 ", 3),
        (3.0, 3),
        (-1, None),
        (True, None),
        ("x", None),
        (None, None),
        (2.5, None),
        (10**30, None),
    ],
)
def test_only_what_counts_is_an_offset(value: object, offset: int | None) -> None:
    assert as_offset(value) == offset


def test_values_of_every_type_become_names_and_values() -> None:
    source = Source.of_bytes(b"")
    assert [as_name(source, value) for value in ("a\tb\n", 5, None, True, ["x"], {"a": 1})] == [
        "a b",
        "5",
        "",
        "",
        "",
        "",
    ]
    assert [
        as_value(source, value) for value in (True, 5, 0.5, "", "x", ["a", 1], ["a"], [], {"k": "v", "n": [1]}, None)
    ] == [
        *("true", 5, 0.5, None, "x", "a; 1", "a", None, "k: v; n: 1", None),
    ]
    assert as_value(source, float("inf")) == "inf"
    assert as_value(source, float("nan")) == "nan"
