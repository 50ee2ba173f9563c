"""The plain mode: what a screen reader is given to read, on every screen, and where it is told to look."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from textual.driver import Driver
from textual.widgets import OptionList

from annotations.model import Post, PostKind, Thread
from annotations.store.project import Project
from annotations.store.threads import save_thread
from tests.tui.conftest import type_ahead
from tui.app import PostilApp
from tui.configuration import Configuration
from tui.keymap import COMMANDS, show_keys
from tui.plain_driver import SHOW_CURSOR, showing_cursor
from tui.screens.reader import ReaderScreen

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from textual.pilot import Pilot

PLAIN = Configuration(is_plain=True)
SIGNS = ((0x2190, 0x27C0), (0x2800, 0x2900), (0x2B00, 0x2C00), (0xE000, 0xF900))
"""Arrows, technical signs, box drawing, blocks, geometric shapes, dingbats, Braille, private use."""

POSTS = {
    "1": ("anna", "The mayor is right. A ferry costs less."),
    "1.1": ("bert", "> A ferry costs less.\n\nThan what? See https://bridge.example/costs for the figures."),
    "1.1.1": ("anna", "Than the bridge, of course. " + "Words follow one another to the end. " * 60),
    "2": ("dora", "First.\n\n- one\n- two\n\n```python\nprint(1)\n```\n\n1 | 2\n--|--\n3 | 4"),
    "3": (None, ""),
}

SESSION = {
    "first": "",
    "article labeled": "right_curly_bracket s c v w w",
    "article with a note": "escape a 1 b enter enter enter enter",
    "thread": "tab",
    "labeled": "1 2 i s c escape",
    "related": "j r P 2",
    "reviewed": "x k k",
    "relating": "r",
    "picker": "escape t",
    "editor": "escape a",
    "queue": "escape g q",
    "queue asked": "j j j enter",
    "history": "escape escape exclamation_mark g H",
    "history filtered": "slash a g r e e",
    "history left": "escape escape exclamation_mark",
    "source": "escape g s",
    "peek": "escape j j equals_sign",
    "link": "escape k g x",
    "links asked": "escape",
    "next theme": "g t",
    "stacked": "g p",
    "one": "g p",
    "folded": "z M",
    "folded and labeled": "k k h",
    "flat": "z R z i",
    "asking": "slash",
    "searching": "c o s t",
    "found": "enter n",
    "filter": "escape backslash",
    "filtered": "d e p t h colon 1 enter",
    "help": "escape question_mark",
    "help further": "pagedown pagedown",
    "guidelines": "escape g l",
    "guidelines searched": "slash c l a i m",
    "codebook": "escape escape g L",
    "label form": "e",
    "label renamed": "escape r",
    "codebook changed": "escape x",
    "codebook help": "question_mark",
    "codebook left": "escape u escape",
    "export": "escape g e",
    "export another": "j tab right",
    "dashboard": "escape g d",
    "dashboard further": "tab tab",
    "dashboard numbers": "v",
    "palette": "escape ctrl+p",
    "palette typed": "p o s t",
    "undone": "escape u u",
    "stored texts": "z s",
    "import": "g i",
    "wider": "escape plus minus",
    "search everywhere": "g slash f e r r y",
    "library": "escape g h",
    "library sorted": "s S",
    "library help": "question_mark",
}
"""What is pressed, one after the other, on a way through all screens."""


@pytest.fixture
def ascii_app(tmp_path: Path) -> Callable[..., PostilApp]:
    """The app on two threads whose texts have no sign of their own, so that all signs are ours."""
    path = tmp_path / "ascii.db"
    posts = [
        Post(key="0", parent=None, kind=PostKind.ARTICLE, text="A bridge is sold\n\nThe council sold it. Nobody asked.")
    ]
    posts += [
        Post(key=key, parent=key.rpartition(".")[0] or "0", author=author, text=text)
        for key, (author, text) in POSTS.items()
    ]
    with Project.open(path, create=True) as project:
        for name in ("bridge", "tunnel"):
            thread = Thread(key=name, title="A bridge is sold", posts=tuple(posts), format="flattened")
            save_thread(project, thread, location=f"/{name}.txt", source_sha256="0" * 64)

    def make(configuration: Configuration = PLAIN) -> PostilApp:
        return PostilApp(path, "ann", "bridge", configuration=configuration)

    return make


def lines(app: PostilApp) -> list[str]:
    return ["".join(segment.text for segment in strip).rstrip() for strip in app.screen._compositor.render_strips()]


def signs(app: PostilApp) -> Iterator[str]:
    for line in lines(app):
        for character in line:
            if any(start <= ord(character) < stop for start, stop in SIGNS):
                yield f"U+{ord(character):04X} {character} in {line.strip()}"


async def settle(pilot: Pilot[None]) -> None:
    await pilot.pause()
    await pilot.app.workers.wait_for_complete()
    await pilot.pause()


async def test_nothing_but_words_is_drawn_on_any_screen(ascii_app: Callable[..., PostilApp]) -> None:
    app = ascii_app()
    drawn = []
    seen = set()
    async with app.run_test(size=(90, 24)) as pilot:
        for state, keys in SESSION.items():
            if keys:
                await type_ahead(pilot, keys)
            await settle(pilot)
            drawn += [f"{state}: {sign}" for sign in signs(app)]
            seen.add(type(app.screen).__name__)
        await pilot.resize_terminal(38, 9)
        await settle(pilot)
        drawn += list(signs(app))
    assert drawn == []
    assert seen >= {
        "ReaderScreen",
        "LabelPicker",
        "AnnotationEditor",
        "QueuePicker",
        "Paper",
        "ExportScreen",
        "Palette",
    }
    assert seen >= {"LibraryScreen", "CorpusSearchScreen"}


async def test_without_plain_mode_the_same_screens_have_signs(ascii_app: Callable[..., PostilApp]) -> None:
    app = ascii_app(Configuration())
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        assert list(signs(app))


async def test_what_signs_tell_is_told_in_words(ascii_app: Callable[..., PostilApp]) -> None:
    app = ascii_app()
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("tab", "x")
        await settle(pilot)
        assert any(line.startswith("   anna, depth 1") and "reviewed, 2 replies" in line for line in lines(app))
        await pilot.press("k", "1", "k")
        await settle(pilot)
        shown = lines(app)
        assert any(line.startswith(">  anna, depth 1") and "labels: Agree" in line for line in shown)
        assert any(line.startswith("   anna, depth 3, reply to bert, unread") for line in shown)
        await pilot.press("h")
        await settle(pilot)
        assert any("folded with 2 replies, 2 of them unread" in line for line in lines(app))
        assert any(line.startswith("   (no name), depth 1, unread") for line in lines(app))
        assert any("Comment" in line and "1 Agree (on), 2 Disagree" in line for line in lines(app))
        assert "comment 1, 1 of 5" in lines(app)[-1]


async def test_selected_text_is_marked_and_said(ascii_app: Callable[..., PostilApp]) -> None:
    app = ascii_app()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("right_curly_bracket", "s")
        await settle(pilot)
        shown = lines(app)
        assert any(line.startswith("*  The council sold it.") for line in shown)
        assert any("4 words selected, characters 18 to 38: The council sold it." in line for line in shown)


async def test_labeled_text_is_named_in_the_header_and_at_its_line(ascii_app: Callable[..., PostilApp]) -> None:
    app = ascii_app()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("right_curly_bracket", "s", "c")
        await settle(pilot)
        shown = lines(app)
        assert any("Article" in line and "in the text: Claim (c)" in line for line in shown)
        assert any(line.startswith(" c The council sold it.") for line in shown)


@pytest.mark.parametrize("layout", ["auto", "side", "one"])
async def test_one_pane_is_read_at_a_time(ascii_app: Callable[..., PostilApp], layout: str) -> None:
    app = ascii_app(Configuration(is_plain=True, layout=layout))
    async with app.run_test(size=(160, 40)) as pilot:
        reader = app.screen
        assert isinstance(reader, ReaderScreen)
        assert (reader.article.size.width, reader.thread_pane.size.width) == (160, 0)
        await pilot.press("tab")
        await settle(pilot)
        assert (reader.article.size.width, reader.thread_pane.size.width) == (0, 160)
        await pilot.press("g", "p", "g", "p", "g", "p")
        await settle(pilot)
        assert reader.thread_pane.region.x == 0, "never side by side"


async def test_moves_that_lead_into_the_other_pane_show_it(ascii_app: Callable[..., PostilApp]) -> None:
    app = ascii_app()
    async with app.run_test(size=(80, 24)) as pilot:
        reader = app.screen
        assert isinstance(reader, ReaderScreen)
        await pilot.press("m", "a")
        for keys, pane in (("] u", "thread"), ("' a", "article"), ("g n", "thread")):
            await pilot.press(
                *(key.replace("]", "right_square_bracket").replace("'", "apostrophe") for key in keys.split())
            )
            await settle(pilot)
            assert reader.pane.id == pane
            assert reader.pane.size.width == 80, keys
            assert app.focused is reader.pane


async def test_what_goes_wrong_is_said_in_the_status_line(ascii_app: Callable[..., PostilApp]) -> None:
    app = ascii_app()
    async with app.run_test(size=(80, 24)) as pilot:
        app.notify("It is locked. Wait", severity="error", markup=False)
        await settle(pilot)
        assert "It is locked. Wait" in lines(app)[-1]
        assert not app.screen.query("Toast")


@pytest.mark.parametrize("keys", ["t", "question_mark", "ctrl+p", "g q"])
async def test_a_dialog_has_the_screen_to_itself(ascii_app: Callable[..., PostilApp], keys: str) -> None:
    app = ascii_app()
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        assert any("The council sold it." in line for line in lines(app))
        await pilot.press(*keys.split())
        await settle(pilot)
        assert not any("The council sold it." in line or "READ" in line for line in lines(app))


async def test_nothing_moves_by_itself(ascii_app: Callable[..., PostilApp]) -> None:
    app = ascii_app()
    async with app.run_test(size=(80, 24)):
        assert app.animation_level == "none"


async def test_the_terminals_cursor_is_where_one_reads(ascii_app: Callable[..., PostilApp]) -> None:
    app = ascii_app()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("right_curly_bracket", "w")
        await settle(pilot)
        column, row = app.cursor_position
        assert lines(app)[row][column:].startswith("council sold it.")
        await pilot.press("tab", "j")
        await settle(pilot)
        column, row = app.cursor_position
        assert lines(app)[row][column:].startswith("bert, depth 2")
        await pilot.press("g", "q", "j", "j")
        await settle(pilot)
        options = app.screen.query_one(OptionList)
        column, row = app.cursor_position
        assert lines(app)[row][column:].startswith(
            str(options.get_option_at_index(options.highlighted or 0).prompt)[:40]
        )
        await pilot.press("escape", "t")
        await settle(pilot)
        column, row = app.cursor_position
        assert lines(app)[row][column:].startswith("1 Agree")
        await pilot.press("down")
        await settle(pilot)
        column, row = app.cursor_position
        assert lines(app)[row][column:].startswith("2 Disagree")
        await pilot.press("escape", "ctrl+p", "p", "o")
        await settle(pilot)
        await pilot.press("down")
        await settle(pilot)
        options = app.screen.query_one(OptionList)
        assert options.highlighted == 1
        column, row = app.cursor_position
        name = str(options.get_option_at_index(1).prompt).split("\n")[0]
        assert lines(app)[row][column:].strip() == name
        await pilot.press("escape", "g", "h")
        await settle(pilot)
        column, row = app.cursor_position
        assert lines(app)[row].startswith("> A bridge is sold")
        await pilot.press("enter", "slash", "a", "b")
        await settle(pilot)
        column, row = app.cursor_position
        assert lines(app)[row][:column].endswith("ab")


@pytest.mark.parametrize("is_plain", [True, False])
async def test_the_cursor_follows_also_where_it_cannot_be_seen(
    ascii_app: Callable[..., PostilApp], *, is_plain: bool
) -> None:
    app = ascii_app(Configuration(is_plain=is_plain))
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("tab", "i", "w")
        await settle(pilot)
        column, row = app.cursor_position
        assert lines(app)[row][column:].startswith("mayor is right.")


class Recorder(Driver):
    """A driver that keeps what is written."""

    def __init__(self) -> None:
        self.written: list[str] = []

    def write(self, data: str) -> None:
        self.written.append(data)

    def start_application_mode(self) -> None:
        self.write("\x1b[?25l")

    def disable_input(self) -> None:
        pass

    def stop_application_mode(self) -> None:
        self.write("\x1b[?25h")

    def flush(self) -> None:
        self.written.append("flushed")


def test_the_driver_shows_the_cursor_that_textual_hides() -> None:
    driver = showing_cursor(Recorder)()  # type: ignore[call-arg]  # a real one needs an app
    assert isinstance(driver, Recorder)
    driver.start_application_mode()
    assert driver.written == ["\x1b[?25l", SHOW_CURSOR, "flushed"]


def test_only_plain_mode_shows_the_cursor(ascii_app: Callable[..., PostilApp]) -> None:
    assert ascii_app().driver_class.__name__.startswith("Showing")
    assert not ascii_app(Configuration()).driver_class.__name__.startswith("Showing")


def test_every_key_has_a_name_in_words() -> None:
    for command in COMMANDS:
        for sequence in command.keys:
            assert all(ord(character) < 0x2190 for character in show_keys(sequence))
