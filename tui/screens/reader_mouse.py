"""What a press of the mouse does beside the text: on chips, on the lines at the bottom, between the panes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from annotations.errors import PostilError
from tui.keymap import Context, Match
from tui.screens.reader_people import ReaderPeople

if TYPE_CHECKING:
    from tui.widgets.divider import Divider
    from tui.widgets.post_pane import PostPane
    from tui.widgets.status_line import StatusLine

NARROWEST, LOWEST = 24, 4
"""Columns, and rows, that dragging the divider leaves to a pane."""


class ReaderMouse(ReaderPeople):
    """Whatever has a place on the screen can be pressed."""

    def begin(self) -> None:
        """Begin with the room shared out as the layout says."""
        self._shares: dict[bool, float] = {}  # the article's, by whether the panes are stacked
        self._is_sharing = False
        super().begin()

    def _press(self, command: str) -> None:
        """Do what a command does."""
        self.said = ""
        self.perform(Match(self.keymap.commands[command]))

    # --- chips ------------------------------------------------------------------------------------------------------

    def on_post_pane_chip_chosen(self, message: PostPane.ChipChosen) -> None:
        """Edit the annotation that a chip shows."""
        try:
            self._take_chip(message)
        except PostilError as error:
            self.complain(error)

    def _take_chip(self, message: PostPane.ChipChosen) -> None:
        chip = message.chip
        candidates = [found.id for found in self.candidates]
        if chip.annotation in candidates:
            self.mean(chip.annotation)
            self._press("label.attributes")
        elif chip.annotation:
            self.say("A label of the whole thread: its key takes it off")
            self.show_status()

    # --- the lines at the bottom --------------------------------------------------------------------------------------

    def on_inspector_pressed(self) -> None:
        """Edit the annotation that is shown."""
        if self.inspected is not None:
            self._press("label.attributes")

    def on_status_line_pressed(self, message: StatusLine.Pressed) -> None:
        """Change the mode, or choose the queue."""
        if message.part == "mode":
            self._press("text.enter" if self.context is Context.THREAD else "leave")
        elif message.part == "progress":
            self._press("queue.choose")

    # --- the room of the panes ----------------------------------------------------------------------------------------

    def lay_out(self, width: int, height: int) -> None:
        """Lay out the panes, and share the room out as the divider was dragged."""
        super().lay_out(width, height)
        if self.has_begun:
            self._share_room()

    def on_divider_dragged(self, message: Divider.Dragged) -> None:
        """Share the room out anew, once a frame however fast the mouse is."""
        is_stacked = self.has_class("-stacked")
        region = self.panes.region
        line = 1 if self.query_one("#divider").display else 0
        whole = (region.height if is_stacked else region.width) - line
        at = message.y - region.y if is_stacked else message.x - region.x
        least = LOWEST if is_stacked else NARROWEST
        at = max(least, min(at, whole - least))
        self._shares[is_stacked] = (at + 0.5) / max(1, whole)  # cells are cut off, so half a one is added
        if not self._is_sharing:
            self._is_sharing = True
            self.call_after_refresh(self._share_room)

    def on_divider_reset(self) -> None:
        """Share the room out as the layout says."""
        self._shares.pop(self.has_class("-stacked"), None)
        self._share_room()

    def _share_room(self) -> None:
        self._is_sharing = False
        is_stacked = self.has_class("-stacked")
        share = None if self.has_class("-one") else self._shares.get(is_stacked)
        for pane, part in ((self.article, share), (self.thread_side, None if share is None else 1 - share)):
            for rule, is_meant in (("width", not is_stacked), ("height", is_stacked)):
                if part is None or not is_meant:
                    pane.styles.clear_rule(rule)
                else:
                    setattr(pane.styles, rule, f"{part * 100:.3f}fr")
