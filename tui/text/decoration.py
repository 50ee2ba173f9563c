"""How a text is read, as records: what is set off in it and why, its links, and what is read otherwise than it is stored."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tui.text.visible import Display


class Kind(StrEnum):
    """Why something is set off."""

    QUOTE = "quote"
    LINK = "link"
    CODE = "code"
    KEYWORD = "keyword"
    STRING = "string"
    COMMENT = "comment"
    NUMBER = "number"
    FUNCTION = "function"
    BUILTIN = "builtin"
    PROPERTY = "property"
    OPERATOR = "operator"
    HEADING = "heading"
    STRONG = "strong"
    EMPHASIS = "emphasis"
    STRUCK = "struck"
    MARKUP = "markup"


class Decoration(NamedTuple):
    """A half-open range of code points, and why it is set off."""

    start: int
    end: int
    kind: Kind


class Link(NamedTuple):
    """A link of a text.

    Args:
        start: Offset of its first code point: of its words, its brackets or its address.
        end: Offset behind its last; its number is drawn there.
        target: Where it leads: an address of http, https or mailto that a browser may be given.
    """

    start: int
    end: int
    target: str


class Markup(NamedTuple):
    """How a text is read.

    Args:
        decorations: What is set off, sorted by start, the longer first; offsets of the stored text.
        reading: The text as it is read and the way back, or None where it is read as it is stored.
        links: The links in order; the first has the number 1.
    """

    decorations: Sequence[Decoration]
    reading: Display | None
    links: Sequence[Link]


PLAIN = Markup((), None, ())
"""How a text is read that holds nothing but words."""
