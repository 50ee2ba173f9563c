"""The importer of what markdownify makes of a page: Markdown, comments behind the bullets * + - or numbers.

Source of the layout: markdownify 1.2, `convert_li`: what hangs on a line stands right below what stands behind its marker, two
columns in for a bullet, three or more for a number. Texts stay Markdown, escapes and all; names and dates are read without.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from annotations.importers.flat.lines import ANY_MARKERS, LINES, scan
from annotations.importers.flat.reading import Flavour, Page, read_flattened
from annotations.importers.flat.sniffing import weigh

if TYPE_CHECKING:
    from collections.abc import Iterator

    from annotations.importers.flat.lines import Line
    from annotations.model import Thread
    from annotations.sources.source import Source
    from annotations.work import Work

name = "markdownify"
title = "Markdown by markdownify: an article with comments as nested lists"
keeps = "the article, the tree of comments, names, bylines, dates and numbers; links and other Markdown in the texts"
loses = "classes and times of the page's elements, which the text no longer has"

_FENCE = re.compile(r"[ \t]*+(?:(?:[*+-]|\d+\.)[ \t]++)*+(`{3,}|~{3,})(?!.*`)")


def sniff(source: Source) -> float:
    """Say how sure it is that markdownify wrote the source: from where texts stand below markers."""
    return 0.0 if source.kind else weigh(source.start)[name]


def read(source: Source) -> Iterator[Thread]:
    """Yield the one thread of the source."""
    yield from read_flattened(source, _FLAVOUR)


def _read_page(rows: list[str], work: Work) -> Page:
    """Take the lines of a source; a marker counts as standing a column further right than the left edge is."""
    lines = scan(rows, work, ANY_MARKERS)
    fence = ""
    for line in work.heed(lines, LINES):
        row = rows[line.row]
        opened = _FENCE.match(row)
        if fence:
            _unmark(line, row)
            if opened and row.strip() == fence:
                fence = ""
        elif opened:
            fence = opened[1]
        if line.marker:
            line.indent = line.column + 1
    return Page(rows, lines)


def _unmark(line: Line, row: str) -> None:
    """Take a line of code for text, whatever it begins with."""
    if line.marker:
        line.marker, line.head, line.offset = "", row.strip(), 0


_FLAVOUR = Flavour(name, _read_page, is_markdown=True)
