"""The numbers of a project: counted by hand, and in many made-up projects by a naive count."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta, timezone
from itertools import combinations
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from annotations.codebook_toml import parse_codebook
from annotations.errors import PostilError
from annotations.model import Scope, Target
from annotations.span import Span
from annotations.store.contents import Contents, count_contents
from annotations.store.counted import Within
from annotations.store.labels import annotations_in_thread
from annotations.store.listing import list_threads
from annotations.store.statistics import take_statistics
from annotations.store.statistics_records import DepthCount, Lengths, ThreadWork, Together
from annotations.store.threads import iter_posts, save_thread
from annotations.store.times import times_spent
from annotations.work import Work, WorkCancelledError
from tests.annotations.conftest import RULES, Desk, make_thread

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from annotations.store.project import Project
    from annotations.store.statistics_records import Statistics

KATHMANDU = timezone(timedelta(hours=5, minutes=45))


@pytest.fixture
def labeled(desk: Desk) -> Desk:
    """Ada and Bo have labeled the thread `tunnel`, Ada also one comment of `ferry`."""
    ada, bo = desk.session("Ada"), desk.session("Bo")
    put = {key: Target(thread_id=desk.thread_id, post_id=row) for key, row in desk.posts.items()}
    span = Target(thread_id=desk.thread_id, post_id=desk.posts["1.1"], span=Span(0, 10))
    ada.apply("claim", span)
    ada.apply("term", Target(thread_id=desk.thread_id, post_id=desk.posts["1.1"], span=Span(0, 5)))
    ada.apply("term", Target(thread_id=desk.thread_id, post_id=desk.posts["2"], span=Span(0, 3)))
    ada.apply("agree", put["1.1"])
    bo.apply("disagree", put["1.1"])
    bo.apply("funny", put["1.1"])
    bo.apply("funny", put["2"])
    ada.apply("heated", Target(thread_id=desk.thread_id))
    ada.apply("rebuts", Target(thread_id=desk.thread_id, post_id=desk.posts["2"], to_post_id=desk.posts["1"]))
    ada.review(desk.posts["3"])
    ada.review(desk.posts["2"])
    bo.review(desk.posts["2"])
    taken = bo.apply("funny", put["1"])
    bo.undo()
    assert taken is not None
    other = {post.key: post.id for post in iter_posts(desk.project, desk.other_id)}
    ada.apply("agree", Target(thread_id=desk.other_id, post_id=other["1"]))
    ada.add_seconds({desk.posts["1.1"]: 8.0, desk.posts["3"]: 2.0})
    return desk


def by_label(statistics: Statistics) -> dict[str, tuple[int, int, dict[str, int]]]:
    return {
        each.label: (each.annotations, each.posts, dict(each.by_annotator))
        for each in statistics.labels
        if each.annotations
    }


def test_labels_are_counted_by_annotator_and_by_post(labeled: Desk) -> None:
    statistics = take_statistics(labeled.project, zone=UTC)
    assert by_label(statistics) == {
        "claim": (1, 1, {"Ada": 1}),
        "term": (2, 2, {"Ada": 2}),
        "agree": (2, 2, {"Ada": 2}),
        "disagree": (1, 1, {"Bo": 1}),
        "funny": (2, 2, {"Bo": 2}),
        "heated": (1, 0, {"Ada": 1}),
        "rebuts": (1, 1, {"Ada": 1}),
    }
    assert statistics.annotations == 10
    names = [each.name for each in statistics.labels]
    assert names[:3] == ["Claim", "Premise", "Term"], "the codebook's order, labels that nobody put too"
    assert "Old" not in names, "a retired label that nobody put"
    lengths = {each.label: each.lengths for each in statistics.labels if each.lengths}
    assert lengths["term"] == Lengths(least=3, median=3, mean=4.0, most=5)
    assert lengths["claim"] == Lengths(least=10, median=10, mean=10.0, most=10)


def test_depths_count_every_post_and_a_label_once_a_post(labeled: Desk) -> None:
    assert take_statistics(labeled.project, Within(thread_id=labeled.thread_id)).depths == (
        DepthCount(depth=0, posts=1, labeled=0, by_label={}),
        DepthCount(depth=1, posts=3, labeled=1, by_label={"term": 1, "funny": 1, "rebuts": 1}),
        DepthCount(
            depth=2, posts=2, labeled=1, by_label={"claim": 1, "term": 1, "agree": 1, "disagree": 1, "funny": 1}
        ),
        DepthCount(depth=3, posts=1, labeled=0, by_label={}),
    )


def test_labels_meet_where_one_annotator_put_both(labeled: Desk) -> None:
    assert take_statistics(labeled.project).together == (
        Together(first="claim", second="term", posts=1, either=2),
        Together(first="claim", second="agree", posts=1, either=2),
        Together(first="term", second="agree", posts=1, either=3),
        Together(first="disagree", second="funny", posts=1, either=2),
    ), "agree and disagree are a disagreement, and a relation stands on no post alone"


def test_threads_and_annotators_say_how_far_they_are(labeled: Desk) -> None:
    statistics = take_statistics(labeled.project)
    assert statistics.threads == (
        ThreadWork(thread="tunnel", title="Harbour tunnel approved", comments=6, labeled=2, reviewed=2),
        ThreadWork(thread="ferry", title="Harbour tunnel approved", comments=6, labeled=1, reviewed=0),
    )
    assert (statistics.comments, statistics.labeled, statistics.reviewed) == (12, 3, 2)
    ada, bo = statistics.annotators
    assert (ada.annotator, ada.kind, ada.annotations, ada.labeled, ada.reviews) == ("Ada", "person", 7, 3, 2)
    assert ada.seconds == 10.0
    assert ada.seconds_each == pytest.approx(8 / 3)
    assert (bo.annotations, bo.labeled, bo.reviews, bo.seconds, bo.seconds_each) == (3, 2, 1, 0.0, None)
    spent = times_spent(labeled.project)
    assert [(each.annotator, each.labeled, each.seconds, each.seconds_each) for each in spent] == [
        (each.annotator, each.labeled, each.seconds, each.seconds_each) for each in statistics.annotators
    ], "as the history tells it"


def test_a_part_of_the_project_is_counted_alone(labeled: Desk) -> None:
    project = labeled.project
    bo = project.annotator("Bo").id
    assert by_label(take_statistics(project, Within(annotator_id=bo))) == {
        "disagree": (1, 1, {"Bo": 1}),
        "funny": (2, 2, {"Bo": 2}),
    }
    other = take_statistics(project, Within(thread_id=labeled.other_id))
    assert by_label(other) == {"agree": (1, 1, {"Ada": 1})}
    assert [each.thread for each in other.threads] == ["ferry"]
    assert other.annotators[0].reviews == 0
    some = take_statistics(project, Within(labels=frozenset({"term", "quotes"})))
    assert by_label(some) == {"term": (2, 2, {"Ada": 2})}
    assert [each.label for each in some.labels] == ["term", "quotes"]
    assert [(each.first, each.second) for each in some.together] == [("claim", "term"), ("term", "agree")]
    assert some.threads[0].labeled == 2
    assert some.reviewed == 2, "reviews are of posts, not of labels"


@pytest.mark.parametrize(
    ("zone", "days"),
    [
        (UTC, ["2026-05-01"]),
        (timezone(timedelta(hours=16)), ["2026-05-02"]),
        (timezone(timedelta(hours=-9)), ["2026-04-30"]),
        (timezone(timedelta(hours=15, minutes=59)), ["2026-05-01", "2026-05-02"]),
    ],
)
def test_days_begin_at_midnight_in_the_zone(desk: Desk, zone: timezone, days: list[str]) -> None:
    ada = desk.session("Ada")
    ada.review(desk.posts["1"])  # 08:00 and a few seconds in UTC
    desk.clock.time += timedelta(minutes=1)
    ada.review(desk.posts["2"])
    assert [each.day for each in take_statistics(desk.project, zone=zone).days] == days


def test_each_day_has_what_everybody_did(labeled: Desk) -> None:
    labeled.clock.time = datetime(2026, 5, 2, 18, 14, tzinfo=UTC)
    session = labeled.session("Bo")
    session.review(labeled.posts["1"])
    labeled.clock.time = datetime(2026, 5, 2, 18, 15, tzinfo=UTC)
    session.review(labeled.posts["1.1"])
    told = [
        (each.day, each.annotator, each.annotations, each.reviews)
        for each in take_statistics(labeled.project, zone=UTC).days
    ]
    assert told == [("2026-05-01", "Ada", 7, 2), ("2026-05-01", "Bo", 3, 1), ("2026-05-02", "Bo", 0, 2)]
    reviews = [(each.day, each.reviews) for each in take_statistics(labeled.project, zone=KATHMANDU).days]
    assert reviews == [("2026-05-01", 2), ("2026-05-01", 1), ("2026-05-02", 1), ("2026-05-03", 1)], "05:45 ahead"


def test_posts_that_the_source_no_longer_has_count_as_in_the_list_of_threads(labeled: Desk) -> None:
    thread = make_thread("tunnel")
    without = [post for post in thread.posts if not post.key.startswith("1.1")]
    changed = type(thread)(key="tunnel", title=thread.title, posts=tuple(without), format="test")
    save_thread(labeled.project, changed, location="/sources/tunnel.txt", source_sha256="another")
    for annotator in (None, labeled.project.annotator("Bo").id):
        listed = [(each.comments, each.labeled, each.reviewed) for each in list_threads(labeled.project, annotator)]
        statistics = take_statistics(labeled.project, Within(annotator_id=annotator))
        assert [(each.comments, each.labeled, each.reviewed) for each in statistics.threads] == listed
        assert sum(each.posts for each in statistics.depths) == sum(comments + 1 for comments, _, _ in listed)
    assert take_statistics(labeled.project).annotations == 10, "what was put there still stands"


def test_an_empty_project_has_its_labels_and_no_numbers(desk: Desk) -> None:
    statistics = take_statistics(desk.project)
    assert statistics.labels
    assert not any(each.annotations for each in statistics.labels)
    assert (statistics.days, statistics.annotators, statistics.together) == ((), (), ())


def test_counting_is_cancelled(labeled: Desk) -> None:
    work = Work()
    work.cancel()
    with pytest.raises(WorkCancelledError), labeled.project.doing(work):
        take_statistics(labeled.project)
    assert take_statistics(labeled.project).annotations == 10, "and the project goes on"


def test_the_posts_are_never_walked_through(labeled: Desk) -> None:
    """Of a project of a million comments only those that carry something are looked up."""
    plans = []
    connection = labeled.project.connection
    statements: list[str] = []
    connection.set_trace_callback(statements.append)
    take_statistics(labeled.project)
    connection.set_trace_callback(None)
    for statement in statements:
        if statement.lstrip().startswith("SELECT"):
            plans += [row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {statement}")]
    assert any(plan.startswith("SEARCH p USING INTEGER PRIMARY KEY") for plan in plans)
    assert not [plan for plan in plans if plan.startswith(("SCAN p ", "SCAN posts", "SCAN o"))], plans


def test_contents_are_counted(labeled: Desk) -> None:
    ada = labeled.session("Ada")
    ada.note(labeled.posts["1"], "A note.")
    ada.flag(labeled.posts["1"])
    assert count_contents(labeled.project) == Contents(
        annotations=10, relations=1, on_threads=1, detached=0, notes=1, reviews=3, flags=1
    )


# --- a naive count ----------------------------------------------------------------------------------------------

LABELS = ("claim", "term", "agree", "disagree", "funny", "rebuts", "calm")
STEPS = st.lists(
    st.tuples(
        st.sampled_from(("Ada", "Bo", "Cy")),
        st.sampled_from((*LABELS, "review", "undo", "wait")),
        st.integers(0, 6),
        st.integers(0, 1),
    ),
    max_size=40,
)


def follow(desk: Desk, steps: list[tuple[str, str, int, int]]) -> None:
    """Do what the steps say, as far as the rules let it be done."""
    for name, what, place, which in steps:
        thread_id = (desk.thread_id, desk.other_id)[which]
        posts = [(post.id, post.text) for post in iter_posts(desk.project, thread_id)]
        row, text = posts[place]
        session = desk.session(name)
        targets = {
            "claim": lambda: Target(thread_id=thread_id, post_id=row, span=Span(0, len(text))),  # noqa: B023  # called now
            "term": lambda: Target(thread_id=thread_id, post_id=row, span=Span(0, 1)),  # noqa: B023  # the same
            "rebuts": lambda: Target(thread_id=thread_id, post_id=row, to_post_id=posts[0][0]),  # noqa: B023  # the same
            "calm": lambda: Target(thread_id=thread_id),  # noqa: B023  # the same
        }
        try:
            if what == "wait":
                desk.clock.time += timedelta(hours=7)
            elif what == "undo":
                session.undo()
            elif what == "review":
                session.toggle_review(row)
            else:
                target = targets[what]() if what in targets else Target(thread_id=thread_id, post_id=row)
                session.toggle(what, target)
        except (PostilError, ValueError):
            continue


def naive(project: Project, within: Within) -> Iterator[tuple[str, Any]]:
    """Count what stands one by one."""
    threads = [row[0] for row in project.connection.execute("SELECT id FROM threads")]
    posts = {
        post.id: (thread_id, post.depth, post.position)
        for thread_id in threads
        for post in iter_posts(project, thread_id)
        if within.thread_id in {None, thread_id}
    }
    every = [
        each
        for thread_id in threads
        if within.thread_id in {None, thread_id}
        for each in annotations_in_thread(project, thread_id)
        if within.annotator_id in {None, each.annotator_id}
    ]
    asked = [each for each in every if not within.labels or each.label in within.labels]
    on_posts = [each for each in asked if each.target.post_id is not None]
    yield "annotations", Counter((each.label, each.annotator) for each in asked)
    yield (
        "posts",
        Counter(label for label, _ in {(each.label, each.target.post_id) for each in every if each.target.post_id}),
    )
    yield (
        "depths",
        Counter((posts[row][1], label) for row, label in {(each.target.post_id or 0, each.label) for each in on_posts}),
    )
    yield "labeled", Counter(posts[row][0] for row in {each.target.post_id or 0 for each in on_posts} if posts[row][2])
    met = {
        (one.target.post_id, *sorted((one.label, other.label)))
        for one, other in combinations(every, 2)
        if one.target.post_id == other.target.post_id is not None
        and one.annotator == other.annotator
        and one.label != other.label
        and {one.scope, other.scope} <= {Scope.POST, Scope.SPAN}
        and (not within.labels or within.labels & {one.label, other.label})
    }
    yield "together", Counter(pair[1:] for pair in met)
    reviews = [
        (row, name, at)
        for row, name, at in project.connection.execute(
            "SELECT v.post_id, r.name, v.reviewed_at FROM reviews v JOIN annotators r ON r.id = v.annotator_id "
            "WHERE ?1 IS NULL OR v.annotator_id = ?1",
            (within.annotator_id,),
        )
        if row in posts
    ]
    yield "reviewed", Counter(posts[row][0] for row in {row for row, _, _ in reviews} if posts[row][2])
    days = Counter((day(each.created_at), each.annotator, "label") for each in asked)
    yield "days", days + Counter((day(at), name, "review") for _, name, at in reviews)


def day(at: str) -> str:
    return datetime.fromisoformat(at).astimezone(KATHMANDU).date().isoformat()


def told(project: Project, statistics: Statistics) -> Iterator[tuple[str, Any]]:
    """Return the statistics as the naive count has them."""
    rows = dict(project.connection.execute("SELECT key, id FROM threads"))
    yield (
        "annotations",
        Counter({(each.label, who): n for each in statistics.labels for who, n in each.by_annotator.items()}),
    )
    yield (
        "depths",
        Counter({(each.depth, label): n for each in statistics.depths for label, n in each.by_label.items()}),
    )
    yield "labeled", Counter({rows[each.thread]: each.labeled for each in statistics.threads if each.labeled})
    yield "together", Counter({tuple(sorted((each.first, each.second))): each.posts for each in statistics.together})
    yield "reviewed", Counter({rows[each.thread]: each.reviewed for each in statistics.threads if each.reviewed})
    labels = Counter(
        {(each.day, each.annotator, "label"): each.annotations for each in statistics.days if each.annotations}
    )
    yield "days", labels + Counter({(e.day, e.annotator, "review"): e.reviews for e in statistics.days if e.reviews})


@pytest.fixture(scope="module")
def make_desk(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Desk]:
    """Make a project in a folder of its own."""

    def make() -> Desk:
        folder: Path = tmp_path_factory.mktemp("desk")
        return Desk(folder / "desk.db", parse_codebook(RULES))

    return make


@given(steps=STEPS, which=st.sampled_from(("all", "thread", "annotator", "labels")))
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_the_numbers_are_those_of_a_naive_count(
    make_desk: Callable[[], Desk], steps: list[tuple[str, str, int, int]], which: str
) -> None:
    desk = make_desk()
    with desk.project as project:
        follow(desk, steps)
        within = {
            "all": Within(),
            "thread": Within(thread_id=desk.thread_id),
            "annotator": Within(annotator_id=project.annotator("Bo").id),
            "labels": Within(labels=frozenset({"term", "agree", "rebuts"})),
        }[which]
        counted = dict(naive(project, within))
        statistics = take_statistics(project, within, KATHMANDU)
        for what, numbers in told(project, statistics):
            assert numbers == counted[what], what
        for each in statistics.labels:
            assert each.posts == counted["posts"][each.label]
        for pair in statistics.together:
            of_first, of_second = (counted["posts"][label] for label in (pair.first, pair.second))
            assert max(of_first, of_second) <= pair.either <= of_first + of_second - pair.posts
