"""Folders within folders: what stands directly in one, and what stands in each of its folders."""

from __future__ import annotations

from typing import TYPE_CHECKING

from annotations.sources.cleaning import slug
from annotations.sources.opening import bare_name
from annotations.sources.source import Source

if TYPE_CHECKING:
    from collections.abc import Sequence


class FolderPart(Source):
    """A part of a folder or an archive, as a folder.

    Args:
        whole: The folder or archive.
        within: The path of the part in there, "" for the whole itself.
        members: What is in the part.
    """

    def __init__(self, whole: Source, within: str, members: Sequence[Source]) -> None:
        ending = f"/{within}" if within else ""
        super().__init__(
            name=f"{whole.name}{ending}",
            location=f"{whole.location}{ending}",
            stem=slug(bare_name(within.rpartition("/")[2])) if within else whole.stem,
            opener=whole.stored_opener,
            path=whole.path / within if whole.path is not None and whole.path.is_dir() else None,
            size=sum(member.size or 0 for member in members),
            work=whole.work,
            problems=whole.problems.within(within) if within else whole.problems,
            mapping=whole.mapping,
            relative=within,
        )
        self._parts = [member.moved(within) for member in members]

    @property
    def is_folder(self) -> bool:
        """That it is one."""
        return True

    def members(self) -> Sequence[Source]:
        """Return what is in the part."""
        return self._parts


def split_folder(folder: Source) -> tuple[list[Source], list[FolderPart]]:
    """Return the files that stand directly in a folder, and the folders that do."""
    files: list[Source] = []
    folders: dict[str, list[Source]] = {}
    for member in folder.members():
        first, slash, _ = member.relative.partition("/")
        if slash:
            folders.setdefault(first, []).append(member)
        else:
            files.append(member)
    return files, [FolderPart(folder, name, members) for name, members in folders.items()]
