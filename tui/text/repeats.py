"""Passages of a text that repeat another's words: quotes, with or without quotation marks.

Both texts are read as words, without case, punctuation, white space, tags, entities and addresses; an ideograph is a word. Runs of
words of a fixed length (shingles) are hashed; where one of a text is among another's, both are followed word by word
as far as they agree. Linear in the length of the text, whatever the others hold; the others are read once.

Source: Broder, "On the resemblance and containment of documents", 1997.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from rich.cells import cell_len

if TYPE_CHECKING:
    from collections.abc import Sequence

WORDS = 6
"""Words in a row that a passage has at least."""
CELLS = 30
"""Terminal cells that it takes at least: common phrases are shorter. Ideographs take two each."""
LONGEST = 20_000
"""Characters of a comment that are read; what stands behind is never taken for a repeat."""

_WORD = r"([\u2e80-\ua4cf\uf900-\ufaff\U00020000-\U0003ffff]|[^\W_\u2e80-\ua4cf\uf900-\ufaff\U00020000-\U0003ffff]+)"
_MARKUP = r"</?[a-zA-Z][^<>\n]{0,300}>|&#?\w{1,10};|https?://[^\s<>]+|www\.[^\s<>]+"
_OPENING = frozenset("\"'“”„«»‘‚‹›「『([*_")
_CLOSED = re.compile(r"[.,;:!?…。、！？]*[\"'”“»«’‘›‹」』)\]*_]*")


class Passages(NamedTuple):
    """The words of a text, ready to be found in another.

    Args:
        words: Its words, folded.
        shingles: The hash of the `WORDS` words from each word on.
        places: The first place of each hash.
    """

    words: list[str]
    shingles: list[int]
    places: dict[int, int]


def read_passages(text: str, longest: int = LONGEST) -> Passages:
    """Return the words of a text.

    Args:
        text: The stored text.
        longest: Characters of it that are read.
    """
    words = [word.casefold() for word in _pattern(text).findall(text[:longest]) if word]
    shingles = list(map(hash, zip(*(words[start:] for start in range(WORDS)), strict=False)))
    places = dict(zip(reversed(shingles), range(len(shingles) - 1, -1, -1), strict=True))
    return Passages(words, shingles, places)


def _pattern(text: str) -> re.Pattern[str]:
    """Return what finds the words of a text: the fast pattern where the text holds nothing else."""
    return _compile(has_markup="<" in text or "&" in text or "://" in text or "www." in text)


@cache
def _compile(*, has_markup: bool) -> re.Pattern[str]:
    # on use: so large a class of characters takes milliseconds
    return re.compile(f"{_MARKUP}|{_WORD}" if has_markup else _WORD)


def find_repeats(text: str, own: Passages, others: Sequence[Passages]) -> tuple[tuple[int, int], ...]:
    """Return the ranges of a text that repeat words of the others, each verbatim in one of them.

    Args:
        text: The stored text.
        own: Its words.
        others: The words of the texts that it may repeat.

    Returns:
        Half-open ranges, sorted, apart from one another or touching; the punctuation around the words included.
    """
    sources = [other for other in others if not other.places.keys().isdisjoint(own.places)]
    if not sources:
        return ()
    spans = [match.span(1) for match in _pattern(text).finditer(text) if match[1]]
    found: list[tuple[int, int]] = []
    at = last = 0
    while at < len(own.shingles):
        count = max(_count_common(own, at, source) for source in sources)
        if count:
            start, end = spans[at][0], spans[at + count - 1][1]
            if cell_len(text[start:end]) >= CELLS:
                start, end = _with_punctuation(text, start, end, last)
                found.append((start, end))
                last = end
                at += count
                continue
        at += 1
    return tuple(found)


def _count_common(own: Passages, at: int, source: Passages) -> int:
    """Return how many words from `at` on stand in the source in a row; 0 for fewer than a shingle."""
    place = source.places.get(own.shingles[at])
    if place is None:
        return 0
    count = 0
    most = min(len(own.words) - at, len(source.words) - place)
    while count < most and own.words[at + count] == source.words[place + count]:
        count += 1
    return count if count >= WORDS else 0


def _with_punctuation(text: str, start: int, end: int, lowest: int) -> tuple[int, int]:
    """Return the range of words together with the signs that touch it."""
    while start > lowest and text[start - 1] in _OPENING:
        start -= 1
    closed = _CLOSED.match(text, end)
    return start, closed.end() if closed else end
