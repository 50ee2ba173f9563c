"""Clean text: LF line ends, and nothing that no consumer can carry."""

from __future__ import annotations

import re
import unicodedata

from annotations.work import Work

__all__ = ["clean", "slug"]

SLUG_LENGTH = 60
"""How long a thread key made from a name may get, in code points."""

_BLOCK = 1 << 18
"""Characters that are cleaned before a look at whether to stop: at most some ten milliseconds' worth."""

_LINE_ENDS = re.compile(r"\r\n?")
_UNCARRIED = re.compile(r"\A\ufeff+|[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]+")
"""What no consumer can carry: controls but tab and newline, lone surrogates, the two noncharacters that XML 1.0 forbids
(section 2.2, Char); and a byte order mark in front, which is no character of the text."""


_C0_BYTES = bytes({*range(0x20), 0x7F} - {*b"\t\n"})
_C1_BYTES = re.compile(rb"\xc2[\x80-\x9f]")
"""The same in UTF-8: the controls of a byte, those of two bytes."""


def clean(text: str, work: Work | None = None) -> tuple[str, int]:
    """Return the text with LF line ends and without what no consumer can carry, and how many characters that were.

    A CRLF or CR that becomes LF is not counted. Bidirectional controls, zero-width characters, variation selectors,
    tags and soft hyphens stay: they are part of what people write.
    """
    if work is None and len(text) <= _BLOCK and (text.isprintable() or (_is_sound(text) and text[0] != "\ufeff")):
        return text, 0  # nearly every text of a record
    work = work or Work()
    cleaned: list[str] = []
    dropped = start = 0
    while start < len(text):
        stop = start + _BLOCK
        stop += text[stop - 1 : stop + 1] == "\r\n"  # these two stay together
        block = _LINE_ENDS.sub("\n", text[start:stop])
        sound = block if start and _is_sound(block) else _drop(block, is_first=not start)
        dropped += len(block) - len(sound)
        cleaned.append(sound)
        work.advance(stop)
        start = stop
    return "".join(cleaned), dropped


def _is_sound(block: str) -> bool:
    """Tell whether a text holds nothing that is dropped; a look at its bytes takes a fiftieth of the time of the expression."""
    try:
        raw = block.encode()
    except UnicodeEncodeError:  # a lone surrogate
        return False
    has_controls = len(raw.translate(None, _C0_BYTES)) < len(raw) or _C1_BYTES.search(raw) is not None
    return not has_controls and b"\xef\xbf\xbe" not in raw and b"\xef\xbf\xbf" not in raw


def _drop(block: str, *, is_first: bool) -> str:
    # Marks at the start of the text are dropped: a later block has a character in front that keeps its own.
    return _UNCARRIED.sub("", block) if is_first else _UNCARRIED.sub("", f" {block}")[1:]


def slug(text: str) -> str:
    """Return a short name for keys, made of lower-case letters, digits and hyphens; "" if the text has none."""
    words = re.findall(r"\w+", unicodedata.normalize("NFKC", text).casefold().replace("_", " "))
    short = ""
    for word in words:
        longer = f"{short}-{word}" if short else word[:SLUG_LENGTH]
        if len(longer) > SLUG_LENGTH:
            break
        short = longer
    return short
