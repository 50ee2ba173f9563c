"""Ranges of a text, and what lies outside them."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    import re
    from collections.abc import Iterable, Iterator, Sequence

Range: TypeAlias = tuple[int, int]
"""Half-open."""


def outside(matches: Iterable[re.Match[str]], ranges: Sequence[Range]) -> Iterator[re.Match[str]]:
    """Yield the matches that start in none of the ranges, both sorted by start, in one pass over both."""
    at, count = 0, len(ranges)
    for match in matches:
        while at < count and ranges[at][1] <= match.start():
            at += 1
        if at == count or match.start() < ranges[at][0]:
            yield match
