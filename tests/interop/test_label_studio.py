"""Label Studio's SDK validates every task, annotation and prediction against the labeling interface."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from annotations.exporters import jsonl, label_studio
from annotations.exporters.choosing.options import ExportOptions

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from annotations.store.project import Project

VALIDATE = """
import json, sys
from pathlib import Path
from label_studio_sdk.label_interface import LabelInterface

folder = Path(sys.argv[1])
interface = LabelInterface((folder / "config.xml").read_text(encoding="utf-8"))
interface.validate()
quotes, relations, details = [], [], []
for task in json.loads((folder / "tasks.json").read_text(encoding="utf-8")):
    assert interface.validate_task({"data": task["data"]})
    for entry in task["annotations"]:
        assert interface.validate_annotation(entry), interface._validate_object(entry, return_errors=True)
    for entry in task["predictions"]:
        assert interface.validate_prediction(entry, return_errors=True) == []
    for entry in (*task["annotations"], *task["predictions"]):
        who = entry.get("created_username") or entry["model_version"]
        for result in entry["result"]:
            if result["type"] == "relation":
                relations.append([who, *result["labels"]])
                continue
            value = result["value"]
            if "paragraphlabels" in value:
                paragraph = task["data"]["thread"][int(value["start"])]
                units = paragraph["text"].encode("utf-16-le")
                said = units[2 * value["startOffset"] : 2 * value["endOffset"]].decode("utf-16-le")
                assert said == value["text"]
                quotes.append([who, paragraph["post"], result["from_name"], *value["paragraphlabels"], said])
            else:
                details.append([result["from_name"], value.get(result["type"], value.get("text"))])
    broken = json.loads(json.dumps(task["annotations"][:1]).replace('"claim"', '"nonsense"'))
    assert not any(interface.validate_annotation(each) for each in broken if "nonsense" in json.dumps(each))
print(json.dumps({"quotes": quotes, "relations": relations, "details": details}))
"""


@pytest.mark.heavy
def test_the_sdk_takes_everything_and_nothing_is_missing(
    rich_project: Project, tmp_path: Path, consumer: Callable[..., Path], run: Callable[..., str]
) -> None:
    label_studio.write(rich_project, tmp_path / "set", ExportOptions())
    jsonl.write(rich_project, tmp_path / "set.jsonl", ExportOptions())
    records = [json.loads(line) for line in (tmp_path / "set.jsonl").read_text(encoding="utf-8").split("\n")[:-1]]
    read = json.loads(run(consumer("label-studio-sdk==2.1.2"), VALIDATE, tmp_path / "set"))
    quotes = [tuple(each) for each in read["quotes"]]
    for record in records:
        for span in record["spans"]:
            if not span["detached"]:
                quotes.remove((span["annotator"], record["post"], "label", span["label"], span["quote"]))
        for label in record["labels"]:
            quotes.remove((label["annotator"], record["post"], "post", label["label"], record["text"]))
    assert {label for *_, label, _ in quotes} == {"Post"}  # what relations of whole posts are tied to
    between_posts = [each for record in records for each in record["relations"] if not each["to_thread"]]
    assert sorted(map(tuple, read["relations"])) == sorted((each["annotator"], each["label"]) for each in between_posts)
    details = [tuple(map(json.dumps, each)) for each in read["details"]]
    for wanted in (
        ("claim_certainty", 0.75),
        ("claim_kind", ["value, or taste"]),
        ("claim_source", ["=A1, «no»"]),
        ("note", ['=1+1, a "note"\twith\ta tab']),
        ("thread_label", ["heated"]),
    ):
        assert tuple(map(json.dumps, wanted)) in details
