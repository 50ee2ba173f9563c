"""Comments in the markup of Lobsters and the sites that run its program: `div.comment` in `li.comments_subtree`.

Source: the views of github.com/lobsters/lobsters: `data-shortid`, `div.byline` with the address `/~name` (before 2023 `/u/name`),
`div.comment_text`, `.upvoter` with the score, `time` with `data-at-unix`, the only one of its attributes that is in a known zone.
The story stands in `li.story`, what its writer says of it in `div.story_text`. A comment is called by its short id.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from annotations.importers.pages.finding import Found, Reading, answer_nesting, classes, find_time, first, own
from annotations.importers.pages.text import one_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lxml.etree import _Element as Element

    from annotations.importers.pages.finding import Page

MARKUP = "Lobsters' comments"

_PERSON = re.compile(r"/(?:~|u/)[\w-]+/?\Z")
_COUNT = re.compile(r"-?\d{1,9}\Z", re.ASCII)


def find(page: Page) -> Reading | None:
    """Find the comments of a page of Lobsters, None if it is none."""
    elements: list[Element] = []
    keys: list[str] = []
    for comment in page.find("//div[.comment][@data-shortid]"):
        holder = comment.getparent()
        is_held = holder is not None and "comments_subtree" in classes(holder)
        elements.append(holder if holder is not None and is_held else comment)
        keys.append(comment.get("data-shortid", ""))
    if not page.has_class("comment_text", "comments_subtree"):
        elements = []
    stories = page.find("//li[.story][@data-shortid]")
    if not elements and not (len(stories) == 1 and page.find("//ol[.comments]")):
        return None
    others = set(elements)
    comments = [
        _read(page, element, key or f"comment {number}", others)
        for number, (element, key) in enumerate(zip(elements, keys, strict=False), 1)
    ]
    answer_nesting(comments)
    article, title = _story(page, stories[0]) if len(stories) == 1 else (None, "")
    return Reading(MARKUP, comments, article=article, title=title)


def _read(page: Page, element: Element, key: str, others: set[Element]) -> Found:
    mine = list(own(element, others))
    body, name, votes = first(mine, "comment_text"), _name(mine), first(mine, "upvoter", "score")
    meta: dict[str, object] = {}
    place = next((one.get("href", "") for one in mine if one.tag == "a" and f"/c/{key}" in one.get("href", "")), "")
    if place:
        meta["url"] = page.address(place)
    meta |= _score(votes)
    if name is not None and "user_is_author" in classes(name):
        meta["is_post_author"] = True
    return Found(
        element,
        key,
        author=one_line(name, skip=others) if name is not None else None,
        created_at=find_time(mine)[0],
        bodies=[body] if body is not None else [],
        named=[one for one in (name, votes) if one is not None],
        meta=meta,
    )


def _name(mine: Sequence[Element]) -> Element | None:
    """Return what says who wrote something: a link to a person's page that is no picture."""
    return next(
        (one for one in mine if one.tag == "a" and _PERSON.search(one.get("href", "")) and one_line(one)),
        None,
    )


def _score(votes: Element | None) -> dict[str, object]:
    said = one_line(votes) if votes is not None else ""
    return {"score": int(said)} if _COUNT.match(said) else {}


def _story(page: Page, element: Element) -> tuple[Found, str]:
    """Return what is discussed."""
    mine = list(own(element, ()))
    line = first(mine, "link")
    link = first(mine, "u-url") if line is None else next(line.iter("a"), None)
    name, votes = _name(mine), first(mine, "upvoter", "score")
    texts = page.find("//div[.story_text]")
    meta = _score(votes)
    if link is not None and link.get("href"):
        meta["url"] = page.address(link.get("href", ""))
    labels = [one_line(one) for one in mine if one.tag == "a" and "tag" in classes(one)]
    if labels:
        meta["tags"] = [page.source.clean(label) for label in labels]
    article = Found(
        element,
        element.get("data-shortid", "") or "0",
        author=one_line(name) if name is not None else None,
        created_at=find_time(mine)[0],
        bodies=texts[:1],
        named=[one for one in (link, name, votes) if one is not None],
        meta=meta,
    )
    return article, one_line(link) if link is not None else ""
