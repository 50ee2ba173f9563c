"""`postil import` and `postil`: folders, archives, compressed files, problems, and how sources are to be read."""

from __future__ import annotations

import gzip
import json
import zipfile
from typing import TYPE_CHECKING

import pytest

from annotations import formats
from tui.commands.source_options import read_mapping

if TYPE_CHECKING:
    from tests.tui.commands.conftest import Trial

TABLE = "nr,said,to\n1,The tunnel will flood,\n2,It will not,1\n3,Says who,9\n"
MAPPED = "text=said,id=nr,parent=to"


def test_a_compressed_file_and_an_archive_are_imported(trial: Trial) -> None:
    (trial.folder / "harbour.txt.gz").write_bytes(gzip.compress(trial.source.encode()))
    with zipfile.ZipFile(trial.folder / "all.zip", "w") as archive:
        archive.writestr("lone.txt", "Only an article\n\nNothing more.\n")
        archive.writestr("picture.png", b"\x89PNG\r\n\x1a\n")
    result = trial.run("import", "harbour.txt.gz", "all.zip", "--json")
    assert result.exit_code == 0
    first, second = (json.loads(line) for line in result.stdout.splitlines())
    assert (first["thread"], first["comments"], first["source"]) == ("harbour", 4, "harbour.txt.gz")
    assert (second["thread"], second["source"]) == ("lone", "all.zip/lone.txt")
    assert "1 file passed over, which no importer knows: all.zip/picture.png" in result.stderr


def test_a_folder_is_imported_file_by_file(trial: Trial) -> None:
    (trial.folder / "all").mkdir()
    trial.write("all/harbour.txt")
    trial.write("all/lone.txt", "Only an article\n\nNothing more.\n")
    lines = trial.done("import", "all").splitlines()
    assert [line for line in lines if not line.startswith(" ")] == [
        "harbour: The harbour tunnel",
        "lone: Only an article",
    ]


def test_columns_are_mapped_and_an_unknown_one_gets_the_list(trial: Trial) -> None:
    trial.write("table.csv", TABLE)
    (imported,) = trial.objects("import", "table.csv", "--map", MAPPED)
    assert imported["comments"] == 3
    said = trial.refused("import", "table.csv", "--map", "text=body", code=1)
    assert "has no column “body”" in said
    assert "nr, said, to" in said


@pytest.mark.parametrize("typed", ["text", "=body", "text=a,text=b", ""])
def test_a_mapping_that_says_nothing_is_wrong_usage(trial: Trial, typed: str) -> None:
    trial.write("table.csv", TABLE)
    assert "postil: “" in trial.refused("import", "table.csv", "--map", typed, code=2)
    assert not trial.project.exists()


def test_a_mapping_is_read() -> None:
    assert read_mapping(" text = body , parent=reply to") == {"text": "body", "parent": "reply to"}
    assert read_mapping(None) == {}


def test_a_strict_import_refuses_and_a_report_lists_every_problem(trial: Trial) -> None:
    trial.write("table.csv", TABLE)
    assert "answers a comment that is not in the source" in trial.refused(
        "import", "table.csv", "--map", MAPPED, "--strict", code=1
    )
    assert not trial.project.exists()
    report = trial.folder / "problems.jsonl"
    trial.run("import", "table.csv", "missing.txt", "--map", MAPPED, "--report", str(report))
    first, second = (json.loads(line) for line in report.read_text(encoding="utf-8").splitlines())
    assert first["source"] == "table.csv"
    assert first["what"] == "answers a comment that is not in the source"
    assert set(first) == {"source", "where", "what", "done"}
    assert (second["source"], second["what"]) == ("missing.txt", "missing.txt does not exist")


def test_a_report_overwrites_no_source_and_no_project_and_is_whole_or_not_there(trial: Trial) -> None:
    trial.write("table.csv", TABLE)
    for target in ("table.csv", str(trial.project)):
        assert "is a source or a project" in trial.refused("import", "table.csv", "--report", target, code=1)
    assert (trial.folder / "table.csv").read_text(encoding="utf-8") == TABLE
    assert "there is no folder" in trial.refused("import", "table.csv", "--report", "no/where.jsonl", code=1)
    trial.refused("import", "table.csv", "--map", "text", "--report", "problems.jsonl", code=2)
    assert not list(trial.folder.glob("*.jsonl")), "nothing was imported, so there is nothing to report"
    assert not list(trial.folder.glob(".postil-*"))


def test_formats_are_listed_with_what_they_keep_and_lose_within_the_width(
    trial: Trial, monkeypatch: pytest.MonkeyPatch
) -> None:
    for width in (60, 100, 400):
        monkeypatch.setenv("COLUMNS", str(width))
        lines = trial.done("formats").splitlines()
        assert max(map(len, lines)) <= min(width, 110)
        assert lines[0] == "Importers"
        assert "Exporters" in lines
    at = lines.index(next(line for line in lines if line.startswith("  flattened ")))
    column = lines[at].index("Flattened page text")
    assert lines[at + 1][column:].startswith("keeps ")
    known = json.loads(trial.done("formats", "--json"))
    assert [each["name"] for each in known["importers"]] == list(formats.importers())
    assert all(each["keeps"] and each["loses"] for each in known["importers"] if each["package"] == "postil")
    assert all(each["keeps"] and each["loses"] for each in known["exporters"] if each["package"] == "postil")
