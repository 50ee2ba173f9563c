"""The header of a mail: its fields, unfolded and decoded; names, ids and subjects in them.

Sources: RFC 5322 for the fields, RFC 2047 for words in other character sets, RFC 2231 for parameters, RFC 5256 (section 2.1,
*Base Subject*) for what a subject is without its signs of an answer.
"""

from __future__ import annotations

import binascii
import codecs
import re
import string
from email.message import Message
from email.utils import getaddresses
from typing import Any

from msgspec import Struct

from annotations.sources.decoding import decode

Fields = list[tuple[str, bytes]]

_MOST_FIELDS = 2000
_LONGEST_FIELD = 1 << 16
_LONGEST_HEADER = 1 << 20
"""Bytes of a header whose fields are read."""

_BLANK_LINE = re.compile(rb"\n\r?\n")
_LONGEST_AUTHOR = 2000
_LONGEST_PARAMETERS = 4000
_FIELD = re.compile(rb"([!-9;-~]+)[ \t]*:(.*)", re.DOTALL)
_WORD = re.compile(r"=\?([^?\s]+)\?([bBqQ])\?([^?]*)\?=")
_BETWEEN_WORDS = re.compile(r"(=\?[^?\s]+\?[bBqQ]\?[^?]*\?=)\s+(?==\?[^?\s]+\?[bBqQ]\?[^?]*\?=)")
_ID = re.compile(rb"<\s*([^<>\s]+)\s*>")
_BARE_ID = re.compile(rb"[^\s<>,;()\"]+@[^\s<>,;()\"]+")
_SENDER = re.compile(rb"\bfrom\b[^<]*<[^<>]*>", re.IGNORECASE)
_MOST_IDS = 1000
_ANSWER = re.compile(
    r"(?:re|aw|sv|vs|antw|odp|ynt|rif|res|回复|答复)\s*(?:\[\d+\]|\^\d+|\(\d+\))?\s*[:：]\s*", re.IGNORECASE
)
_BLOB = re.compile(r"\[[^\]\[]*\]\s*")
_SPACED = re.compile(r"(.+?) at (\S+) \((.*)\)\s*", re.DOTALL)

_LATIN = "cp1252"
_PARAMETER = re.compile(r';\s*([\w-]+)=("[^"\\]*"|[^\s;"()]+)', re.ASCII)
_SIMPLE = re.compile(r'[^;"()]*(?:;\s*[\w-]+=(?:"[^"\\]*"|[^\s;"()]+))*\s*;?\s*', re.ASCII)
"""Parameters as nearly all mails write them: all others are left to the library."""

_ALIASES = {
    **dict.fromkeys(("us-ascii", "ascii", "ansi_x3.4-1968", "iso-8859-1", "iso8859-1", "latin1", "latin-1"), _LATIN),
    **dict.fromkeys(("gb2312", "gbk", "gb_2312-80"), "gb18030"),
    **dict.fromkeys(("shift_jis", "shift-jis", "sjis", "x-sjis"), "cp932"),
    **dict.fromkeys(("ks_c_5601-1987", "euc-kr"), "cp949"),
    "iso-8859-9": "cp1254",
    "iso-8859-8-i": "iso-8859-8",
    "tis-620": "cp874",
    "utf8mb4": "utf-8",
}
"""Character sets whose name promises less than what is written under it (after the WHATWG Encoding Standard)."""

_ASCII = {"", "utf-8", "us-ascii", "iso-8859-1", "windows-1252"}
"""Character sets in which ASCII is ASCII; the commonest of them."""

_NO_CHARSETS = {"idna", "punycode", "undefined", "unicode-escape", "raw-unicode-escape", "mbcs", "oem"}
"""What Python calls an encoding and no mail does."""


class Kind(Struct, frozen=True):
    """What a field such as Content-Type says.

    Args:
        value: The value in lower case, without its parameters: "text/plain".
        parameters: These, by their names in lower case.
    """

    value: str
    parameters: dict[str, str]


def split_mail(raw: bytes) -> tuple[Fields, bytes]:
    """Return the fields of a mail's or part's header, unfolded, and its body."""
    fields: Fields = []
    at = 0
    name, value = "", [b""]
    while at < len(raw):
        if at > _LONGEST_HEADER:  # what stands further down of it is no field that a mail program wrote
            at = _behind_header(raw, at)
            break
        end = raw.find(b"\n", at)
        end = len(raw) if end < 0 else end + 1
        line = raw[at:end]
        stripped = line.rstrip(b"\r\n")
        if not stripped:
            at = end
            break
        if line[:1] in {b" ", b"\t"} and name:
            value.append(stripped)
        elif match := _FIELD.match(stripped):
            _keep(fields, name, value)
            name, value = match[1].decode("ascii"), [match[2]]
        elif not stripped.startswith((b">From ", b"From ")):
            break  # no header any more: the blank line is missing
        at = end
    _keep(fields, name, value)
    return fields, raw[at:]


def _behind_header(raw: bytes, at: int) -> int:
    """Return where the body begins behind a header that goes on somewhere."""
    found = _BLANK_LINE.search(raw, at)
    return len(raw) if found is None else found.end()


def _keep(fields: Fields, name: str, value: list[bytes]) -> None:
    if name and len(fields) < _MOST_FIELDS:
        fields.append((name, b"".join(value)[:_LONGEST_FIELD].strip()))


def find(fields: Fields, name: str) -> bytes:
    """Return the first field of that name, b"" if there is none."""
    wanted = name.lower()
    return next((value for field, value in fields if field.lower() == wanted), b"")


def decode_bytes(raw: bytes, charset: str = "") -> tuple[str, str]:
    """Return bytes as text, and what was guessed about it: "" where the character set was right.

    Args:
        raw: The bytes.
        charset: What the mail says that they are in.
    """
    wanted = charset.strip().strip("'\"").lower().partition("*")[0]
    if wanted in _ASCII and raw.isascii():
        return raw.decode("ascii"), ""
    for encoding in (wanted, "utf-8") if wanted else ("utf-8",):
        try:
            info = codecs.lookup(_ALIASES.get(encoding, encoding))
            is_mislabeled = _ALIASES.get(encoding) == _LATIN and _is_utf_8(raw)
            if info.name in _NO_CHARSETS or is_mislabeled:
                continue
            text = raw.decode(info.name)
        except (LookupError, UnicodeError, ValueError):
            continue
        return text, "" if encoding == wanted or raw.isascii() or not wanted else "utf-8"
    found = decode(raw)
    if found is not None:
        return found.text, found.encoding
    return raw.decode(_LATIN, "replace"), _LATIN


def _is_utf_8(raw: bytes) -> bool:
    if raw.isascii():
        return False
    try:
        raw.decode()
    except UnicodeDecodeError:
        return False
    return True


def decode_field(raw: bytes) -> str:
    """Return what a field says, with words in other character sets decoded."""
    text = decode_bytes(raw)[0]
    return _decode_words(text) if "=?" in text else text


def _decode_words(text: str) -> str:
    text = _BETWEEN_WORDS.sub(r"\1", text)
    made: list[str] = []
    at = 0
    waiting, charset = b"", ""
    for match in _WORD.finditer(text):
        if waiting and (match.start() > at or match[1].lower() != charset):
            made.append(decode_bytes(waiting, charset)[0])
            waiting = b""
        made.append(text[at : match.start()])
        charset = match[1].lower()
        waiting += _decode_word(match[2].lower(), match[3])  # a character may be split over two words
        at = match.end()
    if waiting:
        made.append(decode_bytes(waiting, charset)[0])
    made.append(text[at:])
    return "".join(made)


def _decode_word(kind: str, text: str) -> bytes:
    raw = text.encode("utf-8", "replace")
    if kind == "q":
        return binascii.a2b_qp(raw, header=True)
    return decode_base64(raw)


_BASE64 = string.ascii_letters + string.digits + "+/"
_NO_BASE64 = bytes(sign for sign in range(256) if chr(sign) not in _BASE64)


def decode_base64(raw: bytes) -> bytes:
    """Return what base64 stands for, whatever is wrong with it: other signs count for nothing, its end may be missing."""
    raw = raw.translate(None, _NO_BASE64)
    rest = len(raw) % 4
    raw = raw[:-1] if rest == 1 else raw + b"=" * (-len(raw) % 4)
    return binascii.a2b_base64(raw)


def find_ids(raw: bytes) -> list[bytes]:
    """Return the ids of mails in a field."""
    return (_ID.findall(raw) or _BARE_ID.findall(raw))[-_MOST_IDS:]


def find_answered(raw: bytes) -> list[bytes]:
    """Return the id of what a mail answers, by its In-Reply-To: the first that is not the address of who is answered."""
    found = _ID.findall(_SENDER.sub(b"", raw))
    return found[:1] or ([raw] if _BARE_ID.fullmatch(raw) else [])


def find_author(raw: bytes) -> tuple[str, str]:
    """Return the name and the address of who wrote a mail, by its From; "" for what is not there."""
    text = decode_bytes(raw[:_LONGEST_AUTHOR])[0]
    if match := _SPACED.fullmatch(text):  # public archives hide addresses like this
        return _decode_words(match[3]), f"{match[1]} at {match[2]}"
    try:
        pairs = getaddresses([text])
    except (ValueError, IndexError, RecursionError):
        pairs = []
    name, address = next(((name, address) for name, address in pairs if name or address), ("", text))
    return " ".join(_decode_words(name).split()), address


def read_kind(raw: bytes, default: str = "") -> Kind:
    """Return what Content-Type or Content-Disposition says."""
    text = decode_bytes(raw)[0]
    value = text.partition(";")[0].strip().lower() or default
    if ";" not in text:
        return Kind(value, {})
    if _SIMPLE.fullmatch(text) and "=?" not in text:
        return Kind(value, {name.lower(): said.strip('"') for name, said in _PARAMETER.findall(text)})
    message = Message()
    message["Content-Type"] = " ".join(text[:_LONGEST_PARAMETERS].split())
    parameters: dict[str, str] = {}
    try:
        pairs: list[tuple[str, Any]] = message.get_params() or []
        for name, said in pairs[1:]:
            if isinstance(said, tuple):
                charset, _, encoded = said
                said = decode_bytes(encoded.encode("latin-1", "replace"), charset or "")[0]  # noqa: PLW2901  # RFC 2231
            parameters.setdefault(name.lower(), _decode_words(said))
    except (ValueError, LookupError, TypeError, AttributeError, UnicodeError):  # broken parameters
        pass
    return Kind(value, parameters)


def split_subject(subject: str) -> tuple[str, bool]:
    """Return a subject without its signs of an answer and the names of lists, and whether it is an answer's."""
    rest, is_answer = " ".join(subject.split()), False
    while True:
        if match := _ANSWER.match(rest):
            is_answer = True
        elif not (match := _BLOB.match(rest)) or match.end() == len(rest):
            return rest, is_answer
        rest = rest[match.end() :]
