"""The reader: article and thread, side by side or one above the other."""

from __future__ import annotations

from annotations.errors import PostilError
from annotations.store import threads
from annotations.store.history import Watch
from tui.screens.reader_find import ReaderFind
from tui.text.visible import one_line
from tui.themes import DARK, LIGHT

WATCH_EVERY = 1.0
"""Seconds between two looks at what others have done to the project."""


class ReaderScreen(ReaderFind):
    """The screen in which threads are read and labeled."""

    def on_mount(self) -> None:
        """Go to where the analyst was, and watch for the work of others."""
        self.begin()
        self.restore_place()
        self._watch = Watch(self.session.project)
        self.set_interval(WATCH_EVERY, self._look_at_others)

    def _look_at_others(self) -> None:
        """Show what another terminal has changed in this thread."""
        try:
            self._show_others()
        except PostilError as error:
            self.complain(error)

    def _show_others(self) -> None:
        changed = {event.post_id for event in self._watch.poll() if event.thread_id == self.thread.id and event.post_id}
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
        record = threads.load_source_record(self.session.project, post.id)
        text = json.dumps(record, ensure_ascii=False, indent=2)
        self.app.push_screen(Paper(f"Post {post.key}", coloured(text, highlight_source(text, "json"))))

    def action_export_preview(self) -> None:
        """Show what an export would write."""
        from tui.screens.export_preview import ExportPreview  # noqa: PLC0415  # loaded on use

        def take(words: str | None) -> None:
            if words is not None:
                self.say(words)
                self.show_status()

        self.app.push_screen(ExportPreview(self.session.project.path), take)

    def action_guidelines(self) -> None:
        """Show the codebook, the label under the cursor first."""
        from tui.screens.guidelines import guidelines_screen  # noqa: PLC0415  # loaded on use

        annotation = self.inspected
        self.app.push_screen(guidelines_screen(self.session.codebook, annotation.label if annotation else None))

    def action_show_help(self) -> None:
        """Show every key."""
        from tui.screens.help import help_screen  # noqa: PLC0415  # loaded on use

        self.app.push_screen(help_screen(self.keymap, self.session.codebook))

    def action_next_theme(self) -> None:
        """Change between light and dark."""
        self.app.theme = LIGHT if self.app.theme == DARK else DARK
        self.call_after_refresh(self.show_status)

    def action_open_link(self) -> None:
        """Open the link under the cursor, the post's first one, or the thread's page."""
        from tui.text.highlight import Kind, decorations  # noqa: PLC0415  # loaded on use

        pane = self.pane
        text = pane.text
        links = [found for found in decorations(text) if found.kind is Kind.LINK]
        under = [link for link in links if pane.is_in_text and link.start <= pane.caret < link.end]
        chosen = (under or links)[:1]
        url = text[chosen[0].start : chosen[0].end] if chosen else self.thread.url
        if not url:
            self.say("No link here, and the thread has no page")
            return
        if not url.startswith(("http://", "https://")):
            url = f"https://{url}"
        self.app.open_url(url)
        self.say(f"Opened {one_line(url)}")

    def action_copy(self) -> None:
        """Copy the selection, or the post."""
        pane = self.pane
        if pane.outline is None:
            return
        span = pane.selected_span()
        self.app.copy_to_clipboard(pane.text[span[0] : span[1]] if span else pane.text)
        self.say("Selection copied" if span else "Post copied")

    def action_leave_screen(self) -> None:
        """Keep the place and leave."""
        self.has_left = True
        self.flush()
        self.app.exit()
