"""Projects of the third schema keep every row when they are brought to the fourth, and can be adjudicated then."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from sqlite_utils import Database

from annotations.adjudication import Adjudication, Take
from annotations.errors import ProjectError
from annotations.model import AnnotatorKind
from annotations.session import LabelingSession
from annotations.store.check import check
from annotations.store.migrations import project_migrations
from annotations.store.past import find_events
from annotations.store.project import APPLICATION_ID, SCHEMA_VERSION, Project
from tests.annotations.test_third_schema import COPIED, content, schema

if TYPE_CHECKING:
    from pathlib import Path

    from tests.annotations.conftest import Desk

KEPT = (*COPIED, "read_marks", "flags", "post_notes", "times", "text_signatures")


def columns(connection: sqlite3.Connection, table: str, of: str = "main") -> list[str]:
    return [row[1] for row in connection.execute(f"PRAGMA {of}.table_info({table})")]


@pytest.fixture
def third(desk: Desk, tmp_path: Path) -> Path:
    """A project as the third schema had it: labels, a model, flags, notes, reads, steps undone."""
    session = desk.session()
    claim = desk.only(session.apply("claim", desk.words("tunnel will flood"), note="n", attributes={"certainty": 3}))
    session.apply("rebuts", desk.relation("1", "0", to_annotation=claim))
    session.review(desk.posts["1"])
    session.flag(desk.posts["2"])
    session.note(desk.posts["2"], "Who?")
    session.mark_read([desk.posts["2"]])
    session.undo()
    model = desk.project.annotator("parrot", AnnotatorKind.MODEL)
    LabelingSession(desk.project, model, desk.codebook).apply("funny", desk.post("1"))
    path = tmp_path / "third.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        project_migrations.apply(Database(connection), stop_before="fourth_schema")
        connection.execute("PRAGMA foreign_keys=OFF")
        connection.execute("ATTACH ? AS now", (str(desk.path),))
        for table in KEPT:
            listed = ", ".join(columns(connection, table))
            connection.execute(f"INSERT INTO main.{table} ({listed}) SELECT {listed} FROM now.{table}")  # noqa: S608  # names of tables
        connection.execute("INSERT INTO posts_fts (posts_fts) VALUES ('rebuild')")
        connection.execute("CREATE VIEW mine AS SELECT r.name, r.kind FROM annotators AS r JOIN events AS e")
        connection.execute(f"PRAGMA application_id={APPLICATION_ID}")
        connection.execute("PRAGMA user_version=3")
        assert "adjudicator_id" not in columns(connection, "events")
        connection.execute("DETACH now")
    return path


def test_a_project_of_the_third_schema_keeps_all_that_is_in_it(desk: Desk, third: Path) -> None:
    with Project.open(third) as project:
        for table in KEPT:
            assert content(project, table) == content(desk.project, table), table
        assert schema(project) == schema(desk.project)
        assert [each.kind.value for each in project.annotators()] == ["person", "model"]
        assert project.connection.execute("SELECT name, kind FROM mine ORDER BY 2").fetchone() == ("parrot", "model")
        assert project.connection.execute("PRAGMA legacy_alter_table").fetchone() == (0,)
        assert project.connection.execute("PRAGMA foreign_key_check").fetchall() == []
        assert {event.adjudicator for event in find_events(project)} == {None}
        assert check(project) == []


def test_it_can_be_adjudicated_then_and_its_steps_be_undone(desk: Desk, third: Path) -> None:
    with Project.open(third) as project:
        assert Adjudication(project, "Bea").settle(desk.posts["1"], Take.NONE).posts == 1
        session = LabelingSession(project, project.annotator("Ada"), desk.codebook)
        assert session.redo() is not None
        while session.undo():
            pass
        assert project.connection.execute("SELECT COUNT(*) FROM annotations WHERE annotator_id = 1").fetchone() == (0,)
        assert check(project) == []


def test_annotators_are_persons_models_or_the_one_gold_set(desk: Desk) -> None:
    add = "INSERT INTO annotators (name, kind) VALUES (?, ?)"
    desk.project.connection.execute(add, ("gold", "gold"))
    for row in (("silver", "silver"), ("more gold", "gold")):
        with pytest.raises(sqlite3.IntegrityError):
            desk.project.connection.execute(add, row)


def test_a_project_of_a_later_schema_is_refused(desk: Desk) -> None:
    desk.project.connection.execute(f"PRAGMA user_version={SCHEMA_VERSION + 1}")
    with pytest.raises(
        ProjectError, match=f"newer Postil .schema {SCHEMA_VERSION + 1}, this one knows {SCHEMA_VERSION}"
    ):
        desk.reopen()
