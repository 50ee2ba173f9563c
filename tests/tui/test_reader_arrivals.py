"""A thread that another program imports again while it is read: nothing wrong is shown or kept, nothing is lost."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from annotations.model import Post, PostKind, Thread
from annotations.store.labels import annotations_in_thread
from annotations.store.project import Project
from annotations.store.reading import read_positions
from annotations.store.threads import save_thread
from tests.tui.conftest import FixedApp, fixed_clock, type_ahead
from tui.screens.reader import ReaderScreen

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from textual.pilot import Pilot

NUMBER = 300
"""Comments: more than a pane keeps at hand."""
FIRST = {f"c{number}": ("0" if number % 3 == 1 else f"c{number - 1}") for number in range(1, NUMBER + 1)}
"""The parents by key: chains of three."""
NAMES = {"[": "left_square_bracket", "]": "right_square_bracket", "'": "apostrophe"}


def save(path: Path, parents: dict[str, str], *, changed: Iterable[str] = ()) -> None:
    """Import the thread, as another program would."""
    posts = [Post(key="0", parent=None, kind=PostKind.ARTICLE, text="The chain\n\nIt is long.")]
    for key, parent in parents.items():
        text = f"This is what {key} says. It says no more{' today' if key in changed else ''}."
        posts.append(Post(key=key, parent=parent, author=f"author of {key}", text=text))
    thread = Thread(key="chains", title="Chains", posts=tuple(posts), format="flattened")
    with Project.open(path, create=True, clock=fixed_clock) as project:
        save_thread(project, thread, location="/chains.txt", source_sha256=f"{len(parents):064x}")


def with_arrivals() -> dict[str, str]:
    """Return the thread with a new chain at its beginning, a reply in the middle, and a new chain at its end."""
    found: dict[str, str] = {"n1": "0", "n2": "n1"}
    for key, parent in FIRST.items():
        found[key] = parent
        if key == "c6":
            found["n3"] = "c6"
    return found | {"n4": "0"}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "chains.db"
    save(path, FIRST)
    return path


def reader(pilot: Pilot[None]) -> ReaderScreen:
    assert isinstance(pilot.app.screen, ReaderScreen)
    return pilot.app.screen


async def press(pilot: Pilot[None], keys: str) -> None:
    await type_ahead(pilot, " ".join(NAMES.get(key, key) for key in keys.split()))


def focused(pilot: Pilot[None]) -> str:
    """Return the key of the post in focus, when header, text and place are all those of that post."""
    screen = reader(pilot)
    pane = screen.thread_pane
    post = pane.view_of(pane.position).post
    assert pane.text.startswith(f"This is what {post.key} says.")
    assert post.author == f"author of {post.key}"
    assert pane.outline is not None
    assert pane.outline.depth(pane.position) == post.depth
    return post.key


def folded(pilot: Pilot[None]) -> set[str]:
    pane = reader(pilot).thread_pane
    assert pane.outline is not None
    places = [place for place in range(1, len(pane.outline)) if pane.outline.is_folded(place)]
    return {view.post.key for view in reader(pilot).thread_source.load(places)}


def read_keys(path: Path) -> set[str]:
    with Project.open(path) as project:
        rows = project.connection.execute("SELECT position, key FROM posts").fetchall()
        keys = dict(rows)
        return {keys[position] for position in read_positions(project, 1, 1)}


def row(pilot: Pilot[None]) -> int | None:
    pane = reader(pilot).thread_pane
    return pane.viewport.screen_row(pane.position)


async def test_what_comes_is_told_and_shown_at_a_key_and_nothing_is_wrong_or_lost_meanwhile(path: Path) -> None:
    app = FixedApp(path, "ann")
    async with app.run_test(size=(100, 30)) as pilot:
        await press(pilot, "tab j j h j j m q j")
        before, folds = focused(pilot), folded(pilot)
        screen = reader(pilot)
        save(path, with_arrivals())
        screen.flush()  # what was read is the first to notice
        screen.look_for_import()
        assert "Imported again, 4 new comments: ^l shows them" in str(screen.status_line.render())
        await press(pilot, "G")  # far from what is at hand
        assert focused(pilot) == f"c{NUMBER}"
        await press(pilot, "ctrl+o j")
        after = focused(pilot)
        at = row(pilot)
        screen.flush()
        await press(pilot, "ctrl+l")
        assert (focused(pilot), row(pilot)) == (after, at)
        assert folded(pilot) == folds
        assert "4 new comments: ]n next" in str(screen.status_line.render())
        await press(pilot, "] n")
        assert focused(pilot) == "n3"
        await press(pilot, "' q")
        assert focused(pilot) == "c4"
        await press(pilot, "ctrl+o ctrl+o")
        assert focused(pilot) == after
        await press(pilot, "[ n")
        assert focused(pilot) == "n2"
        await press(pilot, "ctrl+l")
        assert "shown as it is" in str(screen.status_line.render())
        screen.flush()
    assert read_keys(path) >= {"c1", "c2", before, after}
    assert "n1" not in read_keys(path)


async def test_a_label_stands_on_what_was_seen_and_the_queue_goes_on_from_there(path: Path) -> None:
    app = FixedApp(path, "ann")
    async with app.run_test(size=(100, 30)) as pilot:
        await press(pilot, "tab j j j j")
        labeled = focused(pilot)
        assert reader(pilot).thread_source.new_count == 0
        save(path, with_arrivals())
        await press(pilot, "1")  # nobody has looked for the import yet
        assert focused(pilot) == "c6"
        assert reader(pilot).thread_source.new_count == 4, "though this visit was not kept yet"
        await press(pilot, "s")
        save(path, with_arrivals() | {"n5": "0"}, changed={"c6"})
        await press(pilot, "c")
        assert "select again" in str(reader(pilot).status_line.render())
        await press(pilot, "s c")
    with Project.open(path) as project:
        keys = dict(project.connection.execute("SELECT id, key FROM posts").fetchall())
        found = [(keys[put.target.post_id], put.quote and put.quote.exact) for put in annotations_in_thread(project, 1)]
    assert sorted(found, key=str) == [(labeled, None), ("c6", "This is what c6 says.")]


async def test_posts_that_change_places_are_shown_at_once(path: Path) -> None:
    app = FixedApp(path, "ann")
    async with app.run_test(size=(100, 30)) as pilot:
        await press(pilot, "tab j j j j j j j j j j j j")
        before, at = focused(pilot), row(pilot)
        save(path, {key: parent for key, parent in FIRST.items() if key not in {"c1", "c2", "c3"}})
        reader(pilot).look_for_import()
        await pilot.pause()
        assert (focused(pilot), row(pilot)) == (before, at)
        await press(pilot, "G")
        assert focused(pilot) == "c3", "what is gone from the source stands last"
        await press(pilot, "g g")
        assert focused(pilot) == "c4"


async def test_folds_and_marks_are_kept_when_the_thread_is_opened_after_an_import(path: Path) -> None:
    async with FixedApp(path, "ann").run_test(size=(100, 30)) as pilot:
        await press(pilot, "tab j j h j j m q j h k")
        before, folds = focused(pilot), folded(pilot)
        reader(pilot).flush()
    save(path, with_arrivals())
    async with FixedApp(path, "ann").run_test(size=(100, 30)) as pilot:
        await pilot.pause()
        assert (focused(pilot), folded(pilot)) == (before, folds)
        await press(pilot, "G ' q")
        assert focused(pilot) == "c4"
