"""The files of a source that is a folder or an archive, by their paths in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from annotations.errors import SourceError
from annotations.importers.reading.json_reading import read_json
from annotations.importers.reading.json_storing import is_large, read_large

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from annotations.sources.source import Source


def files_of(source: Source) -> dict[str, Source]:
    """Return the files of a folder or archive by their paths in it."""
    return {member.relative: member for member in source.members()}


def find_folder(paths: Iterable[str], wanted: Collection[str]) -> str | None:
    """Return the folder, nearest to the top, in which one of the wanted names is, with its slash; None if there is none."""
    found = [path for path in paths if path.rsplit("/", 1)[-1] in wanted]
    if not found:
        return None
    nearest = min(found, key=lambda path: (path.count("/"), path))
    return nearest[: nearest.rfind("/") + 1]


def read_member(source: Source, member: Source, *, may_be_long: bool = False) -> object:
    """Return the JSON in a file of a folder or archive; None if it cannot be read, which is reported: the others can.

    Args:
        source: The folder or archive, or the file itself where it is no member of one.
        member: The file.
        may_be_long: Whether a list that is too long for the memory may be returned as a `StoredList`.

    Raises:
        SourceError: If it cannot be read and is no member, or the import is strict.
    """
    try:
        return read_large(member, frozenset())[0] if may_be_long and is_large(member) else read_json(member)
    except SourceError as error:
        if member is source:
            raise
        source.problems.add("cannot be read", member.relative, f"it was left out: {error.message}")
        return None
