"""The app: opens a project and shows a thread of it."""

from __future__ import annotations

import asyncio
import gc
import signal
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual.app import App, SystemCommand
from textual.binding import Binding, BindingType

from annotations.codebook import default_codebook
from annotations.errors import PostilError
from annotations.session import LabelingSession
from annotations.store import codebooks, overview, threads
from annotations.store.project import Project
from tui.keymap import Match
from tui.no_colour import NoColour
from tui.screens.reader import ReaderScreen
from tui.themes import DARK, LIGHT, POSTIL_DARK, POSTIL_LIGHT

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from textual.filter import LineFilter
    from textual.screen import Screen


GARBAGE_THRESHOLD = 10_000
"""Objects made between two collections: some ten keys, so that few of them wait for one."""

TERMINATED = 128 + signal.SIGTERM
"""The exit code by which shells tell that a program was asked to end."""


class PostilApp(App[None]):
    """Postil in the terminal.

    Args:
        project_path: The project's file; it exists.
        annotator: The annotator's name.
        thread_key: The thread to show; None for the project's first.
        theme: The theme's name.
    """

    TITLE = "Postil"
    ENABLE_COMMAND_PALETTE = True
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+q", "leave", "Quit", id="app.quit", priority=True, show=False),
    ]

    def __init__(self, project_path: Path, annotator: str, thread_key: str | None = None, *, theme: str = DARK) -> None:
        super().__init__()
        self.register_theme(POSTIL_DARK)
        self.register_theme(POSTIL_LIGHT)
        self.theme = theme if theme in {DARK, LIGHT} else DARK
        self._project_path = project_path
        self._annotator = annotator
        self._thread_key = thread_key
        self._without_colours = (NoColour(),)
        self.project = self.open_project()
        self._reader = self.make_reader()

    def open_project(self) -> Project:
        """Open the project, before the screen changes, so that what is wrong with it is said on the command line.

        Raises:
            ProjectError: If it cannot be opened.
        """
        return Project.open(self._project_path)

    def on_mount(self) -> None:
        """Show the thread."""
        with suppress(
            NotImplementedError, RuntimeError, ValueError
        ):  # where there are no signals, or not in this thread
            asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, self.action_leave, TERMINATED)
        gc.freeze()  # what start-up made stays: collections need not look at it
        gc.set_threshold(GARBAGE_THRESHOLD)
        self.push_screen(self._reader)

    def make_reader(self) -> ReaderScreen:
        """Return the reader of the thread that was asked for, else of the one that the annotator left last.

        Raises:
            PostilError: If the project has no such thread, or none at all.
        """
        project = self.project
        annotator = project.annotator(self._annotator)
        codebook = codebooks.current_codebook(project) or default_codebook()
        if self._thread_key is not None:
            thread = threads.find_thread(project, self._thread_key)
        else:
            thread_id = overview.last_thread_id(project, annotator.id)
            if thread_id is None:
                raise PostilError(f"{project.path} holds no thread yet", "Import one: postil import FILE")
            thread = threads.load_thread(project, thread_id)
        return ReaderScreen(LabelingSession(project, annotator, codebook), thread)

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Return what changes drawn lines at last: nothing but the loss of their colours where NO_COLOR is set."""
        return self._without_colours if self.no_color else super().get_line_filters()

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """Offer every command of the reader in the palette."""
        if isinstance(screen, ReaderScreen):
            for command in screen.keymap.commands.values():
                sequences = screen.keymap.keys[command.id]
                if "<" in "".join(sequences).removeprefix("<") and len("".join(sequences)) > 1:
                    continue
                yield SystemCommand(
                    command.description,
                    f"{command.group}: {screen.keymap.first_key(command.id)}",
                    partial(screen.perform, Match(command)),
                )

    def action_leave(self, return_code: int = 0) -> None:
        """Keep the place and leave; the terminal is restored."""
        for screen in self.screen_stack:
            if isinstance(screen, ReaderScreen):
                screen.flush()
        self.exit(return_code=return_code)

    def on_unmount(self) -> None:
        """Close the project."""
        self.project.close()
