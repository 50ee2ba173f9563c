"""What a tool's own format has no room for, kept beside it so that Postil finds it again: the member `postil` of a document.

It says where in the document each post is, and it has a record for each annotation, with the id that the annotation has in the
tool's format, or without one if it is not there at all (a detached span). `annotations.importers.labeled.returning` reads it: what still
stands in the tool as it was written comes back with all that the record says; what was changed or added there comes as it is.

    {"layout": 1, "thread": "ferry", "title": "Ferry to stop", "url": null, "annotator": "Ada", "annotator_kind": "person",
     "title_start": 2, "title_end": 15,
     "posts": [{"post": "0", "parent": null, "kind": "article", "author": "Desk", "created_at": null,
                "header_start": 19, "header_end": 37, "start": 38, "end": 83}],
     "annotations": [{"id": "T1", "label": "claim", "scope": "span", "post": "0", "start_char": 4, "end_char": 9, …}],
     "anchors": {"post": "Post", "thread": "Thread"}, "marks": [{"kind": "review", "post": "0"}], "types": {}, "attributes": {},
     "values": {}}

`start`, `end` and the rest of a post are code points of the document, or units of UTF-16 as `offsets` says;
`start_char` and `end_char` are code points of the post's text. `anchors` is what that is called which stands for a post
or the thread as a whole, for a relation's sake. `types` has the labels' ids by the names that the format gives them,
where these differ, `attributes` and `values` those of attributes and of their values. `told` in a record is what the
format itself says of its note, its attributes and its place. A record that is empty in some respect says nothing of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from annotations.exporters.documents.rendition_files import is_lost
from annotations.exporters.documents.utf16 import UTF_16, Utf16
from annotations.exporters.rows.telling import origin
from annotations.model import AnnotatorKind, Scope

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from annotations.exporters.choosing.selecting import Selection
    from annotations.exporters.documents.rendition import Block, Rendition
    from annotations.exporters.documents.rendition_places import PlacedAnnotation, PlacedRelation, Unplaced
    from annotations.model import Annotation
    from annotations.store.snapshot import End

LAYOUT = 1
MEMBER = "postil"
"""What the record is called in a document."""


class Written(Struct, frozen=True, kw_only=True):
    """What the document itself has of a thread.

    Args:
        placed_ids: What it calls each annotation that is placed; None for what it does not have.
        relation_ids: What it calls each relation; None for what it does not have.
        told: What it says of annotations, by their ids: `note`, `attributes`, and `place` (two offsets in the post's text) where that is
            not quite the span.
        types: The labels' ids by the names that the format gives them, where these differ.
        attributes: The attributes' ids by the names that the format gives them, where these differ.
        values: The values of attributes by what the format calls them, where these differ, by the format's names for attributes.
        anchors: What it calls that which stands for a post or a thread as a whole.
        has_offsets: Whether it is the rendition's text; else its posts are known by their keys.
        utf16: Turns offsets of the document into its own units, if these are those of UTF-16.
    """

    placed_ids: Sequence[str | None]
    relation_ids: Sequence[str | None]
    told: Mapping[str, Mapping[str, object]] = {}
    types: Mapping[str, str] = {}
    attributes: Mapping[str, str] = {}
    values: Mapping[str, Mapping[str, str]] = {}
    anchors: Mapping[Scope, str] = {}
    has_offsets: bool = True
    utf16: Utf16 | None = None

    def place(self, **offsets: int) -> dict[str, int]:
        """Return offsets of the document in its own units, by their names; none if it has none."""
        if not self.has_offsets:
            return {}
        return offsets if self.utf16 is None else {name: self.utf16(offset) for name, offset in offsets.items()}


def companion(
    rendition: Rendition, selection: Selection, written: Written, *, annotator: str | None = None
) -> dict[str, object]:
    """Return what is kept of a thread beside its document.

    Args:
        rendition: The thread; of one annotator, if the document is one annotator's.
        selection: What is exported.
        written: What the document itself has of it.
        annotator: Whose document it is; None for that of nobody or of all: then each record names its annotator.
    """
    thread = rendition.thread
    kinds = annotator_kinds(selection)
    found: dict[str, object] = {"layout": LAYOUT, "thread": thread.key, "title": thread.title, "url": thread.url}
    if annotator is not None:
        found |= {"annotator": annotator, "annotator_kind": kinds.get(annotator, AnnotatorKind.PERSON).value}
    if written.utf16 is not None:
        found["offsets"] = UTF_16
    found |= written.place(title_start=rendition.title_start, title_end=rendition.title_end)
    keys = [block.post.key for block in rendition.blocks]
    whose = None if annotator is not None else kinds
    return {
        **found,
        "posts": [_post(block, written) for block in rendition.blocks],
        "annotations": list(_records(rendition, selection, written, whose)),
        "anchors": {scope.value: name for scope, name in written.anchors.items()},
        "marks": list(_marks(rendition, keys, whose)),
        "types": dict(written.types),
        "attributes": dict(written.attributes),
        "values": {name: dict(values) for name, values in written.values.items()},
    }


def annotator_kinds(selection: Selection) -> dict[str, AnnotatorKind]:
    """Return for each annotator of the project, by name, whether it is a person or a model."""
    return {each.name: each.kind for each in selection.annotators.values()}


def _post(block: Block, written: Written) -> dict[str, object]:
    post = block.post
    found: dict[str, object] = {
        "post": post.key,
        "parent": post.parent,
        "kind": post.kind.value,
        "author": post.author,
        "created_at": post.created_at,
        **written.place(header_start=block.header_start, header_end=block.header_end, start=block.start, end=block.end),
    }
    if post.uncertain:
        found["uncertain"] = list(post.uncertain)
    if post.meta:
        found["meta"] = dict(post.meta)
    return found


def _records(
    rendition: Rendition, selection: Selection, written: Written, whose: Mapping[str, AnnotatorKind] | None
) -> Iterator[dict[str, object]]:
    """Yield a record for each annotation; `whose` is given if records name their annotators."""
    placed_ids, relation_ids = written.placed_ids, written.relation_ids

    def record(annotation: Annotation, scope: Scope, block: int | None, id_: str | None) -> dict[str, object]:
        found = _record(annotation, scope, selection)
        found |= {"post": None if block is None else rendition.blocks[block].post.key}
        if id_ is not None:
            found["id"] = id_
            if id_ in written.told:
                found["told"] = written.told[id_]
        if whose is not None:
            kind = whose.get(annotation.annotator, AnnotatorKind.PERSON)
            found |= {"annotator": annotation.annotator, "annotator_kind": kind.value}
        return found

    for placed, id_ in zip(rendition.placed, placed_ids, strict=True):
        if placed.annotation is not None:
            yield record(placed.annotation, placed.scope, placed.block, id_)
    for relation, id_ in zip(rendition.relations, relation_ids, strict=True):
        source, target = rendition.placed[relation.source], rendition.placed[relation.target]
        found = record(relation.annotation, Scope.RELATION, source.block, id_)
        found["to_post"] = None if target.block is None else rendition.blocks[target.block].post.key
        yield found | _ends(relation, (source, placed_ids[relation.source]), (target, placed_ids[relation.target]))
    for unplaced in rendition.unplaced:
        if not is_lost(unplaced):
            annotation = unplaced.annotation
            yield record(annotation, annotation.target.scope, unplaced.block, None) | _without_place(unplaced)


def _without_place(unplaced: Unplaced) -> dict[str, object]:
    """Say what a detached span quotes, or at what a relation starts and ends that has no place."""
    target, labeled, quote = unplaced.annotation.target, unplaced.labeled, unplaced.annotation.quote
    if target.scope is Scope.SPAN:
        return {"detached": True, "quote": "" if quote is None else quote.exact}
    found: dict[str, object] = {"to_post": labeled.post_keys.get(target.to_post_id or 0)}
    for name, row in (("from", target.from_annotation), ("to", target.to_annotation)):
        end = labeled.ends.get(row or 0)
        found[name] = {} if end is None else {"annotation": end.uuid, "is_loose": True}
    return found


def _record(annotation: Annotation, scope: Scope, selection: Selection) -> dict[str, object]:
    implied_by, put_as = origin(annotation)
    span = annotation.target.span
    found: dict[str, object] = {
        "label": annotation.label,
        "label_name": selection.label_names.get(annotation.label, ""),
        "scope": scope.value,
        "start_char": None if span is None or annotation.detached else span.start,
        "end_char": None if span is None or annotation.detached else span.end,
        "note": annotation.note,
        "attributes": dict(annotation.attributes),
        "annotation": annotation.uuid,
        "implied_by": implied_by,
        "put_as": put_as,
        "created_at": annotation.created_at,
        "updated_at": annotation.updated_at if annotation.updated_at != annotation.created_at else None,
    }
    return {name: value for name, value in found.items() if value not in (None, "", {})}


def _ends(
    relation: PlacedRelation, source: tuple[PlacedAnnotation, str | None], target: tuple[PlacedAnnotation, str | None]
) -> dict[str, object]:
    """Say at what a relation starts and ends: its id in the document, and the annotation's own."""
    rows = (relation.annotation.target.from_annotation, relation.annotation.target.to_annotation)
    loose: list[End] = list(relation.loose)
    found: dict[str, object] = {}
    for name, row, (placed, id_) in zip(("from", "to"), rows, (source, target), strict=True):
        tied = placed.annotation.uuid if placed.annotation is not None else ""
        is_loose = row is not None and placed.annotation is None and bool(loose)
        if is_loose:
            tied = loose.pop(0).uuid
        ends = {"id": id_, "annotation": tied, "is_loose": is_loose}
        found[name] = {each: value for each, value in ends.items() if value}
    return found


def _marks(
    rendition: Rendition, keys: Sequence[str], whose: Mapping[str, AnnotatorKind] | None
) -> Iterator[dict[str, object]]:
    for mark in rendition.marks:
        found: dict[str, object] = {"kind": mark.kind, "post": keys[mark.block]}
        if mark.note is not None:
            found |= {"note": mark.note.note, "written_at": mark.note.written_at}
        if whose is not None:
            kind = whose.get(mark.annotator, AnnotatorKind.PERSON)
            found |= {"annotator": mark.annotator, "annotator_kind": kind.value}
        yield found
