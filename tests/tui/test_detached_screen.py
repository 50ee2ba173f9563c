"""What imports could not place, in the app: attached to the nearest words, attached by hand, dropped, and taken back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from msgspec.structs import replace
from textual.widgets import Static

from annotations.model import Target
from annotations.session import LabelingSession
from annotations.span import Span
from annotations.store.codebooks import codebook_in_force
from annotations.store.detached import count_detached
from annotations.store.labels import annotations_in_thread
from annotations.store.posts import find_post
from annotations.store.project import Project
from annotations.store.threads import save_thread
from tests.tui.conftest import ARTICLE, bridge_thread, fixed_clock, numbered_ids
from tests.tui.test_theme_screens import unreadable
from tui.configuration import Configuration
from tui.screens.detached import DetachedScreen
from tui.screens.reader import ReaderScreen
from tui.theme_names import DARK, LIGHT, THEMES
from tui.themes import choose_theme
from tui.widgets.trouble_line import TroubleLine

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from textual.pilot import Pilot

    from tests.tui.conftest import FixedApp

LATER = (
    "Town sells its only bridge\n\n"
    "On Monday the sale of a bridge was agreed. It brought in 4 million. Nobody had asked for it.\n\n"
    "“There was hardly another way,” the mayor told us. The ferry is to start in June."
)


@pytest.fixture
def project_path(tmp_path: Path) -> Path:
    """A project whose article has changed: of ann's three spans two are lost, of bo's the one; a comment is gone."""
    path = tmp_path / "bridge.db"
    with Project.open(path, create=True, clock=fixed_clock, new_id=numbered_ids()) as project:
        thread = bridge_thread()
        save_thread(project, thread, location="/bridge.txt", source_sha256="0" * 64)
        for name, quotes in (
            ("ann", ("The council sold the bridge on Monday.", "It brought in 4 million.", "said the mayor")),
            ("bo", ("We had no choice",)),
        ):
            session = LabelingSession(project, project.annotator(name), codebook_in_force(project))
            for quote in quotes:
                start = ARTICLE.index(quote)
                article = find_post(project, 1, "0").id
                session.apply("claim", Target(thread_id=1, post_id=article, span=Span(start, start + len(quote))))
        first = find_post(project, 1, "2").id
        LabelingSession(project, project.annotator("ann"), codebook_in_force(project)).apply(
            "agree", Target(thread_id=1, post_id=first)
        )
        posts = [replace(post, text=LATER) if post.key == "0" else post for post in thread.posts if post.key != "2"]
        later = replace(thread, posts=tuple(posts))
        save_thread(project, later, location="/bridge.txt", source_sha256="1" * 64)
    return path


def spans(path: Path) -> list[tuple[str, str, bool]]:
    """Annotator, quote and whether it is lost, of each span."""
    with Project.open(path) as project:
        return [
            (one.annotator, one.quote.exact, one.detached) for one in annotations_in_thread(project, 1) if one.quote
        ]


async def settle(pilot: Pilot[None]) -> None:
    await pilot.pause()
    await pilot.app.workers.wait_for_complete()
    await pilot.pause()


def listed(app: FixedApp) -> list[tuple[str, str]]:
    """The label's annotator and what it is put on, of each entry."""
    screen = app.screen
    assert isinstance(screen, DetachedScreen)
    return [(entry.annotation.annotator, screen.table.quoted(entry)) for entry in screen.table.entries]


async def test_lost_spans_are_decided_on_one_by_one(make_app: Callable[..., FixedApp], project_path: Path) -> None:
    app = make_app()
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        assert isinstance(app.screen, ReaderScreen)
        assert "3 detached" in app.screen.progress_words()
        await pilot.press("g", "D")
        await settle(pilot)
        assert listed(app) == [
            ("ann", "The council sold the bridge on Monday."),
            ("bo", "We had no choice"),
            ("ann", "said the mayor"),
            ("ann", "First."),
        ]

        await pilot.press("a")  # to the nearest words
        assert len(listed(app)) == 3
        assert ("ann", "On Monday the sale of a bridge was agreed.", False) in spans(project_path)
        await pilot.press("a")  # somebody else's
        assert ("bo", "We had no choice", True) in spans(project_path)
        await pilot.press("j", "d")  # dropped
        assert [words for _, words in listed(app)] == ["We had no choice", "First."]
        assert len(spans(project_path)) == 3
        await pilot.press("u")
        await settle(pilot)
        assert len(listed(app)) == 3
        await pilot.press("u")
        await settle(pilot)
        assert len(listed(app)) == 4
        assert ("ann", "The council sold the bridge on Monday.", True) in spans(project_path)
        await pilot.press("ctrl+r")
        await settle(pilot)
        assert ("ann", "On Monday the sale of a bridge was agreed.", False) in spans(project_path)
        await pilot.press("escape")
        await pilot.pause()
        assert isinstance(app.screen, ReaderScreen)
        assert "2 detached" in app.screen.progress_words()


async def test_a_lost_span_is_put_on_words_chosen_by_hand(
    make_app: Callable[..., FixedApp], project_path: Path
) -> None:
    app = make_app()
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("g", "D")
        await settle(pilot)
        await pilot.press("j", "s")  # bo's: it stays
        assert len(listed(app)) == 4
        await pilot.press("j", "s")
        await settle(pilot)
        reader = app.screen
        assert isinstance(reader, ReaderScreen)
        assert reader.mode_word() == "ATTACH"
        assert "said the mayor" in reader.offers()[0]
        await pilot.press("enter")  # nothing is selected yet
        assert reader.said == "Select the words first"
        reader.pane.go_to_text(0, LATER.index("the mayor told"))
        await pilot.press("v", "e", "e", "e", "enter")
        assert ("ann", "the mayor told", False) in spans(project_path)
        assert reader.mode_word() == "TEXT"
        await pilot.press("u")
        assert ("ann", "said the mayor", True) in spans(project_path)

        await pilot.press("g", "D")
        await settle(pilot)
        await pilot.press("j", "j", "s")
        await settle(pilot)
        await pilot.press("escape")  # left as it is
        assert reader.mode_word() == "TEXT"
        assert "Left as it is" in reader.said
        with Project.open(project_path) as project:
            assert count_detached(project, 1) == 3


async def test_all_threads_are_listed_and_enter_goes_to_the_post(make_app: Callable[..., FixedApp]) -> None:
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("g", "D")
        await settle(pilot)
        await pilot.press("a", "j", "a")
        screen = app.screen
        assert isinstance(screen, DetachedScreen)
        await pilot.press("ctrl+t")
        await settle(pilot)
        assert screen.is_everywhere
        assert len(listed(app)) == 2, "bo's, and the label on the comment that is gone"
        await pilot.press("G", "enter")
        await settle(pilot)
        reader = app.screen
        assert isinstance(reader, ReaderScreen)
        assert reader.pane.view_of(reader.pane.position).post.text == "First."


@pytest.mark.parametrize("theme", [DARK, LIGHT])
@pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=lambda size: f"{size[0]}x{size[1]}")
def test_screen(
    snap_compare: Callable[..., bool], make_app: Callable[..., FixedApp], theme: str, size: tuple[int, int]
) -> None:
    async def look(pilot: Pilot[None]) -> None:
        await pilot.press("g", "D")
        await settle(pilot)

    assert snap_compare(make_app("ann", theme), terminal_size=size, run_before=look)


async def test_everything_can_be_read_in_every_theme(make_app: Callable[..., FixedApp]) -> None:
    app = make_app()
    async with app.run_test(size=(90, 26)) as pilot:
        await pilot.press("g", "D")
        await settle(pilot)
        for theme in THEMES:
            choose_theme(app, theme)
            await settle(pilot)
            assert list(unreadable(app)) == [], theme
            trouble = TroubleLine("NOTHING CAN BE STORED", "The disk is full. Make room, then try again.")
            await app.screen.mount(trouble)
            await settle(pilot)
            assert list(unreadable(app)) == [], theme
            await trouble.remove()


async def test_plain_drawing_tells_differences_by_signs(make_app: Callable[..., FixedApp]) -> None:
    app = make_app("ann", None, Configuration(is_plain=True))
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.press("g", "D")
        await settle(pilot)
        was, now = (str(app.screen.query_one(name, Static).content) for name in ("#was", "#now"))
        assert "[-" in was
        assert "{+" in now
