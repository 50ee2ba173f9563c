"""Queues: what they hold, what comes next, how far one has come; also after a restart and a second import."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from annotations.codebook_toml import parse_codebook
from annotations.model import Post, Target
from annotations.post_filter import State
from annotations.queue import LEAVES_NOTHING_OUT, Queue, QueueKind, QueueRun, is_done
from annotations.queue_loading import Worker, is_quick, load_run
from annotations.shuffle import Shuffle
from annotations.store import queues
from annotations.store.threads import load_thread

if TYPE_CHECKING:
    from annotations.session import LabelingSession
    from tests.annotations.conftest import Desk

KEYS = ("1", "1.1", "1.1.1", "2", "3", "3.1")
"""The comments of the thread, at the positions 1 to 6."""


@pytest.fixture
def session(desk: Desk) -> LabelingSession:
    return desk.session()


def worker(desk: Desk, session: LabelingSession, read: bytes = b"") -> Worker:
    thread = load_thread(desk.project, desk.thread_id)
    return Worker(thread, session.annotator.id, session.codebook, {State.READ: read.ljust(thread.posts, b"\0")})


def run(desk: Desk, session: LabelingSession, queue: Queue, members: bytes | None = None) -> QueueRun:
    return load_run(desk.project, queue, worker(desk, session), members)


def path(run: QueueRun, after: int = 0) -> list[int]:
    """Return where a queue leads, each comment once."""
    found: list[int] = []
    at = after
    while (following := run.next(at)) is not None and following not in found:
        found.append(following)
        at = following
    return found


class TestWhatAQueueHolds:
    def test_a_new_thread_waits_from_its_first_comment_on(self, desk: Desk, session: LabelingSession) -> None:
        for kind in (QueueKind.UNREVIEWED, QueueKind.UNLABELED, QueueKind.UNREAD, QueueKind.EVERY):
            assert path(run(desk, session, Queue(kind))) == [1, 2, 3, 4, 5, 6]
            assert path(run(desk, session, Queue(kind)), 4) == [5, 6, 1, 2, 3, 4]
        for kind in (QueueKind.ANNOTATED, QueueKind.FLAGGED, QueueKind.DISPUTED):
            assert path(run(desk, session, Queue(kind))) == []

    def test_each_looks_at_its_own_marks(self, desk: Desk, session: LabelingSession) -> None:
        session.apply("agree", desk.post("1"))
        session.apply("term", desk.span(0, 2, "1.1"))
        session.apply("quotes", desk.relation("1.1.1", "0"))
        session.review(desk.posts["2"])
        session.flag(desk.posts["3"])
        session.flag(desk.posts["0"])
        assert path(run(desk, session, Queue(QueueKind.UNLABELED))) == [4, 5, 6]
        assert path(run(desk, session, Queue(QueueKind.UNREVIEWED))) == [5, 6]
        assert path(run(desk, session, Queue(QueueKind.ANNOTATED))) == [1, 2, 3]
        assert path(run(desk, session, Queue(QueueKind.FLAGGED))) == [5]
        reading = load_run(desk.project, Queue(QueueKind.UNREAD), worker(desk, session, b"\0\1\0\1"))
        assert path(reading) == [2, 4, 5, 6]

    def test_what_others_did_does_not_count(self, desk: Desk, session: LabelingSession) -> None:
        bea = desk.session("Bea")
        bea.apply("agree", desk.post("1"))
        bea.review(desk.posts["2"])
        bea.flag(desk.posts["2"])
        assert path(run(desk, session, Queue())) == [1, 2, 3, 4, 5, 6]
        assert path(run(desk, session, Queue(QueueKind.FLAGGED))) == []

    def test_a_subtree_is_a_comment_and_all_below_it(self, desk: Desk, session: LabelingSession) -> None:
        session.apply("agree", desk.post("1.1"))
        subtree = run(desk, session, Queue(QueueKind.SUBTREE, post_id=desk.posts["1"]))
        assert path(subtree) == [1, 3]
        assert subtree.progress(1) == (1, 3)
        assert path(run(desk, session, Queue(QueueKind.SUBTREE, post_id=99_999))) == []

    def test_replies_are_those_to_posts_that_carry_the_label(self, desk: Desk, session: LabelingSession) -> None:
        session.apply("term", desk.span(0, 2, "1.1"))
        session.apply("claim", desk.span(0, 2))
        assert path(run(desk, session, Queue(QueueKind.REPLIES, label="term"))) == [3]
        assert path(run(desk, session, Queue(QueueKind.REPLIES, label="claim"))) == [1, 4, 5]
        assert path(run(desk, session, Queue(QueueKind.REPLIES, label="premise"))) == []

    def test_a_filter_holds_what_met_it_when_it_was_chosen(self, desk: Desk, session: LabelingSession) -> None:
        queue = Queue(QueueKind.FILTER, words="author:pikeperch unlabeled")
        chosen = run(desk, session, queue)
        assert path(chosen) == [1, 6]
        session.apply("agree", desk.post("1"))
        again = run(desk, session, queue, bytes(chosen.members))
        assert (path(again), again.progress(1)) == ([6], (1, 2))
        assert run(desk, session, queue).progress(1) == (0, 1)

    def test_disputed_are_those_on_which_annotators_differ(self, desk: Desk, session: LabelingSession) -> None:
        session.apply("agree", desk.post("2"))
        desk.session("Bea").apply("disagree", desk.post("2"))
        desk.session("Bea").apply("funny", desk.post("3"))
        assert path(run(desk, session, Queue(QueueKind.DISPUTED))) == [4]

    def test_random_goes_through_all_in_the_order_of_its_seed(self, desk: Desk, session: LabelingSession) -> None:
        order = [Shuffle(5, 6).at(place) + 1 for place in range(6)]
        shuffled = run(desk, session, Queue(QueueKind.RANDOM, seed=5))
        assert path(shuffled) == order
        session.apply("agree", desk.post(KEYS[order[1] - 1]))
        assert path(run(desk, session, Queue(QueueKind.RANDOM, seed=5)), order[0]) == [*order[2:], order[0]]


REQUIRED = """
name = "Two questions"
[[groups]]
id = "stance"
name = "Stance"
required = true
[[labels]]
id = "agree"
name = "Agree"
scope = "post"
group = "stance"
[[labels]]
id = "funny"
name = "Funny"
scope = "post"
"""


def test_a_comment_that_lacks_a_required_label_is_not_done() -> None:
    codebook = parse_codebook(REQUIRED, "required")
    assert not is_done(codebook, {"funny"}, is_reviewed=False)
    assert not is_done(codebook, set(), is_reviewed=True)
    assert is_done(codebook, {"funny", "agree"}, is_reviewed=False)


class TestTheRun:
    @given(st.lists(st.booleans(), min_size=1, max_size=40), st.lists(st.booleans(), max_size=40), st.integers(0, 45))
    def test_the_next_is_the_first_behind_going_round(self, members: list[bool], done: list[bool], after: int) -> None:
        size = len(members)
        passed = bytes(done).ljust(size, b"\0")[:size]
        found = QueueRun(Queue(), size, bytes(members), passed)
        waiting = [place for place in range(1, size) if members[place] and not passed[place]]
        behind = [place for place in waiting if place > after]
        assert found.next(after) == ((behind or waiting)[0] if waiting else None)
        assert (found.left, found.total) == (len(waiting), sum(members[1:]))

    @given(st.integers(1, 60), st.integers(0, 99), st.sets(st.integers(1, 60)), st.integers(0, 60))
    def test_a_random_order_is_gone_along_also_where_few_are_left(
        self, size: int, seed: int, done: set[int], after: int
    ) -> None:
        size, after = size + 1, min(after, size)
        column = bytes(place in done for place in range(size))
        found = QueueRun(Queue(QueueKind.RANDOM, seed=seed), size, None, column)
        shuffle = Shuffle(seed, size - 1)
        order = [shuffle.at(place) + 1 for place in range(size - 1)]
        start = order.index(after) + 1 if after else 0
        expected = [place for place in order[start:] + order[:start] if not column[place]]
        assert found.next(after) == (expected[0] if expected else None)

    @given(st.lists(st.tuples(st.integers(0, 12), st.booleans(), st.booleans()), max_size=30), st.integers(0, 12))
    def test_marks_keep_it_as_if_it_were_made_anew(self, marks: list[tuple[int, bool, bool]], at: int) -> None:
        for kind in (QueueKind.UNREVIEWED, QueueKind.FLAGGED):
            kept = QueueRun(Queue(kind), 12)
            members, done = bytearray(b"\0" + b"\1" * 11), bytearray(12)
            for position, is_member, is_finished in marks:
                kept.progress(position)
                kept.mark(position, is_member=is_member, is_done=is_finished)
                if 0 < position < 12:
                    members[position], done[position] = is_member, is_finished
            made = QueueRun(Queue(kind), 12, bytes(members), bytes(done))
            assert (kept.left, kept.total, kept.next(at)) == (made.left, made.total, made.next(at))
            assert kept.progress(at) == made.progress(at)

    def test_a_queue_that_passes_nothing_over_counts_up_to_where_one_is(self) -> None:
        flagged = QueueRun(Queue(QueueKind.FLAGGED), 7, bytes([0, 1, 0, 1, 0, 0, 1]))
        assert [flagged.progress(position) for position in (0, 1, 2, 3, 6, 2)] == [
            (0, 3),
            (1, 3),
            (1, 3),
            (2, 3),
            (3, 3),
            (1, 3),
        ]
        assert flagged.comes_round(6, 1)
        assert not flagged.comes_round(1, 3)


class TestAcrossARestart:
    def test_queue_place_and_members_are_there_again_for_each_annotator(
        self, desk: Desk, session: LabelingSession
    ) -> None:
        thread = load_thread(desk.project, desk.thread_id)
        queue = Queue(QueueKind.FILTER, words="author:eel", seed=3)
        session.save_queue(thread, queue.to_json(), b"\0\1\0\0\0\0\0")
        session.save_queue_place(thread.id, desk.posts["1.1"])
        bea = desk.session("Bea")
        bea.save_queue(thread, Queue(QueueKind.RANDOM, seed=8).to_json())
        desk.reopen()
        kept = queues.load_queue(desk.project, thread, session.annotator.id)
        assert kept is not None
        assert (Queue.from_json(kept.queue), kept.at, kept.members) == (queue, 2, b"\0\1\0\0\0\0\0")
        other = queues.load_queue(desk.project, thread, bea.annotator.id)
        assert other is not None
        assert (Queue.from_json(other.queue), other.at, other.members) == (Queue(QueueKind.RANDOM, 8), 0, None)
        assert queues.load_queue(desk.project, load_thread(desk.project, desk.other_id), bea.annotator.id) is None

    def test_after_another_import_members_are_found_anew_and_the_place_follows_its_post(
        self, desk: Desk, session: LabelingSession
    ) -> None:
        queue = Queue(QueueKind.FILTER, words="eel").to_json()
        session.save_queue(load_thread(desk.project, desk.thread_id), queue, bytes(7))
        session.save_queue_place(desk.thread_id, desk.posts["2"])
        desk.revise(newcomer=Post(key="new", parent="0", author="newt", text="First!"))
        kept = queues.load_queue(desk.project, load_thread(desk.project, desk.thread_id), session.annotator.id)
        assert kept is not None
        assert (kept.at, kept.members) == (5, None)

    @pytest.mark.parametrize("source", ["", "[]", "{}", '{"kind": "nonsense"}', '{"kind": "random", "seed": "x"}'])
    def test_what_is_no_queue_is_the_first_one(self, source: str) -> None:
        assert Queue.from_json(source) == Queue()

    @given(st.builds(Queue, st.sampled_from(QueueKind), st.integers(0, 99), st.text(), st.integers(0, 9), st.text()))
    def test_a_queue_is_read_as_it_was_written(self, queue: Queue) -> None:
        assert Queue.from_json(queue.to_json()) == queue


@given(st.sets(st.integers(1, 6)), st.sets(st.integers(1, 6)), st.sampled_from(sorted(QueueKind)))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_run_that_is_made_is_the_one_that_a_walk_finds(
    desk: Desk, labeled: set[int], reviewed: set[int], kind: QueueKind
) -> None:
    session = desk.session()
    for position, key in enumerate(KEYS, start=1):
        target = Target(thread_id=desk.thread_id, post_id=desk.posts[key])
        if run(desk, session, Queue(QueueKind.ANNOTATED)).holds(position) is not (position in labeled):
            session.toggle("funny", target)
        session.review(desk.posts[key], is_reviewed=position in reviewed)
        session.flag(desk.posts[key], is_flagged=position in reviewed)
    everything = set(range(1, 7))
    members = {
        QueueKind.ANNOTATED: labeled,
        QueueKind.FLAGGED: reviewed,
        QueueKind.FILTER: set(),
        QueueKind.SUBTREE: set(),
        QueueKind.REPLIES: set(),
        QueueKind.DISPUTED: set(),
    }.get(kind, everything)
    passed = labeled if kind is QueueKind.UNLABELED else set() if kind is QueueKind.UNREAD else labeled | reviewed
    if kind in LEAVES_NOTHING_OUT:
        passed = set()
    queue = Queue(kind, words="nothing is like this")
    assert set(path(run(desk, session, queue))) == members - passed


def test_a_little_work_in_a_small_thread_is_quick_and_much_is_not(
    desk: Desk, session: LabelingSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    session.apply("agree", desk.post("1"))
    session.apply("agree", desk.post("2"))
    assert is_quick(desk.project, Queue(), worker(desk, session))
    monkeypatch.setattr("annotations.queue_loading.SMALL", 2)
    assert not is_quick(desk.project, Queue(), worker(desk, session))
    assert is_quick(desk.project, Queue(QueueKind.EVERY), worker(desk, session))
    assert not is_quick(desk.project, Queue(QueueKind.FILTER), worker(desk, desk.session("Bea")))


def test_the_nearest_untouched_comment_is_found_within_bounds(desk: Desk, session: LabelingSession) -> None:
    session.apply("agree", desk.post("1"))
    session.review(desk.posts["1.1"])

    def near(low: int, high: int) -> int | None:
        return queues.next_untouched(desk.project, desk.thread_id, session.annotator.id, low, high)

    assert [near(0, 9), near(4, 9), near(1, 2), near(7, 9)] == [3, 4, None, None]


def test_the_next_thread_with_work_goes_round(desk: Desk, session: LabelingSession) -> None:
    ada = session.annotator.id
    assert queues.next_thread_with_work(desk.project, ada, desk.thread_id) == (desk.other_id, "Harbour tunnel approved")
    assert queues.next_thread_with_work(desk.project, ada, desk.other_id) == (
        desk.thread_id,
        "Harbour tunnel approved",
    )
    session.review_all(desk.posts.values())
    assert queues.next_thread_with_work(desk.project, ada, desk.other_id) is None
