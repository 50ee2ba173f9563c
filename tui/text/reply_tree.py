"""Who answers whom, read from the depths of a thread in pre-order."""

from __future__ import annotations

from bisect import bisect_left
from functools import cached_property

from annotations.shape import DEEPEST, parent_of, subtree_end


class ReplyTree:
    """The posts of a pane as a forest: every question is a search in a string, about 1 µs, nothing is kept a post.

    Positions are those of the thread; a post before `first` is not in the pane and is nobody's parent.

    Args:
        depths: `chr` of the depth of each position, as in `annotations.shape.Shape`.
        first: The first position of the pane; its depth is that of the pane's top posts.

    Raises:
        ValueError: If there is no position `first`.
    """

    def __init__(self, depths: str, first: int = 0) -> None:
        if not 0 <= first < len(depths):
            raise ValueError(f"no post {first} among {len(depths)}")
        self.first = first
        self.depths = depths
        self._top = depths[first]

    def __len__(self) -> int:
        """Return the number of positions, those before the pane included."""
        return len(self.depths)

    @cached_property
    def deepest(self) -> int:
        """The greatest depth; as every depth above it occurs too, few are looked for."""
        return bisect_left(range(DEEPEST), True, key=lambda depth: chr(depth + 1) not in self.depths)  # noqa: FBT003  # the key's

    def depth(self, position: int) -> int:
        """Return the steps from a post to the article."""
        return ord(self.depths[position])

    def subtree_end(self, position: int) -> int:
        """Return the position behind the last descendant."""
        return subtree_end(self.depths, position)

    def replies(self, position: int) -> int:
        """Return how many posts are below this one, however deep."""
        return subtree_end(self.depths, position) - position - 1

    def has_replies(self, position: int) -> bool:
        """Tell whether a post is answered."""
        return self.depths[position + 1 : position + 2] > self.depths[position]

    def parent(self, position: int) -> int | None:
        """Return the post that this one answers, or None for a top post."""
        parent = parent_of(self.depths, position)
        return parent if parent is not None and parent >= self.first else None

    def ancestors(self, position: int) -> list[int]:
        """Return the posts between a top post and this one, the top post first."""
        found = []
        parent = self.parent(position)
        while parent is not None:
            found.append(parent)
            parent = self.parent(parent)
        found.reverse()
        return found

    def first_reply(self, position: int) -> int | None:
        """Return the first post that answers this one."""
        return position + 1 if self.has_replies(position) else None

    def next_sibling(self, position: int) -> int | None:
        """Return the next post that answers the same one, visible or not."""
        end = subtree_end(self.depths, position)
        return end if self.depths[end : end + 1] == self.depths[position] else None

    def previous_sibling(self, position: int) -> int | None:
        """Return the previous post that answers the same one, visible or not."""
        parent = self.parent(position)
        start = self.first if parent is None else parent + 1
        return _or_none(self.depths.rfind(self.depths[position], start, position))

    def top_of_chain(self, position: int) -> int:
        """Return the top post that this one stands below; a top post itself."""
        return self.depths.rfind(self._top, self.first, position + 1)

    def next_top(self, position: int) -> int | None:
        """Return the next top post."""
        return _or_none(self.depths.find(self._top, position + 1))

    def previous_top(self, position: int) -> int | None:
        """Return the last top post before this one: the top of its chain, unless it is one itself."""
        return _or_none(self.depths.rfind(self._top, self.first, position))


def _or_none(found: int) -> int | None:
    return found if found >= 0 else None
