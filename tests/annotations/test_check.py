"""A sound project has no problems, and each kind of damage is found and said in a sentence."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from annotations.errors import ProjectError
from annotations.model import Target
from annotations.store import check as check_module
from annotations.store import opening
from annotations.store.check import check
from annotations.store.project import Project

if TYPE_CHECKING:
    from annotations.model import Annotation
    from tests.annotations.conftest import Desk


@pytest.fixture
def labeled(desk: Desk) -> Desk:
    """A project in which everything has been done once."""
    session = desk.session()
    claim: Annotation = desk.only(session.apply("claim", desk.words("tunnel will flood"), note="n"))
    session.apply("term", desk.words("🌊 Nobody"), attributes={})
    session.apply("rebuts", desk.relation("1", "0", to_annotation=claim))
    session.apply("agree", desk.post("1"))
    session.apply("heated", desk.thread)
    session.apply("quotes", Target(thread_id=desk.thread_id, post_id=desk.posts["1"], to_thread_id=desk.thread_id))
    session.note(desk.posts["2"], "Sounds tired.")
    session.change(claim.id, attributes={"certainty": 3})
    session.review(desk.posts["1"])
    session.review(desk.posts["2"])
    session.review(desk.posts["2"], is_reviewed=False)
    desk.session("Ben").apply("funny", desk.post("2"))
    session.apply("disagree", desk.post("1"))
    session.undo()
    desk.revise("Hear, hear. Harbour tunnel approved\n\nThe tunnel will flood each year. Nobody asked us.")
    return desk


def tamper(desk: Desk, *statements: str) -> list[str]:
    """Change the file behind the back of the program, and check it."""
    connection = desk.project.connection
    connection.execute("PRAGMA foreign_keys=OFF")
    for trigger in ("events_are_kept", "events_are_final"):
        connection.execute(f"DROP TRIGGER {trigger}")
    for statement in statements:
        for name, words in PLACES.items():
            statement = statement.replace(name, words)  # noqa: PLW2901  # spelled out
        assert connection.execute(statement).rowcount != 0
    problems = check(desk.project)
    assert all(problem.endswith(".") for problem in problems)
    return problems


def test_sound_project_has_no_problems(labeled: Desk) -> None:
    assert check(labeled.project) == []
    detached = "SELECT COUNT(*) FROM annotations WHERE is_detached"
    assert labeled.rows(detached) == [(0,)]
    labeled.revise("Something else.")
    assert labeled.rows(detached) == [(2,)]
    assert check(labeled.project) == []


def test_checking_writes_nothing(labeled: Desk) -> None:
    before = list(labeled.project.connection.iterdump())
    check(labeled.project)
    assert list(labeled.project.connection.iterdump()) == before
    with Project.open(labeled.path, read_only=True) as reader:
        assert check(reader) == []


PLACES = {
    "{IN_TUNNEL}": "{TUNNEL} AND key",
    "{TUNNEL}": "thread_id = (SELECT id FROM threads WHERE key = 'tunnel')",
    "{THEIRS}": "(SELECT id, post_id FROM annotations WHERE annotator_id = 2)",
}
"""What stands for a part of the statements below."""


@pytest.mark.parametrize(
    ("statement", "problem"),
    [
        # texts
        ("UPDATE posts SET text = text || '!' WHERE {IN_TUNNEL} = '1'", "text of post 1 in tunnel is not what was"),
        ("UPDATE posts SET author = char(27) WHERE {IN_TUNNEL} = '1'", "post 1 in tunnel holds the character U+001B"),
        ("UPDATE post_revisions SET text = 'x'", "revision 1 of post 0 in tunnel is not what it was"),
        ("UPDATE post_revisions SET revision = 2", "is at revision 2 and has an earlier text of revision 2"),
        # trees
        ("UPDATE posts SET depth = 7 WHERE {IN_TUNNEL} = '1.1'", "post 1.1 in tunnel is 2 deep and says 7"),
        ("UPDATE posts SET subtree_size = 1 WHERE {IN_TUNNEL} = '1'", "post 1 in tunnel begins a subtree of 3 posts"),
        ("UPDATE posts SET position = 9 WHERE {IN_TUNNEL} = '3.1'", "post 3.1 in tunnel should stand at position 6"),
        ("UPDATE posts SET position = NULL WHERE {IN_TUNNEL} = '3.1'", "should stand at position 0"),
        ("UPDATE posts SET kind = 'article' WHERE {IN_TUNNEL} = '2'", "post 2 in tunnel is out of place"),
        ("UPDATE posts SET parent_id = NULL WHERE {IN_TUNNEL} = '2'", "post 2 in tunnel is out of place"),
        ("UPDATE posts SET parent_id = id WHERE {IN_TUNNEL} = '2'", "post 2 in tunnel does not stand behind the post"),
        ("UPDATE posts SET parent_id = 9 WHERE {IN_TUNNEL} = '2'", "post 2 in tunnel does not stand behind the post"),
        (
            "UPDATE posts SET parent_id = (SELECT id FROM posts WHERE {IN_TUNNEL} = '1') WHERE {IN_TUNNEL} = '3'",
            "posts of tunnel do not stand in the order of their tree",
        ),
        ("UPDATE threads SET posts = 6 WHERE key = 'tunnel'", "thread tunnel has 7 posts and counts 6"),
        ("UPDATE threads SET max_depth = 2 WHERE key = 'tunnel'", "thread tunnel is 3 deep and says 2"),
        ("UPDATE posts SET depth = -1 WHERE {IN_TUNNEL} = '1.1'", "shape of tunnel cannot be compared"),
        ("DELETE FROM posts WHERE {TUNNEL}", "thread tunnel has no posts"),
        # shapes
        ("UPDATE thread_shapes SET sizes = zeroblob(7)", "stored shape of tunnel is not that of its posts"),
        ("UPDATE thread_shapes SET depths = x'63'", "stored shape of tunnel cannot be read"),
        ("DELETE FROM thread_shapes", "thread tunnel has no stored shape"),
        # annotations
        ("UPDATE annotations SET start_char = start_char - 1 WHERE exact <> ''", "does not quote what the post 0 says"),
        ("UPDATE annotations SET end_char = 5000, start_char = 4990 WHERE exact <> ''", "does not quote what the post"),
        (
            "UPDATE annotations SET label_id = (SELECT id FROM labels WHERE label = 'funny') WHERE exact IS NOT NULL",
            "is on a span, and its label is for a post",
        ),
        (
            "UPDATE annotations SET label_id = (SELECT id FROM labels WHERE label = 'calm') WHERE to_post_id IS NOT NULL",
            "is on a relation, and its label is for a thread",
        ),
        (
            "UPDATE annotations SET post_id = (SELECT MAX(id) FROM posts) WHERE exact IS NULL AND post_id IS NOT NULL",
            "of another thread",
        ),
        # references
        ("UPDATE annotations SET codebook_version_id = 99", "refers to a row of codebook_versions that is not there"),
        ("UPDATE reviews SET post_id = 99", "In the table reviews, a row refers to a row of posts that is not there"),
        # history
        ("UPDATE annotations SET note = 'other' WHERE exact IS NOT NULL", "is not as the history says: note"),
        ("UPDATE annotations SET is_detached = 1 WHERE exact IS NOT NULL", "is not as the history says: is_detached"),
        ("UPDATE annotations SET annotator_id = 2", "is not as the history says: annotator_id"),
        ("DELETE FROM annotations WHERE exact IS NULL AND to_post_id IS NULL", "is gone, and the history says"),
        ("UPDATE annotations SET uuid = 'other' WHERE to_post_id IS NOT NULL", "and the history does not know it"),
        ("UPDATE events SET after = NULL WHERE annotation_uuid IS NOT NULL", "the history says that it was taken off"),
        ("UPDATE events SET after = '[]' WHERE annotation_uuid IS NOT NULL", "is not as the history says: uuid"),
        ("DELETE FROM events WHERE id = 2", "The history has gaps"),
        ("DELETE FROM reviews", "Ada reviewed the post 1 in tunnel by the history, and the review is gone"),
        ("INSERT INTO reviews SELECT 1, id, '' FROM posts WHERE key = '3'", "and the history does not know it"),
        ("DELETE FROM post_notes", "note by Ada on the post 2 in tunnel is gone, and the history says that it stands"),
        ("UPDATE post_notes SET note = ''", "note by Ada on the post 2 in tunnel says nothing"),
        ("UPDATE post_notes SET note = 'other'", "note by Ada on the post 2 in tunnel is not as the history says"),
        ("INSERT INTO post_notes SELECT 1, id, 'n', '' FROM posts WHERE key = '3'", "and the history does not know it"),
        # relations
        ("UPDATE annotations SET to_thread_id = 2 WHERE to_thread_id = 1", "leads to another thread"),
        (
            "UPDATE annotations SET to_post_id = (SELECT id FROM posts WHERE {IN_TUNNEL} = '2') WHERE to_annotation_id > 0",
            "leads to an annotation of another post than it says",
        ),
        (
            "UPDATE annotations SET from_annotation_id = (SELECT MIN(id) FROM annotations) WHERE to_post_id > 0",
            "starts at an annotation of another post than it says",
        ),
        (
            "UPDATE annotations SET (to_annotation_id, to_post_id) = {THEIRS} WHERE to_post_id > 0",
            "hangs on an annotation of another annotator",
        ),
        # the rest
        ("UPDATE posts SET meta = '{' WHERE key = '1'", "has a meta that is not JSON"),
        ("UPDATE events SET after = '{' WHERE id = 2", "has a after that is not JSON"),
        ("UPDATE codebook_versions SET source = 'x'", "is not what was applied"),
        ("DELETE FROM settings WHERE name = 'codebook_version'", "does not say which of its codebooks is in force"),
        ("DELETE FROM settings WHERE name = 'origin'", "has no origin"),
    ],
)
def test_damage_is_found(labeled: Desk, statement: str, problem: str) -> None:
    assert any(problem in each for each in tamper(labeled, statement))


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE posts SET text = 'other words', sha256 = sha256 WHERE key = '1'",
        "INSERT INTO posts_fts (posts_fts) VALUES ('delete-all')",
        "INSERT INTO posts_fts (rowid, author, text) VALUES (1, 'Ada', 'twice')",
    ],
)
def test_index_that_does_not_match_the_texts_is_found_and_can_be_made_anew(labeled: Desk, statement: str) -> None:
    problems = tamper(labeled, statement)
    (problem,) = [each for each in problems if "search index" in each]
    remedy = problem.partition('"')[2].partition('"')[0]
    labeled.project.connection.execute(remedy)
    assert not any("search index" in each for each in check(labeled.project))


def test_missing_table_is_said_and_the_rest_is_checked(labeled: Desk) -> None:
    problems = tamper(labeled, "DROP TABLE thread_shapes", "UPDATE posts SET depth = 7 WHERE key = '1.1'")
    assert any("no such table: thread_shapes" in each for each in problems)
    assert any("is not as the history" not in each for each in problems)


def test_damaged_file_is_said_once(labeled: Desk) -> None:
    labeled.project.close()
    with closing(sqlite3.connect(labeled.path)) as connection:
        (page,) = connection.execute("SELECT rootpage FROM sqlite_schema WHERE name = 'annotators'").fetchone()
    content = bytearray(labeled.path.read_bytes())
    content[(page - 1) * 4096 : page * 4096] = b"\xff" * 4096
    labeled.path.write_bytes(content)
    with Project.open(labeled.path) as project:
        problems = check(project)
    assert 1 <= len(problems) <= 101
    assert all("damaged" in each or each == "There is more of the same." for each in problems)


def test_long_lists_are_cut(labeled: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(check_module, "MOST_PROBLEMS", 3)
    problems = tamper(labeled, "UPDATE posts SET sha256 = 'x'")
    assert sum("is not what was imported" in each for each in problems) == 3
    assert problems.count("There is more of the same.") == 1


def test_locked_project_is_no_damage(labeled: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "BUSY_TIMEOUT", 50)
    with (
        labeled.open_again() as other,
        labeled.project.transaction(),
        pytest.raises(ProjectError, match="is locked"),
    ):
        check(other)
