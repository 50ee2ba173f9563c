"""What one annotator does: each step checked, written with its events, and said in a phrase."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from annotations.errors import ProjectError, RuleError, SpanError, UnknownNameError
from annotations.model import Scope, Target
from annotations.session import LabelingSession
from annotations.span import Quote, Span
from annotations.store.check import check
from annotations.store.history import Action, Cause
from annotations.store.labels import annotations_in_thread, load_annotation, reviewed_positions
from annotations.store.past import find_events
from annotations.store.project import Project

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.annotations.conftest import Desk


@pytest.fixture
def session(desk: Desk) -> Iterator[LabelingSession]:
    yield desk.session()
    assert check(desk.project) == []


def labels_on(desk: Desk, name: str | None = None) -> list[str]:
    annotator_id = None if name is None else desk.project.annotator(name).id
    return [each.label for each in annotations_in_thread(desk.project, desk.thread_id, annotator_id)]


class TestApply:
    def test_a_span_keeps_what_it_quotes(self, desk: Desk, session: LabelingSession) -> None:
        change = session.apply("claim", desk.words("The tunnel will flood every spring"), note="bold", attributes={})
        annotation = desk.only(change)
        assert change.summary == "Claim on “The tunnel will flood every spring”"
        assert change.post_ids == (desk.posts["0"],)
        assert change.thread_ids == (desk.thread_id,)
        assert change.removed == ()
        assert annotation.scope is Scope.SPAN
        assert annotation.quote == Quote(
            "The tunnel will flood every spring", "Harbour tunnel approved\n\n", ". It costs 40 million. 🌊 Nobody "
        )
        assert annotation.note == "bold"
        assert load_annotation(desk.project, annotation.id) == annotation

    def test_a_label_is_on_disk_when_apply_returns(self, desk: Desk, session: LabelingSession) -> None:
        annotation = desk.only(session.apply("funny", desk.post("2")))
        with desk.open_again() as other:
            assert load_annotation(other, annotation.id) == annotation

    def test_posts_and_threads_are_named(self, desk: Desk, session: LabelingSession) -> None:
        assert session.apply("agree", desk.post("3.1")).summary == "Agree on 3.1 (pikeperch)"
        assert session.apply("funny", desk.post("1.1.1")).summary == "Funny on 1.1.1"
        assert session.apply("funny", desk.post("0")).summary == "Funny on the article"
        heated = session.apply("heated", desk.thread)
        assert (heated.summary, heated.post_ids, heated.thread_ids) == ("Heated on the thread", (), (desk.thread_id,))

    def test_a_relation_names_both_ends(self, desk: Desk, session: LabelingSession) -> None:
        claim = desk.only(session.apply("claim", desk.words("It costs 40 million")))
        change = session.apply("rebuts", desk.relation("3.1", "0", to_annotation=claim))
        assert change.summary == "Rebuts: 3.1 (pikeperch) → “It costs 40 million”"
        assert change.post_ids == (desk.posts["3.1"], desk.posts["0"])

    def test_the_same_label_twice_adds_nothing(self, desk: Desk, session: LabelingSession) -> None:
        for label, target in (
            ("claim", desk.span(0, 7)),
            ("funny", desk.post("1")),
            ("calm", desk.thread),
            ("rebuts", desk.relation("1", "2")),
        ):
            session.apply(label, target)
            before = desk.state, desk.rows("SELECT COUNT(*) FROM events"), desk.rows("SELECT COUNT(*) FROM commands")
            change = session.apply(label, target)
            assert "is already" in change.summary
            assert (change.added, change.removed, change.post_ids, change.thread_ids) == ((), (), (), ())
            after = desk.state, desk.rows("SELECT COUNT(*) FROM events"), desk.rows("SELECT COUNT(*) FROM commands")
            assert after == before

    def test_the_same_label_again_brings_its_note(self, desk: Desk, session: LabelingSession) -> None:
        first = desk.only(session.apply("claim", desk.span(0, 7), attributes={"certainty": 2}))
        change = session.apply("claim", desk.span(0, 7), note="on reflection")
        assert change.summary == "Claim on “Harbour”: note changed"
        assert change.removed == (first,)
        again = desk.only(change)
        assert (again.id, again.note, again.attributes) == (first.id, "on reflection", {"certainty": 2})
        assert session.apply("claim", desk.span(0, 7)).added == ()  # no note is no wish to clear it
        assert load_annotation(desk.project, first.id) == again

    def test_annotators_label_the_same_target_side_by_side(self, desk: Desk, session: LabelingSession) -> None:
        session.apply("agree", desk.post("1"))
        desk.session("Bea").apply("disagree", desk.post("1"))
        desk.session("Bea").apply("agree", desk.post("2"))
        assert labels_on(desk, "Ada") == ["agree"]
        assert labels_on(desk, "Bea") == ["disagree", "agree"]

    def test_attributes_are_kept_in_the_codebooks_order(self, desk: Desk, session: LabelingSession) -> None:
        values: dict[str, str | int | float] = {
            "source": "minutes\r\nof May",
            "share": 0.3,
            "certainty": 4,
            "type": "fact",
        }
        annotation = desk.only(session.apply("claim", desk.span(0, 7), attributes=values))
        assert list(annotation.attributes.items()) == [
            ("certainty", 4),
            ("share", 0.3),
            ("type", "fact"),
            ("source", "minutes\nof May"),
        ]


class TestExclusiveGroups:
    def test_a_stance_takes_the_other_off(self, desk: Desk, session: LabelingSession) -> None:
        session.apply("funny", desk.post("1"))
        agree = desk.only(session.apply("agree", desk.post("1")))
        change = session.apply("disagree", desk.post("1"))
        assert change.summary == "Disagree on 1 (pikeperch), Agree off"
        assert change.removed == (agree,)
        assert labels_on(desk) == ["disagree", "funny"]
        assert session.undo() is not None
        assert labels_on(desk) == ["agree", "funny"]

    def test_only_the_same_span_counts(self, desk: Desk, session: LabelingSession) -> None:
        session.apply("claim", desk.span(0, 7))
        session.apply("premise", desk.span(0, 8))
        assert labels_on(desk) == ["claim", "premise"]
        session.apply("premise", desk.span(0, 7))
        assert labels_on(desk) == ["premise", "premise"]

    def test_threads_and_relations_have_them_too(self, desk: Desk, session: LabelingSession) -> None:
        session.apply("heated", desk.thread)
        session.apply("heated", Target(thread_id=desk.other_id))
        session.apply("calm", desk.thread)
        session.apply("rebuts", desk.relation("1", "2"))
        session.apply("rebuts", desk.relation("2", "1"))
        session.apply("quotes", desk.relation("1", "2"))
        session.apply("supports", desk.relation("1", "2"))
        assert labels_on(desk) == ["calm", "quotes", "supports", "rebuts"]
        assert len(annotations_in_thread(desk.project, desk.other_id)) == 1

    def test_relations_on_the_label_that_goes_go_too(self, desk: Desk, session: LabelingSession) -> None:
        claim = desk.only(session.apply("claim", desk.span(0, 7)))
        session.apply("rebuts", desk.relation("1", "0", to_annotation=claim))
        before = desk.state
        change = session.apply("premise", desk.span(0, 7))
        assert change.summary == "Premise on “Harbour”, Claim off, 1 relation with it"
        assert labels_on(desk) == ["premise"]
        session.undo()
        assert desk.state == before


class TestRefusals:
    @pytest.fixture(autouse=True)
    def _writes_nothing(self, desk: Desk, session: LabelingSession) -> Iterator[None]:
        self.claim = desk.only(session.apply("claim", desk.span(0, 7)))
        self.other = desk.only(session.apply("claim", desk.span(8, 14)))
        self.link = desk.only(session.apply("quotes", desk.relation("1", "2")))
        self.theirs = desk.only(desk.session("Bea").apply("claim", desk.span(0, 7)))
        before = list(desk.project.connection.iterdump())
        yield
        assert list(desk.project.connection.iterdump()) == before

    def test_labels_that_cannot_be_put(self, desk: Desk, session: LabelingSession) -> None:
        with pytest.raises(RuleError, match=r"no label “clam”.*Did you mean claim"):
            session.apply("clam", desk.span(0, 7))
        with pytest.raises(RuleError, match="“Old” is retired"):
            session.apply("old", desk.post("1"))
        with pytest.raises(RuleError, match="“Claim” is put on words inside a post, not on a post as a whole"):
            session.toggle("claim", desk.post("1"))
        with pytest.raises(RuleError, match="“Agree” is put on a post as a whole, not on a thread as a whole"):
            session.apply("agree", desk.thread)

    def test_spans_behind_the_text(self, desk: Desk, session: LabelingSession) -> None:
        with pytest.raises(SpanError, match="5:10 reaches behind the text, which has 9 characters"):
            session.apply("claim", desk.span(5, 10, "2"))
        with pytest.raises(SpanError, match="has 0 characters"):
            session.apply("claim", desk.span(0, 1, "3"))

    def test_attributes_that_do_not_fit(self, desk: Desk, session: LabelingSession) -> None:
        target = desk.span(3, 7)
        wrong: list[tuple[dict[str, str | int | float], str]] = [
            ({"certainy": 3}, "no attribute “certainy”. It has: certainty, share, type, source"),
            ({"certainty": 6}, "6 is not on the scale of “Certainty”. It takes a number from 1 to 5 in steps of 1"),
            ({"certainty": 0}, "0 is not on the scale"),
            ({"certainty": 2.5}, "2.5 is between the steps"),
            ({"certainty": True}, "True is no number"),
            ({"certainty": "3"}, "'3' is no number"),
            ({"share": float("nan")}, "nan is no number"),
            ({"share": 0.35}, "0.35 is between the steps"),
            ({"type": "opinion"}, "“opinion” is none of the choices of “Type”. Choose one of: fact, value"),
            ({"type": 3}, "3 is no value for “Type”"),
            ({"source": "a\x1b[2J"}, r"“Source” holds U\+001B at character 2"),
        ]
        for attributes, message in wrong:
            with pytest.raises(RuleError, match=message):
                session.apply("claim", target, attributes=attributes)
        with pytest.raises(RuleError, match=r"“Funny” has no attribute “x”\. It has none"):
            session.apply("funny", desk.post("1"), attributes={"x": 1})
        with pytest.raises(RuleError, match=r"The note holds U\+009B"):
            session.apply("funny", desk.post("1"), note="\x9b")
        with pytest.raises(RuleError, match="“certainy”"):
            session.change(self.claim.id, attributes={"certainy": 3})

    def test_targets_that_are_not_there(self, desk: Desk, session: LabelingSession) -> None:
        with pytest.raises(UnknownNameError, match="no post 9999"):
            session.apply("agree", Target(thread_id=desk.thread_id, post_id=9999))
        with pytest.raises(UnknownNameError, match="no thread 99"):
            session.apply("calm", Target(thread_id=99))
        with pytest.raises(RuleError, match=r"1 \(pikeperch\) is a post of another thread"):
            session.apply("agree", Target(thread_id=desk.other_id, post_id=desk.posts["1"]))
        with pytest.raises(RuleError, match="in no post"):
            session.apply("claim", Target(thread_id=desk.thread_id, span=Span(0, 3)))
        with pytest.raises(UnknownNameError, match="no post 9999"):
            session.review(9999)

    def test_relations_that_do_not_hold(self, desk: Desk, session: LabelingSession) -> None:
        one, two, thread_id = desk.posts["1"], desk.posts["2"], desk.thread_id
        wrong = [
            (desk.relation("1", "1"), "cannot lead to where it starts"),
            (desk.relation("0", "0", self.claim, self.claim), "cannot lead to where it starts"),
            (Target(thread_id=thread_id, to_thread_id=thread_id), "cannot lead to where it starts"),
            (Target(thread_id=thread_id, post_id=one, to_thread_id=desk.other_id), "to another thread"),
            (Target(thread_id=thread_id, post_id=one, to_post_id=two, to_thread_id=thread_id), "not to both"),
            (Target(thread_id=thread_id, from_annotation=self.claim.id, to_post_id=two), "starts at its post"),
            (
                Target(thread_id=thread_id, post_id=one, to_annotation=self.claim.id, to_thread_id=thread_id),
                "leads to its post",
            ),
            (Target(thread_id=thread_id, post_id=one, span=Span(0, 2), to_post_id=two), "not at bare words"),
            (desk.relation("1", "2", from_annotation=self.claim), r"is not in 1 \(pikeperch\)"),
            (desk.relation("1", "2", to_annotation=self.claim), r"is not in 2 \(eel\)"),
            (desk.relation("1", "2", from_annotation=self.link), "cannot be the end of a relation"),
            (desk.relation("1", "0", to_annotation=self.theirs), f"annotation {self.theirs.id} is Bea’s"),
            (Target(thread_id=thread_id, post_id=one, to_post_id=two, to_annotation=999), "no annotation 999"),
            (Target(thread_id=desk.other_id, post_id=one, to_post_id=two), "of another thread"),
        ]
        for target, message in wrong:
            with pytest.raises(RuleError, match=message):
                session.apply("rebuts", target)
        with pytest.raises(RuleError, match="Only a relation"):
            session.apply("funny", Target(thread_id=thread_id, post_id=one, from_annotation=self.claim.id))

    def test_what_is_another_annotators(self, session: LabelingSession) -> None:
        with pytest.raises(RuleError, match="is Bea’s, not Ada’s"):
            session.retract(self.theirs.id)
        with pytest.raises(RuleError, match="is Bea’s, not Ada’s"):
            session.change(self.theirs.id, note="mine")
        with pytest.raises(RuleError, match="There is no annotation 999"):
            session.retract(999)

    def test_moves_that_collide_or_make_no_sense(self, session: LabelingSession) -> None:
        with pytest.raises(RuleError, match="“Quotes” is not put on words"):
            session.change(self.link.id, span=Span(0, 2))
        with pytest.raises(SpanError):
            session.change(self.claim.id, span=Span(0, 9999))
        with pytest.raises(RuleError, match="Claim is already on “Harbour”"):
            session.change(self.other.id, span=Span(0, 7))


class TestToggleAndRetract:
    def test_the_same_key_again_takes_the_label_off(self, desk: Desk, session: LabelingSession) -> None:
        on = session.toggle("agree", desk.post("3.1"))
        off = session.toggle("agree", desk.post("3.1"))
        assert off.summary == "Agree off 3.1 (pikeperch)"
        assert (off.added, off.removed) == ((), on.added)
        assert labels_on(desk) == []

    def test_a_retired_label_can_still_be_taken_off(self, desk: Desk, session: LabelingSession) -> None:
        from annotations.codebook_toml import parse_codebook  # noqa: PLC0415  # only here

        source = desk.codebook.source
        earlier = parse_codebook(source.replace("retired = true", "retired = false"), "earlier")
        LabelingSession(desk.project, session.annotator, earlier).apply("old", desk.post("1"))
        assert session.toggle("old", desk.post("1")).summary == "Old off 1 (pikeperch)"

    def test_relations_go_with_what_they_hang_on(self, desk: Desk, session: LabelingSession) -> None:
        claim = desk.only(session.apply("claim", desk.span(0, 7)))
        premise = desk.only(session.apply("premise", desk.span(0, 5, "1")))
        session.apply("rebuts", desk.relation("1", "0", premise, claim))
        session.apply("quotes", desk.relation("2", "0", to_annotation=claim))
        session.apply("quotes", desk.relation("2", "0"))
        before = desk.state
        change = session.retract(claim.id)
        assert change.summary == "Claim off “Harbour”, 2 relations with it"
        assert [each.label for each in change.removed] == ["rebuts", "quotes", "claim"]
        assert set(change.post_ids) == {desk.posts["0"], desk.posts["1"], desk.posts["2"]}
        assert labels_on(desk) == ["premise", "quotes"]
        back = session.undo()
        assert back is not None
        assert {each.label for each in back.added} == {"rebuts", "quotes", "claim"}
        assert desk.state == before

    def test_a_relation_of_somebody_else_holds_an_annotation(self, desk: Desk, session: LabelingSession) -> None:
        # No session ties another annotator's annotations; a merge of projects may bring such a relation.
        claim = desk.only(session.apply("claim", desk.span(0, 7)))
        theirs = desk.only(desk.session("Bea").apply("rebuts", desk.relation("1", "0")))
        with desk.project.transaction() as connection:
            connection.execute("UPDATE annotations SET to_annotation_id = ? WHERE id = ?", (claim.id, theirs.id))
        with pytest.raises(RuleError, match=f"A relation by Bea hangs on the annotation {claim.id}"):
            session.retract(claim.id)
        with pytest.raises(RuleError, match="cannot be undone: a relation has been tied"):
            session.undo()
        assert labels_on(desk) == ["claim", "rebuts"]
        with desk.project.transaction() as connection:  # so that the final check of the history holds
            connection.execute("UPDATE annotations SET to_annotation_id = NULL WHERE id = ?", (theirs.id,))


class TestChange:
    def test_note_and_attributes(self, desk: Desk, session: LabelingSession) -> None:
        claim = desk.only(session.apply("claim", desk.span(0, 7), attributes={"certainty": 2, "type": "fact"}))
        change = session.change(claim.id, note="a note", attributes={"certainty": 3})
        now = desk.only(change)
        assert change.summary == "Claim on “Harbour”: note and attributes changed"
        assert change.removed == (claim,)
        assert (now.id, now.uuid, now.note, now.attributes) == (claim.id, claim.uuid, "a note", {"certainty": 3})
        assert now.created_at == claim.created_at
        assert now.updated_at > claim.updated_at
        session.change(claim.id, note="", attributes={})
        assert load_annotation(desk.project, claim.id).attributes == {}
        session.undo()
        assert load_annotation(desk.project, claim.id) == now

    def test_a_span_takes_its_quote_along(self, desk: Desk, session: LabelingSession) -> None:
        claim = desk.only(session.apply("claim", desk.span(0, 7)))
        change = session.change(claim.id, span=Span(0, 14))
        moved = desk.only(change)
        assert change.summary == "Claim on “Harbour tunnel”: span changed"
        assert moved.target.span == Span(0, 14)
        assert moved.quote is not None
        assert moved.quote.exact == "Harbour tunnel"
        session.undo()
        assert load_annotation(desk.project, claim.id) == claim

    def test_relations_stay_on_what_moves(self, desk: Desk, session: LabelingSession) -> None:
        claim = desk.only(session.apply("claim", desk.span(0, 7)))
        link = desk.only(session.apply("rebuts", desk.relation("1", "0", to_annotation=claim)))
        session.change(claim.id, span=Span(8, 14))
        assert load_annotation(desk.project, link.id) == link

    def test_a_span_moved_onto_an_excluded_label_takes_it_off(self, desk: Desk, session: LabelingSession) -> None:
        session.apply("premise", desk.span(8, 14))
        claim = desk.only(session.apply("claim", desk.span(0, 7)))
        before = desk.state
        change = session.change(claim.id, span=Span(8, 14), note="here")
        assert change.summary == "Claim on “tunnel”: span and note changed, Premise off"
        assert labels_on(desk) == ["claim"]
        session.undo()
        assert desk.state == before

    def test_nothing_new_is_no_step(self, desk: Desk, session: LabelingSession) -> None:
        claim = desk.only(session.apply("claim", desk.span(0, 7), note="n", attributes={"certainty": 2}))
        before = desk.state, desk.rows("SELECT COUNT(*) FROM events")
        change = session.change(claim.id, span=Span(0, 7), note="n", attributes={"certainty": 2})
        assert change.summary == "Claim on “Harbour”: nothing to change"
        assert change.post_ids == ()
        assert (desk.state, desk.rows("SELECT COUNT(*) FROM events")) == before

    def test_a_detached_span_is_attached_by_hand(self, desk: Desk, session: LabelingSession) -> None:
        claim = desk.only(session.apply("claim", desk.words("It costs 40 million")))
        desk.revise("Harbour tunnel approved\n\nNothing more is known.")
        assert load_annotation(desk.project, claim.id).detached
        session.change(claim.id, span=Span(0, 7))
        attached = load_annotation(desk.project, claim.id)
        assert not attached.detached
        assert attached.quote is not None
        assert attached.quote.exact == "Harbour"
        assert session.undo() is not None
        assert load_annotation(desk.project, claim.id).detached

    def test_a_detached_span_is_attached_where_its_offsets_happen_to_be(
        self, desk: Desk, session: LabelingSession
    ) -> None:
        claim = desk.only(session.apply("claim", desk.span(0, 7)))
        desk.revise("Nothing more is known.")
        assert load_annotation(desk.project, claim.id).detached
        session.change(claim.id, span=Span(0, 7))
        attached = load_annotation(desk.project, claim.id)
        assert attached.quote is not None
        assert (attached.detached, attached.quote.exact) == (False, "Nothing")


class TestReview:
    def test_a_post_is_done_and_not_done(self, desk: Desk, session: LabelingSession) -> None:
        post_id = desk.posts["2"]
        done = session.review(post_id)
        assert (done.summary, done.post_ids, done.thread_ids) == ("2 (eel) reviewed", (post_id,), (desk.thread_id,))
        assert session.is_reviewed(post_id)
        assert not desk.session("Bea").is_reviewed(post_id)
        assert session.review(post_id).post_ids == ()
        assert session.toggle_review(post_id).summary == "2 (eel) not reviewed"
        assert not session.is_reviewed(post_id)
        assert session.review(post_id, is_reviewed=False).summary == "2 (eel) is already not reviewed"
        session.toggle_review(post_id)
        assert reviewed_positions(desk.project, desk.thread_id, session.annotator.id) == {4}

    def test_undo_brings_back_when_it_was_reviewed(self, desk: Desk, session: LabelingSession) -> None:
        session.review(desk.posts["2"])
        before = desk.state
        session.review(desk.posts["2"], is_reviewed=False)
        session.undo()
        assert desk.state == before
        session.undo()
        assert desk.state == [[], []]


class TestHistoryOfAStep:
    def test_each_changed_row_has_an_event_with_the_row_before_and_after(
        self, desk: Desk, session: LabelingSession
    ) -> None:
        agree = desk.only(session.apply("agree", desk.post("1")))
        ((row,),) = desk.rows(
            "SELECT json_object('id', id, 'uuid', uuid, 'annotator_id', annotator_id, 'label_id', label_id, "
            "'thread_id', thread_id, 'post_id', post_id, 'note', note, 'created_at', created_at) FROM annotations"
        )
        session.apply("disagree", desk.post("1"))
        session.review(desk.posts["1"])
        applied, off, on, review = find_events(desk.project)
        assert [each.action for each in (applied, off, on, review)] == [
            Action.APPLY,
            Action.RETRACT,
            Action.APPLY,
            Action.REVIEW,
        ]
        assert applied.after is not None
        assert json.loads(str(row)).items() <= applied.after.items()
        assert applied.after["label"] == "agree"
        assert off.before == applied.after
        assert off.after is None
        assert applied.annotation_uuid == off.annotation_uuid == agree.uuid
        assert off.command_uuid == on.command_uuid != applied.command_uuid
        assert review.after == {
            "annotator_id": session.annotator.id,
            "post_id": desk.posts["1"],
            "reviewed_at": review.after["reviewed_at"] if review.after else "",
        }
        assert {each.cause for each in (applied, off, on, review)} == {Cause.DO}
        assert [each.sequence for each in (applied, off, on, review)] == [1, 2, 3, 4]

    def test_a_relation_remembers_its_ends_by_name(self, desk: Desk, session: LabelingSession) -> None:
        claim = desk.only(session.apply("claim", desk.span(0, 7)))
        session.apply("rebuts", desk.relation("1", "0", to_annotation=claim))
        *_, event = find_events(desk.project)
        assert event.after is not None
        assert (event.after["from_annotation_uuid"], event.after["to_annotation_uuid"]) == (None, claim.uuid)

    def test_rows_are_never_used_twice(self, desk: Desk, session: LabelingSession) -> None:
        first = desk.only(session.apply("agree", desk.post("1")))
        session.undo()
        other = desk.only(desk.session("Bea").apply("agree", desk.post("1")))
        assert other.id != first.id
        redone = session.redo()
        assert redone is not None
        assert redone.added == (first,)


class TestTheCodebookInTheProject:
    def test_reading_writes_nothing(self, desk: Desk) -> None:
        session = desk.session()
        before = list(desk.project.connection.iterdump())
        session.progress(desk.thread_id)
        session.load_place(desk.thread_id)
        assert session.undo() is None
        assert session.redo() is None
        assert session.is_reviewed(desk.posts["1"]) is False
        assert list(desk.project.connection.iterdump()) == before

    def test_the_first_label_brings_it(self, desk: Desk, session: LabelingSession) -> None:
        assert desk.rows("SELECT COUNT(*) FROM codebook_versions") == [(0,)]
        annotation = desk.only(session.apply("agree", desk.post("1")))
        desk.session("Bea").apply("agree", desk.post("1"))
        ((version, sha256),) = desk.rows("SELECT id, sha256 FROM codebook_versions")
        assert (annotation.codebook_version, desk.codebook.sha256) == (version, sha256)

    def test_a_label_that_changed_its_scope_elsewhere_is_refused(self, desk: Desk, session: LabelingSession) -> None:
        from annotations.codebook_toml import parse_codebook  # noqa: PLC0415  # only here
        from annotations.store.codebooks import apply_codebook  # noqa: PLC0415  # only here

        session.apply("agree", desk.post("1"))
        session.apply("term", desk.span(0, 7))
        session.undo()
        later = desk.codebook.source.replace(
            'id = "term"\nname = "Term"\nscope = "span"', 'id = "term"\nname = "Term"\nscope = "post"'
        )
        apply_codebook(desk.project, parse_codebook(later, "later"))
        with pytest.raises(RuleError, match="puts the label “term” on a post, not on a span"):
            session.apply("term", desk.span(0, 7))
        with pytest.raises(RuleError, match="cannot be redone"):
            session.redo()
        assert labels_on(desk) == ["agree"]


def test_a_project_open_for_reading_is_not_written(desk: Desk) -> None:
    annotation = desk.only(desk.session().apply("agree", desk.post("1")))
    annotator = desk.project.annotator("Ada")
    with Project.open(desk.path, read_only=True) as project:
        session = LabelingSession(project, annotator, desk.codebook)
        for step in (
            lambda: session.apply("agree", desk.post("2")),
            lambda: session.retract(annotation.id),
            lambda: session.review(desk.posts["1"]),
            session.undo,
        ):
            with pytest.raises(ProjectError, match="reading only"):
                step()
        session.mark_read([desk.posts["1"]])
        session.mark_unread([desk.posts["1"]])
        session.save_place(desk.thread_id, {"post": 1})
        assert session.load_place(desk.thread_id) is None
        assert session.progress(desk.thread_id).labeled == 1
    assert desk.rows("SELECT * FROM read_marks") == []
