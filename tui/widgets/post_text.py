"""Move the text cursor in a post."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.text import motions
from tui.widgets.post_folds import PostFolds

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tui.text.body import Body
    from tui.text.decoration import Link


class PostText(PostFolds):
    """A canvas with a text cursor, which stands on a grapheme cluster of the focused post."""

    def __init__(self, guides: tuple[str, ...], *, id: str | None = None) -> None:  # noqa: A002  # Textual's name
        super().__init__(guides, id=id)
        self._column: int | None = None
        self._is_passing = False

    @property
    def body(self) -> Body:
        """The focused post, laid out."""
        return self.painted(self.position).body

    @property
    def links(self) -> Sequence[Link]:
        """The links of the focused post."""
        return self.painted(self.position).markup.links if self.outline is not None else ()

    def show_source(self, *, is_source: bool) -> None:
        """Show texts as they are stored, or as they are read; the cursor stays at what it stands on."""
        self.is_source = is_source
        self.relayout()
        if self.is_in_text and self.outline is not None:
            self._set_offset(self.caret)

    def enter_text(self, *, is_passing: bool = False) -> None:
        """Put the text cursor into the focused post, or only while a selection lasts."""
        if self.outline is None:
            return
        if self.outline.is_folded(self.position):
            self.open_fold()
        if not self.is_in_text:
            self.is_in_text = True
            self._is_passing = is_passing
        self._set_offset(self.caret)

    def end_selection(self) -> None:
        """Select nothing; where the selection was begun from the post as a whole, go back to it."""
        self.selection_start = None
        self.is_by_sentence = False
        if self._is_passing:
            self.is_in_text = self._is_passing = False
        self.changed()

    def leave_text(self) -> bool:
        """Take back one thing: the selection, then the text cursor; return whether there was one."""
        if self.selection_start is not None:
            self.end_selection()
            return True
        if self.is_in_text and self._is_thread:
            self.is_in_text = False
            self.changed()
            return True
        return False

    def _set_offset(self, offset: int, *, keep_column: bool = False) -> None:
        text = self.text
        body = self.body
        offset = body.cluster(max(0, min(offset, len(text))))[0]
        if offset == len(text):
            offset = body.cluster(body.follow(motions.previous_cluster, offset))[0]
        self.caret = offset
        if not keep_column:
            self._column = None
        self.show_cursor()
        self.changed()

    def show_cursor(self) -> None:
        """Scroll so that the line of the text cursor is in view."""
        if self.outline is None or not self.is_in_text or self.outline.is_folded(self.position):
            return
        line = self.painted(self.position).body.line_of(self.caret)
        self.viewport.show(self.position, 0 if line == 0 else line + 1, line + 1)

    def move(self, motion: Callable[[str, int], int]) -> None:
        """Move the text cursor by a motion of `tui.text.motions`; a selection extends."""
        if not self.is_in_text:
            self.enter_text()
        self._set_offset(self.body.follow(motion, self.caret))

    def move_line(self, lines: int) -> None:
        """Move the text cursor down by lines as they are drawn, keeping its column."""
        if self.outline is None:
            return
        body = self.painted(self.position).body
        line, cell = body.cell_of(self.caret)
        if self._column is None:
            self._column = cell
        target = line + lines
        if not 0 <= target < body.height:
            self.viewport.scroll(1 if target > 0 else -1)
            self.changed()
            return
        self._set_offset(body.offset_at(target, self._column), keep_column=True)

    def line_edge(self, *, is_end: bool) -> None:
        """Move the text cursor to the start or the end of its line as it is drawn."""
        if self.outline is None:
            return
        body = self.painted(self.position).body
        start, end = body.span_of(body.line_of(self.caret))
        self._set_offset(body.follow(motions.previous_cluster, end) if is_end and end > start else start)

    def find_character(self, character: str) -> None:
        """Move the text cursor to the next `character` of the paragraph."""
        found = self.body.find_character(motions.find_char, self.caret, character)
        if found is not None:
            self._set_offset(found)
