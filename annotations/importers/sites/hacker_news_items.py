"""Flat items of Hacker News, as its Firebase API gives them: each names what it answers, and its answers by rank."""

from __future__ import annotations

import html
from array import array
from typing import TYPE_CHECKING

from msgspec.structs import replace

from annotations.importers.reading.forest import Forest
from annotations.importers.reading.gathering import links_of, reorder
from annotations.importers.reading.json_documents import unreported
from annotations.importers.reading.json_fields import one_line
from annotations.importers.reading.making import absent_article, count_missing, join_headline, make_meta
from annotations.importers.reading.stored_list import StoredList
from annotations.model import ARTICLE_KEY, Post, PostKind
from annotations.store.spool import Spool

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from annotations.importers.reading.json_fields import Record
    from annotations.importers.reading.json_marks import Marks
    from annotations.importers.reading.making import ThreadMaker
    from annotations.model import Thread

PAGE = "https://news.ycombinator.com/item?id="

_OPTION = "pollopt"
_OF_SEARCH = {
    "objectID": "id",
    "parent_id": "parent",
    "author": "by",
    "created_at_i": "time",
    "children": "kids",
    "comment_text": "text",
    "story_text": "text",
}
"""What Algolia's search calls the fields of an item."""
_KINDS = ("story", "comment", "poll", "pollopt", "job")


def is_by_id(marks: Marks) -> bool:
    """Tell whether a document is an object of items by their ids: {"8863": {"by": …, "id": 8863, …}}."""
    ids = [field for field in marks.fields if field.isdecimal()]
    return any(marks.has(f"{key}/type", f"{key}/id") and marks.says(f"{key}/id", key) for key in ids)


def is_of_search(marks: Marks, at: str) -> bool:
    """Tell whether records are what Algolia's search found; `at` is where they stand."""
    return marks.has(f"{at}objectID", f"{at}created_at_i", f"{at}author")


def as_item(fields: Mapping[str, object]) -> Mapping[str, object]:
    """Return an item: itself, or what Algolia's search found, with its fields called as items call them.

    What the search marks in its copies of the texts (`_highlightResult`) is left out.
    """
    if "objectID" not in fields:
        return fields
    item = {
        _OF_SEARCH.get(name, name): it for name, it in fields.items() if it is not None and name != "_highlightResult"
    }
    marks = fields.get("_tags")
    kind = next((kind for kind in _KINDS if kind in marks), None) if isinstance(marks, list) else None
    return {**item, "type": kind} if kind else item


def list_items(documents: Sequence[object]) -> Sequence[object]:
    """Return the items of documents: of lists, of objects by id, and single ones."""
    if len(documents) == 1 and isinstance(documents[0], StoredList):
        return documents[0]
    items: list[object] = []
    for document in documents:
        hits = document.get("hits") if isinstance(document, dict) else None  # a page of what was searched for
        if isinstance(hits, StoredList) and len(documents) == 1:
            return hits
        if isinstance(hits, list | StoredList):
            items += hits
        elif isinstance(document, list | StoredList):
            items += document
        elif (
            isinstance(document, dict)
            and "id" not in document
            and any(isinstance(it, dict) for it in document.values())
        ):
            items += document.values()
        else:
            items.append(document)
    return items


def read_items(maker: ThreadMaker, read: Callable[[], Iterable[Record]]) -> Iterator[Thread]:
    """Yield a thread for each story, in the order in which they are first met.

    Args:
        maker: Makes the threads.
        read: Reads the items from the first one; called twice, so that never all of them are in memory.
    """
    source = maker.source
    forest = Forest()
    with unreported(source):
        for record in read():
            _plant(forest, record)
    forest.finish()
    is_one = forest.threads == 1
    with Spool(source.work) as spool:
        for number, record in enumerate(read(), 1):
            post = _read_item(record, f"item-{number}")
            spool.add(forest.root(post.key), post)
        for root, posts in spool.threads():
            yield _make_thread(maker, forest, root, posts, is_one=is_one)


def _plant(forest: Forest, record: Record) -> None:
    """Note what an item answers, and what it says of its answers."""
    key = record.as_key(record.peek("id"))
    if not key:
        return
    parent = record.as_key(record.peek("parent")) or record.as_key(record.peek("poll")) or None
    kids = record.peek("kids")
    answers = [str(kid) for kid in kids if isinstance(kid, int | str)] if isinstance(kids, list) else []
    forest.add(key, parent, answers, is_marked=record.peek("type") == _OPTION)
    if parent and (story := record.as_key(record.peek("story_id"))) and story != parent:
        forest.place(parent, story)


def _read_item(record: Record, fallback: str) -> Post:
    """Make a post of an item; a story's headline stays in its meta until the article is made."""
    key = record.identify(fallback, "id")
    parent = record.key("parent", "poll") or None
    text, author = record.text("text"), record.name("by")
    is_deleted = record.peek("deleted") is True
    created_at = record.time("time", is_due=not is_deleted)
    return Post(
        key=key,
        parent=parent,
        text=text,
        author=author,
        created_at=created_at,
        meta=make_meta(record.rest, markup="html" if text else "", is_deleted=is_deleted),
    )


def _make_thread(maker: ThreadMaker, forest: Forest, root: str, posts: Sequence[Post], *, is_one: bool) -> Thread:
    """Make a thread of the items that lead to a story, or to something that is missing; the items may be on the disk."""
    story: Post | None = None
    is_circle = False  # then nothing is missing
    comments, options = array("i"), array("i")
    ranks = array("i")
    for place, (key, parent, _) in enumerate(links_of(posts)):
        ranks.append(forest.rank(key))
        is_circle = is_circle or key == root
        if story is None and key == root and parent is None:
            story = posts[place]
        else:
            (options if forest.is_marked(key) else comments).append(place)
    is_circle = is_circle and story is None
    article, headline = _make_article(story, ARTICLE_KEY if is_circle else root, [posts[place] for place in options])
    if story is None and comments and (said := _raw(posts[comments[0]]).get("story_title")):
        headline = one_line(html.unescape(str(said)))  # which Algolia's search says with each comment
        article = absent_article(article.key, headline)
    lacking = forest.lacking(root)
    if is_one:
        forest.clear()  # what comes now takes as much itself
    order = array("i", sorted(comments, key=ranks.__getitem__))
    return maker.make(
        article,
        reorder(posts, order),
        key="" if is_one else article.key,
        title=headline,
        url=None if is_circle else PAGE + article.key,
        warnings=[count_missing(lacking)] if lacking else [],
    )


def _make_article(story: Post | None, root: str, options: Sequence[Post]) -> tuple[Post, str]:
    """Return the article and its headline."""
    if story is None:
        return absent_article(root), f"Hacker News {root}"
    raw = _raw(story)
    written = raw.pop("title", "")
    headline = one_line(html.unescape(written)) if isinstance(written, str) else ""
    if not headline and written:
        raw["title"] = written
    meta = dict(story.meta)
    if isinstance(raw.get("url"), str) and raw["url"]:
        meta = {"url": raw.pop("url"), **meta}
    if options:
        meta["options"] = [{"id": post.key, "text": post.text, "by": post.author, **_raw(post)} for post in options]
    meta.pop("raw", None)
    if raw:
        meta["raw"] = raw
    text = join_headline(headline, story.text)
    return replace(story, kind=PostKind.ARTICLE, text=text, meta=meta), headline


def _raw(post: Post) -> dict[str, object]:
    raw = post.meta.get("raw")
    return dict(raw) if isinstance(raw, dict) else {}
