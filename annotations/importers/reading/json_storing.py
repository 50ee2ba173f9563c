"""A JSON document that is too large for the memory: its long lists go to the disk while it is read.

Only the lists do that which an importer names, for it is to take their entries one by one; all else of the document becomes
what it becomes otherwise. Where the document breaks, what stands before is kept, and the break is reported.
"""

from __future__ import annotations

import re
from io import TextIOWrapper
from json import JSONDecoder
from typing import TYPE_CHECKING

from annotations.errors import SourceError
from annotations.importers.reading.json_reading import begin_of
from annotations.importers.reading.json_scanning import DEEPEST, scan_value
from annotations.importers.reading.stored_list import StoredList, StoredText
from annotations.sources.decoding import decode, whole_characters
from annotations.sources.stored import HEAD

if TYPE_CHECKING:
    from annotations.importers.reading.json_scanning import Break
    from annotations.sources.source import Source

LARGE = 1 << 23
"""Bytes from which on a document is read like this."""

_BLOCK = 1 << 18
_LONG = 1 << 16
"""Characters from which on a list or an object is looked into, where it may be, and not read at once."""

_BLIND = 400
"""Levels that are looked into without a trial where one has shown that there are more than Python can read at once."""

_NUMBER = 64
"""Characters that may still belong to a number or a word at the end of what was read."""

_BLANK = re.compile(r"[ \t\r\n\x00]*")
_BETWEEN = re.compile(r"[\s\x00\x1e,]*")
_OPENERS = ("[", "{")
_CLOSERS = {"[": "]", "{": "}"}


def is_large(source: Source) -> bool:
    """Tell whether a document is so large, or may be, that its long lists belong on the disk."""
    return source.size is None or source.size > LARGE or (bool(source.compression) and len(source.head) == HEAD)


def read_large(source: Source, lists: frozenset[str]) -> list[object]:
    """Return the documents of a source, mostly one, with a `StoredList` for each long one among some lists.

    Args:
        source: The source.
        lists: The names of the members that may hold long lists, or lead to them; the document itself may be one, too.

    Raises:
        SourceError: If it is no JSON at all, or broken and the import is strict.
    """
    return _Reading(source, lists).documents()


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


class _Reading:
    """The reading of a source, of which a block is in memory at a time."""

    def __init__(self, source: Source, lists: frozenset[str]) -> None:
        self._source = source
        self._lists = lists
        found = decode(whole_characters(source.head, HEAD))
        source.warn(*(found.warnings if found is not None else ()))
        self._raw = source.open()
        encoding = found.encoding if found is not None else "utf-8"
        self._stream = TextIOWrapper(self._raw, encoding=encoding, errors="replace", newline="")
        self._text = ""
        self._at = 0
        self._read = self._passed = self._lines = self._line_start = 0
        self._is_whole = False
        self._blind = 0
        self._store = StoredText()
        self._plain = JSONDecoder(strict=False)
        source.work.begin("Reading", source.size, "bytes")

    def documents(self) -> list[object]:
        """Return the documents."""
        found: list[object] = []
        with self._stream:
            self._more(_BLOCK)
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
            end, wanted = -1 if is_blind else self._end_of_value(), _BLOCK
            while (
                not is_blind
                and end < 0
                and not self._is_whole
                and not (may_open and len(self._text) - self._at >= _LONG)
            ):
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
                self._put(scan_value(self._text, self._at)[0])
            self._at = end
            return

    def _end_of_value(self) -> int:
        """Return where the value ends that stands here; -1 if that is not to be seen, or if it is too deep or broken."""
        try:
            _, end = self._plain.raw_decode(self._text, self._at)
        except RecursionError:
            self._blind = _BLIND
            return -1
        except ValueError:
            return -1
        is_sure = self._is_whole or self._text[end - 1] in '"}]' or end + _NUMBER < len(self._text)
        return end if is_sure else -1

    def _open(self, sign: str) -> None:
        if len(self._levels) >= DEEPEST:
            raise _Broken(self._at, f"more than {DEEPEST:,} levels are nested")
        value: dict[str, object] | StoredList = StoredList(self._store) if sign == "[" else {}
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
        if isinstance(level.value, dict):
            level.name = self._read_name(sign)
        return False

    def _read_name(self, sign: str) -> str:
        end = self._end_of_value() if sign == '"' else -1
        while sign == '"' and end < 0 and not self._is_whole:
            self._more(_BLOCK)
            end = self._end_of_value()
        if end < 0:
            raise _Broken(self._at, "" if sign == '"' else "the name of a member is missing")
        name = str(scan_value(self._text, self._at)[0])
        self._at = end
        if self._sign() != ":":
            raise _Broken(self._at, "a colon is missing" if self._sign() else "")
        self._at += 1
        return name

    # --- text -----------------------------------------------------------------------------------------------------

    def _sign(self, blank: re.Pattern[str] = _BLANK) -> str:
        """Return the sign that stands next; "" at the end of the file."""
        while True:
            match = blank.match(self._text, self._at)
            self._at = match.end() if match else self._at
            if self._at < len(self._text) or self._is_whole:
                return self._text[self._at : self._at + 1]
            self._more(_BLOCK)

    def _more(self, wanted: int) -> None:
        """Read on, and let go of what has been read."""
        passed = self._text[: self._at]
        self._lines += passed.count("\n")
        newline = passed.rfind("\n")
        self._line_start = self._passed + newline + 1 if newline >= 0 else self._line_start
        self._passed += len(passed)
        parts = [self._text[self._at :]]
        self._at = 0
        while wanted > 0:
            block = self._stream.read(_BLOCK)
            if not block:
                self._is_whole = True
                break
            wanted -= len(block)
            self._read += len(block)
            if "\ufffd" in block:
                self._source.warn("Some of its bytes are not in its encoding: they stand as U+FFFD.")
            parts.append(block)
        self._text = "".join(parts)
        self._source.work.advance(getattr(self._raw, "consumed", self._read))

    # --- what is wrong --------------------------------------------------------------------------------------------

    def _report(self, what: str, done: str) -> None:
        self._source.problems.add(what, self._place(self._at), done)

    def _say_broken(self, broken: _Broken | Break, *, is_first: bool) -> None:
        where = self._place(broken.at)
        if is_first and not self._root:
            reason = broken.reason or "it ends before it is complete"
            raise SourceError(f"{self._source.shown} is no JSON: {where}: {reason}")
        what = f"cannot be read: {broken.reason}" if broken.reason else "ends the document before it is complete"
        self._source.problems.add(what, where, "what stands before was read")

    def _place(self, at: int) -> str:
        """Return where something is: line and column, from 1."""
        newline = self._text.rfind("\n", 0, at)
        begin = newline + 1 if newline >= 0 else self._line_start - self._passed
        return f"line {self._lines + self._text.count(chr(10), 0, at) + 1}, column {at - begin + 1}"
