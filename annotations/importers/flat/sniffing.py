"""Which flattener wrote a text: told by where the first line of text below a marker stands.

Resiliparse sets it two columns right of the marker, inscriptis and markdownify right below what stands behind the marker
(of the two markdownify begins at the left edge), html2text at the left edge.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

from msgspec import Struct

from annotations.importers.flat.headings import read_heading
from annotations.importers.flat.lines import ANY_MARKERS, scan
from annotations.importers.flat.plain_words import without_signs

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from annotations.importers.flat.lines import Line

PLAIN = 0.1
"""How sure it is of any plain text that it is an article."""

RIVAL = 0.3
"""How sure a reading is that is worth being named beside the chosen one."""

_SURE = {"flattened": 0.9, "markdownify": 0.88, "inscriptis": 0.87, "html2text": 0.86}
"""How sure each is at most: no two the same, so that one is chosen."""

_LIKELY = 0.4
_POSSIBLE = 0.25
_MARKDOWN = 0.2
_HALF = 0.5
_SOME = 0.2
_SAMPLE = 1 << 18
"""Characters that are looked at."""

_SIGNS = re.compile(
    r"^[ \t]*+(?:(?:[*+-]|\d+\.)[ \t]++)?(?:#{1,6} \S|\*\*\S)|^(?:={3,}|-{3,})[ \t]*$|\]\((?:https?:|/|#)|\\[_*.+-]",
    re.MULTILINE,
)
"""What Markdown has and running text has not."""


class _Marked(Struct):
    """A marker with text of its own below it.

    Args:
        line: The marker's line.
        sign: The marker as it stands in the source.
        below: The line of text below it.
        is_apart: Whether a blank line or a hard break stands between.
    """

    line: Line
    sign: str
    below: Line
    is_apart: bool

    @property
    def head_column(self) -> int:
        """Where what stands behind the marker begins."""
        return self.line.column + len(self.sign) + 1


@lru_cache(maxsize=1)
def weigh(text: str) -> dict[str, float]:
    """Return for each flattener how sure it is, from 0 to 1, that it wrote a text of which this is the beginning."""
    rows = text[:_SAMPLE].split("\n")
    lines = scan(rows, markers=ANY_MARKERS)
    marked = list(_find_marked(lines, rows))
    votes = dict.fromkeys((*_SURE, ""), 0)
    is_flush = _has_flush_lists(lines, rows) or any(one.line.column == 0 < one.below.column for one in marked)
    for one in marked:
        votes[_choose(one, is_flush=is_flush)] += 1
    found = {name: _judge(name, count, len(marked)) for name, count in votes.items() if name}
    is_markdown = _SIGNS.search(text, 0, _SAMPLE) is not None
    markers = [line for line in lines if line.marker]
    if not marked and markers:
        found.update(_judge_bare(lines, markers, rows, is_markdown=is_markdown))
    if votes["html2text"] == 1 and not is_markdown:
        found["html2text"] = min(found["html2text"], _POSSIBLE)
    if is_markdown and not found["markdownify"]:
        found["markdownify"] = _MARKDOWN
    return found


def find_rivals(text: str, name: str) -> Iterator[str]:
    """Yield a sentence for each other flattener that may have written a text of which this is the beginning."""
    for other, sureness in sorted(weigh(text).items()):
        if other != name and sureness >= RIVAL:
            yield f"It might also be read as {other}: --format {other} does."


def _find_marked(lines: Sequence[Line], rows: Sequence[str]) -> Iterator[_Marked]:
    """Yield the markers that have text below them, but for lists whose lines follow on one another."""
    for at in range(len(lines) - 1):
        line, below = lines[at], lines[at + 1]
        if not line.marker or below.marker:
            continue
        row = rows[line.row]
        sign = line.marker if len(line.marker) > 1 else row.lstrip()[0]
        is_apart = not below.is_tight or row.endswith("  ")
        follows = line.is_tight and at > 0 and bool(lines[at - 1].marker) and lines[at - 1].column == line.column
        is_list_end = follows and below.column == 0
        if not is_list_end:
            yield _Marked(line, sign, below, is_apart)


def _has_flush_lists(lines: Sequence[Line], rows: Sequence[str]) -> bool:
    """Tell whether lists begin at the left edge: a bullet stands there, or a number with a list below it."""
    for line, below in pairwise(lines):
        if line.marker and line.column == 0:
            sign = rows[line.row][0]
            if sign in "*+-" or (sign != "•" and below.marker and below.column > 0):
                return True
    return False


def _choose(one: _Marked, *, is_flush: bool) -> str:
    """Return which flattener set the line of text below a marker where it stands; "" for none."""
    marker, text = one.line.column, one.below.column
    if one.sign == "•":
        return "flattened" if text > marker else ""
    if text == 0:
        return "html2text" if marker > 0 and one.is_apart else ""
    if len(one.sign) > 1 and text == marker + 2 and marker % 2 == 0:
        return "flattened"
    if is_flush:
        return "markdownify" if text == one.head_column and one.is_apart else ""
    is_inscriptis = abs(text - one.head_column) in {0, 2, 4}
    if is_inscriptis or len(one.sign) == 1:
        return "inscriptis" if is_inscriptis else ""
    return "flattened" if text > marker else ""


def _judge(name: str, count: int, total: int) -> float:
    """Return how sure a flattener is that has so many of all markers with text."""
    share = count / total if total else 0
    if share >= _HALF:
        return _SURE[name] - 0.1 * (1 - share)
    return RIVAL + share * 0.2 - 0.01 * len(name) / 10 if share >= _SOME else 0.0


def _judge_bare(
    lines: Sequence[Line], markers: Sequence[Line], rows: Sequence[str], *, is_markdown: bool
) -> dict[str, float]:
    """Judge a text in whose lists there is no text but that behind the markers: comments if a heading says so."""
    first = markers[0]
    if any(rows[line.row].lstrip()[0] == "•" or line.marker[:-1] for line in markers):
        return {"flattened": _LIKELY if any(line.indent > 0 for line in markers) else PLAIN}
    above = [line.head for line in lines if line.row < first.row][-2:]
    if not any(read_heading(without_signs(head))[0] for head in above):
        return {}
    if first.column == 0:
        return {"markdownify": _LIKELY}
    return {"html2text": _LIKELY} if is_markdown else {"inscriptis": _LIKELY}
