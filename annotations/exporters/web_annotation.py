"""Web Annotations: an AnnotationCollection in JSON-LD whose one page holds all annotations.

Annotations are on IRIs: an article's is the address where it stood, if it has one that no other thread has; comments, threads,
labels and annotators have `urn:uuid:` names, which stay the same as long as the project has them. Places are quotes with what
stands around them and positions in Unicode code points of the post's text, as the model demands. Labels are concepts of a SKOS
scheme, to which the collection conforms. A relation leads from its first body to its target; an annotation on a thread is on the
thread's IRI.

The texts are in the member `postil`, which the JSON-LD context maps to nothing: who reads the collection as linked data sees
annotations alone, `annotations.importers.web_annotation` makes the threads again from it. Reviews and flags are there, too.

Sources: w3.org/TR/annotation-model (sections 3.1 to 3.3, 4, 4.2.4, 4.2.5, 5.1 and 5.2), w3.org/TR/annotation-vocab,
w3.org/TR/skos-reference.
"""

from __future__ import annotations

import json
from tempfile import TemporaryFile
from typing import TYPE_CHECKING, Any, BinaryIO

from annotations.errors import WrongUsageError
from annotations.exporters.choosing.selecting import select
from annotations.exporters.choosing.whole_threads import iter_whole_thread
from annotations.exporters.describing.codebook_record import codebook_record
from annotations.exporters.documents.web_names import WebNames
from annotations.exporters.documents.web_records import WebRecords
from annotations.exporters.rows.labeled_posts import iter_labeled_posts
from annotations.exporters.writing.dataset import write_dataset
from annotations.store.json_text import dump_json
from annotations.store.snapshot import snapshot

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from annotations.exporters.choosing.options import ExportOptions
    from annotations.exporters.choosing.selection import Selection
    from annotations.exporters.rows.labeled_post import LabeledPost
    from annotations.exporters.writing.report import ExportReport, Tally
    from annotations.store.project import Project

name = "web-annotation"
title = "Web Annotations (W3C), a collection in JSON-LD"
suffix = ".jsonld"
keeps = "threads with their texts, all labels with the codebook's names and meanings, spans, relations, notes, attributes, annotators, reviews, flags, times"
loses = "nothing of the labels; of the codebook its rules, guidelines and examples"

MEDIA_TYPE = 'application/ld+json; profile="http://www.w3.org/ns/anno.jsonld"'
CONTEXT = ("http://www.w3.org/ns/anno.jsonld", {"postil": None})
"""The model's own context; `postil` stands for nothing in linked data."""

_CHUNK = 1 << 16


def write(project: Project, path: Path | None, options: ExportOptions) -> ExportReport:
    """Write the collection to `path`, or to standard output for None.

    Raises:
        ExportError: If the target cannot be written, or a span does not say what was quoted.
        UnknownNameError: If the project has no such thread, annotator or label.
        WrongUsageError: If it is to be for Excel.
    """
    _check_options(options)
    return write_dataset(project, path, options, _pieces, name=name, suffix=suffix, media_type=MEDIA_TYPE)


def preview(project: Project, options: ExportOptions, rows: int) -> str:
    """Return the first annotations as text; the errors are those of `write`."""
    _check_options(options)
    found: list[str] = []
    with snapshot(project):
        selection = select(project, options)
        records = WebRecords(selection, WebNames(project))
        for thread_id in selection.thread_ids:
            for labeled in iter_labeled_posts(project, selection, thread_id, is_sparse=True):
                for record in records.of_post(labeled):
                    if len(found) >= rows:
                        return "\n".join(found)
                    found.append(json.dumps(record, ensure_ascii=False, indent=2))
    return "\n".join(found)


def _check_options(options: ExportOptions) -> None:
    if options.excel:
        raise WrongUsageError("Excel does not read JSON-LD", "Export csv for Excel.")


def _pieces(project: Project, selection: Selection, tally: Tally) -> Iterator[bytes]:
    names = WebNames(project)
    collection = _collection_name(names, selection)
    yield _opening(collection, names, selection)
    with TemporaryFile() as texts:  # they stand behind the annotations, and are read with them
        page = names.made("page", collection)
        before = _page_opening(page, collection)
        total = 0
        for record in _records(project, selection, tally, names, texts):
            tally.rows += 1
            total += 1
            yield before + dump_json(record).encode()
            before = b"\n,"
        if total:
            yield b"\n]},\n" + _member("last", page)
        yield _member("total", total)
        yield b'"postil": {"layout": 1, "annotators": ' + _dumped(_annotators(selection)) + b', "threads": ['
        texts.seek(0)
        while chunk := texts.read(_CHUNK):
            yield chunk
    yield b"\n]}\n}\n"


def _records(
    project: Project, selection: Selection, tally: Tally, names: WebNames, texts: BinaryIO
) -> Iterator[dict[str, Any]]:
    """Yield all annotations, and write the threads with their texts."""
    records = WebRecords(selection, names)
    before = b""
    for thread_id in selection.thread_ids:
        is_begun = False
        for labeled in iter_whole_thread(project, selection, thread_id):
            if not is_begun:
                tally.threads += 1
                texts.write(before + _thread_opening(labeled, names))
            texts.write((b"\n," if is_begun else b"") + _dumped(_post(labeled, names)))
            is_begun, before = True, b"\n,"
            tally.posts += not labeled.is_left_out
            tally.annotations += sum(1 for each in (*labeled.annotations, *labeled.thread_annotations) if each.uuid)
            yield from records.of_post(labeled)
        if is_begun:
            texts.write(b"]}")


def _collection_name(names: WebNames, selection: Selection) -> str:
    """Return the IRI of a collection: another one for another choice of annotations, and for each split."""
    options, threads = selection.options, selection.thread_ids
    split = selection.split_of[threads[0]] if selection.splits and threads else ""
    names_of_what = (options.thread, options.annotator, options.aggregate, *options.labels, split)
    choices = (options.is_gold, options.only_reviewed, options.redact, options.pseudonymize is not None)
    return names.made("collection", *(each or "" for each in names_of_what), *map(str, choices))


def _opening(collection: str, names: WebNames, selection: Selection) -> bytes:
    codebook = selection.codebook
    head = {
        "@context": CONTEXT,
        "id": collection,
        "type": "AnnotationCollection",
        "label": f"Annotations by the codebook {codebook.name}",
        "generator": {"id": names.made("generator"), "type": "Software", "name": "Postil"},
        "conformsTo": _scheme(names, selection),
    }
    return b"{\n" + b"".join(_member(name, value) for name, value in head.items())


def _page_opening(page: str, collection: str) -> bytes:
    head = {"id": page, "type": "AnnotationPage", "partOf": collection, "startIndex": 0}
    return b'"first": ' + _dumped(head)[:-1] + b',"items": ['


def _scheme(names: WebNames, selection: Selection) -> dict[str, Any]:
    """Return the codebook as a SKOS scheme: each label a concept, narrower ones within wider ones."""
    record = codebook_record(selection)
    scheme = names.made("codebook", selection.codebook.name)
    facts = {"skos:prefLabel": record["name"], "skos:definition": record.get("description")}
    labels: list[dict[str, Any]] = record["labels"]
    known = {label["id"] for label in labels}

    def concepts(parent: str | None) -> list[dict[str, Any]]:
        return [concept(label) for label in labels if _parent(label) == parent]

    def _parent(label: dict[str, Any]) -> str | None:
        return label.get("parent") if label.get("parent") in known else None

    def concept(label: dict[str, Any]) -> dict[str, Any]:
        more = {"skos:definition": label.get("description"), "skos:narrower": concepts(label["id"])}
        own = {name: value for name, value in label.items() if name not in {"id", "name", "description"}}
        return {
            "id": names.made("label", label["id"]),
            "type": "skos:Concept",
            "skos:inScheme": {"id": scheme},
            "skos:notation": label["id"],
            "skos:prefLabel": label["name"],
            **{name: value for name, value in more.items() if value},
            "postil": own,
        }

    return {
        "id": scheme,
        "type": "skos:ConceptScheme",
        **{name: value for name, value in facts.items() if value},
        "skos:hasTopConcept": concepts(None),
    }


def _annotators(selection: Selection) -> list[dict[str, str]]:
    return [
        {"name": each.name, "kind": each.kind.value}
        for each in selection.annotators.values()
        if selection.annotator_id in {None, each.id}
    ]


def _thread_opening(labeled: LabeledPost, names: WebNames) -> bytes:
    thread = labeled.thread
    facts = {"source": names.thread(thread), "thread": thread.key, "title": thread.title, "url": thread.url}
    more = {"meta": dict(thread.meta)} if thread.meta else {}
    return _dumped({**facts, **more})[:-1] + b',"posts": ['


def _post(labeled: LabeledPost, names: WebNames) -> dict[str, Any]:
    post = labeled.post
    more = {
        "uncertain": post.uncertain,
        "reviewed_by": labeled.reviewers,
        "flagged_by": labeled.flaggers,
        "seconds": labeled.seconds,
        "is_left_out": labeled.is_left_out,
        "meta": post.meta,
    }
    return {
        "source": names.post(labeled.thread, post),
        "post": post.key,
        "parent": post.parent,
        "kind": post.kind.value,
        "author": post.author,
        "created_at": post.created_at,
        "text": post.text,
        **{name: value for name, value in more.items() if value},
    }


def _member(name: str, value: object) -> bytes:
    return _dumped(name) + b": " + _dumped(value) + b",\n"


def _dumped(value: object) -> bytes:
    return dump_json(value).encode()
