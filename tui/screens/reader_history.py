"""The reader's ways into the history, and back from there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.screens.reader_time import ReaderTime
from tui.text.visible import one_line

if TYPE_CHECKING:
    from tui.screens.history import HistoryScreen


class ReaderHistory(ReaderTime):
    """Who did what, and when."""

    def action_history(self) -> None:
        """Show the history of the project."""
        self._show_history(narrowest=False)

    def action_post_history(self) -> None:
        """Show the history of the post, or of the annotation under the cursor where the cursor is in a text."""
        self._show_history(narrowest=True)

    def _show_history(self, *, narrowest: bool) -> None:
        from annotations.store.past import EventFilter  # noqa: PLC0415  # loaded on use
        from tui.configuration import keymap_for  # noqa: PLC0415  # loaded on use
        from tui.screens.history import HistoryScreen  # noqa: PLC0415  # loaded on use
        from tui.screens.history_finding import Scope  # noqa: PLC0415  # loaded on use
        from tui.screens.history_keys import COMMANDS  # noqa: PLC0415  # loaded on use

        scopes = [
            Scope(words="Everything", within=EventFilter()),
            Scope(words=f"Only in: {one_line(self.thread.title)}", within=EventFilter(thread_id=self.thread.id)),
        ]
        pane = self.pane
        if pane.outline is not None:
            post = pane.view_of(pane.position).post
            name = "the article" if post.position == 0 else f"comment {one_line(post.key)}"
            scopes.append(Scope(words=f"Only of {name}", within=EventFilter(post_id=post.id)))
        annotation = self.inspected
        if annotation is not None:
            names = {label.id: label.name for label in self.session.codebook.labels}
            name = one_line(names.get(annotation.label, annotation.label))
            scopes.append(Scope(words=f"Only of this {name}", within=EventFilter(annotation_uuid=annotation.uuid)))
        first = min(2 if not pane.is_in_text else 3, len(scopes) - 1) if narrowest else 0
        self.flush()
        self.attend(is_here=False)
        keymap = keymap_for(COMMANDS, self.configuration)
        screen = HistoryScreen(self.session, keymap, scopes, first, is_plain=self.configuration.is_plain)
        self.app.push_screen(screen, lambda _: self._come_from(screen))

    def _come_from(self, screen: HistoryScreen) -> None:
        """Show what was done in the history, and go to the place that was chosen there."""
        for change in screen.changes:
            self.take_change(change)
        if screen.chosen is not None:
            thread_id, place = screen.chosen
            if thread_id == self.thread.id:
                self.go_to_place(place)
            else:
                from tui.screens.going import ToThread  # noqa: PLC0415  # loaded on use

                self._leave_for(ToThread(thread_id, place))
        self.show_status()
