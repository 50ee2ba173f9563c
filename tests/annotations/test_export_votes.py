"""What stands behind a set of labels that was made of several annotators': a data set has it, or says that it is lost."""

from __future__ import annotations

import csv
import json
from typing import TYPE_CHECKING, Any

import pytest
from arro3.core import Table
from arro3.io import read_parquet

from annotations.exporters.choosing.options import Aggregate, ExportOptions
from annotations.formats import exporter
from annotations.store.project import Project
from tests.interop.rich import build_rich_project

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FORMATS = (
    "brat",
    "conll",
    "convokit",
    "csv",
    "doccano",
    "frictionless",
    "huggingface",
    "jsonl",
    "label-studio",
    "parquet",
    "prodigy",
    "uima",
    "web-annotation",
)
"""All that need nothing but what the tests have."""
SPLITS = ("train", "dev")
VOTES_LOST = "votes behind labels that were made one set"


@pytest.fixture(scope="module")
def rich(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_rich_project(tmp_path_factory.mktemp("votes") / "rich.db")


def records(value: Any) -> Iterator[dict[str, Any]]:  # noqa: ANN401  # JSON
    """Yield the objects in a JSON value that are annotations which somebody has put, whatever else is said of them."""
    if isinstance(value, str) and value.startswith('{"'):
        value = json.loads(value)  # a record in a column of text
    if isinstance(value, dict):
        own = value.get("postil")
        if isinstance(own, dict) and "label" in own:  # a Web Annotation
            yield from () if "implied_by" in own else (own,)
        elif {"label", "annotator"} <= value.keys() and value.get("annotation"):
            yield value
        else:
            for part in value.values():
                yield from records(part)
    elif isinstance(value, list):
        for part in value:
            yield from records(part)


def put_in(folder: Path, split: str, name: str) -> Iterator[dict[str, Any]]:
    """Yield the annotations in the files of a split."""
    for path in sorted(each for each in folder.rglob("*") if split in {each.stem, *each.relative_to(folder).parts}):
        if path.is_dir() or path.name.endswith(".manifest.json"):
            continue
        if path.suffix == ".csv":
            with path.open(encoding="utf-8", newline="") as stream:
                yield from (row for row in csv.DictReader(stream) if row.get("annotation") and not row["implied_by"])
        elif path.suffix in {".jsonl", ".json", ".jsonld"} and name != "uima":
            text = path.read_text(encoding="utf-8")
            for document in text.split("\n")[:-1] if path.suffix == ".jsonl" else [text]:
                yield from records(json.loads(document))
        elif path.suffix == ".json":
            for structure in json.loads(path.read_bytes())["%FEATURE_STRUCTURES"]:
                yield from (structure,) if structure.get("annotation") else ()
        elif path.suffix == ".parquet" and path.parent.name in {
            "annotations",
            "spans",
            "relations",
            "posts",
            "threads",
        }:
            yield from of_table(path)


def of_table(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the annotations of a Parquet file."""
    table = Table.from_arrow(read_parquet(path))
    columns = {name: table.column(name).to_pylist() for name in table.schema.names}
    for number in range(table.num_rows):
        row = {name: column[number] for name, column in columns.items()}
        told = [row] if "annotation" in row else row.get("label_annotations") or []
        yield from (each for each in told if each["annotation"] and not each["implied_by"])


@pytest.mark.parametrize("name", FORMATS)
def test_the_labels_in_the_files_of_each_split_are_those_that_are_told(name: str, rich: Path, tmp_path: Path) -> None:
    options = ExportOptions(split=tuple((split, 0.5) for split in SPLITS), aggregate=Aggregate.MAJORITY)
    with Project.open(rich) as project:
        report = exporter(name).write(project, tmp_path / "out", options)
    told = json.loads((tmp_path / "out/report.json").read_bytes())
    assert [each["labels"] for each in told["splits"]] == [dict(each.labels) for each in report.splits]
    card = (tmp_path / "out/README.md").read_text(encoding="utf-8").split("\n")
    for number, split in enumerate(SPLITS):
        found = list(put_in(tmp_path / "out", split, name))
        assert len(found) == sum(report.splits[number].labels.values())
        for label, times in report.splits[number].labels.items():
            if not isinstance(found[0]["label"], int):  # the number of a class
                assert sum(each["label"] == label for each in found) == times, label
            (row,) = (line for line in card if f"| `{label}` |" in line)
            assert row.split("|")[-2 - len(SPLITS) + number].strip() == str(times)
    assert report.annotations == sum(sum(each.labels.values()) for each in report.splits)


@pytest.mark.parametrize("name", FORMATS)
def test_votes_are_there_or_counted_as_lost(name: str, rich: Path, tmp_path: Path) -> None:
    options = ExportOptions(split=(("train", 1.0),), aggregate=Aggregate.ANY)
    with Project.open(rich) as project:
        report = exporter(name).write(project, tmp_path / "out", options)
    found = list(put_in(tmp_path / "out", "train", name))
    assert found
    has_votes = {bool(each.get("votes")) and bool(each.get("seen_by")) for each in found}
    assert len(has_votes) == 1
    assert report.lost.get(VOTES_LOST, 0) == (0 if has_votes == {True} else report.annotations)
