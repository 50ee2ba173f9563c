"""What goes out comes back: random projects through every format that is both written and read.

What a format cannot carry is exactly what its report counts as lost. With POSTIL_ROUND_TRIPS=100 in the environment there are a
hundred examples of each instead of a few.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Mapping  # noqa: TC003  # msgspec looks the types of fields up
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from msgspec import Struct
from msgspec.structs import replace

from annotations import formats
from annotations.exporters.choosing.options import Aggregate, Context, ExportOptions
from annotations.importers.postil_csv import INCOMPLETE
from annotations.importing import Imported, Refused, SourceImport
from annotations.store.check import check
from annotations.store.codebooks import put_in_force
from annotations.store.project import Project
from annotations.work import Work
from tests.annotations.facts import Facts, facts_of, in_order
from tests.annotations.random_project import CODEBOOK, Ticks, fill, open_copy
from tests.interop.rich import build_rich_project

if TYPE_CHECKING:
    from pathlib import Path

EXAMPLES = int(os.environ.get("POSTIL_ROUND_TRIPS", "3"))
"""Random projects for each format."""

PHASES = (Phase.explicit, Phase.generate)
"""No shrinking: an example takes long, and says what is wrong as it is."""

MARKS = {"notes on posts": "notes", "reviews": "reviews", "flags": "flags"}
"""What a report calls other facts than annotations."""


class Trip(Struct, frozen=True, kw_only=True):
    """A format on its way out and back.

    Args:
        exporter: What writes it.
        importer: What must recognise it.
        file: What it is written to.
        is_sparse: Whether posts come back only if something is put on them.
        without: Fields of each kind of fact that do not come back, by kind.
    """

    exporter: str
    importer: str
    file: str
    is_sparse: bool = False
    without: Mapping[str, tuple[str, ...]] = {}


NO_THREAD_META = {"threads": ("meta",)}
NO_THREAD_FACTS = {"threads": ("meta", "url")}
NO_KINDS: dict[str, tuple[str, ...]] = dict.fromkeys(("reviews", "flags"), ("annotator_kind",))
"""CSV names who has reviewed and flagged, and says of what kind those are alone who have put something, too."""

TRIPS = (
    Trip(exporter="jsonl", importer="postil_jsonl", file="set.jsonl"),
    Trip(
        exporter="csv", importer="postil_csv", file="set.csv", is_sparse=True, without={**NO_THREAD_FACTS, **NO_KINDS}
    ),
    Trip(exporter="convokit", importer="convokit", file="set"),
    Trip(exporter="web-annotation", importer="web_annotation", file="set.jsonld"),
    Trip(exporter="brat", importer="brat", file="set", without=NO_THREAD_META),
    Trip(exporter="doccano", importer="doccano", file="set", without=NO_THREAD_META),
    Trip(exporter="label-studio", importer="label_studio", file="set", without=NO_THREAD_META),
)


@pytest.fixture(scope="module")
def blank(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return an empty project, to be copied: making one takes its time."""
    path = tmp_path_factory.mktemp("blank") / "postil.db"
    Project.open(path, create=True).close()
    return path


def bring_back(blank: Path, path: Path, source: Path, *, is_known: bool, has_threads: bool) -> tuple[Facts, list[str]]:
    """Import what was exported into a new project, with the same codebook or with none; return what that says, and how it was read."""
    with open_copy(blank, path) as project:
        if is_known:
            with project.transaction():
                put_in_force(project, project.connection, CODEBOOK)
    if not has_threads:
        return Facts([], [], [], [], [], []), []
    importing = SourceImport(path, partial(Project.open, path, clock=Ticks()), [source], None, Work(), "Somebody")
    found = list(importing)
    assert [each.error for each in found if isinstance(each, Refused)] == []
    threads = [each for each in found if isinstance(each, Imported)]
    assert {warning for each in threads for warning in each.thread.warnings} <= {INCOMPLETE}
    with Project.open(path) as project:
        assert check(project) == []
        return facts_of(project), [each.thread.format for each in threads]


def carried(facts: Facts, trip: Trip, lost: Counter[str], listed: Mapping[str, list[dict[str, Any]]]) -> Facts:
    """Return what of a project's facts must come back, and take what is lost from the count of losses.

    Args:
        facts: What the project says.
        trip: The format.
        lost: What its report counts as lost.
        listed: What is listed of that beside a folder.
    """
    if trip.is_sparse:
        facts = only_labeled(facts, lost)
    annotations = facts.annotations
    for reason, losses in listed.items():
        uuids = {loss["annotation"] for loss in losses if loss["annotation"]}
        if uuids:
            kept = [each for each in annotations if each["uuid"] not in uuids]
            assert lost.pop(reason) == len(annotations) - len(kept), reason
            annotations = kept
    kept_marks = {}
    for reason, kind in MARKS.items():
        rows = getattr(facts, kind)
        assert lost.get(reason, len(rows)) == len(rows), reason
        kept_marks[kind] = [] if lost.pop(reason, 0) else rows
    return facts._replace(annotations=annotations, **kept_marks)


def only_labeled(facts: Facts, lost: Counter[str]) -> Facts:
    """Return the facts of posts on which something is put, or a note; the others must be counted as lost."""
    on_posts = [each for each in (*facts.annotations, *facts.notes) if each["post"] is not None]
    labeled = {(each["thread"], each["post"]) for each in on_posts}
    threads = {each["thread"] for each in (*facts.annotations, *facts.notes)}
    kept: dict[str, list[dict[str, Any]]] = {"threads": [each for each in facts.threads if each["thread"] in threads]}
    for reason, kind in {"posts without annotations": "posts", **MARKS}.items():
        rows = getattr(facts, kind)
        kept[kind] = [each for each in rows if (each["thread"], each["post"]) in labeled]
        assert lost.pop(reason, 0) == len(rows) - len(kept[kind]), reason
    return facts._replace(**kept)


def shown(facts: Facts, trip: Trip) -> dict[str, list[dict[str, Any]]]:
    """Return facts without the fields that do not come back."""
    return {
        kind: in_order(
            [
                {name: value for name, value in each.items() if name not in trip.without.get(kind, ())}
                for each in getattr(facts, kind)
            ]
        )
        for kind in Facts._fields
    }


@pytest.mark.parametrize("trip", TRIPS, ids=lambda trip: trip.exporter)
@settings(
    max_examples=EXAMPLES, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck), phases=PHASES
)
@given(data=st.data(), is_known=st.booleans())
def test_a_project_comes_back(
    data: st.DataObject, *, is_known: bool, trip: Trip, blank: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("trip")
    with open_copy(blank, folder / "one.db") as project:
        fill(data, project)
        report = formats.exporter(trip.exporter).write(project, folder / trip.file, ExportOptions())
        facts = facts_of(project)
    lost = Counter(report.lost)
    beside = folder / trip.file / "report.json"
    told = json.loads(beside.read_bytes())["lost"] if beside.exists() else []
    wanted = carried(facts, trip, lost, {each["what"]: each["listed"] for each in told})
    assert not lost, "nothing is lost that is not seen here"
    found, read_by = bring_back(
        blank, folder / "two.db", folder / trip.file, is_known=is_known, has_threads=bool(wanted.threads)
    )
    assert read_by == [trip.importer] * len(wanted.threads)
    there = [each for each in found.posts if not each["meta"].get("is_missing")]
    came, due = shown(found._replace(posts=there), trip), shown(wanted, trip)
    for kind in Facts._fields:
        assert [each for each in came[kind] if each not in due[kind]] == [], f"{kind} that were not there"
        assert [each for each in due[kind] if each not in came[kind]] == [], f"{kind} that are not there"
        assert len(came[kind]) == len(due[kind])


@pytest.fixture(scope="module")
def rich(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a project of four threads with everything in it that is hard."""
    return build_rich_project(tmp_path_factory.mktemp("rich") / "rich.db")


CHOICES = {
    "parts without names": ExportOptions(
        split=(("train", 0.5), ("test", 0.5)), seed=3, redact=True, context=Context.ANCESTORS
    ),
    "aggregated": ExportOptions(aggregate=Aggregate.MAJORITY, only_reviewed=True),
    "parts": ExportOptions(split=(("train", 0.75), ("test", 0.25))),
    "aggregated parts": ExportOptions(aggregate=Aggregate.ANY, split=(("train", 0.75), ("test", 0.25))),
    "current labels": ExportOptions(labels=("claim", "rebuts"), is_current=True),
}
FEW = 4
"""Examples up to which the first two of them will do."""


@pytest.mark.parametrize("choice", CHOICES if EXAMPLES > FEW else list(CHOICES)[:2])
@pytest.mark.parametrize("trip", TRIPS, ids=lambda trip: trip.exporter)
def test_every_choice_of_an_export_can_be_imported_and_nothing_beside_it_is_taken_for_a_source(
    trip: Trip, choice: str, rich: Path, blank: Path, tmp_path: Path
) -> None:
    options = CHOICES[choice]
    if options.redact:
        options = replace(options, pseudonymize=tmp_path / "secret.key")
    target = tmp_path / (trip.file if not options.split else "parts")
    with Project.open(rich) as project:
        report = formats.exporter(trip.exporter).write(project, target, options)
    found, read_by = bring_back(blank, tmp_path / "two.db", target, is_known=False, has_threads=True)
    assert set(read_by) == {trip.importer}
    assert len({each["thread"] for each in found.threads}) == len(found.threads) == len(read_by)
    assert {each["thread"].split("-")[0] for each in found.threads} <= {"harbour", "tide", "eel", "lock"}
    assert len(found.annotations) == report.annotations
    texts = {(each["thread"], each["post"]): each["text"] for each in found.posts}
    placed = [each for each in found.annotations if each["start_char"] is not None]
    assert placed
    for each in placed:
        assert texts[each["thread"], each["post"]][each["start_char"] : each["end_char"]] == each["quote"]
    names = {each["author"] for each in found.posts if each["author"]}
    assert names
    assert "mayor" not in names or not options.redact
    if options.aggregate:
        assert {each["annotator"] for each in found.annotations} == {options.aggregate.value}
