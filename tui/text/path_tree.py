"""A tree of posts under a filter: which paths are kept, and how one moves along them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.text.folds import Folds

if TYPE_CHECKING:
    from tui.text.ancestry import Ancestry
    from tui.text.paths import Paths


class PathTree(Folds):
    """A tree of posts of which a filter may keep some paths; moves among them pass over what is hidden.

    Args:
        depths: `chr` of the depth of each position, as in `annotations.shape.Shape`.
        first: The first position of the pane.
    """

    def __init__(self, depths: str, first: int = 0) -> None:
        super().__init__(depths, first)
        self._paths: Paths | None = None
        self._ancestry: Ancestry | None = None

    def paths_to(self, matches: bytes | bytearray) -> Paths:
        """Return what leads to the posts that match; it changes nothing, so that any thread of execution may ask.

        Linear in the posts: 30 ms for a million, 5 where few match.

        Args:
            matches: A byte for each position of the thread, 0 where it does not match.

        Raises:
            ValueError: If there is not a byte for each position.
        """
        if len(matches) != len(self):
            raise ValueError(f"{len(matches)} bytes cannot filter {len(self)} posts")
        from tui.text.paths import Paths  # noqa: PLC0415  # not needed to open a thread

        wanted = bytes(self.first) + matches[self.first :]
        few = Paths.to_few(self.depths, wanted, self.first)
        return Paths.to_many(self.ancestry, wanted, self.first) if few is None else few

    @property
    def ancestry(self) -> Ancestry:
        """What tells the ancestors of many posts at once; made once, in 25 ms for a million posts, in any thread."""
        from tui.text.ancestry import Ancestry  # noqa: PLC0415  # not needed to open a thread

        if self._ancestry is None:
            self._ancestry = Ancestry(self.depths)
        return self._ancestry

    def is_context(self, position: int) -> bool:
        """Tell whether a post passes the filter only for what is below it."""
        return self._paths is not None and self._paths.is_context(position)

    # What leads to a kept post is kept itself: so the first kept one behind a subtree is a sibling of its root, or stands
    # higher.

    def first_reply(self, position: int) -> int | None:
        """Return the first post that answers this one and is kept; where none of them is, the first one."""
        reply = super().first_reply(position)
        if reply is None or self._paths is None:
            return reply
        kept = self._paths.first_from(reply)
        return kept if kept is not None and kept < self.subtree_end(position) else reply

    def next_sibling(self, position: int) -> int | None:
        """Return the next kept post that answers the same one, folded away or not."""
        sibling = super().next_sibling(position)
        if sibling is None or self._paths is None:
            return sibling
        kept = self._paths.first_from(sibling)
        return kept if kept is not None and self.depths[kept] == self.depths[position] else None

    def previous_sibling(self, position: int) -> int | None:
        """Return the previous kept post that answers the same one, folded away or not."""
        sibling = super().previous_sibling(position)
        if sibling is None or self._paths is None:
            return sibling
        kept = self._paths.last_before(position)
        if kept is None or self.depths[kept] < self.depths[position]:
            return None
        return self.depths.rfind(self.depths[position], 0, kept + 1)

    def next_top(self, position: int) -> int | None:
        """Return the next kept top post."""
        top = super().next_top(position)
        return top if top is None or self._paths is None else self._paths.first_from(top)

    def previous_top(self, position: int) -> int | None:
        """Return the last kept top post before this one: the top of its chain, unless it is one itself."""
        top = super().previous_top(position)
        if top is None or self._paths is None:
            return top
        kept = self._paths.last_before(top + 1)
        return None if kept is None else self.top_of_chain(kept)
