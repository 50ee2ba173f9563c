"""A stable order that looks random: the place of each of many things is computed, no list of them is made. Pure.

It is a Feistel cipher over pairs of numbers whose product is hardly larger than the number of things; what falls
outside is enciphered again until it does not. Source: Black and Rogaway, "Ciphers with Arbitrary Finite Domains",
CT-RSA 2002, methods "generalized Feistel" and "cycle walking". The mixing of bits is that of SplitMix64 (Steele, Lea
and Flood, "Fast Splittable Pseudorandom Number Generators", OOPSLA 2014). It keeps no secrets.
"""

from __future__ import annotations

from math import isqrt

ROUNDS = 6
_MASK = 2**64 - 1
_GOLDEN = 0x9E3779B97F4A7C15


class Shuffle:
    """A permutation of the numbers [0, size).

    Args:
        seed: Which one; the same seed and size make the same order, on every machine.
        size: How many numbers there are, at least 1.
    """

    def __init__(self, seed: int, size: int) -> None:
        self.size = size
        self._left = max(1, isqrt(size - 1) + 1 if size > 1 else 1)
        self._right = -(-size // self._left)
        self._keys = [_mix(seed + _GOLDEN * (round_ + 1)) for round_ in range(ROUNDS)]

    def at(self, place: int) -> int:
        """Return the number that stands at a place of the order."""
        while True:
            place = self._encipher(place)
            if place < self.size:
                return place

    def place(self, number: int) -> int:
        """Return the place of the order at which a number stands."""
        while True:
            number = self._decipher(number)
            if number < self.size:
                return number

    def _encipher(self, value: int) -> int:
        left, right = divmod(value, self._right)
        for round_, key in enumerate(self._keys):
            if round_ % 2:
                right = (right + _mix(left ^ key)) % self._right
            else:
                left = (left + _mix(right ^ key)) % self._left
        return left * self._right + right

    def _decipher(self, value: int) -> int:
        left, right = divmod(value, self._right)
        for round_ in reversed(range(ROUNDS)):
            key = self._keys[round_]
            if round_ % 2:
                right = (right - _mix(left ^ key)) % self._right
            else:
                left = (left - _mix(right ^ key)) % self._left
        return left * self._right + right


def _mix(value: int) -> int:
    """Return 64 bits each of which depends on all of the value's."""
    value = (value + _GOLDEN) & _MASK
    value = ((value ^ (value >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
    value = ((value ^ (value >> 27)) * 0x94D049BB133111EB) & _MASK
    return value ^ (value >> 31)
