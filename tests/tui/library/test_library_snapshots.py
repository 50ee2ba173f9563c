"""What the library and the search look like, narrow and wide, light and dark."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from textual.widgets import Input

from tui.configuration import Configuration
from tui.theme_names import DARK, LIGHT

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from textual.pilot import Pilot

    from tests.tui.library.conftest import MakeApp

NARROW, WIDE = (80, 24), (120, 40)
SCREENS = {
    "library": "j",
    "filter": "slash h a r b o r",
    "sorted": "j s s",
    "search": "g slash p u m p asterisk down",
    "nothing": "g slash z z",
    "help": "question_mark",
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

    return press


@pytest.mark.parametrize(
    ("size", "theme"),
    [(NARROW, DARK), (NARROW, LIGHT), (WIDE, DARK), (WIDE, LIGHT)],
    ids=["narrow-dark", "narrow-light", "wide-dark", "wide-light"],
)
@pytest.mark.parametrize("name", ["library", "search"])
def test_screen(
    snap_compare: Callable[..., bool], make_app: MakeApp, name: str, size: tuple[int, int], theme: str
) -> None:
    assert snap_compare(make_app(theme=theme), terminal_size=size, run_before=after(SCREENS[name]))


@pytest.mark.parametrize("name", sorted(SCREENS.keys() - {"library", "search"}))
def test_state(snap_compare: Callable[..., bool], make_app: MakeApp, name: str) -> None:
    assert snap_compare(make_app(), terminal_size=(100, 30), run_before=after(SCREENS[name]))


@pytest.mark.parametrize("name", ["library", "search"])
def test_for_a_screen_reader(snap_compare: Callable[..., bool], make_app: MakeApp, name: str) -> None:
    app = make_app(configuration=Configuration(is_plain=True))
    assert snap_compare(app, terminal_size=NARROW, run_before=after(SCREENS[name]))
