"""JSON that the usual readers give up: nested thousands of levels deep, cut off, with raw controls or numbers that are none.

RFC 8259 is the grammar. What is read beyond it: NaN and the infinities are none, a text may hold line ends, a comma may stand
before a closing bracket. Of two members of one name the last counts, as nearly every reader has it (RFC 8259, section 4).
"""

from __future__ import annotations

import math
import re
from json import JSONDecoder
from typing import Any

from msgspec import Struct

from annotations.errors import SourceError

DEEPEST = 20_000
"""Levels of arrays and objects: a comment takes two to five, so that thousands of answers below each other can be read."""

_QUICKLY = 4
"""Levels at which the quick reader is tried before the patient one goes on: each trial that fails costs its time again."""

_BLANK = re.compile(r"[ \t\r\n\x00]*")
_NUMBER = re.compile(r"-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?", re.ASCII)
_WORDS = {"true": True, "false": False, "True": True, "False": False} | dict.fromkeys(
    ("null", "NaN", "Infinity", "-Infinity", "nan", "None", "undefined")
)
_WORD = re.compile(r"-?[A-Za-z]+", re.ASCII)
_CLOSERS: dict[str, type] = {"]": list, "}": dict}
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|(.))", re.DOTALL)
_HALF_ESCAPE = re.compile(
    r"(?<!\\)((?:\\\\)*)(?:\\u[dD][89abAB][0-9a-fA-F]{2}(?:\\(?:u[0-9a-fA-F]{0,3})?)?|\\(?:u[0-9a-fA-F]{0,3})?)\Z"
)
"""At the end of a text that is cut off: an escape of which there is a part, or the first one of two that mean one character."""

_ESCAPED = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}
_LONGEST_NUMBER = 4000
"""Digits of a number; Python makes no more of one (sys.set_int_max_str_digits)."""


class Break(Struct, frozen=True):
    """Where a document cannot be read any further.

    Args:
        at: The character.
        reason: Why, a phrase: "a comma is missing"; "" if the document ends there.
        is_too_deep: Whether more is nested there than anybody wrote.
    """

    at: int
    reason: str = ""
    is_too_deep: bool = False


class _Broken(Exception):  # noqa: N818  # no failure: what stands before is kept
    def __init__(self, at: int, reason: str = "", *, is_too_deep: bool = False) -> None:
        super().__init__(reason)
        self.found = Break(at, reason, is_too_deep)


def scan_value(text: str, at: int = 0) -> tuple[Any, int, Break | None]:
    """Read a value, and return it, where it ends, and where it broke off; then it holds what stands before.

    Args:
        text: The document.
        at: Where to begin.
    """
    reading = _Reading(text, at)
    try:
        reading.run()
    except _Broken as broken:
        return reading.result, broken.found.at, broken.found
    return reading.result, reading.at, None


def refuse_depth(shown: str, where: str, broken: Break | None) -> None:
    """Refuse a source in which more is nested than anybody wrote.

    Raises:
        SourceError: If it broke off because of that.
    """
    if broken is not None and broken.is_too_deep:
        raise too_deep(shown, where)


def too_deep(shown: str, where: str) -> SourceError:
    """Make the error for a source in which more is nested than anybody wrote."""
    return SourceError(
        f"{shown} has more than {DEEPEST:,} arrays and objects within each other ({where}), as no discussion has: it is refused",
        "If there is a discussion in it, take out what is nested so deeply, and import the rest.",
    )


def skip_blank(text: str, at: int) -> int:
    """Return where something stands from `at` on."""
    match = _BLANK.match(text, at)
    return match.end() if match else at


class _Reading:
    """The reading of one value, with the arrays and objects that are open kept in a list instead of in calls."""

    def __init__(self, text: str, at: int) -> None:
        self.at = at
        self._text = text
        self._root: list[Any] = []
        self._open: list[list[Any] | dict[str, Any]] = [self._root]
        self._keys: list[str] = [""]

    @property
    def result(self) -> Any:  # noqa: ANN401  # JSON
        """The value; None if there is none."""
        return self._root[0] if self._root else None

    def run(self) -> None:
        """Read the value."""
        while True:
            if self._read_value() and not self._has_closed(may_be_first=True):
                self._read_key()
                continue
            while len(self._open) > 1 and self._has_closed():
                pass
            if len(self._open) == 1:
                return
            self._read_key()

    def _next(self) -> str:
        self.at = skip_blank(self._text, self.at)
        return self._text[self.at : self.at + 1]

    def _put(self, value: Any) -> None:  # noqa: ANN401  # JSON
        top = self._open[-1]
        if isinstance(top, list):
            top.append(value)
        else:
            top[self._keys[-1]] = value

    def _read_value(self) -> bool:
        """Read a value, or the start of one that holds others: then return True."""
        sign = self._next()
        if sign and sign in "[{":
            return self._open_one(sign)
        if sign == '"':
            self._put(self._read_text(is_kept=True))
        else:
            self._put(self._read_plain(sign))
        return False

    def _open_one(self, sign: str) -> bool:
        if len(self._open) <= _QUICKLY:
            try:
                found, self.at = quick_decoder().raw_decode(self._text, self.at)
            except (ValueError, RecursionError):
                pass
            else:
                self._put(found)
                return False
        if len(self._open) > DEEPEST:
            raise _Broken(self.at, f"more than {DEEPEST:,} levels are nested", is_too_deep=True)
        value: list[Any] | dict[str, Any] = [] if sign == "[" else {}
        self._put(value)
        self._open.append(value)
        self._keys.append("")
        self.at += 1
        return True

    def _has_closed(self, *, may_be_first: bool = False) -> bool:
        """Read what stands between two values: return True at the end of the one that holds them."""
        sign = self._next()
        if sign == "," and not may_be_first:
            self.at += 1
            sign = self._next()
            if sign not in _CLOSERS:
                return False
        if not sign:
            raise _Broken(self.at)
        if sign not in _CLOSERS:
            if may_be_first:
                return False
            raise _Broken(self.at, "a comma is missing")
        if not isinstance(self._open[-1], _CLOSERS[sign]):
            raise _Broken(self.at, f"“{sign}” closes what was not opened")
        self.at += 1
        self._open.pop()
        self._keys.pop()
        return True

    def _read_key(self) -> None:
        """Read a member's name, if it is an object that is open."""
        if isinstance(self._open[-1], list):
            return
        sign = self._next()
        if sign != '"':
            raise _Broken(self.at, "the name of a member is missing" if sign else "")
        key = self._read_text(is_kept=False)
        sign = self._next()
        if sign != ":":
            raise _Broken(self.at, "a colon is missing" if sign else "")
        self.at += 1
        self._keys[-1] = key

    def _read_text(self, *, is_kept: bool) -> str:
        """Read a text; one that is cut off is kept as far as it goes where that is wanted."""
        try:
            value, self.at = quick_decoder().raw_decode(self._text, self.at)
        except ValueError:
            pass
        else:
            return str(value)
        end = _find_quote(self._text, self.at + 1)
        said = self._text[self.at + 1 : len(self._text) if end < 0 else end]
        value = _unescaped(said if end >= 0 else _HALF_ESCAPE.sub(r"\1", said))
        if end >= 0:
            self.at = end + 1
            return value
        if is_kept:
            self._put(value)
        self.at = len(self._text)
        raise _Broken(self.at)

    def _read_plain(self, sign: str) -> Any:  # noqa: ANN401  # JSON
        if not sign:
            raise _Broken(self.at)
        match = _NUMBER.match(self._text, self.at)
        if match and match.end() - match.start() < _LONGEST_NUMBER:
            self.at = match.end()
            digits = match[0]
            return int(digits) if digits.lstrip("-").isdigit() else finite(digits)
        match = _WORD.match(self._text, self.at)
        if match and match[0] in _WORDS:
            self.at = match.end()
            return _WORDS[match[0]]
        raise _Broken(self.at, "" if match and match.end() == len(self._text) else "a value is missing")


def finite(digits: str) -> float | None:
    """Return a number, None if it is too large to be one."""
    value = float(digits)
    return value if math.isfinite(value) else None


def _find_quote(text: str, at: int) -> int:
    """Return where a text's closing quotation mark is, -1 if it has none."""
    while (end := text.find('"', at)) >= 0:
        slashes = end
        while slashes > at and text[slashes - 1] == "\\":
            slashes -= 1
        if not (end - slashes) % 2:
            return end
        at = end + 1
    return -1


def _unescaped(text: str) -> str:
    """Return what a text with escapes says, whatever escapes it has."""
    said = _ESCAPE.sub(_unescape, text)
    return said.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")  # pairs become characters


def _unescape(match: re.Match[str]) -> str:
    """Return what an escape stands for; one that JSON does not have stands for itself."""
    if match[1]:
        return chr(int(match[1], 16))
    sign = match[2]
    return _ESCAPED.get(sign, sign if sign in '"\\/' else match[0])


_DECODERS: list[JSONDecoder] = []


def quick_decoder() -> JSONDecoder:
    """Return what reads sound values, as far as they are not too deep for it."""
    if not _DECODERS:
        _DECODERS.append(JSONDecoder(strict=False, parse_constant=lambda _: None, parse_float=finite))
    return _DECODERS[0]
