"""The session: what one annotator does in a project.

Each step is one transaction that holds the annotations, their events and the step's place on the undo stack; when a
method returns, what it did is on disk. Nothing is kept in memory that another terminal could make untrue.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from annotations.progress import Progress, ProgressCounter
from annotations.store import reading
from annotations.store.labels import work_on_post

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from annotations.codebook import Codebook
    from annotations.model import Annotator, Target
    from annotations.span import Span
    from annotations.step import Step
    from annotations.store.project import Project
    from annotations.store.writing import Change

__all__ = ["LabelingSession", "Progress"]


class LabelingSession:
    """What one annotator does in a project with one codebook.

    Args:
        project: The project; the session belongs to the thread that opened it.
        annotator: Who labels, as `project.annotator` returns it.
        codebook: The labels and their rules; the project gets it with the first label that is put.
    """

    def __init__(self, project: Project, annotator: Annotator, codebook: Codebook) -> None:
        self.project = project
        self.annotator = annotator
        self.codebook = codebook
        self._progress = ProgressCounter(project, annotator.id)

    def apply(
        self,
        label: str,
        target: Target,
        *,
        note: str = "",
        attributes: Mapping[str, str | int | float] | None = None,
    ) -> Change:
        """Put a label on a target.

        Where it is already, nothing is added; a note or attributes that differ are changed. The annotator's other
        labels of the same exclusive group come off the same target in the same step, with the relations on them.

        Args:
            label: The id of the label.
            target: What to put it on.
            note: What the annotator remarks.
            attributes: Values of the label's attributes, by attribute id.

        Raises:
            RuleError: If the codebook or the target does not allow it.
            SpanError: If the span reaches behind the text.
            UnknownNameError: If there is no such thread or post.
            ProjectError: If the project cannot be written.
        """
        from annotations import rules  # noqa: PLC0415  # not needed to read with

        definition = rules.label_for(self.codebook, label, target)
        note = rules.checked_text(note, "The note")
        if attributes is not None:
            attributes = rules.checked_attributes(definition, attributes)
        with self._step() as step:
            return step.put(definition, target, note=note, attributes=attributes)

    def toggle(self, label: str, target: Target) -> Change:
        """Put a label on a target, or take it off if it is there; otherwise as `apply`, with the same errors."""
        from annotations.rules import label_for  # noqa: PLC0415  # not needed to read with

        definition = label_for(self.codebook, label, target)
        with self._step() as step:
            return step.put(definition, target, is_toggle=True)

    def retract(self, annotation_id: int) -> Change:
        """Take an annotation off, and with it, in the same step, the relations that hang on it.

        Raises:
            RuleError: If there is no such annotation, or it is another annotator's.
            ProjectError: If the project cannot be written.
        """
        with self._step() as step:
            return step.retract(annotation_id)

    def change(
        self,
        annotation_id: int,
        *,
        span: Span | None = None,
        note: str | None = None,
        attributes: Mapping[str, str | int | float] | None = None,
    ) -> Change:
        """Change what an annotation says, or where its span is; None leaves as it is.

        A detached annotation that is given a span is attached again. Where the annotator has labels of the same
        exclusive group on the new span, they come off in the same step.

        Args:
            annotation_id: The row of the annotation.
            span: Its new place in the same post.
            note: Its new note.
            attributes: All its attributes, by attribute id: those that are not named are cleared.

        Raises:
            RuleError: If there is no such annotation, it is another annotator's, or the codebook does not allow it.
            SpanError: If the span reaches behind the text.
            ProjectError: If the project cannot be written.
        """
        with self._step() as step:
            return step.change(annotation_id, span=span, note=note, attributes=attributes)

    def review(self, post_id: int, *, is_reviewed: bool = True) -> Change:
        """Say that a post is done, labels or none, or that it is not.

        Raises:
            UnknownNameError: If there is no such post.
            ProjectError: If the project cannot be written.
        """
        with self.project.transaction():
            return self._new_step().review(post_id, is_reviewed=is_reviewed)

    def review_all(self, post_ids: Iterable[int]) -> Change:
        """Say in one step that posts are done; errors as those of `review`."""
        with self.project.transaction():
            return self._new_step().review_all(post_ids)

    def toggle_review(self, post_id: int) -> Change:
        """Say that a post is done, or if it is, that it is not; errors as those of `review`."""
        with self.project.transaction():
            is_reviewed = not self.is_reviewed(post_id)
            return self._new_step().review(post_id, is_reviewed=is_reviewed)

    def is_reviewed(self, post_id: int) -> bool:
        """Tell whether the annotator has said that a post is done."""
        return work_on_post(self.project, post_id, self.annotator.id)[2]

    def undo(self) -> Change | None:
        """Take back the annotator's last step that stands, also one of an earlier day; None if there is none.

        Raises:
            RuleError: If what it did no longer stands; the step is skipped, and nothing is changed.
            ProjectError: If the project cannot be written.
        """
        from annotations.store.writing import undo_command  # noqa: PLC0415  # not needed to read with

        return undo_command(self.project, self.annotator.id)

    def redo(self) -> Change | None:
        """Do again the step that was taken back last; None if there is none, or a new step came after it.

        Raises:
            RuleError: If that is no longer possible; the step is skipped, and nothing is changed.
            ProjectError: If the project cannot be written.
        """
        from annotations.store.writing import redo_command  # noqa: PLC0415  # not needed to read with

        return redo_command(self.project, self.annotator.id)

    def progress(self, thread_id: int) -> Progress:
        """Return how far the annotator has come in a thread; cheap enough to ask after every key.

        Raises:
            UnknownNameError: If there is no such thread.
        """
        return self._progress.count(thread_id)

    def mark_read(self, post_ids: Iterable[int]) -> None:
        """Remember that posts were read; not part of undo. A project open for reading only remembers nothing."""
        if not self.project.is_read_only:
            reading.mark_read(self.project, self.annotator.id, post_ids)

    def mark_unread(self, post_ids: Iterable[int]) -> None:
        """Forget that posts were read; as `mark_read`."""
        if not self.project.is_read_only:
            reading.mark_unread(self.project, self.annotator.id, post_ids)

    def save_place(self, thread_id: int, place: Mapping[str, object]) -> None:
        """Remember where the annotator is in a thread, as JSON values; as `mark_read`."""
        if not self.project.is_read_only:
            reading.save_place(self.project, thread_id, self.annotator.id, place)

    def load_place(self, thread_id: int) -> dict[str, object] | None:
        """Return where the annotator was in a thread, None if never there."""
        return reading.load_place(self.project, thread_id, self.annotator.id)

    def follow(self, author: str, *, is_followed: bool = True) -> None:
        """Follow an author in this project, or no longer; kept across restarts, not part of undo.

        Raises:
            ProjectError: If the project cannot be written.
        """
        from annotations.store import authors  # noqa: PLC0415  # loaded on use

        authors.follow(self.project, self.annotator.id, author, is_followed=is_followed)

    def save_visit(self, thread_id: int, *, known: int, seen: int) -> None:
        """Remember which revision of a thread the annotator knew, and has looked at since; as `mark_read`."""
        if not self.project.is_read_only:
            from annotations.store import visits  # noqa: PLC0415  # loaded on use

            visits.save_visit(self.project, thread_id, self.annotator.id, known=known, seen=seen)

    def _new_step(self) -> Step:
        from annotations.step import Step  # noqa: PLC0415  # not needed to read with

        return Step(self.project, self.annotator, self.codebook)

    @contextmanager
    def _step(self) -> Iterator[Step]:
        """Open a transaction for a step that needs the codebook in the project."""
        from annotations.store import rows  # noqa: PLC0415  # not needed to read with

        if rows.codebook_version_id(self.project, self.codebook.sha256) is None:
            from annotations.store.codebooks import apply_codebook  # noqa: PLC0415  # once in a project's life

            apply_codebook(self.project, self.codebook)
        with self.project.transaction():
            yield self._new_step()
