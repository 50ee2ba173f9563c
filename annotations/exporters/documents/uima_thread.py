"""A thread as CASes: its text, which is in all of them, and what each annotator has put on it, made piece by piece."""

from __future__ import annotations

from typing import TYPE_CHECKING

from annotations.exporters.documents.deferred import Lookup, Objects
from annotations.exporters.documents.rendition_files import is_lost
from annotations.exporters.documents.uima_cas import SOFA_ID, post_structure, thread_structure
from annotations.exporters.documents.uima_files import Structures, Text
from annotations.exporters.writing.report import Tally
from annotations.model import Scope

if TYPE_CHECKING:
    from annotations.exporters.documents.deferred import Deferred
    from annotations.exporters.documents.rendition import Rendition
    from annotations.exporters.documents.rendition_places import Section
    from annotations.exporters.documents.uima_cas import Telling

FIRST_LABEL = SOFA_ID + 2
"""The id of the first label: behind the text and what is said of the document."""


class ThreadText:
    """The text of a thread with its posts, tokens and sentences.

    Args:
        rendition: The thread.
        deferred: Where it waits.
    """

    def __init__(self, rendition: Rendition, deferred: Deferred) -> None:
        self.tally = Tally()
        """What is lost in each CAS that has it."""
        self.text = Text(deferred, self.tally)
        self.length = 0
        """How long it is, in units of UTF-16."""
        self.posts = Structures(deferred, self.tally)
        """The thread, and its posts."""
        self.segments = Structures(deferred, self.tally)
        """The sentences and tokens."""
        self._rendition = rendition

    def add(self, section: Section, *, is_segmented: bool = True) -> None:
        """Take up the next piece of the thread."""
        self.text.add(section.text)
        self.length = section.units + section.length
        if section.block is None:
            self.posts.add(thread_structure(self._rendition.thread, section))
        else:
            self.posts.add(post_structure(section.block, section))
        if is_segmented:
            self.segments.add_segments(section)


class ThreadLabels:
    """What one annotator has put on a thread, or all have; first all pieces of the thread are added.

    Args:
        rendition: The thread.
        telling: Tells what it is.
        tally: Where it is counted what cannot be carried.
        deferred: Where it waits.
    """

    def __init__(self, rendition: Rendition, telling: Telling, tally: Tally, deferred: Deferred) -> None:
        self.labels = Structures(deferred, tally)
        """What is placed, and behind it the relations and what has no place; all are complete when `tie` was called."""
        self.marks = Structures(deferred, tally)
        """Notes on posts, reviews and flags."""
        self.relations, self.detached, self.untied = (Structures(deferred, tally) for _ in range(3))
        self._survey = rendition.survey
        self._telling = telling
        self._waiting = Objects(deferred)
        self._ends = Lookup(deferred, rendition.survey.ends)

    def add(self, section: Section) -> None:
        """Take up what the annotator has put on a piece of the thread."""
        for placed in section.placed:
            structure = self._telling.label(placed, section)
            if self._survey.is_end(placed.place):
                self._ends.put(placed.place, (FIRST_LABEL + self.labels.number, structure.begin, structure.end))
            self.labels.add(structure)
        for relation in section.relations:
            self._waiting.append(relation)
        for unplaced in section.unplaced:
            if not is_lost(unplaced):
                is_relation = unplaced.annotation.target.scope is Scope.RELATION
                (self.untied if is_relation else self.detached).add(self._telling.detached(unplaced, section))
        for mark in section.marks:
            self.marks.add(self._telling.mark(mark, section))

    def tie(self) -> None:
        """Write the relations; all pieces were added."""
        for relation in self._waiting:
            source, target = self._ends[relation.source][0], self._ends[relation.target]
            self.relations.add(self._telling.relation(relation, source, target))

    @property
    def groups(self) -> tuple[Structures, ...]:
        """What stands before the thread and its posts."""
        return self.labels, self.relations, self.detached, self.untied
