"""Posts of one thread on the disk are those that were added, and are told apart as those in memory are."""

from __future__ import annotations

import pytest

from annotations.importers.reading import gathering
from annotations.importers.reading.gathering import gather, keep, links_of, reorder
from annotations.lazy_posts import LazyPosts
from annotations.model import Post
from annotations.work import Work

COUNT = 3000
POSTS = [
    Post(key=str(number), parent=None if number % 3 else "0", text=f"Text {number}", meta={"number": number})
    for number in range(COUNT)
]


@pytest.fixture(params=["memory", "disk"])
def kind(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr(gathering, "FEW", 100 if request.param == "disk" else 10_000)
    return str(request.param)


def test_posts_come_back_as_they_were_added(kind: str) -> None:
    posts = gather(iter(POSTS), Work())
    assert isinstance(posts, LazyPosts) == (kind == "disk")
    assert list(posts) == POSTS
    assert [post.meta["number"] for post in posts] == list(range(COUNT))
    assert list(links_of(posts)) == [(post.key, post.parent, post.created_at) for post in POSTS]


def test_some_are_kept_and_some_change_places(kind: str) -> None:
    posts = gather(iter(POSTS), Work())
    assert list(keep(posts, (number % 2 == 0 for number in range(COUNT)))) == POSTS[::2]
    turned = reorder(posts, range(COUNT - 1, -1, -1))
    assert isinstance(turned, LazyPosts) == (kind == "disk")
    assert list(turned) == POSTS[::-1]
    assert turned[0] == POSTS[-1]


def test_what_is_a_sequence_stays_as_it_is() -> None:
    assert gather(POSTS, Work()) is POSTS


@pytest.mark.usefixtures("kind")
def test_what_waits_of_the_whole_source_is_not_what_is_in_one_thread() -> None:
    work = Work()
    work.coming = 4711
    assert len(gather(iter(POSTS), work)) == len(POSTS)
    assert work.coming == 4711
