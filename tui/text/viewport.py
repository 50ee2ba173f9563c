"""The part of the posts that a pane shows: an anchor (a post and a row in it), moved without knowing what is above.

Heights of posts never seen are estimates, so a row number from the top says little. The anchor does not depend on
it: what is measured above the view never moves what is in view.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tui.text.outline import Outline

FAR = 6
"""Heights of the window, as estimated, from which on a post is surely not within one of it."""


class Viewport:
    """A window of rows over the visible posts of an outline.

    Args:
        outline: Which posts are visible and how tall.
        measure: Makes the height of a post exact; called before a height is used.
    """

    def __init__(self, outline: Outline, measure: Callable[[int], None]) -> None:
        self.outline = outline
        self.height = 1
        self.top = outline.first_visible()
        self.row = 0
        self._measure = measure

    def _height(self, position: int) -> int:
        self._measure(position)
        return self.outline.height(position)

    def rows(self) -> Iterator[tuple[int, int]]:
        """Yield (post, row in it) for each row of the window, from its top; fewer where the posts end."""
        position: int | None = self.top
        row = self.row
        left = self.height
        while position is not None and left > 0:
            tall = self._height(position)
            for line in range(row, min(tall, row + left)):
                yield position, line
            left -= max(0, tall - row)
            row = 0
            position = self.outline.next_visible(position)

    def end(self) -> tuple[int, int]:
        """Return the last post in the window, and how many rows of the window have posts."""
        last = self.top
        filled = self._height(last) - self.row
        while filled < self.height and (below := self.outline.next_visible(last)) is not None:
            last = below
            filled += self._height(last)
        return last, min(filled, self.height)

    def screen_row(self, position: int) -> int | None:
        """Return the row of the window at which a post begins: negative above it, None if no row of it is in view."""
        if position == self.top:
            return -self.row
        at = -self.row
        shown: int | None = self.top
        while shown is not None and at < self.height:
            if shown == position:
                return at
            at += self._height(shown)
            shown = self.outline.next_visible(shown)
        return None

    def scroll(self, rows: int) -> None:
        """Move the window by `rows`, downwards if positive, to the posts' ends at most."""
        self.row += rows
        while self.row < 0:
            above = self.outline.previous_visible(self.top)
            if above is None:
                self.row = 0
                return
            self.top = above
            self.row += self._height(above)
        while self.row >= (tall := self._height(self.top)):
            below = self.outline.next_visible(self.top)
            if below is None:
                self.row = tall - 1
                break
            self.row -= tall
            self.top = below
        self.settle()

    def settle(self) -> None:
        """Mend the anchor after a change: on a visible post, a row that it has, no empty rows below the last post."""
        if not self.outline.is_visible(self.top):
            self.top = self.outline.at_row(self.outline.row_of(self.top))[0]
            self.row = 0
        self.row = max(0, min(self.row, self._height(self.top) - 1))
        missing = self.height - self.end()[1]
        while missing > 0:
            if self.row >= missing:
                self.row -= missing
                return
            missing -= self.row
            self.row = 0
            above = self.outline.previous_visible(self.top)
            if above is None:
                return
            self.top = above
            self.row = self._height(above)

    def place(self, position: int, screen_row: int, row: int = 0) -> None:
        """Put the row `row` of a post at `screen_row` of the window, as near as the ends allow."""
        self.top = position
        self.row = row
        self.scroll(-screen_row)

    def show(self, position: int, first: int = 0, last: int | None = None) -> None:
        """Bring rows `first` to `last` of a post into view: not at all if they are, by the least way if they are near."""
        tall = self._height(position)
        last = tall - 1 if last is None else last
        at = self.screen_row(position)
        if at is None and abs(self.outline.row_of(position) - self.outline.row_of(self.top)) < FAR * self.height:
            at = self._near(position)
        if at is None:
            self.place(position, self.height // 3 if first == 0 and last < self.height else 0, first)
            return
        if last - first >= self.height:
            last = first + self.height - 1
        if at + first < 0:
            self.scroll(at + first)
        elif at + last >= self.height:
            self.scroll(at + last - self.height + 1)

    def _near(self, position: int) -> int | None:
        """Return the screen row of a post that begins within a window's height above or below, else None."""
        at = -self.row
        shown: int | None = self.top
        if position < self.top:
            while shown is not None and at > -self.height:
                shown = self.outline.previous_visible(shown)
                if shown is None:
                    return None
                at -= self._height(shown)
                if shown == position:
                    return at
            return None
        while shown is not None and at < 2 * self.height:
            if shown == position:
                return at
            at += self._height(shown)
            shown = self.outline.next_visible(shown)
        return None
