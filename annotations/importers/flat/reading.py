"""Flattened page text of any flavour to a thread: what the importers of flatteners share.

Three steps: `indent` reads the outline, `comments` tells comments from lists, `flat_posts` makes posts of them. Flatteners
differ in their markers and in how far right they set what hangs on them; a flavour says how its lines are to be taken, so
that what hangs on a line always stands further right than the line does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct, field

from annotations.importers.flat.comments import sort_entries
from annotations.importers.flat.doubts import summarize
from annotations.importers.flat.indent import read_outline
from annotations.importers.flat.lines import ANY_MARKERS, scan, split_rows
from annotations.importers.flat.plain_words import without_signs, without_unseen
from annotations.importers.flat.posts import Assembler, Outline
from annotations.importers.flat.sniffing import find_rivals
from annotations.model import Thread
from annotations.sources.cleaning import slug

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from annotations.importers.flat.comments import Sorted
    from annotations.importers.flat.doubts import Doubt
    from annotations.importers.flat.lines import Line
    from annotations.model import Post
    from annotations.sources.source import Source
    from annotations.work import Work

_LONGEST_TITLE = 300
_NAMELESS = "Page"
"""The title of a page that has no words."""


class Page(Struct):
    """The lines of a source, as a flavour takes them.

    Args:
        rows: All of them.
        lines: Those that are not blank.
        doubts: What had to be guessed about a row.
        warnings: What had to be guessed about all of it, a sentence each.
    """

    rows: list[str]
    lines: list[Line]
    doubts: dict[int, Doubt] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()


class Flavour(Struct, frozen=True):
    """What is particular about a flattener.

    Args:
        name: The importer's.
        read_page: Takes the lines of a source.
        is_markdown: Whether it writes Markdown.
        has_flush_bodies: Whether it sets texts at the left edge, however deep what they belong to.
        has_stray_lines: Whether preformatted text may stand further left than what it belongs to.
    """

    name: str
    read_page: Callable[[list[str], Work], Page]
    is_markdown: bool = False
    has_flush_bodies: bool = False
    has_stray_lines: bool = False


def read_flattened(source: Source, flavour: Flavour) -> Iterator[Thread]:
    """Yield the one thread of a source."""
    work = source.work
    rows = split_rows(source)
    work.begin("Finding the comments", len(rows), "lines", part=(0, 0.12))
    page = flavour.read_page(rows, work)
    rows = page.rows
    said = without_signs if flavour.is_markdown else without_unseen
    is_plain = not flavour.is_markdown and source.text.isascii()
    for line in () if is_plain else work.heed(page.lines):
        line.head = said(line.head).strip()
    work.begin("Finding the comments", len(page.lines), "lines", part=(0.12, 0.26))
    entries = read_outline(page.lines, len(rows), work, has_stray_lines=flavour.has_stray_lines)
    work.begin("Finding the comments", len(entries), "comments", part=(0.26, 0.33))
    found = sort_entries(entries, rows if is_plain else [said(row) for row in work.heed(rows)], work)
    work.begin("Reading the comments", len(entries), "comments", part=(0.33, 1))
    outline = Outline(rows, said, entries, found, flavour.is_markdown, flavour.has_flush_bodies, page.doubts)
    posts = Assembler(outline).assemble(work)
    headline = (
        _find_headline(posts[0].text, without_signs if flavour.is_markdown else str)
        or source.stem
        or _find_first(page.lines)
        or _NAMELESS
    )
    yield Thread(
        key=source.stem or slug(headline) or "thread",
        title=headline if len(headline) <= _LONGEST_TITLE else f"{headline[:_LONGEST_TITLE].rstrip()}…",
        posts=posts,
        format=flavour.name,
        dropped=source.dropped,
        warnings=(
            *source.warnings,
            *find_rivals(source.start, flavour.name),
            *page.warnings,
            *summarize(posts),
            *_compare(posts, found),
        ),
    )


def _find_headline(text: str, said: Callable[[str], str]) -> str:
    """Return the article's first line that is no line of a list, as a menu's are, else the first one's words."""
    words = [(line, said(line.head).strip()) for line in scan(text.split("\n"), markers=ANY_MARKERS)]
    prose = (head for line, head in words if head and not line.marker)
    return next(prose, "") or next((head or line.marker for line, head in words if head or line.marker), "")


def _find_first(lines: list[Line]) -> str:
    """Return the words of the first entry."""
    return next((line.head or line.marker for line in lines if line.marker), "")


def _compare(posts: tuple[Post, ...], found: Sorted) -> Iterator[str]:
    """Yield a sentence where the page states another number of comments than was found, or where there is none."""
    comments = len(posts) - 1
    for line, announced in found.headings:
        if announced is not None and announced != comments:
            yield f"The page says “{line[:80]}”, but {comments} were found."
    if not comments:
        yield "No comments were found: the whole text is the article."
