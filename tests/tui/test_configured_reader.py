"""What is configured, in the running app: keys, presets, widths, layouts, whether a label goes on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tui.configuration import Configuration
from tui.screens.entries import EntryList
from tui.screens.label_picker import LabelPicker
from tui.screens.palette import Palette
from tui.screens.paper import Paper
from tui.screens.reader import ReaderScreen
from tui.widgets.label_bar import LabelBar

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.pilot import Pilot

    from tui.app import PostilApp


def reader(pilot: Pilot[None]) -> ReaderScreen:
    screen = pilot.app.screen
    assert isinstance(screen, ReaderScreen)
    return screen


async def press(pilot: Pilot[None], keys: str) -> None:
    await pilot.press(*keys.split())
    await pilot.pause()


@pytest.mark.parametrize(
    ("preset", "keys", "pane", "position"),
    [
        ("vim", "tab j", "thread", 2),
        ("vim", "tab j j P", "thread", 2),
        ("vim", "tab j tab", "article", 0),
        ("mutt", "ctrl+w w j", "thread", 2),
        ("mutt", "tab", "thread", 2),
        ("mutt", "ctrl+w w j j tab", "thread", 4),
        ("mutt", "ctrl+w w shift+tab", "article", 0),
        ("tuir", "tab j j K", "thread", 2),
        ("tuir", "tab j j j ctrl+k", "thread", 2),
    ],
)
async def test_presets_lead_where_they_say(
    make_app: Callable[..., PostilApp], preset: str, keys: str, pane: str, position: int
) -> None:
    app = make_app(configuration=Configuration(keymap=preset))
    async with app.run_test(size=(120, 40)) as pilot:
        await press(pilot, keys)
        assert (reader(pilot).pane.id, reader(pilot).pane.position) == (pane, position)


async def test_space_folds_as_in_tuir(make_app: Callable[..., PostilApp]) -> None:
    app = make_app(configuration=Configuration(keymap="tuir"))
    async with app.run_test(size=(120, 40)) as pilot:
        await press(pilot, "tab space")
        outline = reader(pilot).thread_pane.outline
        assert outline is not None
        assert outline.is_folded(1)
        await press(pilot, "space")
        assert not outline.is_folded(1)
        await press(pilot, "ctrl+@")  # what most terminals send for Ctrl and Space
        assert reader(pilot).thread_pane.position > 1, "it reads on"


async def test_changed_keys_do_what_the_old_ones_did(make_app: Callable[..., PostilApp]) -> None:
    keys = {"post.next": ("n", "g z"), "find.next": (), "label.undo": ("ctrl+z",), "view.other_pane": ("tab", "f6")}
    app = make_app(configuration=Configuration(keys=keys))
    async with app.run_test(size=(120, 40)) as pilot:
        await press(pilot, "f6 n n")
        assert reader(pilot).thread_pane.position == 3
        await press(pilot, "j")
        assert reader(pilot).thread_pane.position == 3, "its key is another one now"
        await press(pilot, "g z")
        assert reader(pilot).thread_pane.position == 4
        view = reader(pilot).thread_pane.view_of
        await press(pilot, "1")
        assert view(4).annotations
        await press(pilot, "u")
        assert view(4).annotations
        await press(pilot, "ctrl+z")
        assert not view(4).annotations


async def test_what_is_offered_has_the_changed_keys(make_app: Callable[..., PostilApp]) -> None:
    keys = {"select.sentence": ("g z",), "label.undo": (), "label.type": ("%",)}
    app = make_app(configuration=Configuration(keys=keys))
    async with app.run_test(size=(160, 40)) as pilot:
        await press(pilot, "right_curly_bracket")
        bar = reader(pilot).label_bar
        shown = str(bar.content)
        assert "gz select sentence" in shown
        assert "% all labels" in shown
        assert "undo" not in shown
        _, offers = reader(pilot).offers()
        (offer,) = [offer for offer in offers if offer.text == "select sentence"]
        bar.post_message(LabelBar.Chosen(offer))
        await pilot.pause()
        assert reader(pilot).article.selected_span() is not None, "a click presses both keys"
        await pilot.resize_terminal(60, 20)
        await pilot.pause()
        assert "% 4 more" in str(bar.content), "what did not fit is behind the key that lists all labels"


async def test_the_help_lists_the_changed_keys(make_app: Callable[..., PostilApp]) -> None:
    keys = {"label.undo": ("ctrl+z",), "find.next": (), "app.quit": ("ctrl+x",)}
    app = make_app(configuration=Configuration(keys=keys))
    async with app.run_test(size=(120, 40)) as pilot:
        await press(pilot, "question_mark")
        lines = str(app.screen.query_one("#text", EntryList).render()).splitlines()
        assert "  ^z              Undo" in lines
        assert "  ^x              Quit" in lines
        assert not any("Next match" in line for line in lines)


async def test_a_command_without_a_key_is_said_to_have_none(make_app: Callable[..., PostilApp]) -> None:
    app = make_app(configuration=Configuration(keys={"view.other_pane": ("f6",)}))
    async with app.run_test(size=(120, 40)) as pilot:
        await press(pilot, "P")
        assert reader(pilot).said == "That works in the thread: F6 goes there"


async def test_dialogs_and_the_app_take_their_keys(make_app: Callable[..., PostilApp]) -> None:
    keys = {"paper.back": ("!",), "paper.down": ("n", ","), "app.palette": ("f9",), "app.quit": ("ctrl+x",)}
    app = make_app(configuration=Configuration(keys=keys))
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "question_mark")
        paper = app.screen
        assert isinstance(paper, Paper)
        await press(pilot, "n comma comma j")
        assert paper.body.scroll_offset.y == 3
        await press(pilot, "q escape")
        assert app.screen is paper
        await press(pilot, "exclamation_mark f9")
        assert isinstance(app.screen, Palette)
        await press(pilot, "escape t")
        assert isinstance(app.screen, LabelPicker)
        await press(pilot, "escape ctrl+q")
        assert app.is_running
        await press(pilot, "ctrl+x")
    assert app.return_code == 0


@pytest.mark.parametrize(
    ("width", "keys", "expected"), [(60, "plus", 64), (60, "minus", 56), (158, "plus", 160), (42, "minus", 40)]
)
async def test_wider_and_narrower_begin_at_the_configured_width(
    make_app: Callable[..., PostilApp], width: int, keys: str, expected: int
) -> None:
    app = make_app(configuration=Configuration(width=width))
    async with app.run_test(size=(200, 40)) as pilot:
        panes = (reader(pilot).article, reader(pilot).thread_pane)
        assert [pane.measure for pane in panes] == [width, width]
        await press(pilot, "g p g p")  # one pane
        await press(pilot, keys)
        assert reader(pilot).article.measure == expected


async def test_lines_are_as_wide_as_configured(make_app: Callable[..., PostilApp]) -> None:
    app = make_app(configuration=Configuration(width=44))
    async with app.run_test(size=(200, 40)) as pilot:
        body = reader(pilot).article.painted(0).body
        assert body.width == 44
        assert max(body.cells(line) for line in range(body.height)) <= 44


@pytest.mark.parametrize(
    ("layout", "following", "width"),
    [("auto", "Stacked", 60), ("side", "Stacked", 60), ("stacked", "One pane", 120), ("one", "Layout by width", 120)],
)
async def test_the_configured_layout_is_the_first(
    make_app: Callable[..., PostilApp], layout: str, following: str, width: int
) -> None:
    app = make_app(configuration=Configuration(layout=layout))
    async with app.run_test(size=(120, 40)) as pilot:
        article = reader(pilot).article
        assert abs(article.size.width - width) <= 2
        await press(pilot, "g p")
        assert reader(pilot).said == following


@pytest.mark.parametrize(("advances", "position"), [(True, 2), (False, 1)])
async def test_a_label_goes_on_if_so_configured(
    make_app: Callable[..., PostilApp], *, advances: bool, position: int
) -> None:
    app = make_app(configuration=Configuration(advances=advances))
    async with app.run_test(size=(120, 40)) as pilot:
        await press(pilot, "tab 1")
        assert reader(pilot).thread_pane.position == position
        await press(pilot, "g a 2")
        assert (reader(pilot).thread_pane.position > position) is not advances, "and the key changes that"


async def test_keys_of_other_screens_do_not_disturb(make_app: Callable[..., PostilApp]) -> None:
    app = make_app(configuration=Configuration(keys={"library.open": ("n",), "paper.down": ("x",)}))
    async with app.run_test(size=(120, 40)) as pilot:
        await press(pilot, "tab j")
        assert reader(pilot).thread_pane.position == 2
        await press(pilot, "g h n")
        assert isinstance(app.screen, ReaderScreen), "the library opened the thread at its own key"
