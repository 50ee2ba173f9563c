"""A tree is made of what records say, whatever is wrong with it; of posts that are fetched it is the same one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotations.errors import SourceError
from annotations.importers.reading import assemble as assembling
from annotations.importers.reading.assemble import AGAIN, CIRCULAR, LACKING, OLDER, TOO_DEEP, TWICE, assemble
from annotations.lazy_posts import LazyPosts, ReorderedPosts
from annotations.model import Post, PostKind, Thread
from annotations.sources.problems import Problem, Problems
from annotations.store.prepared import PreparedThread
from annotations.work import Work

if TYPE_CHECKING:
    from collections.abc import Sequence

ARTICLE = Post(key="0", parent=None, kind=PostKind.ARTICLE, text="The lock", created_at="2026-05-01T08:00:00Z")
KEYS = st.sampled_from(["0", "1", "2", "3", "4", "5", "1~2", ""])
RECORDS = st.lists(
    st.builds(
        Post,
        key=KEYS,
        parent=KEYS | st.none() | st.sampled_from(["t3", "gone", "lost"]),
        text=st.sampled_from(["", "a"]),
        created_at=st.sampled_from([None, "2026-04-01T00:00:00Z", "2026-05-02T00:00:00Z"]),
        uncertain=st.sampled_from([(), ("a guess",)]),
    ),
    max_size=9,
)


def record(key: str, parent: str | None = "0", text: str = "", time: str | None = None) -> Post:
    return Post(key=key, parent=parent, text=text or f"says {key}", created_at=time)


class Told(Problems):
    """Problems that keep all that they were told."""

    def __init__(self) -> None:
        self.log: list[Problem] = []
        super().__init__("dump", listener=lambda _, problem: self.log.append(problem))


def put_together(*records: Post, roots: frozenset[str | None] = frozenset({None, ""})) -> tuple[list[Post], set[str]]:
    """Return the posts, and what was reported."""
    problems = Told()
    posts = assemble(ARTICLE, iter(records), problems, roots=roots)
    assert isinstance(posts, tuple)
    assert posts[0] == ARTICLE
    return list(posts[1:]), {problem.what for problem in problems.log}


def shown(posts: Sequence[Post]) -> str:
    return " ".join(f"{post.key}<{post.parent}" for post in posts)


def test_answers_stand_below_what_they_answer_in_the_order_of_the_source() -> None:
    posts, said = put_together(record("3", "1"), record("1"), record("2"), record("5", "3"), record("4", "1"))
    assert shown(posts) == "1<0 3<1 5<3 4<1 2<0"
    assert said == set()


def test_all_that_stands_for_the_article_is_the_article() -> None:
    posts, said = put_together(
        record("1", None), record("2", ""), record("3", "t3_x"), record("4", "0"), roots=frozenset({"", "t3_x"})
    )
    assert shown(posts) == "1<0 2<0 3<0 4<0"
    assert said == set()


def test_what_answers_a_missing_comment_alone_answers_the_article() -> None:
    [post], said = put_together(record("1", "gone"))
    assert (post.parent, post.meta, post.uncertain) == ("0", {"parent": "gone"}, (LACKING,))
    assert said == {LACKING}


def test_what_answers_a_missing_comment_together_stays_together() -> None:
    posts, said = put_together(record("1", "gone"), record("2"), record("3", "gone"), record("4", "1"))
    assert shown(posts) == "2<0 gone<0 1<gone 4<1 3<gone"
    assert posts[1].meta == {"is_missing": True}
    assert posts[1].uncertain
    assert [post.meta for post in posts if post.key in "13"] == [{"parent": "gone"}] * 2
    assert said == {LACKING}


def test_of_two_with_one_key_both_stay_unless_they_say_the_same() -> None:
    posts, said = put_together(
        record("1"), record("1", text="else"), record("1"), record("1", "0", "more"), record("2", "1")
    )
    assert shown(posts) == "1<0 2<1 1~2<0 1~3<0"
    assert [(post.text, post.meta, post.uncertain) for post in posts[2:]] == [
        ("else", {"key": "1"}, (TWICE,)),
        ("more", {"key": "1"}, (TWICE,)),
    ]
    assert said == {AGAIN, TWICE}


def test_a_circle_is_opened_at_its_oldest_record() -> None:
    posts, said = put_together(
        record("1", "3", time="2026-05-03T00:00:00Z"),
        record("2", "1", time="2026-05-02T00:00:00Z"),
        record("3", "2"),
        record("4", "4"),
    )
    assert shown(posts) == "2<0 3<2 1<3 4<0"
    assert (posts[0].meta, posts[0].uncertain) == ({"parent": "1"}, (CIRCULAR,))
    assert CIRCULAR in said


def test_what_is_older_than_what_it_answers_is_told_and_stays() -> None:
    posts, said = put_together(record("1", time="2026-04-30T00:00:00Z"), record("2", time="2026-05-02T00:00:00Z"))
    assert shown(posts) == "1<0 2<0"
    assert said == {OLDER}


def test_what_is_too_deep_answers_the_deepest_that_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(assembling, "DEEPEST", 2)
    posts, said = put_together(*(record(f"{n}", f"{n - 1}") for n in range(1, 6)), record("x", "2"), record("y", "1"))
    assert shown(posts) == "1<0 2<1 3<1 4<1 5<1 x<1 y<1"
    assert said == {TOO_DEEP}


def test_a_chain_of_any_length_is_put_together() -> None:
    posts, said = put_together(*(record(f"{n}", f"{n - 1}") for n in range(5000, 0, -1)))
    assert [post.key for post in posts] == [f"{n}" for n in range(1, 5001)]
    assert said == set()


def test_a_strict_import_ends_at_the_first_problem() -> None:
    with pytest.raises(SourceError, match="comment 1"):
        assemble(ARTICLE, [record("1", "gone")], Problems("dump", is_strict=True))


@given(RECORDS)
def test_any_records_make_a_tree_that_can_be_stored_and_none_is_lost(records: list[Post]) -> None:
    problems = Told()
    posts = assemble(ARTICLE, records, problems, roots=frozenset({None, "", "t3"}))
    repeated = sum(problem.what == AGAIN for problem in problems.log)
    added = sum("is_missing" in post.meta for post in posts)
    assert len(posts) == 1 + len(records) - repeated + added
    thread = Thread(key="t", title="T", posts=posts, format="test")
    assert PreparedThread(thread, "/dump", "", Work()).thread.posts == posts, "in pre-order already"


@given(RECORDS)
def test_of_posts_that_are_fetched_the_thread_is_the_same(records: list[Post]) -> None:
    here, there = Told(), Told()
    posts = assemble(ARTICLE, records, here)
    lazy = assemble(ARTICLE, ReorderedPosts(records, range(len(records)), {}), there)
    assert isinstance(lazy, LazyPosts)
    assert tuple(lazy) == posts
    assert [lazy[place] for place in range(len(lazy))] == list(posts)
    assert tuple(lazy[::-1]) == posts[::-1]
    assert here.log == there.log
