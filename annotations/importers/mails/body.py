"""The body of a mail: its text out of all its parts, and a list of what is attached.

Sources: RFC 2045 and 2046 (MIME) for parts and how they are encoded, RFC 2183 for what is attached, RFC 3676 for
`format=flowed`.
"""

from __future__ import annotations

import binascii
import html
import re

from msgspec import Struct

from annotations.importers.mails.header import (
    Fields,
    Kind,
    decode_base64,
    decode_bytes,
    decode_field,
    find,
    read_kind,
    split_mail,
)

_DEEPEST = 30
"""Parts within each other; what is deeper is listed as attached."""

_MOST = 1000
"""Parts of one multipart."""

_MOST_IN_ALL = 3000
"""Parts of a mail, those within others counted; further ones are left out."""

_INNER = 1 << 26
"""Bytes of parts within each other that are in memory at a time; what would be more is listed as attached."""

_LONGEST_TEXT = 1 << 23
"""Bytes that a text may have; what would be more is no letter."""

_TEXTS = ("text/plain", "text/html", "text/enriched", "text/richtext", "text/markdown", "text/x-patch", "text/x-diff")
_LINE_END = re.compile(r"\r\n?")
_QUOTES = re.compile(r">*")
_SIGNATURE = "-- "


class Text(Struct, frozen=True):
    """A piece of text of a mail."""

    text: str
    is_html: bool


class Body(Struct):
    """What a mail says.

    Args:
        texts: Its texts, in their order.
        attachments: What else is in it: `name`, `type`, `size` in bytes.
        doubts: What was guessed, as phrases for a report.
        parts: How many parts were looked at.
    """

    texts: list[Text]
    attachments: list[dict[str, object]]
    doubts: list[str]
    parts: int = 0

    @property
    def is_html(self) -> bool:
        """Whether the text is HTML, in which case plain pieces stand in it as preformatted text."""
        return any(piece.is_html for piece in self.texts)

    @property
    def text(self) -> str:
        """The texts as one."""
        if not self.is_html:
            return "\n\n".join(piece.text.rstrip("\n") for piece in self.texts if piece.text.strip())
        pieces = (p.text if p.is_html else f"<pre>{html.escape(p.text, quote=False)}</pre>" for p in self.texts)
        return "\n".join(piece.rstrip("\r\n") for piece in pieces)


def read_body(fields: Fields, raw: bytes) -> Body:
    """Return what a mail says: plain text where it is there, else HTML."""
    body = Body([], [], [])
    body.texts = _read_part(fields, raw, body, 0, "text/plain")
    return body


def _read_part(fields: Fields, raw: bytes, body: Body, depth: int, default: str) -> list[Text]:
    """Return the texts of a part; what is attached goes to the body."""
    body.parts += 1
    if body.parts > _MOST_IN_ALL:
        body.doubts.append(f"has more than {_MOST_IN_ALL:,} parts; the others were left out")
        return []
    kind = read_kind(find(fields, "Content-Type"), default)
    if "/" not in kind.value:  # as RFC 2045, section 5.2, has it for what it does not know
        kind = Kind(default, kind.parameters)
    disposition = read_kind(find(fields, "Content-Disposition"))
    boundary = kind.parameters.get("boundary", "")
    if kind.value.startswith("multipart/") and boundary and depth < _DEEPEST and depth * len(raw) <= _INNER:
        inner = _split_parts(raw, boundary)
        if inner:
            return _read_parts(kind.value, inner, body, depth)
        body.doubts.append("names a boundary of parts that is not in it")
        return _read_text(fields, raw, "text/plain", kind.parameters, body)
    name = disposition.parameters.get("filename") or kind.parameters.get("name", "")
    is_text = kind.value in _TEXTS or (depth == 0 and not name and kind.value.startswith(("multipart/", "text")))
    is_attached = disposition.value == "attachment" or (bool(name) and disposition.value != "inline")
    if is_text and (not is_attached or depth == 0):
        return _read_text(fields, raw, kind.value, kind.parameters, body)
    content = raw if kind.value == "message/rfc822" else _decode_transfer(fields, raw)
    if kind.value == "message/rfc822" and not name:
        name = decode_field(find(split_mail(content)[0], "Subject"))
    body.attachments.append({"name": " ".join(name.split()), "type": kind.value, "size": len(content)})
    return []


def _read_parts(kind: str, inner: list[bytes], body: Body, depth: int) -> list[Text]:
    """Return the texts of a multipart."""
    default = "message/rfc822" if kind == "multipart/digest" else "text/plain"
    found = [_read_part(*split_mail(part), body, depth + 1, default) for part in inner]
    if kind != "multipart/alternative":
        return [text for texts in found for text in texts]
    said = [texts for texts in found if any(text.text.strip() for text in texts)]
    plain = [texts for texts in said if not any(text.is_html for text in texts)]
    return (plain or said or [[]])[0]


def _split_parts(raw: bytes, boundary: str) -> list[bytes]:
    """Return the parts between the boundaries; the end of the last one may be missing."""
    sign = b"--" + boundary.encode("utf-8", "replace")
    parts: list[bytes] = []
    start = -1
    at = raw.find(sign)
    while at >= 0 and len(parts) < _MOST:
        end = raw.find(b"\n", at)
        end = len(raw) if end < 0 else end
        rest = raw[at + len(sign) : end].strip()
        if (at == 0 or raw[at - 1 : at] == b"\n") and rest in {b"", b"--"}:
            if start >= 0:
                parts.append(_strip_end(raw[start:at]))
            start = end + 1
            if rest:
                return parts
        at = raw.find(sign, at + len(sign))
    if start >= 0:
        parts.append(raw[start:])
    return parts


def _strip_end(part: bytes) -> bytes:
    """Return a part without the line end that belongs to the boundary behind it."""
    return part[:-2] if part.endswith(b"\r\n") else part[:-1] if part.endswith(b"\n") else part


def _read_text(fields: Fields, raw: bytes, kind: str, parameters: dict[str, str], body: Body) -> list[Text]:
    charset = parameters.get("charset", "")
    written = _decode_transfer(fields, raw)
    if len(written) > _LONGEST_TEXT:
        body.doubts.append(f"has a text of more than {_LONGEST_TEXT:,} bytes, which ends there")
    text, guessed = decode_bytes(written[:_LONGEST_TEXT], charset)
    if guessed:
        said = f"is not in the character set {charset[:40]!r} that it names" if charset else "names no character set"
        body.doubts.append(f"{said}: {guessed} was guessed")
    text = _LINE_END.sub("\n", text)
    if kind == "text/plain" and parameters.get("format", "").lower() == "flowed":
        text = unflow(text, is_space_deleted=parameters.get("delsp", "").lower() == "yes")
    return [Text(text, kind == "text/html")]


def _decode_transfer(fields: Fields, raw: bytes) -> bytes:
    """Undo what was done to a part for its way through the net."""
    encoding = find(fields, "Content-Transfer-Encoding").strip().lower()
    if encoding == b"base64":
        return decode_base64(raw)
    if encoding == b"quoted-printable":
        return binascii.a2b_qp(raw)
    return raw


def unflow(text: str, *, is_space_deleted: bool = False) -> str:
    """Return a text of `format=flowed` with its paragraphs as lines again.

    Args:
        text: Lines; one that ends with a blank goes on in the next one, if that is as deep a quote.
        is_space_deleted: Whether that blank is only a sign (`delsp=yes`).
    """
    lines: list[str] = []
    paragraph: list[str] = []  # its pieces, which may be very many
    depth = -1

    def end_paragraph() -> None:
        lines.append("".join(paragraph))
        paragraph.clear()

    for line in text.split("\n"):
        signs = _QUOTES.match(line)
        quotes = signs.end() if signs else 0
        said = line[quotes:].removeprefix(" ")
        if depth >= 0 and (quotes != depth or said == _SIGNATURE):
            end_paragraph()
            depth = -1
        if depth < 0 and quotes:  # the signs of a quote stay as they are written
            paragraph.append(line[: len(line) - len(said)])
        if said.endswith(" ") and said != _SIGNATURE:
            paragraph.append(said[:-1] if is_space_deleted else said)
            depth = quotes
        else:
            paragraph.append(said)
            end_paragraph()
            depth = -1
    if depth >= 0:
        end_paragraph()
    return "\n".join(lines)
