"""What of a page can only be clicked on: links such as "Reply", fields of forms, menus. Pure."""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING

from annotations.importers.flat.byline import is_link, stamp_shape

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

_LONGEST = 60
_MOST_ELEMENTS = 24
"""Elements within one that is looked at; one with more is no link."""

_FIELDS = ("input", "textarea", "select", "button")
_UNSAID = ("bbCodeBlock-expandLink", "comment-awaiting-moderation")
"""Classes of what programs write into a text: a switch to see more of a quotation, a notice to its writer."""

_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_MENUS = re.compile(
    r"(?:^|[\s_-])(?:reply-link|comment-reply|comment-actions?|comment-edit-link|flat-list|vote(?:links|arrow|-arrows)?|"
    r"voting|share(?:-\w+)?|post-buttons|post-menu(?:-area)?|post-controls|topic-map|navs?|togg|expand|midcol|avatar|"
    r"edit-link|reportlinks|action-row|screen-reader-reply)(?:$|[\s_-])",
    re.IGNORECASE,
)
_WORDS = re.compile(
    r"[\s•·|,›‹»«()\[\]–—+−\-▲▼△▽↑↓#⋮…]*(?:(?:reply|respond|quote|perma-?link|link|report|share|like|dislike|flag|edit|delete|hide|"
    r"show|more|less|upvote|downvote|parent|root|context|full comments|prev|next|save|unsave|give (?:gold|award)|award|"
    r"embed|source|log in to reply|copy link|view discussion|see more|read more|load more|follow|collapse|expand|"
    r"report abuse|crosspost|block|mute|unvote|antworten|zitieren|melden|teilen|répondre|signaler|responder|"
    r"reply to [^\n]{1,40})[\s•·|,›‹»«()\[\]–—+−\-▲▼△▽↑↓⋮…]*)+",
    re.IGNORECASE,
)
_EDGES = " \t\n•·|,›‹»«–—*-:"


def is_form(element: Element) -> bool:
    """Tell whether an element is a form to be filled in, and not shown before somebody asks for it."""
    return is_hidden(element) and next(element.iter(*_FIELDS), None) is not None


def is_unsaid(element: Element) -> bool:
    """Tell whether an element within a text is nothing that its writer said: a form, or what its program put there."""
    names = element.get("class", "")
    return is_form(element) or (bool(names) and any(name in names for name in _UNSAID))


def is_hidden(element: Element) -> bool:
    """Tell whether an element is not shown, as far as it says so itself."""
    return "hidden" in element.attrib or _HIDDEN.search(element.get("style", "")) is not None


def is_control(element: Element) -> bool:
    """Tell whether an element beside a comment's text can only be clicked on."""
    if is_hidden(element) or element.tag in {"noscript", "shreddit-comment-action-row"}:
        return True
    names = element.get("class", "")
    if names and _MENUS.search(names):
        return True
    is_clickable = element.tag in {"a", "li"} or element.get("role") == "button" or names == "reply"
    if not is_clickable:
        return False
    words = few_words(element)
    return bool(words) and len(words) <= _LONGEST and (is_link(words) or _WORDS.fullmatch(words) is not None)


def is_stamp(line: str) -> bool:
    """Tell whether a line says when something was written, and nothing else."""
    return bool(stamp_shape(line))


def says(element: Element, author: str | None) -> bool:
    """Tell whether an element says the author's name and nothing else."""
    return bool(author) and few_words(element).removeprefix("u/") == author


def trim(byline: str) -> str:
    """Return a byline without the marks between what was left out."""
    return byline.strip(_EDGES) if not byline.endswith("says:") else byline.lstrip(_EDGES)


def few_words(element: Element) -> str:
    """Return what an element says on one line, "" if it is made of many elements."""
    if not len(element):  # as most are that are asked
        return " ".join((element.text or "").split())
    if sum(1 for _ in islice(element.iter(), _MOST_ELEMENTS)) == _MOST_ELEMENTS:
        return ""
    return " ".join("".join(islice(element.itertext(), _MOST_ELEMENTS)).split())
