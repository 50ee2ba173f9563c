"""One set of labels of several annotators'."""

from __future__ import annotations

import json
import sys
from csv import DictReader
from typing import TYPE_CHECKING

import pytest

from annotations.attribute_votes import combined
from annotations.errors import ExportError
from annotations.exporters import csv, huggingface, jsonl, parquet
from annotations.exporters.choosing.options import Aggregate, ExportOptions
from annotations.exporters.choosing.selecting import select
from annotations.exporters.rows.labeled_posts import iter_labeled_posts
from annotations.exporters.rows.telling import AggregatedAnnotation, votes
from annotations.model import AnnotatorKind
from annotations.store.votes import who_saw_posts, who_saw_thread

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from annotations.exporters.choosing.selection import Selection
    from annotations.exporters.rows.labeled_post import LabeledPost
    from tests.annotations.conftest import Desk

FEWER = "labels that fewer than half of those who saw the place have put"
TIES = "ties: labels that half of those who saw the place have put"


def aggregated(
    desk: Desk, method: Aggregate, **more: object
) -> tuple[dict[str, list[tuple[str, int, int]]], Selection, list[LabeledPost]]:
    """Return label, votes and who has seen it, for each post with labels and for the thread ("-"); and how it came about."""
    selection = select(desk.project, ExportOptions(thread="tunnel", aggregate=method, **more))  # type: ignore[arg-type]
    posts = list(iter_labeled_posts(desk.project, selection, desk.thread_id))
    found: dict[str, list[tuple[str, int, int]]] = {}
    for post in posts:
        for key, told in ((post.post.key, post.annotations), ("-", post.thread_annotations)):
            for each in told:
                assert isinstance(each, AggregatedAnnotation)
                assert each.annotator == method.value
                found.setdefault(key, []).append((each.label, each.votes, each.seen_by))
    return found, selection, posts


def put(desk: Desk, key: str, label: str, *names: str) -> None:
    for name in names:
        desk.session(name).apply(label, desk.post(key))


def test_more_than_half_of_those_who_saw_it_make_a_majority(desk: Desk) -> None:
    put(desk, "1", "agree", "Ada", "Bo")
    put(desk, "1", "disagree", "Cy")
    put(desk, "2", "funny", "Ada")
    desk.session("Bo").review(desk.posts["2"])
    put(desk, "3", "funny", "Ada")
    desk.session("Bo").note(desk.posts["3"], "unsure")
    desk.session("Bo").flag(desk.posts["3"])
    found, selection, _ = aggregated(desk, Aggregate.MAJORITY)
    assert found == {"1": [("agree", 2, 3)], "3": [("funny", 1, 1)]}
    assert (selection.tally.lost[FEWER], selection.tally.lost[TIES]) == (1, 1)
    (tie,) = selection.tally.losses[TIES]
    assert (tie.thread, tie.post, tie.detail) == ("tunnel", "2", "funny: 1 of 2")
    assert tie.annotation == desk.rows("SELECT uuid FROM annotations WHERE post_id = %d" % desk.posts["2"])[0][0]  # noqa: S608, UP031  # a number


def test_any_and_all(desk: Desk) -> None:
    put(desk, "1", "agree", "Ada", "Bo")
    put(desk, "2", "funny", "Ada", "Bo")
    desk.session("Cy").review(desk.posts["2"])
    anything, selection, _ = aggregated(desk, Aggregate.ANY)
    assert anything == {"1": [("agree", 2, 2)], "2": [("funny", 2, 3)]}
    assert not +selection.tally.lost
    everything, selection, _ = aggregated(desk, Aggregate.ALL)
    assert everything == {"1": [("agree", 2, 2)]}
    assert selection.tally.lost["labels that not all who saw the place have put"] == 1


def test_spans_are_the_same_only_where_they_are_exactly_the_same(desk: Desk) -> None:
    for name in ("Ada", "Bo"):
        desk.session(name).apply("claim", desk.words("It costs 40 million."))
    desk.session("Ada").apply("term", desk.words("flood"))
    desk.session("Bo").apply("term", desk.words("flood every"))
    found, _, posts = aggregated(desk, Aggregate.MAJORITY)
    assert found == {"0": [("claim", 2, 2)]}
    (claim,) = posts[0].annotations
    assert claim.quote is not None
    assert claim.quote.exact == "It costs 40 million."


def test_whoever_worked_in_a_thread_has_seen_it(desk: Desk) -> None:
    desk.session("Ada").apply("heated", desk.thread)
    desk.session("Bo").review(desk.posts["2"])
    put(desk, "3", "funny", "Cy")
    assert who_saw_thread(desk.project, desk.thread_id) == {1, 2, 3}
    assert aggregated(desk, Aggregate.MAJORITY)[0] == {"3": [("funny", 1, 1)]}
    assert aggregated(desk, Aggregate.ANY)[0]["-"] == [("heated", 1, 3)]


def test_who_saw_posts(desk: Desk) -> None:
    put(desk, "1", "funny", "Ada")
    desk.session("Bo").review(desk.posts["1"])
    desk.session("Ada").apply("term", desk.words("Who", "2"))
    assert who_saw_posts(desk.project, desk.thread_id, 0, 3) == {desk.posts["1"]: {1, 2}}
    assert who_saw_posts(desk.project, desk.thread_id, 0, 9) == {desk.posts["1"]: {1, 2}, desk.posts["2"]: {1}}


def test_relations_are_the_same_between_the_same_ends(desk: Desk) -> None:
    rows = []
    for name in ("Ada", "Bo"):
        session = desk.session(name)
        (start,) = session.apply("claim", desk.words("Pumps fail.", "1.1")).added
        (end,) = session.apply("claim", desk.words("the pumps are new", "1")).added
        session.apply("rebuts", desk.relation("1.1", "1", start, end))
        rows.append((start, end))
    desk.session("Bo").apply("supports", desk.relation("1.1", "2"))
    found, selection, posts = aggregated(desk, Aggregate.MAJORITY)
    assert found == {"1": [("claim", 2, 2)], "1.1": [("rebuts", 2, 2), ("claim", 2, 2)]}
    assert selection.tally.lost[TIES] == 1
    by_key = {post.post.key: post for post in posts}
    relation = next(each for each in by_key["1.1"].annotations if each.label == "rebuts")
    start = next(each for each in by_key["1.1"].annotations if each.label == "claim")
    (end,) = by_key["1"].annotations
    target, ends = relation.target, by_key["1.1"].ends
    assert (target.from_annotation, target.to_annotation) == (start.id, end.id)
    assert {row: each.uuid for row, each in ends.items()} == {start.id: start.uuid, end.id: end.uuid}
    assert rows[0][0].id == start.id


def test_a_wider_label_wins_where_none_of_the_narrower_does(tmp_path: Path) -> None:
    from annotations.codebook_toml import parse_codebook  # noqa: PLC0415  # of this test alone
    from tests.annotations.conftest import Desk  # noqa: PLC0415  # the same

    rules = 'name = "Kinds"\n'
    for label, parent in (("feeling", ""), ("anger", "feeling"), ("joy", "feeling")):
        above = f'parent = "{parent}"\n' if parent else ""
        rules += f'[[labels]]\nid = "{label}"\nname = "{label}"\nscope = "post"\n{above}'
    desk = Desk(tmp_path / "kinds.db", parse_codebook(rules))
    put(desk, "1", "anger", "Ada")
    put(desk, "1", "joy", "Bo")
    put(desk, "2", "anger", "Ada", "Bo")
    found, _, posts = aggregated(desk, Aggregate.MAJORITY)
    assert found == {"1": [("feeling", 2, 2)], "2": [("anger", 2, 2), ("feeling", 2, 2)]}
    by_key = {post.post.key: post.annotations for post in posts}
    (alone,) = by_key["1"]
    anger, feeling = by_key["2"]
    assert isinstance(alone, AggregatedAnnotation)
    assert isinstance(feeling, AggregatedAnnotation)
    assert (bool(alone.uuid), alone.implied_by) == (True, "")
    assert (feeling.uuid, feeling.implied_by) == ("", anger.uuid)
    assert aggregated(desk, Aggregate.MAJORITY, with_implied=False)[0] == {"2": [("anger", 2, 2)]}
    model, _, _ = aggregated(desk, Aggregate.DAWID_SKENE)
    assert ("feeling", 2, 2) in model["1"]
    desk.project.close()


def test_what_is_made_of_several_says_so(desk: Desk) -> None:
    ada = desk.session("Ada")
    ada.apply(
        "claim", desk.words("Who pays?", "2"), attributes={"certainty": 2, "type": "fact", "source": "x"}, note="!"
    )
    bo = desk.session("Bo")
    bo.apply("claim", desk.words("Who pays?", "2"), attributes={"certainty": 5, "type": "value", "source": "x"})
    _, selection, posts = aggregated(desk, Aggregate.ALL)
    (made,) = next(post.annotations for post in posts if post.annotations)
    first, second = desk.rows("SELECT id, created_at FROM annotations ORDER BY id")
    assert (made.id, made.annotator_id, made.note) == (first[0], 0, "")
    assert (made.created_at, made.updated_at) == (first[1], second[1])
    assert made.attributes == {"certainty": 2, "source": "x"}
    assert votes(made) == (2, 2, None)
    assert selection.tally.lost["notes on annotations"] == 1
    assert selection.tally.lost["attributes"] == 1
    assert selection.tally.losses["attributes"][0].detail == "claim: type"
    again = aggregated(desk, Aggregate.ALL)[2]
    assert [post.annotations for post in again] == [post.annotations for post in posts]
    other = next(post.annotations for post in aggregated(desk, Aggregate.ANY)[2] if post.annotations)
    assert other[0].uuid != made.uuid


def test_attributes_get_one_value(desk: Desk) -> None:
    attributes = {attribute.id: attribute for attribute in desk.codebook.label("claim").attributes}
    given: list[Mapping[str, str | int | float]] = [
        {"certainty": 1, "type": "fact", "source": "a"},
        {"certainty": 4, "type": "value", "source": "b"},
        {"certainty": 5, "type": "value"},
        {"certainty": 3},
    ]
    assert combined(given, attributes) == ({"certainty": 3, "type": "value"}, ("source",))
    assert combined([{"gone": "x"}, {"gone": "x"}, {}], attributes) == ({"gone": "x"}, ())


def test_reviews_flags_and_notes_stay_the_annotators(desk: Desk) -> None:
    put(desk, "1", "funny", "Ada", "Bo")
    for name in ("Ada", "Bo"):
        session = desk.session(name)
        session.review(desk.posts["1"])
        session.flag(desk.posts["1"])
        session.note(desk.posts["1"], name)
    _, _, posts = aggregated(desk, Aggregate.MAJORITY)
    assert posts[1].reviewers == posts[1].flaggers == ("Ada", "Bo")
    assert [note.note for note in posts[1].notes] == ["Ada", "Bo"]


def test_other_labels_show_who_has_seen_a_post_also_where_they_are_not_exported(desk: Desk) -> None:
    put(desk, "1", "funny", "Ada")
    put(desk, "1", "agree", "Bo")
    found, selection, _ = aggregated(desk, Aggregate.MAJORITY, labels=("funny",))
    assert found == {}
    assert selection.tally.lost[TIES] == 1


def test_detached_spans_are_the_same_where_they_were_the_same(desk: Desk) -> None:
    for name in ("Ada", "Bo"):
        desk.session(name).apply("term", desk.words("flood every spring"))
    desk.revise(article="Nothing of it is left.")
    found, _, posts = aggregated(desk, Aggregate.MAJORITY)
    assert found == {"0": [("term", 2, 2)]}
    assert posts[0].annotations[0].detached


def test_models_vote_and_that_is_told(desk: Desk) -> None:
    desk.project.annotator("bert", AnnotatorKind.MODEL)
    _, selection, _ = aggregated(desk, Aggregate.MAJORITY)
    assert selection.tally.warnings == ["Models vote like people in --aggregate majority: bert"]


class TestDawidSkene:
    def test_reliable_annotators_are_believed(self, desk: Desk) -> None:
        """Ada and Bo agree everywhere; Cy and Di label at random: where only they say so, they are not believed."""
        for key in ("1", "2", "3"):
            put(desk, key, "funny", "Ada", "Bo")
        put(desk, "1", "funny", "Cy", "Di")
        put(desk, "1.1", "funny", "Cy")
        put(desk, "3.1", "funny", "Di")
        for name in ("Ada", "Bo", "Cy", "Di"):
            for post_id in desk.posts.values():
                desk.session(name).review(post_id)
        found, selection, posts = aggregated(desk, Aggregate.DAWID_SKENE)
        assert found == {key: [("funny", number, 4)] for key, number in (("1", 4), ("2", 2), ("3", 2))}
        assert selection.tally.lost["labels that are not likelier than not"] == 2
        (made,) = posts[1].annotations
        probability = votes(made)[2]
        assert probability is not None
        assert 0.5 < probability <= 1

    def test_spans_relations_and_threads_are_decided_too(self, desk: Desk) -> None:
        for name in ("Ada", "Bo", "Cy"):
            session = desk.session(name)
            (claim,) = session.apply("claim", desk.words("Who pays?", "2")).added
            session.apply("rebuts", desk.relation("2", "0", claim))
            session.apply("heated", desk.thread)
        desk.session("Cy").apply("term", desk.words("pays", "2"))
        found, _, _ = aggregated(desk, Aggregate.DAWID_SKENE)
        assert found == {"-": [("heated", 3, 3)], "2": [("rebuts", 3, 3), ("claim", 3, 3)]}

    def test_the_same_project_gives_the_same_bytes(self, desk: Desk, tmp_path: Path) -> None:
        put(desk, "1", "funny", "Ada", "Bo")
        put(desk, "2", "funny", "Bo")
        desk.session("Ada").review(desk.posts["2"])
        options = ExportOptions(aggregate=Aggregate.DAWID_SKENE)
        for name in ("a", "b"):
            jsonl.write(desk.project, tmp_path / name, options)
        assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()

    def test_without_numpy_nothing_is_written(
        self, desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        put(desk, "1", "funny", "Ada")
        monkeypatch.setitem(sys.modules, "numpy", None)
        with pytest.raises(ExportError, match="needs numpy"):
            jsonl.write(desk.project, tmp_path / "x.jsonl", ExportOptions(aggregate=Aggregate.DAWID_SKENE))
        assert not (tmp_path / "x.jsonl").exists()


def test_votes_stand_in_tables(desk: Desk, tmp_path: Path) -> None:
    put(desk, "1", "agree", "Ada", "Bo")
    desk.session("Cy").review(desk.posts["1"])
    desk.session("Cy").note(desk.posts["2"], "hm")
    desk.session("Cy").apply("term", desk.words("I agree", "3.1"))
    options = ExportOptions(aggregate=Aggregate.MAJORITY, split=(("a", 1.0),))
    jsonl.write(desk.project, tmp_path / "jsonl", options)
    records = [json.loads(line) for line in (tmp_path / "jsonl" / "a.jsonl").read_text().splitlines()]
    (agree,) = next(record["labels"] for record in records if record["labels"])
    assert (agree["votes"], agree["seen_by"], agree["probability"]) == (2, 3, None)
    csv.write(desk.project, tmp_path / "csv", options)
    with (tmp_path / "csv" / "a.csv").open(newline="", encoding="utf-8") as stream:
        label, note, _ = list(DictReader(stream))
    assert (label["votes"], label["seen_by"], label["probability"], label["split"]) == ("2", "3", "", "a")
    assert (note["scope"], note["votes"], note["seen_by"], note["split"]) == ("note", "", "", "a")
    assert None not in label
    for exporter in (parquet, huggingface):
        exporter.write(desk.project, tmp_path / exporter.name, options)
        described = json.loads((tmp_path / exporter.name / "datapackage.json").read_text())
        assert "seen_by" in json.dumps(described)
