"""Pages that were saved as a mail with all that they show (.mhtml, .mht): the page is its first part in HTML.

Source: RFC 2557; the files of Chromium ("Saved by Blink", `Snapshot-Content-Location`).
"""

from __future__ import annotations

import re

_MHTML = re.compile(rb"\A(?:[!-9;-~]+:[^\n]*\n(?:[ \t][^\n]*\n)*)*?Content-Type:\s*multipart/related", re.IGNORECASE)
_BOUNDARY = re.compile(rb"""boundary\s*=\s*(?:"([^"\n]+)"|([^\s;"]+))""", re.IGNORECASE)
_LOCATION = re.compile(rb"^(?:Snapshot-)?Content-Location:\s*(\S+)", re.IGNORECASE | re.MULTILINE)


def is_mhtml(head: bytes) -> bool:
    """Tell whether a file begins as a page does that was saved as a mail."""
    return _MHTML.match(head) is not None and b"text/html" in head.lower()


def open_mhtml(raw: bytes) -> tuple[bytes, str, str]:
    """Return the page of a page saved as a mail, its address or "", and its charset or ""; all of it if it has none."""
    from email.parser import BytesHeaderParser  # noqa: PLC0415  # loaded on use

    raw = raw.replace(b"\r\n", b"\n")
    fields = raw.split(b"\n\n", 1)[0]
    named = _BOUNDARY.search(fields)
    place = _LOCATION.search(fields)
    address = place[1].decode("ascii", "ignore") if place else ""
    if named is None:
        return raw, address, ""
    boundary = b"\n--" + (named[1] or named[2])
    start = raw.find(boundary)
    while start >= 0:
        start = raw.find(b"\n", start + 1) + 1
        end = raw.find(boundary, start)
        body = raw.find(b"\n\n", start, end if end >= 0 else len(raw))
        if body < 0:
            break
        said = raw[start : body + 2]
        if b"html" not in said.lower():  # as of most parts, which are pictures
            start = end
            continue
        header = BytesHeaderParser().parsebytes(said)
        if header.get_content_type() in {"text/html", "application/xhtml+xml"}:
            header.set_payload(raw[body + 2 : end if end >= 0 else len(raw)].decode("latin-1"))
            page = header.get_payload(decode=True)
            address = address or str(header.get("Content-Location") or "")
            return page if isinstance(page, bytes) else b"", address, str(header.get_content_charset() or "")
        start = end
    return b"", address, ""
