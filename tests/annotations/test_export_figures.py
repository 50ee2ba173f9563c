"""The numbers of a card are those of what was exported, whether SQLite counts or the posts do as they pass."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from annotations.agreement import percent
from annotations.exporters.choosing.options import ExportOptions
from annotations.exporters.choosing.selecting import select
from annotations.exporters.describing.figures import Counting
from annotations.exporters.describing.reckoning import reckoning
from annotations.exporters.rows.labeled_posts import iter_labeled_posts
from annotations.store.judgements import seeing
from annotations.store.project import Project
from annotations.store.snapshot import snapshot

if TYPE_CHECKING:
    from annotations.exporters.describing.figures import Figures
    from tests.annotations.conftest import Desk

SPLIT = (("one", 0.5), ("two", 0.5))


def label(desk: Desk) -> None:
    """Put labels of all scopes by two annotators, and a third who has put none."""
    ada, bo = desk.session(), desk.session("Bo")
    ada.apply("agree", desk.post("1"))
    bo.apply("disagree", desk.post("1"))
    ada.apply("agree", desk.post("2"))
    bo.apply("agree", desk.post("2"))
    ada.review(desk.posts["3"])
    bo.review(desk.posts["3"])
    bo.review(desk.posts["3.1"])
    desk.session("Cy").review(desk.posts["1"])
    claim = desk.only(ada.apply("claim", desk.words("flood")))
    bo.apply("claim", desk.words("will flood every"))
    bo.apply("claim", desk.words("40 million"))
    ada.apply("heated", desk.thread)
    ada.apply("rebuts", desk.relation("1", "0", None, claim))


def counted(desk: Desk, options: ExportOptions, passes: int = 1) -> tuple[Figures, Figures]:
    """Return the numbers as SQLite counts them, and as the posts are counted that pass, some more than once."""
    with snapshot(desk.project):
        selection = select(desk.project, options)
        counting = Counting(selection)
        with reckoning(desk.project, selection) as numbers:
            for _ in range(passes):
                for thread_id in selection.thread_ids:
                    for _ in range(passes):
                        for labeled in iter_labeled_posts(desk.project, selection, thread_id):
                            assert counting(labeled) is labeled
            return numbers.result(None).figures, numbers.result(counting).figures


def test_both_ways_of_counting_agree(desk: Desk) -> None:
    label(desk)
    desk.revise("Harbour tunnel approved\n\nIt costs 40 million.")
    for options in (
        ExportOptions(),
        ExportOptions(annotator="Bo"),
        ExportOptions(labels=("claim", "agree")),
        ExportOptions(thread="ferry"),
        ExportOptions(split=SPLIT),
    ):
        by_sql, by_passing = counted(desk, options, passes=2)
        assert dict(by_passing.labels) == dict(by_sql.labels), options
        assert dict(by_passing.annotators) == dict(by_sql.annotators), options
        assert by_passing.detached == by_sql.detached, options


def test_numbers_are_of_what_is_exported(desk: Desk) -> None:
    label(desk)
    whole, _ = counted(desk, ExportOptions())
    assert dict(whole.annotators) == {"Ada": 5, "Bo": 4}
    assert whole.reviews == {"Ada": 1, "Bo": 2, "Cy": 1}
    assert (whole.seen, whole.shared, whole.facts.posts, whole.facts.authors) == (5, 4, 14, 5)
    assert whole.count("claim") == 3
    split, _ = counted(desk, ExportOptions(split=SPLIT))
    assert sorted(split.count("claim", name) for name, _ in SPLIT) == [0, 3]
    other, _ = counted(desk, ExportOptions(thread="ferry"))
    assert (other.labels, other.reviews, other.seen, other.facts.posts) == ({}, {}, 0, 7)
    bo, _ = counted(desk, ExportOptions(annotator="Bo"))
    assert (dict(bo.annotators), bo.reviews, bo.shared) == ({"Bo": 4}, {"Bo": 2}, 0)


def test_who_has_not_seen_a_post_has_no_say_on_it(desk: Desk) -> None:
    label(desk)
    ada, bo, cy = (annotator.id for annotator in desk.project.annotators())
    with seeing(desk.project) as seen:
        assert seen.count() == (5, 4)
        assert seen.count(bo) == (5, 0)
        assert seen.annotators() == {ada, bo, cy}
        with seen.judgements([ada, bo]) as judgements:
            assert judgements.shared_posts() == {2: 4}  # 0 and 1, 2, 3: to label is to see
            said = judgements.post_labels()
            chosen = judgements.choices(["agree", "disagree"])
        with seen.judgements([ada, bo, cy]) as judgements:
            assert judgements.shared_posts() == {2: 3, 3: 1}
            assert judgements.post_labels()["disagree"] == [({1: 1, 0: 2}, 1), ({0: 2}, 3)]
    assert said["agree"] == [({1: 1, 0: 1}, 1), ({1: 2, 0: 0}, 1), ({0: 2}, 2)]
    assert said["disagree"] == [({1: 1, 0: 1}, 1), ({0: 2}, 3)]
    assert percent(said["agree"]) == 0.75
    assert {frozenset(unit.items()): number for unit, number in chosen} == {
        frozenset({("", 2)}): 2,
        frozenset({("agree", 1), ("disagree", 1)}): 1,
        frozenset({("agree", 2)}): 1,
    }
    with seeing(desk.project, [desk.other_id]) as seen:
        assert (seen.count(), seen.annotators()) == ((0, 0), set())
        with seen.judgements([ada, bo]) as judgements:
            assert (judgements.shared_posts(), judgements.post_labels(), judgements.span_pairs()) == ({}, {}, [])


def test_spans_are_compared_where_both_have_looked(desk: Desk) -> None:
    label(desk)
    desk.session().apply("claim", desk.words("new", "1"))
    desk.session().apply("claim", desk.words("agree", "3.1"))
    ada, bo, cy = (annotator.id for annotator in desk.project.annotators())

    def compare() -> dict[tuple[int, int], tuple[int, int, int]]:
        with seeing(desk.project) as seen, seen.judgements([ada, bo, cy]) as judgements:
            return {
                (pair.one, pair.other): (pair.spans, pair.exact, pair.overlapping) for pair in judgements.span_pairs()
            }

    assert compare() == {(ada, bo): (3, 0, 1), (bo, ada): (2, 0, 1), (ada, cy): (1, 0, 0)}
    desk.session("Bo").apply("claim", desk.words("new", "1"))
    assert compare() == {(ada, bo): (3, 1, 2), (bo, ada): (3, 1, 2), (ada, cy): (1, 0, 0), (bo, cy): (1, 0, 0)}


def test_the_project_is_not_written_and_nothing_is_left(desk: Desk) -> None:
    label(desk)
    with Project.open(desk.path, read_only=True) as project:
        with seeing(project) as seen, seen.judgements([1, 2]):
            pass
        with seeing(project) as seen, pytest.raises(KeyboardInterrupt), seen.judgements([1, 2]):
            raise KeyboardInterrupt
        assert project.connection.execute("SELECT name FROM temp.sqlite_schema").fetchall() == []


def test_numbers_are_those_of_the_snapshot_whatever_another_terminal_does(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    label(desk)
    with snapshot(desk.project):
        selection = select(desk.project, ExportOptions())
        with reckoning(desk.project, selection) as numbers:
            before = numbers.result(None)
        other = desk.open_again()
        desk.session("Bo", other).apply("claim", desk.words("tunnel"))
        other.close()
        with reckoning(desk.project, selection) as numbers:
            assert numbers.result(None) == before
        monkeypatch.setattr(
            "annotations.exporters.describing.reckoning.Project", None
        )  # no second connection can be had
        with reckoning(desk.project, selection) as numbers:
            assert numbers.result(None) == before
