"""Posts of Slack's messages."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from annotations.importers.reading.making import make_meta
from annotations.importers.reading.times import from_epoch
from annotations.model import Post

if TYPE_CHECKING:
    from annotations.importers.reading.json_fields import Record
    from annotations.importers.sites.slack_people import People

NO_TIME = "has no time that can be read"
_MENTION = re.compile(r"<@([A-Z0-9]{1,40})(?:\|([^<>]*))?>")
_ESCAPED = {"&amp;": "&", "&lt;": "<", "&gt;": ">"}
_ESCAPE = re.compile("|".join(_ESCAPED))


def read_message(record: Record, day: str, number: int, people: People) -> Post:
    """Make a post of a message.

    Args:
        record: The message.
        day: The name of its file, and
        number: its place there, after which it is called if it has no id.
        people: Those of the workspace.
    """
    created_at = from_epoch(record.peek("ts"))
    if created_at is None:
        record.source.problems.add(NO_TIME, record.where, "it was imported without one")
    key = record.identify(f"{day.removesuffix('.json')}-{number}", "ts")
    parent = record.as_key(record.peek("thread_ts"))
    if parent:
        record.drop("thread_ts")
    raw = record.text("text")
    text, is_attached = (raw, False) if raw else _read_attachments(record)
    mentions = {match[1]: people.find(match[1]) or match[2] for match in _MENTION.finditer(text)}
    meta = make_meta(
        record.rest,
        mentions={person: called for person, called in mentions.items() if called} or None,
        is_deleted=record.peek("subtype") == "tombstone",
        is_attached=is_attached,
    )
    return Post(
        key=key,
        parent=parent if parent and parent != key else None,
        text=_ESCAPE.sub(lambda match: _ESCAPED[match[0]], text),
        author=_find_author(record, people),
        created_at=created_at,
        meta=meta,
    )


def _find_author(record: Record, people: People) -> str | None:
    """Return who wrote a message: by its id, by what the message says of the person or program, else the id itself."""
    person = record.peek("user") or record.peek("bot_id")
    if found := people.find(person):
        return found
    for field in ("user_profile", "bot_profile"):
        profile = record.peek(field)
        if isinstance(profile, dict) and (found := people.read_name(profile)):
            return found
    if found := record.name("username"):
        return found
    return people.name_of(person) if isinstance(person, str) and person else None


def _read_attachments(record: Record) -> tuple[str, bool]:
    """Return what a message without a text of its own says in its attachments, as programs' messages do."""
    attachments = record.peek("attachments")
    said: list[str] = []
    for attachment in attachments if isinstance(attachments, list) else []:
        if not isinstance(attachment, dict):
            continue
        parts = [attachment.get(field) for field in ("pretext", "title", "text")]
        lines = [part for part in parts if isinstance(part, str) and part]
        fallback = attachment.get("fallback")
        if not lines and isinstance(fallback, str):
            lines = [fallback]
        said += lines
    return record.source.clean("\n".join(said)), bool(said)
