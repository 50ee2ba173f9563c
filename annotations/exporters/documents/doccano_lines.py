"""A thread as a line of doccano's JSON Lines, made piece by piece."""

from __future__ import annotations

from typing import TYPE_CHECKING

from annotations.exporters.documents.companion import MEMBER, Companion, Posts, Wording
from annotations.exporters.documents.deferred import JsonList, Lookup, Objects, Part
from annotations.exporters.documents.rendition_files import anchor_names, sound_json
from annotations.exporters.writing.report import Tally

if TYPE_CHECKING:
    from collections.abc import Iterator

    from annotations.exporters.choosing.selection import Selection
    from annotations.exporters.documents.companion import Ending
    from annotations.exporters.documents.deferred import Deferred
    from annotations.exporters.documents.rendition import Rendition
    from annotations.exporters.documents.rendition_places import Section


class Shared:
    """What the lines of a thread have in common, whoever has put what: its text, and where its posts are.

    Args:
        selection: What is exported.
        deferred: Where it waits.
    """

    def __init__(self, selection: Selection, deferred: Deferred) -> None:
        self.deferred = deferred
        """Where it waits."""
        self.wording = Wording(anchors=anchor_names(selection), is_utf16=True)
        """How the lines say things."""
        self.tally = Tally()
        """What is lost in each of the lines."""
        self.text = Part(deferred)
        """The text as it stands in JSON, without quotation marks."""
        self.posts = Posts(deferred, self.wording, self.tally)
        """Where the posts are."""

    def add(self, section: Section) -> None:
        """Take up the next piece of the thread."""
        self.text.add(sound_json(section.text, self.tally)[1:-1])
        self.posts.add(section)


class DoccanoLine:
    """A thread with what one annotator has put on it; first all pieces of the thread are added.

    Args:
        rendition: The thread.
        selection: What is exported.
        annotator: Whose line it is; None for that of nobody or of all.
        shared: What it has in common with the others.
    """

    def __init__(self, rendition: Rendition, selection: Selection, annotator: str | None, shared: Shared) -> None:
        deferred = shared.deferred
        self._rendition = rendition
        self._tally = selection.tally
        self._shared = shared
        self._kept = Companion(deferred, selection, shared.wording, annotator)
        self._entities = JsonList(deferred, selection.tally)
        self._waiting = Objects(deferred)
        self._ends = Lookup(deferred, rendition.survey.ends)
        self._number = 0

    def add(self, section: Section) -> None:
        """Take up what the annotator has put on a piece of the thread."""
        for placed in section.placed:
            self._number += 1
            annotation, id_ = placed.annotation, str(self._number)
            self._entities.append(
                {
                    "id": self._number,
                    "label": self._shared.wording.anchors[placed.scope] if annotation is None else annotation.label,
                    "start_offset": section.utf16(placed.start),
                    "end_offset": section.utf16(placed.end),
                }
            )
            if annotation is not None:
                self._kept.put(annotation, placed.scope, section.key, id_)
            if self._rendition.survey.is_end(placed.place):
                self._ends.put(placed.place, (id_, "" if annotation is None else annotation.uuid, section.key))
        for relation in section.relations:
            self._waiting.append(relation)
        self._kept.add(section)

    def pieces(self) -> Iterator[bytes]:
        """Yield the line."""
        yield b'{"text":"'
        yield from self._shared.text
        yield b'","entities":['
        yield from self._entities
        yield b'],"relations":['
        relations = JsonList(self._shared.deferred, self._tally)
        for number, relation in enumerate(self._waiting, start=self._number + 1):
            ends: tuple[Ending, Ending] = (self._ends[relation.source], self._ends[relation.target])
            relations.append(
                {
                    "id": number,
                    "from_id": int(ends[0][0] or 0),
                    "to_id": int(ends[1][0] or 0),
                    "type": relation.annotation.label,
                }
            )
            self._kept.tie(relation, ends, str(number))
        yield from relations
        yield f'],"{MEMBER}":'.encode()
        yield from self._kept.pieces(self._rendition.thread, self._shared.posts)
        yield b"}\n"
