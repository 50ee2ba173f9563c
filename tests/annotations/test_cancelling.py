"""Work that is cancelled: wherever that happens, project and files are as they were before."""

from __future__ import annotations

import hashlib
import random
import threading
import time
from typing import TYPE_CHECKING, Any

import pytest
from msgspec.structs import replace

from annotations.errors import ProjectBusyError
from annotations.exporters import csv, jsonl
from annotations.exporters.choosing.options import ExportOptions
from annotations.importers import flattened
from annotations.importing import Finished, Imported, Refused, SourceImport
from annotations.model import Post, PostKind, Target, Thread
from annotations.sources import cleaning
from annotations.sources.source import read_source
from annotations.store import opening
from annotations.store.check import check
from annotations.store.posts import find_post
from annotations.store.project import Project
from annotations.store.threads import find_thread, save_thread
from annotations.work import Work, WorkCancelledError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.annotations.conftest import Desk

POINTS = 25
"""Places at which each kind of work is cancelled, spread over all of it."""
COMMENTS = 120


class Stopped(Work):
    """Work that is cancelled at its `last` look at whether it is; it looks often.

    Args:
        last: Which look that is, counted from 1; 0 for none.
    """

    def __init__(self, last: int = 0) -> None:
        super().__init__()
        self.last = last
        self.looks = 0
        self.stages: list[str] = []

    def begin(self, stage: str, *arguments: Any, **extra: Any) -> None:  # noqa: ANN401  # passed on
        self.stages.append(stage)
        super().begin(stage, *arguments, **extra)

    def must_stop(self) -> bool:
        self.looks += 1
        self.is_cancelled = self.is_cancelled or self.looks == self.last
        return super().must_stop()

    def _chunks(self, steps: Iterator[Any], chunk: int, *, is_counted: bool) -> Iterator[list[Any]]:
        return super()._chunks(steps, min(chunk, 10), is_counted=is_counted)


def points(looks: int) -> list[int]:
    """Return at which looks to cancel: the first ones, the last one, and some between."""
    chosen = random.Random(looks).sample(range(1, looks + 1), min(looks, POINTS))  # noqa: S311  # no secret
    return sorted({1, 2, 3, looks, *chosen})


def content(project: Project) -> dict[str, list[tuple[object, ...]]]:
    """Return all rows of all tables, those of the search index among them."""
    tables = [row[0] for row in project.connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    return {name: project.connection.execute(f"SELECT * FROM {name}").fetchall() for name in tables}  # noqa: S608  # ours


def long_thread(*, is_changed: bool = False) -> Thread:
    """Return a thread that takes many looks; changed, some of its comments say something else, or are gone."""
    posts = [Post(key="0", parent=None, kind=PostKind.ARTICLE, text="The long thread")]
    for number in range(1, COMMENTS):
        if is_changed and not number % 7:
            continue
        words = "but that has changed" if is_changed and not number % 5 else "as it was"
        text = f"What number {number} says of the tunnel, {words}."
        posts.append(Post(key=f"c{number}", parent="0" if number % 4 == 1 else posts[-1].key, author="eel", text=text))
    return Thread(key="long", title="The long thread", posts=tuple(posts), format="test")


@pytest.fixture
def long_desk(desk: Desk) -> Desk:
    """A project with a long thread that carries labels."""
    save_thread(desk.project, long_thread(), location="/long.txt", source_sha256="first")
    thread = find_thread(desk.project, "long")
    session = desk.session()
    for number in range(1, COMMENTS, 9):
        post = find_post(desk.project, thread.id, f"c{number}")
        session.apply("agree", Target(thread_id=thread.id, post_id=post.id))
        start = post.text.index("tunnel")
        span = desk.span(start, start + 6).span
        session.apply("claim", Target(thread_id=thread.id, post_id=post.id, span=span))
    return desk


def store_new(project: Project) -> None:
    thread = replace(long_thread(is_changed=True), key="other", title="Another thread")
    save_thread(project, thread, location="/other.txt", source_sha256="other")


def store_revision(project: Project) -> None:
    save_thread(project, long_thread(is_changed=True), location="/long.txt", source_sha256="second")


def look(project: Project) -> None:
    assert check(project) == []


@pytest.mark.parametrize("step", [store_new, store_revision, look])
def test_a_project_is_as_before_wherever_the_work_was_cancelled(
    long_desk: Desk, step: Callable[[Project], None], tmp_path: Path
) -> None:
    project = long_desk.project
    before = content(project)
    for last in points(_looks(project, step, tmp_path / "trial.db")):
        with pytest.raises(WorkCancelledError), project.doing(Stopped(last)):
            step(project)
        assert not project.connection.in_transaction
        assert content(project) == before, f"cancelled at look {last}"
    assert check(project) == []
    with project.doing(Stopped()):
        step(project)
    assert check(project) == [], "and what was cancelled can be done after all"
    assert (content(project) != before) == (step is not look)


def _looks(project: Project, step: Callable[[Project], None], path: Path) -> int:
    """Return how often work looks at whether to stop when nothing stops it, by doing it in a copy of the project."""
    project.connection.execute("VACUUM INTO ?", (str(path),))
    counting = Stopped()
    with Project.open(path) as copy, copy.doing(counting):
        step(copy)
    assert counting.looks > 20
    return counting.looks


@pytest.mark.parametrize("exporter", [jsonl, csv])
def test_an_export_that_is_cancelled_leaves_the_older_file_and_nothing_else(
    long_desk: Desk,
    tmp_path: Path,
    exporter: Any,  # noqa: ANN401  # a module
) -> None:
    folder = tmp_path / "datasets"
    folder.mkdir()
    target = folder / "labels"
    counting = Stopped()
    with long_desk.project.doing(counting):
        exporter.write(long_desk.project, target, ExportOptions())
    complete = {path.name: path.read_bytes() for path in folder.iterdir()}
    older = {name: content + b" " for name, content in complete.items()}
    for name, content in older.items():
        (folder / name).write_bytes(content)
    for last in points(counting.looks):
        with pytest.raises(WorkCancelledError), long_desk.project.doing(Stopped(last)):
            exporter.write(long_desk.project, target, ExportOptions())
        found = {path.name: path.read_bytes() for path in folder.iterdir()}
        assert found == older, f"cancelled at look {last}"
        assert not long_desk.project.connection.in_transaction
    exporter.write(long_desk.project, target, ExportOptions())
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == complete


def test_after_the_work_the_project_cannot_be_interrupted_any_more(desk: Desk) -> None:
    work = Work()
    with desk.project.doing(work):
        pass
    work.cancel()
    save_thread(desk.project, long_thread(), location="/long.txt", source_sha256="first")
    assert check(desk.project) == []


def test_a_single_statement_is_interrupted(desk: Desk) -> None:
    work = Stopped(3)
    endless = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT COUNT(*) FROM n"
    with pytest.raises(WorkCancelledError), desk.project.doing(work), desk.project.reading():
        desk.project.connection.execute(endless).fetchone()
    assert work.is_stopping


def test_work_that_waits_for_another_program_is_cancelled_while_it_waits(desk: Desk) -> None:
    other = desk.open_again()
    work = Stopped()
    with other.transaction() as connection:
        connection.execute("INSERT INTO settings VALUES ('a', '1')")
        work.last = 3
        with pytest.raises(WorkCancelledError), desk.project.doing(work), desk.project.transaction():
            pass
    other.close()
    assert work.is_stopping


def write_source(folder: Path, name: str, comments: int = 40) -> Path:
    """Write a source of flattened text."""
    lines = [f"About {name}", "", "There is something to say.", ""]
    for number in range(comments):
        indent = "  " * (1 + number % 3)
        lines += [f"{indent}• Writer {number}", "", f"{indent}  What {number} says of it.", ""]
    path = folder / f"{name}.txt"
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def import_sources(path: Path, sources: list[Path], work: Work) -> SourceImport:
    """Import sources into the project at `path`, which is made if need be; cancelling ends it silently."""
    importing = SourceImport(path, lambda: Project.open(path, create=True), sources, None, work)
    try:
        assert all(isinstance(found, Imported | Finished) for found in importing)
    except WorkCancelledError:
        assert work.is_cancelled
    return importing


def test_a_cancelled_import_keeps_the_threads_before_and_leaves_no_project_without_any(tmp_path: Path) -> None:
    sources = [write_source(tmp_path, name) for name in ("one", "two")]
    counting = Stopped()
    import_sources(tmp_path / "counting.db", sources, counting)
    found = set()
    for last in points(counting.looks):
        path = tmp_path / f"{last}.db"
        importing = import_sources(path, sources, Stopped(last))
        found.add(importing.stored)
        assert path.exists() == bool(importing.stored), f"cancelled at look {last}"
        assert not path.with_name(f"{last}.db-wal").exists()
        if importing.stored:
            with Project.open(path) as project:
                assert check(project) == []
                assert len(content(project)["threads"]) == importing.stored
    assert found == {0, 1}


def test_every_stage_of_an_import_is_named(tmp_path: Path) -> None:
    work = Stopped()
    import_sources(tmp_path / "postil.db", [write_source(tmp_path, "one")], work)
    assert list(dict.fromkeys(work.stages)) == [
        "Reading",
        "Finding the comments",
        "Reading the comments",
        "Checking the thread",
        "Waiting for the project",
        "Storing",
        "Indexing",
        "Writing to disk",
    ]
    assert work.subject == "one.txt"


def test_a_project_that_was_there_before_stays_though_nothing_is_imported(tmp_path: Path) -> None:
    path = tmp_path / "postil.db"
    with Project.open(path, create=True):
        pass
    import_sources(path, [write_source(tmp_path, "one")], Stopped(5))
    assert path.exists()


def test_a_source_that_holds_no_thread_leaves_no_project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def read(source: object) -> Iterator[Thread]:
        del source
        yield Thread(key="none", title="None", posts=(), format="test")

    monkeypatch.setattr(flattened, "read", read)
    path = tmp_path / "postil.db"
    source = write_source(tmp_path, "one")
    importing = SourceImport(path, lambda: Project.open(path, create=True), [source], None, Work())
    (found,) = importing
    assert isinstance(found, Refused)
    assert (importing.failures, importing.stored) == (1, 0)
    assert not path.exists()


def test_a_new_project_that_somebody_else_has_opened_stays(tmp_path: Path) -> None:
    path = tmp_path / "postil.db"
    others = []

    def open_project() -> Project:
        project = Project.open(path, create=True)
        others.append(Project.open(path))
        return project

    work = Stopped()
    importing = SourceImport(path, open_project, [write_source(tmp_path, "one")], None, work)
    with pytest.raises(WorkCancelledError):
        for _ in iter(_cancel_when_open(importing, others, work)):
            pass
    (other,) = others
    assert path.exists()
    assert other.annotator("Ada").name == "Ada", "whoever opened it goes on with it"
    other.close()


def _cancel_when_open(importing: SourceImport, others: list[Project], work: Stopped) -> Iterator[object]:
    """Iterate over an import that is cancelled when its project has been opened."""
    begin = work.begin

    def cancel(stage: str, *arguments: Any, **extra: Any) -> None:  # noqa: ANN401  # passed on
        if others:
            work.cancel()
        begin(stage, *arguments, **extra)

    work.begin = cancel  # type: ignore[method-assign]  # what the test is about
    yield from importing


def test_reading_a_source_in_blocks_reads_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = "\ufeff\ufeffOne\r\n\r\ntwo\rthree\ufeff\r\n\x07\x07four\r" * 5
    path = tmp_path / "source.txt"
    path.write_bytes(text.encode())
    whole = read_source(path)
    for block in (1, 2, 3, 5, 8):
        monkeypatch.setattr("annotations.sources.cleaning._BLOCK", block)
        found = read_source(path)
        assert (found.text, found.dropped) == (whole.text, whole.dropped)
        assert found.sha256 == hashlib.sha256(text.encode()).hexdigest()


def test_what_is_quickly_taken_for_sound_holds_nothing_that_is_dropped() -> None:
    for code in (*range(0x3000), *range(0xD700, 0x10100), *range(0x1FFF0, 0x20010), 0x10FFFF):
        character = chr(code)
        is_dropped = bool(cleaning._UNCARRIED.search(f" {character}"))
        assert cleaning._is_sound(f"a{character}b") != is_dropped, hex(code)


def test_what_can_be_written_later_does_not_wait_for_another_program(desk: Desk) -> None:
    other = desk.open_again()
    with other.transaction() as connection:
        connection.execute("INSERT INTO settings VALUES ('a', '1')")
        with pytest.raises(ProjectBusyError, match="is locked by another program"), desk.project.impatient():
            desk.project.save_setting("b", "2")
    other.close()
    desk.project.save_setting("b", "2")
    assert desk.project.setting("b") == "2"


def test_who_writes_waits_for_another_program_as_long_as_an_import_takes(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening, "BUSY_TIMEOUT", 50)
    monkeypatch.setattr(opening, "PATIENCE", 1000)
    has_begun = threading.Event()

    def write_for_a_while() -> None:
        with Project.open(desk.path) as other, other.transaction() as connection:
            connection.execute("INSERT INTO settings VALUES ('a', '1')")
            has_begun.set()
            time.sleep(0.3)

    writer = threading.Thread(target=write_for_a_while)
    writer.start()
    has_begun.wait()
    desk.session().apply("agree", desk.post("1"))
    writer.join()
    assert desk.project.setting("a") == "1", "it came after the other one"
