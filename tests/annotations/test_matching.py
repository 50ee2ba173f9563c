"""Comments whose source gives them no names: each is known again by what it says, who says it, and what is around it."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest

from annotations.model import Post, PostKind
from annotations.store.matching import match_posts
from annotations.store.post_columns import columns_of, kinds_of_keys
from annotations.store.tree import path_keyed
from tests.benchmarks.edits import Edited, Prose

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from annotations.store.post_columns import PostColumns

SHORT = ("+1", "This.", "Yes.", "I agree", "No.", "Source?", "Exactly", "Wrong.")
PROSE = Prose(4)


class Comment:
    """A comment of a thread that grows, with who it truly is."""

    def __init__(self, name: int, author: str | None, text: str, created_at: str | None = None) -> None:
        self.name = name
        self.author = author
        self.text = text
        self.created_at = created_at
        self.answers: list[Comment] = []


def flatten(root: Comment) -> tuple[list[Post], list[int], list[int]]:
    """Return posts with paths for keys, their parents, and who each truly is."""
    posts: list[Post] = []
    parents: list[int] = []
    names: list[int] = []

    def add(comment: Comment, key: str, parent_key: str | None, parent: int) -> None:
        place = len(posts)
        kind = PostKind.ARTICLE if parent < 0 else PostKind.COMMENT
        posts.append(
            Post(
                key=key,
                parent=parent_key,
                kind=kind,
                text=comment.text,
                author=comment.author,
                created_at=comment.created_at,
            )
        )
        parents.append(parent)
        names.append(comment.name)
        for number, answer in enumerate(comment.answers, 1):
            add(answer, str(number) if parent < 0 else f"{key}.{number}", key, place)

    add(root, "0", None, -1)
    return posts, parents, names


def find(old: PostColumns, posts: Sequence[Post], parents: Sequence[int]) -> list[int | None]:
    """Return for each post the place of the old one that it is taken for, by what it says alone."""
    found = match_posts(old, columns_of(posts, parents), key_kinds=None)
    return [None if place < 0 else place for place in found]


def matched(before: Comment, after: Comment) -> list[tuple[int, int | None]]:
    """Return for each comment of the later thread who it is, and who it was taken for."""
    posts, parents, names = flatten(before)
    old = columns_of(posts, parents)
    now, now_parents, now_names = flatten(after)
    found = find(old, now, now_parents)
    return [(name, None if place is None else names[place]) for name, place in zip(now_names, found, strict=True)]


def thread(*comments: Comment) -> Comment:
    root = Comment(0, None, "The article")
    root.answers = list(comments)
    return root


def same(number: int, *, at: str | None = None, answers: Iterable[Comment] = ()) -> Comment:
    comment = Comment(number, None, "+1", at)
    comment.answers = list(answers)
    return comment


def test_comments_that_say_the_same_are_told_apart_by_when_they_were_written() -> None:
    before = thread(same(1, at="2026-05-01T08:00:00Z"), same(2, at="2026-05-01T09:00:00Z"))
    after = thread(
        same(3, at="2026-05-01T07:00:00Z"), same(2, at="2026-05-01T09:00:00Z"), same(1, at="2026-05-01T08:00:00Z")
    )
    assert matched(before, after) == [(0, 0), (3, None), (2, 2), (1, 1)]


def test_comments_that_say_the_same_are_told_apart_by_their_answers() -> None:
    before = thread(same(1), same(2, answers=[Comment(4, "Ann", "Why?")]))
    after = thread(same(3), same(1), same(2, answers=[Comment(4, "Ann", "Why?")]))
    assert (2, 2) in matched(before, after)
    assert (4, 4) in matched(before, after)


def test_comments_that_say_the_same_are_told_apart_by_their_neighbours() -> None:
    anna, bert = Comment(7, "anna", "It will flood."), Comment(8, "bert", "It will not.")
    before = thread(same(1), anna, same(2), bert)
    after = thread(same(3), same(1), anna, bert, same(4))
    found = dict(matched(before, after))
    assert (found[1], found[7], found[8]) == (1, 7, 8)
    assert found[3] != 1, "a comment put in at the beginning shifts nobody"


@pytest.mark.parametrize("authors", [("a", "b", "c", "d", "e"), (None,)], ids=["names", "no names"])
@pytest.mark.parametrize(("added", "removed", "edited"), [(0.2, 0, 0), (0, 0.15, 0), (0, 0, 0.4), (0.1, 0.07, 0.2)])
def test_hundreds_of_comments_are_who_they_were(
    authors: tuple[str | None, ...], added: float, removed: float, edited: float
) -> None:
    """Comments put in, taken out and edited anywhere: none is taken for one that says something else."""
    for seed in range(3):
        chance = random.Random(seed)  # noqa: S311  # the same thread in each run
        prose = PROSE.again(seed)
        root = _make(chance, prose, authors)
        posts, parents, names = flatten(root)
        old = columns_of(posts, parents)
        was = dict(zip(names, posts, strict=True))
        _change(root, chance, prose, authors, (added, removed, edited))
        now, now_parents, now_names = flatten(root)
        found = find(old, now, now_parents)
        for name, post, place in zip(now_names, now, found, strict=True):
            taken_for = None if place is None else names[place]
            if taken_for is not None and taken_for != name:
                assert (post.author, post.text) == (was[taken_for].author, was[taken_for].text), "nobody could tell"
            if taken_for is None and name in was:
                assert len(post.text) < 20, "what says enough is known again"


def _comment(chance: random.Random, prose: Prose, authors: Sequence[str | None], name: int) -> Comment:
    text = chance.choice(SHORT) if chance.random() < 0.3 else prose.text(60)[: chance.randint(30, 300)].strip()
    return Comment(name, chance.choice(authors), text)


def _make(chance: random.Random, prose: Prose, authors: Sequence[str | None]) -> Comment:
    root = Comment(0, None, prose.text(200))
    comments = [root]
    for name in range(1, 120):
        comment = _comment(chance, prose, authors, name)
        (chance.choice(comments) if chance.random() < 0.7 else root).answers.append(comment)
        comments.append(comment)
    return root


def _change(
    comment: Comment,
    chance: random.Random,
    prose: Prose,
    authors: Sequence[str | None],
    rates: tuple[float, float, float],
) -> None:
    """Put comments in, take some out with their answers, edit words of others."""
    added, removed, edited = rates
    answers: list[Comment] = []
    for answer in comment.answers:
        if chance.random() < added:
            answers.append(_comment(chance, prose, authors, chance.randint(10_000, 10**9)))
        if chance.random() < removed:
            continue
        if chance.random() < edited and len(answer.text) > 40:
            edits = Edited(answer.text, prose)
            edits.edit_words(0.12)
            answer.text = edits.text or answer.text
        _change(answer, chance, prose, authors, rates)
        answers.append(answer)
    comment.answers = answers


def test_keys_that_are_paths_are_told_from_names() -> None:
    chance = random.Random(5)  # noqa: S311  # the same thread in each run
    root = _make(chance, PROSE.again(5), ("a", "b"))
    posts, parents, _ = flatten(root)
    keys = [post.key if chance.random() < 0.8 else f"name-{post.key}" for post in posts]
    assert list(kinds_of_keys(iter(keys), parents)) == list(path_keyed(keys, parents))


def test_keys_are_found_wherever_their_posts_stand_now() -> None:
    texts = [f"Comment {number}" for number in range(300)]
    posts = [Post(key="0", parent=None, kind=PostKind.ARTICLE, text="The article")]
    posts += [Post(key=f"k{number}", parent="0", text=text) for number, text in enumerate(texts)]
    now = [posts[0], *reversed(posts[1:])]
    parents = [-1] + [0] * len(texts)
    renamed = [Post(key=post.key, parent=post.parent, kind=post.kind, text=f"Now {post.key}") for post in now]
    found = match_posts(columns_of(posts, parents), columns_of(renamed, parents), key_kinds=bytearray(len(now)))
    assert list(found) == [0, *range(len(texts), 0, -1)]
