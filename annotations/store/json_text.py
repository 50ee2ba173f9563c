"""JSON in columns of text. The standard library's module is loaded only where it is needed: reading opens without it."""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING, Any

import msgspec

if TYPE_CHECKING:
    from collections.abc import Callable

_HOLDERS = (float, dict, list, tuple)
"""What an odd number is, or may be in."""


def load_json(source: str) -> Any:  # noqa: ANN401  # JSON may hold anything
    """Return what `source` says.

    What only the standard library reads, such as NaN or half of a surrogate pair, comes out as it does there.

    Raises:
        ValueError: If it is no JSON.
    """
    try:
        return msgspec.json.decode(source)
    except msgspec.DecodeError:
        import json  # noqa: PLC0415  # loaded on use

        return json.loads(source)


def dump_json(value: object, *, default: Callable[[object], object] | None = None, is_ascii: bool = False) -> str:
    """Return `value` as compact JSON; letters of all scripts stay legible unless `is_ascii`.

    Raises:
        TypeError: If it holds what JSON cannot, and `default` does not help.
    """
    if not is_ascii:
        try:
            encoded = msgspec.json.encode(value)
        except (TypeError, ValueError, OverflowError):  # half of a surrogate pair, a number of more than 64 bits
            pass
        else:
            if b"null" not in encoded or not _has_odd_numbers(value):
                return encoded.decode()
    import json  # noqa: PLC0415  # loaded on use

    text = json.dumps(value, ensure_ascii=is_ascii, separators=(",", ":"), default=default)
    try:
        text.encode()
    except UnicodeEncodeError:  # SQLite stores UTF-8, which cannot hold half of a surrogate pair
        return json.dumps(value, separators=(",", ":"), default=default)
    return text


def _has_odd_numbers(value: object) -> bool:
    """Tell whether a value holds NaN or an infinity, of which msgspec makes null."""
    if isinstance(value, dict):
        return any(_has_odd_numbers(inner) for inner in value.values() if isinstance(inner, _HOLDERS))
    if isinstance(value, list | tuple):
        return any(_has_odd_numbers(inner) for inner in value if isinstance(inner, _HOLDERS))
    return isinstance(value, float) and not isfinite(value)
