"""What is put on a thread as Label Studio's results: an annotation for each person, a prediction for each model.

A place in Paragraphs is the number of the paragraph, as a string, and offsets in it that count units of UTF-16. What is said of a
region has the region's id and place. Ids are the annotations' own.

Source: labelstud.io/guide/task_format; `web/libs/editor/src/regions/ParagraphsRegion.js` and `tags/object/Paragraphs` of
github.com/HumanSignal/label-studio, where `start` and `end` are strings.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from annotations.codebook_records import AttributeKind
from annotations.exporters.documents.companion import Written
from annotations.exporters.documents.label_studio_config import NOTE, OBJECT, POST, SPAN, THREAD
from annotations.exporters.documents.utf16 import Utf16
from annotations.exporters.rows.telling import origin
from annotations.model import Scope

if TYPE_CHECKING:
    from collections.abc import Mapping

    from annotations.codebook_records import Attribute
    from annotations.exporters.documents.label_studio_config import Controls
    from annotations.exporters.documents.rendition import Rendition
    from annotations.exporters.documents.rendition_places import PlacedAnnotation
    from annotations.model import Annotation

SCORE = "score"
"""The attribute in which a model's confidence is, between 0 and 1."""


class TaskResults:
    """The results of a thread.

    Args:
        rendition: The thread.
        controls: The labeling interface.
    """

    def __init__(self, rendition: Rendition, controls: Controls) -> None:
        self.results: dict[str, list[dict[str, object]]] = {}
        """The results of each annotator, by name."""
        self._rendition = rendition
        self._controls = controls
        self._utf16 = [Utf16(block.post.text) for block in rendition.blocks]
        self._told: dict[str, Mapping[str, object]] = {}
        self._taken: set[str] = set()
        self._choices: dict[str, tuple[dict[str, object], list[str]]] = {}
        self._placed_ids = [self._write(placed) for placed in rendition.placed]
        self._relation_ids = [self._relate(number) for number in range(len(rendition.relations))]

    @property
    def written(self) -> Written:
        """What of the thread the results have."""
        return Written(
            placed_ids=self._placed_ids,
            relation_ids=self._relation_ids,
            told=self._told,
            anchors={Scope.POST: self._controls.anchor},
            has_offsets=False,
        )

    def _write(self, placed: PlacedAnnotation) -> str | None:
        """Write what is placed, and return its id; None if there is no place for it."""
        annotation = placed.annotation
        if placed.block is None:
            return None if annotation is None else self._choose(annotation)
        id_ = self._id(placed)
        place = self._place(placed, placed.block)
        block = self._rendition.blocks[placed.block]
        is_span = placed.scope is Scope.SPAN
        words = self._rendition.text[placed.start : placed.end] if is_span else block.post.text
        label = self._controls.anchor if annotation is None else annotation.label
        value = {**place, "text": words, "paragraphlabels": [label]}
        self._add(placed.annotator, id_, SPAN if is_span else POST, "paragraphlabels", value)
        if annotation is not None:
            self._write_details(annotation, id_, place)
        return id_

    def _choose(self, annotation: Annotation) -> str:
        """Choose a label for the thread; those of one annotator are one result."""
        if annotation.annotator not in self._choices:
            id_ = self._free(f"thread-{len(self._choices) + 1}")
            chosen: list[str] = []
            value: dict[str, object] = {"choices": chosen}
            self._add(annotation.annotator, id_, THREAD, "choices", value)
            self._choices[annotation.annotator] = ({"id": id_}, chosen)
        result, chosen = self._choices[annotation.annotator]
        chosen.append(annotation.label)
        return f"{result['id']}.{len(chosen) - 1}" if len(chosen) > 1 else str(result["id"])

    def _relate(self, number: int) -> str | None:
        """Write a relation, and return what it is known by, as Label Studio gives relations no id."""
        relation = self._rendition.relations[number]
        start, end = self._placed_ids[relation.source], self._placed_ids[relation.target]
        if (
            start is None
            or end is None
            or any(self._rendition.placed[place].block is None for place in (relation.source, relation.target))
        ):
            return None
        label = relation.annotation.label
        key = f"{start} {label} {end}"
        if key in self._taken:
            return None
        self._taken.add(key)
        self.results.setdefault(relation.annotator, []).append(
            {"type": "relation", "from_id": start, "to_id": end, "direction": "right", "labels": [label]}
        )
        return key

    def _write_details(self, annotation: Annotation, id_: str, place: Mapping[str, object]) -> None:
        """Write the attributes and the note of a region."""
        attributes: dict[str, object] = {}
        for attribute_id, value in annotation.attributes.items():
            control = self._controls.attribute(annotation.label, attribute_id)
            if control is None:
                continue
            name, attribute = control
            kind, told = _told(attribute, value)
            if told is None:
                continue
            attributes[attribute_id] = value
            self._add(annotation.annotator, id_, name, kind, {**place, kind if kind != "textarea" else "text": told})
        if annotation.note:
            self._add(annotation.annotator, id_, NOTE, "textarea", {**place, "text": [annotation.note]})
        if annotation.note or attributes:
            self._told[id_] = {"note": annotation.note, "attributes": attributes}

    def _add(self, annotator: str, id_: str, control: str, kind: str, value: Mapping[str, object]) -> None:
        self.results.setdefault(annotator, []).append(
            {"id": id_, "from_name": control, "to_name": OBJECT, "type": kind, "value": value}
        )

    def _place(self, placed: PlacedAnnotation, block: int) -> dict[str, object]:
        text_start, utf16 = self._rendition.blocks[block].start, self._utf16[block]
        start, end = placed.start - text_start, placed.end - text_start
        if placed.scope is not Scope.SPAN:
            start, end = 0, len(self._rendition.blocks[block].post.text)
        return {"start": str(block), "end": str(block), "startOffset": utf16(start), "endOffset": utf16(end)}

    def _id(self, placed: PlacedAnnotation) -> str:
        annotation = placed.annotation
        if annotation is None:
            return self._free(f"post-{placed.block}")
        return self._free(annotation.uuid or f"{origin(annotation)[0] or 'region'}-{annotation.label}")

    def _free(self, id_: str) -> str:
        """Return an id that nothing else in the task has."""
        free, number = id_, 2
        while free in self._taken:
            free, number = f"{id_}-{number}", number + 1
        self._taken.add(free)
        return free


def _told(attribute: Attribute, value: str | float) -> tuple[str, object]:
    """Return how a value of an attribute is told; None if its control cannot have it."""
    if attribute.kind is AttributeKind.CHOICE:
        return "choices", [value] if value in attribute.choices else None
    if attribute.kind is AttributeKind.SCALE:
        return "number", value if isinstance(value, int | float) else None
    return "textarea", [str(value)] if str(value) else None
