"""Any earlier state comes back as a new step, which can be undone; or is refused with the reason, changing nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from annotations.errors import RuleError
from annotations.store.check import check
from annotations.store.flags import is_flagged
from annotations.store.history import Action, Cause
from annotations.store.labels import annotations_in_thread, load_annotation
from annotations.store.past import find_events

if TYPE_CHECKING:
    from collections.abc import Iterator

    from annotations.session import LabelingSession
    from annotations.store.history import Event
    from tests.annotations.conftest import Desk

LATER = "Harbour tunnel approved at last\n\nA study is out: the tunnel will flood every spring. Nobody asked us."


@pytest.fixture
def session(desk: Desk) -> Iterator[LabelingSession]:
    yield desk.session()
    assert check(desk.project) == []


def last(desk: Desk, action: Action) -> Event:
    return [each for each in find_events(desk.project) if each.action is action][-1]


def labels(desk: Desk) -> list[str]:
    return [each.label for each in annotations_in_thread(desk.project, desk.thread_id)]


def refuse(desk: Desk, session: LabelingSession, event: Event, message: str) -> None:
    before = desk.state, desk.rows("SELECT * FROM events"), desk.rows("SELECT * FROM commands")
    with pytest.raises(RuleError, match=message):
        session.restore(event.id)
    assert (desk.state, desk.rows("SELECT * FROM events"), desk.rows("SELECT * FROM commands")) == before


def test_what_was_taken_off_comes_back_as_itself_and_goes_by_undo(desk: Desk, session: LabelingSession) -> None:
    claim = desk.only(session.apply("claim", desk.span(0, 7), note="n", attributes={"certainty": 2}))
    session.retract(claim.id)
    for number in range(3):
        session.review(desk.posts["1"], is_reviewed=number != 1)
    change = session.restore(last(desk, Action.RETRACT).id)
    assert change.summary == "Claim on “Harbour” restored"
    now = load_annotation(desk.project, claim.id)
    assert (now.uuid, now.target, now.note, now.attributes) == (claim.uuid, claim.target, "n", {"certainty": 2})
    assert [each.cause for each in find_events(desk.project)][-1] is Cause.DO
    session.undo()
    assert labels(desk) == []
    session.redo()
    assert labels(desk) == ["claim"]


def test_every_state_of_an_annotation_can_be_had_again(desk: Desk, session: LabelingSession) -> None:
    term = desk.only(session.apply("claim", desk.words("flood")))
    session.change(term.id, note="first")
    session.change(term.id, span=desk.words("every spring").span, note="second", attributes={"certainty": 5})
    session.change(term.id, note="", attributes={})
    states = [
        each.after for each in find_events(desk.project) if each.annotation_uuid == term.uuid and each.after is not None
    ]
    happened = [each for each in find_events(desk.project) if each.annotation_uuid == term.uuid]
    for event, state in zip(happened, states, strict=True):
        session.restore(event.id)
        now = load_annotation(desk.project, term.id)
        assert now.quote is not None
        assert (now.note, now.quote.exact) == (state["note"], state["exact"])
        assert session.restore(event.id).thread_ids == ()
    for _ in range(4):
        session.undo()
    assert load_annotation(desk.project, term.id).note == ""


def test_a_label_that_took_the_place_of_another_gives_it_back(desk: Desk, session: LabelingSession) -> None:
    premise = desk.only(session.apply("premise", desk.span(0, 7)))
    session.relabel("premise", "term")
    assert labels(desk) == ["term"]
    session.restore(last(desk, Action.APPLY).id)
    assert load_annotation(desk.project, premise.id).label == "premise"
    session.undo()
    assert labels(desk) == ["term"]


def test_what_it_excludes_comes_off(desk: Desk, session: LabelingSession) -> None:
    session.apply("agree", desk.post("1"))
    session.apply("disagree", desk.post("1"))
    assert session.restore(last(desk, Action.RETRACT).id).summary == "Agree on 1 (pikeperch) restored, Disagree off"
    assert labels(desk) == ["agree"]
    session.undo()
    assert labels(desk) == ["disagree"]


def test_a_relation_comes_back_only_while_its_ends_stand(desk: Desk, session: LabelingSession) -> None:
    claim = desk.only(session.apply("claim", desk.span(0, 7)))
    session.apply("rebuts", desk.relation("1", "0", to_annotation=claim))
    session.retract(claim.id)
    relation, ends = [each for each in find_events(desk.project) if each.action is Action.RETRACT]
    refuse(desk, session, relation, "“Rebuts” cannot come back: what it was tied to is gone")
    session.restore(ends.id)
    session.restore(relation.id)
    assert sorted(labels(desk)) == ["claim", "rebuts"]


def test_words_follow_their_place_and_are_refused_where_they_are_gone(desk: Desk, session: LabelingSession) -> None:
    stays = desk.only(session.apply("term", desk.words("Nobody asked us")))
    session.retract(stays.id)
    first = last(desk, Action.RETRACT)
    session.retract(desk.only(session.apply("claim", desk.words("It costs 40 million"))).id)
    gone = last(desk, Action.RETRACT)
    desk.revise(LATER)
    session.restore(first.id)
    now = load_annotation(desk.project, stays.id)
    assert now.target.span is not None
    assert LATER[now.target.span.start : now.target.span.end] == "Nobody asked us"
    refuse(desk, session, gone, "“Claim” cannot come back: the words “It costs 40 million” are gone")


def test_a_place_that_is_taken_is_refused(desk: Desk, session: LabelingSession) -> None:
    session.toggle("funny", desk.post("1"))
    session.toggle("funny", desk.post("1"))
    session.toggle("funny", desk.post("1"))
    refuse(desk, session, last(desk, Action.RETRACT), "“Funny” is there already")


def test_others_and_unknown_events_are_refused(desk: Desk, session: LabelingSession) -> None:
    desk.session("Bea").toggle("funny", desk.post("1"))
    event = last(desk, Action.APPLY)
    refuse(desk, session, event, "That was Bea’s, not Ada’s")
    with pytest.raises(RuleError, match="has no event 4711"):
        session.restore(4711)
    with desk.project.transaction() as connection:
        connection.execute(
            "INSERT INTO events (uuid, origin, sequence, at, annotator_id, command_uuid, cause, action, thread_id) "
            "SELECT 'u', 'elsewhere', 1, at, ?, 'c', 'do', 'apply', thread_id FROM events LIMIT 1",
            (session.annotator.id,),
        )
    refuse(desk, session, last(desk, Action.APPLY), "That happened in another project")


def test_reviews_flags_and_notes_come_back_too(desk: Desk, session: LabelingSession) -> None:
    post = desk.posts["1"]
    session.review(post)
    session.review(post, is_reviewed=False)
    session.flag(post)
    session.flag(post)
    session.note(post, "look again")
    session.note(post, "")
    session.restore(last(desk, Action.REVIEW).id)
    session.restore(last(desk, Action.FLAG).id)
    session.restore(last(desk, Action.NOTE).id)
    assert session.is_reviewed(post)
    assert is_flagged(desk.project, post, session.annotator.id)
    assert desk.rows("SELECT note FROM post_notes") == [("look again",)]
    session.restore(last(desk, Action.UNREVIEW).id)
    assert not session.is_reviewed(post)
