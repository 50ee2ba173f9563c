"""The codebook of a project changes while people label: nothing of theirs changes with it, unless they say so."""

from __future__ import annotations

import subprocess
import sys
from functools import partial
from threading import Thread
from typing import TYPE_CHECKING

import pytest

from annotations import codebook_editing as editing
from annotations.codebook_diff import Kind, describe, diff_codebooks, difference_json
from annotations.codebook_toml import default_codebook, parse_codebook
from annotations.errors import RuleError, UnknownNameError
from annotations.model import Scope
from annotations.session import LabelingSession
from annotations.store.check import check
from annotations.store.codebooks import (
    change_codebook,
    codebook_in_force,
    codebook_of_version,
    codebook_versions,
    label_uses,
)
from annotations.store.labels import annotations_in_thread, load_annotation
from annotations.store.project import Project

if TYPE_CHECKING:
    from pathlib import Path

    from annotations.codebook import Codebook
    from tests.annotations.conftest import Desk


def test_a_change_is_a_version_and_the_annotations_keep_theirs(desk: Desk) -> None:
    session = desk.session()
    claim = desk.only(session.apply("claim", desk.words("tunnel will flood")))
    change_codebook(desk.project, partial(editing.renamed, label_id="claim", name="Assertion"))
    changed = change_codebook(desk.project, partial(editing.merged, label_id="premise", into="claim"))
    assert codebook_in_force(desk.project) == changed
    assert [(each.id, each.is_current, each.annotations) for each in codebook_versions(desk.project)] == [
        (1, False, 1),
        (2, False, 0),
        (3, True, 0),
    ]
    assert load_annotation(desk.project, claim.id) == claim
    assert codebook_of_version(desk.project, 1) == desk.codebook
    assert label_uses(desk.project) == {"claim": 1}
    assert check(desk.project) == []
    with pytest.raises(UnknownNameError, match="no version 9"):
        codebook_of_version(desk.project, 9)


def test_a_project_without_a_codebook_begins_with_the_default_one(tmp_path: Path) -> None:
    with Project.open(tmp_path / "postil.db", create=True) as project:
        changed = change_codebook(project, partial(editing.opened, is_open=True))
        assert [label.id for label in changed.labels] == [label.id for label in default_codebook().labels]
        assert codebook_in_force(project).is_open
        change_codebook(project, lambda codebook: codebook)
        assert len(codebook_versions(project)) == 1


def test_a_refused_change_leaves_everything(desk: Desk) -> None:
    desk.session().apply("claim", desk.words("tunnel will flood"))
    before = list(desk.project.connection.iterdump())
    with pytest.raises(RuleError):
        change_codebook(desk.project, partial(editing.merged, label_id="claim", into="agree"))
    assert list(desk.project.connection.iterdump()) == before


def test_two_who_change_it_at_once_lose_nothing(desk: Desk) -> None:
    desk.session().apply("claim", desk.words("tunnel will flood"))

    def add(name: str) -> None:
        with desk.open_again() as project:
            for number in range(5):
                change_codebook(project, partial(editing.with_new_label, name=f"{name} {number}", scope=Scope.POST))

    threads = [Thread(target=add, args=(name,)) for name in ("one", "two")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    names = {label.name for label in codebook_in_force(desk.project).labels}
    assert names >= {f"{name} {number}" for name in ("one", "two") for number in range(5)}


def test_a_label_is_made_while_labeling_only_in_an_open_codebook(desk: Desk) -> None:
    session = desk.session()
    session.apply("funny", desk.post("1"))
    with pytest.raises(RuleError, match="not open"):
        session.create_label("Irony", Scope.POST)
    session.codebook = change_codebook(desk.project, partial(editing.opened, is_open=True))
    label = session.create_label("Irony", Scope.POST)
    irony = desk.only(session.apply(label.id, desk.post("1")))
    assert (irony.label, irony.codebook_version) == ("irony", 3)
    with pytest.raises(RuleError, match="already"):
        session.create_label("irony", Scope.POST)


def test_a_label_takes_the_place_of_another_in_one_step_that_is_undone(desk: Desk) -> None:
    session = desk.session()
    first = desk.only(
        session.apply("claim", desk.words("tunnel will flood"), note="?", attributes={"certainty": 2, "type": "fact"})
    )
    both = desk.words("40 million")
    session.apply("term", desk.words("every spring"))
    session.apply("claim", both)
    session.apply("term", both)
    tie = session.apply("supports", desk.relation("0", "1", first))
    desk.session("Bo").apply("claim", both)
    before = desk.state
    change = session.relabel("claim", "term")
    assert change.summary == "Claim is Term now, 2 times"
    now = load_annotation(desk.project, first.id)
    assert (now.label, now.uuid, now.note, dict(now.attributes)) == ("term", first.uuid, "?", {})
    assert load_annotation(desk.project, desk.only(tie).id).target.from_annotation == first.id
    of_ada = [found.label for found in annotations_in_thread(desk.project, desk.thread_id, session.annotator.id)]
    assert sorted(of_ada) == ["supports", "term", "term", "term"]
    assert [
        found.label for found in annotations_in_thread(desk.project, desk.thread_id) if found.annotator == "Bo"
    ] == ["claim"]
    assert check(desk.project) == []
    session.undo()
    assert [row[1:-3] for row in desk.state[0]] == [row[1:-3] for row in before[0]]
    assert check(desk.project) == []


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("claim", "funny", "one scope"),
        ("premise", "claim", "on nothing"),
        ("claim", "old", "retired"),
        ("claim", "none", "has no label"),
    ],
)
def test_what_cannot_take_a_place_is_refused(desk: Desk, old: str, new: str, reason: str) -> None:
    session = desk.session()
    session.apply("claim", desk.words("tunnel will flood"))
    before = desk.state
    with pytest.raises(RuleError, match=reason):
        session.relabel(old, new)
    assert desk.state == before


BEFORE = parse_codebook(
    """
[[groups]]
id = "stance"
name = "Stance"

[[labels]]
id = "claim"
name = "Claim"
scope = "span"
description = "One."

[[labels]]
id = "agree"
name = "Agree"
scope = "post"
group = "stance"

[[labels]]
id = "odd"
name = "Odd"
scope = "post"
retired = true
"""
)


def told(after: Codebook, before: Codebook = BEFORE) -> list[str]:
    """Return a difference in words."""
    return [line for difference in diff_codebooks(before, after) for line in describe(difference)]


def test_no_difference_is_told_where_only_layout_and_order_differ() -> None:
    assert told(BEFORE) == []
    again = parse_codebook("# a comment\n" + BEFORE.source)
    assert again.sha256 != BEFORE.sha256
    assert told(again) == []


def test_differences_are_told_in_words_and_as_json() -> None:
    assert told(editing.renamed(BEFORE, "claim", "Assertion")) == [
        "renamed claim: Assertion",
        "  name: “Claim” → “Assertion”",
    ]
    assert told(editing.with_new_label(BEFORE, "Fact", Scope.SPAN)) == ["added fact: Fact"]
    assert told(BEFORE, editing.with_new_label(BEFORE, "Fact", Scope.SPAN)) == ["removed fact: Fact"]
    assert told(editing.split(BEFORE, "claim", ["Fact", "Value"]))[0] == "split claim into fact, value: Claim"
    assert told(editing.retired(BEFORE, "odd", is_retired=False)) == ["in use again odd: Odd", "  retired: yes → no"]
    assert told(editing.opened(BEFORE, is_open=True)) == ["changed the codebook: Codebook", "  open: no → yes"]
    grouped = parse_codebook(BEFORE.source.replace('name = "Stance"', 'name = "Stance"\nexclusive = true'))
    assert told(grouped) == ["changed the group stance: Stance", "  exclusive: no → yes"]
    (difference,) = diff_codebooks(BEFORE, editing.retired(BEFORE, "claim"))
    assert difference.kind is Kind.RETIRED
    assert difference_json(difference) == {
        "entry": "label",
        "id": "claim",
        "name": "Claim",
        "change": "retired",
        "into": [],
        "fields": {"retired": {"before": False, "after": True}},
    }


def test_reading_a_project_loads_no_editing() -> None:
    """The reader opens with the codebook that was read before: neither TOML nor what changes codebooks is loaded."""
    code = (
        "import sys; from annotations.session import LabelingSession; from annotations.store import codebooks;"
        "print(sorted(name for name in sys.modules if 'codebook_' in name or name in {'tomllib', 'annotations.violations'}))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert set(eval(run.stdout)) <= {"annotations.codebook_records"}  # noqa: S307  # a list of names, printed above


def test_another_session_goes_on_with_its_codebook_until_it_takes_the_new_one(desk: Desk) -> None:
    """What is put in between is kept under the version that its annotator saw."""
    session = desk.session()
    session.apply("claim", desk.words("tunnel will flood"))
    with desk.open_again() as other:
        change_codebook(other, partial(editing.renamed, label_id="claim", name="Assertion"))
    term = desk.only(session.apply("term", desk.words("every spring")))
    assert term.codebook_version == 1
    assert codebook_in_force(desk.project).label("claim").name == "Assertion"
    assert isinstance(session, LabelingSession)
