"""A text as it is drawn: harmless, and every character of it visible.

Stored text is never changed, and it may hold characters that reorder, hide or erase what a terminal shows. Each of
them is drawn as a short sign in its place: `‹RLO›`, `‹ZWSP›`, `‹U+E0041›`, `␛`. The classes follow Unicode
Technical Report 36 (invisible and bidirectional characters) and annex 29 (what belongs to a cluster).
Text of right-to-left scripts stays in logical order.
"""

from __future__ import annotations

import re
from array import array
from bisect import bisect_right
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from msgspec import Struct

from tui.text.cells import has_uncommon
from tui.text.kinds import EXTENDERS, kinds

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

Edit: TypeAlias = tuple[int, int, str]
"""A half-open range of a stored text, and what is drawn in its place."""

TAB = "    "
PLACEHOLDER = "◌"
HIGHEST_PILE = 8
"""Marks that are drawn on one letter; the rest is counted. No language needs more."""

_NAMES = {
    0x00AD: "SHY",
    0x034F: "CGJ",
    0x061C: "ALM",
    0x180E: "MVS",
    0x200B: "ZWSP",
    0x200C: "ZWNJ",
    0x200D: "ZWJ",
    0x200E: "LRM",
    0x200F: "RLM",
    0x2028: "LS",
    0x2029: "PS",
    0x202A: "LRE",
    0x202B: "RLE",
    0x202C: "PDF",
    0x202D: "LRO",
    0x202E: "RLO",
    0x2060: "WJ",
    0x2066: "LRI",
    0x2067: "RLI",
    0x2068: "FSI",
    0x2069: "PDI",
    0xFE0E: "VS15",
    0xFE0F: "VS16",
    0xFEFF: "BOM",
}
_C0_END = 0x20
_DELETE = 0x7F
_PICTURES = 0x2400
_DELETE_PICTURE = "\u2421"

_TAIL = rf"[{EXTENDERS}]+(?:j[^lhx ][{EXTENDERS}]*)*"
_REPLACED = re.compile(
    rf"(?P<sign>x)|(?P<tab>h)|(?P<lone>(?:^|(?<=[lhx ])){_TAIL})|(?P<pile>(?<=[{EXTENDERS}]{{{HIGHEST_PILE}}}){_TAIL})"
)

_TROUBLE = re.compile(rf"x|h|[l ][{EXTENDERS}]|[{EXTENDERS}]{{{HIGHEST_PILE + 1}}}")
"""Is found in all that `_REPLACED` finds but at the text's start, and faster."""

SIGN = re.compile("‹[A-Z0-9+]{2,9}›")
"""What a sign looks like; a line is not broken inside one."""


class _Replacements(NamedTuple):
    """What is drawn for what: four parallel columns, sorted, of indexes of the drawn and offsets of the stored text."""

    drawn_starts: array[int]
    drawn_ends: array[int]
    stored_starts: array[int]
    stored_ends: array[int]


class Display(Struct, frozen=True):
    """A text as it is drawn, and the way back to the stored text.

    Args:
        text: What is drawn. Indexes into it are code points.
    """

    text: str
    _replacements: _Replacements | None = None

    @property
    def is_identity(self) -> bool:
        """Whether the text is drawn exactly as it is stored."""
        return self._replacements is None

    def to_source(self, index: int) -> int:
        """Return the stored offset of what is drawn at `index`; the text's length at its end."""
        if (found := self._replacements) is None:
            return index
        at = bisect_right(found.drawn_starts, index) - 1
        if at < 0:
            return index
        if index < found.drawn_ends[at]:
            return found.stored_starts[at]
        return found.stored_ends[at] + index - found.drawn_ends[at]

    def to_source_end(self, index: int) -> int:
        """Return the stored offset behind what is drawn just before `index`."""
        if (found := self._replacements) is None:
            return index
        at = bisect_right(found.drawn_starts, index - 1) - 1
        if at >= 0 and index - 1 < found.drawn_ends[at]:
            return found.stored_ends[at]
        return self.to_source(index - 1) + 1 if index > 0 else 0

    def to_display(self, offset: int) -> int:
        """Return the index of the first character drawn for the stored `offset`."""
        if (found := self._replacements) is None:
            return offset
        at = bisect_right(found.stored_starts, offset) - 1
        if at < 0:
            return offset
        if offset < found.stored_ends[at]:
            return found.drawn_starts[at]
        return found.drawn_ends[at] + offset - found.stored_ends[at]

    def signs(self, start: int, end: int) -> list[tuple[int, int]]:
        """Return where something stands for stored text between two indexes of the drawn text: half-open, clipped."""
        if (found := self._replacements) is None:
            return []
        first = bisect_right(found.drawn_ends, start)
        last = bisect_right(found.drawn_starts, end - 1)
        return [(max(start, found.drawn_starts[at]), min(end, found.drawn_ends[at])) for at in range(first, last)]

    def added(self, start: int, end: int) -> list[tuple[int, int]]:
        """Return where words that stand for no stored text are between two indexes: half-open, clipped."""
        if (found := self._replacements) is None:
            return []
        first = bisect_right(found.drawn_ends, start)
        last = bisect_right(found.drawn_starts, end - 1)
        return [
            (max(start, found.drawn_starts[at]), min(end, found.drawn_ends[at]))
            for at in range(first, last)
            if found.stored_starts[at] == found.stored_ends[at]
        ]


def display(text: str, added: Sequence[tuple[int, str]] = ()) -> Display:
    """Return how `text` is drawn. Common text comes back as it is, after one search.

    Args:
        text: The text.
        added: Words to draw besides, each before an offset, in order; inside what is drawn as a sign they stand behind it.
    """
    signs = list(_signs(text))
    if not signs and not added:
        return Display(text)
    return redraw(text, _merge(signs, added) if added else signs)


def _signs(text: str) -> Iterator[Edit]:
    """Yield what is not drawn as it is."""
    if not has_uncommon(text):
        return
    found = kinds(text)
    if _TROUBLE.search(found) is None and found[0] not in EXTENDERS:
        return
    for match in _REPLACED.finditer(found):
        yield match.start(), match.end(), _draw(text[match.start() : match.end()], match.lastgroup)


def _merge(signs: Sequence[Edit], added: Sequence[tuple[int, str]]) -> Iterator[Edit]:
    """Yield signs and added words in order."""
    waiting = list(reversed(added))
    for start, end, drawn in signs:
        while waiting and waiting[-1][0] <= start:
            offset, words = waiting.pop()
            yield offset, offset, words
        yield start, end, drawn
        inside = []
        while waiting and waiting[-1][0] < end:
            inside.append((end, waiting.pop()[1]))
        waiting += reversed(inside)
    for offset, words in reversed(waiting):
        yield offset, offset, words


def redraw(text: str, edits: Iterable[Edit]) -> Display:
    """Return `text` with other words in the place of some of its ranges, and the way back.

    Args:
        text: The stored text.
        edits: Start, end and what is drawn there: sorted, not overlapping. What is drawn may be nothing, which hides the
            range: its offsets lead to what is drawn behind it. The range may be empty, which adds words that stand for
            no stored text: their indexes lead to the offset behind them.
    """
    columns = _Replacements(array("i"), array("i"), array("i"), array("i"))
    parts: list[str] = []
    length = stop = 0
    for start, end, drawn in edits:
        parts += (text[stop:start], drawn)
        length += start - stop
        columns.drawn_starts.append(length)
        length += len(drawn)
        columns.drawn_ends.append(length)
        columns.stored_starts.append(start)
        columns.stored_ends.append(end)
        stop = end
    parts.append(text[stop:])
    return Display("".join(parts), columns)


def one_line(text: str) -> str:
    """Return `text` as it is drawn where there is one line: names, titles, chips, notices."""
    return display(text.replace("\n", " ").replace("\t", " ")).text


def _draw(stored: str, group: str | None) -> str:
    if group == "tab":
        return TAB
    if group == "pile":
        return _count(len(stored))
    if group == "lone":
        rest = len(stored) - HIGHEST_PILE
        return PLACEHOLDER + (stored if rest <= 0 else stored[:HIGHEST_PILE] + _count(rest))
    return sign(stored)


def _count(marks: int) -> str:
    return f"‹+{marks}›"


def sign(character: str) -> str:
    """Return the visible sign for a character that is not drawn as it is."""
    code = ord(character)
    if code < _C0_END:
        return chr(_PICTURES + code)
    if code == _DELETE:
        return _DELETE_PICTURE
    return f"‹{_NAMES.get(code) or f'U+{code:04X}'}›"
