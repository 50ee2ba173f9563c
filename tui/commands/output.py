"""What commands write: data on standard output, talk on standard error."""

from __future__ import annotations

import sys
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from annotations.errors import PostilError

_NOT_PLAIN = "[\x7f-\x9f\u2028\u2029\ud800-\udfff]"
"""Characters that JSON allows but terminals obey, line readers split at, or UTF-8 cannot carry."""


def write_text(line: str = "") -> None:
    """Write a line of text to standard output; what comes from outside has been made visible before."""
    sys.stdout.write(line + "\n")


def write_json(value: object) -> None:
    """Write a value to standard output as one line of JSON."""
    _write_bytes(to_json(value) + b"\n")


def write_json_array(values: Iterable[object]) -> None:
    """Write values to standard output as one JSON array, a line each, as they come."""
    separator = b"[\n"
    for value in values:
        _write_bytes(separator + to_json(value))
        separator = b",\n"
    _write_bytes(b"[]\n" if separator == b"[\n" else b"\n]\n")


def to_json(value: object) -> bytes:
    """Return JSON on one line, in UTF-8 whatever the terminal's encoding is."""
    import json  # noqa: PLC0415  # loaded on use
    import re  # noqa: PLC0415  # the same

    line = json.dumps(value, ensure_ascii=False)
    return re.sub(_NOT_PLAIN, lambda sign: f"\\u{ord(sign[0]):04x}", line).encode()


def say(line: str) -> None:
    """Write a line of talk to standard error; that nobody listens is no failure."""
    with suppress(OSError):
        sys.stderr.write(line + "\n")


def say_error(error: PostilError) -> None:
    """Write what went wrong to standard error, and below it what to do."""
    say_failure(error.message, error.hint, getattr(error, "problems", ()))


def say_failure(message: str, hint: str = "", problems: Iterable[str] = ()) -> None:
    """Write a failure to standard error: names and texts in it may come from anywhere."""
    from tui.text.visible import one_line  # noqa: PLC0415  # loaded on use: most commands end well

    say(f"postil: {one_line(message)}")
    for line in (*problems, hint):
        if line:
            say(f"  {one_line(line)}")


def count(number: int, noun: str) -> str:
    """Return a number with its noun: "1 comment", "1,200 comments"."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def _write_bytes(line: bytes) -> None:
    # Text and bytes are not mixed within one command, so the text layer above has nothing to flush.
    sys.stdout.buffer.write(line)
