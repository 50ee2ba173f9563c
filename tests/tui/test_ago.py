"""How long ago something was, in words."""

from __future__ import annotations

import pytest

from tui.text.ago import ago, exact

NOW = "2026-05-10T12:00:00Z"


@pytest.mark.parametrize(
    ("then", "words"),
    [
        ("2026-05-10T12:00:00Z", "just now"),
        ("2026-05-10T12:00:30Z", "just now"),
        ("2026-05-10T11:59:01Z", "just now"),
        ("2026-05-10T11:59:00Z", "1 minute ago"),
        ("2026-05-10T11:01:00Z", "59 minutes ago"),
        ("2026-05-10T11:00:00Z", "1 hour ago"),
        ("2026-05-10T00:01:00Z", "11 hours ago"),
        ("2026-05-09T23:59:00Z", "yesterday"),
        ("2026-05-08T23:59:00Z", "2 days ago"),
        ("2026-04-27T12:00:00Z", "13 days ago"),
        ("2026-04-26T12:00:00Z", "2 weeks ago"),
        ("2026-03-11T12:00:00Z", "8 weeks ago"),
        ("2026-03-10T12:00:00Z", "2 months ago"),
        ("2025-05-10T12:00:00Z", "11 months ago"),
        ("2024-05-12T12:00:00Z", "23 months ago"),
        ("2024-05-01T12:00:00Z", "2 years ago"),
        ("1996-05-01T12:00:00Z", "30 years ago"),
    ],
)
def test_words(then: str, words: str) -> None:
    assert ago(then, NOW) == words


def test_what_was_before_midnight_is_not_yesterday_while_the_night_lasts() -> None:
    assert ago("2026-05-09T23:30:00Z", "2026-05-10T00:15:00Z") == "45 minutes ago"
    assert ago("2026-05-09T22:00:00Z", "2026-05-10T01:00:00Z") == "3 hours ago"
    assert ago("2026-05-09T22:00:00Z", "2026-05-10T05:00:00Z") == "yesterday"


def test_other_zones_and_no_zone_count_as_utc() -> None:
    assert ago("2026-05-10T13:00:00+02:00", NOW) == "1 hour ago"
    assert ago("2026-05-10T11:00:00", NOW) == "1 hour ago"


def test_never_and_what_is_no_time() -> None:
    assert (ago("", NOW), ago("some day", NOW)) == ("", "some day")
    assert (exact(""), exact("some day")) == ("", "some day")


def test_exact_to_the_minute_in_utc() -> None:
    assert exact("2026-05-10T13:04:59+02:00") == "2026-05-10 11:04 UTC"
