"""Letters by which words are chosen: none begins another, the near words have one, and they are drawn in the gaps."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.color import Color
from textual.strip import Strip

from tui.text import hints, motions
from tui.text.body import Body
from tui.text.markup import read_markup
from tui.theme_names import THEMES
from tui.themes import GUIDE_HUES, theme_named
from tui.widgets.hint_letters import Letter, lay_over, letters_on
from tui.widgets.pane_styles import MINIMUM_CONTRAST, PaneStyles, contrast_ratio


@given(st.integers(0, 5000), st.integers(0, 5000))
def test_no_code_begins_another(count: int, here: int) -> None:
    given_codes = hints.codes(count, min(here, count))
    used = [code for code in given_codes if code]
    singles = {code for code in used if len(code) == 1}
    assert len(set(used)) == len(used)
    assert not singles & {code[0] for code in used if len(code) > 1}
    assert all(set(code) <= set(hints.LETTERS) for code in used)
    assert len(used) == min(count, len(used)) or count > len(hints.LETTERS) ** 2 / 2


@given(st.integers(1, 400), st.integers(0, 400))
def test_what_is_ahead_of_the_cursor_has_the_first_letters(count: int, here: int) -> None:
    here = min(here, count)
    codes = hints.codes(count, here)
    ahead = [code for code in codes[here:] if len(code) == 1]
    assert "".join(ahead) == hints.LETTERS[: len(ahead)]
    assert codes[here : here + len(ahead)] == ahead
    if count > 2 * len(hints.LETTERS) and count - here > len(hints.LETTERS):
        assert len(ahead) >= len(hints.LETTERS) * 2 // 3


@given(st.integers(1, 400), st.integers(0, 400), st.integers(0, 399))
def test_letters_that_may_have_been_read_ahead_stay_when_the_first_word_is_chosen(
    count: int, here: int, first: int
) -> None:
    given_codes = hints.codes(count, min(here, count))
    first = min(first, count - 1)
    found = hints.codes_to(given_codes, first)
    assert set(found.values()) <= set(range(first, count))
    assert set(range(first, count)) <= set(found.values())
    codes = list(found)
    assert not {code for code in codes if len(code) == 1} & {code[0] for code in codes if len(code) > 1}
    if len(given_codes[first]) == 1:
        assert all(found[code] == index for index, code in enumerate(given_codes) if index >= first and len(code) == 1)
    else:
        assert found["a"] == first


@pytest.mark.parametrize(("word", "is_worth"), [("a", True), ("“", True), ("”.", True), (",", False), ("--", False)])
def test_no_span_begins_or_ends_with_a_comma(word: str, *, is_worth: bool) -> None:
    assert hints.is_worth_a_hint(word) is is_worth


def test_keys_that_undo_go_on_and_label_posts_are_no_letters() -> None:
    assert not set("ux123456789") & set(hints.LETTERS)


PIECES = [*"abc  \n,.“”", "é", "e\u0301", "日", "本", "👍🏽", "مر", "**", "\u200b"]
TEXTS = st.lists(st.sampled_from(PIECES), max_size=60).map("".join)


@given(TEXTS, st.integers(3, 30))
def test_words_of_all_lines_are_the_words_of_the_text(text: str, width: int) -> None:
    body = Body(text, width)
    found = [word for line in range(body.height) for word in body.words(motions.words, line)]
    assert found == list(motions.words(text, 0, len(text)))


def test_words_of_a_text_that_is_read_otherwise_lie_in_what_is_stored() -> None:
    text = "See <b>the bold claim</b> and https://bridge.example/costs today."
    body = Body(text, 80, read_markup(text, is_ascii=False).reading)
    words = [text[start:end] for start, end in body.words(motions.words, 0)]
    assert words[:4] == ["See", "the", "bold", "claim"]
    assert words[-2:] == ["today", "."]


VARIABLES = dict.fromkeys(
    ("foreground", "muted", "accent", "success", "warning", "primary", "label-grey", "label-blue"), "#dddddd"
) | dict.fromkeys(("background", "focused-post", "panel"), "#111111")


@given(TEXTS, st.integers(4, 30))
def test_letters_change_no_width_and_stand_before_their_words(text: str, width: int) -> None:
    styles = PaneStyles(VARIABLES, ("blue",))
    body = Body(text, width)
    for line in range(body.height):
        words = list(body.words(motions.words, line))
        letters = letters_on(body, line, {start: "a" for start, _ in words})
        strip = Strip([]).adjust_cell_length(3 + width + 2, None)
        drawn = lay_over(strip, 3, letters, styles)
        assert drawn.cell_length == strip.cell_length
        for letter, (start, _) in zip(letters, words, strict=False):
            assert letter.column in {body.cell_of(start)[1], body.cell_of(start)[1] - 1}


def test_a_letter_takes_the_gap_before_its_word_and_else_the_first_cell_of_it() -> None:
    body = Body("on “Monday” 日本", 40)
    found = letters_on(body, 0, {0: "a", 3: "s", 4: "dd", 12: "f"})
    assert found == [Letter(-1, 1, "a"), Letter(2, 1, "s"), Letter(4, 1, "dd"), Letter(11, 1, "f")]
    strip = Strip([]).adjust_cell_length(30, None)
    assert lay_over(strip, 1, found, PaneStyles(VARIABLES, ("blue",))).text.rstrip() == "a  s d      f"


@pytest.mark.parametrize("theme", list(THEMES))
def test_letters_can_be_read_in_every_theme(theme: str) -> None:
    variables = theme_named(theme).to_color_system().generate() | theme_named(theme).variables
    styles = PaneStyles(variables, GUIDE_HUES)
    for style in (styles.cursor, styles.quiet_hint):
        assert style.color is not None
        assert style.bgcolor is not None
        colours = [Color.from_rich_color(colour) for colour in (style.color, style.bgcolor)]
        assert contrast_ratio(*colours) >= MINIMUM_CONTRAST
