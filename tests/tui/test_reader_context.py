"""What stands around the post in focus: the chain that it answers, its parent at a key, signs behind names, what is new."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from msgspec.structs import replace
from textual import events

from annotations.model import Post
from annotations.store.project import Project
from annotations.store.threads import save_thread
from tests.tui.conftest import bridge_thread, fixed_clock
from tui.screens.reader import ReaderScreen

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from textual.pilot import Pilot

    from tui.app import PostilApp as FixedApp

NAMES = {"[": "left_square_bracket", "]": "right_square_bracket", "=": "equals_sign"}


def reader(pilot: Pilot[None]) -> ReaderScreen:
    screen = pilot.app.screen
    assert isinstance(screen, ReaderScreen)
    return screen


async def press(pilot: Pilot[None], keys: str) -> ReaderScreen:
    await pilot.press(*(NAMES.get(key, key) for key in keys.split()))
    await pilot.pause()
    return reader(pilot)


def rows(widget: object, number: int | None = None) -> list[str]:
    """Return what a pane shows, row by row."""
    size = widget.size  # type: ignore[attr-defined]
    lines = widget.render_lines(size.region)  # type: ignore[attr-defined]
    return [line.text.rstrip(" │┃") for line in lines][:number]


def header(screen: ReaderScreen, position: int) -> str:
    """Return the header line of a post in view."""
    pane = screen.thread_pane
    at = pane.viewport.screen_row(position)
    assert at is not None
    return rows(pane)[at]


def import_again(
    path: Path,
    source: str,
    *newcomers: Post,
    without: str = "",
    edited: str = "",
    meta: dict[str, object] | None = None,
) -> None:
    """Import the thread in a later state."""
    thread = bridge_thread()
    posts = [
        replace(post, text=f"{post.text} Edited: the ferry is late.") if post.key == edited else post
        for post in thread.posts
        if post.key != without
    ]
    thread = replace(thread, posts=(*posts, *newcomers), meta=meta or {})
    with Project.open(path, clock=fixed_clock) as project:
        save_thread(project, thread, location="/bridge.txt", source_sha256=source)


LATE = Post(key="6", parent="0", author="hal", text="I come late, and say something else.")
LATE_REPLY = Post(key="1.1.2", parent="1.1", author="ida", text="So do I; who has the key?")


# --- the chain ----------------------------------------------------------------------------------------------------------


async def test_it_says_who_is_answered(make_app: Callable[..., FixedApp]) -> None:
    async with make_app().run_test(size=(100, 40)) as pilot:
        for keys, said in (
            ("tab", "↳ Article Town sells its only bridge"),
            ("j", "↳ anna: “The mayor is right. A ferry costs les…”"),
            ("j", "↳ anna › bert: “Than what? See https://bridge.…”"),
            ("i", "↳ anna › bert: “Than what? See https://bridge.…”"),
            ("tab tab escape j", "↳ anna: “The mayor is right. A ferry costs les…”"),
            ("] ] ] ] j", "↳ (no name)"),
            ("home j j z M", "↳ Article Town sells its only bridge"),
        ):
            screen = await press(pilot, keys)
            assert screen.breadcrumb.said == said
            assert rows(screen.breadcrumb)[0].strip() == said


async def test_a_name_that_is_clicked_is_gone_to_and_back_leads_back(make_app: Callable[..., FixedApp]) -> None:
    async with make_app().run_test(size=(120, 40)) as pilot:
        screen = await press(pilot, "tab j j")
        await pilot.click(screen.breadcrumb, offset=(4, 0))
        assert screen.thread_pane.position == 1
        screen = await press(pilot, "ctrl+o")
        assert screen.thread_pane.position == 3
        await pilot.click(screen.breadcrumb, offset=(10, 0))
        assert screen.thread_pane.position == 2
        await pilot.click(screen.breadcrumb, offset=(0, 0))
        assert screen.thread_pane.position == 2
        screen = await press(pilot, "k")
        await pilot.click(screen.breadcrumb, offset=(16, 0))
        assert screen.pane is screen.article


@pytest.mark.parametrize("size", [(40, 10), (120, 10)])
async def test_the_lowest_terminal_shows_who_is_answered(
    make_app: Callable[..., FixedApp], size: tuple[int, int]
) -> None:
    async with make_app().run_test(size=size) as pilot:
        screen = await press(pilot, "tab j")
        assert screen.breadcrumb.region.height == 1
        assert screen.breadcrumb.said.startswith("↳ ")
        assert screen.thread_pane.size.height >= 3
        screen = await press(pilot, "=")
        assert "The mayor is right." in "\n".join(rows(screen.query_one("#peek")))


# --- the parent ---------------------------------------------------------------------------------------------------------


async def test_peeking_goes_up_the_chain_to_the_article_and_closes(make_app: Callable[..., FixedApp]) -> None:
    async with make_app().run_test(size=(120, 40)) as pilot:
        screen = await press(pilot, "tab j j")
        view = (screen.thread_pane.viewport.top, screen.thread_pane.viewport.row)
        for shown, said in (
            ("> A ferry costs less.", "The parent: = goes on up, Esc closes"),
            ("The mayor is right. A ferry costs less.", "2 steps up: = goes on up, Esc closes"),
            ("Town sells its only bridge", "The article: Esc closes"),
        ):
            screen = await press(pilot, "=")
            peek = screen.query_one("#peek")
            assert peek.display
            assert shown in "\n".join(rows(peek))
            assert screen.said == said
        screen = await press(pilot, "=")
        assert not screen.query_one("#peek").display
        pane = screen.thread_pane
        assert (pane.position, pane.viewport.top, pane.viewport.row) == (3, *view)


async def test_escape_only_closes_and_any_other_key_closes_and_works(make_app: Callable[..., FixedApp]) -> None:
    async with make_app().run_test(size=(120, 40)) as pilot:
        screen = await press(pilot, "tab j i = escape")
        peek = screen.query_one("#peek")
        assert (peek.display, screen.thread_pane.is_in_text) == (False, True)
        screen = await press(pilot, "= escape escape")
        assert (peek.display, screen.thread_pane.is_in_text) == (False, False)
        screen = await press(pilot, "= j")
        assert (peek.display, screen.thread_pane.position) == (False, 3)
        screen = await press(pilot, "= 1")
        assert (peek.display, screen.thread_source.labels_at(3)) == (False, ("agree",))


async def test_the_panel_takes_half_the_pane_scrolls_and_leaves_the_post_in_sight(
    make_app: Callable[..., FixedApp],
) -> None:
    async with make_app().run_test(size=(80, 24)) as pilot:
        screen = await press(pilot, "tab ] ] ] ] j")  # 3.1; its parent says nothing
        screen = await press(pilot, "=")
        peek = screen.query_one("#peek")
        assert peek.size.height == 3
        screen = await press(pilot, "escape home =")
        assert peek.region.bottom == screen.thread_pane.region.bottom, "the post in focus stands at the top"
        assert peek.size.height == screen.thread_pane.size.height // 2
        assert "Town sells its only bridge" in "\n".join(rows(peek))
        await pilot._post_mouse_events([events.MouseScrollDown], "#peek", offset=(5, 2))  # no other way
        assert "Town sells its only bridge" not in "\n".join(rows(peek))


async def test_keys_that_turn_pages_turn_those_of_the_panel_as_long_as_there_are_any(
    make_app: Callable[..., FixedApp],
) -> None:
    async with make_app().run_test(size=(80, 24)) as pilot:
        screen = await press(pilot, "tab home =")
        peek = screen.query_one("#peek")
        assert screen.said == "The article: Space shows more, Esc closes"
        begin = rows(peek)
        screen = await press(pilot, "space")
        assert (peek.display, screen.thread_pane.position, rows(peek) == begin) == (True, 1, False)
        screen = await press(pilot, "b b")
        assert (peek.display, screen.thread_pane.position) == (False, 1), "there was one page to turn back"
        screen = await press(pilot, "= pagedown pagedown pagedown pagedown pagedown pagedown")
        assert not peek.display


async def test_the_panel_shows_a_parent_that_was_just_left_as_read(make_app: Callable[..., FixedApp]) -> None:
    async with make_app().run_test(size=(120, 40)) as pilot:
        screen = await press(pilot, "tab")
        pane = screen.thread_pane
        assert pane.view_of(1).is_read is False
        screen = await press(pilot, "j =")
        assert pane.view_of(1).is_read is False, "it is written a moment later"
        assert screen.query_one("#peek").view_of(0).is_read  # type: ignore[attr-defined]  # it is a PeekPane


async def test_the_panel_shows_the_parents_labels_and_a_click_on_it_goes_there(
    make_app: Callable[..., FixedApp],
) -> None:
    async with make_app().run_test(size=(120, 40)) as pilot:
        screen = await press(pilot, "=")
        assert screen.said == "That works in the thread: Tab goes there"
        screen = await press(pilot, "tab g a 1 j =")
        assert "anna   Agree" in "\n".join(rows(screen.query_one("#peek")))
        screen = await press(pilot, "j =")
        await pilot.click("#peek", offset=(8, 2))
        assert screen.thread_pane.position == 2
        assert not screen.query_one("#peek").display


# --- people -------------------------------------------------------------------------------------------------------------


async def test_following_marks_an_author_and_is_kept(make_app: Callable[..., FixedApp]) -> None:
    async with make_app().run_test(size=(120, 60)) as pilot:
        screen = await press(pilot, "tab ] f")
        assert screen.said == "Nobody is followed: gf follows an author"
        screen = await press(pilot, "g f")
        assert screen.said == "Following anna: ]f next, [f previous"
        assert "anna ★" in header(screen, 1)
        assert "anna ★" in header(screen, 3)
        assert "★" not in header(screen, 2)
        screen = await press(pilot, "j j j g f home ] f")
        assert screen.thread_pane.position == 3
        screen = await press(pilot, "] f")
        assert screen.thread_pane.position == 4
        screen = await press(pilot, "] f")
        assert screen.said == "No comment by the 2 who are followed below"
        screen = await press(pilot, "[ f [ f")
        assert screen.thread_pane.position == 1
        screen = await press(pilot, "] ] ] ] g f")
        assert screen.said == "This post names no author"
    async with make_app().run_test(size=(120, 60)) as pilot:
        screen = await press(pilot, "tab home z M ] f")
        assert screen.thread_pane.position == 3
        assert screen.thread_pane.outline is not None
        assert screen.thread_pane.outline.is_visible(3)
        screen = await press(pilot, "g f")
        assert screen.said == "No longer following anna"
        assert "★" not in header(screen, 3)
    async with make_app("bob").run_test(size=(120, 60)) as pilot:
        screen = await press(pilot, "tab")
        assert "★" not in "".join(rows(screen.thread_pane))


async def test_the_original_poster_is_marked_and_found(make_app: Callable[..., FixedApp], project_path: Path) -> None:
    async with make_app().run_test(size=(120, 60)) as pilot:
        screen = await press(pilot, "tab ] o")
        assert screen.said == "Nobody knows who began this thread"
    import_again(project_path, "1", edited="5", meta={"submitter": "anna"})
    async with make_app().run_test(size=(120, 60)) as pilot:
        screen = await press(pilot, "tab home")
        assert "anna OP" in header(screen, 1)
        assert "OP" not in header(screen, 2)
        screen = await press(pilot, "] o")
        assert screen.thread_pane.position == 3
        screen = await press(pilot, "] o")
        assert screen.said == "No comment by anna, the original poster, below"
        screen = await press(pilot, "[ o")
        assert screen.thread_pane.position == 1


async def test_what_was_edited_and_what_is_gone_says_so(make_app: Callable[..., FixedApp], project_path: Path) -> None:
    import_again(project_path, "1", edited="1", without="5")
    async with make_app().run_test(size=(200, 90)) as pilot:
        screen = await press(pilot, "tab")
        assert "anna edited" in header(screen, 1)
        assert "bert" in header(screen, 2)
        assert "edited" not in header(screen, 2)
        assert "gus gone from the source since 2026-05-01" in header(screen, 9)


# --- what is new --------------------------------------------------------------------------------------------------------


async def test_what_came_since_is_marked_counted_and_found_until_it_is_read(
    make_app: Callable[..., FixedApp], project_path: Path
) -> None:
    async with make_app().run_test(size=(120, 60)) as pilot:
        screen = await press(pilot, "tab j ] n")
        assert screen.said == "No new comment below"
        assert "new" not in rows(screen.breadcrumb)[0]
        screen.flush()
    import_again(project_path, "1", LATE_REPLY, LATE)
    async with make_app().run_test(size=(120, 60)) as pilot:
        screen = await press(pilot, "tab home")
        assert rows(screen.breadcrumb)[0].endswith("2 new")
        assert "✦ new" in header(screen, 4)
        screen = await press(pilot, "z M")
        await pilot.click(screen.breadcrumb, offset=(screen.breadcrumb.size.width - 3, 0))
        assert screen.thread_pane.position == 4
        screen = await press(pilot, "] n")
        assert screen.thread_pane.position == 11
        screen.flush()
        await pilot.pause()
        assert rows(screen.breadcrumb)[0].endswith("1 new"), "one of them was read"
        assert "✦ new" not in header(screen, 4)
        screen = await press(pilot, "[ n")
        assert screen.said == "No new comment above"
    async with make_app().run_test(size=(120, 60)) as pilot:
        screen = await press(pilot, "tab home")
        assert "new" not in rows(screen.breadcrumb)[0], "they were looked at in the visit before"
        assert screen.thread_source.read[11] == 0, "and yet one is unread"


async def test_a_glance_takes_nothing_of_what_is_new(make_app: Callable[..., FixedApp], project_path: Path) -> None:
    async with make_app().run_test(size=(120, 60)) as pilot:
        (await press(pilot, "tab j")).flush()
    import_again(project_path, "1", LATE)
    for _ in range(2):
        async with make_app().run_test(size=(120, 60)) as pilot:
            screen = await press(pilot, "tab k")
            screen.flush()
            assert rows(screen.breadcrumb)[0].endswith("1 new")
    async with make_app("bob").run_test(size=(120, 60)) as pilot:
        screen = await press(pilot, "tab")
        assert "new" not in rows(screen.breadcrumb)[0], "bob has never been here"
