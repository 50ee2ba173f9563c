"""Unpaired surrogates: half characters that JSON can name and UTF-8 cannot carry.

Texts are cleaned of them when they are imported; a source's metadata is kept as it came.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from annotations.exporters.writing.report import Tally

UNPAIRED = "unpaired surrogates, replaced by U+FFFD"

_Json = TypeVar("_Json")


def replace_unpaired(value: _Json, tally: Tally) -> _Json:
    """Return a JSON value with each unpaired surrogate in it replaced, and count them."""
    return _paired(value, tally)  # type: ignore[no-any-return]  # each kind of value comes back as its own kind


def _paired(value: Any, tally: Tally) -> Any:  # noqa: ANN401  # any JSON value
    if isinstance(value, str):
        tally.lost[UNPAIRED] += sum(map(_is_unpaired, value))
        return "".join("\ufffd" if _is_unpaired(sign) else sign for sign in value)
    if isinstance(value, dict):
        return {_paired(key, tally): _paired(part, tally) for key, part in value.items()}
    return [_paired(part, tally) for part in value] if isinstance(value, (list, tuple)) else value


def _is_unpaired(sign: str) -> bool:
    return "\ud800" <= sign <= "\udfff"
