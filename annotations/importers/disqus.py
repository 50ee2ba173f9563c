"""The importer of Disqus' XML export: all threads of a forum, and their posts.

Threads and posts stand beside each other in the file and name each other by `dsq:id`; an article is no more than a title and
a link. Source of the fields: disqus.com/api/schemas/1.0/disqus.xsd, as named in the exports, and Disqus' help,
"Comments Export". An export of a site lists every page that ever showed the comment box, so most threads are empty.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from annotations.importers.reading.ending import with_last_words
from annotations.importers.reading.json_fields import Record
from annotations.importers.reading.making import ThreadMaker, absent_article, join_headline, make_meta
from annotations.importers.reading.xml_records import read_records
from annotations.model import ARTICLE_KEY, Post, PostKind
from annotations.store.spool import Spool

if TYPE_CHECKING:
    from collections.abc import Iterator

    from annotations.importers.reading.xml_records import XmlRecord
    from annotations.model import Thread
    from annotations.sources.source import Source

name = "disqus"
title = "Disqus: the XML export of a forum"
keeps = "threads and answers, authors, times, HTML, what is deleted or spam, categories, addresses"
loses = "threads without comments beside others that have some, which are counted"

_SURE = 0.98
_LIKELY = 0.6
_SIGN = "<disqus"
_ADDRESS = "disqus.com/disqus-internals"
_LOOKED_AT = 4096
_UNKNOWN = "unknown"
_NOWHERE = "Posts that name no thread"
_RECORDS = ("category", "thread", "post")


def sniff(source: Source) -> float:
    """Say how sure it is that the source is an export: from its root element and its namespace."""
    if source.is_folder:
        return 0.0
    start = source.start[:_LOOKED_AT]
    at = start.find(_SIGN)
    if at < 0 or not start.lstrip("\ufeff` \t\n").startswith("<"):
        return 0.0
    return _SURE if _ADDRESS in start or "dsq:id" in start else _LIKELY


def read(source: Source) -> Iterator[Thread]:
    """Yield the threads that have posts; if none has, all."""
    with Spool(source.work) as spool:
        export = _Export(source, spool)
        for record in read_records(source, *_RECORDS):
            if record.name == "post" or len(record.fields) > 1:  # else it is what a broken post names
                export.add(record)
        yield from with_last_words(export.threads(), export.last_words)


class _Export:
    """What an export holds, as far as it is read."""

    def __init__(self, source: Source, spool: Spool) -> None:
        self._source = source
        self._spool = spool
        self._threads: set[str] = set()
        self._discussed: set[str] = set()
        self._categories: dict[str, str] = {}

    def add(self, record: XmlRecord) -> None:
        """Take a record."""
        where = f"line {record.line}"
        fields = Record(self._source, record.fields, where)
        if record.name == "category":
            self._categories[fields.key("@id")] = fields.name("title") or ""
        elif record.name == "thread":
            self._add_thread(fields, where)
        else:
            self._add_post(fields, where, is_cut=record.is_cut)

    def threads(self) -> Iterator[Thread]:
        """Yield the threads."""
        maker = ThreadMaker(self._source, name)
        is_one = len(self._discussed or self._threads) == 1
        for key, posts in self._spool.threads():
            if self._discussed and key not in self._discussed:
                continue
            facts = self._spool.thread_facts(key)
            said = {field: value for field, value in facts.items() if isinstance(value, str)}
            headline, url = said.get("title", ""), said.get("link") or None
            shown = headline or url or (_NOWHERE if key == _UNKNOWN else f"Thread {key}")
            yield maker.make(
                self._make_article(facts, shown),
                posts,
                key="" if is_one else key,
                title=shown,
                url=url,
                meta=make_meta(_object(facts.get("raw")), category=self._categories.get(said.get("category", ""), "")),
            )

    def _make_article(self, facts: dict[str, object], headline: str) -> Post:
        """Make the article of what was kept of the thread; it is missing where no thread has the id that posts name."""
        if "title" not in facts:
            return absent_article(headline=headline)
        body, author, created_at = (str(facts.get(field) or "") for field in ("message", "author", "createdAt"))
        return Post(
            key=ARTICLE_KEY,
            parent=None,
            kind=PostKind.ARTICLE,
            text=join_headline(headline, body),
            author=author or None,
            created_at=created_at or None,
            meta=make_meta({}, markup="html" if body else ""),
        )

    def last_words(self) -> str:
        """Return what is to be said in the end of what was left out."""
        empty = len(self._threads - self._discussed)
        if not empty or not self._discussed:
            return ""
        many = "1 thread without comments was" if empty == 1 else f"{empty:,} threads without comments were"
        return f"{many} left out."

    def _add_thread(self, fields: Record, where: str) -> None:
        key = fields.identify(where.replace(" ", "-"), "@id")
        if key in self._threads:
            self._source.problems.add("has an id that another thread has", where, "the first one counts")
            return
        self._threads.add(key)
        author = fields.child("author")
        facts: dict[str, object] = {
            "title": fields.name("title") or "",
            "link": fields.text("link").strip(),
            "message": fields.text("message").strip(),
            "createdAt": fields.time("createdAt", is_due=False),
            "author": author.name("name", "username"),
            "category": fields.child("category").key("@id"),
        }
        fields.settle("author", author)
        facts["raw"] = fields.rest
        for field, value in facts.items():
            self._spool.add_thread_fact(key, field, value)

    def _add_post(self, fields: Record, where: str, *, is_cut: bool) -> None:
        key = fields.identify(where.replace(" ", "-"), "@id")
        thread = fields.child("thread").key("@id")
        if not thread:
            self._source.problems.add("names no thread", f"comment {key}", "it stands in a thread of such posts")
            thread = _UNKNOWN
        self._discussed.add(thread)
        parent, author = fields.child("parent"), fields.child("author")
        post = Post(
            key=key,
            parent=parent.key("@id") or None,
            text=fields.text("message").strip(),  # around it stands the indent of the file
            author=author.name("name", "username"),
            created_at=fields.time("createdAt", is_due=not is_cut),
        )
        fields.drop("thread", "parent")
        fields.settle("author", author)
        is_deleted, is_spam = (fields.peek(field) == "true" for field in ("isDeleted", "isSpam"))
        meta = make_meta(fields.rest, markup="html", is_deleted=is_deleted, is_spam=is_spam)
        self._spool.add(thread, replace(post, meta=meta))


def _object(value: object) -> dict[str, object]:
    return value if isinstance(value, dict) else {}
