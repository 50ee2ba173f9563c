"""JSON as importers need it: whole documents and lines of records, read as far as they can be, whatever is wrong with them.

Sound JSON is read by msgspec; what that gives up (a thousand levels, a document that was cut off, another encoding, NaN) is
read patiently, and what could not be read is told to the source's problems. Texts are as the source has them: an importer
cleans those it takes (`Source.clean`).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import msgspec

from annotations.errors import SourceError
from annotations.importers.reading.bad_lines import BadLines
from annotations.importers.reading.json_scanning import refuse_depth, scan_value, skip_blank

if TYPE_CHECKING:
    from collections.abc import Iterator

    from annotations.importers.reading.json_scanning import Break
    from annotations.sources.source import Source

__all__ = ["json_lines", "read_json"]

LARGEST_DOCUMENT = 64_000_000
"""Bytes of a document that is decoded as a whole: with the posts that are made of it, it takes five to six times as many."""

MOST_VALUES = 5_000_000
"""Values that such a document may hold: an empty object is three bytes there, and seventy in memory."""

_MARKS = b"\xef\xbb\xbf"
_FRAME = b" \t\r\n\x00\x1e"
"""What may stand around a record: blanks, padding, and the record separator of RFC 7464."""

_PREFIX = re.compile(r"""[ \t\r\n\x00]*(?:`|\)\]\}'?,?|for ?\(;;\);|while ?\(1\);|[\w$.\[\]"'-]+\s*[=(])""", re.ASCII)
"""What servers and scripts write in front: a guard against theft, the name of a variable or of a function."""

_SUFFIX = " \t\r\n\x00);`"
_FAILURES = (msgspec.DecodeError, RecursionError, UnicodeDecodeError, ValueError)
_LEFT_OUT = "it was left out"


def read_document(source: Source) -> bytes:
    """Return the bytes of a document that is to be decoded as a whole.

    Raises:
        SourceError: If it is empty, or more than can be decoded as a whole.
    """
    raw = source.read(largest=LARGEST_DOCUMENT)
    if sum(raw.count(sign) for sign in b"[{,") > MOST_VALUES:
        raise SourceError(
            f"{source.shown} holds more than {MOST_VALUES:,} values, which is too much for a document that must be read as a whole",
            "Import it in parts, or as ndjson, a record a line.",
        )
    return raw


def read_json(source: Source) -> Any:  # noqa: ANN401  # JSON
    """Return what a source of one JSON document holds; of a broken one what stands before the break, which is reported.

    Raises:
        SourceError: If it is empty or no JSON at all; if it is broken and the import is strict.
    """
    raw = read_document(source)
    try:
        return msgspec.json.decode(raw.strip(_FRAME).removeprefix(_MARKS))
    except _FAILURES:
        text = source.decode(raw)
    begin = begin_of(text)
    value, end, broken = scan_value(text, begin)
    refuse_depth(source.shown, "the document", broken)
    if broken and value is None:
        raise SourceError(f"{source.shown} is no JSON: {_place(text, broken.at)}{_because(broken)}")
    if broken:
        _report(source, text, broken)
    elif rest := text[end:].strip(_SUFFIX):
        what = "stands behind the end of the JSON document"
        source.problems.add(what, _place(text, end), f"{len(rest):,} characters were left out")
    return value


def json_lines(source: Source) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield the objects of a source that has one a line, each with the number of its line; one in memory at a time.

    A line that is no sound object is reported and left out. A source that is one array of objects is read whole, and yields
    each with its place in the array, from 1; so is one whose objects go over several lines.

    Raises:
        SourceError: If a line is broken and the import is strict.
    """
    first = source.head.lstrip(_FRAME + _MARKS)[:1]
    if source.is_wide or first == b"[" or (first == b"{" and _goes_over_lines(source)):
        yield from _read_array(source)
        return
    decoder = msgspec.json.Decoder()
    bad = BadLines(source)
    for number, line in source.lines():
        try:
            record = decoder.decode(line)
        except _FAILURES:
            text = source.decode_line(line, number)
            record, end, broken = scan_value(text, begin_of(text))
            refuse_depth(source.shown, f"line {number}", broken)
            if broken or text[end:].strip(_SUFFIX + "\x1e"):
                reason = _because(broken) if broken else ": something stands behind its end"
                bad.add(number, f"is no sound JSON{reason}")
                continue
        if isinstance(record, dict):
            bad.is_all = False
            yield number, record
        else:
            bad.add(number, "is no JSON object")


def begin_of(text: str) -> int:
    """Return where the document begins, behind what scripts and servers write in front of it."""
    begin = skip_blank(text, 1 if text.startswith("\ufeff") else 0)
    if text[begin : begin + 1] in {"{", "["}:
        return begin
    match = _PREFIX.match(text[:400], begin)
    if match is None:
        return begin
    behind = skip_blank(text, match.end())
    return behind if text[behind : behind + 1] in {"{", "["} else begin


def _read_array(source: Source) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield the objects of one array, or of several values that follow each other."""
    values = iter(_read_values(source))
    first = next(values, None)
    if isinstance(first, list):
        records, where = iter(first), "record"
        for _ in values:
            source.problems.add("stands behind the end of the array", "a value", _LEFT_OUT)
    else:
        records, where = _again(first, values), "value"
    for number, record in enumerate(records, 1):
        if isinstance(record, dict):
            yield number, record
        else:
            source.problems.add("is no JSON object", f"{where} {number}", _LEFT_OUT)


def _again(first: Any, values: Iterator[Any]) -> Iterator[Any]:  # noqa: ANN401  # JSON
    yield first
    yield from values


def _read_values(source: Source) -> Iterator[Any]:
    """Yield the values that follow each other in a source."""
    raw = read_document(source)
    try:
        value = msgspec.json.decode(raw.strip(_FRAME).removeprefix(_MARKS))
    except _FAILURES:
        text = source.decode(raw)
    else:
        yield value
        return
    at = begin_of(text)
    del raw
    while at < len(text):
        value, at, broken = scan_value(text, at)
        refuse_depth(source.shown, "the document", broken)
        if value is not None or not broken:
            yield value
        if broken:
            _report(source, text, broken)
            return
        while at < len(text) and text[at] in " \t\r\n\x00\x1e,;)":
            at += 1


def _goes_over_lines(source: Source) -> bool:
    """Tell whether the first object goes on in a second line; a line that is merely broken does not look like it."""
    head = source.head.lstrip(_FRAME + _MARKS)
    first, _, rest = head.partition(b"\n")
    return first.rstrip() in {b"{", b"{ "} or (
        first.rstrip().endswith((b",", b"{", b"[")) and rest[:1] in {b" ", b"\t"}
    )


def _report(source: Source, text: str, broken: Break) -> None:
    place = _place(text, broken.at)
    if not broken.reason:
        source.problems.add("ends the document before it is complete", place, "what stands before was read")
        return
    unread = f"what stands before was read, {len(text) - broken.at:,} characters were not"
    source.problems.add(f"cannot be read: {broken.reason}", place, unread)


def _place(text: str, at: int) -> str:
    """Return where something is: line and column, from 1."""
    return f"line {text.count(chr(10), 0, at) + 1}, column {at - text.rfind(chr(10), 0, at)}"


def _because(broken: Break) -> str:
    return f": {broken.reason}" if broken.reason else ": it ends before it is complete"
