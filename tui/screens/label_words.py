"""What the reader says of labels: their names, and the chips and marks of what they are put on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from annotations.errors import RuleError
from annotations.store import codebooks
from tui.text.visible import one_line
from tui.widgets.post_view import Chip, SpanMark

if TYPE_CHECKING:
    from annotations.model import Annotation
    from annotations.session import LabelingSession


class LabelWords:
    """Names labels as the session's codebook calls them, or as they were called.

    Args:
        session: The annotator's session.
    """

    def __init__(self, session: LabelingSession) -> None:
        self._session = session
        self.project = session.project

    def label(self, label: str) -> tuple[str, str, str]:
        """Return the name, colour and sign of a label, also of one that the codebook no longer has."""
        try:
            found = self._session.codebook.label(label)
        except RuleError:
            name = self.former_name(label)
            return name, "grey", name[:1]
        return found.name, found.colour, found.key or found.name[:1]

    def former_name(self, label: str) -> str:
        """Return how a label that the codebook no longer has was called."""
        return codebooks.label_names(self.project).get(label, label)

    def values(self, annotation: Annotation) -> list[str]:
        """Return the values of an annotation's attributes in a few characters each, choices and words before numbers.

        A number alone would not say what it counts, so that the attribute's name stands before it.
        """
        try:
            attributes = {each.id: each for each in self._session.codebook.label(annotation.label).attributes}
        except RuleError:
            attributes = {}
        words, numbers = [], []
        for name, value in annotation.attributes.items():
            if isinstance(value, str):
                words.append(one_line(value))
            else:
                known = attributes.get(name)
                numbers.append(f"{one_line(known.name if known else name).lower()} {value:g}")
        return words + numbers

    def chip(self, annotation: Annotation) -> Chip:
        """Return the chip of a label of a post or a thread."""
        name, colour, sign = self.label(annotation.label)
        values = self.values(annotation)
        text = f"{name}: {', '.join(values)}" if values else name
        return Chip(text=f"{text} ✎" if annotation.note else text, colour=colour, key=sign, annotation=annotation.id)

    def mark(self, annotation: Annotation) -> SpanMark:
        """Return the mark of a labeled span."""
        name, colour, sign = self.label(annotation.label)
        span = annotation.target.span
        assert span is not None  # noqa: S101  # a span annotation has one
        return SpanMark(start=span.start, end=span.end, colour=colour, sign=sign, name=name, annotation=annotation.id)
