"""What an annotator's work breaks of the rules of a codebook, post by post, and how that is followed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from annotations.codebook_toml import parse_codebook
from annotations.errors import RuleError
from annotations.rule_check import iter_violations
from annotations.rules import is_complete
from annotations.store.labels import annotations_of_posts, annotations_of_thread
from annotations.thread_violations import ThreadViolations
from annotations.violations import RuleBook

if TYPE_CHECKING:
    from collections.abc import Sequence

    from annotations.codebook import Codebook
    from annotations.model import Target
    from annotations.session import LabelingSession
    from tests.annotations.conftest import Desk

RULES = parse_codebook(
    """
[[groups]]
id = "stance"
name = "Stance"
exclusive = true
required = true

[[groups]]
id = "tone"
name = "Tone"
most_per_post = 1

[[labels]]
id = "claim"
name = "Claim"
scope = "span"
most_per_post = 2
most_per_thread = 3

[[labels]]
id = "fact"
name = "Fact"
scope = "span"
parent = "claim"

[[labels]]
id = "proof"
name = "Proof"
scope = "span"
requires = ["claim", "funny"]

[[labels]]
id = "figure"
name = "Figure"
scope = "span"
parent = "proof"

[[labels]]
id = "exact"
name = "Exact"
scope = "span"
requires_all = ["claim"]
requires_on = "target"

[[labels]]
id = "agree"
name = "Agree"
scope = "post"
group = "stance"

[[labels]]
id = "fully"
name = "Fully"
scope = "post"
parent = "agree"

[[labels]]
id = "disagree"
name = "Disagree"
scope = "post"
group = "stance"

[[labels]]
id = "target"
name = "Target"
scope = "post"
requires = ["stance"]

[[labels]]
id = "rude"
name = "Rude"
scope = "post"
group = "tone"

[[labels.attributes]]
id = "severity"
name = "Severity"
kind = "scale"
minimum = 1
maximum = 4
required = true

[[labels]]
id = "funny"
name = "Funny"
scope = "post"
group = "tone"

[[labels]]
id = "old"
name = "Old"
scope = "post"
retired = true
split_into = ["rude", "funny"]

[[labels]]
id = "heated"
name = "Heated"
scope = "thread"
required = true
"""
)


def broken(desk: Desk, key: str = "1", *, codebook: Codebook = RULES) -> list[str]:
    """Return what is broken on a post, as Ada's session would be told."""
    book = RuleBook(codebook)
    found = annotations_of_posts(desk.project, [desk.posts[key]], desk.project.annotator("Ada").id)[desk.posts[key]]
    return [violation.message for violation in book.of_post(found, is_comment=key != "0")]


@pytest.fixture
def session(desk: Desk) -> LabelingSession:
    """Ada's session, by these rules."""
    desk.codebook = RULES
    return desk.session()


def test_work_that_has_not_begun_breaks_no_rule(desk: Desk, session: LabelingSession) -> None:
    assert broken(desk) == []
    session.review(desk.posts["1"])
    book = RuleBook(RULES)
    assert [found.message for found in book.of_post([], is_comment=True, is_reviewed=True)] == ["Comment needs Stance"]
    assert book.of_post([], is_comment=False, is_reviewed=True) == []


def test_no_rule_keeps_from_labeling(desk: Desk, session: LabelingSession) -> None:
    for label in ("target", "rude", "funny"):
        session.apply(label, desk.post("1"))
    session.apply("proof", desk.words("pumps are new", "1"))
    assert broken(desk) == [
        "Comment needs Stance",
        "2 of at most 1 Tone",
        "Rude needs Severity",
        "Target needs Stance",
    ]


def test_a_required_group_is_met_by_a_kind_of_its_labels(desk: Desk, session: LabelingSession) -> None:
    session.apply("fully", desk.post("1"))
    session.apply("target", desk.post("1"))
    assert broken(desk) == []
    assert is_complete(RULES, ["fully"])
    assert not is_complete(RULES, ["target"])


def test_labels_that_are_too_many(desk: Desk, session: LabelingSession) -> None:
    for words in ("tunnel will flood", "every spring", "40 million"):
        session.apply("fact", desk.words(words))
    assert broken(desk, "0") == ["3 of at most 2 Claim"]
    session.apply("claim", desk.words("new", "1"))
    book = RuleBook(RULES)
    found = annotations_of_posts(desk.project, [desk.posts["1"]])[desk.posts["1"]]
    counted = book.of_post(found, is_comment=False, in_thread={"fact": 3, "claim": 1})
    assert [violation.message for violation in counted] == ["4 of at most 3 Claim in this thread"]


def test_what_a_label_requires_may_be_anywhere_in_the_post_or_on_the_same_words(
    desk: Desk, session: LabelingSession
) -> None:
    session.apply("figure", desk.words("40 million"))
    session.apply("exact", desk.words("40 million"))
    assert broken(desk, "0") == ["Exact needs Claim", "Figure needs Claim or Funny"]
    session.apply("fact", desk.words("every spring"))
    assert broken(desk, "0") == ["Exact needs Claim"]
    session.apply("claim", desk.words("40 million"))
    assert broken(desk, "0") == []


def test_labels_of_an_exclusive_group_that_came_together_elsewhere(desk: Desk, session: LabelingSession) -> None:
    session.apply("agree", desk.post("1"))
    loose = parse_codebook(RULES.source.replace("exclusive = true", "exclusive = false"))
    desk.codebook = loose
    desk.session().apply("disagree", desk.post("1"))
    assert broken(desk) == ["Agree and Disagree exclude each other: one of Stance"]


def test_what_was_split_is_to_be_decided_again(desk: Desk, session: LabelingSession) -> None:
    before = RULES.source.replace('retired = true\nsplit_into = ["rude", "funny"]', "")
    desk.codebook = parse_codebook(before)
    desk.session().apply("old", desk.post("1"))
    desk.session().apply("agree", desk.post("1"))
    assert broken(desk) == ["Old was split: Rude or Funny"]
    with pytest.raises(RuleError, match="retired"):
        session.apply("old", desk.post("2"))
    change = session.apply("funny", desk.post("1"))
    assert [found.label for found in change.removed] == ["old"]
    assert broken(desk) == []
    session.undo()
    assert broken(desk) == ["Old was split: Rude or Funny"]


def test_all_of_a_project_is_told_by_thread_annotator_and_post(desk: Desk, session: LabelingSession) -> None:
    session.apply("agree", desk.post("2"))
    session.apply("rude", desk.post("1.1"))
    desk.session("Bo").review(desk.posts["3"])
    found = [
        (each.thread, each.annotator, each.post, each.violation.rule.value, bool(each.uuid))
        for each in iter_violations(desk.project, RULES)
    ]
    assert found == [
        ("tunnel", "Ada", None, "required", False),
        ("tunnel", "Ada", "1.1", "required", False),
        ("tunnel", "Ada", "1.1", "attribute", True),
        ("tunnel", "Bo", None, "required", False),
        ("tunnel", "Bo", "3", "required", False),
    ]
    bo = desk.project.annotator("Bo").id
    assert {each.annotator for each in iter_violations(desk.project, RULES, annotator_id=bo)} == {"Bo"}
    assert list(iter_violations(desk.project, RULES, thread_id=desk.other_id)) == []


_POST_LABELS = ("agree", "disagree", "target", "rude", "funny")
_STEPS = st.lists(
    st.tuples(
        st.sampled_from(("put", "put", "span", "thread", "review", "undo")),
        st.integers(0, 6),
        st.sampled_from(_POST_LABELS),
        st.integers(0, 3),
    ),
    min_size=1,
    max_size=14,
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=_STEPS, rounds=st.lists(st.integers(1, 14), max_size=4))
def test_what_is_followed_is_what_a_fresh_look_finds(
    desk: Desk, steps: Sequence[tuple[str, int, str, int]], rounds: Sequence[int]
) -> None:
    """The tracker looks at touched posts only; it agrees with the whole, and with a walk through the thread."""
    desk.codebook = RULES
    session = desk.session()
    tracker = ThreadViolations(RULES, desk.thread_id, session.annotator.id)
    tracker.look(desk.project)
    keys = ["0", *sorted(set(desk.posts) - {"0"})]
    for number, (what, at, label, start) in enumerate(steps):
        key = keys[at % len(keys)]
        do(desk, session, what, key, label, start)
        if number in rounds:
            assert tracker.follow(desk.project)
    assert tracker.follow(desk.project)
    fresh = ThreadViolations(RULES, desk.thread_id, session.annotator.id)
    fresh.look(desk.project)
    places = {key: position for position, key in enumerate(keys)}
    told = iter_violations(desk.project, RULES, thread_id=desk.thread_id, annotator_id=session.annotator.id)
    expected = sorted({places[each.post or "0"] for each in told})
    for found in (tracker, fresh):
        assert walk(found, 1) == expected
        assert walk(found, -1) == expected[::-1]
        assert [position for position in range(len(keys)) if found.is_broken(position)] == expected
        assert bool(found) is bool(expected)
    while session.undo():
        pass


def do(desk: Desk, session: LabelingSession, what: str, key: str, label: str, start: int) -> None:  # noqa: PLR0913, PLR0917
    """Do one step; what is not possible is not done."""
    target: Target = desk.post(key)
    try:
        match what:
            case "put":
                session.toggle(label, target)
            case "span":
                session.toggle("claim" if start % 2 else "proof", desk.span(start, start + 4, key))
            case "thread":
                session.toggle("heated", desk.thread)
            case "review":
                session.toggle_review(desk.posts[key])
            case "undo":
                session.undo()
    except Exception as error:  # noqa: BLE001  # a post too short for the span
        assert "behind" in str(error) or "cannot" in str(error), error  # noqa: PT017


def walk(found: ThreadViolations, step: int) -> list[int]:
    """Return every position, from one to the next."""
    at = -1 if step > 0 else 1_000
    places = []
    while (following := found.next(at, step)) is not None:
        places.append(following)
        at = following
    return places


def test_after_much_has_happened_the_thread_is_looked_over_again(desk: Desk, session: LabelingSession) -> None:
    tracker = ThreadViolations(RULES, desk.thread_id, session.annotator.id)
    assert not tracker.follow(desk.project)
    tracker.look(desk.project)
    assert not tracker
    for _ in range(101):
        session.apply("rude", desk.post("1"))
        session.undo()
    assert not tracker.follow(desk.project)
    assert annotations_of_thread(desk.project, desk.thread_id, session.annotator.id) == []
