"""The codebook as Label Studio's labeling interface.

Labels on spans and on posts are ParagraphLabels: a label on a post is put on the whole paragraph. Labels on the thread are Choices,
relations are Relations, attributes and notes are asked for a region that has the label.

Source: labelstud.io/tags (Paragraphs, ParagraphLabels, Relations, Choices, Number, TextArea).
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.sax.saxutils import quoteattr

from annotations.codebook_records import AttributeKind
from annotations.exporters.documents.label_looks import ground_colour
from annotations.exporters.documents.rendition_files import anchor_names
from annotations.model import Scope

if TYPE_CHECKING:
    from collections.abc import Iterator

    from annotations.codebook_records import Attribute, Label
    from annotations.exporters.choosing.selection import Selection

SPAN, POST, THREAD, NOTE = "label", "post", "thread_label", "note"
"""The names of the controls."""

OBJECT = "thread"
"""The name of what is labeled, and of the data that holds it."""


class Controls:
    """The controls of a labeling interface.

    Args:
        selection: What is exported.
    """

    def __init__(self, selection: Selection) -> None:
        self._codebook = selection.codebook
        self.anchor = anchor_names(selection)[Scope.POST]
        self._known = {label.id for label in selection.codebook.labels}
        self._unknown = sorted(selection.label_names.keys() - self._known)
        taken = {SPAN, POST, THREAD, NOTE, OBJECT}
        self._attributes: dict[tuple[str, str], tuple[str, Attribute]] = {}
        for label in selection.codebook.labels:
            for attribute in label.attributes:
                name = f"{label.id}_{attribute.id}"
                while name in taken:
                    name += "_"
                taken.add(name)
                if label.scope in {Scope.SPAN, Scope.POST}:
                    self._attributes[label.id, attribute.id] = (name, attribute)

    @property
    def attributes(self) -> dict[str, str]:
        """The ids of attributes, by the names of their controls."""
        return {name: attribute.id for name, attribute in self._attributes.values()}

    def attribute(self, label: str, attribute: str) -> tuple[str, Attribute] | None:
        """Return the control of a label's attribute and the attribute, None if there is none."""
        return self._attributes.get((label, attribute))

    def config(self) -> str:
        """Return the labeling interface as XML."""
        return "\n".join(["<View>", *(f"  {line}" for line in self._lines()), "</View>", ""])

    def _lines(self) -> Iterator[str]:
        yield '<Header value="$title"/>'
        yield from self._labels(SPAN, Scope.SPAN, "On words")
        yield from self._labels(POST, Scope.POST, "On a whole post")
        yield from self._choices()
        yield "<Relations>"
        for label in self._codebook.of_scope(Scope.RELATION, with_retired=True):
            yield f"  <Relation value={quoteattr(label.id)} background={quoteattr(ground_colour(label))}/>"
        yield "</Relations>"
        for (label_id, _), (name, attribute) in self._attributes.items():
            label = self._codebook.label(label_id)
            yield from _attribute_control(label, name, attribute)
        yield (
            f'<TextArea name="{NOTE}" toName="{OBJECT}" perRegion="true" editable="true" maxSubmissions="1" '
            'placeholder="Note" rows="2"/>'
        )
        yield (
            f'<Paragraphs name="{OBJECT}" value="${OBJECT}" layout="dialogue" nameKey="header" textKey="text" '
            'granularity="symbol"/>'
        )

    def _labels(self, name: str, scope: Scope, heading: str) -> Iterator[str]:
        yield f'<Header value={quoteattr(heading)} size="5"/>'
        yield f'<ParagraphLabels name="{name}" toName="{OBJECT}" choice="multiple" showInline="true">'
        for label in self._codebook.of_scope(scope, with_retired=True):
            hint = " ".join(f"{label.name}: {label.description}".split()) if label.description else label.name
            yield (
                f"  <Label value={quoteattr(label.id)} background={quoteattr(ground_colour(label))} hint={quoteattr(hint)}/>"
            )
        for word in self._unknown:
            yield f'  <Label value={quoteattr(word)} background="#c9ced6"/>'
        if scope is Scope.POST:
            yield f'  <Label value={quoteattr(self.anchor)} background="#e4e4e4"/>'
        yield "</ParagraphLabels>"

    def _choices(self) -> Iterator[str]:
        labels = self._codebook.of_scope(Scope.THREAD, with_retired=True)
        words = [*((label.id, label.name) for label in labels), *((word, word) for word in self._unknown)]
        if not words:
            return
        yield '<Header value="On the thread" size="5"/>'
        yield f'<Choices name="{THREAD}" toName="{OBJECT}" choice="multiple" showInline="true">'
        for word, name in words:
            yield f"  <Choice value={quoteattr(word)} hint={quoteattr(name)}/>"
        yield "</Choices>"


def _attribute_control(label: Label, name: str, attribute: Attribute) -> Iterator[str]:
    """Yield what asks for an attribute, when a region with the label is selected."""
    control = SPAN if label.scope is Scope.SPAN else POST
    when = f'visibleWhen="region-selected" whenTagName="{control}" whenLabelValue={quoteattr(label.id)}'
    start = f'name={quoteattr(name)} toName="{OBJECT}" perRegion="true"'
    yield f"<View {when}>"
    yield f'  <Header value={quoteattr(attribute.name)} size="5"/>'
    if attribute.kind is AttributeKind.CHOICE:
        yield f'  <Choices {start} choice="single" showInline="true">'
        for choice in attribute.choices:
            yield f"    <Choice value={quoteattr(choice)}/>"
        yield "  </Choices>"
    elif attribute.kind is AttributeKind.SCALE:
        step = f' step="{attribute.step}"' if attribute.step else ""
        yield f'  <Number {start} min="{attribute.minimum}" max="{attribute.maximum}"{step}/>'
    else:
        yield f'  <TextArea {start} editable="true" maxSubmissions="1" rows="1"/>'
    yield "</View>"
