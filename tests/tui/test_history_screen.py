"""The history on the screen: what is shown, found, gone to and restored."""

from __future__ import annotations

from typing import TYPE_CHECKING

from annotations.model import Post, PostKind, Target, Thread
from annotations.session import LabelingSession
from annotations.store.codebooks import codebook_in_force
from annotations.store.labels import annotations_in_thread
from annotations.store.project import Project
from annotations.store.threads import find_thread, save_thread
from tui.screens.history import HistoryScreen
from tui.screens.reader import ReaderScreen

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import pytest
    from textual.pilot import Pilot

    from tui.app import PostilApp as FixedApp


async def history(pilot: Pilot[None]) -> HistoryScreen:
    """Wait until the history on top shows all that it looks for."""
    screen = pilot.app.screen
    assert isinstance(screen, HistoryScreen)
    await pilot.app.workers.wait_for_complete()
    await pilot.pause()
    return screen


def reader(pilot: Pilot[None]) -> ReaderScreen:
    screen = pilot.app.screen
    assert isinstance(screen, ReaderScreen)
    return screen


def shown(screen: HistoryScreen) -> list[str]:
    """Return who did what to which post, as it is listed."""
    found = [screen.table.event(index) for index in range(len(screen.table))]
    return [f"{event.annotator} {event.action.value} {event.post}" for event in found if event is not None]


async def test_everything_is_listed_newest_first_and_found_as_one_types(make_app: Callable[..., FixedApp]) -> None:
    async with make_app().run_test(size=(120, 40)) as pilot:
        await pilot.press("s", "c", "tab", "1", "!", "u", "g", "H")
        screen = await history(pilot)
        everything = ["ann unflag 1.1", "ann flag 1.1", "ann apply 1", "ann apply 0"]
        assert shown(screen) == everything
        assert "Everything   4 events" in str(screen.query_one("#heading").render())
        await pilot.press("slash", *"label:ag")
        assert shown(await history(pilot)) == ["ann apply 1"]
        await pilot.press(*" zzz")
        assert shown(await history(pilot)) == []
        assert screen.has_class("-empty")
        await pilot.press("escape")
        assert shown(await history(pilot)) == everything
        await pilot.press("slash", *"since:soon")
        assert "since: 'soon' is no moment" in str(screen.detail.render())
        await pilot.press("escape", "escape")
        assert reader(pilot).thread_pane.position == 2


async def test_enter_goes_to_the_words_and_a_scope_narrows_it(make_app: Callable[..., FixedApp]) -> None:
    async with make_app().run_test(size=(120, 40)) as pilot:
        await pilot.press("right_curly_bracket", "s", "c", "tab", "1", "x", "g", "H")
        screen = await history(pilot)
        await pilot.press("j", "j", "enter")
        await pilot.pause()
        at = reader(pilot)
        assert at.pane is at.article
        assert at.article.caret == at.article.text.index("The council")
        await pilot.press("g", "y")
        screen = await history(pilot)
        assert screen.scopes[screen.scope].words == "Only of this Claim"
        assert shown(screen) == ["ann apply 0"]
        await pilot.press("ctrl+t")
        assert len(shown(await history(pilot))) == 3
        await pilot.press("ctrl+t", "ctrl+t")
        assert screen.scopes[screen.scope].words == "Only of the article"
        assert shown(await history(pilot)) == ["ann apply 0"]


async def test_an_earlier_state_is_restored_and_undone(make_app: Callable[..., FixedApp]) -> None:
    async with make_app().run_test(size=(120, 40)) as pilot:
        await pilot.press("tab", "g", "a", "1", "2", "g", "y")
        screen = await history(pilot)
        assert shown(screen) == ["ann apply 1", "ann retract 1", "ann apply 1"]
        await pilot.press("j", "r")
        await history(pilot)
        assert screen.said == "Agree on 1 (anna) restored, Disagree off"
        assert screen.event is not None
        assert screen.event.action == "retract"  # the cursor stays on what was restored

        def labels() -> list[str]:
            project = reader_screen.session.project
            return [each.label for each in annotations_in_thread(project, reader_screen.thread.id)]

        reader_screen = next(each for each in pilot.app.screen_stack if isinstance(each, ReaderScreen))
        assert labels() == ["agree"]
        await pilot.press("u")
        await history(pilot)
        assert labels() == ["disagree"]
        await pilot.press("q")
        await pilot.pause()
        assert reader_screen.thread_source.labels_at(1) == ("disagree",)


async def test_another_annotators_work_is_refused_and_its_thread_is_gone_to_and_left(
    make_app: Callable[..., FixedApp], project_path: Path
) -> None:
    other = Thread(
        key="ferry",
        title="The ferry is late",
        posts=(Post(key="0", parent=None, kind=PostKind.ARTICLE, text="Late"), Post(key="1", parent="0", text="So?")),
        format="test",
    )
    async with make_app().run_test(size=(120, 40)) as pilot:
        with Project.open(project_path) as project:
            save_thread(project, other, location="/ferry.txt", source_sha256="f")
            thread = find_thread(project, "ferry")
            bea = LabelingSession(project, project.annotator("bea"), codebook_in_force(project))
            bea.apply(
                "agree",
                Target(
                    thread_id=thread.id,
                    post_id=project.connection.execute(
                        "SELECT id FROM posts WHERE thread_id = ? AND position = 1", (thread.id,)
                    ).fetchone()[0],
                ),
            )
        await pilot.press("tab", "j", "g", "H")
        screen = await history(pilot)
        await pilot.press("r")
        await pilot.pause()
        assert any("That was bea’s, not ann’s" in each.message for each in pilot.app._notifications)
        assert screen.changes == []
        await pilot.press("enter")
        await pilot.pause()
        assert (reader(pilot).thread.key, reader(pilot).thread_pane.position) == ("ferry", 1)
        await pilot.press("ctrl+o", "ctrl+o")
        await pilot.pause()
        assert (reader(pilot).thread.key, reader(pilot).thread_pane.position) == ("bridge", 2)


async def test_keys_typed_ahead_act_on_what_they_were_meant_for(
    make_app: Callable[..., FixedApp], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The newest events are there at once; while a filter is looked through, nothing is restored or gone to."""
    async with make_app().run_test(size=(120, 40)) as pilot:
        await pilot.press("tab", "g", "a", "1", "j", "2", "g", "H", "j", "enter")
        await pilot.pause()
        assert reader(pilot).thread_pane.position == 1
        await pilot.press("g", "H")
        screen = await history(pilot)
        monkeypatch.setattr(screen, "_find", lambda *_: None)  # it takes its time
        await pilot.press("slash", *"agree", "enter", "r")
        assert (screen.said, screen.changes) == ("Still searching …", [])
        monkeypatch.undo()
        await pilot.press("ctrl+l")
        assert shown(await history(pilot)) == ["ann apply 1.1", "ann apply 1"]


async def test_only_the_pages_in_view_are_read(
    make_app: Callable[..., FixedApp], project_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("annotations.store.past.FIRST_STEP", 150)
    with Project.open(project_path) as project:
        session = LabelingSession(project, project.annotator("ann"), codebook_in_force(project))
        post = project.connection.execute("SELECT id FROM posts WHERE position = 1").fetchone()[0]
        for _ in range(200):
            session.flag(post)
            session.flag(post)
    async with make_app().run_test(size=(120, 40)) as pilot:
        await pilot.press("g", "H")
        screen = await history(pilot)
        assert len(screen.table) == 400
        assert len(screen.table._events) == 64
        await pilot.press("G")
        await pilot.pause()
        assert screen.rows.cursor == 399
        assert screen.event is not None
        assert screen.event.sequence == 1
        assert len(screen.table._events) <= 128 + 64
