"""The list of entries: what is in view, where the cursor is, and what the mouse does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.app import App

from tui.theme_names import DARK
from tui.themes import choose_theme
from tui.widgets.row_list import RowList

if TYPE_CHECKING:
    from rich.style import Style
    from textual.app import ComposeResult
    from textual.pilot import Pilot

    from tui.widgets.pane_styles import PaneStyles

ENTRIES = 10_000


class Numbers:
    """Entries that say their number on each row; it counts how many were drawn."""

    def __init__(self, count: int, rows: int) -> None:
        self.count = count
        self.rows = rows
        self.drawn: list[int] = []

    def __len__(self) -> int:
        return self.count

    def draw(self, index: int, width: int, styles: PaneStyles, *, is_focused: bool) -> list[list[tuple[str, Style]]]:
        """Return the rows of a number."""
        self.drawn.append(index)
        style = styles.plain("body", is_focused=is_focused)
        return [[(f"{index}.{row} " + "桥" * width, style)] for row in range(self.rows)]


class ListApp(App[None]):
    """A list on its own, 20 rows high."""

    def __init__(self, rows_each: int = 1, count: int = ENTRIES, *, gap: int = 0, opens_at_click: bool = False) -> None:
        super().__init__()
        choose_theme(self, DARK)
        self.source = Numbers(count, rows_each - gap)
        self.list = RowList(rows_each, opens_at_click=opens_at_click)
        self.chosen: list[int] = []

    def compose(self) -> ComposeResult:
        """Show the list alone."""
        yield self.list

    def on_mount(self) -> None:
        """Show the numbers."""
        self.list.show(self.source)
        self.list.focus()

    def on_row_list_chosen(self, message: RowList.Chosen) -> None:
        """Note what was chosen."""
        self.chosen.append(message.index)


def shown(pilot: Pilot[None]) -> list[str]:
    rows = pilot.app.query_one(RowList)
    lines = ["".join(segment.text for segment in rows.render_line(y)) for y in range(rows.size.height)]
    return [line[2:].split(" ")[0].rstrip("│┃") for line in lines]


SIZE = (30, 20)


async def test_only_what_is_in_view_is_drawn() -> None:
    app = ListApp()
    async with app.run_test(size=SIZE) as pilot:
        assert shown(pilot) == [f"{number}.0" for number in range(20)]
        app.list.last()
        await pilot.pause()
        assert shown(pilot) == [f"{number}.0" for number in range(ENTRIES - 20, ENTRIES)]
        assert len(set(app.source.drawn)) == 40


async def test_every_row_is_as_wide_as_the_list() -> None:
    async with ListApp().run_test(size=SIZE) as pilot:
        rows = pilot.app.query_one(RowList)
        assert {rows.render_line(y).cell_length for y in range(20)} == {30}


async def test_the_cursor_is_always_in_view() -> None:
    app = ListApp(rows_each=3)
    async with app.run_test(size=SIZE) as pilot:
        rows = app.list
        for step in (5, 1, 1, 50, -3, -20, 9_000, 2_000, -1, -10_000, 4):
            rows.move(step)
            await pilot.pause()
            first = rows.cursor * 3 - rows.top
            assert 0 <= first <= 17
            assert shown(pilot)[first : first + 3] == [f"{rows.cursor}.{row}" for row in range(3)]
            assert 0 <= rows.top <= ENTRIES * 3 - 20


async def test_pages_keep_the_cursors_row_and_end_at_the_ends() -> None:
    app = ListApp()
    async with app.run_test(size=SIZE):
        rows = app.list
        rows.go_to(5)
        rows.page(1)
        assert (rows.top, rows.cursor) == (20, 25)
        rows.page(0.5)
        assert (rows.top, rows.cursor) == (30, 35)
        rows.page(-5)
        assert (rows.top, rows.cursor) == (0, 0)
        rows.last()
        rows.page(1)
        assert rows.cursor == ENTRIES - 1


async def test_a_gap_belongs_to_no_entry_and_bears_no_bar() -> None:
    async with ListApp(rows_each=3, gap=1).run_test(size=SIZE) as pilot:
        rows = pilot.app.query_one(RowList)
        starts = ["".join(segment.text for segment in rows.render_line(y))[0] for y in range(4)]
        assert starts == ["▌", "▌", " ", " "]


async def test_the_wheel_moves_the_view_and_the_cursor_stays_in_it() -> None:
    app = ListApp(rows_each=3)
    async with app.run_test(size=SIZE):
        rows = app.list
        rows.scroll_rows(10)
        assert rows.top == 10
        assert rows.cursor == 4
        rows.scroll_rows(-100)
        assert (rows.top, rows.cursor) == (0, 4)
        rows.go_to(5)
        rows.scroll_rows(30)
        rows.scroll_rows(-20)
        assert rows.cursor * 3 + 3 <= rows.top + 20


async def test_fewer_entries_than_rows() -> None:
    app = ListApp(count=3)
    async with app.run_test(size=SIZE) as pilot:
        assert shown(pilot) == ["0.0", "1.0", "2.0"] + [""] * 17
        app.list.page(1)
        app.list.scroll_rows(5)
        assert (app.list.top, app.list.cursor) == (0, 2)
        await pilot.click(RowList, offset=(5, 10))
        assert app.list.cursor == 2


async def test_no_entries() -> None:
    app = ListApp(count=0)
    async with app.run_test(size=SIZE) as pilot:
        for do in (app.list.first, app.list.last, lambda: app.list.move(1), lambda: app.list.page(-1)):
            do()
        await pilot.click(RowList, offset=(5, 5), times=2)
        assert (app.list.top, app.list.cursor, app.list.last_in_view, app.chosen) == (0, 0, -1, [])


async def test_a_click_puts_the_cursor_and_two_choose() -> None:
    app = ListApp(rows_each=2)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.click(RowList, offset=(5, 7))
        assert (app.list.cursor, app.chosen) == (3, [])
        await pilot.click(RowList, offset=(5, 9), times=2)
        assert app.chosen == [4]


async def test_one_click_chooses_where_that_is_meant() -> None:
    app = ListApp(opens_at_click=True)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.click(RowList, offset=(5, 7))
        assert app.chosen == [7]


async def test_the_scroll_bar_leads_to_any_place_and_chooses_nothing() -> None:
    app = ListApp(opens_at_click=True)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.click(RowList, offset=(29, 19))
        assert app.list.top == ENTRIES - 20
        await pilot.click(RowList, offset=(29, 0))
        assert app.list.top == 0
        assert app.chosen == []


async def test_what_is_shown_anew_keeps_the_cursors_row() -> None:
    app = ListApp()
    async with app.run_test(size=SIZE) as pilot:
        app.list.go_to(5_000)
        at = app.list.cursor - app.list.top
        app.list.show(Numbers(ENTRIES, 1), 7_000)
        await pilot.pause()
        assert app.list.top == 7_000 - at


async def test_a_smaller_terminal_keeps_the_cursor_in_view() -> None:
    app = ListApp()
    async with app.run_test(size=SIZE) as pilot:
        app.list.go_to(19)
        await pilot.resize_terminal(30, 6)
        assert app.list.top == 14
