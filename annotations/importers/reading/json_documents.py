"""JSON as sites and their tools write it to files: one document, several behind each other, or a record a line."""

from __future__ import annotations

import re
from contextlib import contextmanager
from typing import TYPE_CHECKING

import msgspec

from annotations.importers.reading.bad_lines import BROKEN, BadLines
from annotations.importers.reading.json_array import iterate_array
from annotations.importers.reading.json_fields import NO_RECORD, Record
from annotations.importers.reading.json_reading import read_document, read_json
from annotations.importers.reading.json_scanning import refuse_depth, scan_value, skip_blank
from annotations.importers.reading.json_storing import is_large, read_large
from annotations.sources.problems import Problems

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from annotations.sources.source import Source

_LEFT_OUT = "it was left out"
_MARK = "\ufeff"
_START = "\ufeff \t\r\n\x00"
_FRAME = b" \t\r\n\x00\x1e\xef\xbb\xbf"
_LINES = 50
_BETWEEN = re.compile(r"[\s\x00\x1e,]*")
"""What may stand between two documents (a record separator does in RFC 7464)."""

_UNCLEAN_ESCAPE = re.compile(rb"\\(?:u(?:00[0189]|007[fF]|[dD][89a-fA-F]|[fF]{3}[eEfF]|[fF][eE][fF]{2})|[rbf])|\x7f")
_UNCLEAN_PAIR = re.compile(rb"\xc2[\x80-\x9f]")
_UNCLEAN_TRIPLE = re.compile(rb"\xef(?:\xbf[\xbe\xbf]|\xbb\xbf)")
"""Two expressions: one that begins with a certain byte is searched for as fast as memory is read."""


def may_be_unclean(line: bytes) -> bool:
    """Tell whether a line of JSON holds, escaped or not, what might have to be cleaned out of its texts."""
    has_escape = b"\\" in line and (b"\\u" in line or b"\\r" in line or b"\\b" in line or b"\\f" in line)
    if (has_escape or b"\x7f" in line) and _UNCLEAN_ESCAPE.search(line):
        return True
    if line.isascii():
        return False
    return _UNCLEAN_PAIR.search(line) is not None or (b"\xef" in line and _UNCLEAN_TRIPLE.search(line) is not None)


def has_lines(source: Source) -> bool:
    """Tell whether a source holds a record a line: two of its first lines are objects, whatever is wrong with others."""
    if source.is_wide or source.is_folder:
        return False
    head = source.head.lstrip(_FRAME)
    lines = [line.strip(_FRAME) for line in head.split(b"\n", _LINES)[:_LINES]] if head.startswith(b"{") else []
    whole = sum(line.startswith(b"{") and line.endswith(b"}") for line in lines)
    is_cut = whole == 1 and lines[-1].startswith(b"{") and not lines[-1].endswith(b"}")
    return whole + is_cut > 1 and lines[0] != b"{"  # a document that is set out over lines


def read_lines(source: Source, within: str = "") -> Iterator[Record]:
    """Yield the records of a source that has one a line; what is none is reported and left out. One is in memory at a time.

    Args:
        source: The source.
        within: What stands before the number of a line in reports: the file's name, where several files are read together.
    """
    return read_numbered(source, source.lines(), within)


def read_numbered(source: Source, lines: Iterable[tuple[int, bytes]], within: str = "") -> Iterator[Record]:
    """Yield the records of some lines of a source; the arguments are those of `read_lines`."""
    decode = msgspec.json.Decoder().decode
    bad = BadLines(source, within)
    for number, line in lines:
        if not bad.may_be_record(number, line):
            continue
        where = f"{within}line {number}"
        is_sound = True
        try:
            value = decode(line)
        except (ValueError, RecursionError):  # NaN, half a surrogate pair, stray bytes, a thousand levels
            is_sound = False
            text = source.decode_line(line, number)
            value, end, broken = scan_value(text)
            refuse_depth(source.shown, where, broken)
            if broken or skip_blank(text, end) < len(text):
                bad.add(number, BROKEN)
                continue
        if isinstance(value, dict):
            bad.is_all = False
            yield Record(source, value, where, is_clean=is_sound and not may_be_unclean(line))
        else:
            bad.add(number, NO_RECORD)


def read_entries(source: Source) -> Iterator[object]:
    """Yield the entries of the lists that a source holds, and its documents that are none; one of a large list is in memory at a time.

    Raises:
        SourceError: If it is empty or no JSON at all; if it is no list, and more than can be read as a whole.
    """
    if is_large(source) and source.start.lstrip(_START)[:1] == "[":
        for _, value in iterate_array(source):
            yield value
        return
    for document in read_documents(source):
        if isinstance(document, list):
            yield from document
        else:
            yield document


@contextmanager
def unreported(source: Source) -> Iterator[None]:
    """Report nothing of what is read in the block: it is read once more."""
    problems, dropped = source.problems, source.dropped
    source.problems = Problems(problems.name)
    try:
        yield
    finally:
        source.problems, source.dropped = problems, dropped


def read_documents(source: Source, *lists: str, is_by_number: bool = False) -> list[object]:
    """Return the documents of a source, mostly one; what is broken is read as far as it can be, and reported.

    Args:
        source: The source.
        lists: The names of members that may hold long lists, or lead to them. Of a large document these lists, and the
            document itself if it is one, are instances of `StoredList`, which are on the disk.
        is_by_number: Whether a large object whose first member is called by a number is to be a list of what its members hold.

    Raises:
        SourceError: If it is empty or no JSON at all.
    """
    if lists and is_large(source):
        return read_large(source, frozenset(lists), is_by_number=is_by_number)
    raw = read_document(source)
    try:
        return [msgspec.json.decode(raw.strip(_FRAME))]
    except (ValueError, RecursionError):
        text = source.decode(raw)
    found: list[object] = []
    at = skip_blank(text, len(_MARK) if text.startswith(_MARK) else 0)
    while at < len(text):
        value, at, broken = scan_value(text, at)
        if broken and len(found) < 2:  # noqa: PLR2004  # one that is broken, or something else behind one
            return [read_json(source)]
        if value is not None:
            found.append(value)
        if broken:
            source.problems.add(BROKEN, f"document {len(found)}", "what stands before the break was read")
            break
        blank = _BETWEEN.match(text, at)
        at = blank.end() if blank else at
    return found or [read_json(source)]
