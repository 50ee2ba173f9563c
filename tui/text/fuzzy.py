"""Find a few rows among many by what somebody types: words that occur, in any order, and if one occurs nowhere, what is like it.

What is like a word is one with slips of the pen, `harbor` for "harbour", and what begins like it and goes on with its
letters, `hrbtun` for "harbour tunnel". Upper and lower case, accents and the forms of a letter make no difference.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

LIKENESS = 76
"""How like a word must be that stands for one that occurs nowhere, in per cent (rapidfuzz `fuzz.partial_ratio`)."""
SHORTEST = 3
"""Characters of a word for which something like it is looked for: shorter ones are like everything."""
LONGEST = 24
"""Letters up to which a word is taken for some letters of what is meant."""
FEW = 20_000
"""Rows up to which letters are looked for: more would hold up the key."""
SKIPPED = 3
"""Characters that may be left out between two letters, unless the second one begins the next word."""
_BEGINNING = r"(?<![^\W_])[^\W_]"


def fold(text: str) -> str:
    """Return a text without what makes no difference. Most texts are ASCII and cost no look at each character."""
    if text.isascii():
        return text.lower()
    return "".join(map(_fold_character, text))


def _fold_character(character: str) -> str:
    if character.isascii():
        return character.lower()
    parts = unicodedata.normalize("NFKD", character).casefold()
    return "".join(part for part in parts if not unicodedata.combining(part))


def find_rows(rows: Sequence[str], typed: str, among: Sequence[int] | None = None) -> list[int]:
    """Return which rows hold all words that were typed, in order.

    Args:
        rows: Folded texts.
        typed: What somebody typed, folded or not.
        among: Indexes to look at; None for all.
    """
    found = list(range(len(rows)) if among is None else among)
    for word in fold(typed).split():
        holding = [index for index in found if word in rows[index]]
        found = holding or _find_like(rows, word, found)
    return found


def _find_like(rows: Sequence[str], word: str, among: Sequence[int]) -> list[int]:
    found: set[int] = set()
    if len(word) >= SHORTEST and among:
        from rapidfuzz import fuzz, process  # noqa: PLC0415  # loaded on use

        alike = process.extract(
            word, {index: rows[index] for index in among}, scorer=fuzz.partial_ratio, score_cutoff=LIKENESS, limit=None
        )
        found.update(index for _, _, index in alike)
    if len(among) > FEW:
        return sorted(found)
    return [index for index in among if index in found or _find_letters(rows[index], word)]


def _find_letters(row: str, word: str) -> list[int]:
    """Return where the letters of `word` stand in a line, near each other, from a word's beginning on."""
    if SHORTEST <= len(word) <= LONGEST and _holds_in_order(row, word):
        start = 0
        for line in row.split("\n"):
            if found := _find_in_line(line, word):
                return [start + place for place in found]
            start += len(line) + 1
    return []


def _holds_in_order(row: str, word: str) -> bool:
    at = -1
    for letter in word:
        at = row.find(letter, at + 1)
        if at < 0:
            return False
    return True


def _find_in_line(row: str, word: str) -> list[int]:
    """Return where the letters stand; kept for each one is where it can stand, and where the one before it does."""
    beginnings = [match.start() for match in re.finditer(_BEGINNING, row)]
    places = {index: -1 for index in beginnings if row[index] == word[0]}
    steps = [places]
    for letter in word[1:]:
        before, places = places, {}
        for index in before:
            at = row.find(letter, index + 1, index + 2 + SKIPPED)
            while at >= 0:
                places.setdefault(at, index)
                at = row.find(letter, at + 1, index + 2 + SKIPPED)
            next_word = bisect_right(beginnings, index)
            if next_word < len(beginnings) and row[beginnings[next_word]] == letter:
                places.setdefault(beginnings[next_word], index)
        if not places:
            return []
        steps.append(places)
    found = [min(places)]
    for places in reversed(steps[1:]):
        found.append(places[found[-1]])
    return found[::-1]


def find_words(text: str, typed: str, row: str) -> list[tuple[int, int]]:
    """Return where in `text` the words that were typed stand, or what is like them: sorted, apart from one another.

    Args:
        text: What is shown of a row.
        typed: What somebody typed.
        row: All of the row, folded: a word that it holds elsewhere is not looked for by likeness.
    """
    if text.isascii():
        folded, origins = text.lower(), None
    else:
        pieces = [_fold_character(character) for character in text]
        folded = "".join(pieces)
        origins = [index for index, piece in enumerate(pieces) for _ in piece]
    found: list[tuple[int, int]] = []
    for word in fold(typed).split():
        at = folded.find(word)
        if at < 0 and word not in row:
            found += _find_alike(folded, word) or [(place, place + 1) for place in _find_letters(folded, word)]
        while at >= 0:
            found.append((at, at + len(word)))
            at = folded.find(word, at + len(word))
    if origins is not None:
        found = [(origins[start], origins[end - 1] + 1) for start, end in found]
    return _merge(found)


def _find_alike(folded: str, word: str) -> list[tuple[int, int]]:
    """Return where the words stand that are like `word`, as a whole."""
    if len(word) < SHORTEST:
        return []
    from rapidfuzz import fuzz  # noqa: PLC0415  # loaded on use

    place = fuzz.partial_ratio_alignment(word, folded, score_cutoff=LIKENESS)
    if place is None or place.dest_start == place.dest_end:
        return []
    start, end = place.dest_start, place.dest_end
    while start < end and not folded[start].isalnum():
        start += 1
    while start and folded[start - 1].isalnum():
        start -= 1
    while end < len(folded) and folded[end].isalnum():
        end += 1
    return [(start, end)] if start < end else []  # alike may be what is no word


def _merge(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged
