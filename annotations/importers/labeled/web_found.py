"""Web Annotations that were read and wait for their documents: on the disk, for a source may hold hundreds of thousands."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, cast

import msgspec

from annotations.importers.labeled.web_records import WebAnnotation
from annotations.importers.reading.stored_list import StoredList, StoredText

if TYPE_CHECKING:
    from collections.abc import Iterator


class FoundAnnotations:
    """Annotations, on the disk, and what each of them is on or answers."""

    def __init__(self) -> None:
        self._stored = StoredList(StoredText())
        self._keys: dict[str, tuple[str, str]] = {}
        self._on: list[tuple[str, str]] = []

    def add(self, annotation: WebAnnotation) -> None:
        """Add an annotation."""
        on = annotation.places[0].source if annotation.places else ""
        what = (sys.intern(on), annotation.replies_to[0] if annotation.replies_to else "")
        self._keys[annotation.key] = what
        self._on.append(what)
        self.keep(annotation)

    def keep(self, value: object) -> int:
        """Put a value on the disk, and return its place; one that JSON as it is read here cannot carry stays in memory."""
        try:
            self._stored.append_raw(msgspec.json.encode(value))
        except (OverflowError, UnicodeEncodeError, TypeError):
            self._stored.append(value)
        return len(self._stored) - 1

    def load(self, place: int) -> WebAnnotation:
        """Return an annotation."""
        value = self._stored[place]
        return value if isinstance(value, WebAnnotation) else msgspec.convert(value, WebAnnotation)

    def record(self, place: int) -> tuple[dict[str, object], str]:
        """Return what was kept of a record: its fields, and what it is called."""
        fields, where = cast("tuple[dict[str, object], str]", self._stored[place])
        return fields, where

    def homes(self) -> Iterator[str]:
        """Yield of each annotation the document that it is on, also by way of others that it is on or answers."""
        for source, reply in self._on:
            on, answered = source, reply
            seen: set[str] = set()
            while (other := next((each for each in (on, answered) if each in self._keys), None)) not in {None, *seen}:
                seen.add(str(other))
                on, answered = self._keys[str(other)]
            yield on
