"""A terminal's cursor that can be seen, at the place that is read: screen readers and magnifiers follow it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.geometry import Offset

if TYPE_CHECKING:
    from textual.driver import Driver
    from textual.widgets import OptionList

SHOW_CURSOR = "\x1b[?25h"
"""DECTCEM, as ECMA-48 terminals know it."""


def showing_cursor(driver: type[Driver]) -> type[Driver]:
    """Return a driver that shows the terminal's cursor, which Textual moves to where `App.cursor_position` says."""

    def start(self: Driver) -> None:
        driver.start_application_mode(self)
        self.write(SHOW_CURSOR)
        self.flush()

    return type(f"Showing{driver.__name__}", (driver,), {"start_application_mode": start})


def option_place(options: OptionList, index: int) -> Offset:
    """Return where on the screen an option of a list begins."""
    region = options.content_region
    lines = sum(str(options.get_option_at_index(place).prompt).count("\n") + 1 for place in range(index))
    return Offset(region.x, region.y + max(0, min(lines - options.scroll_offset.y, region.height - 1)))
