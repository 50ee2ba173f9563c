"""What the export screen and the dashboard look like, narrow and wide, light and dark, and in plain mode."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest
from textual.widgets import Input, Static

from annotations import formats
from annotations.errors import ExportError
from annotations.exporters.writing.report import ExportReport, WrittenFile
from annotations.model import AnnotatorKind, Target
from annotations.session import LabelingSession
from annotations.span import Span
from annotations.store.codebooks import codebook_in_force
from annotations.store.project import Project
from annotations.store.threads import find_thread, iter_posts
from tests.tui.conftest import fixed_clock, numbered_ids
from tui.configuration import Configuration
from tui.screens.dashboard import DashboardScreen
from tui.screens.exporting import ExportScreen
from tui.theme_names import DARK, LIGHT

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

    from textual.pilot import Pilot

    from tests.tui.conftest import FixedApp

NARROW, WIDE, LARGE = (80, 24), (120, 40), (200, 60)
ROW = '{"thread":"bridge","post":"1","depth":1,"text":"The mayor is right. A ferry costs less.","labels":["agree"]}\n'
PUT = {
    "ann": ("1 agree", "1 sarcasm", "1.1 disagree", "1.1.1 agree", "2 joke", "4 agree", "0 claim"),
    "bo": ("1 agree", "1.2 agree", "1.2 insult"),
    "walrus": ("1 disagree", "3.1 question", "5 evidence"),
}


def fake(name: str, suffix: str, title: str, **more: object) -> SimpleNamespace:
    """Return an exporter whose words stay the same whatever becomes of the real ones."""

    def write(_: Project, path: Path, __: object) -> ExportReport:
        files = (
            WrittenFile(name="README.md", size=4_321, sha256="0", description="What the data set is"),
            WrittenFile(name="posts.jsonl", size=1_234_567, sha256="0", description="A post a line"),
        )
        lost = {"relations": 3, "detached spans": 12}
        return ExportReport(path, 1_204, 2, 812, 900, lost, "0", files, ("Two annotators agree on nothing",))

    return SimpleNamespace(
        **{"name": name, "suffix": suffix, "title": title, "write": write, "preview": lambda *_: ROW * 6, **more}
    )


def missing(*_: object) -> str:
    raise ExportError("parquet needs arro3-core and arro3-io", "pip install 'postil[parquet]'")


EXPORTERS = {
    "csv": fake("csv", ".csv", "CSV, an annotation a line", loses="posts without an annotation"),
    "jsonl": fake("jsonl", ".jsonl", "JSON Lines, a post a line", keeps="everything", loses="the history"),
    "parquet": fake("parquet", "", "Parquet, a folder of tables", preview=missing),
    "walrus": fake("walrus", ".walrus", "A format that says nothing of itself"),
}


@pytest.fixture(autouse=True)
def few_formats(monkeypatch: pytest.MonkeyPatch) -> None:
    """Four formats, one of which cannot be written here."""
    monkeypatch.setattr(formats, "exporters", lambda: dict.fromkeys(EXPORTERS))
    monkeypatch.setattr(formats, "exporter", EXPORTERS.__getitem__)


@pytest.fixture
def labeled(project_path: Path) -> Path:
    """The project with labels of all kinds by two persons and a model."""
    with Project.open(project_path, clock=fixed_clock, new_id=numbered_ids()) as project:
        thread = find_thread(project, "bridge")
        posts = {post.key: post.id for post in iter_posts(project, thread.id)}
        codebook = codebook_in_force(project)
        known = {label.id for label in codebook.labels}
        for name, put in PUT.items():
            kind = AnnotatorKind.MODEL if name == "walrus" else AnnotatorKind.PERSON
            session = LabelingSession(project, project.annotator(name, kind), codebook)
            for key, label in (each.split() for each in put):
                if label in known:
                    span = Span(0, 10) if label in {"claim", "evidence"} else None
                    session.apply(label, Target(thread_id=thread.id, post_id=posts[key], span=span))
            session.review(posts["5"])
    return project_path


async def settle(pilot: Pilot[None]) -> None:
    """Wait until all is counted and previewed."""
    for _ in range(1000):
        screen = pilot.app.screen
        await pilot.pause(0.02)
        if isinstance(screen, DashboardScreen) and "annotations" in str(screen.query_one("#heading", Static).render()):
            break
        if isinstance(screen, ExportScreen):
            shown = str(screen.query_one("#text", Static).render())
            if shown and "…" not in shown and "in the project" in str(screen.query_one("#about", Static).render()):
                break
        if not isinstance(screen, DashboardScreen | ExportScreen):
            break
    await pilot.app.workers.wait_for_complete()
    await pilot.pause()


def after(keys: str) -> Callable[[Pilot[None]], Awaitable[None]]:
    async def press(pilot: Pilot[None]) -> None:
        for key in keys.split():
            await pilot.press(key)
            if key in {"e", "d", "enter", "j", "v"}:
                await settle(pilot)
                for screen in pilot.app.screen_stack:
                    for entry in screen.query(Input):
                        entry.cursor_blink = False
                    if isinstance(screen, ExportScreen):
                        screen.entry.value = "/data/bridge.jsonl"
        await settle(pilot)
        await pilot.pause(0.1)

    return press


@pytest.mark.usefixtures("labeled")
@pytest.mark.parametrize(
    ("keys", "size", "theme"),
    [
        ("g e", NARROW, DARK),
        ("g e", NARROW, LIGHT),
        ("g e", WIDE, DARK),
        ("g e tab tab right", WIDE, LIGHT),
        ("g e j j", WIDE, DARK),
        ("g e tab tab tab a g r", WIDE, DARK),
    ],
    ids=["narrow-dark", "narrow-light", "wide-dark", "option-light", "failure", "typed"],
)
def test_export(
    snap_compare: Callable[..., bool], make_app: Callable[..., FixedApp], keys: str, size: tuple[int, int], theme: str
) -> None:
    assert snap_compare(make_app(theme=theme), terminal_size=size, run_before=after(keys))


@pytest.mark.usefixtures("labeled")
@pytest.mark.parametrize(
    ("keys", "size", "theme"),
    [
        ("g d", NARROW, DARK),
        ("g d tab", NARROW, LIGHT),
        ("g d tab tab", NARROW, DARK),
        ("g d tab tab tab", NARROW, LIGHT),
        ("g d", WIDE, DARK),
        ("g d", WIDE, LIGHT),
        ("g d", LARGE, LIGHT),
        ("g d v", WIDE, DARK),
    ],
    ids=["labels", "depths", "together", "progress", "wide-dark", "wide-light", "large", "numbers"],
)
def test_dashboard(
    snap_compare: Callable[..., bool], make_app: Callable[..., FixedApp], keys: str, size: tuple[int, int], theme: str
) -> None:
    assert snap_compare(make_app(theme=theme), terminal_size=size, run_before=after(keys))


@pytest.mark.usefixtures("labeled")
@pytest.mark.parametrize("keys", ["g e", "g d"], ids=["export", "dashboard"])
def test_plain(snap_compare: Callable[..., bool], make_app: Callable[..., FixedApp], keys: str) -> None:
    app = make_app(configuration=Configuration(is_plain=True))
    assert snap_compare(app, terminal_size=NARROW, run_before=after(keys))


def test_dashboard_of_nothing(snap_compare: Callable[..., bool], make_app: Callable[..., FixedApp]) -> None:
    assert snap_compare(make_app(), terminal_size=NARROW, run_before=after("g d"))
