"""Many threads are stored some at a time; what was told to be stored is on disk, and nobody waits for longer than a batch."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from annotations.errors import SourceError
from annotations.lazy_posts import ReorderedPosts
from annotations.model import Post, PostKind, Target, Thread
from annotations.store import batches
from annotations.store.batches import ImportBatch
from annotations.store.check import check
from annotations.store.labels import annotations_in_thread
from annotations.store.opening import is_locked
from annotations.store.posts import iter_posts
from annotations.store.project import Project
from annotations.store.search import search
from annotations.store.threads import ImportStatus, SavedThread, find_thread, save_thread
from annotations.work import Work, WorkCancelledError

if TYPE_CHECKING:
    from tests.annotations.conftest import Desk

ROOT = Path(__file__).parents[2]


class Clock:
    """Time that passes when somebody says so."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


def make(number: int, *texts: str, title: str = "") -> Thread:
    """Return a thread of a dump."""
    article = Post(key="0", parent=None, kind=PostKind.ARTICLE, text=f"Ferry {number}")
    comments = [Post(key=f"c{place}", parent="0", author="eel", text=text) for place, text in enumerate(texts)]
    return Thread(key=f"ferry-{number}", title=title or f"Ferry {number}", posts=(article, *comments), format="test")


def put(batch: ImportBatch, thread: Thread, sha256: str = "first") -> list[tuple[str, str]]:
    """Give a thread to a batch, return key and status of what was stored."""
    return told(batch.save(thread, location="/dump", source_sha256=sha256))


def told(stored: list[tuple[Thread, SavedThread]]) -> list[tuple[str, str]]:
    assert all(thread.title == saved.thread.title for thread, saved in stored)
    return [(saved.thread.key, saved.status.value) for _, saved in stored]


def count(project: Project) -> int:
    return int(project.connection.execute("SELECT COUNT(*) FROM threads").fetchone()[0])


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def batch(desk: Desk, clock: Clock) -> ImportBatch:
    return ImportBatch(desk.project, clock=clock)


def test_threads_wait_for_others_and_are_stored_when_it_is_time(desk: Desk, batch: ImportBatch, clock: Clock) -> None:
    reader = desk.open_again()
    before = count(reader)
    assert put(batch, make(1, "yes")) == []
    assert put(batch, make(2, "no")) == []
    assert count(reader) == before
    assert not is_locked(reader.connection), "others may write while threads wait"
    clock.seconds += 1
    assert put(batch, make(3)) == [("ferry-1", "new"), ("ferry-2", "new"), ("ferry-3", "new")]
    assert count(reader) == before + 3
    assert put(batch, make(4)) == []
    assert told(batch.finish()) == [("ferry-4", "new")]
    assert batch.finish() == []
    assert [hit.thread for hit in search(reader, "eel", limit=9) if hit.thread.startswith("ferry")] != []
    reader.close()
    assert check(desk.project) == []


def test_so_many_posts_or_characters_do_not_wait(batch: ImportBatch, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batches, "_POSTS", 5)
    assert put(batch, make(1, "a", "b")) == []
    assert put(batch, make(2, "c")) == [("ferry-1", "new"), ("ferry-2", "new")]
    monkeypatch.setattr(batches, "_CHARACTERS", 100)
    assert put(batch, make(3, "long " * 30)) == [("ferry-3", "new")]


def test_a_big_thread_is_stored_behind_those_that_wait(
    desk: Desk, batch: ImportBatch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batches, "_BIG", 4)
    assert put(batch, make(1, "a")) == []
    assert put(batch, make(2, *"abcdefg")) == [("ferry-1", "new"), ("ferry-2", "new")]
    assert check(desk.project) == []


def test_running_again_passes_over_what_is_there(batch: ImportBatch) -> None:
    put(batch, make(1, "yes"))
    put(batch, make(2, "yes"))
    batch.finish()
    assert put(batch, make(1, "yes")) == [("ferry-1", "unchanged")]
    assert put(batch, make(3, "yes")) == []
    assert put(batch, make(2, "yes")) == [], "in the order in which they came"
    assert told(batch.finish()) == [("ferry-3", "new"), ("ferry-2", "unchanged")]


def test_a_thread_that_comes_twice_at_once_is_stored_once(desk: Desk, batch: ImportBatch) -> None:
    put(batch, make(1, "yes"))
    put(batch, make(1, "yes"))
    assert told(batch.finish()) == [("ferry-1", "new"), ("ferry-1", "unchanged")]
    assert check(desk.project) == []


def test_revisions_and_new_threads_in_one_batch_keep_words_and_labels(desk: Desk, batch: ImportBatch) -> None:
    put(batch, make(1, "The gulls are loud."))
    put(batch, make(2, "So are the eels."))
    batch.finish()
    thread = find_thread(desk.project, "ferry-1")
    post = list(iter_posts(desk.project, thread.id))[1]
    desk.session().apply("agree", Target(thread_id=thread.id, post_id=post.id))
    put(batch, make(3, "A newcomer."), "second")
    put(batch, make(1, "The gulls were loud."), "second")
    put(batch, make(4, "Another one."), "second")
    put(batch, make(2, "So are the eels.", "And the lock."), "second")
    assert told(batch.finish()) == [
        ("ferry-3", "new"),
        ("ferry-1", "revised"),
        ("ferry-4", "new"),
        ("ferry-2", "revised"),
    ]
    assert check(desk.project) == []
    assert len(annotations_in_thread(desk.project, thread.id)) == 1


def test_a_thread_that_is_revised_in_the_batch_that_brings_it(desk: Desk, batch: ImportBatch) -> None:
    """Its words are forgotten as they were indexed, so they must have been."""
    put(batch, make(1, "The gulls are loud."), "first")
    put(batch, make(1, "The gulls were loud."), "second")
    assert told(batch.finish()) == [("ferry-1", "new"), ("ferry-1", "revised")]
    assert check(desk.project) == []


def test_a_thread_that_is_refused_leaves_the_others(desk: Desk, batch: ImportBatch) -> None:
    put(batch, make(1))
    with pytest.raises(SourceError):
        put(batch, make(2, "\x00"))
    assert told(batch.finish()) == [("ferry-1", "new")]
    assert check(desk.project) == []


def test_cancelled_work_stores_no_part_of_a_batch(desk: Desk) -> None:
    work = Work()
    before = count(desk.project)
    with desk.project.doing(work):
        batch = ImportBatch(desk.project, clock=Clock())
        put(batch, make(1, "a"))
        work.cancel()
        with pytest.raises(WorkCancelledError):
            put(batch, make(2, "b"))
        with pytest.raises(WorkCancelledError):
            batch.finish()
    assert not desk.project.connection.in_transaction
    assert desk.project.work is not work
    assert count(desk.project) == before


def test_small_threads_tell_nothing_and_big_ones_how_far_they_are(
    desk: Desk, batch: ImportBatch, monkeypatch: pytest.MonkeyPatch
) -> None:
    work = Work()
    with desk.project.doing(work):
        work.begin("Reading", 100, "bytes")
        put(batch, make(1, "a"))
        batch.finish()
        assert (work.stage, work.unit) == ("Reading", "bytes")
        monkeypatch.setattr(batches, "_BIG", 1)
        put(batch, make(2, "a"))
        assert work.stage == "Writing to disk"


PROGRAM = """
import sys
from itertools import count
from pathlib import Path
from annotations.store.batches import ImportBatch
from annotations.store.project import Project
from tests.annotations.test_batches import make
with Project.open(Path(sys.argv[1]), create=True) as project:
    batch = ImportBatch(project, seconds=0.02)
    for number in count(int(sys.argv[2])):
        for _, saved in batch.save(make(number, *("word " * 20 for _ in range(9))), location="/d", source_sha256="x"):
            print(saved.thread.key, saved.status, flush=True)
"""


def test_what_was_told_to_be_stored_survives_a_kill_and_running_again_goes_on(tmp_path: Path) -> None:
    path = tmp_path / "killed.db"
    said: set[str] = set()
    for _ in range(3):
        command = [sys.executable, "-c", PROGRAM, str(path), "0"]
        with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as program:
            assert program.stdout is not None
            lines = [program.stdout.readline() for _ in range(len(said) + 60)]
            program.kill()
            lines += program.stdout.read().split("\n")[:-1]
        new = {line.split()[0] for line in lines if line.split()[1] == ImportStatus.NEW}
        assert not new & said, "none is stored twice"
        assert said <= {line.split()[0] for line in lines}, "what is there is passed over"
        said |= new
        with Project.open(path) as project:
            there = {key for (key,) in project.connection.execute("SELECT key FROM threads")}
            assert said <= there
            assert check(project) == []


def test_posts_that_are_fetched_are_stored_as_those_that_are_there(desk: Desk) -> None:
    thread = make(1, *(f"word {number}" for number in range(3000)))
    shuffled = [thread.posts[0], *reversed(thread.posts[1:])]
    order = [0, *range(3000, 0, -1)]
    lazy = Thread(key="lazy", title="Lazy", posts=ReorderedPosts(shuffled, order, {}), format="test")
    saved = save_thread(desk.project, lazy, location="/lazy", source_sha256="1")
    whole = save_thread(
        desk.project, make(1, *(post.text for post in thread.posts[1:])), location="/w", source_sha256="1"
    )
    stored, expected = ([post.text for post in iter_posts(desk.project, it.thread.id)] for it in (saved, whole))
    assert stored == expected
    assert (saved.characters, saved.uncertain) == (whole.characters, whole.uncertain)
    changed = Thread(
        key="lazy", title="Lazy", posts=ReorderedPosts(shuffled[:-9], [0, *range(2990, 0, -1)], {}), format="test"
    )
    again = save_thread(desk.project, changed, location="/lazy", source_sha256="2")
    assert (again.status, again.removed, again.added, again.changed) == (ImportStatus.REVISED, 10, 0, 0)
    assert check(desk.project) == []


def test_fetched_posts_may_come_in_any_order_with_parents_first(desk: Desk) -> None:
    article = Post(key="0", parent=None, kind=PostKind.ARTICLE, text="Ferry")
    posts = [article, *(Post(key=f"{n}", parent=f"{n - 2}" if n > 2 else "0", text=f"{n}") for n in range(1, 9))]
    lazy = Thread(key="lazy", title="Lazy", posts=ReorderedPosts(posts, range(9), {}), format="test")
    saved = save_thread(desk.project, lazy, location="/lazy", source_sha256="1")
    keys = [post.key for post in iter_posts(desk.project, saved.thread.id)]
    assert keys == ["0", "1", "3", "5", "7", "2", "4", "6", "8"]
    assert check(desk.project) == []
