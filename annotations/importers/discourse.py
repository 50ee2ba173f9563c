"""The importer of Discourse topics, as `/t/TOPIC.json` gives them, several pages of one among them.

Source: docs.discourse.org (`GET /t/{id}.json`, `/t/{id}/posts.json`) and the serializers in github.com/discourse/discourse.
Posts are numbered; `reply_to_post_number` is null for an answer to the topic. `cooked` is HTML; `raw` (with
`?include_raw=1`) is the Markdown that was written, and is preferred. `post_stream.stream` has the ids of all posts.
"""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING

from msgspec import Struct, field
from msgspec.structs import replace

from annotations.importers.reading.gathering import gather, links_of, reorder
from annotations.importers.reading.json_documents import read_documents
from annotations.importers.reading.json_fields import NO_RECORD, Record, one_line, place_of, records_in
from annotations.importers.reading.json_marks import look
from annotations.importers.reading.making import ThreadMaker, absent_article, count_missing, join_headline, make_meta
from annotations.importers.reading.stored_list import StoredList, as_list, is_list
from annotations.model import Post, PostKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from annotations.model import Thread
    from annotations.sources.source import Source

name = "discourse"
title = "Discourse: a topic, all of its pages together"
keeps = "answers to posts, HTML or Markdown, deleted and hidden ones, moderators' actions, likes, all fields"
loses = "the HTML where the Markdown is there, and fields that are empty"

_SURE = 0.97
_FIRST = "1"
_DIGITS = 18
"""Digits of a post's number that count."""

BEGINS_ELSEWHERE = (
    "The topic’s first post is not in the source: if its pages are in several files, import them as one: "
    "cat PAGE-1 PAGE-2 | postil import -"
)

_NUMBERED_POST = ("post_number", "cooked")


class _Topic(Struct):
    """A topic's posts by their ids, from all of its pages, and what the pages say of it."""

    fields: dict[str, object] = field(default_factory=dict)
    posts: dict[str, dict[str, object] | int] = field(default_factory=dict)
    """The posts, or the places of those that are in `stored`."""
    stored: StoredList | None = None
    stream: list[object] = field(default_factory=list)
    repeats: int = 0

    def find(self, key: str) -> dict[str, object]:
        """Return a post, an empty one if there is none."""
        post = self.posts.get(key, {})
        if isinstance(post, int):
            found = self.stored[post] if self.stored is not None else {}
            return found if isinstance(found, dict) else {}
        return post

    def each(self) -> Iterator[dict[str, object]]:
        """Yield the posts."""
        return map(self.find, self.posts)

    def forget(self) -> None:
        """Let go of the posts, which have been read."""
        self.posts, self.stored = {}, None


def sniff(source: Source) -> float:
    """Say how sure it is that the source is a topic of Discourse: by its stream of numbered posts."""
    marks = look(source)
    for at in ("", "*/"):
        if marks.has(*(f"{at}post_stream/posts/*/{part}" for part in _NUMBERED_POST)):
            return _SURE
    is_list = marks.has("*/cooked", "*/post_number", "*/topic_id")
    return _SURE if is_list or marks.has("latest_posts/*/cooked", "latest_posts/*/post_number") else 0.0


def read(source: Source) -> Iterator[Thread]:
    """Yield a thread for each topic."""
    maker = ThreadMaker(source, name)
    topics = _gather(source, read_documents(source, "post_stream", "posts", "latest_posts"))
    for key, topic in topics.items():
        yield _make_thread(maker, key, topic, is_one=len(topics) == 1)


def _gather(source: Source, documents: Iterable[object]) -> dict[str, _Topic]:
    """Return the topics in documents by their ids."""
    topics: dict[str, _Topic] = {}
    waiting = list(documents)[::-1]
    loose: list[object] = []
    while waiting:
        value = waiting.pop()
        if is_list(value):
            waiting += list(as_list(value))[::-1]
        elif isinstance(value, dict):
            stream = value.get("post_stream")
            latest = value.get("latest_posts")
            if isinstance(stream, dict):
                _add_page(source, topics, value, stream)
            elif is_list(latest):
                loose += as_list(latest)
            else:
                loose.append(value)
    for post in records_in(source, loose, "post"):
        _add_post(topics.setdefault(_as_id(post.get("topic_id")), _Topic()), post)
    return topics


def _as_id(value: object) -> str:
    return str(value) if isinstance(value, int | str) and not isinstance(value, bool) else ""


def _add_page(source: Source, topics: dict[str, _Topic], page: dict[str, object], stream: dict[str, object]) -> None:
    """Add a page of a topic to what is known of it; what an earlier page said of the topic stays."""
    values = as_list(stream.get("posts"))
    stored = values if isinstance(values, StoredList) else None
    posts = records_in(source, values, "post") if stored is None else values
    key = _as_id(page.get("id")) or next(
        (found for post in posts if isinstance(post, dict) and (found := _as_id(post.get("topic_id")))), ""
    )
    topic = topics.setdefault(key, _Topic())
    topic.fields = {**{name: value for name, value in page.items() if name != "post_stream"}, **topic.fields}
    ids = stream.get("stream")
    topic.stream = topic.stream or (ids if isinstance(ids, list) else [])
    if stored is not None and topic.stored is None:
        topic.stored = stored
    for place, post in enumerate(posts):
        if isinstance(post, dict):
            _add_post(topic, post, place if stored is not None and stored is topic.stored else None)
        else:
            source.problems.add(NO_RECORD, f"post number {place + 1}", "it was left out")


def _add_post(topic: _Topic, post: dict[str, object], place: int | None = None) -> None:
    """Add a post, unless the end of one page repeats it that stood on another.

    Args:
        topic: The topic.
        post: The post.
        place: Where it is among the topic's posts that are on the disk; None for one that is not.
    """
    key = _as_id(post.get("id")) or f"#{len(topic.posts)}"
    if key in topic.posts:
        before = topic.find(key)
        if before == post:
            return
        if before.get("post_number") != post.get("post_number"):
            topic.repeats += 1
            key = f"{key}~{topic.repeats}"
    topic.posts[key] = post if place is None else place


def _make_thread(maker: ThreadMaker, key: str, topic: _Topic, *, is_one: bool) -> Thread:
    """Make a thread of a topic: its first post is the article."""
    source = maker.source
    record = Record(source, topic.fields, f"topic {key}")
    headline = one_line(record.text("title")) or _name_by_posts(source, topic)
    record.drop("fancy_title")
    read = (
        _read_post(Record(source, fields, place_of("post", fields.get("post_number"), number)), f"post-{number}")
        for number, fields in enumerate(topic.each(), 1)
    )
    posts = gather(read, source.work)
    lacking = sum(_as_id(value) not in topic.posts for value in topic.stream)
    topic.forget()  # a million of them take as much as what is made of them now
    order = _order_by_number(posts)
    first = next((place for place, (key, _, _) in enumerate(links_of(posts)) if key == _FIRST), None)
    article = None if first is None else posts[first]
    comments = reorder(posts, order if first is None else array("i", (place for place in order if place != first)))
    warnings = [count_missing(lacking, "post")] if lacking else []
    if article is None:
        article = absent_article(_FIRST, headline)
        warnings.append(BEGINS_ELSEWHERE)
    else:
        text = join_headline(headline, article.text)
        article = replace(article, kind=PostKind.ARTICLE, parent=None, text=text)
    return maker.make(
        article,
        comments,
        key="" if is_one else source.clean(key),
        title=headline,
        meta=make_meta(record.rest),
        warnings=warnings,
    )


def _order_by_number(posts: Sequence[Post]) -> array[int]:
    """Return the places of posts in the order of their numbers; those without one come last."""
    last = len(posts)
    numbers = array("q", (int(key[:_DIGITS]) if key.isdecimal() else last for key, _, _ in links_of(posts)))
    return array("i", sorted(range(len(posts)), key=numbers.__getitem__))


def _name_by_posts(source: Source, topic: _Topic) -> str:
    """Return the headline that posts name, where the topic's own record is not there."""
    titles = (fields.get("topic_title") for fields in topic.each())
    return next((one_line(source.clean(said)) for said in titles if isinstance(said, str) and said), "")


def _read_post(record: Record, fallback: str) -> Post:
    """Make a post of a numbered one."""
    key = record.key("post_number") or record.identify(fallback, "id")
    parent = record.key("reply_to_post_number") or None
    has_markdown = isinstance(record.peek("raw"), str) and bool(record.peek("raw"))
    text = record.text("raw") or record.text("cooked")
    if has_markdown:
        record.drop("cooked")
    author = record.name("username", "name")
    created_at = record.time("created_at")
    edited = record.peek("version")
    is_edited = isinstance(edited, int) and edited > 1
    meta = make_meta(
        record.rest,
        markup="markdown" if has_markdown else "html" if text else "",
        name=record.name("name", "display_username"),
        edited_at=record.moment("updated_at") if is_edited else None,
        is_deleted=bool(record.peek("deleted_at")) or record.peek("user_deleted") is True,
        is_hidden=record.peek("hidden") is True,
    )
    return Post(key=key, parent=parent, text=text, author=author, created_at=created_at, meta=meta)
