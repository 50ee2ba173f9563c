"""The mouse: whatever has a place on the screen can be pressed, dragged or scrolled."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from textual import events
from textual.geometry import Offset
from textual.widgets import OptionList

from annotations.store.labels import annotations_in_thread
from tui.keymap import Context
from tui.screens.annotation_editor import AnnotationEditor
from tui.screens.label_picker import LabelPicker
from tui.screens.queue_picker import QueuePicker
from tui.screens.reader import ReaderScreen

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.pilot import Pilot
    from textual.widget import Widget

    from tui.app import PostilApp as FixedApp
    from tui.widgets.post_pane import PostPane

SIZES = [(80, 24), (120, 40)]


def reader(pilot: Pilot[None]) -> ReaderScreen:
    screen = pilot.app.screen
    assert isinstance(screen, ReaderScreen)
    return screen


def place(widget: Widget, words: str) -> tuple[int, int]:
    """Return the cell of a widget at which words stand."""
    for y, line in enumerate(widget.render_lines(widget.outer_size.region)):
        if (at := line.text.find(words)) >= 0:
            return at, y
    raise AssertionError(f"{words!r} is not to be seen")


async def click(pilot: Pilot[None], widget: Widget, words: str, *, times: int = 1) -> None:
    x, y = place(widget, words)
    await pilot.click(widget, offset=(x + 1, y), times=times)
    await pilot.pause()


async def wheel(pilot: Pilot[None], widget: Widget, notches: int) -> None:
    kind = events.MouseScrollDown if notches > 0 else events.MouseScrollUp
    for _ in range(abs(notches)):
        await pilot._post_mouse_events([kind], widget, offset=(5, 2))  # it has no wheel in public
    await pilot.pause()


async def drag(pilot: Pilot[None], widget: Widget, *cells: tuple[int, int]) -> None:
    """Press at the first cell of a widget, move over the others with the button held, let go."""
    origin = widget.region.offset
    await pilot.mouse_down(widget, offset=cells[0])
    for cell in cells[1:]:
        screen = pilot.app.screen
        x, y = origin + Offset(*cell)
        screen._forward_event(  # the pilot moves the mouse without a button
            events.MouseMove(None, x, y, 0, 0, button=1, shift=False, meta=False, ctrl=False, screen_x=x, screen_y=y)
        )
        await pilot.pause()
    x, y = origin + Offset(*cells[-1])
    pilot.app.screen._forward_event(  # beyond the widget, where its own offsets end
        events.MouseUp(None, x, y, 0, 0, button=1, shift=False, meta=False, ctrl=False, screen_x=x, screen_y=y)
    )
    await pilot.pause()


def view(pane: PostPane) -> tuple[int, int]:
    return pane.viewport.top, pane.viewport.row


async def test_the_wheel_scrolls_the_pane_below_it_alone(make_app: Callable[..., FixedApp]) -> None:
    async with make_app().run_test(size=(48, 18)) as pilot:
        screen = reader(pilot)
        article, thread = view(screen.article), view(screen.thread_pane)
        await wheel(pilot, screen.thread_pane, 2)
        assert view(screen.thread_pane) > thread
        assert view(screen.article) == article
        await wheel(pilot, screen.thread_pane, -9)
        assert view(screen.thread_pane) == thread
        await wheel(pilot, screen.article, 1)
        assert view(screen.article) > article


async def test_posts_markers_and_guides_are_clicked(make_app: Callable[..., FixedApp]) -> None:
    async with make_app().run_test(size=(120, 40)) as pilot:
        screen = reader(pilot)
        pane = screen.thread_pane
        outline = pane.outline
        assert outline is not None
        await click(pilot, pane, "bert")
        assert (screen.pane, pane.position, screen.context) == (pane, 2, Context.THREAD)
        await click(pilot, pane, "▾ anna")
        assert (outline.is_folded(1), pane.position) == (True, 1)
        await click(pilot, pane, "▸ anna")
        assert not outline.is_folded(1)
        x, y = place(pane, "│ ▾ bert")
        await pilot.click(pane, offset=(x, y + 1))
        assert outline.is_folded(1)


async def test_words_sentences_and_stretches_are_selected(make_app: Callable[..., FixedApp]) -> None:
    async with make_app().run_test(size=(120, 40)) as pilot:
        screen = reader(pilot)
        pane = screen.thread_pane

        def selected() -> str:
            span = pane.selected_span()
            return pane.text[span[0] : span[1]] if span else ""

        await click(pilot, pane, "mayor")
        assert (screen.context, selected()) == (Context.TEXT, "")
        await click(pilot, pane, "mayor", times=2)
        assert selected() == "mayor"
        await click(pilot, pane, "A ferry", times=3)
        assert selected() == "A ferry costs less."
        x, y = place(pane, "mayor")
        await drag(pilot, pane, (x, y), (x + 3, y), (x + 7, y))
        assert selected() == "mayor is"


async def test_a_chip_opens_its_annotation_and_a_relations_chip_leads_to_the_other_end(
    make_app: Callable[..., FixedApp],
) -> None:
    async with make_app().run_test(size=(160, 50)) as pilot:
        screen = reader(pilot)
        pane = screen.thread_pane
        await pilot.press("right_curly_bracket", "s", "c", "tab", "g", "a", "1", "r", "P", "1")
        await pilot.pause()
        await pilot.press("j", "j", "j", "j")
        await click(pilot, pane, " Agree ")
        editor = pilot.app.screen
        assert isinstance(editor, AnnotationEditor)
        await pilot.press("escape")
        assert pane.position == 1
        x, y = place(pane, "→ ")
        await pilot.press("tab", "tab")
        await pilot.click(pane, offset=(x + 1, y))
        await pilot.pause()
        assert screen.pane is screen.article
        x, y = place(screen.article, "← ")
        await pilot.click(screen.article, offset=(x + 1, y))
        await pilot.pause()
        assert (screen.pane, pane.position) == (pane, 1)


async def test_the_scroll_bar_pages_at_its_track_and_its_thumb_is_dragged(make_app: Callable[..., FixedApp]) -> None:
    async with make_app().run_test(size=(120, 24)) as pilot:
        screen = reader(pilot)
        pane = screen.thread_pane
        right, bottom = pane.size.width - 1, pane.size.height - 1
        start = view(pane)
        await pilot.click(pane, offset=(right, bottom))
        paged = view(pane)
        assert paged > start
        await pilot.click(pane, offset=(right, 0))
        assert view(pane) == start
        await drag(pilot, pane, (right, 0), (right, 0))
        assert view(pane) == start, "taking hold of the thumb moves nothing"
        await drag(pilot, pane, (right, 0), (right, 3), (right, bottom + 5))
        assert pane.outline is not None
        assert not pane.reaches_below()
        await drag(pilot, pane, (right, bottom), (right, 0))
        assert view(pane) == start


@pytest.mark.parametrize("size", SIZES)
async def test_the_divider_is_dragged_and_a_double_click_puts_it_back(
    make_app: Callable[..., FixedApp], size: tuple[int, int]
) -> None:
    async with make_app().run_test(size=size) as pilot:
        screen = reader(pilot)
        is_stacked = screen.has_class("-stacked")
        divider = screen.breadcrumb if is_stacked else screen.query_one("#divider")

        def room(pane: Widget) -> int:
            return pane.size.height if is_stacked else pane.size.width

        before = room(screen.article)
        await drag(pilot, divider, (0, 0), (0, 3) if is_stacked else (9, 0))
        await pilot.pause()
        after = room(screen.article)
        assert after == before + (3 if is_stacked else 9)
        await pilot.press("tab")
        await pilot.resize_terminal(size[0] + 10, size[1] + 5)
        await pilot.pause()
        assert room(screen.article) > after, "the share is kept"
        await drag(pilot, divider, (0, 0), (-200, 0), (-200, -200))
        assert room(screen.article) >= (4 if is_stacked else 24), "something of the pane stays"
        await pilot.double_click(divider, offset=(divider.size.width - 1, 0))
        await pilot.resize_terminal(*size)
        await pilot.press("tab")
        await pilot.pause()
        assert room(screen.article) == before


async def test_the_label_bar_puts_labels_and_its_rest_opens_the_picker(make_app: Callable[..., FixedApp]) -> None:
    async with make_app().run_test(size=(80, 24)) as pilot:
        screen = reader(pilot)
        await pilot.press("tab")
        await click(pilot, screen.label_bar, "2 Disagree")
        assert [found.label for found in annotations_in_thread(screen.session.project, screen.thread.id)] == [
            "disagree"
        ]
        await click(pilot, screen.label_bar, " more")
        picker = pilot.app.screen
        assert isinstance(picker, LabelPicker)
        await click(pilot, picker.query_one(OptionList), "Asks")
        assert pilot.app.screen is screen
        found = annotations_in_thread(screen.session.project, screen.thread.id)
        assert [annotation.label for annotation in found] == ["disagree", "asks"]


async def test_parts_of_the_status_line_and_the_inspector_are_clicked(make_app: Callable[..., FixedApp]) -> None:
    async with make_app().run_test(size=(120, 40)) as pilot:
        screen = reader(pilot)
        await pilot.press("tab")
        modes = []
        for mode in ("READ", "TEXT"):
            await click(pilot, screen.status_line, mode)
            modes.append(screen.thread_pane.is_in_text)
        assert modes == [True, False]
        await click(pilot, screen.status_line, "1 · 1/9")
        assert (pilot.app.screen, screen.thread_pane.position) == (screen, 1)
        await click(pilot, screen.status_line, "0 labeled")
        picker = pilot.app.screen
        assert isinstance(picker, QueuePicker)
        await click(pilot, picker.query_one(OptionList), "Unread comments")
        assert screen.said == "Queue: Unread comments"
        await click(pilot, screen.inspector, "No label")
        assert pilot.app.screen is screen
        await pilot.press("g", "a", "1")
        await click(pilot, screen.inspector, "Agree")
        assert isinstance(pilot.app.screen, AnnotationEditor)


async def test_a_single_row_says_the_names_of_several_annotations_once(make_app: Callable[..., FixedApp]) -> None:
    async with make_app().run_test(size=(80, 24)) as pilot:
        screen = reader(pilot)
        await pilot.press("tab", "g", "a", "1", "5")
        await pilot.pause()
        assert str(screen.inspector.render()).startswith("▸Agree · Sarcasm  ann, ")
        await pilot.press("a", "4", "enter")
        await pilot.pause()
        assert str(screen.inspector.render()).startswith("▸Agree  confidence 4  also Sarcasm  ann, ")


async def test_a_click_beside_a_dialog_closes_it_and_one_in_it_does_not(make_app: Callable[..., FixedApp]) -> None:
    async with make_app().run_test(size=(120, 40)) as pilot:
        screen = reader(pilot)
        await pilot.press("tab", "g", "a", "1")
        for keys in (["t"], ["a"], ["g", "q"], ["question_mark"]):
            await pilot.press(*keys)
            await pilot.pause()
            dialog = pilot.app.screen
            assert dialog is not screen
            await pilot.click(dialog.query_one(".title"))
            assert pilot.app.screen is dialog
            await pilot.click(offset=(1, 1))
            await pilot.pause()
            assert pilot.app.screen is screen


async def test_help_scrolls_by_the_wheel(make_app: Callable[..., FixedApp]) -> None:
    async with make_app().run_test(size=(120, 40)) as pilot:
        await pilot.press("question_mark")
        await pilot.pause()
        paper = pilot.app.screen.query_one("#paper")
        await wheel(pilot, paper, 3)
        assert paper.scroll_offset.y > 0
