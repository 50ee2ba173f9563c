"""What the screens with a list have in common: its keys, what the bar at the bottom offers, ways to other screens."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import getters
from textual.screen import Screen
from textual.widgets import Input

from tui.keymap import Context
from tui.screens.key_reading import KeyReading
from tui.widgets.label_bar import LabelBar, Offer
from tui.widgets.row_list import RowList

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tui.screens.going import Going


class KeyedScreen(KeyReading, Screen[None]):
    """A screen with a list and a line to type in.

    In its keymap `Context.THREAD` is the list, `Context.TEXT` the line.
    """

    AUTO_FOCUS = None

    rows = getters.query_one(RowList)
    line = getters.query_one("#typed", Input)

    @property
    def context(self) -> Context:
        """Where keys go."""
        return Context.TEXT if isinstance(self.focused, Input) else Context.THREAD

    def offers(self, words: Mapping[str, str]) -> list[Offer]:
        """Return what the bar at the bottom offers: commands by id, each with a word or two."""
        return [
            Offer(key=self.keymap.first_key(name), text=text, command=self.keymap.keys[name][0])
            for name, text in words.items()
            if self.keymap.keys[name]
        ]

    def on_label_bar_chosen(self, message: LabelBar.Chosen) -> None:
        """Do what was clicked."""
        message.stop()
        for key in message.offer.command.split(" "):
            self.take(key)

    def leave_for(self, going: Going) -> None:
        """Ask for another screen."""
        self.post_message(going)

    def action_next_theme(self) -> None:
        """Take the colours of the next theme."""
        from tui.themes import next_theme  # noqa: PLC0415  # loaded on use

        self.say(next_theme(self.app))
        self.call_after_refresh(self.show_status)

    # --- the list -----------------------------------------------------------------------------------------------

    def action_next(self) -> None:
        """Go to the next entry."""
        self.rows.move(1)

    def action_previous(self) -> None:
        """Go to the previous entry."""
        self.rows.move(-1)

    def action_page_down(self) -> None:
        """Page down."""
        self.rows.page(1)

    def action_page_up(self) -> None:
        """Page up."""
        self.rows.page(-1)

    def action_half_down(self) -> None:
        """Go half a page down."""
        self.rows.page(0.5)

    def action_half_up(self) -> None:
        """Go half a page up."""
        self.rows.page(-0.5)

    def action_first(self) -> None:
        """Go to the first entry."""
        self.rows.first()

    def action_last(self) -> None:
        """Go to the last entry that is known."""
        self.rows.last()
