"""The library by its keys and by the mouse: each test looks at what it shows, and where it leads."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from rich.cells import cell_len

from annotations.store.library import LibraryThread, ThreadWork
from annotations.store.project import Project
from annotations.store.threads import save_thread
from tests.tui.library.conftest import THREADS, StillApp, fill_shelf, make_thread
from tui.configuration import Configuration
from tui.screens.library import LibraryScreen
from tui.screens.reader import ReaderScreen
from tui.screens.thread_table import ThreadTable
from tui.widgets.table_head import TableHead

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

    from textual.pilot import Pilot

    from tests.tui.library.conftest import MakeApp

    Settle = Callable[[Pilot[None]], Awaitable[None]]

SIZE = (120, 30)


def library(pilot: Pilot[None]) -> LibraryScreen:
    screen = pilot.app.screen
    assert isinstance(screen, LibraryScreen)
    return screen


def keys(pilot: Pilot[None]) -> list[str]:
    return [thread.key for thread in library(pilot).table.shown]


def at(pilot: Pilot[None]) -> str:
    thread = library(pilot).thread
    assert thread is not None
    return thread.key


def row(pilot: Pilot[None], y: int) -> str:
    return "".join(segment.text for segment in library(pilot).rows.render_line(y))


async def test_it_opens_with_what_was_opened_last_on_top(make_app: MakeApp, settle: Settle) -> None:
    async with make_app().run_test(size=SIZE) as pilot:
        await settle(pilot)
        assert keys(pilot) == ["bridge", "tunnel", "hashi", "library"]
        assert at(pilot) == "bridge"


async def test_a_row_says_how_far_the_work_has_come(make_app: MakeApp, settle: Settle) -> None:
    async with make_app().run_test(size=SIZE) as pilot:
        await settle(pilot)
        assert row(pilot, 0).split("  ")[0].startswith("▌ Town sells")
        assert row(pilot, 0).split()[-7:] == ["3", "0", "0", "1", "7", "days", "ago"]
        assert row(pilot, 1).split()[-5:] == ["5", "0", "0", "5", "never"]


async def test_columns_stay_in_line_whatever_the_titles_hold(make_app: MakeApp, settle: Settle) -> None:
    for width in (80, 200):
        async with make_app().run_test(size=(width, 24)) as pilot:
            await settle(pilot)
            rows = [row(pilot, y) for y in range(4)]
            assert {cell_len(text) for text in rows} == {width}
            assert len({cell_len(text[: text.index("never")]) for text in rows[1:]}) == 1


def test_columns_of_numbers_are_as_wide_as_the_largest_needs() -> None:
    thread = LibraryThread(1, "k", "Title", 1_234_567, "/k.txt", "flattened", "2026-05-01T08:30:00Z", "")
    table = ThreadTable("2026-05-01T08:30:00Z")
    table.set_width(100)
    table.take([thread])
    table.take_work({1: ThreadWork(labeled=1_000_000, reviewed=7, read=0)})
    widths = {place.column.id: place.width for place in table.places}
    assert (widths["comments"], widths["unread"], widths["labeled"], widths["reviewed"]) == (9, 9, 9, 8)


async def test_keys_move_the_cursor(make_app: MakeApp) -> None:
    async with make_app().run_test(size=SIZE) as pilot:
        for key, expected in (("j", "tunnel"), ("down", "hashi"), ("k", "tunnel"), ("G", "library"), ("up", "hashi")):
            await pilot.press(key)
            assert at(pilot) == expected, key
        for pressed, expected in ((("g", "g"), "bridge"), (("end",), "library"), (("home",), "bridge")):
            await pilot.press(*pressed)
            assert at(pilot) == expected, pressed
        await pilot.press("pagedown")
        assert at(pilot) == "library"
        await pilot.press("pageup")
        assert at(pilot) == "bridge"


async def test_enter_opens_the_thread_and_q_leads_back_with_fresh_counts(make_app: MakeApp, settle: Settle) -> None:
    async with make_app().run_test(size=SIZE) as pilot:
        await settle(pilot)
        await pilot.press("j", "enter")
        reader = pilot.app.screen
        assert isinstance(reader, ReaderScreen)
        assert reader.thread.key == "tunnel"
        await pilot.press("tab", "1", "j", "j", "q")
        await settle(pilot)
        assert at(pilot) == "tunnel"
        assert keys(pilot)[0] == "tunnel"
        screen = library(pilot)
        assert screen.thread is not None
        assert screen.thread.opened_at == "2026-05-10T08:30:00Z"
        work = screen.table.work_on(screen.thread)
        assert (work.labeled, work.read) == (1, 3)
        assert "just now" in row(pilot, 0)


async def test_there_is_one_reader_at_a_time(make_app: MakeApp, settle: Settle) -> None:
    async with make_app().run_test(size=SIZE) as pilot:
        readers = []
        for _ in range(3):
            await settle(pilot)
            await pilot.press("j", "enter")
            readers.append(pilot.app.screen)
            await pilot.press("q")
        await settle(pilot)
        assert not any(reader.is_running for reader in readers)


async def test_q_in_the_library_leaves(make_app: MakeApp) -> None:
    async with make_app().run_test(size=SIZE) as pilot:
        await pilot.press("q")
        assert not pilot.app.is_running


@pytest.mark.parametrize("where", ["library", "reader"])
async def test_ctrl_q_leaves_from_everywhere_and_keeps_the_place(
    make_app: MakeApp, shelf_path: Path, where: str
) -> None:
    async with make_app().run_test(size=SIZE) as pilot:
        if where == "reader":
            await pilot.press("j", "enter", "tab", "j", "j")
        await pilot.press("ctrl+q")
        assert not pilot.app.is_running
    with Project.open(shelf_path) as project:
        places = project.connection.execute("SELECT COUNT(*) FROM places").fetchone()[0]
        assert places == (2 if where == "reader" else 1)


async def test_a_named_thread_opens_at_once_and_g_h_goes_to_the_library(make_app: MakeApp, settle: Settle) -> None:
    async with make_app("hashi").run_test(size=SIZE) as pilot:
        reader = pilot.app.screen
        assert isinstance(reader, ReaderScreen)
        await pilot.press("g", "h")
        await settle(pilot)
        assert at(pilot) == "hashi"
        assert not reader.is_running
        await pilot.press("q")
        assert not pilot.app.is_running


async def test_q_leaves_the_reader_of_a_named_thread(make_app: MakeApp) -> None:
    async with make_app("hashi").run_test(size=SIZE) as pilot:
        await pilot.press("q")
        assert not pilot.app.is_running


async def test_a_project_of_one_thread_opens_it(tmp_path: Path, settle: Settle) -> None:
    path = tmp_path / "one.db"
    fill_shelf(path, {"bridge": THREADS["bridge"]})
    async with StillApp(path, "ann").run_test(size=SIZE) as pilot:
        assert isinstance(pilot.app.screen, ReaderScreen)
        await pilot.press("g", "h")
        await settle(pilot)
        assert keys(pilot) == ["bridge"]
        await pilot.press("enter")
        assert isinstance(pilot.app.screen, ReaderScreen)


async def test_s_goes_through_the_columns_in_view_and_capital_s_turns_round(make_app: MakeApp, settle: Settle) -> None:
    async with make_app().run_test(size=SIZE) as pilot:
        await settle(pilot)
        table = library(pilot).table
        assert (table.column, table.is_descending) == ("opened", True)
        await pilot.press("s")
        assert (table.column, table.is_descending) == ("title", False)
        assert keys(pilot) == ["library", "tunnel", "bridge", "hashi"]
        await pilot.press("s")
        assert (table.column, table.is_descending) == ("comments", True)
        assert keys(pilot) == ["tunnel", "bridge", "hashi", "library"]
        await pilot.press("S")
        assert keys(pilot) == ["library", "hashi", "bridge", "tunnel"]
        await pilot.press("s", "s", "s")
        assert (table.column, keys(pilot)[0]) == ("unread", "tunnel")
        await pilot.resize_terminal(80, 30)
        await pilot.press("s", "s", "s", "s")
        assert table.column == "labeled", "there is no room for which were reviewed"
        await pilot.press("s")
        assert table.column == "unread"


async def test_the_cursor_stays_on_its_thread_in_another_order(make_app: MakeApp, settle: Settle) -> None:
    async with make_app().run_test(size=SIZE) as pilot:
        await settle(pilot)
        await pilot.press("j", "j", "s")
        assert at(pilot) == "hashi"


async def test_a_click_on_a_heading_sorts_and_another_turns_round(make_app: MakeApp, settle: Settle) -> None:
    async with make_app().run_test(size=SIZE) as pilot:
        await settle(pilot)
        place = next(place for place in library(pilot).table.places if place.column.id == "comments")
        await pilot.click(TableHead, offset=(place.start + 4, 0))
        assert keys(pilot) == ["tunnel", "bridge", "hashi", "library"]
        await pilot.click(TableHead, offset=(place.start + 4, 0))
        assert keys(pilot) == ["library", "hashi", "bridge", "tunnel"]
        assert library(pilot).head.render().plain.split()[1] == "▴Comments"  # type: ignore[union-attr]  # a Content


async def test_the_filter_works_as_one_types_and_escape_shows_all_again(make_app: MakeApp, settle: Settle) -> None:
    async with make_app().run_test(size=SIZE) as pilot:
        await settle(pilot)
        await pilot.press("slash", *"elan")
        assert keys(pilot) == ["library"]
        await pilot.press("escape")
        assert keys(pilot) == ["bridge", "tunnel", "hashi", "library"]
        assert at(pilot) == "library"
        await pilot.press("slash", *"harbor")
        assert keys(pilot) == ["tunnel"]
        await pilot.press("enter", "enter")
        assert isinstance(pilot.app.screen, ReaderScreen)


async def test_the_filter_stays_while_a_thread_is_read(make_app: MakeApp, settle: Settle) -> None:
    async with make_app().run_test(size=SIZE) as pilot:
        await settle(pilot)
        await pilot.press("slash", "t", "o", "w", "n", "enter", "enter", "q")
        await settle(pilot)
        assert keys(pilot) == ["bridge"]
        assert library(pilot).line.display
        await pilot.press("escape")
        assert len(keys(pilot)) == 4
        assert not library(pilot).line.display


async def test_nothing_matches(make_app: MakeApp) -> None:
    async with make_app().run_test(size=SIZE) as pilot:
        await pilot.press("slash", *"zzz")
        assert keys(pilot) == []
        assert library(pilot).has_class("-empty")
        await pilot.press("enter", "enter", "j", "s")
        assert library(pilot).thread is None
        await pilot.press("escape")
        assert len(keys(pilot)) == 4


async def test_the_arrows_move_while_one_types(make_app: MakeApp) -> None:
    async with make_app().run_test(size=SIZE) as pilot:
        await pilot.press("slash", "b", "r", "down")
        assert keys(pilot) == ["bridge", "library"]
        assert at(pilot) == "library"


async def test_a_click_chooses_and_a_double_click_opens(make_app: MakeApp) -> None:
    async with make_app().run_test(size=SIZE) as pilot:
        rows = library(pilot).rows
        await pilot.click(rows, offset=(20, 2))
        assert at(pilot) == "hashi"
        await pilot.click(rows, offset=(20, 1), times=2)
        screen = pilot.app.screen
        assert isinstance(screen, ReaderScreen)
        assert screen.thread.key == "tunnel"


async def test_what_the_bar_offers_can_be_clicked(make_app: MakeApp) -> None:
    async with make_app().run_test(size=SIZE) as pilot:
        await pilot.click(library(pilot).label_bar, offset=(2, 0))
        assert isinstance(pilot.app.screen, ReaderScreen)


async def test_what_is_imported_meanwhile_is_there_after_reload(
    make_app: MakeApp, shelf_path: Path, settle: Settle
) -> None:
    async with make_app().run_test(size=SIZE) as pilot:
        await settle(pilot)
        await pilot.press("j")
        with Project.open(shelf_path) as project:
            thread = make_thread("new", "New", {"1": ("ada", "Hello")})
            save_thread(project, thread, location="/new.txt", source_sha256="f" * 64)
        library(pilot).reload()
        await settle(pilot)
        assert keys(pilot)[-1] == "new"
        assert at(pilot) == "tunnel"


async def test_more_threads_than_are_shown_at_once(
    tmp_path: Path, settle: Settle, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui.screens.library_list.AT_ONCE", 20)
    path = tmp_path / "many.db"
    fill_shelf(path, {f"t{number}": (f"Thread {number}", {"1": ("ada", "Hm.")}) for number in range(60)})
    async with StillApp(path, "ann").run_test(size=SIZE) as pilot:
        await settle(pilot)
        assert len(keys(pilot)) == 60
        await pilot.press("G")
        assert at(pilot) == "t59"
        await pilot.press("enter", "q")
        await settle(pilot)
        assert (at(pilot), keys(pilot)[0], len(keys(pilot))) == ("t59", "t59", 60)


async def test_keys_can_be_configured(make_app: MakeApp) -> None:
    configuration = Configuration(keys={"library.next": ("e",), "library.sort": ("g s",)})
    async with make_app(configuration=configuration).run_test(size=SIZE) as pilot:
        await pilot.press("j")
        assert at(pilot) == "bridge"
        await pilot.press("e")
        assert at(pilot) == "tunnel"
        await pilot.press("g", "s")
        assert library(pilot).table.column == "title"


async def test_help_lists_every_key_and_the_palette_every_command(make_app: MakeApp) -> None:
    async with make_app().run_test(size=SIZE) as pilot:
        screen = library(pilot)
        commands = {command.title for command in pilot.app.get_system_commands(screen)}
        assert {command.description for command in screen.keymap.commands.values()} <= commands
        await pilot.press("question_mark")
        text = str(pilot.app.screen.query_one("#text").render())
        for command in screen.keymap.commands.values():
            assert command.description in text
        await pilot.press("q")
        assert pilot.app.screen is screen


async def test_for_a_screen_reader_nothing_is_drawn_with_lines(tmp_path: Path, settle: Settle) -> None:
    path = tmp_path / "many.db"
    fill_shelf(path, {f"t{number}": (f"Thread {number}", {"1": ("ada", "Hm.")}) for number in range(60)})
    async with StillApp(path, "ann", configuration=Configuration(is_plain=True)).run_test(size=SIZE) as pilot:
        await settle(pilot)
        drawn = "".join(row(pilot, y) for y in range(20)) + library(pilot).head.render().plain  # type: ignore[union-attr]
        assert drawn.replace("…", "").isascii()
        assert row(pilot, 0).startswith(">")


async def test_a_theme_that_was_changed_elsewhere_is_the_librarys_too(make_app: MakeApp, settle: Settle) -> None:
    async with make_app().run_test(size=SIZE) as pilot:
        await settle(pilot)
        before = library(pilot).rows.render_line(0)
        await pilot.press("enter", "g", "t", "q")
        await settle(pilot)
        after = library(pilot).rows.render_line(0)
        assert [segment.style for segment in before] != [segment.style for segment in after]
