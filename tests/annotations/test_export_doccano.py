"""doccano: the bytes of its files, and that offsets count units of UTF-16."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from annotations.errors import WrongUsageError
from annotations.exporters import doccano
from annotations.exporters.choosing.options import ExportOptions
from annotations.exporters.documents.utf16 import Utf16
from tests.annotations.exported_folders import check_golden_folder
from tests.annotations.ferry import open_ferry

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from annotations.store.project import Project


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    with open_ferry(tmp_path) as project:
        yield project


def test_the_bytes_are_as_ever(project: Project, tmp_path: Path) -> None:
    report = doccano.write(project, tmp_path / "doccano", ExportOptions())
    check_golden_folder(tmp_path / "doccano", "doccano")
    assert (report.rows, report.threads, report.posts, report.annotations, report.lost) == (3, 1, 5, 12, {})


def test_every_entity_says_in_utf16_what_was_quoted(project: Project, tmp_path: Path) -> None:
    doccano.write(project, tmp_path / "out", ExportOptions())
    quotes = []
    for path in sorted((tmp_path / "out").glob("*.jsonl")):
        for line in path.read_text(encoding="ascii").split("\n")[:-1]:
            thread = json.loads(line)
            units = thread["text"].encode("utf-16-le")
            words = {
                each["id"]: units[2 * each["start_offset"] : 2 * each["end_offset"]].decode("utf-16-le")
                for each in thread["entities"]
            }
            kept = {int(each["id"]): each for each in thread["postil"]["annotations"] if each.get("id")}
            texts = {
                each["post"]: units[2 * each["start"] : 2 * each["end"]].decode("utf-16-le")
                for each in thread["postil"]["posts"]
            }
            for id_, said in words.items():
                if kept.get(id_, {}).get("scope") == "span":
                    place = kept[id_]
                    assert said == texts[place["post"]][place["start_char"] : place["end_char"]]
                    quotes.append(said)
            ids = {each["id"] for each in (*thread["entities"], *thread["relations"])}
            assert len(ids) == len(thread["entities"]) + len(thread["relations"])
            assert all({each["from_id"], each["to_id"]} <= words.keys() for each in thread["relations"])
    assert sorted(quotes) == sorted(['It did *not* "lose" £3m.', "🛳️ stops in May", "ferry “Möwe” 🛳️ stops"])


def test_types_of_labels_have_colours_and_no_key_twice(project: Project, tmp_path: Path) -> None:
    doccano.write(project, tmp_path / "out", ExportOptions())
    for file, names in (
        ("label_config.json", ["claim", "agree", "Post", "heated", "Thread"]),
        ("relation_config.json", ["rebuts"]),
    ):
        types = json.loads((tmp_path / "out" / file).read_text(encoding="utf-8"))
        assert [each["text"] for each in types] == names
        keys = [each["suffixKey"] for each in types if each["suffixKey"]]
        assert len(keys) == len(set(keys))
        assert all(each["backgroundColor"].startswith("#") and each["textColor"] == "#000000" for each in types)


def test_a_preview_shows_whole_lines_and_excel_is_refused(project: Project) -> None:
    lines = doccano.preview(project, ExportOptions(), 2).split("\n")[:-1]
    assert [json.loads(line)["postil"]["annotator"] for line in lines] == ["Ada", "Bo"]
    with pytest.raises(WrongUsageError, match="Excel"):
        doccano.preview(project, ExportOptions(excel=True), 1)


def test_offsets_in_utf16_count_what_lies_beyond_the_basic_plane_twice() -> None:
    text = "a🛳b\ufe0f👩‍🚀"
    utf16 = Utf16(text)
    assert [utf16(offset) for offset in range(len(text) + 1)] == [
        len(text[:offset].encode("utf-16-le")) // 2 for offset in range(len(text) + 1)
    ]
