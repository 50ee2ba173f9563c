"""A page's article: what is left when the comments are cut out, found by trafilatura, or by where pages keep it.

Nothing of the article is lost: where trafilatura leaves out a paragraph of the element that the page itself calls its article,
the whole element is taken.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from lxml import etree

from annotations.importers.pages import controls
from annotations.importers.pages.finding import classes
from annotations.importers.pages.nesting import all_above, outermost
from annotations.importers.pages.text import Drawn, draw, one_line, says_anything

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lxml.etree import _Element as Element

    from annotations.importers.pages.finding import Page, Reading

_SMALL_PART = 3
"""How many times as much the page's own article element may say before what was found is too little of it."""

TOO_LARGE = "The page is too large to tell its article from the rest of it: {} was taken."
NOT_FOUND = "The page's article could not be told from the rest of it: {} was taken."
WHOLE = "The page's own article element was taken whole: some of its paragraphs would have been left out."

_AREAS = re.compile(
    r"(?:^|[\s_-])(?:comments?|comments?-(?:area|section|list|wrapper|container|block)|commentlist|respond|comment-respond|disqus[_-]thread|"
    r"discussion|commentarea|replies)(?:$|[\s_-])",
    re.IGNORECASE,
)
_HOLDERS = (
    "//*[@itemprop='articleBody']",
    "//*[.entry-content]",
    "//*[.post-content]",
    "//*[.article-body]",
    "//article",
    "//main",
    "//*[@role='main']",
    "//body",
)
_ASIDE = frozenset(("nav", "aside", "form", "footer"))
_SHARE = re.compile(
    r"(?:^|[\s_-])(?:share|sharing|social|sharedaddy|related|newsletter|breadcrumbs?|jp-relatedposts|widget)(?:$|[\s_-])",
    re.IGNORECASE,
)
_DATA = 4096
"""Characters that an attribute may have: more is a picture or a script."""

_LARGEST = 3_000_000
"""Characters of a page without its pictures that trafilatura is given; it takes 2 s for these."""

_MOST_ELEMENTS = 12_000
"""Elements of a page without its comments that trafilatura is given; it takes some seconds for these."""

_LEAST = 260
"""Characters of an article below which trafilatura puts all that it finds on one line."""

_DEEPEST = 200
_PARAGRAPHS = ("p", "li", "blockquote", "pre", "td", "h2", "h3")
_SHORTEST = 60
_LONGEST_HEADING = 200
_CUT = "postil-cut"
"""What the elements are called that are cut out of the tree."""
_RENAMED = {"head": "h2", "hi": "span", "del": "span"}


class Article(NamedTuple):
    """An article.

    Args:
        title: Its headline, "" if none was found.
        drawn: Its text without the headline, and its links.
        author: Who wrote it, as far as the page says.
        heading: What the page writes above the comments.
        warnings: Sentences for the analyst.
    """

    title: str
    drawn: Drawn
    author: str | None
    heading: str
    warnings: tuple[str, ...]


def find_article(page: Page, reading: Reading | None, comments: Iterable[Element]) -> Article:
    """Cut the comments out of the tree and find the article in what is left.

    Args:
        page: The page; its tree is cut.
        reading: What was read.
        comments: The elements of all comments.
    """
    heading = _cut(page, [*comments, *(reading.cut if reading else ())])
    title, author = find_title(page), None
    written = _write(page)
    extracted = _extract(page, written) if written is not None else None
    holder = next((found[0] for path in _HOLDERS[:-1] if len(found := page.find(path)) == 1), None)
    if extracted is not None:
        title = title if len(page.find("//h1")) == 1 and title else extracted.title or title
        author = extracted.author
    if extracted is not None and len(extracted.drawn.text) >= _LEAST:
        if holder is None or not _lacks(extracted.drawn.text, holder):
            return Article(title, extracted.drawn, author, heading, ())
        return Article(title, _draw(page, holder, title), author, heading, (WHOLE,))
    body = next(
        (found[0] for path in _HOLDERS if (found := page.find(path)) and says_anything(found[0], _is_beside)), None
    )
    drawn = _draw(page, body, title) if body is not None else Drawn("", ())
    taken = f"its {body.tag} element" if body is not None else "nothing"
    sentence = NOT_FOUND if written is not None else TOO_LARGE
    return Article(title, drawn, author, heading, (sentence.format(taken),) if drawn.text else ())


def find_title(page: Page) -> str:
    """Return a page's headline: its first one, what it says of itself to others, its title."""
    heads = [words for one in outermost(page.find("//h1")) if (words := one_line(one, is_silent=_is_beside))]
    if len(heads) == 1:
        return heads[0]
    for name in ("og:title", "twitter:title"):
        for one in page.find(f"//meta[@property='{name}' or @name='{name}']"):
            if words := " ".join(one.get("content", "").split()):
                return words
    titles = [" ".join((one.text or "").split()) for one in page.find("//title")]
    return heads[0] if heads else next((words for words in titles if words), "")


def _cut(page: Page, elements: Iterable[Element]) -> str:
    """Cut elements out of the tree, and the areas of comments that they stood in; return what stood above them."""
    _remove(page, elements)
    parts = page.find("//*[self::h1 or self::main or self::article or @itemprop='articleBody' or .entry-content]")
    kept = {*parts, *all_above(parts)}
    areas = page.find(
        "//*[self::div or self::section or self::aside or self::ol or self::ul or self::footer][@id or @class]"
    )
    areas = [
        area
        for area in areas
        if area not in kept and (_AREAS.search(area.get("id", "")) or _AREAS.search(area.get("class", "")))
    ]
    heads = (one for area in outermost(areas) for one in outermost(list(area.iter("h2", "h3", "h4"))))
    heading = next((words for one in heads if (words := one_line(one))), "")
    _remove(page, areas)
    return heading[:_LONGEST_HEADING]


def _remove(page: Page, elements: Iterable[Element]) -> None:
    """Take elements out of the tree, but not the text behind them: all at once, as each on its own moves that text again."""
    for element in elements:
        if element is not page.root:
            element.tag = _CUT
    etree.strip_elements(page.root, _CUT, with_tail=False)


def _draw(page: Page, holder: Element, title: str) -> Drawn:
    """Return what an element says, without what pages put beside an article, and without the headline."""
    heads = {one for one in outermost(list(holder.iter("h1"))) if one_line(one) == title}
    return draw([holder], skip=heads, address=page.address, is_silent=_is_beside)


def _is_beside(element: Element) -> bool:
    """Tell whether an element stands beside an article: menus, forms, links to share it."""
    return element.tag in _ASIDE or controls.is_hidden(element) or any(map(_SHARE.search, classes(element)))


class _Extracted(NamedTuple):
    title: str
    author: str | None
    drawn: Drawn


def _write(page: Page) -> str | None:
    """Return the page as trafilatura is given it; None if it would work on it for long: too deep, too many elements."""
    scripts = page.find("//script[not(contains(@type, 'ld+json'))]")
    _remove(page, [*scripts, *page.find("//*[self::style or self::svg or self::template or self::iframe]")])
    for element in page.root.iter():
        for name, value in element.attrib.items() if isinstance(element.tag, str) else ():
            if len(value) > _DATA:
                del element.attrib[name]
    if _is_deep(page.root) or page.root.xpath("count(//*)") > _MOST_ELEMENTS:
        return None
    written = etree.tostring(page.root, encoding="unicode", method="html")
    return written if len(written) <= _LARGEST else None


def _extract(page: Page, written: str) -> _Extracted | None:
    """Return what trafilatura takes for the article; None if it finds nothing."""
    from trafilatura import bare_extraction  # noqa: PLC0415  # loaded on use

    try:
        found = bare_extraction(
            written,
            url=page.url,
            include_comments=False,
            include_formatting=True,
            include_links=True,
            include_images=True,
            include_tables=True,
            favor_recall=True,
            with_metadata=True,
        )
    except Exception:  # noqa: BLE001  # whatever a page does to it: the page's own elements are there
        return None
    if found is None or isinstance(found, dict):
        return None
    title = " ".join((found.title or "").split())
    return _Extracted(title, found.author or None, _draw_extracted(page, found.body, title))


def _draw_extracted(page: Page, body: Element | None, title: str) -> Drawn:
    if body is None:
        return Drawn("", ())
    for element in body.iter():
        if isinstance(element.tag, str):
            element.tag = _RENAMED.get(element.tag, element.tag)
            if element.tag == "code" and "\n" in "".join(element.itertext()):
                element.tag = "pre"
    heads = [one for one in outermost(list(body.iter("h2"))) if one_line(one) == title]
    return draw([body], skip=set(heads[:1]), address=page.address)


def _is_deep(root: Element) -> bool:
    depth = 0
    for event, _ in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        if depth > _DEEPEST:
            return True
    return False


def _lacks(text: str, holder: Element) -> bool:
    """Tell whether a text lacks a paragraph of an element, or most of what stands there in no paragraph."""
    said = re.sub(r"\W+", "", text)
    whole = re.sub(r"\W+", "", draw([holder], is_silent=_is_beside, has_images=False).text)
    if len(whole) > _SMALL_PART * len(said):
        return True
    walk = etree.iterwalk(holder, events=("start",))
    for _, element in walk:
        if not isinstance(element.tag, str) or _is_beside(element):
            walk.skip_subtree()
        elif element.tag in _PARAGRAPHS:
            words = re.sub(r"\W+", "", draw([element], is_silent=_is_beside, has_images=False).text)
            if len(words) >= _SHORTEST and words not in said:
                return True
            walk.skip_subtree()  # what stands in it is said with it
    return False
