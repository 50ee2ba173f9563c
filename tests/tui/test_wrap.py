from __future__ import annotations

import re
from time import process_time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from rich._wrap import divide_line
from rich.cells import cell_len

from tui.text.cells import clusters
from tui.text.visible import display
from tui.text.wrap import count_lines, wrap

PIECES = [
    *"ab. \n-", "word ", "  ", "longerword", "e\u0301", "\u200b", "😀", "👍🏽", "👩‍👩‍👧", "❤️", "🇩🇪", "日", "本語", "。", "「", "」", "한국어", "م", "कि", "กำ",
    "\u202e", "\t", "\xa0", "https://example.org/path",
]  # fmt: skip
TEXTS = st.lists(st.sampled_from(PIECES), max_size=40).map("".join) | st.text(max_size=40)
WIDTHS = st.integers(1, 30)


def lines_of(text: str, width: int) -> list[str]:
    bounds = wrap(text, width)
    return [text[start:end] for start, end in zip(bounds[::2], bounds[1::2], strict=True)]


@pytest.mark.parametrize(
    ("text", "width", "expected"),
    [
        ("", 5, [""]),
        ("\n", 5, ["", ""]),
        ("\n\na\n", 5, ["", "", "a", ""]),
        ("hello world foo", 7, ["hello", "world", "foo"]),
        ("hello  world", 5, ["hello", "world"]),
        ("hello   world   ", 7, ["hello", "world"]),
        ("ab  ", 5, ["ab  "]),
        ("abcdefghijkl mn", 5, ["abcde", "fghij", "kl mn"]),
        ("see abcdefgh", 5, ["see", "abcde", "fgh"]),
        ("  indented text", 10, ["  indented", "text"]),
        ("        x", 4, ["    ", "x"]),
        ("a\xa0b c", 4, ["a\xa0b", "c"]),
        ("日本語、テスト。すごい", 6, ["日本", "語、テ", "スト。", "すごい"]),
        ("彼は「はい」と", 6, ["彼は", "「は", "い」と"]),
        ("abc日本def", 6, ["abc日", "本def"]),
        ("한국어 문장", 8, ["한국어", "문장"]),
        ("good😀😀😀", 6, ["good😀", "😀😀"]),
        ("日本", 1, ["日", "本"]),
        ("e\u0301e\u0301e\u0301", 2, ["e\u0301e\u0301", "e\u0301"]),
        ("🇩🇪🇫🇷", 3, ["🇩🇪", "🇫🇷"]),
        ("👩‍👩‍👧👍🏽", 2, ["👩‍👩‍👧", "👍🏽"]),
        ("abcdef‹RLO›gh", 8, ["abcdef", "‹RLO›gh"]),
        ("‹U+E0041›", 4, ["‹U+E", "0041", "›"]),
        ("x", 0, ["x"]),
    ],
)
def test_lines_break_where_a_reader_expects(text: str, width: int, expected: list[str]) -> None:
    assert lines_of(text, width) == expected


@given(TEXTS, WIDTHS)
def test_no_line_is_wider_than_asked_unless_one_cluster_is(text: str, width: int) -> None:
    for line in lines_of(display(text).text, width):
        assert cell_len(line) <= width or len(clusters(line)) == 1


@given(TEXTS, WIDTHS)
@example("a     ", 3)
@example("      ", 3)
def test_nothing_is_lost_but_break_spaces_and_newlines(text: str, width: int) -> None:
    drawn = display(text).text
    bounds = wrap(drawn, width)
    edges = [0, *bounds, len(drawn)]
    for end, start in zip(edges[::2], edges[1::2], strict=True):
        assert re.fullmatch(" *|\n| *\n", drawn[end:start])
    assert drawn.count("\n") < len(bounds) // 2


@given(TEXTS, WIDTHS)
def test_no_cluster_is_divided(text: str, width: int) -> None:
    drawn = display(text).text
    starts = {start for start, _ in clusters(drawn)} | {len(drawn)}
    assert starts >= set(wrap(drawn, width))


@given(TEXTS, WIDTHS)
def test_a_line_holds_as_many_words_as_fit(text: str, width: int) -> None:
    """Greedy: the first word of a line had no room on the line before, unless a newline stands between."""
    drawn = display(text).text
    bounds = wrap(drawn, width)
    for at in range(2, len(bounds), 2):
        start, gap, following, end = bounds[at - 2], bounds[at - 1], bounds[at], bounds[at + 1]
        if "\n" in drawn[gap:following] or not re.fullmatch(r"[a-z. ]*", drawn[start:end]):
            continue
        word = re.match(r"[^ ]*", drawn[following:end])
        assert word is not None
        assert cell_len(drawn[start:following]) + len(word[0]) > width


@given(TEXTS, WIDTHS)
def test_the_count_is_the_number_of_lines_of_the_stored_text(text: str, width: int) -> None:
    assert count_lines(text, width) == len(wrap(display(text).text, width)) // 2


@given(
    st.lists(
        st.text("abcé.—", min_size=1, max_size=14) | st.sampled_from(["cafe\u0301", "한국", "কি", "กำ"]), min_size=1
    ),
    WIDTHS,
)
def test_breaks_between_words_are_those_of_rich(words: list[str], width: int) -> None:
    """Where a word is cut, Rich cuts its trailing space too."""
    text = " ".join(word for word in words if cell_len(word) <= width)
    assert list(wrap(text, width)[2::2]) == divide_line(text, width)


@given(TEXTS, TEXTS, WIDTHS)
def test_paragraphs_are_laid_out_alone(first: str, second: str, width: int) -> None:
    first, second = display(first).text, display(second).text
    assert lines_of(f"{first}\n{second}", width) == lines_of(first, width) + lines_of(second, width)


@pytest.mark.parametrize("piece", [" ", "a", "日", "a ", "‹", "e\u0301", "「", "日 "])
def test_long_lines_take_no_more_than_their_length(piece: str) -> None:
    text = piece * (50_000 // len(piece))
    started = process_time()
    assert 1 <= count_lines(text, 80) <= len(text)
    assert process_time() - started < 3
