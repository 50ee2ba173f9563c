"""Lines that html2text broke at a width, put together again.

Source: html2text 2025.4, `optwrap` and `skipwrap`, and `textwrap` of the standard library. A break of the page's own leaves two
blanks at the end of its line, so a line that ends without, and behind which the next word would not have fitted, was broken.
Lists, code and tables are never broken. What cannot be known is whether a blank stood behind a hyphen at the end of a line.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from annotations.work import Work

_LINES = 5000
"""Lines that are read between two looks at whether to stop."""

_NARROWEST = 20
_WIDEST = 200
"""Between these is a width at which somebody breaks lines."""

_UNBROKEN = re.compile(r" {4}|\t|\s*(?:[-+]\s|\*(?!\*)|-(?!-[^-])|\d+\.\s)|\s*\Z")
"""What `skipwrap` leaves alone: code and lists; and blank lines."""

_TABLE = " | "
"""What rows of tables have, which it leaves alone, too."""

_QUOTE = re.compile(r"(?:> ?)+")
_HYPHEN = re.compile(r"[^\W\d_]{2}-\Z|[\w!\"'&.,?]-{2,}\Z")
"""Where `textwrap` breaks within a word: behind its hyphen, behind a dash between two words."""


def unwrap(rows: Sequence[str], work: Work) -> tuple[list[str], list[int], int]:
    """Return the lines put together, the places of those that were so at a hyphen, and at what width they had been broken.

    The width is that of the longest of them, and 0 where no line was broken: then the lines are what they were.
    """
    width = _find_width(rows, work)
    if not width:
        return list(rows), [], 0
    parts: list[list[str]] = []  # the lines, each as what it was broken into
    hyphens: list[int] = []
    before = ""  # the last line as it stands in the source
    is_whole = True  # whether the line that is being put together is of those that are never broken
    for row in work.heed(rows, _LINES):
        quote = _QUOTE.match(row)
        own = row[quote.end() :] if quote is not None and _QUOTE.match(before) is not None else row
        if is_whole or not _is_broken(before, own, width):
            parts.append([row])
            is_whole = False
        elif _HYPHEN.search(before) and own[:1].isalpha():
            parts[-1].append(own)
            hyphens.append(len(parts) - 1)
        else:
            parts[-1] += (" ", own)
        is_whole = is_whole or _TABLE in own or (len(parts[-1]) == 1 and _UNBROKEN.match(row) is not None)
        before = row
    joined = ["".join(part) for part in parts]
    return joined, hyphens, width if len(joined) < len(rows) else 0


def _is_broken(before: str, row: str, width: int) -> bool:
    """Tell whether a line goes on in the next one."""
    if not before.strip() or before.endswith("  ") or not row.strip() or row[0] in " \t>":
        return False
    return len(before) + 1 + len(row.split(" ", 1)[0]) > width


def _find_width(rows: Sequence[str], work: Work) -> int:
    """Return how long the longest line is that could have been broken; 0 if it is too long or too short for that."""
    width = 0
    for row in work.heed(rows, _LINES):
        text = row.rstrip()
        if (
            len(text) > width
            and not _UNBROKEN.match(row)
            and _TABLE not in row
            and " " in text[len(_quoted(text)) :].strip()
        ):
            width = len(text)
    return width if _NARROWEST <= width <= _WIDEST else 0


def _quoted(row: str) -> str:
    """Return the signs of a quote in front of a line."""
    quote = _QUOTE.match(row)
    return quote[0] if quote is not None else ""
