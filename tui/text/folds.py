"""Which posts of a pane are folded, and how many of the ancestors of each."""

from __future__ import annotations

import struct
import zlib

from annotations.shape import DEEPEST
from tui.text.columns import FULL, NONZERO_IS_ONE, ONE_LESS, ONE_MORE, levels_above
from tui.text.reply_tree import ReplyTree

UNFOLDED = DEEPEST + 1
"""The depth from which posts are folded where none are."""
_STATE = struct.Struct("<HII")


class Folds(ReplyTree):
    """The folds of a forest of posts, in two columns of a byte a post.

    Nothing is computed from all folds anew: a fold adds one to what each of its descendants counts, unfolding takes it
    back, folding all by depth writes both columns from the depths. So folds within folds are remembered for free.

    Args:
        depths: `chr` of the depth of each position, as in `annotations.shape.Shape`.
        first: The first position of the pane.
    """

    def __init__(self, depths: str, first: int = 0) -> None:
        super().__init__(depths, first)
        self._set_by_depth(UNFOLDED)

    def is_folded(self, position: int) -> bool:
        """Tell whether a post is folded, be it visible or not."""
        return self._folded[position] > 0

    @property
    def fold_depth(self) -> int | None:
        """The depth to which all posts were folded last, or None; single folds since then are not reckoned with."""
        return None if self._fold_depth == UNFOLDED else self._fold_depth

    def fold_state(self) -> bytes:
        """Return the folds for `restore`: the depth to which all was folded and the posts toggled since, compressed."""
        header = _STATE.pack(self._fold_depth, len(self), self._fingerprint())
        toggled = struct.pack(f"<{len(self._toggled)}I", *sorted(self._toggled))
        return header + zlib.compress(toggled)

    def _set_by_state(self, state: bytes) -> None:
        """Set the folds as they were when `fold_state` returned `state`.

        Raises:
            ValueError: If the state is damaged or that of another tree; the folds stay as they are.
        """
        try:
            depth, size, fingerprint = _STATE.unpack_from(state)
            toggled = [position for (position,) in struct.iter_unpack("<I", zlib.decompress(state[_STATE.size :]))]
        except (struct.error, zlib.error) as error:
            raise ValueError("the state of the folds is damaged") from error
        if (size, fingerprint) != (len(self), self._fingerprint()):
            raise ValueError("the folds are those of another tree")
        if any(not self.first <= position < size for position in toggled):
            raise ValueError("the folds are those of another pane")
        self._set_by_depth(depth)
        for position in toggled:
            self._flip(position)

    def _fingerprint(self) -> int:
        return zlib.crc32(self.depths.encode())

    def _set_by_depth(self, depth: int) -> None:
        """Fold the posts at a depth or deeper and no other."""
        depth = max(ord(self._top), min(depth, UNFOLDED))
        self._fold_depth = depth
        self._toggled: set[int] = set()  # posts whose fold is not what the depth says
        if depth == UNFOLDED:
            self._folded = bytearray(len(self))
            self._covers = bytearray(len(self))
            return
        # Of the ancestors, those are folded that stand at the depth or deeper; FULL stands for so many or more.
        self._covers = bytearray(levels_above(self.depths, depth))
        is_folded = levels_above(self.depths, depth - 1).translate(NONZERO_IS_ONE) if depth else b"\1" * len(self)
        self._folded = bytearray(is_folded)

    def _flip(self, position: int) -> int:
        """Fold an unfolded post, unfold a folded one; return the end of its descendants."""
        self._check(position)
        self._folded[position] ^= 1
        self._toggled ^= {position}
        end = self.subtree_end(position)
        below = self._covers[position + 1 : end]
        if self._folded[position]:
            self._covers[position + 1 : end] = below.translate(ONE_MORE)
        elif FULL not in below:
            self._covers[position + 1 : end] = below.translate(ONE_LESS)
        elif self._covers[position] < FULL:
            self._count_covers(position, end)
        return end

    def _count_covers(self, position: int, end: int) -> None:
        """Count the folded ancestors of all descendants anew: more than 254 were nested, which no real thread does."""
        top = self.depth(position)
        counts = [self._covers[position] + self._folded[position]]
        for below in range(position + 1, end):
            del counts[self.depth(below) - top :]
            self._covers[below] = min(FULL, counts[-1])
            counts.append(counts[-1] + self._folded[below])

    def _check(self, position: int) -> None:
        if not self.first <= position < len(self):
            raise IndexError(f"no post {position} in the pane")
