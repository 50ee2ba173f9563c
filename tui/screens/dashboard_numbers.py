"""The numbers of the dashboard as something to read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content

from tui.number_tables import number_tables

if TYPE_CHECKING:
    from annotations.store.statistics_records import Statistics

DAYS = "days of this computer’s time zone"


def numbers_of(statistics: Statistics, width: int) -> Content:
    """Return all tables below each other, in lines of at most `width` cells."""
    lines: list[Content] = []
    for table in number_tables(statistics, DAYS):
        head, *rows = table.lines(width)
        lines += [Content.styled(table.title, "bold $accent"), Content.styled(head, "$muted"), *map(Content, rows)]
        lines += [Content.styled(f"({table.note})", "$muted")] if table.note else []
        lines.append(Content(""))
    return Content("\n").join(lines)
