"""Matching against what is slow and plain: no post becomes another one, and who says what nobody else says is found."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rapidfuzz import fuzz

from annotations.model import Post, PostKind
from annotations.store import signs
from annotations.store.likeness import find_alike
from annotations.store.matching import SIMILAR_SIBLING, match_posts
from annotations.store.post_columns import LINE, TELLING_LENGTH, PostColumns, columns_of, kinds_of_keys
from annotations.store.signs import NOT_THERE, has_twice, pairs_by_sign
from annotations.work import Work

SAYINGS = (
    "+1",
    "thanks",
    "",
    "Thanks for the great video number 1",
    "Thanks for the great video number 2",
    "Thanks for the great video number 2, my friend",
    "The tunnel will flood in the first spring",
    "The tunnel will flood in the second autumn",
    "Nobody asked the people who live at the harbour",
)
AUTHORS = (None, "Ann", "Ben", "[deleted]")

comments = st.tuples(st.sampled_from(AUTHORS), st.sampled_from(SAYINGS), st.integers(0, 30))
threads = st.lists(comments, max_size=14)


def columns(said: list[tuple[str | None, str, int]]) -> PostColumns:
    """Return a thread of comments, each of which answers one before it or the article."""
    posts = [Post(key="0", parent=None, kind=PostKind.ARTICLE, text="The article")]
    above = [-1]
    for place, (author, text, number) in enumerate(said, 1):
        posts.append(Post(key=f"k{place}", parent="0", author=author, text=text))
        above.append(number % place if number % 3 else 0)
    order = _pre_order(above)
    at = {place: position for position, place in enumerate(order)}
    return columns_of([posts[place] for place in order], [at[above[place]] if place else -1 for place in order])


def _pre_order(above: list[int], place: int = 0) -> list[int]:
    below = [each for each, parent in enumerate(above) if parent == place]
    return [place, *(inner for each in below for inner in _pre_order(above, each))]


def says(posts: PostColumns, place: int) -> tuple[int, str]:
    return posts.authors[place], posts.load((place,))[0]


@settings(max_examples=300, deadline=None)
@given(before=threads, after=threads)
def test_a_post_is_never_taken_for_one_that_says_something_else(
    before: list[tuple[str | None, str, int]], after: list[tuple[str | None, str, int]]
) -> None:
    old, new = columns(before), columns(after)
    found = match_posts(old, new, key_kinds=None)
    taken = [place for place in found if place >= 0]
    assert len(set(taken)) == len(taken)
    assert found[0] == 0
    authors = set(new.authors)
    for place, old_place in enumerate(found):
        if old_place <= 0:
            continue
        (author, text), (old_author, old_text) = says(new, place), says(old, old_place)
        if author == old_author:
            is_part = min(len(text), len(old_text)) >= TELLING_LENGTH and (text in old_text or old_text in text)
            assert text == old_text or is_part or fuzz.ratio(text, old_text) >= SIMILAR_SIBLING
            continue
        assert text == old_text
        if len(text) < TELLING_LENGTH:  # somebody who has left, or has another name throughout
            assert -1 in {author, old_author} or old_author not in authors
    # What one says and nobody else does is found wherever it stands, if it is long enough to tell.
    was, now = (Counter(says(posts, place) for place in range(1, len(posts))) for posts in (old, new))
    for place in range(1, len(new)):
        said = says(new, place)
        if len(said[1]) >= TELLING_LENGTH and was[said] == now[said] == 1:
            assert says(old, found[place]) == said


@settings(max_examples=100, deadline=None)
@given(said=threads)
def test_a_thread_is_itself(said: list[tuple[str | None, str, int]]) -> None:
    assert list(match_posts(columns(said), columns(said), key_kinds=None)) == list(range(len(said) + 1))


@settings(max_examples=60, deadline=None)
@given(
    order=st.permutations(range(12)),
    added=st.lists(st.integers(0, 12), max_size=5),
    is_alike=st.booleans(),
)
def test_what_tells_is_found_in_any_order(order: list[int], added: list[int], *, is_alike: bool) -> None:
    """However much texts are alike: who says it word for word goes before."""
    texts = [f"Thanks for the great video number {number}" if is_alike else chr(97 + number) * 30 for number in order]
    before: list[tuple[str | None, str, int]] = [("Ann", text, 0) for text in sorted(texts)]
    after: list[tuple[str | None, str, int]] = [("Ann", text, 0) for text in texts]
    for place in added:
        after.insert(place, ("Ann", "Thanks for the great video number one hundred", 0))
    old, new = columns(before), columns(after)
    found = match_posts(old, new, key_kinds=None)
    for place in range(1, len(new)):
        text = says(new, place)[1]
        if text in texts:
            assert says(old, found[place])[1] == text
        else:
            assert found[place] < 0


@given(
    old=st.lists(st.integers(-9, 9), max_size=40),
    new=st.lists(st.integers(-9, 9), max_size=40),
    gone=st.sets(st.integers(0, 39)),
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_signs_are_paired_part_by_part_as_at_once(
    monkeypatch: pytest.MonkeyPatch, old: list[int], new: list[int], gone: set[int]
) -> None:
    there = [NOT_THERE if place in gone else place for place in range(len(old))]
    waiting = [place for place in there if place != NOT_THERE and old[place] != 0]
    expected = []
    for place, sign in enumerate(new):
        partner = next((each for each in waiting if old[each] == sign), None)
        if partner is not None:
            waiting.remove(partner)
            expected.append((place, partner))
    for at_once in (3, 1000):
        monkeypatch.setattr(signs, "AT_ONCE", at_once)
        pairs = pairs_by_sign(
            lambda place: new[place] or None, lambda place: old[place] or None, range(len(new)), there
        )
        assert sorted(pairs) == expected
        assert has_twice(old) == (len(set(old)) < len(old))


@settings(max_examples=150, deadline=None)
@given(before=st.lists(st.sampled_from(SAYINGS), max_size=12), after=st.lists(st.sampled_from(SAYINGS), max_size=12))
def test_the_most_similar_one_is_found_if_there_is_one(before: list[str], after: list[str]) -> None:
    """Compared with each and every one: nothing is nearer than what is found, and two that are as near are none."""
    old = columns_of(
        [Post(key=str(number), parent=None, author="Ann", text=text) for number, text in enumerate(before)],
        [-1] * len(before),
    )
    new = columns_of(
        [Post(key=str(number), parent=None, author="Ann", text=text) for number, text in enumerate(after)],
        [-1] * len(after),
    )
    pairs = list(find_alike(old, new, range(len(after)), range(len(before)), minimum=SIMILAR_SIBLING, work=Work()))
    is_aligned = sum(map(bool, before)) == sum(map(bool, after))
    scores: list[float] = []
    for place, other in pairs:
        score = similarity(after[place], before[other])
        assert score >= SIMILAR_SIBLING
        scores.append(score)
    assert all(one >= other - 0.2 for one, other in pairwise(scores)), "the most similar first"
    for place, text in enumerate(after):
        candidates = sorted((similarity(text, other) for other in before if text and other), reverse=True)
        found = [other for each, other in pairs if each == place]
        if (
            candidates
            and candidates[0] >= SIMILAR_SIBLING
            and (len(candidates) < 2 or candidates[0] - candidates[1] >= 2)
        ):
            assert similarity(text, before[found[0]]) == candidates[0]
        elif not is_aligned or not candidates or candidates[0] < SIMILAR_SIBLING:
            assert not found
        else:
            assert len(found) <= 1


def similarity(one: str, other: str) -> float:
    """Return how similar two texts are, word by word as it is told."""
    is_part = min(len(one), len(other)) >= TELLING_LENGTH and (one in other or other in one)
    score = fuzz.ratio(one, other)
    return 101.0 if is_part else score


def test_rows_that_are_merely_numbered_are_known_by_what_they_say() -> None:
    """A table without ids: a row put in before all others makes none of them another one."""

    def rows(*texts: str) -> list[Post]:
        article = Post(key="0", parent=None, kind=PostKind.ARTICLE, text="t")
        return [
            article,
            *(Post(key=f"line-{at}", parent="0", author="Ann", text=text) for at, text in enumerate(texts, 1)),
        ]

    before, after = rows("+1", "It floods", "+1"), rows("Wholly new", "+1", "It floods", "+1")
    parents = [-1, 0, 0, 0, 0]
    kinds = kinds_of_keys((post.key for post in after), parents)
    assert set(kinds[1:]) == {LINE}
    found = match_posts(columns_of(before, parents[:4]), columns_of(after, parents), key_kinds=kinds)
    assert list(found) == [0, -1, 1, 2, 3]


def test_what_another_author_says_in_the_same_words_is_another_comment() -> None:
    """Unless that says something: “thanks” is said by many."""
    old = columns([("Ann", "thanks", 0), ("Ben", "No.", 0), ("Cleo", SAYINGS[6], 0)])
    new = columns([("Dora", "thanks", 0), ("Ann", "Yes.", 0), ("Ben", "No.", 0), ("Eve", SAYINGS[6], 0)])
    assert list(match_posts(old, new, key_kinds=None)) == [0, -1, -1, 2, 3]


@pytest.mark.parametrize("name", ["[deleted]", None, "Anna"])
def test_who_has_left_or_is_called_otherwise_throughout_is_known(name: str | None) -> None:
    old = columns([("Ann", "thanks", 0), ("Ben", "No.", 0)])
    new = columns([(name, "thanks", 0), ("Ben", "No.", 0)])
    assert list(match_posts(old, new, key_kinds=None)) == [0, 1, 2]


def test_what_moved_with_others_is_found_where_they_are_now() -> None:
    """A part of a thread answers another comment now: short ones in it are known by those around them."""
    long = [f"{letter * 9} says enough to be told" for letter in "abcd"]
    old = columns([("Ann", long[0], 0), ("Ben", "+1", 0), ("Ann", long[1], 0), ("Ben", "+1", 0), ("Cleo", long[2], 0)])
    moved: list[tuple[str | None, str, int]] = [
        ("Cleo", long[2], 0),
        ("Ann", long[0], 1),
        ("Ben", "+1", 1),
        ("Ann", long[1], 1),
    ]
    assert list(match_posts(old, columns(moved), key_kinds=None)) == [0, 5, 1, 2, 3]
