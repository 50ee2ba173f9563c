"""`postil export`."""

from __future__ import annotations

import csv
import json
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.tui.commands.conftest import Trial


def rows(trial: Trial, name: str) -> list[dict[str, str]]:
    """Read a CSV file."""
    with (trial.folder / name).open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def test_csv_has_an_annotation_a_line(labeled: Trial) -> None:
    result = labeled.run("export", "csv", "-o", "labels.csv")
    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr.startswith("labels.csv: 5 rows, 5 annotations on 3 posts of 1 thread\n")
    assert "  not in it: 2 posts without annotations\n" in result.stderr
    found = rows(labeled, "labels.csv")
    assert [(row["post"], row["label"], row["annotator"]) for row in found] == [
        ("", "controversial", "anna"),
        ("0", "claim", "anna"),
        ("1", "rebuts", "anna"),
        ("1.1", "disagree", "anna"),
        ("1.1", "disagree", "bo"),
    ]
    span = found[1]
    assert span["text"][int(span["start_char"]) : int(span["end_char"])] == span["quote"] == "It will flood"


def test_jsonl_goes_to_standard_output(labeled: Trial) -> None:
    result = labeled.run("export", "jsonl", "-o", "-")
    assert result.exit_code == 0
    posts = [json.loads(line) for line in result.stdout.splitlines()]
    assert [post["post"] for post in posts] == ["0", "1", "1.1", "1.1.1", "2"]
    assert posts[4]["author"] == "Cleo 桥"
    assert result.stderr.startswith("standard output: 5 rows")
    assert not (labeled.folder / "-").exists()


def test_what_is_exported_can_be_narrowed(labeled: Trial) -> None:
    labeled.done("export", "csv", "-o", "bo.csv", "--annotator", "bo")
    assert [row["annotator"] for row in rows(labeled, "bo.csv")] == ["bo"]
    labeled.done("export", "csv", "-o", "two.csv", "--label", "claim", "--label", "rebuts")
    assert [row["label"] for row in rows(labeled, "two.csv")] == ["claim", "rebuts"]
    labeled.write("lone.txt", "Only an article\n\nNothing more.\n")
    labeled.done("import", "lone.txt")
    labeled.done("export", "csv", "-o", "lone.csv", "--thread", "lone")
    assert rows(labeled, "lone.csv") == []


def test_the_annotator_at_work_does_not_narrow(labeled: Trial, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POSTIL_ANNOTATOR", "bo")
    labeled.done("export", "csv", "-o", "all.csv")
    assert len(rows(labeled, "all.csv")) == 5


def test_excel_gets_no_formulas(labeled: Trial) -> None:
    labeled.done("export", "csv", "-o", "plain.csv")
    labeled.done("export", "csv", "-o", "excel.csv", "--excel")
    assert "=1+1" in [row["note"] for row in rows(labeled, "plain.csv")]
    assert "'=1+1" in [row["note"] for row in rows(labeled, "excel.csv")]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--thread", "harbor"), "harbour"),
        (("--label", "clam"), "claim"),
        (("--annotator", "cleo"), "anna, bo"),
    ],
)
def test_what_is_not_in_the_project(labeled: Trial, arguments: tuple[str, ...], message: str) -> None:
    assert message in labeled.refused("export", "csv", "-o", "labels.csv", *arguments, code=1)
    assert not (labeled.folder / "labels.csv").exists()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("cvs", "-o", "x"), "Did you mean csv?"),
        (("csv",), "-o"),
        (("csv", "-o"), "-o"),
        ((), "FORMAT"),
        (("jsonl", "-o", "x", "--excel"), "Excel does not read JSON Lines"),
    ],
)
def test_wrong_usage(labeled: Trial, arguments: tuple[str, ...], message: str) -> None:
    assert message in labeled.refused("export", *arguments, code=2)
    assert not (labeled.folder / "x").exists()


@pytest.mark.parametrize("target", ["nowhere/labels.csv", ".", "postil.db", "other.db"])
def test_where_nothing_may_be_written(labeled: Trial, target: str) -> None:
    labeled.write("other.db", labeled.project.read_bytes())
    before = {path.name: path.read_bytes() for path in labeled.folder.iterdir()}
    assert target in labeled.refused("export", "csv", "-o", target, code=1)
    assert {path.name: path.read_bytes() for path in labeled.folder.iterdir()} == before


def test_a_source_is_not_overwritten(trial: Trial) -> None:
    trial.write("harbour.txt")
    trial.done("import", "harbour.txt")
    assert "source" in trial.refused("export", "csv", "-o", "harbour.txt", code=1)
    assert (trial.folder / "harbour.txt").read_text(encoding="utf-8") == trial.source


def test_no_project_no_export(trial: Trial) -> None:
    assert "There is no project" in trial.refused("export", "csv", "-o", "labels.csv", code=1)
    assert not list(trial.folder.iterdir())
