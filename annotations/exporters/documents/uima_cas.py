"""What of a thread is what in a CAS: its feature structures."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct

from annotations.exporters.documents import uima_types as types
from annotations.exporters.language.tokens import iter_tokens, sentences
from annotations.exporters.rows.telling import origin

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from annotations.exporters.choosing.selection import Selection
    from annotations.exporters.documents.rendition_places import (
        Block,
        Mark,
        PlacedAnnotation,
        PlacedRelation,
        Section,
        Unplaced,
    )
    from annotations.exporters.documents.uima_types import Feature
    from annotations.model import Annotation, StoredThread

SOFA_ID = 1
"""The id of the text itself."""

UNSPECIFIED = "x-unspecified"
"""The language of a document that does not say (UIMA References, 4: DocumentAnnotation)."""


class Structure(Struct, frozen=True):
    """A feature structure that is an annotation of the text.

    Args:
        type: Its type's name.
        begin: Where it begins, in units of UTF-16.
        end: Where it ends.
        features: Its features that have a value, but for those that refer to others.
        refers: The ids of others that its features refer to.
    """

    type: str
    begin: int
    end: int
    features: Mapping[str, str | int | float] = {}
    refers: Mapping[str, int] = {}


class Telling:
    """Tells what is in a CAS of one thread.

    Args:
        selection: What is exported.
        attributes: The feature for each attribute.
    """

    def __init__(self, selection: Selection, attributes: Mapping[str, Feature]) -> None:
        self._selection = selection
        self._attributes = attributes

    def metadata(self, thread: StoredThread, name: str, length: int) -> Structure:
        """Return what is said of a document with this name, and so many units of UTF-16 long."""
        described = {
            "documentTitle": thread.title,
            "documentId": name,
            "documentUri": thread.url,
            "language": self._selection.codebook.language or UNSPECIFIED,
        }
        return Structure(types.METADATA, 0, length, _said(described))

    def label(self, placed: PlacedAnnotation, section: Section) -> Structure:
        """Return what is placed; without an annotation it stands for a post or the thread."""
        features = {"post": section.key, "scope": placed.scope.value}
        told = {} if placed.annotation is None else self._told(placed.annotation)
        begin, end = section.utf16(placed.start), section.utf16(placed.end)
        return Structure(types.LABEL, begin, end, {**_said(features), **told})

    def relation(self, relation: PlacedRelation, source: int, target: Sequence[int]) -> Structure:
        """Return a relation; it is where its end is, as INCEpTION wants it.

        Args:
            relation: The relation.
            source: The id of the label where it starts.
            target: The id of the label where it ends, and where that begins and ends.
        """
        loose = [{"annotation": end.uuid, "label": end.label, "quote": end.exact} for end in relation.loose]
        features = {**_said({"loose_ends": _json(loose)}), **self._told(relation.annotation)}
        number, begin, end = target
        return Structure(types.RELATION, begin, end, features, {"Governor": source, "Dependent": number})

    def detached(self, unplaced: Unplaced, section: Section) -> Structure:
        """Return an annotation whose words are not in the text."""
        annotation = unplaced.annotation
        features = {
            "post": unplaced.post,
            "scope": annotation.scope.value,
            "quote": None if annotation.quote is None else annotation.quote.exact,
        }
        return Structure(types.DETACHED, *_head(section), {**_said(features), **self._told(annotation)})

    def mark(self, mark: Mark, section: Section) -> Structure:
        """Return a note on a post, a review or a flag."""
        features = {"post": section.key, "kind": mark.kind, "annotator": mark.annotator}
        if mark.note is not None:
            features |= {"note": mark.note.note, "written_at": mark.note.written_at}
        return Structure(types.MARK, *_head(section), _said(features))

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


def thread_structure(thread: StoredThread, section: Section) -> Structure:
    """Return what the first line tells of."""
    whole = {"thread": thread.key, "url": thread.url, "meta": _json(thread.meta)}
    return Structure(types.THREAD, *_head(section), _said(whole))


def post_structure(block: Block, section: Section) -> Structure:
    """Return where a post is and what is known of it."""
    return Structure(types.POST, section.utf16(block.start), section.utf16(block.end), _post(block))


def segments(text: str) -> Iterator[tuple[tuple[int, int], Sequence[tuple[int, int]]]]:
    """Yield the sentences, each with its tokens; a token at the edge of two belongs to the first."""
    found = iter_tokens(text)
    token = next(found, None)
    for _, end in sentences(text):
        members: list[tuple[int, int]] = []
        while token is not None and token[0] < end:
            members.append(token)
            token = next(found, None)
        if members:
            yield (members[0][0], members[-1][1]), members


def _head(section: Section) -> tuple[int, int]:
    return section.utf16(section.head[0]), section.utf16(section.head[1])


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
