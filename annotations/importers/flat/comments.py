"""Which entries of an outline are comments, and which are lists in somebody's text.

Flattened text writes both alike. What tells them apart is, from strong to weak: text of their own under the first line;
replies; the heading above ("22 Comments"); the kind of marker that the page's other comments have; whether the writer goes on
below; and blank lines: bullets that follow tightly on one another, none with text below it, are a list.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from msgspec import Struct, field

from annotations.importers.flat.byline import is_furniture, is_link, is_linkback
from annotations.importers.flat.headings import announces_other, read_heading
from annotations.importers.flat.indent import NUMBER
from annotations.importers.flat.lines import BULLET
from annotations.work import Work

if TYPE_CHECKING:
    from collections.abc import Iterator

    from annotations.importers.flat.indent import Entry

_HEADING_ROWS = 4
_PROSE = 80
"""How many characters a line has that is a paragraph and no heading, menu or button."""
_LAST_PROSE = 2
"""How many paragraphs below the last list with text prove that it is the article's."""
_SENTENCE_END = re.compile(r"[.!?…:][\"'”’»)\]]*\Z")
_NAME = re.compile(r"[^\s.,:;!?…]+(?: [^\s.,:;!?…]+){0,3}")
"""A line that is hardly a point that somebody makes, as those are that people number by hand."""
_LEGAL = re.compile(r"©|copyright|rights reserved|cookies?|privacy|newsletter|terms of|powered by", re.IGNORECASE)


class Sorted(Struct):
    """What the entries of an outline are.

    Args:
        is_comment: For each entry whether it is a comment; those that are not are lines of their writer's text.
        doubtful: Comments that might be lines of a list.
        listing: Writers in whose text a list stands that might be comments.
        headings: The lines that announce the comments, each with the number of comments that it states, or None.
    """

    is_comment: list[bool]
    doubtful: set[int] = field(default_factory=set)
    listing: set[int] = field(default_factory=set)
    headings: list[tuple[str, int | None]] = field(default_factory=list)


def sort_entries(entries: list[Entry], rows: list[str], work: Work | None = None) -> Sorted:
    """Tell comments from lists.

    Args:
        entries: The outline, in pre-order, the page first.
        rows: All lines of the source, as a person reads them: without markup.
        work: What watches and may stop it.
    """
    work = work or Work()
    sorter = _Sorter(entries, rows)
    work.check()
    sorter.sort_page()
    for index in work.each(range(1, len(entries))):  # a writer stands before its replies
        if sorter.found.is_comment[index]:
            sorter.sort_replies(index)
    return sorter.found


class _Sorter:
    """Goes from writer to writer and decides about the entries that hang on it."""

    def __init__(self, entries: list[Entry], rows: list[str]) -> None:
        self.entries = entries
        self.rows = rows
        self.found = Sorted([False] * len(entries))
        self.is_bare = [not entry.rows for entry in entries]
        for index in range(len(entries) - 1, 0, -1):
            if not self.is_bare[index]:
                self.is_bare[entries[index].parent] = False
        self.kinds = self._reply_kinds()

    def sort_replies(self, writer: int) -> None:
        """Decide about what hangs on a comment."""
        entry = self.entries[writer]
        if not entry.children:
            return
        later = [row.child for row in entry.rows if row.child and not is_furniture(self._text(row.row))]
        last = later[-1] if later else 0
        for run, child in _runs(entry):
            for group in self._groups(run):
                self._sort_group(writer, group, goes_on=last >= child)

    def sort_page(self) -> None:
        """Decide which runs of top-level entries are the comments; the others are lists in the article."""
        runs = list(_runs(self.entries[0]))
        above: dict[int, list[str]] = {}
        for row in self.entries[0].rows:
            above.setdefault(row.child, []).append(self._text(row.row))
        sections = [
            _Section(run, above.get(child - len(run), []), above.get(child, []), self.is_bare) for run, child in runs
        ]
        if sections and not any(section.is_full for section in sections):
            sections[-1].is_full = not sections[-1].is_other and not sections[-1].prose_below
            for section in sections:
                section.is_full = section.is_full or section.is_headed
        full = [at for at, section in enumerate(sections) if section.is_full]
        first = self._first_section(sections, full)
        for at, section in enumerate(sections):
            if section.is_full and at >= first:
                self._sort_section(section)
            elif at > first and all(is_linkback(self.entries[index].head) for index in section.run):
                self._accept(section.run)
            elif section.is_full:
                self.found.listing.add(0)

    def _first_section(self, sections: list[_Section], full: list[int]) -> int:
        """Return the place of the first run that is comments.

        A run of entries with text is the article's own list if prose follows and nothing marks it as comments. The last such
        run is more likely comments, with the page's small print below: it takes more prose to tell.
        """
        for at, following in pairwise([*full, len(sections)]):
            prose = sum(section.prose_below for section in sections[at:following])
            goes_on = prose >= (_LAST_PROSE if at == full[-1] else 1)
            if sections[at].is_headed or not goes_on or any(self._has_replies(index) for index in sections[at].run):
                return at
        return len(sections)

    def _sort_section(self, section: _Section) -> None:
        """Decide about a run that is comments, but for a list of the article that stands directly above or below them."""
        for at, group in enumerate(self._groups(section.run)):
            if section.is_headed and at == 0:
                self._accept(group)
                self.found.doubtful.update(index for index in group if self.is_bare[index])
                self.found.headings += section.headings
            else:
                self._sort_group(0, group, goes_on=False)

    def _sort_group(self, writer: int, group: list[int], *, goes_on: bool) -> None:
        """Decide about entries that stand in one list."""
        rest = [index for index in group if not (self.is_bare[index] and is_link(self.entries[index].head))]
        if not rest:
            return
        bare = [self.is_bare[index] for index in rest]
        if all(bare):
            is_elsewhere = goes_on or (writer > 0 and self.entries[rest[0]].kind not in self.kinds)
            if is_elsewhere:
                return
            if self._is_list(rest):
                self.found.listing.add(writer)
            else:
                self._accept(rest)
                self.found.doubtful.update(rest)
            return
        lead = self._count_leading(rest, bare)
        if lead:
            self.found.listing.add(writer)
        self._accept(rest[lead:])
        self.found.doubtful.update(
            index
            for index, is_bare in zip(rest[lead:], bare[lead:], strict=True)
            if is_bare and self._is_followed_tightly(index)
        )

    def _is_list(self, group: list[int]) -> bool:
        """Tell whether entries without any text below them are a list in the writer's text."""
        if len(group) == 1 or all(is_linkback(self.entries[index].head) for index in group):
            return False
        if all(self.entries[index].is_tight for index in group[1:]):
            return True
        return self.entries[group[0]].kind == NUMBER and not all(
            _NAME.fullmatch(self.entries[index].head) for index in group
        )

    def _count_leading(self, group: list[int], bare: list[bool]) -> int:
        """Return how many of a list's first entries are a list of their own: two or more tight ones without text.

        Numbers that run on prove that there is one list only.
        """
        lead = bare.index(False)
        if lead < 2 or self.entries[group[0]].kind == NUMBER:  # noqa: PLR2004  # a list has two
            return 0
        return lead if all(self.entries[index].is_tight for index in group[1:lead]) else 0

    def _accept(self, group: list[int]) -> None:
        """Take entries for comments."""
        for index in group:
            self.found.is_comment[index] = True

    def _groups(self, run: list[int]) -> Iterator[list[int]]:
        """Yield the lists that stand one below the other in a run: a list has one kind of marker and rising numbers."""
        group = run[:1]
        for before, index in pairwise(run):
            one, other = self.entries[before], self.entries[index]
            if (
                one.kind != other.kind
                or one.indent != other.indent
                or (one.kind == NUMBER and other.number <= one.number)
            ):
                yield group
                group = []
            group.append(index)
        if group:
            yield group

    def _reply_kinds(self) -> set[str]:
        """Return the kinds of markers that replies have on this page; where none is sure, bullets and those of comments."""
        full = [entry for index, entry in enumerate(self.entries) if index and not self.is_bare[index]]
        replies = {entry.kind for entry in full if entry.parent > 0}
        return replies or {BULLET, *(entry.kind for entry in full or self.entries[1:])}

    def _has_replies(self, index: int) -> bool:
        """Tell whether one of the entries that hang on this one has text of its own."""
        return any(not self.is_bare[child] for child in self.entries[index].children)

    def _is_followed_tightly(self, index: int) -> bool:
        """Tell whether no blank line stands below an entry's first line."""
        below = self.entries[index].row + 1
        return below < len(self.rows) and bool(self._text(below))

    def _text(self, row: int) -> str:
        """Return a line of the source without the blanks around it."""
        return self.rows[row].strip()


class _Section:
    """A run of top-level entries, and what the page says above and below it.

    Args:
        run: The entries.
        above: The page's lines between the run before and this one.
        below: Its lines between this run and the next.
        is_bare: For each entry of the outline whether there is no text on it.
    """

    def __init__(self, run: list[int], above: list[str], below: list[str], is_bare: list[bool]) -> None:
        self.run = run
        self.prose_below = sum(_is_prose(line) for line in below)
        self.headings: list[tuple[str, int | None]] = []
        self.is_other = False
        for line in reversed(above[-_HEADING_ROWS:]):  # the nearest one that says something decides
            is_heading, count = read_heading(line)
            self.is_other = not is_heading and announces_other(line)
            if is_heading:
                self.headings.append((line, count))
            if is_heading or self.is_other or _is_prose(line):
                break
        self.is_headed = bool(self.headings)
        self.is_full = not self.is_other and not all(is_bare[index] for index in run)


def _is_prose(line: str) -> bool:
    """Tell whether a line is a paragraph of an article."""
    return len(line) >= _PROSE and _SENTENCE_END.search(line) is not None and _LEGAL.search(line) is None


def _runs(writer: Entry) -> Iterator[tuple[list[int], int]]:
    """Yield the runs of children with no text of the writer between them, each with the number of children up to its end."""
    breaks = sorted({row.child for row in writer.rows if 0 < row.child < len(writer.children)})
    start = 0
    for stop in [*breaks, len(writer.children)]:
        if stop > start:
            yield writer.children[start:stop], stop
        start = stop
