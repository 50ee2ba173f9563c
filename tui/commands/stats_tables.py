"""The numbers of a project as text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.commands.output import write_text
from tui.number_tables import number_tables, summary

if TYPE_CHECKING:
    from annotations.store.statistics_records import Statistics


def write_tables(statistics: Statistics, days: str) -> None:
    """Print what there is in tables that have something to show.

    Args:
        statistics: The numbers.
        days: Which zone's days they are, a phrase.
    """
    write_text(summary(statistics))
    for table in number_tables(statistics, days):
        write_text()
        write_text(table.title)
        for line in table.lines():
            write_text(line)
        if table.note:
            write_text(f"({table.note})")
