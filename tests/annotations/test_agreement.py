"""Agreement has the values of the textbooks, and none where there is none to have."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest

from annotations.agreement import alpha, f1, interval, mean, nominal, ordinal, percent

if TYPE_CHECKING:
    from annotations.agreement import Difference, Unit

FOUR_OBSERVERS = """
1 2 3 3 2 1 4 1 2 . . .
1 2 3 3 2 2 4 1 2 5 . 3
. 3 3 3 2 3 4 2 2 5 1 .
1 2 3 3 2 4 4 1 2 5 1 .
"""
"""Krippendorff 2011, section C."""

THREE_OBSERVERS = """
. . . . . 3 4 1 2 1 1 3 3 . 3
1 . 2 1 3 3 4 3 . . . . . . .
. . 2 1 3 4 4 . 2 1 1 3 3 . 4
"""
"""The example of the article on Krippendorff's alpha in Wikipedia."""


def units_of(table: str) -> list[tuple[Unit, int]]:
    """Return the columns of a table of observers and units; a dot is a missing value."""
    columns = zip(*(line.split() for line in table.strip().splitlines()), strict=True)
    return [(Counter(int(value) for value in column if value != "."), 1) for column in columns]


@pytest.mark.parametrize(
    ("table", "difference", "expected"),
    [
        (FOUR_OBSERVERS, nominal, 0.743),
        (FOUR_OBSERVERS, ordinal, 0.815),
        (FOUR_OBSERVERS, interval, 0.849),
        (THREE_OBSERVERS, nominal, 0.691),
        (THREE_OBSERVERS, interval, 0.811),
    ],
)
def test_alpha_has_the_values_of_the_textbooks(table: str, difference: Difference, expected: float) -> None:
    found = alpha(units_of(table), difference)
    assert found == pytest.approx(expected, abs=0.0005)


def test_units_that_are_alike_may_be_given_once_with_their_number() -> None:
    alike: list[tuple[Unit, int]] = [({"yes": 2}, 3), ({"yes": 1, "no": 1}, 2), ({"no": 2}, 4)]
    apart: list[tuple[Unit, int]] = [(unit, 1) for unit, number in alike for _ in range(number)]
    assert alpha(alike) == pytest.approx(alpha(apart))
    assert percent(alike) == percent(apart) == pytest.approx(7 / 9)


def test_agreement_without_fault_is_one_and_disagreement_without_fault_is_below_chance() -> None:
    assert alpha([({"a": 2}, 5), ({"b": 2}, 5)]) == 1
    worst = alpha([({"a": 1, "b": 1}, 10)])
    assert worst is not None
    assert worst < 0


@pytest.mark.parametrize(
    "units",
    [
        [],
        [({"a": 2}, 7)],
        [({"a": 1}, 3), ({"b": 1}, 3)],
        [({"a": 2}, 3), ({"b": 1}, 3)],
    ],
)
def test_one_category_or_no_pairs_is_undefined_and_never_one(units: list[tuple[Unit, int]]) -> None:
    assert alpha(units) is None


def test_percent_counts_pairs() -> None:
    assert percent([]) is None
    assert percent([({"a": 1}, 9)]) is None
    assert percent([({"a": 2, "b": 1}, 1)]) == pytest.approx(1 / 3)


def test_f1_is_the_same_the_other_way_round() -> None:
    assert f1(2, 4, 2, 2) == f1(2, 2, 2, 4) == pytest.approx(2 / 3)
    assert f1(0, 3, 0, 2) == 0
    assert f1(0, 3, 0, 0) == 0
    assert f1(0, 0, 0, 0) is None


def test_the_mean_is_that_of_what_is_defined() -> None:
    assert mean([1.0, None, 0.5]) == 0.75
    assert mean([None]) is None
