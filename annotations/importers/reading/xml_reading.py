"""XML exports as a stream of elements, read by expat: nothing is fetched, no entity of the document's own is ever expanded.

Names are as they are written, with their prefixes, and need not be declared: exports forget that, and write the same prefix for
namespaces that differ by a version. Where a document is broken the place is reported, and reading goes on with the next
element that was asked for. What no export has and expat would take long for is refused.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from xml.parsers import expat

from annotations.errors import SourceError
from annotations.importers.reading.xml_element import Element
from annotations.importers.reading.xml_text import peek_root, read_text

__all__ = ["Element", "open_xml", "peek_root"]

if TYPE_CHECKING:
    from collections.abc import Iterator

    from annotations.sources.source import Source

DEEPEST = 10_000
"""Elements within each other; no export has a hundred."""


_WRAPPER = b"<postil>"
"""What stands in front of an element with which reading goes on behind a place that is broken."""

_BUFFER = 1 << 16
_KEPT = 1 << 12
"""Bytes before those that are parsed in which the parser may find a mistake: it waits for the end of a tag."""

_LONGEST_TAG = 200
LONGEST_SIGN = 1 << 22
"""Bytes that a tag with its attributes, a remark or an instruction may have; expat looks at a longer one over and over."""

LARGEST_RECORD = 1 << 25
"""Characters that an element that was asked for may hold, but for the elements in it that are yielded on their own."""

_ELEMENT = 500
"""For how many of these an element counts that is in it."""

MOST_BREAKS = 1_000
"""Places in which a document may be broken."""

MOST_DECLARED = 1_000
"""Attributes that a document may declare; for each one expat looks through those before it."""

_CLOSING = {7, 3}
"""What expat says of an end tag without a start, and of a document without an end (expat.h, XML_Error)."""


def open_xml(source: Source, *names: str, inner: str = "") -> Iterator[Element]:
    """Yield the elements of these names that are in no other such element, each when it is complete; one in memory at a time.

    Args:
        source: The document.
        names: The names, with their prefixes.
        inner: The one of them that is yielded on its own also where it stands directly in another one, before that: for
            elements of which one may hold a million.

    Raises:
        SourceError: If the document declares entities, or is no XML at all; if it is broken and the import is strict.
    """
    reading = _Reading(source, frozenset(names), inner)
    for text in read_text(source):
        yield from reading.feed(text.encode())
    yield from reading.end()


class _Reading:
    """The reading of one document, by a parser or, where it is broken, by several one after the other."""

    def __init__(self, source: Source, names: frozenset[str], inner: str = "") -> None:
        self._source = source
        self._names = names
        self._inner = inner
        choices = "|".join(re.escape(name) for name in sorted(names))
        self._tag = re.compile(rf"<(?:{choices})(?=[\s/>])".encode())
        self._found: list[Element] = []
        self._is_any = False
        self._has_broken = False
        self._breaks = self._declared = 0
        self._is_searching = False
        """Whether what is read is passed over up to the next element that was asked for."""
        self._recent = b""
        """The last bytes that the parser was given, in which it may find something wrong."""
        self._recent_at = 0
        self._line = 1
        """The line in which they begin."""
        self._start_parser(0)

    def feed(self, raw: bytes) -> Iterator[Element]:
        """Read on, and yield the elements that are complete."""
        while raw:
            if self._is_searching:
                raw = self._search(raw)
                continue
            raw = self._parse(raw)
            yield from self._found
            self._found.clear()

    def end(self) -> Iterator[Element]:
        """Read to the end, and yield what is complete, and the last element if the document breaks off in it."""
        if not self._is_searching:
            try:
                self._parser.Parse(b"", True)  # noqa: FBT003  # expat declares no names
            except expat.ExpatError as error:
                self._break(error)
            yield from self._found
        if not self._is_any:
            raise SourceError(f"{self._source.shown} is no XML: there are no elements in it")

    def _start_parser(self, before: int) -> None:
        """Begin with a new parser.

        Args:
            before: In how many lines less one the document stands before what it is given.
        """
        self._open: list[Element] = []
        self._texts: list[list[str]] = []
        self._depth = self._fed = self._held = self._held_before = 0
        self._before = before
        parser = expat.ParserCreate("utf-8")
        parser.buffer_text = True
        parser.buffer_size = _BUFFER
        parser.UseForeignDTD(True)  # noqa: FBT003  # with it an entity that nobody declares is no error; nothing is read
        parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_UNLESS_STANDALONE)
        parser.ExternalEntityRefHandler = self._pass_over
        parser.EntityDeclHandler = self._refuse_entity
        parser.AttlistDeclHandler = self._count_declared
        parser.SkippedEntityHandler = self._take_skipped
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._take_text
        self._parser = parser

    def _parse(self, raw: bytes) -> bytes:
        """Give the parser what it can read; return what is to be searched where it finds something wrong."""
        self._line += self._recent.count(b"\n", 0, -_KEPT) if len(self._recent) > _KEPT else 0
        self._recent_at += max(0, len(self._recent) - _KEPT)
        self._recent = self._recent[-_KEPT:] + raw
        try:
            self._parser.Parse(raw, False)  # noqa: FBT003  # expat declares no names
        except expat.ExpatError as error:
            return self._break(error)
        self._fed += len(raw)
        if self._fed - self._parser.CurrentByteIndex > LONGEST_SIGN:
            raise self._refusal(f"has a tag or a remark of more than {LONGEST_SIGN:,} bytes", "It begins there.")
        return b""

    def _refusal(self, what: str, hint: str) -> SourceError:
        line = self._parser.CurrentLineNumber + self._before
        return SourceError(f"{self._source.shown} {what} (line {line:,}), as no export has: it is refused", hint)

    def _break(self, error: expat.ExpatError) -> bytes:
        """Note that the document is broken, and return what stands behind that place."""
        self._parser.buffer_text = False  # so it hands over the text that it has kept
        line, column = error.lineno + self._before, error.offset + 1
        is_closing = self._has_broken and self._depth == 1 and error.code in _CLOSING
        for element, texts in zip(self._open, self._texts, strict=True):
            element.text = "".join(texts)
            element.is_cut = True
        if not is_closing:
            inside = f"the “{self._open[0].name}” around it was kept up to there, " if self._open else ""
            self._source.problems.add(
                f"is no XML: {expat.ErrorString(error.code) or 'it is broken'}",
                f"line {line}, column {column}",
                f"{inside}reading went on with the next that is sound",
            )
        self._found += [*(each for each in self._open[1:2] if each.is_inner), *self._open[:1]]
        self._breaks += 1
        if self._breaks > MOST_BREAKS:
            raise SourceError(
                f"{self._source.shown} is broken in more than {MOST_BREAKS:,} places (line {line:,}): it is refused",
                "Get it once more, or mend it; what was read of it up to there is as it was said.",
            )
        at = max(0, self._parser.ErrorByteIndex - self._recent_at) + 1
        rest, passed = self._recent[at:], self._recent[:at]
        self._line += passed.count(b"\n")
        self._has_broken = self._is_searching = True
        self._recent = b""
        return rest

    def _search(self, raw: bytes) -> bytes:
        """Pass over what stands before the next element that was asked for; return what is to be read from there on."""
        raw = self._recent + raw
        found = self._tag.search(raw)
        if found is None:
            cut = raw.rfind(b"<", max(0, len(raw) - _LONGEST_TAG))
            keep = len(raw) if cut < 0 else cut
            self._line += raw.count(b"\n", 0, keep)
            self._recent = raw[keep:]
            return b""
        self._line += raw.count(b"\n", 0, found.start())
        self._is_searching = False
        self._start_parser(self._line - 1)
        self._recent, self._recent_at = b"", len(_WRAPPER)
        self._parser.Parse(_WRAPPER, False)  # noqa: FBT003  # expat declares no names
        return raw[found.start() :]

    # --- what the parser tells ------------------------------------------------------------------------------------

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        self._is_any = True
        if self._depth > DEEPEST:
            raise SourceError(
                f"{self._source.shown} has more than {DEEPEST:,} elements within each other: it is refused"
            )
        if not self._open and name not in self._names:
            return
        element = Element(name=name, attributes=attributes, line=self._parser.CurrentLineNumber + self._before)
        element.is_inner = name == self._inner and len(self._open) == 1
        if element.is_inner:
            self._held_before = self._held
        self._hold(_ELEMENT)
        if self._open and not element.is_inner:
            self._open[-1].children.append(element)
        self._open.append(element)
        self._texts.append([])

    def _end(self, name: str) -> None:
        del name
        self._depth -= 1
        if self._open:
            element = self._open.pop()
            element.text = "".join(self._texts.pop())
            if not self._open or element.is_inner:
                self._found.append(element)
                self._held = self._held_before if self._open else 0

    def _take_text(self, text: str) -> None:
        if self._texts:
            self._texts[-1].append(text)
            self._hold(len(text))

    def _hold(self, size: int) -> None:
        self._held += size
        if self._held > LARGEST_RECORD:
            name = self._open[0].name if self._open else "record"
            raise self._refusal(
                f"has a “{name}” that is larger than a record can be", "Take it out, and import the rest."
            )

    def _count_declared(self, *_: object) -> None:
        self._declared += 1
        if self._declared > MOST_DECLARED:
            raise self._refusal(f"declares more than {MOST_DECLARED:,} attributes", "Take the declarations out.")

    def _pass_over(self, context: str, *_: object) -> int:
        """Take an empty text for the definitions that are elsewhere."""
        self._parser.ExternalEntityParserCreate(context).Parse(b"", True)  # noqa: FBT003  # expat declares no names
        return 1

    def _take_skipped(self, name: str, is_parameter: bool) -> None:  # noqa: FBT001  # expat calls it
        """Take an entity that the document does not declare for one of HTML's, else as it is written."""
        from html.entities import html5  # noqa: PLC0415  # loaded on use

        if not is_parameter:
            self._take_text(html5.get(f"{name};", f"&{name};"))

    def _refuse_entity(self, name: str, *_: object) -> None:
        raise SourceError(
            f"{self._source.shown} declares an entity of its own ({name}), as no export does: it is refused",
            "Entities can be made to fill the memory, or to fetch files.",
        )
