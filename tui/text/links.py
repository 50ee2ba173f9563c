"""The links of a text: bare addresses, `<https://…>` and Markdown's `[words](https://…)`; where they really lead."""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

from tui.text.decoration import Link
from tui.text.ranges import outside

if TYPE_CHECKING:
    from tui.text.ranges import Range

LONGEST_TARGET = 2_000
"""Characters of an address above which it is not opened: no honest one has as many."""

# Texts, compiled when a link of their kind is first looked for: few of them are in the first frame.
_BARE = r"(?<![\w@])(?P<scheme>(?i:https?://|www\.))[^\s<>\"“”„«»‹›`|\\^{}。、，；：！？（）「」『』【】《》\u200b\u2028\u2029\u202a-\u202e\u2066-\u2069]+"
_MARKDOWN = (
    r"!?\[(?P<words>[^\[\]\n]{1,400})\]"
    r"\((?P<to><[^<>\s]{1,2000}>|[^\s()<>]*(?:\([^\s()<>]*\)[^\s()<>]*)*)(?: +(?:\"[^\"\n]{0,400}\"|'[^'\n]{0,400}'))?\)"
)
_AUTOMATIC = r"<(?P<to>(?:(?i:https?://)|mailto:)[^\s<>]{1,2000})>"
_TRAILING = frozenset(".,;:!?'’‘*_~…")
_BRACKETS = {")": "(", "]": "["}
_ADDRESS = r"(?i:https?://)?(?P<host>(?:[\w-]{1,63}\.){1,9}[^\W\d_]{2,24})(?:[/:?#…].*)?"
_OPENED = re.compile(
    r"(?:https?://[^\s\\<>\"\x00-\x20\x7f\u200b-\u200f\u2028-\u202e\u2060-\u2069]+"
    r"|mailto:[^\s\\<>\"\x00-\x20\x7f\u200b-\u200f\u2028-\u202e\u2060-\u2069@]+@[\w.-]+(?:\?[\w=&%.+-]*)?)",
    re.IGNORECASE,
)


class Linked(NamedTuple):
    """The links of a text.

    Args:
        links: The links, in order.
        words: What of them is read as a link: the words, or the address.
        marks: Brackets, and addresses behind words.
        addresses: Addresses that are read: in them a `_` is a letter.
    """

    links: list[Link]
    words: list[Range]
    marks: list[Range]
    addresses: list[Range]


def find_links(text: str, covered: list[Range]) -> Linked:
    """Return the links of a text that start in none of the ranges, which are sorted."""
    found = Linked([], [], [], [])
    if "](" in text:
        for match in outside(re.finditer(_MARKDOWN, text), covered):
            if target := clean_target(match["to"].strip("<>")):
                start, end = match.span()
                first, last = match.span("words")
                found.links.append(Link(start, end, target))
                found.words.append((first, last))
                found.marks.extend(((start, first), (last, end)))
    if "<" in text:
        taken = sorted([*covered, *((link.start, link.end) for link in found.links)])
        for match in outside(re.finditer(_AUTOMATIC, text), taken):
            if target := clean_target(match["to"]):
                start, end = match.span()
                found.links.append(Link(start, end, target))
                found.words.append((start + 1, end - 1))
                found.marks.extend(((start, start + 1), (end - 1, end)))
                found.addresses.append((start + 1, end - 1))
    taken = sorted([*covered, *((link.start, link.end) for link in found.links)])
    for match in outside(re.finditer(_BARE, text), taken):
        start, end = match.span()
        at = bisect_right(taken, (start, end))
        end = _trim(text, start, min(end, taken[at][0]) if at < len(taken) else end)
        address = text[start:end]
        if end > match.end("scheme") and (
            target := clean_target(address if "://" in address[:8] else f"https://{address}")
        ):
            found.links.append(Link(start, end, target))
            found.words.append((start, end))
            found.addresses.append((start, end))
    return Linked(sorted(found.links), sorted(found.words), sorted(found.marks), sorted(found.addresses))


def clean_target(written: str) -> str:
    """Return an address as it may be given to a browser, or "": only http, https and mailto, without tricks.

    Entities in it are resolved already.
    """
    target = written.strip()
    if len(target) > LONGEST_TARGET or _OPENED.fullmatch(target) is None:
        return ""
    return target if host_of(target) else ""


def host_of(target: str) -> str:
    """Return the host that an address leads to, or the mailbox of a mailto; "" where there is none.

    A host that is not ASCII is given as the letters and digits that the network knows it by, because many letters look
    alike.
    """
    try:
        parts = urlsplit(target)
        host = parts.path if parts.scheme.lower() == "mailto" else parts.hostname or ""
        return host if host.isascii() else host.encode("idna").decode("ascii")
    except ValueError:  # a host that no network knows
        return ""


def disguised_host(words: str, target: str) -> str:
    """Return the host that a link leads to where its words are the address of another, else ""."""
    shown = re.fullmatch(_ADDRESS, words.strip())
    if shown is None:
        return ""
    said, real = shown["host"].lower().removeprefix("www."), host_of(target).lower().removeprefix("www.")
    is_same = said == real or real.endswith(f".{said}") or said.endswith(f".{real}")
    return "" if is_same else real


def _trim(text: str, start: int, end: int) -> int:
    """Return where a bare address ends without the punctuation of the sentence around it."""
    surplus = {
        closing: text.count(closing, start, end) - text.count(opening, start, end)
        for closing, opening in _BRACKETS.items()
    }
    while end > start:
        last = text[end - 1]
        if last in _BRACKETS and surplus[last] > 0:
            surplus[last] -= 1
        elif last not in _TRAILING:
            break
        end -= 1
    return end
