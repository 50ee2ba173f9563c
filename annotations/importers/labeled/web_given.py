"""What Web Annotations put on one document, made annotations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct, field
from msgspec.structs import replace

from annotations.importers.labeled.documents import NO_PLACE
from annotations.model import ARTICLE_KEY, AnnotatorKind, GivenAnnotation, Post, Scope
from annotations.span import Span

if TYPE_CHECKING:
    from collections.abc import Mapping

    from annotations.importers.labeled.postil_records import GivenRecords
    from annotations.importers.labeled.web_passages import Passage
    from annotations.importers.labeled.web_records import Place, WebAnnotation
    from annotations.sources.source import Source

ACROSS = "leads from one document to another"


class Document(Struct):
    """An annotated document: a thread that Postil wrote, or what is known of a page."""

    source: str
    title: str = ""
    url: str | None = None
    key: str = ""
    posts: dict[str, Post] = field(default_factory=dict)
    annotations: list[WebAnnotation] = field(default_factory=list)
    meta: Mapping[str, object] = {}
    marks: GivenRecords | None = None


class Given:
    """What is put on one document."""

    def __init__(self, source: Source, document: Document, spans: dict[Passage, Span]) -> None:
        self.found: list[GivenAnnotation] = []
        self._source = source
        self._document = document
        self._spans = spans
        self._keys = {each.key for each in document.annotations}

    def add(self, annotation: WebAnnotation) -> None:
        """Add what an annotation says, once for each of its labels and places."""
        if annotation.links:
            self._relate(annotation)
            return
        number = 0
        for place in annotation.places:
            for label in annotation.labels:
                key = annotation.key if not number else f"{annotation.key}#{number}"
                self.found.append(self._on(annotation, place, label, key, annotation.note if not number else ""))
                number += 1

    def _on(self, annotation: WebAnnotation, place: Place, label: str, key: str, note: str) -> GivenAnnotation:
        given = self._base(annotation, label, key, note)
        post = self._post(place.source)
        if place.passage is not None:
            span = self._spans.get(place.passage) or self._in_text(place)
            return replace(given, scope=Scope.SPAN, post=post, span=span, quote=place.passage.exact)
        if place.start is not None and place.end is not None and place.start < place.end:
            if self._document.posts:
                return replace(given, scope=Scope.SPAN, post=post, span=Span(place.start, place.end))
            self._source.problems.add(NO_PLACE, f"annotation {key}", "its label was put on the document as a whole")
            return replace(given, post=post, note="\n".join(filter(None, (note, f"at {place.start}:{place.end}"))))
        return replace(given, post=post)

    def _in_text(self, place: Place) -> Span | None:
        """Return where a quote is in a text that is at hand: where its position says, else where its surroundings are."""
        post, passage = self._document.posts.get(place.source), place.passage
        if post is None or passage is None:
            return None
        start = passage.start
        if start is None:
            at = post.text.find(passage.whole)
            start = at + len(passage.prefix) if at >= 0 and post.text.find(passage.whole, at + 1) < 0 else None
        return None if start is None else Span(start, start + len(passage.exact))

    def _relate(self, annotation: WebAnnotation) -> None:
        """Add a relation: from what its body is to what it is put on."""
        start = annotation.links[0]
        for number, end in enumerate(annotation.places):
            from_post, from_key = self._end(annotation, start)
            to_post, to_key = self._end(annotation, end)
            for label in annotation.labels:
                key = f"{annotation.key}#{number}" if number else annotation.key
                given = self._base(annotation, label, key, annotation.note)
                self.found.append(
                    replace(
                        given, scope=Scope.RELATION, post=from_post, from_key=from_key, to_post=to_post, to_key=to_key
                    )
                )

    def _end(self, annotation: WebAnnotation, place: Place) -> tuple[str, str]:
        """Return the post and the annotation where a relation starts or leads."""
        if place.source in self._keys:
            return self._post(""), place.source
        same = [
            given.key
            for given in self._document.annotations
            if not given.links and place.passage is not None and place in given.places
        ]
        by_creator = [
            each.key for each in self._document.annotations if each.key in same and each.creator == annotation.creator
        ]
        if place.passage is not None and not same:
            self._source.problems.add(
                "leads to words without a label", f"annotation {annotation.key}", "it is tied to the post"
            )
        if not self._document.posts and place.source not in {self._document.source, ""}:
            self._source.problems.add(ACROSS, f"annotation {annotation.key}", "it is tied to the first of them")
        return self._post(place.source), next(iter(by_creator or same), "")

    def _post(self, source: str) -> str:
        posts = self._document.posts
        if not posts:
            return ARTICLE_KEY
        return (posts.get(source) or next(iter(posts.values()))).key

    def _base(self, annotation: WebAnnotation, label: str, key: str, note: str) -> GivenAnnotation:
        return GivenAnnotation(
            key=key,
            label=label,
            scope=Scope.POST,
            annotator=annotation.creator,
            annotator_kind=AnnotatorKind.MODEL if annotation.is_software else AnnotatorKind.PERSON,
            note=note,
            created_at=annotation.created_at,
        )
