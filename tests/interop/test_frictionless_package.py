"""Frictionless finds nothing wrong with what Postil writes, and nothing missing."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from annotations.exporters import frictionless
from annotations.exporters.choosing.options import ExportOptions
from annotations.formats import exporter

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from annotations.store.project import Project

FRICTIONLESS = "frictionless==5.20.0"
SPLIT = (("train", 0.5), ("dev", 0.25), ("test", 0.25))
OF_POSTIL = {"README.md", "croissant.json", "datapackage.json", "manifest.json", "report.json"}

VALIDATE = """
import json, sys
from frictionless import Package, validate
report = validate(sys.argv[1])
print(json.dumps({
    "errors": report.flatten(["type", "note"]),
    "stats": {task.name: task.stats.get("rows") for task in report.tasks},
    "warnings": [task.warnings for task in report.tasks if task.warnings],
}))
"""

READ = """
import json, sys
from frictionless import Package
package = Package(sys.argv[1])
tables = {}
for resource in package.resources:
    if resource.schema.fields:
        tables[resource.name] = [dict(row.to_dict(json=True)) for row in resource.read_rows()]
print(json.dumps(tables))
"""


def validate(consumer: Callable[..., Path], run: Callable[..., str], folder: Path) -> dict[str, int | None]:
    found = json.loads(run(consumer(FRICTIONLESS), VALIDATE, folder / "datapackage.json"))
    assert (found["errors"], found["warnings"]) == ([], [])
    stats: dict[str, int | None] = found["stats"]
    return stats


@pytest.mark.parametrize(
    "options",
    [
        ExportOptions(),
        ExportOptions(split=SPLIT),
        ExportOptions(annotator="Ada"),
        ExportOptions(labels=("evidence", "rebuts"), thread="harbour"),
        ExportOptions(only_reviewed=True),
        ExportOptions(with_implied=False, licence="CC BY 4.0"),
    ],
)
def test_every_cell_and_every_reference_is_valid(
    rich_project: Project,
    tmp_path: Path,
    consumer: Callable[..., Path],
    run: Callable[..., str],
    options: ExportOptions,
) -> None:
    report = frictionless.write(rich_project, tmp_path / "package", options)
    rows = validate(consumer, run, tmp_path / "package")
    assert sum(number or 0 for number in rows.values()) == report.rows > 0


def test_nothing_is_missing_and_every_slice_equals_its_quote(
    rich_project: Project, tmp_path: Path, consumer: Callable[..., Path], run: Callable[..., str]
) -> None:
    frictionless.write(rich_project, tmp_path / "package", ExportOptions())
    tables = json.loads(run(consumer(FRICTIONLESS), READ, tmp_path / "package" / "datapackage.json"))

    def stored(query: str) -> set[object]:
        return {row[0] if len(row) == 1 else row for row in rich_project.connection.execute(query)}

    texts = {row["post_id"]: row["text"] or "" for row in tables["posts"]}
    assert set(texts.items()) == stored("SELECT id, text FROM posts")
    put = [row for row in tables["annotations"] if not row["implied_by"]]
    assert {row["annotation"] for row in put} == stored("SELECT uuid FROM annotations")
    spans = [row for row in tables["annotations"] if row["start_char"] is not None]
    assert all(texts[row["post_id"]][row["start_char"] : row["end_char"]] == row["quote"] for row in spans)
    assert len(spans) == 29  # 27 that were put and placed, and two that follow
    assert [row["quote"] for row in put if row["detached"]] == ["lost £3m"]
    assert {(row["post_id"], row["note"]) for row in tables["notes"]} == stored("SELECT post_id, note FROM post_notes")
    assert len(tables["reviews"]) == 28
    assert len(tables["flags"]) == 1
    assert {row["annotator"]: row["kind"] for row in tables["annotators"]}["lector-2"] == "model"
    denial = next(row for row in put if row["quote"] and row["quote"].startswith("it did *not*"))
    assert denial["attributes"] == {"certainty": 1, "kind": "value, or taste", "source": "=A1, «no»"}


@pytest.mark.parametrize("format_name", ["csv", "jsonl", "parquet", "huggingface", "convokit", "conll", "brat"])
def test_the_description_of_any_folder_is_valid(
    rich_project: Project, tmp_path: Path, consumer: Callable[..., Path], run: Callable[..., str], format_name: str
) -> None:
    report = exporter(format_name).write(rich_project, tmp_path / "folder", ExportOptions(split=SPLIT))
    rows = validate(consumer, run, tmp_path / "folder")
    assert len(rows) == len(report.files) - len(OF_POSTIL)
    if format_name == "csv":
        assert sum(number or 0 for number in rows.values()) == report.rows


def test_a_file_that_was_changed_is_found(
    rich_project: Project, tmp_path: Path, consumer: Callable[..., Path], run: Callable[..., str]
) -> None:
    frictionless.write(rich_project, tmp_path / "package", ExportOptions())
    labels = tmp_path / "package" / "labels.csv"
    labels.write_bytes(labels.read_bytes().replace(b"\r\nterm,", b"\r\nword,"))
    found = json.loads(run(consumer(FRICTIONLESS), VALIDATE, tmp_path / "package" / "datapackage.json"))
    assert {kind for kind, _ in found["errors"]} >= {"hash-count", "foreign-key"}
