"""What a step of adjudication has done, and the relations that it is to tie."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Mapping

    from annotations.deciding import Chosen
    from annotations.model import Annotation
    from annotations.store.gold_facts import Origin
    from annotations.store.writing import Change
    from annotations.units import Place


class Settlement(Struct, frozen=True, kw_only=True):
    """What a step of adjudication has done.

    Args:
        change: What it changed.
        posts: How many posts it settled.
        put: How many annotations it put into the gold set.
        off: How many it took off it.
        waiting: How many relations wait for their other end.
        endless: How many relations were left out because what they start at, or end at in the same post, is not settled on.
        differing: How many attributes have no value because those who gave one differ.
    """

    change: Change
    posts: int = 0
    put: int = 0
    off: int = 0
    waiting: int = 0
    endless: int = 0
    differing: int = 0


class Tie(Struct, frozen=True, kw_only=True):
    """A relation that is to be in the gold set.

    Args:
        like: An annotation that says it: its label and its target count, but for the annotations at its ends.
        place: Its place, see `annotations.units`.
        note: What is remarked.
        attributes: The values of its attributes.
        origin: What it is made of; None where an adjudicator has put it.
        from_post: The row of the post that it belongs to: the one that it starts from, the article for the thread's.
    """

    like: Annotation
    place: Place
    note: str
    attributes: Mapping[str, str | int | float]
    origin: Origin | None
    from_post: int


def tie_of(choice: Chosen, post_id: int) -> Tie:
    """Return a relation that is to be in the gold set; it belongs to the post in that row."""
    return Tie(
        like=choice.unit.annotations[0],
        place=choice.unit.place,
        note=choice.note,
        attributes=choice.attributes,
        origin=choice.origin,
        from_post=post_id,
    )
