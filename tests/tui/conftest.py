"""A small project for the tests of the app: an article, a tree of comments, a fixed clock."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import count
from typing import TYPE_CHECKING

import pytest
from textual import events
from textual.keys import REPLACED_KEYS, key_to_character

from annotations.model import Post, PostKind, Thread
from annotations.store.project import Project
from annotations.store.threads import save_thread
from tui.app import PostilApp
from tui.theme_names import DARK
from tui.typed_ahead import OrderedKeys

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from textual.pilot import Pilot

    from tui.configuration import Configuration

ARTICLE = (
    "Town sells its only bridge\n\n"
    "The council sold the bridge on Monday. It brought in 4 million. Nobody had asked for it.\n\n"
    "“We had no choice,” said the mayor. The ferry is to start in June."
)
COMMENTS = {
    "1": ("anna", "The mayor is right. A ferry costs less."),
    "1.1": ("bert", "> A ferry costs less.\n\nThan what? See https://bridge.example/costs for the figures."),
    "1.1.1": ("anna", "Than the bridge, of course."),
    "1.2": ("cleo", "Agreed 👍🏽"),
    "2": ("dora", "First."),
    "3": (None, ""),
    "3.1": ("emil", "Why is this empty? " + "Long words follow one another without an end in sight. " * 40),
    "4": ("farid", "الجسر للجميع. And 桥梁属于所有人。 Mixed."),
    "5": ("gus", "Toll revenue:\n\n```python\nfor year in range(3):\n    print(year * 4_000_000)\n```"),
}


def bridge_thread() -> Thread:
    """Return the thread: 1 article, 9 comments, 5 of them top-level."""
    posts = [Post(key="0", parent=None, kind=PostKind.ARTICLE, text=ARTICLE)]
    for key, (author, text) in COMMENTS.items():
        parent = key.rpartition(".")[0] or "0"
        posts.append(Post(key=key, parent=parent, author=author, text=text))
    return Thread(key="bridge", title="Town sells its only bridge", posts=tuple(posts), format="flattened")


def fixed_clock() -> datetime:
    """Return always the same moment."""
    return datetime(2026, 5, 1, 8, 30, tzinfo=UTC)


def numbered_ids() -> Callable[[], str]:
    """Return a maker of ids that count."""
    numbers = count(1)
    return lambda: f"00000000-0000-4000-8000-{next(numbers):012d}"


async def type_ahead(pilot: Pilot[None], keys: str) -> None:
    """Type keys one after the other without a pause between them, and wait until all is done.

    The app takes them in their order. A pilot's own `press` waits some 50 ms for each.
    """
    app = pilot.app
    assert isinstance(app, OrderedKeys)
    *ahead, last = keys.split()
    for key in ahead:
        app.post_message(events.Key(key, key_to_character(REPLACED_KEYS.get(key, key))))
    await pilot.press(last)
    while app.is_behind:
        assert app.is_running, "the app has ended before it took the keys"
        await pilot.pause()


class FixedApp(PostilApp):
    """The app with a clock that stands still and ids that count, so that what it shows is the same each time."""

    def open_project(self) -> Project:
        return Project.open(self._project_path, clock=fixed_clock)


@pytest.fixture
def project_path(tmp_path: Path) -> Path:
    """A project that holds the bridge's thread."""
    path = tmp_path / "bridge.db"
    with Project.open(path, create=True, clock=fixed_clock, new_id=numbered_ids()) as project:
        save_thread(project, bridge_thread(), location="/bridge.txt", source_sha256="0" * 64)
    return path


@pytest.fixture
def make_app(project_path: Path) -> Callable[..., FixedApp]:
    """Make the app on the project, for an annotator and a theme."""

    def make(annotator: str = "ann", theme: str | None = DARK, configuration: Configuration | None = None) -> FixedApp:
        return FixedApp(project_path, annotator, theme=theme, configuration=configuration)

    return make
