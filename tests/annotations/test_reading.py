"""What was read, and where the analyst was: kept for each annotator, outside of undo."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from annotations.model import Post
from annotations.store.history import last_event_id
from annotations.store.reading import load_place, read_column, read_positions, save_place

if TYPE_CHECKING:
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
    first = desk.rows("SELECT * FROM reads")
    session.mark_read([desk.posts["1"]])
    assert desk.rows("SELECT * FROM reads") == first


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


def test_the_column_of_what_was_read_is_the_same_before_and_after_a_revision(desk: Desk) -> None:
    """As first imported rows say positions; with a post that came later they no longer do."""
    session, other = desk.session("Ada"), desk.session("Bea")
    session.mark_read([desk.posts["1"], desk.posts["3.1"]])
    other.mark_read([desk.posts["2"]])
    assert read_column(desk.project, desk.thread_id, session.annotator.id, 7) == bytes([0, 1, 0, 0, 0, 0, 1])
    assert read_column(desk.project, desk.other_id, session.annotator.id, 7) == bytes(7)
    desk.revise(newcomer=Post(key="new", parent="0", text="I come before all others."))
    assert read_column(desk.project, desk.thread_id, session.annotator.id, 8) == bytes([0, 0, 1, 0, 0, 0, 0, 1])
