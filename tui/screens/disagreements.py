"""Where annotators differ in a thread: looked up beside the app, for it is linear in the thread's labels."""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING

from annotations.store import overview
from annotations.store.history import last_event_id
from annotations.store.project import Project

if TYPE_CHECKING:
    from pathlib import Path


class Disagreements:
    """The comments of a thread on which annotators differ, as of the last event that was looked at.

    Args:
        path: The project.
        thread_id: The thread.
    """

    def __init__(self, path: Path, thread_id: int) -> None:
        self._path = path
        self._thread_id = thread_id
        self._positions = array("I")
        self._event_id = -1

    def is_current(self, project: Project) -> bool:
        """Tell whether nothing has happened in the project since it was looked at."""
        return self._event_id == last_event_id(project)

    def look(self) -> None:
        """Look at the project again, through a connection of its own; to be run in a thread of execution of its own.

        Raises:
            ProjectError: If it cannot be read.
        """
        with Project.open(self._path, read_only=True) as project:
            event_id = last_event_id(project)  # asked first: what happens meanwhile is looked at the next time
            positions = overview.disagreements(project, self._thread_id)
        self._positions = array("I", (position for position in positions if position))
        self._event_id = event_id

    def next(self, position: int, step: int) -> int | None:
        """Return the next position after `position`, before it if `step` is negative; None if there is none."""
        at = bisect_right(self._positions, position) if step > 0 else bisect_left(self._positions, position) - 1
        return self._positions[at] if 0 <= at < len(self._positions) else None
