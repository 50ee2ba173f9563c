"""What is put on a thread as Label Studio's results: an annotation for each person, a prediction for each model.

A place in Paragraphs is the number of the paragraph, as a string, and offsets in it that count units of UTF-16. What is said of a
region has the region's id and place. Ids are the annotations' own.

Source: labelstud.io/guide/task_format; `web/libs/editor/src/regions/ParagraphsRegion.js` and `tags/object/Paragraphs` of
github.com/HumanSignal/label-studio, where `start` and `end` are strings.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from annotations.codebook_records import AttributeKind
from annotations.exporters.documents.companion import Companion, Wording
from annotations.exporters.documents.deferred import JsonList, Lookup, Objects
from annotations.exporters.documents.label_studio_config import NOTE, OBJECT, POST, SPAN, THREAD
from annotations.exporters.documents.taken import Taken
from annotations.exporters.documents.utf16 import Utf16
from annotations.exporters.rows.telling import origin
from annotations.model import Scope

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from annotations.codebook_records import Attribute
    from annotations.exporters.choosing.selection import Selection
    from annotations.exporters.documents.companion import Posts
    from annotations.exporters.documents.deferred import Deferred
    from annotations.exporters.documents.label_studio_config import Controls
    from annotations.exporters.documents.rendition import Rendition
    from annotations.exporters.documents.rendition_places import Block, PlacedAnnotation, PlacedRelation, Section
    from annotations.model import Annotation

SCORE = "score"
"""The attribute in which a model's confidence is, between 0 and 1."""


class Results:
    """The results of one annotator.

    Args:
        results: Themselves.
    """

    def __init__(self, results: JsonList) -> None:
        self.list = results
        """Themselves."""
        self.first: str | None = None
        """When the annotator has put the first of what is told, or changed it."""
        self.last: str | None = None
        """When the last."""
        self.scores: list[float] = [0.0, 0]
        """The sum of the confidence that was told, and how often it was."""

    def heed(self, annotation: Annotation) -> None:
        """Take note of when an annotation was put, and how sure its annotator was."""
        for time in (annotation.created_at, annotation.updated_at):
            self.first = time if self.first is None else min(self.first, time)
            self.last = time if self.last is None else max(self.last, time)
        score = annotation.attributes.get(SCORE)
        if isinstance(score, int | float) and 0 <= score <= 1:
            self.scores[0] += float(score)
            self.scores[1] += 1


class TaskResults:
    """The results of a thread; first all pieces of the thread are added.

    Args:
        rendition: The thread.
        selection: What is exported.
        controls: The labeling interface.
        deferred: Where they wait.
    """

    def __init__(self, rendition: Rendition, selection: Selection, controls: Controls, deferred: Deferred) -> None:
        self.wording = Wording(
            anchors={Scope.POST: controls.anchor}, has_offsets=False, more={"controls": controls.attributes}
        )
        """How the task says things."""
        self.results = {name: Results(JsonList(deferred, selection.tally)) for name in rendition.annotators}
        """The results of each annotator, by name."""
        self._rendition = rendition
        self._controls = controls
        self._kept = Companion(deferred, selection, self.wording, None)
        self._waiting = Objects(deferred)
        self._ends = Lookup(deferred, rendition.survey.ends)
        self._taken = Taken()
        self._choosers = 0

    def add(self, section: Section) -> None:
        """Take up what is put on a piece of the thread."""
        block = section.block
        if block is None:
            self._choose(section)
        else:
            utf16 = Utf16(block.post.text)
            for placed in section.placed:
                id_, told = self._write(placed, section, block, utf16)
                self._put(placed, section, id_, told)
        for relation in section.relations:
            self._waiting.append(relation)
        self._kept.add(section)

    def tie(self) -> None:
        """Write the relations; all pieces were added."""
        for relation in self._waiting:
            self._relate(relation)

    def kept(self, posts: Posts) -> Iterator[bytes]:
        """Yield what is kept beside the results, as JSON; relations are written."""
        return self._kept.pieces(self._rendition.thread, posts)

    def _put(
        self, placed: PlacedAnnotation, section: Section, id_: str | None, told: Mapping[str, object] | None
    ) -> None:
        """Take note of what was written, or of what has no place."""
        annotation = placed.annotation
        if annotation is not None:
            self.results[placed.annotator].heed(annotation)
            self._kept.put(annotation, placed.scope, section.key, id_, told)
        if self._rendition.survey.is_end(placed.place):
            self._ends.put(placed.place, (id_, "" if annotation is None else annotation.uuid, section.key))

    def _write(
        self, placed: PlacedAnnotation, section: Section, block: Block, utf16: Utf16
    ) -> tuple[str, Mapping[str, object] | None]:
        """Write what is placed on a post, and return its id and what is said of it."""
        annotation, is_span = placed.annotation, placed.scope is Scope.SPAN
        id_ = self._id(placed, block)
        start, end = (placed.start - block.start, placed.end - block.start) if is_span else (0, len(block.post.text))
        number = str(block.number)
        place = {"start": number, "end": number, "startOffset": utf16(start), "endOffset": utf16(end)}
        words = section.said(placed.start, placed.end) if is_span else block.post.text
        label = self._controls.anchor if annotation is None else annotation.label
        value = {**place, "text": words, "paragraphlabels": [label]}
        self._add(placed.annotator, id_, SPAN if is_span else POST, "paragraphlabels", value)
        return id_, None if annotation is None else self._write_details(annotation, id_, place)

    def _choose(self, section: Section) -> None:
        """Choose labels for the thread; those of one annotator are one result."""
        chosen: dict[str, tuple[str, list[str]]] = {}
        for placed in section.placed:
            key, annotation = None, placed.annotation
            if annotation is not None:
                if annotation.annotator not in chosen:
                    self._choosers += 1
                    chosen[annotation.annotator] = (self._free(f"thread-{self._choosers}"), [])
                id_, labels = chosen[annotation.annotator]
                labels.append(annotation.label)
                key = f"{id_}.{len(labels) - 1}" if len(labels) > 1 else id_
            self._put(placed, section, key, None)
        for annotator, (id_, labels) in chosen.items():
            self._add(annotator, id_, THREAD, "choices", {"choices": labels})

    def _relate(self, relation: PlacedRelation) -> None:
        """Write a relation; it is known by its ends and its label, as Label Studio gives relations no id."""
        ends = (self._ends[relation.source], self._ends[relation.target])
        (start, _, source), (end, _, target) = ends
        label = relation.annotation.label
        key = f"{start} {label} {end}"
        self.results[relation.annotator].heed(relation.annotation)
        is_told = None not in {start, end, source, target} and self._taken.take(key)
        if is_told:
            self.results[relation.annotator].list.append(
                {"type": "relation", "from_id": start, "to_id": end, "direction": "right", "labels": [label]}
            )
        self._kept.tie(relation, ends, key if is_told else None)

    def _write_details(
        self, annotation: Annotation, id_: str, place: Mapping[str, object]
    ) -> Mapping[str, object] | None:
        """Write the attributes and the note of a region, and return what was written."""
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
        return {"note": annotation.note, "attributes": attributes} if annotation.note or attributes else None

    def _add(self, annotator: str, id_: str, control: str, kind: str, value: Mapping[str, object]) -> None:
        self.results[annotator].list.append(
            {"id": id_, "from_name": control, "to_name": OBJECT, "type": kind, "value": value}
        )

    def _id(self, placed: PlacedAnnotation, block: Block) -> str:
        annotation = placed.annotation
        if annotation is None:
            return self._free(f"post-{block.number}")
        return self._free(annotation.uuid or f"{origin(annotation)[0] or 'region'}-{annotation.label}")

    def _free(self, id_: str) -> str:
        """Return an id that nothing else in the task has."""
        free, number = id_, 2
        while not self._taken.take(free):
            free, number = f"{id_}-{number}", number + 1
        return free


def _told(attribute: Attribute, value: str | float) -> tuple[str, object]:
    """Return how a value of an attribute is told; None if its control cannot have it."""
    if attribute.kind is AttributeKind.CHOICE:
        return "choices", [value] if value in attribute.choices else None
    if attribute.kind is AttributeKind.SCALE:
        return "number", value if isinstance(value, int | float) else None
    return "textarea", [str(value)] if str(value) else None
