"""Comments and submissions of Reddit, whatever they came in: what their fields mean.

Source: reddit.com/dev/api and github.com/reddit-archive/reddit/wiki/JSON. Names carry the kind in front (`t1_` a comment,
`t3_` a submission). `edited` is false or a time. The signs & < > come as entities unless `raw_json=1` was asked for.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from msgspec.structs import replace

from annotations.importers.reading.json_fields import one_line
from annotations.importers.reading.making import join_headline, make_meta
from annotations.model import Post, PostKind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from annotations.importers.reading.json_fields import Record

SITE = "https://www.reddit.com"

DELETED = "[deleted]"
"""The name of an author who is gone, and what a deleted post says."""
_REMOVED = re.compile(r"\[\s*removed(?: by [^\]\n]{1,40})?\s*\]", re.IGNORECASE)
_BARE = re.compile(r"[<>]|&(?!(?:amp|lt|gt);)")
_ESCAPED = re.compile(r"&(amp|lt|gt);")
_SIGNS = {"amp": "&", "lt": "<", "gt": ">"}
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


def is_bare(text: object) -> bool:
    """Tell whether a text holds a sign that would be an entity if they had been escaped."""
    return isinstance(text, str) and _BARE.search(text) is not None


def bare_id(value: object) -> str:
    """Return an id without the kind in front; one that is a number, as some dumps have parents, in Reddit's base 36."""
    if isinstance(value, str):
        return value[3:] if value[:1] == "t" and value[2:3] == "_" else value
    if isinstance(value, bool) or not isinstance(value, int) or not 0 < value < 1 << 64:
        return ""
    digits = ""
    while value:
        value, digit = divmod(value, 36)
        digits = _DIGITS[digit] + digits
    return digits


def read_comment(
    record: Record, fallback: str, *, parent: str | None = None, is_escaped: bool | None = None, **more: object
) -> Post:
    """Make a post of a comment.

    Args:
        record: The comment.
        fallback: What it is called if it has no id.
        parent: What it answers; None to go by what it says itself.
        is_escaped: Whether signs came as entities; None to judge by the text.
        more: What else is to be in its meta.
    """
    key = _read_key(record, fallback)
    if parent is None:
        said = record.peek("parent_id")
        parent = "" if isinstance(said, str) and said.startswith("t3_") else record.as_key(bare_id(said))
    record.drop("parent_id", "body_html")
    text = unescape(record.text("body"), is_escaped=is_escaped)
    return _finish(record, Post(key=key, parent=parent, text=text), text, more)


def read_submission(
    record: Record, fallback: str, *, is_escaped: bool | None = None, **more: object
) -> tuple[Post, str]:
    """Make the article of a submission, and return its headline, too. One that passes on another one has that one's text."""
    key = _read_key(record, fallback)
    record.drop("selftext_html")
    headline = one_line(unescape(record.text("title"), is_escaped=is_escaped))
    text = record.text("selftext")
    passed_on = record.peek("crosspost_parent_list")
    if not text and isinstance(passed_on, list) and passed_on and isinstance(passed_on[0], dict):
        first = passed_on[0]
        text = record.source.clean(first["selftext"]) if isinstance(first.get("selftext"), str) else ""
        more = {**more, "crosspost_of": record.as_key(first.get("name") or first.get("id"))}
    text = unescape(text, is_escaped=is_escaped)
    article = Post(key=key, parent=None, kind=PostKind.ARTICLE, text=join_headline(headline, text))
    return _finish(record, article, text, more), headline


def page_of(submission: str, subreddit: object = None) -> str:
    """Return the address of a submission's page."""
    where = f"/r/{subreddit}" if isinstance(subreddit, str) and subreddit.isidentifier() else ""
    return f"{SITE}{where}/comments/{submission}/"


def _read_key(record: Record, fallback: str) -> str:
    key = bare_id(record.key("id"))
    if key and "name" in record.fields and record.peek("name") in (f"t1_{key}", f"t3_{key}"):
        record.drop("name")
    return key or bare_id(record.key("name")) or record.identify(fallback)


def unescape(text: str, *, is_escaped: bool | None) -> str:
    """Return a text with the three entities that Reddit makes as the signs that they stand for."""
    if "&" not in text or not (is_escaped or (is_escaped is None and not is_bare(text))):
        return text
    return _ESCAPED.sub(lambda match: _SIGNS[match[1]], text)


def _finish(record: Record, post: Post, body: str, more: Mapping[str, object]) -> Post:
    """Return a post with author, time and meta."""
    author = record.name("author")
    permalink = record.peek("permalink")
    created_at = record.time("created_utc", "created")
    record.drop("created")
    if author == DELETED:
        record.keep("author", author)
    page = record.as_key(permalink) if isinstance(permalink, str) and permalink.startswith("/") else ""
    meta = describe_post(record.rest, body, author, page, record.moment("edited"), more)
    return replace(post, author=None if author == DELETED else author, created_at=created_at, meta=meta)


def describe_post(  # noqa: PLR0913, PLR0917  # what a record says
    rest: Mapping[str, object],
    body: str,
    author: str | None,
    page: str,
    edited_at: str | None,
    more: Mapping[str, object],
) -> dict[str, object]:
    """Return the meta of a post; a body that says that it was deleted or removed is one that is gone.

    Args:
        rest: What nobody took of its record.
        body: What it says.
        author: Who wrote it, as the source says.
        page: Where it stands on the site; "" if that is not said.
        edited_at: When it was changed.
        more: What else is to be in its meta.
    """
    is_removed = body.startswith("[") and _REMOVED.fullmatch(body) is not None
    return make_meta(
        rest,
        markup="markdown" if body else "",
        url=SITE + page if page else "",
        edited_at=edited_at,
        is_deleted=is_removed or body == DELETED,
        is_removed=is_removed,
        is_author_deleted=author == DELETED,
        **more,
    )
