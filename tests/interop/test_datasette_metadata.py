"""Datasette shows a project's own file with what the metadata says of it, in both of its lines of releases."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from annotations.exporters import datasette
from annotations.exporters.choosing.options import ExportOptions
from annotations.exporters.describing.datasette_words import QUERIES, TABLES

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from annotations.store.project import Project

GET = """
import json, sys
from click.testing import CliRunner
from datasette.cli import cli
from importlib.metadata import version
file, metadata, *paths = sys.argv[1:]
config = [] if version("datasette").startswith("0.") else ["--config", metadata]  # where 1.0 wants queries
for path in paths:
    done = CliRunner().invoke(cli, ["serve", file, "--metadata", metadata, *config, "--get", path])
    if done.exit_code:
        sys.exit(f"{path}: {done.output} {done.exception!r}")
    print(json.dumps(done.output))
"""


class Shown:
    """What Datasette shows of a project."""

    def __init__(self, project: Project, python: Path, run: Callable[..., str], metadata: Path) -> None:
        self.file, self.python, self.run, self.metadata = project.path, python, run, metadata

    def get(self, *paths: str) -> list[str]:
        """Return what stands at these places."""
        lines = self.run(self.python, GET, self.file, self.metadata, *paths).splitlines()
        return [str(json.loads(line)) for line in lines]

    def rows(self, *paths: str) -> list[Any]:
        """Return the rows that stand at these places."""
        return [json.loads(found) for found in self.get(*paths)]


@pytest.fixture(scope="module", params=["datasette==0.65.1", "datasette==1.0a19"])
def python(request: pytest.FixtureRequest, consumer: Callable[..., Path]) -> Path:
    """Return a Python with Datasette."""
    return consumer(request.param, "setuptools==80.9.0")


@pytest.fixture
def shown(rich_project: Project, tmp_path: Path, python: Path, run: Callable[..., str]) -> Shown:
    """Return what Datasette shows of the rich project."""
    datasette.write(rich_project, tmp_path / "metadata.json", ExportOptions(licence="CC-BY-4.0"))
    return Shown(rich_project, python, run, tmp_path / "metadata.json")


def test_words_are_found_and_tables_views_and_queries_load(shown: Shown, rich_project: Project) -> None:
    counted = " UNION ALL ".join(f"SELECT '{table}', COUNT(*) FROM {table}" for table in TABLES)  # noqa: S608  # ours
    counts = dict(rich_project.connection.execute(counted))
    every = [f"/rich/{table}.json?_shape=array&_size=max" for table in TABLES]
    queries = [f"/rich/{query}.json?_shape=array" for query in QUERIES]
    pumps, *rows = shown.rows("/rich/posts.json?_search=pumps&_shape=array", *every, *queries)
    assert [row["key"] for row in pumps] == ["3.1"]
    assert dict(zip(TABLES, map(len, rows), strict=False)) == counts
    of_query = dict(zip(QUERIES, rows[len(TABLES) :], strict=True))
    assert {"label": "Heated", "scope": "thread", "annotator": "Ada", "annotations": 1} in of_query["label_counts"]
    assert {row["thread"] for row in of_query["unreviewed_comments"]} == {"harbour", "lock"}
    assert {row["post"] for row in of_query["labeled_differently"] if row["thread"] == "harbour"} >= {"1.1", "3"}


def test_every_slice_equals_its_quote(shown: Shown) -> None:
    spans, posts = shown.rows(
        "/rich/labeled_spans.json?_shape=array&_size=max", "/rich/posts.json?_shape=array&_size=max"
    )
    texts = {post["key"]: post["text"] for post in posts if post["thread_id"] == 1}
    placed = [span for span in spans if span["thread"] == "harbour" and not span["is_detached"]]
    assert len(placed) == 19
    assert all(texts[span["post"]][span["start_char"] : span["end_char"]] == span["quote"] for span in placed)


def test_pages_say_what_is_what(shown: Shown) -> None:
    index, table, view = shown.get("/", "/rich/annotations", "/rich/labeled_spans")
    assert "Harbour | &lt;b&gt;rules&lt;/b&gt;" in index
    assert "CC-BY-4.0" in index
    assert "Labels as they stand" in table
    assert "yes</a>" in table  # labels are told by their names
    assert "lector-2</a>" in table
    assert "facet-results" in view
    assert "Where the words begin, in code points" in view
