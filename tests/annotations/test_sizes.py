"""Size classes: one byte from which the rows of a text are estimated at any width."""

from __future__ import annotations

import textwrap
from functools import cache
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotations.shape import estimated_height, estimated_heights, size_class

PROSE = (
    "Postil shows an article beside the comments that it drew, and lets an analyst mark what is claimed and what is "
    "answered. Reading comes first, and so the panes are wide, the lines are short and nothing moves but what the reader "
    "has moved. A thread of a thousand comments is read in an evening, one of a million never, and both of them open in "
    "the same instant, because a pane lays out what it shows and estimates the rest; what it has estimated is measured "
    "when it comes into view. Whoever has marked a comment wants to go on with the next, and so the key that marks is "
    "the key that moves."
)
WORDS = PROSE.split()
WIDTHS = (24, 32, 40, 50, 60, 72, 88, 100, 120)
KINDS = {
    "one paragraph": (1, 8, 110, ""),
    "paragraphs": (4, 15, 90, "\n\n"),
    "quotation and answer": (2, 10, 80, "\n\n"),
    "list": (9, 1, 12, "\n"),
    "verse": (12, 2, 5, "\n"),
}
"""For kinds of texts: the most parts, the fewest and most words of a part, and what parts them."""


def wrapped_rows(text: str, width: int) -> int:
    """Count rows by the standard library's wrapping, which knows ASCII."""
    return sum(max(1, len(textwrap.wrap(line, width))) for line in text.split("\n"))


@cache
def write_texts(kind: str, count: int = 200) -> list[str]:
    most_parts, fewest, most, gap = KINDS[kind]
    source = Random(kind)  # noqa: S311  # repeatable, not secret
    texts = []
    for _ in range(count):
        parts = [
            " ".join(source.choice(WORDS) for _ in range(source.randint(fewest, most)))
            for _ in range(source.randint(min(2, most_parts), most_parts))
        ]
        texts.append(gap.join(parts))
    return texts


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("kind", KINDS)
def test_total_of_one_kind_of_texts_is_within_an_eighth(kind: str, width: int) -> None:
    texts = write_texts(kind)
    true = sum(wrapped_rows(text, width) for text in texts)
    estimated = sum(estimated_height(size_class(text), width) for text in texts)
    assert estimated == pytest.approx(true, rel=0.125)


@pytest.mark.parametrize("width", WIDTHS)
def test_total_of_mixed_texts_is_within_a_twentieth(width: int) -> None:
    texts = [text for kind in KINDS for text in write_texts(kind)]
    true = sum(wrapped_rows(text, width) for text in texts)
    estimated = sum(estimated_height(size_class(text), width) for text in texts)
    assert estimated == pytest.approx(true, rel=0.05)


@given(st.text(max_size=3000))
def test_any_text_has_a_class_of_one_byte(text: str) -> None:
    assert 0 <= size_class(text) <= 255


@given(st.integers(0, 255), st.integers(1, 500))
def test_any_class_has_a_height_at_any_width(kind: int, width: int) -> None:
    assert estimated_height(kind, width) >= 1


@given(st.integers(0, 255), st.integers(1, 300))
def test_wider_panes_never_need_more_rows(kind: int, width: int) -> None:
    assert estimated_height(kind, width + 1) <= estimated_height(kind, width)


@given(st.integers(0, 5_000_000), st.integers(0, 5_000_000))
def test_longer_lines_have_no_smaller_class(one: int, other: int) -> None:
    shorter, longer = sorted((one, other))
    assert size_class("x" * shorter) <= size_class("x" * longer)


@pytest.mark.parametrize("length", [1, 15, 16, 31, 40, 100, 1000, 8191, 8192, 100_000, 2_000_000])
def test_estimate_of_one_long_line_is_within_its_class(length: int) -> None:
    """A class above 8,191 cells is half an octave wide, and what is estimated is its middle."""
    rows = -(-length // 70)
    tolerance = 0.12 if length < 8192 else 0.33
    assert estimated_height(size_class("x" * length), 70) == pytest.approx(rows, rel=tolerance, abs=1)


@pytest.mark.parametrize("lines", [2, 3, 7, 8, 50, 1000, 10_000])
def test_short_lines_take_a_row_each_at_any_width(lines: int) -> None:
    poem = "\n".join(["a short line"] * lines)
    for width in (40, 80, 160):
        assert estimated_height(size_class(poem), width) == pytest.approx(lines, rel=0.13)


def test_empty_text_takes_the_row_that_the_cursor_stands_on() -> None:
    assert size_class("") == 0
    assert estimated_height(0, 60) == 1


def test_line_breaks_alone_are_rows() -> None:
    assert estimated_height(size_class("\n\n\n"), 60) == 4


@pytest.mark.parametrize(
    ("part", "times", "cells"),
    [
        ("隧道", 100, 400),
        ("한국어", 100, 600),
        ("😀", 300, 600),
        ("e\u0301", 400, 400),
        ("“é”—", 100, 400),
        ("ж", 400, 400),
    ],
    ids=["ideographs", "hangul", "emoji", "combining marks", "punctuation", "cyrillic"],
)
def test_cells_are_reckoned_not_characters(part: str, times: int, cells: int) -> None:
    assert estimated_height(size_class(part * times), 40) == pytest.approx(cells / 40, abs=2)


@pytest.mark.parametrize("width", [1, 7, 40, 66, 88, 200])
def test_all_heights_at_once_are_the_same(width: int) -> None:
    assert estimated_heights(width) == [estimated_height(size_class, width) for size_class in range(256)]
