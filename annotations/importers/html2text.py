"""The importer of what html2text makes of a page: Markdown, comments as lists of which only the first lines are indented.

Source of the layout: html2text 2025.4, `handle_tag`. A marker stands two columns further right a level, three in a numbered
list; what hangs on it stands at the left edge, as does the page's own text. So a text belongs to the marker above it, but for
the text below a list of short lines, which goes on with what the list is in. Where the comments end, the source says only if
its lines are not broken: then three blank lines stand below an outermost list. Texts stay Markdown, escapes and all.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from msgspec import Struct

from annotations.importers.flat.doubts import Doubt
from annotations.importers.flat.headings import announces_other, read_heading
from annotations.importers.flat.lines import ANY_MARKERS, BULLET, LINES, next_of, scan
from annotations.importers.flat.plain_words import without_signs
from annotations.importers.flat.reading import Flavour, Page, read_flattened
from annotations.importers.flat.sniffing import weigh
from annotations.importers.flat.unwrapping import unwrap

if TYPE_CHECKING:
    from collections.abc import Iterator

    from annotations.importers.flat.lines import Line
    from annotations.model import Thread
    from annotations.sources.source import Source
    from annotations.work import Work

name = "html2text"
title = "Markdown by html2text: an article with comments as lists whose texts stand at the left edge"
keeps = "the article, the tree of comments, names, bylines, dates and numbers; links and other Markdown in the texts"
loses = "where the page goes on below the last comment; line breaks that were put in to fit a width"

_DEEPER = 5
"""By how many columns a list stands further right than the one it is in, at most; what does more is code."""

_GAP = 3
"""Empty lines that stand only below an outermost list."""

_HEADING = re.compile(r"#{1,6}(?:\s|$)")


_STYLE = re.compile(r"\*\*|__|\*|_|\[|#+ |")
"""How what stands behind a marker begins: names are set in one way on a page, and otherwise than the lines of lists."""

_MENU = 3
"""So many links that follow tightly on one another are a menu."""


class _Open(Struct):
    """A marker whose texts may follow.

    Args:
        at: Its place among the lines.
        line: Its line.
        is_bare: Whether no text was found on it or on what hangs on it.
        run: How many of its list, itself counted, follow tightly on one another, all bare: two may be lines of a list.
    """

    at: int
    line: Line
    is_bare: bool = True
    run: int = 1


def sniff(source: Source) -> float:
    """Say how sure it is that html2text wrote the source: from where texts stand below markers."""
    return 0.0 if source.kind else weigh(source.start)[name]


def read(source: Source) -> Iterator[Thread]:
    """Yield the one thread of the source."""
    yield from read_flattened(source, _FLAVOUR)


def _read_page(rows: list[str], work: Work) -> Page:
    """Take the lines of a source: broken ones put together, each text a column further right than what it hangs on."""
    rows, hyphens, width = unwrap(rows, work)
    placer = _Placer(rows, work)
    for at in work.heed(range(len(placer.lines)), LINES):
        placer.place(at)
    placer.doubt_last()
    for row in hyphens:
        placer.doubts.setdefault(row, Doubt.JOINED)
    broken = f"Its lines were broken at about {width} columns: they were put together where the next word would not have fitted."
    return Page(rows, placer.lines, placer.doubts, (broken,) if width else ())


class _Placer:
    """Goes from line to line and says of each what it hangs on, by how far right it counts as standing."""

    def __init__(self, rows: list[str], work: Work) -> None:
        self.rows = rows
        self.lines = scan(rows, work, ANY_MARKERS)
        self.doubts: dict[int, Doubt] = {}
        self.stack: list[_Open] = []
        self.next_marker = next_of(self.lines, lambda line: bool(line.marker), work)
        self.base = min((line.column for line in self.lines if line.marker and line.column), default=0)
        self.styles = self._find_styles()
        self.has_gaps = False
        self.is_in_comments = False
        self.first_of_last = -1  # where the text of the last marker begins
        self.top: _Open | None = None  # the outermost list's last marker

    def place(self, at: int) -> None:
        """Say what a line hangs on."""
        line = self.lines[at]
        if line.marker and self._is_text(line):
            line.marker, line.head, line.offset = "", self.rows[line.row].strip(), 0
        if line.marker:
            self._open(at)
            return
        if self.stack and self._ends_lists(at):
            self.stack.clear()
        while self.stack and self._is_below_list(line):
            self.doubts[line.row] = Doubt.LIST_ENDS
            self.stack.pop()
        for one in self.stack:
            one.is_bare = False
        if not self.stack:
            line.indent = 0
            return
        if self.first_of_last < 0:
            self.first_of_last = at
        line.indent = self.stack[-1].line.indent + 1

    def doubt_last(self) -> None:
        """Note that what the last comment says further down may be the page's, where nothing says otherwise."""
        first = self.first_of_last
        if first >= 0 and self.stack and not self.has_gaps:
            for line in self.lines[first + 1 :]:
                if not line.is_tight:
                    self.doubts.setdefault(line.row, Doubt.LAST)

    def _open(self, at: int) -> None:
        """Open an entry; it hangs on the deepest one that stands further left."""
        line = self.lines[at]
        while self.stack and self.stack[-1].line.column > line.column:
            self.stack.pop()
        before = self.top
        if self.stack:
            before = self.stack.pop() if self.stack[-1].line.column == line.column else None
        follows = line.is_tight and at > 0 and bool(self.lines[at - 1].marker)
        one = _Open(at, line, run=before.run + 1 if follows and before is not None and before.is_bare else 1)
        if not self.stack:
            self.top = one
        self.stack.append(one)
        line.indent = line.column + 1
        self.first_of_last = -1

    def _is_text(self, line: Line) -> bool:
        """Tell whether a line with a marker is none of a list: one at the left edge, or, as code, too far right."""
        return line.column == 0 or line.column > (self.stack[-1].line.column + _DEEPER if self.stack else self.base + 1)

    def _is_below_list(self, line: Line) -> bool:
        """Tell whether the last marker is that of a list without texts, below which its writer goes on."""
        one = self.stack[-1]
        if one.run == 1 or not one.is_bare or line.is_tight:
            return False
        style = self._style(one.line)
        is_name = style in self.styles and style and (style != "[" or one.run < _MENU)
        return not is_name and not self._counts_on(one)

    def _counts_on(self, one: _Open) -> bool:
        """Tell whether the list of a numbered line has a next one further down."""
        if one.line.marker == BULLET:
            return False
        at = self.next_marker[one.at + 1]
        while at < len(self.lines) and self.lines[at].column > one.line.column:
            at = self.next_marker[at + 1]
        if at == len(self.lines) or self.lines[at].column < one.line.column:
            return False
        return self.lines[at].marker == f"{int(one.line.marker[:-1]) + 1}."

    def _style(self, line: Line) -> str:
        """Return with which sign what stands behind a marker begins; "" for none."""
        found = _STYLE.match(line.head)
        return found[0] if found is not None else ""

    def _find_styles(self) -> set[str]:
        """Return the styles of the names: of what has text below it and follows on no other of its list."""
        lines = self.lines
        return {
            self._style(line)
            for at, line in enumerate(lines[:-1])
            if line.marker and not lines[at + 1].marker and line.column
            if not (line.is_tight and at > 0 and lines[at - 1].marker and lines[at - 1].column == line.column)
        }

    def _ends_lists(self, at: int) -> bool:
        """Tell whether a line is the page's own: the heading of a section, or what stands below a gap."""
        line = self.lines[at]
        row = self.rows[line.row]
        words = without_signs(row).strip()
        announces_comments = read_heading(words)[0]
        if line.row >= _GAP and not any(self.rows[line.row - _GAP : line.row]):
            self.has_gaps = True
            return True
        following = self.next_marker[at + 1]
        goes_on = following < len(self.lines) and self.lines[following].column > self.base
        if not _HEADING.match(row):
            return announces_comments and not line.is_tight and not goes_on
        was_in_comments, self.is_in_comments = self.is_in_comments, self.is_in_comments or announces_comments
        return announces_comments or announces_other(words) or not (goes_on or was_in_comments)


_FLAVOUR = Flavour(name, _read_page, is_markdown=True, has_flush_bodies=True)
