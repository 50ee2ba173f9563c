"""The members of folders and archives as sources."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from annotations.sources.archives import zip_members
from annotations.sources.cleaning import slug
from annotations.sources.members import folder_members
from annotations.sources.opening import Kept, bare_name, printable, read_blocks
from annotations.sources.tars import tar_members

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import BinaryIO

    from annotations.sources.members import Member
    from annotations.sources.source import Source


def open_members(source: Source, opener: Callable[[], BinaryIO]) -> list[Source]:
    """Return the files in a folder or an archive, sorted.

    Args:
        source: The folder or archive.
        opener: Opens its bytes as they are stored.

    Raises:
        SourceError: If it is damaged as a whole, or a bomb.
    """
    if source.archive == "zip":
        found = zip_members(_unpacked(source) if source.compression else opener, source.problems)
    elif source.archive == "tar":
        found = tar_members(_unpacked(source) if source.compression else opener, source.problems, source.work)
    else:
        assert source.path is not None  # noqa: S101  # a folder
        found = folder_members(source.path, source.problems, source.work)
    return list(_made(source, found))


def _unpacked(source: Source) -> Callable[[], BinaryIO]:
    """Return what opens what a compressed archive holds, which is kept, because it must be searched."""
    kept = Kept()
    source.work.begin("Unpacking", source.size, "bytes", part=(0, 0))
    with source.open() as stream:
        for block in read_blocks(stream, source.work):
            kept.add(block)
    return kept.open


def _made(source: Source, found: Iterator[Member]) -> Iterator[Source]:
    for member in found:
        yield type(source)(
            name=f"{source.name}/{member.relative}",
            location=f"{source.location}/{member.relative}"
            if member.path is None
            else printable(member.path.resolve()),
            stem=slug(PurePosixPath(bare_name(member.relative)).stem),
            opener=member.open,
            path=member.path,
            size=member.size,
            work=source.work,
            problems=source.problems.within(member.relative),
            mapping=source.mapping,
            relative=member.relative,
        )
