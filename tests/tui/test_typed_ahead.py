"""Keys one after the other: what can be shown without a terminal."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, ClassVar

import pytest
from textual import events, on
from textual.binding import Binding, BindingType
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from tui import typed_ahead
from tui.typed_ahead import OrderedKeys

if TYPE_CHECKING:
    from textual.app import ComposeResult


class Asking(ModalScreen[str]):
    """A dialog that takes long to come, and answers with what was typed."""

    def compose(self) -> ComposeResult:
        yield Input()

    async def on_mount(self) -> None:
        await asyncio.sleep(0.05)
        self.query_one(Input).focus()

    @on(Input.Submitted)
    def answer(self, event: Input.Submitted) -> None:
        self.dismiss(event.value)


class Desk(OrderedKeys):
    """An app that asks at `a`, and notes all that it is told."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("a", "ask", "Ask"),
        Binding("escape", "note('escape')", "Back"),
        Binding("alt+x", "note('alt x')", "Special"),
        *(Binding(key, f"note('{key}')", key) for key in "bcxXY"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self.noted: list[str] = []

    def compose(self) -> ComposeResult:
        yield Static("A desk")

    def action_ask(self) -> None:
        self.push_screen(Asking(), lambda answer: self.noted.append(f"“{answer}”"))

    def action_note(self, what: str) -> None:
        self.noted.append(what)


async def type_at_once(app: Desk, *keys: str) -> None:
    """Let keys arrive without a pause between them; wait until they have been dealt with."""
    for key in keys:
        character = {"enter": "\r", "escape": "\x1b"}.get(key, key[-1])
        app.post_message(events.Key(key, character))
    for _ in range(100):
        await asyncio.sleep(0.02)
        if len(app.screen_stack) == 1 and app.noted and not app._waiting and not app._is_busy:
            return


async def test_what_is_typed_ahead_of_dialogs_goes_to_them_in_order() -> None:
    app = Desk()
    async with app.run_test():
        await type_at_once(app, *"baone", "enter", "c", *"atwo", "enter", *"abcb", "enter", "b")
    assert app.noted == ["b", "“one”", "c", "“two”", "“bcb”", "b"]


async def test_a_pasted_text_waits_too() -> None:
    app = Desk()
    async with app.run_test():
        app.post_message(events.Key("a", "a"))
        app.post_message(events.Paste("pasted"))
        await type_at_once(app, "enter", "c")
    assert app.noted == ["“pasted”", "c"]


@pytest.mark.parametrize(("key", "noted"), [("alt+x", ["escape", "x"]), ("alt+shift+x", ["escape", "X"])])
async def test_alt_and_a_letter_is_escape_and_the_letter(key: str, noted: list[str]) -> None:
    app = Desk()
    async with app.run_test():
        await type_at_once(app, key, "b")
    assert app.noted == [*noted, "b"]


async def test_alt_and_a_letter_that_mean_something_stay_together() -> None:
    app = Desk()
    app.alt_keys = frozenset({"alt+x"})
    async with app.run_test():
        await type_at_once(app, "alt+x")
    assert app.noted == ["alt x"]


async def test_keys_are_let_in_though_what_followed_the_one_before_was_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(typed_ahead, "PATIENCE", 0.05)
    app = Desk()
    async with app.run_test():
        monkeypatch.setattr(Desk, "_follow", lambda *_: None)
        for key in "bcx":
            app.post_message(events.Key(key, key))
        for _ in range(100):
            await asyncio.sleep(0.02)
            if len(app.noted) == 3:
                break
    assert app.noted == ["b", "c", "x"]
