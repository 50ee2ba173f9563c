"""The importer of Bluesky threads, as `app.bsky.feed.getPostThread` gives them, or its flat successor `getPostThreadV2`.

Source: docs.bsky.app/docs/api/app-bsky-feed-get-post-thread and the lexicon app.bsky.feed.defs in
github.com/bluesky-social/atproto: `thread` is a `threadViewPost` with `replies` below and a chain of `parent` above, or a
`notFoundPost` or `blockedPost`. In app.bsky.unspecced.getPostThreadV2 it is a list with a depth for each. Facets count UTF-8 bytes of the record's text; they are kept as they are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from annotations.importers.reading.json_documents import read_documents
from annotations.importers.reading.json_fields import NO_RECORD, Record, place_of
from annotations.importers.reading.json_marks import look
from annotations.importers.reading.making import ThreadMaker, first_words, make_meta
from annotations.model import Post, PostKind
from annotations.work import CHUNK

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from annotations.model import Thread
    from annotations.sources.source import Source

name = "bluesky"
title = "Bluesky: a post's thread from the API"
keeps = "the tree above and below, texts with their facets, embeds, counts, posts that were deleted or are blocked"
loses = "fields that are empty"

_SURE = 0.97
_KIND = "app.bsky.feed.defs#"
_APP = "https://bsky.app/profile/"
_NO_POST = "stands for a post that the source does not hold"


def sniff(source: Source) -> float:
    """Say how sure it is that the source is a thread of Bluesky: by the types of its parts and its addresses."""
    marks = look(source)
    for at in ("thread/", "*/thread/", "thread/*/value/", "*/thread/*/value/", "", "*/"):
        if marks.begins(f"{at}post/uri", "at://") and marks.has(f"{at}post/record"):
            return _SURE
        if marks.begins(f"{at}$type", _KIND) and marks.has(f"{at}uri"):
            return _SURE
        if marks.begins(f"{at}$type", _KIND) and marks.has(f"{at}post"):
            return _SURE
        for below in (f"{at}replies/*/", f"{at}parent/"):
            if marks.begins(f"{below}post/uri", "at://") or marks.begins(f"{below}$type", _KIND):
                return _SURE
    return 0.0


def read(source: Source) -> Iterator[Thread]:
    """Yield the thread of each answer of the API."""
    maker = ThreadMaker(source, name)
    views = list(_find_views(read_documents(source)))
    for view, beside in views:
        yield _make_thread(maker, view, beside, is_one=len(views) == 1)


def _find_views(documents: Iterable[object]) -> Iterator[tuple[dict[str, object], dict[str, object]]]:
    """Yield the views that answers of the API hold, each with what stands beside it."""
    waiting = list(documents)[::-1]
    while waiting:
        value = waiting.pop()
        if isinstance(value, list):
            waiting += reversed(value)
        elif isinstance(value, dict):
            inner = value.get("thread")
            if isinstance(inner, dict):
                yield inner, {name: it for name, it in value.items() if name != "thread"}
            elif isinstance(inner, list) and (top := _nest(inner)):
                yield top, {name: it for name, it in value.items() if name != "thread"}
            elif "post" in value or "uri" in value:
                yield value, {}


def _nest(values: list[object]) -> dict[str, object]:
    """Return the topmost view of a list in pre-order with depths, with the others below it as they are elsewhere."""
    top: dict[str, object] = {}
    chain: list[tuple[int, list[object]]] = []
    for value in values:
        inner = value.get("value") if isinstance(value, dict) else None
        if (
            not isinstance(value, dict)
            or not isinstance(inner, dict)
            or not isinstance(depth := value.get("depth"), int)
        ):
            if chain:
                chain[-1][1].append(None)  # it is reported as what it is: no record
            continue
        replies: list[object] = []
        view = (
            {**inner, "replies": replies} if "post" in inner else {**inner, "uri": value.get("uri"), "replies": replies}
        )
        while len(chain) > 1 and chain[-1][0] >= depth:
            chain.pop()
        if chain:
            chain[-1][1].append(view)
        else:
            top = view
        chain.append((depth, replies))
    return top


def _make_thread(maker: ThreadMaker, view: dict[str, object], beside: dict[str, object], *, is_one: bool) -> Thread:
    """Make a thread of what is topmost, all that leads to the view, the view, and what is below it."""
    source = maker.source
    chain = [view]
    seen = {id(view)}
    while isinstance(above := chain[-1].get("parent"), dict) and id(above) not in seen:
        chain.append(above)
        seen.add(id(above))
    posts: list[Post] = []
    parent: str | None = None
    for link in reversed(chain):
        posts += _flatten(source, link, parent, len(posts), is_alone=link is not view)
        parent = posts[-1].key if link is not view else parent
    article = posts[0]
    return maker.make(
        replace(article, kind=PostKind.ARTICLE),
        posts[1:],
        key="" if is_one else article.key.rpartition("/")[2],
        title=first_words(article.text),
        url=str(article.meta["url"]) if "url" in article.meta else None,
        meta=make_meta(Record(source, beside, "the answer").rest),
    )


def _flatten(
    source: Source, view: dict[str, object], parent: str | None, number: int, *, is_alone: bool
) -> Iterator[Post]:
    """Yield a view's post, and unless it is to be alone those below it, each before those that answer it."""
    waiting: list[tuple[object, str | None]] = [(view, parent)]
    while waiting:
        number += 1
        if not number % CHUNK:
            source.work.check()
        value, above = waiting.pop()
        if not isinstance(value, dict):
            source.problems.add(NO_RECORD, f"an answer to {above}", "it was left out")
            continue
        post = _read_view(source, value, above, number)
        yield post
        replies = value.get("replies")
        if isinstance(replies, list) and not is_alone:
            waiting += [(below, post.key) for below in reversed(replies)]


def _read_view(source: Source, value: dict[str, object], parent: str | None, number: int) -> Post:
    view = Record(source, value, f"post number {number}")
    view.drop("parent", "replies")
    if not isinstance(view.peek("post"), dict):
        return _read_gap(view, parent, number)
    post = view.child("post")
    view.where = post.where = place_of("post", post.peek("uri"), number)
    key = post.identify(f"post-{number}", "uri")
    record = post.child("record")
    record.where = post.where
    text = record.text("text")
    created_at = record.time("createdAt")
    author = post.child("author")
    handle = author.name("handle", "did", "displayName")
    record.drop("$type")
    post.settle("record", record)
    view.settle("post", post)
    view.drop("$type")
    name = key.rpartition("/")[2]
    is_address = key.startswith("at://") and handle is not None
    meta = make_meta(
        view.rest, url=f"{_APP}{handle}/post/{name}" if is_address else "", name=author.name("displayName")
    )
    return Post(key=key, parent=parent, text=text, author=handle, created_at=created_at, meta=meta)


def _read_gap(view: Record, parent: str | None, number: int) -> Post:
    """Make an empty post for one that was deleted, or that its author or the reader has blocked."""
    view.where = place_of("post", view.peek("uri"), number)
    key = view.identify(f"post-{number}", "uri")
    kind = str(view.peek("$type"))
    is_blocked = view.peek("blocked") is True or kind.endswith("#threadItemBlocked")
    is_missing = view.peek("notFound") is True or kind.endswith("#threadItemNotFound")
    if not is_blocked and not is_missing:
        view.source.problems.add(_NO_POST, view.where, "it is empty")
    view.drop("$type")
    return Post(key=key, parent=parent, meta=make_meta(view.rest, is_deleted=is_missing, is_blocked=is_blocked))
