"""Comments in the markup of WordPress: `li.comment` in `ol.commentlist`, replies in `ol.children`, and its block themes.

Source: `Walker_Comment` in wp-includes/class-walker-comment.php (HTML 5 and XHTML), `comment_class()`, the blocks
core/comment-template (whose answers stand in an `ol` without a class), core/comment-author-name, core/comment-date and
core/comment-content. A comment is called by the number that WordPress gives it: `comment-12` is 12.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from annotations.importers.pages.controls import is_control
from annotations.importers.pages.finding import (
    Found,
    Reading,
    answer_nesting,
    classes,
    find_time,
    first,
    own,
    read_time,
)
from annotations.importers.pages.nesting import nest
from annotations.importers.pages.saying import CONTINUED
from annotations.importers.pages.text import one_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lxml.etree import _Element as Element

    from annotations.importers.pages.finding import Page

MARKUP = "WordPress' lists of comments"

_MARKS = ("commentlist", "comment-list", "comment-author", "comment-body", "wp-block-comment-template")
_ID = re.compile(r"(?:li-|div-)?comment-(\d+)\Z")
_HOLDERS = frozenset(("li", "div", "article", "section"))
_CALLED = re.compile("comment|back")
_KINDS = frozenset(("comment", "pingback", "trackback"))
_OTHER_PAGE = re.compile(r"(?:/comment-page-|[?&]cpage=)\d+/?(?:#comments)?\Z")
"""Where the links to older and newer comments lead; a comment's own address has its number behind that."""

_LEVEL = re.compile(r"depth-\d+\Z")
_BODIES = (
    "comment-content",
    "wp-block-comment-content",
    "comment-text",
    "comment_text",
    "commenttext",
    "comment_content",
)
_NAMES = ("fn", "wp-block-comment-author-name", "comment-author-name", "comment-author-link", "comment-author")
_TIMES = ("comment-metadata", "comment-meta", "commentmetadata", "wp-block-comment-date", "comment-date")
_HEADS_LINE = (
    "comment-author vcard comment-meta commentmetadata comment-metadata reply comment-awaiting-moderation children "
    "comment-avatar avatar comment-head comment-header comment-info comment-respond"
)
_HEADS = frozenset(_HEADS_LINE.split())


def find(page: Page) -> Reading | None:
    """Find the comments that WordPress wrote, None if there are none."""
    if not page.has_class(*_MARKS):
        return None
    elements: list[Element] = []
    keys: list[str] = []
    candidates = [one for one in page.elements if one.tag in _HOLDERS and _CALLED.search(one.get("class", ""))]
    within: dict[Element | None, Element | None] = {None: None}
    for element, holder in zip(candidates, nest(candidates), strict=True):
        key = _key(element)
        within[element] = within[holder]
        is_part = bool(key and keys) and key == keys[-1] and within[holder] is elements[-1]
        if key is None or is_part:  # a part that is called like the whole
            continue
        within[element] = element
        elements.append(element)
        keys.append(key)
    others = set(elements)
    comments = [
        _read(page, element, key or f"comment {number}", others)
        for number, (element, key) in enumerate(zip(elements, keys, strict=True), 1)
    ]
    answer_nesting(comments)
    is_continued = any(_OTHER_PAGE.search(one.get("href", "")) for one in page.elements if one.tag == "a")
    return Reading(MARKUP, comments, notes=(CONTINUED,) if is_continued else ()) if comments else None


def _key(element: Element) -> str | None:
    """Return the number of a comment's element, "" if it is one without, None if it is none."""
    names = set(classes(element))
    found = _ID.match(element.get("id", ""))
    if not names & _KINDS or not (found or any(map(_LEVEL.match, names))):
        return None
    return found[1] if found else ""


def _read(page: Page, element: Element, key: str, others: set[Element]) -> Found:
    mine = list(own(element, others))
    kind = next((name for name in classes(element) if name in _KINDS), "comment")
    created_at, _ = find_time(mine)
    meta: dict[str, object] = {}
    if created_at is None:
        meta_line = first(mine, *_TIMES)
        created_at = next(
            (when for part in (meta_line.iter() if meta_line is not None else ()) if (when := read_time(part))), None
        )
    place = next((one for one in mine if one.tag == "a" and f"#comment-{key}" in one.get("href", "")), None)
    if place is not None:
        meta["url"] = page.address(place.get("href", ""))
    name = first(mine, *_NAMES)
    if kind != "comment":
        meta["kind"] = kind
    if kind != "comment" and name is None:
        return Found(element, key, created_at=created_at, bodies=_pingback(mine, element), meta=meta)
    if first(mine, "comment-awaiting-moderation") is not None:
        meta["is_awaiting_moderation"] = True
    author = one_line(name, skip=others, is_silent=_is_saying) if name is not None else ""
    homepage = next((one.get("href", "") for one in name.iter("a")), "") if name is not None else ""
    if homepage:
        meta["author_url"] = page.address(homepage)
    if "bypostauthor" in classes(element):
        meta["is_post_author"] = True
    named = [name] if name is not None and one_line(name, skip=others) == author else []
    bodies = _bodies(mine, element)
    return Found(element, key, author=author or None, created_at=created_at, bodies=bodies, named=named, meta=meta)


def _is_saying(element: Element) -> bool:
    return "says" in classes(element) or is_control(element)


def _bodies(mine: Sequence[Element], element: Element) -> list[Element]:
    """Return what holds a comment's text: the element that is there for it, else what is no head."""
    body = first(mine, *_BODIES)
    if body is not None:
        return [body]
    holder = first(mine, "comment-body")
    holder = element if holder is None else holder
    return [
        child
        for child in holder
        if isinstance(child.tag, str)
        and child.tag not in {"img", "br", "footer", "header"}
        and not set(classes(child)) & _HEADS
    ]


def _pingback(mine: Sequence[Element], element: Element) -> list[Element]:
    """Return what holds the notice that another page links to this one."""
    holder = first(mine, "comment-body")
    return [element if holder is None else holder]
