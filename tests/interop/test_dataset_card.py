"""The card of a data set is Markdown that shows what people wrote as they wrote it, with a head that Hugging Face reads."""

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

MARKDOWN = ("markdown-it-py==4.0.0", "PyYAML==6.0.3")
DATASETS = ("datasets==5.2.0", "pyarrow==26.0.1")
SPLIT = (("train", 0.5), ("dev", 0.25), ("test", 0.25))

RENDER = """
import json, sys
import yaml
from html.parser import HTMLParser
from markdown_it import MarkdownIt
_, head, body = open(sys.argv[1], encoding="utf-8").read().split("---\\n", 2)
html = MarkdownIt("gfm-like", {"linkify": False}).render(body)
class Cells(HTMLParser):
    def __init__(self):
        super().__init__()
        self.tags, self.cells, self.is_in = set(), [], False
    def handle_starttag(self, tag, _):
        self.tags.add(tag)
        if tag in ("td", "th", "h1", "h2", "h3", "p", "li", "pre"):
            self.cells.append("")
    def handle_data(self, data):
        if self.cells:
            self.cells[-1] += data
cells = Cells()
cells.feed(html)
print(json.dumps({"head": yaml.safe_load(head), "tags": sorted(cells.tags), "cells": [each.strip() for each in cells.cells]}))
"""

LOAD = """
import json, sys
from datasets import get_dataset_config_names, load_dataset
from huggingface_hub import DatasetCard
found = {}
for name in get_dataset_config_names(sys.argv[1]):
    found[name] = {split: len(rows) for split, rows in load_dataset(sys.argv[1], name).items()}
card = DatasetCard.load(sys.argv[1] + "/README.md")
print(json.dumps({"rows": found, "licence": card.data.license, "sizes": card.data.size_categories, "text": card.text[:40]}))
"""


def test_what_people_wrote_is_shown_and_does_no_harm(
    rich_project: Project, tmp_path: Path, consumer: Callable[..., Path], run: Callable[..., str]
) -> None:
    folder = tmp_path / "a: *b* | <i>c #d"
    frictionless.write(rich_project, folder, ExportOptions(split=SPLIT, licence='mine: "ours" & <theirs>'))
    found = json.loads(run(consumer(*MARKDOWN), RENDER, folder / "README.md"))
    assert set(found["tags"]) <= {
        *("h1", "h2", "h3", "p", "ul", "li", "em", "code", "pre", "blockquote", "br"),
        *("table", "thead", "tbody", "tr", "th", "td"),
    }
    assert {
        "a: *b* | <i>c #d",
        '--- | <b>: "x", #1',
        "What somebody could dispute | and puts forward.",
        "Bo “B.” O'Neil, PhD",
        "The pumps | will *fail*.",
        "one of fact; value, or taste",
    } <= set(found["cells"])
    assert any("- Not a <script>joke</script>." in cell for cell in found["cells"])
    head = found["head"]
    assert head["pretty_name"] == "a: *b* | <i>c #d"
    assert (head["license"], head["license_name"]) == ("other", 'mine: "ours" & <theirs>')
    assert (head["language"], head["size_categories"]) == (["en"], ["n<1K"])


@pytest.mark.heavy
def test_hugging_face_loads_what_the_head_names(
    rich_project: Project, tmp_path: Path, consumer: Callable[..., Path], run: Callable[..., str]
) -> None:
    folder = tmp_path / "folder"
    exporter("parquet").write(rich_project, folder, ExportOptions(split=SPLIT, licence="CC-BY-4.0"))
    found = json.loads(run(consumer(*DATASETS), LOAD, folder))
    manifest = json.loads((folder / "manifest.json").read_bytes())
    expected = sum(file.get("rows", 0) for file in manifest["files"])
    assert sum(number for counts in found["rows"].values() for number in counts.values()) == expected > 0
    assert {split for counts in found["rows"].values() for split in counts} == {"train", "dev", "test"}
    assert (found["licence"], found["sizes"]) == ("cc-by-4.0", ["n<1K"])
    assert found["text"].strip().startswith("# folder")
