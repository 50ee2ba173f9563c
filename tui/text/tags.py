"""HTML in a text: its tags are read as lines, bullets, emphasis and links, its entities as their characters.

A text has tags for sure if it has a paragraph's or a line's, or a closing tag of a kind that comments have, outside
Markdown's code. Then known tags are hidden, and those of blocks end lines, where the text does not end one itself;
unknown ones stay.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from tui.text.asides import Asides
from tui.text.decoration import Decoration, Kind, Link
from tui.text.entities import ENTITY, resolve_entities, resolve_entity
from tui.text.links import clean_target
from tui.text.ranges import outside

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tui.text.ranges import Range
    from tui.text.visible import Edit

_KINDS = {
    "i": Kind.EMPHASIS, "em": Kind.EMPHASIS, "cite": Kind.EMPHASIS, "var": Kind.EMPHASIS,
    "b": Kind.STRONG, "strong": Kind.STRONG,
    "del": Kind.STRUCK, "s": Kind.STRUCK, "strike": Kind.STRUCK,
    "code": Kind.CODE, "pre": Kind.CODE, "tt": Kind.CODE, "kbd": Kind.CODE, "samp": Kind.CODE,
    "blockquote": Kind.QUOTE,
    "h1": Kind.HEADING, "h2": Kind.HEADING, "h3": Kind.HEADING,
    "h4": Kind.HEADING, "h5": Kind.HEADING, "h6": Kind.HEADING,
}  # fmt: skip
_SILENT = frozenset(("u", "ins", "sub", "sup", "span", "small", "big", "mark", "q", "abbr", "font", "wbr"))
_PARAGRAPHS = frozenset(("p", "aside", "blockquote", "pre", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6"))
"""What stands between blank lines."""
_LINES = frozenset(("div", "hr", "li", "br"))
_LISTS = frozenset(("ul", "ol"))
_KNOWN = _KINDS.keys() | _SILENT | _PARAGRAPHS | _LINES | {"a"}
_SIGNS = {
    "code": ("`", "`"), "tt": ("`", "`"), "kbd": ("`", "`"), "samp": ("`", "`"), "q": ("“", "”"), "sup": ("^", ""),
}  # fmt: skip
"""What is read in the place of tags without which the words would say something else, or be told by a colour alone."""
_SHOWN_ONCE = frozenset((Kind.CODE, Kind.QUOTE))
"""Kinds that mean no more inside themselves."""

_OF_PROSE = frozenset(("p", "i", "em", "b", "strong"))
"""Tags that say what Markdown has marks for: who writes them does not write those."""
_SURE = frozenset(("p", "br"))
"""Known tags by which a text is HTML even where none is closed; so is a link."""

_TAG_SHAPE = r"<(?P<close>/?)(?P<name>[A-Za-z][A-Za-z0-9]{0,9})(?P<rest>(?:\s[^<>]{0,4000})?)/?>"
_TAG = re.compile(_TAG_SHAPE)
_PIECE = re.compile(rf"{_TAG_SHAPE}|(?P<entity>{ENTITY})|(?P<last>\n(?=(?:</code>)?</pre>))")
_HREF = re.compile(r"\bhref\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))", re.IGNORECASE)

_DEEPEST = 8
"""Emphasis in emphasis of the same kind that is kept."""
_BLANK_LINE = 2
"""Line ends that make one."""


class Tagged(NamedTuple):
    """What the tags of a text say; offsets of the stored text.

    Args:
        decorations: What they set off, in no order.
        links: Their links, in order.
        edits: What is read in the place of each known tag and entity, in order.
        blocks: Where code stands by lines, in order.
        is_html: Whether the text is HTML, in which Markdown's marks mean nothing.
    """

    decorations: list[Decoration]
    links: list[Link]
    edits: list[Edit]
    blocks: list[Range]
    is_html: bool = True


def find_dialect(text: str, codes: Sequence[Range]) -> tuple[bool, bool]:
    """Tell whether a text has tags for sure outside Markdown's code, and whether they say what Markdown's marks would.

    A text with `<p>` or `<i>` is HTML, in which a `*` is a star; one with `<br>` alone is Markdown beside it.
    """
    is_sure = is_html = False
    if "<" in text:
        for match in outside(_TAG.finditer(text), codes):
            name = match["name"].lower()
            is_html = is_html or name in _OF_PROSE
            is_sure = is_sure or _is_sure(match, name)
            if is_html and is_sure:
                break
    return is_sure, is_html


def _is_sure(tag: re.Match[str], name: str) -> bool:
    return (
        name in _SURE
        or (name in _KNOWN and bool(tag["close"]))
        or (name == "a" and _HREF.search(tag["rest"]) is not None)
    )


def read_tags(text: str, codes: Sequence[Range], *, is_html: bool, is_ascii: bool = False) -> Tagged:
    """Return what the tags and entities of a text say.

    Args:
        text: The text.
        codes: Where they say nothing, in order.
        is_html: What `find_dialect` said.
        is_ascii: Whether bullets and rules are made of ASCII.
    """
    reader = _TagReader(text, is_ascii=is_ascii)
    stop = 0
    for match in outside(_PIECE.finditer(text), codes):
        reader.take_words(stop, match.start())
        start, stop = match.span()
        if match["last"]:
            reader.hide(start, stop)
        elif match["entity"] is None:
            name = match["name"].lower()
            if name in _KNOWN or reader.asides.is_in_title:
                reader.take_tag(name, start, stop, is_closing=bool(match["close"]), rest=match["rest"])
            else:
                stop = start
        elif character := resolve_entity(match[0]):
            reader.take_character(start, stop, character)
        else:
            stop = start
    reader.take_words(stop, len(text))
    return reader.finish()._replace(is_html=is_html)


class _TagReader:
    """What has been read of an HTML text so far."""

    def __init__(self, text: str, *, is_ascii: bool) -> None:
        self.asides = Asides()
        self._text = text
        self._bullet, self._rule = ("- ", "---\n") if is_ascii else ("• ", "———\n")
        self._edits: list[Edit] = []
        self._decorations: list[Decoration] = []
        self._links: list[Link] = []
        self._blocks: list[Range] = []
        self._opened: dict[str, list[Range]] = {}
        self._depth: dict[Kind, int] = {}
        self._anchor: tuple[int, str] | None = None
        self._lists: list[int] = []
        self._gap: list[Range] = []  # tags since the last visible word
        self._needed = 0  # line ends that they ask for
        self._breaks = 0
        self._seen = 0  # line ends that the text has there itself
        self._is_begun = False  # whether a line end would be seen: not at the text's start, nor behind a bullet

    def take_words(self, start: int, end: int) -> None:
        """Read what stands between two tags or entities."""
        words = self._text[start:end]
        bare = words.strip()
        if self.asides.is_wordless:
            words = words.lstrip()
            self.hide(start, end - len(words))
            self.asides.is_wordless = not bare
        if not bare:
            self._seen += words.count("\n")
            return
        self._seen += words.count("\n", 0, words.index(bare[0]))
        self._begin_line("")
        self._seen = words.count("\n", len(words.rstrip()))

    def hide(self, start: int, end: int) -> None:
        """Read nothing there: a line's end that only closes a block of code."""
        self._edits.append((start, end, ""))

    def take_character(self, start: int, end: int, character: str) -> None:
        """Read an entity."""
        self._begin_line("")
        self._edits.append((start, end, character))

    def take_tag(self, name: str, start: int, end: int, *, is_closing: bool, rest: str) -> None:
        """Read a tag."""
        self._decorations.append(Decoration(start, end, Kind.MARKUP))
        if name in _PARAGRAPHS or name in _LINES:
            self._take_block(name, start, end, is_closing=is_closing)
        else:
            signs = _SIGNS.get(name, ("", "")) if not self._opened.get("pre") else ("", "")
            self._edits.append((start, end, signs[is_closing]))
        if name == "a":
            self._take_anchor(start, end, "" if is_closing else rest)
        elif kind := _KINDS.get(name):
            self._take_kind(kind, name, start, end, is_closing=is_closing)
            if name == "blockquote" and is_closing:
                self.asides.end_blockquote()
        elif name == "aside" and self.asides.take_aside(rest, is_closing=is_closing):
            self._take_kind(Kind.QUOTE, name, start, end, is_closing=is_closing)
        elif name == "div" and self.asides.take_div(rest, is_closing=is_closing):
            self._begin_line("> ")
            self._is_begun = False

    def finish(self) -> Tagged:
        """Return what was read; what was never closed sets nothing off."""
        self._hide_gap()
        self._take_anchor(len(self._text), len(self._text), "")
        return Tagged(self._decorations, self._links, sorted(self._edits), self._blocks)

    def _take_block(self, name: str, start: int, end: int, *, is_closing: bool) -> None:
        self._gap.append((start, end))
        if name == "br":
            self._breaks += 1
        else:
            is_nested = name in _LISTS and len(self._lists) > (1 if is_closing else 0)
            self._needed = max(self._needed, _BLANK_LINE if name in _PARAGRAPHS and not is_nested else 1)
        if name in _LISTS:
            if not is_closing:
                self._lists.append(1 if name == "ol" else 0)
            elif self._lists:
                self._lists.pop()
        elif name == "hr":
            self._begin_line(self._rule)
            self._seen = 1
        elif name == "li" and not is_closing:
            self._begin_line(self._next_bullet())
            self._is_begun = False

    def _next_bullet(self) -> str:
        if not self._lists:
            return self._bullet
        indent = "  " * (len(self._lists) - 1)
        number = self._lists[-1]
        if not number:
            return f"{indent}{self._bullet}"
        self._lists[-1] += 1
        return f"{indent}{number}. "

    def _begin_line(self, prefix: str) -> None:
        """End lines as the tags before a word ask for, and put `prefix` before it."""
        needed = max(self._needed, min(self._breaks, _BLANK_LINE)) - self._seen if self._is_begun else 0
        self._needed = self._breaks = self._seen = 0
        self._is_begun = True
        if not self._gap:
            return
        start, end = self._gap.pop()
        self._hide_gap()
        parts = ["\n"] * max(0, needed)
        if prefix or not parts:
            parts.append(prefix)
        for place, part in enumerate(parts[:-1]):
            self._edits.append((start + place, start + place + 1, part))
        self._edits.append((start + len(parts) - 1, end, parts[-1]))

    def _hide_gap(self) -> None:
        self._edits.extend((start, end, "") for start, end in self._gap)
        self._gap.clear()

    def _take_kind(self, kind: Kind, name: str, start: int, end: int, *, is_closing: bool) -> None:
        opened = self._opened.setdefault(name, [])
        if not is_closing:
            opened.append((start, end))
            self._depth[kind] = self._depth.get(kind, 0) + 1
            return
        if not opened:
            return
        tag, begun = opened.pop()
        self._depth[kind] -= 1
        if name in _SIGNS:  # what stands for the tags is set off too
            begun, start = tag, end
        if begun < start and self._depth[kind] < (1 if kind in _SHOWN_ONCE else _DEEPEST):
            self._decorations.append(Decoration(begun, start, kind))
        if name == "pre" and begun < start:
            self._blocks.append((begun, start))

    def _take_anchor(self, start: int, end: int, rest: str) -> None:
        """End the link that is open, and begin the one of an opening tag."""
        if self._anchor is not None:
            begun, target = self._anchor
            if begun < start:
                self._links.append(Link(begun, start, target))
                self._decorations.append(Decoration(begun, start, Kind.LINK))
        self._anchor = None
        if match := _HREF.search(rest):
            written = next(group for group in match.groups() if group is not None)
            if target := clean_target(resolve_entities(written)):
                self._anchor = (end, target)
