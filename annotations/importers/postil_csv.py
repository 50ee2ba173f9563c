"""The importer of Postil's CSV, as `annotations.exporters.csv` writes it: an annotation a line, with the post that it is on.

Posts without annotations are not in such a file: what a comment answers there is an empty post. A relation is tied to the
annotations that its row names; in files of older versions, which do not, to the first one at the place that it tells.
The file for Excel is read too, with what it has left of long texts.
"""

from __future__ import annotations

import csv
import io
import json
import sys
from typing import TYPE_CHECKING

from msgspec.structs import replace

from annotations.importers.labeled.documents import DocumentMaker, as_name
from annotations.importers.labeled.postil_records import GivenRecords, place_of, whole_object
from annotations.importers.reading.assemble import assemble
from annotations.importers.reading.json_fields import Record
from annotations.importers.reading.making import absent_article, first_words
from annotations.importers.reading.times import from_any
from annotations.model import ARTICLE_KEY, Post, PostKind, Scope
from annotations.work import CHUNK

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from annotations.model import Thread
    from annotations.sources.source import Source
    from annotations.span import Span

name = "postil_csv"
title = "Postil's CSV: annotations with the posts that they are put on"
keeps = "posts with annotations, labels, relations, notes, attributes, reviews, flags, meta, annotators, the names of annotations"
loses = "posts without annotations, with their reviews and flags; rules and guidelines of the codebook, and what its labels mean"

_SURE = 0.99
_BOM = b"\xef\xbb\xbf"
_HEADER = "annotation,thread,title,post,parent,kind,position,depth,author,label,label_name,scope,annotator,start_char,end_char,"
_NOTE = "note"
"""The scope of a row that is a note on a post."""

_FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")
INCOMPLETE = "It has only the posts on which something was put: empty ones stand for those that they answer."


def sniff(source: Source) -> float:
    """Say how sure it is that the source is an export of Postil's: by its header."""
    return _SURE if source.head.removeprefix(_BOM).startswith(_HEADER.encode()) else 0.0


def read(source: Source) -> Iterator[Thread]:
    """Yield the threads of the file; one is in memory at a time."""
    maker = DocumentMaker(source, name)
    reading: _Reading | None = None
    for number, row in _rows(source):
        key = as_name(source, row.get("thread"))
        if reading is not None and reading.key != key:
            yield reading.thread(maker)
            reading = None
        if reading is None:
            reading = _Reading(source, key)
        reading.add(row, f"row {number}")
    if reading is not None:
        yield reading.thread(maker)


def _rows(source: Source) -> Iterator[tuple[int, Mapping[str, object]]]:
    before = csv.field_size_limit(min(sys.maxsize, 2**31 - 1))  # a text is longer than what the module takes
    is_excel = source.head.startswith(_BOM)
    source.work.begin("Reading", source.size, "bytes")
    try:
        with source.open() as stream, io.TextIOWrapper(stream, "utf-8-sig", errors="replace", newline="") as text:
            rows = csv.DictReader(_without_nul(text))
            for number, row in enumerate(rows, 2):
                if not number % CHUNK:
                    source.work.check()
                fields = {str(column): cell for column, cell in row.items() if isinstance(cell, str)}
                if None in row or None in row.values():
                    source.problems.add(
                        "has another number of cells than the header", f"row {number}", "what there is was taken"
                    )
                yield number, {each: _plain(cell) for each, cell in fields.items()} if is_excel else fields
    except csv.Error as error:
        source.problems.add(f"cannot be read as CSV ({error})", "a row", "it and what follows was left out")
    finally:
        csv.field_size_limit(before)


def _without_nul(lines: io.TextIOWrapper) -> Iterator[str]:
    for line in lines:
        yield line.replace("\0", "")


def _plain(cell: str) -> str:
    """Return what a cell says without the sign that keeps Excel from taking it for a formula."""
    return cell[1:] if cell.startswith(tuple(f"'{sign}" for sign in _FORMULA_SIGNS)) else cell


class _Reading:
    """A thread, as its rows are read."""

    def __init__(self, source: Source, key: str) -> None:
        self.key = key
        self._source = source
        self._title = ""
        self._url: str | None = None
        self._meta: dict[str, object] = {}
        self._posts: dict[str, Post] = {}
        self._given = GivenRecords(source)
        self._relations: list[tuple[Mapping[str, object], str | None, str]] = []
        self._number = 0

    def add(self, row: Mapping[str, object], where: str) -> None:
        """Add a row."""
        source = self._source
        self._see_thread(row)
        post = as_name(source, row.get("post")) or None
        if post is not None and post not in self._posts:
            self._posts[post] = self._post(row, post, where)
            marks = {"reviewed_by": _json(row.get("reviewed_by")), "flagged_by": _json(row.get("flagged_by"))}
            self._given.mark_all(post, marks)
        said = row.get("scope")
        if said == _NOTE and post is not None:
            self._given.mark_all(post, {"notes": [{**row, "written_at": row.get("created_at")}]})
            return
        try:
            scope = Scope(str(said))
        except ValueError:
            source.problems.add("has a scope that is none", where, "it was left out")
            return
        fields = {**row, "attributes": _json(row.get("attributes"))}
        if scope is Scope.RELATION:
            self._relations.append((fields, post, where))
            return
        self._number += 1
        self._given.add(fields, scope, post, where, key=f"row-{self._number}")

    def _see_thread(self, row: Mapping[str, object]) -> None:
        self._title = self._title or as_name(self._source, row.get("title"))
        self._url = self._url or as_name(self._source, row.get("url")) or None
        if not self._meta and row.get("thread_meta"):
            record = Record(self._source, {"meta": _json(row.get("thread_meta"))}, f"thread {self.key}")
            self._meta = whole_object(record, "meta")
        if split := as_name(self._source, row.get("split")):
            self._meta["split"] = split

    def _post(self, row: Mapping[str, object], key: str, where: str) -> Post:
        text = row.get("text")
        is_article = row.get("kind") == PostKind.ARTICLE.value
        told = Record(
            self._source,
            {name: _json(row.get(name)) for name in ("meta", "uncertain", "seconds") if row.get(name)},
            where,
        )
        meta = whole_object(told, "meta")
        if told.peek("seconds"):
            meta["seconds"] = told.peek("seconds")
        return Post(
            key=key,
            parent=None if is_article else as_name(self._source, row.get("parent")) or None,
            kind=PostKind.ARTICLE if is_article else PostKind.COMMENT,
            text=self._source.clean(text) if isinstance(text, str) else "",
            author=as_name(self._source, row.get("author")) or None,
            created_at=from_any(row.get("post_created_at")),
            uncertain=tuple(self._source.clean(each) for each in told.list("uncertain") if isinstance(each, str)),
            meta=meta,
        )

    def _tie(self) -> None:
        """Add the relations, tied to the annotations that are where they start and end."""
        places: dict[tuple[object, ...], str] = {}
        for given in self._given.annotations:
            if given.scope is Scope.SPAN:
                places.setdefault(_place(given.annotator, given.post, given.span, given.quote), given.key)
        for fields, post, where in self._relations:
            annotator = as_name(self._source, fields.get("annotator")) or None
            to_post = as_name(self._source, fields.get("to_post")) or None
            start = _place(annotator, post, place_of(fields), self._said(fields.get("quote")))
            end = _place(annotator, to_post, place_of(fields, "to_"), self._said(fields.get("to_quote")))
            from_key = as_name(self._source, fields.get("from_annotation")) or places.get(start, "")
            to_key = as_name(self._source, fields.get("to_annotation")) or places.get(end, "")
            self._given.add(fields, Scope.RELATION, post, where, to_post=to_post, from_key=from_key, to_key=to_key)
            if to_post is not None and to_post not in self._posts:
                self._posts[to_post] = Post(key=to_post, parent=None, meta={"is_missing": True})

    def _said(self, value: object) -> str:
        return self._source.clean(value) if isinstance(value, str) else ""

    def thread(self, maker: DocumentMaker) -> Thread:
        """Return what was read as a thread."""
        self._tie()
        posts = self._posts
        article = next((post for post in posts.values() if post.kind is PostKind.ARTICLE), None)
        wanted = [post.parent for post in posts.values() if post.parent is not None]
        if article is None:
            key = next((parent for parent in wanted if parent == ARTICLE_KEY), f"{self.key}-article")
            article = absent_article(key, self._title)
            posts = {article.key: article, **posts}
        for parent in wanted:
            if parent not in posts:
                posts[parent] = Post(key=parent, parent=None, meta={"is_missing": True})
        records = [replace(post, kind=PostKind.COMMENT) for post in posts.values() if post is not article]
        thread = maker.thread(
            assemble(article, records, self._source.problems),
            key=self.key,
            title=self._title or first_words(article.text),
            url=self._url,
            meta=self._meta,
            labels=self._given.labels.values(),
            annotations=self._given.annotations,
            marks=self._given.marks,
            warnings=(INCOMPLETE,),
        )
        return replace(thread, key=self.key or thread.key)


def _place(annotator: str | None, post: str | None, span: Span | None, quote: str) -> tuple[object, ...]:
    return annotator, post, span, quote if span is not None or quote else None


def _json(value: object) -> object:
    try:
        return json.loads(str(value)) if value else None
    except (ValueError, RecursionError):
        return None
