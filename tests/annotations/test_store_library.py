"""What a list of threads is made of: the threads, when they were opened, how far the work on them has come."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from annotations.model import Post, PostKind, Thread
from annotations.store import library, overview, reading
from annotations.store.project import Project
from annotations.store.threads import find_post, find_thread, save_thread

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def shelf(tmp_path: Path) -> Iterator[Project]:
    """Five threads with two comments each; every look at the clock is a minute later."""
    start = datetime(2026, 5, 1, 8, 0, tzinfo=UTC)
    minutes = iter(range(10_000))
    path = tmp_path / "shelf.db"
    with Project.open(path, create=True, clock=lambda: start + timedelta(minutes=next(minutes))) as project:
        for number in range(5):
            posts = (
                Post(key="0", parent=None, kind=PostKind.ARTICLE, text=f"Title {number}"),
                Post(key="1", parent="0", author="ada", text="First.", created_at="2026-04-30T10:00:00Z"),
                Post(key="1.1", parent="1", author="ben", text="Second."),
            )
            thread = Thread(key=f"t{number}", title=f"Title {number}", posts=posts, format="flattened")
            save_thread(project, thread, location=f"/corpus/{number}.txt", source_sha256=f"{number:064}")
        yield project


def open_thread(project: Project, key: str, annotator_id: int) -> None:
    reading.save_place(project, find_thread(project, key).id, annotator_id, {})


def test_threads_come_in_the_order_of_their_import_with_what_is_known_of_them(shelf: Project) -> None:
    annotator = shelf.annotator("ann")
    threads = library.library_threads(shelf, annotator.id)
    assert [thread.key for thread in threads] == ["t0", "t1", "t2", "t3", "t4"]
    first = threads[0]
    assert (first.title, first.comments, first.source, first.format) == ("Title 0", 2, "/corpus/0.txt", "flattened")
    assert (first.imported_at[:10], first.opened_at) == ("2026-05-01", "")


def test_when_a_thread_was_opened_is_each_annotators_own(shelf: Project) -> None:
    ann, bo = shelf.annotator("ann"), shelf.annotator("bo")
    open_thread(shelf, "t2", ann.id)
    assert [bool(thread.opened_at) for thread in library.library_threads(shelf, ann.id)] == [False] * 2 + [True] + [
        False
    ] * 2
    assert not any(thread.opened_at for thread in library.library_threads(shelf, bo.id))


def test_the_latest_come_first_then_those_never_opened_as_many_as_are_asked_for(shelf: Project) -> None:
    ann, bo = shelf.annotator("ann"), shelf.annotator("bo")
    open_thread(shelf, "t3", ann.id)
    open_thread(shelf, "t1", ann.id)
    open_thread(shelf, "t4", bo.id)
    keys = [thread.key for thread in library.latest_threads(shelf, ann.id, at_most=10)]
    assert keys == ["t1", "t3", "t0", "t2", "t4"]
    for at_most in range(1, 5):
        found = library.latest_threads(shelf, ann.id, at_most)
        assert [thread.key for thread in found] == keys[:at_most]
    assert {thread.id: thread for thread in library.library_threads(shelf, ann.id)} == {
        thread.id: thread for thread in library.latest_threads(shelf, ann.id, at_most=10)
    }


def test_work_counts_comments_of_one_annotator_and_no_article(shelf: Project) -> None:
    ann, bo = shelf.annotator("ann"), shelf.annotator("bo")
    thread = find_thread(shelf, "t1")
    ids = [find_post(shelf, thread.id, key).id for key in ("0", "1", "1.1")]
    reading.mark_read(shelf, ann.id, ids)
    reading.mark_read(shelf, bo.id, ids[:2])
    with shelf.transaction() as connection:
        connection.executemany("INSERT INTO reviews VALUES (?, ?, '')", [(ann.id, ids[0]), (ann.id, ids[1])])
    assert library.work_by_thread(shelf, ann.id) == {thread.id: library.ThreadWork(labeled=0, reviewed=1, read=2)}
    assert library.work_by_thread(shelf, bo.id) == {thread.id: library.ThreadWork(read=1)}


def test_two_labels_on_one_comment_are_one_labeled_comment(shelf: Project) -> None:
    from annotations.codebook_toml import default_codebook  # noqa: PLC0415  # nobody else here needs it
    from annotations.model import Target  # noqa: PLC0415
    from annotations.session import LabelingSession  # noqa: PLC0415

    ann = shelf.annotator("ann")
    thread = find_thread(shelf, "t0")
    session = LabelingSession(shelf, ann, default_codebook())
    for key, labels in (("0", ["off-topic"]), ("1", ["off-topic", "insult"])):
        post = find_post(shelf, thread.id, key)
        for label in labels:
            session.apply(label, Target(thread_id=thread.id, post_id=post.id))
    assert library.work_by_thread(shelf, ann.id)[thread.id].labeled == 1


def test_a_hit_is_told_by_its_threads_title_its_depth_and_its_time(shelf: Project) -> None:
    thread = find_thread(shelf, "t2")
    ids = [find_post(shelf, thread.id, key).id for key in ("1", "1.1")]
    contexts = library.hit_contexts(shelf, [*ids, 10_000])
    assert contexts == {
        ids[0]: library.HitContext("Title 2", 1, "2026-04-30T10:00:00Z"),
        ids[1]: library.HitContext("Title 2", 2, None),
    }


def test_threads_are_counted_no_further_than_needed(shelf: Project) -> None:
    assert [overview.count_threads(shelf, at_most) for at_most in (1, 2, 5, 9)] == [1, 2, 5, 5]
