"""The rules of reading, in the running app at three sizes: nothing is cut, nothing jumps, nothing read is lost."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest
from rich.cells import cell_len

from annotations.model import Post, PostKind, Thread
from annotations.store.project import Project
from annotations.store.reading import read_positions
from annotations.store.threads import save_thread
from tests.tui.conftest import FixedApp, fixed_clock, type_ahead
from tui.screens.reader import ReaderScreen

if TYPE_CHECKING:
    from pathlib import Path

    from textual.pilot import Pilot

    from tui.widgets.post_pane import PostPane

SIZES = [(80, 24), (120, 40), (200, 60)]
DEPTH = 45
TALL = " ".join(f"word{number}" for number in range(700))
NAMES = {"[": "left_square_bracket", "]": "right_square_bracket"}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A thread of a chain 45 deep, a comment taller than any pane, and some comments below it."""
    posts = [Post(key="0", parent=None, kind=PostKind.ARTICLE, text="The chain\n\nIt is long.")]
    parent = "0"
    for level in range(1, DEPTH + 1):
        key = f"d{level}"
        text = f"Level {level} begins here and goes on for more than a line, so that it breaks, and ends at {level}."
        posts.append(Post(key=key, parent=parent, author=f"author{level}", text=text))
        parent = key
    posts.append(Post(key="tall", parent="0", author="tess", text=TALL))
    posts += [Post(key=f"t{number}", parent="tall", author="uma", text=f"Short {number}.") for number in range(4)]
    posts += [Post(key=f"u{number}", parent="0", author="vic", text=f"Last {number}.") for number in range(3)]
    path = tmp_path / "rules.db"
    thread = Thread(key="rules", title="The chain", posts=tuple(posts), format="flattened")
    with Project.open(path, create=True, clock=fixed_clock) as project:
        save_thread(project, thread, location="/rules.txt", source_sha256="0" * 64)
    return path


def reader(pilot: Pilot[None]) -> ReaderScreen:
    screen = pilot.app.screen
    assert isinstance(screen, ReaderScreen)
    return screen


async def press(pilot: Pilot[None], keys: str) -> None:
    await type_ahead(pilot, " ".join(NAMES.get(key, key) for key in keys.split()))


def words_in_view(pane: PostPane, beginning: str) -> set[str]:
    lines = [strip.text for strip in pane.render_lines(pane.size.region)]
    return {word for line in lines for word in line.split() if word.startswith(beginning)}


@pytest.mark.parametrize("size", SIZES)
async def test_a_tall_post_scrolls_first_and_none_of_it_is_cut(path: Path, size: tuple[int, int]) -> None:
    async with FixedApp(path, "ann").run_test(size=size) as pilot:
        pane = reader(pilot).thread_pane
        await press(pilot, "tab ] ]")
        tall = pane.position
        seen = words_in_view(pane, "word")
        for _ in range(200):
            await press(pilot, "j")
            if pane.position != tall:
                break
            seen |= words_in_view(pane, "word")
        assert seen == set(TALL.split())
        assert pane.position == tall + 1
        await press(pilot, "k")
        assert pane.position == tall
        at = pane.viewport.screen_row(tall)
        assert at is not None
        assert at < pane.viewport.height


@pytest.mark.parametrize("size", SIZES)
async def test_indent_stops_growing_a_number_tells_the_depth_and_lines_have_a_measure(
    path: Path, size: tuple[int, int]
) -> None:
    async with FixedApp(path, "ann").run_test(size=size) as pilot:
        pane = reader(pilot).thread_pane
        await press(pilot, "tab")
        pane.go_to(DEPTH)
        await pilot.pause()
        assert pane.painter.geometry.body_width(DEPTH) >= 40
        for depth in range(1, DEPTH + 1):
            body = pane.painted(depth).body
            widths = [cell_len("".join(text for text, _, _ in body.runs(line, []))) for line in range(body.height)]
            assert max(widths) <= 88
        header = pane.render_lines(pane.size.region)[pane.viewport.screen_row(DEPTH) or 0].text
        assert header.rstrip(" │┃").endswith(f" {DEPTH}")
        assert words_in_view(pane, "Level"), "its text is to be seen"


@pytest.mark.parametrize("size", SIZES)
async def test_the_focus_keeps_its_row_through_folds_and_its_post_through_sizes(
    path: Path, size: tuple[int, int]
) -> None:
    async with FixedApp(path, "ann").run_test(size=size) as pilot:
        pane = reader(pilot).thread_pane
        chance = random.Random(7)  # noqa: S311  # the same choices each time
        await press(pilot, "tab")
        pane.go_to(20)
        await pilot.pause()
        for _ in range(25):
            keys = chance.choice(["z a", "z o", "z c", "z m", "z r", "z M", "z R", "z 4", "z i", "j", "k", "+", "size"])
            position, row = pane.position, pane.viewport.screen_row(pane.position)
            if keys == "size":
                await pilot.resize_terminal(*chance.choice(SIZES))
                await pilot.pause()
            else:
                await press(pilot, keys)
            now = pane.viewport.screen_row(pane.position)
            assert now is not None, keys
            assert pane.outline is not None
            assert pane.outline.is_visible(pane.position)
            if keys.startswith("z") and keys != "z i" and row is not None and row >= 0:
                is_at_start = (pane.viewport.top, pane.viewport.row) == (pane.outline.first_visible(), 0)
                assert now == row or is_at_start or not pane.reaches_below(), keys
            if keys in {"size", "+", "z i"}:
                assert pane.position == position, keys


@pytest.mark.parametrize("size", SIZES)
async def test_space_reads_everything_once_and_what_is_unread_survives_a_restart(
    path: Path, size: tuple[int, int]
) -> None:
    async with FixedApp(path, "ann").run_test(size=size) as pilot:
        screen = reader(pilot)
        pane = screen.thread_pane
        await press(pilot, "tab z 3 space")
        screen.flush()
        half = bytes(screen.thread_source.read)
        assert half.count(0, 1) > 0
    async with FixedApp(path, "ann").run_test(size=size) as pilot:
        screen = reader(pilot)
        pane = screen.thread_pane
        assert bytes(screen.thread_source.read) == half
        await press(pilot, "tab home z R")
        seen: set[str] = set()
        for _ in range(200):
            seen |= words_in_view(pane, "word")
            await press(pilot, "space")
            if screen.said == "No unread comment is left":
                break
        assert screen.said == "No unread comment is left"
        assert seen == set(TALL.split()), "a page never skips a line"
        screen.flush()
        read = read_positions(screen.session.project, screen.thread.id, screen.session.annotator.id)
        assert read >= set(range(1, DEPTH + 9))


async def test_marks_and_alignment(path: Path) -> None:
    async with FixedApp(path, "ann").run_test(size=(120, 40)) as pilot:
        pane = reader(pilot).thread_pane
        await press(pilot, "tab " + "j " * 9)
        await press(pilot, "m q z t")
        assert pane.viewport.screen_row(10) == 0
        await press(pilot, "z z")
        middle = pane.viewport.screen_row(10)
        assert middle is not None
        assert abs(middle - pane.viewport.height // 2) <= 4
        await press(pilot, "z b")
        assert (pane.viewport.screen_row(10) or 0) + pane.outline.height(10) == pane.viewport.height  # type: ignore[union-attr]
        await press(pilot, "end apostrophe q")
        assert pane.position == 10
        await press(pilot, "ctrl+o")
        assert pane.position == DEPTH + 8


async def test_a_move_that_leads_nowhere_says_so(path: Path) -> None:
    async with FixedApp(path, "ann").run_test(size=(120, 40)) as pilot:
        await press(pilot, "tab")
        screen = reader(pilot)
        for keys, words in (
            ("K", "No sibling above"),
            ("P", "This answers the article"),
            ("[ [", "No top-level comment above"),
            ("G J", "No sibling below"),
            ("] ]", "No top-level comment below"),
        ):
            before = screen.thread_pane.position if "G" not in keys else DEPTH + 8
            await press(pilot, keys)
            assert screen.said == words
            assert screen.thread_pane.position == before
