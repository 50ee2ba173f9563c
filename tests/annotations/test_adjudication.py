"""Adjudication: what annotators put, settled into a gold set of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from annotations.adjudication import Adjudication, Take, gold_as
from annotations.errors import RuleError, UnknownNameError, WrongUsageError
from annotations.model import AnnotatorKind, Target
from annotations.session import LabelingSession
from annotations.store import overview
from annotations.store.adjudication import adjudicators, gold_id, load_gold
from annotations.store.check import check
from annotations.store.gold_facts import load_origins
from annotations.store.labels import annotations_of_posts, annotations_of_thread
from annotations.store.past import find_events
from annotations.store.project import Project

if TYPE_CHECKING:
    from annotations.model import Annotation
    from tests.annotations.conftest import Desk


def judge(desk: Desk, name: str = "Ada") -> Adjudication:
    """Return the adjudication of one person."""
    return Adjudication(desk.project, name)


def gold_on(desk: Desk, post: str) -> list[Annotation]:
    """Return what the gold set has on a post; of the article also what is on the thread."""
    row = gold_id(desk.project)
    if row is None:
        return []
    found = annotations_of_posts(desk.project, [desk.posts[post]], row)[desk.posts[post]]
    of_thread = annotations_of_thread(desk.project, desk.thread_id, row) if post == "0" else []
    return [*found, *(each for each in of_thread if each.target.post_id is None)]


def labels_on(desk: Desk, post: str) -> list[str]:
    """Return the labels that the gold set has on a post."""
    return sorted(each.label for each in gold_on(desk, post))


def told(desk: Desk, **options: object) -> list[tuple[str, bool, list[tuple[str, int, int]]]]:
    """Return what is open: each post, whether all agree, and each label with votes and how many saw its place."""
    found = judge(desk).disagreements(**options)  # type: ignore[arg-type]  # as there
    return [
        (each.post, each.is_agreed, [(unit.label, len(unit.voters), len(unit.seers)) for unit in each.units])
        for each in found
    ]


@pytest.fixture
def disputed(desk: Desk) -> Desk:
    """A project on which three have worked: they agree on 1 and 3.1 (without a label), and differ on the article, 1.1 and 2."""
    ada, bea, cem = (desk.session(name) for name in ("Ada", "Bea", "Cem"))
    for session in (ada, bea, cem):
        session.apply("agree", desk.post("1"))
        session.review(desk.posts["3.1"])
    for session in (ada, bea):
        claim = desk.only(session.apply("claim", desk.words("tunnel will flood"), attributes={"certainty": 3}))
        pump = desk.only(session.apply("term", desk.words("Pumps", "1.1"), note=f"{session.annotator.name} says"))
        session.apply("rebuts", desk.relation("1.1", "0", pump, claim))
        session.apply("heated", desk.thread)
    cem.apply("claim", desk.words("tunnel will flood every"), attributes={"certainty": 3})
    cem.apply("funny", desk.post("1.1"))
    ada.apply("funny", desk.post("2"))
    bea.review(desk.posts["2"])
    cem.apply("agree", desk.post("1.1.1"))
    return desk


def test_what_several_have_seen_is_told_in_reading_order_with_what_each_put(disputed: Desk) -> None:
    assert told(disputed) == [
        ("0", False, [("claim", 2, 3), ("claim", 1, 3), ("heated", 2, 3)]),
        ("1", True, [("agree", 3, 3)]),
        ("1.1", False, [("funny", 1, 3), ("term", 2, 3), ("rebuts", 2, 3)]),
        ("2", False, [("funny", 1, 2)]),
        ("3.1", True, []),
    ]
    assert [post for post, _, _ in told(disputed, at_least=3)] == ["0", "1", "1.1", "3.1"]
    assert [post for post, _, _ in told(disputed, at_least=1)] == ["0", "1", "1.1", "1.1.1", "2", "3.1"]
    assert told(disputed, thread_id=disputed.other_id) == []
    assert told(disputed, thread_id=disputed.thread_id) == told(disputed)
    first = next(judge(disputed).disagreements())
    assert (first.thread, list(first.seers.values()), first.is_settled) == ("tunnel", ["Ada", "Bea", "Cem"], False)
    assert [each.annotator for each in first.units[0].annotations] == ["Ada", "Bea"]


def test_other_attributes_are_a_disagreement_and_other_notes_none(desk: Desk) -> None:
    for name, certainty in (("Ada", 3), ("Bea", 4)):
        desk.session(name).apply("claim", desk.words("flood"), note=name, attributes={"certainty": certainty})
        desk.session(name).apply("term", desk.words("Pumps", "1.1"), note=name)
    assert [(post, is_agreed) for post, is_agreed, _ in told(desk)] == [("0", False), ("1.1", True)]


def test_a_label_on_the_thread_opens_the_article_if_two_have_seen_anything_of_it(desk: Desk) -> None:
    desk.session("Ada").apply("heated", desk.thread)
    assert told(desk) == []
    desk.session("Bea").review(desk.posts["2"])
    assert told(desk) == [("0", False, [("heated", 1, 2)])]
    judge(desk).settle(desk.posts["0"], Take.MAJORITY)
    assert told(desk) == []
    assert labels_on(desk, "0") == []


def test_models_are_annotators_on_demand(desk: Desk) -> None:
    model = desk.project.annotator("parrot", AnnotatorKind.MODEL)
    LabelingSession(desk.project, model, desk.codebook).apply("agree", desk.post("1"))
    desk.session("Ada").apply("agree", desk.post("1"))
    assert told(desk) == []
    with_models = Adjudication(desk.project, "Ada", with_models=True)
    assert [each.is_agreed for each in with_models.disagreements()] == [True]
    assert with_models.settle_agreed().posts == 1
    assert judge(desk).settle(desk.posts["1"], Take.MAJORITY).posts == 0
    LabelingSession(desk.project, model, desk.codebook).apply("funny", desk.post("2"))
    judge(desk).settle(desk.posts["2"], model)
    assert labels_on(desk, "2") == ["funny"]


def test_all_on_which_everybody_agrees_is_settled_in_one_step(disputed: Desk) -> None:
    before = disputed.state
    done = judge(disputed).settle_agreed()
    assert (done.posts, done.put, done.change.summary) == (2, 1, "2 posts settled on what all put")
    assert labels_on(disputed, "1") == ["agree"]
    assert labels_on(disputed, "3.1") == []
    assert [post for post, _, _ in told(disputed)] == ["0", "1.1", "2"]
    assert judge(disputed).settle_agreed().posts == 0
    disputed.reopen()
    change = judge(disputed, "Bea").undo()
    assert change is not None
    assert change.summary == "Undone: 2 posts settled on what all put"
    assert disputed.state == before
    assert judge(disputed).redo() is not None
    assert labels_on(disputed, "1") == ["agree"]
    assert check(disputed.project) == []


def test_a_copy_says_what_its_sources_say_and_what_it_was_made_of(disputed: Desk) -> None:
    done = judge(disputed).settle(disputed.posts["1.1"], Take.MAJORITY)
    (term,) = gold_on(disputed, "1.1")
    assert (term.label, term.quote.exact if term.quote else "", term.note) == ("term", "Pumps", "Ada says\nBea says")
    (origin,) = load_origins(disputed.project, [term.uuid]).values()
    assert (origin.votes, origin.seen_by, len(origin.sources)) == (2, 3, 2)
    assert set(origin.sources) <= {str(uuid) for (uuid,) in disputed.rows("SELECT uuid FROM annotations")}
    assert done.waiting == 1
    judge(disputed).settle(disputed.posts["0"], disputed.project.annotator("Cem"))
    (claim,) = gold_on(disputed, "0")
    assert claim.quote is not None
    assert (claim.quote.exact, claim.attributes) == ("tunnel will flood every", {"certainty": 3})


def test_a_relation_waits_for_its_other_end_and_goes_with_the_step_that_brought_it(disputed: Desk) -> None:
    adjudication = judge(disputed)
    assert adjudication.settle(disputed.posts["1.1"], Take.MAJORITY).waiting == 1
    assert labels_on(disputed, "1.1") == ["term"]
    done = adjudication.settle(disputed.posts["0"], Take.MAJORITY)
    assert (done.put, labels_on(disputed, "1.1")) == (3, ["rebuts", "term"])
    rebuts = next(each for each in gold_on(disputed, "1.1") if each.label == "rebuts")
    ends = {each.id for post in ("0", "1.1") for each in gold_on(disputed, post)}
    assert {rebuts.target.from_annotation, rebuts.target.to_annotation} <= ends
    assert load_origins(disputed.project, [rebuts.uuid])[rebuts.uuid].votes == 2
    adjudication.undo()
    assert labels_on(disputed, "1.1") == ["term"]
    adjudication.redo()
    assert labels_on(disputed, "1.1") == ["rebuts", "term"]
    assert check(disputed.project) == []


def test_a_relation_waits_no_longer_when_what_it_was_settled_in_was_taken_back(disputed: Desk) -> None:
    adjudication = judge(disputed)
    adjudication.settle(disputed.posts["1.1"], Take.MAJORITY)
    adjudication.undo()
    adjudication.settle(disputed.posts["0"], Take.MAJORITY)
    assert labels_on(disputed, "1.1") == []
    adjudication.undo()
    adjudication.settle(disputed.posts["1.1"], Take.MAJORITY)
    adjudication.settle(disputed.posts["1.1"], disputed.project.annotator("Cem"))
    adjudication.settle(disputed.posts["0"], Take.MAJORITY)
    assert labels_on(disputed, "1.1") == ["funny"]
    adjudication.undo()
    adjudication.undo()
    assert labels_on(disputed, "1.1") == ["term"]
    adjudication.settle(disputed.posts["0"], Take.MAJORITY)
    assert labels_on(disputed, "1.1") == ["rebuts", "term"]


def test_a_relation_within_what_is_settled_at_once_needs_not_wait(desk: Desk) -> None:
    for name in ("Ada", "Bea"):
        session = desk.session(name)
        start = desk.only(session.apply("term", desk.words("Pumps", "1.1")))
        end = desk.only(session.apply("claim", desk.words("flood")))
        session.apply("rebuts", desk.relation("1.1", "0", start, end))
        session.apply("quotes", desk.relation("0", "1.1", end, start))
        session.apply("quotes", Target(thread_id=desk.thread_id, to_post_id=desk.posts["2"]))
    done = judge(desk).settle_agreed()
    assert (done.posts, done.put, done.waiting) == (2, 5, 0)
    assert labels_on(desk, "0") == ["claim", "quotes", "quotes"]
    assert labels_on(desk, "1.1") == ["rebuts", "term"]
    judge(desk).undo()
    assert desk.rows(f"SELECT id FROM annotations WHERE annotator_id = {gold_id(desk.project)}") == []  # noqa: S608  # a number


def test_settling_anew_changes_what_differs_and_leaves_the_rest(disputed: Desk) -> None:
    adjudication = judge(disputed)
    adjudication.settle(disputed.posts["0"], disputed.project.annotator("Ada"))
    adjudication.settle(disputed.posts["1.1"], disputed.project.annotator("Ada"))
    before = disputed.state
    kept = {each.uuid for each in gold_on(disputed, "0")}
    again = adjudication.settle(disputed.posts["0"], disputed.project.annotator("Bea"))
    assert (again.posts, again.change.summary) == (0, "the article is settled like that already")
    assert disputed.state == before
    none = adjudication.settle(disputed.posts["0"], Take.NONE)
    assert (none.off, labels_on(disputed, "0"), labels_on(disputed, "1.1")) == (3, [], ["term"])
    adjudication.undo()
    assert disputed.state == before
    assert {each.uuid for each in gold_on(disputed, "0")} == kept
    adjudication.settle(disputed.posts["1.1"], disputed.project.annotator("Bea"))
    assert labels_on(disputed, "1.1") == ["rebuts", "term"]
    assert next(each for each in gold_on(disputed, "1.1") if each.label == "term").note == "Bea says"
    assert check(disputed.project) == []


def test_relations_from_elsewhere_outlive_that_their_end_is_put_anew(desk: Desk) -> None:
    ends = {}
    for name, certainty in (("Ada", 3), ("Bea", 4)):
        session = desk.session(name)
        ends[name] = desk.only(session.apply("claim", desk.words("flood"), attributes={"certainty": certainty}))
    desk.session("Ada").apply("rebuts", desk.relation("1", "0", None, ends["Ada"]))
    adjudication = judge(desk)
    ada, bea = desk.project.annotator("Ada"), desk.project.annotator("Bea")
    adjudication.settle(desk.posts["0"], ada)
    adjudication.settle(desk.posts["1"], ada)
    before = desk.state
    adjudication.settle(desk.posts["0"], bea)
    (claim,) = gold_on(desk, "0")
    (rebuts,) = gold_on(desk, "1")
    assert claim.attributes == {"certainty": 4}
    assert rebuts.target.to_annotation == claim.id
    assert load_origins(desk.project, [rebuts.uuid])[rebuts.uuid].votes == 1
    adjudication.undo()
    assert desk.state == before


def test_some_annotations_are_taken_by_name_and_must_go_together(disputed: Desk) -> None:
    adjudication = judge(disputed)
    (seen,) = [each for each in adjudication.disagreements() if each.post == "0"]
    uuids = {each.annotator: each.uuid for unit in seen.units[:2] for each in unit.annotations}
    adjudication.settle(disputed.posts["0"], [uuids["Ada"], uuids["Cem"]])
    assert labels_on(disputed, "0") == ["claim", "claim"]
    first, second = sorted(gold_on(disputed, "0"), key=lambda each: each.target.span.end if each.target.span else 0)
    adjudication.settle(disputed.posts["0"], [second.uuid])
    assert [each.uuid for each in gold_on(disputed, "0")] == [second.uuid]
    with pytest.raises(RuleError, match="There is no annotation"):
        adjudication.settle(disputed.posts["0"], [first.uuid])
    premise = disputed.only(disputed.session("Bea").apply("premise", disputed.words("tunnel will flood every")))
    with pytest.raises(RuleError, match="exclude each other"):
        adjudication.settle(disputed.posts["0"], [premise.uuid, uuids["Cem"]])
    with pytest.raises(RuleError, match="exclude each other"):
        adjudication.settle(disputed.posts["0"], [premise.uuid, second.uuid])


def test_who_has_not_seen_a_post_has_nothing_to_take(disputed: Desk) -> None:
    adjudication = judge(disputed)
    with pytest.raises(RuleError, match="Cem has not labeled or reviewed 2"):
        adjudication.settle(disputed.posts["2"], disputed.project.annotator("Cem"))
    with pytest.raises(RuleError, match="Nobody has labeled or reviewed 3"):
        adjudication.settle(disputed.posts["3"], Take.MAJORITY)
    assert adjudication.settle(disputed.posts["3"], Take.NONE).posts == 1
    with pytest.raises(UnknownNameError):
        adjudication.settle(9_999, Take.NONE)


def test_a_half_is_no_majority(disputed: Desk) -> None:
    judge(disputed).settle(disputed.posts["2"], Take.MAJORITY)
    assert labels_on(disputed, "2") == []


def test_what_is_open_again_keeps_its_labels_until_it_is_settled_anew(disputed: Desk) -> None:
    adjudication = judge(disputed)
    adjudication.settle(disputed.posts["1"], Take.NONE)
    adjudication.settle(disputed.posts["2"], disputed.project.annotator("Ada"))
    assert adjudication.reopen(disputed.posts["2"]).summary == "2 (eel) open again"
    with pytest.raises(RuleError, match="is not settled"):
        adjudication.reopen(disputed.posts["2"])
    assert labels_on(disputed, "2") == ["funny"]
    assert "2" in [post for post, _, _ in told(disputed)]
    disputed.session("Bea").apply("agree", disputed.post("2"))
    disputed.session("Ada").apply("agree", disputed.post("2"))
    disputed.session("Ada").toggle("funny", disputed.post("2"))
    assert adjudication.settle_agreed().posts == 1  # 3.1, and not 2, where the gold set has something else
    assert labels_on(disputed, "2") == ["funny"]
    adjudication.settle(disputed.posts["2"], Take.ALL)
    assert labels_on(disputed, "2") == ["agree"]


def test_the_history_says_who_adjudicated_and_nobody_elses_events_do(disputed: Desk) -> None:
    judge(disputed, "Ada").settle(disputed.posts["1"], Take.ALL)
    judge(disputed, "Dora").settle(disputed.posts["2"], Take.NONE)
    judge(disputed, "Eve").undo()
    told_by = [
        (event.who, event.cause.value) for event in find_events(disputed.project) if event.adjudicator is not None
    ]
    assert told_by == [
        ("gold, as Ada", "do"),
        ("gold, as Ada", "do"),
        ("gold, as Dora", "do"),
        ("gold, as Eve", "undo"),
    ]
    assert {event.annotator for event in find_events(disputed.project) if event.adjudicator is None} == {
        "Ada",
        "Bea",
        "Cem",
    }
    assert adjudicators(disputed.project) == ("Ada", "Dora")


def test_labels_put_by_hand_are_gold_with_who_put_them_and_can_be_kept(disputed: Desk) -> None:
    gold = gold_as(disputed.project, "Dora")
    assert (gold.name, gold.person) == ("gold, as Dora", "Dora")
    session = LabelingSession(disputed.project, gold, disputed.codebook)
    session.apply("disagree", disputed.post("2"))
    session.review(disputed.posts["3"])
    assert [each.post for each in judge(disputed).disagreements()] == ["0", "1", "1.1", "2", "3.1"]
    known = load_gold(disputed.project)
    assert known is not None
    done = judge(disputed, "Ada").settle(disputed.posts["2"], known)
    assert (done.posts, done.put, labels_on(disputed, "2")) == (1, 0, ["disagree"])
    assert load_origins(disputed.project, [gold_on(disputed, "2")[0].uuid]) == {}
    session.undo()
    assert [event.adjudicator for event in find_events(disputed.project)][-2:] == ["Ada", "Dora"]
    session.relabel("disagree", "agree")
    assert next(reversed(list(find_events(disputed.project)))).adjudicator == "Dora"


def test_there_is_one_gold_set_and_nobody_labels_in_its_name(desk: Desk) -> None:
    desk.session("gold").apply("agree", desk.post("1"))
    judge(desk).settle(desk.posts["1"], Take.ALL)
    gold = load_gold(desk.project)
    assert gold is not None
    assert (gold.name, gold.kind) == ("gold 2", AnnotatorKind.GOLD)
    with pytest.raises(WrongUsageError, match="gold 2 is what adjudication has settled"):
        desk.project.annotator("gold 2")
    judge(desk, "gold").settle(desk.posts["2"], Take.NONE)
    assert desk.rows("SELECT COUNT(*) FROM annotators WHERE kind = 'gold'") == [(1,)]


def test_two_processes_settle_what_stands_when_they_write(disputed: Desk) -> None:
    with Project.open(disputed.path, clock=disputed.clock) as other:
        mine, theirs = judge(disputed), Adjudication(other, "Bea")
        mine.settle(disputed.posts["1"], Take.NONE)
        theirs.settle(disputed.posts["2"], Take.MAJORITY)
        assert theirs.settle_agreed().posts == 1
        assert labels_on(disputed, "1") == []
        mine.settle(disputed.posts["1"], Take.ALL)
        assert theirs.settle(disputed.posts["1"], Take.ALL).posts == 0
    assert disputed.rows("SELECT COUNT(*) FROM annotators WHERE kind = 'gold'") == [(1,)]
    assert check(disputed.project) == []


def test_where_annotators_differ_is_the_same_with_a_gold_set(disputed: Desk) -> None:
    before = overview.disagreements(disputed.project, disputed.thread_id)
    for post in ("0", "1", "2"):
        judge(disputed).settle(disputed.posts[post], Take.NONE)
    assert overview.disagreements(disputed.project, disputed.thread_id) == before


def test_a_lost_span_is_settled_as_lost(disputed: Desk) -> None:
    disputed.revise("Something else.")
    judge(disputed).settle(disputed.posts["0"], Take.MAJORITY)
    claim = next(each for each in gold_on(disputed, "0") if each.label == "claim")
    assert claim.detached
    assert claim.quote is not None
    assert claim.quote.exact == "tunnel will flood"
    judge(disputed).undo()
    judge(disputed).redo()
    assert check(disputed.project) == []
