"""Annotations as the W3C's Web Annotation Data Model tells them, an object each.

A label is told twice, for two kinds of readers: by its name, as a textual body for tagging, and by the IRI of its concept, as a
body for classifying. What the model has no member for is in the member `postil`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from annotations.exporters.rows.telling import VOTES, origin, votes
from annotations.model import AnnotatorKind, Scope
from annotations.span import Span, quote

if TYPE_CHECKING:
    from collections.abc import Iterator

    from annotations.exporters.choosing.selection import Selection
    from annotations.exporters.documents.web_names import WebNames
    from annotations.exporters.rows.labeled_post import LabeledPost
    from annotations.model import Annotation
    from annotations.store.notes import PostNote
    from annotations.store.snapshot import End

_TYPES = {AnnotatorKind.PERSON: "Person", AnnotatorKind.MODEL: "Software", AnnotatorKind.GOLD: "Organization"}
"""What an annotator is in the vocabulary (w3.org/TR/annotation-vocab, agents); those who adjudicate do so together."""


class WebRecords:
    """Makes Web Annotations of what is put on posts.

    Args:
        selection: What is exported.
        names: Makes the IRIs.
    """

    def __init__(self, selection: Selection, names: WebNames) -> None:
        self._selection = selection
        self._names = names
        self._article: tuple[int, str] | None = None
        self._attributes = {
            (label.id, attribute.id): attribute.name
            for label in selection.codebook.labels
            for attribute in label.attributes
        }

    def of_post(self, labeled: LabeledPost) -> Iterator[dict[str, Any]]:
        """Yield what is put on a post, or with an article on its thread, then the notes on it; the posts come in pre-order."""
        if labeled.post.position == 0:
            self._article = (labeled.thread.id, labeled.post.key)
        for annotation in (*labeled.thread_annotations, *labeled.annotations):
            yield self._record(annotation, labeled)
        for note in labeled.notes:
            yield self._note(note, labeled)

    def _record(self, annotation: Annotation, labeled: LabeledPost) -> dict[str, Any]:
        implied_by, _ = origin(annotation)
        names, is_relation = self._names, annotation.target.scope is Scope.RELATION
        bodies = list(self._bodies(annotation))
        if is_relation:
            target = annotation.target
            start = labeled.ends.get(target.from_annotation or 0)
            is_thread = target.post_id is None
            source = names.thread(labeled.thread) if is_thread else names.post(labeled.thread, labeled.post)
            bodies.insert(0, self._link(source, start, labeled if not is_thread else None))
        modified = {} if annotation.updated_at == annotation.created_at else {"modified": annotation.updated_at}
        return {
            "id": names.made("implied", implied_by, annotation.label)
            if implied_by
            else names.annotation(annotation.uuid),
            "type": "Annotation",
            "motivation": "linking" if is_relation else "classifying",
            "creator": self._creator(annotation.annotator, annotation.annotator_id),
            "created": annotation.created_at,
            **modified,
            "body": bodies,
            "target": self._target(annotation, labeled),
            "postil": self._own(annotation, labeled),
        }

    def _bodies(self, annotation: Annotation) -> Iterator[dict[str, Any]]:
        called = self._selection.label_names.get(annotation.label, annotation.label)
        yield _textual("tagging", called)
        yield {
            "type": "SpecificResource",
            "purpose": "classifying",
            "source": self._names.made("label", annotation.label),
        }
        for key, value in annotation.attributes.items():
            yield _textual("describing", f"{self._attributes.get((annotation.label, key), key)}: {value}")
        if annotation.note:
            yield _textual("commenting", annotation.note)

    def _target(self, annotation: Annotation, labeled: LabeledPost) -> str | dict[str, Any]:
        target, thread, names = annotation.target, labeled.thread, self._names
        if target.scope is Scope.RELATION:
            if target.to_post_id is None:
                return self._link(names.thread(thread), None, None)
            key = labeled.post_keys[target.to_post_id]
            is_article = (thread.id, key) == self._article
            source = names.article(thread, key) if is_article else names.comment(thread, key)
            end = labeled.ends.get(target.to_annotation or 0)
            return self._link(source, end, labeled if target.to_post_id == labeled.post.id else None)
        if target.post_id is None:
            return names.thread(thread)
        source = names.post(thread, labeled.post)
        if target.span is None:
            return source
        if annotation.detached:
            said = annotation.quote
            selectors = [_quoted(said.exact, said.prefix, said.suffix)] if said is not None else []
        else:
            selectors = _selectors(labeled.post.text, target.span)
        return {"type": "SpecificResource", "source": source, "selector": selectors}

    def _link(self, source: str, end: End | None, labeled: LabeledPost | None) -> dict[str, Any]:
        """Return an end of a relation; with what stands around its words where the post is at hand."""
        link: dict[str, Any] = {"type": "SpecificResource", "purpose": "linking", "source": source}
        if end is None or end.span is None:
            return link
        if end.is_detached:
            return {**link, "selector": [_quoted(end.exact)]}
        if labeled is not None:
            return {**link, "selector": _selectors(labeled.post.text, end.span)}
        return {**link, "selector": [_quoted(end.exact), _placed(end.span)]}

    def _own(self, annotation: Annotation, labeled: LabeledPost) -> dict[str, Any]:
        """Return what the model has no member for; what says nothing is left out."""
        target = annotation.target
        implied_by, put_as = origin(annotation)
        ends = {
            "from": labeled.ends.get(target.from_annotation or 0),
            "to": labeled.ends.get(target.to_annotation or 0),
        }
        more = {
            "post": None if target.post_id is None else labeled.post.key,
            "to_post": None if target.to_post_id is None else labeled.post_keys[target.to_post_id],
            "attributes": dict(annotation.attributes),
            "annotation": annotation.uuid
            if self._names.annotation(annotation.uuid) != f"urn:uuid:{annotation.uuid}"
            else "",
            "implied_by": implied_by,
            "put_as": put_as,
            "detached": annotation.detached,
            "codebook_version": self._selection.versions.get(annotation.codebook_version),
        }
        return {
            "thread": labeled.thread.key,
            "scope": target.scope.value,
            "label": annotation.label,
            **{name: value for name, value in more.items() if value},
            **{name: end.uuid for name, end in ends.items() if end is not None},
            **{name: value for name, value in zip(VOTES, votes(annotation), strict=True) if value is not None},
        }

    def _note(self, note: PostNote, labeled: LabeledPost) -> dict[str, Any]:
        names, thread, post = self._names, labeled.thread, labeled.post
        return {
            "id": names.made("note", thread.key, post.key, note.annotator),
            "type": "Annotation",
            "motivation": "commenting",
            "creator": self._creator(note.annotator, note.annotator_id),
            "created": note.written_at,
            "body": [_textual("commenting", note.note)],
            "target": names.post(thread, post),
            "postil": {"thread": thread.key, "post": post.key, "mark": "note"},
        }

    def _creator(self, name: str, annotator_id: int) -> dict[str, str]:
        annotator = self._selection.annotators.get(annotator_id)
        kind = {} if annotator is None else {"type": _TYPES[annotator.kind]}
        return {"id": self._names.made("annotator", name), **kind, "name": name}


def _textual(purpose: str, value: str) -> dict[str, Any]:
    return {"type": "TextualBody", "purpose": purpose, "format": "text/plain", "value": value}


def _selectors(text: str, span: Span) -> list[dict[str, Any]]:
    said = quote(text, span)
    return [_quoted(said.exact, said.prefix, said.suffix), _placed(span)]


def _quoted(exact: str, prefix: str | None = None, suffix: str | None = None) -> dict[str, Any]:
    around = {"prefix": prefix, "suffix": suffix}
    return {
        "type": "TextQuoteSelector",
        "exact": exact,
        **{name: said for name, said in around.items() if said is not None},
    }


def _placed(span: Span) -> dict[str, Any]:
    return {"type": "TextPositionSelector", "start": span.start, "end": span.end}
