"""Reading annotations: by thread, by post, by row, and all of them in one order."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from msgspec.structs import replace

from annotations.errors import RuleError
from annotations.model import Post, Scope, Target
from annotations.span import Span
from annotations.store import labels
from annotations.store.rows import COLUMNS, find_row_id, load_row
from annotations.store.threads import find_post

if TYPE_CHECKING:
    from annotations.model import Annotation
    from tests.annotations.conftest import Desk


@pytest.fixture
def made(desk: Desk) -> dict[str, Annotation]:
    """Two annotators' labels of every scope, put in an order that is none of the readers'."""
    ada, bea = desk.session("Ada"), desk.session("Bea")
    last = desk.only(ada.apply("agree", desk.post("3.1"), note="why"))
    words = desk.only(ada.apply("term", desk.span(5, 9, "1")))
    claim = desk.only(ada.apply("claim", desk.span(0, 7), attributes={"certainty": 3}))
    return {
        "last": last,
        "words": words,
        "elsewhere": desk.only(bea.apply("calm", Target(thread_id=desk.other_id))),
        "heated": desk.only(bea.apply("heated", desk.thread)),
        "claim": claim,
        "longer": desk.only(bea.apply("claim", desk.span(0, 14))),
        "theirs": desk.only(bea.apply("claim", desk.span(0, 7))),
        "link": desk.only(ada.apply("rebuts", desk.relation("1", "0", words, claim))),
        "funny": desk.only(bea.apply("funny", desk.post("1"))),
    }


def test_a_threads_annotations_come_in_reading_order(desk: Desk, made: dict[str, Annotation]) -> None:
    order = ["heated", "claim", "theirs", "longer", "funny", "link", "words", "last"]
    assert labels.annotations_in_thread(desk.project, desk.thread_id) == [made[name] for name in order]
    bea = desk.project.annotator("Bea").id
    of_bea = ["heated", "theirs", "longer", "funny"]
    assert labels.annotations_in_thread(desk.project, desk.thread_id, bea) == [made[name] for name in of_bea]


def test_all_annotations_come_thread_by_thread(desk: Desk, made: dict[str, Annotation]) -> None:
    order = ["heated", "claim", "theirs", "longer", "funny", "link", "words", "last", "elsewhere"]
    assert list(labels.iter_annotations(desk.project)) == [made[name] for name in order]
    ada = desk.project.annotator("Ada").id
    assert list(labels.iter_annotations(desk.project, annotator_id=ada)) == [
        made[name] for name in ("claim", "link", "words", "last")
    ]
    assert list(labels.iter_annotations(desk.project, desk.other_id)) == [made["elsewhere"]]


def test_reading_order_is_that_of_the_thread_not_of_the_import(desk: Desk) -> None:
    desk.session().apply("agree", desk.post("1"))
    desk.revise(newcomer=Post(key="late", parent="0", text="I was here first."))
    late = find_post(desk.project, desk.thread_id, "late")
    assert late.position == 1
    assert late.id > max(desk.posts.values())
    desk.session().apply("funny", Target(thread_id=desk.thread_id, post_id=late.id))
    assert [each.label for each in labels.iter_annotations(desk.project)] == ["funny", "agree"]


def test_an_annotation_is_read_whole(desk: Desk, made: dict[str, Annotation]) -> None:
    link, claim = labels.load_annotation(desk.project, made["link"].id), made["claim"]
    assert (link.scope, link.label, link.annotator, link.quote) == (Scope.RELATION, "rebuts", "Ada", None)
    assert link.target == desk.relation("1", "0", made["words"], claim)
    assert labels.load_annotation(desk.project, claim.id).attributes == {"certainty": 3}
    assert claim.target.span == Span(0, 7)
    assert made["last"].note == "why"
    with pytest.raises(RuleError, match="no annotation 99"):
        labels.load_annotation(desk.project, 99)


def test_posts_have_what_is_on_them_and_what_leads_to_them(desk: Desk, made: dict[str, Annotation]) -> None:
    posts = [desk.posts[key] for key in ("3.1", "1", "2")]
    assert labels.annotations_of_posts(desk.project, posts) == {
        posts[0]: [made["last"]],
        posts[1]: [made["funny"], made["link"], made["words"]],
        posts[2]: [],
    }
    ada = desk.project.annotator("Ada").id
    assert labels.annotations_of_posts(desk.project, posts[1:2], ada) == {posts[1]: [made["link"], made["words"]]}
    article = desk.posts["0"]
    assert labels.relations_to(desk.project, [article, posts[0]]) == {article: [made["link"]], posts[0]: []}
    assert labels.relations_to(desk.project, [article], desk.project.annotator("Bea").id) == {article: []}
    assert labels.annotations_of_posts(desk.project, []) == {}


def test_any_number_of_posts_can_be_asked_for(desk: Desk, made: dict[str, Annotation]) -> None:
    # More than SQLite takes as variables (32,766; 999 in old ones).
    found = labels.annotations_of_posts(desk.project, range(1, 100_001))
    assert len(found) == 100_000
    assert sum(len(each) for each in found.values()) == len(made) - 2  # two are on threads


def test_only_the_very_target_counts(desk: Desk, made: dict[str, Annotation]) -> None:
    ada = desk.project.annotator("Ada").id

    def at(target: Target) -> list[Annotation]:
        return labels.annotations_at(desk.project, ada, target)

    assert at(desk.span(0, 7)) == [made["claim"]]
    assert at(desk.span(0, 14)) == at(desk.span(1, 7)) == at(desk.post("0")) == at(desk.thread) == []
    assert at(desk.post("3.1")) == [made["last"]]
    assert at(made["link"].target) == [made["link"]]
    assert at(replace(made["link"].target, from_annotation=None)) == []
    assert at(desk.post("1")) == []  # a relation from the post is not a label on it


def test_detached_annotations_are_on_no_target(desk: Desk, made: dict[str, Annotation]) -> None:
    desk.revise("Ferry instead\n\nNothing of that.")
    claim = labels.load_annotation(desk.project, made["claim"].id)
    assert claim.detached
    assert labels.annotations_at(desk.project, claim.annotator_id, claim.target) == []
    assert claim in labels.annotations_of_posts(desk.project, [desk.posts["0"]])[desk.posts["0"]]


def test_relations_are_found_from_both_ends(desk: Desk, made: dict[str, Annotation]) -> None:
    assert labels.relations_on(desk.project, made["words"].id) == [made["link"]]
    assert labels.relations_on(desk.project, made["claim"].id) == [made["link"]]
    assert labels.relations_on(desk.project, made["theirs"].id) == []


def test_work_is_told_by_annotator(desk: Desk, made: dict[str, Annotation]) -> None:
    ada, bea = desk.project.annotator("Ada").id, made["theirs"].annotator_id
    desk.session("Ada").review(desk.posts["2"])
    desk.session("Ada").review(desk.posts["0"])
    assert labels.labeled_post_ids(desk.project, desk.thread_id, ada) == {desk.posts["1"], desk.posts["3.1"]}
    assert labels.labeled_post_ids(desk.project, desk.thread_id, bea) == {desk.posts["1"]}
    assert labels.labeled_post_ids(desk.project, desk.other_id, bea) == set()
    assert labels.reviewed_post_ids(desk.project, desk.thread_id, ada) == {desk.posts["2"]}
    assert labels.reviewed_positions(desk.project, desk.thread_id, ada) == {0, 4}
    assert labels.reviewed_positions(desk.project, desk.thread_id, bea) == set()
    assert labels.work_on_post(desk.project, desk.posts["2"], ada) == (True, False, True)
    assert labels.work_on_post(desk.project, desk.posts["3.1"], ada) == (True, True, False)
    assert labels.work_on_post(desk.project, desk.posts["0"], bea) == (False, True, False)
    assert labels.work_on_post(desk.project, 9999, ada) == (False, False, False)


def test_a_row_has_every_column_and_the_names_that_hold_elsewhere(desk: Desk, made: dict[str, Annotation]) -> None:
    link = load_row(desk.project, made["link"].id)
    assert tuple(link)[: len(COLUMNS)] == COLUMNS
    assert tuple(str(row[1]) for row in desk.rows("PRAGMA table_info(annotations)")) == COLUMNS
    assert (link["label"], link["from_annotation_uuid"], link["to_annotation_uuid"]) == (
        "rebuts",
        made["words"].uuid,
        made["claim"].uuid,
    )
    assert find_row_id(desk.project, made["link"].uuid) == made["link"].id
    assert find_row_id(desk.project, "no such") is None
    with pytest.raises(RuleError, match="no annotation 99"):
        load_row(desk.project, 99)


def test_looking_at_a_post_reads_no_whole_table(desk: Desk, made: dict[str, Annotation]) -> None:
    """Each query that a key press needs goes through an index."""
    ada = made["claim"].annotator_id
    statements: list[str] = []
    desk.project.connection.set_trace_callback(statements.append)
    labels.annotations_of_posts(desk.project, [desk.posts["1"]], ada)
    labels.relations_to(desk.project, [desk.posts["1"]], ada)
    labels.annotations_at(desk.project, ada, desk.thread)
    labels.annotations_at(desk.project, ada, desk.span(0, 7))
    labels.relations_on(desk.project, made["claim"].id)
    labels.work_on_post(desk.project, desk.posts["1"], ada)
    desk.project.connection.set_trace_callback(None)
    assert len(statements) == 6
    for statement in statements:
        plan = [str(row[3]) for row in desk.rows(f"EXPLAIN QUERY PLAN {statement}")]
        assert not [step for step in plan if re.match(r"SCAN (a|p|v)\b", step)]
        searches = [step for step in plan if re.match(r"SEARCH (a|v) ", step)]
        assert searches
        assert not [step for step in searches if "annotations_thread" in step or "annotations_annotator" in step]
