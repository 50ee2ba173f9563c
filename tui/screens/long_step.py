"""Steps of an annotator that take long, such as to review a chain of a hundred thousand: beside the app, to be stopped."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

from annotations.session import LabelingSession
from annotations.store.project import Project
from annotations.work import WorkCancelledError
from tui.screens.work import Outcome, WorkScreen

if TYPE_CHECKING:
    from collections.abc import Callable

    from annotations.store.writing import Change
    from annotations.work import Work
    from tui.screens.reader_base import ReaderBase


def do_beside(
    reader: ReaderBase,
    verb: str,
    step: Callable[[LabelingSession], Change | None],
    take: Callable[[Change | None], None],
) -> None:
    """Do a step in a thread of its own, with a connection of its own; stopped, it leaves everything as it was.

    Args:
        reader: The screen, which takes no keys meanwhile.
        verb: What is done: "Reviewing".
        step: Does it.
        take: Is told what the step has done.
    """
    session = reader.session
    path, annotator, codebook = session.project.path, session.annotator, session.codebook

    def job(work: Work) -> Change | None:
        with closing(Project.open(path)) as project, project.doing(work):
            return step(LabelingSession(project, annotator, codebook))

    def come_back(outcome: Outcome[Change | None] | None) -> None:
        if outcome is None or isinstance(outcome.error, WorkCancelledError):
            reader.say("Stopped: nothing was changed")
            reader.show_status()
        elif outcome.error is not None:
            reader.complain(outcome.error)
        else:
            take(outcome.result)
            reader.show_status()

    screen: WorkScreen[Change | None] = WorkScreen(verb, job, is_plain=reader.configuration.is_plain)
    reader.app.push_screen(screen, come_back)
