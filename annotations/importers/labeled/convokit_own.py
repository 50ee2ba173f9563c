"""A ConvoKit corpus that Postil wrote: its utterances become the posts that they were, with all that is in their meta.

`annotations.exporters.convokit` says what that is. What others put into the meta besides goes into the posts' meta. The
utterances alone are enough for the posts and all that is on them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from annotations.importers.labeled.documents import DocumentMaker, as_name
from annotations.importers.labeled.postil_records import GivenRecords
from annotations.importers.reading.assemble import assemble
from annotations.importers.reading.json_fields import Record, records_in
from annotations.importers.reading.making import first_words
from annotations.importers.reading.times import from_any
from annotations.model import Post, PostKind, Scope

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from annotations.importers.sites.convokit_corpus import Corpus
    from annotations.model import Thread
    from annotations.sources.source import Source

OURS = frozenset({"post", "kind", "annotations"})
"""Fields of the meta of an utterance that Postil wrote; nobody else's has all of them."""

_TOLD = (
    "post",
    "kind",
    "position",
    "depth",
    "created_at",
    "labels",
    "annotations",
    "notes",
    "reviewed_by",
    "flagged_by",
)
_KEPT = ("source_meta", "uncertain", "is_left_out", "context", "split")
_MARK = "postil"
_UNKNOWN = "[unknown]"
"""The speaker who stands for all whom the source did not name; one who is called that has tildes more."""


def is_own(record: Record) -> bool:
    """Tell whether Postil wrote an utterance."""
    meta = record.peek("meta")
    return isinstance(meta, dict) and meta.keys() >= OURS and isinstance(meta["annotations"], list)


def read_own(record: Record) -> tuple[str, Post]:
    """Return an utterance as a post, named as in the corpus, with all that is said of it in its meta; and its conversation."""
    meta = record.child("meta").rest
    said = record.peek("meta")
    meta["annotations"] = said["annotations"] if isinstance(said, dict) else []  # an empty list is no rest
    return record.key("conversation_id"), Post(
        key=record.identify("", "id"),
        parent=record.key("reply-to") or None,
        text=record.text("text"),
        author=_author(record.key("speaker")),
        meta={_MARK: meta},
    )


def _author(speaker: str) -> str | None:
    if speaker == _UNKNOWN:
        return None
    return speaker[:-1] if speaker.rstrip("~") == _UNKNOWN else speaker or None


def has_own(posts: Sequence[Post]) -> bool:
    """Tell whether the posts of a conversation are utterances that Postil wrote."""
    return len(posts) > 0 and _MARK in posts[0].meta


def make_own(source: Source, name: str, key: str, posts: Sequence[Post], corpus: Corpus) -> Thread:
    """Return a conversation that Postil wrote as the thread that it was.

    Args:
        source: The corpus.
        name: The importer's name.
        key: The id of the conversation.
        posts: Its utterances, as `read_own` returns them.
        corpus: What is known beside them.
    """
    given = GivenRecords(source)
    codebook = corpus.facts.get("codebook")
    given.describe_labels(codebook.get("labels") if isinstance(codebook, dict) else None)
    given.know_annotators(corpus.facts.get("annotators"))
    known = Record(source, corpus.conversations.get(key, {}), f"conversation {key}")
    keys: dict[str, str] = {}
    found: list[Post] = []
    for post in posts:
        fields = post.meta.get(_MARK)
        meta = fields if isinstance(fields, dict) else {}
        keys[post.key] = as_name(source, meta.get("post")) or post.key
        found.append(_post(source, post, keys[post.key], meta, given))
    article = next((at for at, post in enumerate(found) if post.kind is PostKind.ARTICLE), 0)
    records = [
        replace(post, kind=PostKind.COMMENT, parent=keys.get(post.parent or "", post.parent))
        for at, post in enumerate(found)
        if at != article
    ]
    _add_all(source, given, known.list("annotations"), None, f"conversation {key}")
    title, source_meta = known.name("title") or "", known.peek("source_meta")
    thread_key = known.key("thread") or _thread_key(key)
    thread = DocumentMaker(source, name).thread(
        assemble(found[article], records, source.problems),
        key=thread_key,
        title=title or first_words(found[article].text),
        url=known.name("url"),
        labels=given.labels.values(),
        annotations=given.annotations,
        marks=given.marks,
        meta=source_meta if isinstance(source_meta, dict) else {},
    )
    return replace(thread, key=thread_key, is_export=True)


def _post(source: Source, post: Post, key: str, meta: Mapping[str, object], given: GivenRecords) -> Post:
    """Return an utterance as the post that it was; what is put on it is added to what was given."""
    record = Record(source, meta, f"utterance {post.key}")
    _add_all(source, given, record.list("annotations"), key, record.where)
    given.mark_all(key, meta)
    source_meta = meta.get("source_meta")
    rest = dict(source_meta) if isinstance(source_meta, dict) else {}
    reasons = [source.clean(each) for each in record.list("uncertain") if isinstance(each, str)]
    record.drop(*_TOLD, *_KEPT)
    if record.peek("seconds"):
        rest["seconds"] = record.peek("seconds")
    record.drop("seconds")
    if left := record.rest:
        rest["raw"] = left
    return replace(
        post,
        key=key,
        kind=PostKind.ARTICLE if meta.get("kind") == PostKind.ARTICLE.value else PostKind.COMMENT,
        created_at=from_any(meta.get("created_at")),
        uncertain=tuple(reasons),
        meta=rest,
    )


def _add_all(source: Source, given: GivenRecords, entries: list[object], post: str | None, where: str) -> None:
    """Add annotations on a post, or without one on the thread."""
    for number, fields in enumerate(records_in(source, entries, where), 1):
        try:
            scope = Scope(str(fields.get("scope")))
        except ValueError:
            source.problems.add("has a scope that is none", f"{where}, annotation {number}", "it was left out")
            continue
        given.add_told(fields, scope, post, f"{where}, annotation {number}")


def _thread_key(conversation: str) -> str:
    """Return the key of the thread that a conversation is called after."""
    return conversation.partition("/")[0].replace("%2F", "/").replace("%25", "%")
