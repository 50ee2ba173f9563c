"""Which names are taken: a hash of 64 bits of each, in a table of numbers, as there may be millions."""

from __future__ import annotations

from array import array
from hashlib import blake2b

_FIRST = 1 << 10
"""Places in the table of a thread with few names."""


class Taken:
    """A set of names that may be large: of a million of them it keeps 32 MB at most.

    That two names have one hash, and the second gets another name than it would need, is as likely as one in ten million for a million.
    """

    def __init__(self) -> None:
        self._table = array("Q", bytes(8 * _FIRST))
        self._number = 0

    def take(self, name: str) -> bool:
        """Take a name; return whether it was free."""
        hashed = int.from_bytes(blake2b(name.encode("utf-8", "surrogatepass"), digest_size=8).digest()) or 1
        place = self._find(self._table, hashed)
        if self._table[place] == hashed:
            return False
        self._table[place] = hashed
        self._number += 1
        if 2 * self._number > len(self._table):
            self._grow()
        return True

    def _grow(self) -> None:
        table = array("Q", bytes(16 * len(self._table)))
        for hashed in self._table:
            if hashed:
                table[self._find(table, hashed)] = hashed
        self._table = table

    @staticmethod
    def _find(table: array[int], hashed: int) -> int:
        """Return where a hash is in a table, or where it would be."""
        mask = len(table) - 1
        place = hashed & mask
        while table[place] not in {0, hashed}:
            place = (place + 1) & mask
        return place
