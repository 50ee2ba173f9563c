"""The threads whose texts stand in a collection of Web Annotations that Postil wrote, and their annotations: one thread in memory at a time."""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING

from annotations.importers.labeled.documents import as_name
from annotations.importers.labeled.postil_records import GivenRecords, whole_object
from annotations.importers.labeled.web_found import FoundAnnotations
from annotations.importers.labeled.web_given import Document
from annotations.importers.reading.json_fields import Record
from annotations.importers.reading.making import absent_article
from annotations.importers.reading.times import from_any
from annotations.model import ARTICLE_KEY, Post, PostKind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from annotations.importers.labeled.web_own import Collected
    from annotations.sources.source import Source


class OwnRecords:
    """The threads of a collection, by their numbers from 1, and the annotations on them, which are on the disk.

    Args:
        source: Cleans, and is told what does not fit.
        collected: What the collection says.
    """

    def __init__(self, source: Source, collected: Collected) -> None:
        self._source = source
        self._collected = collected
        self._stored = FoundAnnotations()
        self._places: dict[str, array[int]] = {}
        self._numbers = array("i")
        for number, thread in self._threads():
            if len(thread.long_list("posts")):
                self._numbers.append(number)
                self._places[thread.key("thread")] = array("i")

    def __len__(self) -> int:
        """Return how many of the threads have posts."""
        return len(self._numbers)

    def keep(self, key: str, record: Record) -> bool:
        """Keep an annotation for the thread that has a key; tell whether there is one."""
        places = self._places.get(key)
        if places is not None:
            places.append(self._stored.keep([dict(record.fields), record.where]))
        return places is not None

    def annotations(self, key: str) -> Iterator[tuple[dict[str, object], str]]:
        """Yield the annotations on the thread that has a key, each the fields of a record and what it is called."""
        for place in self._places.pop(key, ()):
            fields, where = self._stored.record(place)
            yield fields, where

    def homes(self, wanted: frozenset[str]) -> dict[str, int]:
        """Return of each of some sources of annotations the number of the thread that has a post of this name."""
        found: dict[str, int] = {}
        for number, thread in self._threads() if wanted else ():
            for part in thread.long_list("posts"):
                fields = part if isinstance(part, dict) else {}
                name = as_name(self._source, fields.get("source")) or Record(self._source, fields, "").key("post")
                if name in wanted:
                    found[name] = number
        return found

    def documents(self) -> Iterator[tuple[int, Document]]:
        """Yield the threads that have posts, each with its number."""
        numbers = iter(self._numbers)
        following = next(numbers, 0)
        for number, thread in self._threads():
            if number == following:
                following = next(numbers, 0)
                yield number, self._document(thread)

    def _threads(self) -> Iterator[tuple[int, Record]]:
        for number, entry in enumerate(self._collected.each_thread(), 1):
            yield number, Record(self._source, entry if isinstance(entry, dict) else {}, f"thread {number}")

    def _document(self, record: Record) -> Document:
        source = self._source
        document = Document(
            source="", key=record.key("thread"), title=record.name("title") or "", url=record.name("url")
        )
        document.meta = _kept(record)
        document.marks = GivenRecords(source)
        document.marks.know_annotators(self._collected.annotators)
        for place, part in enumerate(record.long_list("posts"), 1):
            inner = Record(source, part if isinstance(part, dict) else {}, f"post {place}")
            if place == 1 and inner.peek("kind") == PostKind.COMMENT.value:
                document.posts[""] = absent_article(ARTICLE_KEY, document.title)  # it was left out
            post = Post(
                key=inner.key("post") or f"post-{place}",
                parent=inner.key("parent") or None if document.posts else None,
                kind=PostKind.COMMENT if document.posts else PostKind.ARTICLE,
                text=inner.text("text"),
                author=inner.name("author"),
                created_at=from_any(inner.peek("created_at")),
                uncertain=tuple(source.clean(each) for each in inner.list("uncertain") if isinstance(each, str)),
                meta=_kept(inner),
            )
            document.marks.mark_all(post.key, inner.fields)
            document.posts[as_name(source, inner.peek("source")) or post.key] = post
        return document


def _kept(record: Record) -> dict[str, object]:
    """Return what a thread or a post of Postil's says in its meta."""
    meta = whole_object(record, "meta")
    return {**meta, "seconds": record.peek("seconds")} if record.peek("seconds") else meta
