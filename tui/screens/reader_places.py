"""The reader's ways to other screens, and to a place that another screen leads to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.screens.going import Back, JumpBack, ToLibrary, ToSearch
from tui.screens.reader_ties import ReaderTies

if TYPE_CHECKING:
    import re
    from collections.abc import Iterable

    from textual import events

    from tui.screens.going import Going, PostPlace

LINES_BELOW = 2
"""Lines to be seen below what is found."""
BEFORE_JUMP = "'"
"""The mark of where the analyst was before another screen led to a place, as in vim."""


class ReaderPlaces(ReaderTies):
    """Where one comes from and goes to."""

    first_place: PostPlace | None = None
    """Where to begin; None where the analyst was the last time."""
    _shows_place = False

    def restore_place(self) -> None:
        """Go to where the analyst was the last time, or to the place that another screen leads to."""
        super().restore_place()
        if self.first_place is not None:
            self.go_to_place(self.first_place, is_jump=False)

    def go_to_place(self, place: PostPlace, *, is_jump: bool = True) -> None:
        """Go to a post and emphasize spans of its text, the first of them in view; Escape ends the emphasis.

        Args:
            place: The post and the spans; a post that is gone leaves everything as it is.
            is_jump: Whether `ctrl+o` leads back.
        """
        if not 0 <= place.position < len(self.thread_source.shape):
            self.say("That post is gone")
            return
        self.action_set_mark(BEFORE_JUMP)
        self.said = ""
        offset = place.spans[0][0] if place.spans else 0
        self._show_pane(is_thread=place.position > 0)
        pane = self.pane
        if place.position == 0:
            pane.go_to_text(0, offset, is_jump=is_jump)
        else:
            pane.go_to(place.position, is_jump=is_jump)
        line = pane.painted(place.position).body.line_of(offset) + 1
        pane.viewport.show(place.position, line, line + LINES_BELOW)
        pane.changed()
        if place.spans:
            self._emphasize(words_pattern(pane.text, place.spans))
            self._shows_place = True
        self.show_status()

    def _emphasize(self, pattern: re.Pattern[str] | None) -> None:
        self._shows_place = False
        super()._emphasize(pattern)

    def action_leave(self) -> None:
        """Leave the selection, then the text, then the search; what was found is emphasized no longer."""
        if self._shows_place:
            self._emphasize(None)
        super().action_leave()

    def on_screen_resume(self, event: events.ScreenResume) -> None:
        """Take keys (again)."""
        del event
        self.has_left = False

    def _leave_for(self, going: Going) -> None:
        """Keep the place and ask for another screen."""
        self.has_left = True
        self.flush()
        self.post_message(going)

    def action_leave_screen(self) -> None:
        """Keep the place and go back to where this thread was opened, or out."""
        self._leave_for(Back())

    def action_library(self) -> None:
        """Go to the list of all threads."""
        self._leave_for(ToLibrary())

    def action_search_all(self) -> None:
        """Search all threads."""
        self._leave_for(ToSearch())

    def action_jump_back(self) -> None:
        """Go back to where the last jump began; if none began here, to the thread from which one led here."""
        if not self.cross_back() and not self.pane.jump_back():
            self.post_message(JumpBack())


def words_pattern(text: str, spans: Iterable[tuple[int, int]]) -> re.Pattern[str]:
    """Return what finds the words of these spans of a text elsewhere too: as whole words where they are such here."""
    import re  # noqa: PLC0415  # loaded on use

    words = set()
    for start, end in spans:
        before = r"(?<!\w)" if not re.match(r"\w", text[start - 1 : start]) else ""
        after = r"(?!\w)" if not re.match(r"\w", text[end : end + 1]) else ""
        words.add(before + re.escape(text[start:end]) + after)
    return re.compile("|".join(sorted(words, key=len, reverse=True)), re.IGNORECASE)
