"""Comments in the markup of Reddit's present pages, `shreddit-comment`, and of those from 2018 to 2023, `div.Comment`.

Source: saved pages of www.reddit.com and the programs that read them: `shreddit-comment` with `thingid`, `parentid`, `depth`,
`author`, `score`, its text in the slot `comment`; before that `div.Comment.t1_…` with `data-testid="comment"`, `"comment_author_link"`, `"comment_timestamp"`, and its depth
only in words ("level 2") or in how far it stands in. Ids are without their kind's `t1_`, as in Reddit's JSON.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from annotations.importers.pages.finding import Found, Reading, answer_levels, classes, find_time, own
from annotations.importers.pages.saying import say_more
from annotations.importers.pages.text import one_line
from annotations.importers.reading.times import from_any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lxml.etree import _Element as Element

    from annotations.importers.pages.finding import Page

MARKUP = "Reddit's comments"

_KIND = re.compile(r"t\d_")
_NUMBER = re.compile(r"-?\d{1,9}\Z", re.ASCII)
_LEVEL = re.compile(r"level (\d{1,9})\Z")
_PADDING = re.compile(r"padding-left\s*:\s*([\d.]+)")
_NO_SCORE = frozenset(("Vote", "•", "·"))
"""What stands between the arrows while the score is hidden."""

_FIELDS = (
    "score",
    "award-count",
    "content-type",
    "comment-type",
    "is-comment-deleted",
    "is-author-deleted",
    "collapsed",
)


def find(page: Page) -> Reading | None:
    """Find the comments of a page of Reddit, None if it is none."""
    return _find_shreddit(page) or _find_react(page)


def _find_shreddit(page: Page) -> Reading | None:
    elements = page.find("//shreddit-comment")
    posts = page.find("//shreddit-post")
    if not elements and not posts:
        return None
    others = set(elements)
    comments = [_read(page, one, number, list(own(one, others))) for number, one in enumerate(elements, 1)]
    answer_levels(comments, [_depth(one) for one in elements])
    for found, element in zip(comments, elements, strict=True):
        if parent := element.get("parentid"):
            found.parent = None if parent.startswith("t3_") else _KIND.sub("", parent, count=1)
    article, title = _submission(page, posts[0]) if posts else (None, "")
    more = page.find("//faceplate-partial[contains(@src, 'more-comments')]")
    return Reading(MARKUP, comments, article=article, title=title, notes=say_more(len(more)))


def _depth(element: Element) -> float:
    depth = element.get("depth", "")
    return int(depth) if _NUMBER.match(depth) else 0


def _read(page: Page, element: Element, number: int, mine: Sequence[Element]) -> Found:
    key = _KIND.sub("", element.get("thingid") or element.get("id") or "", count=1)
    body = _body(mine, "comment")
    created_at = from_any(element.get("created") or element.get("created-timestamp")) or find_time(mine)[0]
    meta: dict[str, object] = {}
    for field in _FIELDS:
        if (value := element.get(field)) is not None:
            meta[field.replace("-", "_")] = int(value) if _NUMBER.match(value) else value or True
    if place := element.get("permalink"):
        meta["url"] = page.address(place)
    if element.get("is-comment-deleted", "false") != "false" or element.get("author") == "[deleted]":
        meta["is_deleted"] = True
    return Found(
        element,
        key or f"comment {number}",
        author=element.get("author"),
        created_at=created_at,
        bodies=[body] if body is not None else [],
        meta=meta,
    )


def _body(elements: Sequence[Element], slot: str) -> Element | None:
    """Return the one of a post's elements that holds its text: pages that were saved may have lost the slots."""
    for is_body in (
        lambda one: one.get("slot") == slot,
        lambda one: one.get("id", "").endswith("-rtjson-content"),
        lambda one: "rtjson-content" in classes(one),
        lambda one: "md" in classes(one),
    ):
        if (found := next(filter(is_body, elements), None)) is not None:
            return found
    return None


def _submission(page: Page, element: Element) -> tuple[Found, str]:
    """Return what is discussed."""
    mine = list(own(element, ()))
    body = _body(mine, "text-body")
    head = next((one for one in mine if one.get("slot") == "title" or one.tag == "h1"), None)
    meta: dict[str, object] = {}
    for field in ("score", "comment-count", "subreddit-name", "subreddit-prefixed-name", "post-type", "domain"):
        if value := element.get(field):
            meta[field.replace("-", "_")] = int(value) if _NUMBER.match(value) else value
    if target := element.get("content-href") or element.get("permalink"):
        meta["url"] = page.address(target)
    article = Found(
        element,
        _KIND.sub("", element.get("id", ""), count=1) or "0",
        author=element.get("author"),
        created_at=from_any(element.get("created-timestamp")) or find_time(mine)[0],
        bodies=[body] if body is not None else [],
        named=[head] if head is not None else [],
        meta=meta,
    )
    return article, element.get("post-title") or (one_line(head) if head is not None else "")


def _find_react(page: Page) -> Reading | None:
    elements = page.find("//div[.Comment][contains(@class, 't1_')]")
    if not elements:
        return None
    others = set(elements)
    comments: list[Found] = []
    levels: list[float] = []
    for element in elements:
        mine = list(own(element, others))
        tested = {one.get("data-testid", ""): one for one in reversed(mine)}
        body, name, time = tested.get("comment"), tested.get("comment_author_link"), tested.get("comment_timestamp")
        level = next((one for one in mine if one.tag == "span" and _LEVEL.match(one.text or "")), None)
        levels.append(_react_level(element, level))
        meta: dict[str, object] = {}
        if time is not None and time.get("href"):
            meta["url"] = page.address(time.get("href", ""))
        votes = next((one for one in mine if one.get("id", "").startswith("vote-arrows")), None)
        if votes is not None and (score := one_line(votes, skip=others)) and score not in _NO_SCORE:
            meta["score"] = int(score) if _NUMBER.match(score) else score
        comments.append(
            Found(
                element,
                next(name for name in classes(element) if name.startswith("t1_"))[3:],
                author=one_line(name, skip=others) if name is not None else None,
                created_at=find_time(mine)[0],
                bodies=[body] if body is not None else [],
                named=[one for one in (name, level, votes) if one is not None],
                meta=meta,
            )
        )
    answer_levels(comments, levels)
    article, title = _react_submission(page)
    return Reading(MARKUP, comments, article=article, title=title)


def _react_level(element: Element, level: Element | None) -> float:
    """Return how deep a comment stands, in its words, else in how many pixels it stands in."""
    if level is not None and (said := _LEVEL.match(level.text or "")):
        return int(said[1])
    holder: Element | None = element
    for _ in range(3):
        if holder is None:
            break
        if written := _PADDING.search(holder.get("style", "")):
            return float(written[1].rstrip(".")) if written[1].strip(".") else 0
        holder = holder.getparent()
    return 0


def _react_submission(page: Page) -> tuple[Found | None, str]:
    posts = page.find("//*[@data-test-id='post-content']")
    if not posts:
        return None, ""
    mine = list(own(posts[0], ()))
    head = next((one for one in mine if one.tag in {"h1", "h2"}), None)
    body = next((one for one in mine if one.get("data-click-id") == "text"), None)
    holder = next((one for one in posts[0].iterancestors() if one.get("data-testid") == "post-container"), None)
    name = None
    if holder is not None:
        name = next((one for one in holder.iter("a") if one.get("data-testid") == "post_author_link"), None)
    article = Found(
        posts[0] if holder is None else holder,
        _KIND.sub("", holder.get("id", "") if holder is not None else "", count=1) or "0",
        author=one_line(name).removeprefix("u/") if name is not None else None,
        created_at=find_time(mine)[0],
        bodies=[body] if body is not None else [],
        named=[one for one in (head, name) if one is not None],
    )
    return article, one_line(head) if head is not None else ""
