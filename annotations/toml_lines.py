"""Where in a TOML text each value stands, which `tomllib` does not tell.

Source: TOML 1.0.0, https://toml.io/en/v1.0.0. The scanner is looser than the grammar: it is asked for lines of a text
that `tomllib` has accepted or will judge, and only has to know where keys, values and tables begin and end.
"""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from typing import TYPE_CHECKING, TypeAlias

from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Mapping

Path: TypeAlias = tuple[str | int, ...]
"""The way to a value: keys of tables and indexes of arrays, as in `("labels", 0, "name")`."""

DEPTH_LIMIT = 16
"""How long a path may be; beyond, the scanner stops. No text written by hand comes near it."""

_BLANKS = re.compile(r"[ \t]*+")
_BLANKS_AND_LINES = re.compile(r"(?:[ \t\n]++|#[^\n]*+)*+")
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]++")
_SCALAR = re.compile(r"[^,\]}#\n]++")
_STRINGS = {
    '"""': re.compile(r'"""(?:[^"\\]++|\\.|"(?!""))*+"{3,5}', re.DOTALL),
    "'''": re.compile(r"'''(?:[^']++|'(?!''))*+'{3,5}"),
    '"': re.compile(r'"(?:[^"\\\n]++|\\[^\n])*+"'),
    "'": re.compile(r"'[^'\n]*+'"),
}


class TomlLines(Struct, frozen=True):
    """Lines of a TOML text, counted from 1.

    Args:
        starts: The line on which each table, field and array element begins.
        stopped_at: Where the text stops making sense: the line of the bracket or quote that is not closed, or of
            whatever else cannot be TOML; None where the scanner came through.
        is_too_deep: Whether it stopped because something is nested deeper than `DEPTH_LIMIT`.
    """

    starts: Mapping[Path, int]
    stopped_at: int | None = None
    is_too_deep: bool = False

    def of(self, path: Path) -> int:
        """Return the line of a value, or that of the innermost table around it that is known."""
        while path and path not in self.starts:
            path = path[:-1]
        return self.starts.get(path, 1)


def find_lines(text: str) -> TomlLines:
    """Find where each value of a TOML text begins.

    Args:
        text: TOML, right or wrong, with LF line ends.
    """
    scanner = _Scanner(text)
    try:
        scanner.scan()
    except _StoppedError as stop:
        return TomlLines(scanner.starts, stop.line, stop.is_too_deep)
    return TomlLines(scanner.starts)


class _StoppedError(Exception):
    """The scanner cannot go on."""

    def __init__(self, line: int, *, is_too_deep: bool = False) -> None:
        super().__init__(line)
        self.line = line
        self.is_too_deep = is_too_deep


class _Scanner:
    """Walk through a text once, noting the line of everything that has a path."""

    def __init__(self, text: str) -> None:
        self.starts: dict[Path, int] = {}
        self._text = text
        self._place = 0
        self._line = 1
        self._tables_in: Counter[Path] = Counter()  # arrays of tables, by how many have begun

    def scan(self) -> None:
        table: Path = ()
        self._skip(_BLANKS_AND_LINES)
        while self._place < len(self._text):
            if self._take("[["):
                table = self._header("]]")
            elif self._take("["):
                table = self._header("]")
            else:
                self._field(table)
            self._skip(_BLANKS_AND_LINES)

    def _header(self, closing: str) -> Path:
        line = self._line
        keys = self._keys()
        self._skip(_BLANKS)
        self._need(closing, line)
        if closing == "]":
            return self._enter((), keys)
        array = (*self._enter((), keys[:-1]), keys[-1])
        self._tables_in[array] += 1
        self.starts.setdefault(array, line)
        return self._enter((), keys)

    def _field(self, table: Path) -> None:
        line = self._line
        keys = self._keys()
        self._skip(_BLANKS)
        self._need("=", line)
        self._value(self._enter(table, keys))

    def _enter(self, path: Path, keys: tuple[str, ...]) -> Path:
        """Follow keys from a table, into the last table of each array of tables on the way, noting all of them."""
        for key in keys:
            path = (*path, key)
            self._note(path)
            if begun := self._tables_in[path]:
                path = (*path, begun - 1)
                self._note(path)
        return path

    def _keys(self) -> tuple[str, ...]:
        keys: list[str] = []
        while not keys or self._take("."):
            if len(keys) == DEPTH_LIMIT:
                raise _StoppedError(self._line, is_too_deep=True)
            self._skip(_BLANKS)
            keys.append(self._key())
            self._skip(_BLANKS)
        return tuple(keys)

    def _key(self) -> str:
        start = self._place
        if self._text.startswith(("'", '"'), start):
            self._string()
            try:
                return str(tomllib.loads(f"key = {self._text[start : self._place]}")["key"])
            except tomllib.TOMLDecodeError:
                raise _StoppedError(self._line) from None
        self._skip(_BARE_KEY, is_needed=True)
        return self._text[start : self._place]

    def _value(self, path: Path) -> None:
        self._note(path)
        self._skip(_BLANKS)
        if self._text.startswith(("'", '"'), self._place):
            self._string()
        elif self._take("["):
            self._array(path)
        elif self._take("{"):
            self._inline_table(path)
        else:
            self._skip(_SCALAR, is_needed=True)

    def _string(self) -> None:
        quotes = self._text[self._place] * 3
        opening = quotes if self._text.startswith(quotes, self._place) else quotes[0]
        self._skip(_STRINGS[opening], is_needed=True)

    def _array(self, path: Path) -> None:
        line, index = self._line, 0
        self._skip(_BLANKS_AND_LINES)
        while not self._closes("]", line):
            self._value((*path, index))
            index += 1
            self._skip(_BLANKS_AND_LINES)
            if not self._take(","):
                self._need("]", line)
                return
            self._skip(_BLANKS_AND_LINES)

    def _inline_table(self, path: Path) -> None:
        line = self._line  # lines may break in here from TOML 1.1 on
        self._skip(_BLANKS_AND_LINES)
        while not self._closes("}", line):
            self._field(path)
            self._skip(_BLANKS_AND_LINES)
            if not self._take(","):
                self._need("}", line)
                return
            self._skip(_BLANKS_AND_LINES)

    def _note(self, path: Path) -> None:
        if len(path) > DEPTH_LIMIT:
            raise _StoppedError(self._line, is_too_deep=True)
        self.starts.setdefault(path, self._line)

    def _take(self, sign: str) -> bool:
        if is_there := self._text.startswith(sign, self._place):
            self._place += len(sign)
        return is_there

    def _closes(self, sign: str, opened_on: int) -> bool:
        if self._place == len(self._text):
            raise _StoppedError(opened_on)
        return self._take(sign)

    def _need(self, sign: str, opened_on: int) -> None:
        """Take a sign; where the text ends without it, the mistake stands where the thing was opened."""
        if not self._take(sign):
            raise _StoppedError(self._line if self._place < len(self._text) else opened_on)

    def _skip(self, pattern: re.Pattern[str], *, is_needed: bool = False) -> None:
        match = pattern.match(self._text, self._place)
        if match is None:
            if is_needed:
                raise _StoppedError(self._line)
            return
        self._line += self._text.count("\n", self._place, match.end())
        self._place = match.end()
