"""Where an annotator has worked in a thread is found by rows or by posts, whichever says it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from annotations.errors import RuleError, UnknownNameError
from annotations.model import Post
from annotations.store.check import check
from annotations.store.history import Action
from annotations.store.past import find_events
from annotations.store.thread_places import label_places, reviewed_places, row_range, unreviewed_posts

if TYPE_CHECKING:
    from tests.annotations.conftest import Desk


def test_places_are_the_same_before_posts_have_moved_and_after(desk: Desk) -> None:
    session, other = desk.session("Ada"), desk.session("Bea")
    session.apply("claim", desk.words("tunnel will flood"))
    for key, label in (("1", "agree"), ("1", "funny"), ("3.1", "agree")):
        session.apply(label, desk.post(key))
    session.apply("heated", desk.thread)
    other.apply("funny", desk.post("2"))
    session.review_all([desk.posts["0"], desk.posts["2"]])
    ada, bea = session.annotator.id, other.annotator.id
    assert row_range(desk.project, desk.thread_id) is not None
    assert label_places(desk.project, desk.thread_id, ada) == {"claim": [0], "agree": [1, 6], "funny": [1]}
    assert label_places(desk.project, desk.thread_id, bea) == {"funny": [4]}
    assert label_places(desk.project, desk.other_id, ada) == {}
    reviewed = {(0, desk.posts["0"]), (4, desk.posts["2"])}
    assert set(reviewed_places(desk.project, desk.thread_id, ada)) == reviewed
    assert reviewed_places(desk.project, desk.other_id, ada) == []
    desk.revise(newcomer=Post(key="new", parent="0", text="I come before all others."))
    assert row_range(desk.project, desk.thread_id) is None
    assert label_places(desk.project, desk.thread_id, ada) == {"claim": [0], "agree": [2, 7], "funny": [2]}
    assert set(reviewed_places(desk.project, desk.thread_id, ada)) == {(0, desk.posts["0"]), (5, desk.posts["2"])}


def test_many_reviews_are_one_step_that_is_undone_and_done_again(desk: Desk) -> None:
    session = desk.session("Ada")
    session.review(desk.posts["1"])
    rows = desk.rows("SELECT * FROM reviews")
    change = session.review_all(desk.posts.values())
    assert change.summary == "6 posts reviewed"
    assert set(change.post_ids) == set(desk.posts.values()) - {desk.posts["1"]}
    assert change.thread_ids == (desk.thread_id,)
    done = desk.rows("SELECT * FROM reviews ORDER BY post_id")
    assert len(done) == 7
    assert unreviewed_posts(desk.project, session.annotator.id, desk.posts.values()) == []
    assert session.review_all(desk.posts.values()).post_ids == ()
    assert session.undo() is not None
    assert desk.rows("SELECT * FROM reviews") == rows
    assert session.redo() is not None
    assert desk.rows("SELECT * FROM reviews ORDER BY post_id") == done
    actions = [event.action for event in find_events(desk.project)]
    assert actions == [*[Action.REVIEW] * 7, *[Action.UNREVIEW] * 6, *[Action.REVIEW] * 6]
    assert check(desk.project) == []


def test_many_reviews_are_not_undone_where_one_of_them_was_taken_back_since(desk: Desk) -> None:
    session = desk.session("Ada")
    session.review_all([desk.posts["1"], desk.posts["2"]])
    desk.project.connection.execute("DELETE FROM reviews WHERE post_id = ?", (desk.posts["2"],))
    with pytest.raises(RuleError, match="no longer reviewed"):
        session.undo()
    assert desk.rows("SELECT post_id FROM reviews") == [(desk.posts["1"],)]


def test_a_post_that_there_is_not_cannot_be_reviewed_among_others(desk: Desk) -> None:
    with pytest.raises(UnknownNameError):
        desk.session("Ada").review_all([desk.posts["1"], 9999])
    assert desk.rows("SELECT * FROM reviews") == []
