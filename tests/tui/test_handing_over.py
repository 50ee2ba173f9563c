"""What a worker has found reaches its screen, and no screen that is being left."""

from __future__ import annotations

import asyncio

from textual.app import App
from textual.screen import Screen

from tui.screens.handing_over import hand_over


async def test_a_screen_that_is_being_left_gets_nothing_more() -> None:
    app: App[None] = App()
    taken: list[tuple[str, int]] = []

    def take(what: str, *, number: int) -> None:
        taken.append((what, number))

    async with app.run_test():
        below, screen = Screen[None](), Screen[None]()
        await app.push_screen(below)
        await app.push_screen(screen)
        await asyncio.to_thread(hand_over, screen, take, "on top", number=1)
        await asyncio.to_thread(hand_over, below, take, "below another", number=2)
        leaving = app.pop_screen()
        assert screen.is_attached, "it still is there in part"
        await asyncio.to_thread(hand_over, screen, take, "left", number=3)
        await leaving
    assert taken == [("on top", 1), ("below another", 2)]
