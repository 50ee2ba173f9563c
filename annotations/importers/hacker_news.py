"""The importer of Hacker News: items with their answers inside, as hn.algolia.com gives them, or flat ones, as Firebase does.

Sources: hn.algolia.com/api (`/items/:id`: `children`, `parent_id`, `author` and `text`, both null where deleted; `/search`:
flat `hits` with `objectID`, `parent_id`, `story_id`, `comment_text`) and
github.com/HackerNews/API (`kids` in ranked order, `parent`, `by`, `time`, `deleted`, `dead`). Texts are HTML in both, and
so are Firebase's titles. Flat items are read by `hacker_news_items`.
"""

from __future__ import annotations

import html
from typing import TYPE_CHECKING

from msgspec.structs import replace

from annotations.importers.reading.json_documents import has_lines, read_documents, read_lines, unreported
from annotations.importers.reading.json_fields import NO_RECORD, Record, each_record, one_line, place_of
from annotations.importers.reading.json_marks import look
from annotations.importers.reading.making import ThreadMaker, join_headline, make_meta
from annotations.importers.sites import hacker_news_items
from annotations.model import ARTICLE_KEY, Post, PostKind
from annotations.work import CHUNK

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from annotations.model import Thread
    from annotations.sources.source import Source

name = "hacker_news"
title = "Hacker News: items of the Algolia API, what its search found, or the Firebase API's as a list, by id or a line each"
keeps = "stories, polls and their comments, ranks, points, deleted and dead ones, all fields"
loses = "nothing of the record"

_SURE = 0.95
_NO_MORE = object()
_TYPES = ("story", "comment", "job", "poll", "pollopt")


def sniff(source: Source) -> float:
    """Say how sure it is that the source is Hacker News: by the fields that its two APIs have and by their kinds of item."""
    marks = look(source)
    for at in ("", "*/"):
        is_ours = marks.says(f"{at}type", *_TYPES)
        if is_ours and marks.has(f"{at}created_at_i", f"{at}parent_id"):
            return _SURE
        if is_ours and marks.has(f"{at}by", f"{at}time", f"{at}id"):
            return _SURE
    if any(hacker_news_items.is_of_search(marks, at) for at in ("hits/*/", "*/", "")):
        return _SURE
    return _SURE if hacker_news_items.is_by_id(marks) else 0.0


def read(source: Source) -> Iterator[Thread]:
    """Yield a thread for each story, or for each item that was asked for."""
    maker = ThreadMaker(source, name)
    if has_lines(source):
        with unreported(source):
            first = next(read_lines(source), None)
        if first is not None and not _is_nested(first.fields):
            yield from hacker_news_items.read_items(maker, lambda: _line_records(source))
            return
        for record in read_lines(source):
            yield _make_thread(maker, record, is_one=False)
        return
    items = hacker_news_items.list_items(read_documents(source, "children", "hits", is_by_number=True))
    is_one = sum(isinstance(item, dict) for item in items) == 1
    has_flat = False
    for number, item in enumerate(each_record(source, items, "item"), 1):
        if _is_nested(item):
            yield _make_thread(maker, Record(source, item, place_of("item", item.get("id"), number)), is_one=is_one)
        else:
            has_flat = True
    if has_flat:
        yield from hacker_news_items.read_items(maker, lambda: _flat_records(source, items))


def _flat_records(source: Source, items: Iterable[object]) -> Iterator[Record]:
    for number, item in enumerate(items, 1):
        if isinstance(item, dict) and not _is_nested(item):
            flat = hacker_news_items.as_item(item)
            yield Record(source, flat, place_of("item", flat.get("id"), number))


def _line_records(source: Source) -> Iterator[Record]:
    for record in read_lines(source):
        if "objectID" in record.fields:
            yield Record(source, hacker_news_items.as_item(record.fields), record.where)
        else:
            yield record


def _is_nested(item: Mapping[str, object]) -> bool:
    """Tell whether an item is one of Algolia's."""
    return ("children" in item or "created_at_i" in item) and "objectID" not in item


def _make_thread(maker: ThreadMaker, record: Record, *, is_one: bool) -> Thread:
    """Make a thread of an item with its answers."""
    children = record.long_list("children")
    headline = one_line(html.unescape(record.text("title")))
    link = record.text("url")
    story = _read_item(record, None, ARTICLE_KEY, url=link)
    article = replace(story, kind=PostKind.ARTICLE, text=join_headline(headline, story.text))
    return maker.make(
        article,
        _flatten(maker.source, children, article.key),
        key="" if is_one else article.key,
        title=headline,
        url=hacker_news_items.PAGE + article.key,
    )


def _flatten(source: Source, children: Iterable[object], parent: str) -> Iterator[Post]:
    """Yield the answers below an item, each before those to it; however deep they are nested."""
    waiting = [(iter(children), parent)]
    number = 0
    while waiting:
        items, above = waiting[-1]
        item = next(items, _NO_MORE)
        if item is _NO_MORE:
            waiting.pop()
            continue
        number += 1
        if not number % CHUNK:
            source.work.check()
        if not isinstance(item, dict):
            source.problems.add(NO_RECORD, f"an answer to item {above}", "it was left out")
            continue
        record = Record(source, item, place_of("item", item.get("id"), number))
        below = record.long_list("children")
        post = _read_item(record, above, f"item-{number}")
        yield post
        if below:
            waiting.append((iter(below), post.key))


def _read_item(record: Record, parent: str | None, fallback: str, **more: object) -> Post:
    """Make a post of an item, without its headline and its answers."""
    key = record.identify(fallback, "id")
    if parent and record.as_key(record.peek("parent_id")) == parent:
        record.drop("parent_id")
    text, author = record.text("text"), record.name("author")
    created_at = record.time("created_at_i", "created_at")
    if created_at == record.moment("created_at"):
        record.drop("created_at")
    is_deleted = author is None and not text
    return Post(
        key=key,
        parent=parent,
        text=text,
        author=author,
        created_at=created_at,
        meta=make_meta(record.rest, markup="html" if text else "", is_deleted=is_deleted, **more),
    )
