"""Times of sources become ISO 8601 in UTC to the second, and what is no time becomes none."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotations.importers.reading.times import from_any, from_epoch, from_text

MOMENTS = st.datetimes(datetime(1, 1, 3), datetime(9999, 12, 29))  # noqa: DTZ001  # zones are added below
ZONES = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))


def stored(moment: datetime) -> str:
    moment = moment.astimezone(UTC)
    return f"{moment.year:04}-{moment.month:02}-{moment.day:02}T{moment.hour:02}:{moment.minute:02}:{moment.second:02}Z"


@pytest.mark.parametrize(
    ("value", "time"),
    [
        (0, "1970-01-01T00:00:00Z"),
        (1777624200, "2026-05-01T08:30:00Z"),
        (1777624200.9, "2026-05-01T08:30:00Z"),
        ("1777624200", "2026-05-01T08:30:00Z"),
        (" 1777624200.000200 ", "2026-05-01T08:30:00Z"),
        (1777624200123, "2026-05-01T08:30:00Z"),
        (1777624200123456, "2026-05-01T08:30:00Z"),
        ("1777624200123456789", "2026-05-01T08:30:00Z"),
        (-0.5, "1969-12-31T23:59:59Z"),
        (99_999_999_999, "5138-11-16T09:46:39Z"),
    ],
)
def test_a_count_from_1970_is_a_time_in_whichever_unit(value: object, time: str) -> None:
    assert from_epoch(value) == time
    assert from_any(value) == time


@pytest.mark.parametrize(
    "value",
    [
        None,
        True,
        "",
        "soon",
        [],
        {},
        float("nan"),
        float("inf"),
        10**400,
        "9" * 30,
        "1e9",
        "0x1",
        "٣٤",
        b"1777624200",
        -99_999_999_999,
    ],
)
def test_what_is_no_number_of_seconds_is_no_time(value: object) -> None:
    assert from_epoch(value) is None


@pytest.mark.parametrize(
    ("value", "time"),
    [
        ("2026-05-01T08:30:00Z", "2026-05-01T08:30:00Z"),
        ("2026-05-01T08:30:00.999Z", "2026-05-01T08:30:00Z"),
        ("2026-05-01T08:30:00.123456789Z", "2026-05-01T08:30:00Z"),
        ("2026-05-01T08:30:00+02:00", "2026-05-01T06:30:00Z"),
        ("2026-05-01T00:30:00-0530", "2026-05-01T06:00:00Z"),
        ("2026-05-01 08:30:00", "2026-05-01T08:30:00Z"),
        ("2026-05-01 08:30:00 UTC", "2026-05-01T08:30:00Z"),
        ("2026-05-01 08:30:00 +0200", "2026-05-01T06:30:00Z"),
        ("2026-05-01T08:30", "2026-05-01T08:30:00Z"),
        ("20260501T083000Z", "2026-05-01T08:30:00Z"),
        ("2026-05-01T24:00:00Z", "2026-05-02T00:00:00Z"),
        ("2016-12-31T23:59:60Z", "2016-12-31T23:59:59Z"),
        ("  2026-05-01t08:30:00z\n", "2026-05-01T08:30:00Z"),
        ("Fri, 01 May 2026 08:30:00 +0000", "2026-05-01T08:30:00Z"),
        ("Fri, 01 May 2026 08:30:00 GMT", "2026-05-01T08:30:00Z"),
        ("1 May 2026 10:30 +0200", "2026-05-01T08:30:00Z"),
        ("Fri, 01 May 2026 01:30:00 PDT", "2026-05-01T08:30:00Z"),
        ("Fri, 01 May 2026 08:30:00 -0000", "2026-05-01T08:30:00Z"),
    ],
)
def test_a_time_that_is_written_out_is_read(value: str, time: str) -> None:
    assert from_text(value) == time
    assert from_any(value) == time


@pytest.mark.parametrize(
    "value",
    [
        None,
        1777624200,
        "",
        "2026-05-01",
        "2026-05",
        "08:30",
        "3 years ago",
        "2026-02-30T08:30:00Z",
        "2026-05-01T25:00:00Z",
        "2026-05-01T24:30:00Z",
        "2026-13-01 08:30:00",
        "0001-01-01T00:00:00+14:00",
        "Fri, 99 Foo 2026 08:30:00 +0000",
        "Fri, 01 May 2026",
        "1:1" * 1000,
        "٢٠٢٦-05-01T08:30:00Z",
    ],
)
def test_what_names_no_day_with_a_time_is_no_time(value: object) -> None:
    assert from_text(value) is None


@given(MOMENTS, ZONES)
def test_a_time_in_any_zone_comes_back_in_utc(moment: datetime, zone: timezone) -> None:
    aware = moment.replace(tzinfo=zone)
    assert from_text(aware.isoformat()) == stored(aware)
    assert from_text(aware.isoformat(" ", "seconds")) == stored(aware)
    if moment.year >= 1900:
        assert from_text(format_datetime(aware)) == stored(aware)


@given(st.integers(0, 99_999_999_999), st.integers(0, 999_999))
def test_seconds_milliseconds_and_microseconds_say_the_same(seconds: int, more: int) -> None:
    time = stored(datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds))
    assert from_epoch(seconds) == time
    if seconds >= 100_000_000:
        assert from_epoch(seconds * 1000 + more // 1000) == time
        assert from_epoch(seconds * 1_000_000 + more) == time


@given(st.one_of(st.text(), st.integers(), st.floats(), st.none(), st.lists(st.integers()), st.binary()))
def test_nothing_raises(value: object) -> None:
    for time in (from_epoch(value), from_text(value), from_any(value)):
        assert time is None or datetime.fromisoformat(time).tzinfo is UTC


@given(
    st.from_regex(
        r"[A-Z][a-z]{2}, \d{1,3} [A-Z][a-z]{2} \d{1,5} \d{1,3}:\d\d(:\d\d)? [+-]?[0-9A-Z]{1,6}", fullmatch=True
    )
)
def test_nothing_that_looks_like_a_date_of_mail_raises(value: str) -> None:
    time = from_text(value)
    assert time is None or len(time) == len("2026-05-01T08:30:00Z")
