"""A row of a table, whatever kind of file it stands in."""

from __future__ import annotations

from msgspec import Struct


class Row(Struct, frozen=True):
    """A row.

    Args:
        where: What it is called in reports: "line 12", "row 12".
        key: What its post is called where it has no id.
        fields: Its values by the names of the columns.
    """

    where: str
    key: str
    fields: dict[str, object]
