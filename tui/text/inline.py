"""Markdown's emphasis: `*so*`, `_so_`, `**so**`, `__so__`, `~~so~~`.

The rules of CommonMark 0.31, section 6.2, with narrower ones where people write these characters for themselves: none
inside a word (but beside ideographs, which have no spaces), none from more than three in a row, none across a blank
line or the start of a list's item, a quote or a heading. Each mark is looked at a fixed number of times.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from tui.text.decoration import Decoration, Kind
from tui.text.ranges import outside

if TYPE_CHECKING:
    from tui.text.ranges import Range

_PIECE = re.compile(
    r"(?P<block>\n(?=[ \t]*(?:\n|>|#|```|~~~|(?:[-*+•]|\d{1,3}[.)])[ \t])))|\\.|(?P<run>\*+|_+|~+)",
)
_LONGEST_RUN = 3
_STRIKE = 2
_DEEPEST = 20
"""Runs that may be open at a time."""
_FIRST_UNSPACED = "\u2e80"
"""From here on are the scripts that are written without spaces."""
_NOT_BEGUN_WITH = frozenset("^-=<>|;")
"""Behind or before a mark it is a face, an arrow or a line."""


class _Run:
    """Some of one mark in a row that may open, and how many are left of them."""

    __slots__ = ("can_close", "end", "length", "mark", "start")

    def __init__(self, mark: str, start: int, end: int, *, can_close: bool) -> None:
        self.mark = mark
        self.start = start
        self.end = end
        self.length = end - start
        self.can_close = can_close


def find_emphasis(text: str, covered: list[Range]) -> list[Decoration]:
    """Return the emphasized words of a text and the marks around them.

    Args:
        text: The text.
        covered: Code and addresses, sorted: marks in them are none.
    """
    found: list[Decoration] = []
    open_runs: list[_Run] = []
    bottoms: dict[tuple[str, bool, int], int] = {}
    for match in outside(_PIECE.finditer(text), covered):
        if match.lastgroup == "block":
            open_runs.clear()
            bottoms.clear()
        elif match.lastgroup == "run":
            start, end = match.span()
            length, mark = end - start, text[start]
            if length > _LONGEST_RUN or (mark == "~" and length != _STRIKE):
                continue
            can_open, can_close = _flanks(text, start, end)
            run = _Run(mark, start, end, can_close=can_close)
            if can_close:
                _close(run, open_runs, bottoms, found, can_open=can_open)
            if can_open and run.start < run.end and len(open_runs) < _DEEPEST:
                open_runs.append(run)
    return found


def _close(
    run: _Run,
    open_runs: list[_Run],
    bottoms: dict[tuple[str, bool, int], int],
    found: list[Decoration],
    *,
    can_open: bool,
) -> None:
    """Match a run that closes with those that opened, the nearest first."""
    key = (run.mark, can_open, run.length % 3)
    while run.start < run.end:
        bottom = min(bottoms.get(key, 0), len(open_runs))
        at = next((at for at in range(len(open_runs) - 1, bottom - 1, -1) if _fits(open_runs[at], run, can_open)), -1)
        if at < 0:
            bottoms[key] = len(open_runs)
            return
        opener = open_runs[at]
        del open_runs[at + 1 :]
        for other, place in bottoms.items():
            bottoms[other] = min(place, len(open_runs))
        width = 2 if opener.end - opener.start >= 2 and run.end - run.start >= 2 else 1  # noqa: PLR2004  # strong
        kind = Kind.STRUCK if run.mark == "~" else Kind.STRONG if width == 2 else Kind.EMPHASIS  # noqa: PLR2004  # strong
        found.append(Decoration(opener.end - width, opener.end, Kind.MARKUP))
        found.append(Decoration(opener.end, run.start, kind))
        found.append(Decoration(run.start, run.start + width, Kind.MARKUP))
        opener.end -= width
        run.start += width
        if opener.start == opener.end:
            open_runs.pop()


def _fits(opener: _Run, closer: _Run, closer_can_open: bool) -> bool:  # noqa: FBT001  # one call, in an inner loop
    """Tell whether two runs match: the same mark, and not `**so*`, whose lengths sum up to three, where both could do both."""
    if opener.mark != closer.mark:
        return False
    if not (opener.can_close or closer_can_open):
        return True
    return bool((opener.length + closer.length) % 3 or (opener.length % 3 == 0 and closer.length % 3 == 0))


def _flanks(text: str, start: int, end: int) -> tuple[bool, bool]:
    """Tell whether the run of marks `text[start:end]` may open and may close."""
    before = text[start - 1] if start else "\n"
    after = text[end] if end < len(text) else "\n"
    is_sign_before, is_sign_after = _is_sign(before), _is_sign(after)
    can_open = not after.isspace() and (not is_sign_after or before.isspace() or is_sign_before)
    can_close = not before.isspace() and (not is_sign_before or after.isspace() or is_sign_after)
    if can_open and (after in _NOT_BEGUN_WITH or _is_in_word(before, text[start])):
        can_open = False
    is_dunder = text[start] == "_" and (after == "(" or (after == "." and text[end + 1 : end + 2].isalnum()))
    if can_close and (is_dunder or before in _NOT_BEGUN_WITH or _is_in_word(after, text[start])):
        can_close = False
    return can_open, can_close


def _is_sign(character: str) -> bool:
    return unicodedata.category(character)[0] in "PS"


def _is_in_word(outer: str, mark: str) -> bool:
    """Tell whether a mark is inside a word, by its outer neighbour."""
    return not outer.isspace() and not _is_sign(outer) and (mark == "_" or outer < _FIRST_UNSPACED)
