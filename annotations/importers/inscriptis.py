"""The importer of what inscriptis makes of a page: comments behind the bullets * + o - or numbers, indented as styles say.

Source of the layout: inscriptis 2.7, `model/canvas/prefix.py` and `css_profiles.py`. A list sets its content four columns
further right, a `div` two, and a marker hangs to the left of its line; so what stands behind a marker, and not the marker,
tells how deep it is, and the text of a comment may stand further left than its name. How much, a page does alike everywhere.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from annotations.importers.flat.lines import ANY_MARKERS, LINES, scan
from annotations.importers.flat.reading import Flavour, Page, read_flattened
from annotations.importers.flat.sniffing import weigh

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from annotations.importers.flat.lines import Line
    from annotations.model import Thread
    from annotations.sources.source import Source
    from annotations.work import Work

name = "inscriptis"
title = "Page text by inscriptis: an article with comments behind the bullets * + o - or numbers"
keeps = "the article, the tree of comments, names, bylines, dates and numbers"
loses = "markup and addresses, which the text no longer has"

_FURTHEST = 16
"""By how many columns a text stands left of its name at most: there are not more boxes around a name."""

_NONE = 1 << 30
"""Further right than any text."""


def sniff(source: Source) -> float:
    """Say how sure it is that inscriptis wrote the source: from where texts stand below markers."""
    return 0.0 if source.kind else weigh(source.start)[name]


def read(source: Source) -> Iterator[Thread]:
    """Yield the one thread of the source."""
    yield from read_flattened(source, _FLAVOUR)


def _read_page(rows: list[str], work: Work) -> Page:
    """Take the lines of a source; a marker counts as standing just left of where its text may stand."""
    lines = scan(rows, work, ANY_MARKERS)
    shift = _find_shift(lines)
    open_lists: list[tuple[int, str]] = []
    for line in work.heed(lines, LINES):
        if line.marker:
            _place(line, rows[line.row].lstrip()[0], shift, open_lists)
        elif line.column == 0:
            open_lists.clear()
    return Page(rows, lines)


def _place(line: Line, sign: str, shift: int, open_lists: list[tuple[int, str]]) -> None:
    """Say how far right a marker counts as standing.

    Bullets tell how deep they are: two lists of one bullet, one directly below the other, stand side by side however far
    right they are.

    Args:
        line: The marker's line.
        sign: The first character of its marker.
        shift: How much further left than names the texts stand on this page.
        open_lists: How far right the lists stand in which it may be, and their bullets.
    """
    indent = max(1, line.offset + shift - 1) if line.head else line.column + 1
    while open_lists and open_lists[-1][0] > indent:
        open_lists.pop()
    if open_lists and not sign.isdigit() and open_lists[-1][1] == sign:
        indent = open_lists[-1][0]
    elif not open_lists or open_lists[-1][0] < indent:
        open_lists.append((indent, sign))
    line.indent = indent


def _find_shift(lines: Sequence[Line]) -> int:
    """Return by how many columns texts stand left of the names above them, on most of the page; 0 or less.

    What counts is the text between a marker and a next one that stands as far right or further, which is surely the first one's;
    and of that what has a blank line in it, because dates stand right below names. Where there is none, all texts count.
    """
    sure: Counter[int] = Counter()
    likely: Counter[int] = Counter()
    marked: Line | None = None
    least, is_loose = _NONE, False
    for line in [*lines, None]:
        if line is not None and not line.marker and line.column:
            least, is_loose = min(least, line.column), is_loose or not line.is_tight
            continue
        if marked is not None and least < _NONE:
            is_sure = is_loose and line is not None and bool(line.marker) and line.offset >= marked.offset
            (sure if is_sure else likely)[min(0, max(-_FURTHEST, least - marked.offset))] += 1
        marked, least, is_loose = (line if line is not None and line.marker else None), _NONE, False
    shifts = sure or likely
    return max(shifts, key=lambda shift: (shifts[shift], shift), default=0)


_FLAVOUR = Flavour(name, _read_page)
