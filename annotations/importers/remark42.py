"""The importer of Remark42: its backup, a comment a line, and the answer of its API for a page.

Sources: github.com/umputun/remark42, `backend/app/store/comment.go` for the fields (`pid` is "" at the top, `text` is HTML,
`orig` what was typed, `delete`, `locator`), `backend/app/migrator/native.go` for the backup (first a line of what is known of
people and pages, then a comment a line, gzipped or not), and the README, *Commenting*, for `GET /api/v1/find` (`comments`,
in the format `tree` each with its `replies`, and `info`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from annotations.importers.reading.json_documents import has_lines, read_documents, read_lines
from annotations.importers.reading.json_fields import Record
from annotations.importers.reading.json_marks import look
from annotations.importers.reading.making import ThreadMaker, make_meta
from annotations.model import ARTICLE_KEY, Post, PostKind
from annotations.store.spool import Spool
from annotations.work import CHUNK

if TYPE_CHECKING:
    from collections.abc import Iterator

    from annotations.model import Thread
    from annotations.sources.source import Source

name = "remark42"
title = "Remark42: its backup, or what its API answers for a page"
keeps = "a thread for each page, replies, authors, times, deleted comments, votes and all other fields"
loses = "the article, of which Remark42 knows the title and the address"

_SURE = 0.95
_LIKELY = 0.9


def sniff(source: Source) -> float:
    """Say how sure it is that the source is Remark42's: by what its comments have in them."""
    marks = look(source)
    if marks.has("locator/url", "pid", "user/id"):
        return _SURE
    if marks.has("comments/*/comment/locator/url") or marks.has("comments/*/locator/url", "comments/*/pid"):
        return _SURE
    if not marks.has("version", "users", "posts"):
        return 0.0
    behind = source.start.lstrip("\ufeff \n").partition("\n")[2]
    if not behind.strip():
        return _LIKELY  # a backup without comments
    return _SURE if '"locator"' in behind and '"pid"' in behind else 0.0


def read(source: Source) -> Iterator[Thread]:
    """Yield a thread for each page, in the order in which they first appear."""
    maker = ThreadMaker(source, name)
    pages: dict[str, dict[str, object]] = {}
    with Spool(source.work) as spool:
        for number, record in enumerate(_records(source), 1):
            if not record.fields.keys() & {"text", "locator", "pid"}:
                _note_pages(record, pages)
                continue
            url = record.source.clean(str(record.child("locator").peek("url") or ""))
            if headline := record.name("title"):
                pages.setdefault(url, {}).setdefault("title", headline)
            pages.setdefault(url, {})
            spool.add(url, _read_comment(record, f"comment-{number}", url))
        if not len(spool) and not pages:
            pages[""] = {}
        for url in pages:
            spool.add_thread_fact(url, "page", value=True)  # a page without a comment is a thread all the same
        for url, posts in spool.threads():
            page = pages.get(url, {})
            headline = str(page.get("title") or url or source.stem or name)
            article = Post(key=ARTICLE_KEY, parent=None, kind=PostKind.ARTICLE, text=headline)
            facts = {field: value for field, value in page.items() if field != "title"}
            yield maker.make(
                article,
                posts,
                key=url if len(pages) > 1 else "",
                title=headline,
                url=url or None,
                meta=make_meta(facts),
            )


def _records(source: Source) -> Iterator[Record]:
    """Yield what stands in a backup's lines, or the comments of an answer of the API, each before those below it."""
    marks = look(source)
    if has_lines(source) or marks.has("locator", "pid") or marks.has("version", "users", "posts"):
        yield from read_lines(source)
        return
    for document in read_documents(source):
        if not isinstance(document, dict):
            continue
        yield from _flatten(source, document.get("comments"))


def _flatten(source: Source, comments: object) -> Iterator[Record]:
    waiting = list(reversed(comments)) if isinstance(comments, list) else []
    number = 0
    while waiting:
        number += 1
        if not number % CHUNK:
            source.work.check()
        entry = waiting.pop()
        fields = entry.get("comment", entry) if isinstance(entry, dict) else None
        if not isinstance(fields, dict):
            source.problems.add("is no record", f"comment number {number}", "it was left out")
            continue
        yield Record(source, fields, f"comment {fields.get('id', f'number {number}')}"[:60])
        replies = entry.get("replies")
        waiting += reversed(replies) if isinstance(replies, list) else []


def _read_comment(record: Record, fallback: str, url: str) -> Post:
    """Make a post of a comment; it is shown as the HTML that Remark42 made of it, what was typed stays in `orig`."""
    key = record.identify(fallback, "id")
    parent = record.key("pid") or None
    if record.peek("pid") == "":
        record.drop("pid")
    body = record.text("text")
    markup = "html" if body else ""
    if not body and record.peek("orig"):
        body, markup = record.text("orig"), "markdown"
    author = record.child("user").name("name")
    is_deleted = record.peek("delete") is True
    if author == "deleted" and record.child("user").peek("id") == "deleted":
        author = None
    created_at = record.time("time")
    meta = make_meta(
        record.rest, markup=markup, is_deleted=is_deleted, url=f"{url}#remark42__comment-{key}" if url else ""
    )
    return Post(key=key, parent=parent, text=body, author=author, created_at=created_at, meta=meta)


def _note_pages(record: Record, pages: dict[str, dict[str, object]]) -> None:
    """Note what the first line of a backup says of pages."""
    for page in record.list("posts"):
        if isinstance(page, dict):
            fields = Record(record.source, page, record.where)
            if url := fields.text("url"):
                pages.setdefault(url, {}).update(fields.rest)
