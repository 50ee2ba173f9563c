"""From an outline whose comments are known to posts: who wrote each, when, and which lines are its text."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from msgspec import Struct

from annotations.importers.flat.byline import (
    Byline,
    is_announcement,
    is_furniture,
    is_linkback,
    is_name,
    read_byline,
    read_time,
    stamp_shape,
)
from annotations.importers.flat.doubts import Doubt, held
from annotations.importers.flat.indent import NUMBER
from annotations.importers.flat.lines import cut
from annotations.model import ARTICLE_KEY, Post, PostKind

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from annotations.importers.flat.comments import Sorted
    from annotations.importers.flat.indent import Entry
    from annotations.work import Work

_FEWEST_ALIKE = 2
"""How many comments make a habit of the page: what one has right below its name may be its own."""


class Outline(Struct):
    """A source whose comments are known.

    Args:
        rows: All its lines.
        said: Says what a line reads as: without signs of markup.
        entries: The entries, in pre-order, the page first.
        found: What they are.
        is_markdown: Whether its text is Markdown.
        has_flush_bodies: Whether texts stand at the left edge, however deep what they belong to.
        doubts: What had to be guessed about a line.
    """

    rows: list[str]
    said: Callable[[str], str]
    entries: list[Entry]
    found: Sorted
    is_markdown: bool = False
    has_flush_bodies: bool = False
    doubts: Mapping[int, Doubt] = {}


class _Line(NamedTuple):
    """A line of a writer's text.

    Args:
        row: Its place among all lines of the source.
        columns: How many columns of blanks in front of it are the page's.
        section: How many comments hang on the writer above it.
        offset: How many characters of it stand before the text: those of a marker.
    """

    row: int
    columns: int = 0
    section: int = 0
    offset: int = 0


class _Draft(Struct):
    """A comment that is being read.

    Args:
        index: Its entry.
        lines: Its lines below the first.
        byline: What its first line says.
        shape: How the date is written that stands where others have their names, or below the name; "" where none does.
        names_author: Whether the date stands in front, and a name below it.
        above: The line right below the name, where it only says that what follows was said.
    """

    index: int
    lines: list[_Line]
    byline: Byline
    shape: str
    names_author: bool = False
    above: list[_Line] = []


class Assembler:
    """Makes posts of an outline.

    Args:
        outline: The source with its entries.
    """

    def __init__(self, outline: Outline) -> None:
        self.outline = outline
        self.rows = outline.rows
        self.said = outline.said
        self.entries = outline.entries
        self.found = outline.found
        self.doubtful = sorted(outline.doubts)

    def assemble(self, work: Work) -> tuple[Post, ...]:
        """Return the posts in pre-order, the article first; the key of a comment is its path."""
        comments = [index for index, is_comment in enumerate(self.found.is_comment) if is_comment]
        drafts = [self._draft(index) for index in work.heed(comments)]
        dates_below = _is_habit([draft for draft in drafts if draft.byline.author])
        dates_first = _is_habit([draft for draft in drafts if not draft.byline.text], names_author=True)
        keys = {0: ARTICLE_KEY}
        replies = [0] * len(self.entries)
        posts = [self._make_article()]
        for draft in work.each(drafts):
            parent = self.entries[draft.index].parent
            replies[parent] += 1
            prefix = f"{keys[parent]}." if parent else ""
            keys[draft.index] = key = f"{prefix}{replies[parent]}"
            is_usual = dates_first if draft.names_author else dates_below
            posts.append(self._make_comment(draft, key, keys[parent], is_usual=is_usual))
        return tuple(posts)

    def _make_article(self) -> Post:
        """Make the article of what is no comment's."""
        lines = self._find_lines(0)
        text = self._join(lines)
        doubts = [
            (not text, Doubt.NO_ARTICLE),
            (bool(self.found.headings), Doubt.HEADING),
            (0 in self.found.listing, Doubt.ARTICLE_LIST),
            (bool(lines) and lines[-1].section > 0, Doubt.ARTICLE_TAIL),
            *self._find_doubts(lines),
        ]
        return Post(
            key=ARTICLE_KEY,
            parent=None,
            kind=PostKind.ARTICLE,
            text=text,
            uncertain=held(doubts),
            meta=self._begin_meta(),
        )

    def _draft(self, index: int) -> _Draft:
        """Read a comment's first line, and what date stands in it or below it."""
        entry = self.entries[index]
        lines = self._find_lines(index)
        byline = read_byline(entry.head, has_text=bool(lines))
        is_below = not byline.author and bool(byline.rest) and self._names_author(lines, entry)
        above = []
        if byline.author and not byline.rest and lines and lines[0].row == entry.row + 1:
            above = [lines.pop(0)] if is_announcement(self._say(lines[0])) else []
        below = self._say(lines[0]) if lines and not lines[0].section else ""
        first = byline.rest if is_below else byline.text or below
        return _Draft(index, lines, byline, stamp_shape(first), is_below, above)

    def _make_comment(self, draft: _Draft, key: str, parent: str, *, is_usual: bool) -> Post:
        """Make a comment of what was read of it; a date that all comments have in one place is the page's."""
        entry, lines, byline = self.entries[draft.index], draft.lines, draft.byline
        author, taken = byline.author, list(draft.above)
        stamp = " ".join([byline.rest, *(self._say(line) for line in taken)]).strip()
        if draft.names_author:
            taken.append(lines.pop(0))
            author = self._say(taken[-1])
        elif is_usual and byline.author and draft.shape:
            taken.append(lines.pop(0))
            stamp = f"{stamp} {self._say(taken[-1])}".strip()
        if byline.text:
            lines.insert(0, _Line(entry.row, offset=entry.offset))
        is_dated = bool(draft.shape) and not draft.names_author and len(taken) == len(draft.above)
        text = self._join(lines)
        doubts = [
            (not text and draft.index in self.found.doubtful, Doubt.EMPTY),
            (bool(byline.text) and not is_linkback(byline.text), Doubt.NAMELESS),
            (draft.names_author and not is_usual, Doubt.AUTHOR_BELOW),
            (is_dated, Doubt.DATED),
            (draft.index in self.found.listing, Doubt.LIST),
            (bool(lines) and lines[-1].section > 0, Doubt.TAIL),
            (any(row.is_verbatim for row in entry.rows), Doubt.PREFORMATTED),
            *self._find_doubts(lines),
        ]
        meta = self._begin_meta()
        if stamp:
            meta["byline"] = stamp
        head = [] if byline.text else [self.rows[entry.row][entry.offset :].strip()]
        head += [self._read(line).strip() for line in taken]
        if any(self.said(line) != line for line in head):
            meta["head"] = "\n".join(head)
        if entry.kind == NUMBER:
            meta["number"] = entry.number
        return Post(
            key=key,
            parent=parent,
            text=text,
            author=author or None,
            created_at=read_time(stamp) or (read_time(self._say(lines[0])) if is_dated else None),
            uncertain=held(doubts),
            meta=meta,
        )

    def _begin_meta(self) -> dict[str, object]:
        """Return what all posts of the source have in their `meta`."""
        return {"markup": "markdown"} if self.outline.is_markdown else {}

    def _find_doubts(self, lines: Sequence[_Line]) -> list[tuple[bool, Doubt]]:
        """Return what had to be guessed about a writer's lines, each doubt once."""
        if not self.doubtful:
            return []
        found = {doubt: None for line in lines if (doubt := self.outline.doubts.get(line.row))}
        return [(True, doubt) for doubt in found]

    def _names_author(self, lines: list[_Line], entry: Entry) -> bool:
        """Tell whether the line directly below a comment's first one is a name, with the text below it."""
        if len(lines) < 2 or lines[0].row != entry.row + 1 or lines[0].section:  # noqa: PLR2004  # a name and a text
            return False
        line = self._say(lines[0])
        return is_name(line) and not is_furniture(line)

    def _find_lines(self, index: int) -> list[_Line]:
        """Return the lines of a writer's text in their order, lists in it among them."""
        entry = self.entries[index]
        columns, list_columns = self._find_columns(entry)
        own, last = entry.rows, len(entry.rows)
        lines: list[_Line] = []
        section = at = 0
        for child in entry.children:
            while at < last and own[at].row < self.entries[child].row:
                lines.append(_Line(own[at].row, 0 if own[at].is_verbatim else columns, section))
                at += 1
            if self.found.is_comment[child]:
                section += 1
                continue
            span = range(self.entries[child].row, self.entries[child].end)
            lines += [_Line(row, list_columns, section) for row in span if self.rows[row].strip(" \t")]
        lines += [_Line(row.row, 0 if row.is_verbatim else columns, section) for row in own[at:]]
        return lines

    def _find_columns(self, entry: Entry) -> tuple[int, int]:
        """Return how much of the front of a writer's lines is the page's indent, and of the lists in it.

        It is what they have in common; where texts stand at the left edge anyway, lists have their own.
        """
        lists = [self.entries[child].column for child in entry.children if not self.found.is_comment[child]]
        own = [row for row in entry.rows if not row.is_verbatim]
        if self.outline.has_flush_bodies and entry.indent >= 0:
            return 0, min(lists, default=0)
        above = [row.column for row in own if not row.child or entry.indent < 0]
        columns = min(above + lists, default=min((row.column for row in own), default=0))
        return columns, columns

    def _join(self, lines: Sequence[_Line]) -> str:
        """Put lines together to a text; blank lines stay, but for those around it."""
        texts: list[str] = []
        before: _Line | None = None
        for line in lines:
            if before is not None and before.section != line.section:
                texts.append("")
            elif before is not None:
                texts += [cut(self.rows[row], line.columns) for row in range(before.row + 1, line.row)]
            texts.append(self._read(line))
            before = line
        while texts and not texts[-1].strip():
            texts.pop()
        start = next((at for at, text in enumerate(texts) if text.strip()), 0)
        return "\n".join(texts[start:])

    def _read(self, line: _Line) -> str:
        """Return a line without the page's indent."""
        return self.rows[line.row][line.offset :] if line.offset else cut(self.rows[line.row], line.columns)

    def _say(self, line: _Line) -> str:
        """Return what a line says, without what is around it."""
        return self.said(self._read(line).strip()).strip()


def _is_habit(drafts: Sequence[_Draft], *, names_author: bool = False) -> bool:
    """Tell whether all comments that have lines below their first have a date in the same place, written in the same way."""
    full = [draft for draft in drafts if draft.lines]
    shapes = {draft.shape if draft.names_author is names_author else "" for draft in full}
    return len(full) >= _FEWEST_ALIKE and len(shapes) == 1 and "" not in shapes
