"""A codebook as JSON values."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from annotations.codebook import Codebook


def codebook_json(codebook: Codebook) -> dict[str, object]:
    """Return all that the codebook says as JSON values, in the words of the TOML; every field is always there."""
    return {name: value for name, value in record_json(codebook).items() if name != "source"} | {
        "sha256": codebook.sha256
    }


def record_json(record: Struct) -> dict[str, object]:
    """Return the fields of a record; the TOML says `required` for `is_required`."""
    return {
        name.removeprefix("is_").removeprefix("has_"): _value_json(getattr(record, name))
        for name in record.__struct_fields__
        if not name.startswith("_")
    }


def _value_json(value: object) -> object:
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, tuple):
        return [_value_json(part) for part in value]
    return record_json(value) if isinstance(value, Struct) else value
