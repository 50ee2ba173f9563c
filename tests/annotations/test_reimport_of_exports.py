"""What an export writes beside the data is passed over quietly when a folder is imported."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from annotations.exporters import csv, jsonl
from annotations.exporters.choosing.options import ExportOptions
from annotations.imported import Finished, Imported, Refused
from annotations.importing import SourceImport
from annotations.store.project import Project
from annotations.work import Work

if TYPE_CHECKING:
    from pathlib import Path

    from tests.annotations.conftest import Desk


def take_in(source: Path, to: Path) -> tuple[list[str], tuple[str, ...]]:
    """Import a source into a new project; return the keys of the threads, and what was passed over or refused."""
    found = list(SourceImport(to, lambda: Project.open(to, create=True), [source], None, Work()))
    threads = sorted(each.saved.thread.key for each in found if isinstance(each, Imported))
    refused = tuple(each.source for each in found if isinstance(each, Refused))
    return threads, refused + tuple(name for each in found if isinstance(each, Finished) for name in each.passed_over)


def test_report_and_manifest_beside_a_file_are_no_sources(desk: Desk, tmp_path: Path) -> None:
    desk.session().apply("agree", desk.post("1"))
    folder = tmp_path / "exported"
    folder.mkdir()
    jsonl.write(desk.project, folder / "labels.jsonl", ExportOptions())
    assert len(list(folder.iterdir())) == 3
    assert take_in(folder, tmp_path / "new.db") == (["ferry", "tunnel"], ())


def test_card_and_metadata_of_a_folder_are_no_sources(desk: Desk, tmp_path: Path) -> None:
    desk.session().apply("claim", desk.words("flood"))
    jsonl.write(desk.project, tmp_path / "exported", ExportOptions(split=(("one", 0.5), ("two", 0.5))))
    assert take_in(tmp_path / "exported", tmp_path / "new.db") == (["ferry", "tunnel"], ())


def test_other_files_of_these_names_are_said(desk: Desk, tmp_path: Path) -> None:
    folder = tmp_path / "other"
    folder.mkdir()
    csv.write(desk.project, folder / "labels.csv", ExportOptions(with_manifest=False))
    jsonl.write(desk.project, folder / "labels.jsonl", ExportOptions(with_manifest=False))
    (folder / "manifest.json").write_text(json.dumps({"name": "an app"}), encoding="utf-8")
    (folder / "report.json").write_text(json.dumps({"postil": 3}), encoding="utf-8")
    passed = take_in(folder, tmp_path / "new.db")[1]
    assert {name.rpartition("/")[2] for name in passed} >= {"manifest.json", "report.json"}
