"""The history looked through: by who, what, where, when and in which words."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from annotations.event_filter import Asked, parse_asked
from annotations.store.history import Action
from annotations.store.past import EventFilter, find_event_ids, find_events, load_events, resolve

if TYPE_CHECKING:
    from annotations.store.history import Event
    from tests.annotations.conftest import Desk

NOW = datetime(2026, 5, 2, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _work(desk: Desk) -> None:
    """Do some work; the clock goes on a second with each look at it."""
    ada, bea = desk.session("Ada"), desk.session("Bea")
    ada.apply("agree", desk.post("1"))
    bea.apply("claim", desk.words("The tunnel will flood"), note="Überschwemmung")
    ada.flag(desk.posts["1.1"])
    bea.review(desk.posts["2"])
    ada.apply("calm", desk.thread)
    ada.undo()


def told(found: list[Event]) -> list[str]:
    return [f"{each.annotator} {each.action} {each.post}" for each in found]


ALL = ["Ada apply 1", "Bea apply 0", "Ada flag 1.1", "Bea review 2", "Ada apply None", "Ada retract None"]


def search(desk: Desk, typed: str) -> list[str]:
    wanted = resolve(desk.project, parse_asked(typed, NOW), EventFilter())
    return told(list(find_events(desk.project, wanted)))


FOUND = {
    "": [0, 1, 2, 3, 4, 5],
    "by:ad": [0, 2, 4, 5],
    "by:ada by:bea": [0, 1, 2, 3, 4, 5],
    "by:nobody": [],
    "label:agr": [0],
    "label:cal": [4, 5],
    'label:"Claim"': [1],
    "post:1.1": [2],
    "post:1.1 post:2": [2, 3],
    "action:flag": [2],
    'action:"taken off"': [5],
    "FLOOD": [1],
    "überschwemmung": [1],
    "ubersch": [],
    "eel reviewed": [3],
    "undo": [5],
    "by:ada post:1": [0],
    "100%": [],
    "since:2026-05-01": [0, 1, 2, 3, 4, 5],
    "until:2026-04-30": [],
    "since:1d until:2026-05-01": [0, 1, 2, 3, 4, 5],
}
"""What is typed, and the places in `ALL` of the events that it finds."""


def test_words_and_conditions_find_events(desk: Desk) -> None:
    found = {typed: search(desk, typed) for typed in FOUND}
    assert found == {typed: [ALL[place] for place in places] for typed, places in FOUND.items()}


def test_times_cut_between_two_events(desk: Desk) -> None:
    moments = [event.at for event in find_events(desk.project)]
    middle = EventFilter(since=moments[1], until=moments[3])
    assert told(list(find_events(desk.project, middle))) == ALL[1:3]
    of_ada = EventFilter(since=moments[1], annotator_ids=(desk.project.annotator("Ada").id,))
    assert told(list(find_events(desk.project, of_ada))) == [ALL[2], ALL[4], ALL[5]]


@pytest.mark.parametrize(
    ("typed", "problem"),
    [("since:soon", "since: 'soon' is no moment"), ("action:jump", "action: is one of put on, taken off")],
)
def test_what_cannot_be_meant_is_told(typed: str, problem: str) -> None:
    assert parse_asked(typed, NOW).problem.startswith(problem)


@given(st.text(max_size=40))
def test_nothing_that_is_typed_fails(typed: str) -> None:
    assert isinstance(parse_asked(typed, NOW), Asked)


def test_the_newest_so_many_come_oldest_first(desk: Desk) -> None:
    assert told(list(find_events(desk.project, EventFilter(), 2))) == ALL[4:]
    assert told(list(find_events(desk.project, EventFilter(post_id=desk.posts["1"]), 5))) == ALL[:1]
    assert list(find_events(desk.project, EventFilter(), 0)) == []


@given(
    thread=st.booleans(),
    post=st.sampled_from([None, "0", "1", "1.1"]),
    who=st.sampled_from([None, ("Ada",), ("Ada", "Bea")]),
    actions=st.sampled_from([None, (Action.APPLY,), (Action.FLAG, Action.RETRACT)]),
    since=st.integers(0, 6),
)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_conditions_together_find_what_a_walk_finds(  # noqa: PLR0913, PLR0917  # what Hypothesis draws
    desk: Desk,
    thread: bool,  # noqa: FBT001  # drawn by Hypothesis
    post: str | None,
    who: tuple[str, ...] | None,
    actions: tuple[Action, ...] | None,
    since: int,
) -> None:
    everything = list(find_events(desk.project))
    moment = everything[since].at if since < len(everything) else ""
    wanted = EventFilter(
        thread_id=desk.thread_id if thread else None,
        post_id=desk.posts[post] if post else None,
        annotator_ids=None if who is None else tuple(desk.project.annotator(name).id for name in who),
        actions=actions,
        since=moment,
    )
    expected = [
        each
        for each in everything
        if (post is None or each.post == post)
        and (who is None or each.annotator in who)
        and (actions is None or each.action in actions)
        and each.at >= moment
    ]
    assert list(find_events(desk.project, wanted)) == expected
    ids = [event_id for step in find_event_ids(desk.project, wanted) for event_id in step]
    assert ids == [each.id for each in reversed(expected)]


def test_ids_come_in_steps_from_the_newest_on(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("annotations.store.past.FIRST_STEP", 2)
    monkeypatch.setattr("annotations.store.past.STEP", 3)
    steps = list(find_event_ids(desk.project, EventFilter()))
    assert [len(step) for step in steps[:2]] == [2, 3]
    assert [each for step in steps for each in step] == [
        event.id for event in reversed(list(find_events(desk.project)))
    ]


def test_events_are_read_by_their_rows(desk: Desk) -> None:
    everything = list(find_events(desk.project))
    chosen = [everything[4].id, everything[1].id, 99_999]
    assert load_events(desk.project, chosen) == {everything[1].id: everything[1], everything[4].id: everything[4]}


@pytest.mark.parametrize(
    ("wanted", "index"),
    [
        (EventFilter(), "INTEGER PRIMARY KEY (rowid>? AND rowid<?)"),
        (EventFilter(thread_id=1, post_id=2), "INDEX events_post (post_id=? AND rowid>? AND rowid<?)"),
        (EventFilter(thread_id=1), "INDEX events_thread (thread_id=? AND rowid>? AND rowid<?)"),
        (EventFilter(annotator_ids=(1,)), "INDEX events_annotator (annotator_id=? AND rowid>? AND rowid<?)"),
        (EventFilter(annotation_uuid="u"), "INDEX events_annotation (annotation_uuid=? AND rowid>? AND rowid<?)"),
        (EventFilter(since="2026"), "INTEGER PRIMARY KEY (rowid>? AND rowid<?)"),
    ],
)
def test_an_index_leads_to_the_events_and_nothing_is_sorted(desk: Desk, wanted: EventFilter, index: str) -> None:
    statements: list[str] = []
    desk.project.connection.set_trace_callback(statements.append)
    list(find_event_ids(desk.project, wanted))
    desk.project.connection.set_trace_callback(None)
    statement = next(each for each in statements if "ORDER BY e.id DESC" in each)
    plan = " | ".join(str(row[3]) for row in desk.rows(f"EXPLAIN QUERY PLAN {statement}"))
    assert index in plan
    assert "TEMP B-TREE FOR ORDER BY" not in plan
    if wanted.since:
        bounds = next(each for each in statements if "MIN(id)" in each)
        plan = " | ".join(str(row[3]) for row in desk.rows(f"EXPLAIN QUERY PLAN {bounds}"))
        assert "COVERING INDEX events_at (at>?)" in plan
