"""What was labeled elsewhere becomes annotations of the project: all of it, once, and as one step to undo."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from msgspec.structs import replace

from annotations.errors import SourceError
from annotations.given import GivenImport, take_annotations
from annotations.given_ends import FOREIGN_END, NO_END
from annotations.given_places import LOST, MOVED
from annotations.given_report import GivenReport, sentences
from annotations.given_taking import DIFFERENT, NO_POST, NO_WAY
from annotations.model import AnnotatorKind, GivenAnnotation, GivenLabel, GivenMark, MarkKind, Scope, Thread
from annotations.sources.problems import Problems
from annotations.span import Span
from annotations.store.check import check
from annotations.store.codebooks import apply_codebook, codebook_versions, current_codebook
from annotations.store.detached import detached_annotations
from annotations.store.flags import is_flagged
from annotations.store.labels import annotations_in_thread, is_reviewed
from annotations.store.notes import load_note
from annotations.store.threads import ImportStatus, SavedThread, load_thread
from annotations.work import Work

if TYPE_CHECKING:
    from collections.abc import Sequence

    from annotations.model import Annotation
    from tests.annotations.conftest import Desk

UUID = "0b9ee2c4-6f3e-4c3c-9f4d-2f1f8f6f7a01"


@pytest.fixture(autouse=True)
def _codebook(desk: Desk) -> None:
    apply_codebook(desk.project, desk.codebook)


def on(words: str, label: str = "claim", post: str = "0", **more: object) -> GivenAnnotation:
    """Return a span label as a source gives it; its place is to be found."""
    given = GivenAnnotation(label=label, scope=Scope.SPAN, post=post, quote=words, annotator="Bo")
    return replace(given, **more)


def on_post(label: str, post: str = "1", **more: object) -> GivenAnnotation:
    return replace(GivenAnnotation(label=label, scope=Scope.POST, post=post, annotator="Bo"), **more)


def relation(
    label: str = "rebuts", post: str | None = "1", to_post: str | None = "0", **more: object
) -> GivenAnnotation:
    given = GivenAnnotation(label=label, scope=Scope.RELATION, post=post, to_post=to_post, annotator="Bo")
    return replace(given, **more)


def take(
    desk: Desk,
    *annotations: GivenAnnotation,
    labels: Sequence[GivenLabel] = (),
    marks: Sequence[GivenMark] = (),
    problems: Problems | None = None,
    thread_id: int | None = None,
) -> GivenReport:
    thread = Thread(
        key="tunnel",
        title="Tunnel",
        posts=(),
        format="test",
        annotations=annotations,
        labels=tuple(labels),
        marks=tuple(marks),
    )
    stored = load_thread(desk.project, thread_id or desk.thread_id)
    saved = SavedThread(thread=stored, status=ImportStatus.UNCHANGED)
    return take_annotations(desk.project, thread, saved, Work(), annotator="Ada", problems=problems)


def found(desk: Desk) -> list[Annotation]:
    return annotations_in_thread(desk.project, desk.thread_id)


def told(problems: Problems) -> str:
    return "\n".join(problems.sentences())


def test_everything_is_put_under_the_name_of_its_annotator_with_note_attributes_and_time(desk: Desk) -> None:
    report = take(
        desk,
        on("The tunnel will flood", note="Bold.", attributes={"certainty": 4}, created_at="2020-01-02T03:04:05Z"),
        on_post("Agree", annotator="gpt", annotator_kind=AnnotatorKind.MODEL),
        GivenAnnotation(label="HEATED", scope=Scope.THREAD),
        relation(),
    )
    by_label = {each.label: each for each in found(desk)}
    assert (report.added, set(report.annotators)) == (4, {"Ada", "gpt", "Bo"})
    claim = by_label["claim"]
    assert (claim.annotator, claim.note, claim.attributes, claim.created_at) == (
        "Bo",
        "Bold.",
        {"certainty": 4},
        "2020-01-02T03:04:05Z",
    )
    assert claim.quote is not None
    assert claim.quote.exact == "The tunnel will flood"
    assert (by_label["heated"].annotator, by_label["agree"].annotator) == ("Ada", "gpt")
    assert {each.name: each.kind for each in desk.project.annotators()}["gpt"] is AnnotatorKind.MODEL
    assert by_label["rebuts"].target.to_post_id == desk.posts["0"]
    assert check(desk.project) == []


def test_the_same_again_adds_nothing_and_writes_nothing(desk: Desk) -> None:
    given = (
        on("The tunnel will flood", key="T1", note="Bold."),
        on("It costs", label="New one", attributes={"mood": "grim"}),
        on_post("funny", key="P"),
        relation(key="R", post="0", from_key="T1", to_post="1", to_key="P"),
        on("nowhere to be found"),
    )
    marks = (GivenMark(kind=MarkKind.NOTE, post="1", annotator="Bo", note="Hm."),)
    first = take(desk, *given, marks=marks)
    events, versions = desk.rows("SELECT * FROM events"), len(codebook_versions(desk.project))
    second = take(desk, *given, marks=marks)
    assert (first.added, first.marks, second.added, second.marks, second.present) == (5, 1, 0, 0, 5)
    assert (desk.rows("SELECT * FROM events"), len(codebook_versions(desk.project))) == (events, versions)
    assert desk.rows("SELECT COUNT(*) FROM commands") == [(1,)]


def test_one_undo_of_whoever_imported_takes_all_of_it_back_and_one_redo_brings_it_again(desk: Desk) -> None:
    given = (on("The tunnel will flood", key="T"), relation(from_key="", to_key="T"), on_post("agree", annotator="Cy"))
    marks = (
        GivenMark(kind=MarkKind.NOTE, post="1", annotator="Bo", note="Hm."),
        GivenMark(kind=MarkKind.REVIEW, post="1", annotator="Cy"),
        GivenMark(kind=MarkKind.FLAG, post="2"),
    )
    take(desk, *given, marks=marks)
    state = desk.state
    assert desk.session("Bo").undo() is None
    undone = desk.session("Ada").undo()
    assert undone is not None
    assert undone.summary == "Undone: 3 labels of Tunnel imported"
    assert desk.state == [[], []]
    assert desk.rows("SELECT (SELECT COUNT(*) FROM flags), (SELECT COUNT(*) FROM post_notes)") == [(0, 0)]
    assert check(desk.project) == []
    desk.session("Ada").redo()
    assert desk.state == state
    assert check(desk.project) == []


def test_reviews_of_several_alone_are_undone_for_each_of_them(desk: Desk) -> None:
    marks = [GivenMark(kind=MarkKind.REVIEW, post=post, annotator=who) for post in ("1", "2") for who in ("Bo", "Cy")]
    take(desk, marks=marks)
    bo = desk.project.annotator("Bo").id
    assert is_reviewed(desk.project, desk.posts["1"], bo)
    desk.session("Ada").undo()
    assert desk.rows("SELECT COUNT(*) FROM reviews") == [(0,)]
    desk.session("Ada").redo()
    assert desk.rows("SELECT COUNT(*) FROM reviews") == [(4,)]
    assert check(desk.project) == []


def test_marks_of_one_other_annotator_alone_are_undone_in_their_name(desk: Desk) -> None:
    take(desk, marks=[GivenMark(kind=MarkKind.REVIEW, post=post, annotator="Bo") for post in ("1", "2")])
    desk.session("Ada").undo()
    assert desk.rows("SELECT COUNT(*) FROM reviews") == [(0,)]
    assert check(desk.project) == []


def test_what_an_undo_of_the_import_took_off_comes_back_with_the_next_import(desk: Desk) -> None:
    mark = GivenMark(kind=MarkKind.NOTE, post="1", note="Hm.")
    take(desk, on("The tunnel will flood"), marks=[mark])
    desk.session("Ada").undo()
    report = take(desk, on("The tunnel will flood"), marks=[mark])
    assert (report.added, report.marks, report.taken_off) == (1, 1, 0)
    assert check(desk.project) == []


def test_what_its_annotator_took_off_or_changed_since_stays_like_that(desk: Desk) -> None:
    given = on("The tunnel will flood"), on_post("agree")
    marks = (GivenMark(kind=MarkKind.FLAG, post="1", annotator="Bo"),)
    take(desk, *given, marks=marks)
    session = desk.session("Bo")
    claim, agree = sorted(found(desk), key=lambda each: each.label, reverse=True)
    session.retract(agree.id)
    session.change(claim.id, span=Span(29, 40), note="Mine now.")
    session.flag(desk.posts["1"], is_flagged=False)
    report = take(desk, *given, marks=marks)
    assert (report.added, report.marks, report.present, report.taken_off) == (0, 0, 1, 1)
    assert [(each.label, each.note) for each in found(desk)] == [("claim", "Mine now.")]
    assert not is_flagged(desk.project, desk.posts["1"], session.annotator.id)


def test_a_label_that_is_on_its_place_already_is_not_put_again_and_what_differs_is_said(desk: Desk) -> None:
    desk.session("Bo").apply("agree", desk.post("1"), note="By hand.")
    problems = Problems("source")
    report = take(desk, on_post("agree", note="Elsewhere."), problems=problems)
    assert (report.added, report.present) == (0, 1)
    assert [each.note for each in found(desk)] == ["By hand."]
    assert DIFFERENT in told(problems)


def test_two_of_one_label_on_one_place_become_one_that_says_what_both_said(desk: Desk) -> None:
    given = (
        on("The tunnel will flood", key="a", note="One.", attributes={"certainty": 2}),
        on("The tunnel will flood", key="b", note="Two.", attributes={"certainty": 3, "source": "x"}),
        relation(post="1", to_key="b"),
    )
    take(desk, *given)
    (claim, tied) = sorted(found(desk), key=lambda each: each.label)
    assert (claim.note, claim.attributes) == ("One.\nTwo.\ncertainty: 3", {"certainty": 2, "source": "x"})
    assert tied.target.to_annotation == claim.id
    assert take(desk, *given).added == 0
    assert check(desk.project) == []


def test_a_uuid_of_another_project_is_kept_unless_another_thread_has_it(desk: Desk) -> None:
    given = on_post("agree", key=UUID)
    take(desk, given)
    take(desk, given, thread_id=desk.other_id)
    uuids = [
        each.uuid for thread in (desk.thread_id, desk.other_id) for each in annotations_in_thread(desk.project, thread)
    ]
    assert uuids[0] == UUID
    assert len(set(uuids)) == 2
    assert take(desk, given, thread_id=desk.other_id).added == 0
    assert check(desk.project) == []


def test_spans_follow_their_words_and_what_is_nowhere_is_kept_detached(desk: Desk) -> None:
    problems = Problems("source")
    report = take(
        desk,
        on("It costs 40 million", span=Span(3, 22)),
        on("Nobody asked us about anything at all, ever", label="term", span=Span(83, 99)),
        on("The tunnel  will\nflood", label="premise", span=Span(25, 46)),
        problems=problems,
    )
    claim, premise, term = sorted(found(desk), key=lambda each: each.label)
    assert claim.quote is not None
    assert (claim.quote.exact, claim.detached) == ("It costs 40 million", False)
    assert premise.quote is not None
    assert (premise.quote.exact, premise.target.span) == ("The tunnel will flood", Span(25, 46))
    assert term.quote is not None
    assert (term.quote.exact, term.detached, term.target.span) == (
        "Nobody asked us about anything at all, ever",
        True,
        Span(83, 99),
    )
    assert (report.moved, report.detached) == (1, 1)
    assert MOVED in told(problems)
    assert LOST in told(problems)
    assert check(desk.project) == []
    assert len(detached_annotations(desk.project)) == 1


def test_a_span_without_place_and_words_is_kept_and_one_behind_the_end_is_cut(desk: Desk) -> None:
    take(desk, on("", label="term"), on("", span=Span(90, 5000)), on("", label="premise", span=Span(5000, 6000)))
    by_label = {each.label: each for each in found(desk)}
    assert by_label["term"].detached
    assert by_label["premise"].detached
    assert not by_label["claim"].detached
    assert len(detached_annotations(desk.project)) == 2
    assert check(desk.project) == []


def test_of_the_same_words_twice_the_nearest_are_meant_and_without_a_place_neither(desk: Desk) -> None:
    near = on("Pumps", post="1.1", span=Span(11, 16))
    nowhere = on("fail.", label="term", post="1.1")
    take(desk, near, nowhere)
    by_label = {each.label: each for each in found(desk)}
    assert by_label["claim"].target.span == Span(12, 17)
    assert by_label["term"].detached


def test_relations_hang_on_the_annotations_that_they_name_also_across_posts(desk: Desk) -> None:
    take(
        desk,
        relation(post="1", from_key="T2", to_post="0", to_key="T1"),
        relation("supports", post=None, to_post="0", to_key="T1"),
        relation("quotes", post="2", to_post=None),
        on("The tunnel will flood", key="T1"),
        on("the pumps are new", key="T2", post="1"),
    )
    ids = {each.quote.exact: each.id for each in found(desk) if each.quote is not None}
    ties = {each.label: each.target for each in found(desk) if each.scope is Scope.RELATION}
    assert (ties["rebuts"].from_annotation, ties["rebuts"].to_annotation) == (
        ids["the pumps are new"],
        ids["The tunnel will flood"],
    )
    assert (ties["supports"].post_id, ties["supports"].to_annotation) == (None, ids["The tunnel will flood"])
    assert (ties["quotes"].post_id, ties["quotes"].to_thread_id) == (desk.posts["2"], desk.thread_id)
    assert check(desk.project) == []


def test_relations_that_cannot_be_tied_as_they_say_are_tied_to_posts_or_left_out_and_said(desk: Desk) -> None:
    problems = Problems("source")
    report = take(
        desk,
        on("The tunnel will flood", key="T1", annotator="Cy"),
        relation(to_key="T1"),
        relation("supports", to_key="gone"),
        relation("quotes", post="1", to_post="1"),
        relation("quotes", post="1", to_post="77"),
        on_post("agree", post="77"),
        problems=problems,
    )
    notes = {each.label: each.note for each in found(desk)}
    assert (notes["rebuts"], notes["supports"]) == ("tied to the annotation T1 of another annotator", "tied to gone")
    assert report.left_out == 3
    for problem in (FOREIGN_END, NO_END, NO_WAY, NO_POST):
        assert problem in told(problems)
    assert check(desk.project) == []


def test_the_codebook_gets_what_it_lacks_and_keeps_what_it_has(desk: Desk) -> None:
    report = take(
        desk,
        on("The tunnel will flood", label="CLAIM"),
        on("It costs", label="Loaded word", attributes={"Tone of it": "grim", "strength": 3}),
        on_post("claim", attributes={"certainty": "high"}),
        on_post("old", post="2"),
        labels=[GivenLabel(name="Loaded word", scope=Scope.SPAN, description="It judges.", color="#AA33BB")],
    )
    codebook = current_codebook(desk.project)
    assert codebook is not None
    loaded = codebook.label("loaded-word")
    assert (loaded.name, loaded.colour, loaded.description, loaded.key) == ("Loaded word", "#aa33bb", "It judges.", "1")
    assert [(each.id, each.name, each.kind.value, each.minimum, each.maximum) for each in loaded.attributes] == [
        ("tone-of-it", "Tone of it", "text", None, None),
        ("strength", "strength", "scale", 1, 5),
    ]
    assert (codebook.label("claim-2").scope, report.labels) == (Scope.POST, ("Loaded word", "claim"))
    assert {each.label for each in found(desk)} == {"claim", "loaded-word", "claim-2", "old"}
    assert codebook.labels[: len(desk.codebook.labels)] == desk.codebook.labels
    assert {each.codebook_version for each in found(desk)} == {codebook_versions(desk.project)[-1].id}


def test_values_that_an_attribute_does_not_take_are_told_in_the_note(desk: Desk) -> None:
    take(
        desk,
        on("It costs", note="Well.", attributes={"certainty": 9, "Type": "FACT", "share": "0.5", "source": 7}),
        on("Nobody", attributes={"type": "guess"}),
    )
    by_words = {each.quote.exact: each for each in found(desk) if each.quote is not None}
    assert by_words["It costs"].attributes == {"share": 0.5, "type": "fact", "source": "7"}
    assert by_words["It costs"].note == "Well.\ncertainty: 9"
    assert by_words["Nobody"].note == "type: guess"


def test_more_labels_than_a_codebook_holds_are_kept_under_one_name(desk: Desk) -> None:
    report = take(desk, *(on_post(f"Topic {number}", annotator=f"A{number}") for number in range(1010)))
    assert report.added == 1010
    codebook = current_codebook(desk.project)
    assert codebook is not None
    assert len(codebook.labels) < 1000
    overflowing = [each for each in found(desk) if each.label == "other-labels"]
    assert overflowing
    assert all(each.note.startswith("label: Topic ") for each in overflowing)


def test_odd_names_become_names_that_a_codebook_can_have(desk: Desk) -> None:
    names = ("主張", "x" * 200, " a\tb ", "\u202eevil", "", "Ⅷ")
    report = take(desk, *(on_post(label) for label in names))
    codebook = current_codebook(desk.project)
    assert codebook is not None
    added = [label.name for label in codebook.labels[len(desk.codebook.labels) :]]
    assert added == ["主張", "x" * 79 + "…", "a b", "evil", "Unnamed", "Ⅷ"]
    assert report.added == len(names)


def test_exclusive_labels_that_were_put_together_elsewhere_stay_together(desk: Desk) -> None:
    take(desk, on_post("agree"), on_post("disagree"))
    assert {each.label for each in found(desk)} == {"agree", "disagree"}


def test_strict_puts_nothing_if_something_does_not_fit(desk: Desk) -> None:
    with pytest.raises(SourceError, match="does not say"):
        take(desk, on("The tunnel will flood"), on("not at all there, is it"), problems=Problems("x", is_strict=True))
    assert found(desk) == []
    assert desk.rows("SELECT COUNT(*) FROM events") == [(0,)]


def test_notes_reviews_and_flags_come_with_their_times(desk: Desk) -> None:
    at = "2020-01-02T03:04:05Z"
    marks = [
        GivenMark(kind=MarkKind.NOTE, post="1", annotator="Bo", note="Hm.", created_at=at),
        GivenMark(kind=MarkKind.REVIEW, post="1", annotator="Bo", created_at=at),
        GivenMark(kind=MarkKind.FLAG, post="1", annotator="Bo", created_at=at),
        GivenMark(kind=MarkKind.FLAG, post="none of it"),
    ]
    problems = Problems("source")
    assert take(desk, marks=marks, problems=problems).marks == 3
    assert desk.rows("SELECT written_at FROM post_notes UNION ALL SELECT reviewed_at FROM reviews") == [(at,), (at,)]
    assert load_note(desk.project, desk.posts["1"], desk.project.annotator("Bo").id) == "Hm."
    assert NO_POST in told(problems)


def test_a_note_that_is_there_is_not_written_over(desk: Desk) -> None:
    desk.session("Bo").note(desk.posts["1"], "Mine.")
    assert take(desk, marks=[GivenMark(kind=MarkKind.NOTE, post="1", annotator="Bo", note="Theirs.")]).marks == 0
    assert load_note(desk.project, desk.posts["1"], desk.project.annotator("Bo").id) == "Mine."


def test_a_project_without_a_codebook_gets_the_default_one_with_what_it_lacks(desk: Desk) -> None:
    desk.project.connection.execute("DELETE FROM settings WHERE name LIKE '%codebook%'")
    take(desk, on_post("Agree"), on("It costs", label="Price"))
    codebook = current_codebook(desk.project)
    assert codebook is not None
    assert codebook.labels[-1].name == "Price"
    assert len(codebook.labels) > 10


def test_the_threads_of_one_source_are_one_command_until_it_is_undone(desk: Desk) -> None:
    importing = GivenImport(desk.project, "Ada")

    def both() -> list[tuple[Thread, SavedThread]]:
        threads = []
        for thread_id in (desk.thread_id, desk.other_id):
            thread = Thread(key="t", title="Two", posts=(), format="test", annotations=(on_post("agree"),))
            saved = SavedThread(thread=load_thread(desk.project, thread_id), status=ImportStatus.UNCHANGED)
            threads.append((thread, saved))
        return threads

    first, second = both()
    bare = Thread(key="u", title="Bare", posts=(), format="test"), second[1]
    assert [report and report.added for report in importing.take([first, bare])] == [1, None]
    importing.take([second])
    assert desk.rows("SELECT summary FROM commands") == [("2 labels of Two imported",)]
    desk.session("Ada").undo()
    assert desk.state == [[], []]
    importing.take([first, second])
    assert desk.rows("SELECT summary, state FROM commands ORDER BY id")[1] == ("2 labels of Two imported", "done")
    desk.session("Ada").undo()
    assert desk.state == [[], []]
    assert check(desk.project) == []


def test_the_report_is_told_in_sentences() -> None:
    report = GivenReport(added=2, present=1, taken_off=1, moved=1, marks=3, labels=("A",), annotators=("Bo",))
    said = "\n".join(sentences(report))
    for words in (
        "2 annotations",
        "3 of notes, reviews and flags by Bo",
        "new in the codebook: A",
        "1 moved",
        "not put again",
    ):
        assert words in said
    assert not list(sentences(GivenReport()))
