"""What must be known of a whole thread before its first line can be told: found on a first way through its posts.

That is the mark which no line of a text begins with, which of the posts that are left out lead to others, who has put anything, and at
what each relation starts and ends: where that is a post or the thread as a whole, something has to stand there for it,
maybe far above. It is kept as columns of numbers: some tens of bytes for a post, however much is said in it.

What is placed is known by a number here, its *place*: annotations that are no relations count from 0 in the order in which they
come, and behind them what stands for posts and for the thread as a whole, in the order in which relations need it.
"""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left
from hashlib import blake2b
from typing import TYPE_CHECKING

from annotations.exporters.rows.telling import AggregatedAnnotation, origin
from annotations.model import Scope

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from annotations.exporters.rows.labeled_post import LabeledPost
    from annotations.model import Annotation, StoredThread
    from annotations.store.snapshot import End

MARK = "▌"
THREAD = -1
"""The number of the thread where posts have one."""
TIED, MISSING, SAME = range(3)
"""What becomes of a relation: it leads from one place to another, or to what is not there, or to where it starts."""

_LINE_STARTS = re.compile(rf"(?:\A|[\n\x0b-\x0d\x1c-\x1e\x85\u2028\u2029])({MARK}+)")
"""The marks that stand where a line begins, by the boundaries of `str.splitlines`."""
_FIELDS = 8
"""Numbers that are kept of a relation until it is known where its ends are."""


class Survey:
    """What is known of a thread; first `take` its posts, then `settle`."""

    def __init__(self) -> None:
        self.found = bytearray()
        """For each post whether it is told: if it is exported, or left out and leads to one that is."""
        self.thread: StoredThread | None = None
        """The thread, as the data set tells it."""
        self.longest = 0
        """Marks in the longest run of them with which a line begins."""
        self.annotators: set[str] = set()
        """The names of all who have put, noted, reviewed or flagged something."""
        self.annotations = 0
        """Annotations that are placed."""
        self.sources = array("q")
        self.targets = array("q")
        """The place where each relation starts, and where it ends; nothing is said of those that lead nowhere."""
        self.outcomes = bytearray()
        """What becomes of each relation."""
        self._posts = array("q")
        self._path: list[tuple[int, int]] = []
        self._aside: dict[int, set[str]] = {}
        self._numbers: dict[str, int] = {}
        self._names: list[str] = []
        self._rows = array("q")
        self._who = array("i")
        self._hashes = array("q")
        self._ties = array("q")
        self._wholes = _Wholes(0, 0)
        self.ends = array("q")
        """The places where relations start and end, each once, in order."""
        self._is_end = bytearray()

    @property
    def places(self) -> int:
        """How many places there are."""
        return self.annotations + len(self._wholes)

    def take(self, labeled: LabeledPost) -> None:
        """Take note of the next post."""
        number, post = len(self._posts), labeled.post
        self.thread = self.thread or labeled.thread
        self._posts.append(post.id)
        self.found.append(not labeled.is_left_out)
        while self._path and self._path[-1][0] >= post.depth:
            self._path.pop()
        people = {*labeled.reviewers, *labeled.flaggers, *(note.annotator for note in labeled.notes)}
        if labeled.is_left_out:
            if people:
                self._aside[number] = people
        else:
            self._find_path()
            self.annotators |= people
            if MARK in post.text:
                self.longest = max(self.longest, *(len(run) for run in _LINE_STARTS.findall(post.text)), 0)
            for annotation in (*labeled.thread_annotations, *labeled.annotations):
                self._take(annotation, number, labeled.ends)
        self._path.append((post.depth, number))

    def _find_path(self) -> None:
        for _, number in reversed(self._path):
            if self.found[number]:
                return
            self.found[number] = True

    def _take(self, annotation: Annotation, number: int, ends: Mapping[int, End]) -> None:
        self.annotators.add(annotation.annotator)
        who = self._numbers.setdefault(annotation.annotator, len(self._numbers))
        target, is_made = annotation.target, isinstance(annotation, AggregatedAnnotation)
        if target.scope is Scope.RELATION:
            start = THREAD if target.post_id is None else number
            tied: list[int] = []
            for row in (target.from_annotation, target.to_annotation):
                end = None if row is None else ends.get(row)
                tied += (row or 0, _hash(end.uuid) if end is not None and is_made else 0)
            is_thread = target.to_post_id is None
            self._ties.extend((who, start, *tied, target.to_post_id or 0, is_thread))
        elif not annotation.detached:
            is_put = origin(annotation)[0] is None
            self._rows.append(annotation.id if is_put else -1)
            self._who.append(who)
            if is_made:  # such a one is known by its name too, for several rows were made one
                self._hashes.append(_hash(annotation.uuid) if is_put else 0)

    def settle(self) -> None:
        """Find out where relations start and end; all posts were taken."""
        self._names = list(self._numbers)
        for number, people in self._aside.items():
            if self.found[number]:
                self.annotators |= people
        self.annotations = len(self._rows)
        if not self._ties:
            self._forget()
            return
        self._wholes = _Wholes(self.annotations, len(self._posts))
        self._tie()
        self._is_end = bytearray(self.places)
        for source, target, outcome in zip(self.sources, self.targets, self.outcomes, strict=True):
            if outcome == TIED:
                self._is_end[source] = self._is_end[target] = True
        self.ends.extend(place for place, is_end in enumerate(self._is_end) if is_end)
        self._forget()

    def is_end(self, place: int) -> bool:
        """Tell whether a relation starts or ends at a place."""
        return bool(self._is_end) and bool(self._is_end[place])

    def wholes(self, number: int) -> Iterator[tuple[int, str]]:
        """Yield the places that stand for a post as a whole, or for the thread, with their annotators' names."""
        if len(self._wholes):
            yield from ((place, self._names[who]) for place, who in self._wholes.of(number))

    def _tie(self) -> None:
        place_of = _Numbers(self._posts)
        by_row = self._first(self._rows, {row for at in (2, 4) for row in self._ties[at::_FIELDS]})
        by_hash = self._first(self._hashes, {said for at in (3, 5) for said in self._ties[at::_FIELDS]})
        for at in range(0, len(self._ties), _FIELDS):
            who, start, from_row, from_hash, to_row, to_hash, to_post, is_thread = self._ties[at : at + _FIELDS]
            end = THREAD if is_thread else place_of(to_post)
            if end is None or (end != THREAD and not self.found[end]):
                self._note(0, 0, MISSING)
                continue
            tied = []
            for row, said, whole in ((from_row, from_hash, start), (to_row, to_hash, end)):
                place = by_row.get((row, who), by_hash.get((said, who))) if row else None
                tied.append(self._wholes.place(whole, who) if place is None else place)
            self._note(tied[0], tied[1], SAME if tied[0] == tied[1] else TIED)

    def _note(self, source: int, target: int, outcome: int) -> None:
        self.sources.append(source)
        self.targets.append(target)
        self.outcomes.append(outcome)

    def _first(self, column: Iterable[int], wanted: set[int]) -> dict[tuple[int, int], int]:
        """Return the first place of each number of a column that is wanted, by number and annotator."""
        wanted.discard(0)
        first: dict[tuple[int, int], int] = {}
        if wanted:
            for place, (value, who) in enumerate(zip(column, self._who, strict=False)):
                if value in wanted:
                    first.setdefault((value, who), place)
        return first

    def _forget(self) -> None:
        """Forget what was needed on the way."""
        for column in (self._rows, self._who, self._hashes, self._ties, self._posts):
            del column[:]
        self._path.clear()
        self._aside.clear()


class _Wholes:
    """Places that stand for posts, or for the thread, as a whole.

    Args:
        first: The number of the first of them.
        posts: How many posts there are.
    """

    def __init__(self, first: int, posts: int) -> None:
        self._first = first
        self._heads = array("i", b"\xff" * (4 * (posts + 1)))  # -1 for none
        self._next = array("i")
        self._who = array("i")

    def __len__(self) -> int:
        return len(self._who)

    def of(self, number: int) -> Iterator[tuple[int, int]]:
        """Yield the places for a post or the thread, with their annotators."""
        at = self._heads[number]
        while at != -1:
            yield self._first + at, self._who[at]
            at = self._next[at]

    def place(self, number: int, who: int) -> int:
        """Return the place for a post or the thread of an annotator; it is made if there is none."""
        last = -1
        for place, annotator in self.of(number):
            if annotator == who:
                return place
            last = place - self._first
        made = len(self._who)
        self._who.append(who)
        self._next.append(-1)
        if last == -1:
            self._heads[number] = made
        else:
            self._next[last] = made
        return self._first + made


class _Numbers:
    """Finds the number of a post by its row.

    Args:
        posts: The rows in the order of the posts.
    """

    def __init__(self, posts: array[int]) -> None:
        self._posts = posts
        is_sorted = all(posts[number - 1] < posts[number] for number in range(1, len(posts)))
        self._order = None if is_sorted else array("q", sorted(range(len(posts)), key=posts.__getitem__))

    def __call__(self, row: int) -> int | None:
        """Return the number, None if the post is not there."""
        posts, order = self._posts, self._order
        if order is None:
            number = bisect_left(posts, row)
            return number if number < len(posts) and posts[number] == row else None
        at = bisect_left(order, row, key=posts.__getitem__)
        return order[at] if at < len(order) and posts[order[at]] == row else None


def survey(posts: Iterable[LabeledPost]) -> Survey:
    """Return what is known of a thread, of which these are the posts in pre-order, all or some of them."""
    found = Survey()
    for each in posts:
        found.take(each)
    found.settle()
    return found


def _hash(uuid: str) -> int:
    return int.from_bytes(blake2b(uuid.encode("utf-8", "surrogatepass"), digest_size=8).digest(), signed=True) or 1
