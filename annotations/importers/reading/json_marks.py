"""What the beginning of a JSON document looks like: which fields stand where, so that an importer knows its format by them."""

from __future__ import annotations

from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from msgspec import Struct

from annotations.importers.reading.json_scanning import scan_value, skip_blank

if TYPE_CHECKING:
    from annotations.sources.source import Source

_DEEPEST = 7
"""Fields that stand deeper are not looked at."""

_ENTRIES = 20
"""Entries of a list that are looked at, from the first one, and fields of an object."""

_FIELDS = 200
_OPENERS = ("[", "{")
_VALUES = 8
_LONGEST_VALUE = 200


class Marks(Struct, frozen=True):
    """What is seen of a document.

    Args:
        fields: The places of fields: "post_stream/posts/*/cooked", "*" for each entry of a list.
        values: The first few short texts, numbers and words that stand in a field.
    """

    fields: frozenset[str]
    values: dict[str, frozenset[str]]

    def has(self, *places: str) -> bool:
        """Tell whether there are fields in all of these places."""
        return self.fields.issuperset(places)

    def says(self, place: str, *values: str) -> bool:
        """Tell whether a field says one of these."""
        return not self.values.get(place, frozenset()).isdisjoint(values)

    def begins(self, place: str, *beginnings: str) -> bool:
        """Tell whether a field's value begins with one of these."""
        return any(value.startswith(beginnings) for value in self.values.get(place, ()))


_NOTHING = Marks(frozenset(), {})
_KNOWN: WeakKeyDictionary[Source, Marks] = WeakKeyDictionary()


def look(source: Source) -> Marks:
    """Return what the beginning of a source shows; nothing of what is no JSON."""
    if source.is_folder:
        return _NOTHING
    if source not in _KNOWN:
        _KNOWN[source] = _look_at(_first_documents(source.start))
    return _KNOWN[source]


def _first_documents(text: str) -> list[object]:
    """Return the first of the documents that a text begins with: the only one, or the first of several, a line each."""
    found: list[object] = []
    at = skip_blank(text, 0)
    while text[at : at + 1] in _OPENERS and len(found) < _ENTRIES:
        value, end, broken = scan_value(text, at)
        found.append(value)
        if broken:
            break
        at = skip_blank(text, end)
    return found


def _look_at(documents: list[object]) -> Marks:
    fields: set[str] = set()
    values: dict[str, set[str]] = {}
    waiting: list[tuple[str, object, int]] = [("", document, 0) for document in documents]
    while waiting:
        place, value, depth = waiting.pop()
        if isinstance(value, dict | list):
            if depth == _DEEPEST:
                continue
            inner = list(value.items())[:_FIELDS] if isinstance(value, dict) else [("*", it) for it in value[:_ENTRIES]]
            for name, below in inner:
                path = f"{place}/{name}" if place else name
                fields.add(path)
                waiting.append((path, below, depth + 1))
        elif value is not None:
            said = str(value).lower() if isinstance(value, bool) else str(value)
            found = values.setdefault(place, set())
            if len(said) <= _LONGEST_VALUE and len(found) < _VALUES:
                found.add(said)
    return Marks(frozenset(fields), {place: frozenset(found) for place, found in values.items()})
