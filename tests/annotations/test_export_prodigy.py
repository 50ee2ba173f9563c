"""Prodigy: the bytes of its files, and the documented form of a task. Prodigy itself is not free and is not run."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Literal

import msgspec
import pytest

from annotations.errors import WrongUsageError
from annotations.exporters import prodigy
from annotations.exporters.choosing.options import Aggregate, Context, ExportOptions
from tests.annotations.exported_folders import check_golden_folder
from tests.annotations.ferry import open_ferry

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from annotations.store.project import Project


class TaskSpan(msgspec.Struct, forbid_unknown_fields=True):
    """A span as the interfaces `ner_manual` and `spans_manual` have it, without tokens."""

    start: int
    end: int
    label: str


class Option(msgspec.Struct, forbid_unknown_fields=True):
    """An option of the interface `choice`."""

    id: str
    text: str


class Task(msgspec.Struct, forbid_unknown_fields=True):
    """A task by prodi.gy/docs/api-interfaces, with a field of ours."""

    text: str
    meta: dict[str, str]
    postil: dict[str, Any]
    options: list[Option] = []
    spans: list[TaskSpan] = []
    accept: list[str] = []
    answer: Literal["accept", "reject", "ignore"] | None = None
    annotator: str | None = msgspec.field(name="_annotator_id", default=None)
    session: str | None = msgspec.field(name="_session_id", default=None)
    timestamp: int | None = msgspec.field(name="_timestamp", default=None)


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    with open_ferry(tmp_path) as project:
        yield project


def tasks_in(path: Path) -> list[Task]:
    return [msgspec.json.decode(line, type=Task) for line in path.read_bytes().split(b"\n")[:-1]]


def test_the_bytes_are_as_ever(project: Project, tmp_path: Path) -> None:
    report = prodigy.write(project, tmp_path / "prodigy", ExportOptions())
    check_golden_folder(tmp_path / "prodigy", "prodigy")
    assert (report.threads, report.posts, report.annotations, report.lost) == (1, 5, 12, {})


def test_tasks_have_the_documented_form_and_spans_say_what_was_quoted(project: Project, tmp_path: Path) -> None:
    prodigy.write(project, tmp_path / "out", ExportOptions())
    quotes: list[str] = []
    for path in (tmp_path / "out").glob("*.jsonl"):
        for task in tasks_in(path):
            assert (task.annotator, task.answer) == (
                (path.stem, "accept") if path.stem != "unlabeled" else (None, None)
            )
            assert {*task.accept} <= {option.id for option in task.options}
            quotes += [task.text[span.start : span.end] for span in task.spans]
            assert [task.text[span.start : span.end] for span in task.spans] == [
                each["quote"] for each in task.postil["spans"] if not each["detached"]
            ]
    assert len(quotes) == 3
    (agreed,) = (task for task in tasks_in(tmp_path / "out" / "Bo.jsonl") if task.accept)
    assert (agreed.accept, agreed.meta) == (["agree"], {"thread": "ferry", "post": "3", "author": "-Jo"})
    assert [each["to_thread"] for each in agreed.postil["relations"]] == [True]


def test_posts_that_nobody_has_seen_are_a_source_for_recipes(project: Project, tmp_path: Path) -> None:
    prodigy.write(project, tmp_path / "out", ExportOptions(annotator="Bo", labels=("claim",)))
    posts = {path.stem: [task.meta["post"] for task in tasks_in(path)] for path in (tmp_path / "out").glob("*.jsonl")}
    assert posts == {"Bo": ["0", "1.1", "2", "3"], "unlabeled": ["1"]}


def test_context_is_shown_below_the_text(project: Project, tmp_path: Path) -> None:
    prodigy.write(project, tmp_path / "out", ExportOptions(context=Context.PARENT))
    shown = {task.meta["post"]: task.meta.get("context") for task in tasks_in(tmp_path / "out" / "ferry-1b.jsonl")}
    assert shown["0"] is None
    assert str(shown["1.1"]).startswith('=cmd: It did *not* "lose"')


def test_one_set_of_all_labels_is_one_file(project: Project, tmp_path: Path) -> None:
    prodigy.write(project, tmp_path / "out", ExportOptions(aggregate=Aggregate.ANY))
    assert {path.stem for path in (tmp_path / "out").glob("*.jsonl")} <= {"any", "unlabeled"}


def test_a_preview_shows_the_first_tasks_and_excel_is_refused(project: Project) -> None:
    lines = prodigy.preview(project, ExportOptions(), 2).split("\n")
    assert [json.loads(line)["_annotator_id"] for line in lines[:-1]] == ["Ada", "Bo"]
    with pytest.raises(WrongUsageError, match="Excel"):
        prodigy.preview(project, ExportOptions(excel=True), 1)
