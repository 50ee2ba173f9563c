"""Documents that Postil wrote for other tools come back: what was changed there as it is now, all else with all that is known."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest

from annotations.exporters import brat, doccano, label_studio
from annotations.exporters.choosing.options import ExportOptions
from annotations.importers import brat as brat_importer
from annotations.importers import doccano as doccano_importer
from annotations.importers import label_studio as studio_importer
from annotations.model import AnnotatorKind, GivenAnnotation, MarkKind, Scope, Thread
from annotations.sources.source import Source, open_source
from annotations.span import Span
from tests.annotations.exported_folders import imported, told
from tests.annotations.ferry import RULES, open_ferry

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from types import ModuleType

    from annotations.store.project import Project


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    with open_ferry(tmp_path) as project:
        yield project


def of(thread: Thread, annotator: str) -> dict[tuple[str, str | None], GivenAnnotation]:
    """Return what an annotator has put in a thread that is no relation, by label and post."""
    return {
        (each.label, each.post): each
        for each in thread.annotations
        if each.annotator == annotator and each.scope is not Scope.RELATION
    }


@pytest.mark.parametrize("exporter", [brat, doccano, label_studio], ids=lambda module: str(module.name))
def test_a_project_comes_back_with_all_that_was_put_on_it(
    project: Project, tmp_path: Path, exporter: ModuleType
) -> None:
    exporter.write(project, tmp_path / "out", ExportOptions())
    with imported(tmp_path / "out", tmp_path / "back", RULES) as back:
        assert _without_uuids(told(back, tmp_path / "back")) == _without_uuids(told(project, tmp_path))


def _without_uuids(facts: dict[tuple[str, str], dict[str, Any]]) -> list[str]:
    """Return what is told without the names of annotations, which in this project are no uuids and so are not kept."""
    plain = re.compile(r'"annotation": "[^"]*"|\\"annotation\\": \\"[^"]*\\"')
    lines = []
    for record in facts.values():
        named = {
            name: sorted(plain.sub("", each) for each in value) if isinstance(value, list) else value
            for name, value in record.items()
        }
        lines.append(json.dumps(named, sort_keys=True))
    return lines


def test_what_was_changed_in_brat_is_as_it_is_there(project: Project, tmp_path: Path) -> None:
    brat.write(project, tmp_path / "out", ExportOptions())
    own = tmp_path / "out" / "Ada" / "ferry.ann"
    lines = own.read_text(encoding="utf-8").split("\n")
    text = own.with_suffix(".txt").read_text(encoding="utf-8")
    header = text.index("1.1 · ")
    words = text.index("كم")
    changed = []
    for line in lines:
        if line.startswith("T5\t"):
            continue  # the label on post 3 is taken off
        changed.append(line.replace("\tsource: =A1, «no»", "\tmind the gap"))
    changed[-1:] = [
        f"T90\tagree {header} {header + 3}\t1.1",
        f"T91\tclaim {words} {words + 2}\tكم",
        "R9\trebuts Arg1:T91 Arg2:T4",
        "",
    ]
    own.write_text("\n".join(changed), encoding="utf-8")
    source = open_source(tmp_path / "out")
    assert brat_importer.sniff(source) > 0.9
    (thread,) = brat_importer.read(source)
    assert thread.key == "ferry"
    ada = of(thread, "Ada")
    assert ("agree", "3") not in ada
    assert (ada["agree", "1.1"].scope, ada["agree", "1.1"].span) == (Scope.POST, None)
    claim = ada["claim", "1"]
    assert (claim.span, claim.note, claim.attributes) == (Span(0, 24), "mind the gap", {"certainty": "1"})
    assert ada["heated", None].key == "annotation-8"
    assert ada["claim", "0"].is_detached  # which brat never had
    ties = {
        (each.label, each.post, each.to_post, each.to_key) for each in thread.annotations if each.key.endswith("R9")
    }
    assert ties == {("rebuts", "1.1", "1", claim.key)}
    assert {each.annotator for each in thread.annotations} == {"Ada", "Bo", "ferry-1b"}
    kinds = {each.annotator: each.annotator_kind for each in thread.annotations}
    assert kinds["ferry-1b"] is AnnotatorKind.MODEL
    assert {(mark.kind, mark.post, mark.annotator) for mark in thread.marks} >= {
        (MarkKind.NOTE, "3", "Bo"),
        (MarkKind.FLAG, "1.1", "Bo"),
        (MarkKind.REVIEW, "1", "Ada"),
    }


def test_a_text_of_brat_alone_is_the_thread_again(project: Project, tmp_path: Path) -> None:
    brat.write(project, tmp_path / "out", ExportOptions())
    (thread,) = brat_importer.read(open_source(tmp_path / "out" / "Bo" / "ferry.txt"))
    assert [(post.key, post.parent, post.author) for post in thread.posts] == [
        ("0", None, "Desk"),
        ("1", "0", "=cmd"),
        ("1.1", "1", "أحمد"),
        ("2", "0", None),
        ("3", "0", "-Jo"),
    ]
    assert {each.annotator for each in thread.annotations} == {"Bo"}
    assert of(thread, "Bo")["agree", "3"].note == "@me"


def test_doccano_gives_new_ids_and_nothing_is_lost(project: Project, tmp_path: Path) -> None:
    doccano.write(project, tmp_path / "out", ExportOptions())
    record = json.loads((tmp_path / "out" / "Ada.jsonl").read_text(encoding="ascii"))
    for entity in record["entities"]:
        entity["id"] += 900
    for relation in record["relations"]:
        relation |= {"id": relation["id"] + 7, "from_id": relation["from_id"] + 900, "to_id": relation["to_id"] + 900}
    record |= {"id": 5, "Comments": ["seen"]}
    source = Source.of_bytes(json.dumps(record).encode(), "Ada.jsonl")
    (thread,) = doccano_importer.read(source)
    ada = of(thread, "Ada")
    assert ada["claim", "1"].attributes == {"certainty": 1, "source": "=A1, «no»"}
    assert ada["claim", "1"].key == "annotation-3"
    ties = [each for each in thread.annotations if each.scope is Scope.RELATION]
    assert sorted((each.post, each.from_key, each.to_post, each.to_key, each.note) for each in ties if each.post) == [
        ("1", "annotation-3", "0", "annotation-1", "")
    ]
    assert [(each.from_key, each.to_key, each.note) for each in ties if not each.post] == [
        ("", "annotation-1", "all of it")
    ]
    assert "seen" in {mark.note for mark in thread.marks}
    assert len(thread.posts) == 5


def test_label_studio_gives_all_to_whoever_imports_and_they_come_back_to_their_owners(
    project: Project, tmp_path: Path
) -> None:
    label_studio.write(project, tmp_path / "out", ExportOptions())
    (task,) = json.loads((tmp_path / "out" / "tasks.json").read_text(encoding="ascii"))
    owner = {"id": 1, "email": "lead@harbour.example"}
    for number, entry in enumerate(task["annotations"]):
        entry |= {"id": 70 + number, "completed_by": owner}
        del entry["created_username"]
    claim = next(each for each in task["annotations"][0]["result"] if each["from_name"] == "label")
    region = claim["value"]
    region |= {"endOffset": 6, "text": "It did"}
    again = json.loads(json.dumps(task["annotations"][1]))  # somebody makes Bo's annotation their own
    new = {"id": "n", "from_name": "post", "to_name": "thread", "type": "paragraphlabels"}
    new["value"] = {"start": "4", "end": "4", "startOffset": 0, "endOffset": 2, "paragraphlabels": ["agree"]}  # type: ignore[assignment]
    task["annotations"] += [again, {"id": 99, "completed_by": {"email": "new@harbour.example"}, "result": [new]}]
    again |= {"id": 98, "completed_by": {"email": "copy@harbour.example"}}
    source = Source.of_bytes(json.dumps([{"id": 3, **task}]).encode(), "tasks.json")
    (thread,) = studio_importer.read(source)
    assert thread.key == "ferry"
    moved = of(thread, "lead@harbour.example")
    assert {label: each.span for (label, _), each in moved.items()} == {"claim": Span(0, 6)}
    assert ("claim", "1") not in of(thread, "Ada")
    assert of(thread, "Ada")["agree", "3"].scope is Scope.POST
    assert of(thread, "Bo")["agree", "3"].note == "@me"
    assert of(thread, "copy@harbour.example").keys() == {("claim", "0"), ("agree", "3")}
    assert of(thread, "new@harbour.example").keys() == {("agree", "3")}
    reviewed = {mark.annotator for mark in thread.marks if mark.kind is MarkKind.REVIEW}
    assert reviewed == {"Ada", "Bo", "new@harbour.example"}


def test_a_broken_record_beside_a_document_is_reported_or_passed_over(tmp_path: Path) -> None:
    (tmp_path / "x.txt").write_text("▌ T\n\n▌ 0 · article\nOne", encoding="utf-8")
    (tmp_path / "x.ann").write_text("T1\tclaim 19 22\tOne\n", encoding="utf-8")
    posts = [{"post": "0", "kind": "article", "header_start": 7, "header_end": 18, "start": 19, "end": 22}]
    for member, expected in (
        ("{", None),
        ('{"postil": 5}', None),
        (json.dumps({"postil": {"layout": 1, "posts": posts, "annotations": 5, "marks": [5], "anchors": 5}}), "0"),
        (
            json.dumps(
                {"postil": {"layout": 1, "posts": [5], "annotations": [{"scope": "x"}], "types": {"claim": None}}}
            ),
            "block-1",
        ),
        (json.dumps({"postil": {"layout": 1, "posts": [{**posts[0], "kind": "comment"}], "values": 5}}), "0"),
    ):
        (tmp_path / "x.json").write_text(member, encoding="utf-8")
        (thread,) = brat_importer.read(open_source(tmp_path / "x.ann"))
        assert thread.posts
        assert thread.posts[0].key == (expected or "0")
        assert "claim" in {each.label for each in thread.annotations}
