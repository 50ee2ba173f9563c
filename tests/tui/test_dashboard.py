"""The dashboard: what the charts draw, what the keys and the mouse do, and that nothing else loads what draws."""

from __future__ import annotations

import subprocess
import sys
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from textual.app import App
from textual.color import Color
from textual.containers import VerticalScroll
from textual.widgets import Static
from textual_plotext.plot import Plot

from annotations.codebook_toml import parse_codebook
from annotations.model import AnnotatorKind, Scope, Target
from annotations.session import LabelingSession
from annotations.store.codebooks import apply_codebook
from annotations.store.project import Project
from annotations.store.statistics_records import (
    AnnotatorWork,
    Day,
    DepthCount,
    LabelCount,
    Statistics,
    ThreadWork,
    Together,
)
from annotations.store.threads import find_thread, iter_posts
from tests.tui.commands.conftest import python_environment
from tests.tui.conftest import type_ahead
from tui.configuration import Configuration
from tui.screens.dashboard import DashboardScreen
from tui.screens.dashboard_charts import draw_depths, draw_labels, draw_progress, draw_together, short
from tui.screens.entries import EntryList
from tui.screens.library import LibraryScreen
from tui.screens.reader import ReaderScreen
from tui.theme_names import DARK, LIGHT
from tui.themes import choose_theme
from tui.widgets.chart import Canvas, Chart, Colours, make_chart, proportioned
from tui.widgets.pane_styles import MINIMUM_CONTRAST, contrast_ratio

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from textual.pilot import Pilot

    from tui.app import PostilApp

NAMES = (
    "Agree",
    "桥梁 of 桥",
    "Zoë\u0301 👍🏽",
    "\ue000private",
    "A name that is too long for any chart there is " * 2,
)


def numbers(names: tuple[str, ...] = NAMES, people: int = 1, depths: int = 4, days: int = 5) -> Statistics:
    """Return numbers of so many labels, annotators, depths and days."""
    labels = tuple(
        LabelCount(
            label=f"l{place}",
            name=name,
            scope=Scope.POST,
            key="",
            colour=("red", "blue", "#1f77b4")[place % 3],
            annotations=100 * (place + 1),
            detached=0,
            posts=90 * (place + 1),
            by_annotator={f"ann{number}": 100 * (place + 1) // people for number in range(people)},
            lengths=None,
        )
        for place, name in enumerate(names)
    )
    first = date(2026, 5, 1)
    return Statistics(
        labels=labels,
        depths=tuple(
            DepthCount(depth=depth, posts=1000, labeled=50, by_label={"l0": 7, "l1": 1234}) for depth in range(depths)
        ),
        together=tuple(Together(first="l0", second=label.label, posts=12, either=30) for label in labels[1:]),
        days=tuple(
            Day(day=(first + timedelta(number)).isoformat(), annotator=f"ann{who}", annotations=10 + who, reviews=who)
            for number in range(days)
            for who in range(people)
        ),
        annotators=tuple(
            AnnotatorWork(
                annotator=f"ann{who}",
                kind="person",
                annotations=100 - who,
                labeled=9,
                reviews=0,
                seconds=0,
                seconds_each=None,
            )
            for who in range(people)
        ),
        threads=(ThreadWork(thread="t", title="T", comments=5000, labeled=900, reviewed=7),),
        annotations=1500,
        detached=0,
    )


def colours_of(theme: str) -> Colours:
    """Return the colours of a theme."""
    app: App[None] = App()
    choose_theme(app, theme)
    return Colours(app.get_css_variables())


def drawn(draw: Callable[[Canvas], None], size: tuple[int, int]) -> list[str]:
    """Return the lines of a chart."""
    return make_chart(Plot(), colours_of(DARK), *size, draw).plain.split("\n")


# --- charts -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [(80, 18), (50, 12), (200, 56), (20, 3), (8, 2)])
@pytest.mark.parametrize("people", [1, 3])
def test_every_chart_fills_its_cells_and_no_others(size: tuple[int, int], people: int) -> None:
    many = numbers((*NAMES, *(f"Label {number}" for number in range(20))), people, depths=30, days=60)
    charts: list[Callable[[Canvas], None]] = [
        lambda canvas: draw_labels(canvas, many),
        lambda canvas: draw_depths(canvas, many),
        lambda canvas: draw_together(canvas, many),
        lambda canvas: draw_progress(canvas, many, of_reviews=False),
    ]
    for draw in charts:
        lines = drawn(draw, size)
        assert len(lines) == size[1]
        assert {cell_len(line) for line in lines} == {size[0]}


def test_bars_are_as_long_as_labels_are_frequent() -> None:
    lines = drawn(lambda canvas: draw_labels(canvas, numbers()), (90, 9))
    shown = [line for line in lines if line.strip()]
    assert [line.count("█") for line in shown] == sorted(line.count("█") for line in shown)
    assert shown[0].startswith("Agree ")
    assert shown[1].startswith("桥梁 of 桥 ")
    assert shown[2].startswith("Zoë\u0301 👍🏽 ")
    assert shown[3].startswith("‹U+E000›private ")
    assert all(line.rstrip().endswith(f"{100 * place:,}") for place, line in enumerate(shown, 1))
    assert {cell_len(line[: line.index("█")]) for line in shown} == {31}, "the bars begin below each other"
    assert "…" in shown[4]


def test_annotators_are_told_apart_by_patterns_too() -> None:
    lines = drawn(lambda canvas: draw_labels(canvas, numbers(people=2)), (90, 9))
    assert lines[-1].count("█") == pytest.approx(lines[-1].count("▓"), abs=1)


def test_what_has_no_room_is_counted() -> None:
    many = numbers(tuple(f"Label {number}" for number in range(20)))
    lines = drawn(lambda canvas: draw_labels(canvas, many), (60, 8))
    assert lines[-1].startswith("… 13 more, among the numbers")
    assert [line.split()[1] for line in lines[:-1]] == [str(number) for number in range(13, 20)], "the most frequent"


def test_numbers_stand_below_their_depths() -> None:
    lines = drawn(lambda canvas: draw_depths(canvas, numbers(("Agree", "桥梁"), depths=12)), (60, 8))
    assert lines[0].split() == [*map(str, range(8)), "8", "9+"] or lines[0].split()[-1].endswith("+")
    agree, other = (next(line for line in lines if line.startswith(name)) for name in ("Agree", "桥梁"))
    assert agree.split()[1:-1] == ["7"] * (len(agree.split()) - 2)
    assert other.split()[1] == "1.2k"
    ends = [cell_len(line[: line.index(words) + len(words)]) for line, words in ((lines[0], "0"), (agree, "7"))]
    assert ends[0] == ends[1]
    assert lines[3].split()[:2] == ["posts", "1.0k"]


def test_labels_that_meet_have_a_number_where_row_and_column_cross() -> None:
    lines = drawn(lambda canvas: draw_together(canvas, numbers(("Agree", "Hedge", "Joke"))), (60, 8))
    assert lines[0].split() == ["1", "2", "3"]
    assert [line.split() for line in lines[1:4]] == [
        ["1", "Agree"],
        ["2", "Hedge", "12"],
        ["3", "Joke", "12", "·"],
    ]


def test_one_day_of_one_annotator_is_a_line_too() -> None:
    lines = drawn(lambda canvas: draw_progress(canvas, numbers(days=1), of_reviews=False), (60, 10))
    assert "●" in "".join(lines)
    assert "2026-05-01" in lines[-1]
    nothing = drawn(lambda canvas: draw_progress(canvas, numbers(days=1), of_reviews=True), (60, 10))
    assert nothing[0].startswith("Nothing is reviewed yet.")


@pytest.mark.parametrize("theme", [DARK, LIGHT])
def test_numbers_can_be_read_on_every_ground(theme: str) -> None:
    colours = colours_of(theme)
    foreground = Color(*colours.rgb("foreground"))
    for name in ("label-red", "label-yellow", "label-grey", "#000000", "#ffffff", "#00ff00"):
        weak, strong = (Color(*colours.ground(name, strength)) for strength in (0.1, 1))
        assert contrast_ratio(foreground, weak) >= MINIMUM_CONTRAST
        assert contrast_ratio(foreground, strong) >= MINIMUM_CONTRAST


@given(st.lists(st.integers(0, 1000), max_size=8), st.integers(0, 100))
def test_parts_of_a_bar_sum_up_to_it(given_numbers: list[int], cells: int) -> None:
    parts = proportioned(given_numbers, cells)
    assert sum(parts) == (cells if sum(given_numbers) else 0)
    assert all(part >= 0 for part in parts)


@pytest.mark.parametrize(
    ("number", "said"),
    [(0, "0"), (999, "999"), (1000, "1.0k"), (9949, "9.9k"), (9951, "10k"), (999_400, "999k"), (999_600, "1.0M")],
)
def test_a_number_has_four_cells_at_most(number: int, said: str) -> None:
    assert short(number) == said


# --- the screen -------------------------------------------------------------------------------------------------


@pytest.fixture
def labeled(project_path: Path) -> Path:
    """The project with labels by a person and a model, and a review."""
    with Project.open(project_path) as project:
        labels = "".join(
            f'[[labels]]\nid = "{name.lower()}"\nname = "{name}"\nscope = "post"\n'
            for name in ("Agree", "Joke", "Hedge")
        )
        codebook = parse_codebook(f'name = "Small"\n{labels}')
        apply_codebook(project, codebook)
        thread = find_thread(project, "bridge")
        posts = {post.key: post.id for post in iter_posts(project, thread.id)}
        people = [project.annotator("bo"), project.annotator("walrus", AnnotatorKind.MODEL)]
        for annotator, label, key in ((0, "agree", "1"), (0, "joke", "1"), (0, "agree", "1.1"), (1, "joke", "2")):
            session = LabelingSession(project, people[annotator], codebook)
            session.apply(label, Target(thread_id=thread.id, post_id=posts[key]))
        session.review(posts["2"])
    return project_path


async def see(pilot: Pilot[None], condition: Callable[[], object]) -> None:
    """Wait until something is the case, which a thread brings about."""
    for _ in range(1500):
        await pilot.pause(0.02)
        if condition():
            return
    pytest.fail(f"not within half a minute; the screen is {pilot.app.screen}")


def words_of(screen: DashboardScreen, name: str) -> str:
    return str(screen.query_one(name, Static).render())


async def open_dashboard(pilot: Pilot[None]) -> DashboardScreen:
    await pilot.press("g", "d")
    screen = pilot.app.screen
    assert isinstance(screen, DashboardScreen)
    await see(pilot, lambda: "annotation" in words_of(screen, "#heading"))
    return screen


def figures(screen: DashboardScreen) -> list[str]:
    return [figure.id or "" for figure in screen.query(".figure") if figure.display and screen.figures.display]


@pytest.mark.usefixtures("labeled")
async def test_where_there_is_little_room_one_chart_is_shown(make_app: Callable[..., PostilApp]) -> None:
    async with make_app().run_test(size=(80, 24)) as pilot:
        screen = await open_dashboard(pilot)
        assert words_of(screen, "#heading").startswith(
            "Dashboard   3 of 9 comments labeled, 1 reviewed, 4 annotations   everything"
        )
        assert figures(screen) == ["figure-labels"]
        await pilot.press("tab")
        assert figures(screen) == ["figure-depths"]
        await pilot.press("shift+tab", "h")
        assert figures(screen) == ["figure-progress"]
        assert words_of(screen, "#title-progress") == "Progress: labels so far   ● bo 3   ▲ walrus 1   "
        await pilot.press("w")
        assert words_of(screen, "#title-progress") == "Progress: reviews so far   ● walrus 1   "
        await pilot.press("a")
        await see(pilot, lambda: "3 annotations" in words_of(screen, "#heading"))
        await pilot.press("a")
        await see(pilot, lambda: "1 annotation" in words_of(screen, "#heading"))
        await pilot.press("a")
        await see(pilot, lambda: "4 annotations" in words_of(screen, "#heading"))
        await pilot.press("v")
        assert not figures(screen)
        told = words_of(screen, "#tables")
        assert told.startswith("Labels\nlabel  scope  annotations  posts")
        await pilot.press("j", "space", "G", "g", "g")
        assert screen.query_one("#numbers", VerticalScroll).scroll_y == 0
        await pilot.press("question_mark")
        await see(
            pilot, lambda: "Numbers instead of charts" in str(pilot.app.screen.query_one("#text", EntryList).render())
        )
        await pilot.press("q", "q")
        assert isinstance(pilot.app.screen, ReaderScreen)


@pytest.mark.usefixtures("labeled")
async def test_where_there_is_room_all_charts_are_shown(make_app: Callable[..., PostilApp], labeled: Path) -> None:
    async with make_app().run_test(size=(120, 40)) as pilot:
        screen = await open_dashboard(pilot)
        assert len(figures(screen)) == 4
        await pilot.press("enter")
        assert figures(screen) == ["figure-labels"]
        await pilot.press("enter")
        await pilot.click("#figure-together")
        assert len(figures(screen)) == 4
        assert words_of(screen, "#title-together").startswith("▸ Labels on the same post")
        await pilot.click("#figure-together")
        assert figures(screen) == ["figure-together"]
        await pilot.press("z")
        before = screen.query_one("#chart-labels", Chart).render()
        await pilot.press("g", "t")
        await pilot.pause()
        assert screen.query_one("#chart-labels", Chart).render() != before, "in the colours of the other theme"
        with Project.open(labeled) as project:
            LabelingSession(project, project.annotator("bo"), parse_codebook(BIG)).review(2)
        await pilot.press("ctrl+l")
        await see(pilot, lambda: "2 reviewed" in words_of(screen, "#heading"))
        await pilot.press("ctrl+t")
        await see(pilot, lambda: "only in: Town sells" in words_of(screen, "#heading"))


BIG = '[[labels]]\nid = "agree"\nname = "Agree"\nscope = "post"\n'


async def test_nothing_labeled_is_said_and_the_library_has_the_dashboard_too(
    make_app: Callable[..., PostilApp],
) -> None:
    async with make_app().run_test(size=(120, 40)) as pilot:
        await pilot.press("g", "h")
        await see(pilot, lambda: isinstance(pilot.app.screen, LibraryScreen))
        screen = await open_dashboard(pilot)
        await see(pilot, lambda: screen.query_one(".nothing").display)
        assert words_of(screen, ".nothing") == "Nothing is labeled or reviewed here yet."
        assert not figures(screen)
        await pilot.press("v", "j", "tab", "w", "escape")
        assert isinstance(pilot.app.screen, LibraryScreen)


@pytest.mark.usefixtures("labeled")
async def test_plain_mode_has_numbers_alone(make_app: Callable[..., PostilApp]) -> None:
    async with make_app(configuration=Configuration(is_plain=True)).run_test(size=(80, 24)) as pilot:
        screen = await open_dashboard(pilot)
        assert not figures(screen)
        assert "Agree  post" in words_of(screen, "#tables")
        await type_ahead(pilot, "v tab")
        assert not figures(screen)


def test_opening_loads_nothing_that_draws(project_path: Path) -> None:
    """Plotext and what is drawn with it takes a tenth of a second."""
    program = f"""
import asyncio, sys
from pathlib import Path
from tui.app import PostilApp

async def open_and_leave():
    app = PostilApp(Path({str(project_path)!r}), "ann")
    async with app.run_test() as pilot:
        await pilot.press("tab", "j", "1")

asyncio.run(open_and_leave())
print(sorted(name for name in sys.modules if "plotext" in name or name.startswith((
    "tui.screens.dashboard", "tui.screens.export", "tui.widgets.chart", "tui.number_tables",
    "annotations.exporters", "annotations.store.statistics", "annotations.store.counting", "annotations.store.contents",
))))
"""
    environment = python_environment()
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, env=environment)
    assert run.stdout == "[]\n"
