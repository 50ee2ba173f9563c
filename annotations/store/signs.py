"""Posts of two states of a thread that have a sign in common: a hash of what they say, and of what is around them.

The signs of a million posts would take a hundred megabytes: they are gone through part by part, by what they begin with.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from typing import TypeAlias

    from annotations.store.post_columns import Answers, PostColumns

    Sign: TypeAlias = Callable[[int], int | None]

AT_ONCE = 250_000
"""Signs in memory at a time."""

NOT_THERE = -1
"""Instead of a post's place: it is not to be looked at."""


def pairs_by_sign(
    sign: Sign, old_sign: Sign, new: Sequence[int], old: Sequence[int], *, by_number: bool = False
) -> Iterator[tuple[int, int]]:
    """Yield pairs of a new and an old post with equal signs, the first with the first.

    Args:
        sign: Returns the sign of a new post by its place, or `by_number` by its number in `new`; None if it has none.
        old_sign: The same of an old one.
        new: The places of the new posts, or `NOT_THERE`.
        old: Those of the old ones.
        by_number: What signs are asked by.
    """
    parts = 1 + len(old) // AT_ONCE
    for part in range(parts):
        first: dict[int, int] = {}
        last: dict[int, int] = {}
        following: dict[int, int] = {}
        for number, place in enumerate(old):
            found = None if place == NOT_THERE else old_sign(number if by_number else place)
            if found is None or found % parts != part:
                continue
            if found in first:  # seldom: most say what nobody else says
                following[last.get(found, first[found])] = place
                last[found] = place
            else:
                first[found] = place
        if not first:
            continue
        for number, place in enumerate(new):
            found = None if place == NOT_THERE else sign(number if by_number else place)
            if found is None or found % parts != part:
                continue
            old_place = first.get(found, NOT_THERE)
            if old_place != NOT_THERE:
                first[found] = following.get(old_place, NOT_THERE)
                yield place, old_place


def unique_pairs(sign: Sign, old_sign: Sign, new: int, old: int) -> Iterator[tuple[int, int]]:
    """Yield pairs of a new and an old post whose sign no other post has, then or now.

    Args:
        sign: Returns the sign of a new post by its place; None if it has none.
        old_sign: The same of an old one.
        new: How many new posts there are.
        old: How many old ones.
    """
    parts = 1 + max(new, old) // AT_ONCE
    for part in range(parts):
        places = _unique(old_sign, old, part, parts)
        for found, place in _unique(sign, new, part, parts).items() if places else ():
            if place != NOT_THERE and (old_place := places.get(found, NOT_THERE)) != NOT_THERE:
                yield place, old_place


def _unique(sign: Sign, count: int, part: int, parts: int) -> dict[int, int]:
    """Return the places of posts by their signs; `NOT_THERE` for a sign that several have."""
    places: dict[int, int] = {}
    for place in range(count):
        found = sign(place)
        if found is not None and found % parts == part:
            places[found] = NOT_THERE if found in places else place
    return places


def with_answers(posts: PostColumns, answers: Answers, place: int) -> int | None:
    """Return a hash of what a post says and what its answers say; None if it has none."""
    below = answers.to(place)
    return hash((posts.said(place), *sorted(posts.texts[answer] for answer in below))) if below else None


def between(said: Sequence[int], number: int, *, before: bool, behind: bool) -> int | None:
    """Return a hash of what is said at a number and around it, as far as it is asked for.

    That nothing stands on a side tells only together with what stands on the other.
    """
    ahead = said[number - 1] if number and before else None
    following = said[number + 1] if behind and number + 1 < len(said) else None
    is_telling = (before and behind) or ahead is not None or following is not None
    return hash((ahead, said[number], following)) if is_telling else None


def has_twice(signs: Sequence[int]) -> bool:
    """Tell whether a signature is there twice."""
    parts = 1 + len(signs) // AT_ONCE
    for part in range(parts):
        among = [sign for sign in signs if sign % parts == part] if parts > 1 else signs
        if len(set(among)) < len(among):
            return True
    return False
