"""From bytes to text: which encoding, and what the analyst should know about it."""

from __future__ import annotations

import codecs

from msgspec import Struct

_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)

_SAMPLE = 1 << 16
"""How many bytes are looked at where a look at all would take long."""

_DAMAGE = 2
"""UTF-8 with errors is still UTF-8 if it has this many sound multi-byte characters for each error: texts in other encodings
hold a sequence that is one by accident for some ten that are none."""

_NO_LEADS = bytes(range(0xC0))
"""What is no first byte of a multi-byte character of UTF-8."""

MOST_STRAYS = 500_000
"""Single bytes of another encoding that are looked at in one text."""

_WINDOWS = {0xDC00 + byte: bytes([byte]).decode("cp1252", "replace") for byte in range(0x80, 0x100)}
"""What `surrogateescape` makes of a byte, and what that byte is in the encoding that strays mostly come from."""

_CONTROLS = bytes(set(range(32)) - set(b"\t\n\r\f\b\x1b")) + b"\x7f"
_CONTROL_SHARE = 0.3
_TYPOGRAPHY = bytes([0x85, *range(0x91, 0x98), 0xA0, 0xA9, 0xAB, 0xAE, 0xB0, 0xB7, 0xBB])
"""Dashes, quotation marks, the ellipsis and the like, which Windows code pages have in the same places."""

_LEGACY = (
    *("cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257"),
    *("koi8_r", "cp866", "gb18030", "big5", "cp932", "euc_jp", "cp949"),
)
"""The encodings that pages were written in before UTF-8, likeliest first (after the WHATWG Encoding Standard). A closed
list, because guessing among all that Python knows takes English with curly quotes for a DOS code page."""

_TIE = 0.03
"""Guesses whose coherence differs by less are equally good: then the likelier encoding is taken."""


class Decoded(Struct, frozen=True):
    """A decoded text.

    Args:
        text: The text, line ends and all as they were.
        encoding: Python's name of the encoding.
        warnings: A sentence for what was guessed or could not be read.
    """

    text: str
    encoding: str
    warnings: tuple[str, ...] = ()


def decode(raw: bytes) -> Decoded | None:
    """Decode a text: by its byte order mark, as UTF-8, else by a guess; None if it seems to be no text at all."""
    for mark, encoding in _BYTE_ORDER_MARKS:
        if raw.startswith(mark):
            return _decode_as(raw, encoding)
    if encoding := _wide(raw):
        return _decode_as(raw, encoding, f"It has no byte order mark and was read as {encoding}.")
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        return _decode_damaged(raw) or _guess(raw)
    head = raw[:_SAMPLE]
    return Decoded(text, "utf-8") if _control_share(head) <= _CONTROL_SHARE else None


def whole_characters(raw: bytes, most: int) -> bytes:
    """Return a cut head without the bytes of a character of UTF-8 that the cut went through."""
    if len(raw) < most:
        return raw
    end = len(raw)
    while end > len(raw) - 4 and raw[end - 1] & 0xC0 == 0x80:  # noqa: PLR2004  # a byte that continues a character
        end -= 1
    return raw[: end - 1] if raw[end - 1] >= 0xC0 else raw  # noqa: PLR2004  # the one that begins it


def _decode_as(raw: bytes, encoding: str, *warnings: str) -> Decoded:
    """Decode with a known encoding; bytes that do not fit become U+FFFD and are reported."""
    try:
        return Decoded(raw.decode(encoding), encoding, warnings)
    except UnicodeDecodeError:
        text = raw.decode(encoding, "replace")
        return Decoded(text, encoding, (*warnings, f"Some of its bytes are no {encoding}: they stand as U+FFFD."))


def _wide(raw: bytes) -> str:
    """Return the name of the UTF-16 that a text without a byte order mark is in, "" if it is none.

    In UTF-16 every other byte of text in a Latin script is zero, and hardly any of the others.
    """
    if len(raw) % 2:
        return ""
    head = raw[:_SAMPLE]
    half = len(head) // 2
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if half and odd > 0.4 * half and even < 0.05 * half:
        return "utf-16-le"
    if half and even > 0.4 * half and odd < 0.05 * half:
        return "utf-16-be"
    return ""


def _decode_damaged(raw: bytes) -> Decoded | None:
    """Decode UTF-8 with a few broken bytes, as a file that was cut; None if it is another encoding."""
    decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
    text = decoder.decode(raw)
    is_cut = bool(decoder.getstate()[0])
    text, strays = read_strays(text)
    sound = len(raw.decode("utf-8", "ignore").encode().translate(None, _NO_LEADS))
    if sound < _DAMAGE * (strays + is_cut):
        return None
    warnings = (say_strays(strays),) if strays else ()
    if is_cut:
        return Decoded(f"{text}\ufffd", "utf-8", (*warnings, "1 broken UTF-8 sequence stands as U+FFFD."))
    return Decoded(text, "utf-8", warnings)


def read_strays(text: str) -> tuple[str, int]:
    """Return a text with those of its bytes that are no UTF-8 read as Windows-1252, as texts are that were put together of several.

    Args:
        text: Decoded as UTF-8 with `surrogateescape`.

    Returns:
        The text and how many such bytes it has; more than `MOST_STRAYS` stand as U+FFFD.
    """
    if text.isascii():
        return text, 0
    try:
        text.encode()
    except UnicodeEncodeError:
        strays = len(text) - len(text.encode("utf-8", "ignore").decode())
    else:
        return text, 0
    if strays > MOST_STRAYS:
        return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace"), strays
    return text.translate(_WINDOWS), strays


def say_strays(number: int) -> str:
    """Return a sentence on so many bytes."""
    if number > MOST_STRAYS:
        return f"{number:,} bytes that are no UTF-8 stand as U+FFFD."
    said = "1 byte that is no UTF-8 was" if number == 1 else f"{number:,} bytes that are no UTF-8 were"
    return f"{said} read as Windows-1252."


def _guess(raw: bytes) -> Decoded | None:
    """Guess the encoding of a text that is no Unicode; None if it seems to be no text."""
    sample = b"\n".join(line for line in raw.split(b"\n") if not line.isascii())[:_SAMPLE]
    head = raw[:_SAMPLE]
    if 0 in head or _control_share(head) > _CONTROL_SHARE / 3:
        return None
    odd = {byte for byte in sample if byte >= 0x80}  # noqa: PLR2004  # beyond ASCII
    encoding = "cp1252" if odd <= set(_TYPOGRAPHY) else _likeliest(sample)
    if not encoding:
        if len(sample.translate(None, bytes(range(128)))) > _CONTROL_SHARE * len(sample):
            return None
        encoding = "cp1252"
    return _decode_as(raw, encoding, f"It is no Unicode: its encoding was guessed as {encoding}.")


def _likeliest(sample: bytes) -> str:
    """Return the encoding that a sample of lines is in by charset-normalizer's measures, "" if none fits."""
    from charset_normalizer import from_bytes  # noqa: PLC0415  # loaded on use

    matches = from_bytes(sample, cp_isolation=list(_LEGACY))
    best = matches.best()
    if best is None:
        return ""
    equal = [match for match in matches if match.chaos <= best.chaos and match.coherence >= best.coherence - _TIE]
    chosen = min(equal, key=lambda match: _LEGACY.index(match.encoding)).encoding if equal else best.encoding
    same = sample.decode(chosen, "replace") == sample.decode("cp1252", "replace")
    return "cp1252" if same else chosen


def _control_share(head: bytes) -> float:
    """Return the share of bytes that text does not hold, 0 to 1."""
    return 1 - len(head.translate(None, _CONTROLS)) / len(head) if head else 0.0
