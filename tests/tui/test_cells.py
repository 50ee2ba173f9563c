from __future__ import annotations

import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len, get_character_cell_size, split_graphemes

from tui.text.cells import (
    UNEVEN,
    cluster_at,
    clusters,
    has_uncommon,
    measured_clusters,
    next_cluster,
    previous_cluster,
    snap,
)
from tui.text.kinds import KINDS, LONGEST_CHAIN, kinds
from tui.text.visible import display

FAMILY = "👩‍👩‍👧"
SCOTLAND = "\U0001f3f4\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f"
PIECES = [
    *"aZé 1#\n\t.", "e\u0301", "\u0301", "\u200d", "\u200c", "\u200b", "\ufe0f", "\u202e", "😀", "👍🏽", "🏽", FAMILY, "❤️", "1️⃣",
    "🇩", "🇪", SCOTLAND, "\U000e0041", "\U000e007f", "日", "本\U000e0100", "。", "한", "\u1100", "\u1161", "م", "ی", "क", "\u094d", "ि", "กำ", "\x1b", "\ue000",
    "\ud800", "↔", "\u180b", "\xa0", "🏴",
]  # fmt: skip
TEXTS = st.lists(st.sampled_from(PIECES), max_size=25).map("".join) | st.text(max_size=25)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("ab", ["a", "b"]),
        ("e\u0301x", ["e\u0301", "x"]),
        ("👍🏽!", ["👍🏽", "!"]),
        (FAMILY + "a", [FAMILY, "a"]),
        ("❤️❤️", ["❤️", "❤️"]),
        ("1️⃣2", ["1️⃣", "2"]),
        ("🇩🇪🇫🇷🇬", ["🇩🇪", "🇫🇷", "🇬"]),
        (SCOTLAND + "x", [SCOTLAND, "x"]),
        ("\u1112\u1161\u11ab한", ["\u1112\u1161\u11ab", "한"]),
        ("กำ", ["กำ"]),
        ("कि", ["कि"]),
        ("می‌خ", ["م", "ی‌", "خ"]),
        ("a\n\u0301b", ["a", "\n", "\u0301", "b"]),
        ("a\u200bb", ["a", "\u200b", "b"]),
        ("a\u202e\u0301", ["a", "\u202e", "\u0301"]),
    ],
)
def test_clusters_are_what_a_reader_takes_for_one_character(text: str, expected: list[str]) -> None:
    assert [text[start:end] for start, end in clusters(text)] == expected


@given(TEXTS)
def test_clusters_cover_the_text_without_gaps(text: str) -> None:
    assert "".join(text[start:end] for start, end in clusters(text)) == text
    assert all(start < end for start, end in clusters(text))


@given(TEXTS)
def test_clusters_of_a_drawn_text_are_unions_of_what_the_compositor_measures(text: str) -> None:
    for line in display(text).text.split("\n"):
        bounds = {start for start, _, _ in split_graphemes(line)[0]}
        assert {start for start, _ in clusters(line)} <= bounds


@given(TEXTS)
def test_widths_of_clusters_sum_up_to_the_width_of_the_line(text: str) -> None:
    for line in display(text).text.split("\n"):
        assert sum(width for _, _, width in measured_clusters(line)) == cell_len(line)


@given(TEXTS, st.integers(-2, 40))
def test_the_cluster_at_an_offset_is_the_one_of_the_whole_text(text: str, offset: int) -> None:
    found = cluster_at(text, offset)
    if max(offset, 0) >= len(text):
        assert found == (len(text), len(text))
    else:
        assert found == next(span for span in clusters(text) if span[1] > max(offset, 0))


@given(TEXTS)
def test_stepping_forward_and_back_visits_every_cluster(text: str) -> None:
    starts = [start for start, _ in clusters(text)]
    forward, backward = [], []
    offset = 0
    while offset < len(text):
        forward.append(offset)
        offset = next_cluster(text, offset)
    while offset > 0:
        offset = previous_cluster(text, offset)
        backward.append(offset)
    assert forward == starts
    assert backward == starts[::-1]
    assert previous_cluster(text, 0) == 0


@given(TEXTS, st.integers(-2, 40))
def test_snapping_is_idempotent(text: str, offset: int) -> None:
    assert snap(text, snap(text, offset)) == snap(text, offset)


def test_even_characters_take_one_cell_and_need_no_neighbour() -> None:
    even = UNEVEN.sub("", "".join(map(chr, range(sys.maxunicode + 1)))).replace("\n", "")
    assert len(even) > 3000
    for character in even:
        assert get_character_cell_size(character) == 1, hex(ord(character))
        assert chr(KINDS[ord(character)]) in "ncdo ", hex(ord(character))
        assert unicodedata.category(character) not in {"Cc", "Cn", "Co", "Cs", "Zl", "Zp"}, hex(ord(character))


def test_common_characters_are_drawn_as_they_are() -> None:
    for code in (*range(0x250, 0x3400), *range(0x9F00, 0xAC80), *range(0xD700, 0xE010), *range(0xF800, 0x20010)):
        if not has_uncommon(chr(code)):
            assert chr(KINDS[code]) in "ncdowgpb l", hex(code)


def test_ordinary_prose_is_even() -> None:
    for text in ("Plain words, 100%.", "“Ça va—où?” Größe…", "Привет, мир", "שלום", "مرحبا"):
        assert UNEVEN.search(text) is None


@given(TEXTS)
def test_kinds_do_not_depend_on_the_shortcut(text: str) -> None:
    """A text that looks sound is not settled: it must come out as if it had been."""
    assert kinds(text) == kinds(text + "\n\u200b\U000e0041")[: len(text)]


def test_an_endless_chain_of_joiners_is_cut() -> None:
    letters, emoji = "\u200d".join("क" * 100), "\u200d".join("😀" * 100)
    for chain in (letters, emoji):
        assert max(chain[start:end].count("\u200d") for start, end in clusters(chain)) == LONGEST_CHAIN


def test_a_cluster_in_a_book_costs_what_it_costs_in_a_comment() -> None:
    book = "日本語。" * 500_000
    assert cluster_at(book, 1_000_000) == (1_000_000, 1_000_001)
    assert cluster_at("e" + "\u0301" * 100_000, 50_000)[1] <= 100_001
