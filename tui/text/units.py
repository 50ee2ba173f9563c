"""Units of a text (sentences, clauses, paragraphs): found from where one ends and the next one starts.

Each kind of unit is a function that yields those places from some offset on. A place is decided by its neighbourhood
alone, so the unit at an offset is found by looking back in growing steps, and is the same as in the whole text.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, TypeAlias

from tui.text.cells import snap

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Places: TypeAlias = Callable[[str, int], Iterator[tuple[int, int]]]

STOPS = frozenset(".…!?؟‽‼⁇⁈⁉\u037e。！？｡．\u0964\u0965\u06d4\u0589\u1362\u17d4\u104b")
"""All characters that end a sentence somewhere."""

_FIRST_REACH = 512
_SPACE = re.compile(r"\s*")


def skip_space(text: str, start: int) -> int:
    """Return the first place at or behind `start` that holds no white space."""
    match = _SPACE.match(text, start)
    return match.end() if match else start


def strip_space(text: str, start: int, end: int) -> int:
    """Return `end` without the white space before it, at least `start`."""
    while end > start and text[end - 1].isspace():
        end -= 1
    return end


def may_start(text: str, last: int, start: int) -> bool:
    """Tell whether a unit may start at `start`: behind the start of the last one, before the end, not in a cluster."""
    return last < start < len(text) and snap(text, start) == start


def place_before(text: str, offset: int, places: Places) -> tuple[int, int]:
    """Return the last place whose next unit starts at or before `offset`, or one before the first unit."""
    reach = _FIRST_REACH
    while True:
        start = _align(text, offset - reach)
        found = None
        for place in places(text, start):
            if place[1] > offset:
                break
            found = place
        if found:
            return found
        if start == 0:
            return 0, skip_space(text, 0)
        reach *= 4


def place_after(text: str, offset: int, places: Places) -> tuple[int, int]:
    """Return the first place whose next unit starts behind `offset`, or one at the text's end."""
    for place in places(text, place_before(text, offset, places)[1]):
        if place[1] > offset:
            return place
    return strip_space(text, 0, len(text)), len(text)


def unit_at(text: str, offset: int, places: Places) -> tuple[int, int] | None:
    """Return the unit that holds `offset`; between two the next, at the end the last; None in white space alone."""
    first = skip_space(text, 0)
    if first == len(text):
        return None
    offset = min(max(offset, first), strip_space(text, 0, len(text)) - 1)
    end, following = place_after(text, offset, places)
    if offset < end:
        return place_before(text, offset, places)[1], end
    return following, place_after(text, following, places)[0]


def next_unit(text: str, offset: int, places: Places) -> int:
    """Return where the next unit starts, or the text's length."""
    return place_after(text, min(max(offset, 0), len(text)), places)[1]


def previous_unit(text: str, offset: int, places: Places) -> int:
    """Return where the unit at `offset` starts, or the one before if it starts there; 0 before the first."""
    offset = min(max(offset, 0), len(text))
    start = place_before(text, offset - 1, places)[1] if offset else 0
    return start if start < offset else 0


def _align(text: str, start: int) -> int:
    """Return a place at or before `start` that cuts no white space and no run of stops in two; at least 0."""
    while start > 0 and (text[start].isspace() or text[start - 1] in STOPS):
        start -= 1
    return max(start, 0)
