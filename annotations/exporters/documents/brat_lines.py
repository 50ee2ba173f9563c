"""What one annotator has put on a thread as the lines of brat's annotation files.

Source: brat.nlplab.org/standoff.html. brat reads a line at a time and takes a text for several lines at every boundary of
`str.splitlines`: a span that reaches over one is written as several fragments, whose texts stand with a space between them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from annotations.exporters.documents.brat_types import plain
from annotations.exporters.documents.companion import Written
from annotations.exporters.rows.telling import origin

if TYPE_CHECKING:
    from collections.abc import Iterator

    from annotations.exporters.documents.brat_types import Types
    from annotations.exporters.documents.rendition import Rendition
    from annotations.model import Annotation


class StandoffLines:
    """The lines of one annotator's file.

    Args:
        rendition: The thread, with what the annotator has put on it.
        types: What brat calls the labels.
    """

    def __init__(self, rendition: Rendition, types: Types) -> None:
        self.lines: list[str] = []
        self._rendition = rendition
        self._types = types
        self._told: dict[str, dict[str, object]] = {}
        self._places: dict[str, list[int]] = {}
        self._attributes = self._notes = 0
        self._placed_ids: list[str | None] = []
        self._relation_ids: list[str | None] = []
        self._by_uuid: dict[str, str] = {}
        self._write_spans()
        self._write_relations()

    @property
    def written(self) -> Written:
        """What of the thread the lines have."""
        types = self._types
        return Written(
            placed_ids=self._placed_ids,
            relation_ids=self._relation_ids,
            told=self._told,
            types=types.renamed,
            attributes=types.renamed_attributes,
            values=types.renamed_values,
            anchors=types.anchors,
        )

    def _write_spans(self) -> None:
        number = 0
        details: list[tuple[Annotation, str]] = []
        for placed in self._rendition.placed:
            parts = list(fragments(self._rendition.text, placed.start, placed.end))
            if not parts:  # nothing but line breaks
                self._placed_ids.append(None)
                continue
            number += 1
            key = f"T{number}"
            self._placed_ids.append(key)
            annotation = placed.annotation
            label = self._types.anchors[placed.scope] if annotation is None else self._types.of(annotation.label)
            places = ";".join(f"{start} {end}" for start, end in parts)
            words = " ".join(self._rendition.text[start:end] for start, end in parts)
            self.lines.append(f"{key}\t{label} {places}\t{words}")
            if annotation is not None:
                details.append((annotation, key))
                if placed.block is not None and (parts[0][0], parts[-1][1]) != (placed.start, placed.end):
                    before = self._rendition.blocks[placed.block].start
                    self._places[key] = [parts[0][0] - before, parts[-1][1] - before]
                if origin(annotation)[0] is None:
                    self._by_uuid.setdefault(annotation.uuid, key)
        for annotation, key in details:
            self._write_details(annotation, key)

    def _write_relations(self) -> None:
        details: list[tuple[Annotation, str]] = []
        for relation in self._rendition.relations:
            ends = self._placed_ids[relation.source], self._placed_ids[relation.target]
            if None in ends:
                self._relation_ids.append(None)
                continue
            key = f"R{len(details) + 1}"
            self._relation_ids.append(key)
            details.append((relation.annotation, key))
            label = self._types.of(relation.annotation.label)
            self.lines.append(f"{key}\t{label} Arg1:{ends[0]} Arg2:{ends[1]}")
        for annotation, key in details:
            self._write_details(annotation, key)

    def _write_details(self, annotation: Annotation, key: str) -> None:
        """Write the attributes and the note of an annotation."""
        notes = [annotation.note] if annotation.note else []
        attributes: dict[str, str] = {}
        for id_, value in annotation.attributes.items():
            offered = self._types.attribute(annotation.label, id_, value)
            if offered is None:
                notes.append(f"{id_}: {plain(value)}")
                continue
            self._attributes += 1
            attributes[offered[0]] = offered[1]
            self.lines.append(f"A{self._attributes}\t{offered[0]} {key} {offered[1]}")
        implied_by = origin(annotation)[0]
        if implied_by:
            notes.append(f"follows from {self._by_uuid.get(implied_by, implied_by)}")
        note = " ".join("\n".join(notes).splitlines())
        if note:
            self._notes += 1
            self.lines.append(f"#{self._notes}\tAnnotatorNotes {key}\t{note}")
        if note or attributes or key in self._places:
            self._told[key] = {"note": note, "attributes": attributes}
            if key in self._places:
                self._told[key]["place"] = self._places[key]


def fragments(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield where the lines are of a stretch of text, without their ends; empty lines are none."""
    for line in text[start:end].splitlines(keepends=True):
        words = line.splitlines()[0]
        if words:
            yield start, start + len(words)
        start += len(line)
