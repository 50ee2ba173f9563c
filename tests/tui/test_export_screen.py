"""The export screen: formats, options, the preview that follows them, what is written and what is said of it."""

from __future__ import annotations

import json
import threading
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from textual.widgets import Input, OptionList, Static

from annotations import formats
from annotations.adjudication import Adjudication
from annotations.errors import ExportError
from annotations.exporters.csv import BARE
from annotations.model import Target
from annotations.session import LabelingSession
from annotations.store.codebooks import codebook_in_force
from annotations.store.project import Project
from annotations.store.threads import find_thread, iter_posts
from tui.screens.export_done import ExportDone
from tui.screens.export_words import default_target, describe_target, file_size
from tui.screens.exporting import ExportScreen
from tui.screens.library import LibraryScreen
from tui.screens.reader import ReaderScreen
from tui.widgets.choice_field import ChoiceField

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from textual.pilot import Pilot

    from annotations.exporters.writing.report import ExportReport
    from tui.app import PostilApp


@pytest.fixture
def labeled(project_path: Path) -> Path:
    """The project with labels by two annotators, and a review."""
    with Project.open(project_path) as project:
        thread = find_thread(project, "bridge")
        posts = {post.key: post.id for post in iter_posts(project, thread.id)}
        for name, label, key in (("ann", "agree", "1"), ("ann", "sarcasm", "2"), ("bo", "disagree", "1")):
            session = LabelingSession(project, project.annotator(name), codebook_in_force(project))
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


async def open_export(pilot: Pilot[None]) -> ExportScreen:
    await pilot.press("g", "e")
    screen = pilot.app.screen
    assert isinstance(screen, ExportScreen)
    await see(pilot, lambda: preview_of(screen))
    return screen


def words_of(screen: ExportScreen, name: str) -> str:
    return str(screen.query_one(name, Static).render())


def preview_of(screen: ExportScreen) -> str:
    return words_of(screen, "#text")


async def choose(pilot: Pilot[None], screen: ExportScreen, name: str) -> None:
    """Choose a format in the list."""
    formats_listed = screen.query_one("#formats", OptionList)
    formats_listed.highlighted = formats_listed.get_option_index(name)
    await pilot.pause()


@pytest.mark.usefixtures("labeled")
async def test_the_preview_follows_format_and_options(make_app: Callable[..., PostilApp], labeled: Path) -> None:
    async with make_app().run_test(size=(120, 40)) as pilot:
        screen = await open_export(pilot)
        await see(pilot, lambda: preview_of(screen).startswith('{"thread":"bridge"'))
        assert words_of(screen, "#about").startswith("JSON Lines")
        assert "in the project: 3 annotations, 1 review" in words_of(screen, "#about")
        assert screen.entry.value == str(labeled.with_suffix(".jsonl"))
        await choose(pilot, screen, "csv")
        await see(pilot, lambda: preview_of(screen).startswith("annotation,thread,title"))
        await see(pilot, lambda: screen.entry.value == str(labeled.with_suffix(".csv")))
        assert "ann," in preview_of(screen)
        screen.query_one("#annotator").focus()
        await pilot.press("right", "right")
        await see(pilot, lambda: ",ann," not in preview_of(screen) and ",bo," in preview_of(screen))
        await pilot.press("left", "left", "tab")
        await pilot.press(*"sarcasm")
        await see(pilot, lambda: ",Sarcasm," in preview_of(screen) and ",Agree," not in preview_of(screen))
        assert "\r" not in preview_of(screen)
        assert "␍" not in preview_of(screen)


async def test_the_adjudicated_ones_are_there_once_something_is_settled(
    make_app: Callable[..., PostilApp], labeled: Path
) -> None:
    async with make_app().run_test(size=(120, 40)) as pilot:
        screen = await open_export(pilot)
        screen.query_one("#aggregate", ChoiceField).choose("gold")
        await see(pilot, lambda: preview_of(screen).startswith("Nothing in this project is adjudicated"))
        assert "postil adjudicate list" in preview_of(screen)
        with Project.open(labeled) as project:
            posts = {post.key: post.id for post in iter_posts(project, find_thread(project, "bridge").id)}
            Adjudication(project, "ann").settle(posts["1"], project.annotator("bo"))
        await choose(pilot, screen, "csv")
        await see(pilot, lambda: ",Disagree,post,gold," in preview_of(screen))
        assert ",bo," not in preview_of(screen)


@pytest.mark.usefixtures("labeled")
async def test_what_makes_no_sense_is_said_where_it_is_typed(make_app: Callable[..., PostilApp]) -> None:
    async with make_app().run_test(size=(120, 40)) as pilot:
        screen = await open_export(pilot)
        for name, typed, said in (
            ("labels", "agre", "There is no label “agre”. Is it Agree?"),
            ("split", "train=0.8", "The shares of the splits sum to 0.8, not to 1."),
            ("seed", "-1", "“-1” is no number from 0 on."),
        ):
            if name == "seed":
                screen.query_one("#split", Input).value = "train=0.5,test=0.5"
                await pilot.pause()
            field = screen.query_one(f"#{name}", Input)
            field.value = typed
            await pilot.pause()
            problem = screen.query_one(f"#problem-{name}", Static)
            assert str(problem.render()).startswith(said)
            assert problem.display
            assert preview_of(screen) == "One of the options above makes no sense yet."
            await pilot.press("enter")
            assert pilot.app.screen is screen, "nothing is written"
            field.value = ""
            await pilot.pause()
            assert not problem.display


@pytest.mark.usefixtures("labeled")
async def test_options_come_with_what_calls_for_them(make_app: Callable[..., PostilApp], labeled: Path) -> None:
    async with make_app().run_test(size=(120, 40)) as pilot:
        screen = await open_export(pilot)

        def shown(name: str) -> bool:
            return screen.query_one(f"#row-{name}").display

        assert not any(map(shown, ("by", "seed", "excel")))
        screen.query_one("#split", Input).value = "train=0.5,test=0.5"
        await pilot.pause()
        assert shown("by")
        assert shown("seed")
        assert screen.entry.value == str(labeled.with_name("bridge-jsonl")), "with splits it is a folder"
        assert words_of(screen, "#target-problem") == "A new folder."
        screen.query_one("#split", Input).value = ""
        await choose(pilot, screen, "csv")
        assert shown("excel")
        screen.query_one("#excel", ChoiceField).choose("yes")
        await choose(pilot, screen, "jsonl")
        await see(pilot, lambda: preview_of(screen).startswith("{"))
        assert not shown("excel"), "and nobody complains of what is not seen"
        screen.entry.value = "mine"
        await choose(pilot, screen, "csv")
        await see(pilot, lambda: preview_of(screen).startswith("annotation,"))
        assert screen.entry.value == "mine", "a place that was typed stays"


@pytest.mark.usefixtures("labeled")
async def test_an_export_is_written_and_says_where(make_app: Callable[..., PostilApp], tmp_path: Path) -> None:
    target = tmp_path / "out.csv"
    async with make_app().run_test(size=(120, 40)) as pilot:
        screen = await open_export(pilot)
        await choose(pilot, screen, "csv")
        screen.entry.value = str(tmp_path / "nowhere" / "out.csv")
        await pilot.pause()
        assert words_of(screen, "#target-problem").startswith("There is no such folder")
        await pilot.press("enter")
        await see(pilot, lambda: "there is no folder" in words_of(screen, "#target-problem"))
        screen.entry.value = str(target)
        await pilot.press("enter")
        await see(pilot, lambda: isinstance(pilot.app.screen, ExportDone))
        said = str(pilot.app.screen.query_one("#text", Static).render())
        assert str(target) in said
        assert "3 rows: 3 annotations, 2 posts, 1 thread" in said
        assert f"8 {BARE}" in said, "what is not in it"
        assert 'open("out.csv"' in said, "how it is loaded"
        await pilot.press("q")
        await see(pilot, lambda: isinstance(pilot.app.screen, ReaderScreen))
        (notice,) = [each.message for each in pilot.app._notifications]
        assert notice.startswith(f"3 rows written to {target}; not in it: ")
    assert len(target.read_text(encoding="utf-8").splitlines()) > 3


@pytest.mark.usefixtures("labeled")
async def test_what_stands_there_is_replaced_only_when_asked_twice(
    make_app: Callable[..., PostilApp], tmp_path: Path
) -> None:
    target = tmp_path / "out.jsonl"
    target.write_text("mine", encoding="utf-8")
    async with make_app().run_test(size=(120, 40)) as pilot:
        screen = await open_export(pilot)
        screen.entry.value = str(target)
        await pilot.pause()
        assert words_of(screen, "#target-problem") == "A file of 4 bytes stands there: it is replaced."
        await pilot.press("enter")
        assert words_of(screen, "#target-problem").endswith("Enter again writes.")
        assert target.read_text(encoding="utf-8") == "mine"
        await pilot.press("enter")
        await see(pilot, lambda: isinstance(pilot.app.screen, ExportDone))
    assert json.loads(target.read_text(encoding="utf-8").splitlines()[0])["thread"] == "bridge"


@pytest.mark.usefixtures("labeled")
async def test_what_would_be_lost_is_counted_without_a_trace(make_app: Callable[..., PostilApp], labeled: Path) -> None:
    before = sorted(path.name for path in labeled.parent.iterdir())
    async with make_app().run_test(size=(120, 40)) as pilot:
        screen = await open_export(pilot)
        await choose(pilot, screen, "csv")
        await pilot.press("ctrl+l")
        await see(pilot, lambda: "counted not in it: " in words_of(screen, "#about"))
        assert f"8 {BARE}" in words_of(screen, "#about")
        await choose(pilot, screen, "jsonl")
        assert "counted" not in words_of(screen, "#about"), "it was of another format"
    assert sorted(path.name for path in labeled.parent.iterdir() if "-" not in path.name) == [
        name for name in before if "-" not in name
    ]


async def test_the_mouse_chooses_and_writes_also_from_the_library(
    make_app: Callable[..., PostilApp], labeled: Path
) -> None:
    async with make_app().run_test(size=(120, 40)) as pilot:
        await pilot.press("g", "h")
        await see(pilot, lambda: isinstance(pilot.app.screen, LibraryScreen))
        screen = await open_export(pilot)
        assert not screen.query("#thread"), "there is none that is open"
        await pilot.click("#formats", offset=(3, screen.query_one("#formats", OptionList).get_option_index("csv")))
        await see(pilot, lambda: preview_of(screen).startswith("annotation,"))
        assert pilot.app.screen is screen, "a click writes nothing"
        await pilot.click("#redact", offset=(8, 0))
        assert screen.query_one("#redact", ChoiceField).chosen == "yes"
        await pilot.click("#redact", offset=(1, 0))
        assert screen.query_one("#redact", ChoiceField).chosen == ""
        await pilot.click("#write")
        await see(pilot, lambda: isinstance(pilot.app.screen, ExportDone))
        await pilot.press("escape")
        await see(pilot, lambda: isinstance(pilot.app.screen, LibraryScreen))
    assert labeled.with_suffix(".csv").exists()


# --- formats of others ------------------------------------------------------------------------------------------


class Slow:
    """An exporter whose previews wait until they are let go, and that counts them."""

    name = "jsonl"
    title = "Slow \x1b[31mformat"
    suffix = ".txt"

    def __init__(self) -> None:
        self.gate = threading.Event()
        self.begun: list[Any] = []
        self.ended: list[Any] = []

    def preview(self, project: Project, options: Any, rows: int) -> str:  # noqa: ANN401  # as the protocol
        del rows
        self.begun.append(options.annotator)
        while not self.gate.wait(0.01):
            project.work.check()
        self.ended.append(options.annotator)
        return f"of {options.annotator}"

    def write(self, project: Project, path: Path | None, options: Any) -> ExportReport:  # noqa: ANN401  # the same
        raise NotImplementedError


@pytest.mark.usefixtures("labeled")
async def test_a_preview_is_given_up_for_a_newer_one(
    make_app: Callable[..., PostilApp], monkeypatch: pytest.MonkeyPatch
) -> None:
    slow = Slow()
    monkeypatch.setattr(formats, "exporter", lambda _: slow)
    async with make_app().run_test(size=(120, 40)) as pilot:
        await pilot.press("g", "e")
        screen = pilot.app.screen
        assert isinstance(screen, ExportScreen)
        await see(pilot, lambda: slow.begun == [None])
        assert "[31m" in words_of(screen, "#about")
        assert "\x1b" not in words_of(screen, "#about")
        await see(pilot, lambda: "Making the preview" in preview_of(screen))
        screen.query_one("#annotator").focus()
        await pilot.press("right")
        await see(pilot, lambda: slow.begun == [None, "ann"])
        assert screen.query_one("#annotator", ChoiceField).chosen == "=ann", "no key waits for a preview"
        slow.gate.set()
        await see(pilot, lambda: preview_of(screen) == "of ann")
        assert slow.ended == ["ann"]


@pytest.mark.usefixtures("labeled")
@pytest.mark.parametrize(
    ("fails", "said"),
    [
        (ExportError("It needs the package walrus", "pip install walrus"), "It needs the package walrus\npip install"),
        (ZeroDivisionError("division\nby zero"), "The exporter jsonl has failed: ZeroDivisionError: division by zero"),
    ],
)
async def test_the_failure_of_an_exporter_is_said_in_words(
    make_app: Callable[..., PostilApp], monkeypatch: pytest.MonkeyPatch, fails: Exception, said: str
) -> None:
    def fail(*_: object) -> str:
        raise fails

    broken = SimpleNamespace(name="jsonl", title="Broken", suffix=".b", preview=fail, write=fail)
    monkeypatch.setattr(formats, "exporter", lambda _: broken)
    async with make_app().run_test(size=(120, 40)) as pilot:
        screen = await open_export(pilot)
        await see(pilot, lambda: preview_of(screen).startswith(said))
        await pilot.press("enter")
        await see(pilot, lambda: said.split("\n", maxsplit=1)[0] in words_of(screen, "#target-problem"))
        assert pilot.app.screen is screen


@pytest.mark.usefixtures("labeled")
async def test_an_exporter_that_cannot_be_loaded_is_listed_and_says_why(
    make_app: Callable[..., PostilApp], monkeypatch: pytest.MonkeyPatch
) -> None:
    def load(_: str) -> object:
        raise ExportError("The exporter cannot be loaded", "Repair it")

    monkeypatch.setattr(formats, "exporter", load)
    async with make_app().run_test(size=(120, 40)) as pilot:
        screen = await open_export(pilot)
        assert preview_of(screen) == "The exporter cannot be loaded\nRepair it"
        await pilot.press("enter", "ctrl+l", "j")
        assert pilot.app.screen is screen


# --- words ------------------------------------------------------------------------------------------------------


def test_an_export_goes_where_an_earlier_one_lies_but_not_where_a_source_does(tmp_path: Path) -> None:
    jsonl = formats.exporter("jsonl")
    project = tmp_path / "tunnel.db"
    assert default_target(project, jsonl, None) == tmp_path / "tunnel.jsonl"
    (tmp_path / "tunnel.jsonl").write_text("a source", encoding="utf-8")
    assert default_target(project, jsonl, None) == tmp_path / "tunnel-jsonl.jsonl"
    (tmp_path / "tunnel.jsonl.manifest.json").write_text("{}", encoding="utf-8")
    assert default_target(project, jsonl, None) == tmp_path / "tunnel.jsonl"


def test_what_stands_at_the_target_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"x" * 12_345)
    (tmp_path / "empty").mkdir()
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "thing").touch()
    (tmp_path / "earlier").mkdir()
    (tmp_path / "earlier" / "manifest.json").touch()
    told = {
        (name, is_folder): describe_target(tmp_path / name, is_folder=is_folder)
        for name in ("file", "empty", "other", "earlier", "new", "no/where")
        for is_folder in (False, True)
    }
    assert told["file", False] == ("A file of 12.3 kB stands there: it is replaced.", True)
    assert told["file", True] == ("A file of 12.3 kB stands there. Name a folder.", False)
    assert told["empty", False] == ("A folder stands there. Name a file in it.", False)
    assert told["empty", True] == ("An empty folder stands there: it is filled.", False)
    assert told["other", True] == ("A folder with other things stands there. Name another one.", False)
    assert told["earlier", True] == ("An earlier export stands there: it is replaced.", True)
    assert told["new", False] == ("A new file.", False)
    assert told["new", True] == ("A new folder.", False)
    assert told["no/where", True][0].startswith("There is no such folder")


@pytest.mark.parametrize(
    ("size", "said"), [(0, "0 bytes"), (1, "1 byte"), (999, "999 bytes"), (1000, "1.0 kB"), (4_200_000, "4.2 MB")]
)
def test_a_size_is_said_in_three_digits(size: int, said: str) -> None:
    assert file_size(size) == said
