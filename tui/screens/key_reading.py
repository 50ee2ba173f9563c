"""How a screen takes keys: sequences of them, read by a keymap, start its actions."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from annotations.errors import PostilError
from tui.keymap import Context, Match, Reading, show_keys
from tui.text.visible import one_line

if TYPE_CHECKING:
    from textual import events
    from textual.screen import Screen

    from tui.keymap import Keymap

    ScreenPart: TypeAlias = Screen[None]
else:
    ScreenPart = object
    """Only the last class of a chain is a screen for Textual, which takes 0.7 ms to make one."""

_SAME = {" ": "space", "ctrl+@": "ctrl+space"}
"""Keys that Textual names otherwise; most terminals send the same for Ctrl and @ as for Ctrl and Space."""


class KeyReading(ScreenPart):
    """A part of a screen: an `action_…` method for each command of its keymap.

    Args:
        keymap: The commands and their keys.
    """

    def __init__(self, keymap: Keymap) -> None:
        super().__init__()
        self.keymap = keymap
        self.said = ""
        self.pending: tuple[str, ...] = ()
        """The keys so far of a sequence."""
        self.has_left = False
        """Whether the screen is being left: what was under way in it leads nowhere any more."""

    @property
    def context(self) -> Context:
        """Where keys go."""
        return Context.THREAD

    def show_status(self) -> None:
        """Bring what the screen says of itself up to date."""

    def moves(self) -> tuple[object, int]:
        """Return what keys move, and how often that has told so: what the screen says of itself follows by itself."""
        return None, 0

    def say(self, words: str) -> None:
        """Say what has happened, in the status line."""
        self.said = words

    def complain(self, error: PostilError) -> None:
        """Show what went wrong."""
        self.notify(one_line(str(error)), severity="error", markup=False, timeout=8)

    def on_key(self, event: events.Key) -> None:
        """Read a key."""
        self.begin_once()
        self.read_key(event)

    def begin_once(self) -> None:
        """Be ready for the first key, if the screen is not yet."""

    def read_key(self, event: events.Key) -> None:
        """Read a key as a part of a sequence."""
        if self.take(self.key_name(event)):
            event.stop()
            event.prevent_default()

    @staticmethod
    def key_name(event: events.Key) -> str:
        """Return a key as the keymap names it."""
        key = event.character if event.is_printable and event.character else event.key
        return _SAME.get(key, key)

    def take(self, key: str) -> bool:
        """Act on a key; return whether it was ours."""
        if self.pending and key == "escape":
            self.pending = ()
            self.show_status()
            return True
        if not self.pending and self.take_first(key):
            return True
        keys = (*self.pending, key)
        match = self.keymap.read(keys, self.context)
        if match is Reading.UNKNOWN and not self.pending:
            return False
        self.pending = keys if match is Reading.PENDING else ()
        if isinstance(match, Match):
            self.said = ""
            self.perform(match)
            return True
        if match is Reading.UNKNOWN:
            self.say(f"{show_keys(' '.join(keys))} does nothing here")
        self.show_status()
        return True

    def take_first(self, key: str) -> bool:
        """Act on a key that means something before any command does; return whether it did."""
        del key
        return False

    def perform(self, match: Match) -> None:
        """Run the action of a command; what goes wrong is said, not raised."""
        action = getattr(self, f"action_{match.command.action}")
        before = self.moves()
        try:
            if match.argument:
                action(match.argument)
            else:
                action()
        except PostilError as error:
            self.complain(error)
        after = self.moves()
        if after[0] is not before[0] or after == before:  # else the message that something has moved does it
            self.show_status()
