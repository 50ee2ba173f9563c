"""A data set that is a file has its report and its manifest beside it, and over nothing that is not Postil's."""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
import time
from typing import TYPE_CHECKING, Any

import pytest

from annotations.errors import ExportError
from annotations.exporters import csv, jsonl
from annotations.exporters.choosing.options import ExportOptions
from annotations.exporters.writing.passing import STALE
from annotations.store import project_file
from annotations.store.project import Project
from annotations.store.snapshot import snapshot

if TYPE_CHECKING:
    from pathlib import Path

    from tests.annotations.conftest import Desk

COMMAND = ("postil", "export", "csv", "-o", "out/labels.csv")


@pytest.fixture
def target(tmp_path: Path) -> Path:
    """Return where to write, alone in a folder."""
    (tmp_path / "out").mkdir()
    return tmp_path / "out" / "labels.csv"


def beside(target: Path, what: str) -> Any:  # noqa: ANN401  # JSON
    return json.loads(target.with_name(f"{target.name}.{what}.json").read_bytes())


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_the_manifest_names_what_was_written_and_of_what(desk: Desk, target: Path) -> None:
    desk.session().apply("agree", desk.post("1"))
    report = csv.write(desk.project, target, ExportOptions(command=COMMAND))
    found = beside(target, "manifest")
    assert found["postil"]["format"] == "csv"
    assert found["command"] == list(COMMAND)
    assert found["codebook"] == {"name": "Test", "version": "", "sha256": desk.codebook.sha256, "earlier": []}
    assert found["project"]["log"] is None
    assert found["project"]["state_of"] == desk.rows("SELECT MAX(at) FROM events")[0][0]
    assert {file["name"]: file["sha256"] for file in found["files"]} == {
        name: sha256(target.with_name(name)) for name in ("labels.csv", "labels.csv.report.json")
    }
    assert {file.name: file.sha256 for file in report.files} == {
        path.name: sha256(path) for path in target.parent.iterdir()
    }
    desk.project.close()  # whoever closes the file gives up the locks on it
    assert (found["project"]["name"], found["project"]["sha256"]) == ("postil.db", sha256(desk.path))


def test_the_report_lists_what_the_format_cannot_carry(desk: Desk, target: Path) -> None:
    desk.session().apply("agree", desk.post("1"))
    report = csv.write(desk.project, target, ExportOptions())
    found = beside(target, "report")
    assert (found["rows"], found["annotations"], found["warnings"]) == (1, 1, [])
    assert {each["what"]: each["count"] for each in found["lost"]} == report.lost
    assert report.lost["posts without annotations"] == 13


def test_the_same_project_and_command_give_the_same_bytes(desk: Desk, target: Path) -> None:
    desk.session().apply("agree", desk.post("1"))
    before: dict[str, bytes] = {}
    for _ in range(3):
        csv.write(desk.project, target, ExportOptions(command=COMMAND))
        found = {path.name: path.read_bytes() for path in target.parent.iterdir()}
        assert before in ({}, found)
        before = found
        desk.reopen()


def test_a_log_that_others_keep_open_is_hashed_too(desk: Desk, target: Path) -> None:
    reader = sqlite3.connect(desk.path, isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT COUNT(*) FROM posts").fetchone()  # what is written now stays in the log
    desk.session().apply("agree", desk.post("1"))
    report = csv.write(desk.project, target, ExportOptions())
    reader.close()
    found = beside(target, "manifest")["project"]
    assert found["log"]["name"] == "postil.db-wal"
    assert found["log"]["size"] > 0
    assert any("write-ahead log" in warning for warning in report.warnings)
    csv.write(desk.project, target, ExportOptions())
    assert beside(target, "manifest")["project"]["log"] is None


def test_hashing_does_not_give_up_the_locks_on_the_project(desk: Desk, target: Path) -> None:
    csv.write(desk.project, target, ExportOptions())
    with desk.project.transaction() as connection:
        connection.execute("UPDATE threads SET title = 'New' WHERE key = 'ferry'")
        csv.write(desk.project, target, ExportOptions())
        other = sqlite3.connect(desk.path, timeout=0)
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            other.execute("BEGIN IMMEDIATE")
        other.close()


@pytest.mark.parametrize("what", ["manifest", "report"])
@pytest.mark.parametrize("content", [b'{"name": "an app"}', b"[]", b"", None])
def test_what_is_not_postils_is_kept(desk: Desk, target: Path, what: str, content: bytes | None) -> None:
    theirs = target.with_name(f"labels.csv.{what}.json")
    if content is None:
        theirs.symlink_to(target.with_name("nothing"))
    else:
        theirs.write_bytes(content)
    with pytest.raises(ExportError, match="is not Postil's") as failure:
        csv.write(desk.project, target, ExportOptions())
    assert "--no-manifest" in failure.value.hint
    assert [path.name for path in target.parent.iterdir()] == [theirs.name]
    csv.write(desk.project, target, ExportOptions(with_manifest=False))
    assert {path.name for path in target.parent.iterdir()} == {theirs.name, target.name}


def test_without_a_manifest_none_is_left_that_speaks_of_another_file(desk: Desk, target: Path) -> None:
    csv.write(desk.project, target, ExportOptions())
    assert len(list(target.parent.iterdir())) == 3
    report = csv.write(desk.project, target, ExportOptions(with_manifest=False))
    assert list(target.parent.iterdir()) == [target]
    assert report.sha256 == sha256(target)


def test_streams_have_nothing_beside_them(desk: Desk, target: Path) -> None:
    pipe = target.with_name("pipe")
    os.mkfifo(pipe)
    descriptor = os.open(pipe, os.O_RDWR)  # somebody reads
    try:
        jsonl.write(desk.project, pipe, ExportOptions(thread="ferry"))
    finally:
        os.close(descriptor)
    assert list(target.parent.iterdir()) == [pipe]


def test_a_failure_at_the_last_moment_leaves_all_as_it_was(
    desk: Desk, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    csv.write(desk.project, target, ExportOptions())
    before = {path.name: path.read_bytes() for path in target.parent.iterdir()}
    desk.session().apply("agree", desk.post("1"))

    def refuse(*_arguments: object, **_more: object) -> None:
        raise ExportError("broken")

    monkeypatch.setattr("annotations.exporters.describing.beside.manifest", refuse)
    with pytest.raises(ExportError, match="broken"):
        csv.write(desk.project, target, ExportOptions())
    assert {path.name: path.read_bytes() for path in target.parent.iterdir()} == before


def test_what_a_crash_has_left_is_cleared_away_after_a_day(
    desk: Desk, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    left = target.with_name(".postil-0123456789ab.part")
    left.write_bytes(b"half")
    csv.write(desk.project, target, ExportOptions(with_manifest=False))
    assert left.exists()  # it might be at work
    now = time.time()
    monkeypatch.setattr("annotations.exporters.writing.passing.time.time", lambda: now + STALE + 60)
    csv.write(desk.project, target, ExportOptions(with_manifest=False))
    assert list(target.parent.iterdir()) == [target]


def test_descriptors_do_not_pile_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(project_file, "_MOST_KEPT", 2)
    monkeypatch.setattr(project_file, "_kept", {})
    for number in range(4):
        path = tmp_path / f"{number}.db"
        with Project.open(path, create=True) as project, snapshot(project), project_file.hashing(project) as file:
            found, log = file.result()
        assert (found.name, found.size > 0) == (path.name, True)
        assert log is None or log.size > 0
    kept = list(project_file._kept.values())
    assert [os.fstat(descriptor).st_ino for descriptor in kept] == [
        (tmp_path / f"{number}.db").stat().st_ino for number in (2, 3)
    ]
    for descriptor in kept:
        os.close(descriptor)
