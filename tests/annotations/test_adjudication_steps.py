"""Whatever annotators put and whatever is settled: undo brings back what was, and nobody's own work is touched."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from annotations.adjudication import Adjudication, Take
from annotations.errors import RuleError
from annotations.model import Target
from annotations.session import LabelingSession
from annotations.store.adjudication import gold_id
from annotations.store.check import check
from annotations.store.labels import annotations_of_posts
from annotations.store.project import Project
from annotations.store.snapshot import load_ends
from annotations.units import place_of
from tests.annotations.conftest import Desk

if TYPE_CHECKING:
    from pathlib import Path

    from annotations.codebook import Codebook
    from annotations.model import Annotation
    from annotations.units import Place

POSTS = ("0", "1", "1.1", "2")
NAMES = ("Ada", "Bea", "Cem")
SPANS = ((0, 4), (2, 6))


@pytest.fixture(scope="module")
def blank(tmp_path_factory: pytest.TempPathFactory, codebook: Codebook) -> Desk:
    """A project in which nobody has labeled."""
    desk = Desk(tmp_path_factory.mktemp("blank") / "postil.db", codebook)
    for name in NAMES:
        desk.session(name)
    desk.project.close()
    return desk


def put_something(data: st.DataObject, desk: Desk, session: LabelingSession) -> None:
    """Let an annotator do one thing."""
    post = data.draw(st.sampled_from(POSTS))
    target = desk.post(post)
    match data.draw(st.sampled_from(["post", "span", "thread", "relation", "review"])):
        case "post":
            session.apply(data.draw(st.sampled_from(["agree", "funny"])), target)
        case "span":
            certainty = data.draw(st.sampled_from([3, 4]))
            span = desk.span(*data.draw(st.sampled_from(SPANS)), post)
            session.apply("claim", span, attributes={"certainty": certainty})
        case "thread":
            session.apply("heated", desk.thread)
        case "review":
            session.review(desk.posts[post])
        case _:
            relate(data, desk, session, post)


def relate(data: st.DataObject, desk: Desk, session: LabelingSession, post: str) -> None:
    """Let an annotator tie something on a post to something on another, or to the thread."""
    other = data.draw(st.sampled_from([each for each in POSTS if each != post]))
    ids = [desk.posts[post], desk.posts[other]]
    own = annotations_of_posts(session.project, ids, session.annotator.id)
    start, end = ([None, *(each for each in own[row] if each.target.scope != "relation")] for row in ids)
    target = desk.relation(post, other, data.draw(st.sampled_from(start)), data.draw(st.sampled_from(end)))
    if data.draw(st.booleans()):
        target = Target(thread_id=desk.thread_id, post_id=desk.posts[post], to_thread_id=desk.thread_id)
    session.apply("rebuts", target)


def settle_something(data: st.DataObject, desk: Desk, adjudication: Adjudication, project: Project) -> bool:
    """Do one step of adjudication; tell whether it did anything."""
    post_id = desk.posts[data.draw(st.sampled_from(POSTS))]
    how = data.draw(st.sampled_from([*Take, *NAMES, "agreed", "reopen"]))
    try:
        if how == "agreed":
            return bool(adjudication.settle_agreed(at_least=data.draw(st.integers(1, 3))).posts)
        if how == "reopen":
            adjudication.reopen(post_id)
            return True
        taking = how if isinstance(how, Take) else project.annotator(how)
        return bool(adjudication.settle(post_id, taking).posts)
    except RuleError:
        return False


def state(project: Project) -> list[list[tuple[Any, ...]]]:
    queries = ("SELECT * FROM annotations ORDER BY id", "SELECT * FROM reviews ORDER BY annotator_id, post_id")
    return [project.connection.execute(query).fetchall() for query in queries]


def own_work(project: Project) -> list[list[tuple[Any, ...]]]:
    gold = gold_id(project)
    annotations, reviews = state(project)
    return [[row for row in annotations if row[2] != gold], [row for row in reviews if row[0] != gold]]


def said(project: Project, annotations: list[Annotation]) -> set[tuple[str, Place, tuple[object, ...]]]:
    """Return what annotations say, whoever says it."""
    tied = {row for each in annotations for row in (each.target.from_annotation, each.target.to_annotation)}
    ends = load_ends(project, [row for row in tied if row is not None])
    return {(each.label, place_of(each, ends), tuple(sorted(each.attributes.items()))) for each in annotations}


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_every_step_can_be_taken_back_and_done_again(blank: Desk, tmp_path: Path, data: st.DataObject) -> None:
    path = tmp_path / "postil.db"
    shutil.copy(blank.path, path)
    with Project.open(path, clock=blank.clock) as project:
        for name in NAMES:
            session = LabelingSession(project, project.annotator(name), blank.codebook)
            for _ in range(data.draw(st.integers(0, 6))):
                put_something(data, blank, session)
        before, adjudication = own_work(project), Adjudication(project, "Dora")
        states = [state(project)]
        for _ in range(data.draw(st.integers(1, 6))):
            if settle_something(data, blank, adjudication, project):
                states.append(state(project))
            else:
                assert state(project) == states[-1]
            assert own_work(project) == before
        assert check(project) == []
        for expected in reversed(states[:-1]):
            adjudication.undo()
            assert state(project) == expected
        for expected in states[1:]:
            adjudication.redo()
            assert state(project) == expected
        assert check(project) == []


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_what_is_settled_as_agreed_is_what_each_who_saw_it_has_put(
    blank: Desk, tmp_path: Path, data: st.DataObject
) -> None:
    path = tmp_path / "postil.db"
    shutil.copy(blank.path, path)
    with Project.open(path, clock=blank.clock) as project:
        sessions = [LabelingSession(project, project.annotator(name), blank.codebook) for name in NAMES]
        for _ in range(data.draw(st.integers(1, 4))):
            some = data.draw(st.lists(st.sampled_from(sessions), min_size=1, unique_by=id))
            post = blank.posts[data.draw(st.sampled_from(POSTS))]
            label = data.draw(st.sampled_from(["agree", "funny", ""]))
            for session in some:
                session.apply(label, Target(thread_id=blank.thread_id, post_id=post)) if label else session.review(post)
        put_something(data, blank, data.draw(st.sampled_from(sessions)))
        seen = {each.post_id: each for each in Adjudication(project).disagreements()}
        Adjudication(project, "Dora").settle_agreed()
        gold = gold_id(project)
        settled = {row for annotator, row, *_ in state(project)[1] if annotator == gold}
        assert settled == {post_id for post_id, each in seen.items() if each.is_agreed}
        for post_id in settled:
            everybody = annotations_of_posts(project, [post_id])[post_id]
            mine = said(project, [each for each in everybody if each.annotator_id == gold])
            for seer in seen[post_id].seers:
                assert mine == said(project, [each for each in everybody if each.annotator_id == seer])
