"""The importer of ActivityPub: objects and collections of them as servers send them to each other.

Sources: w3.org/TR/activitypub, w3.org/TR/activitystreams-vocabulary (`Note`, `Article`, `inReplyTo`, `attributedTo`, `Tombstone`,
`Collection`, `replies`). An object may stand in an activity (`Create`), in a collection, in another object's `replies`, or
alone; of one that is only named by its address nothing is known. Texts are HTML, or what `mediaType` says.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from msgspec import Struct
from msgspec.structs import replace

from annotations.importers.reading.forest import find_roots
from annotations.importers.reading.json_documents import read_documents
from annotations.importers.reading.json_fields import Record, key_of, one_line, place_of
from annotations.importers.reading.json_marks import look
from annotations.importers.reading.making import (
    ThreadMaker,
    absent_article,
    count_missing,
    first_words,
    join_headline,
    make_meta,
)
from annotations.model import ARTICLE_KEY, Post, PostKind
from annotations.sources.cleaning import slug
from annotations.work import CHUNK

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from annotations.importers.reading.json_marks import Marks
    from annotations.model import Thread
    from annotations.sources.source import Source

name = "activitypub"
title = "ActivityPub: notes, articles and collections of them"
keeps = "what answers what, HTML, headlines, summaries, tombstones, several languages, all fields"
loses = "activities that hold no text, such as likes; fields that are empty"

_SURE = 0.93
_LIKELY = 0.85
_CONTEXT = "https://www.w3.org/ns/activitystreams"
_TEXTS = frozenset(
    {"Note", "Article", "Page", "Question", "Event", "Document", "Image", "Video", "Audio", "ChatMessage"}
)
_GONE = "Tombstone"
_ACTIVITIES = frozenset({"Create", "Update", "Delete", "Announce", "Add"})
_COLLECTIONS = frozenset({"Collection", "OrderedCollection", "CollectionPage", "OrderedCollectionPage"})
_ACTORS = frozenset({"Person", "Service", "Application", "Group", "Organization"})
_LISTS = ("orderedItems", "items", "first", "next")
_OUTSIDE = frozenset({*_LISTS, "@context", "type", "prev", "last"})
_MARKUP = {"text/markdown": "markdown", "text/plain": ""}


class _Found(Struct):
    """Objects as they were met, each with the one in whose `replies` it stands, and what else was met of use."""

    objects: list[tuple[dict[str, object], str]]
    actors: dict[str, str]
    missing: dict[str, list[str]]
    around: dict[str, object]


def sniff(source: Source) -> float:
    """Say how sure it is that the source is ActivityPub: by its context, or by objects that are attributed to somebody."""
    marks = look(source)
    is_ours = any(marks.says(f"{at}@context{inner}", _CONTEXT) for at in ("", "*/") for inner in ("", "/*"))
    places = [f"{at}{inner}" for at in ("", "*/") for inner in _PLACES]
    if not any(_is_object(marks, place) for place in places):
        return 0.0
    return _SURE if is_ours else _LIKELY


_PLACES = (
    *(
        "",
        "orderedItems/*/",
        "items/*/",
        "first/items/*/",
        "first/orderedItems/*/",
        "object/",
        "orderedItems/*/object/",
    ),
    *("items/*/object/", "first/orderedItems/*/object/"),
)


def _is_object(marks: Marks, at: str) -> bool:
    is_text = marks.says(f"{at}type", *_TEXTS) and marks.has(f"{at}attributedTo", f"{at}content")
    is_named = marks.says(f"{at}type", *_TEXTS, _GONE) and marks.begins(f"{at}id", "http") and marks.has(f"{at}type")
    return is_text or (is_named and (marks.has(f"{at}inReplyTo") or marks.says(f"{at}type", _GONE)))


def read(source: Source) -> Iterator[Thread]:
    """Yield a thread for each object that answers nothing that is in the source."""
    maker = ThreadMaker(source, name)
    found = _gather(source, read_documents(source))
    posts: dict[str, list[Post]] = {}
    records = [_read_object(source, it, found, n) for n, it in enumerate(found.objects, 1)]
    roots = find_roots({post.key: post.parent for post in reversed(records)})
    for post in records:
        posts.setdefault(roots[post.key], []).append(post)
    missing = Counter(roots.get(key) for key, addresses in found.missing.items() for _ in addresses)
    around = make_meta(Record(source, found.around, "the collection").rest)
    for root, those in posts.items():
        warnings = [count_missing(missing[root])] if missing[root] else []
        yield _make_thread(maker, root, those, around, is_one=len(posts) == 1, warnings=warnings)


def _gather(source: Source, documents: Iterable[object]) -> _Found:
    """Return the objects that documents hold, wherever they stand in them."""
    found = _Found([], {}, {}, {})
    waiting: list[tuple[object, str]] = [(document, "") for document in documents][::-1]
    steps = 0
    while waiting:
        steps += 1
        if not steps % CHUNK:
            source.work.check()
        value, parent = waiting.pop()
        if isinstance(value, list):
            waiting += [(it, parent) for it in reversed(value)]
        elif isinstance(value, dict):
            waiting += [
                (it, parent if above is None else above) for it, above in reversed(_open(source, found, value, parent))
            ]
        elif isinstance(value, str) and parent:  # an answer of which only the address is there
            found.missing.setdefault(parent, []).append(key_of(source, value))
    return found


def _open(source: Source, found: _Found, value: dict[str, object], parent: str) -> list[tuple[object, str | None]]:
    """Note an object, and return what stands in it: with the key of what that answers, None where it is as for itself."""
    kinds = _kinds(value)
    if kinds & _ACTORS:
        _note_actor(source, found, value)
    elif kinds & _COLLECTIONS:
        found.around = found.around or {part: it for part, it in value.items() if part not in _OUTSIDE}
        return [(value[part], None) for part in _LISTS if isinstance(value.get(part), list | dict)]
    elif kinds & _ACTIVITIES and isinstance(value.get("object"), dict):
        return [(value["object"], None)]
    elif kinds & _TEXTS or _GONE in kinds or "content" in value:
        found.objects.append((value, parent))
        inner = [value.get("attributedTo"), value.get("replies")]
        return [(it, key_of(source, value.get("id"))) for it in inner if isinstance(it, dict)]
    return []


def _kinds(value: Mapping[str, object]) -> frozenset[str]:
    kind = value.get("type", value.get("@type"))
    kinds = kind if isinstance(kind, list) else [kind]
    return frozenset(it for it in kinds if isinstance(it, str))


def _note_actor(source: Source, found: _Found, actor: Mapping[str, object]) -> None:
    called = actor.get("preferredUsername") or actor.get("name")
    if isinstance(called, str) and isinstance(address := actor.get("id"), str):
        try:
            server = urlsplit(address).hostname
        except ValueError:
            server = None
        found.actors[address] = one_line(source.clean(f"{called}@{server}" if server else called))


def _read_object(source: Source, it: tuple[dict[str, object], str], found: _Found, number: int) -> Post:
    """Make a post of an object; its headline, if it has one, stands in front of its text."""
    fields, above = it
    record = Record(source, fields, place_of("object", fields.get("id"), number))
    key = record.identify(f"object-{number}", "id")
    parent = _address(source, record.peek("inReplyTo")) or above
    record.drop("inReplyTo", *(["replies"] if isinstance(record.peek("replies"), dict) else []))
    is_deleted = _GONE in _kinds(fields)
    headline = one_line(record.text("name"))
    text = record.text("content") or _first_language(record, "contentMap")
    author, attributed = None, record.peek("attributedTo") or record.peek("actor")
    if address := _address(source, attributed):
        author = found.actors.get(address, address)
    created_at = record.time("published", is_due=not is_deleted)
    kind = record.peek("mediaType")
    url = _address(source, record.peek("url"))
    summary = record.text("summary")
    meta = make_meta(
        record.rest,
        markup=(_MARKUP.get(kind, "html") if isinstance(kind, str) else "html") if text else "",
        url=url,
        name=headline,
        summary=summary,
        edited_at=record.moment("updated"),
        is_deleted=is_deleted,
        missing_replies=found.missing.get(key),
    )
    text = join_headline(headline, text)
    return Post(key=key, parent=parent or None, text=text, author=author, created_at=created_at, meta=meta)


def _address(source: Source, value: object) -> str:
    """Return the address of something that is named by it, that stands there whole, or that is one of a list."""
    for it in value if isinstance(value, list) else [value]:
        if isinstance(it, dict):
            it = it.get("id") or it.get("href")  # noqa: PLW2901  # what is looked for in it
        if isinstance(it, str) and it:
            return key_of(source, it)
    return ""


def _first_language(record: Record, name: str) -> str:
    texts = record.peek(name)
    said = next(iter(texts.values()), "") if isinstance(texts, dict) else ""
    return record.source.clean(said) if isinstance(said, str) else ""


def _make_thread(  # noqa: PLR0913  # what a thread is made of
    maker: ThreadMaker, root: str, posts: list[Post], around: dict[str, object], *, is_one: bool, warnings: list[str]
) -> Thread:
    """Make a thread of the objects that lead to one that answers nothing, or to one that is missing."""
    article = next((post for post in posts if post.key == root and not post.parent), None)
    first = [post for post in posts if post.parent == root]
    is_circle = article is None and any(post.key == root for post in posts)  # then nothing is missing
    if article is None and len(first) == 1 and not is_circle:
        article = replace(first[0], parent=None, meta={**first[0].meta, "parent": root})
    comments = posts if article is None else [post for post in posts if post.key != article.key]
    if article is not None:
        comments += [post for post in posts if post.key == article.key][1:]
    article = replace(article, kind=PostKind.ARTICLE) if article else absent_article(ARTICLE_KEY if is_circle else root)
    headline, url = article.meta.get("name"), article.meta.get("url")
    return maker.make(
        article,
        comments,
        key="" if is_one else slug(article.key.partition("://")[2] or article.key),
        title=str(headline or first_words(article.text, article.meta.get("markup")) or article.key),
        url=str(url) if url else article.key if article.key.startswith("http") else None,
        meta=around,
        warnings=warnings,
    )
