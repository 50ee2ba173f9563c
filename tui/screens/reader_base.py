"""How the reader takes keys, shows what has changed, and lays out its panes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import events

from annotations.model import PostKind
from tui.keymap import Match
from tui.screens.reader_frame import SMALLEST
from tui.screens.reader_lines import ReaderLines
from tui.widgets.post_pane import PostPane

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.widget import Widget

    from annotations.store.writing import Change
    from tui.widgets.post_canvas import PostCanvas

SIDE_BY_SIDE = 100
"""Columns from which on the panes stand side by side."""
QUIT = "view.quit"
"""The command that works however small the terminal is."""


class ReaderBase(ReaderLines):
    """Article and thread, with everything that is not an action."""

    def take(self, key: str) -> bool:
        """Act on a key; where the terminal is too small to see anything, nothing is labeled."""
        if not self.has_class("-too-small"):
            return super().take(key)
        match = self._way_out(key)
        if match is not None:
            self.perform(match)
        return True

    def is_unseen_by(self, event: events.Key | events.Paste) -> bool:
        """Tell whether what was typed cannot have been meant for what it would act on."""
        return self.is_unseen and not (isinstance(event, events.Key) and self._way_out(self.key_name(event)))

    def _way_out(self, key: str) -> Match | None:
        match = self.keymap.read((key,), self.context)
        return match if isinstance(match, Match) and match.command.id == QUIT else None

    def take_change(self, change: Change) -> None:
        """Show what the session has done."""
        post_ids = set(change.post_ids)
        if change.thread_ids:
            post_ids.add(self.article.view_of(0).post.id)
        self.show_posts(post_ids)
        self._progress = self.session.progress(self.thread.id)
        self.say(change.summary)

    def show_posts(self, post_ids: Iterable[int]) -> None:
        """Show posts as they are in the project now."""
        views = self.thread_source.refresh(post_ids)
        self.article.update_posts(view for view in views if view.post.kind is PostKind.ARTICLE)
        self.thread_pane.update_posts(view for view in views if view.post.kind is PostKind.COMMENT)

    def on_post_canvas_moved(self, message: PostCanvas.Moved) -> None:
        """Follow the cursor with the lines at the bottom."""
        self.follow(message.pane)

    def follow(self, pane: PostCanvas) -> None:
        """Follow what a pane shows."""
        if pane is self.pane:
            self._inspected = 0
            self.show_status()

    def on_resize(self, event: events.Resize) -> None:
        """Choose the layout for the new size."""
        self.lay_out(event.size.width, event.size.height)

    def show_pane(self, pane: PostPane) -> None:
        """Give a pane the focus, and the room, where there is room for one at a time."""
        self.set_class(pane is self.thread_pane, "-thread")
        self.set_focus(pane)
        self.lay_out(self.size.width, self.size.height)

    def lay_out(self, width: int, height: int) -> None:
        """Put the panes side by side or one above the other, or show one of them."""
        choice = self.layout_choice
        if choice == "auto":
            choice = "one" if self.configuration.is_plain else "side" if width >= SIDE_BY_SIDE else "stacked"
        self.set_class(choice == "stacked", "-stacked")
        self.set_class(choice == "one", "-one")
        is_too_small = width < SMALLEST[0] or height < SMALLEST[1]
        self.set_class(is_too_small, "-too-small")
        if is_too_small:
            self.is_unseen = True
        elif self.is_unseen:  # a resize overtakes keys: those typed before the reader is seen again mean nothing
            self.call_after_refresh(self._be_seen)
        self.set_class(self.pane is self.thread_pane, "-thread")
        for line in (self.inspector, self.label_bar):  # their heights stay, or the text would jump with each selection
            line.set_class(height < 30, "-short")  # noqa: PLR2004  # room for a rule, and for a second row of labels
        self.show_status()

    def _be_seen(self) -> None:
        self.is_unseen = self.has_class("-too-small")

    def watch_focused(self, focused: Widget | None) -> None:
        """Keep which pane keys act on: the line for searches takes the focus, and so does another window."""
        if isinstance(focused, PostPane):
            self._is_in_thread = focused is self.thread_pane
