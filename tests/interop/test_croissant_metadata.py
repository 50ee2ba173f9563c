"""mlcroissant has nothing to say against what Postil writes, and loads the records."""

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

pytestmark = pytest.mark.heavy

CROISSANT = "mlcroissant==1.1.0"
PARQUET = "pyarrow==21.0.0"
SPLIT = (("train", 0.5), ("dev", 0.25), ("test", 0.25))

LOAD = """
import json, logging, sys
said = []
class Said(logging.Handler):
    def emit(self, record):
        said.append(record.getMessage())
logging.getLogger().addHandler(Said(logging.WARNING))
from absl import logging as absl_logging
absl_logging.get_absl_logger().addHandler(Said(logging.WARNING))
import mlcroissant as mlc
dataset = mlc.Dataset(sys.argv[1])
issues = dataset.metadata.ctx.issues
def plain(value):
    if isinstance(value, bytes):
        return value.decode()
    return None if value is None or value != value else value if isinstance(value, (int, float, bool, str)) else str(value)
sets = {}
for name in sys.argv[2:]:
    sets[name] = [{key.split("/")[1]: plain(value) for key, value in row.items()} for row in dataset.records(name)]
print(json.dumps({"sets": [each.id for each in dataset.metadata.record_sets], "said": said, "rows": sets,
                  "issues": [*map(str, issues.errors), *map(str, issues.warnings)]}))
"""


def test_tables_of_several_splits_are_loaded(
    rich_project: Project, tmp_path: Path, consumer: Callable[..., Path], run: Callable[..., str]
) -> None:
    frictionless.write(rich_project, tmp_path / "package", ExportOptions(split=SPLIT, licence="CC-BY-4.0"))
    names = ("splits", "threads", "posts", "annotations", "labels", "annotators", "notes")
    found = json.loads(run(consumer(CROISSANT, PARQUET), LOAD, tmp_path / "package" / "croissant.json", *names))
    assert (found["issues"], found["said"]) == ([], [])
    assert sorted(found["sets"]) == sorted([*names, "reviews", "flags"])
    rows = found["rows"]
    assert {row["name"]: row["url"] for row in rows["splits"]} == {
        "train": "cr:TrainingSplit",
        "dev": "cr:ValidationSplit",
        "test": "cr:TestSplit",
    }
    assert {row["thread"]: row["split"] for row in rows["threads"]}.keys() == {"harbour", "tide", "eel", "lock"}
    assert {row["split"] for row in rows["posts"]} == {"train", "dev", "test"}
    stored = dict(rich_project.connection.execute("SELECT id, text FROM posts"))
    assert {row["post_id"]: row["text"] or "" for row in rows["posts"]} == stored
    spans = [row for row in rows["annotations"] if row["start_char"] is not None]
    assert len(spans) == 29
    assert all(stored[row["post_id"]][int(row["start_char"]) : int(row["end_char"])] == row["quote"] for row in spans)
    assert {row["label"] for row in rows["labels"]} >= {"claim", "odd-name"}


@pytest.mark.parametrize("split", [SPLIT, (("train", 1.0),)])
@pytest.mark.parametrize("format_name", ["csv", "jsonl", "parquet", "huggingface", "convokit", "conll"])
def test_the_tables_of_any_folder_are_loaded(  # noqa: PLR0913, PLR0917  # fixtures
    rich_project: Project,
    tmp_path: Path,
    consumer: Callable[..., Path],
    run: Callable[..., str],
    format_name: str,
    split: tuple[tuple[str, float], ...],
) -> None:
    exporter(format_name).write(rich_project, tmp_path / "folder", ExportOptions(split=split))
    sets = json.loads((tmp_path / "folder" / "croissant.json").read_bytes())["recordSet"]
    names = [each["@id"] for each in sets]
    found = json.loads(run(consumer(CROISSANT, PARQUET), LOAD, tmp_path / "folder" / "croissant.json", *names))
    assert (found["issues"], found["said"]) == ([], [])
    manifest = json.loads((tmp_path / "folder" / "manifest.json").read_bytes())
    expected = sum(file.get("rows", 0) for file in manifest["files"])
    assert sum(len(rows) for name, rows in found["rows"].items() if name != "splits") == expected > 0
    for name, rows in found["rows"].items():
        if rows and "split" in rows[0]:
            assert {row["split"] for row in rows} <= {each for each, _ in split}, name
