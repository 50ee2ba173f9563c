"""Comments in any other markup: elements that begin with a name and a time, in each other, or in one list.

A list of articles has names and times too, so that an element counts only if something near it speaks of comments, answers
or a discussion, if it can be answered, or if such elements stand in each other. What a comment answers is told by what it
names (`data-parent`, a link to `#comment-12`), by what it stands in, or by how far it stands in. All of this is a guess.
"""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING

from annotations.importers.flat.byline import is_furniture, is_name
from annotations.importers.pages.controls import few_words, is_control, is_stamp
from annotations.importers.pages.finding import Found, Reading, classes, own, read_time, short_key
from annotations.importers.pages.levels import find_parents, split_head
from annotations.importers.pages.nesting import all_above, nest, stands_in
from annotations.importers.pages.text import SILENT, one_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from lxml.etree import _Element as Element

    from annotations.importers.pages.finding import Page

MARKUP = "a list of names, times and texts"

GUESSED = "was taken for a comment: its markup does not say so"
NAMELESS = "has no name that could be found"

_HOLDERS = frozenset(("li", "article", "div", "section", "dd", "details", "tr", "td", "blockquote", "comment"))
_ITEM = re.compile(
    r"(?:^|[\s_-])(?:comments?|repl(?:y|ies)|respons(?:e|es)|message|post|note)(?:[_-]?(?:item|box|wrapper|\d+))?(?:$|\s)",
    re.IGNORECASE,
)
_TALK = re.compile(
    r"comment|discuss|repl(?:y|ies)|respons|thread|conversation|forum|talkback|kommentar|debat", re.IGNORECASE
)
_TIMELY = re.compile(r"(?:^|[\s_-])(?:date|time|ago|posted|published|timestamp|when)(?:$|[\s_-])", re.IGNORECASE)
_NAMED = re.compile(
    r"(?:^|[\s_-])(?:author|user-?name|user|name|nick|poster|commenter|commentator|fn|by|writer|handle|nickname)(?:$|[\s_-])",
    re.IGNORECASE,
)
_PROFILE = re.compile(r"/(?:users?|u|profile|member|people|author|accounts?)/|/[@~]\w|[?&]user=", re.IGNORECASE)
_TEXTUAL = re.compile(r"(?:^|[\s_-])(?:body|content|text|message|markdown|md|copy)(?:$|[\s_-])", re.IGNORECASE)
_SCORE = re.compile(
    r"(?:^|[\s_-])(?:score|points|likes?|votes?|karma|upvotes)(?:[_-]?count)?(?:$|[\s_-])", re.IGNORECASE
)
_COUNT = re.compile(r"[+\-−]?\d{1,9}")
_HEADLINES = frozenset(("h1", "h2"))
_BOLD = frozenset(("b", "strong", "cite", "h3", "h4", "h5", "h6"))
_PERHAPS = re.compile(r"\d|ago|now|vor|hace|il\sy\sa", re.IGNORECASE)
"""What every time has: a quick look that spares most words the long one."""

_LETTER = re.compile(r"[^\W\d_]")
_LONGEST = 60
_LOOKED_AT = 50


def find(page: Page) -> Reading | None:
    """Find what looks like comments, None if nothing does."""
    elements = _candidates(page)
    if not elements:
        return None
    others = set(elements)
    comments: list[Found] = []
    kept: list[Element] = []
    beside: list[Element] = []
    wrappers = _wrappers(elements, others)
    for element in elements:
        found = _read(page, element, others, len(comments) + 1, beside)
        if found is not None and not (element in wrappers and found.author is None):
            comments.append(found)
            kept.append(element)
    silent = sum(map(_says_nothing, comments))
    if not comments or 2 * silent > len(comments) or not _are_comments(kept):  # menus, tables of figures
        return None
    notes = find_parents(comments, kept)
    return Reading(MARKUP, comments, cut=beside, notes=notes, is_guess=True)


def _candidates(page: Page) -> list[Element]:
    """Return the elements that a time stands at the head of, in the order of the page."""
    chosen: set[Element] = set()
    for time in _times(page.elements):
        element = _holder(time)
        if element is not None:
            chosen.add(element)
    titled = all_above(page.find("//*[self::h1 or self::main or self::title]"))
    return [one for one in page.elements if one in chosen and one not in titled]


def _times(elements: Iterable[Element]) -> list[Element]:
    """Return the elements that say when something was written."""
    found = []
    for element in elements:
        if element.tag in SILENT:
            continue
        words = (element.text or "").strip()
        hint = f"{element.get('class', '')} {element.get('itemprop', '')}"
        is_time = element.tag == "time" or (
            bool(hint.strip()) and _TIMELY.search(hint) is not None and len(words) <= _LONGEST
        )
        is_time = (
            is_time
            or (bool(words) and len(words) <= _LONGEST and _has_time(words))
            or _has_time((element.tail or "").strip())
        )
        if is_time:
            found.append(element)
    return found


def _has_time(words: str) -> bool:
    if _PERHAPS.search(words) is None:
        return False
    return 0 < len(words) <= _LONGEST and (is_stamp(words) or is_stamp(words.split(" by ", 1)[0]))


def _holder(time: Element) -> Element | None:
    """Return the element that a time is the time of: the innermost one with a text of its own that can be a comment."""
    fallback: Element | None = None
    for steps, element in enumerate(time.iterancestors()):
        if element.tag in {"body", "html", "main", "nav", "aside", "table"} or steps > 12:  # noqa: PLR2004  # heads are small
            break
        if element.tag in {"li", "article", "comment"} or _names_item(element):
            return element
        if fallback is None and element.tag in _HOLDERS and _has_text(element):
            fallback = element
    return fallback


def _names_item(element: Element) -> bool:
    if any(element.get(name) for name in ("data-comment-id", "data-commentid", "data-parent", "data-parent-id")):
        return True
    names = " ".join(
        name
        for name in classes(element)
        if not re.search(r"meta|head|info|author|date|time|footer|body|content|text", name)
    )
    return element.tag in _HOLDERS and (
        _ITEM.search(names) is not None
        or re.fullmatch(r"(?:comment|reply|c|post)[-_]?\d+", element.get("id", "")) is not None
    )


def _has_text(element: Element) -> bool:
    """Tell whether an element says more than when something was written: a name and a text."""
    said = 0
    for text in islice(element.itertext(), _LOOKED_AT):
        words = text.strip()
        said += bool(words) and not is_furniture(words)
    return said > 1


def _read(page: Page, element: Element, others: set[Element], number: int, beside: list[Element]) -> Found | None:
    """Return a comment; None if the element says nothing that could be one. A text that stands beside it is noted."""
    mine = list(own(element, others))
    time = next((one for one in mine if read_time(one)), None)
    name = _find_name(mine)
    score = next(
        (one for one in mine if _SCORE.search(" ".join(classes(one))) and _COUNT.fullmatch(few_words(one))), None
    )
    meta: dict[str, object] = {}
    if score is not None:
        meta["score"] = int(few_words(score).replace("−", "-"))
    body = next(
        (one for one in mine[1:] if _TEXTUAL.search(" ".join(classes(one))) and _is_body(one, name, element)), None
    )
    if body is None and name is not None:
        body = _body_beside(element, mine, others)
        beside += [body] if body is not None else []
    if body is not None and not one_line(body, skip=others):
        body = None
    if body is not None:
        author = few_words(name) if name is not None else None
        bodies, text = [body], None
        named = [one for one in (name, score) if one is not None]
    else:
        whole = split_head(page, element, others, name=name, silent=[score] if score is not None else [])
        author, text, bodies, named = whole.author, whole.text, [element], []
        meta |= {field: value for field, value in (("byline", whole.byline), ("links", whole.links)) if value}
        if not author and not text:
            return None
    raw = (
        element.get("data-comment-id")
        or element.get("data-commentid")
        or element.get("id")
        or element.get("data-id")
        or ""
    )
    return Found(
        element,
        short_key(raw) or f"comment {number}",
        author=author,
        created_at=read_time(time),
        bodies=bodies,
        text=text,
        named=named,
        meta=meta,
        uncertain=(GUESSED,) if author else (GUESSED, NAMELESS),
    )


def _says_nothing(found: Found) -> bool:
    """Tell whether a text is a date, or nothing at all, or a figure that nobody says, as in menus and lists of articles."""
    text = found.text
    if text is None:
        return False
    if _LETTER.search(text) is None:  # “+1” of somebody at some time is a comment
        return not text.strip() or found.author is None or found.created_at is None
    return len(text) <= _LONGEST and is_stamp(text.strip("-•* \n"))


def _wrappers(elements: Sequence[Element], others: set[Element]) -> set[Element]:
    """Return those elements that hold others and a headline: articles with all that is said of them."""
    holders = {holder for holder in nest(elements) if holder is not None}
    return {
        one
        for one in holders
        if next((inner for inner in own(one, others) if inner.tag in _HEADLINES), None) is not None
    }


def _body_beside(element: Element, mine: Sequence[Element], others: set[Element]) -> Element | None:
    """Return the text of a comment whose element holds the head alone: what stands behind it, if it is called a text."""
    if sum(len((one.text or "").strip()) + len((one.tail or "").strip()) for one in mine[1:]) > 2 * _LONGEST:
        return None
    holder: Element | None = element
    for _ in range(3):
        if holder is None or (beside := holder.getnext()) is not None:
            break
        holder = holder.getparent()
    if holder is None or beside is None or beside in others or not isinstance(beside.tag, str):
        return None
    return beside if _TEXTUAL.search(" ".join(classes(beside))) else None


def _find_name(mine: Sequence[Element]) -> Element | None:
    """Return the element that says who wrote a comment."""
    named: Element | None = None
    for one in mine[1:]:
        hint = f"{one.get('class', '')} {one.get('itemprop', '')} {one.get('rel', '')}"
        is_hinted = _NAMED.search(hint) is not None or (
            one.tag == "a" and _PROFILE.search(one.get("href", "")) is not None
        )
        if is_hinted and _is_short_name(one):
            named = one
            break
    if named is None:
        bold = next((one for one in mine[1:] if one.tag in _BOLD and few_words(one)), None)
        return bold if bold is not None and _is_short_name(bold) else None
    inner = [
        one for one in named.iterdescendants() if _NAMED.search(" ".join(classes(one))) or one.tag in {"a", *_BOLD}
    ]
    return next((one for one in inner if _is_short_name(one)), named)


def _is_short_name(element: Element) -> bool:
    words = few_words(element)
    return 0 < len(words) <= _LONGEST and is_name(words) and not is_furniture(words)


def _is_body(element: Element, name: Element | None, comment: Element) -> bool:
    """Tell whether an element holds a comment's text, and not its head."""
    return element.tag not in {"a", "time", "button"} and (name is None or not stands_in(name, element, comment))


def _are_comments(elements: Sequence[Element]) -> bool:
    """Tell whether something says that these are comments, and no list of articles."""
    if any(holder is not None for holder in nest(elements)):
        return True
    looked = elements[:_LOOKED_AT]
    spoken = sum(1 for element in looked if _speaks_of_talk(element))
    return 2 * spoken > len(looked)


def _speaks_of_talk(element: Element) -> bool:
    if any(
        one.tag in {"a", "button"} and is_control(one) and "repl" in few_words(one).lower() for one in element.iter("a")
    ):
        return True
    names = (
        f"{one.get('class', '')} {one.get('id', '')}"
        for one in (element, *islice(element.iterancestors(), 5))
        if one.tag not in {"body", "html"}
    )
    return any(_TALK.search(name) for name in names)
