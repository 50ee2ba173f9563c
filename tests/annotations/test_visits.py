"""What is new to an annotator: what came with a later import than the one they knew, until it is read or was seen."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

from sqlite_utils import Database

from annotations.model import Post
from annotations.store import authors, visits
from annotations.store.migrations import project_migrations
from annotations.store.posts import find_post
from annotations.store.project import APPLICATION_ID, Project
from annotations.store.threads import load_thread

if TYPE_CHECKING:
    from pathlib import Path

    from annotations.session import LabelingSession
    from tests.annotations.conftest import Desk

LATE = Post(key="late", parent="0", author="eel", text="I come late.")
LATER = Post(key="later", parent="0", author="Ada", text="Nobody counted the ships.")
OLD_PROJECT = """
    INSERT INTO annotators (id, name) VALUES (1, 'Ada');
    INSERT INTO threads (id, key, title, source, source_sha256, content_sha256, format, posts, max_depth, revision,
        imported_at) VALUES (1, 'old', 'Old', '/old', '', '', 'test', 2, 1, 3, '2026-05-01T08:00:00Z');
    INSERT INTO posts (id, thread_id, key, position, depth, subtree_size, kind, text, sha256)
        VALUES (1, 1, '0', 0, 0, 2, 'article', 'Old', '');
    INSERT INTO posts (id, thread_id, key, parent_id, position, depth, subtree_size, kind, author, text, sha256)
        VALUES (2, 1, '1', 1, 1, 1, 1, 'comment', 'eel', 'Old', '');
    INSERT INTO places (annotator_id, thread_id, place, left_at) VALUES (1, 1, '{}', '2026-05-01T09:00:00Z');
"""


def visit(desk: Desk, session: LabelingSession, *, looks: bool = True) -> int:
    """Open the thread, look at what is new or not, leave; return how many comments were new."""
    thread = load_thread(desk.project, desk.thread_id)
    known = visits.known_revision(desk.project, thread, session.annotator.id)
    new = visits.new_count(desk.project, desk.thread_id, session.annotator.id)
    session.save_visit(desk.thread_id, known=known, seen=thread.revision if looks or not new else known)
    return new


def test_nothing_is_new_to_somebody_who_was_never_there(desk: Desk) -> None:
    desk.revise(newcomer=LATE)
    session = desk.session()
    assert visits.new_counts(desk.project, session.annotator.id) == {}
    assert visit(desk, session) == 0


def test_what_an_import_adds_after_a_visit_is_new(desk: Desk) -> None:
    session, other = desk.session("Ada"), desk.session("Bert")
    assert visit(desk, session) == 0
    desk.revise(newcomer=LATE)
    assert visits.new_counts(desk.project, session.annotator.id) == {desk.thread_id: 1}
    assert visits.new_count(desk.project, desk.other_id, session.annotator.id) == 0
    assert visits.new_count(desk.project, desk.thread_id, other.annotator.id) == 0
    assert visits.arrived_positions(desk.project, desk.thread_id, 1) == [1]


def test_changes_of_text_make_nothing_new(desk: Desk) -> None:
    session = desk.session()
    visit(desk, session)
    desk.revise(article="Harbour tunnel approved\n\nThe tunnel will flood.")
    assert load_thread(desk.project, desk.thread_id).revision == 2
    assert visit(desk, session) == 0


def test_it_stays_new_until_it_is_read(desk: Desk) -> None:
    session = desk.session()
    visit(desk, session)
    desk.revise(newcomer=LATE)
    session.mark_read([find_post(desk.project, desk.thread_id, "late").id])
    assert visits.new_counts(desk.project, session.annotator.id) == {}
    assert visits.arrived_positions(desk.project, desk.thread_id, 1) == [1]


def test_it_stays_new_until_the_visit_after_the_one_that_looked_at_it(desk: Desk) -> None:
    session = desk.session()
    visit(desk, session)
    desk.revise(newcomer=LATE)
    assert visit(desk, session, looks=False) == 1
    assert visit(desk, session, looks=True) == 1
    assert visit(desk, session) == 0


def test_a_later_import_counts_alone_what_it_brought(desk: Desk) -> None:
    session = desk.session()
    visit(desk, session)
    desk.revise(newcomer=LATE)
    visit(desk, session)
    desk.revise(newcomer=LATER)  # the first newcomer is gone from the source
    assert visit(desk, session) == 1
    added = desk.rows("SELECT key, added_revision FROM posts WHERE added_revision > 1 ORDER BY key")
    assert added == [("late", 2), ("later", 3)]


def test_a_project_of_the_first_schema_knows_visits_by_its_places(tmp_path: Path) -> None:
    path = tmp_path / "old.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        project_migrations.apply(Database(connection), stop_before="authors_and_arrivals")
        connection.executescript(OLD_PROJECT)
        connection.execute(f"PRAGMA application_id={APPLICATION_ID}")
        connection.execute("PRAGMA user_version=1")
    with Project.open(path) as project:
        assert visits.known_revision(project, load_thread(project, 1), 1) == 3
        assert project.connection.execute("SELECT added_revision FROM posts").fetchall() == [(1,), (1,)]
        assert authors.next_by(project, 1, ["eel"], 0, 1) == 1
