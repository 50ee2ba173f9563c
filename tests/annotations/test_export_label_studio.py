"""Label Studio: the bytes of interface and tasks, and how people and models, attributes and notes are told."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from lxml import etree

from annotations.codebook_toml import parse_codebook
from annotations.errors import WrongUsageError
from annotations.exporters import label_studio
from annotations.exporters.choosing.options import Aggregate, ExportOptions
from annotations.model import AnnotatorKind, Post, PostKind, Target, Thread
from annotations.session import LabelingSession
from annotations.span import Span
from annotations.store.project import Project
from annotations.store.threads import save_thread
from tests.annotations.exported_folders import check_golden_folder
from tests.annotations.ferry import open_ferry

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

RULES = """
name = "Odd"
[[labels]]
id = "sure"
name = "<Sure> & \\"so\\""
scope = "post"
[[labels.attributes]]
id = "score"
name = "Score"
kind = "scale"
minimum = 0.0
maximum = 1.0
"""


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    with open_ferry(tmp_path) as project:
        yield project


def tasks_in(folder: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((folder / "tasks.json").read_text(encoding="ascii"))
    return found


def test_the_bytes_are_as_ever(project: Project, tmp_path: Path) -> None:
    report = label_studio.write(project, tmp_path / "studio", ExportOptions())
    check_golden_folder(tmp_path / "studio", "label-studio")
    assert (report.rows, report.threads, report.posts, report.annotations, report.lost) == (1, 1, 5, 12, {})


def test_people_annotate_models_predict_and_places_are_strings_and_units_of_utf16(
    project: Project, tmp_path: Path
) -> None:
    label_studio.write(project, tmp_path / "studio", ExportOptions())
    (task,) = tasks_in(tmp_path / "studio")
    assert [each["created_username"] for each in task["annotations"]] == ["Ada", "Bo"]
    assert [each["model_version"] for each in task["predictions"]] == ["ferry-1b"]
    names = {
        each.get("name"): each for each in etree.fromstring((tmp_path / "studio" / "config.xml").read_bytes()).iter()
    }
    seen: dict[str, list[Any]] = {}
    for each in (*task["annotations"], *task["predictions"]):
        regions = {result["id"] for result in each["result"] if "id" in result}
        for result in each["result"]:
            if result["type"] == "relation":
                assert {result["from_id"], result["to_id"]} <= regions
                continue
            assert names[result["from_name"]].tag.lower() == result["type"]
            value = result["value"]
            seen.setdefault(result["from_name"], []).append(value)
            if "paragraphlabels" in value:
                assert isinstance(value["start"], str)
                units = task["data"]["thread"][int(value["start"])]["text"].encode("utf-16-le")
                assert units[2 * value["startOffset"] : 2 * value["endOffset"]].decode("utf-16-le") == value["text"]
    assert [each["number"] for each in seen["claim_certainty"]] == [1, 0.25, 0.5]
    assert seen["claim_source"][0]["text"] == ["=A1, «no»"]
    assert seen["note"][0]["text"] == ["@me"]
    assert seen["thread_label"] == [{"choices": ["heated"]}]


def test_a_models_score_is_that_of_its_prediction_and_an_empty_post_can_be_labeled(tmp_path: Path) -> None:
    with Project.open(tmp_path / "postil.db", create=True) as project:
        posts = (Post(key="0", parent=None, kind=PostKind.ARTICLE, text="One"), Post(key="1", parent="0", text=""))
        save_thread(project, Thread(key="t", title="<T>", posts=posts, format="t"), location="t", source_sha256="t")
        model = LabelingSession(project, project.annotator("m", AnnotatorKind.MODEL), parse_codebook(RULES))
        model.apply("sure", Target(thread_id=1, post_id=1), attributes={"score": 0.5})
        model.apply("sure", Target(thread_id=1, post_id=2), attributes={"score": 1})
        label_studio.write(project, tmp_path / "studio", ExportOptions())
    (task,) = tasks_in(tmp_path / "studio")
    (prediction,) = task["predictions"]
    assert prediction["score"] == 0.75
    places = [each["value"] for each in prediction["result"] if each["from_name"] == "post"]
    assert [(each["start"], each["startOffset"], each["endOffset"]) for each in places] == [("0", 0, 3), ("1", 0, 0)]
    config = etree.fromstring((tmp_path / "studio" / "config.xml").read_bytes())
    assert '<Sure> & "so"' in {each.get("hint") for each in config.iter("Label")}


def test_one_set_of_all_labels_is_one_annotation(project: Project, tmp_path: Path) -> None:
    label_studio.write(project, tmp_path / "studio", ExportOptions(aggregate=Aggregate.ANY))
    (task,) = tasks_in(tmp_path / "studio")
    assert len(task["annotations"]) == 1
    assert task["predictions"] == []


def test_a_preview_shows_the_first_task_and_excel_is_refused(project: Project) -> None:
    (task,) = json.loads(label_studio.preview(project, ExportOptions(), 3))
    assert task["data"]["title"] == "Ferry to stop"
    assert label_studio.preview(project, ExportOptions(), 0) == ""
    with pytest.raises(WrongUsageError, match="Excel"):
        label_studio.preview(project, ExportOptions(excel=True), 1)


def test_span_of_two_units_keeps_its_place(tmp_path: Path) -> None:
    with Project.open(tmp_path / "postil.db", create=True) as project:
        article = Post(key="0", parent=None, kind=PostKind.ARTICLE, text="👩‍🚀👩‍🚀 x")
        save_thread(project, Thread(key="t", title="t", posts=(article,), format="t"), location="t", source_sha256="t")
        session = LabelingSession(project, project.annotator("a"), parse_codebook(RULES.replace('"post"', '"span"')))
        session.apply("sure", Target(thread_id=1, post_id=1, span=Span(3, 6)))
        label_studio.write(project, tmp_path / "studio", ExportOptions())
    (task,) = tasks_in(tmp_path / "studio")
    value = task["annotations"][0]["result"][0]["value"]
    assert (value["startOffset"], value["endOffset"], value["text"]) == (5, 10, "👩‍🚀")
