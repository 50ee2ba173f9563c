"""Undo and redo: unlimited, exact, each annotator's own, across restarts, and never at the price of what stands now."""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from msgspec.structs import replace

from annotations.errors import RuleError
from annotations.model import Annotation, Target
from annotations.session import LabelingSession
from annotations.span import Span
from annotations.store.check import check
from annotations.store.codebooks import apply_codebook
from annotations.store.history import Action, Cause, record_event
from annotations.store.labels import annotations_in_thread, load_annotation, reviewed_positions
from annotations.store.notes import load_note
from annotations.store.past import find_events
from annotations.store.project import Project
from annotations.store.rows import delete_row, load_row, update_row
from annotations.store.threads import find_thread, iter_posts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from annotations.codebook import Codebook
    from annotations.store.rows import Row
    from annotations.store.writing import Change
    from tests.annotations.conftest import Desk


@pytest.fixture
def session(desk: Desk) -> Iterator[LabelingSession]:
    yield desk.session()
    assert check(desk.project) == []


def labels_of(desk: Desk, name: str = "Ada") -> list[str]:
    annotator_id = desk.project.annotator(name).id
    return [each.label for each in annotations_in_thread(desk.project, desk.thread_id, annotator_id)]


def happened(change: Change | None) -> Change:
    assert change is not None
    return change


class TestUndoAndRedo:
    def test_they_go_back_and_forth_through_everything(self, desk: Desk, session: LabelingSession) -> None:
        states = [desk.state]
        claim = desk.only(session.apply("claim", desk.span(0, 7), note="n"))
        steps: list[Callable[[], Change]] = [
            lambda: session.apply("rebuts", desk.relation("1", "0", to_annotation=claim)),
            lambda: session.change(claim.id, span=Span(8, 14), attributes={"certainty": 1}),
            lambda: session.review(desk.posts["1"]),
            lambda: session.apply("premise", desk.span(8, 14)),
            lambda: session.review(desk.posts["1"], is_reviewed=False),
        ]
        for step in steps:
            states.append(desk.state)
            step()
        states.append(desk.state)
        for _ in range(2):
            for state in reversed(states[:-1]):
                assert happened(session.undo()).summary.startswith("Undone: ")
                assert desk.state == state
            assert session.undo() is None
            desk.reopen()
            session = desk.session()
            for state in states[1:]:
                assert happened(session.redo()).summary.startswith("Redone: ")
                assert desk.state == state
            assert session.redo() is None

    def test_a_change_says_what_came_and_went(self, desk: Desk, session: LabelingSession) -> None:
        agree = desk.only(session.apply("agree", desk.post("3.1")))
        disagree = desk.only(session.apply("disagree", desk.post("3.1")))
        undone = happened(session.undo())
        assert undone.summary == "Undone: Disagree on 3.1 (pikeperch), Agree off"
        assert (undone.added, undone.removed) == ((agree,), (disagree,))
        assert (undone.post_ids, undone.thread_ids) == ((desk.posts["3.1"],), (desk.thread_id,))
        redone = happened(session.redo())
        assert redone.summary == "Redone: Disagree on 3.1 (pikeperch), Agree off"
        assert (redone.added, redone.removed) == ((disagree,), (agree,))

    def test_a_new_step_ends_redo(self, desk: Desk, session: LabelingSession) -> None:
        session.apply("agree", desk.post("1"))
        session.apply("agree", desk.post("2"))
        session.undo()
        session.undo()
        session.apply("funny", desk.post("3"))
        assert session.redo() is None
        session.undo()
        assert labels_of(desk) == []
        assert session.undo() is None
        assert desk.rows("SELECT state FROM commands ORDER BY id") == [("dropped",), ("dropped",), ("undone",)]

    def test_a_step_that_changes_nothing_does_not_end_redo(self, desk: Desk, session: LabelingSession) -> None:
        session.apply("agree", desk.post("1"))
        session.apply("agree", desk.post("2"))
        session.undo()
        session.apply("agree", desk.post("1"))
        session.redo()
        assert labels_of(desk) == ["agree", "agree"]

    def test_each_annotator_has_their_own(self, desk: Desk, session: LabelingSession) -> None:
        bea = desk.session("Bea")
        session.apply("agree", desk.post("1"))
        bea.apply("disagree", desk.post("1"))
        session.undo()
        assert session.undo() is None
        assert (labels_of(desk, "Ada"), labels_of(desk, "Bea")) == ([], ["disagree"])
        bea.apply("funny", desk.post("1"))
        assert happened(session.redo()).summary == "Redone: Agree on 1 (pikeperch)"

    def test_terminals_of_one_annotator_share_it(self, desk: Desk, session: LabelingSession) -> None:
        with desk.open_again() as project:
            elsewhere = desk.session(project=project)
            session.toggle("agree", desk.post("1"))
            elsewhere.toggle("agree", desk.post("1"))
            assert happened(session.undo()).summary == "Undone: Agree off 1 (pikeperch)"
            assert happened(elsewhere.undo()).summary == "Undone: Agree on 1 (pikeperch)"
            assert session.undo() is None

    def test_history_keeps_all_of_it(self, desk: Desk, session: LabelingSession) -> None:
        session.apply("agree", desk.post("1"))
        for _ in range(3):
            session.undo()
            session.redo()
        told = [(each.cause, each.action) for each in find_events(desk.project)]
        back_and_forth = [(Cause.UNDO, Action.RETRACT), (Cause.REDO, Action.APPLY)]
        assert told == [(Cause.DO, Action.APPLY), *back_and_forth * 3]
        assert len({each.command_uuid for each in find_events(desk.project)}) == 1

    def test_the_next_step_is_found_by_the_index(self, desk: Desk, session: LabelingSession) -> None:
        session.apply("agree", desk.post("1"))
        session.undo()
        statements: list[str] = []
        desk.project.connection.set_trace_callback(statements.append)
        session.undo()
        session.redo()
        desk.project.connection.set_trace_callback(None)
        looks = [each for each in statements if each.startswith("SELECT") and "FROM commands" in each]
        assert len(looks) == 2
        for look in looks:
            plan = [str(row[3]) for row in desk.rows(f"EXPLAIN QUERY PLAN {look}")]
            assert plan == ["SEARCH commands USING INDEX commands_state (annotator_id=? AND state=?)"]


class TestWhatMovedUnderIt:
    """What undo meets after a merge or an import: both write events of their own, without commands."""

    def vanish(self, desk: Desk, annotation: Annotation) -> None:
        with desk.project.transaction():
            before = load_row(desk.project, annotation.id)
            delete_row(desk.project, annotation.id)
            self.record(desk, annotation, Action.RETRACT, before=before)

    def alter(self, desk: Desk, annotation: Annotation, **values: object) -> None:
        with desk.project.transaction():
            before = load_row(desk.project, annotation.id)
            update_row(desk.project, before | values)
            self.record(desk, annotation, Action.CHANGE, before=before, after=load_row(desk.project, annotation.id))

    def record(
        self, desk: Desk, annotation: Annotation, action: Action, before: Row | None = None, after: Row | None = None
    ) -> None:
        record_event(
            desk.project,
            annotator_id=annotation.annotator_id,
            command_uuid="merge",
            cause=Cause.IMPORT,
            action=action,
            thread_id=annotation.target.thread_id,
            post_id=annotation.target.post_id,
            annotation_uuid=annotation.uuid,
            before=before,
            after=after,
        )

    def refuse(self, desk: Desk, step: Callable[[], Change | None], message: str) -> None:
        """Expect an error that changes nothing but drops the command."""
        before = desk.state, desk.rows("SELECT * FROM events")
        dropped = desk.rows("SELECT COUNT(*) FROM commands WHERE state = 'dropped'")[0][0]
        with pytest.raises(RuleError, match=message) as caught:
            step()
        assert "It is skipped" in caught.value.hint
        assert (desk.state, desk.rows("SELECT * FROM events")) == before
        assert desk.rows("SELECT COUNT(*) FROM commands WHERE state = 'dropped'") == [(int(str(dropped)) + 1,)]

    def test_an_annotation_that_is_gone(self, desk: Desk, session: LabelingSession) -> None:
        session.apply("funny", desk.post("1"))
        agree = desk.only(session.apply("agree", desk.post("1")))
        self.vanish(desk, agree)
        self.refuse(desk, session.undo, "“Agree on 1 .pikeperch.” cannot be undone: the annotation has been taken off")
        assert happened(session.undo()).summary == "Undone: Funny on 1 (pikeperch)"
        assert session.undo() is None

    def test_a_step_of_several_is_refused_as_a_whole(self, desk: Desk, session: LabelingSession) -> None:
        session.apply("agree", desk.post("1"))
        session.apply("disagree", desk.post("1"))
        other = desk.only(desk.session("Bea").apply("agree", desk.post("1")))
        self.alter(desk, other, annotator_id=session.annotator.id)
        # Undo takes Disagree off, and only then finds that the place of the first Agree is taken.
        self.refuse(desk, session.undo, "cannot be undone: it does not fit what stands there now")
        assert labels_of(desk) == ["agree", "disagree"]

    def test_a_note_that_says_something_else_by_now(self, desk: Desk, session: LabelingSession) -> None:
        agree = desk.only(session.apply("agree", desk.post("1")))
        session.change(agree.id, note="mine")
        self.alter(desk, agree, note="merged")
        self.refuse(desk, session.undo, "cannot be undone: it has been changed since")
        assert load_annotation(desk.project, agree.id).note == "merged"
        session.undo()
        assert labels_of(desk) == []

    def test_what_a_step_did_not_touch_stays(self, desk: Desk, session: LabelingSession) -> None:
        claim = desk.only(session.apply("claim", desk.span(0, 7)))
        session.change(claim.id, note="mine")
        self.alter(desk, claim, attributes='{"certainty": 2}')
        session.undo()
        now = load_annotation(desk.project, claim.id)
        assert (now.note, now.attributes) == ("", {"certainty": 2})

    def test_a_redo_whose_place_is_taken(self, desk: Desk, session: LabelingSession) -> None:
        session.apply("funny", desk.post("2"))
        session.undo()
        session.apply("agree", desk.post("1"))
        session.undo()
        other = desk.only(desk.session("Bea").apply("agree", desk.post("1")))
        self.alter(desk, other, annotator_id=session.annotator.id)
        self.refuse(desk, session.redo, "cannot be redone: it does not fit")
        assert session.redo() is None

    def test_a_relation_on_what_would_go(self, desk: Desk, session: LabelingSession) -> None:
        claim = desk.only(session.apply("claim", desk.span(0, 7)))
        link = desk.only(desk.session("Bea").apply("rebuts", desk.relation("1", "0")))
        self.alter(desk, link, annotator_id=session.annotator.id, to_annotation_id=claim.id)
        self.refuse(desk, session.undo, "a relation has been tied to the annotation since")

    def test_reviews_that_changed(self, desk: Desk, session: LabelingSession) -> None:
        session.review(desk.posts["1"])
        session.review(desk.posts["2"])
        session.review(desk.posts["2"], is_reviewed=False)
        self.merge_review(desk, session, "2", Action.REVIEW)
        self.refuse(desk, session.undo, "cannot be undone: it does not fit")
        assert happened(session.undo()).summary == "Undone: 2 (eel) reviewed"
        self.merge_review(desk, session, "1", Action.UNREVIEW)
        self.refuse(desk, session.undo, "cannot be undone: the post is no longer reviewed")

    def merge_review(self, desk: Desk, session: LabelingSession, key: str, action: Action) -> None:
        row = {"annotator_id": session.annotator.id, "post_id": desk.posts[key], "reviewed_at": "2026-05-02T00:00:00Z"}
        is_new = action is Action.REVIEW
        with desk.project.transaction() as connection:
            if is_new:
                connection.execute("INSERT INTO reviews VALUES (:annotator_id, :post_id, :reviewed_at)", row)
            else:
                connection.execute("DELETE FROM reviews WHERE post_id = :post_id", row)
            record_event(
                desk.project,
                annotator_id=session.annotator.id,
                command_uuid="merge",
                cause=Cause.IMPORT,
                action=action,
                thread_id=desk.thread_id,
                post_id=desk.posts[key],
                before=None if is_new else row,
                after=row if is_new else None,
            )


class TestAcrossARevision:
    """The text changes between a step and its undo: what comes back goes where its words stand now."""

    LATER = "Harbour tunnel approved at last\n\nA study is out: the tunnel will flood every spring. Nobody asked us."

    def test_what_is_taken_off_comes_back_at_its_words(self, desk: Desk, session: LabelingSession) -> None:
        term = desk.only(session.apply("term", desk.words("Nobody asked us")))
        session.retract(term.id)
        desk.revise(self.LATER)
        session.undo()
        now = load_annotation(desk.project, term.id)
        assert now.quote is not None
        start = self.LATER.index("Nobody")
        assert now.target.span == Span(start, start + len("Nobody asked us"))
        assert not now.detached
        session.redo()
        assert labels_of(desk) == []

    def test_what_was_moved_by_the_import_goes_and_comes_from_there(self, desk: Desk, session: LabelingSession) -> None:
        term = desk.only(session.apply("term", desk.words("Nobody asked us")))
        desk.revise(self.LATER)
        moved = load_annotation(desk.project, term.id)
        assert moved.target.span != term.target.span
        session.undo()
        assert labels_of(desk) == []
        session.redo()
        assert load_annotation(desk.project, term.id) == moved

    def test_words_that_are_gone_come_back_detached(self, desk: Desk, session: LabelingSession) -> None:
        term = desk.only(session.apply("term", desk.words("It costs 40 million")))
        session.toggle("term", term.target)
        desk.revise(self.LATER)
        session.undo()
        now = load_annotation(desk.project, term.id)
        assert now.detached
        assert now.quote == term.quote

    def test_a_move_is_taken_back_to_the_old_words(self, desk: Desk, session: LabelingSession) -> None:
        term = desk.only(session.apply("term", desk.words("Nobody asked us")))
        session.change(term.id, span=desk.words("every spring").span)
        desk.revise(self.LATER)
        session.undo()
        now = load_annotation(desk.project, term.id)
        assert now.quote is not None
        assert now.quote.exact == "Nobody asked us"
        assert not now.detached


@dataclass
class Person:
    """What a plain model says of one annotator."""

    name: str
    there: dict[int, Annotation] = field(default_factory=dict)
    reviewed: set[int] = field(default_factory=set)
    done: list[Any] = field(default_factory=list)
    undone: list[Any] = field(default_factory=list)


GROUPS = (("claim", "premise"), ("agree", "disagree"), ("heated", "calm"), ("rebuts", "supports"))
PLACES: dict[str, list[Any]] = {
    "span": [("0", 0, 7), ("0", 8, 14), ("1", 0, 2)],
    "post": ["0", "1", "3"],
    "relation": [("1", "0"), ("2", "1"), ("1", "1"), (None, "1"), ("1", None), (None, None)],
}
"""Where labels are put; None is the thread as a whole."""
LABELS = {
    "span": ("claim", "premise", "term"),
    "post": ("agree", "disagree", "funny"),
    "thread": ("heated", "calm"),
    "relation": ("rebuts", "supports", "quotes"),
}
NAMES = st.sampled_from(["Ada", "Bea"])
PICKS = st.integers(0, 5)


class Labeling(RuleBasedStateMachine):
    """Two annotators do what comes to their minds; a model of dictionaries and lists says what must stand."""

    template: Path
    codebook: Codebook

    @initialize()
    def begin(self) -> None:
        self.folder = tempfile.TemporaryDirectory()
        self.path = Path(self.folder.name) / "postil.db"
        shutil.copy(self.template, self.path)
        self.people = {name: Person(name) for name in ("Ada", "Bea")}
        self.open()

    def open(self) -> None:
        self.project = Project.open(self.path)
        self.project.connection.execute("PRAGMA synchronous=OFF")  # no power is lost here, and it is much faster
        self.thread_id = find_thread(self.project, "tunnel").id
        self.posts = {post.key: post.id for post in iter_posts(self.project, self.thread_id)}
        self.sessions = {
            name: LabelingSession(self.project, self.project.annotator(name), self.codebook) for name in self.people
        }

    def target(self, scope: str, pick: int, person: Person) -> Target:
        if scope == "thread":
            return Target(thread_id=self.thread_id)
        place = PLACES[scope][pick % len(PLACES[scope])]
        if scope == "post":
            return Target(thread_id=self.thread_id, post_id=self.posts[place])
        if scope == "span":
            key, start, end = place
            return Target(thread_id=self.thread_id, post_id=self.posts[key], span=Span(start, end))
        ends = [each for each in person.there.values() if each.target.scope.value in {"span", "post"}]
        start = ends[0] if ends and pick in {1, 4, 5} else None
        end = ends[-1] if ends and pick in {2, 3, 5} else None
        return Target(
            thread_id=self.thread_id,
            post_id=start.target.post_id if start else self.posts.get(place[0]),
            from_annotation=start.id if start else None,
            to_post_id=end.target.post_id if end else self.posts.get(place[1]),
            to_annotation=end.id if end else None,
            to_thread_id=self.thread_id if end is None and place[1] is None else None,
        )

    def rows(self, person: Person) -> list[Any]:
        annotator_id = self.sessions[person.name].annotator.id
        queries = (
            "SELECT * FROM annotations WHERE annotator_id = ? ORDER BY id",
            "SELECT * FROM reviews WHERE annotator_id = ? ORDER BY post_id",
            "SELECT post_id, note FROM post_notes WHERE annotator_id = ? ORDER BY post_id",
        )
        return [self.project.connection.execute(query, (annotator_id,)).fetchall() for query in queries]

    def do(self, person: Person, change: Change, before: list[Any]) -> None:
        """Note a step: what stood before it, for the undo of it."""
        if change.thread_ids:
            person.done.append((before, dict(person.there), set(person.reviewed)))
            person.undone.clear()
        else:
            assert self.rows(person) == before

    def drop(self, there: dict[int, Annotation], gone: set[int]) -> dict[int, Annotation]:
        return {
            number: each
            for number, each in there.items()
            if number not in gone and not gone & {each.target.from_annotation, each.target.to_annotation}
        }

    def excluded(self, person: Person, label: str, target: Target) -> set[int]:
        group = next((group for group in GROUPS if label in group), ())
        return {
            number
            for number, each in person.there.items()
            if each.label in group and each.label != label and each.target == target
        }

    @rule(name=NAMES, scope=st.sampled_from(list(LABELS)), pick=PICKS, which=PICKS, is_toggle=st.booleans())
    def put(self, name: str, scope: str, pick: int, which: int, *, is_toggle: bool) -> None:
        person, session = self.people[name], self.sessions[name]
        label = LABELS[scope][which % len(LABELS[scope])]
        target = self.target(scope, pick, person)
        before = self.rows(person)
        step = session.toggle if is_toggle else session.apply
        starts, ends = (target.post_id, target.from_annotation), (target.to_post_id, target.to_annotation)
        if scope == "relation" and starts == ends:
            with pytest.raises(RuleError, match="where it starts"):
                step(label, target)
            return
        change = step(label, target)
        same = {each.id for each in person.there.values() if (each.label, each.target) == (label, target)}
        self.do(person, change, before)
        if same and not is_toggle:
            assert change.added == ()
        elif same:
            person.there = self.drop(person.there, same)
        else:
            person.there = self.drop(person.there, self.excluded(person, label, target))
            (annotation,) = change.added
            assert (annotation.label, annotation.target, annotation.note) == (label, target, "")
            person.there[annotation.id] = annotation

    @precondition(lambda self: any(person.there for person in self.people.values()))
    @rule(pick=PICKS, note=st.sampled_from([None, "", "a", "b"]), move=st.integers(0, 4), is_retract=st.booleans())
    def touch(self, pick: int, note: str | None, move: int, *, is_retract: bool) -> None:
        everything = [(person, each) for person in self.people.values() for each in person.there.values()]
        person, old = everything[pick % len(everything)]
        session, before = self.sessions[person.name], self.rows(person)
        if is_retract:
            change = session.retract(old.id)
            self.do(person, change, before)
            person.there = self.drop(person.there, {old.id})
            return
        span = Span(move, move + 7) if old.target.span and old.target.post_id == self.posts["0"] and move else None
        target = replace(old.target, span=span) if span else old.target
        if span and any((each.label, each.target) == (old.label, target) for each in self.others(person, old)):
            with pytest.raises(RuleError, match="is already on"):
                session.change(old.id, span=span, note=note)
            return
        change = session.change(old.id, span=span, note=note)
        self.do(person, change, before)
        if change.added:
            (new,) = change.added
            assert (new.target, new.note) == (target, old.note if note is None else note)
            if span and span != old.target.span:
                person.there = self.drop(person.there, self.excluded(person, old.label, target))
            person.there[new.id] = new
        else:
            assert note in {None, old.note}

    def others(self, person: Person, one: Annotation) -> list[Annotation]:
        return [each for each in person.there.values() if each.id != one.id]

    @rule(name=NAMES, key=st.sampled_from(["1", "2"]), is_reviewed=st.booleans())
    def review(self, name: str, key: str, *, is_reviewed: bool) -> None:
        person, before = self.people[name], self.rows(self.people[name])
        change = self.sessions[name].review(self.posts[key], is_reviewed=is_reviewed)
        self.do(person, change, before)
        (person.reviewed.add if is_reviewed else person.reviewed.discard)(self.posts[key])

    @rule(name=NAMES, key=st.sampled_from(["0", "1", "2"]), note=st.sampled_from(["", "a", " b\r\nc "]))
    def note(self, name: str, key: str, note: str) -> None:
        person, before = self.people[name], self.rows(self.people[name])
        session = self.sessions[name]
        self.do(person, session.note(self.posts[key], note), before)
        assert load_note(self.project, self.posts[key], session.annotator.id) == note.strip().replace("\r\n", "\n")

    @rule(name=NAMES, times=st.integers(1, 4))
    def undo(self, name: str, times: int) -> None:
        for _ in range(times):
            self.take_back(self.people[name])

    @rule(name=NAMES, times=st.integers(1, 4))
    def redo(self, name: str, times: int) -> None:
        for _ in range(times):
            self.do_again(self.people[name])

    def take_back(self, person: Person) -> None:
        now = self.rows(person), dict(person.there), set(person.reviewed)
        change = self.sessions[person.name].undo()
        assert (change is None) is (not person.done)
        if person.done:
            rows, person.there, person.reviewed = person.done.pop()
            person.undone.append(now)
            assert self.rows(person) == rows

    def do_again(self, person: Person) -> None:
        now = self.rows(person), dict(person.there), set(person.reviewed)
        change = self.sessions[person.name].redo()
        assert (change is None) is (not person.undone)
        if person.undone:
            rows, person.there, person.reviewed = person.undone.pop()
            person.done.append(now)
            assert self.rows(person) == rows

    @rule()
    def restart(self) -> None:
        self.project.close()
        self.open()

    @invariant()
    def the_project_says_what_the_model_says(self) -> None:
        for name, person in self.people.items():
            session = self.sessions[name]
            stored = {
                each.id: each for each in annotations_in_thread(self.project, self.thread_id, session.annotator.id)
            }
            assert stored == person.there
            positions = reviewed_positions(self.project, self.thread_id, session.annotator.id)
            assert len(positions) == len(person.reviewed)
            labeled = {each.target.post_id for each in stored.values()} - {None, self.posts["0"]}
            progress = session.progress(self.thread_id)
            assert (progress.labeled, progress.reviewed) == (len(labeled), len(person.reviewed))

    def teardown(self) -> None:
        if not hasattr(self, "project"):
            return
        try:
            last = {name: self.rows(person) for name, person in self.people.items()}
            steps = {name: len(person.done) for name, person in self.people.items()}
            for name, person in self.people.items():
                while person.done:
                    self.take_back(person)
                assert self.rows(person) == [[], [], []]
                assert self.sessions[name].undo() is None
            for name, person in self.people.items():
                for _ in range(steps[name]):
                    self.do_again(person)
                assert self.rows(person) == last[name]
            assert check(self.project) == []
            sequences = [each.sequence for each in find_events(self.project)]
            assert sequences == list(range(1, len(sequences) + 1))
        finally:
            self.project.close()
            self.folder.cleanup()


def test_any_sequence_of_steps_can_be_undone_and_redone(desk: Desk, codebook: Codebook) -> None:
    apply_codebook(desk.project, codebook)
    desk.project.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    Labeling.template, Labeling.codebook = desk.path, codebook
    from hypothesis.stateful import run_state_machine_as_test  # noqa: PLC0415  # only here

    run_state_machine_as_test(Labeling, settings=settings(max_examples=25, stateful_step_count=25, deadline=None))
