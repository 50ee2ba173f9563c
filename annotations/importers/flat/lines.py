"""The lines of flattened page text: their indents and markers, and what they tell together of how the page was set."""

from __future__ import annotations

import re
from itertools import islice, pairwise
from typing import TYPE_CHECKING

from msgspec import Struct

from annotations.errors import SourceError
from annotations.work import Work

if TYPE_CHECKING:
    from collections.abc import Callable

    from annotations.sources.source import Source

LINES = 5000
"""Lines that are read between two looks at whether to stop."""

MOST_LINES = 600_000
"""Lines, but for blank ones, of a text whose comments are told from how it is set; 100,000 comments have some 300,000."""

BULLET = "•"
"""How every bullet is called, whichever sign it is."""

_FIRST_SIGN = re.compile(r"^[^\n]", re.MULTILINE)
_TAB = 8
MARKERS = re.compile(r"([ \t]*)(?:(•|[1-9][0-9]{0,5}\.)(?:[ \t]+(.*))?$)?")
"""The blanks in front of a line, its marker, and what stands behind that."""

ANY_MARKERS = re.compile(
    r"([ \t]*)(?:(?![*_+-](?:[ \t]*[*_+-]){2,}[ \t]*$)([•*+-]|o(?=[ \t])|[1-9][0-9]{0,5}\.)(?:[ \t]+(.*))?$)?"
)
"""The same with the bullets of all flatteners; a row of them is a rule across the page."""


class Line(Struct):
    """A line that is not blank.

    Args:
        row: Its place among all lines of the source, 0-based.
        indent: How far right it counts as standing, in columns: what hangs on a line stands further right than it does.
        marker: "•" or "12."; "" for other lines.
        head: What stands behind the marker; of other lines the whole, without the blanks around it.
        is_tight: Whether no blank line stands above it.
        column: How far right it really stands; as far as `indent`, but for the flatteners that set their lines otherwise.
        offset: How many characters of the line stand before its head.
    """

    row: int
    indent: int
    marker: str
    head: str
    is_tight: bool
    column: int = 0
    offset: int = 0


def split_rows(source: Source) -> list[str]:
    """Return all lines of a source that is one thread, as its text is set.

    Raises:
        SourceError: If they are more than one thread can have, or if the source is too large, or no text.
    """
    text = source.text
    if next(islice(_FIRST_SIGN.finditer(text), MOST_LINES, None), None) is not None:
        raise SourceError(
            f"{source.shown} has more than {MOST_LINES:,} lines that are not blank, too many for the text of one thread",
            "Import it in parts. For a larger thread take a format with a record a line, as ndjson or CSV.",
        )
    return text.split("\n")


def scan(rows: list[str], work: Work | None = None, markers: re.Pattern[str] = MARKERS) -> list[Line]:
    """Return the lines that are not blank, with their indents and markers.

    Args:
        rows: All lines of the source.
        work: What watches and may stop it.
        markers: Finds the blanks in front of a line, its marker and what stands behind it, in three groups.
    """
    lines: list[Line] = []
    blank_above = True
    for row, text in (work or Work()).each(enumerate(rows), LINES):
        if not text.strip(" \t"):
            blank_above = True
            continue
        match = markers.match(text)
        space, marker, head = match.groups("") if match else ("", "", "")
        said = (head if marker else text).strip()
        indent = len(space.expandtabs(_TAB)) if "\t" in space else len(space)
        marker = BULLET if len(marker) == 1 else marker
        offset = len(text) - len(head.lstrip()) if marker else 0
        lines.append(Line(row, indent, marker, said, not blank_above, indent, offset))
        blank_above = False
    return lines


def cut(text: str, columns: int) -> str:
    """Take up to so many columns of blanks from the front of a line; a tab that reaches beyond stays."""
    blanks = len(text) - len(text.lstrip(" "))
    if blanks >= columns:
        return text[columns:]
    column = taken = 0
    for character in text:
        width = _TAB - column % _TAB if character == "\t" else 1
        if character not in " \t" or column + width > columns:
            break
        column += width
        taken += 1
    return text[taken:]


def next_of(lines: list[Line], is_wanted: Callable[[Line], bool], work: Work) -> list[int]:
    """Return for each line, and behind the last, the place of the first wanted one from there on, or their number."""
    following = len(lines)
    found = [following]
    for at in work.heed(range(len(lines) - 1, -1, -1), LINES):
        if is_wanted(lines[at]):
            following = at
        found.append(following)
    found.reverse()
    return found


def deepest_texts(lines: list[Line], work: Work) -> list[int]:
    """Return for each line, and behind the last, how far right a line of text stands from there to the next marker."""
    deepest = -1
    found = [deepest]
    for line in work.heed(reversed(lines), LINES):
        deepest = -1 if line.marker else max(deepest, line.indent)
        found.append(deepest)
    found.reverse()
    return found


def has_flush_entries(lines: list[Line], work: Work) -> bool:
    """Tell whether markers at the left edge open entries: most have text that stands further right below them.

    Otherwise they are signs in a running text, because a page's lists are indented.
    """
    flush = followed = 0
    for line, below in work.heed(zip(lines, [*lines[1:], None], strict=True), LINES):
        if line.marker and line.indent == 0:
            flush += 1
            followed += below is not None and not below.marker and below.indent > 0
    return followed * 2 > flush


def is_dense(lines: list[Line], work: Work) -> bool:
    """Tell whether the page sets no blank lines between an entry's first line and its text (`div` and not `p`)."""
    tight = loose = 0
    for line, below in work.heed(pairwise(lines), LINES):
        if line.marker and not below.marker and below.indent > line.indent:
            tight += below.is_tight
            loose += not below.is_tight
    return tight > loose
