"""How a notice names what a label is put on. It quotes posts: all of this is plain text, never markup."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from msgspec import Struct

from annotations.model import PostKind

if TYPE_CHECKING:
    from annotations.model import Annotation, StoredPost
    from annotations.span import Quote

QUOTED = 40
"""Code points of a quote that a notice shows."""

_WORD = 12
"""Code points that may be given up to end at a space."""

_ZERO_WIDTH_JOINER = "\u200d"
_DIRECTIONS = re.compile("[\u202a-\u202e\u2066-\u2069]")
"""Controls that would turn round what follows the quote in the notice."""


class Place(Struct, frozen=True, kw_only=True):
    """What a label is put on, loaded.

    Args:
        post: The post; None for a thread, and for a relation that starts at the thread.
        quote: What the span says; None where there is no span.
        from_annotation: The annotation at which a relation starts, or None.
        to_post: The post to which a relation leads; None for one that leads to the thread, and for all else.
        to_annotation: The annotation to which a relation leads, or None.
        is_relation: Whether it is the two ends of a relation.
    """

    post: StoredPost | None = None
    quote: Quote | None = None
    from_annotation: Annotation | None = None
    to_post: StoredPost | None = None
    to_annotation: Annotation | None = None
    is_relation: bool = False


def shorten(text: str, limit: int = QUOTED) -> str:
    """Return the beginning of a text on one line, cut between words where that is near, never inside a grapheme.

    Args:
        text: Any text; controls of direction are left out.
        limit: Code points at most, the ellipsis not counted.
    """
    # A post may be long: all that can matter is near its beginning.
    line = " ".join(_DIRECTIONS.sub("", text[: limit * 20]).split())
    if len(line) <= limit:
        return line if len(text) <= limit * 20 else f"{line}…"
    cut = limit
    while cut > 0 and _is_inside(line, cut):
        cut -= 1
    space = line.rfind(" ", 0, cut + 1)
    if space >= cut - _WORD and space > 0:
        cut = space
    return f"{line[:cut].rstrip()}…"


def name_post(post: StoredPost) -> str:
    """Return what to call a post: `3.1 (pikeperch)`, or `the article`."""
    if post.kind is PostKind.ARTICLE:
        return "the article"
    author = shorten(post.author or "")
    return f"{post.key} ({author})" if author else post.key


def name_place(place: Place) -> str:
    """Return what to call that on which a label is put; for a relation, its two ends."""
    start = _name_end(place.post, place.from_annotation)
    if place.is_relation:
        return f"{start} → {_name_end(place.to_post, place.to_annotation)}"
    return start if place.quote is None else f"“{shorten(place.quote.exact)}”"


def put_on(label: str, place: Place) -> str:
    """Say that a label is on a place."""
    return f"{label}: {name_place(place)}" if place.is_relation else f"{label} on {name_place(place)}"


def taken_off(label: str, place: Place) -> str:
    """Say that a label is off a place."""
    return f"{label} off: {name_place(place)}" if place.is_relation else f"{label} off {name_place(place)}"


def count_relations(count: int) -> str:
    """Return how many relations that is, in words: `1 relation`, `2 relations`."""
    return "1 relation" if count == 1 else f"{count} relations"


def _name_end(post: StoredPost | None, annotation: Annotation | None) -> str:
    if post is None:
        return "the thread"
    if annotation is not None and annotation.quote is not None:
        return f"“{shorten(annotation.quote.exact)}”"
    return name_post(post)


def _is_inside(line: str, cut: int) -> bool:
    """Tell whether cutting before `line[cut]` would part what is read as one sign (after UAX #29, section 3.1.1)."""
    before, sign = line[cut - 1], line[cut]
    if _ZERO_WIDTH_JOINER in {before, sign} or unicodedata.category(sign) in {"Mn", "Me", "Mc", "Cf"}:
        return True
    if "\U0001f3fb" <= sign <= "\U0001f3ff":  # skin tones
        return True
    if _is_flag_half(sign) and _is_flag_half(before):
        halves = len(line[:cut]) - len(line[:cut].rstrip(_FLAG_HALVES))
        return halves % 2 == 1
    # Hangul letters that build one syllable; composed syllables stand for themselves.
    return "\u1160" <= sign <= "\u11ff" and unicodedata.category(before) == "Lo" and "\u1100" <= before <= "\ud7a3"


_FLAG_HALVES = "".join(map(chr, range(0x1F1E6, 0x1F200)))
"""Regional indicators: two make a flag."""


def _is_flag_half(sign: str) -> bool:
    return sign in _FLAG_HALVES
