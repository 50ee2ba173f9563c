"""What a filter keeps of a thread: the posts that match, and those that lead to them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Self

from annotations.shape import parent_of
from tui.text.columns import FULL, NONZERO_IS_FULL, NONZERO_IS_ONE, number

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tui.text.ancestry import Ancestry

_CONTEXT, _MATCH = 1, 2
FEW = 2000
"""Matches up to which the ancestors of each are looked up."""
_BLOCK = 1 << 14
_KEPT = re.compile(rb"[^\0]")


class Paths:
    """The posts that a filter keeps, as a column of a byte a post.

    It takes some milliseconds to make for a million posts: that is done where it delays no key.

    Args:
        kept: For each position 0 where it is hidden, 1 where it only leads to a match, 2 where it matches.
    """

    def __init__(self, kept: bytes) -> None:
        self._kept: bytes | bytearray = kept

    @classmethod
    def to_few(cls, depths: str, matches: bytes, first: int) -> Self | None:
        """Return the paths to the posts that match where these are few, found one by one; None where they are many.

        Args:
            depths: `chr` of the depth of each position, as in `annotations.shape.Shape`.
            matches: A byte for each position, 0 where it does not match.
            first: The first position of the pane.
        """
        kept = bytearray(len(matches))
        for count, match in enumerate(_KEPT.finditer(matches, first)):
            if count == FEW:
                return None
            position: int | None = match.start()
            while position is not None and position >= first and not kept[position]:
                kept[position] = _CONTEXT
                position = parent_of(depths, position)
        for match in _KEPT.finditer(matches, first):
            kept[match.start()] = _MATCH
        return cls(bytes(kept))

    @classmethod
    def to_many(cls, ancestry: Ancestry, matches: bytes, first: int) -> Self:
        """Return the paths to the posts that match, however many.

        Args:
            ancestry: Who answers whom.
            matches: As for `to_few`.
            first: As there.
        """
        ones = matches.translate(NONZERO_IS_ONE)
        kept = number(ancestry.close(ones)) * _CONTEXT + number(ones) * (_MATCH - _CONTEXT)
        return cls(bytes(first) + kept.to_bytes(len(matches), "little")[first:])

    def mask(self, start: int, stop: int) -> int:
        """Return a number with a full byte for each post of [start, stop) that is kept."""
        if stop - start == 1:
            return FULL if self._kept[start] else 0
        return number(self._kept[start:stop].translate(NONZERO_IS_FULL))

    def is_context(self, position: int) -> bool:
        """Tell whether a post is kept only for what is below it."""
        return self._kept[position] == _CONTEXT

    def first_from(self, position: int) -> int | None:
        """Return the first post that is kept, from this one on."""
        found = _KEPT.search(self._kept, position)
        return None if found is None else found.start()

    def last_before(self, position: int) -> int | None:
        """Return the last post that is kept before this one."""
        end = position
        while end > 0:
            start = max(0, end - _BLOCK)
            if kept := self._kept[start:end].rstrip(b"\0"):
                return start + len(kept) - 1
            end = start
        return None

    def admit(self, path: Sequence[int]) -> None:
        """Keep a post, the last of `path`, and those that lead to it, too."""
        hidden = [position for position in path if not self._kept[position]]
        if hidden:
            kept = bytearray(self._kept)
            for position in hidden:
                kept[position] = _MATCH if position == path[-1] else _CONTEXT
            self._kept = kept
