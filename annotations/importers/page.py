"""The importer of pages: an article, and the comments in the markup below it.

The comments are read by whichever of the readers of markup finds most (`comments_…`), and cut out of the page before
trafilatura looks for the article, so that no comment ends up in it. Bodies become plain text (`page_text`); every other
character of a comment that a reader sees stands in its author or in `meta["byline"]`, but for what can only be clicked on.

A comment's key is what the page calls it, without the word for its kind: `comment-12` is 12, `t1_abc` is abc; one without
a name is called by its place ("comment 3"). The article is 0 where the markup gives it no name.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

name = "page"
title = "A page (HTML): an article with its comments, as a browser saves it"
keeps = "the article, the tree of comments, names, times, bylines, links, votes and flags that the markup has"
loses = "fonts, pictures, menus, advertisements, and comments that the page would have loaded later"

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from lxml.etree import _Element as Element

    from annotations.importers.pages.article import Article
    from annotations.importers.pages.finding import Page, Reading
    from annotations.model import Post, Thread
    from annotations.sources.source import Source

_PROLOGUE = re.compile(r"(?:\s+|<\?xml[^>]*>|<!--.*?-->)*", re.DOTALL)
_PAGE = re.compile(r"<!doctype\s+html\b|<html\b", re.IGNORECASE)
_PART = re.compile(
    r"<(?:head|body|title|meta|main|article|section|div|span|p|table|ul|ol|dl|li|h[1-6]|base|link|style|script|header|nav|center|"
    r"shreddit-\w+)\b[^<]*>",
    re.IGNORECASE,
)
_SAVED_FROM = re.compile(
    rb"saved from url=\(\d{4}\)(https?://[^\s>]+)|Page saved with SingleFile\s+url:\s*(https?://\S+)", re.IGNORECASE
)
_NUMBER = re.compile(r"(?<![\d.,])(\d{1,3}(?:[,.]\d{3})+|\d{1,7})(?![\d.,]*\d)")
_FAR_MORE = 1.5
_SURE, _LIKELY = 0.9, 0.5


def sniff(source: Source) -> float:
    """Say how sure it is that the source is a page: by its first tag, or by being a mail that holds one."""
    from annotations.importers.pages.mhtml import is_mhtml  # noqa: PLC0415  # without the parser

    if is_mhtml(source.head):
        return _SURE + 0.05
    start = source.start
    begin = _PROLOGUE.match(start)
    at = begin.end() if begin else 0
    if _PAGE.match(start, at):
        return _SURE
    return _LIKELY if _PART.match(start, at) else 0.0


def read(source: Source) -> Iterator[Thread]:
    """Yield the one thread of the page."""
    from annotations.importers.pages.article import find_article  # noqa: PLC0415  # the same
    from annotations.importers.pages.finding import make_post  # noqa: PLC0415  # the same
    from annotations.importers.pages.tree import read_tree  # noqa: PLC0415  # the same
    from annotations.importers.reading.making import ThreadMaker, join_headline  # noqa: PLC0415  # loaded on use

    maker = ThreadMaker(source, name)
    root, address, warnings = read_tree(source)
    page = _open(source, root, address)
    work = source.work
    work.begin("Finding the comments", part=(0.3, 0.5))
    reading, known, notes = choose(page)
    comments = reading.comments if reading else ()
    others = {found.element for found in comments if found.element is not None}
    others |= set(reading.cut).difference(*(found.bodies for found in comments)) if reading else set()
    work.begin("Reading the comments", len(comments), "comments", part=(0.5, 0.8))
    posts = [make_post(page, found, others) for found in work.each(comments)]
    headline = reading.title if reading else ""
    body: Post | None = None
    if reading and reading.article is not None:
        body = make_post(page, reading.article, others)
    work.begin("Finding the article", part=(0.8, 1))
    meta: dict[str, object] = {"markup": reading.markup} if reading else {}
    article: Article | None = None
    if body is None or not headline:
        article = find_article(page, reading, known)
        headline = headline or source.clean(article.title)
        warnings += article.warnings
    if body is None and article is not None:
        body = _make_article(page, article)
    heading = article.heading if article is not None else ""
    if heading:
        meta["comments_heading"] = source.clean(heading)
        notes += _compare(heading, len(posts))
    assert body is not None  # noqa: S101  # one of the two
    post = _with_headline(body, join_headline(source.clean(headline), body.text))
    key_less = frozenset({None, "", post.key})
    yield maker.make(
        post, posts, title=source.clean(headline), url=page.url, meta=meta, warnings=(*warnings, *notes), roots=key_less
    )


def choose(page: Page) -> tuple[Reading | None, list[Element], tuple[str, ...]]:
    """Return what the best reader found, the elements of all comments that any sure reader found, and sentences on the choice."""
    from annotations.importers.pages.nesting import all_above  # noqa: PLC0415  # loaded on use

    found = [reading for reader in _readers() if (reading := reader(page)) is not None]
    sure = [reading for reading in found if not reading.is_guess]
    guessed = [reading for reading in found if reading.is_guess]
    best = max(
        sure, key=lambda reading: len(reading.comments), default=None
    )  # of two that find as many it is the first
    if guessed and len(guessed[0].comments) > _FAR_MORE * (len(best.comments) if best else 0):
        best = guessed[0]
    if best is None:
        return None, [], ("No comments were found: the page's text is the article.",)
    holder = best.article.element if best.article is not None else None
    cut = {one.element for reading in (best, *sure) for one in reading.comments if one.element is not None}
    above = all_above([holder]) if holder is not None else set()
    elements = [element for element in cut if element is not holder and element not in above]
    notes = list(best.notes)
    if best.is_guess:
        number = len(best.comments)
        notes.insert(0, f"No markup says what are comments: {number:,} were taken from {best.markup}.")
    others = [f"{one.markup} ({len(one.comments):,})" for one in sure if one is not best and one.comments]
    if others:
        notes.append(
            f"The comments were read from {best.markup} ({len(best.comments):,}), not from {', '.join(others)}."
        )
    return best, elements, tuple(notes)


def _readers() -> Sequence[Callable[[Page], Reading | None]]:
    """Return the readers of markup, the most special ones first."""
    from annotations.importers.pages import (  # noqa: PLC0415  # loaded on use
        comments_discourse,
        comments_disqus,
        comments_forum,
        comments_hacker_news,
        comments_lists,
        comments_lobsters,
        comments_new_reddit,
        comments_reddit,
        comments_schema,
        comments_wordpress,
    )

    return (
        comments_hacker_news.find,
        comments_lobsters.find,
        comments_reddit.find,
        comments_new_reddit.find,
        comments_discourse.find,
        comments_disqus.find,
        comments_wordpress.find,
        comments_forum.find,
        comments_schema.find_microdata,
        comments_schema.find_json,
        comments_lists.find,
    )


def _open(source: Source, root: Element, address: str) -> Page:
    """Return the page with where it stood."""
    from annotations.importers.pages.finding import Page, whole_address  # noqa: PLC0415  # loaded on use

    page = Page(root, source, None, "")
    bases = [one.get("href", "") for one in page.find("//base[@href]")]
    saved = _SAVED_FROM.search(source.head[:8192])
    kept = (saved[1] or saved[2]).decode("utf-8", "replace") if saved else address
    base = next((one for one in bases if whole_address(one)), kept)
    page = Page(root, source, None, base)
    named = [one.get("href", "") for one in page.find("//link[@rel='canonical'][@href]")]
    named += [one.get("content", "") for one in page.find("//meta[@property='og:url'][@content]")]
    url = next((whole for one in named if one.strip() and (whole := whole_address(page.address(one.strip())))), None)
    url = url or whole_address(kept) or whole_address(base)
    return Page(root, source, source.clean(url) if url else None, base or url or "")


def _make_article(page: Page, article: Article) -> Post:
    """Return the article's post, without its headline."""
    from annotations.model import ARTICLE_KEY, Post, PostKind  # noqa: PLC0415  # loaded on use

    clean = page.source.clean
    links = [{field: clean(value) for field, value in link.items()} for link in article.drawn.links]
    return Post(
        key=ARTICLE_KEY,
        parent=None,
        kind=PostKind.ARTICLE,
        text=clean(article.drawn.text),
        author=clean(article.author) if article.author else None,
        created_at=_find_published(page),
        meta={"links": links} if links else {},
    )


def _find_published(page: Page) -> str | None:
    """Return when the article was published: as the page says of itself, or in the one time that stands at an article's head."""
    from annotations.importers.pages.comments_schema import find_published  # noqa: PLC0415  # loaded on use
    from annotations.importers.reading.times import from_any  # noqa: PLC0415  # the same

    said = ("//meta[@property='article:published_time']", "//meta[@itemprop='datePublished']")
    shown = ("//time[@itemprop='datePublished']", "//*[.wp-block-post-date]//time[@datetime]", "//time[.entry-date]")
    times = [one.get("content") for path in said for one in page.find(path)]
    times += [one.get("datetime") for one in page.find("//time[@datetime][ancestor::article]")]
    times += [found[0].get("datetime") for path in shown if len(found := page.find(path)) == 1]
    return next((when for one in times if (when := from_any(one))), None) or find_published(page)


def _with_headline(post: Post, text: str) -> Post:
    from msgspec.structs import replace  # noqa: PLC0415  # loaded on use

    from annotations.model import PostKind  # noqa: PLC0415  # the same

    return replace(post, text=text, kind=PostKind.ARTICLE, parent=None)


def _compare(heading: str, number: int) -> tuple[str, ...]:
    """Return a sentence if the heading of the comments counts them otherwise."""
    counts = [int(re.sub(r"\D", "", one)) for one in _NUMBER.findall(heading)]
    if len(counts) == 1 and counts[0] != number:
        return (f"The page says “{heading[:80]}”, but {number:,} were found.",)
    return ()
