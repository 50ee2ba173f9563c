"""What the passes over annotations count, and the part of a project that they count in."""

from __future__ import annotations

from typing import NamedTuple

from msgspec import Struct


class Within(Struct, frozen=True, kw_only=True):
    """A part of a project.

    Args:
        thread_id: The row of the only thread; None for all.
        annotator_id: The row of the only annotator; None for all, of whom the gold set is none.
        labels: The ids of the only labels; none for all.
    """

    thread_id: int | None = None
    annotator_id: int | None = None
    labels: frozenset[str] = frozenset()


class Put(NamedTuple):
    """Annotations with one label, made by one annotator on one day.

    Args:
        label: The label's id.
        annotator_id: The annotator's row.
        day: The date, ISO 8601.
        number: How many there are.
        detached: How many of them have lost their words.
    """

    label: str
    annotator_id: int
    day: str
    number: int
    detached: int


class Carried(Struct, frozen=True, eq=False):
    """Labels that posts carry; what is equal is one object.

    Args:
        by_annotator: The ids of the labels, by the annotator's row.
        labels: The ids of all.
    """

    by_annotator: dict[int, frozenset[str]]
    labels: frozenset[str]


class Marked(NamedTuple):
    """Posts of one thread and one depth that carry the same labels from the same annotators.

    Args:
        thread_id: The row of the thread.
        depth: Steps to the article.
        posts: How many there are.
        carried: What they carry.
    """

    thread_id: int
    depth: int
    posts: int
    carried: Carried


class Spent(NamedTuple):
    """What an annotator has spent.

    Args:
        labeled: How many posts they have labeled.
        seconds: How long they were at posts.
        labeled_seconds: How long they were at those that they labeled.
    """

    labeled: int
    seconds: float
    labeled_seconds: float
