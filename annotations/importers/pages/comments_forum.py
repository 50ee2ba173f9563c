"""Posts in the markup of forums that show them one below the other: phpBB (prosilver) and XenForo 2.

Source: phpBB/styles/prosilver/template/viewtopic_body.html in phpBB's repository (`div.post#p12`, `p.author`, `div.content`,
`dl.postprofile`, `blockquote` whose `cite` links to what it quotes; a deleted post has the class `deleted`); XenForo's templates
post_macros, message_macros and bb_code_tag_quote (`article.message[data-author]#js-post-12` with `data-content="post-12"`,
`div.bbWrapper`, `blockquote[data-source="post: 12"]`). The first post is the article. Nothing says what a post answers but a
quotation at its beginning.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from annotations.importers.pages.finding import Found, Reading, classes, find_time, first, own
from annotations.importers.pages.text import one_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lxml.etree import _Element as Element

    from annotations.importers.pages.finding import Page

MARKUP = "a forum's posts"

QUOTED = "begins with a quotation: taken to answer what it quotes"

_ID = re.compile(r"p(?:ost[-_]?)?(\d+)\Z")
_PARTS = {"profile": ("postprofile", "message-user"), "signature": ("signature", "message-signature")}
_QUOTED = re.compile(r"(?:#p|post[:#-]\s*)(\d+)")


def find(page: Page) -> Reading | None:
    """Find the posts of a forum's topic, None if the page is none."""
    elements = [one for one in page.find("//div[.post][starts-with(@id, 'p')]") if _ID.match(one.get("id", ""))]
    elements = elements or page.find("//article[.message][@data-author]")
    others = set(elements)
    posts = [found for one in elements if (found := _read(page, one, others)) is not None]
    if not posts:
        return None
    titles = page.find("//h2[.topic-title]") or page.find("//h1[.p-title-value]") or page.find("//h1")
    article = posts.pop(0)
    keys = {post.key for post in posts}
    for post in posts:
        if post.parent is not None and post.parent not in keys:
            post.uncertain = post.uncertain if post.parent == article.key else ()
            post.parent = None
    article.parent, article.uncertain = None, ()
    return Reading(MARKUP, posts, article=article, title=one_line(titles[0]) if titles else "")


def _read(page: Page, element: Element, others: set[Element]) -> Found | None:
    mine = list(own(element, others))
    body = first(mine, "bbWrapper", "content")
    found = _ID.match(element.get("id", "")) or _ID.match(element.get("data-content", ""))
    if body is None or found is None:
        return None
    key = found[1]
    meta: dict[str, object] = {}
    named: list[Element] = []
    for field, kinds in _PARTS.items():
        part = first(mine, *kinds)
        if part is not None:
            named.append(part)
            if words := one_line(part, skip=others, is_silent=_is_avatar):
                meta[field] = words
    name = first(_about_author(mine, others), "username", "username-coloured", "author")
    author = element.get("data-author") or (one_line(name, skip=others) if name is not None else None)
    ends = (f"#p{key}", f"/post-{key}", f"#post-{key}")
    place = next((one.get("href", "") for one in mine if one.tag == "a" and one.get("href", "").endswith(ends)), None)
    meta["url"] = page.address(place or f"#post-{key}")
    if "deleted" in classes(element):
        meta["is_deleted"] = True
    parent = _quoted(body)
    return Found(
        element,
        key,
        parent=parent if parent != key else None,
        author=author,
        created_at=find_time(mine)[0],
        bodies=[body],
        named=[*named, *([name] if name is not None else [])],
        meta=meta,
        uncertain=(QUOTED,) if parent is not None and parent != key else (),
    )


def _about_author(mine: Sequence[Element], others: set[Element]) -> list[Element]:
    """Return where a post's author is named: in its line about the author, else anywhere."""
    line = next((one for one in mine if one.tag == "p" and "author" in one.get("class", "").split()), None)
    return list(own(line, others)) if line is not None else list(mine)


def _quoted(body: Element) -> str | None:
    """Return the number of the post that a text begins with a quotation of."""
    opening = next((child for child in body if isinstance(child.tag, str)), None)
    if opening is None or (body.text or "").strip() or opening.tag != "blockquote":
        return None
    cited = [opening.get("cite", ""), opening.get("data-source", "")]
    cited += [link.get("href", "") for link in opening.iter("a") if link.get("data-post-id")]
    return next((found[1] for one in cited if (found := _QUOTED.search(one))), None)


def _is_avatar(element: Element) -> bool:
    """Tell whether an element is a picture, for which the first letter of a name may stand."""
    return not {"avatar", "message-avatar"}.isdisjoint(classes(element))
