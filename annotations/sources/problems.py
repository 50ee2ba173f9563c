"""What is wrong with single records of a source: counted, said, and never a reason to stop unless the analyst wants that."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from annotations.errors import SourceError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import TypeAlias

    Kinds: TypeAlias = dict[tuple[str, str], tuple[int, list[str]]]
    """By kind of problem and what was done: how many there are, and where some of them are."""

EXAMPLES = 3
"""Places that are named for each kind of problem; all are counted."""

_NONE: tuple[int, list[str]] = (0, [])


class Problem(Struct, frozen=True):
    """Something wrong with a record.

    Args:
        what: The kind of problem, the same words for all records that have it: "answers a comment that is not there".
        where: The record, so that it can be found in the source: "line 12", "comment 4711", "post/@id 12".
        done: What became of the record: "it answers the article now".
    """

    what: str
    where: str
    done: str


class Problems:
    """The problems of a source, as they are met.

    Args:
        name: What the analyst calls the source.
        is_strict: Whether the first problem ends the import.
        listener: Is told of each problem and of the name, for a list of all of them: of a big source they may be many.
    """

    def __init__(
        self, name: str, *, is_strict: bool = False, listener: Callable[[str, Problem], None] | None = None
    ) -> None:
        self.name = name
        self.is_strict = is_strict
        self.count = 0
        """How many problems there are."""
        self._listener = listener
        self._kinds: Kinds = {}
        self._recent: Kinds = {}

    def within(self, place: str) -> Problems:
        """Return what is told problems in a part of the source: they are this one's, and say in which part they are."""
        return _Part(self, place)

    def add(self, what: str, where: str, done: str) -> None:
        """Report a problem of a record.

        Raises:
            SourceError: If the import is strict.
        """
        if self.is_strict:
            raise SourceError(
                f"{self.name}: {where} {what}", "Without --strict the rest is imported, and this is said."
            )
        self.count += 1
        if self._listener is not None:
            self._listener(self.name, Problem(what, where, done))
        _note(self._kinds, what, where, done)
        _note(self._recent, what, where, done)

    def counts(self, what: str, done: str) -> bool:
        """Count a problem of a record of which there are so many already that its place is not told.

        Returns:
            False if it is to be told, with its place: then nothing was counted.
        """
        if self.is_strict or self._listener is not None:
            return False
        kind = what, done
        number, places = self._recent.get(kind, _NONE)
        if number < EXAMPLES:
            return False
        self._recent[kind] = number + 1, places
        number, places = self._kinds[kind]
        self._kinds[kind] = number + 1, places
        self.count += 1
        return True

    def sentences(self) -> Iterator[str]:
        """Yield a sentence for each kind of problem: how often, where, what was done."""
        return _said(self._kinds)

    def take_recent(self) -> tuple[str, ...]:
        """Return the same of the problems that were added since the last call."""
        recent, self._recent = self._recent, {}
        return tuple(_said(recent))


def _note(kinds: Kinds, what: str, where: str, done: str) -> None:
    number, places = kinds.get((what, done), (0, []))
    if number < EXAMPLES:
        places.append(where)
    kinds[what, done] = number + 1, places


def _said(kinds: Kinds) -> Iterator[str]:
    for (what, done), (number, places) in kinds.items():
        more = f" and {number - len(places):,} more" if number > len(places) else ""
        yield f"{', '.join(places)}{more}: {what}; {done}."


class _Part(Problems):
    """The problems of a file in a folder, which are the folder's."""

    def __init__(self, whole: Problems, place: str) -> None:
        super().__init__(f"{whole.name}/{place}", is_strict=whole.is_strict)
        self._whole = whole
        self._place = place

    def add(self, what: str, where: str, done: str) -> None:
        """Report a problem of a record, here and to the whole."""
        self._whole.add(what, f"{self._place}, {where}", done)
        super().add(what, where, done)

    def counts(self, what: str, done: str) -> bool:
        """Count a problem whose place is not told, here and to the whole."""
        is_known = self._recent.get((what, done), _NONE)[0] >= EXAMPLES  # else it would be counted there, and told
        return is_known and self._whole.counts(what, done) and super().counts(what, done)
