"""Time at posts, as the reader measures and writes it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import events

from annotations.store.times import seconds_of_posts
from tui.configuration import Configuration
from tui.screens.reader import ReaderScreen

if TYPE_CHECKING:
    from collections.abc import Callable

    import pytest

    from tui.app import PostilApp as FixedApp


class Hand:
    """A clock that is set by hand."""

    time = 100.0

    def __call__(self) -> float:
        """Return the time."""
        return self.time


async def test_focus_counts_while_keys_arrive_and_the_terminal_is_in_front(
    make_app: Callable[..., FixedApp], monkeypatch: pytest.MonkeyPatch
) -> None:
    hand = Hand()
    monkeypatch.setattr(ReaderScreen, "clock", staticmethod(hand))
    app = make_app(configuration=Configuration(idle=30))
    async with app.run_test(size=(120, 40)) as pilot:
        screen = app.screen
        assert isinstance(screen, ReaderScreen)
        await pilot.pause()
        hand.time += 10  # at the article
        await pilot.press("tab")
        hand.time += 20  # at comment 1
        await pilot.press("j")
        hand.time += 31  # nobody is at comment 2
        await pilot.press("j")
        hand.time += 4  # at comment 3
        app.post_message(events.AppBlur())
        await pilot.pause()
        hand.time += 8  # the terminal is behind another window
        app.post_message(events.AppFocus())
        await pilot.pause()
        hand.time += 2  # at comment 3
        await pilot.press("g", "l")
        hand.time += 5  # the codebook is looked up: that is work on comment 3
        await pilot.press("escape", "g", "H")
        hand.time += 9  # the history is not
        await pilot.press("q")
        await pilot.pause()
        hand.time += 1
        screen.flush()
        ids = dict(zip(screen.thread_source.post_ids(0, 4), range(4), strict=True))
        spent = seconds_of_posts(app.project, ids)
        assert {ids[post]: seconds for post, seconds in spent.items()} == {0: 10.0, 1: 20.0, 3: 12.0}


async def test_time_is_written_seldom_and_not_beside_a_key(
    make_app: Callable[..., FixedApp], monkeypatch: pytest.MonkeyPatch
) -> None:
    hand = Hand()
    monkeypatch.setattr(ReaderScreen, "clock", staticmethod(hand))
    app = make_app()
    async with app.run_test(size=(120, 40)) as pilot:
        screen = app.screen
        assert isinstance(screen, ReaderScreen)
        await pilot.pause()
        written = []
        monkeypatch.setattr(screen, "_save_times", lambda: written.append(hand.time))
        for wait, key in ((2.0, ""), (1.5, ""), (0.0, "tab"), (0.3, ""), (0.2, "")):
            hand.time += wait
            if key:
                await pilot.press(key)
            screen._save_if_due()
        assert written == [103.5, 104.0]
        screen._stirred_at = screen._saved_at = 104.0
        for _ in range(7):
            hand.time += 1.0
            screen.stir()
            screen._save_if_due()
        assert written == [103.5, 104.0, 110.0, 111.0]  # keys without an end do not keep it from being written
