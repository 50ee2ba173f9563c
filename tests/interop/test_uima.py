"""UIMA: DKPro Cassis reads XMI and CAS JSON; every annotation is there, and says what it quotes."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest

from annotations.exporters import jsonl, uima
from annotations.exporters.choosing.options import ExportOptions

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from annotations.store.project import Project

CASSIS = """
import json, sys
from pathlib import Path
from cassis import load_cas_from_json, load_cas_from_xmi, load_typesystem

root = Path(sys.argv[1])
with open(root / "TypeSystem.xml", "rb") as stream:
    types = load_typesystem(stream)


def told(cas):
    ids = {each.xmiID: each for each in cas.select_all_annotations()}
    found = []
    for each in cas.select_all_annotations():
        features = {}
        for feature in each.type.all_features:
            value = each.get(feature.name)
            if value is not None and feature.name not in {"sofa", "begin", "end"}:
                features[feature.name] = value.xmiID if feature.name in {"Governor", "Dependent"} else value
                assert feature.name not in {"Governor", "Dependent"} or value.xmiID in ids
        found.append([each.type.name.rpartition(".")[2], each.xmiID, each.begin, each.get_covered_text(), features])
    return found


documents = {}
for path in sorted(root.rglob("*.xmi")):
    cas = load_cas_from_xmi(path, typesystem=types)
    with open(path.with_suffix(".json"), "rb") as stream:
        other = load_cas_from_json(stream)
    assert cas.sofa_string == other.sofa_string and cas.sofa_mime == other.sofa_mime
    assert told(cas) == told(other)
    for sentence in cas.select("de.tudarmstadt.ukp.dkpro.core.api.segmentation.type.Sentence"):
        tokens = cas.select_covered("de.tudarmstadt.ukp.dkpro.core.api.segmentation.type.Token", sentence)
        assert tokens and "".join(each.get_covered_text() for each in tokens) == "".join(sentence.get_covered_text().split())
    documents[str(path.relative_to(root))] = {"text": cas.sofa_string, "told": told(cas)}
print(json.dumps(documents))
"""
REQUIREMENTS = ("dkpro-cassis==0.12.0",)
ANNOTATORS = {"Ada": "Ada", "Bo-B-O-Neil-PhD": "Bo “B.” O'Neil, PhD", "lector-2": "lector-2"}


@pytest.fixture
def folder(rich_project: Project, tmp_path: Path) -> Path:
    uima.write(rich_project, tmp_path / "out", ExportOptions())
    jsonl.write(rich_project, tmp_path / "all.jsonl", ExportOptions())
    return tmp_path / "out"


def test_cassis_reads_every_annotation(folder: Path, consumer: Callable[..., Path], run: Callable[..., str]) -> None:
    documents = json.loads(run(consumer(*REQUIREMENTS), CASSIS, folder))
    lines = folder.with_name("all.jsonl").read_text(encoding="utf-8").split("\n")
    records = [json.loads(line) for line in lines if line]
    put: dict[str, dict[str, Any]] = {}
    members = ("labels", "spans", "relations", "thread_labels", "thread_relations")
    for record in records:
        for member in members:
            for each in record[member]:
                if each["annotation"]:
                    put[each["annotation"]] = {**each, "thread": record["thread"], "post": record["post"]}
    seen: set[str] = set()
    for place, document in documents.items():
        by_id = {each[1]: each for each in document["told"]}
        for kind, _, _, covered, features in document["told"]:
            if kind in {"PostilLabel", "PostilRelation", "PostilDetached"} and "annotation" in features:
                expected = put[features["annotation"]]
                seen.add(features["annotation"])
                _check_put(place, features, expected)
                if kind == "PostilRelation":
                    _check_ends(by_id[features["Governor"]][4], by_id[features["Dependent"]][4], expected)
                else:
                    _check_place(kind, covered, features, expected)
    assert seen == put.keys()


def _check_put(place: str, features: dict[str, Any], expected: dict[str, Any]) -> None:
    _, stem, name = place.removesuffix(".xmi").split("/")
    assert (ANNOTATORS[stem], name) == (expected["annotator"], expected["thread"])
    assert (features["label"], features["annotator"]) == (expected["label"], expected["annotator"])
    assert features.get("note", "") == expected["note"]
    assert json.loads(features.get("attributes", "{}")) == expected["attributes"]
    assert {name: features[name] for name in expected["attributes"]} == expected["attributes"]


def _check_ends(source: dict[str, Any], target: dict[str, Any], expected: dict[str, Any]) -> None:
    assert target.get("post") == expected["to_post"]
    assert expected["to_thread"] == (target["scope"] == "thread")
    assert source["scope"] == "thread" or source["post"] == expected["post"]


def _check_place(kind: str, covered: str, features: dict[str, Any], expected: dict[str, Any]) -> None:
    if kind == "PostilDetached":
        assert (expected["detached"], features["quote"]) == (True, expected["quote"])
    elif features["scope"] == "span":
        assert (covered, features["post"]) == (expected["quote"], expected["post"])


def test_cassis_reads_every_post_and_what_is_said_of_it(
    folder: Path, consumer: Callable[..., Path], run: Callable[..., str]
) -> None:
    documents = json.loads(run(consumer(*REQUIREMENTS), CASSIS, folder))
    lines = folder.with_name("all.jsonl").read_text(encoding="utf-8").split("\n")
    records = [json.loads(line) for line in lines if line]
    marks: set[tuple[str, str, str, str]] = set()
    for place, document in documents.items():
        name = place.removesuffix(".xmi").rpartition("/")[2]
        mine = [record for record in records if record["thread"] == name]
        posts = {each[4]["post"]: (each[3], each[4]) for each in document["told"] if each[0] == "PostilPost"}
        assert list(posts) == [record["post"] for record in mine]
        for record in mine:
            text, features = posts[record["post"]]
            assert (text, features.get("parent"), features.get("author")) == (
                record["text"],
                record["parent"],
                record["author"],
            )
            assert json.loads(features.get("meta", "{}")) == record["meta"]
        for each in document["told"]:
            if each[0] == "PostilMark":
                marks.add((name, each[4]["post"], each[4]["kind"], each[4]["annotator"]))
    assert marks == {
        (record["thread"], record["post"], kind, annotator)
        for record in records
        for kind, annotators in (
            ("review", record["reviewed_by"]),
            ("flag", record["flagged_by"]),
            ("note", [note["annotator"] for note in record["notes"]]),
        )
        for annotator in annotators
    }


def test_the_cards_code_runs(folder: Path, consumer: Callable[..., Path], run: Callable[..., str]) -> None:
    (piece,) = re.findall(r"```python\n(.*?)```", (folder / "README.md").read_text(encoding="utf-8"), re.DOTALL)
    said = run(consumer(*REQUIREMENTS), f"import os, sys\nos.chdir(sys.argv[1])\n{piece}", folder)
    assert "annotation/Ada/harbour.xmi span 3 claim 𝔘𝔫𝔦 𠮷野家" in said.splitlines()
