"""Comments in the markup of Disqus' frame, as a browser saves it: `li.post` with `div.post-content`, replies in `ul.children`.

Source: the frame's markup in saved pages and in programs that imitate it (`data-role="post-content"`, `"message"`,
`"relative-time"`, `"parent-link"`, `"likes"`; in `span.author` stand the name, as a link, and a moderator's badge). A comment is
called by its number: `post-12` is 12, else the number in its address, `#comment-12`. The time of day stands there in the reader's own zone, which the page does not name: it stays
words, in `meta["time"]`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from annotations.importers.pages.controls import is_hidden
from annotations.importers.pages.finding import (
    Found,
    Reading,
    answer_nesting,
    classes,
    first,
    own,
    read_time,
)
from annotations.importers.pages.nesting import all_above, stands_in
from annotations.importers.pages.saying import is_count, say_more
from annotations.importers.pages.text import one_line

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

    from annotations.importers.pages.finding import Page

MARKUP = "Disqus' list of comments"

_ABOVE = "parent"
_NUMBER = re.compile(r"(?:post|comment)-(\d+)\Z")


def find(page: Page) -> Reading | None:
    """Find the comments that Disqus shows, None if there are none."""
    holders = page.find("//*[@data-role='post-content' or (self::div and .post-content)]")
    elements: list[Element] = []
    messages = all_above(page.find("//*[@data-role='message' or .post-message or .delete-post-message]"))
    for holder in holders:
        post = holder.getparent()
        # Blogs, too, have a “post-content” in a “post”: their articles.
        is_ours = holder.get("data-role") is not None or holder in messages
        if post is not None and is_ours and "post" in classes(post) and post not in elements[-1:]:
            elements.append(post)
    others = set(elements)
    comments = [_read(page, element, number, others) for number, element in enumerate(elements, 1)]
    answer_nesting(comments)
    keys = {found.key for found in comments}
    for found in comments:
        above = found.meta.pop(_ABOVE, None)
        if isinstance(above, str) and above in keys and above != found.key:
            found.parent = above
    cut = page.find("//*[@id='disqus_thread' or @data-tracking-area='layout']")  # where it stands, and the frame itself
    more = [one for one in page.find("//a[@data-action='more-posts']") if not _is_hidden(one)]
    return Reading(MARKUP, comments, cut=cut, notes=say_more(len(more))) if comments else None


def _is_hidden(element: Element) -> bool:
    holder = element.getparent()
    return is_hidden(element) or (holder is not None and is_hidden(holder))


def _read(page: Page, element: Element, number: int, others: set[Element]) -> Found:
    mine = list(own(element, others))
    roles: dict[str, Element] = {}
    for one in mine:
        roles.setdefault(one.get("data-role", ""), one)
    time = roles.get("relative-time")
    time = first(mine, "time-ago") if time is None else time
    address = time.get("href", "") if time is not None else ""
    named = _NUMBER.search(element.get("id", "")) or _NUMBER.search(address)
    author = _name(first(mine, "author"), others)
    link = roles.get("parent-link")
    above = _NUMBER.search(link.get("href", "")) if link is not None else None
    message = roles.get("message")
    message = first(mine, "post-message", "delete-post-message") if message is None else message
    meta: dict[str, object] = {}
    if above is not None:
        meta[_ABOVE] = above[1]
    if address:
        meta["url"] = page.address(address)
    if time is not None and (said := time.get("title")):
        meta["time"] = said
    for name in ("likes", "dislikes"):
        count = roles.get(name)
        if count is not None and is_count(written := one_line(count, skip=others)):
            meta[name] = int(written)
    account = next((one.get("data-username") for one in mine if one.get("data-username")), None)
    if account:
        meta["username"] = account
    bodies = [message] if message is not None else []
    media = first(mine, "post-media")
    if media is not None and message is not None and not stands_in(media, message, element):
        bodies.append(media)
    return Found(
        element,
        named[1] if named else f"comment {number}",
        author=one_line(author, skip=others) if author is not None else None,
        created_at=read_time(time),
        bodies=bodies,
        named=[author] if author is not None else [],
        meta=meta,
    )


def _name(holder: Element | None, others: set[Element]) -> Element | None:
    """Return what says a name where a badge may stand beside it."""
    if holder is None:
        return None
    links = (one for one in own(holder, others) if one.tag == "a" and one_line(one, skip=others))
    return next(links, holder)
