"""Which comment comes next."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from annotations.model import Post, PostKind, Target, Thread
from annotations.queue import Wanted, next_annotated, next_post, next_unlabeled, next_unread, next_unreviewed
from annotations.store.threads import iter_posts, save_thread

if TYPE_CHECKING:
    from annotations.session import LabelingSession
    from tests.annotations.conftest import Desk

KEYS = ("1", "1.1", "1.1.1", "2", "3", "3.1")
"""The comments of the thread, at the positions 1 to 6."""


@pytest.fixture
def session(desk: Desk) -> LabelingSession:
    return desk.session()


def test_a_new_thread_begins_with_its_first_comment(desk: Desk, session: LabelingSession) -> None:
    for find in (next_unlabeled, next_unreviewed, next_unread):
        assert find(session, desk.thread_id, 0) == 1
        assert find(session, desk.thread_id, 3) == 4
        assert find(session, desk.thread_id, 6) == 1
        assert find(session, desk.thread_id, 4, is_backward=True) == 3
        assert find(session, desk.thread_id, 1, is_backward=True) == 6
        assert find(session, desk.thread_id, 0, is_backward=True) == 6
    assert next_annotated(session, desk.thread_id, 0) is None


def test_each_queue_looks_at_its_own_marks(desk: Desk, session: LabelingSession) -> None:
    session.apply("agree", desk.post("1"))
    session.apply("term", desk.span(0, 2, "1.1"))
    session.apply("quotes", desk.relation("1.1.1", "0"))
    session.review(desk.posts["2"])
    session.mark_read([desk.posts["1"], desk.posts["3"]])
    assert next_unlabeled(session, desk.thread_id, 0) == 4
    assert next_unreviewed(session, desk.thread_id, 0) == 5
    assert next_unread(session, desk.thread_id, 0) == 2
    assert next_unread(session, desk.thread_id, 4) == 6
    assert next_annotated(session, desk.thread_id, 0) == 1
    assert next_annotated(session, desk.thread_id, 3) == 1
    assert next_annotated(session, desk.thread_id, 1, is_backward=True) == 3


def test_what_others_did_does_not_count(desk: Desk, session: LabelingSession) -> None:
    bea = desk.session("Bea")
    bea.apply("agree", desk.post("1"))
    bea.review(desk.posts["2"])
    bea.mark_read([desk.posts["1"]])
    assert next_unlabeled(session, desk.thread_id, 0) == next_unread(session, desk.thread_id, 0) == 1
    assert next_unreviewed(session, desk.thread_id, 3) == 4
    assert next_annotated(session, desk.thread_id, 0) is None


def test_the_only_one_left_is_found_from_itself(desk: Desk, session: LabelingSession) -> None:
    for key in KEYS[:2] + KEYS[3:]:
        session.apply("agree", desk.post(key))
    assert next_unlabeled(session, desk.thread_id, 3) == 3
    assert next_unlabeled(session, desk.thread_id, 3, is_backward=True) == 3
    session.apply("agree", desk.post(KEYS[2]))
    assert next_unlabeled(session, desk.thread_id, 3) is None
    assert next_unreviewed(session, desk.thread_id, 3) is None
    session.undo()
    assert next_unlabeled(session, desk.thread_id, 1) == 3


def test_an_article_without_comments_has_no_queue(desk: Desk, session: LabelingSession) -> None:
    article = Post(key="0", parent=None, kind=PostKind.ARTICLE, text="Alone")
    thread = Thread(key="alone", title="Alone", posts=(article,), format="test")
    thread_id = save_thread(desk.project, thread, location="/alone", source_sha256="alone").thread.id
    assert [next_post(session, wanted, thread_id, 0) for wanted in Wanted] == [None] * len(Wanted)


@given(
    st.sets(st.integers(1, 6)),
    st.sets(st.integers(1, 6)),
    st.sets(st.integers(1, 6)),
    st.integers(0, 6),
    st.booleans(),
    st.integers(1, 8),
)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_next_is_the_first_of_its_kind_going_round(  # noqa: PLR0913, PLR0917  # the parts of a situation
    desk: Desk,
    labeled: set[int],
    reviewed: set[int],
    read: set[int],
    after: int,
    is_backward: bool,  # noqa: FBT001  # drawn by Hypothesis
    near: int,
) -> None:
    session = desk.session()
    posts = {position: desk.posts[key] for position, key in enumerate(KEYS, start=1)}
    with desk.project.transaction() as connection:
        connection.execute("DELETE FROM reads")
    for position, post_id in posts.items():
        target = Target(thread_id=desk.thread_id, post_id=post_id)
        is_labeled = next_annotated(session, desk.thread_id, position - 1) == position
        if is_labeled is not (position in labeled):
            session.toggle("funny", target)
        session.review(post_id, is_reviewed=position in reviewed)
    session.mark_read(posts[position] for position in read)
    expected = {
        Wanted.UNLABELED: set(posts) - labeled,
        Wanted.UNREVIEWED: set(posts) - labeled - reviewed,
        Wanted.UNREAD: set(posts) - read,
        Wanted.ANNOTATED: labeled,
    }
    step = -1 if is_backward else 1
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("annotations.store.reading._NEAR", near)
        for wanted, members in expected.items():
            path = [(after + step * distance) % 7 for distance in range(1, 8)]
            first = next((position for position in path if position in members), None)
            assert next_post(session, wanted, desk.thread_id, after, is_backward=is_backward) == first


def test_a_step_forward_reads_only_the_index_of_positions(desk: Desk, session: LabelingSession) -> None:
    statements: list[str] = []
    desk.project.connection.set_trace_callback(statements.append)
    next_unread(session, desk.thread_id, 2)
    desk.project.connection.set_trace_callback(None)
    (statement,) = statements
    plan = [str(row[3]) for row in desk.rows(f"EXPLAIN QUERY PLAN {statement}")]
    assert any("COVERING INDEX posts_position (thread_id=? AND position>? AND position<?)" in step for step in plan)
    assert not any("TEMP B-TREE" in step for step in plan)


def test_a_far_annotation_is_found_without_walking(desk: Desk, session: LabelingSession) -> None:
    article = Post(key="0", parent=None, kind=PostKind.ARTICLE, text="Long")
    comments = [Post(key=str(number), parent="0", text="x") for number in range(1, 5001)]
    thread = Thread(key="long", title="Long", posts=(article, *comments), format="test")
    thread_id = save_thread(desk.project, thread, location="/long", source_sha256="long").thread.id
    ids = {post.position: post.id for post in iter_posts(desk.project, thread_id)}
    for position in (3000, 4000):
        session.apply("funny", Target(thread_id=thread_id, post_id=ids[position]))
    assert next_annotated(session, thread_id, 0) == 3000
    assert next_annotated(session, thread_id, 3500) == 4000
    assert next_annotated(session, thread_id, 4000) == 3000
    assert next_annotated(session, thread_id, 5000, is_backward=True) == 4000
    assert next_annotated(session, thread_id, 3000, is_backward=True) == 4000
    assert next_annotated(session, thread_id, 3001, is_backward=True) == 3000
