"""The reader's actions on what is said beside a label: attributes, notes on annotations, notes on posts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from annotations.errors import PostilError
from tui.screens.reader_hints import ReaderHints

if TYPE_CHECKING:
    from annotations.codebook import Label
    from annotations.model import Annotation
    from annotations.store.writing import Change
    from tui.screens.annotation_editor import Edit


class ReaderValues(ReaderHints):
    """Attributes and notes."""

    def action_edit_annotation(self) -> None:
        """Edit the attributes and the note of the annotation under the cursor; where there is none, the post's note."""
        annotation = self.inspected
        if annotation is None:
            self.action_note_post()
        else:
            self._edit(annotation)

    def ask_for_values(self, label: Label, change: Change) -> None:
        """Ask for what an annotation that was just put must say, if its label requires something."""
        if any(attribute.is_required for attribute in label.attributes):
            for annotation in change.added:
                if annotation.label == label.id:
                    self._edit(annotation)

    def _edit(self, annotation: Annotation) -> None:
        from tui.screens.annotation_editor import AnnotationEditor  # noqa: PLC0415  # loaded on use

        words = self.thread_source.words
        try:
            attributes = self.session.codebook.label(annotation.label).attributes
        except PostilError:  # the codebook no longer has the label: what it says stays, and a note can be written
            attributes = ()

        def take(edit: Edit | None) -> None:
            if edit is None:
                return
            values = edit.attributes if attributes else None
            try:
                self.take_change(self.session.change(annotation.id, note=edit.note, attributes=values))
            except PostilError as error:
                self.complain(error)
                return
            self.show_status()

        self.app.push_screen(AnnotationEditor(annotation, words.label(annotation.label)[0], attributes), take)

    def action_note_post(self) -> None:
        """Write a note on the post in focus."""
        from tui.screens.note_editor import NoteEditor  # noqa: PLC0415  # loaded on use

        pane = self.pane
        if pane.outline is None:
            return
        view = pane.view_of(pane.position)

        def take(note: str | None) -> None:
            if note is None:
                return
            try:
                self.take_change(self.session.note(view.post.id, note))
            except PostilError as error:
                self.complain(error)
                return
            self.show_status()

        name = "the article" if pane is self.article else f"comment {view.post.key}"
        self.app.push_screen(NoteEditor(name, view.remark), take)
