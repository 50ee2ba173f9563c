"""Reading a source: from a file or standard input to clean text with LF line ends."""

from __future__ import annotations

import hashlib
import os
import re
import stat
import sys
import unicodedata
from typing import TYPE_CHECKING

from annotations.errors import SourceError
from annotations.formats import Source
from annotations.importers.decoding import decode
from annotations.importers.kind import guess_binary, guess_kind
from annotations.work import Work

if TYPE_CHECKING:
    from io import FileIO
    from pathlib import Path
    from typing import BinaryIO

__all__ = ["STANDARD_INPUT", "Source", "clean", "read_source", "slug"]

STANDARD_INPUT = "-"
"""What standard input is called, as a name and as a location."""

SLUG_LENGTH = 60
"""How long a thread key made from a name may get, in code points."""

_BLOCK = 1 << 18
"""Bytes or characters that are read or cleaned before a look at whether to stop: at most some ten milliseconds' worth."""

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


def read_source(path: Path | None, stdin: BinaryIO | None = None, work: Work | None = None) -> Source:
    """Read one source, whole and once.

    Args:
        path: The file; None for standard input.
        stdin: Where standard input is read from; the process's own if None.
        work: What watches the reading, and goes on to the importer with the source; an unwatched one if None.

    Raises:
        SourceError: If there is nothing to read (no such file, a directory, no permission, a device), if it is no text
            (the message says what it looks like), or if it is empty.
        WorkCancelledError: If the work was cancelled.
    """
    work = work or Work()
    if path is None:
        name, location, stem = STANDARD_INPUT, STANDARD_INPUT, ""
        shown, raw = "standard input", _read_stream(stdin, work)
    else:
        shown, raw = _printable(path), _read_file(path, work)
        name, location, stem = shown, _printable(path.resolve()), slug(_printable(path.stem))
    if not raw:
        raise SourceError(f"{shown} is empty", "There is no text in it to label.")
    if binary := guess_binary(raw):
        raise _not_text(shown, binary)
    decoded = decode(raw)
    if decoded is None:
        raise _not_text(shown, "binary data")
    work.begin("Reading", len(decoded.text), "characters", part=(0.4, 1))
    text, dropped = clean(decoded.text, work)
    if not text or text.isspace():
        raise SourceError(f"{shown} holds nothing but white space", "There is no text in it to label.")
    return Source(
        name=name,
        location=location,
        sha256=hashlib.sha256(raw).hexdigest(),
        text=text,
        dropped=dropped,
        stem=stem,
        encoding=decoded.encoding,
        kind=guess_kind(name, text),
        warnings=decoded.warnings,
        work=work,
    )


def _read_file(path: Path, work: Work) -> bytes:
    """Return the bytes of a regular file; what could block or never end is refused before it is opened."""
    name = _printable(path)
    try:
        status = path.stat()
        mode = status.st_mode
        if stat.S_ISREG(mode):
            work.begin("Reading", status.st_size, "bytes", part=(0, 0.2))
            with path.open("rb", buffering=0) as file:
                return _read_blocks(file, work)
    except FileNotFoundError as error:
        raise SourceError(f"{name} does not exist", "Check the path; “-” stands for standard input.") from error
    except NotADirectoryError as error:
        raise SourceError(f"{name} does not exist: a part of the path is a file", "Check the path.") from error
    except PermissionError as error:
        raise SourceError(f"{name} cannot be read: no permission", "Ask for the right to read it.") from error
    except (OSError, ValueError) as error:  # a loop of links, a name too long or with NUL in it, a failing disk
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise SourceError(f"{name} cannot be read: {reason}") from error
    if stat.S_ISDIR(mode):
        raise SourceError(f"{name} is a directory", "Name the files in it.")
    raise SourceError(
        f"{name} is not a regular file but a pipe or a device",
        "Send what it says to standard input, and import “-”.",
    )


def _read_blocks(stream: BinaryIO | FileIO, work: Work) -> bytes:
    """Return all the bytes of a stream, block by block."""
    blocks: list[bytes] = []
    done = 0
    while block := stream.read(_BLOCK):
        blocks.append(block)
        done += len(block)
        work.advance(done)
    return b"".join(blocks)


def _read_stream(stdin: BinaryIO | None, work: Work) -> bytes:
    """Return all the bytes of standard input."""
    stream = stdin if stdin is not None else getattr(sys.stdin, "buffer", None)
    if stream is None:
        raise SourceError("standard input is closed", "Name a file, or pipe a text in.")
    try:
        work.begin("Reading", None, "bytes")
        with work.blocked():
            return _read_blocks(stream, work)
    except (OSError, ValueError) as error:  # ValueError: closed
        raise SourceError(f"standard input cannot be read: {error}") from error


def _not_text(shown: str, binary: str) -> SourceError:
    """Make the error for a source that is no text."""
    return SourceError(f"{shown} is not text: it looks like {binary}", "Save the page as text, and import that.")


def _printable(path: Path | str) -> str:
    """Return a path as text that can be stored and printed: undecodable bytes and controls become U+FFFD."""
    text = os.fsencode(path).decode("utf-8", "replace")
    return "".join(character if character.isprintable() else "\ufffd" for character in text)
