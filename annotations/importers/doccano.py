"""The importer of doccano's exports: JSON lines, a JSON list or CSV, or the folder of files that has one for each annotator.

Source: github.com/doccano/doccano, backend/data_export: `text` (once `data`), `label` (once `labels`) as `[start, end, label]` or
as names, `entities` (`id`, `label`, `start_offset`, `end_offset`), `relations` (`id`, `from_id`, `to_id`, `type`), `cats`,
`Comments`. Files are called after their annotators; `all` and `unknown` are none.

Its editor counts the units of UTF-16, a program that feeds it mostly counts code points, and a file does not say which: where
the two differ, the count is taken by which more spans begin and end with words. `--map offsets=utf-16` or
`offsets=code-points` says which.
"""

from __future__ import annotations

import csv
from itertools import islice
from pathlib import PurePath
from typing import TYPE_CHECKING

from msgspec.structs import replace

from annotations.errors import SourceError
from annotations.importers.labeled.documents import (
    NO_PLACE,
    NO_TEXT,
    UTF_16,
    Document,
    DocumentMaker,
    DocumentText,
    as_name,
    label_of,
)
from annotations.importers.labeled.joined_records import JoinedRecords
from annotations.importers.labeled.rendition import settle
from annotations.importers.reading.json_documents import has_lines, read_entries, read_lines
from annotations.importers.reading.json_fields import Record, each_record
from annotations.importers.reading.json_marks import look
from annotations.importers.reading.making import make_meta
from annotations.importers.tabular.delimited import name_columns, read_delimited
from annotations.importers.tabular.dialect import Dialect
from annotations.model import ARTICLE_KEY, GivenMark, MarkKind, Scope
from annotations.sources.cleaning import clean
from annotations.words import is_edge

if TYPE_CHECKING:
    from collections.abc import Iterator

    from annotations.model import GivenAnnotation, Thread
    from annotations.sources.source import Source

name = "doccano"
title = "doccano: labeled texts as JSON lines, JSON or CSV, of one annotator or a folder of several"
keeps = "spans, relations, labels of texts, comments, annotators by file, all other fields as meta"
loses = "nothing of the record"
maps = ("offsets",)

_SURE, _LIKELY, _MAYBE = 0.95, 0.9, 0.45
_TEXTS = ("text", "data")
_NOBODY = ("all", "unknown", "unlabeled")
_SUFFIXES = (".jsonl", ".json", ".csv")
_BESIDE = frozenset(
    ("label_config.json", "relation_config.json", "manifest.json", "report.json", "datapackage.json", "croissant.json")
)
"""What Postil writes beside the texts."""

_COLUMNS = ({"text", "label"}, {"data", "label"}, {"text", "labels"})
_LIST = 3
CODE_POINTS = "code-points"


def sniff(source: Source) -> float:
    """Say how sure it is that the source is doccano's: by the fields that its exports have."""
    if source.is_folder:
        sures = [sniff(member) for member in islice(_files(source), 8)]
        return min(sures) if sures else 0.0
    marks = look(source)
    for at in ("", "*/"):
        if not (marks.has(f"{at}text") or marks.has(f"{at}data")) or marks.has(f"{at}annotations"):
            continue
        if marks.has(f"{at}entities/*/start_offset", f"{at}entities/*/end_offset"):
            return _SURE
        if marks.has(f"{at}entities", f"{at}relations") or marks.has(f"{at}Comments"):
            return _LIKELY
        if marks.has(f"{at}label/*/*") or marks.has(f"{at}labels/*/*"):
            return _LIKELY if not _has_objects(marks.fields, at) else 0.0
        if marks.has(f"{at}label/*") and not _has_objects(marks.fields, at):
            return _MAYBE
    header = source.start.split("\n", 1)[0].strip().lower()
    columns = {column.strip('"') for column in header.split(",")}
    is_table = any(columns >= wanted for wanted in _COLUMNS) and "comments" in columns
    return _LIKELY if is_table else 0.0


def _files(source: Source) -> Iterator[Source]:
    """Yield the files of a folder that hold texts; all of them where none is called as if it did."""
    members = [member for member in source.members() if not member.is_folder]
    named = [each for each in members if PurePath(each.name).suffix.lower() in _SUFFIXES]
    yield from [each for each in named if PurePath(each.name).name not in _BESIDE] or members


def _has_objects(fields: frozenset[str], at: str) -> bool:
    """Tell whether labels are objects: then it is another tool's."""
    return any(field.startswith((f"{at}label/*/", f"{at}labels/*/")) and not field.endswith("*") for field in fields)


def read(source: Source) -> Iterator[Thread]:
    """Yield a thread for each text; what several annotators have put on one text comes together."""
    maker = DocumentMaker(source, name)
    if not source.is_folder:
        for record in _records(source):
            if (document := _Reading(record, None).document) is not None:
                yield maker.make(document)
        return
    annotators: list[str | None] = []
    joined = JoinedRecords()
    for member in _files(source):
        stem = PurePath(member.relative).stem
        for record in _records(member):
            joined.add(_about(record), len(annotators), record)
        annotators.append(None if stem.lower() in _NOBODY else as_name(source, stem))
        member.forget()
    for group in joined.groups(source):
        read_ = (_Reading(record, annotators[file]).document for file, record in group)
        documents = [document for document in read_ if document is not None]
        for other in documents[1:]:
            documents[0].annotations += other.annotations
            documents[0].marks += other.marks
            documents[0].labels = (*documents[0].labels, *other.labels)
        if documents:
            yield maker.make(documents[0])


def _about(record: Record) -> tuple[str, str]:
    """Return which document a record is about: what it is called, and what it says."""
    blocks = _blocks(record)
    thread = blocks.get("thread") if isinstance(blocks, dict) and isinstance(blocks.get("layout"), int) else None
    key = as_name(record.source, thread) or record.as_key(record.peek("id")) or record.where
    raw = next((value for each in _TEXTS if isinstance(value := record.peek(each), str)), "")
    return key, clean(raw)[0]


def _blocks(record: Record) -> object:
    """Return what Postil says of a document that it made of a thread."""
    blocks, meta = record.peek("postil"), record.peek("meta")
    return meta.get("postil") if blocks is None and isinstance(meta, dict) else blocks


def _records(source: Source) -> Iterator[Record]:
    """Yield the records of a file, whatever it is written in; one is in memory at a time where it has a record a line, or is a list."""
    if has_lines(source):
        yield from read_lines(source)
    elif source.kind == "JSON":
        for number, fields in enumerate(each_record(source, read_entries(source), "record"), 1):
            yield Record(source, fields, f"record {number}")
    else:
        names = next(csv.reader(source.start.lstrip("\ufeff").split("\n", 1)), [])
        if not {*_TEXTS} & {column.strip().lower() for column in names}:
            raise SourceError(f"{source.shown} is no export of doccano", "Each of its records has a text.")
        dialect = Dialect(delimiter=",", names=tuple(names))
        for number, row in enumerate(read_delimited(source, dialect, name_columns(names)), 1):
            yield Record(source, row.fields, f"row {number}")


class _Reading:
    """One record, read as a document."""

    def __init__(self, record: Record, annotator: str | None) -> None:
        self._source = record.source
        self._where = record.where
        self._annotator = annotator
        self._found: list[GivenAnnotation] = []
        raw = next((value for each in _TEXTS if isinstance(value := record.peek(each), str)), None)
        if raw is None:
            self._source.problems.add(NO_TEXT, self._where, "it was left out")
            self.document: Document | None = None
            return
        self._text = DocumentText(self._source, raw)
        record.drop(*_TEXTS)
        key = record.key("id")
        blocks = _blocks(record)
        self._is_utf16 = self._text.is_astral and _counts_utf16(self._source, self._text, record, blocks)
        for field in ("label", "labels", "cats", "entities"):
            self._labels(record, field)
        self._relations(record)
        notes = [self._comment(each) for field in ("Comments", "comments") for each in record.list(field)]
        marks = [
            GivenMark(
                kind=MarkKind.NOTE, post=ARTICLE_KEY, annotator=self._annotator, note="\n".join(filter(None, notes))
            )
        ]
        record.drop("postil")
        self.document = Document(
            text=self._text,
            key=key or self._where.replace(" ", "-"),
            meta=make_meta(record.rest),
            annotations=self._found,
            marks=marks if any(notes) else [],
            blocks=blocks,
        )
        settle(self._source, self.document, lambda id_, scope: self._key(id_, "r" if scope is Scope.RELATION else ""))

    def _labels(self, record: Record, field: str) -> None:
        value = record.peek(field)
        entries = [part for part in value.split("#") if part] if isinstance(value, str) else value
        if not isinstance(entries, list):
            return
        record.drop(field)
        for entry in entries:
            if isinstance(entry, dict):
                self._span(entry.get("start_offset"), entry.get("end_offset"), entry.get("label"), entry.get("id"))
            elif isinstance(entry, list) and len(entry) >= _LIST:
                self._span(entry[0], entry[1], entry[2], None)
            else:
                label = entry[0] if isinstance(entry, list) and len(entry) == 1 else entry
                given = label_of(self._source, self._where, label, scope=Scope.POST, annotator=self._annotator)
                self._found.append(given)

    def _span(self, start: object, end: object, label: object, key: object) -> None:
        span = self._text.span(start, end, is_utf16=self._is_utf16)
        given = label_of(self._source, self._where, label, annotator=self._annotator, key=self._key(key))
        if span is None or span.start >= len(self._text.text):
            self._source.problems.add(NO_PLACE, self._where, "its label was put on the text as a whole")
            note = f"at {as_name(self._source, start)}:{as_name(self._source, end)}"
            self._found.append(replace(given, scope=Scope.POST, note=note))
        else:
            self._found.append(replace(given, span=span))

    def _relations(self, record: Record) -> None:
        for entry in record.list("relations"):
            fields = entry if isinstance(entry, dict) else {}
            given = label_of(
                self._source, self._where, fields.get("type"), scope=Scope.RELATION, annotator=self._annotator
            )
            ends = self._key(fields.get("from_id")), self._key(fields.get("to_id"))
            key = self._key(fields.get("id"), "r")
            self._found.append(replace(given, key=key, from_key=ends[0], to_post=ARTICLE_KEY, to_key=ends[1]))

    def _key(self, value: object, kind: str = "") -> str:
        """Return a key that is this annotator's own: each file may count from 1."""
        word = as_name(self._source, value)
        return f"{kind}{self._annotator}/{word}" if word and self._annotator else f"{kind}{word}" if word else ""

    def _comment(self, value: object) -> str:
        if isinstance(value, dict):
            said, by = value.get("text"), as_name(self._source, value.get("username"))
            told = self._source.clean(said) if isinstance(said, str) else ""
            return f"{by}: {told}" if by else told
        return self._source.clean(value) if isinstance(value, str) else ""


def _counts_utf16(source: Source, text: DocumentText, record: Record, blocks: object) -> bool:
    """Tell whether offsets count units of UTF-16, in a text in which that matters."""
    said = source.mapping.get("offsets") or (blocks.get("offsets") if isinstance(blocks, dict) else None)
    if said in {UTF_16, CODE_POINTS}:
        return bool(said == UTF_16)
    if isinstance(blocks, dict):
        return False
    edges = dict.fromkeys((True, False), 0)
    for start, end in _places(record):
        for is_utf16 in edges:
            span = text.span(start, end, is_utf16=is_utf16)
            if span is not None and span.end <= len(text.text):
                edges[is_utf16] += is_edge(text.text, span.start) + is_edge(text.text, span.end)
    return edges[True] >= edges[False]


def _places(record: Record) -> Iterator[tuple[object, object]]:
    for field in ("label", "labels", "entities"):
        value = record.peek(field)
        for entry in value if isinstance(value, list) else []:
            if isinstance(entry, dict):
                yield entry.get("start_offset"), entry.get("end_offset")
            elif isinstance(entry, list) and len(entry) >= _LIST:
                yield entry[0], entry[1]
