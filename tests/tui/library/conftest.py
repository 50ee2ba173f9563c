"""A project with several threads, and the app on it with a clock that stands still."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import count
from typing import TYPE_CHECKING, Protocol, TypeAlias

import pytest

from annotations.model import Post, PostKind, Thread
from annotations.store import reading
from annotations.store.project import Project
from annotations.store.threads import find_thread, save_thread
from tui.app import PostilApp
from tui.theme_names import DARK

if TYPE_CHECKING:
    from pathlib import Path

    from textual.pilot import Pilot

    from tui.configuration import Configuration

    Threads: TypeAlias = dict[str, tuple[str, dict[str, tuple[str | None, str]]]]
    """Title, and author and text of each comment by path, of each thread by key."""

    class MakeApp(Protocol):
        """Makes the app on the shelf."""

        def __call__(
            self, thread_key: str | None = None, *, theme: str = DARK, configuration: Configuration | None = None
        ) -> PostilApp: ...


LONG = "Before it comes to the point there is much to say. " * 30
THREADS: Threads = {
    "bridge": (
        "Town sells its only bridge",
        {
            "1": ("anna", "The mayor is right. A ferry costs less."),
            "1.1": ("bert", "Than what? Pumps cost as well."),
            "2": ("cleo", "Agreed 👍🏽"),
        },
    ),
    "tunnel": (
        "Harbour tunnel approved after a night of talks that nobody will forget soon",
        {
            "1": ("pikeperch", "It will not flood: the pumps are new."),
            "1.1": ("Ada", "Pumps fail. Pumps always fail."),
            "1.1.1": (None, "True 👩‍👩‍👧."),
            "2": ("eel", LONG + "The pumps are old."),
            "3": ("eel", "Who pays?"),
        },
    ),
    "hashi": ("東京の新しい橋が開通した", {"1": ("花子", "橋はとても長いです。"), "2": ("Ada", "How long is it?")}),
    "library": ("Élan for the library", {"1": ("dora", "Books, at last.")}),
}


def fixed_clock() -> datetime:
    """Return always the same moment."""
    return datetime(2026, 5, 10, 8, 30, tzinfo=UTC)


class StillApp(PostilApp):
    """The app with a clock that stands still, so that what it shows is the same each time."""

    def open_project(self) -> Project:
        """Open the project."""
        return Project.open(self._project_path, clock=fixed_clock)


def make_thread(key: str, title: str, comments: dict[str, tuple[str | None, str]]) -> Thread:
    """Return a thread of these comments, by path."""
    posts = [Post(key="0", parent=None, kind=PostKind.ARTICLE, text=f"{title}\n\nIt was said that it has no pumps.")]
    for path, (author, text) in comments.items():
        posts.append(Post(key=path, parent=path.rpartition(".")[0] or "0", author=author, text=text))
    return Thread(key=key, title=title, posts=tuple(posts), format="flattened")


def fill_shelf(path: Path, threads: Threads) -> None:
    """Make a project of threads; of the first, two comments were read, and it was opened a week ago."""
    ids = count(1)
    clock = lambda: datetime(2026, 5, 3, 8, 30, tzinfo=UTC)  # noqa: E731  # a week before the app's
    new_id = lambda: f"00000000-0000-4000-8000-{next(ids):012d}"  # noqa: E731
    with Project.open(path, create=True, clock=clock, new_id=new_id) as project:
        for number, (key, (title, comments)) in enumerate(threads.items()):
            thread = make_thread(key, title, comments)
            save_thread(project, thread, location=f"/corpus/{key}.txt", source_sha256=f"{number:064}")
        annotator = project.annotator("ann")
        first = find_thread(project, next(iter(threads)))
        rows = project.connection.execute("SELECT id FROM posts WHERE thread_id = ? ORDER BY id", (first.id,))
        reading.mark_read(project, annotator.id, [row[0] for row in rows][:3])
        reading.save_place(project, first.id, annotator.id, {})


@pytest.fixture
def shelf_path(tmp_path: Path) -> Path:
    """The project file: four threads."""
    path = tmp_path / "shelf.db"
    fill_shelf(path, THREADS)
    return path


@pytest.fixture
def make_app(shelf_path: Path) -> MakeApp:
    """Make the app on the project of four threads."""

    def make(
        thread_key: str | None = None, *, theme: str = DARK, configuration: Configuration | None = None
    ) -> PostilApp:
        return StillApp(shelf_path, "ann", thread_key, theme=theme, configuration=configuration)

    return make


@pytest.fixture
def settle() -> object:
    """Wait until what is read and searched in the background is shown."""

    async def wait(pilot: Pilot[None]) -> None:
        await pilot.pause()
        await pilot.app.workers.wait_for_complete()
        await pilot.pause()

    return wait
