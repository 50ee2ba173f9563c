"""Mails as they lie in a mailbox: an mbox file, a maildir, a folder or archive of single mails, or one mail.

Sources: RFC 4155 for the lines that begin with "From " and part the mails of an mbox; qmail's mbox(5) and maildir(5) for
what is done to a line of a mail that begins like that (`>` in front of it; in *mboxrd*, which is undone here, also in front of
one that has such a sign already) and for the folders `cur`, `new` and `tmp`.
"""

from __future__ import annotations

import re
from pathlib import PurePath
from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO

    from annotations.sources.source import Source

_LONGEST = 1 << 26
"""Bytes of one mail, attachments and all."""

_BLOCK = 1 << 18
_LONGEST_DATE = 400
_LONGEST_LINE = 1 << 12
"""Bytes of a line that parts two mails, and of the first field's name behind it."""

_FIRST = 1 << 14

_SEPARATOR = re.compile(rb"From (?:.*\d\d?:\d\d.*\b(?:19|20)\d\d\b|\S+@\S+\s*$|\S+ at \S+\s*$)")
_FIELD = re.compile(rb"[!-9;-~]+[ \t]*:|>From ")
_FIELDS = re.compile(
    rb"^(?:message-id|received|mime-version|return-path|delivered-to|date|from|to|subject|x-mozilla-status|references)[ \t]*:",
    re.IGNORECASE | re.MULTILINE,
)
_HEADER = re.compile(rb"(?:[!-9;-~]+[ \t]*:[^\n]*\n(?:[ \t][^\n]*\n)*)+")
_ESCAPED = re.compile(rb"^>(>*From )", re.MULTILINE)
_PARTING = re.compile(rb"(From [^\n]*\n)(?=[!-9;-~]+[ \t]*:|>From )")
_NEXT = b"\nFrom "
_LINE_ENDS = (b"\n", b"\r")
_FRONT = b"\xef\xbb\xbf\r\n\t "
_MAILDIR = ("cur", "new")


class RawMail(Struct, frozen=True):
    """A mail as it lies there.

    Args:
        number: Its place in the mailbox, from 1.
        where: What it is called in reports.
        raw: Header and body.
        envelope: The line that parts it from the one before it; "" where there is none.
        file: The file in which it lies alone; "" in an mbox.
    """

    number: int
    where: str
    raw: bytes
    envelope: str = ""
    file: str = ""


def is_mbox(head: bytes) -> bool:
    """Tell whether a file begins like an mbox."""
    first, _, rest = head[:_FIRST].lstrip(_FRONT).partition(b"\n")
    return bool(_SEPARATOR.match(first[:_LONGEST_DATE])) and bool(_FIELD.match(rest))


def is_mail(head: bytes) -> bool:
    """Tell whether a file begins with the header of a mail: with two fields that only mails have."""
    match = _HEADER.match(head[: _FIRST * 4].lstrip(_FRONT))
    return match is not None and len({field.lower() for field in _FIELDS.findall(match[0])}) > 1


def find_mail_files(source: Source) -> tuple[list[Source], int]:
    """Return the files of a folder in which mails are, and how many others there are."""
    files, others = [], 0
    for member in source.members():
        path = PurePath(member.relative)
        folder = path.parent.name
        if folder == "tmp" and _is_maildir(path.parent, source):
            continue  # a mail whose delivery is not complete
        if folder in _MAILDIR or _holds_mail(member):
            files.append(member)
        else:
            others += 1
    return files, others


def _holds_mail(file: Source) -> bool:
    """Tell whether a file begins like mail; of thousands of files none is to be kept in memory."""
    with file.open() as stream:
        head = stream.read(_FIRST * 4)
    return is_mbox(head) or is_mail(head)


def _is_maildir(folder: PurePath, source: Source) -> bool:
    beside = {folder.parent / name for name in _MAILDIR}
    return any(PurePath(member.relative).parent in beside for member in source.members())


def read_mails(source: Source, files: list[Source]) -> Iterator[RawMail]:
    """Yield the mails of a mailbox, one in memory at a time.

    Args:
        source: The mailbox.
        files: The files in which they are: the mailbox itself, or those in the folder.
    """
    number = 0
    source.work.begin(
        "Reading", source.size if len(files) == 1 else len(files), "bytes" if len(files) == 1 else "files"
    )
    for at, file in enumerate(files):
        done = 0
        for envelope, raw, size in _split(file, source, number):
            number += 1
            done += size
            source.work.advance(done if len(files) == 1 else at)
            name = file.relative or PurePath(file.name).name if len(files) > 1 else ""
            yield RawMail(number, f"mail {number}", raw, envelope.decode("utf-8", "replace").strip(), name)


def _split(file: Source, source: Source, number: int) -> Iterator[tuple[bytes, bytes, int]]:
    """Yield the mails of a file: the line in front of each, the mail, how many bytes it takes."""
    envelope, pieces, size = b"", list[bytes](), 0
    with file.open() as stream:
        for separator, piece in _pieces(stream):
            if separator:
                if any(pieces):
                    yield envelope, _join(envelope, pieces), size
                envelope, pieces, size, number = separator, [], len(separator), number + 1
            size += len(piece)
            if size <= _LONGEST:
                pieces.append(piece)
            elif size - len(piece) <= _LONGEST:
                source.problems.add("is longer than a mail can be", f"mail {max(1, number)}", "the rest was left out")
    if any(pieces):
        yield envelope, _join(envelope, pieces), size


def _join(envelope: bytes, pieces: list[bytes]) -> bytes:
    """Return a mail as it was before it was put into a mailbox."""
    raw = b"".join(pieces)
    return _ESCAPED.sub(rb"\1", raw) if envelope and b">From " in raw else raw


def _pieces(stream: BinaryIO) -> Iterator[tuple[bytes, bytes]]:
    """Yield the text of a file piece by piece, the first one of each mail of a mailbox with the line in front of it."""
    kept = b""
    is_first, is_alone = True, False
    while block := stream.read(_BLOCK):
        text = kept + block
        separator, start = b"", 0
        if is_first:
            text = text.lstrip(_FRONT)
            is_alone = not is_mbox(text)
            if not is_alone and (match := _PARTING.match(text)):
                separator, start = match[1], match.end()
        at = -1 if is_alone else text.find(_NEXT, start)
        while at >= 0:
            match = _PARTING.match(text, at + 1)
            if match and text[max(0, at - 1) : at] in _LINE_ENDS and _SEPARATOR.match(match[1][:_LONGEST_DATE]):
                yield separator, text[start:at].removesuffix(b"\r")  # the blank line in front is the mailbox's
                separator, start = match[1], match.end()
            at = text.find(_NEXT, at + 1)
        end = max(start, len(text) - _LONGEST_LINE)
        yield separator, text[start:end]
        kept, is_first = text[end:], False
    if kept:
        yield b"", kept
