"""Projects of the fourth schema find their threads from anywhere when they are brought to the fifth."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

from sqlite_utils import Database

from annotations.store.migrations import project_migrations
from annotations.store.project import APPLICATION_ID, Project
from tests.annotations.test_third_schema import schema

if TYPE_CHECKING:
    from pathlib import Path

    from tests.annotations.conftest import Desk


def test_a_project_of_the_fourth_schema_has_the_same_indexes_then(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "fourth.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        project_migrations.apply(Database(connection), stop_before="fifth_schema")
        connection.execute(f"PRAGMA application_id={APPLICATION_ID}")
        connection.execute("PRAGMA user_version=4")
        assert not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'threads_url'").fetchone()
    with Project.open(path) as project:
        assert schema(project) == schema(desk.project)
        assert project.connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'threads_url'").fetchone()
