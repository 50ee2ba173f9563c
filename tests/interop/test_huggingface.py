"""Hugging Face: `load_dataset` opens the folder, with the newest `datasets` and with the last before lists were classes of their own."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from annotations.exporters import huggingface, jsonl
from annotations.exporters.choosing.options import Context, ExportOptions

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from annotations.store.project import Project

VERSIONS = (("datasets==5.2.0", "pyarrow==26.0.1"), ("datasets==3.6.0", "pyarrow==20.0.0"))

LOAD = """
import json, sys
from datasets import load_dataset

folder = sys.argv[1]
default = load_dataset(folder)
found = {"default": {split: rows.num_rows for split, rows in default.items()}}
for name in ("posts", "spans", "relations", "threads", "labels"):
    loaded = load_dataset(folder, name)
    streamed = load_dataset(folder, name, streaming=True)
    found[name] = {}
    for split, rows in loaded.items():
        found[name][split] = list(rows)
        assert list(streamed[split]) == found[name][split], name
        for row in rows:
            encoded = rows.features.encode_example(row)
            assert rows.features.decode_example(encoded) == row
posts = default[next(iter(default))]
labels = getattr(posts.features["labels"], "feature", None) or posts.features["labels"][0]
spans = getattr(posts.features["spans"], "feature", None) or posts.features["spans"][0]
found["classes"] = [labels.int2str(number) for number in range(labels.num_classes)]
found["span_classes"] = spans["label"].names
assert [labels.str2int(name) for name in found["classes"]] == list(range(labels.num_classes))
halves = posts.train_test_split(test_size=0.5, seed=1)
assert halves["train"].num_rows + halves["test"].num_rows == posts.num_rows
assert halves["train"].features == posts.features
print(json.dumps(found))
"""


def load(run: Callable[..., str], python: Path, folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(run(python, LOAD, folder).splitlines()[-1])
    return found


def records(project: Project, folder: Path) -> list[dict[str, Any]]:
    """Return what there is to be found, as JSON Lines tell it."""
    jsonl.write(project, folder / "all.jsonl", ExportOptions())
    return [json.loads(line) for line in (folder / "all.jsonl").read_bytes().split(b"\n")[:-1]]


@pytest.mark.heavy
@pytest.mark.parametrize("requirements", VERSIONS, ids=lambda each: each[0])
def test_load_dataset_opens_every_configuration_and_nothing_is_missing(
    rich_project: Project,
    tmp_path: Path,
    consumer: Callable[..., Path],
    run: Callable[..., str],
    requirements: list[str],
) -> None:
    folder = tmp_path / "dataset"
    report = huggingface.write(rich_project, folder, ExportOptions(context=Context.ANCESTORS))
    found = load(run, consumer(*requirements), folder)
    told = records(rich_project, tmp_path)
    posts, spans = found["posts"]["train"], found["spans"]["train"]
    relations, threads = found["relations"]["train"], found["threads"]["train"]
    assert found["default"] == {"train": len(told)}
    assert report.rows == sum(
        len(found[name]["train"]) for name in ("posts", "spans", "relations", "threads", "labels")
    )
    assert [(row["thread"], row["post"], row["text"]) for row in posts] == [
        (row["thread"], row["post"], row["text"]) for row in told
    ]
    assert [json.loads(row["meta"]) for row in posts] == [row["meta"] for row in told]
    for name in (
        "parent",
        "kind",
        "position",
        "depth",
        "author",
        "created_at",
        "reviewed_by",
        "flagged_by",
        "notes",
        "seconds",
    ):
        assert [row[name] for row in posts] == [row[name] for row in told], name
    for row in posts:
        for span in row["spans"]:
            assert row["text"][span["start_char"] : span["end_char"]] == span["quote"]
    assert sum(len(row["spans"]) for row in posts) == sum(not row["detached"] for row in spans)
    assert all(row["text"][row["start_char"] : row["end_char"]] == row["quote"] for row in spans if not row["detached"])

    def uuids(field: str) -> list[str]:
        return [each["annotation"] for row in told for each in row[field]]

    assert [each["annotation"] for row in posts for each in row["label_annotations"]] == uuids("labels")
    assert [row["annotation"] for row in spans] == uuids("spans")
    assert sorted(row["annotation"] for row in relations) == sorted(uuids("relations") + uuids("thread_relations"))
    assert [each["annotation"] for row in threads for each in row["label_annotations"]] == uuids("thread_labels")
    assert [found["span_classes"][row["label"]] for row in spans] == [
        each["label"] for row in told for each in row["spans"]
    ]
    for row, line in zip(posts, told, strict=True):
        assert {found["classes"][number] for number in row["labels"]} == {each["label"] for each in line["labels"]}
    assert {row["label"] for row in found["labels"]["train"]} >= {*found["classes"], *found["span_classes"]}


@pytest.mark.heavy
def test_splits_are_those_that_were_asked_for_even_where_one_has_no_relations(
    rich_project: Project, tmp_path: Path, consumer: Callable[..., Path], run: Callable[..., str]
) -> None:
    folder = tmp_path / "dataset"
    options = ExportOptions(split=(("train", 0.5), ("dev", 0.3), ("test", 0.2)), seed=3)
    huggingface.write(rich_project, folder, options)
    found = load(run, consumer(*VERSIONS[0]), folder)
    told = records(rich_project, tmp_path)
    assert set(found["default"]) <= {"train", "dev", "test"}
    threads = [{row["thread"] for row in rows} for rows in found["posts"].values()]
    assert sum(map(len, threads)) == len({row["thread"] for row in told})
    assert sum(found["default"].values()) == len(told)
    assert sum(map(len, found["relations"].values())) == sum(
        len(row["relations"]) + len(row["thread_relations"]) for row in told
    )
