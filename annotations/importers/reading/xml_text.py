"""The text of an XML document: in its encoding, without what XML forbids; and what its first element is.

In front of the document may stand blanks, a byte order mark or a backtick; characters that XML forbids are dropped and counted.
"""

from __future__ import annotations

import codecs
import re
from typing import TYPE_CHECKING

from annotations.sources.decoding import MOST_STRAYS, read_strays
from annotations.sources.opening import read_blocks

if TYPE_CHECKING:
    from collections.abc import Iterator

    from annotations.sources.source import Source

_FRONT = re.compile(r"[\s`\x00\ufeff]*")
_DECLARED = re.compile(r"""<\?xml[^>]{0,200}?encoding\s*=\s*["']([\w.-]{1,40})["']""", re.ASCII)
_FORBIDDEN = dict.fromkeys({*range(0x20), *range(0xD800, 0xE000), 0xFFFE, 0xFFFF} - {*b"\t\n\r"})
"""What is no character of XML (XML 1.0, section 2.2)."""

_REFERENCE = re.compile(r"&#(?:x([0-9a-fA-F]{1,8})|(\d{1,10}));", re.ASCII)
_HALF_REFERENCE = re.compile(r"&[#\w]{0,12}\Z", re.ASCII)
_ROOT = re.compile(
    r"\A[\s`\ufeff]*+(?><\?.*?\?>\s*|<!--.*?-->\s*|<!DOCTYPE[^>\[]*(?:\[.*?\]\s*)?>\s*)*+<([A-Za-z_][\w.:-]*)([^>]*)",
    re.DOTALL,
)
_ROOT_WITHIN = 1 << 16


def peek_root(source: Source) -> tuple[str, str]:
    """Return the name of a document's first element and what its tag says besides; "" and "" if it seems to be no XML."""
    found = _ROOT.match(source.start[:_ROOT_WITHIN])
    return (found[1], found[2]) if found else ("", "")


def read_text(source: Source) -> Iterator[str]:
    """Yield the text of a document piece by piece, without what XML forbids."""
    encoding = _encoding(source)
    decoder = codecs.getincrementaldecoder(encoding)("surrogateescape" if encoding == "utf-8" else "replace")
    source.work.begin("Reading", source.size, "bytes")
    is_first, waiting, strayed = True, "", 0
    with source.open() as stream:
        for block in read_blocks(stream, source.work):
            decoded = decoder.decode(block)
            decoded, strays = read_strays(decoded)
            strayed += strays
            if strayed > MOST_STRAYS:
                decoder.errors = "replace"
            if strays:
                source.warn("Some of its bytes are no UTF-8: they were read as Windows-1252.")
            if "\ufffd" in decoded and b"\xef\xbf\xbd" not in block:
                source.warn("Some of its bytes are not in its encoding: they stand as U+FFFD.")
            text = waiting + decoded
            if is_first:
                text = text[front.end() :] if (front := _FRONT.match(text)) else text
                is_first = not text
            half = _HALF_REFERENCE.search(text, max(0, len(text) - 14))
            waiting = half[0] if half else ""
            yield _without_forbidden(text[: len(text) - len(waiting)], source)
    decoder.errors = "replace"  # of a character that was cut through nothing can be told
    yield _without_forbidden(waiting + decoder.decode(b"", final=True), source)


def _encoding(source: Source) -> str:
    """Return the encoding of a document: by its byte order mark, as it declares, else as its beginning looks."""
    seen = source.start_encoding
    if seen.startswith(("utf-16", "utf-32")):
        return seen
    declared = _DECLARED.search(source.start[:1000])
    if declared is None or seen == "utf-8-sig":
        return seen or "utf-8"
    if seen == "utf-8" and not source.head.isascii():
        return "utf-8"  # whatever it says
    try:
        name = codecs.lookup(declared[1]).name
        "".encode(name)  # some of Python's are no encodings of text
    except (LookupError, ValueError):
        source.problems.add(
            f"names an encoding that does not exist ({declared[1]})", "line 1", f"it was read as {seen}"
        )
        return seen or "utf-8"
    return "utf-8" if name.startswith(("utf-16", "utf-32")) else name


def _without_forbidden(text: str, source: Source) -> str:
    sound = text.translate(_FORBIDDEN) if not text.isprintable() else text
    source.dropped += len(text) - len(sound)
    if "&#" not in sound:
        return sound

    def resolve(match: re.Match[str]) -> str:
        code = int(match[1], 16) if match[1] else int(match[2])
        if code not in _FORBIDDEN and 0 < code < 0x110000:  # noqa: PLR2004  # the last code point
            return match[0]
        source.dropped += 1
        return ""

    return _REFERENCE.sub(resolve, sound)
