"""Search and filter in the reader: live, beside the app, and back again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from annotations.post_filter import LANGUAGE
from annotations.store.reading import read_positions
from tui.screens.entries import EntryList
from tui.screens.paper import Paper
from tui.screens.reader import ReaderScreen
from tui.widgets.post_canvas import NOTHING

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.pilot import Pilot

    from tests.tui.conftest import FixedApp


def reader(pilot: Pilot[None]) -> ReaderScreen:
    screen = pilot.app.screen
    assert isinstance(screen, ReaderScreen)
    return screen


async def settle(pilot: Pilot[None]) -> ReaderScreen:
    """Wait until what is searched for has been found and is shown."""
    screen = reader(pilot)
    for _ in range(200):
        await pilot.pause()
        if not screen.is_searching:
            break
        await pilot.pause(0.02)
    await pilot.pause()
    return screen


async def type_in(pilot: Pilot[None], *keys: str) -> ReaderScreen:
    await pilot.press(*keys)
    return await settle(pilot)


async def ask(pilot: Pilot[None], typed: str, key: str = "") -> ReaderScreen:
    """Type all at once into the line for searches, opened by a key if it is not open."""
    if key:
        await pilot.press(key)
    reader(pilot).finder.value = typed
    return await settle(pilot)


async def search(pilot: Pilot[None], typed: str, *keys: str, opened_by: str = "slash") -> ReaderScreen:
    """Search from the thread's pane, then press keys."""
    await pilot.press("tab")
    await ask(pilot, typed, opened_by)
    return await type_in(pilot, *keys)


def visible(screen: ReaderScreen) -> list[int]:
    outline = screen.thread_pane.outline
    assert outline is not None
    return [position for position in range(1, len(outline)) if outline.is_visible(position)]


def drawn(screen: ReaderScreen) -> str:
    return "\n".join(strip.text for strip in screen.thread_pane.render_lines(screen.thread_pane.size.region))


EVERY = list(range(1, 10))


async def test_each_key_shows_the_paths_to_what_matches_so_far(make_app: Callable[..., FixedApp]) -> None:
    async with make_app().run_test(size=(120, 40)) as pilot:
        screen = await type_in(pilot, "tab", "slash", *"fer")
        assert (visible(screen), screen.thread_pane.position) == ([1, 2], 1)
        assert screen.said == "2 comments + article"
        screen = await type_in(pilot, *"ry costs less. than")
        assert screen.said == "No comments"
        screen = await type_in(pilot, *(["backspace"] * 6))
        assert (visible(screen), screen.said) == ([1, 2], "2 comments")


async def test_case_counts_once_a_capital_is_typed(make_app: Callable[..., FixedApp]) -> None:
    async with make_app().run_test(size=(120, 40)) as pilot:
        await pilot.press("tab", "slash")
        found = {typed: visible(await ask(pilot, typed)) for typed in ("bridge", "Bridge", "THAN", "Than")}
        assert found == {"bridge": [1, 2, 3], "Bridge": [], "THAN": [], "Than": [1, 2, 3]}


async def test_no_match_says_so_and_more_keys_bring_comments_back(make_app: Callable[..., FixedApp]) -> None:
    async with make_app().run_test(size=(120, 40)) as pilot:
        screen = await type_in(pilot, "tab", "J", "slash", *"zzz")
        assert visible(screen) == []
        assert NOTHING in drawn(screen)
        assert screen.said == "No comments"
        await pilot.resize_terminal(90, 30)
        await pilot.pause()
        assert NOTHING in drawn(screen)
        screen = await type_in(pilot, "backspace", "backspace", "backspace", *"course")
        assert visible(screen) == [1, 2, 3]
        assert NOTHING not in drawn(screen)


async def test_enter_on_no_match_shows_everything_again_and_says_why(make_app: Callable[..., FixedApp]) -> None:
    async with make_app().run_test(size=(120, 40)) as pilot:
        screen = await type_in(pilot, "tab", "J", "slash", *"zzz", "enter")
        assert (visible(screen), screen.thread_pane.position) == (EVERY, 5)
        assert screen.said == "No comments match “zzz”"
        assert screen.focused is screen.thread_pane


async def test_escape_while_typing_restores_folds_focus_and_what_was_read(make_app: Callable[..., FixedApp]) -> None:
    async with make_app().run_test(size=(120, 40)) as pilot:
        await pilot.press("tab", "h", "J")
        screen = reader(pilot)
        pane = screen.thread_pane
        before = (pane.position, pane.viewport.top, pane.viewport.row, screen.folds_to_keep())
        screen = await type_in(pilot, "slash", *"course")
        assert (visible(screen), pane.position) == ([1, 2, 3], 3)
        await type_in(pilot, "escape")
        assert (pane.position, pane.viewport.top, pane.viewport.row, screen.folds_to_keep()) == before
        assert visible(screen) == [1, 5, 6, 7, 8, 9]
        assert (screen.focused, screen.said) == (pane, "")
        await pilot.press("j")
        screen.flush()
        read = read_positions(screen.session.project, screen.thread.id, screen.session.annotator.id)
        assert 3 not in read


async def test_escape_after_enter_keeps_the_post_in_focus_and_back_leads_to_where_one_was(
    make_app: Callable[..., FixedApp],
) -> None:
    async with make_app().run_test(size=(120, 40)) as pilot:
        await pilot.press("tab", "h", "J", "J")
        screen = await type_in(pilot, "slash", *"course", "enter")
        assert screen.said == "1 comment. n next, N previous, Esc all"
        await type_in(pilot, "escape")
        assert (screen.thread_pane.position, visible(screen)) == (3, EVERY)
        await pilot.press("ctrl+o")
        assert screen.thread_pane.position == 6


async def test_escape_in_the_article_leads_back_there(make_app: Callable[..., FixedApp]) -> None:
    async with make_app().run_test(size=(120, 40)) as pilot:
        await pilot.press("w", "w")
        screen = reader(pilot)
        caret = screen.article.caret
        screen = await type_in(pilot, "slash", *"ferry")
        assert screen.article.text[screen.article.caret :].startswith("ferry")
        await type_in(pilot, "escape")
        assert (screen.focused, screen.article.caret, visible(screen)) == (screen.article, caret, EVERY)


async def test_from_the_article_a_search_leads_to_the_article_first_then_to_the_comments_and_around(
    make_app: Callable[..., FixedApp],
) -> None:
    async with make_app().run_test(size=(120, 40)) as pilot:
        screen = await type_in(pilot, "slash", *"mayor", "enter")
        assert screen.focused is screen.article
        caret = screen.article.caret
        assert screen.article.text[caret:].startswith("mayor")
        await pilot.press("n")
        assert (screen.focused, screen.thread_pane.position) == (screen.thread_pane, 1)
        assert screen.said == "Match 1 of 1"
        await pilot.press("n")
        assert (screen.focused, screen.article.caret, screen.said) == (screen.article, caret, "Match in the article")
        await pilot.press("N", "N")
        assert (screen.focused, screen.article.caret) == (screen.article, caret)


async def test_n_and_capital_n_go_round_the_end(make_app: Callable[..., FixedApp]) -> None:
    async with make_app().run_test(size=(120, 40)) as pilot:
        screen = await search(pilot, "than", "enter")
        pane = screen.thread_pane
        seen = [pane.position]
        for key in ("n", "n", "N", "N"):
            await pilot.press(key)
            seen.append(pane.position)
        assert seen == [2, 3, 2, 3, 2]
        assert screen.said == "Match 1 of 2"


async def test_with_the_text_cursor_n_goes_from_place_to_place(make_app: Callable[..., FixedApp]) -> None:
    async with make_app().run_test(size=(120, 40)) as pilot:
        screen = await search(pilot, "a ", "enter")
        await pilot.press("i")
        pane = screen.thread_pane
        places = []
        for _ in range(3):
            places.append((pane.position, pane.text[pane.caret :][:7]))
            await pilot.press("n")
        assert places == [(1, "The may"), (1, "A ferry"), (2, "A ferry")]
        assert pane.is_in_text


async def test_a_search_is_kept_from_pane_to_pane_and_recalled(make_app: Callable[..., FixedApp]) -> None:
    async with make_app().run_test(size=(120, 40)) as pilot:
        await search(pilot, "ferry", "enter")
        screen = await type_in(pilot, "tab", "tab")
        assert visible(screen) == [1, 2]
        await type_in(pilot, "escape", "slash", *"course", "enter")
        screen = await type_in(pilot, "escape", "slash", "up")
        assert (screen.finder.value, visible(screen)) == ("course", [1, 2, 3])
        screen = await type_in(pilot, "up", "up")
        assert (screen.finder.value, visible(screen)) == ("ferry", [1, 2])
        screen = await type_in(pilot, "down", "down")
        assert (screen.finder.value, visible(screen)) == ("", EVERY)


FILTERS = {
    "author:anna": [1, 2, 3],
    "-author:anna depth:1": [5, 6, 8, 9],
    'author:"farid"': [8],
    "ferry -first": [1, 2],
    "text:anna": [],
    "label:agree": [1],
    "label:Agr": [1],
    "labeled": [1],
    "unlabeled depth:2 -author:e": [5, 6, 8, 9],
    "reviewed": [5],
    "unread depth:1 -toll": [1, 5, 6, 8],
    "read": [],
}


async def test_a_filter_shows_what_meets_its_conditions(make_app: Callable[..., FixedApp]) -> None:
    async with make_app().run_test(size=(120, 60)) as pilot:
        await pilot.press("tab", "g", "a", "1", "J", "x", "home")
        screen = reader(pilot)
        screen.thread_source.read[:] = bytes(len(screen.thread_source.read))
        await pilot.press("backslash")
        assert {typed: visible(await ask(pilot, typed)) for typed in FILTERS} == FILTERS


async def test_a_condition_that_cannot_be_meant_is_told_and_is_not_kept(make_app: Callable[..., FixedApp]) -> None:
    async with make_app().run_test(size=(120, 40)) as pilot:
        screen = await type_in(pilot, "tab", "backslash", *"author:anna depth:x")
        assert screen.said == "depth: wants a number"
        assert visible(screen) == [1, 2, 3]
        screen = await type_in(pilot, "enter")
        assert (screen.focused, screen.said) == (screen.finder, "depth: wants a number")
        screen = await type_in(pilot, "backspace", "1", "enter")
        assert (screen.focused, visible(screen)) == (screen.thread_pane, [1])


async def test_ancestors_that_do_not_match_are_dimmed_and_moves_pass_over_what_is_hidden(
    make_app: Callable[..., FixedApp],
) -> None:
    async with make_app().run_test(size=(120, 40)) as pilot:
        screen = await search(pilot, "author:cleo", "enter", opened_by="backslash")
        outline = screen.thread_pane.outline
        assert outline is not None
        assert [position for position in visible(screen) if outline.is_context(position)] == [1]
        await pilot.press("P", "l")
        assert (screen.thread_pane.position, visible(screen)) == (4, [1, 4])
        await pilot.press("right_square_bracket", "right_square_bracket")
        assert screen.thread_pane.position == 4


async def test_going_to_a_post_that_the_filter_hides_shows_it(make_app: Callable[..., FixedApp]) -> None:
    async with make_app().run_test(size=(120, 40)) as pilot:
        screen = await search(pilot, "author:cleo", "enter", opened_by="backslash")
        screen.thread_pane.go_to(7)
        assert visible(screen) == [1, 4, 6, 7]
        await pilot.press("1")
        assert screen.thread_pane.view_of(7).chips[0].text == "Agree"
        await type_in(pilot, "escape")
        assert visible(screen) == EVERY


async def test_a_press_of_the_mouse_elsewhere_keeps_what_was_found(make_app: Callable[..., FixedApp]) -> None:
    async with make_app().run_test(size=(120, 40)) as pilot:
        screen = await search(pilot, "ferry")
        await pilot.click("#article", offset=(10, 6))
        await settle(pilot)
        assert not screen.is_asking
        assert (screen.focused, visible(screen)) == (screen.article, [1, 2])


async def test_the_help_tells_what_a_filter_may_ask(make_app: Callable[..., FixedApp]) -> None:
    async with make_app().run_test(size=(120, 40)) as pilot:
        await pilot.press("question_mark")
        paper = pilot.app.screen
        assert isinstance(paper, Paper)
        words = " ".join(str(paper.query_one("#text", EntryList).render()).split())
        for example, meaning in LANGUAGE:
            assert f"{example} {meaning}" in words


def emphasized(screen: ReaderScreen) -> list[str]:
    """Return what is drawn of the thread as the matches of a search are."""
    found = screen.thread_pane.painter.styles.found
    strips = screen.thread_pane.render_lines(screen.thread_pane.size.region)
    marked = [segment for strip in strips for segment in strip if segment.style]
    return [segment.text for segment in marked if segment.style and segment.style.bgcolor == found.bgcolor]


async def test_what_is_found_in_a_name_is_emphasized_there(make_app: Callable[..., FixedApp]) -> None:
    async with make_app().run_test(size=(120, 40)) as pilot:
        screen = await search(pilot, "nna")
        assert emphasized(screen) == ["nna", "nna"]
        await pilot.press("escape")
        assert emphasized(screen) == []
        await ask(pilot, "author:bert text:costs", "backslash")
        assert emphasized(screen) == ["costs", "bert", "costs", "costs"], "the first in what is answered"
