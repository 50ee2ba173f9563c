"""Records of several files that belong to one document, found together: on the disk, for the files of annotators may be large."""

from __future__ import annotations

from array import array
from hashlib import blake2b
from typing import TYPE_CHECKING, cast

import msgspec

from annotations.importers.reading.json_fields import Record
from annotations.importers.reading.stored_list import StoredList, StoredText

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import TypeAlias

    from annotations.sources.source import Source

    _Kept: TypeAlias = tuple[int, str, bool, dict[str, object]]
    """The number of a record's file, what it is called, whether it is clean, its fields."""

_LAST = -1
_DIGEST = 16
"""Bytes that are kept in memory of what a record is about."""


class JoinedRecords:
    """Records, in groups of those that are about the same; some twenty bytes of each are in memory, and a hash of each group."""

    def __init__(self) -> None:
        self._stored = StoredList(StoredText())
        self._following = array("i")
        """Of each record the place of the next one in its group."""
        self._firsts = array("i")
        self._ends: dict[bytes, int] = {}

    def add(self, about: tuple[str, str], file: int, record: Record) -> None:
        """Add a record.

        Args:
            about: What it is about: the same for all records of a group.
            file: The number of its file.
            record: The record.
        """
        place = len(self._stored)
        digest = blake2b("\0".join(about).encode("utf-8", "surrogatepass"), digest_size=_DIGEST).digest()
        before = self._ends.get(digest)
        if before is None:
            self._firsts.append(place)
        else:
            self._following[before] = place
        self._following.append(_LAST)
        self._ends[digest] = place
        value = [file, record.where, record.is_clean, dict(record.fields)]
        try:
            self._stored.append_raw(msgspec.json.encode(value))
        except (OverflowError, UnicodeEncodeError, TypeError, RecursionError):  # what is read patiently stays in memory
            self._stored.append(value)

    def groups(self, source: Source) -> Iterator[list[tuple[int, Record]]]:
        """Yield the groups in the order of their first records: the number of each record's file, and the record.

        Args:
            source: Cleans the records, and is told of their problems.
        """
        self._ends.clear()
        for first in self._firsts:
            group: list[tuple[int, Record]] = []
            place = first
            while place != _LAST:
                file, where, is_clean, fields = cast("_Kept", self._stored[place])
                group.append((file, Record(source, fields, where, is_clean=is_clean)))
                place = self._following[place]
            yield group
