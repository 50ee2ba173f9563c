"""A page's elements as plain text: blocks on lines of their own, lists, quotes and code as people write them in mails.

What a person sees is what stands in the text. A paragraph gets a blank line, `br` a line; members of lists begin with "- " or
their number, lines of quotes with "> "; preformatted text stays as it is. Links keep their words, their targets are returned
beside the text; images say what their `alt` says. Scripts, styles and fields of forms say nothing.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from lxml import etree

from annotations.importers.pages.lines import Writer

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from lxml.etree import _Element as Element

_SILENT_LINE = (
    "script style template head svg iframe object video audio canvas map title button select textarea "
    "input option datalist progress meter noframes"
)
SILENT = frozenset(_SILENT_LINE.split())
"""Elements that hold nothing to read, or only what can be clicked on."""

_LINKS = frozenset(("a", "ref"))
_IMAGES = frozenset(("img", "graphic"))
_SPACES = re.compile(r"\s+")
_NO_TARGET = re.compile(r"\s*(?:#|javascript:|data:|\Z)", re.IGNORECASE)


class Drawn(NamedTuple):
    """What elements say.

    Args:
        text: The text; "" if there is none.
        links: The words and the target of each link, in their order.
    """

    text: str
    links: tuple[dict[str, str], ...]


def draw(
    elements: Collection[Element],
    *,
    skip: Collection[Element] = (),
    address: Callable[[str], str] = str,
    is_silent: Callable[[Element], bool] | None = None,
    has_images: bool = True,
) -> Drawn:
    """Return what elements say as plain text.

    Args:
        elements: They come one after the other, as paragraphs.
        skip: What stands in them and is somebody else's.
        address: Makes a whole address of a link's target.
        is_silent: Tells what says nothing beyond what never does.
        has_images: Whether images say what their `alt` says.
    """
    drawing = _Drawing(skip, address, is_silent, has_images=has_images)
    for top in elements:
        drawing.draw(top)
    return Drawn(drawing.writer.text, tuple(drawing.links))


def one_line(
    element: Element,
    *,
    skip: Collection[Element] = (),
    is_silent: Callable[[Element], bool] | None = None,
    has_images: bool = False,
) -> str:
    """Return what an element says on one line."""
    return " ".join(draw([element], skip=skip, is_silent=is_silent, has_images=has_images).text.split())


def says_anything(element: Element, is_silent: Callable[[Element], bool]) -> bool:
    """Tell whether an element says a word; it is looked at only as far as that takes."""
    walk = etree.iterwalk(element, events=("start", "end"))
    for event, one in walk:
        is_hidden = event == "start" and one is not element and (one.tag in SILENT or is_silent(one))
        if is_hidden:
            walk.skip_subtree()
        if event == "start" and not is_hidden and (_has_words(one.text) or (one.tag in _IMAGES and one.get("alt"))):
            return True
        if event == "end" and one is not element and _has_words(one.tail):
            return True
    return False


def _has_words(text: str | None) -> bool:
    return bool(text) and not str(text).isspace()


class _Drawing:
    """Draws elements, one after the other."""

    def __init__(
        self,
        skip: Collection[Element],
        address: Callable[[str], str],
        is_silent: Callable[[Element], bool] | None,
        *,
        has_images: bool,
    ) -> None:
        self.writer = Writer()
        self.links: list[dict[str, str]] = []
        self._skip = skip
        self._address = address
        self._is_silent = is_silent
        self._has_images = has_images
        self._opened: list[tuple[Element, int]] = []

    def draw(self, top: Element) -> None:
        """Draw an element with all that is in it."""
        writer = self.writer
        writer.separate(2)
        walk = etree.iterwalk(top, events=("start", "end", "comment"))
        for event, element in walk:
            if event == "start":
                if element is not top and self._hides(element):
                    walk.skip_subtree()
                    writer.is_hidden = True
                else:
                    self._begin(element, is_top=element is top)
                continue
            if event == "end":
                self._end(element)
            if element is not top and element.tail:
                writer.say(element.tail)

    def _begin(self, element: Element, *, is_top: bool) -> None:
        if not is_top or element.tag != "li":  # a comment that is a member of a list is not drawn as one
            self.writer.open(element)
        if element.tag in _LINKS:
            self._opened.append((element, self.writer.mark()))
        elif element.tag in _IMAGES and self._has_images:
            says = element.get("alt", "").strip()
            self.writer.say(f" {says} " if len(says) > 1 else says)  # one character is an emoji
        if element.text:
            self.writer.say(element.text)

    def _end(self, element: Element) -> None:
        if self.writer.is_hidden:
            self.writer.show()
            return
        if self._opened and self._opened[-1][0] is element:
            words = self.writer.since(self._opened.pop()[1])
            target = element.get("href") or element.get("target") or ""
            if not _NO_TARGET.match(target):
                self.links.append({"text": _SPACES.sub(" ", words).strip(), "url": self._address(target.strip())})
        self.writer.close(element)

    def _hides(self, element: Element) -> bool:
        """Tell whether nothing of an element is said; `noscript` often shows the picture beside it once more."""
        return (
            element.tag in SILENT
            or element in self._skip
            or (self._is_silent is not None and self._is_silent(element))
            or (element.tag == "noscript" and not any(text.strip() for text in element.itertext()))
        )
