"""How the reader measures the time that is spent on each post; `annotations.stopwatch` says what counts."""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING

from annotations.errors import PostilError
from tui.screens.reader_rules import ReaderRules
from tui.widgets.post_pane import PostPane

if TYPE_CHECKING:
    from textual import events
    from textual.widget import Widget

    from annotations.stopwatch import Stopwatch
    from tui.screens.going import Going
    from tui.widgets.post_canvas import PostCanvas

LOOK_EVERY, WRITE_AFTER, WRITE_AT_LAST = 1.0, 3.0, 6.0
"""Seconds between two looks at whether to write; after which it is written when no key is near; after which in any case."""
NEAR = 0.4
"""Seconds after a key in which another one is near: writing waits for the disk."""


class ReaderTime(ReaderRules):
    """The stopwatch of the reader."""

    clock = staticmethod(monotonic)

    def begin(self) -> None:
        """Begin to measure once the thread is on the screen."""
        self._stopwatch: Stopwatch | None = None
        self._unsaved: dict[int, float] = {}
        self._stirred_at = self._saved_at = self.clock()
        super().begin()
        self.call_after_refresh(self._begin_timing)

    def _begin_timing(self) -> None:
        from annotations.stopwatch import Stopwatch  # noqa: PLC0415  # not needed for the first frame

        self._stopwatch = Stopwatch(self.clock, self.configuration.idle)
        self._look()
        self._stopwatch.stir()
        self.set_interval(LOOK_EVERY, self._save_if_due)

    def stir(self) -> None:
        """Take note of a key or the mouse: somebody is there. It costs microseconds."""
        if self.has_begun and self._stopwatch is not None:
            self._stopwatch.stir()
            self._stirred_at = self.clock()

    def attend(self, *, is_here: bool) -> None:
        """Take note that the terminal, or this screen, is in front, or no longer."""
        if self.has_begun and self._stopwatch is not None:
            (self._stopwatch.resume if is_here else self._stopwatch.pause)()

    def _look(self) -> None:
        """Tell the stopwatch which post is in focus."""
        pane = self.pane
        if self._stopwatch is not None and pane.outline is not None:
            self._stopwatch.look_at(pane.view_of(pane.position).post.id)

    def follow(self, pane: PostCanvas) -> None:
        """Follow the focus."""
        super().follow(pane)
        if pane is self.pane:
            self._look()

    def watch_focused(self, focused: Widget | None) -> None:
        """Follow the focus to the other pane."""
        super().watch_focused(focused)
        if self.has_begun and isinstance(focused, PostPane):
            self._look()

    def on_screen_resume(self, event: events.ScreenResume) -> None:
        """Go on. (Textual calls this for each class that defines it.)."""
        del event
        self.attend(is_here=True)

    def _leave_for(self, going: Going) -> None:
        """Stop measuring, and leave."""
        self.attend(is_here=False)
        super()._leave_for(going)

    def flush(self) -> None:
        """Write what was read, where the analyst is, and the time that was spent."""
        super().flush()
        if self.has_begun:
            self._save_times()

    def _save_if_due(self) -> None:
        waited, still = self.clock() - self._saved_at, self.clock() - self._stirred_at
        if waited >= WRITE_AT_LAST or (waited >= WRITE_AFTER and still >= NEAR):
            self._save_times()

    def _save_times(self) -> None:
        """Write the time that was spent; if another program is writing, the next time."""
        if self._stopwatch is None:
            return
        self._saved_at = self.clock()
        for post, seconds in self._stopwatch.take().items():
            self._unsaved[post] = self._unsaved.get(post, 0.0) + seconds
        if not self._unsaved:
            return
        try:
            with self.session.project.impatient():
                self.session.add_seconds(self._unsaved)
        except PostilError:  # no work is lost, and what hinders writing is said where work would be
            return
        self._unsaved.clear()
