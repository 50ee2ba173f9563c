"""The text of a JSON document that is read bit by bit: a block of it is in memory, and it is known where that stands."""

from __future__ import annotations

import re
from io import TextIOWrapper
from typing import TYPE_CHECKING

from annotations.sources.decoding import decode, read_strays, whole_characters
from annotations.sources.stored import HEAD

if TYPE_CHECKING:
    from annotations.sources.source import Source

BLOCK = 1 << 18
"""Characters that are read at once."""

_BLANK = re.compile(r"[ \t\r\n\x00]*")


class JsonBlocks:
    """The text of a source, of which a block is in memory at a time."""

    def __init__(self, source: Source) -> None:
        self._source = source
        found = decode(whole_characters(source.head, HEAD))
        source.warn(*(found.warnings if found is not None else ()))
        self._raw = source.open()
        encoding = found.encoding if found is not None else "utf-8"
        errors = "surrogateescape" if encoding == "utf-8" else "replace"
        self._stream = TextIOWrapper(self._raw, encoding=encoding, errors=errors, newline="")
        self._text = ""
        self._at = 0
        self._read = self._passed = self._lines = self._line_start = 0
        self._is_whole = False
        source.work.begin("Reading", source.size, "bytes")

    def _sign(self, blank: re.Pattern[str] = _BLANK) -> str:
        """Return the sign that stands next; "" at the end of the file."""
        while True:
            match = blank.match(self._text, self._at)
            self._at = match.end() if match else self._at
            if self._at < len(self._text) or self._is_whole:
                return self._text[self._at : self._at + 1]
            self._more(BLOCK)

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
            block = self._stream.read(BLOCK)
            if not block:
                self._is_whole = True
                break
            wanted -= len(block)
            self._read += len(block)
            block, strays = read_strays(block)
            if strays:
                self._source.warn("Some of its bytes are no UTF-8: they were read as Windows-1252.")
            if "\ufffd" in block:
                self._source.warn("Some of its bytes are not in its encoding: they stand as U+FFFD.")
            parts.append(block)
        self._text = "".join(parts)
        self._source.work.advance(getattr(self._raw, "consumed", self._read))

    def _place(self, at: int) -> str:
        """Return where something is: line and column, from 1."""
        newline = self._text.rfind("\n", 0, at)
        begin = newline + 1 if newline >= 0 else self._line_start - self._passed
        return f"line {self._lines + self._text.count(chr(10), 0, at) + 1}, column {at - begin + 1}"
