"""From a page's bytes to its tree: the charset that it names, every level of nesting, and a clear word for what is no page.

Sources: the HTML Standard on sniffing a page's encoding (html.spec.whatwg.org, "Determining the character encoding") and on
its labels (encoding.spec.whatwg.org).

libxml2 keeps 2,048 levels of a tree and says no more than a warning when it drops the rest. It reports the tags all the
same, so that a deeper page is built from these.
"""

from __future__ import annotations

import codecs
import re
from typing import TYPE_CHECKING

from lxml import etree

from annotations.errors import SourceError
from annotations.importers.pages.mhtml import is_mhtml, open_mhtml
from annotations.sources.decoding import decode
from annotations.sources.opening import read_blocks

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lxml.etree import _Element as Element

    from annotations.sources.source import Source

LARGEST = 100_000_000
"""Bytes that a page may have: one with all of its pictures in it has some ten million."""

MOST_TAGS = 300_000
"""Tags that a page may have: a thread of 5,000 comments has some 200,000."""

MOST_ELEMENTS = 150_000
"""Elements that a page may have: as many as its tags make where each is closed."""

DEEPEST = 20_000
"""Elements within each other that are read; a discussion 1,000 answers deep has some thousands."""

MOST_TEXT = 20_000_000
"""Characters that a page may say, scripts among them; a thread of 5,000 comments says some two million."""

MOST_REFERENCES = 2_500_000
"""Characters of a page that may be written as references, as "&amp;": each of them costs what a hundred others do."""

MOST_VALUES = 2_000_000
"""Values of attributes that a page may have, those counted that an element has of one name."""

MOST_ATTRIBUTES = 1_000
"""Attributes that an element may have."""

MOST_BLANKS = 20_000
"""Blanks that a tag may have that are in no quotes: between its attributes, were they all of one name."""

LONGEST_NAMES = 10_000
"""Characters that the names of an element's classes, or its id, may have."""

_HEAD = 1 << 16
_DECLARED = re.compile(
    rb"""<meta\b[^>]{0,500}?\bcharset\s*=\s*["']?\s*([\w.:-]{1,40})|<\?xml\b[^>]{0,100}\bencoding\s*=\s*["']([\w.:-]{1,40})""",
    re.IGNORECASE,
)
_QUOTED = re.compile(rb"""=\s*(?:"[^"]*"|'[^']*')""")
_LONG_TAG = re.compile(rb"<[a-zA-Z][^<>]{%d,}" % MOST_BLANKS)
_LONG_RUN = re.compile(rb"<[a-zA-Z][^<]{%d}" % MOST_BLANKS)
_LABEL = re.compile(
    r"utf-?8|windows-\d{3,4}|cp\d{3,5}|iso-?8859-\d{1,2}(?:-[ie])?|koi8-\w|gb\w*|big5\w*|(?:x-)?s(?:hift_)?jis|euc-\w\w|"
    r"iso-2022-\w\w|macintosh|x-mac-\w+|tis-620|ibm\d{3}|us-ascii|ascii|latin\d?|ks_c_5601-1987"
)
_LABELS = {
    **dict.fromkeys(("iso-8859-1", "iso8859-1", "latin1", "latin", "ascii", "us-ascii"), "cp1252"),
    **dict.fromkeys(("iso-8859-9", "latin5"), "cp1254"),
    **dict.fromkeys(("gb2312", "gbk", "gb_2312-80"), "gb18030"),
    **dict.fromkeys(("shift_jis", "sjis", "x-sjis"), "cp932"),
    **dict.fromkeys(("euc-kr", "ks_c_5601-1987"), "cp949"),
    **dict.fromkeys(("iso-8859-11", "tis-620"), "cp874"),
    **dict.fromkeys(("macintosh", "x-mac-roman"), "mac_roman"),
    "x-mac-cyrillic": "mac_cyrillic",
    "iso-8859-8-i": "iso-8859-8",
    "iso-8859-8-e": "iso-8859-8",
    "big5": "big5hkscs",
}
"""What the names of encodings mean on pages, where Python takes them otherwise."""

_CONTROLS = bytes({*range(0x20), 0x7F} - {*b"\t\n\r\f"})


class _TooLargeError(Exception):
    """The page has more of something than people write."""


def read_tree(source: Source) -> tuple[Element, str, tuple[str, ...]]:
    """Return a page's root element, the address that a saved page (.mhtml) names or "", and what was noticed.

    Raises:
        SourceError: If it is no page, or one that nobody wrote: too large, too many tags, nested too deeply.
    """
    if source.is_folder:
        raise SourceError(f"{source.shown} is a folder", "Name the pages in it.")
    with source.open() as stream:
        source.work.begin("Reading", source.size, "bytes", part=(0, 0.2))
        blocks, size = [], 0
        for block in read_blocks(stream, source.work):
            blocks.append(block)
            size += len(block)
            if size > LARGEST:
                raise _refuse(source, f"has more than {LARGEST:,} bytes")
        raw = b"".join(blocks)
        blocks.clear()
    raw, address, charset = open_mhtml(raw) if is_mhtml(raw[:_HEAD]) else (raw, "", "")
    if not raw.strip():
        raise SourceError(f"{source.shown} is empty", "There is no text in it to label.")
    encoded, warnings = _encode(source, raw, charset)
    del raw
    for sign, most, what in (
        (b"<", MOST_TAGS, "tags"),
        (b"&", MOST_REFERENCES, "references to characters"),
        (b"=", MOST_VALUES, "values of attributes"),
    ):
        if encoded.count(sign) > most:
            raise _refuse(source, f"has more than {most:,} {what}")
    if _has_endless_tag(encoded):
        raise _refuse(source, f"has a tag of more than {MOST_BLANKS:,} attributes")
    source.work.begin("Reading the page", part=(0.2, 0.3))
    root = _parse(source, encoded)
    if root.xpath("string-length(/*)") > MOST_TEXT:
        raise _refuse(source, f"has more than {MOST_TEXT:,} characters of text")
    return root, address, warnings


def _encode(source: Source, raw: bytes, charset: str) -> tuple[bytes, tuple[str, ...]]:
    """Return a page in UTF-8 without controls, and what the analyst should know about how it was decoded."""
    text, warnings = _decode(source, raw, charset)
    encoded = text.encode("utf-8", "replace") if text is not None else raw
    cleaned = encoded.translate(None, _CONTROLS)
    source.dropped += len(encoded) - len(cleaned)
    return cleaned, warnings


def _decode(source: Source, raw: bytes, charset: str) -> tuple[str | None, tuple[str, ...]]:
    """Return a page's text, None if it is in UTF-8 without a mistake."""
    marks = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF32_BE)
    declared = find_charset(raw[:_HEAD], charset)
    if not raw.startswith(marks):
        is_wide = b"\0" in raw[:_HEAD]
        if not is_wide and not declared.startswith(("iso-2022", "iso2022")):
            try:
                raw.decode("utf-8")
            except UnicodeDecodeError:
                pass
            else:
                is_other = declared not in {"", "utf-8"} and not raw.isascii()
                return None, ((f"The page says that it is {declared}, but it is UTF-8.",) if is_other else ())
        if declared and declared != "utf-8" and not is_wide:
            text = raw.decode(declared, "replace")
            broken = "\ufffd" in text
            return text, ((f"Some of its bytes are no {declared}: they stand as U+FFFD.",) if broken else ())
    decoded = decode(raw)
    if decoded is None:
        raise SourceError(
            f"{source.shown} is no page: it looks like binary data", "Save the page as HTML, and import that."
        )
    return decoded.text.removeprefix("\ufeff"), decoded.warnings


def find_charset(head: bytes, charset: str = "") -> str:
    """Return Python's name of the encoding that a page says it is in, "" if it says none, or one that nobody knows."""
    found = _DECLARED.search(head)
    said = charset or ((found[1] or found[2]).decode("ascii", "ignore") if found else "")
    label = said.strip().lower()
    if not _LABEL.fullmatch(label):
        return ""
    try:
        return codecs.lookup(_LABELS.get(label, label)).name
    except LookupError:
        return ""


def _parse(source: Source, encoded: bytes) -> Element:
    """Return the root of a page's tree, with all levels that it has."""
    try:  # a look at the tags alone: a tree of what is refused here takes minutes
        etree.fromstring(encoded, etree.HTMLParser(huge_tree=True, encoding="utf-8", target=_Sizes()))
    except _TooLargeError as error:
        raise _refuse(source, str(error)) from None
    except etree.XMLSyntaxError:
        pass  # the same again below
    # Comments of the markup say nothing, and very many of them are walked over in a time that grows with their square.
    parser = etree.HTMLParser(huge_tree=True, encoding="utf-8", remove_pis=True, remove_comments=True)
    try:
        root = etree.fromstring(encoded, parser)
    except etree.XMLSyntaxError as error:  # nothing in it is an element
        raise SourceError(
            f"{source.shown} is no page: {error.msg}", "Save the page as HTML, and import that."
        ) from error
    if any("Excessive depth" in entry.message for entry in parser.error_log):
        target = etree.TreeBuilder(insert_comments=False, insert_pis=False)
        root = etree.fromstring(encoded, etree.HTMLParser(huge_tree=True, encoding="utf-8", target=target))
    if root is None:
        raise SourceError(f"{source.shown} is no page: no element is in it", "Save the page as HTML, and import that.")
    return root


def _has_endless_tag(encoded: bytes) -> bool:
    """Tell whether a tag names attributes without end: of those that it has twice libxml2 would keep a complaint each."""
    if not _LONG_RUN.search(encoded):
        return False
    bare = _QUOTED.sub(b"=", encoded)
    return any(len(tag[0].split()) > MOST_BLANKS for tag in _LONG_TAG.finditer(bare))


class _Sizes:
    """Sees how many elements a page has, how deep they stand, and how much they say of themselves."""

    def __init__(self) -> None:
        self._number = 0
        self._depth = 0

    def start(self, _tag: str, attributes: Mapping[str, str]) -> None:
        """Take a start tag."""
        self._number += 1
        self._depth += 1
        if self._number > MOST_ELEMENTS:
            raise _TooLargeError(f"has more than {MOST_ELEMENTS:,} elements")
        if self._depth > DEEPEST:
            raise _TooLargeError(f"has more than {DEEPEST:,} elements within each other")
        if len(attributes) > MOST_ATTRIBUTES:
            raise _TooLargeError(f"has an element with more than {MOST_ATTRIBUTES:,} attributes")
        if attributes and any(len(attributes.get(name, "")) > LONGEST_NAMES for name in ("class", "id")):
            raise _TooLargeError(f"has an element whose names have more than {LONGEST_NAMES:,} characters")

    def end(self, _tag: str) -> None:
        """Take an end tag."""
        self._depth -= 1

    def data(self, _text: str) -> None:
        """Take a text."""

    def comment(self, _text: str) -> None:
        """Take a comment."""

    def close(self) -> None:
        """Take the end."""


def _refuse(source: Source, what: str) -> SourceError:
    return SourceError(f"{source.shown} cannot be imported: it {what}, which no page that people read has")
