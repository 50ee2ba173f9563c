"""`--gold`: what adjudication has settled, as a data set; and the gold set left out of every other."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from annotations import formats
from annotations.adjudication import Adjudication, Take, gold_as
from annotations.errors import ExportError, WrongUsageError
from annotations.exporters import brat, convokit, csv, doccano, huggingface, jsonl, label_studio, web_annotation
from annotations.exporters.choosing.options import Aggregate, ExportOptions
from annotations.exporters.choosing.selecting import select
from annotations.exporters.choosing.settled import LOOSE, OPEN
from annotations.imported import Imported
from annotations.importing import SourceImport
from annotations.session import LabelingSession
from annotations.store import census
from annotations.store.adjudication import load_gold
from annotations.store.judgements import seeing
from annotations.store.labels import iter_annotations
from annotations.store.project import Project
from annotations.store.splits import labels_in_threads
from annotations.store.statistics import take_statistics
from annotations.store.threads import list_threads
from annotations.work import Work
from tests.annotations.ferry import check_golden, open_ferry

if TYPE_CHECKING:
    from pathlib import Path

    from annotations.exporters.writing.report import ExportReport
    from annotations.formats import Exporter
    from tests.annotations.conftest import Desk


def put(desk: Desk) -> None:
    """Let two put labels: they agree on 1, differ on 1.1, the article and 2, and relate 1.1 to the article."""
    for name in ("Ada", "Bea"):
        session = desk.session(name)
        claim = desk.only(session.apply("claim", desk.words("flood"), note=f"{name}’s"))
        pumps = desk.only(session.apply("term", desk.words("Pumps", "1.1")))
        session.apply("rebuts", desk.relation("1.1", "0", pumps, claim))
        session.apply("agree", desk.post("1"))
        session.apply("heated", desk.thread)
    desk.session("Ada").apply("funny", desk.post("1.1"))
    desk.session("Ada").apply("funny", desk.post("2"))
    desk.session("Bea").review(desk.posts["2"])


@pytest.fixture
def settled(desk: Desk) -> Desk:
    """All of that settled but for 2, on which there is a draft; and 3 settled on nothing."""
    put(desk)
    adjudication = Adjudication(desk.project, "Dora")
    adjudication.settle_agreed()
    Adjudication(desk.project, "Eve").settle(desk.posts["1.1"], Take.MAJORITY)
    adjudication.settle(desk.posts["3"], Take.NONE)
    LabelingSession(desk.project, gold_as(desk.project, "Dora"), desk.codebook).apply("agree", desk.post("2"))
    return desk


def exported(desk: Desk, path: Path, **options: object) -> tuple[dict[str, Any], ExportReport]:
    """Return the records of a JSON Lines export by post, and the report."""
    report = jsonl.write(desk.project, path / "x.jsonl", ExportOptions(thread="tunnel", **options))  # type: ignore[arg-type]  # as there
    lines = (path / "x.jsonl").read_text("utf-8").splitlines()
    return {record["post"]: record for record in map(json.loads, lines)}, report


def take_in(project: Path, source: Path) -> None:
    """Import a source into a project."""
    found = list(SourceImport(project, lambda: Project.open(project, create=True), [source], None, Work(), "Fay"))
    assert isinstance(found[0], Imported)


def labels(record: dict[str, Any]) -> list[str]:
    parts = ("thread_labels", "labels", "spans", "relations")
    return [each["label"] for part in parts for each in record[part]]


def test_only_what_is_settled_has_labels_and_they_say_how_many_put_them(settled: Desk, tmp_path: Path) -> None:
    found, report = exported(settled, tmp_path, is_gold=True)
    assert {post: labels(record) for post, record in found.items() if labels(record)} == {
        "0": ["heated", "claim"],
        "1": ["agree"],
        "1.1": ["term", "rebuts"],
    }
    assert [post for post, record in found.items() if record["reviewed_by"]] == ["0", "1", "1.1", "3"]
    (claim,) = found["0"]["spans"]
    assert (claim["annotator"], claim["annotator_kind"], claim["note"]) == ("gold", "gold", "Ada’s\nBea’s")
    assert (claim["votes"], claim["seen_by"], claim["probability"]) == (2, 2, None)
    (rebuts,) = found["1.1"]["relations"]
    assert rebuts["to_span"]["annotation"] == claim["annotation"]
    assert report.lost == {OPEN: 1}
    assert report.warnings == (
        "4 posts are settled, adjudicated by Dora, Eve; still open: 1 on which annotators differ, 0 on which they agree",
    )


def test_only_reviewed_is_only_settled(settled: Desk, tmp_path: Path) -> None:
    found, report = exported(settled, tmp_path, is_gold=True, only_reviewed=True)
    assert list(found) == ["0", "1", "1.1", "3"]
    assert report.lost == {OPEN: 1, "posts that are not settled": 3}


def test_a_relation_to_what_is_open_again_is_left_out(settled: Desk, tmp_path: Path) -> None:
    Adjudication(settled.project, "Dora").reopen(settled.posts["0"])
    found, report = exported(settled, tmp_path, is_gold=True)
    assert labels(found["0"]) == []
    assert labels(found["1.1"]) == ["term"]
    assert report.lost == {OPEN: 3, LOOSE: 1}


def test_what_an_adjudicator_put_or_changed_has_no_votes(settled: Desk, tmp_path: Path) -> None:
    gold = load_gold(settled.project)
    assert gold is not None
    Adjudication(settled.project, "Dora").settle(settled.posts["2"], gold)
    session = LabelingSession(settled.project, gold, settled.codebook)
    agree = next(each for each in iter_annotations(settled.project, None, gold.id) if each.label == "agree")
    session.change(agree.id, note="Settled.")
    found, _ = exported(settled, tmp_path, is_gold=True)
    assert [found[post]["labels"][0]["votes"] for post in ("1", "2")] == [None, None]


def test_nothing_settled_is_an_error_that_says_what_to_do(desk: Desk) -> None:
    put(desk)
    for _ in range(2):
        with pytest.raises(ExportError, match="Nothing in this project is adjudicated") as refused:
            select(desk.project, ExportOptions(is_gold=True))
        assert "postil adjudicate list" in refused.value.hint
        gold_as(desk.project, "Dora")
    Adjudication(desk.project, "Dora").settle_agreed()
    with pytest.raises(ExportError, match="Nothing in this project is adjudicated"):
        select(desk.project, ExportOptions(is_gold=True, thread="ferry"))
    for other in (ExportOptions(is_gold=True, annotator="Ada"), ExportOptions(is_gold=True, aggregate=Aggregate.ANY)):
        with pytest.raises(WrongUsageError, match="--gold asks for what adjudication has settled"):
            select(desk.project, other)


def test_without_it_every_count_and_export_is_as_if_nothing_was_settled(desk: Desk, tmp_path: Path) -> None:
    put(desk)
    project = desk.project

    def told() -> list[object]:
        rows = [exported(desk, tmp_path, aggregate=each)[0] for each in (None, Aggregate.MAJORITY)]
        with seeing(project) as seen:
            counts = seen.count()
        return [
            *rows,
            counts,
            take_statistics(project),
            list_threads(project),
            list(labels_in_threads(project)),
            census.count_labels(project, None),
            census.count_labels(project, [desk.thread_id]),
            census.count_annotators(project, None),
            census.count_detached(project, None),
            census.reviews_by_annotator(project, None),
            [select(project, ExportOptions()).annotators, select(project, ExportOptions(annotator="Ada")).annotators],
        ]

    before = told()
    gold = gold_as(project, "Ada")
    session = LabelingSession(project, gold, desk.codebook)
    session.apply("agree", desk.post("3.1"))
    session.note(desk.posts["1"], "a note")
    session.flag(desk.posts["1"])
    session.add_seconds({desk.posts["1"]: 9.0})
    Adjudication(project, "Ada").settle_agreed()
    assert told() == before
    found, _ = exported(desk, tmp_path, annotator="gold")
    assert labels(found["3.1"]) == ["agree"]


def test_formats_with_a_file_for_each_annotator_have_one_for_the_gold_set(settled: Desk, tmp_path: Path) -> None:
    brat.write(settled.project, tmp_path / "gold", ExportOptions(is_gold=True, thread="tunnel"))
    brat.write(settled.project, tmp_path / "own", ExportOptions(thread="tunnel"))
    assert [path.name for path in sorted((tmp_path / "gold").iterdir()) if path.is_dir()] == ["gold"]
    assert [path.name for path in sorted((tmp_path / "own").iterdir()) if path.is_dir()] == ["Ada", "Bea"]


def test_card_and_manifest_say_who_adjudicated(settled: Desk, tmp_path: Path) -> None:
    pytest.importorskip("arro3.core")
    huggingface.write(settled.project, tmp_path / "set", ExportOptions(is_gold=True))
    card = (tmp_path / "set" / "README.md").read_text("utf-8")
    assert "## Adjudication\n\n4 posts settled, adjudicated by Dora, Eve. A post that is settled has" in card
    assert "- Only labels that adjudication has settled." in card
    assert "## Agreement\n\nMeasured on" in card
    manifest = json.loads((tmp_path / "set" / "manifest.json").read_bytes())
    assert manifest["gold"] == {"settled": 4, "adjudicators": ["Dora", "Eve"]}


@pytest.mark.parametrize("name", sorted(formats.exporters().keys() - {"datasette", "spacy"}))
def test_every_format_writes_the_gold_set_alone(settled: Desk, tmp_path: Path, name: str) -> None:
    if name in {"parquet", "huggingface"}:
        pytest.importorskip("arro3.core")
    exporter = formats.exporter(name)
    report = exporter.write(settled.project, tmp_path / "x", ExportOptions(is_gold=True, thread="tunnel"))
    assert report.annotations == 5


@pytest.mark.parametrize(
    ("exporter", "target"),
    [
        (jsonl, "x.jsonl"),
        (csv, "x.csv"),
        (web_annotation, "x.json"),
        (convokit, "x"),
        (brat, "x"),
        (doccano, "x"),
        (label_studio, "x.json"),
    ],
)
def test_an_exported_gold_set_comes_back_as_a_gold_set(
    settled: Desk, tmp_path: Path, exporter: Exporter, target: str
) -> None:
    exporter.write(settled.project, tmp_path / target, ExportOptions(is_gold=True, thread="tunnel"))
    take_in(tmp_path / "back.db", tmp_path / target)
    with Project.open(tmp_path / "back.db") as project:
        gold = load_gold(project)
        assert gold is not None
        found = [each for each in iter_annotations(project) if each.annotator_id == gold.id]
        assert sorted(each.label for each in found) == ["agree", "claim", "heated", "rebuts", "term"]
        assert len(found) == project.connection.execute("SELECT COUNT(*) FROM annotations").fetchone()[0]
        assert select(project, ExportOptions(is_gold=True)).gold is not None


def test_what_is_settled_on_nothing_comes_back_as_settled(desk: Desk, tmp_path: Path) -> None:
    Adjudication(desk.project, "Dora").settle(desk.posts["3"], Take.NONE)
    found, _ = exported(desk, tmp_path, is_gold=True)
    assert (found["3"]["reviewed_by"], found["3"]["reviewer_kinds"]) == (["gold"], ["gold"])
    take_in(tmp_path / "other.db", tmp_path / "x.jsonl")
    with Project.open(tmp_path / "other.db") as project:
        gold = load_gold(project)
        assert gold is not None
        query = "SELECT p.key FROM reviews AS v JOIN posts AS p ON p.id = v.post_id WHERE v.annotator_id = ?"
        assert project.connection.execute(query, (gold.id,)).fetchall() == [("3",)]


def test_who_is_called_as_the_gold_set_is_and_is_none_gets_another_name(settled: Desk, tmp_path: Path) -> None:
    jsonl.write(settled.project, tmp_path / "x.jsonl", ExportOptions(annotator="Ada"))
    text = (tmp_path / "x.jsonl").read_text("utf-8").replace('"Ada"', '"gold"')
    (tmp_path / "x.jsonl").write_text(text.replace('"tunnel"', '"other"'), "utf-8")
    take_in(settled.path, tmp_path / "x.jsonl")
    kinds = {each.name: each.kind.value for each in settled.project.annotators()}
    assert (kinds["gold"], kinds["gold (person)"]) == ("gold", "person")


def test_the_bytes_are_as_ever(tmp_path: Path) -> None:
    with open_ferry(tmp_path) as project:
        adjudication = Adjudication(project, "Cy")
        for seen in list(adjudication.disagreements(at_least=1)):
            adjudication.settle(seen.post_id, Take.MAJORITY)
        gold = load_gold(project)
        assert gold is not None
        for number, each in enumerate(list(iter_annotations(project, None, gold.id)), start=1):
            for table, column in (("annotations", "uuid"), ("gold_origins", "annotation_uuid")):
                change = f"UPDATE {table} SET {column} = ? WHERE {column} = ?"  # noqa: S608  # ours
                project.connection.execute(change, (f"gold-{number}", each.uuid))
        jsonl.write(project, tmp_path / "ferry-gold.jsonl", ExportOptions(is_gold=True))
        check_golden((tmp_path / "ferry-gold.jsonl").read_bytes(), "ferry-gold.jsonl")
