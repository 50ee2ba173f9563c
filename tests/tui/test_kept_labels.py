"""The labels of a whole thread, kept as sorted positions, answer as a dictionary of posts would."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from tui.screens.kept_labels import KeptLabels

POSTS = 12
labels = st.lists(st.sampled_from(["claim", "term", "agree"]), max_size=4)
positions = st.integers(0, POSTS - 1)


@given(st.dictionaries(positions, labels, max_size=POSTS), st.lists(st.tuples(positions, labels), max_size=8))
def test_changes_are_kept_as_in_a_dictionary(first: dict[int, list[str]], changes: list[tuple[int, list[str]]]) -> None:
    places: dict[str, list[int]] = {}
    for position in sorted(first):
        for label in first[position]:
            places.setdefault(label, []).append(position)
    kept, expected = KeptLabels(places), dict(first)
    for position, now in [(0, expected.get(0, [])), *changes]:
        kept.keep(position, now)
        expected[position] = now
        labeled = [place for place in range(POSTS) if expected.get(place)]
        for place in range(POSTS):
            assert Counter(kept.at(place)) == Counter(expected.get(place, []))
            assert kept.next(place, 1) == next((found for found in labeled if found > place), None)
            before = next((found for found in reversed(labeled) if found < place), None)
            assert kept.next(place, -1) == (before or None)  # the article is no comment
        counts = Counter(label for place in range(2, 9) for label in expected.get(place, []))
        assert {label: count for count, label in kept.counts_in(2, 9)} == dict(counts)
        assert [count for count, _ in kept.counts_in(2, 9)] == sorted(counts.values(), reverse=True)
        assert kept.count("claim") == sum(found.count("claim") for found in expected.values())
