"""Moments as people write them, on the command line or in a filter. Pure."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

FORMS = "2026-05-01, 2026-05-01T08:30, or how long ago: 30m, 12h, 7d, 4w"
"""How a moment may be written, for messages."""

_AGO = re.compile(r"(\d{1,5})\s*([mhdw])", re.IGNORECASE | re.ASCII)
_UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def parse_moment(typed: str, now: datetime, *, is_end: bool = False) -> str:
    """Return a moment, ISO 8601 in UTC to the second.

    Args:
        typed: A day, a day with a time, or how long ago it is; without a zone it is in UTC.
        now: The present time, aware.
        is_end: Whether a day means its end, for "until that day".

    Raises:
        ValueError: If it is nothing of these; the message says what may be written.
    """
    typed = typed.strip()
    try:
        if ago := _AGO.fullmatch(typed):
            moment = now - int(ago[1]) * _UNITS[ago[2].lower()]
        else:
            moment = datetime.fromisoformat(typed)
            if is_end and _DAY.fullmatch(typed):
                moment += timedelta(days=1)
    except (ValueError, OverflowError):
        raise ValueError(f"{typed!r} is no moment: write {FORMS}") from None
    moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z")
