"""The reader: article and thread, side by side or one above the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.screen import Screen

from annotations.errors import PostilError
from annotations.store import posts
from annotations.store.history import Watch
from tui.screens.reader_trouble import ReaderTrouble
from tui.themes import next_theme

if TYPE_CHECKING:
    from textual import events

WATCH_EVERY = 1.0
"""Seconds between two looks at what others have done to the project."""


class ReaderScreen(ReaderTrouble, Screen[None]):
    """The screen in which threads are read and labeled."""

    def on_mount(self) -> None:
        """Hold the first frame until there is something in it."""
        self._opening.enter_context(self.app.batch_update())

    def on_screen_resume(self, event: events.ScreenResume) -> None:
        """Begin once the panes have their sizes, which Textual gives them when it has taken this event too."""
        if not self.has_begun:
            event.refresh_styles = False  # they are new
            self.call_next(self.begin_once)

    def begin_once(self) -> None:
        """Go to where the analyst was, and watch for the work of others."""
        if self.has_begun or not self.is_mounted:
            return
        with self._opening:
            self.begin()
            self.restore_place()
            self.has_begun = True
            self.show_status()
        self._watch = Watch(self.session.project)
        self.set_interval(WATCH_EVERY, self._look_at_others)

    def _look_at_others(self) -> None:
        """Show what another terminal has changed in this thread."""
        try:
            self.look_for_file()
            self.look_for_import()
            self.look_for_codebook()
            self._show_others()
        except PostilError as error:
            self.complain(error)

    def _show_others(self) -> None:
        changed = self.touched_by(event for event in self._watch.poll() if event.thread_id == self.thread.id)
        if changed:
            self.show_posts(changed)
            self._progress = self.session.progress(self.thread.id)
            self.show_status()

    def action_source_record(self) -> None:
        """Show everything that the project holds of the post."""
        import json  # noqa: PLC0415  # loaded on use

        from tui.screens.paper import Paper, coloured  # noqa: PLC0415  # loaded on use
        from tui.text.highlight import highlight_source  # noqa: PLC0415  # loaded on use

        pane = self.pane
        if pane.outline is None:
            return
        post = pane.view_of(pane.position).post
        record = posts.load_source_record(self.session.project, post.id)
        text = json.dumps(record, ensure_ascii=False, indent=2)
        self.app.push_screen(Paper(f"Post {post.key}", coloured(text, highlight_source(text, "json"))))

    def action_import(self) -> None:
        """Import files, and go to what they hold."""
        from tui.screens.importing import ask_for_sources  # noqa: PLC0415  # loaded on use

        self.flush()  # an import keeps from writing: nothing is to wait for it
        ask_for_sources(
            self,
            self.session.project.path,
            self._leave_for,
            is_plain=self.configuration.is_plain,
            annotator=self.session.annotator.person,
        )

    def action_export(self) -> None:
        """Choose what to export, and write it."""
        from tui.screens.exporting import ask_for_export  # noqa: PLC0415  # loaded on use

        self.flush()
        ask_for_export(self, self.session.project, self.thread.key, is_plain=self.configuration.is_plain)

    def action_dashboard(self) -> None:
        """Show what is labeled, in charts."""
        from tui.screens.dashboard import show_dashboard  # noqa: PLC0415  # loaded on use

        self.flush()
        self.attend(is_here=False)
        show_dashboard(self, self.session.project, self.thread, is_plain=self.configuration.is_plain)

    def action_show_help(self) -> None:
        """Show every key."""
        from tui.screens.help import help_screen  # noqa: PLC0415  # loaded on use

        self.app.push_screen(help_screen(self.keymap, self.session.codebook, self.configuration))

    def action_next_theme(self) -> None:
        """Take the colours of the next theme."""
        self.say(next_theme(self.app))
        self.call_after_refresh(self.show_status)

    def action_copy(self) -> None:
        """Copy the selection, or the post."""
        pane = self.pane
        if pane.outline is None:
            return
        span = pane.selected_span()
        self.app.copy_to_clipboard(pane.text[span[0] : span[1]] if span else pane.text)
        self.say("Selection copied" if span else "Post copied")
