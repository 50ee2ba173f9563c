"""What one annotator has put on a thread as the lines of brat's annotation files.

Source: brat.nlplab.org/standoff.html. brat reads a line at a time and takes a text for several lines at every boundary of
`str.splitlines`: a span that reaches over one is written as several fragments, whose texts stand with a space between them.
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from annotations.exporters.documents.brat_types import plain
from annotations.exporters.documents.companion import Companion, Wording
from annotations.exporters.documents.deferred import Lookup, Objects, Part
from annotations.exporters.rows.telling import origin

if TYPE_CHECKING:
    from collections.abc import Iterator

    from annotations.exporters.choosing.selection import Selection
    from annotations.exporters.documents.brat_types import Types
    from annotations.exporters.documents.companion import Ending, Posts
    from annotations.exporters.documents.deferred import Deferred
    from annotations.exporters.documents.rendition import Rendition
    from annotations.exporters.documents.rendition_places import PlacedAnnotation, PlacedRelation, Section
    from annotations.model import Annotation


def wording(types: Types) -> Wording:
    """Return how the files say things."""
    return Wording(
        types=types.renamed,
        attributes=types.renamed_attributes,
        values=types.renamed_values,
        anchors=types.anchors,
    )


class StandoffLines:
    """The files of one annotator: the lines of one, and what is kept in the other; first all pieces of the thread are added.

    Args:
        rendition: The thread.
        selection: What is exported.
        types: What brat calls the labels.
        annotator: Whose files they are; None for those of nobody or of all.
        deferred: Where parts of the files wait.
    """

    def __init__(
        self, rendition: Rendition, selection: Selection, types: Types, annotator: str | None, deferred: Deferred
    ) -> None:
        self.rows = 0
        """Lines that were written so far."""
        self._rendition = rendition
        self._types = types
        self._kept = Companion(deferred, selection, wording(types), annotator)
        self._spans, self._details = Part(deferred), Part(deferred)
        self._relations, self._more = Part(deferred), Part(deferred)
        self._waiting = Objects(deferred)
        self._ends = Lookup(deferred, rendition.survey.ends)
        self._spans_told = self._relations_told = self._attributes = self._notes = 0

    def add(self, section: Section) -> None:
        """Take up what the annotator has put on a piece of the thread."""
        ids = [self._write_span(placed, section) for placed in section.placed]
        by_uuid: dict[str, str] = {}
        for placed, (key, _) in zip(section.placed, ids, strict=True):
            if key is not None and placed.annotation is not None and origin(placed.annotation)[0] is None:
                by_uuid.setdefault(placed.annotation.uuid, key)
        for placed, (key, place) in zip(section.placed, ids, strict=True):
            annotation = placed.annotation
            if annotation is None:
                continue
            told = None if key is None else self._write_details(self._details, annotation, key, by_uuid)
            if place:
                told = {**(told or {"note": "", "attributes": {}}), "place": place}
            self._kept.put(annotation, placed.scope, section.key, key, told)
        for relation in section.relations:
            self._waiting.append(relation)
        self._kept.add(section)

    def lines(self) -> Iterator[bytes]:
        """Yield the lines, some at a time; all pieces were added. What is kept is complete when they are at their end."""
        for relation in self._waiting:
            self._write_relation(relation)
        yield from chain(self._spans, self._details, self._relations, self._more)

    def kept(self, posts: Posts) -> Iterator[bytes]:
        """Yield what is kept beside the lines, as JSON; they were told before."""
        yield b'{"postil":'
        yield from self._kept.pieces(self._rendition.thread, posts)
        yield b"}\n"

    def _write_span(self, placed: PlacedAnnotation, section: Section) -> tuple[str | None, list[int]]:
        """Write what is placed; return its key, and where it is in the post if that is not quite its span.

        Without a key it is nothing but line breaks.
        """
        parts = list(fragments(section.text, placed.start - section.start, placed.end - section.start))
        annotation, before = placed.annotation, section.start
        key = f"T{self._spans_told + 1}" if parts else None
        if self._rendition.survey.is_end(placed.place):
            self._ends.put(placed.place, (key, "" if annotation is None else annotation.uuid, section.key))
        if key is None:
            return None, []
        self._spans_told += 1
        label = self._types.anchors[placed.scope] if annotation is None else self._types.of(annotation.label)
        places = ";".join(f"{start + before} {end + before}" for start, end in parts)
        words = " ".join([section.text[start:end] for start, end in parts])
        self._write(self._spans, f"{key}\t{label} {places}\t{words}\n")
        first, last = parts[0][0] + before, parts[-1][1] + before
        if annotation is None or section.block is None or (first, last) == (placed.start, placed.end):
            return key, []
        return key, [first - section.block.start, last - section.block.start]

    def _write_relation(self, relation: PlacedRelation) -> None:
        ends: tuple[Ending, Ending] = (self._ends[relation.source], self._ends[relation.target])
        key, told = None, None
        if ends[0][0] is not None and ends[1][0] is not None:
            self._relations_told += 1
            key = f"R{self._relations_told}"
            label = self._types.of(relation.annotation.label)
            self._write(self._relations, f"{key}\t{label} Arg1:{ends[0][0]} Arg2:{ends[1][0]}\n")
            told = self._write_details(self._more, relation.annotation, key, {})
        self._kept.tie(relation, ends, key, told)

    def _write_details(
        self, part: Part, annotation: Annotation, key: str, by_uuid: dict[str, str]
    ) -> dict[str, object] | None:
        """Write the attributes and the note of an annotation, and return what was written."""
        notes = [annotation.note] if annotation.note else []
        attributes: dict[str, str] = {}
        for id_, value in annotation.attributes.items():
            offered = self._types.attribute(annotation.label, id_, value)
            if offered is None:
                notes.append(f"{id_}: {plain(value)}")
                continue
            self._attributes += 1
            attributes[offered[0]] = offered[1]
            self._write(part, f"A{self._attributes}\t{offered[0]} {key} {offered[1]}\n")
        implied_by = origin(annotation)[0]
        if implied_by:
            notes.append(f"follows from {by_uuid.get(implied_by, implied_by)}")
        note = " ".join("\n".join(notes).splitlines())
        if note:
            self._notes += 1
            self._write(part, f"#{self._notes}\tAnnotatorNotes {key}\t{note}\n")
        return {"note": note, "attributes": attributes} if note or attributes else None

    def _write(self, part: Part, line: str) -> None:
        part.add(line.encode())
        self.rows += 1


def fragments(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield where the lines are of a stretch of text, without their ends; empty lines are none."""
    for line in text[start:end].splitlines(keepends=True):
        words = line.splitlines()[0]
        if words:
            yield start, start + len(words)
        start += len(line)
