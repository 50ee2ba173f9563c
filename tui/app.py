"""The app: opens a project and shows a thread of it."""

from __future__ import annotations

import asyncio
import gc
import shutil
import signal
import sys
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual import events, on
from textual.app import SystemCommand
from textual.binding import Binding, BindingType
from textual.geometry import Size

from annotations.session import LabelingSession
from annotations.store import codebooks
from annotations.store.project import Project
from tui.configuration import Configuration
from tui.keymap import COMMANDS, Match
from tui.navigation import Navigation
from tui.no_colour import NoColour
from tui.patient_keys import PatientKeys
from tui.screens.going import Going
from tui.screens.reader import ReaderScreen
from tui.theme_names import THEMES
from tui.themes import choose_theme

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from textual.command import CommandPalette
    from textual.driver import Driver
    from textual.filter import LineFilter
    from textual.notifications import SeverityLevel
    from textual.screen import Screen
    from textual.widgets import OptionList

    from annotations.model import Annotator, StoredThread
    from annotations.store.project import Upgrading
    from tui.hang_up import HangUpWatch


PLAIN_CSS = Path(__file__).parent / "screens" / "plain.tcss"
"""What takes edges and scroll bars away, for screen readers."""
GARBAGE_THRESHOLD = 3_000
"""Objects made between two collections: some keys, so that few of them wait for one."""

TERMINATED = 128 + signal.SIGTERM
"""The exit code by which shells tell that a program was asked to end."""


class PostilApp(PatientKeys):
    """Postil in the terminal.

    Args:
        project_path: The project's file; it exists.
        annotator: The annotator's name.
        thread_key: The thread to show; None for the library, or the only thread.
        theme: The theme's name; None for the configured one.
        configuration: What the analyst has set; None for the defaults.
        upgrading: Is entered while an old project is brought up to date, see `Project.open`.
    """

    TITLE = "Postil"
    CSS_PATH = Path(__file__).parent / "screens" / "reader.tcss"  # so that the first screen's styles are parsed once
    ENABLE_COMMAND_PALETTE = True
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+q", "leave", "Quit", id="app.quit", priority=True, show=False),
        Binding("ctrl+z", "suspend_process", "To the shell, for a while", id="app.suspend", show=False),
        Binding("ctrl+p", "command_palette", "Command palette", id="app.palette", priority=True, show=False),
    ]

    _has_theme = False
    _hang_up_watch: HangUpWatch | None = None

    def __init__(  # noqa: PLR0913  # each but the first two is seldom given
        self,
        project_path: Path,
        annotator: str,
        thread_key: str | None = None,
        *,
        theme: str | None = None,
        configuration: Configuration | None = None,
        upgrading: Upgrading | None = None,
    ) -> None:
        self.configuration = configuration or Configuration()
        self._upgrading = upgrading
        super().__init__(css_path=[self.CSS_PATH, PLAIN_CSS] if self.is_plain else None)
        if self.is_plain:
            self.animation_level = "none"
        for name in self.available_themes:
            self.unregister_theme(name)  # Textual's have no colours for labels, and their contrast is not tested
        choose_theme(self, theme or self.configuration.theme)
        self._has_theme = True
        self.stylesheet.set_variables(self.get_css_variables())
        self._is_styled = False
        self._take_keys()
        self._project_path = project_path
        self._annotator = annotator
        self._own_filters = self._make_filters()
        self.project = self.open_project()
        self.navigation = Navigation(self, self.project, self.find_annotator(), self.configuration, self.make_reader)
        self.navigation.begin(thread_key)

    def open_project(self) -> Project:
        """Open the project, before the screen changes, so that what is wrong with it is said on the command line.

        Raises:
            ProjectError: If it cannot be opened.
        """
        project = Project.open(self._project_path, upgrading=self._upgrading)
        project.spare_memory()
        return project

    def find_annotator(self) -> Annotator:
        """Return who labels."""
        return self.project.annotator(self._annotator)

    def get_css_variables(self) -> dict[str, str]:
        """Return the theme's colours for the styles; of Textual's theme, which is never seen, they take 2 ms to make."""
        return super().get_css_variables() if self._has_theme else {}

    def refresh_css(self, animate: bool = True) -> None:  # noqa: FBT001, FBT002  # Textual's signature
        """Apply another theme. The first one is in the styles from the start: to parse them all again takes 15 ms."""
        if self._is_styled:
            super().refresh_css(animate)
        self._is_styled = True

    def get_default_screen(self) -> Screen[None]:
        """Return the first screen: one screen less to lay out before anything is seen."""
        return self.navigation.first_screen()

    def on_load(self) -> None:
        """Let no search for garbage delay the first frame: what is made on the way there stays."""
        gc.disable()

    def on_mount(self) -> None:
        """Show the library if there is a choice of threads, and be ready to be asked to end."""
        self.navigation.start()
        with suppress(
            NotImplementedError, RuntimeError, ValueError
        ):  # where there are no signals, or not in this thread
            asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, self.action_leave, TERMINATED)
        self.call_after_refresh(self._collect_seldom)
        if (kept_modules := sys.modules.get("tui.kept_modules")) is not None:  # it was opened by the program
            self.call_after_refresh(kept_modules.keep_for_next, self)
        if not self.is_headless:
            self.call_after_refresh(self._watch_terminal)

    def _watch_terminal(self) -> None:
        """Be ready for the terminal to go."""
        from tui.hang_up import watch_terminal  # noqa: PLC0415  # not needed for the first frame

        self._hang_up_watch = watch_terminal(self.action_leave)

    @staticmethod
    def _collect_seldom() -> None:
        """Look for garbage again, but not in what start-up has left: that stays."""
        gc.collect()
        gc.freeze()
        gc.set_threshold(GARBAGE_THRESHOLD)
        gc.enable()

    def make_reader(self, thread: StoredThread) -> ReaderScreen:
        """Return the reader of a thread.

        Raises:
            PostilError: If the thread or the codebook cannot be read.
        """
        annotator = self.find_annotator()
        session = LabelingSession(self.project, annotator, codebooks.codebook_in_force(self.project))
        return ReaderScreen(session, thread, configuration=self.configuration)

    async def on_event(self, event: events.Event) -> None:
        """Take the terminal's size as it is now: two signals on each other's heels are told in the wrong order."""
        if isinstance(event, events.Resize) and not self.is_headless and event.pixel_size is None:
            size = Size(*shutil.get_terminal_size(fallback=event.size))
            event = events.Resize(size, size)
        if isinstance(event, events.InputEvent):
            self.navigation.stir()
        elif isinstance(event, events.AppFocus | events.AppBlur):
            self.navigation.attend(is_here=isinstance(event, events.AppFocus))
        await super().on_event(event)

    def is_blind(self, event: events.Key | events.Paste) -> bool:
        """Tell whether the reader was not to be seen when this was typed."""
        screen = self.screen_stack[-1] if self.screen_stack else None
        return isinstance(screen, ReaderScreen) and screen.is_unseen_by(event)

    @on(Going)
    def go(self, going: Going) -> None:
        """Go where a screen asks to go."""
        going.stop()
        self.navigation.follow(going)

    @property
    def is_plain(self) -> bool:
        """Whether to draw for a screen reader: one column, words instead of signs, nothing that only colour tells."""
        return self.configuration.is_plain

    def _take_keys(self) -> None:
        """Give the commands of dialogs, which are Textual's bindings, the keys that are configured."""
        known = {command.id for command in COMMANDS}
        changes = {name: keys for name, keys in self.configuration.keys.items() if name not in known}
        self.alt_keys = frozenset(key for keys in changes.values() for key in keys if key.startswith("alt+"))
        if changes:
            self.set_keymap(
                {name: ",".join("comma" if key == "," else key for key in keys) for name, keys in changes.items()}
            )

    def _make_filters(self) -> tuple[LineFilter, ...]:
        colours = (NoColour(),) if self.no_color else ()
        if not self.is_plain:
            return colours
        from tui.widgets.plain import WithoutLines  # noqa: PLC0415  # only screen readers need it

        return (WithoutLines(), *colours)

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Return what changes drawn lines at last: the loss of their colours where NO_COLOR is set, plain signs."""
        return self._own_filters if self.no_color else (*self._own_filters, *super().get_line_filters())

    def get_driver_class(self) -> type[Driver]:
        """Return what writes to the terminal; for a screen reader it shows the cursor, which Textual hides."""
        driver = super().get_driver_class()
        if not self.is_plain:
            return driver
        from tui.plain_driver import showing_cursor  # noqa: PLC0415  # loaded on use

        return showing_cursor(driver)

    def notify(
        self,
        message: str,
        *,
        title: str = "",
        severity: SeverityLevel = "information",
        timeout: float | None = None,
        markup: bool = True,
    ) -> None:
        """Say something over the screen; for a screen reader, in the screen's status line instead."""
        from tui.screens.keyed import KeyedScreen  # noqa: PLC0415  # loaded on use

        screen = self.screen
        if self.is_plain and isinstance(screen, ReaderScreen | KeyedScreen):
            screen.say(f"{title}: {message}" if title else message)
            screen.show_status()
        else:
            super().notify(message, title=title, severity=severity, timeout=timeout, markup=markup)

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        """Let a screen reader follow the highlight of a list: the terminal's cursor goes there."""
        if self.is_plain:
            from tui.plain_driver import option_place  # noqa: PLC0415  # loaded on use

            self.cursor_position = option_place(event.option_list, event.option_index)

    def on_command_palette_option_highlighted(self, event: CommandPalette.OptionHighlighted) -> None:
        """Let a screen reader follow the highlight of the command palette."""
        self.on_option_list_option_highlighted(event.highlighted_event)

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """Offer every command of the screen in the palette."""
        from tui.screens.keyed import KeyedScreen  # noqa: PLC0415  # loaded on use

        if isinstance(screen, ReaderScreen | KeyedScreen):
            for command in screen.keymap.commands.values():
                sequences = screen.keymap.keys[command.id]
                if "<" in "".join(sequences).removeprefix("<") and len("".join(sequences)) > 1:
                    continue
                yield SystemCommand(
                    command.description,
                    f"{command.group}: {screen.keymap.first_key(command.id)}",
                    partial(screen.perform, Match(command)),
                )
        for name, words in THEMES.items():
            yield SystemCommand(f"Theme {name}", words, partial(choose_theme, self, name))

    def action_command_palette(self) -> None:
        """Show the commands, to be found by typing."""
        from tui.screens.palette import Palette  # noqa: PLC0415  # loaded on use

        if not isinstance(self.screen, Palette):
            self.push_screen(Palette())

    def action_leave(self, return_code: int = 0) -> None:
        """Keep the place and leave; the terminal is restored. Work that is under way stops, and leaves the project as it was."""
        self.workers.cancel_all()
        self.navigation.flush()
        self.exit(return_code=return_code)

    def action_suspend_process(self) -> None:
        """Go to the shell for a while, if there is one, and nothing under way keeps others from writing."""
        from tui.hang_up import obstacle_to_suspend  # noqa: PLC0415  # loaded on use

        if obstacle := obstacle_to_suspend(self.workers):
            self.notify(obstacle)
            return
        self.navigation.flush()
        super().action_suspend_process()

    def on_unmount(self) -> None:
        """Close the project."""
        if self._hang_up_watch is not None:
            self._hang_up_watch.stop()
        self.project.close()
