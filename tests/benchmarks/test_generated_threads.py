"""The threads that benchmarks measure with are what they are said to be, and get into a project whole."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

import pytest

from annotations.model import PostKind
from annotations.shape import Shape, size_class
from annotations.store.check import check
from annotations.store.project import Project
from annotations.store.threads import iter_posts, load_shape
from tests.benchmarks import threads

if TYPE_CHECKING:
    from pathlib import Path

COMMENTS = 3000


def test_bodies_are_as_long_and_as_mixed_as_said() -> None:
    texts = [post.text for post in islice(threads.generate(COMMENTS), 1, None)]
    assert len(texts) == COMMENTS
    assert min(map(len, texts)) >= threads.SHORTEST
    assert max(map(len, texts)) <= threads.LONGEST
    assert 185 < sum(map(len, texts)) / COMMENTS < 205
    assert 0.39 < sum(not text.isascii() for text in texts) / COMMENTS < 0.43
    written = "".join(texts)
    for sample in ("👩‍👩‍👧‍👦", "e\u0301", "隧道", "予算", "보고서", "“", "\n\n"):
        assert sample in written
    assert all(text == text.rstrip() for text in texts)


def test_tree_is_deep_and_most_of_it_hangs_on_few_posts() -> None:
    depths = list(threads.depths(100_000))
    shape = Shape("\0" + "".join(map(chr, depths)), bytes(len(depths) + 1))
    assert shape.is_tree()
    assert max(depths) == threads.DEEPEST
    assert 0.02 < depths.count(1) / len(depths) < 0.1
    assert 6 < sum(depths) / len(depths) < 14


def test_same_seed_makes_the_same_thread_and_another_one_another() -> None:
    first, again, other = (list(threads.generate(200, seed)) for seed in (1, 1, 2))
    assert first == again
    assert [post.text for post in first] != [post.text for post in other]
    assert [post.parent for post in first] != [post.parent for post in other]


def test_posts_are_made_as_they_are_asked_for() -> None:
    article, comment = islice(threads.generate(10**9), 2)
    assert article.kind is PostKind.ARTICLE
    assert comment.parent == article.key


def test_shape_is_that_of_the_posts() -> None:
    posts = list(threads.generate(500))
    depths: dict[str | None, int] = {None: -1}
    for post in posts:
        depths[post.key] = depths[post.parent] + 1
    expected = Shape("".join(chr(depths[post.key]) for post in posts), bytes(size_class(post.text) for post in posts))
    assert threads.generate_shape(500) == expected


@pytest.mark.parametrize("saved_whole", [0, 1000], ids=["row by row", "as imported"])
def test_thread_in_a_project_is_whole_and_sound(
    saved_whole: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(threads, "SAVED_WHOLE", saved_whole)
    with Project.open(tmp_path / "generated.db", create=True) as project:
        thread_id = threads.write_thread(project, 300)
        stored = list(iter_posts(project, thread_id))
        for post, made in zip(stored, threads.generate(300), strict=True):
            assert (post.key, post.parent, post.text, post.author) == (made.key, made.parent, made.text, made.author)
        assert load_shape(project, thread_id) == threads.generate_shape(300)
        assert check(project) == []
