"""The project cannot be written: that is said until it is solved, and the reader goes on reading."""

from __future__ import annotations

from typing import TYPE_CHECKING

from annotations.errors import PostilError, ProjectBusyError, ProjectError
from tui.screens.reader_detached import ReaderDetached

if TYPE_CHECKING:
    from textual.timer import Timer

    from annotations.store.writing import Change
    from tui.widgets.trouble_line import TroubleLine

HEADING = "NOTHING CAN BE STORED"
HEADING_READ_ONLY = "READING ONLY"

TRY_EVERY = 1.0
"""Seconds between two attempts to write, as long as there is trouble."""


class ReaderTrouble(ReaderDetached):
    """What hinders writing: a full disk, a project that was moved away, a drive that can only be read."""

    def begin(self) -> None:
        """Begin without trouble."""
        self._trouble_line: TroubleLine | None = None
        self._attempts: Timer | None = None
        super().begin()

    def complain(self, error: PostilError) -> None:
        """Show what went wrong; what hinders every writing stays until it is solved."""
        lasts = isinstance(error, ProjectError) and not isinstance(error, ProjectBusyError)
        if not lasts or not self.has_begun:
            super().complain(error)
            return
        heading, words = HEADING, f"{error} What you see is stored; what you do now is not, until this is solved."
        if self.session.project.is_read_only:
            heading, words = HEADING_READ_ONLY, str(error)
        if self._trouble_line is None:
            from tui.widgets.trouble_line import TroubleLine  # noqa: PLC0415  # it is hoped that nobody needs it

            self._trouble_line = TroubleLine(heading, words)
            self.mount(self._trouble_line)
        else:
            self._trouble_line.say(heading, words)
        if self._attempts is None and not self.session.project.is_read_only:
            self._attempts = self.set_interval(TRY_EVERY, self._try_to_write)
        self.show_status()

    def take_change(self, change: Change) -> None:
        """Show what was done; what was written says that the trouble is over."""
        self._end_trouble()
        super().take_change(change)

    def look_for_file(self) -> None:
        """See that the project is still where it was, also when nothing is written."""
        self.session.project.check_in_place()

    def _try_to_write(self) -> None:
        """See whether it works again."""
        project = self.session.project
        try:
            with project.impatient():
                project.check_room()
        except ProjectBusyError:  # nothing but another program at work: it could be written
            pass
        except PostilError as error:
            self.complain(error)
            return
        self._end_trouble()
        self.say("The project can be written again")
        self.show_status()

    def _end_trouble(self) -> None:
        if self._trouble_line is None:
            return
        self._trouble_line.remove()
        self._trouble_line = None
        if self._attempts is not None:
            self._attempts.stop()
            self._attempts = None
