"""Move in a list of posts: from post to post, by pages, to a place of a text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.text import motions
from tui.widgets.post_text import PostText

if TYPE_CHECKING:
    from collections.abc import Callable

JUMPS_KEPT = 100


class PostCursor(PostText):
    """A canvas whose cursor moves. All methods do nothing where there is nowhere to go."""

    def __init__(self, guides: tuple[str, ...], *, id: str | None = None) -> None:  # noqa: A002  # Textual's name
        super().__init__(guides, id=id)
        self._jumps: list[tuple[int, int]] = []

    # --- posts --------------------------------------------------------------------------------------------------

    def go_to(self, position: int | None, *, is_jump: bool = False, row: int | None = None) -> bool:
        """Put the focus on a post, unfolding what hides it; return whether there was one to go to.

        Args:
            position: The post.
            is_jump: Whether `jump_back` leads back.
            row: The row of the pane at which it is to begin, if it fits there; None for the least way into view.
        """
        outline = self.outline
        if outline is None or position is None:
            return False
        if is_jump:
            self.note_jump(self.position, self.caret)
        if position != self.position:
            self.selection_start = None
            self.is_by_sentence = False
            self.caret = 0
            self._column = None
            if self._is_thread:
                self.is_in_text = False
        if not outline.is_visible(position):
            outline.admit(position)
            self.viewport.settle()
        self.position = position
        if row is not None:
            if not self.size.height:  # the pane has no rows of its own yet
                self.viewport.height = max(self.viewport.height, row + 1)
            self.viewport.place(position, min(row, self.viewport.height - 1))
        self.viewport.show(position)
        self.changed()
        return True

    @property
    def jump_count(self) -> int:
        """How many jumps it can go back."""
        return len(self._jumps)

    def note_jump(self, position: int, offset: int) -> None:
        """Take a place for one where a jump begins."""
        self._jumps = [*self._jumps[-JUMPS_KEPT:], (position, offset)]

    def move_jumps(self, to_new: Callable[[int], int | None]) -> None:
        """Let jumps lead back to where their posts stand now; those of which that is not known are forgotten."""
        moved = [(to_new(position), offset) for position, offset in self._jumps]
        self._jumps = [(position, offset) for position, offset in moved if position is not None]

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
                self.is_by_sentence = False
                self._follow_view(downwards=downwards)
            return
        line, cell = body.cell_of(self.caret)
        if not lines[0] <= line <= lines[-1]:
            target = lines[0] if line < lines[0] else lines[-1]
            self.caret = body.offset_at(target, self._column if self._column is not None else cell)

    def reaches_below(self) -> bool:
        """Tell whether the last visible post has rows below the view."""
        if self.outline is None:
            return False
        last = self.outline.last_visible()
        at = self.viewport.screen_row(last)
        return at is None or at + self.outline.height(last) - 1 > self.viewport.height

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
            self.caret = self.body.follow(motions.previous_cluster, len(self.text))
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
