"""spaCy: what a post becomes, and what is said where spaCy is not there; the files themselves are tried with spaCy in tests/interop."""

from __future__ import annotations

import json
import sys
from collections import Counter
from configparser import ConfigParser
from typing import TYPE_CHECKING

import pytest

from annotations.errors import ExportError, WrongUsageError
from annotations.exporters import spacy
from annotations.exporters.choosing.options import Aggregate, ExportOptions
from annotations.exporters.choosing.selecting import select
from annotations.exporters.language.spacy_config import base_config, use
from annotations.exporters.language.spacy_plan import plan
from annotations.exporters.rows.labeled_posts import iter_labeled_posts
from annotations.store.snapshot import snapshot
from tests.annotations.ferry import check_golden, open_ferry

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from annotations.exporters.language.spacy_plan import Plan
    from annotations.store.project import Project


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    with open_ferry(tmp_path) as project:
        yield project


def plans(project: Project, options: ExportOptions) -> dict[str, Plan]:
    with snapshot(project):
        selection = select(project, options)
        posts = [each for row in selection.thread_ids for each in iter_labeled_posts(project, selection, row)]
        return {each.post.key: plan(each, selection) for each in posts}


def test_without_spacy_nothing_is_written_and_the_way_out_is_named(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "spacy", None)
    with pytest.raises(ExportError) as raised:
        spacy.write(project, tmp_path / "out", ExportOptions())
    assert "postil[spacy]" in raised.value.hint
    assert not (tmp_path / "out").exists()


def test_the_preview_is_as_ever_and_needs_no_spacy(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "spacy", None)
    check_golden(spacy.preview(project, ExportOptions(), 9).encode(), "spacy/preview.json")
    assert spacy.preview(project, ExportOptions(), 0) == ""


def test_spans_stand_in_groups_of_all_and_of_each(project: Project) -> None:
    found = plans(project, ExportOptions())["0"]
    assert set(found.groups) == {"sc", "sc:Bo", "sc:ferry-1b"}
    assert {each.quote for each in found.groups["sc"]} == {"🛳️ stops in May", "ferry “Möwe” 🛳️ stops"}
    assert [each.quote for each in found.groups["sc:Bo"]] == ["🛳️ stops in May"]
    assert [each.quote.exact for each in found.detached if each.quote] == ["it lost £3m."]


def test_labels_made_one_set_have_one_group(project: Project) -> None:
    found = plans(project, ExportOptions(aggregate=Aggregate.ANY))
    assert {key for each in found.values() for key in each.groups} == {"sc"}


def test_categories_are_unknown_where_nobody_has_said_anything(project: Project) -> None:
    assert {key: dict(each.cats) for key, each in plans(project, ExportOptions()).items()} == {
        "0": {"agree": 0.0},
        "1": {"agree": 0.0},
        "1.1": {"agree": 1.0},
        "2": {"agree": 0.0},  # with a note
        "3": {"agree": 1.0},
    }
    assert plans(project, ExportOptions(annotator="Bo"))["1"].cats == {}


def test_the_record_has_everything_but_the_text_and_no_number_that_is_too_large(project: Project) -> None:
    meta = json.dumps({"large": 2**70, "small": -(2**70), "half": "\ud800", "list": [{"deep": 2**64}]})
    project.connection.execute("UPDATE posts SET meta = ? WHERE key = '3'", (meta,))
    record = plans(project, ExportOptions())["3"].record
    assert record["meta"] == {"large": str(2**70), "small": str(-(2**70)), "half": "?", "list": [{"deep": str(2**64)}]}
    assert "text" not in record
    assert {each["annotator"] for each in record["labels"]} == {"Ada", "Bo"}


def test_the_configuration_trains_what_there_is() -> None:
    lengths = Counter({1: 90, 7: 9, 60: 1})
    both = base_config("de", lengths, ("train", "test", "dev"), has_cats=True)
    parsed = ConfigParser(interpolation=None)
    parsed.read_string(both)
    assert parsed["nlp"]["pipeline"] == '["tok2vec", "spancat", "textcat_multilabel"]'
    assert parsed["paths"]["train"] == '"train"'
    assert parsed["paths"]["dev"] == '"dev"'
    assert parsed["components.spancat.suggester"]["max_size"] == "7"
    assert parsed["nlp"]["lang"] == '"de"'
    assert "spancat" not in base_config("de", Counter(), ("docs",), has_cats=True)
    assert "textcat" not in base_config("de", lengths, ("docs",), has_cats=False)
    assert base_config("de", Counter(), ("docs",), has_cats=False) == ""


def test_the_card_says_what_the_configuration_leaves_out() -> None:
    lengths = Counter({1: 90, 7: 9, 60: 1})
    assert "up to 7 tokens; 1 are longer" in use("de", lengths, ("train", "dev"), has_config=True)
    assert "good for a try alone" in use("de", Counter({1: 1}), ("docs",), has_config=True)
    assert "Training" not in use("de", Counter(), ("docs",), has_config=False)


def test_excel_is_refused(project: Project, tmp_path: Path) -> None:
    with pytest.raises(WrongUsageError):
        spacy.write(project, tmp_path / "out", ExportOptions(excel=True))
