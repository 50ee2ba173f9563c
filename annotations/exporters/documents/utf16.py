"""Offsets in UTF-16, as programs in JavaScript and Java count them."""

from __future__ import annotations

import re
from bisect import bisect_left

UTF_16 = "utf-16"
_ASTRAL = re.compile("[\U00010000-\U0010ffff]")
"""What takes two units of UTF-16."""


class Utf16:
    """Turns offsets of a text into units of UTF-16.

    Args:
        text: The text.
    """

    def __init__(self, text: str) -> None:
        self._astral = [] if text.isascii() else [found.start() for found in _ASTRAL.finditer(text)]

    def __call__(self, offset: int) -> int:
        """Return how many units stand before an offset in code points."""
        return offset + bisect_left(self._astral, offset)
