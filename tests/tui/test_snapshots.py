"""What every screen looks like, narrow and wide, light and dark. Update after a wanted change: `pytest --snapshot-update`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from textual.widgets import Input

from tui.screens.reader import ReaderScreen
from tui.theme_names import DARK, LIGHT

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.pilot import Pilot

    from tui.app import PostilApp

NARROW, MIDDLE, WIDE = (80, 24), (120, 40), (200, 60)
LABELED = "right_curly_bracket p c s 1 s c tab 1 2 i s c escape j 6 r P 2 x"
"""Nested and crossing spans, labels, a relation, a review; the focus is on a comment."""

SCREENS = {
    "reading": "",
    "selecting": "w v w w",
    "labeled": LABELED,
    "folded": "tab 1 2 3 z M",
    "searching": "tab slash c o s t s",
    "relating": "right_curly_bracket s c tab j r",
    "help": "question_mark",
    "picker": "tab t s",
    "editor": "tab g a 1 a",
    "queue": "tab g q",
    "guidelines": "g l",
    "source": "tab g s",
    "code": "tab end",
}


def after(keys: str) -> Callable[[Pilot[None]], object]:
    async def press(pilot: Pilot[None]) -> None:
        for key in keys.split():
            await pilot.press(key)
            await pilot.pause()  # the stacked layout gives the focused pane more rows: let that settle
        for entry in pilot.app.screen.query(Input):
            entry.cursor_blink = False
        for screen in pilot.app.screen_stack:
            if isinstance(screen, ReaderScreen):
                while screen.is_searching:
                    await pilot.pause(0.02)
                screen.flush()  # what is written a moment later, and shown then, is shown now
        await pilot.pause()

    return press


@pytest.mark.parametrize("theme", [DARK, LIGHT])
@pytest.mark.parametrize("size", [NARROW, MIDDLE, WIDE], ids=lambda size: f"{size[0]}x{size[1]}")
def test_reader(
    snap_compare: Callable[..., bool], make_app: Callable[..., PostilApp], size: tuple[int, int], theme: str
) -> None:
    assert snap_compare(make_app(theme=theme), terminal_size=size, run_before=after(LABELED))


@pytest.mark.parametrize(("size", "theme"), [(NARROW, DARK), (MIDDLE, LIGHT)], ids=["narrow-dark", "wide-light"])
@pytest.mark.parametrize("name", sorted(SCREENS))
def test_screen(
    snap_compare: Callable[..., bool],
    make_app: Callable[..., PostilApp],
    name: str,
    size: tuple[int, int],
    theme: str,
) -> None:
    assert snap_compare(make_app(theme=theme), terminal_size=size, run_before=after(SCREENS[name]))


def test_a_terminal_that_is_too_small_says_so(
    snap_compare: Callable[..., bool], make_app: Callable[..., PostilApp]
) -> None:
    assert snap_compare(make_app(), terminal_size=(38, 9))
