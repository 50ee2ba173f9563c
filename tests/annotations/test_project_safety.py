"""A project on drives that cannot do everything, and one that is no longer where it was."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from annotations.errors import ProjectBusyError, ProjectError
from annotations.store import opening
from annotations.store.project import Project

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "postil.db"
    Project.open(path, create=True).close()
    return path


@pytest.fixture
def without_shared_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let SQLite work as on a network drive: it locks by files beside the project, and programs share no memory."""

    def connect(path: Path, how: str) -> sqlite3.Connection:
        uri = f"{path.absolute().as_uri()}?{how}&vfs=unix-dotfile"
        return sqlite3.connect(uri, uri=True, isolation_level=None, timeout=0.2)

    monkeypatch.setattr(opening, "_open_file", connect)


def mode(project: Project) -> str:
    return str(project.connection.execute("PRAGMA journal_mode").fetchone()[0])


@pytest.mark.usefixtures("without_shared_memory")
def test_where_programs_share_no_memory_a_project_can_be_made_and_written(tmp_path: Path) -> None:
    path = tmp_path / "network.db"
    with Project.open(path, create=True) as project:
        assert mode(project) == "delete"
        project.save_setting("here", "yes")
    with Project.open(path) as project, Project.open(path) as other:
        with project.transaction():
            project.save_setting("here", "still")
            with pytest.raises(ProjectBusyError), other.impatient(), other.transaction():
                pass
        assert other.setting("here") == "still"


def test_a_project_that_was_made_elsewhere_can_be_opened_there(path: Path, request: pytest.FixtureRequest) -> None:
    """It is in WAL mode, which a drive without shared memory cannot read."""
    with Project.open(path) as project:
        assert mode(project) == "wal"
        project.save_setting("made", "here")
    request.getfixturevalue("without_shared_memory")
    with Project.open(path) as project:
        assert mode(project) == "delete"
        assert project.setting("made") == "here"
        project.save_setting("made", "there")
    request.getfixturevalue("monkeypatch").undo()
    with Project.open(path) as project:
        assert (mode(project), project.setting("made")) == ("wal", "there")


@pytest.mark.parametrize("how", ["moved", "replaced", "deleted"])
def test_nothing_is_written_to_a_file_that_nobody_will_find(path: Path, how: str) -> None:
    away = path.with_name("away.db")
    with Project.open(path) as project:
        project.save_setting("before", "yes")
        path.rename(away)
        if how == "replaced":
            shutil.copy(away, path)
        with pytest.raises(ProjectError, match="replaced" if how == "replaced" else "moved or deleted"):
            project.save_setting("after", "no")
        assert project.setting("before") == "yes", "reading goes on"
        if how == "deleted":
            away.unlink()
            return
        away.rename(path)
        project.save_setting("after", "yes")
    with closing(sqlite3.connect(path)) as connection:
        found = dict(connection.execute("SELECT name, value FROM settings WHERE name IN ('before', 'after')"))
    assert found == {"before": "yes", "after": "yes"}


def test_whether_there_is_room_is_seen_without_leaving_anything(path: Path) -> None:
    with Project.open(path) as project:
        before = list(project.connection.execute("SELECT * FROM settings"))
        pages = project.connection.execute("PRAGMA page_count").fetchone()[0]
        project.connection.execute(f"PRAGMA max_page_count={pages}")
        with pytest.raises(ProjectError, match="the disk is full"):
            project.check_room()
        project.connection.execute("PRAGMA max_page_count=4294967294")
        project.check_room()
        assert list(project.connection.execute("SELECT * FROM settings")) == before
