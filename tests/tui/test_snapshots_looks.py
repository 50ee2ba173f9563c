"""What the themes beside the calm ones, the plain mode and the palette look like. Update: `pytest --snapshot-update`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from textual.widgets import Input

from tui.configuration import Configuration
from tui.screens.reader import ReaderScreen
from tui.theme_names import CONTRAST, DARK, EMBER, LIGHT, PAPER

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.pilot import Pilot

    from tui.app import PostilApp

NARROW, WIDE = (80, 24), (120, 40)
LABELED = "right_curly_bracket s c tab 1 2 i s c escape r P 2 x"


def after(keys: str) -> Callable[[Pilot[None]], object]:
    async def press(pilot: Pilot[None]) -> None:
        await pilot.press(*keys.split())
        await pilot.app.workers.wait_for_complete()
        for entry in pilot.app.screen.query(Input):
            entry.cursor_blink = False
        for screen in pilot.app.screen_stack:
            if isinstance(screen, ReaderScreen):
                screen.flush()  # what is written a moment later, and shown then, is shown now
        await pilot.pause()

    return press


@pytest.mark.parametrize("theme", [CONTRAST, EMBER, PAPER])
def test_theme(snap_compare: Callable[..., bool], make_app: Callable[..., PostilApp], theme: str) -> None:
    assert snap_compare(make_app(theme=theme), terminal_size=WIDE, run_before=after(LABELED))


@pytest.mark.parametrize(("size", "theme"), [(NARROW, LIGHT), (WIDE, DARK)], ids=["narrow", "wide"])
@pytest.mark.parametrize("keys", [LABELED, f"{LABELED} z M", "t"], ids=["labeled", "folded", "picker"])
def test_plain_mode(
    snap_compare: Callable[..., bool],
    make_app: Callable[..., PostilApp],
    keys: str,
    size: tuple[int, int],
    theme: str,
) -> None:
    app = make_app(theme=theme, configuration=Configuration(is_plain=True))
    assert snap_compare(app, terminal_size=size, run_before=after(keys))


@pytest.mark.parametrize(("size", "theme"), [(NARROW, DARK), (WIDE, LIGHT)], ids=["narrow", "wide"])
def test_palette(
    snap_compare: Callable[..., bool], make_app: Callable[..., PostilApp], size: tuple[int, int], theme: str
) -> None:
    assert snap_compare(make_app(theme=theme), terminal_size=size, run_before=after("ctrl+p t h e m e"))
