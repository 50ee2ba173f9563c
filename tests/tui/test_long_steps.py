"""Steps that take long are done beside the app, and may be stopped."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.tui.test_reader_find import reader
from tui.screens import reader_labels

if TYPE_CHECKING:
    from collections.abc import Callable

    import pytest

    from tests.tui.conftest import FixedApp


async def test_a_long_chain_is_reviewed_undone_and_redone_beside_the_app(
    make_app: Callable[..., FixedApp], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reader_labels, "LONG", 3)
    async with make_app().run_test(size=(120, 40)) as pilot:
        screen = reader(pilot)

        async def press(key: str, count: int, said: str) -> None:
            await pilot.press(key)
            for _ in range(500):
                if pilot.app.screen is screen and screen.session.progress(screen.thread.id).reviewed == count:
                    break
                await pilot.pause(0.02)
            await pilot.pause()
            assert screen.said == said

        await pilot.press("tab", "g", "g")
        top = screen.thread_pane.position
        outline = screen.thread_pane.outline
        assert outline is not None
        size = 1 + outline.replies(top)
        assert size >= reader_labels.LONG
        await press("X", size, f"{size} posts reviewed")
        assert outline.is_folded(top)
        assert screen.thread_pane.position == outline.next_top(top)
        await press("u", 0, f"Undone: {size} posts reviewed")
        assert screen.thread_pane.position == top
        await press("ctrl+r", size, f"Redone: {size} posts reviewed")
        await press("u", 0, f"Undone: {size} posts reviewed")
        assert screen.thread_pane.position == top
