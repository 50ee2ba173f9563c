"""A random order that is computed, not stored."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from annotations.shuffle import Shuffle


@given(st.integers(0, 10**9), st.integers(1, 400))
def test_every_number_stands_at_one_place_and_says_which(seed: int, size: int) -> None:
    shuffle = Shuffle(seed, size)
    order = [shuffle.at(place) for place in range(size)]
    assert sorted(order) == list(range(size))
    assert [shuffle.place(number) for number in order] == list(range(size))


@given(st.integers(0, 10**9), st.integers(2, 2_000_000), st.data())
def test_places_and_numbers_of_a_large_order_lead_to_each_other(seed: int, size: int, data: st.DataObject) -> None:
    shuffle = Shuffle(seed, size)
    place = data.draw(st.integers(0, size - 1))
    assert 0 <= shuffle.at(place) < size
    assert shuffle.place(shuffle.at(place)) == place


def test_a_seed_names_the_same_order_on_every_machine() -> None:
    assert [Shuffle(1, 10).at(place) for place in range(10)] == [8, 0, 2, 7, 1, 4, 3, 5, 9, 6]
    assert [Shuffle(2, 10).at(place) for place in range(10)] == [3, 2, 5, 0, 1, 6, 8, 4, 7, 9]


def test_neighbours_are_scattered_over_the_whole() -> None:
    """Of the first 1,000 places of a million each tenth of the numbers has its share, and few follow one another."""
    shuffle = Shuffle(3, 1_000_000)
    first = [shuffle.at(place) for place in range(1000)]
    shares = [sum(1 for number in first if number // 100_000 == tenth) for tenth in range(10)]
    assert all(60 <= share <= 140 for share in shares)
    assert sum(1 for one, other in pairwise(first) if abs(one - other) < 1000) < 15
