"""Comments of Reddit's dumps in which nothing is odd, read at a third of the time that any record takes.

A month of them is a hundred million records, nearly all of which say the same in the same way. What is made of one is
what `annotations.importers.sites.reddit_fields` makes of it, which reads all the others.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from annotations.importers.reading.json_fields import one_line
from annotations.importers.reading.times import from_any, from_epoch
from annotations.importers.sites.reddit_fields import DELETED, SITE, describe_post, unescape
from annotations.model import Post

if TYPE_CHECKING:
    from collections.abc import Mapping

_COMMENT, _SUBMISSION = "t1_", "t3_"
_TAKEN = ("id", "author", "body", "body_html", "parent_id", "created_utc", "created")
_LATEST = 100_000_000_000
"""Seconds from 1970; a larger number counts something else."""


def read_plain_comment(fields: Mapping[str, Any]) -> tuple[str, Post] | None:
    """Return the submission's id and the comment, or None if something of it is not as usual.

    Args:
        fields: The record, in which nothing has to be cleaned.
    """
    key, link, parent = fields.get("id"), fields.get("link_id"), fields.get("parent_id")
    author, body, created = fields.get("author"), fields.get("body"), fields.get("created_utc")
    permalink, edited = fields.get("permalink"), fields.get("edited")
    if not (
        type(key) is type(link) is type(parent) is type(author) is type(body) is str
        and type(created) is int
        and key.isalnum()
        and link.startswith(_SUBMISSION)
        and link[3:].isalnum()
        and (parent.startswith(_SUBMISSION) or (parent.startswith(_COMMENT) and parent[3:].isalnum()))
        and author
        and author == one_line(author)
        and 0 <= created < _LATEST
        and not isinstance(fields.get("data"), dict)
    ):
        return None
    left = {name: value for name, value in fields.items() if value or value == 0}
    for name in _TAKEN:
        left.pop(name, None)
    if left.get("name") in (f"t1_{key}", f"t3_{key}"):
        del left["name"]
    is_nobody = author == DELETED
    if is_nobody:
        left["author"] = author
    text = unescape(body, is_escaped=None) if "&" in body else body
    page = one_line(permalink) if isinstance(permalink, str) and permalink.startswith("/") else ""
    meta: dict[str, object]
    if text and page and not (is_nobody or edited or text.startswith("[")):
        meta = {"markup": "markdown", "url": SITE + page, "raw": left}
    else:
        meta = describe_post(left, text, author, page, from_any(edited) if edited else None, {})
    return link[3:], Post(
        key=key,
        parent="" if parent.startswith(_SUBMISSION) else parent[3:],
        text=text,
        author=None if is_nobody else author,
        created_at=from_epoch(created),
        meta=meta,
    )
