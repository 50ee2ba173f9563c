"""Posts in the markup of Discourse: the page for programs (`div.crawler-post`), and the saved page of its app.

Source: app/views/topics/show.html.erb (where the link to the next page is a `crawler-post`, too) and app/assets/javascripts/discourse (the components `post`, `post/meta-data`), and
saved pages: `article[data-post-id]` in `div.topic-post[data-post-number]`, `a.reply-to-tab`, `div.cooked`. A post is called by its
number in the topic, as answers name each other; the first is the article. The page for programs does not say what a post
answers: if it begins with a quotation of another one, it is taken to answer that.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from annotations.importers.pages.finding import Found, Reading, classes, find_time, first, own, read_time
from annotations.importers.pages.saying import is_count
from annotations.importers.pages.text import one_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lxml.etree import _Element as Element

    from annotations.importers.pages.finding import Page

MARKUP = "Discourse's posts"

QUOTED = "begins with a quotation: taken to answer what it quotes"
NAMED = "answers somebody, but the page does not say which post: taken for the last one"

CONTINUED = "The topic goes on on another page, which is not in this one."

_POST = re.compile(r"post_(\d+)\Z")
_PLACE = re.compile(r"/t/[^?#]*?/\d+/(\d+)(?:[?#]|\Z)")
_COUNT = re.compile(r"\d{1,9}")


def find(page: Page) -> Reading | None:
    """Find the posts of a topic, None if the page is none."""
    holders = page.find("//div[.crawler-post]")
    elements = [one for one in holders if one.get("role") != "navigation"] or page.find("//article[@data-post-id]")
    if not elements:
        return None
    links = [one for one in holders if one.get("role") == "navigation"]
    goes_on = any(one.get("rel") == "next" for holder in links for one in holder.iter("a"))
    others = set(elements)
    posts: list[Found] = []
    last_by_name: dict[str, str] = {}
    for number, element in enumerate(elements, 1):
        posts.append(_read(page, element, str(number), others, last_by_name))
    titles = page.find("//h1[ancestor::*[@id='topic-title']]") or page.find("//h1")
    title = one_line(titles[0]) if titles else ""
    article = posts.pop(0) if posts[0].key == "1" else None
    if article is not None:
        article.parent = None
    for post in posts:
        if post.parent == "1":
            post.parent = None
    return Reading(MARKUP, posts, article=article, title=title, cut=links, notes=(CONTINUED,) if goes_on else ())


def _read(page: Page, element: Element, place: str, others: set[Element], last: dict[str, str]) -> Found:
    mine = list(own(element, others))
    holder = element.getparent()
    number = _POST.match(element.get("id", ""))
    key = number[1] if number else (holder.get("data-post-number") if holder is not None else None) or place
    name = next((one for one in mine if one.get("itemprop") == "name"), None)
    name = (
        next((one for one in mine if one.get("data-user-card") and (one.text or "").strip()), None)
        if name is None
        else name
    )
    name = first(mine, "username") if name is None else name
    author = one_line(name, skip=others) if name is not None else None
    body = first(mine, "cooked", "post")
    created_at, _ = find_time(mine)
    date = first(mine, "relative-date")
    parent, uncertain = _parent(mine, body, last, others)
    meta: dict[str, object] = {}
    if value := element.get("data-post-id"):
        meta["post_id"] = value
    link = first(mine, "post-date")
    if link is not None and link.tag == "a" and link.get("href"):
        meta["url"] = page.address(link.get("href", ""))
    if (likes := _likes(mine, others)) is not None:
        meta["likes"] = likes
    named = [one for one in (name, first(mine, "post-likes"), first(mine, "reply-to-tab")) if one is not None]
    named += [one for one in mine if one.get("itemprop") == "position"]
    if author:
        last[author] = key
    return Found(
        element,
        key,
        parent=parent if parent != key else None,
        author=author,
        created_at=created_at or read_time(date),
        bodies=[body] if body is not None else [],
        named=named,
        meta=meta,
        uncertain=uncertain,
    )


def _parent(
    mine: Sequence[Element], body: Element | None, last: dict[str, str], others: set[Element]
) -> tuple[str | None, tuple[str, ...]]:
    """Return what a post answers, and what had to be guessed for it."""
    tab = first(mine, "reply-to-tab")
    if tab is not None:
        if place := _PLACE.search(tab.get("href", "")):
            return place[1], ()
        names = [one_line(tab, skip=others), *(one.get("title", "") for one in own(tab, others) if one.tag == "img")]
        found = next((last[name] for name in names if name in last), None)
        return found, (NAMED,)
    quote = next((child for child in body if child.tag == "aside"), None) if body is not None else None
    if body is not None and quote is not None and "quote" in classes(quote) and not (body.text or "").strip():
        is_first = all(not isinstance(other.tag, str) for other in quote.itersiblings(preceding=True))
        if is_first and (number := quote.get("data-post", "")).isdecimal():
            return number, (QUOTED,)
    return None, ()


def _likes(mine: Sequence[Element], others: set[Element]) -> int | None:
    for one in mine:
        if one.get("itemprop") == "userInteractionCount" and is_count(count := one.get("content", "")):
            return int(count)
        if {"like-count", "post-likes"} & set(classes(one)) and (found := _COUNT.search(one_line(one, skip=others))):
            return int(found[0])
    return None
