"""Fold and unfold in a list of posts; the focused post keeps its row on the screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from annotations.model import PostKind
from tui.widgets.post_canvas import PostCanvas

if TYPE_CHECKING:
    from collections.abc import Callable

    from tui.text.outline import Outline


class PostFolds(PostCanvas):
    """A canvas that folds."""

    @property
    def _is_thread(self) -> bool:
        return self.outline is not None and self.view_of(self.position).post.kind is PostKind.COMMENT

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
