"""Terminal cells and grapheme clusters: what the cursor steps over, and how wide it is drawn.

A cluster here is what Unicode's annex 29 calls an extended grapheme cluster, with two deliberate differences: it is
always a union of the spans of `rich.cells.split_graphemes`, because the compositor measures and cuts by them; and
a character that is drawn as a sign for itself (see `tui.text.visible`) is a cluster of its own.
Offsets and indexes are code points.
"""

from __future__ import annotations

import re
import sys
from bisect import bisect_right
from functools import cache, lru_cache

from rich.cells import cell_len

from tui.text.kinds import CLUSTER, KINDS, kinds

# Sorted by script: Latin, Greek, Cyrillic, Armenian, Hebrew, Arabic, Thai, Georgian, Latin again, Greek again, signs.
# Letters of one cell that need nothing beside them; all assigned in the Unicode version of the oldest Python.
_NARROW = (
    "\n -~\xa0-\xac\xae-\u02ff"
    "\u0370-\u0377\u037a-\u037f\u0384-\u038a\u038c\u038e-\u03a1\u03a3-\u0482\u048a-\u052f"
    "\u0531-\u0556\u0559-\u058a\u05d0-\u05ea\u05ef-\u05f4"
    "\u0600-\u060f\u061b\u061d-\u064a\u0660-\u066f\u0671-\u06d5"
    "\u0e01-\u0e30\u0e32\u0e3f-\u0e46\u10d0-\u10ff"
    "\u1e00-\u1f15\u1f20-\u1f45\u1f50-\u1f57\u1f5f-\u1f7d\u1f80-\u1fb4\u1fb6-\u1fc4"
    "\u2000-\u200a\u2010-\u2027\u202f-\u205f\u2070\u2071\u2074-\u208e\u20a0-\u20c0\u2100-\u218b\u2190-\u2319"
    "\u2460-\u25fc\u27c0-\u2b1a"
)
# Letters of two cells, and pictographs; alone they need nothing either.
_WIDE = (
    "\u231a-\u2426\u25fd-\u27bf\u2b1b-\u2b73\u2b76-\u2b95\u2b97-\u2bff"
    "\u3000-\u3029\u3030-\u303f\u3041-\u3096\u309b-\u30ff\u3105-\u312f\u3131-\u3163\u31f0-\u321e\u3220-\ua48c"
    "\uac00-\ud7a3\uf900-\ufa6d\uff01-\uff9f"
    "\U0001f300-\U0001f3fa\U0001f400-\U0001f6d7\U0001f6e0-\U0001f6ec\U0001f6f0-\U0001f6fc\U0001f7e0-\U0001f7eb"
    "\U0001f900-\U0001fa53\U0001fa70-\U0001fa74\U0001fa78-\U0001fa7c\U0001fa80-\U0001fa86\U0001fa90-\U0001faac"
    "\U00020000-\U0002a6df"
)


UNEVEN = re.compile(f"[^{_NARROW}]")
"""A character that may not be one cell and one cluster; a text without any is its own ruler."""

_STARTS = frozenset("nclhwg x")
"""Kinds that begin a cluster whatever stands before them."""
_BASES = frozenset("pobd")
"""Kinds that begin a cluster unless something joins them to the one before."""
_JOINER = ord("j")
_FARTHEST = 4096
"""Code points that are searched for a cluster's edge: a longer one was made to waste time."""


def is_even(text: str, start: int = 0, end: int = sys.maxsize) -> bool:
    """Tell whether every character of `text[start:end]` is one cluster of one cell (a newline: of none)."""
    return UNEVEN.search(text, start, end) is None


@cache
def _wide_bounds() -> list[int]:
    """Return the first code point of each range of `_WIDE`, and the one behind its last, in order."""
    ranges = re.findall("(.)-(.)", _WIDE)
    return [bound for first, last in ranges for bound in (ord(first), ord(last) + 1)]


@lru_cache(maxsize=50_000)
def _is_common(character: str) -> bool:
    # not a regular expression: to compile so large a class takes 5 ms, and the first frame would wait for it
    return bisect_right(_wide_bounds(), ord(character)) % 2 == 1


def has_uncommon(text: str, start: int = 0, end: int = sys.maxsize) -> bool:
    """Tell whether `text[start:end]` holds a character that may not be drawn as it is, or not by itself."""
    if UNEVEN.search(text, start, end) is None:
        return False
    return not all(map(_is_common, set(UNEVEN.findall(text, start, end))))


def clusters(text: str) -> list[tuple[int, int]]:
    """Return the bounds of all clusters, in order and without gaps."""
    if is_even(text):
        return [(index, index + 1) for index in range(len(text))]
    return [match.span() for match in CLUSTER.finditer(kinds(text))]


def measured_clusters(text: str) -> list[tuple[int, int, int]]:
    """Return start, end and width in cells of all clusters of a text that is drawn as it is."""
    if is_even(text):
        return [(index, index + 1, 1) for index in range(len(text))]
    return [(start, end, cell_len(text[start:end])) for start, end in clusters(text)]


def cluster_at(text: str, offset: int) -> tuple[int, int]:
    """Return the bounds of the cluster that holds `offset`; behind the last one, the empty range there.

    Looks only at the neighbourhood, so that it costs the same in a comment and in a book.
    """
    offset = max(offset, 0)
    if offset >= len(text):
        return len(text), len(text)
    if not has_uncommon(text, offset, offset + 2):
        before = KINDS[ord(text[offset - 1])] if offset else 0
        if before != _JOINER:
            return offset, offset + 1
    start = _find_start(text, offset)
    end = _find_next_start(text, offset + 1) + 1  # whether something joins is seen from both sides
    for match in CLUSTER.finditer(kinds(text[start:end])):
        if start + match.end() > offset:
            return start + match.start(), start + match.end()
    return offset, offset + 1  # pragma: no cover  # clusters leave no gaps


def _begins_cluster(text: str, index: int) -> bool:
    """Tell whether a cluster begins at `index` for sure, from the characters there and before."""
    kind = chr(KINDS[ord(text[index])])
    if kind in _STARTS:
        return True
    return kind in _BASES and (index == 0 or KINDS[ord(text[index - 1])] != _JOINER)


def _find_start(text: str, index: int) -> int:
    lowest = max(0, index - _FARTHEST)
    while index > lowest and not _begins_cluster(text, index):
        index -= 1
    return index


def _find_next_start(text: str, index: int) -> int:
    highest = min(len(text), index + _FARTHEST)
    while index < highest and not _begins_cluster(text, index):
        index += 1
    return index


def next_cluster(text: str, offset: int) -> int:
    """Return where the cluster behind the one at `offset` starts; at most the text's length."""
    return cluster_at(text, offset)[1]


def previous_cluster(text: str, offset: int) -> int:
    """Return where the cluster before the one at `offset` starts; at least 0."""
    start = cluster_at(text, offset)[0]
    return cluster_at(text, start - 1)[0] if start else 0


def snap(text: str, offset: int) -> int:
    """Return the start of the cluster that holds `offset`, clamped to the text."""
    return cluster_at(text, offset)[0]
