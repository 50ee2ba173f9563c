"""What was read, and where the analyst was: kept for each annotator, outside of undo."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from annotations.model import Post, PostKind, Thread
from annotations.session import LabelingSession
from annotations.store import library, reading
from annotations.store.check import check
from annotations.store.check_reading import check_reading
from annotations.store.history import last_event_id
from annotations.store.project import Project
from annotations.store.read_marks import BLOCK
from annotations.store.reading import load_place, read_column, read_positions, save_place
from annotations.store.threads import list_threads, load_thread, save_thread

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.annotations.conftest import Desk


def test_reading_is_remembered_for_each_annotator(desk: Desk) -> None:
    session = desk.session("Ada")
    session.mark_read([desk.posts["1"], desk.posts["2"]])
    session.mark_read([desk.posts["2"], desk.posts["0"]])
    ada, bea = session.annotator.id, desk.project.annotator("Bea").id
    desk.reopen()
    assert read_positions(desk.project, desk.thread_id, ada) == {0, 1, 4}
    assert read_positions(desk.project, desk.thread_id, bea) == set()
    assert read_positions(desk.project, desk.other_id, ada) == set()


def test_reading_again_keeps_the_first_time(desk: Desk) -> None:
    session = desk.session()
    session.mark_read([desk.posts["1"]])
    first = desk.rows("SELECT * FROM read_marks")
    session.mark_read([desk.posts["1"]])
    assert desk.rows("SELECT * FROM read_marks") == first


def test_unread_again(desk: Desk) -> None:
    session = desk.session()
    session.mark_read(desk.posts.values())
    session.mark_unread([desk.posts["1"], desk.posts["1.1"]])
    session.mark_unread([])
    assert read_positions(desk.project, desk.thread_id, session.annotator.id) == {0, 3, 4, 5, 6}


def test_nothing_to_mark_opens_no_transaction(desk: Desk) -> None:
    session = desk.session()
    with desk.project.transaction():
        session.mark_read([])
        session.mark_unread([])


def test_reading_is_no_step_that_undo_takes_back(desk: Desk) -> None:
    session = desk.session()
    session.mark_read([desk.posts["1"]])
    session.save_place(desk.thread_id, {"post": 3})
    assert session.undo() is None
    assert last_event_id(desk.project) == 0


def test_a_place_is_kept_for_thread_and_annotator(desk: Desk) -> None:
    session = desk.session("Ada")
    place: dict[str, object] = {"post": 3, "offset": 12, "folds": [1, 2], "search": "🌊 “spring”"}
    assert session.load_place(desk.thread_id) is None
    session.save_place(desk.thread_id, {"post": 1})
    session.save_place(desk.thread_id, place)
    desk.reopen()
    session = desk.session("Ada")
    assert session.load_place(desk.thread_id) == place
    assert session.load_place(desk.other_id) is None
    assert desk.session("Bea").load_place(desk.thread_id) is None


@pytest.mark.parametrize("written", ["{", "[1]", "null", "3"])
def test_a_place_that_somebody_broke_is_no_place(desk: Desk, written: str) -> None:
    annotator = desk.project.annotator("Ada")
    save_place(desk.project, desk.thread_id, annotator.id, {"post": 1})
    with desk.project.transaction() as connection:
        connection.execute("UPDATE places SET place = ?", (written,))
    assert load_place(desk.project, desk.thread_id, annotator.id) is None


def test_what_was_read_stays_with_its_posts_when_an_import_moves_them(desk: Desk) -> None:
    session, other = desk.session("Ada"), desk.session("Bea")
    session.mark_read([desk.posts["1"], desk.posts["3.1"]])
    other.mark_read([desk.posts["2"]])
    assert read_column(desk.project, desk.thread_id, session.annotator.id, 7) == bytes([0, 1, 0, 0, 0, 0, 1])
    assert read_column(desk.project, desk.other_id, session.annotator.id, 7) == bytes(7)
    desk.revise(newcomer=Post(key="new", parent="0", text="I come before all others."))
    assert read_column(desk.project, desk.thread_id, session.annotator.id, 8) == bytes([0, 0, 1, 0, 0, 0, 0, 1])
    assert read_positions(desk.project, desk.thread_id, other.annotator.id) == {5}
    assert check(desk.project) == []


def test_runs_of_positions_are_marked_unless_the_thread_was_imported_again(desk: Desk) -> None:
    session = desk.session("Ada")
    thread = load_thread(desk.project, desk.thread_id)
    assert session.mark_positions_read(thread, [(1, 3), (5, 6)])
    assert read_positions(desk.project, desk.thread_id, session.annotator.id) == {1, 2, 5}
    desk.revise(newcomer=Post(key="new", parent="0", text="I come before all others."))
    assert not session.mark_positions_read(thread, [(3, 4)])
    assert read_positions(desk.project, desk.thread_id, session.annotator.id) == {2, 3, 6}


def test_two_terminals_of_one_annotator_lose_none_of_each_others_marks(desk: Desk) -> None:
    one = desk.session("Ada")
    thread = load_thread(desk.project, desk.thread_id)
    with Project.open(desk.path) as project:
        other = LabelingSession(project, one.annotator, desk.codebook)
        one.mark_read([desk.posts["1"]])
        other.mark_positions_read(thread, [(2, 3)])
        one.mark_positions_read(thread, [(6, 7)])
        other.mark_unread([desk.posts["1"]])
        one.mark_read([desk.posts["0"]])
    assert read_positions(desk.project, desk.thread_id, one.annotator.id) == {0, 2, 6}


def test_the_posts_that_were_read_can_be_listed_with_sqlite_alone(desk: Desk) -> None:
    desk.session("Ada").mark_read([desk.posts["1"], desk.posts["3.1"]])
    desk.session("Bea").mark_read([desk.posts["0"]])
    listed = desk.rows("SELECT thread, post, kind, author, annotator FROM read_posts ORDER BY annotator, post")
    assert listed == [
        ("tunnel", "1", "comment", "pikeperch", "Ada"),
        ("tunnel", "3.1", "comment", "pikeperch", "Ada"),
        ("tunnel", "0", "article", "Editor", "Bea"),
    ]


positions = st.integers(min_value=0, max_value=4 * BLOCK)
steps = st.lists(st.tuples(st.booleans(), positions, st.integers(min_value=0, max_value=2 * BLOCK)), max_size=12)


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps)
def test_marks_are_what_a_set_of_positions_would_be(big: Project, steps: list[tuple[bool, int, int]]) -> None:
    """Runs over the limits of blocks, taken back by row, in any order."""
    big.connection.execute("DELETE FROM read_marks")
    thread = list_threads(big)[0].thread
    rows = [row[0] for row in big.connection.execute("SELECT id FROM posts ORDER BY position")]
    expected: set[int] = set()
    for is_read, start, length in steps:
        run = range(min(start, len(rows)), min(start + length, len(rows)))
        if is_read:
            assert reading.mark_positions_read(big, thread, 1, [(run.start, run.stop)])
            expected.update(run)
        else:
            reading.mark_unread(big, 1, rows[run.start : run.stop])
            expected.difference_update(run)
    assert read_positions(big, thread.id, 1) == expected
    column = read_column(big, thread.id, 1, len(rows))
    assert {place for place, is_read in enumerate(column) if is_read} == expected
    counted = library.work_by_thread(big, 1).get(thread.id, library.ThreadWork()).read
    assert counted == len(expected - {0})
    assert list(check_reading(big)) == []


@pytest.fixture(scope="module")
def big(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    """A project with one annotator and a thread of more than three blocks."""
    with Project.open(tmp_path_factory.mktemp("big") / "postil.db", create=True) as project:
        project.annotator("Ada")
        posts = [Post(key="0", parent=None, kind=PostKind.ARTICLE, text="a")]
        posts += [Post(key=f"{number}", parent="0", text="b") for number in range(1, 3 * BLOCK + 20)]
        thread = Thread(key="big", title="big", posts=tuple(posts), format="test")
        save_thread(project, thread, location="/big", source_sha256="big")
        yield project


@pytest.mark.parametrize(
    ("statement", "problem"),
    [
        ("UPDATE read_marks SET marks = '01x'", "is not a digit for each of 1024 posts"),
        ("UPDATE read_marks SET marks = '01111111111'", "reaches behind its last post"),
        ("UPDATE read_marks SET block = 1", "reaches behind its last post"),
    ],
)
def test_broken_marks_are_found(desk: Desk, statement: str, problem: str) -> None:
    desk.session("Ada").mark_read([desk.posts["1"]])
    desk.project.connection.execute(statement)
    (found,) = check(desk.project)
    assert problem in found
