"""Move in a list of posts, fold it, and select text in it by keyboard."""

from __future__ import annotations

from typing import TYPE_CHECKING

from annotations.model import PostKind
from tui.text import motions
from tui.widgets.post_canvas import PostCanvas

if TYPE_CHECKING:
    from collections.abc import Callable

    from tui.text.outline import Outline

JUMPS_KEPT = 100


class PostCursor(PostCanvas):
    """A canvas whose cursor moves. All methods do nothing where there is nowhere to go."""

    def __init__(self, guides: tuple[str, ...], *, id: str | None = None) -> None:  # noqa: A002  # Textual's name
        super().__init__(guides, id=id)
        self._column: int | None = None
        self._jumps: list[tuple[int, int]] = []
        self._is_passing = False

    # --- posts --------------------------------------------------------------------------------------------------

    def go_to(self, position: int | None, *, is_jump: bool = False) -> bool:
        """Put the focus on a post, unfolding what hides it; return whether there was one to go to."""
        outline = self.outline
        if outline is None or position is None:
            return False
        if is_jump:
            self._jumps = [*self._jumps[-JUMPS_KEPT:], (self.position, self.caret)]
        if position != self.position:
            self.selection_start = None
            self.caret = 0
            self._column = None
            if self._is_thread:
                self.is_in_text = False
        if not outline.is_visible(position):
            outline.reveal(position)
            self.viewport.settle()
        self.position = position
        self.viewport.show(position)
        self.changed()
        return True

    @property
    def _is_thread(self) -> bool:
        return self.outline is not None and self.view_of(self.position).post.kind is PostKind.COMMENT

    def go_to_text(self, position: int, offset: int, *, is_jump: bool = False) -> None:
        """Put the text cursor on an offset of a post."""
        if self.go_to(position, is_jump=is_jump):
            if self.outline is not None and self.outline.is_folded(position):
                self._keep_row(lambda outline: outline.unfold(position))
            self.is_in_text = True
            self._is_passing = False
            self._set_offset(offset)

    def jump_back(self) -> bool:
        """Go to where the last jump began; return whether there was one."""
        if not self._jumps:
            return False
        position, offset = self._jumps.pop()
        was_in_text = self.is_in_text
        self.go_to(position)
        self.is_in_text = was_in_text
        if was_in_text:
            self._set_offset(offset)
        return True

    def next_post(self) -> None:
        """Go to the next post; where the present one reaches below the view, scroll first."""
        if self.outline is None:
            return
        at = self.viewport.screen_row(self.position)
        if at is None:
            self.viewport.show(self.position)
            self.changed()
            return
        below = at + self.outline.height(self.position) - 1 - self.viewport.height
        if below > 0 and at <= 0:
            self.viewport.scroll(min(below, max(1, self.viewport.height // 2)))
            self.changed()
        elif below > 0:
            self.viewport.scroll(min(below, at))
            self.changed()
        else:
            self.go_to(self.outline.next_visible(self.position))

    def previous_post(self) -> None:
        """Go to the previous post; where the present one begins above the view, scroll first."""
        if self.outline is None:
            return
        at = self.viewport.screen_row(self.position)
        if at is not None and at < 0:
            self.viewport.scroll(-min(-at, max(1, self.viewport.height // 2)))
            self.changed()
            return
        above = self.outline.previous_visible(self.position)
        if above is None:
            return
        self.go_to(above)

    def out(self) -> None:
        """Fold the post; where it is folded or has no replies, go to its parent."""
        outline = self.outline
        if outline is None:
            return
        if outline.replies(self.position) and not outline.is_folded(self.position):
            self.close_fold()
        else:
            self.go_to(outline.parent(self.position))

    def into(self) -> None:
        """Unfold the post; where it is unfolded, go to its first reply."""
        outline = self.outline
        if outline is None:
            return
        if outline.is_folded(self.position):
            self.open_fold()
        else:
            self.go_to(outline.first_reply(self.position))

    # --- folds --------------------------------------------------------------------------------------------------

    def _keep_row(self, change: Callable[[Outline], None]) -> None:
        """Change folds; the focused post, or what now stands for it, keeps its row on the screen."""
        outline = self.outline
        if outline is None:
            return
        at = self.viewport.screen_row(self.position)
        change(outline)
        if not outline.is_visible(self.position):
            self.position = outline.at_row(outline.row_of(self.position))[0]
            self.caret, self.selection_start = 0, None
        self.viewport.place(self.position, max(0, at if at is not None else self.viewport.height // 3))
        self.changed()

    def toggle_fold(self) -> None:
        """Fold the post if it is unfolded, else unfold it."""
        self._keep_row(lambda outline: outline.toggle(self.position))

    def open_fold(self) -> None:
        """Unfold the post."""
        self._keep_row(lambda outline: outline.unfold(self.position))

    def close_fold(self) -> None:
        """Fold the post."""
        self._keep_row(lambda outline: outline.fold(self.position))

    def fold_position(self, position: int) -> None:
        """Fold or unfold a post that need not be the focused one."""
        self._keep_row(lambda outline: outline.toggle(position))

    def fold_all(self) -> None:
        """Fold every post."""
        self._keep_row(lambda outline: outline.fold_all())

    def unfold_all(self) -> None:
        """Unfold every post."""
        self._keep_row(lambda outline: outline.unfold_all())

    def fold_to_depth(self, depth: int) -> None:
        """Unfold the posts above a depth and fold the others."""
        self._keep_row(lambda outline: outline.fold_to_depth(depth))

    def fold_level(self, levels: int) -> None:
        """Show one level more or less than now."""
        outline = self.outline
        if outline is None:
            return
        deepest = outline.deepest + 1
        shown = outline.fold_depth
        self.fold_to_depth(max(1, min(deepest, (deepest if shown is None else shown) + levels)))

    def reaches_below(self) -> bool:
        """Tell whether the last visible post has rows below the view."""
        if self.outline is None:
            return False
        last = self.outline.last_visible()
        at = self.viewport.screen_row(last)
        return at is None or at + self.outline.height(last) - 1 > self.viewport.height

    # --- scrolling ----------------------------------------------------------------------------------------------

    def scroll_rows(self, rows: int) -> None:
        """Move the view; the focus stays, or goes to the nearest post in view."""
        if self.outline is None:
            return
        self.viewport.scroll(rows)
        self._follow_view(downwards=rows > 0)
        self.changed()

    def page(self, pages: float) -> bool:
        """Move the view by pages, one row kept in sight; return whether it moved."""
        if self.outline is None:
            return False
        before = (self.viewport.top, self.viewport.row, self.position, self.caret)
        rows = max(1, int((self.viewport.height - 1) * abs(pages)))
        self.viewport.scroll(rows if pages > 0 else -rows)
        moved = before[:2] != (self.viewport.top, self.viewport.row)
        if moved:
            self._follow_view(downwards=pages > 0)
        elif pages > 0:
            self._to_end()
        else:
            self._to_start()
        self.changed()
        return before != (self.viewport.top, self.viewport.row, self.position, self.caret)

    def _follow_view(self, *, downwards: bool) -> None:
        """Move the cursor into the view after the view has moved."""
        if self.is_in_text:
            self._text_into_view(downwards=downwards)
            return
        at = self.viewport.screen_row(self.position)
        if at is not None and 0 <= at < self.viewport.height:
            return
        begun = [position for position, row in self.viewport.rows() if row == 0]
        if begun:
            self.position = begun[0] if downwards or at is None or at < 0 else begun[-1]
        else:
            self.position = self.viewport.top
        self.caret, self.selection_start = 0, None

    def _text_into_view(self, *, downwards: bool) -> None:
        rows = [row for row in self.viewport.rows() if row[0] == self.position and row[1] > 0]
        body = self.painted(self.position).body
        lines = [row - 1 for _, row in rows if row - 1 < body.height]
        if not lines:
            if self._is_thread:
                self.is_in_text = False
                self.selection_start = None
                self._follow_view(downwards=downwards)
            return
        line, cell = body.cell_of(self.caret)
        if not lines[0] <= line <= lines[-1]:
            target = lines[0] if line < lines[0] else lines[-1]
            self.caret = body.offset_at(target, self._column if self._column is not None else cell)

    def first(self) -> None:
        """Go to the first post, or the start of the text."""
        if self.outline is None:
            return
        if self.is_in_text:
            self._set_offset(0)
        else:
            self.go_to(self.outline.first_visible(), is_jump=True)

    def last(self) -> None:
        """Go to the last visible post, or the end of the text."""
        if self.outline is None:
            return
        if self.is_in_text:
            self._set_offset(len(self.text))
        else:
            self.go_to(self.outline.last_visible(), is_jump=True)

    def _to_end(self) -> None:
        if self.outline is None:
            return
        if self.is_in_text:
            self.caret = motions.previous_cluster(self.text, len(self.text))
        else:
            self.position = self.outline.last_visible()

    def _to_start(self) -> None:
        if self.outline is None:
            return
        if self.is_in_text:
            self.caret = 0
        else:
            self.position = self.outline.first_visible()

    def align(self, share: float) -> None:
        """Bring the focused post to a place of the view: 0 the top, 1 the bottom."""
        if self.outline is None:
            return
        room = max(0, self.viewport.height - min(self.outline.height(self.position), self.viewport.height))
        self.viewport.place(self.position, int(room * share))
        self.changed()

    # --- text ---------------------------------------------------------------------------------------------------

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
        offset = max(0, min(offset, len(text)))
        if offset == len(text) and text:
            offset = motions.previous_cluster(text, offset)
        body = self.painted(self.position).body
        self.caret = body.cluster(offset)[0] if text else 0
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
        self._set_offset(motion(self.text, self.caret))

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
        self._set_offset(motions.previous_cluster(self.text, end) if is_end and end > start else start)

    def find_character(self, character: str) -> None:
        """Move the text cursor to the next `character` of the paragraph."""
        found = motions.find_char(self.text, self.caret, character)
        if found is not None:
            self._set_offset(found)
