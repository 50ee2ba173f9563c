"""Labeled data of any size: what streams says the same as what is read whole, and of a list of tasks one is in memory at a time."""

from __future__ import annotations

import json
from io import BytesIO
from typing import TYPE_CHECKING, Any, BinaryIO

import pytest

from annotations.exporters import doccano as doccano_out
from annotations.exporters import label_studio as label_studio_out
from annotations.exporters import web_annotation as web_annotation_out
from annotations.exporters.choosing.options import ExportOptions
from annotations.importers import doccano, label_studio, web_annotation
from annotations.importers.reading import json_array, json_storing
from annotations.sources import stored
from annotations.sources.source import Source, open_source
from tests.annotations.ferry import open_ferry

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from types import ModuleType

    from annotations.model import Thread
    from annotations.store.project import Project


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    with open_ferry(tmp_path) as project:
        yield project


def stream(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let all that could be large be taken for it, and read by small blocks."""
    monkeypatch.setattr(json_storing, "LARGE", 8)
    monkeypatch.setattr(json_storing, "BLOCK", 64)
    monkeypatch.setattr(json_storing, "_LONG", 32)
    monkeypatch.setattr(json_array, "_BLOCK", 64)


def told(source: Source, importer: ModuleType) -> tuple[list[tuple[Any, ...]], list[str]]:
    threads: list[Thread] = list(importer.read(source))
    facts = [(each.key, each.title, each.url, tuple(each.posts), each.meta, each.labels) for each in threads]
    put = [(each.annotations, each.marks) for each in threads]
    return [(*fact, *more) for fact, more in zip(facts, put, strict=True)], list(source.problems.sentences())


@pytest.mark.parametrize(
    ("exporter", "importer", "file"),
    [
        (label_studio_out, label_studio, "tasks.json"),
        (doccano_out, doccano, ""),
        (web_annotation_out, web_annotation, "a.jsonld"),
    ],
    ids=["label_studio", "doccano", "web_annotation"],
)
def test_what_streams_says_the_same_as_what_is_read_whole(  # noqa: PLR0913, PLR0917  # fixtures and cases
    project: Project,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    exporter: ModuleType,
    importer: ModuleType,
    file: str,
) -> None:
    out = tmp_path / "out"
    out.mkdir()
    path = out / file if file.startswith("a.") else out / "made"
    exporter.write(project, path, ExportOptions())
    path = path if file.startswith("a.") else path / file
    whole = told(open_source(path), importer)
    assert any(fact[-2] for fact in whole[0]), "there are annotations"
    assert not whole[1]
    stream(monkeypatch)
    assert told(open_source(path), importer) == whole


@pytest.mark.parametrize("importer", [label_studio, doccano])
def test_of_a_list_one_entry_is_in_memory_at_a_time(importer: ModuleType) -> None:
    task = {"id": 1, "data": {"text": "The ferry stops."}, "annotations": [], "predictions": []}
    record = {"id": 1, "text": "The ferry stops.", "entities": [], "relations": []}
    raw = json.dumps([task if importer is label_studio else record] * 120_000).encode()
    asked = 0

    class Counted(BytesIO):
        def read1(self, size: int | None = -1, /) -> bytes:
            nonlocal asked
            block = super().read1(-1 if size is None else size)
            asked += len(block)
            return block

    def open_counted() -> BinaryIO:
        return Counted(raw)

    source = Source(name="x.json", location="x.json", stem="x", opener=open_counted, size=len(raw))
    threads = importer.read(source)
    assert next(threads).posts[0].text == "The ferry stops."
    assert len(raw) > json_storing.LARGE
    assert asked < len(raw) / 3


def test_tasks_of_postils_are_known_though_no_result_is_in_sight(monkeypatch: pytest.MonkeyPatch) -> None:
    thread = [{"header": "0 · article", "text": "x" * 900}, {"header": "1", "text": "y"}]
    raw = json.dumps([{"data": {"title": "T", "thread": thread, "postil": {"layout": 1}}, "annotations": []}]).encode()
    monkeypatch.setattr(stored, "HEAD", 1000)
    assert b"annotations" not in raw[:1000]
    assert label_studio.sniff(Source.of_bytes(raw, "tasks.json")) >= 0.9


def test_files_of_annotators_come_together_in_whatever_order_they_have_their_texts(tmp_path: Path) -> None:
    for name, numbers in (("ada", (1, 2, 3)), ("bo", (3, 1, 4)), ("all", (2,))):
        records = [{"id": number, "text": f"Text {number}", "label": [[0, 4, name]]} for number in numbers]
        (tmp_path / f"{name}.jsonl").write_text("".join(json.dumps(each) + "\n" for each in records))
    threads = list(doccano.read(open_source(tmp_path)))
    assert [
        (thread.posts[0].text, sorted((each.label, each.annotator or "") for each in thread.annotations))
        for thread in threads
    ] == [
        ("Text 1", [("ada", "ada"), ("bo", "bo")]),
        ("Text 2", [("ada", "ada"), ("all", "")]),
        ("Text 3", [("ada", "ada"), ("bo", "bo")]),
        ("Text 4", [("bo", "bo")]),
    ]


def test_texts_that_differ_are_not_put_together_because_they_are_called_alike(tmp_path: Path) -> None:
    for name in ("ada", "bo"):
        (tmp_path / f"{name}.jsonl").write_text(
            "".join(json.dumps({"id": number, "text": f"{name} {number}", "label": []}) + "\n" for number in (1, 2))
        )
    threads = list(doccano.read(open_source(tmp_path)))
    assert [thread.posts[0].text for thread in threads] == ["ada 1", "ada 2", "bo 1", "bo 2"]


def test_a_text_of_a_table_may_be_longer_than_python_takes_unasked() -> None:
    text = "word " * 100_000 + "end"
    raw = f'id,data,label,Comments\r\n7,"{text}\r\n""so""",a#b,\r\n8,Another,,\r\n'.encode()
    threads = list(doccano.read(Source.of_bytes(raw, "x.csv")))
    assert [thread.posts[0].text for thread in threads] == [f'{text}\n"so"', "Another"]
    assert [each.label for each in threads[0].annotations] == ["a", "b"]


def test_arrays_behind_each_other_are_one_list_and_what_else_stands_there_is_reported(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(json_array, "_BLOCK", 3)
    source = Source.of_bytes(b"[1, 2]\n[3][ ] [4],[5] and so on [6]", "x.json")
    assert [value for _, value in json_array.iterate_array(source)] == [1, 2, 3, 4, 5]
    assert list(source.problems.sentences()) == [
        "what follows record 5: stands behind the end of the JSON document; it was left out."
    ]


def test_a_character_that_the_end_of_the_head_parts_does_not_decide_the_encoding(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    raw = '["naïve", "é"]'.encode()
    cut = raw.index("é".encode()) + 1
    for module in (stored, json_array):
        monkeypatch.setattr(module, "HEAD", cut)
    source = Source.of_bytes(raw, "x.json")
    assert source.head == raw[:cut]
    assert [value for _, value in json_array.iterate_array(source)] == ["naïve", "é"]
