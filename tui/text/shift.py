"""Where the posts of a thread stand after others have come between them."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


class Shift:
    """Positions of a thread before and after some posts arrived; the others have kept their order.

    Args:
        arrived: The positions, after the arrival, of the posts that have come; sorted.
    """

    def __init__(self, arrived: Sequence[int]) -> None:
        self.arrived = arrived
        self._gaps = [position - index for index, position in enumerate(arrived)]  # before which old post each came

    def to_new(self, position: int) -> int:
        """Return where a post stands that stood at `position`."""
        return position + bisect_right(self._gaps, position)

    def to_old(self, position: int) -> int | None:
        """Return where the post stood that stands at `position`; None for one that has arrived."""
        index = bisect_left(self.arrived, position)
        if index < len(self.arrived) and self.arrived[index] == position:
            return None
        return position - index

    def depths_before(self, depths: str) -> str:
        """Return the depths of the posts that were there before, in their order.

        Args:
            depths: A character for each post as it stands now, as in `annotations.shape.Shape`.
        """
        parts = []
        start = 0
        for position in self.arrived:
            parts.append(depths[start:position])
            start = position + 1
        parts.append(depths[start:])
        return "".join(parts)
