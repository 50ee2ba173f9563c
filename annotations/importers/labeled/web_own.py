"""Web Annotations that Postil wrote: what they say beside the model is in their member `postil`.

`annotations.exporters.web_annotation` says what that is. The place, the quote, the note, the creator and the times are read from
the model's own members; the label, the post and what a relation is tied to from `postil`.
"""

from __future__ import annotations

from collections.abc import Sequence  # noqa: TC003  # msgspec reads the types of fields
from typing import TYPE_CHECKING

from msgspec import Struct, field

from annotations.importers.labeled.documents import as_name
from annotations.importers.labeled.postil_records import GivenRecords
from annotations.importers.reading.json_fields import Record
from annotations.importers.reading.stored_list import as_list, is_list
from annotations.model import AnnotatorKind, MarkKind, Scope

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from annotations.sources.source import Source

_MEMBER = "postil"
_KINDS = {"Software": AnnotatorKind.MODEL.value, "Organization": AnnotatorKind.GOLD.value}
_DEEPEST = 100


class Collected(Struct):
    """What a collection says beside its annotations.

    Args:
        threads: Lists of threads with their texts, as the exporter writes them; they may be on the disk.
        annotators: The annotators, with their kinds.
        labels: The labels of the schemes to which the collection conforms, as `GivenRecords.describe_labels` takes them.
    """

    threads: list[Sequence[object]] = field(default_factory=list)
    annotators: list[object] = field(default_factory=list)
    labels: list[object] = field(default_factory=list)

    def see(self, collection: Mapping[str, object]) -> None:
        """Take what a collection says."""
        own = collection.get(_MEMBER)
        if isinstance(own, dict) and is_list(own.get("threads")):
            self.threads.append(as_list(own["threads"]))
            self.annotators += _listed(own.get("annotators"))
            scheme = collection.get("conformsTo")
            if isinstance(scheme, dict):
                self.labels += _concepts(scheme)

    def each_thread(self) -> Iterator[object]:
        """Yield the threads."""
        for threads in self.threads:
            yield from threads


def _concepts(scheme: Mapping[str, object]) -> Iterator[object]:
    """Yield the concepts of a SKOS scheme as labels, the wider ones first, in the order of the scheme."""
    waiting = [(each, 0) for each in reversed(_listed(scheme.get("skos:hasTopConcept")))]
    while waiting:
        concept, depth = waiting.pop()
        if not isinstance(concept, dict) or depth > _DEEPEST:
            continue
        own = concept.get(_MEMBER)
        yield {
            **(own if isinstance(own, dict) else {}),
            "id": concept.get("skos:notation"),
            "name": concept.get("skos:prefLabel"),
            "description": concept.get("skos:definition"),
        }
        waiting += [(each, depth + 1) for each in reversed(_listed(concept.get("skos:narrower")))]


def own_thread(record: Record) -> str:
    """Return the key of the thread that an annotation of Postil's is in; "" for anybody else's."""
    own = record.peek(_MEMBER)
    return as_name(record.source, own.get("thread")) if isinstance(own, dict) else ""


def without_own(record: Record) -> Record:
    """Return an annotation of Postil's as anybody's: without the concepts, whose names say nothing without their scheme."""
    bodies = [
        each
        for each in _listed(record.peek("body"))
        if not (isinstance(each, dict) and each.get("purpose") == "classifying" and "value" not in each)
    ]
    fields = {name: value for name, value in record.fields.items() if name != _MEMBER}
    return Record(record.source, {**fields, "body": bodies}, record.where)


class OwnAnnotations:
    """What Postil's annotations put on the posts of one thread.

    Args:
        source: Cleans, and is told what does not fit.
        collected: What the collection says.
    """

    def __init__(self, source: Source, collected: Collected) -> None:
        self.given = GivenRecords(source)
        self.given.describe_labels(collected.labels)
        self.given.know_annotators(collected.annotators)
        self._source = source

    def add(self, record: Record) -> None:
        """Add an annotation, or a note on a post."""
        source, own = self._source, record.child(_MEMBER)
        post = as_name(source, own.peek("post")) or None
        creator = record.peek("creator")
        creator = creator if isinstance(creator, dict) else {}
        notes = [each.get("value") for each in _bodies(record) if each.get("purpose") == "commenting"]
        note = next((each for each in notes if isinstance(each, str)), "")
        if own.peek("mark") == MarkKind.NOTE.value and post is not None:
            self.given.mark(MarkKind.NOTE, post, creator.get("name"), note, record.peek("created"))
            return
        try:
            scope = Scope(str(own.peek("scope")))
        except ValueError:
            source.problems.add("has a scope that is none", record.where, "it was left out")
            return
        fields: dict[str, object] = {
            **own.fields,
            **(_place(record.peek("target")) if scope is Scope.SPAN else {}),
            "annotation": own.peek("annotation") or as_name(source, record.peek("id")).removeprefix("urn:uuid:"),
            "annotator": creator.get("name"),
            "annotator_kind": _KINDS.get(as_name(source, creator.get("type"))),
            "note": note,
            "created_at": record.peek("created"),
            "updated_at": record.peek("modified"),
        }
        ends: dict[str, object] = {}
        if scope is Scope.RELATION:
            ends = {
                "to_post": as_name(source, own.peek("to_post")) or None,
                "from_key": as_name(source, own.peek("from")),
                "to_key": as_name(source, own.peek("to")),
            }
        self.given.add(fields, scope, post, record.where, **ends)


def _place(target: object) -> dict[str, object]:
    """Return where a target says that a span is, and what it quotes."""
    selectors = _listed(target.get("selector")) if isinstance(target, dict) else []
    found = {str(each.get("type")): each for each in selectors if isinstance(each, dict)}
    placed, quoted = found.get("TextPositionSelector", {}), found.get("TextQuoteSelector", {})
    return {"start_char": placed.get("start"), "end_char": placed.get("end"), "quote": quoted.get("exact")}


def _bodies(record: Record) -> Iterator[Mapping[str, object]]:
    for each in _listed(record.peek("body")):
        if isinstance(each, dict):
            yield each


def _listed(value: object) -> list[object]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]
