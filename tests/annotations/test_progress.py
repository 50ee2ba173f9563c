"""Progress: counted once, then followed through whatever anybody does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from annotations.model import Target
from annotations.session import Progress

if TYPE_CHECKING:
    import pytest

    from tests.annotations.conftest import Desk


def test_comments_with_any_annotation_count_once(desk: Desk) -> None:
    session = desk.session()
    assert session.progress(desk.thread_id) == Progress(comments=6, labeled=0, reviewed=0)
    session.apply("claim", desk.span(0, 7))  # the article is no comment
    session.apply("heated", desk.thread)
    session.review(desk.posts["0"])
    assert session.progress(desk.thread_id) == Progress(comments=6, labeled=0, reviewed=0)
    session.apply("agree", desk.post("1"))
    session.apply("term", desk.span(0, 2, "1"))
    session.apply("rebuts", desk.relation("2", "1"))
    session.review(desk.posts["3"])
    assert session.progress(desk.thread_id) == Progress(comments=6, labeled=2, reviewed=1)
    session.toggle("agree", desk.post("1"))
    assert session.progress(desk.thread_id).labeled == 2
    session.toggle("term", desk.span(0, 2, "1"))
    session.toggle_review(desk.posts["3"])
    assert session.progress(desk.thread_id) == Progress(comments=6, labeled=1, reviewed=0)
    assert desk.session().progress(desk.thread_id) == session.progress(desk.thread_id)


def test_others_do_not_count(desk: Desk) -> None:
    session = desk.session()
    session.apply("agree", Target(thread_id=desk.thread_id, post_id=desk.posts["1"]))
    desk.session("Bea").apply("agree", desk.post("2"))
    assert session.progress(desk.thread_id).labeled == 1
    assert session.progress(desk.other_id).labeled == 0


def test_another_terminal_of_the_same_annotator_is_followed(desk: Desk) -> None:
    session = desk.session()
    assert session.progress(desk.thread_id).labeled == 0
    with desk.open_again() as other:
        elsewhere = desk.session(project=other)
        elsewhere.apply("agree", desk.post("1"))
        elsewhere.review(desk.posts["2"])
        assert session.progress(desk.thread_id) == Progress(comments=6, labeled=1, reviewed=1)
        elsewhere.undo()
        elsewhere.undo()
        assert session.progress(desk.thread_id) == Progress(comments=6, labeled=0, reviewed=0)


def test_many_events_at_once_are_counted_anew(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("annotations.progress._MANY_EVENTS", 3)
    session = desk.session()
    session.progress(desk.thread_id)
    for key in ("1", "1.1", "2", "3"):
        session.apply("agree", desk.post(key))
    assert session.progress(desk.thread_id).labeled == 4
    desk.revise("Harbour tunnel approved\n\nNothing more.")
    assert session.progress(desk.thread_id).labeled == 4
