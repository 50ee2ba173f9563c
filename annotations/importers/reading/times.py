"""Times as sources write them, made times as the model wants them: ISO 8601 in UTC, to the second.

A fraction of a second is cut off, so that times can be compared as text; an importer keeps what the source wrote in `meta`.
What names no time of day, or cannot be read, is no time: nothing is guessed.
"""

from __future__ import annotations

import math
import re
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from time import gmtime

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECONDS = 1e11
"""From here on (the year 5138 in seconds) a number counts milliseconds, a thousand times further microseconds, then nanoseconds."""

_STEP = 1000
_LARGEST = 1e20
_NUMBER = re.compile(r"[+-]?\d{1,20}(?:\.\d*)?", re.ASCII)
_ISO = re.compile(
    r"(\d{4})-?(\d\d)-?(\d\d)"
    r"(?:[Tt]|[ \t]+)(\d\d)(?::?(\d\d)(?::?(\d\d)(?:[.,]\d*)?)?)?"
    r"[ \t]*([Zz]|UTC|GMT|[+-]\d\d(?::?\d\d)?)?",
    re.ASCII,
)
_MAIL = re.compile(r"\d:\d\d", re.ASCII)
_LONGEST = 100


def from_epoch(value: object) -> str | None:
    """Return a time that is counted from 1970, or None if the value is no such number.

    Args:
        value: Seconds, milliseconds, microseconds or nanoseconds, told apart by their size; a number, or one as text.
    """
    if type(value) is int and 0 <= value < _MILLISECONDS:  # as nearly all are
        day, second = divmod(value, 86_400)
        minute, second = divmod(second, 60)
        return f"{_day(day)}T{minute // 60:02}:{minute % 60:02}:{second:02}Z"
    if isinstance(value, str):
        value = float(value) if _NUMBER.fullmatch(value.strip()) else None
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) < _LARGEST:
        return None
    while abs(value) >= _MILLISECONDS:
        value /= _STEP
    try:
        return _write(_EPOCH + timedelta(seconds=math.floor(value)))
    except OverflowError:  # before the year 1
        return None


def from_text(value: object) -> str | None:
    """Return a time that is written out, or None if the value is no text that names a day and a time of day.

    Args:
        value: ISO 8601 with `T` or a blank, or a mail's date (RFC 5322, section 3.3); UTC where it names no zone.
    """
    if not isinstance(value, str) or len(value) > _LONGEST:
        return None
    value = value.strip()
    try:
        return _read_iso(match) if (match := _ISO.fullmatch(value)) else _read_mail(value)
    except (ValueError, OverflowError):  # no such day; before the year 1 in UTC
        return None


def from_any(value: object) -> str | None:
    """Return a time whichever way it is written: a number from 1970 or a text; None if it is neither."""
    return from_epoch(value) or from_text(value)


@lru_cache(maxsize=512)
def _day(number: int) -> str:
    """Return the date of a day, counted from 1970."""
    year, month, day = gmtime(number * 86_400)[:3]
    return f"{year:04}-{month:02}-{day:02}"


def _read_iso(match: re.Match[str]) -> str:
    year, month, day, hour, minute, second = (int(part or 0) for part in match.groups()[:6])
    leap = second == 60  # noqa: PLR2004  # a leap second, which Python's times do not have
    moment = datetime(year, month, day, hour % 24, minute, second - leap, tzinfo=UTC)
    if hour == 24:  # noqa: PLR2004  # the end of the day
        if minute or second:
            raise ValueError
        moment += timedelta(days=1)
    elif hour > 24:  # noqa: PLR2004  # no time of day
        raise ValueError
    zone = match[7] or "Z"
    if zone[0] in "+-":
        digits = zone[1:].replace(":", "")
        minutes = int(digits[:2]) * 60 + int(digits[2:] or 0)
        moment -= timedelta(minutes=-minutes if zone[0] == "-" else minutes)
    return _write(moment)


def _read_mail(text: str) -> str | None:
    if not _MAIL.search(text):
        return None
    from email.utils import parsedate_to_datetime  # noqa: PLC0415  # loaded on use

    try:
        moment = parsedate_to_datetime(text)
    except (TypeError, IndexError):  # some texts that are no dates it does not refuse in its own words
        return None
    return _write(moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC))


def _write(moment: datetime) -> str:
    # Not strftime: it writes the year 999 with three digits on some systems.
    return f"{moment.replace(microsecond=0, tzinfo=None).isoformat()}Z"
