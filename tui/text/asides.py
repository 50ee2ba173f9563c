"""Quotations as Discourse writes them: `aside.quote`, with who is quoted in `div.title` above a `blockquote`.

Source: what Discourse cooks of `[quote="ann, post:3, topic:12"]`: the title holds an avatar, an empty box for buttons, and "ann:".
"""

from __future__ import annotations

import re

_CLASS = re.compile(r"\bclass\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))", re.IGNORECASE)


class Asides:
    """Which quotations are open at a place in a text, and whether their titles are."""

    def __init__(self) -> None:
        self.is_wordless = False
        """Whether what comes next are only blanks between tags: before who is quoted, and behind what is quoted."""
        self._quotes: list[bool] = []
        self._depth = 0

    @property
    def is_in_title(self) -> bool:
        """Whether this is within the title of a quotation."""
        return self._depth > 0

    def take_aside(self, rest: str, *, is_closing: bool) -> bool:
        """Read the tag of an `aside`; return whether it is a quotation's."""
        if is_closing:
            self._depth = 0
            self.is_wordless = False
            return bool(self._quotes) and self._quotes.pop()
        self.is_wordless = "quote" in _classes(rest)
        self._quotes.append(self.is_wordless)
        return self.is_wordless

    def end_blockquote(self) -> None:
        """Read the closing tag of a `blockquote`."""
        self.is_wordless = bool(self._quotes) and self._quotes[-1]

    def take_div(self, rest: str, *, is_closing: bool) -> bool:
        """Read the tag of a `div`; return whether a title begins with it."""
        if self._depth:
            self._depth += -1 if is_closing else 1
            self.is_wordless = self.is_wordless and self._depth > 0
            return False
        is_title = not is_closing and bool(self._quotes) and self._quotes[-1] and "title" in _classes(rest)
        if is_title:
            self._depth = 1
            self.is_wordless = True
        return is_title


def _classes(rest: str) -> list[str]:
    found = _CLASS.search(rest)
    return next(group for group in found.groups() if group is not None).split() if found else []
