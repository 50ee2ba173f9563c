"""Queues: which comments of a thread come one after the other, and how far an annotator has come. Pure.

Positions are those of comments in pre-order, from 1; the article, at 0, is in no queue. Nothing that a key starts here
looks at a million comments one by one: the columns are searched as bytes, the random order is computed.
"""

from __future__ import annotations

from enum import StrEnum
from math import isqrt
from typing import TYPE_CHECKING

from msgspec import Struct

from annotations.store.json_text import dump_json, load_json

if TYPE_CHECKING:
    from collections.abc import Collection

    from annotations.codebook import Codebook
    from annotations.shuffle import Shuffle


class QueueKind(StrEnum):
    """What a queue holds, and in which order."""

    UNREVIEWED = "unreviewed"
    """Comments that are not done: neither labeled nor reviewed, or without a label that is required."""
    UNLABELED = "unlabeled"
    UNREAD = "unread"
    RANDOM = "random"
    """All comments in an order that a seed decides; those that are done are passed over."""
    FILTER = "filter"
    """Those that met a filter when it was chosen; the done ones are passed over."""
    SUBTREE = "subtree"
    """A comment and all below it; the done ones are passed over."""
    REPLIES = "replies"
    """Direct replies to posts that carry a label; the done ones are passed over."""
    FLAGGED = "flagged"
    DISPUTED = "disputed"
    """Those on which annotators differ."""
    ANNOTATED = "annotated"
    EVERY = "every"


LEAVES_NOTHING_OUT = frozenset({QueueKind.FLAGGED, QueueKind.DISPUTED, QueueKind.ANNOTATED, QueueKind.EVERY})
"""Queues that also lead to comments that are done: how far one has come is where one is."""

HOLDS_ALL = frozenset({QueueKind.UNREVIEWED, QueueKind.UNLABELED, QueueKind.UNREAD, QueueKind.RANDOM, QueueKind.EVERY})
"""Queues of all comments of the thread."""


class Queue(Struct, frozen=True):
    """What an annotator has chosen to come next.

    Args:
        kind: What it holds.
        seed: Of a random order.
        words: Of a filter, as typed.
        post_id: Of a subtree: the row of its top.
        label: Of replies: the id of the label that the posts carry which they answer.
    """

    kind: QueueKind = QueueKind.UNREVIEWED
    seed: int = 0
    words: str = ""
    post_id: int = 0
    label: str = ""

    @property
    def is_first(self) -> bool:
        """Whether it is the queue that every thread begins with."""
        return self.kind is QueueKind.UNREVIEWED

    @property
    def leaves_nothing_out(self) -> bool:
        """Whether it also leads to comments that are done."""
        return self.kind in LEAVES_NOTHING_OUT

    def to_json(self) -> str:
        """Return the queue as a project keeps it."""
        return dump_json({name: value for name in self.__struct_fields__ if (value := getattr(self, name))})

    @classmethod
    def from_json(cls, source: str) -> Queue:
        """Return the queue that `to_json` has written; the first one for what is none."""
        try:
            values = load_json(source)
            return cls(
                QueueKind(values["kind"]),
                int(values.get("seed", 0)),
                str(values.get("words", "")),
                int(values.get("post_id", 0)),
                str(values.get("label", "")),
            )
        except (ValueError, TypeError, KeyError, AttributeError):
            return cls()


def is_done(codebook: Codebook, labels: Collection[str], *, is_reviewed: bool) -> bool:
    """Tell whether a comment is done: labeled or reviewed, and without one of the labels that are required missing.

    Args:
        codebook: The labels and their rules.
        labels: The ids of the annotator's labels on the comment and in it.
        is_reviewed: Whether the annotator has said that it is done.
    """
    from annotations.rules import is_complete  # noqa: PLC0415  # not needed to read with

    return bool(labels or is_reviewed) and is_complete(codebook, labels)


class QueueRun:
    """An annotator's way through a queue: which comments it still holds, and the next of them.

    Args:
        queue: The queue.
        size: How many posts the thread has, the article counted.
        members: A byte for each position, 1 for the comments of the queue; None for all comments.
        done: A byte for each position, 1 for what is passed over; None for nothing.
    """

    def __init__(self, queue: Queue, size: int, members: bytes | None = None, done: bytes | None = None) -> None:
        self.queue = queue
        self.members = bytearray(members) if members is not None else bytearray(b"\1" * size)
        self.members[:1] = b"\0"[:size]
        self.total = self.members.count(1)
        """How many comments the queue holds, done or not."""
        self._left = _without(self.members, done) if done is not None else bytearray(self.members)
        self.left = self._left.count(1)
        """How many of them are to come."""
        self._order: Shuffle | None = None
        if queue.kind is QueueKind.RANDOM and size > 1:
            from annotations.shuffle import Shuffle  # noqa: PLC0415  # only a random order needs it

            self._order = Shuffle(queue.seed, size - 1)
        self._rank = (0, 0)

    @property
    def is_ordered(self) -> bool:
        """Whether comments come in the order of the thread."""
        return self._order is None

    def holds(self, position: int) -> bool:
        """Tell whether the queue holds a comment, done or not."""
        return 0 < position < len(self.members) and bool(self.members[position])

    def next(self, after: int) -> int | None:
        """Return the position of the next comment that is to come, going round at the end; None if there is none.

        Args:
            after: Where one is; 0 for the beginning. That comment itself comes last.
        """
        if self._order is not None:
            return self._next_in(self._order, after)
        found = self._left.find(1, max(0, after) + 1)
        if found < 0:
            found = self._left.find(1, 1, max(0, after) + 1)
        return found if found > 0 else None

    def comes_round(self, after: int, following: int) -> bool:
        """Tell whether the next comment was found only by beginning anew."""
        if self._order is not None:
            return after > 0 and self._order.place(following - 1) <= self._order.place(after - 1)
        return following <= after

    def mark(self, position: int, *, is_member: bool, is_done: bool) -> None:
        """Take it that a comment is now in the queue or not, and done or not."""
        if not 0 < position < len(self.members):
            return
        self.total += is_member - self.members[position]
        if self.members[position] != is_member:
            self.members[position] = is_member
            self._rank = (0, 0)
        waits = is_member and not is_done
        self.left += waits - self._left[position]
        self._left[position] = waits

    def progress(self, position: int) -> tuple[int, int]:
        """Return how far one has come, and how many comments there are: those done, or those up to where one is."""
        if not self.queue.leaves_nothing_out:
            return self.total - self.left, self.total
        before, rank = self._rank
        if position >= before:  # a key moves a little way: only that is counted
            rank += self.members.count(1, before + 1, position + 1)
        else:
            rank -= self.members.count(1, position + 1, before + 1)
        self._rank = (position, rank)
        return rank, self.total

    def _next_in(self, order: Shuffle, after: int) -> int | None:
        """Return the next comment of a random order: by going along it, or where few are left, by asking for their places."""
        if not self.left:
            return None
        size = order.size
        start = order.place(after - 1) + 1 if after > 0 else 0
        if self.left >= isqrt(size):
            for step in range(size):
                position = order.at((start + step) % size) + 1
                if self._left[position]:
                    return position
        nearest = (size, 0)
        position = self._left.find(1)
        while position > 0:
            nearest = min(nearest, ((order.place(position - 1) - start) % size, position))
            position = self._left.find(1, position + 1)
        return nearest[1] or None


def _without(members: bytes | bytearray, done: bytes) -> bytearray:
    """Return the ones of a column that another does not have."""
    size = len(members)
    both = int.from_bytes(members, "little") & ~int.from_bytes(done[:size], "little")
    return bytearray(both.to_bytes(size, "little"))
