"""How long ago something was, in words."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

_MINUTE = 60
_HOUR = 60 * _MINUTE
_SAME_NIGHT = 6 * _HOUR
"""Seconds within which midnight makes no yesterday."""

_UNITS = ((14, 1, "day"), (61, 7, "week"), (730, 30.44, "month"), (10**9, 365.25, "year"))
"""Days under which a unit is used, days that it has, its name."""


def ago(then: str, now: str) -> str:
    """Return how long ago `then` was: `just now`, `5 minutes ago`, `yesterday`, `3 weeks ago`; "" for no time.

    Days are counted by the calendar, in UTC: what was last night is `yesterday`.

    Args:
        then: ISO 8601, aware; "" for never. What is no time is returned as it is.
        now: ISO 8601, aware.
    """
    if not then:
        return ""
    try:
        past, present = _utc(then), _utc(now)
    except ValueError:
        return then
    seconds = (present - past) / timedelta(seconds=1)
    days = (present.date() - past.date()).days
    if days == 0 or seconds < _SAME_NIGHT:
        return _since(seconds)
    if days == 1:
        return "yesterday"
    length, unit = next((length, unit) for limit, length, unit in _UNITS if days < limit)
    return _count(days / length, unit)


def _since(seconds: float) -> str:
    """Return how long ago something of the last hours was; a clock that is ahead makes no future."""
    if seconds < _MINUTE:
        return "just now"
    return _count(seconds / _MINUTE, "minute") if seconds < _HOUR else _count(seconds / _HOUR, "hour")


def exact(then: str) -> str:
    """Return a moment to the minute, `2026-05-01 08:30 UTC`; what is no time is returned as it is."""
    try:
        return f"{_utc(then):%Y-%m-%d %H:%M} UTC" if then else ""
    except ValueError:
        return then


def _utc(moment: str) -> datetime:
    time = datetime.fromisoformat(moment)
    return time.replace(tzinfo=UTC) if time.tzinfo is None else time.astimezone(UTC)


def _count(number: float, unit: str) -> str:
    whole = int(number)
    return f"{whole} {unit} ago" if whole == 1 else f"{whole} {unit}s ago"
