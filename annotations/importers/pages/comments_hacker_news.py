"""Comments in the markup of Hacker News: rows of a table, each with how far it stands in.

Source: news.ycombinator.com/item pages: `tr.athing.comtr` with the comment's id, `td.ind` with `indent` (in older pages only
the width of its image, 40 a level), `a.hnuser`, `span.age` whose title is the time in UTC, `commtext` with its shade
(`c00` is black, what is paler was voted down). The story stands in `table.fatitem`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from annotations.importers.pages.finding import Found, Reading, answer_levels, classes, first, own
from annotations.importers.pages.saying import CONTINUED, is_count
from annotations.importers.pages.text import one_line
from annotations.importers.reading.times import from_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lxml.etree import _Element as Element

    from annotations.importers.pages.finding import Page

MARKUP = "Hacker News' rows"

_STEP = 40
"""Pixels that a level is wide."""

_SHADE = re.compile(r"c[0-9a-f]{2}\Z")
_MARK = re.compile(r"\[(flagged|dead|dupe)\]")


def find(page: Page) -> Reading | None:
    """Find the comments of a page of Hacker News, None if there are none."""
    rows = [*page.find("//tr[.comtr]")]
    story = page.find("//table[.fatitem]")
    if not rows and not story:
        return None
    others = set(rows)
    mine = [list(own(row, others)) for row in rows]
    comments = [
        _read(page, row, number, parts, others) for number, (row, parts) in enumerate(zip(rows, mine, strict=True), 1)
    ]
    answer_levels(comments, [_level(parts) for parts in mine])
    article, title = _story(page, story[0]) if story else (None, "")
    notes: tuple[str, ...] = ()
    if page.find("//a[.morelink]"):
        notes = (CONTINUED,)
    return Reading(MARKUP, comments, article=article, title=title, notes=notes) if comments or article else None


def _read(page: Page, row: Element, number: int, mine: Sequence[Element], others: set[Element]) -> Found:
    key = row.get("id") or f"comment {number}"
    name, body = first(mine, "hnuser"), first(mine, "commtext")
    holder = first(mine, "comment")
    gone = one_line(holder, skip=others, is_silent=_is_reply) if body is None and holder is not None else None
    created_at = _time(first(mine, "age"))
    meta: dict[str, object] = {"url": page.address(f"item?id={key}")}
    shade = next((name for name in (classes(body) if body is not None else ()) if _SHADE.match(name)), "c00")
    if shade != "c00":
        meta["shade"] = shade
    head = first(mine, "comhead")
    for mark in _MARK.findall(one_line(head, skip=others) if head is not None else ""):
        meta[f"is_{mark}"] = True
    return Found(
        row,
        key,
        author=one_line(name, skip=others) if name is not None else None,
        created_at=created_at,
        bodies=[body] if body is not None else [],
        text=gone,
        named=[one for one in (name, holder if body is None else None) if one is not None],
        meta=meta,
    )


def _is_reply(element: Element) -> bool:
    return "reply" in classes(element)


def _level(mine: Sequence[Element]) -> float:
    """Return how many levels in a row stands."""
    cell = next((one for one in mine if one.tag == "td" and "ind" in classes(one)), None)
    if cell is None:
        return 0
    if is_count(level := cell.get("indent", "")):
        return int(level)
    image = next(cell.iter("img"), None)
    width = image.get("width", "") if image is not None else ""
    return int(width) / _STEP if is_count(width) else 0


def _time(age: Element | None) -> str | None:
    """Return the time in a title such as "2026-05-01T08:30:00 1777624200"."""
    written = age.get("title", "").split() if age is not None else []
    return from_text(written[0]) if written else None


def _story(page: Page, table: Element) -> tuple[Found, str]:
    """Return what is discussed: a story with its text, or a comment whose answers are shown."""
    mine = list(own(table, ()))
    row = next((one for one in mine if "athing" in classes(one)), None)
    line, name = first(mine, "titleline", "storylink"), first(mine, "hnuser")
    link = next(line.iter("a"), None) if line is not None else None
    score = first(mine, "score")
    meta: dict[str, object] = {}
    if link is not None and link.get("href"):
        meta["url"] = page.address(link.get("href", ""))
    if score is not None and is_count(count := one_line(score).split(" ")[0]):
        meta["score"] = int(count)
    text = first(mine, "toptext", "commtext")
    if text is None and line is not None:  # in older pages a bare cell below
        cells = [
            one
            for one in mine
            if one.tag == "td" and not one.get("class") and next(one.iter("form", "input", "table"), None) is None
        ]
        text = next((one for one in cells if one_line(one)), None)
    article = Found(
        table,
        (row.get("id") if row is not None else None) or "0",
        author=one_line(name) if name is not None else None,
        created_at=_time(first(mine, "age")),
        bodies=[text] if text is not None else [],
        named=[one for one in (name, link, score) if one is not None],
        meta=meta,
    )
    return article, one_line(link) if link is not None else ""
