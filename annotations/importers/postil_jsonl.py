"""The importer of Postil's JSON Lines, as `annotations.exporters.jsonl` writes them: a post a line with all that is put on it.

How long the annotators were at a post goes into the post's meta, and a thread's split into the thread's; what annotators saw
beside a post is left out, for the thread has it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from annotations.importers.labeled.documents import DocumentMaker
from annotations.importers.labeled.postil_records import MARKS, GivenRecords, whole_object
from annotations.importers.reading.assemble import assemble
from annotations.importers.reading.json_documents import read_lines
from annotations.importers.reading.json_fields import records_in
from annotations.importers.reading.json_marks import look
from annotations.importers.reading.making import first_words
from annotations.model import ARTICLE_KEY, Post, PostKind, Scope

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from annotations.importers.reading.json_fields import Record
    from annotations.model import Thread
    from annotations.sources.source import Source

name = "postil_jsonl"
title = "Postil's JSON Lines: posts with all that was put on them"
keeps = "posts, trees, meta, labels, relations, notes, attributes, reviews, flags, annotators, the names of annotations"
loses = "rules and guidelines of the codebook, and what its labels mean"

_SURE = 0.99
_FIELDS = ("thread", "post", "position", "depth", "text", "labels", "spans", "relations")
_LISTS = (
    (Scope.POST, "labels"),
    (Scope.SPAN, "spans"),
    (Scope.RELATION, "relations"),
    (Scope.THREAD, "thread_labels"),
    (Scope.RELATION, "thread_relations"),
)


def sniff(source: Source) -> float:
    """Say how sure it is that the source is an export of Postil's: by its fields."""
    return _SURE if look(source).has(*_FIELDS) else 0.0


def read(source: Source) -> Iterator[Thread]:
    """Yield the threads of the file; one is in memory at a time."""
    maker = DocumentMaker(source, name)
    reading: _Reading | None = None
    for record in read_lines(source):
        key = record.key("thread")
        if reading is not None and reading.key != key:
            yield reading.thread(maker)
            reading = None
        if reading is None:
            reading = _Reading(source, key)
        reading.add(record)
    if reading is not None:
        yield reading.thread(maker)


class _Reading:
    """A thread, as its lines are read."""

    def __init__(self, source: Source, key: str) -> None:
        self.key = key
        self._source = source
        self._posts: list[Post] = []
        self._given = GivenRecords(source)
        self._title = ""
        self._url: str | None = None
        self._meta: Mapping[str, object] = {}

    def add(self, record: Record) -> None:
        """Add a line."""
        where, given = record.where, self._given
        key = record.identify(where.replace(" ", "-"), "post")
        self._title = self._title or record.name("title") or ""
        if not self._posts or record.peek("position") == 0:
            self._url = self._url or record.name("url")
            self._meta = self._meta or whole_object(record, "thread_meta")
        if split := record.name("split"):
            self._meta = {**self._meta, "split": split}
        for scope, field in _LISTS:
            for number, entry in enumerate(records_in(self._source, record.list(field), f"{where}, {field}"), 1):
                post = None if field.startswith("thread_") else key
                given.add_told(entry, scope, post, f"{where}, {field} {number}")
        given.mark_all(key, record.fields)
        record.drop(*MARKS)
        self._posts.append(self._post(record, key))

    def _post(self, record: Record, key: str) -> Post:
        parent = record.key("parent") or None
        is_article = record.peek("kind") == PostKind.ARTICLE.value and not self._posts
        reasons = [self._source.clean(each) for each in record.list("uncertain") if isinstance(each, str)]
        record.drop("kind", "position", "depth", "title", "url", "thread_meta", "thread", "meta", "context")
        text, author, moment = record.text("text"), record.name("author"), record.time("created_at", is_due=False)
        meta = whole_object(record, "meta")
        if record.peek("seconds"):
            meta["seconds"] = record.peek("seconds")
        record.drop("seconds")
        if rest := record.rest:
            meta["raw"] = rest
        return Post(
            key=key,
            parent=None if is_article else parent,
            kind=PostKind.ARTICLE if is_article else PostKind.COMMENT,
            text=text,
            author=author,
            created_at=moment,
            uncertain=tuple(reasons),
            meta=meta,
        )

    def thread(self, maker: DocumentMaker) -> Thread:
        """Return what was read as a thread."""
        posts = self._posts
        if posts[0].kind is not PostKind.ARTICLE:
            # The file is cut, or of single posts: they answer an article that it does not have.
            absent = Post(
                key=ARTICLE_KEY, parent=None, kind=PostKind.ARTICLE, text=self._title, meta={"is_missing": True}
            )
            posts = [absent, *posts]
        title = self._title or first_words(posts[0].text)
        records = [replace(post, kind=PostKind.COMMENT) for post in posts[1:]]
        thread = maker.thread(
            assemble(posts[0], records, self._source.problems),
            key=self.key,
            title=title,
            url=self._url,
            labels=self._given.labels.values(),
            annotations=self._given.annotations,
            marks=self._given.marks,
            meta=self._meta,
        )
        return replace(thread, key=self.key or thread.key, is_export=True)
