"""What of a thread is what in a CAS: its feature structures, one after another, with their ids."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct

from annotations.exporters.documents import uima_types as types
from annotations.exporters.documents.rendition_files import is_lost
from annotations.exporters.language.tokens import iter_tokens, sentences
from annotations.exporters.rows.telling import origin

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from annotations.exporters.choosing.selecting import Selection
    from annotations.exporters.documents.rendition import Block, Mark, Rendition
    from annotations.exporters.documents.rendition_places import PlacedAnnotation, PlacedRelation, Unplaced
    from annotations.exporters.documents.uima_types import Feature
    from annotations.model import Annotation

SOFA_ID = 1
"""The id of the text itself."""

UNSPECIFIED = "x-unspecified"
"""The language of a document that does not say (UIMA References, 4: DocumentAnnotation)."""


class Structure(Struct, frozen=True):
    """A feature structure that is an annotation of the text.

    Args:
        type: Its type's name.
        begin: Where it begins, in code points.
        end: Where it ends.
        features: Its features that have a value, but for those that refer to others.
        refers: The ids of others that its features refer to.
    """

    type: str
    begin: int
    end: int
    features: Mapping[str, str | int | float] = {}
    refers: Mapping[str, int] = {}


def structures(
    rendition: Rendition, selection: Selection, attributes: Mapping[str, Feature], name: str
) -> Iterator[Structure]:
    """Yield the feature structures of a thread; their ids follow each other, from `SOFA_ID` + 1 on.

    Args:
        rendition: The thread with what is to be told of it.
        selection: What is exported.
        attributes: The feature for each attribute.
        name: What the document is called.
    """
    thread = rendition.thread
    described = {
        "documentTitle": thread.title,
        "documentId": name,
        "documentUri": thread.url,
        "language": selection.codebook.language or UNSPECIFIED,
    }
    yield Structure(types.METADATA, 0, len(rendition.text), _said(described))
    first_label = SOFA_ID + 2
    telling = _Telling(rendition, selection, attributes, first_label)
    for placed in rendition.placed:
        yield telling.label(placed)
    for relation in rendition.relations:
        yield telling.relation(relation)
    for unplaced in rendition.unplaced:
        if not is_lost(unplaced):
            yield telling.detached(unplaced)
    whole = {"thread": thread.key, "url": thread.url, "meta": _json(thread.meta)}
    yield Structure(types.THREAD, rendition.title_start, rendition.title_end, _said(whole))
    for block in rendition.blocks:
        yield Structure(types.POST, block.start, block.end, _post(block))
    for mark in rendition.marks:
        yield telling.mark(mark)
    yield from segments(rendition.text)


class _Telling:
    """Tells the annotations of one thread."""

    def __init__(
        self, rendition: Rendition, selection: Selection, attributes: Mapping[str, Feature], first_label: int
    ) -> None:
        self._rendition = rendition
        self._selection = selection
        self._attributes = attributes
        self._first_label = first_label

    def label(self, placed: PlacedAnnotation) -> Structure:
        """Return what is placed; without an annotation it stands for a post or the thread."""
        features = {"post": self._post_key(placed.block), "scope": placed.scope.value}
        told = {} if placed.annotation is None else self._told(placed.annotation)
        return Structure(types.LABEL, placed.start, placed.end, {**_said(features), **told})

    def relation(self, relation: PlacedRelation) -> Structure:
        """Return a relation; it is where its end is, as INCEpTION wants it."""
        loose = [{"annotation": end.uuid, "label": end.label, "quote": end.exact} for end in relation.loose]
        ends = {"Governor": self._first_label + relation.source, "Dependent": self._first_label + relation.target}
        place = self._rendition.placed[relation.target]
        features = {**_said({"loose_ends": _json(loose)}), **self._told(relation.annotation)}
        return Structure(types.RELATION, place.start, place.end, features, ends)

    def detached(self, unplaced: Unplaced) -> Structure:
        """Return an annotation whose words are not in the text."""
        annotation = unplaced.annotation
        start, end = self._header(unplaced.block)
        features = {
            "post": self._post_key(unplaced.block),
            "scope": annotation.scope.value,
            "quote": None if annotation.quote is None else annotation.quote.exact,
        }
        return Structure(types.DETACHED, start, end, {**_said(features), **self._told(annotation)})

    def mark(self, mark: Mark) -> Structure:
        """Return a note on a post, a review or a flag."""
        start, end = self._header(mark.block)
        features = {"post": self._post_key(mark.block), "kind": mark.kind, "annotator": mark.annotator}
        if mark.note is not None:
            features |= {"note": mark.note.note, "written_at": mark.note.written_at}
        return Structure(types.MARK, start, end, _said(features))

    def _header(self, block: int | None) -> tuple[int, int]:
        if block is None:
            return self._rendition.title_start, self._rendition.title_end
        return self._rendition.blocks[block].header_start, self._rendition.blocks[block].header_end

    def _post_key(self, block: int | None) -> str | None:
        return None if block is None else self._rendition.blocks[block].post.key

    def _told(self, annotation: Annotation) -> dict[str, str | int | float]:
        implied_by, put_as = origin(annotation)
        annotator = self._selection.annotators.get(annotation.annotator_id)
        features = {
            "label": annotation.label,
            "label_name": self._selection.label_names.get(annotation.label),
            "annotator": annotation.annotator,
            "annotator_kind": None if annotator is None else annotator.kind.value,
            "annotation": annotation.uuid,
            "note": annotation.note,
            "attributes": _json(annotation.attributes),
            "implied_by": implied_by,
            "put_as": put_as,
            "codebook_version": self._selection.versions.get(annotation.codebook_version),
            "created_at": annotation.created_at,
            "updated_at": annotation.updated_at,
        }
        return {**_said(features), **self._values(annotation)}

    def _values(self, annotation: Annotation) -> dict[str, str | float]:
        """Return the values of attributes as features; one that does not fit its feature stands in `attributes` alone."""
        found: dict[str, str | float] = {}
        for key, value in annotation.attributes.items():
            feature = self._attributes.get(key)
            if feature is None:
                continue
            if feature.range == types.FLOAT:
                if not isinstance(value, str):
                    found[feature.name] = float(value)
            else:
                found[feature.name] = str(value)
        return found


def segments(text: str) -> Iterator[Structure]:
    """Yield the sentences, each with its tokens behind it; a token at the edge of two belongs to the first."""
    found = iter_tokens(text)
    token = next(found, None)
    for _, end in sentences(text):
        members: list[tuple[int, int]] = []
        while token is not None and token[0] < end:
            members.append(token)
            token = next(found, None)
        if members:
            yield Structure(types.SENTENCE, members[0][0], members[-1][1])
            for member in members:
                yield Structure(types.TOKEN, *member)


def _post(block: Block) -> dict[str, str | int | float]:
    post = block.post
    features = {
        "post": post.key,
        "parent": post.parent,
        "kind": post.kind.value,
        "author": post.author,
        "created_at": post.created_at,
        "uncertain": _json(post.uncertain),
        "meta": _json(post.meta),
    }
    return {**_said(features), "position": post.position, "depth": post.depth, "left_out": block.is_left_out}


def _said(features: Mapping[str, str | None]) -> dict[str, str | int | float]:
    """Return the features that have a value."""
    return {name: value for name, value in features.items() if value}


def _json(value: object) -> str | None:
    """Return a JSON value as text, None for one that says nothing."""
    if not value:
        return None
    try:
        said = msgspec.json.encode(value).decode()
    except UnicodeEncodeError:  # half characters in what a source says
        said = ""
    if said and "\ufffe" not in said and "\uffff" not in said:
        return said
    import json  # noqa: PLC0415  # seldom; it escapes what XML forbids

    return json.dumps(value)
