from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.text.visible import display, one_line

SCOTLAND = "\U0001f3f4\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f"
PIECES = [
    *"aZé 1#\n\t.", "e\u0301", "\u0301", "\u0301" * 12, "\u200d", "\u200c", "\u200b", "\ufe0f", "\u202e", "😀", "👍🏽", "🏽", "👩‍👩‍👧",
    "❤️", "1️⃣", "🇩", SCOTLAND, "\U000e0041", "\U000e007f", "日", "本\U000e0100", "한", "\u1100", "\u1161", "م", "ی", "क", "\u094d", "ि",
    "กำ", "\x1b[0m", "\ue000", "\ud800", "↔", "\u2028", "\xa0", "‹RLO›", "◌",
]  # fmt: skip
TEXTS = st.lists(st.sampled_from(PIECES), max_size=25).map("".join) | st.text(max_size=25)
KEPT = {
    "\n": "a newline ends a line",
    "\u200c": "between letters of scripts that use it",
    "\u200d": "the same, and inside emoji",
}


@pytest.mark.parametrize(
    ("text", "drawn"),
    [
        ("a\u202eb", "a‹RLO›b"),
        ("\u2066x\u2069", "‹LRI›x‹PDI›"),
        ("a\u200bb", "a‹ZWSP›b"),
        ("\ufeffa\u2060", "‹BOM›a‹WJ›"),
        ("co\u00adop", "co‹SHY›op"),
        ("a\u2028b\u2029", "a‹LS›b‹PS›"),
        ("\U000e0041\U000e0001", "‹U+E0041›‹U+E0001›"),
        ("x\ue000\U0010ffff", "x‹U+E000›‹U+10FFFF›"),
        ("\x1b[31m\x07\x00\r\x7f\x9b", "␛[31m␇␀␍␡‹U+009B›"),
        ("a\u200db\u200cc", "a‹ZWJ›b‹ZWNJ›c"),
        ("a\ufe0f", "a‹VS16›"),
        ("😀\ufe0f\ufe0f", "😀\ufe0f‹VS16›"),
        ("a\U0001f3fd", "a‹U+1F3FD›"),
        ("\u3164", "‹U+3164›"),
        ("\u0301a\n\u0301", "◌\u0301a\n◌\u0301"),
        ("a \u0301", "a ◌\u0301"),
        ("\u202e\u0301", "‹RLO›◌\u0301"),
        ("\ta\tb", "    a    b"),
        ("\ud800", "‹U+D800›"),
    ],
)
def test_what_hides_or_reorders_is_drawn_as_a_sign(text: str, drawn: str) -> None:
    assert display(text).text == drawn
    assert not display(text).is_identity


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Plain words.\nSecond line.",
        "“Ça”—Größe… 100 €",
        "👩‍👩‍👧 👍🏽 ❤️ 1️⃣ 🇩🇪 🏴‍☠️ 🏳️‍🌈",
        SCOTLAND,
        "می‌خواهم",
        "क्‍ष ශ්‍රී",
        "cafe\u0301 nai\u0308ve",
        "日本語。漢\U000e0100字",
        "한국어 \u1112\u1161\u11ab",
        "ภาษาไทยกำ",
        "שָׁלוֹם عَرَبِيّ",
        "[b]markup[/b] \\[x]",
        "\U0001fae8",
    ],
)
def test_honest_text_of_any_language_is_drawn_as_it_is(text: str) -> None:
    assert display(text).text == text
    assert display(text).is_identity


def test_a_pile_of_marks_is_counted() -> None:
    text = "z" + "\u0310" * 40 + "!"
    shown = display(text)
    assert shown.text == "z" + "\u0310" * 8 + "‹+32›!"
    assert [shown.to_source(index) for index in (0, 8, 9, 13, 14)] == [0, 8, 9, 9, 41]
    assert shown.to_display(41) == 14
    assert shown.to_display(30) == 9


@given(TEXTS)
def test_nothing_drawn_can_steer_the_terminal_or_vanish(text: str) -> None:
    for character in display(text).text:
        category = unicodedata.category(character)
        is_harmless = category not in {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}
        assert (
            is_harmless
            or character in KEPT
            or ord(character) in range(0x600, 0x900)
            or 0xE0020 <= ord(character) <= 0xE007F
        )


@given(TEXTS)
def test_drawing_what_is_drawn_changes_nothing(text: str) -> None:
    drawn = display(text).text
    assert display(drawn).is_identity
    assert display(drawn).text == drawn


@given(TEXTS)
def test_offsets_and_indexes_map_in_order_and_back(text: str) -> None:
    shown = display(text)
    indexes = [shown.to_display(offset) for offset in range(len(text) + 1)]
    offsets = [shown.to_source(index) for index in range(len(shown.text) + 1)]
    assert indexes == sorted(indexes)
    assert offsets == sorted(offsets)
    assert indexes[-1] == len(shown.text)
    assert offsets[-1] == len(text)
    for index, offset in enumerate(offsets):
        assert shown.to_display(offset) <= index
        if index:
            assert offsets[index - 1] < shown.to_source_end(index) <= len(text)
            assert shown.to_source_end(index) >= offset or offset == offsets[index - 1]
    assert shown.is_identity == (shown.text == text)


@given(TEXTS)
def test_what_is_not_a_sign_is_the_stored_character(text: str) -> None:
    shown = display(text)
    signs = {index for start, end in shown.signs(0, len(shown.text)) for index in range(start, end)}
    for index, character in enumerate(shown.text):
        if index not in signs:
            assert text[shown.to_source(index)] == character


def test_signs_are_clipped_to_the_range_asked_for() -> None:
    shown = display("ab\u200bcd\u202e")
    assert shown.text == "ab‹ZWSP›cd‹RLO›"
    assert shown.signs(0, 15) == [(2, 8), (10, 15)]
    assert shown.signs(4, 11) == [(4, 8), (10, 11)]
    assert shown.signs(8, 10) == []


@given(TEXTS)
def test_one_line_has_no_line_end_and_no_tab(text: str) -> None:
    assert not set("\n\t\r") & set(one_line(text))


def test_one_line_draws_like_the_text() -> None:
    assert one_line("Ann\u202e\nB\tC\x1b") == "Ann‹RLO› B C␛"
