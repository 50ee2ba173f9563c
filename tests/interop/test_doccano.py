"""doccano's import pipeline takes the types of labels, and every text with its entities and relations, into a database."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from annotations.exporters import doccano, jsonl
from annotations.exporters.choosing.options import ExportOptions
from annotations.importers import doccano as importer
from annotations.model import Scope
from annotations.sources.source import Source

if TYPE_CHECKING:
    from collections.abc import Callable

    from annotations.store.project import Project

SCRIPT = Path(__file__).with_name("doccano_import.py")
PINS = (
    "doccano==1.8.4",
    "numpy<2",
    "setuptools<80",  # django-drf-filepond asks it for versions
)


@pytest.mark.heavy
def test_the_database_has_all_and_what_it_gives_out_comes_back(
    rich_project: Project, tmp_path: Path, consumer: Callable[..., Path], run: Callable[..., str]
) -> None:
    doccano.write(rich_project, tmp_path / "set", ExportOptions(with_implied=False))
    jsonl.write(rich_project, tmp_path / "set.jsonl", ExportOptions(with_implied=False))
    records = [json.loads(line) for line in (tmp_path / "set.jsonl").read_text(encoding="utf-8").split("\n")[:-1]]
    files = sorted(path.name for path in (tmp_path / "set").glob("*.jsonl"))
    lines = run(consumer(*PINS), SCRIPT, tmp_path / "set", *files).split("\n")[:-1]
    quotes, relations = [], []
    for file, line in zip(files, lines, strict=True):
        loaded = json.loads(line)
        assert (loaded["file"], loaded["errors"]) == (file, [])
        for text in loaded["texts"]:
            units = text["text"].encode("utf-16-le")
            who = text["meta"]["postil"].get("annotator")
            for _, start, end, label in text["spans"]:
                quotes.append((who, label, units[2 * start : 2 * end].decode("utf-16-le")))
            relations += [(who, label) for _, _, label in text["relations"]]
            _check_return(text, records)
    for record in records:
        for span in record["spans"]:
            if not span["detached"]:
                quotes.remove((span["annotator"], span["label"], span["quote"]))
        for label in record["labels"]:
            quotes.remove(
                next(
                    each
                    for each in quotes
                    if each[:2] == (label["annotator"], label["label"]) and each[2].startswith(f"{record['post']} ·")
                )
            )
        for label in record["thread_labels"]:
            quotes.remove(
                next(
                    each
                    for each in quotes
                    if each[:2] == (label["annotator"], label["label"]) and each[2].startswith(record["title"])
                )
            )
    assert {label for _, label, _ in quotes} == {"Post", "Thread"}  # what relations of whole posts are tied to
    wanted = [each for record in records for each in (*record["relations"], *record["thread_relations"])]
    assert sorted(relations) == sorted((each["annotator"], each["label"]) for each in wanted)


def _check_return(text: dict[str, object], records: list[dict[str, object]]) -> None:
    """See that what doccano gives out of its database, with its own ids, is what was put in."""
    spans, relations, meta = text["spans"], text["relations"], text["meta"]
    assert isinstance(spans, list)
    assert isinstance(relations, list)
    assert isinstance(meta, dict)
    given_out = {
        "id": 1,
        "text": text["text"],
        **meta,
        "entities": [
            {"id": id_, "start_offset": start, "end_offset": end, "label": label} for id_, start, end, label in spans
        ],
        "relations": [
            {"id": 10**6 + number, "from_id": start, "to_id": end, "type": label}
            for number, (start, end, label) in enumerate(relations)
        ],
    }
    source = Source.of_bytes(json.dumps(given_out).encode(), "x.jsonl")
    (thread,) = importer.read(source)
    assert list(source.problems.sentences()) == []
    member = meta["postil"]
    names = {each["annotation"] for each in member["annotations"]}
    assert {each.key for each in thread.annotations} == names
    texts = {(record["thread"], record["post"]): record["text"] for record in records}
    for post in thread.posts:
        assert post.text == texts[thread.key, post.key]
    assert all(each.annotator == member["annotator"] for each in thread.annotations if each.scope is not Scope.THREAD)
