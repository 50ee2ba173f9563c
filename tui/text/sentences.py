"""Sentences and clauses by rule, in many languages, and only as much of the text looked at as the answer needs.

Whether a sentence ends at a place is decided from its neighbourhood alone (`tui.text.stops` for stops,
`tui.text.layout` for line ends). So the sentence under the cursor costs the same in a comment and in a book, and it
is the one that `sentences` finds in the whole text.
"""

from __future__ import annotations

import heapq
import re
from typing import TYPE_CHECKING

from tui.text.layout import breaks_line
from tui.text.stops import ends_sentence, look_around
from tui.text.units import STOPS, may_start, skip_space, strip_space

if TYPE_CHECKING:
    from collections.abc import Iterator

_PLACE = re.compile(rf"(?P<stop>[{re.escape(''.join(sorted(STOPS)))}]+)|\n\s*")
_CLAUSE = re.compile(
    r"(?P<mark>[,;:،؛]+)[\"'”’»)\]]*\s+"  # a mark and a space
    r"|(?P<wide>[，；：、]+)[」』”’）】》]*\s*"  # wide marks need none
    r"|(?<=\s)[–—-]{1,3}\s+|—\s*|(?<=\w)--(?=\w)"  # dashes; the space before one may be another's space behind
)


def sentences(text: str) -> list[tuple[int, int]]:
    """Return all sentences in order: half-open, without outer white space; every other character lies in one."""
    found = []
    start = skip_space(text, 0)
    for end, following in sentence_places(text, 0):
        found.append((start, end))
        start = following
    if start < len(text):
        found.append((start, strip_space(text, start, len(text))))
    return found


def sentence_places(text: str, start: int) -> Iterator[tuple[int, int]]:
    """Yield where sentences end and the next ones start, from `start` on."""
    last = skip_space(text, start)
    for match in _PLACE.finditer(text, last):
        if match["stop"]:
            stop = look_around(text, *match.span())
            if may_start(text, last, stop.next) and ends_sentence(text, stop):
                last = stop.next
                yield stop.after, last
        elif may_start(text, last, match.end()) and breaks_line(text, *match.span()):
            end = strip_space(text, last, match.start())
            last = match.end()
            yield end, last


def clause_places(text: str, start: int) -> Iterator[tuple[int, int]]:
    """Yield where clauses end and the next ones start, from `start` on; the mark between two belongs to neither."""
    last = skip_space(text, start)
    for end, following in heapq.merge(sentence_places(text, last), _clause_marks(text, last)):
        if end > last and may_start(text, last, following):
            last = following
            yield end, following


def _clause_marks(text: str, start: int) -> Iterator[tuple[int, int]]:
    for match in _CLAUSE.finditer(text, start):
        if match.end() < len(text) and text.count("\n", *match.span()) <= 1:
            yield strip_space(text, start, match.start()), match.end()
