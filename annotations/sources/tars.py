"""Tar archives as folders of sources. What an archive holds is read where it is, never written to the names it gives."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from annotations.sources.members import LEFT_OUT, MOST_PACKED, Member, safe_name, too_many, window

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from tarfile import TarInfo
    from typing import BinaryIO

    from annotations.sources.problems import Problems
    from annotations.work import Work

MOST_HEADS = 2 * MOST_PACKED
"""Heads that an archive may have: of files, of folders, and those that say more of the one behind them."""

_BLOCK = 512
_LONGEST_HEAD = 1 << 20
"""Bytes that what stands before a file may have: its name, and what a pax record says more."""


def tar_members(opener: Callable[[], BinaryIO], problems: Problems, work: Work) -> Iterator[Member]:
    """Yield the files in a tar archive, sorted by their paths.

    Args:
        opener: Opens the archive, unpacked; the stream can be searched.
        problems: Is told of each file that is refused.
        work: What watches it.

    Raises:
        SourceError: If it holds too many files.
    """
    found: list[tuple[str, int, int]] = []
    taken: set[str] = set()
    with opener() as stream:
        end = stream.seek(0, 2)
        if _has_many_heads(stream):
            raise too_many(problems.name)
        for info in work.heed(_tar_infos(stream, problems)):
            if info.isdir() or not (relative := safe_name(info.name, taken, problems)):
                continue
            if not info.isreg() or info.issparse():
                problems.add("is a link or a device", relative, LEFT_OUT)
            elif info.offset_data + info.size > end:
                problems.add("is cut off", relative, LEFT_OUT)
            else:
                found.append((relative, info.offset_data, info.size))
    for relative, start, size in sorted(found):
        yield Member(relative, window(opener, start, size), size)


def _has_many_heads(stream: BinaryIO) -> bool:
    """Tell whether a tar archive has more heads than one of texts, by a quick look at them: the first odd one ends it."""
    at = 0
    for _ in range(MOST_HEADS):
        stream.seek(at)
        head = stream.read(_BLOCK)
        size = head[124:136].strip(b" \0")
        if head[257:262] != b"ustar" or not size.isdigit():
            return False
        try:
            at += _BLOCK + -(-int(size, 8) // _BLOCK) * _BLOCK
        except ValueError:  # an 8 or a 9
            return False
    return True


def _tar_infos(stream: BinaryIO, problems: Problems) -> Iterator[TarInfo]:
    """Yield what a tar archive says of its files, as far as it is sound."""
    import tarfile  # noqa: PLC0415  # loaded on use

    start: int | None = 0
    while start is not None:
        stream.seek(start)
        try:
            with tarfile.open(fileobj=cast("BinaryIO", _Heads(stream)), mode="r:") as archive:
                while (info := archive.next()) is not None:
                    archive.members.clear()  # type: ignore[attr-defined]  # else it remembers all of them
                    yield info
                at = archive.offset
        except (tarfile.TarError, OSError, ValueError, MemoryError, RecursionError, EOFError) as error:
            problems.add(f"is damaged ({error})", "the archive", "what stands before was read")
            return
        start = _after_damage(stream, at)
        if start is not None or _is_damage(stream, at):
            problems.add("has a head of a file that is damaged", f"the archive, byte {at:,}", "that file was left out")


class _Heads:
    """A tar archive of which only what stands before its files is read, by bits."""

    def __init__(self, stream: BinaryIO) -> None:
        self.seek = stream.seek
        self.tell = stream.tell
        self._read = stream.read

    def read(self, size: int) -> bytes:
        """Return bytes.

        Raises:
            ValueError: If they are more than a name and what is said of a file could have.
        """
        if size > _LONGEST_HEAD:
            raise ValueError(f"the head of a file has {size:,} bytes")
        return self._read(size)


def _is_damage(stream: BinaryIO, at: int) -> bool:
    """Tell whether something else than the end of a tar archive stands somewhere: it ends with zeros, or with the file."""
    stream.seek(at)
    return bool(stream.read(_BLOCK).strip(b"\0"))


def _after_damage(stream: BinaryIO, at: int) -> int | None:
    """Return where the next sound head of a file stands behind a damaged one, None if the archive ends there."""
    import tarfile  # noqa: PLC0415  # loaded on use

    if not _is_damage(stream, at):
        return None
    stream.seek(at)
    while block := stream.read(_BLOCK):
        at += len(block)
        if block[257:262] == b"ustar":
            try:
                tarfile.TarInfo.frombuf(block, "utf-8", "surrogateescape")
            except tarfile.HeaderError:
                continue
            return at - len(block)
    return None
