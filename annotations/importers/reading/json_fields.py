"""Fields of JSON records: taken one by one, whatever type they have, and what nobody took is kept as it is.

A record of a source is anything that JSON allows. What an importer wants of it is taken as far as it can be; a field of
a type that makes no sense there is reported, and stays among the rest, which goes into a post's `meta["raw"]`. So
nothing of a record is lost, and nothing of it stands in two places.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from annotations.importers.reading.stored_list import StoredList, as_list, is_list
from annotations.importers.reading.times import from_any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from annotations.sources.source import Source

DEEPEST = 100
"""Lists and objects within each other that are kept of a record's rest; no site nests its records' fields like that."""

_LARGEST_ID = 10**40
_LONGEST_ID = 200
_EMPTY: tuple[object, ...] = ("", [], {})
"""Values that say as much as a field that is not there."""

NO_TEXT = "has a text that is no text"
NO_TIME = "has no time that can be read"
NO_KEY = "has no id"
TOO_DEEP = f"has a field that is nested more than {DEEPEST} deep"
NO_RECORD = "is no record"


class Record:
    """A JSON object of a source, of which fields are taken.

    Args:
        source: Where it is from: cleans its texts, is told of problems.
        fields: The object.
        where: What it is called in reports: "line 12", "comment 4711".
    """

    __slots__ = ("_is_clean", "_left", "fields", "source", "where")

    def __init__(self, source: Source, fields: Mapping[str, object], where: str, *, is_clean: bool = False) -> None:
        self.source = source
        self.fields = fields
        self.where = where
        self._left = dict(fields)
        self._is_clean = is_clean

    def key(self, *names: str) -> str:
        """Take the first of these fields that holds an id, as text; "" if none does."""
        for name in names:
            if key := self.as_key(self.fields.get(name)):
                self._left.pop(name, None)
                return key
        return ""

    def identify(self, fallback: str, *names: str) -> str:
        """Take the first of these fields that holds an id; a record without one is reported, and called `fallback`."""
        key = self.key(*names)
        if not key:
            self.source.problems.add(NO_KEY, self.where, "it is called after its place")
        return key or fallback

    def peek(self, name: str) -> object:
        """Return a field's value, which stays among the rest."""
        return self.fields.get(name)

    def text(self, *names: str) -> str:
        """Take the first of these fields that holds a text that is not empty; "" if none does."""
        for name in names:
            value = self.fields.get(name)
            if value is None or value == "":
                self._left.pop(name, None)
            elif isinstance(value, str):
                self._left.pop(name, None)
                return value if self._is_clean else self.source.clean(value)
            elif isinstance(value, int | float) and not isinstance(value, bool):
                self.source.problems.add(NO_TEXT, self.where, "what it says was taken as text")
                return str(value)
            else:
                self.source.problems.add(NO_TEXT, self.where, "it is kept as it is, beside the post")
        return ""

    def name(self, *names: str) -> str | None:
        """Take the first of these fields that holds a name; None if none does."""
        for name in names:
            value = self.fields.get(name)
            if isinstance(value, str):
                cleaned = one_line(value if self._is_clean else self.source.clean(value))
                if cleaned == value:
                    self._left.pop(name, None)
                if cleaned:
                    return cleaned
            elif value is None:
                self._left.pop(name, None)
        return None

    def time(self, *names: str, is_due: bool = True) -> str | None:
        """Take the first of these fields that holds a time; None if none does.

        Args:
            names: Fields.
            is_due: Whether each record has a time in this format, so that a missing one is reported.
        """
        for name in names:
            value = self.fields.get(name)
            if (time := from_any(value)) is not None:
                if value == time or (isinstance(value, int | float) and value == int(value) and abs(value) < 1e11):  # noqa: PLR2004  # seconds
                    self._left.pop(name, None)  # nothing of it was cut off
                return time
        if is_due:
            self.source.problems.add(NO_TIME, self.where, "it was imported without one")
        return None

    def moment(self, name: str) -> str | None:
        """Return the time that a field holds, which stays among the rest; None if it holds none."""
        value = self.fields.get(name)
        return from_any(value) if value else None

    def child(self, name: str) -> Record:
        """Return the object in a field as a record of its own, an empty one if there is none; the field stays in the rest."""
        value = self.fields.get(name)
        fields = value if isinstance(value, dict) else {}
        return Record(self.source, fields, self.where, is_clean=self._is_clean)

    def list(self, name: str) -> list[object]:
        """Take the list that is in a field; what is no list counts as an empty one, and stays among the rest."""
        value = self.fields.get(name)
        if isinstance(value, list):
            self._left.pop(name, None)
            return value
        return []

    def long_list(self, name: str) -> Sequence[object]:
        """Take the list that is in a field as `list` does, one that is on the disk, too."""
        value = self.fields.get(name)
        if is_list(value):
            self._left.pop(name, None)
        return as_list(value)

    def drop(self, *names: str) -> None:
        """Take fields whose values are in the model in another form."""
        for name in names:
            self._left.pop(name, None)

    def keep(self, name: str, value: object) -> None:
        """Put a value among the rest."""
        self._left[name] = value

    def settle(self, name: str, child: Record) -> None:
        """Let only that of an object in a field stay among the rest that nobody took of it."""
        if isinstance(self.fields.get(name), dict):
            self._left[name] = child.rest

    @property
    def is_clean(self) -> bool:
        """Whether nothing of it has to be cleaned."""
        return self._is_clean

    @property
    def rest(self) -> dict[str, object]:
        """What nobody took and is not empty, under the source's own names, as JSON that every consumer can carry."""
        left = {
            name: list(value) if isinstance(value, StoredList) else value
            for name, value in self._left.items()
            if value is not None and value not in _EMPTY
        }
        if self._is_clean:
            return left
        cleaned = self._clean_value(left, DEEPEST)
        assert isinstance(cleaned, dict)  # noqa: S101  # as what goes in
        return cleaned

    def as_key(self, value: object) -> str:
        """Return an id as text; "" for what is none."""
        if self._is_clean and isinstance(value, str):
            return one_line(value)
        return key_of(self.source, value)

    def _clean_value(self, value: object, depth: int) -> object:
        if isinstance(value, str):
            return value if value.isprintable() else self.source.clean(value)
        if isinstance(value, dict | list) and not depth:
            self.source.problems.add(TOO_DEEP, self.where, "the field's inner parts were left out")
            return None
        if isinstance(value, dict):
            return {self._clean_name(name): self._clean_value(inner, depth - 1) for name, inner in value.items()}
        if isinstance(value, list):
            return [self._clean_value(inner, depth - 1) for inner in value]
        is_sound = not isinstance(value, float) or abs(value) < float("inf")  # NaN is not smaller either
        return value if is_sound else str(value)

    def _clean_name(self, name: str) -> str:
        return name if name.isprintable() else self.source.clean(name)


def key_of(source: Source, value: object) -> str:
    """Return an id as text; "" for what is none."""
    if isinstance(value, str):
        return one_line(value if value.isprintable() else source.clean(value))
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) < _LARGEST_ID:
        return ""
    return str(int(value)) if value == int(value) else str(value)


def place_of(called: str, value: object, number: int) -> str:
    """Return what a record is called in reports: by its id, as far as that can be printed, else by its number."""
    said = str(value) if isinstance(value, str | int | float) else ""
    is_sound = 0 < len(said) < _LONGEST_ID and said.isprintable()
    return f"{called} {said}" if is_sound else f"{called} number {number}"


def one_line(text: str) -> str:
    """Return a text with all white space, line ends among it, as single blanks."""
    is_so = text.isprintable() and "  " not in text and not text.startswith(" ") and not text.endswith(" ")
    return text if is_so else " ".join(text.split())


def records_in(source: Source, values: Iterable[object], called: str) -> list[dict[str, object]]:
    """Return the objects of a list; what is none is reported and left out. The arguments are those of `each_record`."""
    return list(each_record(source, values, called))


def each_record(source: Source, values: Iterable[object], called: str) -> Iterator[dict[str, object]]:
    """Yield the objects of a list, which may be on the disk; what is none is reported and left out.

    Args:
        source: Is told.
        values: The list.
        called: What an entry is called in reports: "comment", to which its number is added.
    """
    for number, value in enumerate(values, 1):
        if isinstance(value, dict):
            yield value
        else:
            source.problems.add(NO_RECORD, f"{called} number {number}", "it was left out")
