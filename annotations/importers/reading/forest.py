"""Which records belong to one thread, where each names only what it answers."""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Mapping
    from typing import TypeVar

    Key = TypeVar("Key", bound=Hashable)


def find_roots(parents: Mapping[Key, Key | None]) -> dict[Key, Key]:
    """Return for each record the first one of its thread.

    That is the one that answers nothing, or what the first one answers if that is not among the records, so that all that
    hangs on something missing stays together. Of records that answer each other in a circle it is the first that is met.

    Args:
        parents: What each record answers; None for nothing.
    """
    roots: dict[Key, Key] = {}
    for start in parents:
        path: list[Key] = []
        on_path: set[Key] = set()
        key: Key | None = start
        root = start
        while key is not None:
            if key in roots:
                root = roots[key]
                break
            root = key
            if key in on_path or key not in parents:  # a circle; or something that is missing
                break
            path.append(key)
            on_path.add(key)
            key = parents[key]
        for key in path:
            roots[key] = root
    return roots


_NONE = -1
_LAST = 2**31 - 1


class Forest:
    """Which records belong to one thread, and in which order those that answer one stand; of a million in 150 MB.

    What `find_roots` does, where a source says besides which answers a record has, by rank. First everything is added, then
    asked for.
    """

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self._parents = array("i")
        self._ranks = array("i")
        self._is_record = bytearray()
        self._is_marked = bytearray()
        self._order = array("i")
        self._named = array("i")
        """By twos, what names an answer and the answer."""
        self._names: list[str] = []
        self._roots = array("i")
        self._lacking: dict[int, int] = {}

    def add(self, key: str, parent: str | None, answers: Iterable[str], *, is_marked: bool = False) -> None:
        """Add a record; of two with one key the last one counts.

        Args:
            key: The record's.
            parent: What it answers; None for nothing.
            answers: What answers it, by rank.
            is_marked: Whether it is one of those for which `is_marked` asks.
        """
        number = self._number(key)
        if not self._is_record[number]:
            self._is_record[number] = True
            self._order.append(number)
        self._is_marked[number] = is_marked
        self._parents[number] = _NONE if parent is None else self._number(parent)
        for rank, answer in enumerate(answers):
            named = self._number(answer)
            self._ranks[named] = rank
            self._named.extend((number, named))

    def place(self, key: str, root: str) -> None:
        """Say in which thread a record stands, which counts if it turns out to be missing."""
        number = self._number(key)
        if not self._is_record[number]:
            self._parents[number] = self._number(root)

    def finish(self) -> None:
        """Find the roots; nothing is to be added any more."""
        self._names = list(self._numbers)
        roots = self._roots = array("i", [_NONE]) * len(self._names)
        for start in self._order:
            path: list[int] = []
            on_path: set[int] = set()
            number = root = start
            while number != _NONE:
                if roots[number] != _NONE:
                    root = roots[number]
                    break
                root = number
                if number in on_path:  # a circle
                    break
                if not self._is_record[number]:  # something that is missing
                    root = number if self._parents[number] == _NONE else self._parents[number]
                    break
                path.append(number)
                on_path.add(number)
                number = self._parents[number]
            for number in path:
                roots[number] = root
        for at in range(0, len(self._named), 2):
            if not self._is_record[self._named[at + 1]]:
                root = roots[self._named[at]]
                self._lacking[root] = self._lacking.get(root, 0) + 1

    @property
    def threads(self) -> int:
        """How many threads there are."""
        return len({self._roots[number] for number in self._order})

    def root(self, key: str) -> str:
        """Return the first one of a record's thread, see `find_roots`; a record that was not added is its own."""
        number = self._numbers.get(key, _NONE)
        return key if number == _NONE or self._roots[number] == _NONE else self._names[self._roots[number]]

    def rank(self, key: str) -> int:
        """Return which of the answers to its parent a record is, from 0; one that is not named comes last."""
        number = self._numbers.get(key, _NONE)
        return _LAST if number == _NONE else self._ranks[number]

    def is_marked(self, key: str) -> bool:
        """Tell whether a record was marked."""
        return bool((number := self._numbers.get(key, _NONE)) != _NONE and self._is_marked[number])

    def lacking(self, root: str) -> int:
        """Return how many answers are named in a thread that are no records."""
        return self._lacking.get(self._numbers.get(root, _NONE), 0)

    def clear(self) -> None:
        """Let go of everything: nobody asks any more."""
        self._numbers, self._names = {}, []
        for column in (self._parents, self._ranks, self._order, self._named, self._roots):
            del column[:]

    def _number(self, key: str) -> int:
        number = self._numbers.setdefault(key, len(self._numbers))
        if number == len(self._parents):
            self._parents.append(_NONE)
            self._ranks.append(_LAST)
            self._is_record.append(False)
            self._is_marked.append(False)
        return number
