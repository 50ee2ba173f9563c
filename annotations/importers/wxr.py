"""The importer of WordPress' export, WXR: RSS with the posts and pages of a blog and their comments.

Source of the fields: github.com/WordPress/WordPress, `wp-admin/includes/export.php`. The address of the namespace `wp` ends
with the version ("…/export/1.2/"), so elements go by their local names. The file that a site is moved to Disqus with has
the same form (help.disqus.com, *Custom XML import format*).
"""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING

from msgspec.structs import replace

from annotations.importers.reading.ending import with_last_words
from annotations.importers.reading.gathering import Gathering
from annotations.importers.reading.json_fields import Record
from annotations.importers.reading.making import ThreadMaker, join_headline, make_meta
from annotations.importers.reading.xml_reading import Element, open_xml
from annotations.importers.reading.xml_records import to_fields
from annotations.model import ARTICLE_KEY, Post, PostKind
from annotations.sources.opening import read_blocks
from annotations.work import Work

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from annotations.model import Thread
    from annotations.sources.source import Source

name = "wxr"
title = "WordPress: the XML export of a blog (WXR)"
keeps = (
    "posts and pages with their HTML, comments and answers, authors, times, pingbacks, what awaits approval, all fields"
)
loses = "posts and pages without comments beside others that have some, menus and attachments, which are counted"

_SURE = 0.97
_RSS = 0.6
_LOOKED_AT = 1 << 17
_NAMESPACE = re.compile(r"""xmlns:([\w.-]+)\s*=\s*["']https?://wordpress\.org/export/[\d.]*/?["']""")
_COMMENT = re.compile(r"<(?:[\w.-]+:)?(?:wxr_version|comment_content|post_type)\b")
_FIRST_COMMENT = re.compile(rb"<(?:[\w.-]+:)?comment(?:\s[^<>]*)?>")
_LONGEST_TAG = 200
_ROOTS = frozenset({None, "", "0"})
_NO_DATE = "0000-00-00 00:00:00"
_NO_TEXTS = ("attachment", "nav_menu_item", "revision", "custom_css", "customize_changeset", "oembed_cache")
"""Types of posts that nobody reads as articles (developer.wordpress.org, *Post Types*)."""

_STATES = {"spam": "is_spam", "trash": "is_deleted", "post-trashed": "is_deleted", "0": "is_unapproved"}


def sniff(source: Source) -> float:
    """Say how sure it is that the source is an export: from its root element and the namespace of WordPress."""
    if source.is_folder:
        return 0.0
    start = source.start[:_LOOKED_AT]
    if "<rss" not in start[:8192] or not start.lstrip("\ufeff` \t\n").startswith("<"):
        return 0.0
    if _NAMESPACE.search(start):
        return _SURE
    return _RSS if _COMMENT.search(start) else 0.0


def read(source: Source) -> Iterator[Thread]:
    """Yield a thread for each post or page with comments; if none has any, one for each post or page."""
    blog = _Blog(source, is_empty=not _has_comments(source))
    yield from with_last_words(blog.threads(), blog.last_words)


def _has_comments(source: Source) -> bool:
    """Tell whether any post has a comment: a look that ends at the first one."""
    end = b""
    with source.open() as stream:
        for block in read_blocks(stream, Work()):
            text = end + block.replace(b"\0", b"")  # of UTF-16 the letters stay
            if _FIRST_COMMENT.search(text):
                return True
            source.work.check()
            end = text[-_LONGEST_TAG:]
    return False


class _Blog:
    """A blog, read from its export.

    Args:
        source: The export.
        is_empty: Whether no post has comments, so that each is a thread.
    """

    def __init__(self, source: Source, *, is_empty: bool) -> None:
        self._source = source
        self._is_empty = is_empty
        self._maker = ThreadMaker(source, name)
        self._prefix = _find_prefix(source)
        self._authors: dict[str, str] = {}
        self._left = 0
        self._textless = 0

    def threads(self) -> Iterator[Thread]:
        """Yield the threads."""
        author, comment = f"{self._prefix}author", f"{self._prefix}comment"
        item: Element | None = Element(name="item", attributes={}, line=0)
        comments = Gathering(self._source.work)
        for element in open_xml(self._source, author, "item", comment, inner=comment):
            if element.name == author:
                fields = Record(self._source, to_fields(element), f"line {element.line}")
                self._authors[fields.key("author_login")] = html.unescape(fields.name("author_display_name") or "")
            elif element.name == comment:
                # One that stands alone goes on with the item before, which broke around it; another begins the next one.
                if element.is_inner and item is not None:
                    yield from self._take(item, comments)
                    item, comments = None, Gathering(self._source.work)
                comments.add(self._read_comment(element))
            else:
                if item is not None:
                    yield from self._take(item, comments)
                    comments = Gathering(self._source.work)
                item = element
        if item is not None:
            yield from self._take(item, comments)

    def _take(self, item: Element, comments: Gathering) -> Iterator[Thread]:
        """Yield the thread that an item is, if it is to be one."""
        fields = Record(self._source, to_fields(item), f"line {item.line}")
        is_text = fields.peek("post_type") not in _NO_TEXTS
        if comments or (self._is_empty and is_text and item.children):
            yield self._make_thread(fields, item.line, comments.posts(), is_cut=item.is_cut)
        elif item.children:
            self._left += is_text
            self._textless += not is_text

    def last_words(self) -> str:
        """Return what is to be said in the end of what was left out."""
        said = (
            [_count(self._left, "post or page without comments", "posts and pages without comments")]
            if self._left
            else []
        )
        if self._textless:
            said.append(
                _count(self._textless, "menu entry, attachment or the like", "menu entries, attachments and the like")
            )
        return f"Left out: {' and '.join(said)}." if said else ""

    def _make_thread(self, fields: Record, line: int, comments: Sequence[Post], *, is_cut: bool) -> Thread:
        headline = html.unescape(fields.name("title") or "")
        url = fields.text("link").strip() or None
        body = fields.text("encoded") or fields.text("description")
        login = fields.peek("creator")
        author = fields.name("creator")
        if isinstance(login, str) and (shown := self._authors.get(login.strip())):
            author = shown
        number = fields.key("post_id")
        created_at = self._time(fields, "post_date_gmt", "pubDate")
        if created_at is None and not is_cut and fields.peek("post_date_gmt"):
            self._source.problems.add("has no time that can be read", f"line {line}", "it was imported without one")
        meta = make_meta({}, markup="html" if body else "", login=login if author != login else "")
        text = join_headline(headline, body) or url or f"Post {number or line}"
        article = Post(
            key=ARTICLE_KEY,
            parent=None,
            kind=PostKind.ARTICLE,
            text=text,
            author=author,
            created_at=created_at,
            meta=meta,
        )
        return self._maker.make(
            article,
            comments,
            key=f"{fields.key('post_name') or 'post'}-{number or line}",
            title=headline or url or "",
            url=url,
            meta=make_meta(fields.rest, post_id=number),
            roots=_ROOTS,
        )

    def _read_comment(self, element: Element) -> Post:
        fields = Record(self._source, to_fields(element), f"line {element.line}")
        key = fields.identify(f"line-{element.line}", "comment_id")
        parent = fields.key("comment_parent")
        created_at = self._time(fields, "comment_date_gmt")
        if created_at is None and not element.is_cut:
            self._source.problems.add("has no time that can be read", f"comment {key}", "it was imported without one")
        post = Post(
            key=key,
            parent=None if parent in _ROOTS else parent,
            text=fields.text("comment_content"),
            author=html.unescape(fields.name("comment_author") or "") or None,  # WordPress keeps it as HTML
            created_at=created_at,
        )
        approved, kind = fields.peek("comment_approved"), fields.peek("comment_type")
        state = _STATES.get(approved.strip()) if isinstance(approved, str) else None
        is_linkback = kind in {"pingback", "trackback"}
        meta = make_meta(
            fields.rest, markup="html", type=kind if is_linkback else "", **({state: True} if state else {})
        )
        return replace(post, meta=meta)

    def _time(self, fields: Record, *names: str) -> str | None:
        for field in names:
            if fields.peek(field) != _NO_DATE and (time := fields.time(field, is_due=False)):
                return time
        return None


def _find_prefix(source: Source) -> str:
    """Return what stands in front of the names of WordPress' own elements, with its colon: "wp:" in all that it writes."""
    found = _NAMESPACE.search(source.start[:_LOOKED_AT])
    return f"{found[1]}:" if found else "wp:"


def _count(number: int, one: str, many: str) -> str:
    return f"1 {one}" if number == 1 else f"{number:,} {many}"
