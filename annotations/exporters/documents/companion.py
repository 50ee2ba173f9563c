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
format itself says of its note, its attributes and its place; `votes`, `seen_by` and `probability` stand behind what was made of
several annotators' labels. A record that is empty in some respect says nothing of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from msgspec import Struct

from annotations.exporters.documents.deferred import JsonList, joined
from annotations.exporters.documents.rendition_files import is_lost, sound_json
from annotations.exporters.documents.utf16 import UTF_16
from annotations.exporters.rows.telling import VOTES, origin, votes
from annotations.model import AnnotatorKind, Scope

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from annotations.exporters.choosing.selection import Selection
    from annotations.exporters.documents.deferred import Deferred
    from annotations.exporters.documents.rendition_places import PlacedRelation, Section, Unplaced
    from annotations.exporters.writing.report import Tally
    from annotations.model import Annotation, StoredThread
    from annotations.store.snapshot import End

LAYOUT = 1
MEMBER = "postil"
"""What the record is called in a document."""

Told: TypeAlias = "Mapping[str, object]"
Ending: TypeAlias = "tuple[str | None, str, str | None]"
"""That at which a relation starts or ends: its id in the document, if it has one, its annotation's uuid, the key of its post."""


class Wording(Struct, frozen=True, kw_only=True):
    """How a document says things.

    Args:
        types: The labels' ids by the names that the format gives them, where these differ.
        attributes: The attributes' ids by the names that the format gives them, where these differ.
        values: The values of attributes by what the format calls them, where these differ, by the format's names for attributes.
        anchors: What it calls that which stands for a post or a thread as a whole.
        has_offsets: Whether it is the rendition's text; else its posts are known by their keys.
        is_utf16: Whether its offsets are units of UTF-16.
        more: What else it has to say.
    """

    types: Mapping[str, str] = {}
    attributes: Mapping[str, str] = {}
    values: Mapping[str, Mapping[str, str]] = {}
    anchors: Mapping[Scope, str] = {}
    has_offsets: bool = True
    is_utf16: bool = False
    more: Mapping[str, object] = {}


class Posts:
    """Where the posts of a thread are: the same for all its documents.

    Args:
        deferred: Where it waits.
        wording: How the documents say things.
        tally: Where it is counted what no reader of JSON takes.
    """

    def __init__(self, deferred: Deferred, wording: Wording, tally: Tally) -> None:
        self.list = JsonList(deferred, tally)
        self.head: dict[str, int] = {}
        """Where what the first line says of the thread begins and ends."""
        self._wording = wording

    def add(self, section: Section) -> None:
        """Take up the next piece of the thread."""
        block = section.block
        if block is None:
            self.head = self._place(section, title_start=section.head[0], title_end=section.head[1])
            return
        post = block.post
        found: dict[str, object] = {
            "post": post.key,
            "parent": post.parent,
            "kind": post.kind.value,
            "author": post.author,
            "created_at": post.created_at,
            **self._place(
                section, header_start=section.head[0], header_end=section.head[1], start=block.start, end=block.end
            ),
        }
        if post.uncertain:
            found["uncertain"] = list(post.uncertain)
        if post.meta:
            found["meta"] = dict(post.meta)
        self.list.append(found)

    def _place(self, section: Section, **offsets: int) -> dict[str, int]:
        """Return offsets of the document in its own units, by their names; none if it has none."""
        if not self._wording.has_offsets:
            return {}
        if not self._wording.is_utf16:
            return offsets
        return {name: section.utf16(offset) for name, offset in offsets.items()}


class Companion:
    """What is kept of a thread beside one of its documents: gathered piece by piece.

    Args:
        deferred: Where it waits.
        selection: What is exported.
        wording: How the document says things.
        annotator: Whose document it is; None for that of nobody or of all: then each record names its annotator.
    """

    def __init__(self, deferred: Deferred, selection: Selection, wording: Wording, annotator: str | None) -> None:
        tally = selection.tally
        self._records, self._detached = JsonList(deferred, tally), JsonList(deferred, tally)
        self._untied, self._marks = JsonList(deferred, tally), JsonList(deferred, tally)
        self._selection = selection
        self._wording = wording
        self._annotator = annotator
        self._kinds = annotator_kinds(selection)

    def put(
        self, annotation: Annotation, scope: Scope, key: str | None, id_: str | None, told: Told | None = None
    ) -> None:
        """Keep what is placed.

        Args:
            annotation: The annotation.
            scope: What it is put on.
            key: The key of its post, None for the thread.
            id_: What the document calls it; None for what it does not have.
            told: What the document says of it: `note`, `attributes`, and `place` (two offsets in the post's text) where that is not quite
                the span.
        """
        self._records.append(self._record(annotation, scope, key, id_, told))

    def tie(
        self, relation: PlacedRelation, ends: tuple[Ending, Ending], id_: str | None, told: Told | None = None
    ) -> None:
        """Keep a relation, with what is known of that at which it starts and ends."""
        record = self._record(relation.annotation, Scope.RELATION, ends[0][2], id_, told)
        record["to_post"] = ends[1][2]
        self._records.append(record | _ends(relation, ends))

    def add(self, section: Section) -> None:
        """Keep what has no place in a piece of the thread, and what is said of its post without a label."""
        for unplaced in section.unplaced:
            if not is_lost(unplaced):
                annotation, scope = unplaced.annotation, unplaced.annotation.target.scope
                waiting = self._untied if scope is Scope.RELATION else self._detached
                waiting.append(self._record(annotation, scope, unplaced.post, None, None) | _without_place(unplaced))
        for mark in section.marks:
            found: dict[str, object] = {"kind": mark.kind, "post": section.key}
            if mark.note is not None:
                found |= {"note": mark.note.note, "written_at": mark.note.written_at}
            self._marks.append(found | self._whose(mark.annotator))

    def pieces(self, thread: StoredThread, posts: Posts) -> Iterator[bytes]:
        """Yield it as a JSON object."""
        wording, tally = self._wording, self._selection.tally
        head: dict[str, object] = {"layout": LAYOUT, "thread": thread.key, "title": thread.title, "url": thread.url}
        if self._annotator is not None:
            kind = self._kinds.get(self._annotator, AnnotatorKind.PERSON)
            head |= {"annotator": self._annotator, "annotator_kind": kind.value}
        if wording.is_utf16:
            head["offsets"] = UTF_16
        yield sound_json(head | posts.head, tally)[:-1] + b',"posts":['
        yield from posts.list
        yield b'],"annotations":['
        yield from joined(self._records, self._detached, self._untied)
        anchors = {scope.value: name for scope, name in wording.anchors.items()}
        yield b'],"anchors":' + sound_json(anchors, tally) + b',"marks":['
        yield from self._marks
        rest = {
            "types": dict(wording.types),
            "attributes": dict(wording.attributes),
            "values": {name: dict(values) for name, values in wording.values.items()},
            **wording.more,
        }
        yield b"]," + sound_json(rest, tally)[1:]

    def _record(
        self, annotation: Annotation, scope: Scope, key: str | None, id_: str | None, told: Told | None
    ) -> dict[str, object]:
        found = _record(annotation, scope, self._selection)
        found |= {"post": key}
        if id_ is not None:
            found["id"] = id_
            if told:
                found["told"] = told
        return found | self._whose(annotation.annotator)

    def _whose(self, annotator: str) -> dict[str, object]:
        """Return whose something is, where the document is not one annotator's."""
        if self._annotator is not None:
            return {}
        kind = self._kinds.get(annotator, AnnotatorKind.PERSON)
        return {"annotator": annotator, "annotator_kind": kind.value}


def annotator_kinds(selection: Selection) -> dict[str, AnnotatorKind]:
    """Return for each annotator of the project, by name, whether it is a person or a model."""
    return {each.name: each.kind for each in selection.annotators.values()}


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
        **dict(zip(VOTES, votes(annotation), strict=True)),
    }
    return {name: value for name, value in found.items() if value not in (None, "", {})}


def _ends(relation: PlacedRelation, ends: tuple[Ending, Ending]) -> dict[str, object]:
    """Say at what a relation starts and ends: its id in the document, and the annotation's own."""
    rows = (relation.annotation.target.from_annotation, relation.annotation.target.to_annotation)
    loose: list[End] = list(relation.loose)
    found: dict[str, object] = {}
    wholes = (relation.is_from_whole, relation.is_to_whole)
    for name, row, (id_, uuid, _), is_whole in zip(("from", "to"), rows, ends, wholes, strict=True):
        is_loose = row is not None and is_whole and bool(loose)
        tied = loose.pop(0).uuid if is_loose else uuid
        said = {"id": id_, "annotation": tied, "is_loose": is_loose}
        found[name] = {each: value for each, value in said.items() if value}
    return found
