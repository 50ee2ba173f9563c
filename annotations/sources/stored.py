"""The bytes of a source: where they are, whether they are compressed or an archive, and ways to read them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from annotations.errors import SourceError
from annotations.sources.archives import find_archive
from annotations.sources.compression import WHOLE, find_compression
from annotations.sources.opening import read_blocks
from annotations.sources.problems import Problems
from annotations.work import Work

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path
    from typing import BinaryIO

STANDARD_INPUT = "-"
"""What standard input is called, as a name and as a location."""

HEAD = 1 << 20
"""How many bytes of a source importers look at to see whether they can read it."""

LONGEST_LINE = 1 << 26
"""Bytes that a line may have: what is longer is no record of a dump."""

LARGEST_TEXT = 1 << 25
"""Bytes of a text that is read as a whole, unpacked: ten times what the longest novels have."""

LONGEST_TEXT_LINE = 1 << 23
"""Bytes of a line of plain text: more than twice what the longest novels have in all."""

_LONGEST_MAGIC = 16
_LONGEST_SIGN = 1 << 12
"""Bytes in which the sign of an archive stands: a zip's behind the name of its first file."""


class StoredBytes:
    """The bytes of a source, unpacked on the way if they are compressed.

    Args:
        name: What the analyst called the source: a path as given, or "-" for standard input.
        location: Its absolute path, or "-".
        opener: Opens its bytes as they are stored, each time from their beginning.
        path: Where it is; None for what is no file of its own.
        size: Its bytes as they are stored; None where that is not known before the end.
        work: The import that is under way.
        problems: Is told what is wrong with single records.
        relative: Its path in the folder or archive that it is a member of; "" for what is none.
    """

    def __init__(  # noqa: PLR0913  # what there is to know of them
        self,
        *,
        name: str,
        location: str,
        opener: Callable[[], BinaryIO],
        path: Path | None = None,
        size: int | None = None,
        work: Work | None = None,
        problems: Problems | None = None,
        relative: str = "",
    ) -> None:
        self.name = name
        self.location = location
        self.path = path
        self.size = size
        self.work = work or Work()
        self.problems = problems or Problems(self.shown)
        self.relative = relative
        self._opener = opener
        self._failure: SourceError | None = None
        self._compression: str | None = None
        self._archive: str | None = None
        self._damages: tuple[str, ...] = ()
        self._head: bytes | None = None
        self._sha256 = ""

    @property
    def shown(self) -> str:
        """What to call it in a sentence."""
        return "standard input" if self.name == STANDARD_INPUT else self.name

    @property
    def compression(self) -> str:
        """How its bytes are compressed: "gzip", "bzip2", "xz", "zstd"; "" if they are not."""
        if self._compression is None:
            self._compression = ""
            if not self._is_directory:
                with self._opener() as stream:
                    self._compression = find_compression(stream.read(_LONGEST_MAGIC))
        return self._compression

    @property
    def archive(self) -> str:
        """Which kind of archive it is, compressed or not: "zip", "tar"; "" if it is none."""
        if self._archive is None:
            is_in_archive = bool(self.relative) and self.path is None  # one in another is refused
            self._archive = "" if self._is_directory or is_in_archive else find_archive(self._sign)
        return self._archive

    @property
    def is_folder(self) -> bool:
        """Whether it is a folder or an archive: then it has no text of its own, but `members`."""
        return self._is_directory or bool(self.archive)

    @property
    def _is_directory(self) -> bool:
        return self.path is not None and self.path.is_dir()

    @property
    def _sign(self) -> bytes:
        """Its first few bytes, unpacked, by which archives are known; the rest of its head is not kept for that."""
        if self._head is None:
            try:
                with self.open() as stream:
                    return stream.read(_LONGEST_SIGN)
            except SourceError:
                pass  # it is kept why
        return self._first_bytes

    @property
    def _first_bytes(self) -> bytes:
        """Its first bytes, unpacked; none if they cannot be read, and then `examine` says why."""
        if self._head is None:
            self._head = b""
            if not self._is_directory:
                try:
                    with self.open() as stream:
                        self._head = stream.read(HEAD)
                except SourceError as error:
                    self._failure = error
        return self._head

    @property
    def head(self) -> bytes:
        """Its first bytes, unpacked, a MiB at most; none of a folder or an archive, nor of what cannot be read."""
        return b"" if self.is_folder else self._first_bytes

    def examine(self) -> None:
        """See that its first bytes can be read, and that what is compressed there is no bomb.

        Raises:
            SourceError: If they cannot: it is damaged, or compressed in a way that nothing here can unpack; if it is a bomb.
        """
        if not self._first_bytes and self._failure is not None:
            raise self._failure
        if self.compression and len(self._first_bytes) == HEAD:
            from annotations.sources.compression import refuse_bomb  # noqa: PLC0415  # loaded on use

            refuse_bomb(self._opener(), self.compression, self.shown)

    def open(self) -> BinaryIO:
        """Open its bytes from their beginning, unpacked if they are compressed; to be closed by the caller.

        Raises:
            SourceError: If it cannot be read; while it is read, if it is a bomb.
        """
        kind = self.compression
        if not kind:
            return self._opener()
        from annotations.sources.compression import expand  # noqa: PLC0415  # loaded on use

        return expand(self._opener(), kind, self.shown, self._report_damage)

    def read(self, longest_line: int | None = None, largest: int | None = None) -> bytes:
        """Return all its bytes, unpacked; they are in memory then.

        Args:
            longest_line: How many bytes a line of it may have; None if it has no lines.
            largest: How many bytes it may have; None if that is for whoever keeps it to say.

        Raises:
            SourceError: If it cannot be read, if it is empty, or too large for that, or has a longer line.
        """
        if self._is_directory:
            raise SourceError(f"{self.shown} is a folder", "Name the files in it.")
        self.work.begin("Reading", self.size, "bytes", part=(0, 0.2))
        blocks: list[bytes] = []
        size, in_line = 0, 0
        if largest is not None and not self.compression and (self.size or 0) > largest:
            raise _too_large(self.shown, largest)
        with self.open() as stream:
            for block in read_blocks(stream, self.work):
                size += len(block)
                if largest is not None and size > largest:
                    raise _too_large(self.shown, largest)
                if self.compression and size > WHOLE:
                    raise SourceError(
                        f"{self.shown} unpacks to more than {WHOLE >> 20:,} MiB, which is too much to be read as a whole",
                        "Unpack it first, and import what comes out.",
                    )
                if longest_line is not None:
                    newline = max(block.rfind(b"\n"), block.rfind(b"\r"))
                    in_line = in_line + len(block) if newline < 0 else len(block) - newline - 1
                    if in_line > longest_line:
                        raise SourceError(
                            f"{self.shown} has a line of more than {longest_line:,} bytes, which no text that people read has",
                            "If it is no plain text, name its format with --format NAME.",
                        )
                blocks.append(block)
        if not size:
            raise SourceError(f"{self.shown} is empty", "There is no text in it to label.")
        return b"".join(blocks)

    def lines(self) -> Iterator[tuple[int, bytes]]:
        """Yield its lines that are not blank, without their ends, each with its number from 1; one in memory at a time.

        A line that is too long is reported and left out. How far it is goes to `work`, in bytes.
        """
        self.work.begin("Reading", self.size, "bytes")
        done = 0
        with self.open() as stream:
            number = 0
            while line := stream.readline(LONGEST_LINE):
                number += 1
                done += len(line)
                if len(line) == LONGEST_LINE and not line.endswith(b"\n"):
                    self.problems.add("is longer than a record can be", f"line {number}", "it was left out")
                    while line and not line.endswith(b"\n"):
                        line = stream.readline(LONGEST_LINE)  # the rest of it
                    continue
                if not number % 500:
                    self.work.advance(getattr(stream, "consumed", done))
                stripped = line.strip(b" \t\r\n\x00\xef\xbb\xbf" if number == 1 else b" \t\r\n\x00")
                if stripped:
                    yield number, stripped
                elif line == b"\n":
                    skipped = _skip_empty(stream)
                    number += skipped
                    done += skipped
        self.work.advance(self.size or done)

    def _report_damage(self, what: str) -> None:
        if what not in self._damages:  # it is read more than once
            self._damages = (*self._damages, what)
            self.problems.add(what, "the compressed data", "what comes before was read")


def _skip_empty(stream: BinaryIO) -> int:
    """Read the empty lines that stand next as far as they are at hand, and return how many: there may be millions of them."""
    peek = getattr(stream, "peek", None)
    ahead = peek(1) if peek is not None else b""
    count = len(ahead) - len(ahead.lstrip(b"\n"))
    if count:
        stream.read(count)
    return count


def _too_large(shown: str, largest: int) -> SourceError:
    return SourceError(
        f"{shown} has more than {largest:,} bytes, which is too much for what must be read as a whole",
        "Import it in parts. What has a record a line, as ndjson and CSV have, may be of any size.",
    )


def not_text(shown: str, binary: str) -> SourceError:
    """Make the error for a source that is no text."""
    return SourceError(f"{shown} is not text: it looks like {binary}", "Save the page as text, and import that.")
