"""The numbers of a data set and the agreement in it, reckoned while the data set is written.

That takes a second or two for a million posts. It is done in a thread, over a connection of its own; if that sees another state of
the project than the export does, or cannot be had, it is done when the data set is written.
"""

from __future__ import annotations

from contextlib import contextmanager, suppress
from threading import Thread
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from annotations.exporters.describing.card_agreement import agreement_section
from annotations.exporters.describing.figures import find_figures, threads_or_all
from annotations.store.census import state_stamp
from annotations.store.judgements import seeing
from annotations.store.project import Project
from annotations.store.snapshot import snapshot

if TYPE_CHECKING:
    from collections.abc import Iterator

    from annotations.exporters.choosing.selection import Selection
    from annotations.exporters.describing.figures import Counting, Figures


class Reckoned(Struct, frozen=True, kw_only=True):
    """What is said of a data set in numbers.

    Args:
        figures: Its numbers.
        agreement: The card's section on agreement, "" for none.
    """

    figures: Figures
    agreement: str


class Reckoning:
    """What is being reckoned; see `reckoning`.

    Args:
        project: The project, in the snapshot that is exported.
        selection: What is exported.
    """

    def __init__(self, project: Project, selection: Selection) -> None:
        self._project = project
        self._selection = selection
        self._stamp = state_stamp(project)
        self._found: Reckoned | None = None
        self._other: Project | None = None
        self._thread = Thread(target=self._reckon_apart, name="reckoning", daemon=True)
        self._thread.start()

    def result(self, counting: Counting | None) -> Reckoned:
        """Wait for the numbers and return them; what posts have counted as they passed takes the place of what stands stored.

        Raises:
            ProjectError: If the project cannot be read.
        """
        self._thread.join()
        found = self._found or _reckon(self._project, self._selection)
        if counting is None:
            return found
        annotators = dict(counting.annotators)
        if self._selection.options.aggregate is not None:  # what one set was made of, beside that set
            annotators = {**found.figures.annotators, **annotators}
        counted = replace(found.figures, labels=counting.labels, annotators=annotators, detached=counting.detached)
        return replace(found, figures=counted)

    def forget(self) -> None:
        """Stop, if the numbers are not needed any more."""
        while self._thread.is_alive():
            if self._other is not None:
                with suppress(Exception):  # it is closed by now
                    self._other.connection.interrupt()
            self._thread.join(0.05)

    def _reckon_apart(self) -> None:
        try:
            with Project.open(self._project.path, read_only=True) as other:
                self._other = other
                with snapshot(other):
                    if state_stamp(other) == self._stamp:
                        self._found = _reckon(other, self._selection)
        except Exception:  # noqa: BLE001  # whatever it is, it is said where the numbers are reckoned in this one's stead
            self._found = None


@contextmanager
def reckoning(project: Project, selection: Selection) -> Iterator[Reckoning]:
    """Reckon while the block is at work.

    Args:
        project: The project, in the snapshot that is exported.
        selection: What is exported.
    """
    found = Reckoning(project, selection)
    try:
        yield found
    finally:
        found.forget()


def _reckon(project: Project, selection: Selection) -> Reckoned:
    with seeing(project, threads_or_all(project, selection)) as seen:
        return Reckoned(figures=find_figures(project, selection, seen), agreement=agreement_section(selection, seen))
