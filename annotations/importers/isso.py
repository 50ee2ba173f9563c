"""The importer of Isso: its database, what its API answers for a page, and the JSON that it imports itself.

Sources: github.com/isso-comments/isso, `isso/db/comments.py` and `threads.py` for the tables (`mode` 1 accepted, 2 in
moderation, 4 deleted with replies left; times in seconds; `text` is Markdown), `isso/views/comments.py` for `GET /?uri=…`
(`replies` within each other, `hidden_replies`, `text` as HTML unless `plain=1`), and its documentation, *Advanced
Migration*, for the list of threads with `comments`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from annotations.importers.reading.json_documents import read_documents
from annotations.importers.reading.json_fields import Record, records_in
from annotations.importers.reading.json_marks import look
from annotations.importers.reading.making import ThreadMaker, count_missing, make_meta
from annotations.model import ARTICLE_KEY, Post, PostKind
from annotations.work import CHUNK

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from annotations.model import Thread
    from annotations.sources.source import Source
    from annotations.store.foreign import ForeignDatabase

name = "isso"
title = "Isso: its database, what its API answers for a page, or a list of threads as it imports it"
keeps = "a thread for each page, replies, authors, times, deleted comments and those in moderation, likes and all other fields"
loses = "the article, of which Isso knows the title and the address; the record of who has voted"

_SURE = 0.95
_SQLITE = b"SQLite format 3\x00"
_DELETED = 4


def sniff(source: Source) -> float:
    """Say how sure it is that the source is Isso's: by the tables of its database, or by the fields of its JSON."""
    head = source.head
    if head.startswith(_SQLITE):
        is_ours = b"tid REFERENCES threads(id)" in head or (b"remote_addr" in head and b"dislikes" in head)
        return _SURE if is_ours and b"voters" in head else 0.0
    marks = look(source)
    if marks.has("replies", "total_replies", "hidden_replies"):
        return _SURE
    return _SURE if marks.has("*/id", "*/title", "*/comments/*/remote_addr", "*/comments/*/text") else 0.0


def read(source: Source) -> Iterator[Thread]:
    """Yield a thread for each page, in the order of the source."""
    maker = ThreadMaker(source, name)
    if source.head.startswith(_SQLITE):
        yield from _read_database(maker)
        return
    for document in read_documents(source):
        if isinstance(document, list):
            threads = records_in(source, document, "thread")
            for number, fields in enumerate(threads, 1):
                record = Record(source, fields, f"thread {number}")
                comments = record.list("comments")
                yield _make_thread(maker, record, _flatten(source, comments, None), uri="id", is_one=len(threads) == 1)
        elif isinstance(document, dict):
            record = Record(source, document, "the page")
            comments = record.list("replies")
            missing = _count_hidden(document)
            warnings = (count_missing(missing),) if missing else ()
            posts = _flatten(source, comments, None)
            yield _make_thread(maker, record, posts, uri="uri", is_one=True, warnings=warnings)


def _make_thread(  # noqa: PLR0913  # what a thread is made of
    maker: ThreadMaker,
    record: Record,
    posts: Iterator[Post],
    *,
    uri: str,
    is_one: bool,
    warnings: tuple[str, ...] = (),
) -> Thread:
    """Make a thread of what is known of a page."""
    address, headline = record.text(uri), record.text("title")
    headline = headline or address or maker.source.stem or name
    article = Post(key=ARTICLE_KEY, parent=None, kind=PostKind.ARTICLE, text=headline)
    return maker.make(
        article,
        posts,
        key="" if is_one else address,
        title=headline,
        url=address or None,
        meta=make_meta(record.rest),
        warnings=warnings,
    )


def _flatten(source: Source, comments: list[object], parent: str | None) -> Iterator[Post]:
    """Yield comments, each before those below it."""
    waiting = [(comment, parent) for comment in reversed(comments)]
    number = 0
    while waiting:
        number += 1
        if not number % CHUNK:
            source.work.check()
        fields, above = waiting.pop()
        if not isinstance(fields, dict):
            source.problems.add("is no record", f"comment number {number}", "it was left out")
            continue
        record = Record(source, fields, f"comment {fields.get('id', f'number {number}')}"[:60])
        below = record.list("replies")
        post = _read_comment(record, f"comment-{number}", above)
        yield post
        waiting += [(reply, post.key) for reply in reversed(below)]


def _read_comment(record: Record, fallback: str, above: str | None) -> Post:
    """Make a post of a comment."""
    key = record.identify(fallback, "id")
    parent = record.key("parent") or above
    if record.peek("parent") is None:
        record.drop("parent")
    body = record.text("text")
    author, created_at = record.name("author"), record.time("created")
    is_html = body.lstrip().startswith("<") and ">" in body
    meta = make_meta(
        record.rest,
        markup=("html" if is_html else "markdown") if body else "",
        is_deleted=record.peek("mode") == _DELETED,
    )
    return Post(key=key, parent=parent, text=body, author=author, created_at=created_at, meta=meta)


def _count_hidden(document: Mapping[str, object]) -> int:
    """Return how many comments a page has that the answer leaves out."""
    replies = document.get("replies")
    lists = [document, *(replies if isinstance(replies, list) else [])]
    hidden = [entry.get("hidden_replies") for entry in lists if isinstance(entry, dict)]
    return sum(number for number in hidden if isinstance(number, int) and number > 0)


def _read_database(maker: ThreadMaker) -> Iterator[Thread]:
    from annotations.store.foreign import ForeignDatabase  # noqa: PLC0415  # loaded on use

    source = maker.source
    raw = b""
    path = source.path
    if path is not None:
        with path.open("rb") as stream:
            path = path if stream.read(len(_SQLITE)) == _SQLITE else None  # it may be compressed
    if path is None:
        with source.open() as stream:
            raw = stream.read()
    with ForeignDatabase(source.shown, path, raw, source.work) as database:
        yield from _read_threads(maker, database)


def _read_threads(maker: ThreadMaker, database: ForeignDatabase) -> Iterator[Thread]:
    """Yield the threads of a database in the order of their ids; the comments are read once, sorted by threads."""
    source = maker.source
    comments = _by_thread(source, database)
    waiting = next(comments, None)
    threads = list(database.rows("threads", ("id",)))
    known: set[object] = set()
    for number, fields in enumerate(threads, 1):
        known.add(fields.get("id"))
        posts: list[Post] = []
        while waiting is not None and _sorts_before(waiting[0], fields.get("id")):
            yield _make_stray(maker, *waiting)
            waiting = next(comments, None)
        if waiting is not None and waiting[0] == fields.get("id"):
            posts = waiting[1]
            waiting = next(comments, None)
        record = Record(source, {field: value for field, value in fields.items() if field != "id"}, f"thread {number}")
        yield _make_thread(maker, record, iter(posts), uri="uri", is_one=len(threads) == 1)
    while waiting is not None:
        yield _make_stray(maker, *waiting)
        waiting = next(comments, None)


def _make_stray(maker: ThreadMaker, thread: object, posts: list[Post]) -> Thread:
    """Make a thread of comments on a page that the database does not know any more."""
    maker.source.problems.add("is not in the database", f"thread {thread}", "its comments have a thread of their own")
    record = Record(maker.source, {"title": f"thread {thread}", "uri": ""}, f"thread {thread}")
    return _make_thread(maker, record, iter(posts), uri="uri", is_one=False)


def _by_thread(source: Source, database: ForeignDatabase) -> Iterator[tuple[object, list[Post]]]:
    thread: object = None
    posts: list[Post] = []
    for number, row in enumerate(source.work.heed(database.rows("comments", ("tid", "id"))), 1):
        fields = {
            field: value
            for field, value in row.items()
            if field not in {"tid", "voters"} and not isinstance(value, bytes)
        }
        if posts and row.get("tid") != thread:
            yield thread, posts
            posts = []
        thread = row.get("tid")
        record = Record(source, fields, f"comment {fields.get('id', f'number {number}')}"[:60])
        posts.append(_read_comment(record, f"comment-{number}", None))
    if posts:
        yield thread, posts


def _sorts_before(one: object, other: object) -> bool:
    """Tell whether SQLite sorts a thread's id before another: nothing, then numbers, then texts."""
    return _rank(one) < _rank(other)


def _rank(value: object) -> tuple[int, float, str]:
    if isinstance(value, int | float):
        return 1, value, ""
    return (0, 0.0, "") if value is None else (2, 0.0, str(value))
