"""A JSON document that is too large for the memory: its long lists go to the disk while it is read.

Only the lists do that which an importer names, for it is to take their entries one by one; all else of the document becomes
what it becomes otherwise. Where the document breaks, what stands before is kept, and the break is reported.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from annotations.errors import SourceError
from annotations.importers.reading.json_blocks import BLOCK, JsonBlocks
from annotations.importers.reading.json_reading import begin_of
from annotations.importers.reading.json_scanning import DEEPEST, quick_decoder, scan_value, too_deep
from annotations.importers.reading.stored_list import StoredList, StoredText
from annotations.sources.stored import HEAD

if TYPE_CHECKING:
    from annotations.importers.reading.json_scanning import Break
    from annotations.sources.source import Source

LARGE = 1 << 23
"""Bytes from which on a document is read like this."""

LONGEST_VALUE = 1 << 26
"""Characters that a value may have that is none of the lists."""

MOST_MEMBERS = 50_000
"""Members that an object may have: they are kept in memory."""

_LONG = 1 << 16
"""Characters from which on a list or an object is looked into, where it may be, and not read at once."""

_BLIND = 400
"""Levels that are looked into without a trial where one has shown that there are more than Python can read at once."""

_NUMBER = 64
"""Characters that may still belong to a number or a word at the end of what was read."""

_BETWEEN = re.compile(r"[\s\x00\x1e,]*")
_NUMBERED = re.compile(r'\s*"\d+"', re.ASCII)
_OPENERS = ("[", "{")
_CLOSERS = {"[": "]", "{": "}"}


def is_large(source: Source) -> bool:
    """Tell whether a document is so large, or may be, that its long lists belong on the disk."""
    return source.size is None or source.size > LARGE or (bool(source.compression) and len(source.head) == HEAD)


def read_large(source: Source, lists: frozenset[str], *, is_by_number: bool = False) -> list[object]:
    """Return the documents of a source, mostly one, with a `StoredList` for each long one among some lists.

    Args:
        source: The source.
        lists: The names of the members that may hold long lists, or lead to them; the document itself may be one, too.
        is_by_number: Whether an object whose first member is called by a number is to be a list of what its members hold.

    Raises:
        SourceError: If it is no JSON at all, or broken and the import is strict.
    """
    return _Reading(source, lists, is_by_number=is_by_number).documents()


class _Level:
    """An object or a list that is being read bit by bit."""

    __slots__ = ("is_empty", "name", "sign", "value")

    def __init__(self, sign: str, value: dict[str, object] | StoredList) -> None:
        self.sign = sign
        self.value = value
        self.name = ""
        self.is_empty = True


class _Broken(Exception):  # noqa: N818  # no failure: what stands before is kept
    def __init__(self, at: int, reason: str) -> None:
        super().__init__(reason)
        self.at = at
        self.reason = reason


class _Reading(JsonBlocks):
    """The reading of a source."""

    def __init__(self, source: Source, lists: frozenset[str], *, is_by_number: bool) -> None:
        super().__init__(source)
        self._lists = lists
        self._is_by_number = is_by_number
        self._blind = 0
        self._store = StoredText()
        self._quick = quick_decoder()
        self._value: object = None

    def documents(self) -> list[object]:
        """Return the documents."""
        found: list[object] = []
        with self._stream:
            self._more(BLOCK)
            self._at = begin_of(self._text)
            while self._sign(_BETWEEN):
                if found and self._text[self._at] not in _OPENERS:
                    self._report("stands behind the end of the JSON document", "it was left out")
                    break
                try:
                    found.append(self._document())
                except _Broken as broken:
                    self._say_broken(broken, is_first=not found)
                    found += self._root
                    break
        if not found:
            raise SourceError(f"{self._source.shown} is empty", "There is no text in it to label.")
        return found

    def _document(self) -> object:
        """Read a document; the lists and objects that are open are kept in a list, so that they may be very deep."""
        self._root: list[object] = []
        self._levels: list[_Level] = []
        while True:
            self._read_value()
            while self._levels and self._has_closed():
                pass
            if not self._levels:
                return self._root[0]

    # --- values ---------------------------------------------------------------------------------------------------

    def _put(self, value: object) -> None:
        if not self._levels:
            self._root.append(value)
            return
        level = self._levels[-1]
        if isinstance(level.value, dict):
            level.value[level.name] = value
        else:
            level.value.append(value)

    def _may_open(self) -> bool:
        """Tell whether what stands here is looked into if it is long."""
        if not self._levels:
            return True
        level = self._levels[-1]
        return isinstance(level.value, StoredList) or level.name in self._lists

    def _read_value(self) -> None:
        """Read a value, or open one that is long until there is one that is not, or an empty one."""
        while True:
            sign = self._sign()
            may_open = sign in _OPENERS and self._may_open()
            is_blind = may_open and self._blind > 0
            self._blind -= is_blind
            end, wanted = -1 if is_blind else self._end_of_value(), BLOCK
            while (
                not is_blind
                and end < 0
                and not self._is_whole
                and not (may_open and len(self._text) - self._at >= _LONG)
            ):
                if len(self._text) - self._at > LONGEST_VALUE:
                    raise self._refusal(f"a value of more than {LONGEST_VALUE:,} characters")
                self._more(wanted)
                end = self._end_of_value()
                wanted *= 2  # so that a long value is not read over and over
            if end < 0 and may_open:
                self._open(sign)
                if self._has_closed():
                    return
                continue
            if end < 0:
                value, end, broken = scan_value(self._text, self._at)
                if value is not None or not broken:
                    self._put(value)
                if broken:
                    raise _Broken(broken.at, broken.reason)
            elif self._levels and isinstance(self._levels[-1].value, StoredList):
                self._levels[-1].value.append_raw(self._text[self._at : end].encode())
            else:
                self._put(self._value)
            self._at = end
            return

    def _end_of_value(self) -> int:
        """Keep the value that stands here, and return where it ends; -1 if that is not to be seen, or if it is too deep or broken."""
        try:
            self._value, end = self._quick.raw_decode(self._text, self._at)
        except RecursionError:
            self._blind = _BLIND
            return -1
        except ValueError:
            return -1
        is_sure = self._is_whole or self._text[end - 1] in '"}]' or end + _NUMBER < len(self._text)
        return end if is_sure else -1

    def _open(self, sign: str) -> None:
        if len(self._levels) >= DEEPEST:
            raise too_deep(self._source.shown, self._place(self._at))
        is_list = sign == "[" or (
            self._is_by_number and not self._levels and _NUMBERED.match(self._text, self._at + 1) is not None
        )
        value: dict[str, object] | StoredList = StoredList(self._store) if is_list else {}
        self._put(value)
        self._levels.append(_Level(sign, value))
        self._at += 1

    def _has_closed(self) -> bool:
        """Read what stands between two values: return True at the end of what holds them, else read a member's name."""
        level = self._levels[-1]
        sign = self._sign()
        if sign == "," and not level.is_empty:
            self._at += 1
            sign = self._sign()
        elif not level.is_empty and sign and sign != _CLOSERS[level.sign]:
            raise _Broken(self._at, "a comma is missing")
        level.is_empty = False
        if not sign:
            raise _Broken(self._at, "")
        if sign == _CLOSERS[level.sign]:
            self._at += 1
            self._levels.pop()
            return True
        if level.sign == "{":
            level.name = self._read_name(sign)
        if isinstance(level.value, dict) and len(level.value) >= MOST_MEMBERS:
            raise self._refusal(f"an object of more than {MOST_MEMBERS:,} members")
        return False

    def _read_name(self, sign: str) -> str:
        end = self._end_of_value() if sign == '"' else -1
        while sign == '"' and end < 0 and not self._is_whole:
            self._more(BLOCK)
            end = self._end_of_value()
        if end < 0:
            raise _Broken(self._at, "" if sign == '"' else "the name of a member is missing")
        name = str(self._value)
        self._at = end
        if self._sign() != ":":
            raise _Broken(self._at, "a colon is missing" if self._sign() else "")
        self._at += 1
        return name

    # --- what is wrong --------------------------------------------------------------------------------------------

    def _report(self, what: str, done: str) -> None:
        self._source.problems.add(what, self._place(self._at), done)

    def _refusal(self, what: str) -> SourceError:
        return SourceError(
            f"{self._source.shown} has {what} ({self._place(self._at)}), as no discussion has: it is refused",
            "Look there for a quotation mark or a bracket that is missing, and import it again.",
        )

    def _say_broken(self, broken: _Broken | Break, *, is_first: bool) -> None:
        where = self._place(broken.at)
        if is_first and not self._root:
            reason = broken.reason or "it ends before it is complete"
            raise SourceError(f"{self._source.shown} is no JSON: {where}: {reason}")
        what = f"cannot be read: {broken.reason}" if broken.reason else "ends the document before it is complete"
        self._source.problems.add(what, where, "what stands before was read")
