"""Projects of the first and the second schema keep every row when they are brought to the third."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from sqlite_utils import Database

from annotations.errors import RuleError, UnknownNameError
from annotations.model import Post, Target
from annotations.session import LabelingSession
from annotations.store.check import check
from annotations.store.history import Action
from annotations.store.labels import annotations_in_thread, annotations_of_thread
from annotations.store.migrations import project_migrations
from annotations.store.notes import load_note, notes_on_posts
from annotations.store.past import find_events
from annotations.store.project import APPLICATION_ID, Project

if TYPE_CHECKING:
    from pathlib import Path

    from tests.annotations.conftest import Desk

COPIED = (
    "settings",
    "annotators",
    "threads",
    "posts",
    "thread_shapes",
    "codebook_versions",
    "labels",
    "annotations",
    "reviews",
    "places",
    "commands",
    "events",
)
OLD_COLUMNS = ("to_thread_id", "added_revision")
"""Columns that came later than the first schema."""


def copied_to_schema(desk: Desk, path: Path, stop_before: str, version: int) -> None:
    """Write what a project holds as a project of an earlier schema would hold it."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        project_migrations.apply(Database(connection), stop_before=stop_before)
        connection.execute("PRAGMA foreign_keys=OFF")
        connection.execute("ATTACH ? AS now", (str(desk.path),))
        for table in COPIED:
            names = [row[1] for row in connection.execute(f"PRAGMA main.table_info({table})")]
            listed = ", ".join(names)
            connection.execute(f"INSERT INTO main.{table} ({listed}) SELECT {listed} FROM now.{table}")  # noqa: S608  # names of tables
        connection.execute(
            "INSERT INTO main.reads (annotator_id, post_id, read_at) SELECT m.annotator_id, p.id, m.marked_at "
            "FROM now.read_marks AS m JOIN now.posts AS p ON p.thread_id = m.thread_id "
            "WHERE substr(m.marks, p.position + 1, 1) = '1'"
        )
        connection.execute("INSERT INTO posts_fts (posts_fts) VALUES ('rebuild')")
        connection.execute(
            "CREATE VIEW mine AS SELECT a.note, r.relation FROM annotations AS a, relations AS r, events"
        )
        connection.execute(f"PRAGMA application_id={APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version={version}")
        connection.execute("DETACH now")


def content(project: Project, table: str) -> list[tuple[object, ...]]:
    """Return the rows of a table, without the columns that the first schema did not have."""
    names = [row[1] for row in project.connection.execute(f"PRAGMA table_info({table})")]
    listed = ", ".join(name for name in names if name not in OLD_COLUMNS)
    return project.connection.execute(f"SELECT {listed} FROM {table} ORDER BY 1, 2").fetchall()  # noqa: S608  # names of tables


def schema(project: Project) -> list[tuple[object, ...]]:
    """Return how each table, index, trigger and view was made, but for the quotes that a renaming adds."""
    rows = project.connection.execute(
        "SELECT type, name, replace(sql, '\"', '') FROM sqlite_master WHERE name NOT LIKE 'sqlite%' AND name <> 'mine' "
        "AND name NOT LIKE 'posts_fts%' AND name <> '_sqlite_migrations' ORDER BY type, name"
    )
    return rows.fetchall()


@pytest.fixture
def worked_on(desk: Desk) -> Desk:
    """A project with annotations of every scope, relations on them, undone steps, and two annotators."""
    session = desk.session()
    claim = desk.only(session.apply("claim", desk.words("tunnel will flood"), note="n", attributes={"certainty": 3}))
    session.apply("rebuts", desk.relation("1", "0", to_annotation=claim))
    session.apply("agree", desk.post("1"))
    session.apply("heated", desk.thread)
    session.review(desk.posts["1"])
    session.mark_read([desk.posts["2"]])
    session.save_place(desk.thread_id, {"post": 3})
    desk.session("Bea").apply("funny", desk.post("2"))
    session.retract(claim.id)
    session.undo()
    session.apply("disagree", desk.post("1"))
    session.undo()
    return desk


@pytest.mark.parametrize(("stop_before", "version"), [("authors_and_arrivals", 1), ("third_schema", 2)])
def test_an_older_project_keeps_all_that_is_in_it(
    worked_on: Desk, tmp_path: Path, stop_before: str, version: int
) -> None:
    path = tmp_path / "old.db"
    copied_to_schema(worked_on, path, stop_before, version)
    with Project.open(path) as project:
        assert content(project, "read_marks") != []
        for table in (*COPIED, "read_marks", "text_signatures"):
            assert content(project, table) == content(worked_on.project, table), table
        assert schema(project) == schema(worked_on.project)
        assert project.connection.execute("SELECT relation FROM mine").fetchone() == ("Rebuts",)
        assert project.connection.execute("PRAGMA legacy_alter_table").fetchone() == (0,)
        assert check(project) == []
        with pytest.raises(sqlite3.DatabaseError, match="never deleted"):
            project.connection.execute("DELETE FROM events")
        with pytest.raises(sqlite3.DatabaseError, match="never changed"):
            project.connection.execute("UPDATE events SET cause = 'undo'")


def test_what_was_done_before_can_be_undone_and_more_be_done(worked_on: Desk, tmp_path: Path) -> None:
    path = tmp_path / "old.db"
    copied_to_schema(worked_on, path, "third_schema", 2)
    with Project.open(path) as project:
        session = LabelingSession(project, project.annotator("Ada"), worked_on.codebook)
        to_thread = Target(
            thread_id=worked_on.thread_id, post_id=worked_on.posts["1"], to_thread_id=worked_on.thread_id
        )
        session.apply("quotes", to_thread)
        session.note(worked_on.posts["2"], "Sounds tired.")
        assert [each.label for each in annotations_of_thread(project, worked_on.thread_id)] == ["heated", "quotes"]
        while session.undo():
            pass
        assert annotations_in_thread(project, worked_on.thread_id, session.annotator.id) == []
        while session.redo():
            pass
        labels = [each.label for each in annotations_in_thread(project, worked_on.thread_id, session.annotator.id)]
        assert sorted(labels) == ["agree", "claim", "heated", "quotes", "rebuts"]
        assert check(project) == []


def test_events_of_the_second_schema_can_be_reverted_without_its_new_column(worked_on: Desk) -> None:
    """An event keeps a row as it was, and rows had a column less then."""
    project = worked_on.project
    project.connection.execute("DROP TRIGGER events_are_final")
    project.connection.execute(
        "UPDATE events SET before = json_remove(before, '$.to_thread_id'), after = json_remove(after, '$.to_thread_id')"
    )
    assert check(project) == []
    session = worked_on.session()
    before = worked_on.state
    steps = 0
    while session.undo():
        steps += 1
    assert worked_on.rows("SELECT id FROM annotations WHERE annotator_id = 1") == []
    for _ in range(steps):
        session.redo()
    assert [row[:-2] for row in worked_on.state[0]] == [row[:-2] for row in before[0]]


def test_each_action_has_its_name_in_the_table(desk: Desk) -> None:
    session = desk.session()
    session.note(desk.posts["1"], "a")
    for action in Action:
        desk.project.connection.execute(
            "INSERT INTO events (uuid, origin, sequence, at, annotator_id, command_uuid, cause, action, thread_id) "
            "SELECT ?, origin, sequence + 1, at, annotator_id, '', cause, ?, thread_id FROM events ORDER BY id DESC LIMIT 1",
            (action.value, action.value),
        )
    assert [event.action for event in find_events(desk.project)][1:] == list(Action)


def test_a_note_that_was_changed_since_is_not_overwritten_by_undo(desk: Desk) -> None:
    session = desk.session()
    session.note(desk.posts["1"], "first")
    desk.project.connection.execute("UPDATE post_notes SET note = 'another'")
    with pytest.raises(RuleError, match="changed since"):
        session.undo()
    assert desk.rows("SELECT note FROM post_notes") == [("another",)]


def test_notes_outlive_an_import_of_the_thread_in_another_form(desk: Desk) -> None:
    session = desk.session()
    session.note(desk.posts["2"], "Who is meant?")
    desk.revise("Something else.", newcomer=Post(key="late", parent="0", text="I come late."))
    assert load_note(desk.project, desk.posts["2"], session.annotator.id) == "Who is meant?"
    session.undo()
    assert load_note(desk.project, desk.posts["2"], session.annotator.id) == ""
    assert check(desk.project) == []


def test_a_note_is_clean_and_says_something_or_is_not_there(desk: Desk) -> None:
    session = desk.session()
    with pytest.raises(RuleError, match=r"The note holds U\+001B"):
        session.note(desk.posts["2"], "\x1b[2J")
    with pytest.raises(UnknownNameError):
        session.note(99, "x")
    assert session.note(desk.posts["2"], "  ").summary == "There is no note on 2 (eel)"
    assert session.note(desk.posts["2"], " a\r\nb ").summary == "Note on 2 (eel)"
    assert session.note(desk.posts["2"], "a\nb").summary == "The note on 2 (eel) stays as it is"
    desk.session("Bea").note(desk.posts["2"], "mine")
    notes = notes_on_posts(desk.project, desk.posts.values())[desk.posts["2"]]
    assert [(each.annotator, each.note) for each in notes] == [("Ada", "a\nb"), ("Bea", "mine")]
    assert desk.rows("SELECT thread, post, annotator, note FROM noted_posts ORDER BY annotator") == [
        ("tunnel", "2", "Ada", "a\nb"),
        ("tunnel", "2", "Bea", "mine"),
    ]
