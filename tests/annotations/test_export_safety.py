"""A dataset appears whole or not at all, over nothing that must be kept, and tells one state of the project."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
import tracemalloc
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from annotations.errors import ExportError, ProjectError
from annotations.exporters import csv, jsonl
from annotations.exporters.choosing.options import ExportOptions
from annotations.exporters.writing.dataset import write_dataset
from annotations.model import Post, PostKind, Target, Thread
from annotations.store import exporting
from annotations.store.project import Project
from annotations.store.snapshot import snapshot
from annotations.store.threads import load_posts, save_thread

if TYPE_CHECKING:
    from collections.abc import Iterator

    from annotations.exporters.choosing.selection import Selection
    from annotations.exporters.writing.report import ExportReport, Tally
    from tests.annotations.conftest import Desk

OPTIONS = ExportOptions()
OLD = b"what stood here before"


@pytest.fixture
def target(tmp_path: Path) -> Path:
    """Return the path of a dataset that was exported earlier, alone in its folder."""
    folder = tmp_path / "out"
    folder.mkdir()
    target = folder / "dataset.jsonl"
    target.write_bytes(OLD)
    return target


def assert_untouched(target: Path) -> None:
    """See that the old dataset stands, and nothing else."""
    assert target.read_bytes() == OLD
    assert list(target.parent.iterdir()) == [target]


def fail_in(number: int, error: BaseException) -> object:
    """Return lines that break off with an error behind `number` pieces."""

    def lines(_project: Project, _selection: Selection, _tally: Tally) -> Iterator[bytes]:
        yield from [b"x" * 3_000_000] * number
        raise error

    return lines


def test_a_dataset_replaces_an_older_one_and_leaves_nothing_else(desk: Desk, target: Path) -> None:
    target.chmod(0o640)
    report = jsonl.write(desk.project, target, OPTIONS)
    assert target.read_bytes().count(b"\n") == report.rows == 14
    assert target.stat().st_mode & 0o777 == 0o640
    assert sorted(each.name for each in target.parent.iterdir()) == [each.name for each in report.files]
    assert [each.name for each in report.files] == [
        "dataset.jsonl",
        "dataset.jsonl.manifest.json",
        "dataset.jsonl.report.json",
    ]


def test_a_new_file_has_the_rights_that_any_new_file_has(desk: Desk, tmp_path: Path) -> None:
    jsonl.write(desk.project, tmp_path / "dataset.jsonl", OPTIONS)
    other = tmp_path / "other"
    other.touch()
    assert (tmp_path / "dataset.jsonl").stat().st_mode == other.stat().st_mode


@pytest.mark.parametrize("error", [KeyboardInterrupt(), ExportError("broken"), MemoryError()])
@pytest.mark.parametrize("number", [0, 2])
def test_what_breaks_off_leaves_the_older_dataset(desk: Desk, target: Path, error: BaseException, number: int) -> None:
    with pytest.raises(type(error)):
        write_dataset(desk.project, target, OPTIONS, fail_in(number, error), name="x", suffix=".x")  # type: ignore[arg-type]  # lines that fail
    assert_untouched(target)
    # The project can be written again.
    desk.session().apply("agree", desk.post("1"))


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.ENOSPC, "the disk is full"),
        (errno.EDQUOT, "quota"),
        (errno.EROFS, "can only be read"),
        (errno.EIO, "Input/output error"),
    ],
)
def test_a_disk_that_fails_is_said_and_leaves_the_older_dataset(
    desk: Desk, target: Path, monkeypatch: pytest.MonkeyPatch, number: int, words: str
) -> None:
    def fail(_descriptor: int) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr("annotations.exporters.writing.output.os.fsync", fail)
    with pytest.raises(ExportError) as failure:
        jsonl.write(desk.project, target, OPTIONS)
    assert str(target) in failure.value.message
    assert words in failure.value.message
    assert failure.value.hint
    assert_untouched(target)


def test_a_full_device_is_said(desk: Desk) -> None:
    full = Path("/dev/full")
    if not full.exists():
        pytest.skip("no device that is always full")
    with pytest.raises(ExportError, match="the disk is full"):
        jsonl.write(desk.project, full, OPTIONS)
    assert full.is_char_device()


def test_a_device_or_pipe_is_written_to_and_not_replaced(desk: Desk, tmp_path: Path) -> None:
    jsonl.write(desk.project, Path(os.devnull), OPTIONS)
    assert not Path(os.devnull).is_file()
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with subprocess.Popen(["cat", str(pipe)], stdout=subprocess.PIPE) as reader:
        report = jsonl.write(desk.project, pipe, OPTIONS)
        content = reader.communicate(timeout=10)[0]
    assert content.count(b"\n") == report.rows
    assert pipe.is_fifo()


def test_a_folder_where_nothing_may_be_written_is_said(
    desk: Desk, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(path: Path, *_arguments: object) -> int:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), path)

    monkeypatch.setattr("annotations.exporters.writing.output.os.open", refuse)
    with pytest.raises(ExportError, match=r"permission denied. Choose a folder where you may write"):
        jsonl.write(desk.project, target, OPTIONS)
    assert_untouched(target)


def test_a_folder_is_not_a_target(desk: Desk, tmp_path: Path) -> None:
    with pytest.raises(ExportError, match=r"is a folder. Name a file in it"):
        jsonl.write(desk.project, tmp_path, OPTIONS)


def test_a_missing_folder_is_said_and_not_made(desk: Desk, tmp_path: Path) -> None:
    with pytest.raises(ExportError, match=r"there is no folder .*nowhere. Make the folder first"):
        jsonl.write(desk.project, tmp_path / "nowhere" / "dataset.jsonl", OPTIONS)
    assert not (tmp_path / "nowhere").exists()


def test_a_file_that_can_only_be_read_is_kept(desk: Desk, target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target.chmod(0o444)
    monkeypatch.setattr("annotations.exporters.writing.output.os.access", lambda *_: False)  # root may write everything
    with pytest.raises(ExportError, match="can only be read"):
        jsonl.write(desk.project, target, OPTIONS)
    assert_untouched(target)


@pytest.mark.parametrize("name", ["postil.db", "postil.db-wal", "postil.db-shm", "link.db", "hard.db"])
def test_the_project_is_never_overwritten(desk: Desk, tmp_path: Path, name: str) -> None:
    (tmp_path / "link.db").symlink_to(desk.path)
    (tmp_path / "hard.db").hardlink_to(desk.path)
    with pytest.raises(ExportError, match="is the project itself"):
        jsonl.write(desk.project, tmp_path / name, OPTIONS)
    desk.reopen()
    desk.session().apply("agree", desk.post("1"))


def test_another_project_is_never_overwritten(desk: Desk, tmp_path: Path) -> None:
    Project.open(tmp_path / "other.db", create=True).close()
    with pytest.raises(ExportError, match="is a Postil project"):
        jsonl.write(desk.project, tmp_path / "other.db", OPTIONS)
    Project.open(tmp_path / "other.db").close()


def test_a_source_is_never_overwritten(desk: Desk, tmp_path: Path) -> None:
    source = tmp_path / "source.txt"
    source.write_bytes(OLD)
    desk.project.connection.execute("UPDATE threads SET source = ? WHERE key = 'tunnel'", (str(source),))
    (tmp_path / "link.jsonl").symlink_to(source)
    for name in ("source.txt", "link.jsonl"):
        with pytest.raises(ExportError, match="is a source of this project"):
            jsonl.write(desk.project, tmp_path / name, OPTIONS)
    assert source.read_bytes() == OLD


def test_a_link_is_followed_and_stays_a_link(desk: Desk, target: Path, tmp_path: Path) -> None:
    link = tmp_path / "link.jsonl"
    link.symlink_to(target)
    jsonl.write(desk.project, link, OPTIONS)
    assert link.is_symlink()
    assert target.read_bytes().count(b"\n") == 14


def test_links_that_lead_in_a_circle_are_no_harm(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "one").symlink_to(tmp_path / "other")
    (tmp_path / "other").symlink_to(tmp_path / "one")
    jsonl.write(desk.project, tmp_path / "one", OPTIONS)
    assert (tmp_path / "one").read_bytes().count(b"\n") == 14


def test_a_name_as_long_as_names_may_be_is_fine_and_one_that_is_longer_is_said(desk: Desk, tmp_path: Path) -> None:
    jsonl.write(desk.project, tmp_path / ("x" * 255), OPTIONS)
    with pytest.raises(ExportError, match="the name is too long"):
        jsonl.write(desk.project, tmp_path / ("x" * 256), OPTIONS)


@pytest.mark.parametrize("exporter", [jsonl, csv])
@pytest.mark.parametrize("path", [None, Path("-")])
def test_standard_output_gets_the_same_bytes(
    desk: Desk, tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes], exporter: object, path: Path | None
) -> None:
    write = exporter.write  # type: ignore[attr-defined]  # a module
    desk.session().apply("claim", desk.words("Nobody asked us. ".strip()))
    file_report: ExportReport = write(desk.project, tmp_path / "dataset", OPTIONS)
    capfdbinary.readouterr()
    report: ExportReport = write(desk.project, path, OPTIONS)
    assert capfdbinary.readouterr().out == (tmp_path / "dataset").read_bytes()
    assert report.sha256 == file_report.sha256
    sys.stdout.write("")  # it is still open


EXPORT_TO_OUTPUT = """
import sys
import tracemalloc
from pathlib import Path
from annotations.errors import ExportError
from annotations.exporters import jsonl
from annotations.exporters.choosing.options import ExportOptions
from annotations.store.project import Project
with Project.open(Path(sys.argv[1])) as project:
    try:
        jsonl.write(project, None, ExportOptions())
    except BrokenPipeError:
        sys.exit(3)
    except ExportError as error:
        sys.exit(str(error))
"""


def test_output_that_nobody_reads_is_left_to_the_caller(desk: Desk) -> None:
    read_end, write_end = os.pipe()
    os.close(read_end)
    try:
        done = subprocess.run(
            [sys.executable, "-c", EXPORT_TO_OUTPUT, str(desk.path)],
            stdout=write_end,
            stderr=subprocess.PIPE,
            check=False,
            timeout=60,
        )
    finally:
        os.close(write_end)
    assert (done.returncode, done.stderr) == (3, b"")


def test_full_standard_output_is_said_once(desk: Desk) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("no device that is always full")
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-c", EXPORT_TO_OUTPUT, str(desk.path)],
            stdout=full,
            stderr=subprocess.PIPE,
            check=False,
            timeout=60,
        )
    assert done.returncode == 1
    assert done.stderr.decode().splitlines() == [
        "standard output cannot be written: the disk is full. Make room, or write to another disk."
    ]


@pytest.mark.parametrize("exporter", [jsonl, csv])
@pytest.mark.parametrize(
    "damage",
    ["UPDATE annotations SET start_char = 0, end_char = 4", "UPDATE annotations SET exact = 'Nobody asked you'"],
)
def test_a_span_that_does_not_say_what_was_quoted_stops_the_export(
    desk: Desk, target: Path, exporter: object, damage: str
) -> None:
    annotation = desk.only(desk.session().apply("claim", desk.words("Nobody asked us")))
    desk.project.connection.execute(damage)
    with pytest.raises(ExportError) as failure:
        exporter.write(desk.project, target, OPTIONS)  # type: ignore[attr-defined]  # a module
    assert annotation.uuid in failure.value.message
    assert "post 0 of thread tunnel" in failure.value.message
    assert "postil check" in failure.value.hint
    assert_untouched(target)


def test_a_dataset_shows_one_moment_whatever_another_terminal_does_meanwhile(
    desk: Desk, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("annotations.store.exporting.BATCH", 1)
    desk.session().apply("agree", desk.post("1"))
    other = desk.open_again()
    read_batches = exporting.gather
    labels = iter(["2", "3.1"])

    def label_meanwhile(*arguments: object, **options: object) -> Iterator[object]:
        for batch in read_batches(*arguments, **options):  # type: ignore[arg-type]  # as given
            key = next(labels, None)
            if key is not None:
                desk.session("Bo", other).apply("agree", desk.post(key))
            yield batch

    monkeypatch.setattr("annotations.exporters.rows.recording.gather", label_meanwhile)
    report = jsonl.write(desk.project, target, OPTIONS)
    assert (report.annotations, next(labels, None)) == (1, None)
    assert jsonl.write(desk.project, target, OPTIONS).annotations == 3
    other.close()


@pytest.mark.parametrize("exporter", [jsonl, csv])
def test_memory_holds_a_part_of_a_long_thread(desk: Desk, target: Path, exporter: object) -> None:
    size = 4000
    root = Post(key="0", parent=None, kind=PostKind.ARTICLE, text="Long")
    comments = (Post(key=str(number), parent="0", text="x" * size) for number in range(1, 4000))
    thread = Thread(key="long", title="Long", posts=(root, *comments), format="test")
    thread_id = save_thread(desk.project, thread, location="/long", source_sha256="long").thread.id
    session = desk.session()
    for post in load_posts(desk.project, thread_id, 0, 4000)[::50]:
        session.apply("agree", Target(thread_id=thread_id, post_id=post.id))
    tracemalloc.start()
    try:
        exporter.write(desk.project, target, ExportOptions(thread="long"))  # type: ignore[attr-defined]  # a module
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 4000 * size / 2


def test_a_project_that_can_only_be_read_is_exported(desk: Desk, target: Path) -> None:
    with Project.open(desk.path, read_only=True) as project:
        assert jsonl.write(project, target, OPTIONS).rows == 14


def test_a_damaged_project_is_said_and_leaves_the_older_dataset(desk: Desk, target: Path) -> None:
    ((page,),) = desk.rows("SELECT rootpage FROM sqlite_master WHERE name = 'posts'")
    ((size,),) = desk.rows("PRAGMA page_size")
    assert isinstance(page, int)
    assert isinstance(size, int)
    desk.project.close()
    with desk.path.open("r+b") as file:
        file.seek((page - 1) * size)
        file.write(b"\xff" * size)
    with Project.open(desk.path, read_only=True) as project, pytest.raises(ProjectError, match="damaged"):
        jsonl.write(project, target, OPTIONS)
    assert_untouched(target)


def test_a_snapshot_inside_a_transaction_leaves_it_open(desk: Desk) -> None:
    with desk.project.transaction() as connection:
        with snapshot(desk.project):
            connection.execute("UPDATE threads SET title = 'New' WHERE key = 'ferry'")
        assert connection.in_transaction
    assert desk.rows("SELECT title FROM threads WHERE key = 'ferry'") == [("New",)]
