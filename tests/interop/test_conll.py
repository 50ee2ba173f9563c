"""CoNLL: NLTK reads the columns; seqeval takes the tags in strict IOB2 mode; Hugging Face datasets loads both files."""

from __future__ import annotations

import json
import re
import sys
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from annotations.exporters import conll, jsonl
from annotations.exporters.choosing.options import ExportOptions

if TYPE_CHECKING:
    from collections.abc import Callable

    from annotations.store.project import Project

NLTK = """
import json, sys
import nltk
from nltk.corpus.reader import ConllCorpusReader

nltk.data.path.append(sys.argv[1])
found = {}
for stem in sys.argv[2:]:
    reader = ConllCorpusReader(sys.argv[1], [f"{stem}.conll"], ("words", "pos"), separator="\\t")
    found[stem] = [[list(pair) for pair in sentence] for sentence in reader.tagged_sents()]
print(json.dumps(found))
"""

SEQEVAL = """
import json, sys
from seqeval.metrics import f1_score
from seqeval.scheme import IOB2, Entities

found = {}
for stem in sys.argv[2:]:
    blocks = open(f"{sys.argv[1]}/{stem}.conll", encoding="utf-8").read().strip("\\n").split("\\n\\n")
    sequences = [[line.split("\\t") for line in block.split("\\n")] for block in blocks]
    tags = [[tag for _, tag in each] for each in sequences if each[0][0] != "-DOCSTART-"]
    entities = Entities(tags, scheme=IOB2).entities
    words = [[token for token, _ in each] for each in sequences if each[0][0] != "-DOCSTART-"]
    found[stem] = {
        "f1": float(f1_score(tags, tags, mode="strict", scheme=IOB2)),
        "entities": [[each.tag, words[n][each.start:each.end]] for n, group in enumerate(entities) for each in group],
    }
print(json.dumps(found))
"""

DATASETS = """
import json, sys
from datasets import ClassLabel, Sequence, load_dataset

folder = sys.argv[1]
tags = open(f"{folder}/tags.txt", encoding="utf-8").read().split()
found = {}
for stem in sys.argv[2:]:
    rows = load_dataset(folder, stem)
    rows = rows.cast_column("ner_tags", Sequence(ClassLabel(names=tags)))["train"]
    data_files = {"train": f"{folder}/{stem}.conll"}
    columns = load_dataset("conll", data_files=data_files, column_names=["tokens", "ner_tags"], delimiter="\\t")["train"]
    for row in rows:
        assert [row["text"][start:end] for start, end in row["offsets"]] == row["tokens"]
    found[stem] = {
        "rows": [[row["post"], row["tokens"], [tags[tag] for tag in row["ner_tags"]]] for row in rows],
        "columns": [[row["tokens"], row["ner_tags"]] for row in columns],
    }
print(json.dumps(found))
"""


class Export:
    """An export of the rich project, and what it should hold."""

    def __init__(self, project: Project, folder: Path) -> None:
        self.folder = folder
        conll.write(project, folder, ExportOptions())
        jsonl.write(project, folder.with_suffix(".jsonl"), ExportOptions())
        self.stems = sorted(path.stem for path in folder.glob("*.conll"))
        self.twins = {stem: _rows(folder / f"{stem}.jsonl") for stem in self.stems}
        report = json.loads((folder / "report.json").read_bytes())
        self.lost = {
            each["annotation"] for kind in report["lost"] if kind["what"] != conll.NARROWED for each in kind["listed"]
        }
        self.spans = [
            span
            for post in _rows(folder.with_suffix(".jsonl"))
            for span in post["spans"]
            if span["annotation"] and span["annotation"] not in self.lost
        ]

    def told(self, stem: str) -> list[tuple[str, str]]:
        """Return the labels and the words without white space that one annotator's tags are to tell."""
        name = self.twins[stem][0]["annotator"]
        return sorted(
            (span["label"], "".join(span["quote"].split())) for span in self.spans if span["annotator"] == name
        )


def _rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line]


def _entities(pairs: list[list[str]]) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for token, tag in pairs:
        if tag.startswith("B-"):
            found.append((tag[2:], token))
        elif tag != "O":
            assert found[-1][0] == tag[2:]
            found[-1] = (tag[2:], found[-1][1] + token)
    return found


@pytest.fixture
def export(rich_project: Project, tmp_path: Path) -> Export:
    return Export(rich_project, tmp_path / "out")


def test_nltk_reads_the_columns(export: Export, consumer: Callable[..., Path], run: Callable[..., str]) -> None:
    found = json.loads(run(consumer("nltk==3.10.4"), NLTK, export.folder, *export.stems))
    assert len(export.stems) == 3
    for stem in export.stems:
        documents: list[list[list[str]]] = []
        for sentence in found[stem]:
            if not sentence:  # which is what it makes of -DOCSTART-
                documents.append([])
            else:
                documents[-1] += sentence
        rows = [row for row in export.twins[stem] if row["tokens"]]
        assert documents == [[list(pair) for pair in zip(row["tokens"], row["ner_tags"], strict=True)] for row in rows]
        entities = [each for document in documents for each in _entities(document)]
        # What is only implied is told as well, where no other span has its words.
        put = [each for each in entities if each in export.told(stem)]
        assert sorted(put) == export.told(stem)


@pytest.mark.heavy
def test_seqeval_takes_the_tags_in_strict_mode(
    export: Export, consumer: Callable[..., Path], run: Callable[..., str]
) -> None:
    found = json.loads(run(consumer("seqeval==1.2.2", "scikit-learn==1.9.1"), SEQEVAL, export.folder, *export.stems))
    for stem in export.stems:
        assert found[stem]["f1"] == 1.0
        entities = sorted((label, "".join(words)) for label, words in found[stem]["entities"])
        assert entities == export.told(stem)


@pytest.mark.heavy
def test_datasets_loads_both_files(export: Export, consumer: Callable[..., Path], run: Callable[..., str]) -> None:
    found = json.loads(run(consumer("datasets==5.2.0"), DATASETS, export.folder, *export.stems))
    for stem in export.stems:
        rows = export.twins[stem]
        assert found[stem]["rows"] == [[row["post"], row["tokens"], row["ner_tags"]] for row in rows]
        sequences = []
        for row in rows:
            bounds = [0, *row["breaks"], len(row["tokens"])]
            for first, last in pairwise(bounds):
                if first < last:
                    sequences.append([row["tokens"][first:last], row["ner_tags"][first:last]])
        assert found[stem]["columns"] == sequences


PARTS = {"datasets": ("datasets==5.2.0",), "nltk": ("nltk==3.10.4",)}
"""What pieces of the card's code need; one runs without anything."""


@pytest.mark.parametrize("needs", [pytest.param("datasets", marks=pytest.mark.heavy), "nltk", ""])
def test_the_cards_code_runs(
    export: Export, consumer: Callable[..., Path], run: Callable[..., str], needs: str
) -> None:
    card = (export.folder / "README.md").read_text(encoding="utf-8")
    pieces = re.findall(r"```python\n(.*?)```", card, re.DOTALL)
    assert len(pieces) == 4
    mine = [
        each for each in pieces if ("load_dataset" in each, "nltk" in each) == (needs == "datasets", needs == "nltk")
    ]
    shown = {"datasets": "print(len(data['train']))", "nltk": "print(len(sentences))", "": "print(len(sequences))"}[
        needs
    ]
    script = f"import os, sys\nos.chdir(sys.argv[1])\n{''.join(mine)}\n{shown}"
    sequences = sum(len(row["breaks"]) + 1 for row in export.twins[export.stems[0]] if row["tokens"])
    python = consumer(*PARTS[needs]) if needs else Path(sys.executable)
    assert int(run(python, script, export.folder.parent)) == sequences
