"""Which posts of a pane are visible and how tall: folds, a filter, heights, for a million posts.

There is no object a post. Columns of a byte a post hold the height, whether it was measured, and the rows that it takes as
things stand; with depths and sizes that is five bytes, two more where single posts are folded, and one more under a
filter. What a key starts works on slices of columns (`tui.text.columns`), never post by post.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.text.columns import FULL, ZERO_IS_FULL, ZERO_IS_ONE, at_depth, folded_to_depth, number
from tui.text.folds import UNFOLDED
from tui.text.heights import estimate
from tui.text.path_tree import PathTree
from tui.text.rows import BLOCK, TALL, Rows

if TYPE_CHECKING:
    from collections.abc import Callable

    from annotations.shape import Shape
    from tui.text.paths import Paths


class Outline(PathTree):
    """The posts of a pane from top to bottom, each with its rows.

    A post takes its overhead (header, blank line) and the lines of its body; folded, one row, and everything below it is
    hidden. Any post may be folded. Folds within a fold are remembered. A filter hides what neither matches nor has a
    descendant that matches, folds apply to the rest. Heights are estimates until measured.

    Args:
        shape: The thread, or the article alone.
        first: The first position of the pane: 1 for the comments of a thread, 0 with the article. Positions stay
            those of the thread.
        width: The pane's width in cells; only kept.
        body_width: The cells of a body's lines at a depth.
        overhead: Rows of an unfolded post beside its body.
        block: Posts whose rows are summed up together.

    Raises:
        ValueError: If the pane would have no post.
    """

    def __init__(  # noqa: PLR0913  # the pane's geometry
        self,
        shape: Shape,
        *,
        first: int,
        width: int,
        body_width: Callable[[int], int],
        overhead: int = 2,
        block: int = BLOCK,
    ) -> None:
        super().__init__(shape.depths, first)
        self.width = width
        self._shape = shape
        self._overhead = overhead
        self._measured = bytearray(len(shape))
        self._heights = bytearray(len(shape))
        self._tall = estimate(self._heights, shape, body_width, overhead, first)
        self._rows = Rows(self._heights, self._tall, block)

    # --- heights --------------------------------------------------------------------------------------------------

    def set_width(self, width: int, body_width: Callable[[int], int]) -> None:
        """Take another width or indent; all heights are estimates again, folds and filter stay."""
        self.width = width
        self._measured = bytearray(len(self))
        self._tall = estimate(self._heights, self._shape, body_width, self._overhead, self.first)
        self._show_all()

    def measure(self, position: int, lines: int) -> int:
        """Set how many lines the body of a post has; return by how many rows the pane grows."""
        self._check(position)
        is_shown = self.is_visible(position) and not self.is_folded(position)
        rows = max(1, self._overhead + lines)
        self._measured[position] = 1
        self._heights[position] = min(rows, TALL)
        self._tall.pop(position, None)
        if rows >= TALL:
            self._tall[position] = rows
        before = self.total_rows
        if is_shown:
            self._rows.replace(position, self._heights[position : position + 1])
        return self.total_rows - before

    def is_measured(self, position: int) -> bool:
        """Tell whether the height of a post, unfolded, is exact."""
        return self._measured[position] > 0

    @property
    def total_rows(self) -> int:
        """The rows of all visible posts."""
        return self._rows.total

    def height(self, position: int) -> int:
        """Return the rows that a post takes: 1 if it is folded, 0 if it is hidden."""
        return self._rows.height(position)

    def row_of(self, position: int) -> int:
        """Return the first row of a post, or of the nearest visible ancestor of a hidden one.

        Where a filter has hidden its ancestors too, the row at which it would stand, at most the last.
        """
        if self.is_visible(position):
            return self._rows.before(position)
        for ancestor in reversed(self.ancestors(position)):
            if self.is_visible(ancestor):
                return self._rows.before(ancestor)
        return max(0, min(self._rows.before(position), self.total_rows - 1))

    def at_row(self, row: int) -> tuple[int, int]:
        """Return the post at a row and which of its rows that is; the nearest where there is no such row."""
        if self.total_rows == 0:
            return self.first, 0
        return self._rows.at(max(0, min(row, self.total_rows - 1)))

    # --- what is visible --------------------------------------------------------------------------------------------

    def is_visible(self, position: int) -> bool:
        """Tell whether a post has rows: no ancestor is folded, no filter hides it."""
        return self._rows.is_shown(position)

    def first_visible(self) -> int:
        """Return the first visible post; the first of the pane where a filter hides all."""
        found = self._rows.next_shown(self.first)
        return self.first if found is None else found

    def last_visible(self) -> int:
        """Return the last visible post; the first of the pane where a filter hides all."""
        found = self._rows.previous_shown(len(self))
        return self.first if found is None else found

    def next_visible(self, position: int) -> int | None:
        """Return the next visible post."""
        return self._rows.next_shown(position + 1) if position + 1 < len(self) else None

    def previous_visible(self, position: int) -> int | None:
        """Return the previous visible post."""
        return self._rows.previous_shown(position)

    # --- folds ------------------------------------------------------------------------------------------------------

    def fold(self, position: int) -> None:
        """Show a post as one row and hide all below it."""
        if not self.is_folded(position):
            self.toggle(position)

    def unfold(self, position: int) -> None:
        """Show a post whole, and what is below it but for folds there."""
        if self.is_folded(position):
            self.toggle(position)

    def toggle(self, position: int) -> None:
        """Fold an unfolded post, unfold a folded one."""
        end = self._flip(position)
        if self.is_visible(position):
            self._show(position, end)

    def reveal(self, position: int) -> None:
        """Unfold all ancestors of a post."""
        folded = [ancestor for ancestor in self.ancestors(position) if self.is_folded(ancestor)]
        ends = [self._flip(ancestor) for ancestor in folded]
        if folded:
            self._show(folded[0], ends[0])

    def fold_all(self) -> None:
        """Fold every post."""
        self.fold_to_depth(0)

    def unfold_all(self) -> None:
        """Unfold every post."""
        self._set_by_depth(UNFOLDED)
        self._show_all()

    def fold_to_depth(self, depth: int) -> None:
        """Fold the posts at a depth or deeper, unfold all others; those at the depth are visible as one row each."""
        self._set_by_depth(depth)
        self._show_all()

    def restore(self, state: bytes) -> None:
        """Set the folds as they were when `fold_state` returned `state`, today or in an earlier run.

        Raises:
            ValueError: If the state is damaged or that of another tree; the folds stay as they are.
        """
        self._set_by_state(state)
        self._show_all()

    # --- filter -----------------------------------------------------------------------------------------------------

    def set_filter(self, matches: bytes | None) -> None:
        """Hide what neither matches nor has a descendant that matches.

        Args:
            matches: A byte for each position of the thread, 0 where it does not match; None for no filter.

        Raises:
            ValueError: If there is not a byte for each position.
        """
        self.set_paths(None if matches is None else self.paths_to(matches))

    def set_paths(self, paths: Paths | None) -> None:
        """Hide what is on none of these paths; None shows everything again. Folds stay."""
        self._paths = paths
        self._show_all()

    def follow_paths(self, paths: Paths) -> None:
        """Unfold all, and hide what is on none of these paths."""
        self._paths = paths
        self.unfold_all()

    def leave_paths(self, state: bytes) -> None:
        """Hide nothing but what the folds hide, which are set as they were when `fold_state` returned `state`.

        Raises:
            ValueError: As `restore`; everything is shown all the same, with the folds as they are.
        """
        self._paths = None
        try:
            self._set_by_state(state)
        finally:
            self._show_all()

    def admit(self, position: int) -> None:
        """Make a post visible: unfold its ancestors, and let it and them pass the filter as well."""
        self.reveal(position)
        if self._paths is not None:
            path = [*self.ancestors(position), position]
            self._paths.admit(path)
            for shown in path:
                self._show(shown, shown + 1)

    # --- the rows that are shown -----------------------------------------------------------------------------------

    def _show_all(self) -> None:
        self._rows.replace_all(self.first, self._compose, self._tall)

    def _show(self, start: int, stop: int) -> None:
        self._rows.compose(start, stop, self._compose)

    def _compose(self, start: int, stop: int) -> bytes | bytearray:
        """Return the rows of posts from their heights, folds and filter."""
        rows = self._folded_rows(start, stop)
        if self._paths is None:
            return rows
        return (number(rows) & self._paths.mask(start, stop)).to_bytes(stop - start, "little")

    def _folded_rows(self, start: int, stop: int) -> bytes | bytearray:
        """Return the rows of posts from their heights and folds."""
        if self._columns is None:
            depth, depths = self._fold_depth, self.depths[start:stop]
            if depth == ord(self._top):
                return at_depth(depths, depth)
            heights = self._heights[start:stop]
            return heights if depth == UNFOLDED else folded_to_depth(heights, depths, depth)
        is_folded, covers = self._columns
        covered = covers[start:stop]
        if is_folded.find(0, start, stop) < 0:
            return covered.translate(ZERO_IS_ONE)
        if is_folded.find(1, start, stop) < 0 and not covered.strip(b"\0"):
            return self._heights[start:stop]
        folded = number(is_folded[start:stop])
        rows = number(self._heights[start:stop])
        rows ^= rows & (folded * FULL)
        return ((rows | folded) & number(covered.translate(ZERO_IS_FULL))).to_bytes(stop - start, "little")
