"""Which posts of a pane are folded, and how many of the ancestors of each."""

from __future__ import annotations

import struct
import zlib
from typing import TYPE_CHECKING

from annotations.shape import DEEPEST
from tui.text.columns import FULL, NONZERO_IS_ONE, ONE_LESS, ONE_MORE, levels_above, slices
from tui.text.reply_tree import ReplyTree

if TYPE_CHECKING:
    from tui.text.shift import Shift

UNFOLDED = DEEPEST + 1
"""The depth from which posts are folded where none are."""
_STATE = struct.Struct("<HII")


class Folds(ReplyTree):
    """The folds of a forest of posts, in two columns of a byte a post, or in none where a depth says it all.

    Nothing is computed from all folds anew: a fold adds one to what each of its descendants counts, unfolding takes it
    back. Folding all by depth does away with both columns, which are made of the depths for the next single fold. So folds
    within folds are remembered for free.

    Args:
        depths: `chr` of the depth of each position, as in `annotations.shape.Shape`.
        first: The first position of the pane.
    """

    def __init__(self, depths: str, first: int = 0) -> None:
        super().__init__(depths, first)
        self._checksum: int | None = None
        self._set_by_depth(UNFOLDED)

    def is_folded(self, position: int) -> bool:
        """Tell whether a post is folded, be it visible or not."""
        if self._columns is None:
            return ord(self.depths[position]) >= self._fold_depth
        return self._columns[0][position] > 0

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
        depth, size, fingerprint, toggled = _read_state(state)
        if (size, fingerprint) != (len(self), self._fingerprint()):
            raise ValueError("the folds are those of another tree")
        if any(not self.first <= position < size for position in toggled):
            raise ValueError("the folds are those of another pane")
        self._set_by_depth(depth)
        for position in toggled:
            self._flip(position)

    def _fingerprint(self) -> int:
        if self._checksum is None:
            self._checksum = _fingerprint(self.depths)
        return self._checksum

    def _set_by_depth(self, depth: int) -> None:
        """Fold the posts at a depth or deeper and no other."""
        self._fold_depth = max(ord(self._top), min(depth, UNFOLDED))
        self._toggled: set[int] = set()  # posts whose fold is not what the depth says
        self._columns: tuple[bytearray, bytearray] | None = None

    def _spread(self) -> tuple[bytearray, bytearray]:
        """Return for each post whether it is folded, and how many of its ancestors are."""
        if self._columns is None:
            folded, covers = bytearray(len(self)), bytearray(len(self))
            depth = self._fold_depth
            for start, stop in slices(0, len(self)) if depth != UNFOLDED else ():
                # Of the ancestors, those are folded that stand at the depth or deeper; FULL stands for so many or more.
                depths = self.depths[start:stop]
                covers[start:stop] = levels_above(depths, depth)
                is_folded = levels_above(depths, depth - 1).translate(NONZERO_IS_ONE) if depth else b"\1" * len(depths)
                folded[start:stop] = is_folded
            self._columns = folded, covers
        return self._columns

    def _flip(self, position: int) -> int:
        """Fold an unfolded post, unfold a folded one; return the end of its descendants."""
        self._check(position)
        folded, covers = self._spread()
        folded[position] ^= 1
        self._toggled ^= {position}
        end = self.subtree_end(position)
        below = covers[position + 1 : end]
        if folded[position]:
            covers[position + 1 : end] = below.translate(ONE_MORE)
        elif FULL not in below:
            covers[position + 1 : end] = below.translate(ONE_LESS)
        elif covers[position] < FULL:
            self._count_covers(position, end)
        return end

    def _count_covers(self, position: int, end: int) -> None:
        """Count the folded ancestors of all descendants anew: more than 254 were nested, which no real thread does."""
        folded, covers = self._spread()
        top = self.depth(position)
        counts = [covers[position] + folded[position]]
        for below in range(position + 1, end):
            del counts[self.depth(below) - top :]
            covers[below] = min(FULL, counts[-1])
            counts.append(counts[-1] + folded[below])

    def _check(self, position: int) -> None:
        if not self.first <= position < len(self):
            raise IndexError(f"no post {position} in the pane")


def shifted_state(state: bytes, depths: str, shift: Shift) -> bytes:
    """Return the folds that `fold_state` returned, for the tree as it is since other posts have come.

    Args:
        state: The folds of the tree as it was.
        depths: The depths of the tree as it is.
        shift: Which posts have come.

    Raises:
        ValueError: If the state is damaged, or that of another tree.
    """
    depth, size, fingerprint, toggled = _read_state(state)
    before = shift.depths_before(depths)
    if (size, fingerprint) != (len(before), _fingerprint(before)):
        raise ValueError("the folds are those of another tree")
    moved = [shift.to_new(position) for position in toggled if position < size]
    header = _STATE.pack(depth, len(depths), _fingerprint(depths))
    return header + zlib.compress(struct.pack(f"<{len(moved)}I", *moved))


def _fingerprint(depths: str) -> int:
    """Return the CRC-32 of the depths in UTF-8."""
    checksum = 0
    for start, stop in slices(0, len(depths)):
        checksum = zlib.crc32(depths[start:stop].encode(), checksum)
    return checksum


def _read_state(state: bytes) -> tuple[int, int, int, list[int]]:
    """Return the depth to which all was folded, the tree's size and fingerprint, the posts toggled since.

    Raises:
        ValueError: If the state is damaged.
    """
    try:
        depth, size, fingerprint = _STATE.unpack_from(state)
        toggled = [position for (position,) in struct.iter_unpack("<I", zlib.decompress(state[_STATE.size :]))]
    except (struct.error, zlib.error) as error:
        raise ValueError("the state of the folds is damaged") from error
    return depth, size, fingerprint, toggled
