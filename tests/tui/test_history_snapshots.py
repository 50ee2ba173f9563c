"""What the history and the dialog of queues look like, narrow and wide, light and dark."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from textual.widgets import Input

from tui.theme_names import DARK, LIGHT

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from textual.pilot import Pilot

    from tui.app import PostilApp

NARROW, WIDE = (80, 24), (120, 40)
SCREENS = {
    "history": "right_curly_bracket s c tab g a 1 2 ! x u j k g H j",
    "history-filter": "tab g a 1 2 ! g H slash a g r e e",
    "queue-seed": "tab g q j j j enter",
    "flagged": "tab ! j ! g n",
}


def after(keys: str) -> Callable[[Pilot[None]], Awaitable[None]]:
    async def press(pilot: Pilot[None]) -> None:
        for key in keys.split():
            await pilot.press(key)
        for screen in pilot.app.screen_stack:
            for entry in screen.query(Input):
                entry.cursor_blink = False
        await pilot.app.workers.wait_for_complete()
        await pilot.pause()
        await pilot.pause()

    return press


@pytest.mark.parametrize(
    ("size", "theme"),
    [(NARROW, DARK), (NARROW, LIGHT), (WIDE, DARK), (WIDE, LIGHT)],
    ids=["narrow-dark", "narrow-light", "wide-dark", "wide-light"],
)
def test_history(
    snap_compare: Callable[..., bool], make_app: Callable[..., PostilApp], size: tuple[int, int], theme: str
) -> None:
    assert snap_compare(make_app(theme=theme), terminal_size=size, run_before=after(SCREENS["history"]))


@pytest.mark.parametrize(
    ("name", "size", "theme"),
    [("history-filter", WIDE, DARK), ("queue-seed", NARROW, LIGHT), ("flagged", WIDE, LIGHT)],
    ids=["history-filter", "queue-seed", "flagged"],
)
def test_screen(
    snap_compare: Callable[..., bool],
    make_app: Callable[..., PostilApp],
    name: str,
    size: tuple[int, int],
    theme: str,
) -> None:
    assert snap_compare(make_app(theme=theme), terminal_size=size, run_before=after(SCREENS[name]))
