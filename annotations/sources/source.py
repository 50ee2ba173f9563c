"""A source as every importer is given it: its beginning to look at, then bytes, lines or clean text; read when asked for."""

from __future__ import annotations

import hashlib
from io import BytesIO
from pathlib import PurePath
from typing import TYPE_CHECKING

from msgspec.structs import replace

from annotations.errors import SourceError
from annotations.sources.cleaning import clean, slug
from annotations.sources.decoding import decode, read_strays, whole_characters
from annotations.sources.kind import guess_binary, guess_kind
from annotations.sources.opening import bare_name, open_binary, printable, read_blocks
from annotations.sources.problems import Problems
from annotations.sources.stored import HEAD, LARGEST_TEXT, LONGEST_TEXT_LINE, STANDARD_INPUT, StoredBytes, not_text
from annotations.work import Work

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path
    from typing import BinaryIO

    from annotations.sources.decoding import Decoded
    from annotations.sources.problems import Problem

__all__ = ["STANDARD_INPUT", "Source", "open_source", "read_source"]


class Source(StoredBytes):
    """One source.

    Args:
        name: What the analyst called it: a path as given, or "-" for standard input.
        location: Its absolute path, or "-".
        stem: A short name for thread keys, made from the file's name; "" for standard input.
        opener: Opens its bytes, each time from their beginning.
        path: Where it is; None for what is no file of its own.
        size: Its bytes; None where that is not known before the end.
        work: The import that is under way. An importer may say how far it is, and where it does, it can be cancelled.
        problems: Is told what is wrong with single records.
        mapping: Which column or field holds what, as the analyst says: {"text": "body"}.
        relative: Its path in the folder or archive that it is a member of; "" for what is none.
    """

    def __init__(  # noqa: PLR0913  # what there is to know of a source
        self,
        *,
        name: str,
        location: str,
        stem: str,
        opener: Callable[[], BinaryIO],
        path: Path | None = None,
        size: int | None = None,
        work: Work | None = None,
        problems: Problems | None = None,
        mapping: Mapping[str, str] | None = None,
        relative: str = "",
    ) -> None:
        super().__init__(
            name=name,
            location=location,
            opener=opener,
            path=path,
            size=size,
            work=work,
            problems=problems,
            relative=relative,
        )
        self.stem = stem
        self.mapping = mapping or {}
        self.dropped = 0
        """How many characters cleaning dropped so far."""
        self._members: list[Source] | None = None
        self._start: Decoded | None = None
        self._kind: str | None = None
        self._decoded: Decoded | None = None
        self._warned: dict[str, None] = {}
        self._text: str | None = None

    @classmethod
    def of_bytes(cls, raw: bytes, name: str = STANDARD_INPUT, **more: object) -> Source:
        """Return a source that holds these bytes."""
        stem = "" if name == STANDARD_INPUT else slug(PurePath(bare_name(name)).stem)
        fields = {"location": name, "stem": stem, "size": len(raw), **more}
        return cls(name=name, opener=lambda: BytesIO(raw), **fields)  # type: ignore[arg-type]  # the fields of above

    @property
    def start(self) -> str:
        """Its beginning as clean text, "" if it is none."""
        if self._start is None:
            from annotations.sources.decoding import Decoded  # noqa: PLC0415  # made here only

            found = None if guess_binary(self.head) else decode(whole_characters(self.head, HEAD))
            self._start = (
                Decoded("", "") if found is None else Decoded(clean(found.text)[0], found.encoding, found.warnings)
            )
        return self._start.text

    @property
    def start_encoding(self) -> str:
        """Python's name of the encoding in which its beginning seems to be; "" if it is no text."""
        return self._start.encoding if self.start and self._start is not None else ""

    @property
    def kind(self) -> str:
        """What it looks like if it is not plain text: "JSON", "HTML", "source code", "a PNG image"; "" for plain text."""
        if self._kind is None:
            binary = ("a folder" if self._is_directory else f"a {self.archive} archive") if self.is_folder else ""
            binary = binary or guess_binary(self.head)
            self._kind = binary or guess_kind(self.name, self.start) or ("" if self.start else "binary data")
        return self._kind

    @property
    def text(self) -> str:
        """All of it, decoded, with LF line ends, without what no consumer can carry; the whole is kept in memory.

        Raises:
            SourceError: If it is empty, too large, or no text: the message says what it looks like.
        """
        if self._text is None:
            decoded = self._decode()
            self.work.begin("Reading", len(decoded.text), "characters", part=(0.4, 1))
            self._text, dropped = clean(decoded.text, self.work)
            self.dropped += dropped
            self._decoded = replace(decoded, text="")  # it is not needed twice
            if not self._text or self._text.isspace():
                raise SourceError(f"{self.shown} holds nothing but white space", "There is no text in it to label.")
        return self._text

    @property
    def encoding(self) -> str:
        """Python's name of the encoding in which its text is."""
        return self._decode().encoding

    @property
    def warnings(self) -> tuple[str, ...]:
        """What the analyst should know about how its text was decoded, a sentence each; none before it was."""
        return (*(self._decoded.warnings if self._decoded else ()), *self._warned)

    @property
    def sha256(self) -> str:
        """The hash of its bytes as they are stored; of a folder that of its files' names and hashes."""
        if not self._sha256:
            digest = hashlib.sha256()
            if self._is_directory:
                for member in self.members():
                    digest.update(f"{member.relative}\0{member.sha256}\n".encode())
            else:
                with self._opener() as stream:
                    for block in read_blocks(stream, self.work):
                        digest.update(block)
            self._sha256 = digest.hexdigest()
        return self._sha256

    def decode(self, raw: bytes) -> str:
        """Return bytes of it as text, whatever encoding they are in; what had to be guessed goes to `warnings`.

        Raises:
            SourceError: If they are no text.
        """
        found = decode(raw)
        if found is None:
            raise not_text(self.shown, guess_binary(raw) or "binary data")
        self.warn(*found.warnings)
        return found.text

    def decode_line(self, line: bytes, number: int) -> str:
        """Return a line of it as text: in UTF-8, else in the encoding in which its beginning is."""
        try:
            return line.decode()
        except UnicodeDecodeError:
            pass
        legacy = self.start_encoding
        if legacy and not legacy.startswith("utf-8"):
            self.warn(*(self._start.warnings if self._start else ()))
            return line.decode(legacy, "replace")
        self.problems.add("has bytes that are no UTF-8", f"line {number}", "they were read as Windows-1252")
        return read_strays(line.decode(errors="surrogateescape"))[0]

    def warn(self, *sentences: str) -> None:
        """Keep what the analyst should know about how its text was read, each sentence once."""
        self._warned.update(dict.fromkeys(sentences))

    @property
    def is_wide(self) -> bool:
        """Whether its text is in UTF-16 or UTF-32, so that its lines are not those of its bytes."""
        return self.start_encoding.startswith(("utf-16", "utf-32"))

    @property
    def stored_opener(self) -> Callable[[], BinaryIO]:
        """What opens its bytes as they are stored."""
        return self._opener

    def moved(self, within: str) -> Source:
        """Return the same file as a member of a folder that stands at `within` in the one of which it is a member."""
        if not within:
            return self
        return Source(
            name=self.name,
            location=self.location,
            stem=self.stem,
            opener=self._opener,
            path=self.path,
            size=self.size,
            work=self.work,
            problems=self.problems,
            mapping=self.mapping,
            relative=self.relative.removeprefix(f"{within}/"),
        )

    def forget(self) -> None:
        """Let go of what was read of it; it is read again when somebody asks."""
        self._head = self._start = self._decoded = self._text = self._members = None

    def members(self) -> Sequence[Source]:
        """Return the files of a folder, a zip or a tar archive as sources, sorted by `relative`; none of anything else.

        What could lead out of it or never end is refused and reported, once; hidden files are passed over.

        Raises:
            SourceError: If an archive is damaged as a whole, or a bomb.
        """
        if self._members is None:
            from annotations.sources.contents import open_members  # noqa: PLC0415  # loaded on use

            self._members = open_members(self, self._opener) if self.is_folder else []
        return self._members

    def clean(self, text: str) -> str:
        """Return a text from within the source without what no consumer can carry; what is dropped is counted."""
        cleaned, dropped = clean(text)
        self.dropped += dropped
        return cleaned

    def _decode(self) -> Decoded:
        if self._decoded is None:
            raw = self.read(LONGEST_TEXT_LINE, LARGEST_TEXT)
            if not self.compression:
                self._sha256 = self._sha256 or hashlib.sha256(raw).hexdigest()
            binary = guess_binary(raw)
            self._decoded = None if binary else decode(raw)
            if self._decoded is None:
                raise not_text(self.shown, binary or "binary data")
        return self._decoded


def open_source(  # noqa: PLR0913  # how a source can be read
    path: Path | None,
    stdin: BinaryIO | None = None,
    work: Work | None = None,
    *,
    is_strict: bool = False,
    mapping: Mapping[str, str] | None = None,
    listener: Callable[[str, Problem], None] | None = None,
) -> Source:
    """Return a source, of which nothing is read before it is asked for.

    Args:
        path: The file or folder; None for standard input.
        stdin: Where standard input is read from; the process's own if None.
        work: What watches the reading; an unwatched one if None.
        is_strict: Whether the first problem with a record ends the import.
        mapping: Which column or field holds what.
        listener: Is told of each problem, with the source's name.

    Raises:
        SourceError: If there is nothing to read: no such file, no permission, a device.
    """
    work = work or Work()
    opened = open_binary(path, stdin, work)
    name = STANDARD_INPUT if path is None else printable(path)
    shown = "standard input" if path is None else name
    return Source(
        name=name,
        location=STANDARD_INPUT if path is None else printable(path.resolve()),
        stem="" if path is None else slug(printable(PurePath(bare_name(path.name)).stem)),
        opener=opened.open,
        path=path,
        size=opened.size,
        work=work,
        problems=Problems(shown, is_strict=is_strict, listener=listener),
        mapping=mapping,
    )


def read_source(path: Path | None, stdin: BinaryIO | None = None, work: Work | None = None) -> Source:
    """Return a source whose text has been read.

    Raises:
        SourceError: If there is nothing to read, if it is no text, or if it is empty.
        WorkCancelledError: If the work was cancelled.
    """
    source = open_source(path, stdin, work)
    assert source.text  # noqa: S101  # read now
    return source
