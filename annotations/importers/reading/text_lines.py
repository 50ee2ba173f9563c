"""The lines of a text, clean, one in memory at a time: for formats whose files are large and whose blank lines count."""

from __future__ import annotations

from io import TextIOWrapper
from typing import TYPE_CHECKING

from annotations.errors import SourceError
from annotations.sources.decoding import decode, whole_characters
from annotations.sources.kind import guess_binary
from annotations.sources.stored import HEAD, LONGEST_TEXT_LINE, not_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from annotations.sources.source import Source

_CHUNK = 500


def iterate_lines(source: Source) -> Iterator[tuple[int, str]]:
    """Yield the lines of a text without their ends, blank ones too, each with its number from 1.

    Raises:
        SourceError: If it is no text, if it is empty, or if a line is longer than that of any text.
    """
    if len(source.head) < HEAD:
        source.work.begin("Reading", None, "lines")
        yield from source.work.each(enumerate(source.text.split("\n"), 1))
        return
    found = None if guess_binary(source.head) else decode(whole_characters(source.head, HEAD))
    if found is None:
        raise not_text(source.shown, guess_binary(source.head) or "binary data")
    source.warn(*found.warnings)
    raw = source.open()
    source.work.begin("Reading", source.size, "bytes")
    read = number = 0
    with TextIOWrapper(raw, encoding=found.encoding, errors="replace") as stream:
        while line := stream.readline(LONGEST_TEXT_LINE):
            number += 1
            read += len(line)
            if len(line) == LONGEST_TEXT_LINE:
                raise SourceError(
                    f"{source.shown} has a line of more than {LONGEST_TEXT_LINE:,} characters (line {number:,}): it is refused",
                    "If it is of another format, name that with --format NAME.",
                )
            if not number % _CHUNK:
                source.work.advance(getattr(raw, "consumed", read))
            if "\ufffd" in line:
                source.warn("Some of its bytes are not in its encoding: they stand as U+FFFD.")
            yield number, source.clean(line.removesuffix("\n"))
