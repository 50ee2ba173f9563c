"""Moments as people write them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from annotations.moments import parse_moment

NOW = datetime(2026, 5, 10, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("typed", "moment"),
    [
        ("2026-05-01", "2026-05-01T00:00:00Z"),
        ("2026-05-01T08:30", "2026-05-01T08:30:00Z"),
        ("2026-05-01T08:30+02:00", "2026-05-01T06:30:00Z"),
        ("30m", "2026-05-10T11:30:00Z"),
        ("12h", "2026-05-10T00:00:00Z"),
        (" 7D ", "2026-05-03T12:00:00Z"),
        ("1w", "2026-05-03T12:00:00Z"),
    ],
)
def test_days_times_and_how_long_ago(typed: str, moment: str) -> None:
    assert parse_moment(typed, NOW) == moment


def test_until_a_day_means_its_end() -> None:
    assert parse_moment("2026-05-01", NOW, is_end=True) == "2026-05-02T00:00:00Z"
    assert parse_moment("2026-05-01T08:00", NOW, is_end=True) == "2026-05-01T08:00:00Z"


@pytest.mark.parametrize("typed", ["", "soon", "2026-13-01", "5x", "123456d", "9999-12-31"])
def test_all_else_is_refused_with_what_may_be_written(typed: str) -> None:
    with pytest.raises(ValueError, match="is no moment: write 2026-05-01"):
        parse_moment(typed, NOW, is_end=True)
