"""JSON in columns comes back as what went in, by whichever module it was written."""

from __future__ import annotations

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotations.store.json_text import dump_json, load_json

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(st.characters()),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=6,
)


@given(VALUES, st.booleans())
def test_any_value_comes_back(value: object, is_ascii: bool) -> None:  # noqa: FBT001  # drawn
    text = dump_json(value, is_ascii=is_ascii)
    text.encode()  # as SQLite does
    assert text.isascii() or not is_ascii
    assert load_json(text) == json.loads(text) == value


@pytest.mark.parametrize(
    "value", [{"a": [None, {"b": (1, math.nan)}]}, [math.inf], {"a": -math.inf, "b": None}, math.nan]
)
def test_odd_numbers_are_not_made_nothing(value: object) -> None:
    assert repr(load_json(dump_json(value))).replace("[1, nan]", "(1, nan)") == repr(value)


def test_letters_stay_legible_and_halves_of_letters_are_escaped() -> None:
    assert dump_json({"ä": "隧道"}) == '{"ä":"隧道"}'
    assert dump_json({"ä": "\ud800"}) == '{"\\u00e4":"\\ud800"}'
    assert dump_json([10**30, None]) == "[1000000000000000000000000000000,null]"
