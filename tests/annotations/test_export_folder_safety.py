"""A data set that is a folder appears whole or not at all, in the place of an earlier one and of nothing else."""

from __future__ import annotations

import errno
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from annotations.errors import ExportError
from annotations.exporters import jsonl
from annotations.exporters.choosing.options import ExportOptions
from annotations.exporters.writing.passing import STALE
from annotations.exporters.writing.whole_folder import write_folder
from annotations.store.project import Project
from annotations.work import Work, WorkCancelledError

if TYPE_CHECKING:
    from collections.abc import Callable

    from annotations.exporters.writing.folder import Folder
    from tests.annotations.conftest import Desk

SPLIT = (("one", 0.5), ("two", 0.5))
OPTIONS = ExportOptions(split=SPLIT)
WRITTEN = {
    "README.md",
    "croissant.json",
    "datapackage.json",
    "manifest.json",
    "one.jsonl",
    "report.json",
    "two.jsonl",
}


@pytest.fixture
def target(desk: Desk, tmp_path: Path) -> Path:
    """Return a folder that was exported earlier, alone in another one."""
    (tmp_path / "out").mkdir()
    target = tmp_path / "out" / "set"
    jsonl.write(desk.project, target, OPTIONS)
    assert {path.name for path in target.iterdir()} == WRITTEN
    return target


def content(folder: Path) -> dict[str, bytes]:
    """Return the files of a folder, and see that nothing else lies beside it."""
    assert list(folder.parent.iterdir()) == [folder]
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def fail(error: BaseException, files: int = 2) -> Callable[[Folder], None]:
    """Return what writes some files, and then breaks off."""

    def fill(folder: Folder) -> None:
        for number in range(files):
            with folder.open(f"deep/er/{number}.txt") as output:
                output.write(b"x" * 3_000_000)
        raise error

    return fill


def test_a_folder_replaces_an_earlier_one_and_leaves_nothing_else(desk: Desk, target: Path) -> None:
    target.chmod(0o750)
    desk.session().apply("agree", desk.post("1"))
    report = jsonl.write(desk.project, target, ExportOptions(split=(("whole", 1.0),)))
    assert set(content(target)) == WRITTEN - {"one.jsonl", "two.jsonl"} | {"whole.jsonl"}
    assert {each.name for each in report.files} == set(content(target))
    assert target.stat().st_mode & 0o777 == 0o750


@pytest.mark.parametrize("error", [KeyboardInterrupt(), ExportError("broken"), MemoryError()])
@pytest.mark.parametrize("files", [0, 2])
def test_what_breaks_off_leaves_the_earlier_folder(desk: Desk, target: Path, error: BaseException, files: int) -> None:
    before = content(target)
    with pytest.raises(type(error)):
        write_folder(desk.project, target, ExportOptions(), fail(error, files), name="x")
    assert content(target) == before
    desk.session().apply("agree", desk.post("1"))  # the project can be written again


def test_cancelled_at_any_moment_it_leaves_the_earlier_folder(desk: Desk, target: Path) -> None:
    class Stopped(Work):
        """Work that is cancelled at a certain look at it."""

        def __init__(self, last: int) -> None:
            super().__init__()
            self.looks, self.last = 0, last

        def must_stop(self) -> bool:
            self.looks += 1
            if self.looks >= self.last:
                self.cancel()
            return super().must_stop()

    before = content(target)
    counting = Stopped(1 << 60)
    with desk.project.doing(counting):
        jsonl.write(desk.project, target, OPTIONS)
    for last in range(1, counting.looks, max(1, counting.looks // 10)):
        with pytest.raises(WorkCancelledError), desk.project.doing(Stopped(last)):
            jsonl.write(desk.project, target, OPTIONS)
        assert content(target) == before
        assert not desk.project.connection.in_transaction


@pytest.mark.parametrize(("number", "words"), [(errno.ENOSPC, "the disk is full"), (errno.EROFS, "can only be read")])
def test_a_disk_that_fails_is_said_and_leaves_the_earlier_folder(
    desk: Desk, target: Path, monkeypatch: pytest.MonkeyPatch, number: int, words: str
) -> None:
    def refuse(_descriptor: int) -> None:
        raise OSError(number, os.strerror(number))

    before = content(target)
    monkeypatch.setattr("annotations.exporters.writing.output.os.fsync", refuse)
    with pytest.raises(ExportError, match=words):
        jsonl.write(desk.project, target, OPTIONS)
    monkeypatch.undo()
    assert content(target) == before


def test_a_folder_where_nothing_may_be_written_is_said(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(path: Path, *_arguments: object) -> None:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), path)

    monkeypatch.setattr(Path, "mkdir", refuse)  # root may write everywhere
    with pytest.raises(ExportError, match=r"permission denied. Choose a folder where you may write"):
        jsonl.write(desk.project, tmp_path / "set", OPTIONS)


def test_a_rename_that_fails_puts_the_earlier_folder_back(
    desk: Desk, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = content(target)
    rename = Path.rename

    def refuse(path: Path, place: Path) -> Path:
        if path.suffix == ".part":
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        return rename(path, place)

    monkeypatch.setattr(Path, "rename", refuse)
    with pytest.raises(ExportError, match="Input/output error"):
        jsonl.write(desk.project, target, OPTIONS)
    monkeypatch.undo()
    assert content(target) == before


def test_standard_output_is_no_folder(desk: Desk) -> None:
    for path in (None, Path("-")):
        with pytest.raises(ExportError, match="Name a folder: -o FOLDER"):
            jsonl.write(desk.project, path, OPTIONS)


def test_a_missing_parent_or_a_file_is_said(desk: Desk, tmp_path: Path) -> None:
    with pytest.raises(ExportError, match=r"there is no folder .*nowhere. Make the folder first"):
        jsonl.write(desk.project, tmp_path / "nowhere" / "set", OPTIONS)
    (tmp_path / "file").touch()
    with pytest.raises(ExportError, match="is a file, and the data set is a folder"):
        jsonl.write(desk.project, tmp_path / "file", OPTIONS)


def test_an_empty_folder_is_filled_and_one_with_other_things_is_kept(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    jsonl.write(desk.project, tmp_path / "empty", OPTIONS)
    assert (tmp_path / "empty" / "one.jsonl").exists()
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("years", encoding="utf-8")
    with pytest.raises(ExportError, match=r"holds what no export of Postil's wrote: 'thesis.txt'"):
        jsonl.write(desk.project, tmp_path / "mine", OPTIONS)
    assert (tmp_path / "mine" / "thesis.txt").read_text(encoding="utf-8") == "years"


@pytest.mark.parametrize("name", ["notes.txt", "deep/notes.txt", "link"])
def test_what_was_added_to_an_earlier_folder_is_kept(desk: Desk, target: Path, name: str) -> None:
    if name == "link":
        (target / name).symlink_to(target / "one.jsonl")
    else:
        (target / name).parent.mkdir(exist_ok=True)
        (target / name).write_text("mine", encoding="utf-8")
    before = content(target)
    with pytest.raises(ExportError, match="holds what no export of Postil's wrote"):
        jsonl.write(desk.project, target, OPTIONS)
    assert content(target) == before


@pytest.mark.parametrize("change", [b"longer", None])
def test_what_was_changed_by_hand_is_kept(desk: Desk, target: Path, change: bytes | None) -> None:
    card = target / "README.md"
    raw = card.read_bytes()
    card.write_bytes(raw + change if change else raw.swapcase())
    before = content(target)
    with pytest.raises(ExportError, match=r"was changed since it was exported: 'README.md'. Write to another folder"):
        jsonl.write(desk.project, target, OPTIONS)
    assert content(target) == before


def test_what_was_removed_by_hand_is_no_obstacle(desk: Desk, target: Path) -> None:
    (target / "two.jsonl").unlink()
    jsonl.write(desk.project, target, OPTIONS)
    assert set(content(target)) == WRITTEN


def test_a_manifest_of_somebody_elses_does_not_make_a_folder_an_export(desk: Desk, tmp_path: Path) -> None:
    folder = tmp_path / "site"
    folder.mkdir()
    for manifest in ({"name": "app"}, {"postil": "yes"}, ["manifest.json"], {"postil": {"format": "x"}, "files": 3}):
        (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
        with pytest.raises(ExportError, match="holds what no export of Postil's wrote"):
            jsonl.write(desk.project, folder, OPTIONS)


def test_a_project_in_the_folder_is_kept(desk: Desk, tmp_path: Path) -> None:
    with pytest.raises(ExportError, match=r"holds what no export of Postil's wrote: 'postil.db'"):
        jsonl.write(desk.project, tmp_path, OPTIONS)
    desk.reopen()


def test_a_source_in_an_earlier_folder_is_kept(desk: Desk, target: Path) -> None:
    source = str(target / "one.jsonl")
    desk.project.connection.execute("UPDATE threads SET source = ? WHERE key = 'tunnel'", (source,))
    with pytest.raises(ExportError, match="holds a source of this project"):
        jsonl.write(desk.project, target, OPTIONS)


def test_a_folder_within_a_data_set_is_refused(desk: Desk, target: Path) -> None:
    before = content(target)
    for inner in (target / "inner", target / "one.jsonl" / ".." / "inner"):
        with pytest.raises(ExportError, match="lies in the data set"):
            jsonl.write(desk.project, inner, OPTIONS)
    assert content(target) == before


def test_a_link_to_a_folder_is_followed_and_stays_a_link(desk: Desk, target: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(target)
    jsonl.write(desk.project, tmp_path / "link", ExportOptions(split=(("whole", 1.0),)))
    assert (tmp_path / "link").is_symlink()
    assert "whole.jsonl" in content(target)


def test_the_folder_in_which_one_works_is_not_taken_away(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "here" / "below").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "here" / "below")
    for path in (Path(), Path("..")):
        with pytest.raises(ExportError, match="Name a new folder in it"):
            jsonl.write(desk.project, path, OPTIONS)
    jsonl.write(desk.project, Path("new"), OPTIONS)
    assert (tmp_path / "here" / "below" / "new" / "one.jsonl").exists()


KILLED = """
import os, signal, sys
from pathlib import Path
from annotations.exporters.writing.whole_folder import write_folder
from annotations.exporters.writing.passing import STALE
from annotations.exporters.choosing.options import ExportOptions
from annotations.store.project import Project

def fill(folder):
    with folder.open("one.txt") as output:
        output.write(b"x" * 3_000_000)
    os.kill(os.getpid(), signal.SIGKILL)

with Project.open(Path(sys.argv[1])) as project:
    write_folder(project, Path(sys.argv[2]), ExportOptions(), fill, name="x")
"""


def test_what_a_crash_has_left_is_cleared_away_after_a_day(
    desk: Desk, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = {path.name: path.read_bytes() for path in target.iterdir()}
    done = subprocess.run([sys.executable, "-c", KILLED, str(desk.path), str(target)], check=False, timeout=60)
    assert done.returncode == -signal.SIGKILL
    assert {path.name: path.read_bytes() for path in target.iterdir()} == before
    (left,) = {path.name for path in target.parent.iterdir()} - {target.name}
    assert left.startswith(".postil-")
    others = [".postil-notes.part", ".postil-0123456789ab.part.txt", "0123456789ab.part"]
    for name in others:
        (target.parent / name).touch()
    jsonl.write(desk.project, target, OPTIONS)
    assert (target.parent / left).exists()  # it might be at work
    now = time.time()
    monkeypatch.setattr("annotations.exporters.writing.passing.time.time", lambda: now + STALE + 60)
    jsonl.write(desk.project, target, OPTIONS)
    assert {path.name for path in target.parent.iterdir()} == {target.name, *others}


def test_a_project_that_can_only_be_read_is_exported(desk: Desk, target: Path) -> None:
    with Project.open(desk.path, read_only=True) as project:
        jsonl.write(project, target, OPTIONS)
    assert set(content(target)) == WRITTEN
