"""The importer of Web Annotations, and of what Hypothesis gives: labels on documents that are elsewhere.

Source: w3.org/TR/annotation-model: an AnnotationCollection, an AnnotationPage, a list, or an annotation a line;
`annotations.importers.labeled.web_records` reads each of them.

The documents are not in such a file, but what was quoted of them is: a document becomes an article that says its title and the
passages that were annotated. Where the project has a thread that stood at the document's address, the annotations are put there
instead (`annotations.attaching`). Answers in Hypothesis are comments. A collection that Postil wrote has a member `postil` with
the texts, from which the threads come back with all that was put on them (`annotations.importers.labeled.web_own`):

    {"postil": {"threads": [{"thread": "tunnel", "title": "…", "url": null, "posts": [{"source": "urn:…", "post": "0",
        "parent": null, "kind": "article", "author": null, "created_at": null, "text": "…"}, …]}]}}
"""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING

from msgspec.structs import replace

from annotations.importers.labeled.documents import DocumentMaker, as_name
from annotations.importers.labeled.web_found import FoundAnnotations
from annotations.importers.labeled.web_given import Document, Given
from annotations.importers.labeled.web_own import Collected, OwnAnnotations, own_thread, without_own
from annotations.importers.labeled.web_own_threads import OwnRecords
from annotations.importers.labeled.web_passages import GAP, Passage, join_passages
from annotations.importers.labeled.web_records import read_annotation
from annotations.importers.reading.assemble import assemble
from annotations.importers.reading.json_documents import has_lines, read_documents, read_lines, unreported
from annotations.importers.reading.json_fields import NO_RECORD, Record, one_line
from annotations.importers.reading.json_marks import look
from annotations.importers.reading.making import make_meta
from annotations.importers.reading.stored_list import as_list, is_list
from annotations.model import ARTICLE_KEY, GivenLabel, Post, PostKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from annotations.importers.labeled.postil_records import GivenRecords
    from annotations.importers.labeled.web_records import WebAnnotation
    from annotations.model import Thread
    from annotations.sources.source import Source
    from annotations.span import Span

name = "web_annotation"
title = "Web Annotations (W3C), and annotations of Hypothesis"
keeps = (
    "quotes with their surroundings, labels, comments as notes, relations, creators, answers, all other fields as meta"
)
loses = "the annotated documents, of which only the quoted passages are in such files; those that the project has get the annotations"

_SURE, _LIKELY = 0.97, 0.9
_INNER = ("first", "items", "rows", "@graph", "annotations")
"""Members of collections and pages that hold annotations, or pages of them."""

_OWN = ("postil", "threads", "posts")
"""Members that lead to the texts of threads which Postil has written."""

_NO_MORE = object()
_CONTEXT = "http://www.w3.org/ns/anno.jsonld"
_TYPES = ("Annotation", "AnnotationPage", "AnnotationCollection", "oa:Annotation")
PASSAGES = "The annotated text is not in the source: it has the title and the passages that were quoted."


def sniff(source: Source) -> float:
    """Say how sure it is that the source holds Web Annotations: by their context, or by the fields of Hypothesis."""
    marks = look(source)
    for at in ("", "*/"):
        if marks.says(f"{at}@context", _CONTEXT) or marks.says(f"{at}@context/*", _CONTEXT):
            return _SURE
        if marks.says(f"{at}type", *_TYPES) and (marks.has(f"{at}target") or marks.has(f"{at}items")):
            return _LIKELY
    for at in ("rows/*/", "*/", ""):
        if marks.has(f"{at}uri", f"{at}user", f"{at}target", f"{at}tags"):
            return _SURE
    return 0.0


def read(source: Source) -> Iterator[Thread]:
    """Yield a thread for each annotated document; one of them and its annotations are in memory at a time."""
    maker = DocumentMaker(source, name)
    collected = Collected()
    waiting: list[object] = [] if has_lines(source) else read_documents(source, *_INNER, *_OWN)
    with unreported(source):  # what a collection says of its threads may stand behind them
        for _ in _records(source, waiting, collected):
            pass
    own, found = OwnRecords(source, collected), FoundAnnotations()
    for number, record in enumerate(_records(source, waiting, Collected()), 1):
        thread = own_thread(record)
        if thread and own.keep(thread, record):
            continue
        annotation = read_annotation(without_own(record) if thread else record)
        if annotation is None:
            source.problems.add(NO_RECORD, record.where, "it was left out")
        else:
            found.add(annotation if annotation.key else replace(annotation, key=f"annotation-{number}"))
    of_documents: dict[str | int, array[int]] = {}
    homes = own.homes(frozenset(found.homes()))
    for place, wanted in enumerate(found.homes()):
        of_documents.setdefault(homes.get(wanted, wanted), array("i")).append(place)
    others = [each for each in of_documents if isinstance(each, str)]
    is_only = len(own) + len(others) == 1
    for number, document in own.documents():
        document.annotations = [found.load(place) for place in of_documents.get(number, ())]
        annotations = OwnAnnotations(source, collected)
        for fields, where in own.annotations(document.key):
            annotations.add(Record(source, fields, where))
        yield _make(maker, document, annotations.given, is_only=is_only)
    for each in others:
        document = Document(source=each, annotations=[found.load(place) for place in of_documents[each]])
        yield _make(maker, document, OwnAnnotations(source, collected).given, is_only=is_only)


def _records(source: Source, documents: list[object], collected: Collected) -> Iterator[Record]:
    """Yield the annotations of a source, whatever they are collected in; keep what Postil says of its threads.

    Args:
        source: The source.
        documents: What it holds; empty if it holds an annotation a line.
        collected: Takes what Postil says.
    """
    waiting = documents
    if not documents:
        waiting = []
        for record in read_lines(source):
            if record.peek("items") is None and record.peek("first") is None and record.peek("postil") is None:
                yield record
            else:
                waiting.append(record.fields)
    yield from _in_collections(source, waiting, collected)


def _in_collections(source: Source, documents: list[object], collected: Collected) -> Iterator[Record]:
    """Yield the annotations in collections, pages and lists."""
    number = 0
    waiting = [iter(documents)]
    while waiting:
        value = next(waiting[-1], _NO_MORE)
        if value is _NO_MORE:
            waiting.pop()
            continue
        if is_list(value):
            waiting.append(iter(as_list(value)))
            continue
        if not isinstance(value, dict):
            if not isinstance(value, str):  # the address of a page that is elsewhere
                source.problems.add(NO_RECORD, f"record {number + 1}", "it was left out")
            continue
        inner = [value[each] for each in _INNER if value.get(each) is not None]
        collected.see(value)
        if inner and "target" not in value:
            waiting.append(iter(inner))
        elif "target" in value or "uri" in value or not (inner or "postil" in value):
            number += 1
            yield Record(source, value, f"annotation {as_name(source, value.get('id')) or number}"[:80])


def _make(maker: DocumentMaker, document: Document, own: GivenRecords, *, is_only: bool) -> Thread:
    """Make a thread of a document and what is on it."""
    document.title = document.title or next((each.title for each in document.annotations if each.title), "")
    replies = [each for each in document.annotations if each.replies_to]
    others = [each for each in document.annotations if not each.replies_to]
    spans: dict[Passage, Span] = {}
    warnings: tuple[str, ...] = ()
    if document.posts:
        posts = list(document.posts.values())
    else:
        passages = [
            place.passage for each in others for place in (*each.places, *each.links) if place.passage is not None
        ]
        text, spans = join_passages(one_line(document.title or document.source), passages)
        raw = [{"id": each.key, **each.meta} for each in others if each.meta]
        article = Post(
            key=ARTICLE_KEY, parent=None, kind=PostKind.ARTICLE, text=text, meta=make_meta({}, annotations=raw or None)
        )
        posts = [article, *_comments(replies)]
        warnings = (PASSAGES,)
    given = Given(maker.source, document, spans)
    for annotation in others:
        given.add(annotation)
    is_page = document.source.startswith(("http://", "https://"))
    terms = {label: address for annotation in others for label, address in annotation.terms.items()}
    marks = [*own.marks, *(document.marks.marks if document.marks is not None else ())]
    thread = maker.thread(
        assemble(posts[0], posts[1:], maker.source.problems),
        key=document.key or ("" if is_only else document.source.partition("://")[2] or document.source),
        title=document.title or document.source,
        url=document.url or (document.source if is_page else None),
        labels=[
            *own.labels.values(),
            *(
                GivenLabel(name=each.label, scope=each.scope, description=terms[each.label])
                for each in given.found
                if each.label in terms
            ),
        ],
        annotations=[*own.annotations, *given.found],
        marks=marks,
        warnings=warnings,
        meta=document.meta,
    )
    if document.posts:
        return replace(thread, key=document.key or thread.key, is_export=bool(document.key))
    return replace(thread, stands_for=thread.url or "", gap=GAP, meta={**thread.meta, "is_passages": True})


def _comments(replies: Sequence[WebAnnotation]) -> Iterator[Post]:
    """Yield the answers to annotations as comments; what answers an annotation, and no answer, answers the article."""
    keys = {each.key for each in replies}
    for each in replies:
        parent = each.replies_to[-1]
        meta = make_meta(each.meta, markup="markdown", replies_to=list(each.replies_to), labels=list(each.labels))
        yield Post(
            key=each.key,
            parent=parent if parent in keys else None,
            text=each.note,
            author=each.creator,
            created_at=each.created_at,
            meta=meta,
        )
