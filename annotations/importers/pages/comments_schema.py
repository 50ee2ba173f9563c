"""Comments that a page describes in the words of schema.org: in its markup (microdata), or beside it (JSON-LD).

Source: schema.org/Comment, /Answer, /Question, /DiscussionForumPosting (`comment`, `suggestedAnswer`, `acceptedAnswer`, `text`,
`author`, `datePublished`, `parentItem`, `upvoteCount`), and the HTML Standard on microdata (`itemscope`, `itemprop`). A comment is
called by its `itemid`, `@id` or `id`; one without is called by its place.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, cast

import msgspec

from annotations.importers.pages.finding import Found, Reading, answer_nesting, find_time, own, read_time, short_key
from annotations.importers.pages.text import one_line
from annotations.importers.reading.json_scanning import scan_value
from annotations.importers.reading.times import from_any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from lxml.etree import _Element as Element

    from annotations.importers.pages.finding import Page

MICRODATA = "schema.org's comments in its markup"
JSON_LD = "schema.org's comments in JSON"

_TYPES = re.compile(r"schema\.org/(?:Comment|UserComments|Answer|CorrectionComment)(?:\s|\Z)")
_ROOTS = re.compile(r"schema\.org/(?:DiscussionForumPosting|Question|SocialMediaPosting)(?:\s|\Z)")
_TEXTS = ("text", "commentText", "articleBody", "description", "reviewBody")
_TIMES = ("datePublished", "dateCreated", "commentTime", "dateModified")
_WRITERS = ("author", "creator")
_ANSWERS = ("comment", "acceptedAnswer", "suggestedAnswer")
_MODEL = {*_ANSWERS, "text", "author", "creator", "@id", "@type", "@context"}
_ARTICLES = re.compile(r"Article|BlogPosting|Report\b")
_LONGEST_SCRIPT = 1 << 20
_JSON_COMMENTS = frozenset(("Comment", "Answer", "UserComments"))
_JSON_ROOTS = frozenset(("DiscussionForumPosting", "Question", "SocialMediaPosting"))


def find_microdata(page: Page) -> Reading | None:
    """Find the comments that the markup describes, None if there are none."""
    elements = [one for one in page.find("//*[@itemscope][@itemtype]") if _TYPES.search(one.get("itemtype", ""))]
    if not elements:
        return None
    others = set(elements)
    comments = [_read(page, one, number, others) for number, one in enumerate(elements, 1)]
    answer_nesting(comments)
    _answer_named(comments)
    roots = [one for one in page.find("//*[@itemscope][@itemtype]") if _ROOTS.search(one.get("itemtype", ""))]
    article, title = _root(page, roots[0], others) if roots else (None, "")
    return Reading(MICRODATA, comments, article=article, title=title)


def _answer_named(comments: Sequence[Found]) -> None:
    """Let each comment answer the one that it names."""
    keys = {found.key for found in comments}
    for found in comments:
        above = found.meta.pop("parentItem", None)
        if isinstance(above, str) and (key := short_key(above)) in keys and key != found.key:
            found.parent = key


def _properties(element: Element, others: set[Element]) -> dict[str, list[Element]]:
    """Return what an element says of itself: the elements of each property, not those of things within it."""
    found: dict[str, list[Element]] = {}
    inner: set[Element] = set()
    for one in own(element, others):
        if one is element:
            continue
        holder = one.getparent()
        is_inner = holder in inner
        if not is_inner:
            for name in one.get("itemprop", "").split():
                found.setdefault(name, []).append(one)
        if is_inner or "itemscope" in one.attrib:
            inner.add(one)
    return found


def _read(page: Page, element: Element, number: int, others: set[Element]) -> Found:
    said = _properties(element, others)
    key = short_key(element.get("itemid") or element.get("id") or _value(said, "identifier", others) or "")
    writer = next((said[name][0] for name in _WRITERS if name in said), None)
    author, name = _name(writer, others)
    body = next((said[field][0] for field in _TEXTS if field in said), None)
    created_at = next((when for field in _TIMES for one in said.get(field, []) if (when := read_time(one))), None)
    meta: dict[str, object] = {}
    if url := _value(said, "url", others):
        meta["url"] = page.address(url)
    for field in ("upvoteCount", "downvoteCount"):
        if field in said:
            count = _value(said, field, others)
            meta[field] = int(count) if re.fullmatch(r"-?\d{1,9}", count, re.ASCII) else count
    if above := _value(said, "parentItem", others):
        meta["parentItem"] = above
    if "acceptedAnswer" in element.get("itemprop", ""):
        meta["is_accepted"] = True
    shown = body is not None and body.tag not in {"meta", "link"}
    named = [name] if name is not None else []
    named += [said[field][0] for field in ("upvoteCount", "downvoteCount") if field in said]
    return Found(
        element,
        key or f"comment {number}",
        author=author,
        created_at=created_at or find_time(own(element, others))[0],
        bodies=[body] if body is not None and shown else [],
        text=body.get("content", "") if body is not None and not shown else None,
        named=named,
        meta=meta,
    )


def _name(writer: Element | None, others: set[Element]) -> tuple[str | None, Element | None]:
    """Return the name of who wrote something, and the element that shows it."""
    if writer is None:
        return None, None
    name = next((one for one in own(writer, others) if one.get("itemprop") == "name"), writer)
    return (name.get("content") or one_line(name, skip=others)) or None, name


def _value(said: Mapping[str, Sequence[Element]], field: str, others: set[Element]) -> str:
    for one in said.get(field, ()):
        return one.get("content") or one.get("href") or one.get("src") or one_line(one, skip=others)
    return ""


def _root(page: Page, element: Element, others: set[Element]) -> tuple[Found | None, str]:
    """Return what is discussed, where the markup has its text."""
    said = _properties(element, others)
    title = _value(said, "headline", others) or _value(said, "name", others)
    body = next((said[field][0] for field in ("text", "articleBody") if field in said), None)
    if body is None or body.tag == "meta":
        return None, title
    writer = next((said[name][0] for name in _WRITERS if name in said), None)
    author, name = _name(writer, others)
    heads = [said[field][0] for field in ("headline", "name") if field in said]
    created_at = next((when for field in _TIMES for one in said.get(field, []) if (when := read_time(one))), None)
    meta: dict[str, object] = {"url": page.address(url)} if (url := _value(said, "url", others)) else {}
    named = [*heads, *([name] if name is not None else [])]
    return Found(element, "0", author=author, created_at=created_at, bodies=[body], named=named, meta=meta), title


def find_json(page: Page) -> Reading | None:
    """Find the comments that the page describes beside its markup, None if there are none."""
    comments: list[Found] = []
    article: Found | None = None
    title = ""
    for script in page.find("//script[contains(@type, 'ld+json')]"):
        waiting = [(_parse(script.text or ""), cast("str | None", None))]
        while waiting:
            value, parent = waiting.pop()
            if isinstance(value, list):
                waiting.extend((one, parent) for one in reversed(value))
                continue
            if not isinstance(value, dict):
                continue
            key = parent
            if _is_comment(value):
                found = _make(page, value, parent, f"comment {len(comments) + 1}")
                comments.append(found)
                key = found.key
            elif article is None and _kinds(value) & _JSON_ROOTS:
                title = _words(value.get("headline")) or _words(value.get("name"))
                text = _words(value.get("text")) or _words(value.get("articleBody"))
                article = Found(None, "0", author=_writer(value), created_at=_when(value), text=text) if text else None
            # Within a comment only its answers are looked at: who wrote it may be a thing with a text, too.
            inner = value if key is None else {name: value[name] for name in _ANSWERS if name in value}
            waiting.extend((one, key) for one in reversed(inner.values()) if isinstance(one, list | dict))
    _answer_named(comments)
    return Reading(JSON_LD, comments, article=article, title=title) if comments else None


def find_published(page: Page) -> str | None:
    """Return when the one article was published that a page describes beside its markup; None if there is none, or several."""
    times: set[str | None] = set()
    for script in page.find("//script[contains(@type, 'ld+json')]"):
        if len(script.text or "") > _LONGEST_SCRIPT:
            continue
        value = _parse(script.text or "")
        graph = value.get("@graph") if isinstance(value, dict) else value
        for one in graph if isinstance(graph, list) else [value]:
            if isinstance(one, dict) and any(map(_ARTICLES.search, _kinds(one))):
                times.add(from_any(one.get("datePublished")))
    return times.pop() if len(times) == 1 else None


def _parse(text: str) -> Any:  # noqa: ANN401  # anything may stand there
    try:
        return msgspec.json.decode(text.encode("utf-8", "replace"))
    except (msgspec.DecodeError, RecursionError):
        try:
            return scan_value(text.strip())[0]
        except (ValueError, RecursionError):
            return None


def _is_comment(value: Mapping[str, Any]) -> bool:
    return not _kinds(value).isdisjoint(_JSON_COMMENTS)


def _kinds(value: Mapping[str, Any]) -> set[str]:
    """Return what a thing says that it is: one kind or several."""
    kinds = value.get("@type")
    return {kind for kind in (kinds if isinstance(kinds, list) else [kinds]) if isinstance(kind, str)}


def _make(page: Page, value: Mapping[str, Any], parent: str | None, otherwise: str) -> Found:
    key = _name_of(value)
    rest = {name: one for name, one in value.items() if name not in _MODEL}
    meta: dict[str, object] = {"raw": rest} if rest else {}
    if isinstance(url := value.get("url"), str) and url:
        meta["url"] = page.address(url)
    above = value.get("parentItem")
    meta["parentItem"] = above if isinstance(above, str) else _name_of(above) if isinstance(above, dict) else ""
    text = _words(value.get("text")) or _words(value.get("description"))
    return Found(
        None, key or otherwise, parent=parent, author=_writer(value), created_at=_when(value), text=text, meta=meta
    )


def _name_of(value: Mapping[str, Any]) -> str:
    """Return what a thing is called, "" if it has no name."""
    names = (value.get(name) for name in ("@id", "identifier", "url"))
    return next((short_key(name) for name in names if isinstance(name, str) and name), "")


def _words(value: object) -> str:
    return value if isinstance(value, str) else str(value) if isinstance(value, int | float) else ""


def _when(value: Mapping[str, Any]) -> str | None:
    return next((when for name in _TIMES if (when := from_any(value.get(name)))), None)


def _writer(value: Mapping[str, Any]) -> str | None:
    """Return the name of who wrote something: a person's or a text."""
    writer = next((value[name] for name in _WRITERS if value.get(name)), None)
    if isinstance(writer, list):
        writer = writer[0] if writer else None
    name = writer.get("name") if isinstance(writer, dict) else writer
    return name if isinstance(name, str) and name.strip() else None
