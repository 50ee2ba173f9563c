"""The posts of the next page are at hand before its key is pressed, in the direction in which one reads."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from annotations.model import Post, PostKind, Thread
from annotations.store.project import Project
from annotations.store.threads import save_thread
from tui.app import PostilApp
from tui.screens.reader import ReaderScreen
from tui.widgets.read_ahead import LONG

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from textual.pilot import Pilot

    from tui.widgets.post_layout import PaintedPost
    from tui.widgets.post_pane import PostPane
    from tui.widgets.post_view import PostView

COMMENTS = 120
LONG_AT = 60


@pytest.fixture
def app(tmp_path: Path) -> PostilApp:
    """The app on a flat thread, one comment of it longer than a book's chapter."""
    posts = [Post(key="0", parent=None, kind=PostKind.ARTICLE, text="Ferry to start in June")]
    posts += [
        Post(key=str(at), parent="0", text=f"Comment {at}. " * (LONG // 8 if at == LONG_AT else 2))
        for at in range(1, COMMENTS + 1)
    ]
    path = tmp_path / "ferry.db"
    with Project.open(path, create=True) as project:
        thread = Thread(key="ferry", title="Ferry", posts=tuple(posts), format="t")
        save_thread(project, thread, location="/ferry.txt", source_sha256="0" * 64)
    return PostilApp(path, "ann")


class Watch:
    """The pane with the comments, and what it asks its source for."""

    def __init__(self, pilot: Pilot[None], monkeypatch: pytest.MonkeyPatch) -> None:
        screen = pilot.app.screen
        assert isinstance(screen, ReaderScreen)
        self.pane: PostPane = screen.thread_pane
        self.loaded: list[int] = []
        load = screen.thread_source.load

        def watched(positions: Sequence[int]) -> list[PostView]:
            self.loaded += positions
            return load(positions)

        monkeypatch.setattr(screen.thread_source, "load", watched)

    def in_view(self) -> list[int]:
        """Return the posts in view."""
        return sorted({position for position, _ in self.pane.viewport.rows()})


async def test_a_page_key_finds_its_posts_at_hand_downwards_and_upwards(
    app: PostilApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with app.run_test(size=(120, 30)) as pilot:
        await pilot.press("tab")
        await pilot.pause()
        watch = Watch(pilot, monkeypatch)
        for key in ("pagedown", "pagedown"):
            watch.loaded.clear()
            await pilot.press(key)
            await pilot.pause()
            assert watch.loaded, "the posts of the page after are loaded meanwhile"
            assert min(watch.loaded) > max(watch.in_view())
        await pilot.press("end")
        await pilot.press("pageup")
        await pilot.pause()
        top = watch.in_view()[0]
        watch.loaded.clear()
        await pilot.press("pageup")
        await pilot.pause()
        assert watch.in_view()[0] < top
        assert watch.loaded
        assert max(watch.loaded) < min(watch.in_view())


async def test_a_very_long_comment_is_loaded_but_not_laid_out_before_it_is_reached(
    app: PostilApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    laid_out: list[int] = []

    async with app.run_test(size=(120, 30)) as pilot:
        await pilot.press("tab")
        await pilot.pause()
        watch = Watch(pilot, monkeypatch)
        painted = watch.pane.painted

        def watched(position: int) -> PaintedPost:
            laid_out.append(position)
            return painted(position)

        monkeypatch.setattr(watch.pane, "painted", watched)
        while LONG_AT not in watch.pane.held([LONG_AT]):
            await pilot.press("pagedown")
            await pilot.pause()
        assert LONG_AT not in watch.in_view()
        assert laid_out
        assert max(laid_out) < LONG_AT
        await pilot.press("pagedown", "pagedown")
        assert LONG_AT in laid_out
