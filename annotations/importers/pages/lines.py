"""The lines of a page's text: how many line ends stand between its blocks, and what stands in front of each line."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

_PARAGRAPHS = frozenset(
    ("p", "h1", "h2", "h3", "h4", "h5", "h6", "pre", "blockquote", "quote", "table", "hr", "dl", "figure", "center")
)
"""Elements with a blank line around them."""

_BLOCKS_LINE = (
    "div li item ul ol list tr row dt dd section article header footer aside nav main form fieldset "
    "address figcaption caption details summary tbody thead tfoot menu dir body html legend hgroup "
    "noscript shreddit-comment shreddit-post"
)
_BLOCKS = frozenset(_BLOCKS_LINE.split())
"""Elements on lines of their own."""

_LISTS = frozenset(("ul", "ol", "menu", "dir", "list"))
_MEMBERS = frozenset(("li", "item"))
_QUOTES = frozenset(("blockquote", "quote"))
_CELLS = frozenset(("td", "th", "cell"))
_BREAKS = frozenset(("br", "lb"))
_SPACES = re.compile(r"[ \t\n\r\f]+")
_KEPT_SPACES = re.compile(r"white-space\s*:\s*(?:pre|break-spaces)", re.IGNORECASE)
_DEEPEST = 40
"""Lists and quotes within each other that are shown as such; nobody can tell more apart."""


class _Level(NamedTuple):
    """An element that changes what stands in front of its lines.

    Args:
        element: The element.
        prefix: What stands in front of each line.
    """

    element: Element
    prefix: str


class Writer:
    """Writes lines: knows what stands in front of them, and how many line ends are due before the next word."""

    def __init__(self) -> None:
        self.is_hidden = False
        """Whether nothing is said until the present element ends."""
        self._pieces: list[str] = []
        self._words: list[str] = []
        self._levels: list[_Level] = []
        self._marker = ""
        self._blocks = 0
        self._breaks = 0
        self._has_space = False
        self._is_empty = True
        self._prefix = ""
        self._verbatim: list[Element] = []
        self._is_first_line = False
        self._numbers: list[tuple[Element, int | None]] = []

    @property
    def text(self) -> str:
        """What was written."""
        lines = "".join(self._pieces).split("\n")
        return "\n".join(line.rstrip(" \t\xa0") for line in lines).strip("\n")

    def show(self) -> None:
        """End what says nothing; words on either side of it do not become one."""
        self.is_hidden = False
        self._has_space = True

    def mark(self) -> int:
        """Return a place in the text."""
        return len(self._words)

    def since(self, mark: int) -> str:
        """Return the words that were written since a place, without what stands in front of lines."""
        return "".join(self._words[mark:])

    def separate(self, lines: int) -> None:
        """See that at least so many line ends stand before the next word."""
        self._blocks = max(self._blocks, lines)

    def open(self, element: Element) -> None:
        """Begin an element."""
        tag = element.tag
        if tag in _BREAKS:
            self._breaks += 1
            self._has_space = False
        elif tag in _PARAGRAPHS:
            self.separate(2)
        elif tag in _BLOCKS or (tag == "cite" and self._levels):  # who is quoted stands above it
            self.separate(1)
        elif tag in _CELLS:
            self._has_space = True
        if len(self._levels) < _DEEPEST:
            self._open_level(element)
        if tag in {"pre", "listing", "xmp"} or _KEPT_SPACES.search(element.get("style", "")):
            self._verbatim.append(element)
            self._is_first_line = True

    def close(self, element: Element) -> None:
        """End an element."""
        tag = element.tag
        if tag in _PARAGRAPHS:
            self.separate(2)
        elif tag in _BLOCKS or (tag == "cite" and self._levels):
            self.separate(1)
        if self._levels and self._levels[-1].element is element:
            self._levels.pop()
        if tag in _MEMBERS:
            self._marker = ""
        if self._numbers and self._numbers[-1][0] is element:
            self._numbers.pop()
        if self._verbatim and self._verbatim[-1] is element:
            self._verbatim.pop()

    def say(self, words: str) -> None:
        """Write words, with one blank for any number of blanks but where they are kept."""
        if self._verbatim:
            self._say_verbatim(words)
            return
        self._words.append(words)
        words = _SPACES.sub(" ", words)
        if words.startswith(" "):
            self._has_space = True
            words = words[1:]
        if not words:
            return
        ends_blank = words.endswith(" ")
        self._begin_line()
        self._pieces.append(words[:-1] if ends_blank else words)
        self._has_space = ends_blank

    def _say_verbatim(self, words: str) -> None:
        first, *others = words.replace("\r\n", "\n").replace("\r", "\n").split("\n")
        if self._is_first_line and not first and others:  # the line end behind <pre> is not shown
            first, *others = others
        self._is_first_line = False
        if first:
            self._begin_line()
            self._pieces.append(first)
        for line in others:
            self._breaks += 1
            self._has_space = False
            if line:
                self._begin_line()
                self._pieces.append(line)

    def _begin_line(self) -> None:
        """Write the line ends that are due, and what stands in front of the line."""
        due = max(self._blocks, self._breaks)
        if due or self._is_empty:
            prefix = "".join(level.prefix for level in self._levels)
            if not self._is_empty:
                between = _common(self._prefix, prefix).rstrip()
                self._pieces.append("\n" + f"{between}\n" * (due - 1))
            marked = prefix[: len(prefix) - len(self._marker)] + self._marker if self._marker else prefix
            self._pieces.append(marked)
            self._prefix, self._marker = prefix, ""
        elif self._has_space:
            self._pieces.append(" ")
        self._blocks = self._breaks = 0
        self._has_space = self._is_empty = False

    def _open_level(self, element: Element) -> None:
        """Begin what stands in front of the lines of an element."""
        if element.tag in _QUOTES:
            self._levels.append(_Level(element, "> "))
        elif element.tag in _LISTS:
            self._open_list(element)
        elif element.tag in _MEMBERS:
            self._open_member(element)
        elif element.tag == "dd":
            self._levels.append(_Level(element, "  "))

    def _open_list(self, element: Element) -> None:
        is_numbered = element.tag == "ol" or element.get("rend") == "ol"
        self._numbers.append((element, _number(element.get("start"), 1) if is_numbered else None))

    def _open_member(self, element: Element) -> None:
        number = self._numbers[-1][1] if self._numbers else None
        if number is None:
            self._marker = "- "
        else:
            number = _number(element.get("value"), number)
            self._numbers[-1] = (self._numbers[-1][0], number + 1)
            self._marker = f"{number}. "
        self._levels.append(_Level(element, " " * len(self._marker)))


def _number(written: str | None, otherwise: int) -> int:
    return int(written) if written and re.fullmatch(r"-?\d{1,9}", written.strip(), re.ASCII) else otherwise


def _common(one: str, other: str) -> str:
    """Return what two prefixes begin with both."""
    at = 0
    while at < len(one) and at < len(other) and one[at] == other[at]:
        at += 1
    return one[:at]
