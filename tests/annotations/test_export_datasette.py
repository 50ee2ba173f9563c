"""The metadata for Datasette speaks of all tables of a project, and only of those."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from annotations.errors import WrongUsageError
from annotations.exporters import datasette
from annotations.exporters.choosing.options import ExportOptions
from annotations.exporters.describing.datasette_words import HIDDEN, QUERIES, TABLES

if TYPE_CHECKING:
    from pathlib import Path

    from tests.annotations.conftest import Desk


def test_every_table_and_view_is_described_or_hidden_with_columns_that_it_has(desk: Desk) -> None:
    stored = {str(name) for (name,) in desk.rows("SELECT name FROM sqlite_schema WHERE type IN ('table', 'view')")}
    known = {name for name in stored if not name.startswith(("posts_fts", "sqlite_"))}
    assert known == TABLES.keys() | set(HIDDEN) - {"sqlite_stat1"}
    for table, said in TABLES.items():
        columns = {name for (name,) in desk.rows(f"SELECT name FROM pragma_table_info('{table}')")}  # noqa: S608  # ours
        assert set(said.get("columns", {})) <= columns, table
        assert {*said.get("facets", []), *filter(None, [said.get("label_column"), said.get("sort_desc")])} <= columns


def test_queries_run(desk: Desk) -> None:
    desk.session().apply("agree", desk.post("1"))
    desk.session("Bo").review(desk.posts["1"])
    found = {name: desk.rows(query["sql"]) for name, query in QUERIES.items()}
    assert found["label_counts"] == [("Agree", "post", "Ada", 1)]
    assert [row[2:5] for row in found["labeled_differently"]] == [("Ada", "Agree", "Bo")]
    assert len(found["unreviewed_comments"]) == 11


def test_it_is_of_the_project_under_its_name(desk: Desk, tmp_path: Path) -> None:
    report = datasette.write(desk.project, tmp_path / "metadata.json", ExportOptions())
    found = json.loads((tmp_path / "metadata.json").read_bytes())
    assert found["databases"].keys() == {"postil"}
    assert report.lost == {}
    assert datasette.preview(desk.project, ExportOptions(), 2) == '{\n  "title": "Claims and comment stance",\n'


def test_options_that_leave_something_out_are_refused(desk: Desk, tmp_path: Path) -> None:
    for options in (ExportOptions(thread="ferry"), ExportOptions(redact=True), ExportOptions(split=(("a", 1.0),))):
        with pytest.raises(WrongUsageError, match="shows the project's file as it is"):
            datasette.write(desk.project, tmp_path / "metadata.json", options)
    assert not (tmp_path / "metadata.json").exists()
