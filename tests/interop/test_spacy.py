"""spaCy: the files open, every span says what it quotes or is listed, and `spacy train` learns from them.

The export needs spaCy too: it runs in this Python, with the consumer's packages behind its own.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from annotations.exporters import jsonl
from annotations.exporters.choosing.options import ExportOptions
from annotations.model import Post, PostKind, Target, Thread
from annotations.session import LabelingSession
from annotations.span import Span
from annotations.store.codebooks import codebook_in_force
from annotations.store.project import Project
from annotations.store.threads import save_thread

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.heavy

REQUIREMENTS = ("spacy==3.8.18",)

EXPORT = """
import sys
from pathlib import Path

sys.path += [sys.argv[1]]
from annotations.exporters import spacy
from annotations.exporters.choosing.options import ExportOptions
from annotations.store.project import Project

split = (("train", 0.5), ("dev", 0.5)) if sys.argv[4] == "split" else ()
with Project.open(Path(sys.argv[2])) as project:
    spacy.write(project, Path(sys.argv[3]), ExportOptions(split=split))
"""

READ = """
import json, sys
from pathlib import Path
import spacy
from spacy.tokens import DocBin

nlp = spacy.blank("en")
docs = []
for path in sorted(Path(sys.argv[1]).rglob("*.spacy")):
    for doc in DocBin().from_disk(path).get_docs(nlp.vocab):
        groups = {
            key: [[span.start_char, span.end_char, span.label_, span.id_, span.text] for span in group]
            for key, group in doc.spans.items()
        }
        docs.append({"text": doc.text, "cats": doc.cats, "groups": groups, "record": doc.user_data["postil"]})
print(json.dumps(docs))
"""

DO = """
import os, runpy, sys

os.chdir(sys.argv.pop(1))
try:
    runpy.run_module("spacy", run_name="__main__")
except SystemExit as stop:  # which it does where it has warned of something
    print("exit", stop.code)
"""


class Export:
    """Exports of the rich project as spaCy's files and as JSON Lines."""

    def __init__(self, project: Project, folder: Path, python: Path, run: Callable[..., str]) -> None:
        self.folder = folder
        self._python, self._run = python, run
        (self._packages,) = (str(path) for path in python.parent.parent.glob("lib/python*/site-packages"))
        self._database = project.path
        jsonl.write(project, folder.with_suffix(".jsonl"), ExportOptions())
        lines = folder.with_suffix(".jsonl").read_text(encoding="utf-8").split("\n")
        self.records: list[dict[str, Any]] = [json.loads(line) for line in lines if line]

    def write(self, how: str = "whole", *, seed: str = "0") -> Path:
        """Write spaCy's files, with a hash seed of their own."""
        paths = {"PYTHONPATH": str(Path(__file__).parents[2]), "PYTHONHASHSEED": seed}
        target = self.folder.with_name(f"{how}-{seed}")
        self._run(Path(sys.executable), EXPORT, self._packages, self._database, target, how, env=paths)
        return target

    def read(self, folder: Path) -> list[dict[str, Any]]:
        """Read spaCy's files with spaCy."""
        found: list[dict[str, Any]] = json.loads(self._run(self._python, READ, folder))
        return found

    def do(self, folder: Path, *arguments: str) -> str:
        """Run `spacy` in the folder and return what it prints."""
        return self._run(self._python, DO, folder, *arguments)


@pytest.fixture
def export(rich_project: Project, tmp_path: Path, consumer: Callable[..., Path], run: Callable[..., str]) -> Export:
    return Export(rich_project, tmp_path / "out", consumer(*REQUIREMENTS), run)


def test_every_span_is_there_and_says_what_it_quotes_or_is_listed(export: Export) -> None:
    folder = export.write()
    docs = export.read(folder)
    assert [doc["text"] for doc in docs] == [record["text"] for record in export.records]
    report = json.loads((folder / "report.json").read_bytes())
    lost = {kind["what"]: {each["annotation"] for each in kind["listed"]} for kind in report["lost"]}
    changed = lost["spans widened to whole tokens"]
    assert changed
    for doc, record in zip(docs, export.records, strict=True):
        put = {span["annotation"]: span for span in record["spans"] if span["annotation"]}
        own = {each[3]: each for key, group in doc["groups"].items() if key != "sc" for each in group if each[3]}
        assert own.keys() == {key for key, span in put.items() if not span["detached"]}
        for key, (start, end, label, _, said) in own.items():
            span = put[key]
            assert (label, span["annotator"]) == (span["label"], _group_of(doc, key))
            assert record["text"][start:end] == said
            if key in changed:
                assert start <= span["start_char"]
                assert span["end_char"] <= end
                assert span["quote"] in said
            else:
                assert (start, end, said) == (span["start_char"], span["end_char"], span["quote"])
        every = {tuple(each[:3]) for key, group in doc["groups"].items() if key != "sc" for each in group}
        assert {tuple(each[:3]) for each in doc["groups"]["sc"]} == every


def _group_of(doc: dict[str, Any], annotation: str) -> str:
    (key,) = (
        key for key, group in doc["groups"].items() if key != "sc" and any(each[3] == annotation for each in group)
    )
    return str(key.removeprefix("sc:"))


def test_categories_and_everything_else_come_with_the_posts(export: Export) -> None:
    for doc, record in zip(export.read(export.write()), export.records, strict=True):
        said = record["labels"] or record["spans"] or record["relations"] or record["reviewed_by"] or record["notes"]
        put = {each["label"] for each in record["labels"]}
        assert doc["cats"] == ({key: float(key in put) for key in ("agree", "disagree", "odd-name")} if said else {})
        assert {**doc["record"], "text": record["text"]} == record


def test_the_bytes_are_the_same_each_time(export: Export) -> None:
    first, second = export.write(seed="1"), export.write(seed="2")
    names = [path.relative_to(first) for path in sorted(first.rglob("*.spacy"))]
    assert names
    for name in names:
        assert (first / name).read_bytes() == (second / name).read_bytes()


def test_spans_of_white_space_are_told_apart_from_those_with_words(
    tmp_path: Path, consumer: Callable[..., Path], run: Callable[..., str]
) -> None:
    text = "The pumps  fail again.\n\nSo. "
    article = Post(key="0", parent=None, kind=PostKind.ARTICLE, text=text)
    thread = Thread(key="pumps", title="Pumps", posts=(article,), format="test")
    with Project.open(tmp_path / "pumps.db", create=True) as project:
        row = save_thread(project, thread, location="/pumps", source_sha256="1").thread.id
        session = LabelingSession(project, project.annotator("Ada"), codebook_in_force(project))
        for start, end in ((3, 4), (4, 10), (3, 9), (5, 8), (0, 28), (16, 21)):
            session.apply("claim", Target(thread_id=row, post_id=1, span=Span(start, end)))
        export = Export(project, tmp_path / "out", consumer(*REQUIREMENTS), run)
        folder = export.write()
    (doc,) = export.read(folder)
    assert sorted(tuple(each[:2]) for each in doc["groups"]["sc:Ada"]) == [(0, 27), (4, 9), (4, 9), (4, 9), (16, 21)]
    report = json.loads((folder / "report.json").read_bytes())
    assert {kind["what"]: kind["count"] for kind in report["lost"]} == {
        "spans of white space alone": 1,
        "spans widened to whole tokens": 1,
        "spans without the white space at their edges": 3,
    }


def test_spacy_finds_nothing_wrong_and_trains(export: Export) -> None:
    folder = export.write("split")
    assert {path.parent.name for path in folder.rglob("*.spacy")} == {"train", "dev"}
    export.do(folder, "init", "fill-config", "base_config.cfg", "config.cfg")
    said = export.do(folder, "debug", "data", "config.cfg", "--no-format")
    assert "Corpus is loadable" in said
    assert "Pipeline can be initialized with data" in said
    # That there are few examples is all that is wrong with a project as small as this one.
    assert {line.split("(")[0].strip() for line in said.splitlines() if line.startswith("✘")} <= {
        "✘ Low number of examples to train a new pipeline",
        "✘ 1 error",
    }
    steps = ("--training.max_steps", "20", "--training.eval_frequency", "10")
    trained = export.do(folder, "train", "config.cfg", "--output", "model", *steps)
    assert "Saved pipeline" in trained
    assert (folder / "model" / "model-last" / "meta.json").exists()


def test_the_cards_code_runs(export: Export, run: Callable[..., str], consumer: Callable[..., Path]) -> None:
    folder = export.write()
    (piece,) = re.findall(r"```python\n(.*?)```", (folder / "README.md").read_text(encoding="utf-8"), re.DOTALL)
    script = f"import os, sys\nos.chdir(sys.argv[1])\n{piece}"
    assert len(run(consumer(*REQUIREMENTS), script, folder).splitlines()) >= len(export.records)
