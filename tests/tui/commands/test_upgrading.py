"""A project of an older Postil is brought up to date, and the command line says so while it takes."""

from __future__ import annotations

import io
import sqlite3
import time
from contextlib import closing, contextmanager, redirect_stderr, suppress
from typing import TYPE_CHECKING

import pytest
from sqlite_utils import Database

from annotations.store import migrations
from annotations.store.check import check
from annotations.store.migrations import project_migrations
from annotations.store.opening import APPLICATION_ID, SCHEMA_VERSION
from annotations.store.project import Project
from annotations.work import Work
from tui.commands import progress_line
from tui.commands.long_work import LongWork
from tui.commands.surroundings import upgrading

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.tui.commands.conftest import Trial

COMMENTS = 300
KINDS = ("article", "comment")


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """A project of the second schema with a thread of some comments."""
    path = tmp_path / "old.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        project_migrations.apply(Database(connection), stop_before="third_schema")
        connection.execute(
            "INSERT INTO threads (key, title, source, source_sha256, content_sha256, format, posts, max_depth, "
            "imported_at, report) VALUES ('fog', 'Fog', '/fog.txt', '', '', 'test', ?, 1, '', '{\"key\":\"mist\"}')",
            (COMMENTS,),
        )
        empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        connection.executemany(
            "INSERT INTO posts (id, thread_id, key, parent_id, position, depth, subtree_size, kind, sha256, text) "
            "VALUES (?, 1, ?, ?, ?, ?, ?, ?, ?, '')",
            (
                (n + 1, str(n), min(n, 1) or None, n, min(n, 1), 1 if n else COMMENTS, KINDS[min(n, 1)], empty)
                for n in range(COMMENTS)
            ),
        )
        connection.execute("INSERT INTO posts_fts (posts_fts) VALUES ('rebuild')")
        connection.execute("INSERT INTO settings (name, value) VALUES ('origin', 'here')")
        connection.execute(f"PRAGMA application_id={APPLICATION_ID}")
        connection.execute("PRAGMA user_version=2")
    return path


class Watch:
    """Notes what is said of a migration."""

    def __init__(self) -> None:
        self.works: list[Work] = []

    @contextmanager
    def __call__(self, work: Work) -> Iterator[None]:
        self.works.append(work)
        yield


def test_it_is_told_how_far_an_old_project_is(old: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    steps: list[int] = []
    monkeypatch.setattr(migrations, "_AT_ONCE", 128)
    monkeypatch.setattr(Work, "advance", lambda _, done: steps.append(done))
    watch = Watch()
    with Project.open(old, upgrading=watch) as project:
        assert project.connection.execute("SELECT source_key FROM threads").fetchall() == [("mist",)]
        assert project.connection.execute("SELECT COUNT(*) FROM text_signatures").fetchone() == (3,)
    assert [(work.stage, work.total, work.unit) for work in watch.works] == [
        ("Bringing the project up to date", COMMENTS, "comments")
    ]
    assert steps[:3] == [128, 256, 300]
    with Project.open(old, upgrading=watch) as project:
        assert len(watch.works) == 1, "it is up to date now"
        assert project.connection.execute("PRAGMA user_version").fetchone() == (SCHEMA_VERSION,)


def test_of_a_new_project_nothing_is_told(tmp_path: Path) -> None:
    watch = Watch()
    Project.open(tmp_path / "new.db", create=True, upgrading=watch).close()
    assert watch.works == []


def test_an_interrupted_migration_leaves_the_old_project(old: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    @contextmanager
    def interrupted(work: Work) -> Iterator[None]:
        def advance(done: int) -> None:
            raise KeyboardInterrupt(done)

        monkeypatch.setattr(work, "advance", advance)
        yield

    with pytest.raises(KeyboardInterrupt):
        Project.open(old, upgrading=interrupted)
    with closing(sqlite3.connect(old)) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (2,)
        assert connection.execute("SELECT name FROM sqlite_master WHERE name = 'text_signatures'").fetchall() == []
    with Project.open(old) as project:
        assert not [problem for problem in check(project) if "shape" not in problem]


class Terminal(io.StringIO):
    """Standard error of somebody who looks."""

    encoding = "utf-8"

    def isatty(self) -> bool:
        return True


def wait_for(terminal: Terminal, words: str, since: int = 0) -> None:
    """Wait until words were drawn, from another thread."""
    deadline = time.monotonic() + 10
    while words not in terminal.getvalue()[since:]:
        assert time.monotonic() < deadline, terminal.getvalue()
        time.sleep(0.005)


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """A terminal on which lines appear without delay."""
    monkeypatch.setattr(progress_line, "DELAY", 0.0)
    monkeypatch.setattr(progress_line, "INTERVAL", 0.005)
    return Terminal()


def test_a_terminal_shows_it_and_then_nothing_of_it(terminal: Terminal) -> None:
    work = Work()
    with redirect_stderr(terminal), suppress(ZeroDivisionError), upgrading(work):
        work.begin("Bringing the project up to date", 1000, "comments", part=(0.1, 1))
        work.advance(500)
        wait_for(terminal, "Bringing the project up to date    55%  500 comments")
        raise ZeroDivisionError
    assert terminal.getvalue().rsplit("\r", 2)[1].strip() == "", "also after a failure"


def test_the_line_of_a_command_makes_room_for_it(terminal: Terminal) -> None:
    with redirect_stderr(terminal), LongWork("Checking", "nothing was changed").under_way():
        wait_for(terminal, "Checking")
        with upgrading(Work()):
            wait_for(terminal, "Bringing")
            drawn = terminal.getvalue().rindex("Bringing")
            time.sleep(0.05)
            assert "Checking" not in terminal.getvalue()[drawn:]
        wait_for(terminal, "Checking", drawn)


def test_in_a_script_a_command_says_nothing_of_it(old: Path, trial: Trial) -> None:
    outcome = trial.run("--project", str(old), "threads", "--json")
    assert outcome.exit_code == 0
    assert "Bringing" not in outcome.output
