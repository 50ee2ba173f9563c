"""The history: in order, without gaps, complete, whoever writes at the same time and however it ends."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

import pytest

from annotations.model import Target
from annotations.store.check import check
from annotations.store.history import Action, Cause, Event, Watch, changes_since, last_event_id, record_event
from annotations.store.labels import annotations_in_thread
from annotations.store.past import EventFilter, find_events
from annotations.store.rows import find_row_id, new_annotation_id

if TYPE_CHECKING:
    from tests.annotations.conftest import Desk

ROOT = Path(__file__).parents[2]

LABEL_FOR_EVER = """
import sys
from itertools import cycle
from pathlib import Path

from annotations.model import Target
from annotations.session import LabelingSession
from annotations.store.codebooks import current_codebook
from annotations.store.project import Project

path, annotator, thread_id, *posts = sys.argv[1:]
with Project.open(Path(path)) as project:
    session = LabelingSession(project, project.annotator(annotator), current_codebook(project))
    print("ready", flush=True)
    for post in cycle(posts):
        change = session.apply("agree", Target(thread_id=int(thread_id), post_id=int(post)))
        print("+", change.added[0].uuid, flush=True)
        if change.added[0].id % 3 == 0:
            session.undo()
            print("-", change.added[0].uuid, flush=True)
            session.redo()
            print("+", change.added[0].uuid, flush=True)
        change = session.apply("disagree", Target(thread_id=int(thread_id), post_id=int(post)))
        print("-", change.removed[0].uuid, flush=True)
        print("+", change.added[0].uuid, flush=True)
        session.toggle("disagree", Target(thread_id=int(thread_id), post_id=int(post)))
        print("-", change.added[0].uuid, flush=True)
        session.apply("funny", Target(thread_id=int(thread_id), post_id=int(post)))
"""


def sequences(desk: Desk) -> list[int]:
    return [each.sequence for each in find_events(desk.project)]


class TestEvents:
    @pytest.fixture(autouse=True)
    def _work(self, desk: Desk) -> None:
        ada, bea = desk.session("Ada"), desk.session("Bea")
        ada.apply("agree", desk.post("1"))
        bea.apply("agree", desk.post("1"))
        ada.apply("calm", desk.thread)
        bea.apply("calm", Target(thread_id=desk.other_id))
        ada.undo()

    def test_they_say_who_did_what_where(self, desk: Desk) -> None:
        told = [
            (each.annotator, each.action, each.cause, each.thread, each.post, each.summary)
            for each in find_events(desk.project)
        ]
        assert told == [
            ("Ada", Action.APPLY, Cause.DO, "tunnel", "1", "Agree on 1 (pikeperch)"),
            ("Bea", Action.APPLY, Cause.DO, "tunnel", "1", "Agree on 1 (pikeperch)"),
            ("Ada", Action.APPLY, Cause.DO, "tunnel", None, "Calm on the thread"),
            ("Bea", Action.APPLY, Cause.DO, "ferry", None, "Calm on the thread"),
            ("Ada", Action.RETRACT, Cause.UNDO, "tunnel", None, "Calm on the thread"),
        ]
        assert {each.origin for each in find_events(desk.project)} == {desk.project.origin}
        assert sequences(desk) == [1, 2, 3, 4, 5]

    def test_they_are_found_by_thread_annotator_and_post(self, desk: Desk) -> None:
        ada = desk.project.annotator("Ada").id

        def found(wanted: EventFilter, limit: int | None = None) -> list[int]:
            return [each.sequence for each in find_events(desk.project, wanted, limit)]

        assert found(EventFilter(thread_id=desk.thread_id)) == [1, 2, 3, 5]
        assert found(EventFilter(annotator_ids=(ada,))) == [1, 3, 5]
        assert found(EventFilter(post_id=desk.posts["1"])) == [1, 2]
        assert found(EventFilter(post_id=desk.posts["1"], annotator_ids=(ada,))) == [1]
        assert found(EventFilter(), 2) == [4, 5]
        assert found(EventFilter(), 0) == []
        assert found(EventFilter(thread_id=desk.thread_id), 2) == [3, 5]

    def test_nothing_of_it_can_be_changed(self, desk: Desk) -> None:
        for statement in ("DELETE FROM events", "UPDATE events SET at = ''"):
            with pytest.raises(sqlite3.IntegrityError, match="events are never"):
                desk.project.connection.execute(statement)

    def test_an_import_records_without_a_command(self, desk: Desk) -> None:
        (annotation, *_) = annotations_in_thread(desk.project, desk.thread_id)
        with desk.project.transaction():
            event_id = record_event(
                desk.project,
                annotator_id=annotation.annotator_id,
                command_uuid="import-1",
                cause=Cause.IMPORT,
                action=Action.CHANGE,
                thread_id=desk.thread_id,
                post_id=annotation.target.post_id,
                annotation_uuid=annotation.uuid,
                before={"note": "é"},
                after={"note": "ü", "id": annotation.id},
            )
        *_, event = find_events(desk.project)
        assert (event.id, event.sequence, event.summary) == (event_id, 6, "")
        assert (event.before, event.after) == ({"note": "é"}, {"note": "ü", "id": annotation.id})
        undone = desk.session("Ada").undo()
        assert undone is not None
        assert undone.summary == "Undone: Agree on 1 (pikeperch)"

    def test_events_of_another_project_have_their_own_sequence(self, desk: Desk) -> None:
        with desk.project.transaction() as connection:
            connection.execute(
                "INSERT INTO events (uuid, origin, sequence, at, annotator_id, command_uuid, cause, action, thread_id) "
                "SELECT 'u', 'elsewhere', 1, at, annotator_id, 'c', 'do', 'review', thread_id FROM events LIMIT 1"
            )
        desk.session("Ada").apply("funny", desk.post("2"))
        assert sequences(desk) == [1, 2, 3, 4, 5, 1, 6]

    def test_a_new_annotation_never_gets_a_row_that_was_used(self, desk: Desk) -> None:
        # A merge may bring annotations whose rows run ahead of the events.
        with desk.project.transaction() as connection:
            connection.execute("UPDATE annotations SET id = 1000 WHERE id = (SELECT MAX(id) FROM annotations)")
        assert new_annotation_id(desk.project) == 1001
        session = desk.session("Ada")
        change = session.apply("funny", desk.post("2"))
        assert desk.only(change).id == 1001
        session.undo()
        assert new_annotation_id(desk.project) > 1001


class TestOtherTerminals:
    def test_what_another_does_is_seen_since_a_point(self, desk: Desk) -> None:
        assert last_event_id(desk.project) == 0
        assert changes_since(desk.project, 0) == []
        with desk.open_again() as other:
            session = desk.session("Bea", other)
            session.apply("agree", desk.post("1"))
            point = last_event_id(desk.project)
            session.apply("disagree", desk.post("1"))
        seen = changes_since(desk.project, point)
        assert [each.action for each in seen] == [Action.RETRACT, Action.APPLY]
        assert {each.post_id for each in seen} == {desk.posts["1"]}
        assert changes_since(desk.project, last_event_id(desk.project)) == []

    def test_a_watch_tells_each_change_once(self, desk: Desk) -> None:
        desk.session().apply("funny", desk.post("2"))
        watch = Watch(desk.project)
        assert watch.poll() == []
        with desk.open_again() as other:
            session = desk.session("Bea", other)
            session.apply("agree", desk.post("1"))
            session.mark_read([desk.posts["1"]])
            assert [each.annotator for each in watch.poll()] == ["Bea"]
            assert watch.poll() == []
            session.mark_read([desk.posts["2"]])
            assert watch.poll() == []
            session.undo()
            assert [each.cause for each in watch.poll()] == [Cause.UNDO]

    def test_an_idle_watch_reads_no_table(self, desk: Desk) -> None:
        watch = Watch(desk.project)
        statements: list[str] = []
        desk.project.connection.set_trace_callback(statements.append)
        assert watch.poll() == []
        assert statements == ["PRAGMA data_version"]


def label_in_turns(desk: Desk, name: str, failures: list[BaseException]) -> None:
    try:
        with desk.open_again() as project:
            session = desk.session(name, project)
            for key in ("1", "1.1", "1.1.1", "2", "3", "3.1") * 4:
                session.toggle("agree", desk.post(key))
                session.toggle_review(desk.posts[key])
                session.undo()
    except BaseException as error:  # noqa: BLE001  # the test's own thread raises it
        failures.append(error)


def test_writers_at_the_same_time_lose_nothing(desk: Desk) -> None:
    desk.session("Ada").apply("funny", desk.post("1"))
    failures: list[BaseException] = []
    # Two terminals of one annotator among them: they take back each other's steps.
    writers = [Thread(target=label_in_turns, args=(desk, name, failures)) for name in ("Ada", "Bea", "Bea")]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert failures == []
    assert sequences(desk) == list(range(1, len(sequences(desk)) + 1))
    assert check(desk.project) == []
    ada = desk.project.annotator("Ada").id
    # Ada works alone on hers: 24 toggles leave nothing, each undo takes back the review before it.
    assert [each.label for each in annotations_in_thread(desk.project, desk.thread_id, ada)] == ["funny"]
    assert len(list(find_events(desk.project, EventFilter(annotator_ids=(ada,))))) == 1 + 24 * 3
    assert replayed(list(find_events(desk.project))) == standing(desk)


def replayed(history: list[Event]) -> set[str]:
    """Return the annotations that stand after all that is told."""
    there: set[str] = set()
    for event in history:
        if event.annotation_uuid is not None:
            assert (event.annotation_uuid in there) is (event.before is not None)
            (there.add if event.after is not None else there.discard)(event.annotation_uuid)
    return there


def standing(desk: Desk) -> set[str]:
    return {str(row[0]) for row in desk.rows("SELECT uuid FROM annotations")}


def test_what_was_acknowledged_survives_a_kill(desk: Desk) -> None:
    desk.session("Ada").apply("funny", desk.post("0"))  # brings the codebook
    posts = [str(post_id) for post_id in desk.posts.values()]
    commands = [
        [sys.executable, "-c", LABEL_FOR_EVER, str(desk.path), name, str(desk.thread_id), *posts]
        for name in ("Bea", "Cleo")
    ]
    labelers = [
        subprocess.Popen(
            command, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, stdout=subprocess.PIPE, text=True
        )
        for command in commands
    ]
    told = []
    for count, labeler in zip((60, 90), labelers, strict=True):
        assert labeler.stdout is not None
        assert labeler.stdout.readline() == "ready\n"
        lines = [labeler.stdout.readline() for _ in range(count)]
        labeler.kill()
        rest, _ = labeler.communicate()
        told.append([*lines, *rest.splitlines(keepends=True)])
    desk.reopen()
    assert check(desk.project) == []
    assert sequences(desk) == list(range(1, len(sequences(desk)) + 1))
    assert replayed(list(find_events(desk.project))) == standing(desk)
    for lines in told:
        whole = [line.split() for line in lines if line.endswith("\n")]
        assert len(whole) >= 60
        # The last acknowledged step may have been followed by one more that was committed and not told.
        last = {uuid: sign for sign, uuid in whole}
        unsure = whole[-1][1]
        for uuid, sign in last.items():
            if uuid != unsure:
                assert (find_row_id(desk.project, uuid) is not None) is (sign == "+")
        known = {each.annotation_uuid for each in find_events(desk.project)}
        assert set(last) <= known
