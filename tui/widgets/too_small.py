"""What is shown instead of a screen in a terminal without room for it."""

from __future__ import annotations

from textual.widgets import Static


class TooSmall(Static):
    """Covers a screen that has a layer `notice`.

    Args:
        columns: The columns that the screen needs.
        rows: The rows that it needs.
    """

    DEFAULT_CSS = """
    TooSmall {
        layer: notice;
        width: 100%;
        height: 100%;
        background: $background;
        color: $foreground;
        content-align: center middle;
    }
    """

    def __init__(self, columns: int, rows: int) -> None:
        super().__init__(f"Postil needs at least {columns}×{rows} characters to show a thread.")
