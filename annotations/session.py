"""The session: what one annotator does in a project.

Each step is one transaction that holds the annotations, their events and the step's place on the undo stack; when a
method returns, what it did is on disk. Nothing is kept in memory that another terminal could make untrue.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from annotations.progress import Progress, ProgressCounter
from annotations.remembering import Remembering
from annotations.store.labels import work_on_post

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from annotations.codebook import Codebook, Label
    from annotations.model import Annotator, Scope, Target
    from annotations.span import Span
    from annotations.step import Step
    from annotations.store.project import Project
    from annotations.store.writing import Change

__all__ = ["LabelingSession", "Progress"]


class LabelingSession(Remembering):
    """What one annotator does in a project with one codebook.

    Args:
        project: The project; the session belongs to the thread that opened it.
        annotator: Who labels, as `project.annotator` returns it.
        codebook: The labels and their rules; the project gets it with the first label that is put.
    """

    def __init__(self, project: Project, annotator: Annotator, codebook: Codebook) -> None:
        super().__init__(project, annotator)
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

    def create_label(self, name: str, scope: Scope) -> Label:
        """Add a label to the codebook while labeling, if that is open, and return it; the session goes on with both.

        Raises:
            RuleError: If the codebook is not open, there is such a label already, or the name cannot be one.
            ProjectError: If the project cannot be written.
        """
        from annotations import codebook_editing  # noqa: PLC0415  # not needed to read with
        from annotations.store.codebooks import change_codebook  # noqa: PLC0415  # not needed to read with

        def edit(codebook: Codebook) -> Codebook:
            codebook_editing.check_open(codebook)
            return codebook_editing.with_new_label(codebook, name, scope)

        self.codebook = change_codebook(self.project, edit)
        return self.codebook.labels[-1]

    def relabel(self, old: str, new: str) -> Change:
        """Put a label in the place of another in all that the annotator has put, in one step.

        See `annotations.relabeling.relabel`.

        Raises:
            RuleError: If the new label is retired, unknown or of another scope, or there is nothing to do.
            ProjectError: If the project cannot be written.
        """
        from annotations.relabeling import relabel  # noqa: PLC0415  # not needed to read with

        return relabel(self.project, self.annotator, self.codebook, old, new)

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

    def note(self, post_id: int, note: str) -> Change:
        """Write a note on a post as a whole, another in its stead, or take it away with "".

        White space around it is left out. Each annotator has one note on a post.

        Raises:
            UnknownNameError: If there is no such post.
            RuleError: If the note holds characters that no dataset can carry.
            ProjectError: If the project cannot be written.
        """
        from annotations.rules import checked_text  # noqa: PLC0415  # not needed to read with

        note = checked_text(note, "The note").strip()
        with self.project.transaction():
            return self._new_step().note(post_id, note)

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

    def flag(self, post_id: int, *, is_flagged: bool | None = None) -> Change:
        """Flag a post to come back to it, or take the flag off; None turns it round.

        Raises:
            UnknownNameError: If there is no such post.
            ProjectError: If the project cannot be written.
        """
        with self.project.transaction():
            return self._new_step().flag(post_id, is_flagged=is_flagged)

    def is_reviewed(self, post_id: int) -> bool:
        """Tell whether the annotator has said that a post is done."""
        return work_on_post(self.project, post_id, self.annotator.id)[2]

    def undo(self) -> Change | None:
        """Take back the annotator's last step that stands, also one of an earlier day; None if there is none.

        Raises:
            RuleError: If what it did no longer stands; the step is skipped, and nothing is changed.
            ProjectError: If the project cannot be written.
        """
        from annotations.store.undoing import undo_command  # noqa: PLC0415  # not needed to read with

        return undo_command(self.project, self.annotator.id, self.annotator.adjudicator_id)

    def revert_size(self, most: int, *, is_redo: bool = False) -> int:
        """Return how many things the step did that `undo` (or `redo`) would revert: `most` at most; 0 for no step."""
        from annotations.store.undoing import revert_size  # noqa: PLC0415  # not needed to read with

        return revert_size(self.project, self.annotator.id, most, is_redo=is_redo)

    def redo(self) -> Change | None:
        """Do again the step that was taken back last; None if there is none, or a new step came after it.

        Raises:
            RuleError: If that is no longer possible; the step is skipped, and nothing is changed.
            ProjectError: If the project cannot be written.
        """
        from annotations.store.undoing import redo_command  # noqa: PLC0415  # not needed to read with

        return redo_command(self.project, self.annotator.id, self.annotator.adjudicator_id)

    def restore(self, event_id: int) -> Change:
        """Bring back an annotation, a review, a note or a flag as an event of the history left it, as a new step.

        Where the event took something off, what was there before comes back.

        Args:
            event_id: The row of the event.

        Raises:
            RuleError: If it is another annotator's, its words or what it hangs on are gone, or its place is taken.
            ProjectError: If the project cannot be written.
        """
        from annotations.restoring import Restoring  # noqa: PLC0415  # not needed to read with

        with self.project.transaction():
            return Restoring(self.project, self.annotator, self.codebook).restore(event_id)

    def progress(self, thread_id: int) -> Progress:
        """Return how far the annotator has come in a thread; cheap enough to ask after every key.

        Raises:
            UnknownNameError: If there is no such thread.
        """
        return self._progress.count(thread_id)

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
