"""Flags: put and taken off, undone and redone, told in the history, checked, exported."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from annotations.errors import RuleError
from annotations.exporters import jsonl
from annotations.exporters.choosing.options import ExportOptions
from annotations.model import Post
from annotations.post_filter import parse_filter
from annotations.store.check import check
from annotations.store.finding import Known, find_posts
from annotations.store.flags import flagged_positions, flaggers_of_posts, is_flagged
from annotations.store.history import Action, Cause
from annotations.store.past import find_events
from annotations.store.posts import load_shape
from annotations.store.times import seconds_of_posts, seconds_of_threads, times_spent

if TYPE_CHECKING:
    from pathlib import Path

    from annotations.session import LabelingSession
    from tests.annotations.conftest import Desk


@pytest.fixture
def session(desk: Desk) -> LabelingSession:
    return desk.session()


def flagged(desk: Desk, name: str = "Ada") -> set[int]:
    return flagged_positions(desk.project, desk.thread_id, desk.project.annotator(name).id)


def test_a_flag_is_put_and_taken_off_by_each_annotator_for_themselves(desk: Desk, session: LabelingSession) -> None:
    assert session.flag(desk.posts["1.1"]).summary == "1.1 (Ada) flagged"
    change = session.flag(desk.posts["0"])
    assert (change.summary, change.post_ids) == ("the article flagged", (desk.posts["0"],))
    desk.session("Bea").flag(desk.posts["1.1"])
    assert (flagged(desk), flagged(desk, "Bea")) == ({0, 2}, {2})
    assert session.flag(desk.posts["1.1"]).summary == "Flag off 1.1 (Ada)"
    assert session.flag(desk.posts["1.1"], is_flagged=False).thread_ids == ()
    assert (flagged(desk), flagged(desk, "Bea")) == ({0}, {2})
    assert flaggers_of_posts(desk.project, desk.posts.values()) == {
        desk.posts["0"]: ("Ada",),
        desk.posts["1.1"]: ("Bea",),
    }
    assert flaggers_of_posts(desk.project, desk.posts.values(), session.annotator.id) == {desk.posts["0"]: ("Ada",)}
    assert check(desk.project) == []


def test_undo_and_redo_go_through_flags_across_restarts(desk: Desk, session: LabelingSession) -> None:
    session.flag(desk.posts["2"])
    session.flag(desk.posts["2"])
    desk.reopen()
    session = desk.session()
    session.undo()
    assert is_flagged(desk.project, desk.posts["2"], session.annotator.id)
    session.undo()
    assert flagged(desk) == set()
    session.redo()
    assert flagged(desk) == {4}
    told = [(each.cause, each.action) for each in find_events(desk.project)]
    assert told == [
        (Cause.DO, Action.FLAG),
        (Cause.DO, Action.UNFLAG),
        (Cause.UNDO, Action.FLAG),
        (Cause.UNDO, Action.UNFLAG),
        (Cause.REDO, Action.FLAG),
    ]
    assert check(desk.project) == []


def test_a_flag_that_is_gone_cannot_be_undone(desk: Desk, session: LabelingSession) -> None:
    session.flag(desk.posts["2"])
    with desk.project.transaction() as connection:
        connection.execute("DELETE FROM flags")
    assert check(desk.project) == ["Ada flagged the post 2 in tunnel by the history, and the flag is gone."]
    with pytest.raises(RuleError, match="the post is no longer flagged"):
        session.undo()
    with desk.project.transaction() as connection:
        connection.execute(
            "INSERT INTO flags VALUES (?, ?, '2026-05-01T00:00:00Z')", (session.annotator.id, desk.posts["1"])
        )
    assert "Ada flagged the post 1 in tunnel, and the history does not know it." in check(desk.project)


def test_flags_follow_their_posts_through_another_import(desk: Desk, session: LabelingSession) -> None:
    session.flag(desk.posts["1.1"])
    desk.revise(newcomer=Post(key="new", parent="0", author="newt", text="First!"))
    assert flagged(desk) == {3}


def test_a_filter_finds_flagged_posts(desk: Desk, session: LabelingSession) -> None:
    session.flag(desk.posts["1.1"])
    desk.session("Bea").flag(desk.posts["2"])
    known = Known(load_shape(desk.project, desk.thread_id).depths, {})
    found = [
        bytes(
            list(find_posts(desk.project, desk.thread_id, session.annotator.id, parse_filter(words), known))[-1].column
        )
        for words in ("flagged", "-flagged")
    ]
    assert found == [bytes([0, 0, 1, 0, 0, 0, 0]), bytes([1, 1, 0, 1, 1, 1, 1])]


def test_an_export_tells_who_has_flagged_and_how_long_it_took(
    desk: Desk, session: LabelingSession, tmp_path: Path
) -> None:
    session.flag(desk.posts["2"])
    desk.session("Bea").flag(desk.posts["2"])
    session.add_seconds({desk.posts["2"]: 12.34})
    desk.session("Bea").add_seconds({desk.posts["2"]: 1.0, desk.posts["1"]: 2.0})
    lines: dict[str | None, list[tuple[str, list[str], float]]] = {}
    for annotator in (None, "Ada"):
        path = tmp_path / "out.jsonl"
        jsonl.write(desk.project, path, ExportOptions(thread="tunnel", annotator=annotator))
        records = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        lines[annotator] = [
            (each["post"], each["flagged_by"], each["seconds"])
            for each in records
            if each["flagged_by"] or each["seconds"]
        ]
    assert lines[None] == [("1", [], 2.0), ("2", ["Ada", "Bea"], 13.3)]
    assert lines["Ada"] == [("2", ["Ada"], 12.3)]


def test_time_adds_up_and_never_falls_below_nothing(desk: Desk, session: LabelingSession) -> None:
    one, two = desk.posts["1"], desk.posts["2"]
    session.add_seconds({one: 10.0, two: 4.0})
    session.add_seconds({one: 2.5, two: -6.0})
    assert seconds_of_posts(desk.project, desk.posts.values()) == {one: 12.5, two: 0.0}
    bea = desk.session("Bea")
    bea.add_seconds({one: 7.5})
    bea.apply("agree", desk.post("1"))
    bea.apply("agree", desk.post("2"))
    desk.session("Cleo").apply("agree", desk.post("3"))
    assert seconds_of_threads(desk.project) == {desk.thread_id: 20.0}
    assert seconds_of_threads(desk.project, bea.annotator.id) == {desk.thread_id: 7.5}
    spent = [
        (each.annotator, each.posts, each.seconds, each.labeled, each.seconds_each)
        for each in times_spent(desk.project)
    ]
    assert spent == [("Ada", 2, 12.5, 0, None), ("Bea", 1, 7.5, 2, 3.75), ("Cleo", 0, 0.0, 1, None)]
    assert times_spent(desk.project, thread_id=desk.other_id) == []
