"""Other programs' databases are read, never written, and none of what they were made to do is done."""

from __future__ import annotations

import sqlite3
import stat
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from annotations.errors import SourceError
from annotations.store.foreign import ForeignDatabase
from annotations.work import Work, WorkCancelledError

if TYPE_CHECKING:
    from pathlib import Path


def make(path: Path, *statements: str) -> Path:
    with closing(sqlite3.connect(path)) as connection:
        for statement in statements:
            connection.execute(statement)
        connection.commit()
    return path


def test_rows_come_by_name_in_the_order_asked_for(tmp_path: Path) -> None:
    path = make(tmp_path / "x.db", 'CREATE TABLE "od""d" (b, a)', """INSERT INTO "od""d" VALUES (1, 'y'), (2, 'x')""")
    with ForeignDatabase("x.db", path) as database:
        assert database.columns('od"d') == ("b", "a")
        assert list(database.rows('od"d', ("a", "missing"))) == [{"b": 2, "a": "x"}, {"b": 1, "a": "y"}]
        assert database.columns("none") == ()
        assert list(database.rows("none", ())) == []


def test_the_same_from_memory(tmp_path: Path) -> None:
    raw = make(tmp_path / "x.db", "CREATE TABLE t (a)", "INSERT INTO t VALUES (1)").read_bytes()
    with ForeignDatabase("x.db", None, raw) as database:
        assert list(database.rows("t", ())) == [{"a": 1}]


def test_a_database_in_wal_mode_from_memory_and_where_nothing_can_be_written(tmp_path: Path) -> None:
    folder = tmp_path / "locked"
    folder.mkdir()
    path = make(folder / "x.db", "PRAGMA journal_mode=WAL", "CREATE TABLE t (a)", "INSERT INTO t VALUES (1)")
    with ForeignDatabase("x.db", None, path.read_bytes()) as database:
        assert list(database.rows("t", ())) == [{"a": 1}]
    path.chmod(stat.S_IRUSR)
    folder.chmod(stat.S_IRUSR | stat.S_IXUSR)
    try:
        with ForeignDatabase("x.db", path) as database:
            assert list(database.rows("t", ())) == [{"a": 1}]
    finally:
        folder.chmod(stat.S_IRWXU)


def test_views_and_virtual_tables_are_no_tables(tmp_path: Path) -> None:
    endless = "WITH RECURSIVE n(a) AS (SELECT 1 UNION ALL SELECT a + 1 FROM n) SELECT a FROM n"
    path = make(tmp_path / "x.db", f"CREATE VIEW comments AS {endless}", "CREATE VIRTUAL TABLE words USING fts5(a)")
    with ForeignDatabase("x.db", path) as database:
        assert database.columns("comments") == ()
        assert database.columns("words") == ()
        assert list(database.rows("comments", ("a",))) == []


def test_nothing_can_be_written(tmp_path: Path) -> None:
    path = make(tmp_path / "x.db", "CREATE TABLE t (a)")
    with ForeignDatabase("x.db", path) as database, pytest.raises(sqlite3.OperationalError, match="readonly"):
        database._connection.execute("INSERT INTO t VALUES (1)")


def test_text_that_is_no_utf_8_is_read(tmp_path: Path) -> None:
    path = make(tmp_path / "x.db", "CREATE TABLE t (a)", "INSERT INTO t VALUES (CAST(x'61ff' AS TEXT))")
    with ForeignDatabase("x.db", path) as database:
        assert list(database.rows("t", ())) == [{"a": "a\ufffd"}]


@pytest.mark.parametrize(
    "raw", [b"", b"SQLite format 3\x00", b"SQLite format 3\x00" + b"\xff" * 5000, b"no database" * 99]
)
def test_what_is_no_sound_database_is_refused(tmp_path: Path, raw: bytes) -> None:
    path = tmp_path / "x.db"
    path.write_bytes(raw)
    if raw:  # an empty file is an empty database to SQLite
        with pytest.raises(SourceError, match=r"x\.db cannot be read as an SQLite database"):
            ForeignDatabase("x.db", path)
    with pytest.raises(SourceError, match=r"x\.db cannot be read as an SQLite database"):
        ForeignDatabase("x.db", None, raw or b"x")


def test_what_takes_long_can_be_cancelled(tmp_path: Path) -> None:
    path = make(
        tmp_path / "x.db",
        "CREATE TABLE t (a)",
        "INSERT INTO t WITH RECURSIVE n(a) AS (SELECT 1 UNION ALL SELECT a + 1 FROM n LIMIT 20000) SELECT -a FROM n",
    )
    work = Work()
    with ForeignDatabase("x.db", path, work=work) as database:
        work.cancel()
        with pytest.raises(WorkCancelledError):
            list(database.rows("t", ("a",)))
