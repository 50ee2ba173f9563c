"""The line that says what hinders work, as long as it does."""

from __future__ import annotations

from textual.content import Content
from textual.widgets import Static

from tui.text.visible import one_line


class TroubleLine(Static):
    """A line at the top of the screen, as high as its words need.

    Args:
        heading: What is the case, in capitals.
        words: Why, and what to do about it.
    """

    DEFAULT_CSS = """
    TroubleLine {
        dock: top;
        height: auto;
        padding: 0 1;
        background: $panel;
        color: $warning;
    }
    """

    def __init__(self, heading: str, words: str) -> None:
        super().__init__()
        self.say(heading, words)

    def say(self, heading: str, words: str) -> None:
        """Say something else."""
        self.update(Content.assemble((f"{heading}  ", "bold"), one_line(words)))
