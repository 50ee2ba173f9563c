"""What was labeled elsewhere, made annotations of the project: in one transaction, with events, as one command to undo.

Nothing is lost, and nothing comes twice. An annotation keeps its uuid where its source has one; else it gets one that is made
of what it says, so that the history knows it when the same source is imported again: what has been taken off or changed
since stays as it is, what an undo of the import took off comes back. A label that is on the same place already is not put
again. Exclusive groups take nothing off here: what contradicts the codebook is listed by its rules.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from annotations.given_report import GivenReport, summary
from annotations.given_taking import Taking, printed
from annotations.store.codebooks import current_codebook, current_codebook_version
from annotations.store.commands import CommandState
from annotations.store.given import command_state, retell_command
from annotations.store.writing import Writing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from annotations.codebook import Codebook
    from annotations.model import Thread
    from annotations.sources.problems import Problems
    from annotations.store.project import Project
    from annotations.store.threads import SavedThread
    from annotations.work import Work

ANNOTATOR = "annotator"
"""Whose the annotations are that name nobody, if nobody imports them either."""


class GivenImport:
    """The taking over of what was labeled in the threads of one source: one command, however many threads there are.

    Args:
        project: The project.
        annotator: Who imports: whose the undo is, and whose the annotations are that name nobody.
        problems: Is told of each annotation that does not fit.
    """

    def __init__(self, project: Project, annotator: str = "", problems: Problems | None = None) -> None:
        self._project = project
        self._annotator = printed(annotator) or ANNOTATOR
        self._problems = problems
        self._command = ""
        self._annotations = self._marks = 0
        self._codebook: Codebook | None = None
        self._version: int | None = None

    def take(self, threads: Sequence[tuple[Thread, SavedThread]]) -> list[GivenReport | None]:
        """Take over what was labeled in some threads, all of it or nothing; None for a thread in which nothing was.

        What the project is doing (`Project.doing`) is told of it, and may stop it.

        Raises:
            SourceError: If an annotation does not fit and the import is strict.
            RuleError: If the codebook cannot be made to hold the labels.
            ProjectError: If the project cannot be written.
            WorkCancelledError: If the work was cancelled.
        """
        labeled = [thread for thread, _ in threads if thread.annotations or thread.marks or thread.labels]
        if not labeled:
            return [None] * len(threads)
        with self._project.transaction():
            try:
                return self._take(threads, labeled[0].title)
            except BaseException:
                self._version = self._codebook = None  # what was put in force is so no longer
                raise

    def _take(self, threads: Sequence[tuple[Thread, SavedThread]], title: str) -> list[GivenReport | None]:
        project = self._project
        is_begun = bool(self._command) and command_state(project, self._command) is CommandState.DONE
        if not is_begun:  # none yet, or it was undone meanwhile
            self._command = project.new_id()
            self._annotations = self._marks = 0
        writing = Writing(project, 0, command_uuid=self._command)
        reports: list[GivenReport | None] = []
        before = self._annotations + self._marks
        for thread, saved in threads:
            if not (thread.annotations or thread.marks or thread.labels):
                reports.append(None)
                continue
            taking = Taking(project, thread, saved, writing, self._annotator, self._in_force(), self._problems)
            report = taking.take()
            self._version, self._codebook = current_codebook_version(project), taking.codebook
            self._annotations += report.added
            self._marks += report.marks
            reports.append(report)
        if self._annotations + self._marks > before:
            told = summary(self._annotations, self._marks, title)
            if is_begun:
                retell_command(project, self._command, told)
            else:
                writing.act_for(project.annotator(self._annotator).id)
                writing.push(told)
        return reports

    def _in_force(self) -> Codebook | None:
        """Return the codebook in force, which is read again only if it has changed."""
        version = current_codebook_version(self._project)
        if self._codebook is None or version != self._version:
            self._version, self._codebook = version, current_codebook(self._project)
        return self._codebook


def take_annotations(  # noqa: PLR0913  # what an import knows
    project: Project,
    thread: Thread,
    saved: SavedThread,
    work: Work,
    *,
    annotator: str = "",
    problems: Problems | None = None,
) -> GivenReport:
    """Make annotations of the project of what was labeled elsewhere in one thread, as one command.

    Args:
        project: The project.
        thread: The thread as it was read.
        saved: What the project made of it.
        work: What watches it; if it is cancelled, nothing of this is written.
        annotator: Who imports: whose the undo is, and whose the annotations are that name nobody.
        problems: Is told of each annotation that does not fit.

    Raises:
        SourceError: If an annotation does not fit and the import is strict; nothing of this is written.
        RuleError: If the codebook cannot be made to hold the labels; nothing of this is written.
        ProjectError: If the project cannot be written.
    """
    with project.doing(work):
        return GivenImport(project, annotator, problems).take([(thread, saved)])[0] or GivenReport()
