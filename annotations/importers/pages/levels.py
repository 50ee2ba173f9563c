"""What comments answer whose markup has no word for it, and where their heads end and their texts begin."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from annotations.importers.flat.byline import is_furniture, read_byline
from annotations.importers.pages.controls import few_words, is_control, is_stamp, trim
from annotations.importers.pages.finding import answer_levels, classes, own, short_key
from annotations.importers.pages.saying import is_count
from annotations.importers.pages.text import draw

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from lxml.etree import _Element as Element

    from annotations.importers.pages.finding import Found, Page

_PARENTS = (
    *("data-parent", "data-parent-id", "data-parentid", "data-parent-comment-id", "data-reply-to", "data-in-reply-to"),
    *("data-replyto", "parentid", "data-comment-parent", "data-reply-to-id"),
)
_DEPTHS = ("data-depth", "data-level", "data-indent", "data-nesting", "aria-level", "data-comment-depth", "depth")
_DEPTH_CLASS = re.compile(r"(?:comment-?)?(?:depth|level|indent|lvl|nest(?:ing|ed)?)[-_]?(\d{1,4})\Z", re.IGNORECASE)
_INDENT = re.compile(
    r"(?:margin|padding)-(?:left|inline-start)\s*:\s*(\d+(?:\.\d+)?)\s*(?:px|r?em|%|ch|vw|pt)?", re.IGNORECASE
)
_BELOW = re.compile(r"child|repl|nest|indent|thread|sub-?comment|answers", re.IGNORECASE)
_NO_PARENT = frozenset(("", "0", "none", "null", "root", "-1"))
_HEAD_LINES = 4
_JOINT = re.compile(r"[\s·•|,:–—]*(?:(?:says?|said|wrote)\s*:)?", re.IGNORECASE)
"""What stands between a name and a time that have elements of their own."""


class Head(NamedTuple):
    """The parts of a comment whose markup does not part them.

    Args:
        author: Who wrote it, or None.
        text: What is left below its head.
        byline: What else the head says, on one line.
        links: The words and the targets of the links in it.
    """

    author: str | None
    text: str
    byline: str
    links: list[dict[str, str]]


def split_head(
    page: Page, element: Element, others: set[Element], *, name: Element | None, silent: Collection[Element] = ()
) -> Head:
    """Return the parts of a comment: its head is the name and the time, on one line or a few, and its text what follows.

    Args:
        page: The page.
        element: What holds the comment.
        others: The elements of other comments.
        name: The element that says who wrote it, if there is one.
        silent: What is read already.
    """
    times = (
        [one for one in own(element, others) if one is not element and is_stamp(few_words(one))]
        if name is not None
        else []
    )
    taken = {*silent, *times[:1], *([name] if name is not None else [])}

    def is_silent(one: Element) -> bool:
        return one in taken or is_control(one)

    drawn = draw([element], skip=others, address=page.address, is_silent=is_silent)
    lines = drawn.text.split("\n") if drawn.text else []
    said = [few_words(one) for one in times[:1]]
    author = few_words(name) if name is not None else None
    if name is None and lines:
        byline = read_byline(lines[0].strip(), has_text=len(lines) > 1)
        author = byline.author or None
        said = [byline.rest] if byline.rest else []
        if not byline.text:
            lines.pop(0)
    is_rest = _JOINT.fullmatch if name is not None and times else is_furniture
    for _ in range(_HEAD_LINES):
        if any(line.strip() for line in lines[1:]) and (not lines[0].strip() or is_rest(lines[0].strip())):
            said.append(lines.pop(0).strip())
    said = [part for part in said if part]
    return Head(author, "\n".join(lines).strip("\n"), trim(" ".join(said)), list(drawn.links))


def find_parents(comments: Sequence[Found], elements: Sequence[Element]) -> tuple[str, ...]:
    """Set what each comment answers, and say by what it was told.

    Args:
        comments: In the order of the page.
        elements: Their elements.
    """
    keys = {found.key for found in comments}
    others = set(elements)
    named = [_named_parent(one, found.key, keys, others) for found, one in zip(comments, elements, strict=True)]
    if any(parent is not None for parent in named):
        _answer_places(comments, elements)
        for found, parent in zip(comments, named, strict=True):
            if parent is not None:
                found.parent = parent or None
        return ("Which comment answers which was taken from what each of them names.",)
    levels = [_level(element) for element in elements]
    if len({level for level in levels if level is not None}) > 1:
        answer_levels(comments, [level or 0 for level in levels])
        return ("Which comment answers which was taken from how far each of them is indented.",)
    _answer_places(comments, elements)
    if any(found.parent for found in comments):
        return ("Which comment answers which was taken from which of them stands in which.",)
    return ()


def _named_parent(element: Element, key: str, keys: set[str], others: set[Element]) -> str | None:
    """Return the key of what a comment says that it answers, "" for the article; None if it does not say."""
    for field in _PARENTS:
        if (written := element.get(field)) is not None:
            if written.strip().lower() in _NO_PARENT:
                return ""
            named = short_key(written)
            return named if named in keys and named != key else ""
    for link in own(element, others):
        target = link.get("href", "") if link.tag == "a" else ""
        if "#" in target and (named := short_key(target)) in keys and named != key and not is_control(link):
            return named
    return None


def _level(element: Element) -> float | None:
    """Return how far in a comment stands, None if it does not say."""
    holder: Element | None = element
    for _ in range(2):
        if holder is None:
            break
        for field in _DEPTHS:
            if is_count(written := holder.get(field, "")):
                return int(written)
        for name in classes(holder):
            if found := _DEPTH_CLASS.match(name):
                return int(found[1])
        if indent := _INDENT.search(holder.get("style", "")):
            return float(indent[1])
        holder = holder.getparent()
    return None


def _answer_places(comments: Sequence[Found], elements: Sequence[Element]) -> None:
    """Let each comment answer the last one before it that stands in fewer comments, lists and boxes of replies."""
    among = set(elements)
    known: dict[Element, int] = {}
    depths: list[float] = []
    for element in elements:
        path = []
        depth = 0
        for above in element.iterancestors():
            if above in known:
                depth = known[above]
                break
            path.append(above)
        for above in reversed(path):
            is_level = (
                above in among
                or above.tag in {"ul", "ol", "dl", "blockquote"}
                or bool(_BELOW.search(above.get("class", "")))
            )
            depth += is_level
            known[above] = depth
        depths.append(depth)
    answer_levels(comments, depths)
