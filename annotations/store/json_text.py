"""JSON in columns of text. The standard library's module is loaded only where it is needed: reading opens without it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

if TYPE_CHECKING:
    from collections.abc import Callable


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
    import json  # noqa: PLC0415  # loaded on use

    return json.dumps(value, ensure_ascii=is_ascii, separators=(",", ":"), default=default)
