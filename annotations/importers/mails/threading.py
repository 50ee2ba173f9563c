"""Which mail answers which, after Jamie Zawinski's *Message Threading* (jwz.org/doc/threading.html).

A mail names what it answers and what that answers, up to the first. What is named and not there becomes a ghost: one under
which two or more mails hang stays, so that they stay together; of others what hangs on them moves up. No link is ever made
that would close a circle. Whole mailboxes are threaded by numbers: ids are kept once, a mail takes a few hundred bytes.
"""

from __future__ import annotations

from array import array
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

NONE = -1


class Threading:
    """The threads of a mailbox, made while its mails are added and final after `finish`."""

    def __init__(self) -> None:
        self.ids: list[bytes] = []
        """What each mail and each ghost is called."""
        self.mails = array("q")
        """For each mail, in the order in which they were added, its number among these."""
        self.by_subject: set[int] = set()
        """Mails that name nothing they answer, and were placed by their subject."""
        self._numbers: dict[bytes, int] = {}
        self._parents = array("q")
        self._sets = array("q")  # for a quick look whether two can have anything to do with each other
        self._is_there = bytearray()
        self._kept = bytearray()
        self._up = array("q")
        self._roots = array("q")
        self._first: dict[str, int] = {}
        self._first_answer: dict[str, int] = {}
        self._unplaced: list[tuple[int, str]] = []

    def add(self, name: bytes, references: Sequence[bytes], subject: str, *, is_answer: bool) -> None:
        """Add a mail.

        Args:
            name: Its id.
            references: The ids of what it answers, the direct one last.
            subject: Its subject without the signs of an answer.
            is_answer: Whether it had such signs.
        """
        number = self._number(name)
        chain = [self._number(reference) for reference in references if reference != name]
        for above, below in pairwise(chain):
            if self._parents[below] == NONE:
                self._link(above, below)
        if chain:
            self._link(chain[-1], number)
        self.mails.append(number)
        if not self._is_there[number]:
            self._is_there[number] = True
            if not subject:
                return
            if not chain and is_answer:
                self._unplaced.append((number, subject))
            else:
                (self._first_answer if is_answer else self._first).setdefault(subject, number)

    def finish(self) -> None:
        """Place what has only its subject, and decide which ghosts stay."""
        self._place_by_subject()
        order = self._find_order()
        below = array("q", bytes(8 * len(self.ids)))  # what hangs directly on each, ghosts that go left out
        self._kept = bytearray(self._is_there)
        for number in order:  # from the last answers up
            if not self._kept[number] and below[number] > 1:
                self._kept[number] = True
            if (parent := self._parents[number]) != NONE:
                below[parent] += 1 if self._kept[number] else below[number]
        self._up = array("q", self._parents)
        self._roots = array("q", range(len(self.ids)))
        for number in reversed(order):  # from the roots down
            parent = self._parents[number]
            if parent != NONE and not self._kept[parent]:
                self._up[number] = self._up[parent]
            if self._up[number] != NONE:
                self._roots[number] = self._roots[self._up[number]]

    def parent(self, number: int) -> int:
        """Return what a mail or ghost answers, NONE if it is the first of its thread."""
        return self._up[number]

    def root(self, number: int) -> int:
        """Return the first of the thread."""
        return self._roots[number]

    def is_ghost(self, number: int) -> bool:
        """Tell whether it is named by mails and not there."""
        return not self._is_there[number]

    @property
    def threads(self) -> int:
        """How many threads there are."""
        return sum(1 for number, root in enumerate(self._roots) if number == root and self._kept[number])

    def _number(self, name: bytes) -> int:
        number = self._numbers.setdefault(name, len(self.ids))
        if number == len(self.ids):
            self.ids.append(name)
            self._parents.append(NONE)
            self._sets.append(number)
            self._is_there.append(False)
        return number

    def _link(self, above: int, below: int) -> None:
        """Let one answer another, unless that closes a circle."""
        if above == below or self._parents[below] == above:
            return
        first, second = self._find_set(above), self._find_set(below)
        if first == second:
            at = above
            while at != NONE:
                if at == below:
                    return
                at = self._parents[at]
        self._parents[below] = above
        self._sets[second] = first

    def _find_set(self, number: int) -> int:
        sets = self._sets
        while sets[number] != number:
            sets[number] = sets[sets[number]]
            number = sets[number]
        return number

    def _place_by_subject(self) -> None:
        for number, subject in self._unplaced:
            target = self._first.get(subject, self._first_answer.get(subject, NONE))
            if target == NONE:
                self._first_answer[subject] = number
                continue
            while (parent := self._parents[target]) != NONE and self._is_there[parent]:
                target = parent
            self._link(target, number)
            if self._parents[number] != NONE:
                self.by_subject.add(number)

    def _find_order(self) -> array[int]:
        """Return all so that what answers stands before what is answered."""
        waiting = array("q", bytes(8 * len(self.ids)))
        for parent in self._parents:
            if parent != NONE:
                waiting[parent] += 1
        order = array("q", (number for number, count in enumerate(waiting) if not count))
        at = 0
        while at < len(order):
            parent = self._parents[order[at]]
            if parent != NONE:
                waiting[parent] -= 1
                if not waiting[parent]:
                    order.append(parent)
            at += 1
        return order
