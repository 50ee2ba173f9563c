"""Comments in the markup of old Reddit: `div.thing.comment`, replies in its `div.child`.

Source: r2/r2/templates/comment.html, comment_skeleton.html and printable.html of the published code of Reddit, and pages of
old.reddit.com: `data-fullname="t1_…"`, `p.tagline` with `a.author`, `span.score` and `time[datetime]`, the text in `div.md`.
A comment is called by its id without the `t1_` of its kind, as in Reddit's JSON.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from annotations.importers.pages.finding import Found, Reading, answer_nesting, classes, find_time, first, own
from annotations.importers.pages.saying import say_more
from annotations.importers.pages.text import one_line

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from lxml.etree import _Element as Element

    from annotations.importers.pages.finding import Page

MARKUP = "old Reddit's comments"

_FULLNAME = re.compile(r"t[13]_(\w+)\Z")
_ID_CLASS = re.compile(r"id-(t[13]_\w+)\Z")
_POINTS = re.compile(r"(-?\d+) points?")
_MOST_LINKS = 100
"""Links among which the submission is looked for: it stands above the others but for those at the side."""


def find(page: Page) -> Reading | None:
    """Find the comments of a page of old Reddit, None if it is none."""
    elements = page.find("//div[.thing][.comment]")
    links = page.find("//div[.thing][.link]")[:_MOST_LINKS]
    links = [one for one in links if not one.xpath("ancestor::*[contains(@class, 'side')]")]
    if not elements and not page.find("//div[.commentarea]"):
        return None
    more = page.find("//div[.thing][.morechildren]")
    others = {*elements, *more}
    comments = [_read(page, one, number, others) for number, one in enumerate(elements, 1)]
    answer_nesting(comments)
    article, title = _submission(page, links[0]) if links else (None, "")
    if not comments and article is None:
        return None
    return Reading(MARKUP, comments, article=article, title=title, cut=more, notes=say_more(len(more)))


def _read(page: Page, element: Element, number: int, others: set[Element]) -> Found:
    mine = list(own(element, others))
    fullname = _fullname(element)
    name, body = first(mine, "author"), first(mine, "md")
    tagline = first(mine, "tagline")
    created_at, time = find_time(mine)
    meta = _score(element, mine, others)
    author = element.get("data-author") or (one_line(name, skip=others) if name is not None else None)
    if place := element.get("data-permalink"):
        meta["url"] = page.address(place)
    edited = [one for one in mine if "edited-timestamp" in classes(one) and one is not time]
    if edited:
        meta["edited"] = edited[0].get("datetime") or edited[0].get("title") or True
    if "deleted" in classes(element) or (
        name is None and tagline is not None and "[deleted]" in one_line(tagline, skip=others)
    ):
        meta["is_deleted"] = True
    if "stickied" in classes(element) or first(mine, "stickied-tagline") is not None:
        meta["is_stickied"] = True
    if name is not None and (roles := [one for one in ("submitter", "moderator", "admin") if one in classes(name)]):
        meta["roles"] = roles
    silent = [
        one for one in mine if "score" in classes(one) or "numchildren" in classes(one) or "parent" in classes(one)
    ]
    return Found(
        element,
        fullname or f"comment {number}",
        author=author,
        created_at=created_at,
        bodies=[body] if body is not None else [],
        named=[*silent, *([name] if name is not None else [])],
        meta=meta,
    )


def _fullname(element: Element) -> str:
    """Return the id of a thing without its kind."""
    written = [
        element.get("data-fullname", ""),
        *(match[1] for one in classes(element) if (match := _ID_CLASS.match(one))),
    ]
    return next((match[1] for one in written if (match := _FULLNAME.match(one))), "")


def _score(element: Element, mine: Sequence[Element], others: Collection[Element] = ()) -> dict[str, object]:
    """Return a thing's score: the page holds three, of which it shows the middle one to who did not vote."""
    shown = first(mine, "unvoted", "score")
    shown = next((one for one in mine if {"score", "unvoted"} <= set(classes(one))), shown)
    if written := element.get("data-score", ""):
        return {"score": int(written)} if re.fullmatch(r"-?\d{1,9}", written, re.ASCII) else {"score": written}
    if shown is None:
        return {}
    points = shown.get("title", "") if re.fullmatch(r"-?\d{1,9}", shown.get("title", ""), re.ASCII) else ""
    if not points and (found := _POINTS.search(one_line(shown, skip=others))):
        points = found[1]
    if points:
        return {"score": int(points)}
    return {"score": one_line(shown, skip=others)} if "score" in classes(shown) else {}


def _submission(page: Page, element: Element) -> tuple[Found, str]:
    """Return what is discussed: a link or a text."""
    mine = list(own(element, ()))
    name, body = first(mine, "author"), first(mine, "md")
    title = next((one for one in mine if one.tag == "a" and "title" in classes(one)), None)
    created_at, _ = find_time(mine)
    meta = _score(element, mine)
    target = element.get("data-url") or (title.get("href", "") if title is not None else "")
    if target:
        meta["url"] = page.address(target)
    for field in ("subreddit", "domain"):
        if value := element.get(f"data-{field}"):
            meta[field] = value
    article = Found(
        element,
        _fullname(element) or "0",
        author=element.get("data-author") or (one_line(name) if name is not None else None),
        created_at=created_at,
        bodies=[body] if body is not None else [],
        named=[one for one in (name, title) if one is not None],
        meta=meta,
    )
    return article, one_line(title) if title is not None else ""
