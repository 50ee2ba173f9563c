"""The utterances of a ConvoKit corpus, made of the posts of threads; `annotations.exporters.convokit` says how they look."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from msgspec import to_builtins

from annotations.exporters.rows.records import record_of
from annotations.model import Scope

if TYPE_CHECKING:
    from collections.abc import Mapping

    from annotations.exporters.choosing.selection import Selection
    from annotations.exporters.rows.labeled_post import LabeledPost
    from annotations.model import StoredPost

UNKNOWN = "[unknown]"
"""The speaker who stands for all whom the source does not name."""


def plain_record(labeled: LabeledPost, selection: Selection) -> dict[str, Any]:
    """Return what is told of a post as JSON values: an object with the fields of `PostRecord`."""
    record: dict[str, Any] = to_builtins(record_of(labeled, selection))
    return record


class Replies:
    """Makes utterances of the posts of one thread, in pre-order; knows what each answers, and when it stands if nobody says."""

    def __init__(self) -> None:
        self.root = ""
        """The id of the utterance that answers nothing."""
        self._path: list[tuple[int, str, int]] = []

    def utterance(self, labeled: LabeledPost, record: dict[str, Any]) -> dict[str, Any]:
        """Return the utterance that a post is.

        Args:
            labeled: The post; the next one in pre-order.
            record: What is told of it, as `plain_record` returns it.
        """
        post = labeled.post
        before: tuple[int, str | None, int] | None = None
        while self._path and self._path[-1][0] >= post.depth:
            before = self._path.pop()
        above = self._path[-1] if self._path else (0, None, 0)
        key = utterance_id(labeled.thread.key, post.key)
        self.root = self.root or key
        moment = _seconds(post)
        timestamp = (before or above)[2] if moment is None else moment
        self._path.append((post.depth, key, timestamp))
        return {
            "id": key,
            "conversation_id": self.root,
            "text": post.text,
            "speaker": speaker_id(post.author),
            "reply-to": above[1],
            "timestamp": timestamp,
            "meta": {**_meta(record), **({"is_left_out": True} if labeled.is_left_out else {})},
            "vectors": [],
        }


def _meta(record: dict[str, Any]) -> dict[str, Any]:
    meta = {name: record[name] for name in ("post", "kind", "position", "depth", "created_at")}
    meta |= labels_in(record, {Scope.POST: "labels", Scope.SPAN: "spans", Scope.RELATION: "relations"})
    meta |= {name: record[name] for name in ("notes", "reviewed_by", "flagged_by")}
    meta |= {"seconds": float(record["seconds"]), "uncertain": record["uncertain"], "source_meta": record["meta"]}
    if "context" in record:
        meta["context"] = record["context"]
    return meta


def labels_in(record: dict[str, Any], fields: Mapping[Scope, str]) -> dict[str, Any]:
    """Return what a post's record says of labels.

    Args:
        record: The record, see `annotations.exporters.rows.records`.
        fields: Its fields with annotations, by what these are put on; the first holds the labels on the whole.

    Returns:
        `labels`, the ids of the labels on the whole, each once, and `annotations`, all of them.
    """
    on_whole = record[next(iter(fields.values()))]
    return {
        "labels": list(dict.fromkeys(each["label"] for each in on_whole)),
        "annotations": [{"scope": scope.value, **each} for scope, field in fields.items() for each in record[field]],
    }


def utterance_id(thread: str, post: str) -> str:
    """Return what names a post in a corpus, from which both keys can be had again."""
    return f"{thread.replace('%', '%25').replace('/', '%2F')}/{post}"


def speaker_id(author: str | None) -> str:
    """Return the id of a speaker; whoever is really called as nobody is gets a tilde more."""
    if author is None:
        return UNKNOWN
    return f"{author}~" if author.rstrip("~") == UNKNOWN else author


def _seconds(post: StoredPost) -> int | None:
    """Return when a post was written in seconds since 1970; None if that is not known."""
    try:
        return int(datetime.fromisoformat(post.created_at).timestamp()) if post.created_at else None
    except ValueError:
        return None
