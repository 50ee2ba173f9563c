"""The part of the export screen that is made in the background: the preview, and what there is in the project."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import getters, work
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from annotations.errors import PostilError
from annotations.work import Work, WorkCancelledError
from tui.screens.dialog import Dialog
from tui.screens.export_words import describe_contents, listed, load_exporter, make_preview, read_contents
from tui.screens.handing_over import hand_over
from tui.text.visible import one_line

if TYPE_CHECKING:
    from pathlib import Path

    from textual.timer import Timer

    from annotations.exporters.choosing.options import ExportOptions
    from annotations.formats import Exporter

PAUSE = 0.06
"""Seconds that an option must have stood before its preview is made: who holds a key down waits for none."""
PATIENCE = 0.4
"""Seconds after which it is said that the preview is still being made; what stood there stays as long."""


class ExportPreviewing(Dialog[str]):
    """Makes previews one after the other, only the last of those that are asked for.

    Args:
        project_path: The project.
    """

    about = getters.query_one("#about", Static)
    text = getters.query_one("#text", Static)
    paper = getters.query_one("#paper", VerticalScroll)

    def __init__(self, project_path: Path) -> None:
        super().__init__()
        self.project_path = project_path
        self.lost: dict[str, int] | None = None
        """What was counted that the format would lose; None where nothing was counted yet."""
        self.loaded: dict[str, Exporter | PostilError] = {}
        """The exporters that are loaded, by name, or what is wrong with them."""
        self._words: tuple[str, str, str] = ("", "", "")
        self._contents = ""
        self._making = Work()
        self._begin: Timer | None = None
        self._say_so: Timer | None = None

    def on_unmount(self) -> None:
        """Let nobody make what nobody waits for."""
        self._making.cancel()

    # --- the formats --------------------------------------------------------------------------------------------

    @work(thread=True, group="loading")
    def load_format(self, name: str) -> None:
        """Load an exporter: some bring much along."""
        hand_over(self, self._take_format, name, load_exporter(name))

    def _take_format(self, name: str, exporter: Exporter | PostilError) -> None:
        self.loaded[name] = exporter
        self.format_loaded(name)

    def format_loaded(self, name: str) -> None:
        """Follow that a format has been loaded."""

    # --- the preview --------------------------------------------------------------------------------------------

    def preview(self, exporter: Exporter | PostilError | None, options: ExportOptions | None) -> None:
        """Show the first rows as soon as they are made.

        Args:
            exporter: The exporter, or why there is none; None while it is being loaded.
            options: What to export; None where what was typed makes no sense.
        """
        self._making.cancel()
        self._stop_timers()
        if exporter is None:
            self._show(Content.styled("Loading the format …", "$muted"))
        elif isinstance(exporter, PostilError):
            hint = f"\n{one_line(exporter.hint)}" if exporter.hint else ""
            self._show(Content.styled(one_line(exporter.message), "$error") + Content.styled(hint, "$muted"))
        elif options is None:
            self._show(Content.styled("One of the options above makes no sense yet.", "$muted"))
        else:
            making = self._making = Work()
            self._begin = self.set_timer(PAUSE, lambda: self._make(exporter, options, making))
            self._say_so = self.set_timer(PATIENCE, self._say_that_it_takes_long)

    def _stop_timers(self) -> None:
        for timer in (self._begin, self._say_so):
            if timer is not None:
                timer.stop()

    def _say_that_it_takes_long(self) -> None:
        self._show(Content.styled("Making the preview …", "$muted"))

    @work(thread=True, group="preview")
    def _make(self, exporter: Exporter, options: ExportOptions, making: Work) -> None:
        """Make a preview, and hand it over unless another one is wanted by now."""
        try:
            content = make_preview(self.project_path, exporter, options, making)
        except WorkCancelledError:
            return
        hand_over(self, self._take, content, making)

    def _take(self, content: Content, making: Work) -> None:
        if making is self._making and not making.is_cancelled:
            self._stop_timers()
            self._show(content)

    def _show(self, content: Content) -> None:
        self.text.update(content)
        self.paper.scroll_home(animate=False)

    def action_page(self, pages: int) -> None:
        """Scroll the preview."""
        self.paper.scroll_relative(y=pages * max(1, self.paper.size.height - 1), animate=False)

    # --- what there is to lose ----------------------------------------------------------------------------------

    @work(thread=True, group="contents")
    def read_project(self) -> None:
        """Count what there is in the project."""
        try:
            words = describe_contents(read_contents(self.project_path))
        except PostilError as error:
            words = one_line(str(error))
        hand_over(self, self._take_contents, words)

    def _take_contents(self, words: str) -> None:
        self._contents = words
        self.show_counted()

    def show_about(self, title: str, keeps: str, loses: str) -> None:
        """Say what the format is."""
        self._words = title, keeps, loses
        self.show_counted()

    def show_counted(self) -> None:
        """Say what the format is, and what is known of what it loses."""
        title, keeps, loses = self._words
        lines = [Content.styled(title, "bold")]
        lines += [Content.styled("loses ", "$muted") + Content(loses)] if loses else []
        if self.lost is not None:
            lost = listed(self.lost)
            words = Content.styled(f"not in it: {lost}", "$warning") if lost else Content("nothing would be lost")
            lines.append(Content.styled("counted ", "$muted") + words)
        elif self._contents:
            lines.append(Content.styled(f"in the project: {self._contents}", "$muted"))
        lines += [Content.styled("keeps ", "$muted") + Content(keeps)] if keeps else []
        self.about.update(Content("\n").join(lines))
