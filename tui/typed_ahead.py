"""Keys one after the other: what is typed ahead of a dialog goes to the dialog, in the order in which it was typed.

Textual hands a key from widget to widget by their message queues, and lets the next one set out meanwhile. A key that
opens a dialog, or moves the focus, may so be overtaken by those behind it. Here a key waits until the one before has
been dealt with: a message that follows it on its way through the queues has come back, twice, because what a widget
makes of a key (`Input.Submitted`) is a message again; and a screen that has come or come back has been drawn.
"""

from __future__ import annotations

from collections import deque
from time import monotonic
from typing import TYPE_CHECKING

from textual import events
from textual.app import App, ScreenStackError
from textual.dom import DOMNode
from textual.message import Message

if TYPE_CHECKING:
    from textual.message_pump import MessagePump
    from textual.screen import Screen
    from textual.timer import Timer
    from textual.types import CSSPathType

ROUNDS = 2
"""How often a key is followed on its way: the second time what was made of it is done, too."""

PATIENCE = 2.0
"""Seconds after which waiting keys are let in whatever is the matter: a message can be lost with the widget that had it."""

A_WHILE = 0.05
"""Seconds after which a key need not be followed if all queues on its way are empty: keys typed by hand cost nothing."""

RETRY = 0.1
"""Seconds between two attempts to let a key in that has to wait for something outside."""

_ESCAPED = "alt+"


class Follower(Message):
    """Goes the way that a key went, behind it.

    Args:
        ticket: Which key it follows.
        rounds: How often it has gone that way, this time counted.
    """

    def __init__(self, ticket: int, rounds: int) -> None:
        super().__init__()
        self.ticket = ticket
        self.rounds = rounds


class OrderedKeys(App[None]):
    """An app that takes keys and pasted texts one after the other.

    Args:
        css_path: The app's styles.
    """

    def __init__(self, css_path: CSSPathType | None = None) -> None:
        super().__init__(css_path=css_path)
        self._waiting: deque[events.Key | events.Paste] = deque()
        self._ticket = 0
        self._is_busy = False
        self._is_followed = False
        self._is_settling = False
        self._let_in_at = 0.0
        self._let_in_to: MessagePump = self
        self._patience: Timer | None = None
        self._retry: Timer | None = None
        self.alt_keys: frozenset[str] = frozenset()
        """Keys with Alt that mean something. To a terminal, Alt and a letter is Escape and the letter, typed quickly."""

    def on_mount(self) -> None:
        """Notice when screens come and go."""
        self.screen_change_signal.subscribe(self, self._wait_for_screen_to_settle, immediate=True)

    async def on_event(self, event: events.Event) -> None:
        """Let a key in when its turn has come."""
        if not isinstance(event, events.Key | events.Paste) or event.is_forwarded:
            await super().on_event(event)
            return
        if self.is_blind(event):
            return
        if self._retry is not None and isinstance(event, events.Key) and event.key == "escape":
            self._waiting.clear()
            self._hold(is_held=False)
            return
        if isinstance(event, events.Key) and event.key.startswith(_ESCAPED) and event.key not in self.alt_keys:
            self._waiting.append(events.Key("escape", "\x1b"))
            event = events.Key(_without_alt(event), event.character)
        self._waiting.append(event)
        if self._is_busy and not self._is_followed and not self._is_settling:
            if self._is_quiet():
                self._is_busy = False
            else:
                self._follow(self._let_in_to, self._ticket, 1)
        if not self._is_busy:
            await self._let_in()
        if self._waiting and self._patience is None:
            self._patience = self.set_timer(PATIENCE, self._lose_patience)

    def is_blind(self, event: events.Key | events.Paste) -> bool:
        """Tell whether nobody can see what this would act on: it is not let in, not even when that is seen again."""
        del event
        return False

    @property
    def is_behind(self) -> bool:
        """Whether something that was typed is yet to be let in."""
        return bool(self._waiting)

    def must_wait(self, event: events.Key | events.Paste) -> bool:
        """Tell whether what this would do cannot be done yet, for a reason outside: it is kept until it can."""
        del event
        return False

    def show_waiting(self, event: events.Key | events.Paste | None) -> None:
        """Say that this waits for something outside, or with None that it has been taken back."""

    def _hold(self, *, is_held: bool) -> None:
        """Begin or end to wait for what is outside; Escape ends it, too, and takes back what waits."""
        if is_held:
            if self._retry is None:
                self.show_waiting(self._waiting[0])
            else:
                self._retry.stop()
            self._retry = self.set_timer(RETRY, self._try_again)
        elif self._retry is not None:
            self._retry.stop()
            self._retry = None
            if not self._waiting:
                self.show_waiting(None)

    async def _try_again(self) -> None:
        if not self._is_busy:
            await self._let_in()

    async def _let_in(self) -> None:
        """Let the next key in, and follow it."""
        if not self._waiting:
            return
        if self.must_wait(self._waiting[0]):
            self._hold(is_held=True)
            return
        self._hold(is_held=False)
        event = self._waiting.popleft()
        self._is_busy = True
        self._is_followed = False
        self._ticket += 1
        self._let_in_at = monotonic()
        self._let_in_to = self._target
        await super().on_event(event)
        if self._waiting and not self._is_settling:
            self._follow(self._let_in_to, self._ticket, 1)

    def _is_quiet(self) -> bool:
        """Tell whether the last key has surely been dealt with: a while ago, and nothing is under way where it went."""
        if monotonic() - self._let_in_at < A_WHILE:
            return False
        on_its_way = self._let_in_to
        return isinstance(on_its_way, DOMNode) and not any(
            node.message_queue_size for node in on_its_way.ancestors_with_self if node is not self
        )

    @property
    def _target(self) -> MessagePump:
        """Where keys begin their way."""
        try:
            return self.focused or self.screen
        except ScreenStackError:  # the app is ending
            return self

    def _follow(self, target: MessagePump, ticket: int, rounds: int) -> None:
        self._is_followed = True
        if not target.post_message(Follower(ticket, rounds)):  # it is gone: by the app's queue instead
            self.post_message(Follower(ticket, rounds))

    async def on_follower(self, message: Follower) -> None:
        """Let the next key in when the one before has been dealt with."""
        message.stop()
        if message.ticket != self._ticket:
            return
        if message.rounds < ROUNDS:
            self._follow(self._target, message.ticket, message.rounds + 1)
            return
        await self._go_on()

    async def _go_on(self) -> None:
        self._is_busy = self._is_settling = False
        await self._let_in()
        if self._patience is not None and self._waiting:
            self._patience.reset()
        elif self._patience is not None:
            self._patience.stop()
            self._patience = None

    def _wait_for_screen_to_settle(self, screen: Screen[object]) -> None:
        """Let no key in before the screen that is now on top has been drawn with all that is on it."""
        self._ticket += 1
        self._is_busy = self._is_settling = True
        self._is_followed = False
        ticket = self._ticket
        if not screen.call_after_refresh(self._settle, ticket):
            self._settle(ticket)

    def _settle(self, ticket: int) -> None:
        """Follow the way of keys through the new screen: focus may be on its way there."""
        if ticket == self._ticket:
            self._is_settling = False
            self.post_message(Follower(ticket, 0))

    async def _lose_patience(self) -> None:
        self._patience = None
        if self._waiting:
            self._ticket += 1  # what was followed is given up
            await self._go_on()
        if self._waiting and self._patience is None:
            self._patience = self.set_timer(PATIENCE, self._lose_patience)


def _without_alt(event: events.Key) -> str:
    key = event.key.removeprefix(_ESCAPED)
    shifted = key.removeprefix("shift+")
    return shifted.upper() if shifted != key and len(shifted) == 1 else key
