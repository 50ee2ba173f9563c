"""Posts of mixed threads go to the disk as they come, and come back thread by thread."""

from __future__ import annotations

import os
import sys
from itertools import islice
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotations.lazy_posts import LazyPosts, ReorderedPosts
from annotations.model import Post, PostKind
from annotations.store import spool as spooling
from annotations.store.spool import Spool, SpoolError
from annotations.work import Work, WorkCancelledError

RICH = Post(
    key="7",
    parent="0",
    text="Der Tunnel — 隧道 🚇\n\n\tneu",
    author="Ann",
    created_at="2026-05-01T08:30:00Z",
    uncertain=("perhaps an answer to 6",),
    meta={"score": -3, "edited": False, "url": None, "raw": {"awards": [{"id": "a", "weight": 0.5}], "": []}},
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=5,
)


def posts_of(*keys: str) -> list[Post]:
    return [Post(key=key, parent="0", text=f"says {key}") for key in keys]


def add(spool: Spool, posts: int) -> None:
    """Add so many posts of a kilobyte."""
    for number in range(posts):
        spool.add("t", Post(key=str(number), parent=None, text="word " * 200))


def test_threads_come_in_the_order_of_their_first_posts_and_posts_in_theirs() -> None:
    with Spool() as spool:
        for thread, key in (("b", "1"), ("a", "2"), ("b", "9"), ("c", "3"), ("a", "1"), ("b", "4")):
            spool.add(thread, Post(key=key, parent=None))
        assert len(spool) == 6
        read = [(thread, [post.key for post in posts]) for thread, posts in spool.threads()]
    assert read == [("b", ["1", "9", "4"]), ("a", ["2", "1"]), ("c", ["3"])]


def test_nothing_added_is_nothing_read() -> None:
    with Spool() as spool:
        assert list(spool.threads()) == []


@pytest.mark.parametrize("kind", list(PostKind))
def test_a_post_comes_back_with_all_that_it_has(kind: PostKind) -> None:
    post = Post(**{**{name: getattr(RICH, name) for name in RICH.__struct_fields__}, "kind": kind})
    with Spool() as spool:
        spool.add("t", post)
        [(_, [again])] = spool.threads()
    assert again == post
    assert type(again.kind) is PostKind
    assert type(again.uncertain) is tuple


@given(st.dictionaries(st.text(), VALUES, max_size=4))
def test_what_the_source_says_beyond_the_model_comes_back(meta: dict[str, object]) -> None:
    """Numbers of any length, halves of surrogate pairs and NaN included: importers promise to clean, a disk must not fail."""
    meta |= {"big": 10**30, "lone": "\ud800"} if len(meta) % 2 else {}
    with Spool() as spool:
        spool.add("t", Post(key="1", parent=None, meta=meta))
        [(_, [post])] = spool.threads()
    assert post.meta == meta


def test_a_long_thread_is_read_from_the_disk_as_often_as_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spooling, "IN_MEMORY", 3)
    posts = [*posts_of(*map(str, range(1200))), Post(key="odd", parent=None, meta={"number": 1 << 99})]
    with Spool() as spool:
        for post in posts:
            spool.add("long", post)
            spool.add("other", post)
        read = dict(spool.threads())
        long, other = read["long"], read["other"]
        assert isinstance(long, LazyPosts)
        assert list(long) == list(other) == posts
        assert list(long) == posts, "a second time"
        assert (len(long), long[0], long[-1], long[700]) == (1201, posts[0], posts[-1], posts[700])
        assert list(long[5:900:7]) == posts[5:900:7]
        assert list(long.fetch([900, 3, 3, 1200])) == [posts[900], posts[3], posts[3], posts[1200]]
        assert list(long.links()) == [(post.key, post.parent, post.created_at) for post in posts]
        with pytest.raises(IndexError):
            long[1201]


@given(st.lists(st.integers(0, 29)), st.sets(st.integers(0, 35)))
def test_posts_in_another_order_with_others_among_them(order: list[int], changed: set[int]) -> None:
    posts = posts_of(*map(str, range(30)))
    others = {place: Post(key=f"other {place}", parent=None) for place in changed}
    order += [place for place in changed if place >= len(posts)]
    expected = [others.get(place) or posts[place] for place in order]
    reordered = ReorderedPosts(posts, order, others)
    assert list(reordered) == expected
    assert list(ReorderedPosts(reordered, range(len(order)), {})) == expected
    assert list(reordered.links()) == [(post.key, post.parent, None) for post in expected]


def test_facts_of_threads_are_kept_and_make_threads_of_their_own() -> None:
    with Spool() as spool:
        spool.add_thread_fact("empty", "title", "No answers yet")
        spool.add("b", Post(key="1", parent=None))
        spool.add_thread_fact("b", "title", "Old")
        spool.add_thread_fact("b", "title", "New")
        spool.add_thread_fact("b", "score", {"up": 12, "down": None, "huge": 10**25})
        spool.add_thread_fact("late", "title", "Last")
        assert [(thread, len(posts)) for thread, posts in spool.threads()] == [("empty", 0), ("b", 1), ("late", 0)]
        assert spool.thread_facts("b") == {"title": "New", "score": {"up": 12, "down": None, "huge": 10**25}}
        assert spool.thread_facts("unknown") == {}


def test_more_may_be_added_after_reading() -> None:
    with Spool() as spool:
        spool.add("a", Post(key="1", parent=None))
        assert len(list(spool.threads())) == 1
        spool.add("b", Post(key="1", parent=None))
        spool.add("a", Post(key="2", parent=None))
        assert [(thread, len(posts)) for thread, posts in spool.threads()] == [("a", 2), ("b", 1)]


def test_cancelled_work_stops_adding_and_reading() -> None:
    work = Work()
    with Spool(work) as spool:
        for number in range(10):
            spool.add(f"{number}", Post(key="1", parent=None))
        threads = spool.threads()
        assert len(list(islice(threads, 2))) == 2
        work.cancel()
        with pytest.raises(WorkCancelledError):
            list(threads)
        with pytest.raises(WorkCancelledError):
            add(spool, 2000)


def test_a_full_disk_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    with Spool() as spool:
        spool._connection.execute("PRAGMA max_page_count=20")
        monkeypatch.setattr(spooling, "_BATCH", 10)
        with pytest.raises(SpoolError, match="TMPDIR"):
            add(spool, 1000)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux lists a program's files")
def test_the_file_has_no_name_even_while_it_is_used() -> None:
    """So nothing stays of it when the program is killed."""
    with Spool() as spool:
        add(spool, 20_000)
        files = [os.readlink(file) for file in Path("/proc/self/fd").iterdir() if file.is_symlink()]  # noqa: PTH115  # says “(deleted)”
    assert any("etilqs" in file and file.endswith("(deleted)") for file in files)
