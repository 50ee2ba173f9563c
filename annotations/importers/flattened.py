"""The importer of flattened page text: an article, and under it comments as indented bullets or numbers.

Three steps: `indent` reads the outline, `comments` tells comments from lists, and this module makes posts of them.
Every character of the source that is not blank stands in exactly one place: in a post's author, its text, or, where the
page writes something behind the name ("3 years ago", "says:"), in its `meta["byline"]`. Markers are structure; a number is
kept as `meta["number"]`.
"""

from __future__ import annotations

import re
from collections import Counter
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from annotations.importers.byline import is_furniture, is_linkback, is_name, is_stamp, read_byline, read_time
from annotations.importers.comments import sort_entries
from annotations.importers.indent import NUMBER, read_outline
from annotations.importers.lines import cut, scan
from annotations.importers.source import slug
from annotations.model import ARTICLE_KEY, Post, PostKind, Thread

if TYPE_CHECKING:
    from collections.abc import Iterator

    from annotations.importers.comments import Sorted
    from annotations.importers.indent import Entry
    from annotations.importers.lines import Line
    from annotations.importers.source import Source
    from annotations.work import Work

name = "flattened"
title = "Flattened page text: an article with comments as indented bullets or numbers"

_SURE = 0.9
_LIKELY = 0.4
_PLAIN = 0.1
_SNIFFED = 1 << 20
_LONGEST_TITLE = 300
_OTHER_BULLETS = re.compile(r"^[ \t]+[*+-] \S.*\n(?:[ \t]*\n)*[ \t]{4,}[^\s*+-]", re.MULTILINE)


class Doubt(StrEnum):
    """What an importer of flattened text has to guess about a post; the value is the reason that the analyst sees."""

    EMPTY = "has no text: a comment without any, or a line of a list in the post above it"
    NAMELESS = "its first line does not look like a name: taken for its text, the author for unnamed"
    AUTHOR_BELOW = "its first line is a date: the author was taken from the line below it"
    DATED = "its text begins with what looks like a date that the page put there"
    LIST = "a list in it might be replies without text"
    TAIL = "its last lines stand below its replies: they may be the page's"
    PREFORMATTED = "some of its lines stand further left than it does, as in preformatted text"
    ARTICLE_LIST = "a list in it might be comments"
    ARTICLE_TAIL = "its last lines stand below comments: they may be the page's"
    HEADING = "it holds the heading of the comments"
    NO_ARTICLE = "the source has no text above the comments"


_SUMMARIES = {
    Doubt.EMPTY: "{} comments have no text; they might be lines of lists",
    Doubt.NAMELESS: "{} comments begin with a line that does not look like a name; they have no author",
    Doubt.AUTHOR_BELOW: "{} comments begin with a date; their author was taken from the line below it",
    Doubt.DATED: "{} comments begin with what looks like a date; it was left in their text",
    Doubt.LIST: "{} comments hold lists that might be replies without text",
    Doubt.TAIL: "{} comments have lines below their replies, which were added to their text",
    Doubt.PREFORMATTED: "{} comments have lines that stand further left than they do; they were taken for preformatted text",
    Doubt.ARTICLE_LIST: "A list in the article might be comments",
    Doubt.ARTICLE_TAIL: "Text below comments was added to the article's",
    Doubt.HEADING: "The heading of the comments stands in the article's text",
    Doubt.NO_ARTICLE: "There is no article above the comments",
}


def sniff(source: Source) -> float:
    """Say how sure it is that the source is flattened page text: from its outline; any plain text is an article."""
    if source.kind:
        return 0.0
    lines = scan(source.text[:_SNIFFED].split("\n"))
    marked = [at for at, line in enumerate(lines[:-1]) if line.marker]
    if any(not lines[at + 1].marker and lines[at + 1].indent > lines[at].indent for at in marked):
        return _SURE
    return _LIKELY if any(lines[at].indent > 0 for at in marked) else _PLAIN


def read(source: Source) -> Iterator[Thread]:
    """Yield the one thread of the source."""
    work = source.work
    rows = source.text.split("\n")
    work.begin("Finding the comments", len(rows), "lines", part=(0, 0.12))
    lines = scan(rows, work)
    work.begin("Finding the comments", len(lines), "lines", part=(0.12, 0.26))
    entries = read_outline(lines, len(rows), work)
    work.begin("Finding the comments", len(entries), "comments", part=(0.26, 0.33))
    found = sort_entries(entries, rows, work)
    work.begin("Reading the comments", len(entries), "comments", part=(0.33, 1))
    posts = _Assembler(rows, entries, found).assemble(work)
    above = scan(posts[0].text.split("\n"))
    headline = (
        _find_headline(above) if above else source.stem or _find_headline([line for line in lines if line.marker][:1])
    )
    yield Thread(
        key=source.stem or slug(headline) or "thread",
        title=headline if len(headline) <= _LONGEST_TITLE else f"{headline[:_LONGEST_TITLE].rstrip()}…",
        posts=posts,
        format=name,
        dropped=source.dropped,
        warnings=(*source.warnings, *_warn(posts, found, source.text)),
    )


def _find_headline(lines: list[Line]) -> str:
    """Return the first line that is no line of a list, as a menu's are, else the first one's words."""
    said = [line for line in lines if line.head or line.marker]
    first = next((line for line in said if line.head and not line.marker), said[0])
    return first.head or first.marker


def _warn(posts: tuple[Post, ...], found: Sorted, text: str) -> Iterator[str]:
    """Yield what the analyst should know about the import, a sentence each."""
    counts = Counter(reason for post in posts for reason in post.uncertain)
    for doubt, summary in _SUMMARIES.items():
        if counts[doubt]:
            sentence = summary.format(counts[doubt])
            yield f"{_singular(sentence) if counts[doubt] == 1 else sentence}."
    comments = len(posts) - 1
    for line, announced in found.headings:
        if announced is not None and announced != comments:
            yield f"The page says “{line[:80]}”, but {comments} were found."
    if not comments:
        yield "No comments were found: the whole text is the article."
        if _OTHER_BULLETS.search(text):
            yield "It has lists with the bullets * + or -, which are read as text: only • and numbers mark comments."


def _singular(sentence: str) -> str:
    """Turn a summary that counts one comment into the singular."""
    for many, one in (
        ("comments have", "comment has"),
        ("comments begin", "comment begins"),
        ("comments hold", "comment holds"),
    ):
        sentence = sentence.replace(f"1 {many}", f"1 {one}")
    return sentence


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


class _Assembler:
    """Makes posts of an outline whose comments are known."""

    def __init__(self, rows: list[str], entries: list[Entry], found: Sorted) -> None:
        self.rows = rows
        self.entries = entries
        self.found = found

    def assemble(self, work: Work) -> tuple[Post, ...]:
        """Return the posts in pre-order, the article first; the key of a comment is its path."""
        keys = {0: ARTICLE_KEY}
        replies = [0] * len(self.entries)
        posts = [self._make_article()]
        for index, entry in work.each(enumerate(self.entries)):
            if self.found.is_comment[index]:
                replies[entry.parent] += 1
                prefix = f"{keys[entry.parent]}." if entry.parent else ""
                keys[index] = f"{prefix}{replies[entry.parent]}"
                posts.append(self._make_comment(index, keys[index], keys[entry.parent]))
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
        ]
        return Post(key=ARTICLE_KEY, parent=None, kind=PostKind.ARTICLE, text=text, uncertain=_held(doubts))

    def _make_comment(self, index: int, key: str, parent: str) -> Post:
        """Make a comment of an entry."""
        entry = self.entries[index]
        lines = self._find_lines(index)
        byline = read_byline(entry.head, has_text=bool(lines))
        author = byline.author
        is_below = not author and bool(byline.rest) and self._names_author(lines, entry)
        if is_below:
            author = self._read(lines.pop(0)).strip()
        if byline.text:
            lines.insert(0, _Line(entry.row, offset=self.rows[entry.row].index(byline.text)))
        first = self._read(lines[0]).strip() if lines else ""
        is_dated = is_stamp(first)
        text = self._join(lines)
        doubts = [
            (not text and index in self.found.doubtful, Doubt.EMPTY),
            (bool(byline.text) and not is_linkback(byline.text), Doubt.NAMELESS),
            (is_below, Doubt.AUTHOR_BELOW),
            (is_dated, Doubt.DATED),
            (index in self.found.listing, Doubt.LIST),
            (bool(lines) and lines[-1].section > 0, Doubt.TAIL),
            (any(row.is_verbatim for row in entry.rows), Doubt.PREFORMATTED),
        ]
        meta: dict[str, object] = {"byline": byline.rest} if byline.rest else {}
        if entry.kind == NUMBER:
            meta["number"] = entry.number
        return Post(
            key=key,
            parent=parent,
            text=text,
            author=author or None,
            created_at=read_time(byline.rest) or (read_time(first) if is_dated else None),
            uncertain=_held(doubts),
            meta=meta,
        )

    def _names_author(self, lines: list[_Line], entry: Entry) -> bool:
        """Tell whether the line directly below a comment's first one is a name, with the text below it."""
        if len(lines) < 2 or lines[0].row != entry.row + 1 or lines[0].section:  # noqa: PLR2004  # a name and a text
            return False
        line = self._read(lines[0]).strip()
        return is_name(line) and not is_furniture(line)

    def _find_lines(self, index: int) -> list[_Line]:
        """Return the lines of a writer's text in their order, lists in it among them."""
        entry = self.entries[index]
        columns = self._find_columns(entry)
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
            lines += [_Line(row, columns, section) for row in span if self.rows[row].strip(" \t")]
        lines += [_Line(row.row, 0 if row.is_verbatim else columns, section) for row in own[at:]]
        return lines

    def _find_columns(self, entry: Entry) -> int:
        """Return how much of the front of a writer's lines is the page's indent: what they have in common."""
        lists = [self.entries[child].indent for child in entry.children if not self.found.is_comment[child]]
        own = [row for row in entry.rows if not row.is_verbatim]
        above = [row.indent for row in own if not row.child or entry.indent < 0]
        return min(above + lists, default=min((row.indent for row in own), default=0))

    def _join(self, lines: list[_Line]) -> str:
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


def _held(doubts: list[tuple[bool, Doubt]]) -> tuple[str, ...]:
    """Return the reasons that hold."""
    return tuple(doubt.value for holds, doubt in doubts if holds)
