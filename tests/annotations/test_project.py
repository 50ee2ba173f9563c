"""A project file: made, opened, refused, written."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from annotations.errors import ProjectError, WrongUsageError
from annotations.model import AnnotatorKind
from annotations.store import opening
from annotations.store.migrations import project_migrations
from annotations.store.project import APPLICATION_ID, SCHEMA_VERSION, Project, is_project

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

NOBODY = 65534
"""The id of a user who may nothing; tests that run as root become this one where permissions matter."""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A project with one annotator, closed."""
    path = tmp_path / "postil.db"
    with Project.open(path, create=True) as project:
        project.annotator("Ann")
    return path


@pytest.fixture
def shared() -> Iterator[Path]:
    """A folder that everybody may enter; the test then runs as somebody who owns nothing."""
    if not hasattr(os, "seteuid"):
        pytest.skip("no permissions of this kind here")
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        if os.getuid() == 0:
            os.seteuid(0)
        folder.chmod(0o755)
        shutil.rmtree(folder)


def drop_rights() -> None:
    """Give up what root may do, which is everything."""
    if os.getuid() == 0:
        os.seteuid(NOBODY)


def refusal(path: Path, *, create: bool = False, read_only: bool = False) -> ProjectError:
    with pytest.raises(ProjectError) as caught:
        Project.open(path, create=create, read_only=read_only).close()
    assert caught.value.hint
    assert not caught.value.message.endswith(".")
    assert str(path) in caught.value.message or str(path.parent) in caught.value.message
    return caught.value


def execute(path: Path, *statements: str) -> None:
    with closing(sqlite3.connect(path)) as connection:
        for statement in statements:
            connection.execute(statement)
        connection.commit()


# What a project is


def test_new_project_says_what_it_is(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA application_id").fetchone() == (APPLICATION_ID,)
        assert connection.execute("PRAGMA user_version").fetchone() == (SCHEMA_VERSION,)
    assert APPLICATION_ID.to_bytes(4, "big") == b"POST"


def test_schema_version_counts_the_migrations() -> None:
    assert len(project_migrations.pending(EmptyDatabase())) == SCHEMA_VERSION  # type: ignore[arg-type]


class EmptyDatabase:
    """A database in which nothing was migrated."""

    def __getitem__(self, _name: str) -> EmptyDatabase:
        return self

    def exists(self) -> bool:
        return False


def test_connection_is_set_for_safety(path: Path) -> None:
    with Project.open(path) as project:
        settings = {
            name: project.connection.execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
        assert settings == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 5000}
        assert project.connection.isolation_level is None
        assert not project.is_read_only


def test_foreign_keys_hold(path: Path) -> None:
    with Project.open(path) as project, pytest.raises(sqlite3.IntegrityError), project.transaction() as connection:
        connection.execute("INSERT INTO reviews VALUES (1, 99, '2026-05-01T08:30:00Z')")


def test_is_project_tells_by_the_first_bytes(path: Path, tmp_path: Path) -> None:
    text = tmp_path / "thread.txt"
    text.write_text("SQLite format 3")
    other = tmp_path / "other.db"
    execute(other, "CREATE TABLE t (x)")
    assert is_project(path)
    assert not any(map(is_project, (text, other, tmp_path, tmp_path / "nothing")))


def test_opening_a_project_that_is_up_to_date_loads_no_sqlite_utils(path: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from annotations.store.project import Project; "
        "Project.open(Path(sys.argv[1])).close(); "
        "heavy = {'sqlite_utils', 'rapidfuzz', 'textual', 'click'} & set(sys.modules); "
        "sys.exit(', '.join(sorted(heavy)) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", program, path], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_two_projects_have_different_origins_and_keep_them(path: Path, tmp_path: Path) -> None:
    with Project.open(path) as one, Project.open(tmp_path / "two.db", create=True) as two:
        assert one.origin
        assert one.origin != two.origin
        origin = one.origin
    with Project.open(path) as again:
        assert again.origin == origin


def test_time_and_ids_are_given_from_outside(path: Path) -> None:
    ids = iter(["first", "second"])
    noon = datetime(2026, 5, 1, 12, 0, 7, 999_999, tzinfo=UTC)
    with Project.open(path, clock=lambda: noon, new_id=lambda: next(ids)) as project:
        assert project.now() == "2026-05-01T12:00:07Z"
        assert [project.new_id(), project.new_id()] == ["first", "second"]


def test_names_of_files_may_hold_anything(tmp_path: Path) -> None:
    path = tmp_path / "Größe? 100%#1 & more.db"
    with Project.open(path, create=True) as project:
        project.annotator("Ann")
    assert [file.name for file in tmp_path.iterdir()] == [path.name]
    with Project.open(path, read_only=True) as project:
        assert [annotator.name for annotator in project.annotators()] == ["Ann"]


def test_opening_again_changes_nothing(path: Path) -> None:
    before = path.read_bytes()
    Project.open(path, create=True).close()
    assert path.read_bytes() == before


# What is refused


def test_refuses_a_missing_file_unless_it_may_create_it(tmp_path: Path) -> None:
    path = tmp_path / "postil.db"
    assert "There is no project" in refusal(path).message
    assert not path.exists()
    assert "There is no project" in refusal(path, create=True, read_only=True).message
    assert not path.exists()


def test_refuses_a_folder_that_does_not_exist(tmp_path: Path) -> None:
    assert "folder" in refusal(tmp_path / "no" / "postil.db", create=True).message


def test_refuses_a_directory(tmp_path: Path) -> None:
    assert "is a folder" in refusal(tmp_path).message


def test_refuses_a_pipe_without_waiting_for_it(tmp_path: Path) -> None:
    if not hasattr(os, "mkfifo"):
        pytest.skip("no pipes here")
    os.mkfifo(tmp_path / "pipe")
    assert "regular file" in refusal(tmp_path / "pipe", create=True).message


def test_refuses_a_name_that_is_too_long(tmp_path: Path) -> None:
    with pytest.raises(ProjectError, match="cannot be opened"):
        Project.open(tmp_path / ("x" * 5000), create=True)


@pytest.mark.parametrize("content", ["x", "The tunnel will flood.\n" * 100, "SQLite format 3\x00 but not really" * 99])
def test_refuses_text(tmp_path: Path, content: str) -> None:
    path = tmp_path / "thread.txt"
    path.write_text(content)
    assert "is not a Postil project" in refusal(path, create=True).message
    assert path.read_text() == content


def test_refuses_the_database_of_another_program_and_leaves_it_alone(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    execute(path, "CREATE TABLE t (x)", "PRAGMA user_version=1")
    before = path.read_bytes()
    assert "is an SQLite database but not a Postil project" in refusal(path, create=True).message
    assert path.read_bytes() == before


def test_refuses_a_project_of_a_newer_postil(path: Path) -> None:
    execute(path, "PRAGMA user_version=9999")
    error = refusal(path)
    assert f"was made by a newer Postil (schema 9999, this one knows {SCHEMA_VERSION})" in error.message
    assert "Upgrade" in error.hint


def test_empty_file_is_a_new_project_only_where_it_may_be_made(tmp_path: Path) -> None:
    path = tmp_path / "postil.db"
    path.touch()
    assert "is empty" in refusal(path).message
    assert "is empty" in refusal(path, create=True, read_only=True).message
    assert path.stat().st_size == 0
    with Project.open(path, create=True) as project:
        assert project.origin
    assert is_project(path)


def test_refuses_a_file_that_was_cut_off(path: Path) -> None:
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])
    assert "is damaged" in refusal(path).message


def test_refuses_a_file_whose_tables_are_overwritten(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[100:4096] = b"\xff" * 3996
    path.write_bytes(content)
    assert "is damaged" in refusal(path).message


def test_damage_found_while_reading_is_said(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        (page,) = connection.execute("SELECT rootpage FROM sqlite_schema WHERE name = 'annotators'").fetchone()
    content = bytearray(path.read_bytes())
    content[(page - 1) * 4096 : page * 4096] = b"\xff" * 4096
    path.write_bytes(content)
    with Project.open(path) as project, pytest.raises(ProjectError, match="is damaged"), project.reading():
        project.connection.execute("SELECT * FROM annotators").fetchall()


def test_names_of_files_cannot_reach_the_terminal_as_escapes(tmp_path: Path) -> None:
    for name in ("\x1b[31mred.db", os.fsdecode(b"\xff\x9b.db")):
        with pytest.raises(ProjectError) as caught:
            Project.open(tmp_path / name)
        assert str(caught.value).isprintable()
        caught.value.message.encode()
        with Project.open(tmp_path / name, create=True) as project:
            assert project.origin
        assert is_project(tmp_path / name)


# Migration


def test_older_project_is_brought_up_to_date(path: Path) -> None:
    """The first schema stands for all: what was there is kept, what is missing is added."""
    with Project.open(path) as project:
        origin = project.origin
    execute(path, "PRAGMA user_version=0")
    with Project.open(path) as project:
        assert project.origin == origin
        assert project.connection.execute("PRAGMA user_version").fetchone() == (SCHEMA_VERSION,)
        assert project.connection.execute("PRAGMA foreign_keys").fetchone() == (1,)
        assert [annotator.name for annotator in project.annotators()] == ["Ann"]


def test_older_project_that_can_only_be_read_is_refused(path: Path) -> None:
    execute(path, "PRAGMA user_version=0")
    before = path.read_bytes()
    assert "older Postil" in refusal(path, read_only=True).message
    assert path.read_bytes() == before


def test_migration_that_breaks_references_is_taken_back(path: Path) -> None:
    execute(path, "PRAGMA user_version=0", "INSERT INTO reviews VALUES (1, 99, '')")
    assert "cannot be brought up to date" in refusal(path).message
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (0,)


@pytest.mark.parametrize("moment", ["before the schema", "after the schema", "before the commit"])
def test_crash_while_it_is_made_leaves_no_half_made_project(tmp_path: Path, moment: str) -> None:
    """The process dies at once, as when the power fails; what it leaves opens as a new project."""
    path = tmp_path / "postil.db"
    program = """
import os, sqlite3, sys
from pathlib import Path
from annotations.store.migrations import project_migrations
from annotations.store.project import Project

apply = project_migrations.apply
def crash(database):
    if sys.argv[2] != "before the schema":
        apply(database)
        # Pages that no longer fit into memory go to the file, before the commit.
        database.conn.execute("PRAGMA cache_size=1")
        database.conn.execute("CREATE TABLE big AS SELECT zeroblob(500000)")
        database.conn.execute("CREATE TABLE bigger AS SELECT zeroblob(500000)")
    if sys.argv[2] != "before the commit":
        os._exit(9)
project_migrations.apply = crash

real = sqlite3.connect
class Dying(sqlite3.Connection):
    def execute(self, statement, *values):
        if statement == "COMMIT":
            os._exit(9)
        return super().execute(statement, *values)
sqlite3.connect = lambda *args, **options: real(*args, factory=Dying, **options)
Project.open(Path(sys.argv[1]), create=True)
"""
    done = subprocess.run([sys.executable, "-c", program, path, moment], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (9, "")
    assert "is empty" in refusal(path).message
    with Project.open(path, create=True) as project:
        assert project.annotator("Ann").id == 1
        assert project.connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert project.connection.execute("SELECT COUNT(*) FROM sqlite_schema WHERE name = 'big'").fetchone() == (0,)


def test_failure_while_it_is_made_leaves_nothing_of_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "postil.db"
    apply = project_migrations.apply

    def fail(database: object) -> None:
        apply(database)  # type: ignore[arg-type]
        message = "disk I/O error"
        raise sqlite3.OperationalError(message)

    monkeypatch.setattr(project_migrations, "apply", fail)
    with pytest.raises(ProjectError, match="disk I/O error"):
        Project.open(path, create=True)
    monkeypatch.undo()
    Project.open(path, create=True).close()


def test_two_processes_may_make_the_same_project_at_once(tmp_path: Path) -> None:
    path = tmp_path / "postil.db"
    program = (
        "import sys; from pathlib import Path; from annotations.store.project import Project\n"
        "with Project.open(Path(sys.argv[1]), create=True) as project: print(project.origin)"
    )
    processes = [
        subprocess.Popen([sys.executable, "-c", program, path], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        for _ in range(3)
    ]
    answers = [process.communicate() for process in processes]
    assert {errors for _, errors in answers} == {b""}
    assert len({origin for origin, _ in answers}) == 1


# Writing


def fail_after(_step: object) -> None:
    raise ZeroDivisionError


def test_transaction_is_kept_whole_or_not_at_all(path: Path) -> None:
    with Project.open(path) as project:
        with project.transaction() as connection:
            connection.execute("INSERT INTO settings VALUES ('a', '1')")
        with pytest.raises(ZeroDivisionError), project.transaction() as connection:
            fail_after(connection.execute("INSERT INTO settings VALUES ('b', '2')"))
        assert (project.setting("a"), project.setting("b", "nothing")) == ("1", "nothing")
        assert not project.connection.in_transaction


def test_what_is_committed_survives_a_crash(path: Path) -> None:
    program = (
        "import os, sys; from pathlib import Path; from annotations.store.project import Project; "
        "Project.open(Path(sys.argv[1])).annotator('Ben'); os._exit(9)"
    )
    assert subprocess.run([sys.executable, "-c", program, path], check=False).returncode == 9
    with Project.open(path) as project:
        assert [annotator.name for annotator in project.annotators()] == ["Ann", "Ben"]


def test_transactions_do_not_nest(path: Path) -> None:
    with Project.open(path) as project:
        with project.transaction() as connection:
            connection.execute("INSERT INTO settings VALUES ('a', '1')")
            with pytest.raises(RuntimeError, match="do not nest"), project.transaction():
                pass
        assert project.setting("a") == "1"


def test_locked_project_is_said_after_a_short_wait(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "BUSY_TIMEOUT", 50)
    with Project.open(path) as project, Project.open(path) as other, other.transaction() as connection:
        connection.execute("INSERT INTO settings VALUES ('a', '1')")
        with pytest.raises(ProjectError, match="is locked by another program") as caught, project.transaction():
            pass
        assert caught.value.hint
        assert project.setting("a", "not yet") == "not yet"  # reading goes on


def test_exclusively_locked_project_cannot_be_opened(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "BUSY_TIMEOUT", 50)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("PRAGMA locking_mode=EXCLUSIVE")
        other.execute("BEGIN EXCLUSIVE")
        assert "is locked by another program" in refusal(path).message


def test_full_disk_is_said_and_nothing_is_half_written(path: Path) -> None:
    with Project.open(path) as project:
        (pages,) = project.connection.execute("PRAGMA page_count").fetchone()
        project.connection.execute(f"PRAGMA max_page_count={pages}")
        with pytest.raises(ProjectError, match="the disk is full") as caught, project.transaction() as connection:
            connection.executemany("INSERT INTO settings VALUES (?, zeroblob(?))", [("small", 1), ("big", 100_000)])
        assert "Make room" in caught.value.hint
        assert not project.connection.in_transaction
        assert project.setting("small", "nothing") == "nothing"
        project.save_setting("small", "2")
        assert project.setting("small") == "2"


def test_failing_commit_is_taken_back(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Failing(sqlite3.Connection):
        def execute(self, statement: str, *values: object) -> sqlite3.Cursor:
            if statement == "COMMIT":
                error = sqlite3.OperationalError("disk I/O error")
                error.sqlite_errorcode = sqlite3.SQLITE_IOERR_FSYNC
                raise error
            return super().execute(statement, *values)  # type: ignore[arg-type]

    connect = sqlite3.connect
    monkeypatch.setattr(sqlite3, "connect", lambda *args, **options: connect(*args, factory=Failing, **options))
    with Project.open(path) as project:
        with pytest.raises(ProjectError, match="the disk reports an error"):
            project.save_setting("a", "1")
        assert not project.connection.in_transaction
        assert project.setting("a", "nothing") == "nothing"


def test_mistakes_of_the_program_stay_what_they_are(path: Path) -> None:
    with Project.open(path) as project, pytest.raises(sqlite3.IntegrityError), project.transaction() as connection:
        connection.execute("INSERT INTO annotators (name) VALUES ('Ann')")


# Reading only


def snapshot(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.iterdir() if not file.name.endswith(("-shm", "-wal"))}


def test_read_only_project_refuses_to_write_and_stays_as_it_is(path: Path) -> None:
    before = snapshot(path.parent)
    with Project.open(path, read_only=True) as project:
        assert project.is_read_only
        assert project.annotator("Ann").name == "Ann"
        for write in (lambda: project.save_setting("a", "1"), lambda: project.annotator("Ben")):
            with pytest.raises(ProjectError, match="open for reading only") as caught:
                write()
            assert caught.value.hint
        with pytest.raises(ProjectError, match="can only be read"), project.reading():
            project.connection.execute("INSERT INTO settings VALUES ('a', '1')")
    assert snapshot(path.parent) == before


def test_reader_sees_what_a_writer_has_just_written(path: Path) -> None:
    with Project.open(path) as writer, Project.open(path, read_only=True) as reader:
        writer.save_setting("a", "1")
        assert reader.setting("a") == "1"


def copy_to(path: Path, folder: Path) -> Path:
    there = Path(shutil.copy(path, folder / "postil.db"))
    there.chmod(0o644)
    return there


def test_write_protected_file_is_opened_for_reading(path: Path, shared: Path) -> None:
    there = copy_to(path, shared)
    there.chmod(0o444)
    shared.chmod(0o777)
    drop_rights()
    with Project.open(there) as project:
        assert project.is_read_only
        assert [annotator.name for annotator in project.annotators()] == ["Ann"]


@pytest.mark.parametrize("read_only", [True, False])
def test_project_in_a_folder_without_write_permission_is_opened_for_reading(
    path: Path, shared: Path, *, read_only: bool
) -> None:
    there = copy_to(path, shared)
    shared.chmod(0o555)
    drop_rights()
    with Project.open(there, read_only=read_only) as project:
        assert project.is_read_only
        assert [annotator.name for annotator in project.annotators()] == ["Ann"]
        with pytest.raises(ProjectError, match="open for reading only"):
            project.save_setting("a", "1")
    assert [file.name for file in shared.iterdir()] == ["postil.db"]


def test_what_waits_in_a_log_is_not_passed_over_in_silence(path: Path, shared: Path) -> None:
    """A project that was not closed, on a medium that can only be read: its newest labels are in the log alone."""
    with Project.open(path) as project:
        project.save_setting("a", "1")
        there = copy_to(path, shared)
        Path(shutil.copy(f"{path}-wal", shared / "postil.db-wal")).chmod(0o644)
    shared.chmod(0o555)
    drop_rights()
    error = refusal(there)
    assert "was not closed properly" in error.message
    assert "postil.db-wal" in error.hint


def test_refuses_a_file_that_may_not_be_read(path: Path, shared: Path) -> None:
    there = copy_to(path, shared)
    there.chmod(0o000)
    if os.getuid() != 0:
        pytest.skip("the owner's rights are tested as root")
    drop_rights()
    assert "may not be read" in refusal(there).message


def test_refuses_to_make_a_project_where_nothing_may_be_written(shared: Path) -> None:
    shared.chmod(0o555)
    drop_rights()
    assert "cannot be opened" in refusal(shared / "postil.db", create=True).message


def test_refuses_a_folder_that_may_not_be_entered(path: Path, shared: Path) -> None:
    there = copy_to(path, shared)
    shared.chmod(0o000)
    drop_rights()
    refusal(there)


# Annotators


def test_annotator_is_found_or_made(path: Path) -> None:
    with Project.open(path) as project:
        ann = project.annotator(" Ann ")
        model = project.annotator("model 1", AnnotatorKind.MODEL)
        assert (ann.id, ann.name, ann.kind) == (1, "Ann", AnnotatorKind.PERSON)
        assert model.kind is AnnotatorKind.MODEL
        assert project.annotator("model 1") == model
        assert project.annotators() == [ann, model]


def test_annotator_can_be_made_inside_a_transaction(path: Path) -> None:
    with Project.open(path) as project:
        with pytest.raises(ZeroDivisionError), project.transaction():
            fail_after(project.annotator("Ben"))
        assert [annotator.name for annotator in project.annotators()] == ["Ann"]


@pytest.mark.parametrize("name", ["", " \t", "\x1b[31mred", "a\x00b", "\x9b"])
def test_annotator_needs_a_name_that_can_be_printed(path: Path, name: str) -> None:
    with Project.open(path) as project, pytest.raises(WrongUsageError):
        project.annotator(name)


def test_closing_twice_is_fine(path: Path) -> None:
    project = Project.open(path)
    closers: list[Callable[[], None]] = [project.close, project.close]
    for close in closers:
        close()
    with pytest.raises(sqlite3.ProgrammingError):
        project.setting("a")
