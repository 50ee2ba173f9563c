"""JSON values on their way into a data set: mostly as the text that they are kept as, which nobody need read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from msgspec import Raw, json

from annotations.exporters.rows.unpaired import replace_unpaired

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from annotations.exporters.writing.report import Tally

Json: TypeAlias = Any
"""A JSON value, or the text of one as `Raw`."""

NOTHING: Mapping[str, object] = {}
"""What an object without members is told as: one for all."""


def raw_json(text: str) -> Json:
    """Return the value of a column that holds JSON, as its text where that can go into a data set as it is."""
    if text == "{}":
        return NOTHING
    if text == "[]":
        return ()
    if _can_stay(text):
        return Raw(text)
    from annotations.store.json_text import load_json  # noqa: PLC0415  # seldom needed

    return load_json(text)


def text_of_json(text: str, tally: Tally) -> str:
    """Return what `json_text` makes of the value of a column that holds JSON."""
    return text if _can_stay(text) else json_text(raw_json(text), tally)


def list_of_json(text: str) -> Sequence[Json]:
    """Return the list that a column holds as JSON."""
    value = raw_json(text)
    found: Sequence[Json] = json.decode(value) if type(value) is Raw else value
    return found


def _can_stay(text: str) -> bool:
    """Tell whether a text of JSON holds neither halves of surrogate pairs nor NaN and Infinity."""
    return "\\u" not in text and "N" not in text and "I" not in text


def json_text(value: Json, tally: Tally) -> str:
    """Return a value as JSON in a cell; unpaired surrogates are replaced and counted."""
    if value is NOTHING:
        return "{}"
    if type(value) is Raw:
        return bytes(value).decode()
    try:
        return json.encode(value).decode()
    except UnicodeEncodeError:
        return json.encode(replace_unpaired(value, tally)).decode()
