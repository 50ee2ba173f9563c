"""The reader on the gold set: its keys put gold labels, in the name of who adjudicates, with the others' in sight."""

from __future__ import annotations

from typing import TYPE_CHECKING

from annotations.adjudication import Adjudication
from annotations.model import Target
from annotations.session import LabelingSession
from annotations.store.adjudication import load_gold
from annotations.store.codebooks import codebook_in_force
from annotations.store.past import EventFilter, find_events
from annotations.store.project import Project
from annotations.store.threads import find_thread, iter_posts
from tui.adjudicating import AdjudicatingApp
from tui.screens.reader import ReaderScreen

if TYPE_CHECKING:
    from pathlib import Path


async def test_keys_settle_in_the_gold_set_as_the_adjudicator(project_path: Path) -> None:
    with Project.open(project_path) as project:
        thread = find_thread(project, "bridge")
        posts = {post.key: post.id for post in iter_posts(project, thread.id)}
        for name, label in (("ann", "agree"), ("bo", "disagree")):
            session = LabelingSession(project, project.annotator(name), codebook_in_force(project))
            session.apply(label, Target(thread_id=thread.id, post_id=posts["1"]))
    app = AdjudicatingApp(project_path, "cem")
    async with app.run_test(size=(120, 40)) as pilot:
        screen = pilot.app.screen
        assert isinstance(screen, ReaderScreen)
        await pilot.press("tab")
        chips = [chip.text for chip in screen.thread_pane.view_of(1).chips]
        assert chips == ["ann: Agree", "bo: Disagree"]
        assert "gold, as cem" in str(screen.status_line.render())
        await pilot.press("k", "1")
    with Project.open(project_path) as project:
        gold = load_gold(project)
        assert gold is not None
        happened = [
            (each.who, each.action.value) for each in find_events(project, EventFilter(annotator_ids=(gold.id,)))
        ]
        assert happened[0] == ("gold, as cem", "apply")
        assert Adjudication(project, "ann").undo() is not None
        assert [each.adjudicator for each in find_events(project, EventFilter(annotator_ids=(gold.id,)))] == [
            "cem",
            "ann",
        ]
