"""How the reader takes keys, shows what has changed, and lays out its panes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import events

from annotations.model import PostKind
from tui.keymap import Match
from tui.screens.reader_lines import ReaderLines
from tui.screens.under_cursor import holds
from tui.widgets.post_pane import PostPane

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.widget import Widget

    from annotations.model import Annotation
    from annotations.store.writing import Change
    from tui.widgets.post_canvas import PostCanvas
    from tui.widgets.post_view import PostView

MANY = 500
"""Posts that were changed at once from which on all that is known of the thread is found anew."""
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
        if change.thread_ids and (not post_ids or any(_is_of_thread(found) for found in change.added + change.removed)):
            post_ids.add(self.article.view_of(0).post.id)  # there it is shown; to draw it for every label takes time
        self.show_posts(post_ids)
        self._progress = self.session.progress(self.thread.id)
        self.say(change.summary)

    def show_posts(self, post_ids: Iterable[int]) -> None:
        """Show posts as they are in the project now."""
        changed = list(post_ids)
        is_wide = len(changed) > MANY
        if is_wide:
            self.thread_source.take_stock()
            changed = [view.post.id for view in (self.article.view_of(0), *self.thread_pane.views_at_hand())]
        views = self.thread_source.refresh(changed)
        self.article.update_posts(view for view in views if view.post.kind is PostKind.ARTICLE)
        self.thread_pane.update_posts(view for view in views if view.post.kind is PostKind.COMMENT)
        self.posts_changed(views)
        if is_wide:
            self.thread_changed()

    def thread_changed(self) -> None:
        """Take note that somebody has worked on more posts than are told one by one."""

    def posts_changed(self, views: Iterable[PostView]) -> None:
        """Take note of posts that somebody has worked on, as they are now."""

    def on_post_canvas_moved(self, message: PostCanvas.Moved) -> None:
        """Follow the cursor with the lines at the bottom."""
        self.follow(message.pane)

    def follow(self, pane: PostCanvas) -> None:
        """Follow what a pane shows."""
        if pane is self.pane:
            self._forget_meant()
            self.show_status()

    def _forget_meant(self) -> None:
        """Go on with the annotation that was chosen as long as the cursor is on its words, else with the likeliest."""
        if not self.meant or self._spot() == self._meant_at:
            return
        annotation, pane = self.inspected, self.pane
        if annotation is None or not (pane.is_in_text and holds(annotation, pane.caret)):
            self.meant = 0

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
        self.update_classes(self.layout_classes(width, height))
        if self.has_class("-too-small"):
            self.refuse_to_show()
        elif self.is_unseen:  # a resize overtakes keys: those typed before the reader is seen again mean nothing
            self.call_after_refresh(self._be_seen)
        self.show_status()

    def _be_seen(self) -> None:
        self.is_unseen = self.has_class("-too-small")

    def watch_focused(self, focused: Widget | None) -> None:
        """Keep which pane keys act on: the line for searches takes the focus, and so does another window."""
        if isinstance(focused, PostPane):
            self._is_in_thread = focused is self.thread_pane


def _is_of_thread(annotation: Annotation) -> bool:
    """Tell whether an annotation is on the thread as a whole, or leads to it."""
    return annotation.target.post_id is None or annotation.target.to_thread_id is not None
