"""Read the markup of a text: its tags and entities first, then what the text that is left says as Markdown."""

from __future__ import annotations

import re
from heapq import merge
from typing import TYPE_CHECKING, NamedTuple

from tui.text.decoration import Decoration, Kind, Link, Markup
from tui.text.ranges import outside
from tui.text.visible import redraw
from tui.text.wrap import RAISED

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tui.text.code import CodeBlock
    from tui.text.ranges import Range
    from tui.text.tags import Tagged
    from tui.text.visible import Display, Edit

# Texts, compiled when they are first looked for: few of them are in the first frame.
_INLINE_CODE = r"(?<!`)(?P<ticks>`{1,3})(?!`)[^`\n]+(?P=ticks)(?!`)"
_QUOTED = r"(?m:^) {0,3}>[^\n]*(?:\n {0,3}>[^\n]*)*"
_HEADING = r"(?m:^) {0,3}(?P<mark>#{1,6}[ \t]+)(?=\S)(?P<words>[^\n]+)"
_MAYBE_HTML = re.compile(r"</?[A-Za-z]|&[#A-Za-z]")
_RAISED = str.maketrans("0123456789", RAISED)


class _Words(NamedTuple):
    """What the words of a text, without tags and entities, hold; offsets of that text."""

    decorations: list[Decoration]
    links: list[Link]


def read(text: str, *, is_ascii: bool = False) -> Markup:
    """Return how a text is read, whatever it holds; see `tui.text.markup.read_markup`."""
    disguises: dict[Link, str] = {}
    edits: list[Edit] = []
    tagged = _find_tags(text, is_ascii=is_ascii)
    if tagged is None:
        decorations, links = _read_words(text, [], is_html=False)
    else:
        decorations, links, edits, blocks, is_html = tagged
        shown = redraw(text, edits)
        links = [link for link in links if shown.to_display(link.start) < shown.to_display(link.end)]  # it has words
        taken = [
            (shown.to_display(start), shown.to_display(end))
            for start, end, kind in decorations
            if kind in {Kind.CODE, Kind.LINK}
        ]
        brackets = "<>" if is_ascii else "‹›"
        disguises = {
            link: f"{brackets[0]}{host}{brackets[1]}" for link in links if (host := _find_disguise(link, shown))
        }
        found = _read_words(shown.text, taken, is_html=is_html)
        found.decorations.extend(_colour_blocks(shown, blocks) if blocks else ())
        decorations += _stored(found.decorations, shown)
        links += [Link(shown.to_source(start), shown.to_source_end(end), target) for start, end, target in found.links]
        links.sort()
    numbers = [
        (link.end, link.end, (f"[{number}]" if is_ascii else str(number).translate(_RAISED)) + disguises.get(link, ""))
        for number, link in enumerate(links, start=1)
    ]
    edits = list(merge(edits, sorted(numbers)))
    decorations.sort(key=lambda decoration: (decoration.start, -decoration.end, decoration.kind))
    return Markup(decorations, redraw(text, edits) if edits else None, links)


def read_words(text: str) -> str:
    """Return a text without its tags, its entities as characters."""
    tagged = _find_tags(text)
    return text if tagged is None else redraw(text, tagged.edits).text


def _find_tags(text: str, *, is_ascii: bool = False) -> Tagged | None:
    """Return what the tags and entities of a text say, or None where it has none."""
    if _MAYBE_HTML.search(text) is None:
        return None
    from tui.text.entities import read_entities  # noqa: PLC0415  # loaded on use: rare
    from tui.text.tags import Tagged, find_dialect, read_tags  # noqa: PLC0415  # the same

    indented, quoted = _find_codes(text)
    codes = sorted(indented + quoted)
    holds_tags, is_html = find_dialect(text, codes)
    if holds_tags:
        return read_tags(text, [] if is_html else quoted, is_html=is_html, is_ascii=is_ascii)
    edits = read_entities(text, codes) if "&" in text else []
    return Tagged([], [], edits, [], is_html=False) if edits else None


def _stored(decorations: Iterable[Decoration], shown: Display) -> list[Decoration]:
    moved = [Decoration(shown.to_source(start), shown.to_source_end(end), kind) for start, end, kind in decorations]
    return [decoration for decoration in moved if decoration.start < decoration.end]


def _find_disguise(link: Link, shown: Display) -> str:
    """Return where a link of HTML really leads, if its words say otherwise."""
    from tui.text.links import disguised_host  # noqa: PLC0415  # loaded on use

    return disguised_host(shown.text[shown.to_display(link.start) : shown.to_display(link.end)], link.target)


def _colour_blocks(shown: Display, blocks: Iterable[Range]) -> Iterable[Decoration]:
    from tui.text.highlight import colour_code  # noqa: PLC0415  # loaded on use: most threads hold no code

    for start, end in blocks:
        first, last = shown.to_display(start), shown.to_display(end)
        yield from colour_code(shown.text[first:last], "", first)


def _find_codes(text: str) -> tuple[list[Range], list[Range]]:
    """Return where Markdown's code is: indented, and between fences and backticks, each in order."""
    blocks = _find_blocks(text)
    indented = [(block.start, block.end) for block in blocks if block.code_start == block.start]
    fenced = [(block.start, block.end) for block in blocks if block.code_start > block.start]
    if "`" not in text:
        return indented, fenced
    inline = outside(re.finditer(_INLINE_CODE, text), sorted(indented + fenced))
    return indented, sorted([*fenced, *(match.span() for match in inline)])


def _find_blocks(text: str) -> list[CodeBlock]:
    if "    " not in text and "\t" not in text and "```" not in text and "~~~" not in text:
        return []
    from tui.text.code import find_blocks  # noqa: PLC0415  # loaded on use: most threads hold no code

    return find_blocks(text)


def _read_words(text: str, taken: list[Range], *, is_html: bool) -> _Words:
    """Read a text without tags and entities.

    Args:
        text: The text.
        taken: What its tags have said already: code and links.
        is_html: Whether it had tags of prose: then a `*` is a star.
    """
    found: list[Decoration] = []
    codes = sorted(taken)
    if not is_html:
        codes = sorted([*codes, *_read_blocks(text, found)])
    if "`" in text:
        inline = [match.span() for match in outside(re.finditer(_INLINE_CODE, text), codes)]
        found += [Decoration(start, end, Kind.CODE) for start, end in inline]
        codes = sorted([*codes, *inline])
    links: list[Link] = []
    if "://" in text or "www." in text.lower() or "mailto:" in text:
        from tui.text.links import find_links  # noqa: PLC0415  # loaded on use

        dressed = find_links(text, codes)
        links = dressed.links
        found += [Decoration(start, end, Kind.LINK) for start, end in dressed.words]
        found += [Decoration(start, end, Kind.MARKUP) for start, end in dressed.marks]
        codes = sorted([*codes, *dressed.marks, *dressed.addresses])
    if not is_html:
        _read_inline(text, codes, found)
    if ">" in text:
        found += [Decoration(*match.span(), Kind.QUOTE) for match in outside(re.finditer(_QUOTED, text), codes)]
    return _Words(found, links)


def _read_blocks(text: str, found: list[Decoration]) -> list[Range]:
    """Add blocks of code, with what they are made of, and return where they are."""
    blocks = _find_blocks(text)
    if not blocks:
        return []
    from tui.text.highlight import colour_code  # noqa: PLC0415  # loaded on use: most threads hold no code

    for block in blocks:
        found.append(Decoration(block.start, block.end, Kind.CODE))
        found += colour_code(text[block.code_start : block.code_end], block.language, block.code_start)
    return [(block.start, block.end) for block in blocks]


def _read_inline(text: str, covered: list[Range], found: list[Decoration]) -> None:
    """Add headings and emphasis."""
    if "#" in text:
        for match in outside(re.finditer(_HEADING, text), covered):
            found.append(Decoration(*match.span("mark"), Kind.MARKUP))
            found.append(Decoration(*match.span("words"), Kind.HEADING))
    if "*" in text or "_" in text or "~~" in text:
        from tui.text.inline import find_emphasis  # noqa: PLC0415  # loaded on use

        found += find_emphasis(text, covered)
