"""What Postil keeps beside a document of another tool, brought back: `annotations.exporters.documents.companion` says how it looks.

An annotation that still stands in the document as it was written comes back with all that is known of it. One that was changed
there comes as it is now, one that was taken off does not come back, and one that is new comes like any other.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from annotations.importers.labeled.documents import as_name, as_value
from annotations.importers.labeled.kept_records import KeptRecords
from annotations.importers.labeled.postil_records import GivenRecords, kind_of
from annotations.importers.reading.json_fields import records_in
from annotations.model import GivenLabel, MarkKind, Scope

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from annotations.importers.labeled.documents import Document
    from annotations.importers.labeled.kept_records import End, Kept
    from annotations.model import GivenAnnotation, GivenMark
    from annotations.sources.source import Source

_MARKS = {kind.value: kind for kind in MarkKind}


class Returning:
    """What is kept of one document.

    Args:
        source: Cleans, and is told what does not fit.
        member: The record that is kept beside the document.
        key_of: Returns the key of an annotation by its id in the document, and by its scope there.
    """

    def __init__(
        self, source: Source, member: Mapping[str, object], key_of: Callable[[str, Scope], str] = lambda key, _: key
    ) -> None:
        self._source = source
        self._member = member
        self._annotator = as_name(source, member.get("annotator")) or None
        self._kind = kind_of(member.get("annotator_kind"))
        self._kept = KeptRecords(source, member, key_of)
        self._types = self._named(member, "types")
        self._attributes = self._named(member, "attributes")
        values = member.get("values")
        self._values = {name: self._named(values, name) for name in values} if isinstance(values, dict) else {}
        anchors = member.get("anchors")
        self._anchors = frozenset(anchors.values() if isinstance(anchors, dict) else ())
        self._ends: dict[str, End] = {}
        """Where relations of the document that start or end at what has a key are tied to."""

    def bring_back(self, document: Document) -> None:
        """Put what is kept in place of what the document says, as far as it says the same."""
        document.annotations = self.annotations(document.annotations)
        document.marks = [*document.marks, *self.marks()]
        document.labels = (*document.labels, *self.labels())

    def marks(self) -> list[GivenMark]:
        """Return the notes on posts, reviews and flags that are kept."""
        given = GivenRecords(self._source)
        entries = self._member.get("marks")
        marks = records_in(self._source, entries if isinstance(entries, list) else [], "marks")
        kinds = [{"name": each.get("annotator"), "kind": each.get("annotator_kind")} for each in (self._member, *marks)]
        given.know_annotators([each for each in kinds if each["name"]])
        for each in marks:
            kind = _MARKS.get(str(each.get("kind")))
            if kind is not None:
                post, annotator = as_name(self._source, each.get("post")), each.get("annotator") or self._annotator
                given.mark(kind, post, annotator, each.get("note"), each.get("written_at"))
        return given.marks

    def labels(self) -> list[GivenLabel]:
        """Return how the labels are called that were put."""
        labels: dict[tuple[str, Scope], GivenLabel] = {}
        for kept in self._kept.every:
            name = as_name(self._source, kept.record.get("label_name"))
            if kept.label and name and not kept.record.get("put_as"):
                labels.setdefault((kept.label, kept.scope), GivenLabel(name=name, id=kept.label, scope=kept.scope))
        return list(labels.values())

    def annotations(self, found: Iterable[GivenAnnotation]) -> list[GivenAnnotation]:
        """Return what the document says, put on its posts already, with what is kept of it, and what only is kept."""
        result: list[GivenAnnotation] = []
        ties: list[GivenAnnotation] = []
        for given in found:
            if given.scope is Scope.RELATION:
                ties.append(given)
            elif given.span is None and given.label in self._anchors:
                self._ends[given.key] = ("", given.post)
            else:
                result += self._place(given)
        absent = [kept for kept in self._kept.every if not kept.key]
        for kept in absent:
            if kept.scope is not Scope.RELATION:
                result += self._kept.restored(kept)
        result += [self._tie(given) for given in ties]
        for kept in absent:
            if kept.scope is Scope.RELATION:
                ends = [self._kept.own_end(kept, number)[:2] for number in (0, 1)]
                result += [_tied(restored, ends[0], ends[1]) for restored in self._kept.restored(kept)]
        return result

    def _place(self, given: GivenAnnotation) -> list[GivenAnnotation]:
        """Return what is known of an annotation of the document; nothing if it only follows from another."""
        kept = self._kept.find(given, self._label(given))
        if kept is None:
            return [self._as_it_is(given)]
        restored = [self._with_changes(kept, each, given) for each in self._kept.restored(kept, given.key)]
        for each in restored:
            self._ends[given.key] = (each.key, each.post)
        return restored

    def _tie(self, given: GivenAnnotation) -> GivenAnnotation:
        """Return what is known of a relation of the document."""
        start = self._ends.get(given.from_key, (given.from_key, given.post))
        end = self._ends.get(given.to_key, (given.to_key, given.to_post))
        kept = self._kept.find_relation(given, self._label(given), (start, end))
        restored = [] if kept is None else list(self._kept.restored(kept, given.key))
        if kept is None or not restored:
            return _tied(self._as_it_is(given), start, end)
        (from_key, post, _), (to_key, to_post, _) = (self._kept.own_end(kept, number) for number in (0, 1))
        own = (start[0] or from_key, post), (end[0] or to_key, to_post)
        return _tied(self._with_changes(kept, restored[0], given), *own)

    def _with_changes(self, kept: Kept, restored: GivenAnnotation, given: GivenAnnotation) -> GivenAnnotation:
        """Return what is kept, with the note and the attributes of the document if these are no longer what they were."""
        said = kept.record.get("told")
        told = said if isinstance(said, dict) else {}
        if (given.note, dict(given.attributes)) == (told.get("note", ""), told.get("attributes", {})):
            return restored
        changed = self._as_it_is(given)
        return replace(restored, key=given.key, note=changed.note, attributes=changed.attributes)

    def _as_it_is(self, given: GivenAnnotation) -> GivenAnnotation:
        """Return an annotation of the document in the words of the codebook."""
        named = {
            self._attributes.get(name, name): self._values.get(name, {}).get(str(value), value)
            for name, value in given.attributes.items()
        }
        found = replace(given, label=self._label(given), attributes=named)
        if self._annotator is None:
            return found
        return replace(found, annotator=self._annotator, annotator_kind=self._kind)

    def _label(self, given: GivenAnnotation) -> str:
        return self._types.get(given.label, given.label)

    def _named(self, member: Mapping[str, object], field: str) -> dict[str, str]:
        names = member.get(field)
        told = names.items() if isinstance(names, dict) else ()
        return {name: str(as_value(self._source, value) or name) for name, value in told}


def _tied(given: GivenAnnotation, start: End, end: End) -> GivenAnnotation:
    return replace(given, from_key=start[0], post=start[1], to_key=end[0], to_post=end[1])
