"""A JSON array of records, one record in memory at a time: an array of a million is not read whole."""

from __future__ import annotations

import re
from io import TextIOWrapper
from json import JSONDecoder
from typing import TYPE_CHECKING

from annotations.errors import SourceError
from annotations.importers.reading.json_scanning import refuse_depth, scan_value
from annotations.sources.decoding import decode, whole_characters
from annotations.sources.stored import HEAD

if TYPE_CHECKING:
    from collections.abc import Iterator

    from annotations.sources.source import Source

BROKEN = "is no sound JSON"
BEHIND = "stands behind the end of the JSON document"

_BLOCK = 1 << 18
_LONGEST = 1 << 26
"""Characters that a record may have; what goes on longer is no record but a document that broke."""

_BETWEEN = re.compile(r"[ \t\r\n\x00,]*")
_FOLLOWING = re.compile(r"[ \t\r\n\x00\x1e,;)]*")
"""What may stand behind an array."""


def iterate_array(source: Source) -> Iterator[tuple[int, object]]:
    """Yield the values of the array that a source is, each with its place from 1; of several arrays those of all of them.

    Where the array breaks, what can still be read of it is yielded, and the break is reported.
    """
    reading = _Reading(source)
    for value in reading.values():
        yield reading.number, value


class _Reading:
    def __init__(self, source: Source) -> None:
        self.number = 0
        """The place of the present value."""
        self._source = source
        found = decode(whole_characters(source.head, HEAD))
        encoding = found.encoding if found is not None else "utf-8"
        source.warn(*(found.warnings if found is not None else ()))
        self._raw = source.open()
        self._stream = TextIOWrapper(self._raw, encoding=encoding, errors="replace", newline="")
        self._text = ""
        self._at = 0
        self._read = 0
        self._is_whole = False
        self._is_broken_off = False
        """Whether nothing more can be read behind a record that is broken."""
        source.work.begin("Reading", source.size, "bytes")

    def values(self) -> Iterator[object]:
        """Yield the values."""
        with self._stream:
            decoder = JSONDecoder(strict=False)
            self._more(1)
            start = self._text.find("[")
            self._at = start + 1 if start >= 0 else len(self._text)
            wanted = _BLOCK
            while sign := self._next():
                if sign == "]":
                    if not self._begins_anew():
                        return
                    continue
                self.number += 1
                try:
                    value, end = decoder.raw_decode(self._text, self._at)
                except (ValueError, RecursionError):
                    value, end = None, -1
                if 0 <= end < len(self._text) or (self._is_whole and end >= 0):
                    self._at = end
                    wanted = _BLOCK
                    yield value
                elif not self._is_whole and len(self._text) - self._at < _LONGEST:
                    self.number -= 1
                    self._more(wanted)
                    wanted *= 2  # so that a long record is not decoded over and over
                else:
                    yield from self._rescue(sign)
                    wanted = _BLOCK
                    if self._is_broken_off:
                        return
            self._source.problems.add(BROKEN, "the end of the array", "it is missing: the file was cut off")

    def _begins_anew(self) -> bool:
        """Go behind the end of an array, into the one that follows it; tell whether there is one, and report what else is there."""
        self._at += 1
        sign = self._next(_FOLLOWING)
        if sign == "[":
            self._at += 1
            return True
        if sign:
            self._source.problems.add(BEHIND, f"what follows record {self.number}", "it was left out")
        return False

    def _next(self, between: re.Pattern[str] = _BETWEEN) -> str:
        """Return the sign with which the next value begins; "" at the end of the file."""
        while True:
            match = between.match(self._text, self._at)
            if match:
                self._at = match.end()
            if self._at < len(self._text) or self._is_whole:
                return self._text[self._at : self._at + 1]
            self._more(_BLOCK)

    def _more(self, wanted: int) -> None:
        parts = [self._text[self._at :]]
        self._at = 0
        while wanted > 0:
            block = self._stream.read(_BLOCK)
            if not block:
                self._is_whole = True
                break
            parts.append(block)
            wanted -= len(block)
            self._read += len(block)
            self._source.work.advance(getattr(self._raw, "consumed", self._read))
        self._text = "".join(parts)

    def _rescue(self, sign: str) -> Iterator[object]:
        """Yield what can be read where the quick reader fails: a record that is nested too deep, cut off, or broken.

        Args:
            sign: The one with which the record begins.
        """
        where = f"record {self.number}"
        value, end, broken = scan_value(self._text, self._at)
        refuse_depth(self._source.shown, where, broken)
        if broken is not None and not broken.reason and not self._is_whole:
            raise SourceError(
                f"{self._source.shown}: {where} has more than {_LONGEST:,} characters, as no record has",
                "Look there for a quotation mark or a bracket that is missing; if nothing is, bring what it holds as a record a line.",
            )
        if broken is None or (isinstance(value, dict) and value):
            yield value
        self._at = max(end, self._at + 1)
        if broken is None:
            return
        reason = f": {broken.reason}" if broken.reason else ": it was cut off"
        self._source.problems.add(f"{BROKEN}{reason}", where, "what could be read of it was taken")
        self._is_broken_off = sign != "{" or not broken.reason or not self._find_object()

    def _find_object(self) -> bool:
        """Go to where the next object may begin; tell whether there is one."""
        while (found := self._text.find("{", self._at)) < 0 and not self._is_whole:
            self._at = len(self._text)
            self._more(_BLOCK)
        self._at = len(self._text) if found < 0 else found
        return found >= 0
