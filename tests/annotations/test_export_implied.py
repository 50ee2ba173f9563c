"""What a label implies is exported with it, marked as put by nobody; merged labels are told as today on demand."""

from __future__ import annotations

import csv as csv_reader
import json
from functools import partial
from typing import TYPE_CHECKING, Any

from annotations import codebook_editing as editing
from annotations.codebook_toml import parse_codebook
from annotations.exporters import csv, jsonl
from annotations.exporters.choosing.options import ExportOptions
from annotations.store.codebooks import change_codebook

if TYPE_CHECKING:
    from pathlib import Path

    from annotations.exporters.writing.report import ExportReport
    from tests.annotations.conftest import Desk

HIERARCHY = parse_codebook(
    """
[[labels]]
id = "statement"
name = "Statement"
scope = "span"

[[labels]]
id = "claim"
name = "Claim"
scope = "span"
parent = "statement"

[[labels.attributes]]
id = "why"
name = "Why"
kind = "text"

[[labels]]
id = "forecast"
name = "Forecast"
scope = "span"
parent = "claim"

[[labels]]
id = "wish"
name = "Wish"
scope = "span"
parent = "claim"

[[labels]]
id = "fun"
name = "Fun"
scope = "post"

[[labels]]
id = "joke"
name = "Joke"
scope = "post"
parent = "fun"
"""
)


def spans(desk: Desk, tmp_path: Path, options: ExportOptions | None = None) -> list[dict[str, Any]]:
    """Return the spans of the article as JSON Lines have them."""
    jsonl.write(desk.project, tmp_path / "dataset.jsonl", options or ExportOptions())
    first = (tmp_path / "dataset.jsonl").read_text(encoding="utf-8").splitlines()[0]
    found: list[dict[str, Any]] = json.loads(first)["spans"]
    return found


def rows(desk: Desk, tmp_path: Path, options: ExportOptions | None = None) -> tuple[list[dict[str, str]], ExportReport]:
    """Return the rows that CSV has."""
    report = csv.write(desk.project, tmp_path / "dataset.csv", options or ExportOptions())
    with (tmp_path / "dataset.csv").open(encoding="utf-8", newline="") as file:
        return list(csv_reader.DictReader(file)), report


def test_a_child_implies_its_parents_once_and_says_so(desk: Desk, tmp_path: Path) -> None:
    desk.codebook = HIERARCHY
    session = desk.session()
    words = desk.words("tunnel will flood")
    put = desk.only(session.apply("forecast", words, note="n"))
    session.apply("wish", words)
    session.apply("claim", desk.words("every spring"), attributes={"why": "x"})
    found = [(each["label"], each["annotation"], each["implied_by"], each["note"]) for each in spans(desk, tmp_path)]
    wish = next(each["annotation"] for each in spans(desk, tmp_path) if each["label"] == "wish")
    claim = next(
        each["annotation"] for each in spans(desk, tmp_path) if each["label"] == "claim" and each["annotation"]
    )
    assert found == [
        ("forecast", put.uuid, None, "n"),
        ("claim", None, put.uuid, ""),
        ("statement", None, put.uuid, ""),
        ("wish", wish, None, ""),
        ("claim", claim, None, ""),
        ("statement", None, claim, ""),
    ]
    for each in spans(desk, tmp_path):
        assert each["quote"] in {"tunnel will flood", "every spring"}
        assert each["attributes"] == ({"why": "x"} if each["annotation"] == claim else {})


def test_what_is_put_is_not_implied_besides_and_everybody_implies_for_themselves(desk: Desk, tmp_path: Path) -> None:
    desk.codebook = HIERARCHY
    desk.session().apply("joke", desk.post("1"))
    desk.session().apply("fun", desk.post("1"))
    desk.session("Bo").apply("joke", desk.post("1"))
    found, report = rows(desk, tmp_path)
    assert [
        (each["label"], each["annotator"], bool(each["annotation"]), bool(each["implied_by"])) for each in found
    ] == [
        ("fun", "Ada", True, False),
        ("joke", "Ada", True, False),
        ("joke", "Bo", True, False),
        ("fun", "Bo", False, True),
    ]
    assert (report.rows, report.annotations) == (4, 3)


def test_implied_labels_can_be_left_out_and_asked_for(desk: Desk, tmp_path: Path) -> None:
    desk.codebook = HIERARCHY
    desk.session().apply("joke", desk.post("1"))
    assert [each["label"] for each in rows(desk, tmp_path, ExportOptions(with_implied=False))[0]] == ["joke"]
    assert [each["label"] for each in rows(desk, tmp_path, ExportOptions(labels=("fun",)))[0]] == ["fun"]


def test_merged_labels_are_exported_as_put_unless_the_present_codebook_is_asked_for(desk: Desk, tmp_path: Path) -> None:
    desk.codebook = HIERARCHY
    session = desk.session()
    claim = desk.only(session.apply("wish", desk.words("tunnel will flood"), note="n"))
    session.apply("forecast", desk.words("every spring"))
    session.apply("joke", desk.post("1"))
    change_codebook(desk.project, partial(editing.merged, label_id="wish", into="forecast"))
    assert [each["label"] for each in spans(desk, tmp_path, ExportOptions(with_implied=False))] == ["wish", "forecast"]
    now = spans(desk, tmp_path, ExportOptions(is_current=True))
    assert [(each["label"], each["put_as"], each["annotation"]) for each in now[:2]] == [
        ("forecast", "wish", claim.uuid),
        ("claim", None, None),
    ]
    assert now[0]["note"] == "n"
    found, _ = rows(desk, tmp_path, ExportOptions(is_current=True, with_implied=False))
    assert [(each["label"], each["label_name"], each["put_as"]) for each in found] == [
        ("forecast", "Forecast", "wish"),
        ("forecast", "Forecast", ""),
        ("joke", "Joke", ""),
    ]
