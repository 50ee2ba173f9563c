"""The search over all threads: what is found as one types, where Enter leads, and the ways back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from annotations.errors import PostilError
from tests.tui.library.conftest import StillApp, fill_shelf
from tui.keymap import Context
from tui.screens.corpus_search import CorpusSearchScreen
from tui.screens.library import LibraryScreen
from tui.screens.reader import ReaderScreen
from tui.screens.reader_places import words_pattern
from tui.screens.search_words import as_typed

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

    from textual.pilot import Pilot

    from annotations.model import StoredThread
    from tests.tui.library.conftest import MakeApp

    Settle = Callable[[Pilot[None]], Awaitable[None]]

SIZE = (120, 30)


def search(pilot: Pilot[None]) -> CorpusSearchScreen:
    screen = pilot.app.screen
    assert isinstance(screen, CorpusSearchScreen)
    return screen


def reader(pilot: Pilot[None]) -> ReaderScreen:
    screen = pilot.app.screen
    assert isinstance(screen, ReaderScreen)
    return screen


def hits(pilot: Pilot[None]) -> list[tuple[str, str]]:
    return [(hit.thread, hit.post) for hit in search(pilot).table.hits]


def row(pilot: Pilot[None], y: int) -> str:
    return "".join(segment.text for segment in search(pilot).rows.render_line(y)).rstrip(" │┃")


async def look_for(pilot: Pilot[None], settle: Settle, query: str) -> None:
    """Open the search and type a query."""
    await pilot.press("g", "slash")
    search(pilot).line.value = query
    await settle(pilot)


async def test_hits_show_as_one_types(make_app: MakeApp, settle: Settle) -> None:
    async with make_app().run_test(size=SIZE) as pilot:
        await pilot.press("g", "slash", *"pumps fail")
        await settle(pilot)
        assert hits(pilot) == [("tunnel", "1.1")]
        assert row(pilot, 0).split("  ")[0] == "▌ Ada"
        assert "Harbour tunnel approved" in search(pilot).status_line.render().plain  # type: ignore[union-attr]  # a Content
        assert row(pilot, 0).endswith("1.1  depth 2")
        assert row(pilot, 1).strip("▌ ") == "Pumps fail. Pumps always fail."


async def test_the_words_are_emphasized_in_every_hit(make_app: MakeApp, settle: Settle) -> None:
    async with make_app().run_test(size=SIZE) as pilot:
        await look_for(pilot, settle, "pump*")
        assert len(hits(pilot)) == 8
        screen = search(pilot)
        found = screen.rows.pane_styles.found
        for y in range(1, 8 * 3, 3):
            strong = [
                segment.text
                for segment in screen.rows.render_line(y)
                if segment.style and segment.style.bgcolor == found.bgcolor
            ]
            assert strong, row(pilot, y)
            assert {word.lower() for word in strong} == {"pumps"}


async def test_the_match_is_in_view_however_late_it_stands(make_app: MakeApp, settle: Settle) -> None:
    async with make_app().run_test(size=(60, 24)) as pilot:
        await look_for(pilot, settle, "old pumps are")
        assert hits(pilot) == [("tunnel", "2")]
        assert "pumps are old" in row(pilot, 1)
        await look_for(pilot, settle, "橋はとても長いです")
        assert "橋はとても長いです" in row(pilot, 1)


async def test_no_query_is_an_error(make_app: MakeApp, settle: Settle) -> None:
    async with make_app().run_test(size=SIZE) as pilot:
        await pilot.press("g", "slash")
        for query in (
            '"',
            '"pumps',
            "NOT",
            "AND OR NOT",
            "*",
            "(",
            "a:b",
            "^x",
            "\\",
            "'",
            "NEAR(",
            "👍🏽",
            "-",
            "\x00",
        ):
            search(pilot).line.value = query
            await settle(pilot)
            assert search(pilot).line.value == query
            assert not pilot.app._notifications, query


async def test_an_empty_query_finds_nothing_and_says_so(make_app: MakeApp, settle: Settle) -> None:
    async with make_app().run_test(size=SIZE) as pilot:
        await look_for(pilot, settle, "  ")
        assert hits(pilot) == []
        await pilot.press("enter", "down", "tab", "pagedown")
        assert search(pilot).has_class("-empty")


async def test_enter_goes_to_the_place_with_the_words_emphasized(make_app: MakeApp, settle: Settle) -> None:
    async with make_app().run_test(size=SIZE) as pilot:
        await look_for(pilot, settle, "pumps old")
        await pilot.press("enter")
        screen = reader(pilot)
        assert (screen.thread.key, screen.thread_pane.position, screen.context) == ("tunnel", 4, Context.THREAD)
        pane = screen.thread_pane
        shown = ["".join(segment.text for segment in pane.render_line(y)) for y in range(pane.size.height)]
        assert any("pumps are old." in line for line in shown)  # a long comment is scrolled to the match
        assert screen._shows_place
        await pilot.press("escape")
        assert not screen._shows_place


async def test_a_hit_in_the_article_puts_the_cursor_there(make_app: MakeApp, settle: Settle) -> None:
    async with make_app("library").run_test(size=SIZE) as pilot:
        await look_for(pilot, settle, "élan pumps")
        assert hits(pilot) == [("library", "0")]
        await pilot.press("enter")
        screen = reader(pilot)
        assert screen.pane is screen.article
        assert screen.article.text[screen.article.caret :].startswith("Élan")


async def test_from_the_library_q_leads_to_the_hits_and_then_to_the_library(make_app: MakeApp, settle: Settle) -> None:
    async with make_app().run_test(size=SIZE) as pilot:
        await look_for(pilot, settle, "pumps")
        await pilot.press("down", "enter")
        first = reader(pilot)
        await pilot.press("q")
        assert search(pilot).rows.cursor == 1
        assert search(pilot).line.value == "pumps"
        await pilot.press("j", "enter")
        assert reader(pilot).thread.key == "tunnel"
        assert not first.is_running
        await pilot.press("q", "q")
        assert isinstance(pilot.app.screen, LibraryScreen)


async def test_a_hit_in_the_thread_at_hand_is_a_jump_in_it(make_app: MakeApp, settle: Settle) -> None:
    async with make_app("tunnel").run_test(size=SIZE) as pilot:
        before = reader(pilot)
        await pilot.press("tab", "G")
        await look_for(pilot, settle, "pumps fail")
        await pilot.press("enter")
        assert reader(pilot) is before
        assert before.thread_pane.position == 2
        await pilot.press("ctrl+o")
        assert before.thread_pane.position == 5
        await pilot.press("q")
        assert hits(pilot) == [("tunnel", "1.1")]
        await pilot.press("escape")
        assert reader(pilot) is before
        await pilot.press("q")
        assert not pilot.app.is_running


async def test_ctrl_o_leads_back_to_the_thread_and_the_place_that_one_came_from(
    make_app: MakeApp, settle: Settle
) -> None:
    async with make_app("tunnel").run_test(size=SIZE) as pilot:
        await pilot.press("tab", "j", "j")
        await look_for(pilot, settle, "books")
        await pilot.press("enter")
        assert reader(pilot).thread.key == "library"
        await pilot.press("ctrl+o")
        assert (reader(pilot).thread.key, reader(pilot).thread_pane.position) == ("tunnel", 3)
        assert reader(pilot).pane is reader(pilot).thread_pane
        await pilot.press("ctrl+o")
        assert reader(pilot).said == "No jump to go back from"


async def test_escape_in_the_search_leads_back_to_where_one_was(make_app: MakeApp, settle: Settle) -> None:
    async with make_app("tunnel").run_test(size=SIZE) as pilot:
        await pilot.press("tab", "j")
        before = reader(pilot)
        await look_for(pilot, settle, "books")
        await pilot.press("escape")
        assert reader(pilot) is before
        await look_for(pilot, settle, "books")
        await pilot.press("enter", "j", "q", "escape")
        assert (reader(pilot).thread.key, reader(pilot).thread_pane.position) == ("tunnel", 2)
        await pilot.press("q")
        assert not pilot.app.is_running


async def test_the_library_is_entered_at_the_thread_that_one_leaves(make_app: MakeApp, settle: Settle) -> None:
    async with make_app().run_test(size=SIZE) as pilot:
        await look_for(pilot, settle, "books")
        await pilot.press("enter", "g", "h")
        await settle(pilot)
        screen = pilot.app.screen
        assert isinstance(screen, LibraryScreen)
        assert screen.thread is not None
        assert screen.thread.key == "library"


async def test_a_thread_that_cannot_be_opened_is_said_and_the_screen_stays(
    make_app: MakeApp, settle: Settle, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = make_app("tunnel")
    async with app.run_test(size=SIZE) as pilot:

        def refuse(thread: StoredThread) -> ReaderScreen:
            raise PostilError(f"{thread.key} is damaged", "")

        monkeypatch.setattr(app.navigation, "_make_reader", refuse)
        await look_for(pilot, settle, "books")
        await pilot.press("enter")
        assert search(pilot).line.value == "books"
        assert [notice.message for notice in app._notifications] == ["library is damaged"]
        await pilot.press("escape", "tab", "j")
        assert reader(pilot).thread_pane.position == 2


async def test_only_this_thread(make_app: MakeApp, settle: Settle) -> None:
    async with make_app("bridge").run_test(size=SIZE) as pilot:
        await look_for(pilot, settle, "pumps")
        assert {thread for thread, _ in hits(pilot)} == {"bridge", "tunnel", "hashi", "library"}
        await pilot.press("ctrl+t")
        await settle(pilot)
        assert hits(pilot) == [("bridge", "0"), ("bridge", "1.1")]
        await pilot.press("ctrl+t")
        await settle(pilot)
        assert len(hits(pilot)) == 8


async def test_from_the_library_there_is_no_thread_to_keep_to(make_app: MakeApp, settle: Settle) -> None:
    async with make_app().run_test(size=SIZE) as pilot:
        await look_for(pilot, settle, "pumps")
        await pilot.press("ctrl+t")
        assert search(pilot).said.startswith("The search was not opened from a thread")
        assert len(hits(pilot)) == 8


async def test_enter_waits_for_what_was_just_typed(make_app: MakeApp, settle: Settle) -> None:
    async with make_app().run_test(size=SIZE) as pilot:
        await pilot.press("g", "slash")
        screen = search(pilot)
        screen.line.value = "books"
        screen.action_open()  # before anything has been looked for
        await settle(pilot)
        assert reader(pilot).thread.key == "library"


async def test_more_hits_come_as_the_end_comes_near(tmp_path: Path, settle: Settle) -> None:
    path = tmp_path / "many.db"
    comments: dict[str, tuple[str | None, str]] = {str(number): ("ada", "Pumps again.") for number in range(1, 130)}
    fill_shelf(path, {"many": ("Many", comments)})
    async with StillApp(path, "ann").run_test(size=SIZE) as pilot:
        await look_for(pilot, settle, "again")
        assert len(hits(pilot)) == 50
        assert "50+ hits" in search(pilot)._heading().plain
        await pilot.press("tab", "G")
        await settle(pilot)
        assert (len(hits(pilot)), search(pilot).rows.cursor) == (100, 49)
        await pilot.press("G")
        await settle(pilot)
        assert (len(hits(pilot)), search(pilot).rows.cursor) == (129, 99)
        assert "129 hits" in search(pilot)._heading().plain


async def test_a_click_goes_to_the_place(make_app: MakeApp, settle: Settle) -> None:
    async with make_app().run_test(size=SIZE) as pilot:
        await look_for(pilot, settle, "books")
        await pilot.click(search(pilot).rows, offset=(10, 1))
        assert reader(pilot).thread.key == "library"


async def test_the_last_query_is_there_to_be_replaced(make_app: MakeApp, settle: Settle) -> None:
    async with make_app().run_test(size=SIZE) as pilot:
        await look_for(pilot, settle, "books")
        await pilot.press("escape", "g", "slash")
        await settle(pilot)
        assert hits(pilot) == [("library", "1")]
        await pilot.press(*"who")
        await settle(pilot)
        assert search(pilot).line.value == "who"
        assert hits(pilot) == [("tunnel", "3")]


async def test_the_help_lists_every_key(make_app: MakeApp) -> None:
    async with make_app().run_test(size=SIZE) as pilot:
        await pilot.press("g", "slash", "f1")
        text = str(pilot.app.screen.query_one("#text").render())
        for command in pilot.app.screen_stack[-2].keymap.commands.values():  # type: ignore[attr-defined]  # the search
            assert command.description in text


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("", ""),
        ("pum", "pum*"),
        ("old pum", "old pum*"),
        ("pumps ", "pumps "),
        ("pum*", "pum*"),
        ('"old pum', '"old pum"*'),
        ('"old pumps"', '"old pumps"'),
        ("old OR", "old OR"),
        ("OR", "OR"),
        ("old!", "old!"),
    ],
)
def test_the_last_word_may_be_unfinished(typed: str, meant: str) -> None:
    assert as_typed(typed) == meant


async def test_hits_show_while_a_word_is_unfinished(make_app: MakeApp, settle: Settle) -> None:
    async with make_app().run_test(size=SIZE) as pilot:
        await look_for(pilot, settle, "agre")
        assert hits(pilot) == [("bridge", "2")]
        await look_for(pilot, settle, "agre ")
        assert hits(pilot) == []
        await look_for(pilot, settle, '"pumps alw')
        assert hits(pilot) == [("tunnel", "1.1")]
        await look_for(pilot, settle, "長い")
        assert hits(pilot) == [("hashi", "1")]


def test_words_are_found_elsewhere_as_whole_words() -> None:
    text = "Pumps fail. The pump is old; pumping 橋は長い costs."
    pattern = words_pattern(text, [(16, 20)])
    assert [match.group() for match in pattern.finditer(text)] == ["pump"]
    at = text.index("橋")
    assert [match.span() for match in words_pattern(text, [(at, at + 1)]).finditer("橋 と 橋は")] == [(0, 1), (4, 5)]
