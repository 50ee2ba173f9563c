"""The outline of flattened page text: which line stands under which bulleted or numbered line.

Source of the grammar: what Resiliparse's `extract_plain_text(html, preserve_formatting=True, list_bullets=True)` writes.
An entry's first line carries a bullet or a number, what belongs to it stands further right. How far is not fixed: pages wrap
their lists, so that nesting jumps by 2, 4 or more columns, and only "further right than" can be relied on.
"""

from __future__ import annotations

from bisect import bisect_left

from msgspec import Struct, field

from annotations.importers.flat.lines import BULLET, LINES, Line, deepest_texts, has_flush_entries, is_dense, next_of
from annotations.work import Work

NUMBER = "1."
"""How the other kind of markers is called, whatever the number."""

_LONGEST_CODE = 120
"""A line with more characters is a paragraph and no line of preformatted text."""

_WIDEST_GAP = 50
"""By how much a list's numbers may grow from one entry to the next: entries without text are not written out, but counted."""


class Row(Struct):
    """A line of text in an entry.

    Args:
        row: Its place among all lines of the source.
        indent: How far right it stands.
        child: How many of the entry's children stand above it.
        column: How far right it really stands.
        is_verbatim: Whether its indent is its own, as in preformatted text, and none of it the page's structure.
    """

    row: int
    indent: int
    child: int
    column: int = 0
    is_verbatim: bool = False


class Entry(Struct):
    """A bulleted or numbered line and all that hangs on it; entry 0 is the page, which has no line of its own.

    Args:
        row: Its first line.
        indent: How far right its marker stands; -1 for the page.
        marker: "•" or "12."; "" for the page.
        head: What stands behind the marker.
        parent: The index of the entry that it hangs on; -1 for the page.
        is_tight: Whether no blank line stands above it.
        end: The line behind its last one, or behind the last one of what hangs on it.
        children: Their indexes.
        rows: The lines of text in it, those of its children not among them.
        body_indent: How far right its text stands: the least of its lines above its children, else two columns in.
        column: How far right its marker really stands.
        offset: How many characters of its first line stand before its head.
    """

    row: int
    indent: int
    marker: str
    head: str
    parent: int
    is_tight: bool = False
    end: int = 0
    children: list[int] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    body_indent: int = -1
    column: int = -1
    offset: int = 0

    @property
    def number(self) -> int:
        """The number that the marker states, 0 for a bullet."""
        return int(self.marker[:-1]) if self.kind == NUMBER else 0

    @property
    def kind(self) -> str:
        """BULLET or NUMBER; "" for the page."""
        return NUMBER if len(self.marker) > 1 else self.marker


def read_outline(
    lines: list[Line], height: int, work: Work | None = None, *, has_stray_lines: bool = True
) -> list[Entry]:
    """Return the entries in pre-order, the page first.

    Args:
        lines: The lines that are not blank.
        height: How many lines there are with the blank ones.
        work: What watches and may stop it.
        has_stray_lines: Whether preformatted text may stand further left than what it belongs to.
    """
    work = work or Work()
    reader = _Reader(lines, height, work, has_stray_lines=has_stray_lines)
    for at in work.each(range(len(lines)), LINES):
        reader.place(at)
    reader.close(0, height)
    return reader.entries


class _Reader:
    """Hangs line after line on the outline.

    The open entries are a stack; `indents` are theirs, and strictly grow. A line belongs to the deepest entry that stands
    further left. The exceptions are preformatted texts, whose lines but the first stand where they did in the page's source.
    """

    def __init__(self, lines: list[Line], height: int, work: Work, *, has_stray_lines: bool) -> None:
        self.lines = lines
        self.has_stray_lines = has_stray_lines
        self.entries = [Entry(0, -1, "", "", -1, end=height)]
        self.stack = [0]
        self.indents = [-1]
        self.is_raw = False
        self.next_marker = next_of(lines, lambda line: bool(line.marker), work)
        self.next_prose = next_of(lines, lambda line: len(line.head) > _LONGEST_CODE, work)
        self.deepest_text = deepest_texts(lines, work)
        self.has_flush_entries = has_flush_entries(lines, work)
        self.is_dense = is_dense(lines, work)

    def place(self, at: int) -> None:
        """Hang a line where it belongs."""
        if self.lines[at].marker and self._is_entry(at):
            self._open(self.lines[at])
        else:
            self._add_text(at)

    def close(self, depth: int, row: int) -> None:
        """Close the open entries deeper than `depth`, which end above `row`."""
        for index in self.stack[depth + 1 :]:
            self.entries[index].end = row
        del self.stack[depth + 1 :], self.indents[depth + 1 :]

    def _is_entry(self, at: int) -> bool:
        """Tell whether a line with a marker opens an entry: a number does if it can be its list's next one."""
        line = self.lines[at]
        if line.indent == 0 and not self.has_flush_entries:
            return False
        if line.marker in {BULLET, NUMBER}:
            return True
        has_text = at + 1 < len(self.lines) and self.lines[at + 1].indent > line.indent
        parent = self.entries[self.stack[bisect_left(self.indents, line.indent) - 1]]
        before = self.entries[parent.children[-1]] if parent.children else None
        if before is None or before.kind != NUMBER or before.indent != line.indent:
            return has_text and line.indent > 0
        gap = int(line.marker[:-1]) - before.number
        return gap > 0 and (has_text or gap <= _WIDEST_GAP)

    def _open(self, line: Line) -> None:
        """Open an entry under the deepest one that stands further left."""
        self.is_raw = False
        depth = bisect_left(self.indents, line.indent) - 1
        self.close(depth, line.row)
        parent = self.stack[-1]
        self.entries[parent].children.append(len(self.entries))
        self.stack.append(len(self.entries))
        self.indents.append(line.indent)
        self.entries.append(
            Entry(
                *(line.row, line.indent, line.marker, line.head, parent, line.is_tight),
                body_indent=line.indent + 2,
                column=line.column,
                offset=line.offset,
            )
        )

    def _add_text(self, at: int) -> None:
        """Add a line of text to the open entry that it belongs to."""
        line = self.lines[at]
        if self.is_raw and line.is_tight and line.indent != self.entries[self.stack[-1]].body_indent:
            self._append(line, is_verbatim=True)
            return
        self.is_raw = False
        depth = bisect_left(self.indents, line.indent) - 1
        if depth < len(self.stack) - 1:
            if self.has_stray_lines and self._is_preformatted(at, depth):
                self.is_raw = True
                self._append(line, is_verbatim=True)
                return
            self.close(depth, line.row)
        self._append(line, is_verbatim=False)

    def _append(self, line: Line, *, is_verbatim: bool) -> None:
        """Add a line of text to the deepest open entry."""
        entry = self.entries[self.stack[-1]]
        if not is_verbatim and not entry.children:
            entry.body_indent = min(entry.body_indent, line.indent) if entry.rows else line.indent
        entry.rows.append(Row(line.row, line.indent, len(entry.children), line.column, is_verbatim))

    def _is_preformatted(self, at: int, depth: int) -> bool:
        """Tell whether a line that stands left of the open entry is still in it, as a line of preformatted text.

        Else it follows on the children of the entry at `depth`. It does so surely where it stands exactly where that one's
        text does.
        """
        line = self.lines[at]
        if depth > 0:
            return line.is_tight and line.indent != self.entries[self.stack[depth]].body_indent
        following = self.next_marker[at + 1]
        if not self.entries[self.stack[-1]].rows or self.next_prose[at] < following:
            return False  # preformatted text has a first line, and no line of it is that long
        below = self.lines[following] if following < len(self.lines) else None
        deepest = max(self.deepest_text[at + 1], -1 if below is None else below.indent)
        if deepest > self.indents[1]:
            return True  # the tree goes on below: the page's own text would have ended it
        is_followed = below is not None and below.marker != NUMBER  # a page's own list starts anew with 1
        return line.is_tight and (line.indent > 0 or not self.is_dense or is_followed)
