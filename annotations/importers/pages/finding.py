"""What all readers of comments' markup share: the page, the comments found in it, and how posts are made of them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urljoin

from lxml import etree
from msgspec import Struct, field

from annotations.importers.pages import controls
from annotations.importers.pages.nesting import nest
from annotations.importers.pages.text import draw, one_line
from annotations.importers.reading.times import from_any, from_epoch, from_text
from annotations.model import Post

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from lxml.etree import _Element as Element

    from annotations.sources.source import Source

DELETED = frozenset(("[deleted]", "[removed]", "[flagged]", "[ removed by reddit ]", "this comment was deleted."))
"""What stands in the place of a comment's text when it is gone."""

_TIME_FIELDS = (
    "data-at-unix",
    "datetime",
    "ts",
    "data-time",
    "data-timestamp",
    "data-datetime",
    "data-created",
    "content",
    "title",
)
_SHORTEST_EPOCH = 9
"""Digits of a time that is counted in seconds; with fewer it would be before 1973."""
_EPOCHS = frozenset(("data-at-unix", "ts", "data-time", "data-timestamp"))
_PREFIX = re.compile(
    r"\A(?:(?:li|div|comments?|comm|cmt|c|reply|post|answer|message|msg|p)[-_:]?)+(?=\d)", re.IGNORECASE
)
_ZONED = re.compile(r"\d(?:Z|[+-]\d\d:?\d\d)\Z|\b(?:UTC|GMT)\b|\d\d:\d\d:\d\d [+-]\d{4}|\A\d{4}-\d\d-\d\dT")
_LICENSED = re.compile(r"(\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ), ")
"""A time with the licence behind it, as StackExchange titles comments."""
_PATHS: dict[str, etree.XPath] = {}
_TAG = re.compile(r"//([a-z][\w-]*)")
_CLASS = re.compile(r"(?<=[\[ ])\.([A-Za-z][\w-]*)")
_WHOLE_ADDRESS = re.compile(r"https?://\S+\Z", re.IGNORECASE)


class Found(Struct):
    """A comment, or the article, in a page's markup.

    Args:
        element: What holds it, and perhaps its replies, which are found too.
        key: What the page calls it.
        parent: The key of what it answers; None for the article.
        author: Who wrote it, as the page says.
        created_at: When, ISO 8601 in UTC.
        bodies: The elements that hold its text.
        text: Its text where no element holds it.
        named: Elements of which nothing is left to say: the author's name.
        meta: What the page says of it beyond the model.
        uncertain: What had to be guessed about it.
    """

    element: Element | None
    key: str
    parent: str | None = None
    author: str | None = None
    created_at: str | None = None
    bodies: Sequence[Element] = ()
    text: str | None = None
    named: Sequence[Element] = ()
    meta: dict[str, object] = field(default_factory=dict)
    uncertain: tuple[str, ...] = ()


class Reading(NamedTuple):
    """What a reader found in a page.

    Args:
        markup: What the markup is, as a phrase: "WordPress' lists".
        comments: In the order of the page.
        article: What the comments answer, where the markup holds it too.
        title: Its headline, "" where the markup does not say.
        cut: Elements that are no part of the article, beside the comments.
        notes: Sentences for the analyst.
        is_guess: Whether the markup itself says that these are comments, or the reader only thinks so.
    """

    markup: str
    comments: Sequence[Found]
    article: Found | None = None
    title: str = ""
    cut: Sequence[Element] = ()
    notes: tuple[str, ...] = ()
    is_guess: bool = False


class Page:
    """A page.

    Args:
        root: The root of its tree.
        source: Where it is from.
        url: Where it stood, or None.
        base: What its addresses are relative to.
    """

    def __init__(self, root: Element, source: Source, url: str | None, base: str) -> None:
        self.root = root
        self.source = source
        self.url = url
        self._base = base
        self.elements = [one for one in root.iter() if isinstance(one.tag, str)]
        """All of its elements, in their order. While they are held here, nobody makes them anew: in a deep tree lxml goes up to
        the root each time that it lets go of one."""
        self._tags = {one.tag for one in self.elements}
        self._names = {name for one in self.elements for name in classes(one)}

    def address(self, target: str) -> str:
        """Return a whole address, as far as the page says where it stood."""
        try:
            return self.source.clean(urljoin(self._base, target) if self._base else target)
        except ValueError:  # "http://[" and the like
            return self.source.clean(target)

    def find(self, path: str) -> list[Element]:
        """Return the elements that an XPath names; `.name` in brackets stands for a class: `//li[.comment]`.

        Alternatives are written with `or`, not with `|`: libxml2 compares each element of a union with all others.
        """
        if (tag := _TAG.match(path)) and tag[1] not in self._tags:
            return []
        if " or " not in path and any(name not in self._names for name in _CLASS.findall(path)):
            return []
        return select(self.root, path)

    def has_class(self, *names: str) -> bool:
        """Tell whether an element of the page has one of these classes."""
        return not self._names.isdisjoint(names)


def select(element: Element, path: str) -> list[Element]:
    """Return the elements that an XPath names from an element on; `[.name]` stands for one of its classes."""
    compiled = _PATHS.get(path)
    if compiled is None:
        whole = _CLASS.sub(r"contains(concat(' ', normalize-space(@class), ' '), ' \1 ')", path)
        # The long form of “//”, for what is found by the short one libxml2 compares with all that was found before.
        whole = re.sub(r"\A//", "/descendant::", whole)
        compiled = _PATHS[path] = etree.XPath(whole)
    found = compiled(element)
    return [one for one in found if isinstance(one, etree._Element)] if isinstance(found, list) else []  # noqa: SLF001  # the class of elements has no other name


def classes(element: Element) -> list[str]:
    """Return the names of an element's classes."""
    written = element.get("class")
    return written.split() if written else []


def own(element: Element, others: Iterable[Element] | set[Element]) -> Iterator[Element]:
    """Yield the elements within a comment that belong to no other."""
    walk = etree.iterwalk(element, events=("start",))
    for _, inner in walk:
        if inner is not element and inner in others:
            walk.skip_subtree()
        else:
            yield inner


def first(elements: Iterable[Element], *names: str) -> Element | None:
    """Return the first element that has one of these classes; a name that comes first is looked for first."""
    found: dict[str, Element] = {}
    for element in elements:
        for name in classes(element):
            if name in names:
                found.setdefault(name, element)
    return next((found[name] for name in names if name in found), None)


def answer_nesting(comments: Sequence[Found]) -> None:
    """Let each comment answer the one that its element stands in."""
    placed = [(found.element, found) for found in comments if found.element is not None]
    keys = {element: found.key for element, found in placed}
    for (_, found), holder in zip(placed, nest([element for element, _ in placed]), strict=True):
        found.parent = keys[holder] if holder is not None else None


def answer_levels(comments: Sequence[Found], levels: Sequence[float]) -> None:
    """Let each comment answer the last one before it that stands further out.

    Args:
        comments: In the order of the page.
        levels: How far in each stands, in any unit.
    """
    above: list[tuple[float, str]] = []
    for found, level in zip(comments, levels, strict=True):
        while above and above[-1][0] >= level:
            above.pop()
        found.parent = above[-1][1] if above else None
        above.append((level, found.key))


def read_time(element: Element | None) -> str | None:
    """Return the time that an element names in an attribute; None if it names none to the minute and in a known zone."""
    if element is None:
        return None
    for name in _TIME_FIELDS:
        if written := element.get(name):
            if name == "title" and (licensed := _LICENSED.match(written)):
                written = licensed[1]
            if name == "title" and not _ZONED.search(written):
                continue  # in the reader's own zone, which the page does not name
            if len(written) < _SHORTEST_EPOCH and written.isdecimal():
                continue  # a number of something else
            when = from_epoch(written) if name in _EPOCHS else from_any(written)
            if when := when or from_text(written):
                return when
    return None


def find_time(elements: Iterable[Element]) -> tuple[str | None, Element | None]:
    """Return the first time that a `time` element among these names, and that element."""
    for element in elements:
        if element.tag in {"time", "faceplate-timeago", "relative-time", "time-ago", "abbr"} and (
            when := read_time(element)
        ):
            return when, element
    return None, None


def short_key(name: str) -> str:
    """Return a comment's id without what says only that it is a comment's: `#comment-12` and `comment_12` are 12."""
    name = name.rsplit("#", 1)[-1] if "#" in name else name
    return _PREFIX.sub("", name.strip()) or name.strip()


def whole_address(url: str | None) -> str | None:
    """Return an address of the web, None for any other text."""
    return url.strip() if url and _WHOLE_ADDRESS.match(url.strip()) else None


def make_post(page: Page, found: Found, others: set[Element]) -> Post:
    """Return the post of what was found in a page.

    What the comment's element shows beside its text, its author and what can only be clicked on becomes `meta["byline"]`;
    the targets of links in its text `meta["links"]`.

    Args:
        page: The page.
        found: The comment.
        others: The elements of all comments.
    """
    clean = page.source.clean
    bodies = found.bodies if found.text is None else ()  # else its text was drawn without its head
    drawn = draw(bodies, skip=others, address=page.address, is_silent=controls.is_unsaid)
    text = found.text if found.text is not None else drawn.text
    author = clean(" ".join(found.author.split())) if found.author else None
    meta = {name: clean(value) if isinstance(value, str) else value for name, value in found.meta.items()}
    if found.element is not None and (byline := _byline(found, others, author)):
        meta["byline"] = clean(byline)
    if drawn.links:
        meta["links"] = [{name: clean(value) for name, value in link.items()} for link in drawn.links]
    text = clean(text).strip("\n")
    if not text.strip():
        text = ""
    if " ".join(text.split()).lower() in DELETED or (author or "").lower() in DELETED:
        meta["is_deleted"] = True
        author = None if (author or "").lower() in DELETED else author
    return Post(
        key=clean(found.key),
        parent=found.parent,
        text=text,
        author=author or None,
        created_at=found.created_at,
        uncertain=found.uncertain,
        meta=meta,
    )


def _byline(found: Found, others: set[Element], author: str | None) -> str:
    """Return on one line what a comment's element shows beside its text and its author."""
    said = {*found.bodies, *found.named}

    def is_silent(element: Element) -> bool:
        return element in said or controls.is_control(element) or controls.says(element, author)

    element = found.element
    if element is None or element in found.bodies:
        return ""
    return controls.trim(one_line(element, skip=others, is_silent=is_silent))
