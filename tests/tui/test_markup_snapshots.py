"""What texts with markup look like, as they are read and as they are stored. Update: `pytest --snapshot-update`."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from annotations.model import Post, PostKind, Thread
from annotations.store.project import Project
from annotations.store.threads import save_thread
from tui.app import PostilApp
from tui.screens.reader import ReaderScreen
from tui.theme_names import DARK, LIGHT

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from textual.pilot import Pilot

ARTICLE = (
    "Town sells its only bridge\n\nThe council sold the bridge on Monday for what the treasurer called a fair price for "
    "a structure that nobody had painted since the flood. The ferry is to start in June."
)
MARKDOWN = (
    "## Two things first\n\nThe **price** is *not* what `bridge_2026` says, it is ~~wrong~~ misread:\n\n- the figure is "
    "before tax, which every table of the annex says in its very first line\n- 2*3*4 pumps, see snake_case_name\n\n"
    "See [the minutes](https://bridge.example/minutes) or www.ferry.example/times."
)
ANSWER = (
    "> The **price** is *not* what\n\nYou wrote that the figure is before tax, which I doubt: it was “a fair price for a "
    "structure that nobody had painted since the flood”."
)
HTML = (
    "<p>The toll was <b>never</b> going to pay, it&#x27;s 4 &gt; 3.</p><p>&gt; The ferry is to start</p>\n<ul><li>so "
    "<i>they</i> say, at the length that it takes to be wrapped here</li><li><code>a &lt; b</code></li></ul>"
    "<p><a href='https://tolls.example/x'>The report</a>, not <a href='https://other.example'>bank.example</a>.</p>"
    "<pre><code>for year in range(3):\n    print(year)\n</code></pre>"
)


def fixed_clock() -> datetime:
    """Return always the same moment."""
    return datetime(2026, 5, 1, 8, 30, tzinfo=UTC)


class FixedApp(PostilApp):
    """The app with a clock that stands still."""

    def open_project(self) -> Project:
        return Project.open(self._project_path, clock=fixed_clock)


def after(keys: str) -> Callable[[Pilot[None]], object]:
    async def press(pilot: Pilot[None]) -> None:
        for key in keys.split():
            await pilot.press(key)
            await pilot.pause()
        screen = pilot.app.screen
        assert isinstance(screen, ReaderScreen)
        screen.flush()
        await pilot.pause()

    return press


NARROW, WIDE = (80, 24), (120, 40)
VIEWS = {
    "markdown-narrow-light": ("tab", NARROW, LIGHT),
    "markdown-wide-dark": ("tab", WIDE, DARK),
    "html-narrow-dark": ("tab j j", NARROW, DARK),
    "html-wide-light": ("tab j j", WIDE, LIGHT),
    "stored-wide-dark": ("tab j j z s", WIDE, DARK),
    "links-narrow-light": ("tab g x", NARROW, LIGHT),
}


@pytest.mark.parametrize("view", VIEWS)
def test_markup(snap_compare: Callable[..., bool], tmp_path: Path, view: str) -> None:
    keys, size, theme = VIEWS[view]
    posts = (
        Post(key="0", parent=None, kind=PostKind.ARTICLE, text=ARTICLE),
        Post(key="1", parent="0", author="anna", text=MARKDOWN),
        Post(key="1.1", parent="1", author="bert", text=ANSWER),
        Post(key="2", parent="0", author="cleo", text=HTML),
    )
    path = tmp_path / "markup.db"
    with Project.open(path, create=True, clock=fixed_clock) as project:
        thread = Thread(key="bridge", title="Town sells its only bridge", posts=posts, format="flattened")
        save_thread(project, thread, location="/bridge.txt", source_sha256="0" * 64)
    app = FixedApp(path, "ann", theme=theme)
    assert snap_compare(app, terminal_size=size, run_before=after(keys))
