"""The numbers that statistics are made of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from annotations.model import Scope  # noqa: TC001  # a field's type

if TYPE_CHECKING:
    from collections.abc import Mapping


class Lengths(Struct, frozen=True, kw_only=True):
    """How long the spans of a label are, in code points; those that are detached are left out.

    Args:
        least: The shortest.
        median: The lower one of the two in the middle, where their number is even.
        mean: The arithmetic mean.
        most: The longest.
    """

    least: int
    median: int
    mean: float
    most: int


class LabelCount(Struct, frozen=True, kw_only=True):
    """How often a label was put.

    Args:
        label: Its id.
        name: What people call it.
        scope: What it is put on.
        key: Its key, or "".
        colour: Its colour as the codebook says it; "" for a label that it no longer has.
        annotations: How many annotations carry it.
        detached: How many of them have lost their words.
        posts: How many posts carry it, each once; a relation counts where it starts.
        by_annotator: How many annotations are whose; nobody with none.
        lengths: Of its spans; None where it has none.
    """

    label: str
    name: str
    scope: Scope
    key: str
    colour: str
    annotations: int
    detached: int
    posts: int
    by_annotator: Mapping[str, int]
    lengths: Lengths | None


class DepthCount(Struct, frozen=True, kw_only=True):
    """What was labeled at a depth.

    Args:
        depth: Steps to the article, which has 0.
        posts: How many posts there are, labeled or not.
        labeled: How many of them carry a label.
        by_label: How many of them carry which, by the label's id; none with 0.
    """

    depth: int
    posts: int
    labeled: int
    by_label: Mapping[str, int]


class Together(Struct, frozen=True, kw_only=True):
    """Two labels that one and the same annotator has put on a post, or on words of it.

    Args:
        first: The id of the one that the codebook has first.
        second: The id of the other.
        posts: On how many posts they meet.
        either: How many posts carry at least one of them.
    """

    first: str
    second: str
    posts: int
    either: int


class Day(Struct, frozen=True, kw_only=True):
    """What an annotator did on a day, as far as it still stands.

    Args:
        day: The date, ISO 8601.
        annotator: The annotator's name.
        annotations: How many annotations they made.
        reviews: How many posts they said were done.
    """

    day: str
    annotator: str
    annotations: int
    reviews: int


class AnnotatorWork(Struct, frozen=True, kw_only=True):
    """What an annotator has done.

    Args:
        annotator: The name.
        kind: "person" or "model".
        annotations: How many annotations are theirs.
        labeled: How many posts they have labeled.
        reviews: How many posts they have said were done.
        seconds: How long they were at posts, idle time left out.
        seconds_each: How long for each post that they labeled; None where none took time.
    """

    annotator: str
    kind: str
    annotations: int
    labeled: int
    reviews: int
    seconds: float
    seconds_each: float | None


class ThreadWork(Struct, frozen=True, kw_only=True):
    """How far the work on a thread has come.

    Args:
        thread: Its key.
        title: Its title.
        comments: How many comments it has.
        labeled: How many of them carry a label.
        reviewed: How many of them were reviewed.
    """

    thread: str
    title: str
    comments: int
    labeled: int
    reviewed: int


class Statistics(Struct, frozen=True, kw_only=True):
    """All numbers of a project, or of a part of it.

    Args:
        labels: Those of the codebook in its order, then others that annotations carry.
        depths: From the article down; every depth that has posts.
        together: The pairs that meet, the most frequent first.
        days: In order of time, then of the annotators' arrival; none on which nothing was done.
        annotators: Those who have done something, in order of their arrival.
        threads: In the order of their first import.
        annotations: How many annotations there are.
        detached: How many of them have lost their words.
    """

    labels: tuple[LabelCount, ...]
    depths: tuple[DepthCount, ...]
    together: tuple[Together, ...]
    days: tuple[Day, ...]
    annotators: tuple[AnnotatorWork, ...]
    threads: tuple[ThreadWork, ...]
    annotations: int
    detached: int

    @property
    def comments(self) -> int:
        """How many comments there are."""
        return sum(thread.comments for thread in self.threads)

    @property
    def labeled(self) -> int:
        """How many comments carry a label."""
        return sum(thread.labeled for thread in self.threads)

    @property
    def reviewed(self) -> int:
        """How many comments were reviewed."""
        return sum(thread.reviewed for thread in self.threads)
