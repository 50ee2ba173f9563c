"""Load and lay out the posts of the next page while the present one is read, so that its key does not wait for them."""

from __future__ import annotations

from tui.widgets.post_stock import PostStock

LONG = 20_000
"""Characters from which on a post is laid out only when it is reached: until then, other keys would wait for it."""


class ReadAhead(PostStock):
    """Posts of a thread, with those that lie next in the direction of reading made ready."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002  # Textual's name
        super().__init__(id=id)
        self._read_at = (-1, 0)
        self._is_read_upwards = False

    def read_on(self) -> None:
        """Make ready what comes next, once the frame that is being drawn is on the screen."""
        at = (self.viewport.top, self.viewport.row)
        if at != self._read_at:
            self._is_read_upwards = at < self._read_at
            self._read_at = at
            self.call_after_refresh(self._read_ahead)

    def _read_ahead(self) -> None:
        if self.outline is None or not self.is_mounted:
            return
        positions = self._positions_ahead(upwards=self._is_read_upwards)
        self._load([position for position in positions if position not in self._views])
        for position in positions:
            if len(self.view_of(position).post.text) > LONG:
                return
            self.painted(position)

    def _positions_ahead(self, *, upwards: bool) -> list[int]:
        """Return the posts that fill the view above or below what it shows, the nearest first."""
        assert self.outline is not None  # noqa: S101  # only read with an outline
        step = self.outline.previous_visible if upwards else self.outline.next_visible
        position: int | None = self.viewport.top if upwards else self.viewport.end()[0]
        left = self.viewport.height
        ahead: list[int] = []
        while left > 0 and position is not None and (position := step(position)) is not None:
            ahead.append(position)
            left -= self.outline.height(position)
        return ahead
